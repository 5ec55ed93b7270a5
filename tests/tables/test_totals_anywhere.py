"""Random tables: words drop no row, and totals at any place are left out or asked about."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from metricsheet.files.book import Sheet
from metricsheet.tables.region import Region
from metricsheet.tables.regions import find_regions
from tests.stages import cases

WORDS = [
    *("Total", "All", "Max", "Min", "Average", "Media", "Sum", "Overall", "Mean", "Count", "合計", "Toplam"),
    *(
        "Media & Entertainment",
        "Total Wine",
        "Average Joe Gym",
        "EMEA total",
        "Total: Search",
        "Gesamt",
        "小計",
    ),
    *("Lite", "Pro", "High", "Low", "EU", "Search"),
]
NAMES = ["EU", "US", "JP", "Search", "Display", "North", "Lite", "Pro"]
GRAND = ["Total", "Grand total", "Summe", "合計", "Toplam", "Totale", "All"]
NUMBERS = st.one_of(
    st.none(),
    st.integers(0, 10).map(float),
    st.integers(0, 5000).map(float),
    st.decimals(0, 900, places=2).map(float),
)

Rows = list[list[Any]]


def the_table(header: list[str], rows: Rows) -> Region:
    sheet = Sheet.of_rows("S", [list(header), *(list(row) for row in rows)])
    return next(region for region in find_regions(sheet) if region.kind == "table")


def figures(region: Region, columns: range) -> tuple[list[float], int]:
    """Return the sums of columns and the number of rows that hold something."""
    sums = [sum(cell for cell in region.columns[c] if isinstance(cell, float)) for c in columns]
    rows = zip(*region.columns, strict=True)
    return [round(total, 6) for total in sums], sum(any(cell is not None for cell in row) for row in rows)


@settings(max_examples=cases(300, 40))
@given(
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS), NUMBERS, NUMBERS), min_size=3),
    st.sampled_from(["first", "last"]),
    st.booleans(),
)
def test_no_word_changes_a_count_where_rows_have_an_id(
    given_rows: list[tuple[Any, ...]], place: str, text: bool
) -> None:
    assume(any(row[2] is not None for row in given_rows))
    header = ["Plan", "Region", "Price", "Seats"]
    rows = [list(row) for row in given_rows]
    at = 0 if place == "first" else len(header)
    for number, row in enumerate([header, *rows]):
        row.insert(at, "Customer ID" if number == 0 else f"C{number}" if text else 100.0 + number)
    region = the_table(header, rows)
    assert (len(region.columns[0]), region.left_out, region.unsure) == (len(rows), (), ())


@st.composite
def tables_with_totals(draw: st.DrawFn) -> tuple[Rows, Rows]:
    """Return the rows of a table, and the same with totals among them."""
    unique = draw(st.booleans())
    count = draw(st.integers(3, 12))
    rows: Rows = []
    for number in range(count):
        first = f"Shop {number}" if unique else draw(st.sampled_from(NAMES))
        rows.append([first, draw(st.sampled_from(NAMES)), draw(NUMBERS), draw(NUMBERS)])
    whole = list(rows)
    for _ in range(draw(st.integers(1, 3))):
        group = draw(st.sampled_from([None, *sorted({row[1] for row in rows})]))
        members = rows if group is None else [row for row in rows if row[1] == group]
        label = draw(st.sampled_from(GRAND)) if group is None else f"Total: {group}"
        sums = [
            round(sum(numbers), 6) if (numbers := [row[c] for row in members if row[c] is not None]) else None
            for c in (2, 3)
        ]
        if any(sums):
            whole.insert(draw(st.integers(0, len(whole))), [label, None, *sums])
    return rows, whole


@settings(max_examples=cases(300, 40))
@given(tables_with_totals())
def test_totals_at_any_place_leave_the_figures_of_the_clean_table(case: tuple[Rows, Rows]) -> None:
    rows, whole = case
    assume(len(whole) > len(rows))
    header = ["Shop", "Group", "New", "Cost"]
    clean = [round(sum(row[c] or 0.0 for row in rows), 6) for c in (2, 3)]
    region = the_table(header, whole)
    assert region.unsure or figures(region, range(2, 4)) == (clean, len(rows))


@pytest.mark.parametrize("rows", [20, 2_000])
def test_subtotals_after_every_ten_rows(rows: int) -> None:
    table: Rows = []
    whole = 0.0
    while len(table) < rows:
        numbers = [float(len(table) * 7 % 13 + n) for n in range(10)]
        table += [[f"x{n}", number] for n, number in enumerate(numbers)]
        table.append(["Subtotal", sum(numbers)])
        whole += sum(numbers)
    table.append(["Total", whole])
    region = the_table(["Plan", "New"], table)
    assert len(region.left_out) == sum(row[0] in ("Subtotal", "Total") for row in table)
    assert figures(region, range(1, 2))[0] == [whole]
