"""Tables and labels on sheets as people lay them out."""

from __future__ import annotations

from typing import Any

import pytest

from metricsheet.files.book import Sheet
from metricsheet.tables.regions import Region, find_regions
from tests.tables.grids import grid

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
