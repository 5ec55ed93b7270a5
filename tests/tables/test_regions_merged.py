"""Merged cells, group headers and Excel tables as regions."""

from __future__ import annotations

from typing import Any

import pytest

from metricsheet.files.book import CellRange, ExcelTable, Sheet
from metricsheet.tables.regions import Region, find_regions, region_of_table
from tests.tables.grids import grid


def tables(sheet: Sheet) -> list[Region]:
    return [region for region in find_regions(sheet) if region.kind == "table"]


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


def test_words_merged_over_columns_are_those_of_the_first_one() -> None:
    sheet = grid(
        """Customer | Revenue | | Note
           EU | 10 | 1 | x
           total so far | | 2 | y""",
        merged=(CellRange("S", 0, 1, 0, 2), CellRange("S", 2, 0, 2, 1)),
    )
    (region,) = tables(sheet)
    assert region.headers == ("Customer", "Revenue", "", "Note")
    assert [list(column) for column in region.columns[:2]] == [["EU", "total so far"], [10.0, None]]


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
    assert find_regions(Sheet.of_rows("S", rows)) == ()


def test_a_total_typed_in_an_excel_table_is_left_out() -> None:
    sheet = grid("Region | New\nEU | 10\nUS | 20\nTotal | 30")
    table = ExcelTable("Sales", ("Region", "New"), CellRange("S", 1, 0, 3, 1))
    region = region_of_table(sheet, table, source="book.xlsx")
    assert list(region.columns[1]) == [10.0, 20.0]
    assert region.where(1) == "S!B2:B3"
    (problem,) = region.problems
    assert (problem.source, problem.code) == ("book.xlsx", "total_row")
