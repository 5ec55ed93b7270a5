"""A table of another library as ``Book``: pandas, polars, Arrow, or columns by header."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from metricsheet.errors import UsageError
from metricsheet.files.book import Book, CellRange, ExcelTable, RawCell, Sheet, SheetColumn
from metricsheet.language.message import Message
from metricsheet.values import NUM, ExcelError

_MISSING = ("NoneType", "NAType", "NaTType")
_INFINITE = (float("inf"), float("-inf"))
_SIGNS_OF_A_TABLE = ("iloc", "get_columns", "__arrow_c_stream__", "__arrow_c_array__")


def is_table(source: Any) -> bool:
    """Return whether an object is meant as one table, whether or not it can be read as one."""
    if isinstance(source, Mapping):
        return not any(isinstance(one, (str, os.PathLike)) or is_table(one) for one in source.values())
    one_column = _is_series(source) or (hasattr(source, "to_pylist") and not hasattr(source, "schema"))
    return not one_column and any(hasattr(source, sign) for sign in _SIGNS_OF_A_TABLE)


def read_frame(frame: Any, name: str) -> Book:
    """Return a table as a book of one sheet ``""`` with its headers in row 1, and one table ``name``.

    ``frame`` is a data frame (pandas, polars, Arrow or anything with ``__arrow_c_stream__``), a series with
    a name, or a mapping of headers to columns. Missing values become blank cells, timestamps lose their time
    zone and keep their clock time, infinite numbers become ``#NUM!``, and objects that are no cell become
    their text. Of a pandas index, named levels and dates become columns before the others. Raises
    ``UsageError`` for anything else.
    """
    columns = _columns(frame)
    headers = tuple(_header(label) for label, _ in columns)
    cells = ([header, *map(_cell, values)] for header, (_, values) in zip(headers, columns, strict=True))
    sheet = Sheet("", tuple(map(SheetColumn, cells)))
    table = ExcelTable(name, headers, CellRange("", 1, 0, sheet.height - 1, max(0, sheet.width - 1)))
    return Book(name, (sheet,), tables={name: table} if headers else {})


def _columns(source: Any) -> list[tuple[Any, list[Any]]]:
    """Return the label and the values of every column of a table."""
    if isinstance(source, Mapping):
        return _of_mapping(source)
    if _is_series(source):
        if source.name is None or source.name == "":
            raise UsageError(Message("unnamed_series"), Message("name_the_series"))
        return _columns(source.to_frame()) if hasattr(source, "iloc") else [(source.name, source.to_list())]
    if hasattr(source, "iloc"):
        positions = range(len(source.columns))
        return [
            *_index_columns(source),
            *((source.columns[i], source.iloc[:, i].tolist()) for i in positions),
        ]
    if hasattr(source, "get_columns"):  # polars
        return [(column.name, column.to_list()) for column in source.get_columns()]
    if hasattr(source, "__arrow_c_stream__") or hasattr(source, "__arrow_c_array__"):
        table = _arrow_table(source)
        pairs = zip(table.column_names, table.columns, strict=True)
        return [(label, column.to_pylist()) for label, column in pairs]
    raise _no_table(source)


def _of_mapping(source: Mapping[Any, Any]) -> list[tuple[Any, list[Any]]]:
    found = [(label, _values(label, column)) for label, column in source.items()]
    lengths = {len(values): label for label, values in found}
    if len(lengths) > 1:
        said = ", ".join(f"{label!r} has {length}" for length, label in lengths.items())
        raise UsageError(Message("unequal_columns", said=said))
    return found


def _values(label: Any, column: Any) -> list[Any]:
    """Return the values of one column of a mapping."""
    for method in ("to_pylist", "to_list", "tolist"):  # Arrow, polars, pandas and numpy
        if hasattr(column, method):
            column = getattr(column, method)()
            break
    if isinstance(column, (list, tuple, range)):
        return list(column)
    raise UsageError(
        Message("neither_column_nor_table", label=label),
        Message("write_columns_as_lists"),
    )


def _is_series(source: Any) -> bool:
    return type(source).__name__ == "Series" and hasattr(source, "name") and hasattr(source, "to_frame")


def _arrow_table(source: Any) -> Any:
    """Return an object of the Arrow interface as a table of pyarrow."""
    kind = f"{type(source).__module__}.{type(source).__name__}"
    try:
        import pyarrow
    except ImportError:
        hint = Message("install_pyarrow")
        raise UsageError(Message("needs_pyarrow", kind=kind), hint) from None
    try:
        return pyarrow.table(source)
    except (pyarrow.ArrowException, TypeError, ValueError) as error:
        raise UsageError(Message("not_a_table", kind=kind, reason=str(error).splitlines()[0])) from None


def _no_table(source: Any) -> UsageError:
    kind = f"{type(source).__module__}.{type(source).__name__}".removeprefix("builtins.")
    hint = Message("hand_over")
    if hasattr(source, "collect"):
        hint = Message("call_collect")
    elif hasattr(source, "toPandas"):
        hint = Message("hand_over_pandas")
    elif hasattr(source, "read"):
        hint = Message("hand_over_path")
    return UsageError(Message("neither_path_nor_table", kind=kind), hint)


def _index_columns(frame: Any) -> list[tuple[Any, list[Any]]]:
    """Return the index levels that hold data: those with a name, and dates."""
    index = frame.index
    columns = []
    for level in range(index.nlevels):
        values = index.get_level_values(level)
        dates = type(values).__name__ in ("DatetimeIndex", "PeriodIndex")
        if values.name is not None or dates:
            columns.append(("index" if values.name is None else values.name, values.tolist()))
    return columns


def _header(label: Any) -> str:
    """Return a column label as header text; the levels of a label with several are joined by spaces."""
    if isinstance(label, tuple):
        return " ".join(text for text in map(_header, label) if text)
    if isinstance(label, dt.datetime) and label.time() == dt.time():
        return label.date().isoformat()
    return label.isoformat() if isinstance(label, dt.date) else str(label)


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
