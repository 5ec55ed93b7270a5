"""Columns of few different cells are read by counting them: the same answer as reading cell by cell."""

from __future__ import annotations

from typing import Any
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from metricsheet.catalog.definitions import InputDefinition, Scale
from metricsheet.engines.cells import CellsEngine
from metricsheet.engines.columns import Column
from metricsheet.formula.compile import compile_formula
from metricsheet.formula.finish import finish
from metricsheet.reading.inputs import ReadColumn, read_input
from metricsheet.values import Cell
from tests.stages import few_cases

TEXTS = ["7", "8,5", "n/a", "", "abc", "ABC", "5 %", "12%", "1,234", "10 - best", "Agree", "TRUE", "-"]
CELLS = st.lists(
    st.one_of(
        st.none(), st.sampled_from([0.0, -0.0, 1.0, 7.0, 9.5, 10.0, 11.0, 1e308]), st.sampled_from(TEXTS)
    ),
    max_size=40,
)


def an_input(**more: Any) -> InputDefinition:
    return InputDefinition(key="x", label={"en": "X"}, **more)


INPUTS = st.sampled_from(
    [
        an_input(),
        an_input(unit="count"),
        an_input(unit="percent"),
        an_input(scale=Scale(0, 10, whole=True)),
        an_input(scale=Scale(0, 10, whole=True), outside="exclude"),
        an_input(scale=Scale(1, 5, whole=True), words="agreement"),
    ]
)
FORMULAS = [
    "COUNT(x)",
    "COUNTA(x)",
    "COUNTBLANK(x)",
    "SUM(x)",
    "MAX(x)",
    "MEDIAN(x)",
    "STDEV.S(x)",
    'COUNTIF(x, ">=7")',
    'COUNTIF(x, "abc")',
    'COUNTIF(x, "<>7")',
    'SUMIFS(x, x, ">1", x, "<=10")',
    "SUMPRODUCT(x, x)",
]
PLANS = [compile_formula(formula, None)[0] for formula in FORMULAS]


def cell_by_cell(definition: InputDefinition, cells: list[Cell], **asked: Any) -> ReadColumn:
    with mock.patch("metricsheet.reading.numbers.count_few", return_value=None):
        return read_input(definition, cells, **asked)


@given(INPUTS, CELLS, st.booleans())
def test_counting_gives_the_same_column(definition: InputDefinition, cells: list[Cell], text: bool) -> None:
    counted = read_input(definition, list(cells), text_only=text)
    one_by_one = cell_by_cell(definition, list(cells), text_only=text)
    assert counted == one_by_one
    assert [type(c) for c in counted.cells] == [type(c) for c in one_by_one.cells]


@few_cases
@given(INPUTS, CELLS)
def test_what_was_counted_answers_every_formula_alike(definition: InputDefinition, cells: list[Cell]) -> None:
    counted, one_by_one = read_input(definition, list(cells)), cell_by_cell(definition, list(cells))
    for plan in PLANS:
        assert plan is not None
        found = [
            finish(plan.residual, plan, CellsEngine({"x": column}))  # type: ignore[arg-type]  # names nothing
            for column in (Column(counted.cells, counted.known), Column(one_by_one.cells))
        ]
        assert found[0] == found[1], plan.text


@given(CELLS)
def test_a_column_knows_what_it_would_find_out(cells: list[Cell]) -> None:
    for read in (read_input(an_input(), cells), cell_by_cell(an_input(), cells)):
        told, alone = Column(read.cells, read.known), Column(read.cells)
        assert told.kinds == alone.kinds
        assert told.count == alone.count == len(alone.numbers)
        assert list(told.numbers) == list(alone.numbers)
        assert told.distinct == alone.distinct
        assert told.has_text() == alone.has_text()


def test_the_types_handed_in_are_believed_only_for_speed() -> None:
    cells: list[Cell] = [9.0, None, "n/a", 9.0]
    read = read_input(an_input(), cells, kinds=frozenset(map(type, cells)))
    assert read == read_input(an_input(), cells)
    assert read.cells == [9.0, None, None, 9.0]
