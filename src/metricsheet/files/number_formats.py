"""Number formats of workbooks: which of them make a number a date or a duration, and which one."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Literal, TypeAlias

from metricsheet.files.book import RawCell
from metricsheet.values.dates import from_serial

FormatKind: TypeAlias = Literal["number", "date", "duration"]

_BUILT_IN: dict[int, str] = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    37: "#,##0 ;(#,##0)",
    38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)",
    46: "[h]:mm:ss",
    48: "##0.0E+0",
    49: "@",
    **dict.fromkeys((*range(14, 18), *range(27, 37), *range(50, 59)), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, 45, 47), "h:mm:ss"),
    22: "yyyy-mm-dd h:mm",
}
"""Formats that a file names by number alone; dates without the order that each country gives them."""

_DAYS_TO_1904 = 1462


def built_in_format(number: int) -> str:
    """Return the code of a format that files name by its number; ``""`` (general) for others."""
    return _BUILT_IN.get(number, "")


def format_kind(code: str) -> FormatKind:
    """Return what a number is under a format code, by the part of it for positive numbers."""
    skip = quoted = False
    bracket = ""
    inside = False
    afternoon = False
    for sign in code.lower():
        if skip:
            skip = False
        elif quoted:
            quoted = sign != '"'
        elif inside:
            if sign == "]":
                inside = False
                if bracket and len(set(bracket)) == 1 and bracket[0] in "hms":
                    return "duration"
            bracket += sign
        elif sign in "_\\":
            skip = True
        elif sign == '"':
            quoted = True
        elif sign == ";":
            break
        elif sign == "[":
            inside, bracket = True, ""
        elif sign in "dmhys" or (afternoon and sign in "p/"):
            return "date"
        else:
            afternoon = afternoon or sign == "a"
    return "number"


@lru_cache(maxsize=4096)
def moment(serial: float, *, since_1904: bool = False) -> RawCell:
    """Return the date, time or moment of a number formatted as one; the number where there is none."""
    if serial < 0:
        return serial
    try:
        found = from_serial(serial + _DAYS_TO_1904 * since_1904)
    except ValueError:
        return serial
    if serial < 1:
        return found.time()
    return found if found.time() != dt.time() else found.date()


def duration(days: float) -> RawCell:
    """Return the duration of a number of days; the number where it is too long."""
    try:
        return dt.timedelta(milliseconds=round(days * 86_400_000))
    except (OverflowError, ValueError):
        return days
