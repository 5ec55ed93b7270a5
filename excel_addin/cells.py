"""Cells as Excel hands them over, and answers as Excel takes them back.

Excel's automation interface has kinds of its own: an error cell is a negative whole number, a date is a
``datetime``, money is a ``Decimal``, a blank cell is ``None`` and one cell is a value without rows. Here all
of it becomes rows of core cells, and an answer becomes a number, a text or one of Excel's error texts,
never ``None`` (which would show as an empty text) and never a NaN.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from numbers import Integral, Real
from typing import TypeAlias

from metricsheet.files.book import CellRange, RawCell
from metricsheet.records import record
from metricsheet.values import DIV0, NA_, NAME, NULL, NUM, REF, VALUE, Cell, ExcelError

ExcelAnswer: TypeAlias = float | str | bool
ExcelTable: TypeAlias = list[list[ExcelAnswer]]
Rows: TypeAlias = list[list[Cell]]


@record
class Referred:
    """An argument that is a range, with the place where it stands."""

    values: object
    place: CellRange


ERROR_NUMBERS: Mapping[str, int] = {
    NULL: 2000,
    DIV0: 2007,
    VALUE: 2015,
    REF: 2023,
    NAME: 2029,
    NUM: 2036,
    NA_: 2042,
}
"""Excel's error texts with the number that VBA's ``CVErr`` takes for each (XlCVErr)."""

_SCODE = 0x800A0000 - 2**32  # the automation interface carries CVErr(n) as this plus n
_ERROR_CELLS = {_SCODE + number: ExcelError(code) for code, number in ERROR_NUMBERS.items()}
_ERROR_TEXTS = {code: ExcelError(code) for code in ERROR_NUMBERS}

# Automation dates count from here, also for times of day, which come as a moment of this day.
_DAY_ZERO = dt.datetime(1899, 12, 30)
_ONE_DAY = dt.timedelta(days=1)


def to_cells(argument: object) -> list[Cell]:
    """Return an argument of a worksheet function as cells in reading order, whatever shape it came in.

    Dates become serial numbers, error cells and error texts ``ExcelError``, an empty text a blank. A value
    that no cell can hold becomes ``#VALUE!`` with its type as the reason. Never raises.
    """
    cells = list(chain.from_iterable(_shaped(argument)))
    if _PLAIN.issuperset(map(type, cells)):
        return cells  # type: ignore[return-value]  # numbers, logicals and blanks only, as the line above saw
    return [cell if type(cell) in _PLAIN else to_cell(cell) for cell in cells]  # type: ignore[misc]


def to_rows(argument: object) -> Rows:
    """Return an argument as rows of cells; see ``to_cells``.

    A single value, also a blank one, is one row of one cell; a flat sequence is a column.
    """
    return [[to_cell(cell) for cell in row] for row in _shaped(argument)]


def to_raw_rows(argument: object) -> list[list[RawCell]]:
    """Return a table with headers as rows of one length, as ``to_rows`` does, but with dates still dates.

    A column of dates can then be told from a column of numbers, as in a workbook that is read from disk.
    """
    rows = _shaped(argument)
    width = max(map(len, rows))
    return [[*map(_raw_cell, row), *[None] * (width - len(row))] for row in rows]


def _raw_cell(value: object) -> RawCell:
    return value if isinstance(value, dt.date | dt.time) else to_cell(value)


def _shaped(argument: object) -> Sequence[Sequence[object]]:
    if not isinstance(argument, list | tuple):
        return [[argument]]
    if not argument:
        return [[None]]
    if _ROWS.issuperset(map(type, argument)):
        return argument
    return [row if isinstance(row, list | tuple) else [row] for row in argument]


_ROWS = frozenset((list, tuple))
_PLAIN = frozenset((float, bool, type(None)))


def to_cell(value: object) -> Cell:
    """Return one value as a cell of the core; see ``to_rows``."""
    reader = _READERS.get(type(value))
    if reader is not None:
        return reader(value)
    if isinstance(value, str):
        return _text(str(value))
    if isinstance(value, dt.datetime):  # pywin32 and pandas bring subclasses
        return _moment(value)
    if isinstance(value, Integral):
        return _whole(int(value))
    if isinstance(value, Real):
        return float(value)
    return ExcelError(VALUE, f"a value of type {type(value).__name__} is not a cell")


def to_excel(value: Cell) -> ExcelAnswer:
    """Return a cell as what a worksheet function may answer: number, text, logical or error text."""
    if isinstance(value, bool | str):
        return value
    if value is None:
        return NA_
    if isinstance(value, ExcelError):
        return value.code
    number = float(value)
    return number if math.isfinite(number) else NUM


def _text(text: str) -> Cell:
    """Return error text as the error it stands for, and no text at all as a blank cell."""
    return _ERROR_TEXTS.get(text, text) if text else None


def _whole(number: int) -> Cell:
    return _ERROR_CELLS.get(number, number)


def _moment(moment: dt.datetime) -> float:
    return (moment.replace(tzinfo=None) - _DAY_ZERO) / _ONE_DAY


def _day(day: dt.date) -> float:
    return _moment(dt.datetime(day.year, day.month, day.day))


def _time(time: dt.time) -> float:
    return _moment(dt.datetime.combine(_DAY_ZERO.date(), time))


_READERS: dict[type, Callable[..., Cell]] = {
    float: lambda number: number,
    bool: lambda flag: flag,
    type(None): lambda nothing: nothing,
    int: _whole,
    str: _text,
    Decimal: float,
    dt.datetime: _moment,
    dt.date: _day,
    dt.time: _time,
    dt.timedelta: lambda span: span / _ONE_DAY,
}
