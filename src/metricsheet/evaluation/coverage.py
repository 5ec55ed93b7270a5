"""How much of a period a table covers, where the table itself shows that it is not all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from metricsheet.evaluation.options import PeriodLength, RunOptions
from metricsheet.evaluation.periods import MONTHS, bounds, period_of
from metricsheet.evaluation.result import Coverage
from metricsheet.values import Cell
from metricsheet.values.dates import year_month_day

_WEEK = 7
_SEVERAL = 5
"""With fewer dates a period a table is sparse: where it ends says nothing about what is still to come."""


def incomplete_periods(dates: Iterable[Cell], length: PeriodLength) -> dict[str, Coverage]:
    """Return the periods of a table that are not whole, as its ``dates`` (serial numbers) show.

    A table with one date a month lacks a month that its other periods have; one with several dates a period
    has a newest period that ends before any earlier one did. Of a sparse table nothing can be said.
    """
    days = sorted({int(day) for day in dates if isinstance(day, (int, float))})
    periods: dict[str, list[int]] = {}
    for day in days:
        periods.setdefault(period_of(day, length), []).append(day)
    if len(periods) < 2:
        return {}
    found = _lacking_months(days, periods, length)
    newest = None if _one_date_a_month(days) else _ends_early(days, periods)
    if newest is not None:
        found[list(periods)[-1]] = newest
    return found


def asked_for(period: str, options: RunOptions) -> Coverage | None:
    """Return what ``--from`` and ``--to`` leave of a period, ``None`` where they leave all of it."""
    first, last = bounds(period)
    since = first if options.since is None else max(first, options.since)
    until = last if options.until is None else min(last, options.until)
    if (since, until) == (first, last) or since > until:
        return None
    return Coverage(int(until - since) + 1, int(last - first) + 1, "days")


def least(found: Iterable[Coverage | None]) -> Coverage | None:
    """Return the coverage of what is based on several tables: that of the one that has least."""
    return min((one for one in found if one is not None), key=lambda one: one.share, default=None)


def _ends_early(days: list[int], periods: Mapping[str, list[int]]) -> Coverage | None:
    """Return the coverage of the newest period where it ends before the earlier ones did.

    It must end on an earlier day of the period than any of them, be further from its own end (February ends
    early as a whole), and have room for the table's next date, and for a week: its last days may be free.
    """
    *earlier, (first, last, newest) = [(*bounds(period), inside[-1]) for period, inside in periods.items()]
    if not _mostly(len(inside) >= _SEVERAL for inside in list(periods.values())[:-1]):
        return None
    gaps = sorted(b - a for a, b in pairwise(days))
    usual = gaps[len(gaps) * 9 // 10]
    before_all = all(newest - first < end - start for start, _, end in earlier)
    further_off = all(last - newest > whole - end for _, whole, end in earlier)
    if before_all and further_off and newest + max(usual, _WEEK) <= last:
        return Coverage(int(newest - first) + 1, int(last - first) + 1, "days")
    return None


def _lacking_months(
    days: list[int], periods: Mapping[str, list[int]], length: PeriodLength
) -> dict[str, Coverage]:
    """Return the quarters or years that lack a month which the table lists in others."""
    if MONTHS[length] == 1:
        return {}
    monthly = _one_date_a_month(days) and _month_after_month(days)
    if not monthly and not _mostly(len(inside) >= _SEVERAL for inside in periods.values()):
        return {}
    months = {
        period: {(year_month_day(day)[1] - 1) % MONTHS[length] for day in inside}
        for period, inside in periods.items()
    }
    listed = set().union(*months.values())
    return {
        period: Coverage(len(there), len(listed), "months")
        for period, there in months.items()
        if there != listed
    }


def _one_date_a_month(days: list[int]) -> bool:
    return all(year_month_day(a)[:2] != year_month_day(b)[:2] for a, b in pairwise(days))


def _month_after_month(days: list[int]) -> bool:
    numbers = [year * 12 + month for year, month, _ in map(year_month_day, days)]
    return _mostly(after - before == 1 for before, after in pairwise(numbers))


def _mostly(found: Iterable[bool]) -> bool:
    """Return whether more than half are true; of none, nothing is."""
    counted = list(found)
    return 2 * sum(counted) > len(counted)
