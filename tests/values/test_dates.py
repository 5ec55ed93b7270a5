import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.values.dates import (
    MAX_SERIAL,
    days_in_month,
    from_serial,
    month_end,
    months_later,
    serial_of,
    time_to_serial,
    to_serial,
    whole_months,
    year_month_day,
)

SERIALS = [
    # date, serial number (from Excel's own workbooks and documentation)
    (dt.date(1900, 1, 1), 1),
    (dt.date(1900, 2, 28), 59),
    (dt.date(1900, 3, 1), 61),
    (dt.date(1933, 10, 17), 12344),
    (dt.date(1987, 11, 30), 32111),
    (dt.date(2009, 7, 6), 40000),
    (dt.date(2024, 2, 29), 45351),
    (dt.date(2237, 12, 30), 123452),
    (dt.date(9999, 12, 31), MAX_SERIAL),
]


@pytest.mark.parametrize(("day", "serial"), SERIALS)
def test_a_day_and_its_serial_number(day: dt.date, serial: int) -> None:
    assert to_serial(day) == serial
    assert from_serial(serial).date() == day
    assert year_month_day(serial) == (day.year, day.month, day.day)
    assert serial_of(day.year, day.month, day.day) == serial


def test_the_day_that_never_was_is_kept_as_excel_has_it() -> None:
    assert year_month_day(60) == (1900, 2, 29)
    assert year_month_day(0) == (1900, 1, 0)
    assert serial_of(1900, 2, 29) == 60
    assert from_serial(60) == dt.datetime(1900, 2, 28)
    assert days_in_month(1900, 2) == 29


@pytest.mark.parametrize(
    ("moment", "serial"),
    [
        (dt.datetime(2024, 1, 1, 12), 45292.5),
        (dt.datetime(2024, 1, 1, 18, 0, 0), 45292.75),
        (dt.datetime(2024, 1, 1, tzinfo=dt.UTC), 45292.0),
        (dt.datetime(1900, 1, 1, 6), 1.25),
    ],
)
def test_the_time_of_day_is_the_fraction(moment: dt.datetime, serial: float) -> None:
    assert to_serial(moment) == serial
    assert from_serial(serial) == moment.replace(tzinfo=None)


def test_a_time_without_a_day_is_a_fraction() -> None:
    assert time_to_serial(dt.time(14, 30)) == pytest.approx(0.604166666666667)


def test_days_before_1900_are_no_dates_of_excel() -> None:
    assert to_serial(dt.date(1899, 12, 31)) == 0
    assert to_serial(dt.date(1800, 1, 1)) < 0


@pytest.mark.parametrize("serial", [-1, -0.5, MAX_SERIAL + 1, 1e300, float("nan"), float("inf")])
def test_numbers_that_are_no_dates_are_refused(serial: float) -> None:
    with pytest.raises(ValueError, match="not the serial number"):
        year_month_day(serial)
    with pytest.raises(ValueError, match="not the serial number"):
        from_serial(serial)


@given(st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(9999, 12, 31)))
def test_a_moment_survives_the_way_there_and_back(moment: dt.datetime) -> None:
    moment = moment.replace(microsecond=0)
    assert from_serial(to_serial(moment)) == moment


@pytest.mark.parametrize(
    ("year", "month", "day", "serial"),
    [
        (2024, 13, 1, 45658),
        (2024, 0, 1, 45261),
        (2024, 1, 0, 45291),
        (2024, 1, 366, 45657),
        (2024, -11, 1, 44927),
        (1900, 1, 0, 0),
        (1900, 1, -1, None),
        (9999, 13, 1, None),
        (0, 1, 1, None),
    ],
)
def test_months_and_days_carry_over(year: int, month: int, day: int, serial: int | None) -> None:
    assert serial_of(year, month, day) == serial


@pytest.mark.parametrize(
    ("start", "months", "same_day", "last_day"),
    [
        (dt.date(2024, 1, 31), 1, dt.date(2024, 2, 29), dt.date(2024, 2, 29)),
        (dt.date(2023, 1, 31), 1, dt.date(2023, 2, 28), dt.date(2023, 2, 28)),
        (dt.date(2024, 3, 31), -1, dt.date(2024, 2, 29), dt.date(2024, 2, 29)),
        (dt.date(2024, 5, 15), -17, dt.date(2022, 12, 15), dt.date(2022, 12, 31)),
    ],
)
def test_months_later(start: dt.date, months: int, same_day: dt.date, last_day: dt.date) -> None:
    assert months_later(to_serial(start), months) == to_serial(same_day)
    assert month_end(to_serial(start), months) == to_serial(last_day)


def test_months_out_of_the_calendar() -> None:
    assert months_later(61, -7) is None
    assert month_end(MAX_SERIAL, 1) is None


@given(st.dates(dt.date(1901, 1, 1), dt.date(2200, 1, 1)), st.dates(dt.date(1901, 1, 1), dt.date(2200, 1, 1)))
def test_whole_months_is_the_most_that_fit(a: dt.date, b: dt.date) -> None:
    start, end = sorted((a, b))
    months = whole_months(to_serial(start), to_serial(end))

    def reached(count: int) -> tuple[int, int, int]:
        year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
        return year, month + 1, start.day

    assert reached(months) <= (end.year, end.month, end.day) < reached(months + 1)
