"""The workbooks for a person with Excel are what their script makes, and others agree with them."""

from __future__ import annotations

import re

import openpyxl
import pytest

pytest.importorskip("formulon", reason="the extra oracles has formulon")

from metricsheet.export.lambdas.doctor import examine
from tests.export import check_book
from tests.export.formulon_host import loaded
from tests.report.test_graft import parts
from tests.stages import in_deep

LAMBDAS, ADDIN = (check_book.EXAMPLES / name for name in check_book.BOOKS)


@in_deep
@pytest.mark.parametrize("name", check_book.BOOKS)
def test_the_committed_workbook_is_what_the_script_makes(name: str) -> None:
    committed = (check_book.EXAMPLES / name).read_bytes()
    assert parts(committed) == parts(check_book.made(addin=check_book.BOOKS[name]))


@in_deep
def test_another_engine_agrees_with_every_answer() -> None:
    book = loaded(LAMBDAS.read_bytes())
    book.recalc()
    said = book.get_value(0, 1, 0).to_python()
    agree, of = map(int, re.fullmatch(r"(\d+) of (\d+) agree", said).groups())  # type: ignore[union-attr]
    assert agree == of > 1000
    assert book.get_value(0, 3, 0).to_python() == "L.METRICSHEET_CHECK: ok"


@in_deep
def test_answers_for_the_add_in_are_those_of_its_cells() -> None:
    sheet = openpyxl.load_workbook(ADDIN)["Check"]
    calls = sum(isinstance(cell.value, str) and cell.value.startswith("=") for cell in sheet["C"])
    found = examine(ADDIN.read_bytes(), ADDIN.name, check_book.CATALOG)
    missing = {one.where for one in found if one.code == "missing_function"}
    assert len(missing) == calls + 1 > 1000
    # XlsxWriter stores no value of a formula that gives an empty text
    labels = {f"Check!C{cell.row}": str(cell.value) for cell in sheet["A"]}
    stale = [one for one in found if one.code != "missing_function"]
    assert [one for one in stale if not labels[one.where].endswith(": empty text")] == []
