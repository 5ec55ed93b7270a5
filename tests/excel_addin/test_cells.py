"""What Excel hands over becomes cells of the core, and answers become what a cell can show."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from excel_addin.cells import ERROR_NUMBERS, to_cell, to_cells, to_excel, to_raw_rows, to_rows
from metricsheet.values import Cell, ExcelError

NA, DIV0, VALUE, NUM = (ExcelError(code) for code in ("#N/A", "#DIV/0!", "#VALUE!", "#NUM!"))


@pytest.mark.parametrize(
    ("argument", "rows"),
    [
        (5.0, [[5.0]]),
        (None, [[None]]),
        ("x", [["x"]]),
        ("", [[None]]),
        (True, [[True]]),
        ([[None]], [[None]]),
        ([], [[None]]),
        ((), [[None]]),
        ([[]], [[]]),
        ([1.0, 2.0], [[1.0], [2.0]]),
        ((1.0, None, "a"), [[1.0], [None], ["a"]]),
        ([[1.0], [2.0]], [[1.0], [2.0]]),
        ([[1.0, 2.0]], [[1.0, 2.0]]),
        (((1.0, 2.0), (3.0, None)), [[1.0, 2.0], [3.0, None]]),
        ([[1.0], 2.0], [[1.0], [2.0]]),
        ("#N/A", [[NA]]),
        ([["#DIV/0!", 1.0]], [[DIV0, 1.0]]),
        ([["#n/a", "# N/A", "N/A", "#SPILL!"]], [["#n/a", "# N/A", "N/A", "#SPILL!"]]),
        (-2146826281, [[DIV0]]),
        ([[-2146826246], [3.0]], [[NA], [3.0]]),
        ([[-2146826281.0]], [[-2146826281.0]]),  # a number that a person typed is always a float
        ([[7]], [[7]]),
        ([[Decimal("1.5")]], [[1.5]]),
        ([[dt.datetime(2024, 1, 31)]], [[45322.0]]),
        ([[dt.datetime(2024, 1, 31, 12, 0, tzinfo=dt.UTC)]], [[45322.5]]),
        ([[dt.datetime(1899, 12, 30, 6, 0)]], [[0.25]]),  # a time of day
        ([[dt.date(2024, 1, 31)]], [[45322.0]]),
        ([[dt.time(18, 0)]], [[0.75]]),
        ([[dt.timedelta(hours=36)]], [[1.5]]),
        ([[np.float64(2.5), np.int64(3)]], [[2.5, 3]]),
        ([[Fraction(1, 4)]], [[0.25]]),
        ([[b"bytes"]], [[VALUE]]),
        ({"a": 1}, [[VALUE]]),
    ],
)
def test_arguments_become_rows_of_cells(argument: object, rows: list[list[Cell]]) -> None:
    found = to_rows(argument)
    assert found == rows
    assert [[type(cell) for cell in row] for row in found] == [[type(cell) for cell in row] for row in rows]
    assert to_cells(argument) == [cell for row in rows for cell in row]


@pytest.mark.parametrize("code", ERROR_NUMBERS)
def test_every_error_is_read_as_a_number_and_as_a_text(code: str) -> None:
    scode = ERROR_NUMBERS[code] | 0x800A0000
    assert to_cell(scode - 2**32) == ExcelError(code)
    assert to_cell(code) == ExcelError(code)
    assert to_excel(ExcelError(code, "a reason")) == code


def test_a_cell_of_no_known_kind_says_what_it_was() -> None:
    cell = to_cell(object())
    assert isinstance(cell, ExcelError)
    assert "object" in cell.reason


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (25, 25.0),
        (0.1, 0.1),
        (True, True),
        ("a label", "a label"),
        ("", ""),
        (None, "#N/A"),
        (NUM, "#NUM!"),
        (float("nan"), "#NUM!"),
        (float("inf"), "#NUM!"),
        (float("-inf"), "#NUM!"),
    ],
)
def test_answers_are_what_a_cell_can_show(value: Cell, shown: Any) -> None:
    found = to_excel(value)
    assert found == shown
    assert type(found) is type(shown)


def test_a_table_keeps_its_dates_and_gets_rows_of_one_length() -> None:
    day = dt.datetime(2024, 1, 31)
    table = [["When", "Sum"], [day, Decimal("2.50")], [None, "#REF!", "more"]]
    assert to_raw_rows(table) == [
        ["When", "Sum", None],
        [day, 2.5, None],
        [None, ExcelError("#REF!"), "more"],
    ]


def test_columns_of_numbers_and_text_are_read_cell_by_cell() -> None:
    rows: list[list[Any]] = [[float(i), None, True, "x", "#N/A", -2146826281] for i in range(100)]
    assert to_cells(rows) == [cell for i in range(100) for cell in (float(i), None, True, "x", NA, DIV0)]
