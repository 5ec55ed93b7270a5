"""Functions of dates, which are serial numbers of the 1900 system."""

from __future__ import annotations

from math import isfinite

from metricsheet.formula.functions.signature import Example, Function, Parameter
from metricsheet.language.message import Message
from metricsheet.values import NUM, Cell, ExcelError
from metricsheet.values.coerce import date_from_text, not_a_number
from metricsheet.values.dates import (
    MAX_SERIAL,
    month_end,
    months_later,
    serial_of,
    whole_months,
    year_month_day,
)


def _no_date(number: float) -> ExcelError:
    return ExcelError(NUM, Message("not_a_date", number=number))


def _is_date(number: float) -> bool:
    return 0 <= number < MAX_SERIAL + 1


def _date_value(text: str) -> Cell:
    number = date_from_text(text)
    return not_a_number(text) if number is None else float(int(number))


def _part(index: int, number: float) -> Cell:
    return float(year_month_day(number)[index]) if _is_date(number) else _no_date(number)


def _date(year: float, month: float, day: float) -> Cell:
    if not all(isfinite(n) and abs(n) < 1e7 for n in (year, month, day)):
        return ExcelError(NUM, Message("date_out_of_range"))
    full = int(year) + (1900 if 0 <= int(year) < 1900 else 0)
    serial = serial_of(full, int(month), int(day)) if int(year) >= 0 else None
    if serial is None:
        return ExcelError(NUM, Message("no_such_date", year=year, month=month, day=day))
    return float(serial)


