"""Functions of dates, which are serial numbers of the 1900 system."""

from __future__ import annotations

from math import isfinite

from metricsheet.formula.functions.signature import Example, Function, Parameter
from metricsheet.language.message import Message
from metricsheet.values import NUM, Cell, ExcelError
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


def _part(index: int, number: float) -> Cell:
    return float(year_month_day(number)[index]) if _is_date(number) else _no_date(number)


def _year(date: float) -> Cell:
    return _part(0, date)


def _month(date: float) -> Cell:
    return _part(1, date)


def _day(date: float) -> Cell:
    return _part(2, date)


def _date(year: float, month: float, day: float) -> Cell:
    if not all(isfinite(n) and abs(n) < 1e7 for n in (year, month, day)):
        return ExcelError(NUM, Message("date_out_of_range"))
    full = int(year) + (1900 if 0 <= int(year) < 1900 else 0)
    serial = serial_of(full, int(month), int(day)) if int(year) >= 0 else None
    if serial is None:
        return ExcelError(NUM, Message("no_such_date", year=year, month=month, day=day))
    return float(serial)


def _days(end: float, start: float) -> Cell:
    if not _is_date(end) or not _is_date(start):
        return _no_date(start if _is_date(end) else end)
    return float(int(end) - int(start))


def _edate(date: float, months: float) -> Cell:
    return _shifted(date, months, end=False)


def _eomonth(date: float, months: float) -> Cell:
    return _shifted(date, months, end=True)


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
    Function("YEAR", "dates", _DATE, "number", "The year of a date.",
             (Example("YEAR(45351)", 2024),), _year),
    Function("MONTH", "dates", _DATE, "number", "The month of a date, 1 to 12.",
             (Example("MONTH(45351)", 2),), _month),
    Function("DAY", "dates", _DATE, "number", "The day of the month of a date.",
             (Example("DAY(45351)", 29),), _day),
    Function(
        "DAYS", "dates", (Parameter("end", "date"), Parameter("start", "date")), "number",
        "How many days lie between two dates.",
        (Example("DAYS(DATE(2024,3,1), DATE(2024,2,1))", 29),),
        _days, unit="days", excel="_xlfn.DAYS",
    ),
    Function(
        "EDATE", "dates", _SHIFT, "date",
        "The same day so many months later (or earlier), or the last day of that month.",
        (Example("EDATE(DATE(2024,1,31), 1)", 45351),),
        _edate,
    ),
    Function(
        "EOMONTH", "dates", _SHIFT, "date",
        "The last day of the month so many months later.",
        (Example("EOMONTH(DATE(2024,1,15), 1)", 45351),),
        _eomonth,
    ),
    Function(
        "DATEDIF", "dates", (Parameter("start", "date"), Parameter("end", "date"), Parameter("unit", "text")),
        "number",
        'Full years "Y", months "M" or days "D" between two dates; "YM", "MD", "YD" leave larger units out.',
        (Example('DATEDIF(DATE(2023,1,15), DATE(2024,3,14), "M")', 13),),
        _datedif, unit="unknown",
    ),
)  # fmt: skip
