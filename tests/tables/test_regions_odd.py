"""Regions of random and of odd sheets: addresses always hold, and every search comes to an end."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.files.addresses import parse_a1
from metricsheet.files.book import Sheet
from metricsheet.tables.regions import find_regions
from tests.stages import cases, few_cases


def known(header: str) -> bool:
    return header in ("Region", "EU")


CELLS = st.one_of(
    st.none(),
    st.none(),
    st.floats(-100, 100),
    st.booleans(),
    st.sampled_from(["Region", "EU", "Total", "Jan 2024", "5 %", " "]),
    st.dates(),
)


@few_cases
@given(
    st.integers(1, 6).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=12)
    )
)
def test_every_cell_of_a_region_is_the_cell_at_its_address(rows: list[list[Any]]) -> None:
    for region in find_regions(Sheet.of_rows("S", rows), known=known):
        assert len(region.headers) == len(region.columns) == len(region.places)
        assert len({len(column) for column in region.columns}) <= 1
        for i, column in enumerate(region.columns):
            for k, cell in enumerate(column):
                place = parse_a1(region.address(i, k))
                assert place is not None
                assert place.sheet == "S"
                assert cell is None or cell == rows[place.top][place.left] or isinstance(cell, str)


def nested_lines(size: int) -> list[list[Any]]:
    """Return a line on top, one on the left below it, and the same again in what is left."""
    rows: list[list[Any]] = [[None] * size for _ in range(size)]
    for corner in range(0, size - 2, 2):
        for at in range(corner, size):
            rows[corner][at] = 1.0
        for at in range(corner + 2, size):
            rows[at][corner] = 1.0
    return rows


MANY = cases(300, 150)
ODD: dict[str, list[list[Any]]] = {
    "lines inside lines": nested_lines(cases(500, 250)),
    "lone cells": [[1.0 if r % 2 == c % 2 == 0 else None for c in range(MANY)] for r in range(MANY)],
    "lone words": [["a" if r % 2 == c % 2 == 0 else None for c in range(MANY)] for r in range(MANY)],
    "very many tables": [
        [
            (("a", "b", None) if r % 3 == 0 else (1.0, 2.0, None) if r % 3 == 1 else (None,) * 3)[c % 3]
            for c in range(90)
        ]
        for r in range(90)
    ],
    "chess board": [[1.0 if (r + c) % 2 else None for c in range(200)] for r in range(200)],
}


@pytest.mark.parametrize("case", ODD)
def test_layouts_that_nobody_makes_come_to_an_end(case: str) -> None:
    find_regions(Sheet.of_rows("S", ODD[case]), known=known)
