"""Any sheet at all: every input is bound or refused, and bound cells are cells of the sheet."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.binding.bind import bind
from metricsheet.files.book import Book, CellRange, RawCell, Sheet
from metricsheet.values import DIV0, ExcelError
from tests.binding.binding_catalog import CATALOG, INPUTS
from tests.stages import few_cases

pytestmark = pytest.mark.fuzz

HEADERS = [name for i in INPUTS for name in (*i.label.values(), *i.also)]
CELLS: st.SearchStrategy[RawCell] = st.one_of(
    st.none(),
    st.sampled_from(HEADERS),
    st.sampled_from(["Yes", "n/a", "2024-03", "05/03/2024", "1,234", "5 %", "Total", "!", "A1", "'x'!y"]),
    st.integers(-5, 50),
    st.floats(0, 100),
    st.booleans(),
    st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)),
    st.just(ExcelError(DIV0)),
)
GRIDS = st.integers(1, 6).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=12)
)


@few_cases
@given(st.lists(st.tuples(GRIDS, st.booleans()), min_size=1, max_size=3), st.booleans())
def test_every_input_is_bound_or_refused(sheets: list[tuple[list[list[RawCell]], bool]], named: bool) -> None:
    book = Book(
        "any.xlsx",
        tuple(Sheet.of_rows(f"S{n}", grid, hidden=hidden) for n, (grid, hidden) in enumerate(sheets)),
        {"revenue": CellRange("S0", 1, 0, 4, 0)} if named else {},
    )
    dataset = bind(CATALOG, book)
    assert dataset.inputs.keys() | dataset.refused.keys() == CATALOG.inputs.keys()
    assert not dataset.inputs.keys() & dataset.refused.keys()
    for bound in dataset.inputs.values():
        assert bound.where.startswith("any.xlsx!")
        if bound.table is not None:
            assert dataset.tables[bound.table].rows == len(bound.cells)
    for table in dataset.tables.values():
        assert all(len(column) == table.rows for column in table.columns.values())
        assert table.dates is None or len(table.dates) == table.rows


@few_cases
@given(
    GRIDS,
    st.one_of(st.text(max_size=12), st.sampled_from([*HEADERS, "S!A", "S!A1:B3", "S!A:A", "T[x]", "A1"])),
)
def test_any_target_is_answered(grid: list[list[RawCell]], target: str) -> None:
    book = Book("any.xlsx", (Sheet.of_rows("S", grid),))
    if any(not place.strip() or place.strip().endswith("!") for place in target.split("|")):
        return
    dataset = bind(CATALOG, book, {"opens": target})
    assert ("opens" in dataset.inputs) != ("opens" in dataset.refused)
