"""A1 addresses to places and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.files.addresses import a1, column_letters, column_number, parse_a1, range_a1, split_sheet
from metricsheet.files.book import CellRange

CELLS = {
    ("Survey", 1, 2): "Survey!C2",
    ("", 0, 0): "A1",
    ("My sheet", 0, 27): "'My sheet'!AB1",
    ("Müller's", 9, 0): "'Müller''s'!A10",
    ("顧客", 0, 0): "顧客!A1",
    ("2024", 0, 0): "'2024'!A1",
    ("A1", 0, 0): "'A1'!A1",
    ("R1C1", 0, 0): "'R1C1'!A1",
    ("true", 0, 0): "'true'!A1",
    ("a-b", 0, 0): "'a-b'!A1",
    ("Plan.2024", 0, 0): "Plan.2024!A1",
    ("S", 1_048_575, 16_383): "S!XFD1048576",
}


@pytest.mark.parametrize(("cell", "text"), CELLS.items())
def test_cells(cell: tuple[str, int, int], text: str) -> None:
    assert a1(*cell) == text
    sheet, row, column = cell
    assert parse_a1(text) == CellRange(sheet, row, column, row, column)


RANGES = {
    "Survey!C2:C501": CellRange("Survey", 1, 2, 500, 2),
    "Survey!C2": CellRange("Survey", 1, 2, 1, 2),
    "Survey!C:D": CellRange("Survey", 0, 2, None, 3),
    "Survey!C:C": CellRange("Survey", 0, 2, None, 2),
    "'My sheet'!A1:B2": CellRange("My sheet", 0, 0, 1, 1),
}


@pytest.mark.parametrize(("text", "place"), RANGES.items())
def test_ranges(text: str, place: CellRange) -> None:
    assert range_a1(place) == text
    assert parse_a1(text) == place


def test_a_column_from_a_row_on_is_shown_to_its_end() -> None:
    assert range_a1(CellRange("S", 4, 2, None, 2)) == "S!C5:C1048576"


OTHER_SPELLINGS = {
    "$C$5:$C$900": CellRange("S", 4, 2, 899, 2),
    " c5 : c9 ": None,
    "c5:c9": CellRange("S", 4, 2, 8, 2),
    "C9:B5": CellRange("S", 4, 1, 8, 2),
    "C": CellRange("S", 0, 2, None, 2),
    "$C": CellRange("S", 0, 2, None, 2),
    "D:C": CellRange("S", 0, 2, None, 3),
    "3:5": CellRange("S", 2, 0, 4, 16_383),
    "Other!C5": CellRange("Other", 4, 2, 4, 2),
    "'It''s ok'!C5": CellRange("It's ok", 4, 2, 4, 2),
    "'a!b'!C5": CellRange("a!b", 4, 2, 4, 2),
}
NO_ADDRESSES = [
    "",
    "Score",
    "A0",
    "XFE1",
    "A1048577",
    "A1:",
    ":A1",
    "1",
    "A1:B",
    "A:1",
    "#REF!",
    "A1,B2",
    "Sheet!",
    "'Sheet!A1",
    "ABCD1",
    "Ａ1",
    "A١",
]


@pytest.mark.parametrize(("text", "place"), OTHER_SPELLINGS.items())
def test_other_spellings(text: str, place: CellRange | None) -> None:
    assert parse_a1(text, "S") == place


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_address(text: str) -> None:
    assert parse_a1(text, "S") is None


@given(st.integers(0, 16_383))
def test_letters_and_numbers_of_columns(column: int) -> None:
    assert column_number(column_letters(column)) == column
    assert column_number(column_letters(column).lower()) == column


@given(
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=31),
    st.integers(0, 99),
    st.integers(0, 99),
)
def test_any_sheet_name_comes_back(sheet: str, row: int, column: int) -> None:
    text = a1(sheet, row, column)
    assert split_sheet(text)[0] == sheet
    found = parse_a1(text)
    assert found == CellRange(sheet, row, column, row, column)