def _iso_week(date: float) -> Cell:
    # serial 2 is a Monday; the calendar before March 1900 has a day that never was
    if not _is_date(date):
        return _no_date(date)
    thursday = int(date) - (int(date) - 2) % 7 + 3
    if thursday < 61:
        return _no_date(date)
    first = serial_of(year_month_day(thursday)[0], 1, 1)
    return _no_date(date) if first is None else float((thursday - first) // 7 + 1)


def _workdays(start: float, end: float) -> Cell:
    if not _is_date(start) or not _is_date(end):
        return _no_date(end if _is_date(start) else start)
    first, last = sorted((int(start), int(end)))

    def before(day: int) -> int:
        """Return the days from Monday to Friday from serial 2, a Monday, up to and without ``day``."""
        weeks, rest = divmod(day - 2, 7)
        return weeks * 5 + min(rest, 5)

    days = before(last + 1) - before(first)
    return float(days if start <= end else -days)


def _week(date: float, begins: float = 1.0) -> Cell:
    if not _is_date(date):
        return _no_date(date)
    kind = int(begins)
    if kind == 21:
        return _iso_week(date)
    if kind not in (1, 2, *range(11, 18)):
        return ExcelError(NUM, Message("unknown_week", kind=begins))
    # 0 is Sunday, which serial 1 is
    start = kind - 1 if kind < 3 else (kind - 10) % 7
    first = serial_of(year_month_day(date)[0], 1, 1) or 1
    return float((int(date) - first + (first - 1 - start) % 7) // 7 + 1)


def _time(hour: float, minute: float, second: float) -> Cell:
    if not all(abs(n) < 32768 for n in (hour, minute, second)):
        return ExcelError(NUM, Message("date_out_of_range"))
    seconds = int(hour) * 3600 + int(minute) * 60 + int(second)
    return seconds % 86400 / 86400 if seconds >= 0 else ExcelError(NUM, Message("date_out_of_range"))


def _hour(date: float) -> Cell:
    if not _is_date(date):
        return _no_date(date)
    # rounded to the second first: 0.9999999 of an hour as a fraction of a day is that hour
    return float(int((date % 1) * 86400 + 0.5) // 3600 % 24)


def _days(end: float, start: float) -> Cell:
    if not _is_date(end) or not _is_date(start):
        return _no_date(start if _is_date(end) else end)
    return float(int(end) - int(start))


def _shifted(date: float, months: float, end: bool) -> Cell:
    if not _is_date(date):
        return _no_date(date)
    if abs(months) > 120000:
        return ExcelError(NUM, Message("date_out_of_range"))
    serial = month_end(date, int(months)) if end else months_later(date, int(months))
    return ExcelError(NUM, Message("date_out_of_range")) if serial is None else float(serial)


def _datedif(start: float, end: float, unit: str) -> Cell:
    if not _is_date(start) or not _is_date(end):
        return _no_date(end if _is_date(start) else start)
    start, end = float(int(start)), float(int(end))
    if start > end:
        return ExcelError(NUM, Message("start_after_end"))
    months = whole_months(start, end)
    year, month, day = year_month_day(end)
    _, start_month, start_day = year_month_day(start)
    word = unit.upper()
    if word == "D":
        return end - start
    if word == "M":
        return float(months)
    if word == "Y":
        return float(months // 12)
    if word == "YM":
        return float(months % 12)
    if word == "MD":
        return float(day - start_day) if day >= start_day else _since(end, year, month - 1, start_day)
    if word == "YD":
        before = (start_month, start_day) > (month, day)
        return _since(end, year - before, start_month, start_day)
    return ExcelError(NUM, Message("unknown_date_unit", unit=unit[:20]))


def _since(end: float, year: int, month: int, day: int) -> Cell:
    """Return the days from a day that may lie past the end of its month, as DATEDIF counts it."""
    serial = serial_of(year, month, day)
    return _no_date(end) if serial is None else end - serial


_DATE = (Parameter("date", "date"),)
_SHIFT = (Parameter("date", "strict"), Parameter("months", "strict"))

DATES = (
    Function(
        "DATE", "dates", (Parameter("year"), Parameter("month"), Parameter("day")), "date",
        "The date of a year, month and day; months and days past their range carry over.",
        (Example("DATE(2024, 2, 29)", 45351), Example("DATE(2024, 14, 1)", 45689)),
        _date,
    ),
    Function("DATEVALUE", "dates", (Parameter("text", "text"),), "date",
             "The day that a text spells in the way that means the same everywhere, 2024-01-31.",
             (Example('DATEVALUE("2024-02-29")', 45351),), _date_value),
    Function("YEAR", "dates", _DATE, "number", "The year of a date.",
             (Example("YEAR(45351)", 2024),), lambda date: _part(0, date)),
    Function("MONTH", "dates", _DATE, "number", "The month of a date, 1 to 12.",
             (Example("MONTH(45351)", 2),), lambda date: _part(1, date)),
    Function("DAY", "dates", _DATE, "number", "The day of the month of a date.",
             (Example("DAY(45351)", 29),), lambda date: _part(2, date)),
    Function(
        "DAYS", "dates", (Parameter("end", "date"), Parameter("start", "date")), "number",
        "How many days lie between two dates.",
        (Example("DAYS(DATE(2024,3,1), DATE(2024,2,1))", 29),),
        _days, unit="days", excel="_xlfn.DAYS",
    ),
    Function(
        "EDATE", "dates", _SHIFT, "date",
        "The same day that many months later (or earlier), or the last day of that month.",
        (Example("EDATE(DATE(2024,1,31), 1)", 45351),),
        lambda date, months: _shifted(date, months, end=False),
    ),
    Function(
        "EOMONTH", "dates", _SHIFT, "date",
        "The last day of the month that many months later.",
        (Example("EOMONTH(DATE(2024,1,15), 1)", 45351),),
        lambda date, months: _shifted(date, months, end=True),
    ),
    Function(
        "DATEDIF", "dates", (Parameter("start", "date"), Parameter("end", "date"), Parameter("unit", "text")),
        "number",
        'Full years "Y", months "M" or days "D" between two dates; "YM", "MD", "YD" leave larger units out.',
        (Example('DATEDIF(DATE(2023,1,15), DATE(2024,3,14), "M")', 13),),
        _datedif, unit="unknown",
    ),
    Function(
        "ISOWEEKNUM", "dates", _DATE, "number",
        "The week of the year, from Monday; the first week is the one with the year's first Thursday.",
        (Example("ISOWEEKNUM(DATE(2024,12,30))", 1), Example("ISOWEEKNUM(DATE(2021,1,3))", 53)),
        _iso_week, excel="_xlfn.ISOWEEKNUM",
    ),
    Function(
        "NETWORKDAYS", "dates", (Parameter("start", "strict"), Parameter("end", "strict")), "number",
        "The days from Monday to Friday between two dates, both counted; below 0 where the end comes first.",
        (Example("NETWORKDAYS(DATE(2024,3,1), DATE(2024,3,31))", 21),),
        _workdays, unit="days",
    ),
    Function("HOUR", "dates", _DATE, "number", "The hour of a time of day, 0 to 23.",
             (Example("HOUR(45351.75)", 18),), _hour),
    Function(
        "TIME", "dates", (Parameter("hour"), Parameter("minute"), Parameter("second")), "number",
        "A time of day as a fraction of a day; whole days are left out.",
        (Example("TIME(12, 0, 0) = 0.5", True), Example("HOUR(TIME(30, 0, 0))", 6)),
        _time,
    ),
    Function(
        "WEEKNUM", "dates", (Parameter("date", "strict"), Parameter("begins", "strict", optional=True)),
        "number", "The week from 1 January; begins: 1 Sunday, 2 or 11 Monday, to 17 Sunday; 21 ISO.",
        (Example("WEEKNUM(DATE(2024,1,7))", 2), Example("WEEKNUM(DATE(2024,1,7), 2)", 1)),
        _week,
    ),
)  # fmt: skip
