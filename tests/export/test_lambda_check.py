"""METRICSHEET_CHECK as a LAMBDA: it says of known cells what the add-in's function says."""

from __future__ import annotations

import pytest

pytest.importorskip("formulon", reason="the extra oracles has formulon")

from excel_addin.definitions import Definitions
from excel_addin.host_check import check
from metricsheet.export.lambdas.host_check import KNOWN, check_lambda
from metricsheet.language import LANGUAGES
from metricsheet.records import replace
from metricsheet.values import Cell, ExcelError
from tests.export.formulon_host import Block, Sheet

AS_THEY_ARE: Block = [[cell] for _, cell in KNOWN]


def but(place: int, cell: Cell) -> Block:
    return [[cell] if at == place else row for at, row in enumerate(AS_THEY_ARE)]


def handed_over(block: Block) -> list[list[object]]:
    return [[cell.code if isinstance(cell, ExcelError) else cell for cell in row] for row in block]


BLOCKS = [
    AS_THEY_ARE,
    [[cell for [cell] in AS_THEY_ARE]],
    but(0, 0.0),
    but(0, "remark"),
    but(1, None),
    but(1, False),
    but(2, 0.0),
    but(2, None),
    but(3, 1.0),
    but(3, "TRUE"),
    but(4, None),
    but(4, 0.0),
    but(5, "2024-03-31"),
    but(5, 45381.5),
    but(6, 13.0),
    [[0.0]] * 7,
    AS_THEY_ARE[:6],
    [[5.0]],
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_the_add_in_says(language: str) -> None:
    definitions = Definitions()
    found = replace(definitions.catalog(), language=language)
    definitions.catalog = lambda: found  # type: ignore[method-assign]
    sheet = Sheet(names={"L.METRICSHEET_CHECK": check_lambda(language).typed})
    said = sheet.answers(f"=L.METRICSHEET_CHECK({sheet.place(block)})" for block in BLOCKS)
    assert said == [check(definitions, handed_over(block)) for block in BLOCKS]
    assert said[:2] == ["ok", "ok"]
    assert len(set(said)) == len(said) - 2
