"""Months, quarters and years: the label of a date, a period's first and last day, the period before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache

from metricsheet.evaluation.options import PeriodLength
from metricsheet.values.dates import to_serial, year_month_day

MONTHS: Mapping[PeriodLength, int] = {"month": 1, "quarter": 3, "year": 12}


@lru_cache(maxsize=4096)
def period_of(serial: float, length: PeriodLength) -> str:
    """Return the period a date falls in: ``2024-03``, ``2024-Q1`` or ``2024``."""
    year, month, _ = year_month_day(serial)
    if length == "month":
        return f"{year:04d}-{month:02d}"
    if length == "quarter":
        return f"{year:04d}-Q{(month - 1) // 3 + 1}"
    return f"{year:04d}"


def _first_month(period: str) -> tuple[int, int, int]:
    """Return (year, first month, months) of a period label."""
    if "-Q" in period:
        year, quarter = period.split("-Q")
        return int(year), (int(quarter) - 1) * 3 + 1, 3
    if "-" in period:
        year, month = period.split("-")
        return int(year), int(month), 1
    return int(period), 1, 12


def length_of(period: str) -> PeriodLength:
    """Return how long a period is, by its label."""
    return "quarter" if "-Q" in period else "month" if "-" in period else "year"


@lru_cache(maxsize=1024)
def bounds(period: str) -> tuple[float, float]:
    """Return the serial numbers of the period's first and last day."""
    year, month, months = _first_month(period)
    last = month + months
    following = dt.date(year + (last - 1) // 12, (last - 1) % 12 + 1, 1)
    return to_serial(dt.date(year, month, 1)), to_serial(following - dt.timedelta(days=1))


@lru_cache(maxsize=1024)
def before(period: str) -> str:
    """Return the period of the same length that ends the day before ``period`` starts."""
    year, month, months = _first_month(period)
    length = length_of(period)
    month -= months
    if month < 1:
        year, month = year - 1, month + 12
    return period_of(to_serial(dt.date(year, month, 1)), length)


def year_before(period: str) -> str:
    """Return the period of the same length that is one year earlier."""
    return f"{int(period[:4]) - 1:04d}{period[4:]}"


def between(since: float, until: float, length: PeriodLength) -> list[str]:
    """Return every period that overlaps the days ``since`` to ``until``, oldest first."""
    found = [period_of(until, length)]
    first = period_of(since, length)
    while found[-1] > first:
        found.append(before(found[-1]))
    return found[::-1]
