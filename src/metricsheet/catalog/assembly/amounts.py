"""Amounts as analysts write them, typed by the unit of their metric: ``3:1``, ``5%``, ``€300``, ``1.5``.

Nothing is guessed: what can be read in two ways is refused with both ways written out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from metricsheet.catalog.definitions import Unit
from metricsheet.language.currencies import SINGLE_SIGNS, meant_by
from metricsheet.language.message import Message
from metricsheet.records import record

_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?"
_PLAIN = re.compile(_NUMBER, re.ASCII)
_RATIO = re.compile(rf"({_NUMBER})\s*:\s*({_NUMBER})", re.ASCII)
_TIMES = re.compile(rf"({_NUMBER})\s*[x×]", re.ASCII)
_PERCENT = re.compile(rf"({_NUMBER})\s*(?:%|percent)|%\s*({_NUMBER})", re.ASCII | re.IGNORECASE)
_MONEY = re.compile(
    rf"([-+]?)([^\s\d.+-]{{1,3}}(?:\.(?=\s))?)\s*({_NUMBER})|(?<!\d)({_NUMBER})\s*([^\s\d.]{{1,3}}\.?)",
    re.ASCII,
)
_COUNTED = re.compile(rf"({_NUMBER})\s*([a-z]+)", re.ASCII)
_THOUSANDS = re.compile(r"([-+]?)(\d{1,3}(?:[,' \u00a0\u202f_]\d{3})+)(\.\d+)?")
_POINT_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}", re.ASCII)

_UNIT_WORDS: dict[Unit, tuple[str, ...]] = {
    "points": ("points", "point", "pts", "pt"),
    "days": ("days", "day", "d"),
    "months": ("months", "month", "mo"),
    "count": (),
    "percent": (),
    "ratio": (),
    "money": (),
}
_UNIT_FORMS: dict[Unit, Message] = {
    "points": Message("form_points"),
    "percent": Message("form_percent"),
    "ratio": Message("form_ratio"),
    "money": Message("form_money"),
    "count": Message("form_count"),
    "days": Message("form_days"),
    "months": Message("form_months"),
}


@record
class Unreadable:
    """Why an amount cannot be used, and how to write it."""

    message: Message
    hint: Message | None = None


def read_amount(
    written: object, unit: Unit, currency: str, *, any_percent: bool = False
) -> float | Unreadable:
    """Return the number that ``written`` means for a metric in ``unit``; percentages are fractions.

    A plain number above 1 is refused for a percentage, as 5 may be meant as 5 % or as 500 %, unless
    ``any_percent`` says that plain numbers are fractions there.
    """
    if isinstance(written, bool) or not isinstance(written, int | float | str):
        return Unreadable(Message("bad_amount.expected", form=_UNIT_FORMS[unit], found=Message("no_number")))
    if isinstance(written, int | float):
        return _checked(float(written), f"{written}", unit, any_percent)
    text = " ".join(written.replace("−", "-").split())
    if _PLAIN.fullmatch(text):
        return _checked(float(text), text, unit, any_percent)
    reader = {"percent": _read_percent, "ratio": _read_ratio}.get(unit)
    value = reader(text) if reader is not None else _read_money(text, currency) if unit == "money" else None
    if value is None:
        value = _read_counted(text, unit)
    return value if value is not None else _unreadable(text, unit)


def write_amount(value: float, unit: Unit) -> str:
    """Return ``value`` as it may be written in a definition of ``unit``."""
    return f"{value * 100:.10g}%" if unit == "percent" else f"{value:.10g}"


def _checked(value: float, text: str, unit: Unit, any_percent: bool) -> float | Unreadable:
    if abs(value) >= 1e300:
        return Unreadable(
            Message("bad_amount.expected", form=_UNIT_FORMS[unit], found=Message("number_too_large_to_use")),
        )
    if unit == "percent" and abs(value) > 1 and not any_percent:
        message = Message("percent_above_one", text=text, percent=value * 100)
        return Unreadable(message, Message("write_percent_or", text=text, percent=value * 100))
    return value


def _read_percent(text: str) -> float | Unreadable | None:
    match = _PERCENT.fullmatch(text)
    return float(match.group(1) or match.group(2)) / 100 if match else None


def _read_ratio(text: str) -> float | Unreadable | None:
    match = _RATIO.fullmatch(text)
    if match is None:
        times = _TIMES.fullmatch(text)
        return float(times.group(1)) if times else None
    if float(match.group(2)) == 0:
        return Unreadable(Message("bad_amount.ratio_by_zero", text=text))
    return float(match.group(1)) / float(match.group(2))


def currency_of(written: object) -> str:
    """Return the currency that amounts in ``written``, a text or what holds some, name first, or ``""``."""
    if isinstance(written, Mapping):
        return next((found for value in written.values() if (found := currency_of(value))), "")
    if isinstance(written, list):
        return next((found for value in written if (found := currency_of(value))), "")
    if not isinstance(written, str):
        return ""
    symbols = (before or after for _, before, _, _, after in _MONEY.findall(written))
    return next((meant[0] for symbol in symbols if (meant := meant_by(symbol.strip()))), "")


def _read_money(text: str, currency: str) -> float | Unreadable | None:
    match = _MONEY.fullmatch(text)
    if match is None:
        return None
    sign, before, number, other_number, after = match.groups()
    if sign and number[0] in "+-":
        return None
    symbol = (before or after).strip()
    digits = (sign or "") + (number or other_number)
    meant = meant_by(symbol)
    if not meant and len(symbol) == 3 and symbol.isascii() and symbol.isalpha():
        meant = (symbol.upper(),)
    if not meant:
        return None
    if currency and currency not in meant:
        message = Message("other_currency", currency=currency, text=text, found=meant[0])
        return Unreadable(message, Message("write_or_set_currency", text=digits, currency=meant[0]))
    if _POINT_THOUSANDS.fullmatch(digits):
        hint = Message("write_either", text=digits.replace(".", ""), other=f"{float(digits):g}")
        return Unreadable(Message("bad_amount.two_ways", text=text), hint)
    return float(digits)


def _read_counted(text: str, unit: Unit) -> float | None:
    match = _COUNTED.fullmatch(text.lower())
    return float(match.group(1)) if match and match.group(2) in _UNIT_WORDS[unit] else None


def _unreadable(text: str, unit: Unit) -> Unreadable:
    found: Message | str = repr(text)
    hint = None
    grouped = _THOUSANDS.fullmatch(text.strip(SINGLE_SIGNS + " "))
    decimal = re.fullmatch(r"([-+]?\d+),(\d+)( ?%)?", text)
    if grouped:
        hint = Message("write_without_separators", text=re.sub("[^0-9.+-]", "", text))
    elif decimal:
        hint = Message(
            "write_decimals_with_point",
            whole=decimal.group(1),
            decimals=decimal.group(2),
            sign=decimal.group(3) or "",
        )
    elif _PERCENT.fullmatch(text):
        found = Message("found_percentage", text=text)
    elif _RATIO.fullmatch(text):
        found = Message("found_ratio", text=text)
    elif re.fullmatch(r"[-+]?[\d.]+\s*[kKmM]", text):
        hint = Message("write_all_zeros")
    return Unreadable(Message("bad_amount.expected", form=_UNIT_FORMS[unit], found=found), hint)
