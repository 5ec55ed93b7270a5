"""Tables as people leave them: labels said once, headers said again, one table right below another."""

from __future__ import annotations

import pytest

from metricsheet.binding.headers import normalise
from metricsheet.files.book import Sheet
from metricsheet.tables.regions import Region, find_regions
from tests.tables.grids import grid

KNOWN = {
    "region",
    "revenue",
    "customers",
    "churned",
    "comment",
    "marketing cost",
    "satisfaction answer",
    "month",
}


def tables(sheet: Sheet) -> list[Region]:
    found = find_regions(sheet, known=lambda text: normalise(text) in KNOWN)
    return [region for region in found if region.kind == "table"]


# name: (sheet, the first two columns, whether filling is told)
LABELS_ONCE: dict[str, tuple[str, list[str | None], bool]] = {
    "pivot table": (
        "Region | Size | New\nEU | S | 1\n | L | 2\nUS | S | 3\n | L | 4",
        ["EU", "EU", "US", "US"],
        True,
    ),
    "with totals": (
        "Region | Size | New\nEU | S | 1\n | L | 2\nEU Total | | 3\n"
        "US | L | 5\nUS Total | | 5\nGrand Total | | 8",
        ["EU", "EU", None, "US"],
        True,
    ),
    "one label": ("Region | Size | New\nEU | S | 1\n | L | 2\n | M | 4", ["EU", None, None], False),
    "starts blank": ("Region | Size | New\n | S | 1\nEU | L | 2\n | M | 4", [None, "EU", None], False),
    "label comes twice": (
        "Region | Size | New\nEU | S | 1\n | L | 2\nUS | S | 3\n | L | 4\nEU | M | 5",
        ["EU", None, "US", None, "EU"],
        False,
    ),
    "detail comes twice": (
        "Name | Plan | New\nAnn | S | 1\n | S | 2\nBen | S | 3\n | L | 4",
        ["Ann", None, "Ben", None],
        False,
    ),
    "detail is missing": (
        "Name | Plan | New\nAnn | S | 1\n | | 2\nBen | S | 3\n | L | 4",
        ["Ann", None, "Ben", None],
        False,
    ),
    "one name is missing": (
        "Name | Plan | New\nAnn | S | 1\nBen | S | 3\n | L | 4\nCem | S | 4",
        ["Ann", "Ben", None, "Cem"],
        False,
    ),
    "numbers beside": (
        "Region | New | Old\nEU | 1 | 2\n | 3 | 4\nUS | 5 | 6\n | 7 | 8",
        ["EU", None, "US", None],
        False,
    ),
    "months": (
        "Month | Region | New\n2024-01-01 | EU | 1\n | US | 2\n2024-02-01 | EU | 3\n | US | 4",
        ["2024-01-01", "2024-01-01", "2024-02-01", "2024-02-01"],
        True,
    ),
}


@pytest.mark.parametrize("case", LABELS_ONCE)
def test_labels_said_once_are_filled_down_only_where_everything_speaks_for_it(case: str) -> None:
    text, expected, told = LABELS_ONCE[case]
    (region,) = tables(grid(text))
    assert [cell if cell is None else str(cell) for cell in region.columns[0]] == expected
    assert ("filled_down" in [problem.code for problem in region.problems]) == told


def test_two_levels_of_labels() -> None:
    text = """Team | Region | Size | New
              A | EU | S | 1
                | | L | 2
                | US | S | 3
                | | L | 4
              B | EU | S | 5
                | | L | 6"""
    (region,) = tables(grid(text))
    assert list(region.columns[0]) == ["A"] * 4 + ["B"] * 2
    assert list(region.columns[1]) == ["EU", "EU", "US", "US", "EU", "EU"]


# name: (sheet, headers and number of rows of each table)
SPLITS: dict[str, tuple[str, list[tuple[tuple[str, ...], int]]]] = {
    "headers again": (
        "Region | Revenue\nEU | 1\nUS | 2\nRegion | Revenue\nJP | 3",
        [(("Region", "Revenue"), 4)],
    ),
    "headers again under a page number": (
        "Region | Revenue\nEU | 1\nUS | 2\nPage 2\nRegion | Revenue\nJP | 3",
        [(("Region", "Revenue"), 5)],
    ),
    "headers again under a title": (
        "2023 |\nRegion | Revenue\nEU | 1\nUS | 2\n2024 |\nRegion | Revenue\nJP | 3\nKR | 4",
        [(("Region", "Revenue"), 2), (("Region", "Revenue"), 2)],
    ),
    "other headers": (
        "Region | Revenue\nEU | 1\nUS | 2\nRegion | Marketing cost\nEU | 3\nUS | 4",
        [(("Region", "Revenue"), 2), (("Region", "Marketing cost"), 2)],
    ),
    "refused answers": ("Region | Revenue\nEU | 1\nUS | refused\nJP | 3", [(("Region", "Revenue"), 3)]),
}


@pytest.mark.parametrize("text_only", [False, True], ids=["typed", "text"])
@pytest.mark.parametrize("case", SPLITS)
def test_where_a_table_ends_below_another(case: str, text_only: bool) -> None:
    text, expected = SPLITS[case]
    assert [(r.headers, len(r.columns[0])) for r in tables(grid(text, text_only=text_only))] == expected


# name: (sheet, row of the headers)
HEADERS: dict[str, tuple[str, int]] = {
    "an answer that is a header elsewhere": ("ID | Status\nR1 | Churned\nR2 | Active\nR3 | Paused", 0),
    "codes above the headers": ("Q1 | Q2\nSatisfaction answer | Comment\nGood | x\nBad | y", 1),
    "codes above a header with numbers": ("Q1 | Q2 | Q3\nWhy? | Revenue | Where?\nx | 5 | y\ny | 7 | z", 1),
}


@pytest.mark.parametrize("case", HEADERS)
def test_header_rows_among_words(case: str) -> None:
    text, expected = HEADERS[case]
    assert tables(grid(text))[0].header_row == expected


@pytest.mark.parametrize(
    "text",
    [
        "Revenue | 1000\nCustomers | 10\nNote | all in EUR",
        "KPI sheet\nPeriod | 2024-03-01\nPrepared by | Ann\n"
        "Revenue | 1000\nCustomers | 10\nComment | good month",
    ],
)
def test_words_among_labels_with_values_are_no_headers(text: str) -> None:
    found = find_regions(grid(text), known=lambda header: normalise(header) in KNOWN)
    (pairs,) = [region for region in found if region.kind == "pairs"]
    assert {"Revenue", "Customers"} <= set(pairs.headers)


def test_periods_that_come_twice_are_kept_apart() -> None:
    sheet = grid(
        """ | Actual | Actual | Budget | Budget
           KPI | Jan 2024 | Feb 2024 | Jan 2024 | Feb 2024
           Revenue | 1 | 2 | 8 | 9"""
    )
    first, second = tables(sheet)
    assert [list(r.columns[1]) for r in (first, second)] == [[1.0, 2.0], [8.0, 9.0]]
    assert (first.where(1), second.where(1)) == ("S!B3:C3", "S!D3:E3")
