"""Dates as serial numbers of Excel's 1900 system, with the 29 February 1900 that never was."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

MAX_SERIAL = 2958465
"""The serial number of 31 December 9999, the last day that Excel knows."""

_EPOCH = date(1899, 12, 30).toordinal()
_PHANTOM = 60
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def to_serial(moment: date | datetime) -> float:
    """Return the serial number of a date, with the time of day as its fraction.

    The time zone of an aware ``datetime`` is left out: the number says what its clock says. Days before
    1900 give numbers below 1, which no date function accepts.
    """
    days = moment.toordinal() - _EPOCH
    if days <= _PHANTOM:
        days -= 1
    if not isinstance(moment, datetime):
        return float(days)
    clock = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
    return days + clock / 86400


def time_to_serial(clock: time) -> float:
    """Return a time of day as a fraction of a day."""
    return (clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6) / 86400


def from_serial(serial: float) -> datetime:
    """Return the moment of a serial number, to the millisecond; the phantom day is given as 28 February.

    Raises ``ValueError`` for a number that is no date: below 0, or past the year 9999.
    """
    if not 0 <= serial < MAX_SERIAL + 1:
        raise ValueError(f"not the serial number of a date: {serial!r}")
    days = int(serial)
    milliseconds = round((serial - days) * 86400000)
    shift = 1 if days < _PHANTOM else 0
    day = datetime.fromordinal(_EPOCH + days + shift)
    return min(day + timedelta(milliseconds=milliseconds), datetime.max) if milliseconds else day


def year_month_day(serial: float) -> tuple[int, int, int]:
    """Return the year, month and day of a serial number; 0 is (1900, 1, 0) and 60 is (1900, 2, 29).

    Raises ``ValueError`` for a number that is no date.
    """
    if not 0 <= serial < MAX_SERIAL + 1:
        raise ValueError(f"not the serial number of a date: {serial!r}")
    days = int(serial)
    if days == 0:
        return 1900, 1, 0
    if days == _PHANTOM:
        return 1900, 2, 29
    day = date.fromordinal(_EPOCH + days + (days < _PHANTOM))
    return day.year, day.month, day.day


def days_in_month(year: int, month: int) -> int:
    """Return how many days a month has in Excel's calendar, where February 1900 has 29."""
    if month != 2:
        return _MONTH_DAYS[month - 1]
    leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 or year == 1900
    return 29 if leap else 28


def serial_of(year: int, month: int, day: int) -> int | None:
    """Return the serial number of a day, months and days past their range carried over as ``DATE`` does.

    ``None`` when the day lies outside Excel's calendar.
    """
    year += (month - 1) // 12
    month = (month - 1) % 12 + 1
    if not 1 <= year <= 9999:
        return None
    first = date(year, month, 1).toordinal() - _EPOCH
    if first <= _PHANTOM:
        first -= 1
    serial = first + day - 1
    return serial if 0 <= serial <= MAX_SERIAL else None


def months_later(serial: float, months: int) -> int | None:
    """Return the same day of the month ``months`` later, or that month's last day; ``None`` out of range."""
    year, month, day = year_month_day(serial)
    year += (month - 1 + months) // 12
    month = (month - 1 + months) % 12 + 1
    if not 1900 <= year <= 9999:
        return None
    return serial_of(year, month, min(day, days_in_month(year, month)))


def month_end(serial: float, months: int) -> int | None:
    """Return the last day of the month ``months`` after the month of ``serial``; ``None`` out of range."""
    year, month, _ = year_month_day(serial)
    year += (month - 1 + months) // 12
    month = (month - 1 + months) % 12 + 1
    if not 1900 <= year <= 9999:
        return None
    return serial_of(year, month, days_in_month(year, month))


def whole_months(start: float, end: float) -> int:
    """Return how many full months lie between two serial numbers, ``start`` not after ``end``."""
    y1, m1, d1 = year_month_day(start)
    y2, m2, d2 = year_month_day(end)
    return (y2 - y1) * 12 + (m2 - m1) - (d2 < d1)
