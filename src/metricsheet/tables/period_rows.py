"""Rows of a table of months that are no month: quarters and years that add them up, targets, averages."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import pairwise

from metricsheet.files.book import RawCell
from metricsheet.patterns import late
from metricsheet.reading.date_text import parse_date
from metricsheet.tables.cell_kinds import PeriodKind, as_number, header_text, kind_of, period_kind
from metricsheet.tables.totals import TotalRow
from metricsheet.values import is_number
from metricsheet.values.dates import from_serial

_LENGTHS: dict[PeriodKind, int] = {"week": 0, "month": 1, "quarter": 2, "year": 3}
_MARK = late(r"[*†‡¹²³⁴]|\)[^()]*\(|\][^\[\]]*\[")
"""A footnote mark or remark behind a month (``Mar 2024*``, ``Apr 2024 (forecast)``), read backwards."""

_MOST_ROWS = 1_000
_LOOKED_AT = 8


def find_other_periods(
    columns: Sequence[Sequence[RawCell]], left_out: Collection[int]
) -> tuple[list[TotalRow], list[TotalRow]]:
    """Return the rows of longer periods and the rows of no period in a table that has one row per period.

    Such a table names a different month, quarter or year (dates on the first or last day of one count) in
    most rows of its first column. Rows ``left_out`` already, and rows without numbers, are neither.
    """
    rows = len(columns[0]) if columns else 0
    if not 3 <= rows <= _MOST_ROWS or not _starts_like_periods(columns[0]):
        return [], []
    column: list[RawCell] = []
    kinds: dict[int, PeriodKind] = {}
    named: set[str] = set()
    for row, cell in enumerate(map(_unmarked, columns[0])):
        column.append(cell)
        if (kind := _whole_period(cell)) is not None:
            if (name := header_text(cell)) in named:
                return [], []
            named.add(name)
            kinds[row] = kind
    filled = [row for row in range(rows) if row not in left_out and kind_of(column[row]) != "blank"]
    if len(kinds) < 2 or 2 * len(kinds) <= len(filled) or not _years_follow(column):
        return [], []
    usual = Counter(kinds.values()).most_common(1)[0][0]
    longer = [row for row, kind in kinds.items() if _LENGTHS[kind] > _LENGTHS[usual]]
    words = [row for row in filled if row not in kinds and kind_of(column[row]) == "text"]
    return (
        [TotalRow(row, header_text(columns[0][row])) for row in longer if row not in left_out],
        [TotalRow(row, header_text(columns[0][row])) for row in words if _has_numbers(columns, row)],
    )


def _starts_like_periods(cells: Sequence[RawCell]) -> bool:
    """Return whether one of the first filled cells may name a period; spares the others a closer look."""
    filled = [cell for cell in cells[: 4 * _LOOKED_AT] if cell is not None][:_LOOKED_AT]
    return any(period_kind(_unmarked(cell)) is not None for cell in filled)


def _unmarked(cell: RawCell) -> RawCell:
    """Return a cell without the footnote marks and remarks at its end."""
    if type(cell) is not str or len(cell) > 60:
        return cell
    backwards, at = cell[::-1], 0
    while found := _MARK.match(backwards, at):
        at = found.end()
    return backwards[at:].lstrip()[::-1] if at else cell


def _whole_period(cell: RawCell) -> PeriodKind | None:
    """Return the kind of period that a cell names, ``None`` also for a day within a month."""
    if isinstance(cell, str):
        return _whole_period_of_text(cell)
    kind = period_kind(cell)
    return None if kind == "month" and isinstance(cell, dt.date) and not _is_edge(cell) else kind


@lru_cache(maxsize=2 * _MOST_ROWS)
def _whole_period_of_text(text: str) -> PeriodKind | None:
    kind = period_kind(text)
    if kind != "month":
        return kind
    readings = parse_date(text)
    return kind if not readings or any(_is_edge(from_serial(s)) for s in readings.values()) else None


def _is_edge(day: dt.date) -> bool:
    if isinstance(day, dt.datetime) and day.time() != dt.time():
        return False
    return day.day == 1 or (day + dt.timedelta(days=1)).day == 1


def _years_follow(cells: Sequence[RawCell]) -> bool:
    """Return whether years written as numbers follow each other; others are numbers of something else."""
    years = [cell for cell in cells if is_number(cell)]
    return {abs(later - earlier) for earlier, later in pairwise(years)} <= {1}


def _has_numbers(columns: Sequence[Sequence[RawCell]], row: int) -> bool:
    return any(
        as_number(column[row]) is not None or kind_of(column[row]) == "number" for column in columns[1:]
    )


def names_periods(cells: Sequence[RawCell]) -> bool:
    """Return whether the cells name a different month, quarter or year each: their rows are periods."""
    if not 2 <= len(cells) <= _MOST_ROWS or not _starts_like_periods(cells):
        return False
    filled: list[RawCell] = []
    named: set[str] = set()
    for cell in map(_unmarked, (cell for cell in cells if kind_of(cell) != "blank")):
        if _whole_period(cell) is None or (name := header_text(cell)) in named:
            return False
        named.add(name)
        filled.append(cell)
    starts = {cell.day == 1 for cell in filled if isinstance(cell, dt.date)}
    return len(filled) > 1 and len(starts) < 2 and _years_follow(filled)
