"""Tables and labels on sheets as people lay them out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metricsheet.workbook.regions import Region, find_regions, region_of_table
from metricsheet.workbook.table import CellRange, ExcelTable, Sheet
from tests.workbook.grids import grid

KNOWN = {
    "nps score",
    "revenue",
    "new customers",
    "marketing cost",
    "region",
    "customers lost",
    "customers at start",
}


def known(header: str) -> bool:
    return header.casefold() in KNOWN


def tables(sheet: Sheet, **options: Any) -> list[Region]:
    return [region for region in find_regions(sheet, **options) if region.kind == "table"]


def pairs(sheet: Sheet, **options: Any) -> dict[str, Any]:
    """Return label → (value, address) of the pairs on a sheet."""
    found = [region for region in find_regions(sheet, **options) if region.kind == "pairs"]
    assert len(found) <= 1
    return {
        h: (c[0], r.where(i))
        for r in found
        for i, (h, c) in enumerate(zip(r.headers, r.columns, strict=True))
    }


# name: (sheet, tables as (header row, headers, first data row, rows of data, address of the last column))
LAYOUTS: dict[str, tuple[str, list[tuple[int | None, tuple[str, ...], int, int, str]]]] = {
    "header in row 1": (
        """Region | Score
           EU | 9
           US | 10""",
        [(0, ("Region", "Score"), 1, 2, "S!B2:B3")],
    ),
    "title, blank row, header": (
        """Customer survey 2024

           Region | Score
           EU | 9
           US | 10""",
        [(2, ("Region", "Score"), 3, 2, "S!B4:B5")],
    ),
    "title directly above the header": (
        """Customer survey 2024
           Region | Segment | Score
           EU | A | 9
           US | B | 10""",
        [(1, ("Region", "Segment", "Score"), 2, 2, "S!C3:C4")],
    ),
    "several notes above": (
        """Report | Survey
           Exported | 2024-03-01
           By | Anna

           Date | Region | Segment | Score | Comment
           2024-01-05 | EU | A | 9 |
           2024-01-06 | US | B | 10 | good
           2024-01-07 | EU | A | 4 |""",
        [
            (0, ("Report", "Survey"), 1, 2, "S!B2:B3"),
            (4, ("Date", "Region", "Segment", "Score", "Comment"), 5, 3, "S!E6:E8"),
        ],
    ),
    "notes above without a blank row": (
        """Report | Survey
           Exported | 2024-03-01
           Date | Region | Segment | Score | Comment
           2024-01-05 | EU | A | 9 |
           2024-01-06 | US | B | 10 | good""",
        [(2, ("Date", "Region", "Segment", "Score", "Comment"), 3, 2, "S!E4:E5")],
    ),
    "header in row 15": (
        "\n".join(f"note {n}" for n in range(1, 15)) + "\nRegion | Score\nEU | 9\nUS | 10",
        [(14, ("Region", "Score"), 15, 2, "S!B16:B17")],
    ),
    "data that does not start in column A": (
        """ |
           | | Region | Score
           | | EU | 9
           | | US | 10""",
        [(1, ("Region", "Score"), 2, 2, "S!D3:D4")],
    ),
    "two tables side by side": (
        """Region | Score | | Month | Revenue
           EU | 9 | | 2024-01-01 | 100
           US | 10 | | 2024-02-01 | 120
           JP | 8 | | | """,
        [
            (0, ("Region", "Score"), 1, 3, "S!B2:B4"),
            (0, ("Month", "Revenue"), 1, 2, "S!E2:E3"),
        ],
    ),
    "two tables one above the other": (
        """Region | Score
           EU | 9
           US | 10

           Month | Revenue | Cost
           2024-01-01 | 100 | 50
           2024-02-01 | 120 | 60""",
        [
            (0, ("Region", "Score"), 1, 2, "S!B2:B3"),
            (4, ("Month", "Revenue", "Cost"), 5, 2, "S!C6:C7"),
        ],
    ),
    "blank rows between rows of data": (
        """Region | Score
           EU | 9
           US | 10

           JP | 7
           EU | 8""",
        [(0, ("Region", "Score"), 1, 5, "S!B2:B6")],
    ),
    "blank row under the header": (
        """Region | Score

           EU | 9
           US | 10""",
        [(0, ("Region", "Score"), 1, 3, "S!B2:B4")],
    ),
    "spacer column before numbers": (
        """Region | | Score
           EU | | 9
           US | | 10
           JP | | 8""",
        [(0, ("Region", "Score"), 1, 3, "S!C2:C4")],
    ),
    "blank header cell": (
        """ | Score | Comment
           EU | 9 | fine
           US | 10 | good""",
        [(0, ("", "Score", "Comment"), 1, 2, "S!C2:C3")],
    ),
    "blank column under a header": (
        """Region | Score | Comment
           EU | | x
           US | | y""",
        [(0, ("Region", "Score", "Comment"), 1, 2, "S!C2:C3")],
    ),
    "header only": ("Region | Score", [(0, ("Region", "Score"), 1, 0, "S!B2")]),
    "one row of data": (
        """Customers | New | Revenue
           500 | 20 | 10000""",
        [(0, ("Customers", "New", "Revenue"), 1, 1, "S!C2")],
    ),
    "all cells text": (
        """Name | Answer
           Anna | agree
           Ben | disagree
           Cem | agree""",
        [(0, ("Name", "Answer"), 1, 3, "S!B2:B4")],
    ),
    "questions as headers": (
        """How likely are you to recommend us? | What is the reason?
           agree | price
           disagree | service
           agree | price""",
        [
            (
                0,
                ("How likely are you to recommend us?", "What is the reason?"),
                1,
                3,
                "S!B2:B4",
            )
        ],
    ),
    "one column": (
        """Score
           9
           10
           7""",
        [(0, ("Score",), 1, 3, "S!A2:A4")],
    ),
    "no headers": (
        """2024-01-01 | 5 | 12.5
           2024-01-02 | 6 | 13.5
           2024-01-03 | 7 | 14.5""",
        [(None, ("", "", ""), 0, 3, "S!C1:C3")],
    ),
    "headers printed again on every page": (
        """Region | Score
           EU | 9
           Region | Score
           US | 10""",
        [(0, ("Region", "Score"), 1, 3, "S!B2:B4")],
    ),
    "footnote after a blank row": (
        """Region | Score
           EU | 9
           US | 10

           Source: customer survey, preliminary""",
        [(0, ("Region", "Score"), 1, 2, "S!B2:B3")],
    ),
    "survey export of one platform": (
        """Respondent | Date | How likely are you to recommend us? | Why?
           | | Response | Open-Ended Response
           1001 | 2024-01-01 | 9 | fast
           1002 | 2024-01-02 | 4 | slow""",
        [(0, ("Respondent", "Date", "How likely are you to recommend us?", "Why?"), 2, 2, "S!D3:D4")],
    ),
    "survey export of another platform": (
        """StartDate | Q1
           Start Date | How likely are you to recommend us?
           {"ImportId":"startDate"} | {"ImportId":"QID1"}
           2024-01-01 | 9
           2024-01-02 | 4""",
        [(0, ("StartDate", "Q1"), 3, 2, "S!B4:B5")],
    ),
}


@pytest.mark.parametrize("case", LAYOUTS)
def test_layouts(case: str) -> None:
    text, expected = LAYOUTS[case]
    found = tables(grid(text))
    assert [
        (r.header_row, r.headers, r.top, len(r.columns[0]), r.where(len(r.headers) - 1)) for r in found
    ] == expected
    for region in found:
        assert len({len(column) for column in region.columns}) == 1
        assert region.bottom - region.top + 1 == len(region.columns[0])


def test_cells_and_their_addresses() -> None:
    sheet = grid(
        """Title

           | Region | Score
           | EU | 9
           | |
           | US | 10""",
        name="My survey",
    )
    (region,) = tables(sheet)
    assert [list(column) for column in region.columns] == [["EU", None, "US"], [9.0, None, 10.0]]
    assert region.where(1) == "'My survey'!C4:C6"
    assert region.address(1, 2) == "'My survey'!C6"
    assert (region.top, region.left, region.bottom, region.right) == (3, 1, 5, 2)


def test_known_headers_decide_between_rows_that_look_alike() -> None:
    sheet = grid(
        """alpha | beta | gamma
           Region | Comment | NPS score
           EU | x | high
           US | y | low"""
    )
    assert tables(sheet)[0].header_row == 0
    assert tables(sheet, known=known)[0].header_row == 1


def test_a_known_header_row_below_data_starts_a_table() -> None:
    sheet = grid(
        """Month | New customers
           2024-01-01 | 10
           2024-02-01 | 12
           Region | Revenue
           EU | 100
           US | 200"""
    )
    assert [(r.headers, len(r.columns[0])) for r in tables(sheet, known=known)] == [
        (("Month", "New customers"), 2),
        (("Region", "Revenue"), 2),
    ]


def test_words_among_numbers_start_no_table() -> None:
    sheet = grid(
        """Name | NPS score
           Anna | 9
           Ben | refused
           Cem | 10"""
    )
    assert [len(r.columns[0]) for r in tables(sheet, known=known)] == [3]


def test_group_headers_come_before_headers_that_repeat() -> None:
    sheet = grid(
        """ | 2023 | | 2024 |
           Region | New | Lost | New | Lost
           EU | 1 | 2 | 3 | 4
           US | 5 | 6 | 7 | 8""",
        merged=(CellRange("S", 0, 1, 0, 2), CellRange("S", 0, 3, 0, 4)),
    )
    (region,) = tables(sheet)
    assert region.headers == ("Region", "2023 New", "2023 Lost", "2024 New", "2024 Lost")


def test_a_header_merged_downwards_is_the_header_of_its_column() -> None:
    sheet = grid(
        """Region | Customers |
           | New | Lost
           EU | 1 | 2
           US | 5 | 6""",
        merged=(CellRange("S", 0, 0, 1, 0), CellRange("S", 0, 1, 0, 2)),
    )
    (region,) = tables(sheet)
    assert region.headers == ("Region", "New", "Lost")
    assert region.top == 2


def test_words_merged_over_rows_stand_in_each_of_them_and_numbers_do_not() -> None:
    sheet = grid(
        """Region | Score | Budget
           EU | 9 | 100
           | 8 |
           US | 7 | 50""",
        merged=(CellRange("S", 1, 0, 2, 0), CellRange("S", 1, 2, 2, 2)),
    )
    (region,) = tables(sheet)
    assert [list(column) for column in region.columns] == [
        ["EU", "EU", "US"],
        [9.0, 8.0, 7.0],
        [100.0, None, 50.0],
    ]


# name: (sheet, expected label → (value, address))
PAIRS: dict[str, tuple[str, dict[str, tuple[Any, str]]]] = {
    "value on the right": (
        """Marketing cost | 50000
           New customers: | 100
           Closed | TRUE
           As of | 2024-03-01""",
        {
            "Marketing cost": (50000.0, "S!B1"),
            "New customers": (100.0, "S!B2"),
            "Closed": (True, "S!B3"),
            "As of": (dt.date(2024, 3, 1), "S!B4"),
        },
    ),
    "one label": ("NPS | 45", {"NPS": (45.0, "S!B1")}),
    "unit and note behind": (
        """Marketing cost | 50000 | EUR | from finance
           Sales cost | 30000 | EUR |""",
        {"Marketing cost": (50000.0, "S!B1"), "Sales cost": (30000.0, "S!B2")},
    ),
    "blank column between": (
        """Marketing cost | | 50000
           Sales cost | | 30000""",
        {"Marketing cost": (50000.0, "S!C1"), "Sales cost": (30000.0, "S!C2")},
    ),
    "two columns of pairs": (
        """Marketing cost | 50000 | New customers | 100
           Sales cost | 30000 | Customers lost | 5""",
        {
            "Marketing cost": (50000.0, "S!B1"),
            "New customers": (100.0, "S!D1"),
            "Sales cost": (30000.0, "S!B2"),
            "Customers lost": (5.0, "S!D2"),
        },
    ),
    "value below, cards": (
        """New customers

           Marketing cost
           50000

           Sales cost
           30000""",
        {},
    ),
    "labels above values in one column": (
        """Marketing cost
           50000
           Sales cost
           30000""",
        {"Marketing cost": (50000.0, "S!A2"), "Sales cost": (30000.0, "S!A4")},
    ),
    "list under headers": (
        """Metric | Value
           Marketing cost | 50000
           Sales cost | 30000""",
        {"Marketing cost": (50000.0, "S!B2"), "Sales cost": (30000.0, "S!B3")},
    ),
    "numbers as text": (
        "Marketing cost | '50.000,00 €\nChurn | '5 %",
        {"Marketing cost": ("50.000,00 €", "S!B1"), "Churn": ("5 %", "S!B2")},
    ),
    "beside a table": (
        """Region | Score | Cost | | Marketing cost | 50000
           EU | 9 | 1 | | Sales cost | 30000
           US | 10 | 2 | | |""",
        {"Marketing cost": (50000.0, "S!F1"), "Sales cost": (30000.0, "S!F2")},
    ),
    "rows of data are no pairs": (
        """Region | Score | Cost
           EU | 9 | 1
           US | 10 | 2""",
        {},
    ),
    "the same label twice is given twice": ("Cost | 1\n\nx\n\nCost | 2", {"Cost": (2.0, "S!B5")}),
}


@pytest.mark.parametrize("case", PAIRS)
def test_labels_with_values(case: str) -> None:
    text, expected = PAIRS[case]
    assert pairs(grid(text)) == expected


def test_the_same_label_twice_stays_two_labels() -> None:
    (region,) = find_regions(grid("Cost | 1\n\nx\n\nCost | 2"))
    assert region.headers == ("Cost", "Cost")


def test_labels_above_single_values_are_tables_of_one_row() -> None:
    sheet = grid("Marketing cost\n50000\n\nSales cost\n30000")
    assert [(r.headers, [list(c) for c in r.columns]) for r in tables(sheet)] == [
        (("Marketing cost",), [[50000.0]]),
        (("Sales cost",), [[30000.0]]),
    ]


def test_an_excel_table_as_a_region() -> None:
    sheet = grid("Region | Score\nEU | 9\nUS |")
    region = region_of_table(sheet, ExcelTable("Answers", ("Region", "Score"), CellRange("S", 1, 0, 4, 1)))
    assert region.headers == ("Region", "Score")
    assert [list(c) for c in region.columns] == [["EU", "US"], [9.0, None]]
    assert region.where(1) == "S!B2:B3"
    beyond = region_of_table(sheet, ExcelTable("Far", ("A", "B", "C"), CellRange("S", 1, 1, 2, 3)))
    assert [list(c) for c in beyond.columns] == [[9.0, None], [None, None], [None, None]]


@pytest.mark.parametrize("rows", [[], [[]], [[None]], [[None, " "], ["", None]]])
def test_sheets_without_cells_have_no_regions(rows: list[list[Any]]) -> None:
    assert find_regions(Sheet("S", rows)) == ()


CELLS = st.one_of(
    st.none(),
    st.none(),
    st.floats(-100, 100),
    st.booleans(),
    st.sampled_from(["Region", "EU", "Total", "Jan 2024", "5 %", " "]),
    st.dates(),
)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 6).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=12)
    )
)
def test_every_cell_of_a_region_is_the_cell_at_its_address(rows: list[list[Any]]) -> None:
    from metricsheet.workbook.addresses import parse_a1

    for region in find_regions(Sheet("S", rows), known=known):
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


ODD: dict[str, list[list[Any]]] = {
    "lines inside lines": nested_lines(500),
    "lone cells": [[1.0 if r % 2 == c % 2 == 0 else None for c in range(300)] for r in range(300)],
    "lone words": [["a" if r % 2 == c % 2 == 0 else None for c in range(300)] for r in range(300)],
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
    find_regions(Sheet("S", ODD[case]), known=known)
