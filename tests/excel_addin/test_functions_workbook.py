"""The example workbook of live formulas: its block is the check block, and its functions say what it says."""

from __future__ import annotations

import re
from typing import Any

import openpyxl
import pytest

from tests.excel_addin.excel import ErrorCell, Excel, LeftOut, Range
from tests.excel_addin.test_why import TAKES
from tests.shared import ROOT

BOOK = openpyxl.load_workbook(ROOT / "examples" / "excel_functions.xlsx", data_only=True)
FORMULAS = [row for row in BOOK["Functions"].iter_rows(4, min_col=9, max_col=11, values_only=True) if row[0]]


def as_range(sheet: str, area: str) -> Range:
    block = BOOK[sheet][area]
    rows = block if isinstance(block, tuple) else ((block,),)
    values = [[float(c.value) if type(c.value) is int else c.value for c in row] for row in rows]
    cells = [[ErrorCell(c) if isinstance(c, str) and c.startswith("#") else c for c in row] for row in values]
    first = rows[0][0]
    return Range(cells, at=(first.row, first.column))


def test_the_check_block_is_one(builtin_excel: Excel) -> None:
    assert builtin_excel.call("METRICSHEET_CHECK", as_range("Look here first", "B3:B9")) == "ok"


@pytest.mark.parametrize("row", FORMULAS, ids=[row[0] for row in FORMULAS])
def test_formulas_say_what_is_written_beside_them(builtin_excel: Excel, row: tuple[Any, ...]) -> None:
    formula, kept, wanted = row
    found = re.fullmatch(r"=(\w+)\((.*)\)", formula)
    assert found is not None
    name, parts = found[1], found[2].split(",")
    given = [part.strip('"') if '"' in part else as_range("Functions", part) for part in parts]
    takes = {"WHY": TAKES, "CHURN_RATE": 4, "MRR": 3, "ARPA": 3}.get(name, len(given))
    answer = builtin_excel.call(name, *given, *[LeftOut()] * (takes - len(given)))
    if name == "WHY":
        answer = re.sub(r" \(Functions!\w+(:\w+)?\)| \(Sheet1!\w+(:\w+)?\)", "", answer)
    said = pytest.approx(wanted) if isinstance(wanted, float) else wanted
    assert answer == said
    assert kept == said
