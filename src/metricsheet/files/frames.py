"""A pandas data frame as ``Book``; pandas itself is not imported here."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

from metricsheet.files.book import Book, CellRange, ExcelTable, RawCell, Sheet
from metricsheet.language.message import Message
from metricsheet.values import NUM, ExcelError

_MISSING = ("NoneType", "NAType", "NaTType")
_INFINITE = (float("inf"), float("-inf"))


def read_frame(frame: Any, name: str) -> Book:
    """Return a data frame as a book of one sheet ``""`` with its headers in row 1, and one table ``name``.

    Missing values become blank cells, timestamps lose their time zone and keep their clock time, infinite
    numbers become ``#NUM!``, and objects that are no cell become their text. Named index levels and
    an index of dates become columns before the others; other indexes only number the rows.
    """
    columns = [*_index_columns(frame)]
    for position, label in enumerate(frame.columns):
        columns.append((_header(label), _cells(frame.iloc[:, position])))
    headers = tuple(header for header, _ in columns)
    rows: list[list[RawCell]] = [list(headers)]
    rows += map(list, zip(*(cells for _, cells in columns), strict=True))
    table = ExcelTable(name, headers, CellRange("", 1, 0, len(rows) - 1, max(0, len(headers) - 1)))
    return Book(name, (Sheet("", rows),), tables={name: table} if headers else {})


def _index_columns(frame: Any) -> list[tuple[str, list[RawCell]]]:
    """Return the index levels that hold data: those with a name, and dates."""
    index = frame.index
    columns = []
    for level in range(index.nlevels):
        values = index.get_level_values(level)
        dates = type(values).__name__ in ("DatetimeIndex", "PeriodIndex")
        if values.name is not None or dates:
            columns.append((_header("index" if values.name is None else values.name), _cells(values)))
    return columns


def _header(label: Any) -> str:
    """Return a column label as header text; the levels of a label with several are joined by spaces."""
    if isinstance(label, tuple):
        return " ".join(text for text in map(_header, label) if text)
    if isinstance(label, dt.datetime) and label.time() == dt.time():
        return label.date().isoformat()
    return label.isoformat() if isinstance(label, dt.date) else str(label)


def _cells(column: Any) -> list[RawCell]:
    """Return the values of a series or index as cells."""
    return [_cell(value) for value in column.tolist()]


def _cell(value: Any) -> RawCell:
    """Return one value as a cell."""
    kind = type(value)
    cell: RawCell = value
    if kind is str:
        return cell or None
    if kind is int or kind is bool:
        return cell
    if kind is float:
        if value in _INFINITE:
            return ExcelError(NUM, Message("infinite_number"))
        return cell if value == value else None
    if kind.__name__ in _MISSING:
        return None
    return _other_cell(value)


def _other_cell(value: Any) -> RawCell:
    """Return a value of a less common type as a cell; what is no cell becomes its text."""
    if isinstance(value, dt.datetime):
        plain: dt.datetime = value.to_pydatetime(warn=False) if hasattr(value, "to_pydatetime") else value
        return plain.replace(tzinfo=None)
    if isinstance(value, dt.timedelta):
        span: dt.timedelta = value.to_pytimedelta() if hasattr(value, "to_pytimedelta") else value
        return span
    if isinstance(value, (dt.date, dt.time)):
        return value.replace(tzinfo=None) if isinstance(value, dt.time) else value
    if isinstance(value, (Decimal, Fraction)):
        return _cell(float(value))
    if hasattr(value, "start_time"):  # a period, such as a month
        return _other_cell(value.start_time)
    if type(value).__module__ == "numpy" and hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        if type(value).__name__ == "datetime64":
            value = value.astype("datetime64[us]")
        return _cell(value.item())
    return str(value) or None
