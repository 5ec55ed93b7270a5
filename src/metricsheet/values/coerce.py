"""One kind of value to another, as Excel's operators and functions do it."""

from __future__ import annotations

import re

from metricsheet.language.message import Message
from metricsheet.patterns import late
from metricsheet.values import NUM, VALUE, Cell, ExcelError
from metricsheet.values.dates import days_in_month, serial_of

_NUMBER = late(
    r"""\s*+(?P<sign>[+-]?)\s*+(?P<before>[$€£¥])?\s*+(?P<sign2>[+-]?)
    (?P<digits>[0-9]{1,3}(?:,[0-9]{3})++(?:\.[0-9]*+)?+|[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?P<power>[eE][+-]?[0-9]{1,3})?
    \s*+(?P<after>[$€£¥%])?\s*+""",
    re.VERBOSE,
)
_DATE = late(
    r"(?P<y>[0-9]{4})(?P<sep>[-/])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})(?:[ T](?P<clock>[0-9:]+))?"
)
_CLOCK = late(r"(?P<h>[0-9]{1,2}):(?P<n>[0-9]{2})(?::(?P<s>[0-9]{2}))?")


def number_from_text(text: str) -> float | None:
    """Return the number that Excel takes ``text`` for, or ``None``.

    Spaces around, thousands commas, a sign or parentheses for below zero, one currency sign, ``%``, a time
    ``14:30`` and a date ``2024-01-31`` (as its serial number) are understood, in any language alike.
    """
    found = _NUMBER.fullmatch(text)
    if found is None:
        if text.startswith("(") and text.endswith(")"):
            inner = _NUMBER.fullmatch(text[1:-1])
            number = (
                number_from_text(text[1:-1]) if inner and not inner["sign"] and not inner["sign2"] else None
            )
            return None if number is None else -number
        return date_from_text(text)
    if (found["sign"] and found["sign2"]) or (found["before"] and found["after"] not in (None, "%")):
        return None
    value = float(found["digits"].replace(",", "") + (found["power"] or ""))
    if value == float("inf"):
        return None
    if found["after"] == "%":
        value /= 100
    return -value if "-" in (found["sign"], found["sign2"]) else value


def date_from_text(text: str) -> float | None:
    """Return the serial number of a date or time that a text spells alike in any language, or ``None``."""
    found = _DATE.fullmatch(text)
    if found is None:
        return _clock(text)
    year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
    if year < 1900 or not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        return None
    serial = serial_of(year, month, day)
    time = _clock(found["clock"]) if found["clock"] else 0.0
    return None if serial is None or time is None else serial + time


def _clock(text: str) -> float | None:
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hour, minute, second = int(found["h"]), int(found["n"]), int(found["s"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return (hour * 3600 + minute * 60 + second) / 86400


def to_number(cell: Cell) -> float | ExcelError:
    """Return the number an operator takes ``cell`` for: blank 0, ``TRUE`` 1, text by its digits.

    An error stays as it is; other text is ``#VALUE!`` with the text in its reason.
    """
    if cell.__class__ is float:
        return cell
    if cell is None:
        return 0.0
    if isinstance(cell, ExcelError):
        return cell
    if isinstance(cell, str):
        number = number_from_text(cell)
        return not_a_number(cell) if number is None else number
    try:
        return float(cell)
    except OverflowError:
        return ExcelError(NUM, Message("number_too_large"))


def not_a_number(text: str) -> ExcelError:
    """Return the ``#VALUE!`` of a text where a number must be."""
    shown = text if len(text) <= 40 else text[:39] + "…"
    return ExcelError(
        VALUE, Message("text_not_number", text=shown) if text else Message("empty_text_not_number")
    )


def to_logical(cell: Cell) -> bool | ExcelError:
    """Return the truth of ``cell``: zero and blank are false, other numbers true, text only by its words."""
    if isinstance(cell, (bool, ExcelError)):
        return cell
    if cell is None:
        return False
    if isinstance(cell, str):
        word = cell.upper()
        if word in ("TRUE", "FALSE"):
            return word == "TRUE"
        return ExcelError(VALUE, Message("text_not_logical", text=cell[:40]))
    return cell != 0


def to_text(cell: Cell) -> str | ExcelError:
    """Return the text ``&`` takes ``cell`` for: numbers with up to 15 digits, logicals as words."""
    if isinstance(cell, (str, ExcelError)):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return number_to_text(cell)


def number_to_text(number: float) -> str:
    """Return ``number`` as Excel's General format writes it into text: 15 digits, ``E`` past 20 places."""
    mantissa, _, power = f"{number:.14e}".partition("e")
    exponent = int(power)
    sign = "-" if mantissa.startswith("-") else ""
    digits = mantissa.lstrip("-").replace(".", "").rstrip("0")
    if not digits:
        return "0"
    if exponent >= len(digits) - 1:
        fixed = digits + "0" * (exponent - len(digits) + 1)
    elif exponent >= 0:
        fixed = f"{digits[: exponent + 1]}.{digits[exponent + 1 :]}"
    else:
        fixed = "0." + "0" * (-exponent - 1) + digits
    if len(fixed) <= 20:
        return sign + fixed
    point = "." if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{point}{digits[1:]}E{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
