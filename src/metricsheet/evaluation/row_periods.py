"""What one row of a dated table is about: a day, a week, a month, a quarter or a year."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal, TypeAlias

from metricsheet.evaluation.periods import bounds, period_of
from metricsheet.reading.date_text import named_period
from metricsheet.records import record
from metricsheet.values import Cell
from metricsheet.values.coded import Coded, different
from metricsheet.values.dates import from_serial

Grain = Literal["day", "week", "month", "quarter", "year"]
MONTHS_OF: dict[Grain, int] = {"month": 1, "quarter": 3, "year": 12}
"""The months that one row covers, of the grains that whole months make up."""

_YEARS = range(1990, 2101)
Month: TypeAlias = int
"""A month of a year as one number, so that following months are following numbers."""


@record
class RowSpan:
    """The periods that some rows are about: their grain, and the first day of each, oldest first."""

    grain: Grain
    starts: tuple[float, ...]

    @property
    def periods(self) -> int:
        """The number of different periods."""
        return len(self.starts)

    @property
    def months(self) -> tuple[Month, ...]:
        """The months that the periods cover, oldest first; of days and weeks, those they begin in."""
        length = MONTHS_OF.get(self.grain, 1)
        found = {month_of(day) + step for day in self.starts for step in range(length)}
        return tuple(sorted(found))

    @property
    def days(self) -> int:
        """The number of days that the periods cover; gaps between them do not count."""
        return sum(int(end - start) + 1 for start, end in map(self.bounds, self.starts))

    def bounds(self, start: float) -> tuple[float, float]:
        """Return the first and last day of the period that begins on ``start``."""
        if self.grain == "day" or self.grain == "week":
            return start, start + (6 if self.grain == "week" else 0)
        return bounds(period_of(start, self.grain))

    def gap(self) -> float | None:
        """Return the first day of the first period that is missing between others, or ``None``."""
        for earlier, later in pairwise(self.starts):
            following = self.bounds(earlier)[1] + 1
            if following < later:
                return following
        return None


@lru_cache(maxsize=4096)
def month_of(day: float) -> Month:
    """Return the month that a day is in."""
    date = from_serial(day)
    return date.year * 12 + date.month - 1


def span_of(grain: Grain, days: Iterable[float]) -> RowSpan:
    """Return the periods of ``grain`` that ``days`` are in."""
    starts = {float(int(day)) for day in days}
    if not (grain == "day" or grain == "week"):
        starts = {bounds(period_of(day, grain))[0] for day in starts}
    return RowSpan(grain, tuple(sorted(starts)))


def grain_of(cells: Sequence[Cell], days: Iterable[Cell]) -> Grain | None:
    """Return what the rows of a table are about, from its date cells as written and as ``days`` (serials).

    A period is known by its name (``Q1 2024``, ``2024-03``), quarters and years also by dates that follow
    each other at that distance on their first or last days. Else one date a month makes months; several in
    some month are weeks where each is whole weeks after the one before, else days. ``None`` for no dates.
    """
    days = different(days) if isinstance(days, Coded) else set(days)
    dates = sorted({int(day) for day in days if isinstance(day, (int, float))})
    if not dates:
        return None
    named = named_grain(cells)
    if named is not None:
        return named
    months = [month_of(day) for day in dates]
    gaps = [later - earlier for earlier, later in pairwise(months)]
    if 0 in gaps:
        weekly = all((later - earlier) % 7 == 0 for earlier, later in pairwise(dates))
        return "week" if weekly else "day"
    for grain in ("year", "quarter"):
        if _follow(dates, months, gaps, grain):
            return grain
    return "month"


def named_grain(cells: Sequence[Cell]) -> Grain | None:
    """Return whether every filled date cell names a week, a month, a quarter or a year; ``None`` for days."""
    held: Collection[Cell] = set(different(cells))
    if True in held or False in held:
        held = cells  # which are numbers, too, to a set
    numbers = {cell for cell in held if _is_number(cell)}
    if numbers:
        return "year" if all(number in _YEARS for number in numbers) else None
    parts = {named_period(text) for text in held if isinstance(text, str)}
    return parts.pop() if len(parts) == 1 else None


def _follow(dates: Sequence[int], months: Sequence[Month], gaps: Sequence[int], grain: Grain) -> bool:
    """Return whether dates are on the edges of quarters or years, each such a period after another.

    Two dates must be edges of calendar periods; from three on any first or last days of months will do, as
    fiscal years begin in any month.
    """
    length = MONTHS_OF[grain]
    if not gaps or any(gap % length for gap in gaps):
        return False
    first = all(from_serial(day).day == 1 for day in dates)
    last = all(from_serial(day + 1).day == 1 for day in dates)
    if not first and not last:
        return False
    calendar = months[0] % length == (0 if first else length - 1)
    return calendar or len(dates) > 2


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)
