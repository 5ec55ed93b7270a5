"""What one row of a dated table is about, and what its periods cover."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.evaluation.row_periods import Grain, grain_of, span_of
from metricsheet.reading.date_text import read_dates
from metricsheet.values import Cell
from metricsheet.values.dates import to_serial


def day(text: str) -> float:
    return to_serial(dt.date.fromisoformat(text))


def grain(*dates: str | float) -> Grain | None:
    """Return the grain of a column: ISO days stand for date cells, other texts stay as written."""
    cells: list[Cell] = [
        day(d) if isinstance(d, str) and len(d) == 10 and d[4] == d[7] == "-" else d for d in dates
    ]
    texts = [cell for cell in cells if isinstance(cell, str)]
    serials = read_dates(texts).serials
    years = {cell: day(f"{cell:.0f}-01-01") for cell in cells if isinstance(cell, float) and cell < 2200}
    days = [serials[cell] if isinstance(cell, str) else years.get(cell, cell) for cell in cells]  # type: ignore[arg-type]
    return grain_of(cells, days)


# name: (dates as they stand in the column, what one row is)
GRAINS: dict[str, tuple[tuple[str | float, ...], str]] = {
    "first days of months": (("2024-01-01", "2024-02-01", "2024-03-01"), "month"),
    "last days of months": (("2024-01-31", "2024-02-29", "2024-03-31"), "month"),
    "one date a month, any day": (("2024-01-17", "2024-02-05", "2024-03-29"), "month"),
    "months by name": (("Jan 2024", "Feb 2024"), "month"),
    "ISO months": (("2024-01", "2024-02"), "month"),
    "Japanese months": (("2024年1月", "2024年2月"), "month"),
    "January of two years, by name": (("2023-01", "2024-01"), "month"),
    "the same quarter months, by name": (("2024-01", "2024-04", "2024-07"), "month"),
    "one month": (("2024-03-31",), "month"),
    "several rows of a month": (("2024-01-01", "2024-01-01", "2024-02-01"), "month"),
    "quarters by name": (("Q1 2024", "Q2 2024"), "quarter"),
    "one quarter by name": (("2024-Q3",), "quarter"),
    "first days of quarters": (("2024-01-01", "2024-04-01", "2024-07-01"), "quarter"),
    "last days of quarters": (("2024-03-31", "2024-06-30"), "quarter"),
    "fiscal quarters": (("2024-01-31", "2024-04-30", "2024-07-31"), "quarter"),
    "two dates three months apart, no edges of quarters": (("2024-02-01", "2024-05-01"), "month"),
    "quarters with one missing": (("2024-03-31", "2024-06-30", "2024-12-31"), "quarter"),
    "days three months apart": (("2024-01-15", "2024-04-15", "2024-07-15"), "month"),
    "years as numbers": ((2022.0, 2023.0, 2024.0), "year"),
    "years as text": (("2023", "2024"), "year"),
    "last days of years": (("2022-12-31", "2023-12-31"), "year"),
    "fiscal years": (("2022-03-31", "2023-03-31", "2024-03-31"), "year"),
    "days": (("2024-01-01", "2024-01-02", "2024-01-05"), "day"),
    "weeks by date": (("2024-01-01", "2024-01-08", "2024-01-15", "2024-02-05"), "week"),
    "weeks by name": (("2024-W05", "2024-W06"), "week"),
}


@pytest.mark.parametrize("case", GRAINS)
def test_what_a_row_is_about(case: str) -> None:
    dates, expected = GRAINS[case]
    assert grain(*dates) == expected


def test_no_dates_say_nothing() -> None:
    assert grain_of([], []) is None
    assert grain_of([None, "soon"], [None, None]) is None


# grain, days of rows, periods, months, days covered, first missing period
SPANS: list[tuple[Grain, list[str], int, int, int, str | None]] = [
    ("month", ["2024-01-01", "2024-02-29", "2024-02-01"], 2, 2, 60, None),
    ("month", ["2024-01-01", "2024-03-01"], 2, 2, 62, "2024-02-01"),
    ("quarter", ["2024-03-31", "2024-06-30"], 2, 6, 182, None),
    ("quarter", ["2023-12-31", "2024-06-30"], 2, 6, 92 + 91, "2024-01-01"),
    ("year", ["2023-01-01", "2024-01-01"], 2, 24, 731, None),
    ("week", ["2024-01-01", "2024-01-08"], 2, 1, 14, None),
    ("week", ["2024-01-01", "2024-01-15"], 2, 1, 14, "2024-01-08"),
    ("day", ["2024-01-31", "2024-02-01"], 2, 2, 2, None),
    ("day", ["2024-01-31", "2024-02-03"], 2, 2, 2, "2024-02-01"),
]


@pytest.mark.parametrize(("of", "days", "periods", "months", "covered", "missing"), SPANS)
def test_what_the_periods_cover(
    of: Grain, days: list[str], periods: int, months: int, covered: int, missing: str | None
) -> None:
    span = span_of(of, map(day, days))
    assert (span.periods, len(span.months), span.days) == (periods, months, covered)
    assert span.gap() == (None if missing is None else day(missing))


@given(st.sets(st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)), min_size=1, max_size=40))
def test_months_of_days_are_the_months_of_the_calendar(days: set[dt.date]) -> None:
    span = span_of("month", map(to_serial, days))
    months = {(d.year, d.month) for d in days}
    assert span.periods == len(span.months) == len(months)
    firsts = {dt.date(year, month, 1) for year, month in months}
    following = [(first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) for first in firsts]
    assert span.days == sum((after - first).days for first, after in zip(firsts, following, strict=True))
    assert (span.gap() is None) == (max(span.months) - min(span.months) + 1 == len(months))
