"""A data file as every reader gives it: sheets of raw cells, defined names, Excel tables, what went wrong.

Readers (xlsx through python-calamine, CSV, data frames) all return ``Book``; binding knows nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from metricsheet.dataset import Problem
from metricsheet.records import field, record
from metricsheet.values import Cell

RawCell: TypeAlias = Cell | dt.date | dt.datetime | dt.time | dt.timedelta
"""A cell as read: Excel's kinds, with dates still dates so that dates can be told from numbers."""


@record
class CellRange:
    """A rectangle on a sheet; rows and columns count from 0 and both ends belong to it.

    ``bottom`` is ``None`` for a whole column (``Survey!C:C``).
    """

    sheet: str
    top: int
    left: int
    bottom: int | None
    right: int


@record
class ExcelTable:
    """An Excel table (ListObject): its name, headers and data rows (header and totals rows excluded)."""

    name: str
    columns: tuple[str, ...]
    data: CellRange


@record
class Sheet:
    """One sheet: ``rows[r][c]`` is the raw cell of row ``r`` and column ``c``, both counted from A1 as 0.

    All rows have the same length.
    """

    name: str
    rows: Sequence[Sequence[RawCell]]
    hidden: bool = False
    merged: tuple[CellRange, ...] = ()


@record
class Book:
    """One data file. ``name`` is shown to people; ``text_only`` says that cells had no types (CSV)."""

    name: str
    sheets: tuple[Sheet, ...]
    names: Mapping[str, CellRange] = field(default_factory=dict)
    tables: Mapping[str, ExcelTable] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    text_only: bool = False
