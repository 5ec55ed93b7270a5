"""Every example of the function table in LibreOffice Calc: the documented answer is the spreadsheet's."""

from __future__ import annotations

import math

import pytest

from metricsheet.formula.ast import to_text
from metricsheet.formula.functions import FUNCTIONS, Example
from metricsheet.formula.parse import parse_formula
from metricsheet.values import Cell
from tests.hosts.libreoffice import Formula, Page, answers

pytestmark = pytest.mark.hosts

# LibreOffice 7.4 has no UNIQUE, and Excel knows COUNTUNIQUE only as COUNTA(UNIQUE(…)).
NOT_COVERED = {"COUNTUNIQUE"}

EXAMPLES: dict[str, Example] = {
    f"{name} {number}": example
    for name, function in FUNCTIONS.items()
    for number, example in enumerate(function.examples, 1)
    if name not in NOT_COVERED
}


def page_of(title: str, example: Example) -> Page:
    cells = {name: [given] if _is_cell(given) else list(given) for name, given in example.inputs.items()}
    by_row = any(len(column) > 1 for column in cells.values())
    return Page(title, Formula(_without_names(example.formula), by_row), cells)


def _without_names(formula: str) -> str:
    """Return a formula with LET, which LibreOffice 7.4 does not know, written out; others as they are."""
    tree, _ = parse_formula(formula)
    return to_text(tree) if "LET(" in formula and tree is not None else formula


def _is_cell(given: object) -> bool:
    return given is None or isinstance(given, str | bool | int | float)


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cell]:
    """Return LibreOffice's answer by example."""
    pages = [page_of(title, example) for title, example in EXAMPLES.items()]
    return answers(pages, tmp_path_factory.mktemp("libreoffice"))


@pytest.mark.parametrize("title", EXAMPLES)
def test_libreoffice_gives_the_documented_answer(title: str, computed: dict[str, Cell]) -> None:
    wanted, found = EXAMPLES[title].answer, computed[title]
    if isinstance(wanted, str):
        assert found == wanted
    else:
        assert isinstance(found, int | float)
        assert math.isclose(wanted, found, rel_tol=1e-13, abs_tol=1e-13)


def test_every_function_has_an_example() -> None:
    assert {title.partition(" ")[0] for title in EXAMPLES} == set(FUNCTIONS) - NOT_COVERED
