"""Periods against the standard library's calendar."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.evaluation.options import PERIOD_LENGTHS, PeriodLength
from metricsheet.evaluation.periods import before, between, bounds, period_of
from metricsheet.values.dates import from_serial, to_serial

DAYS = st.dates(min_value=dt.date(1901, 1, 1), max_value=dt.date(2199, 12, 31))

LABELS = [
    (dt.date(2024, 1, 1), "month", "2024-01"),
    (dt.date(2024, 3, 31), "quarter", "2024-Q1"),
    (dt.date(2024, 4, 1), "quarter", "2024-Q2"),
    (dt.date(2024, 12, 31), "quarter", "2024-Q4"),
    (dt.date(2024, 2, 29), "year", "2024"),
]


@pytest.mark.parametrize(("day", "length", "label"), LABELS)
def test_labels(day: dt.date, length: PeriodLength, label: str) -> None:
    assert period_of(to_serial(day), length) == label


def test_a_time_of_day_stays_in_its_day() -> None:
    assert period_of(to_serial(dt.date(2024, 1, 31)) + 0.999, "month") == "2024-01"


@given(day=DAYS, length=st.sampled_from(PERIOD_LENGTHS))
def test_a_day_lies_inside_its_period(day: dt.date, length: PeriodLength) -> None:
    label = period_of(to_serial(day), length)
    first, last = (from_serial(s).date() for s in bounds(label))
    assert first <= day <= last
    assert first.day == 1
    assert (last + dt.timedelta(days=1)).day == 1


@given(day=DAYS, length=st.sampled_from(PERIOD_LENGTHS))
def test_the_period_before_ends_the_day_before(day: dt.date, length: PeriodLength) -> None:
    label = period_of(to_serial(day), length)
    assert bounds(before(label))[1] + 1 == bounds(label)[0]


@given(one=DAYS, other=DAYS, length=st.sampled_from(PERIOD_LENGTHS))
def test_periods_between_two_days_follow_each_other(
    one: dt.date, other: dt.date, length: PeriodLength
) -> None:
    first, last = sorted((one, other))
    labels = between(to_serial(first), to_serial(last), length)
    assert labels[0] == period_of(to_serial(first), length)
    assert labels[-1] == period_of(to_serial(last), length)
    assert labels == sorted(set(labels))
    assert all(before(b) == a for a, b in pairwise(labels))
