"""One number written as text: digits, sign, percent and currency, before the decimal mark is known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from math import inf, isfinite
from typing import Literal

from metricsheet.language.currencies import forms, same_currency
from metricsheet.language.lexicon import currency_names, meanings
from metricsheet.patterns import any_of, late
from metricsheet.records import record
from metricsheet.values.folding import fold

DecimalMark = Literal[".", ","]
DECIMAL_MARKS: tuple[DecimalMark, ...] = (".", ",")

_DASHES = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "▲": "-",  # Japanese accounts mark a loss with a triangle
        "△": "-",
        "’": "'",
        "‘": "'",
        "\x92": "'",  # the apostrophe of Windows, read as another encoding
        "٫": ".",
        "\u200b": "",
        "\u200e": "",
        "\u200f": "",
        "\ufeff": "",
    }
)
_UNIT = r"(%|[^\s0-9()+%-]{1,5}|[^\W\d_][^0-9()+%]{1,39}[^\W\d_])"  # or anything else: it is looked up
_BEFORE = late(rf"(\()? *+([-+])? *+{_UNIT}? *+([-+])? *+(\()? *+\Z")
_BODY = late(r"((?:[0-9]|(?<![a-z])[.,](?=[0-9]))[0-9.,' ]*)(e[-+]?[0-9]{1,3})?")
_AFTER = late(
    lambda: rf"([.,]-{{1,2}})? *+(\))? *+({any_of(meanings('powers_of_ten'))})? *+{_UNIT}? *+(-)? *+(\))?\Z"
)


def _shape(group: str, mark: str) -> str:
    """Return the pattern of a number with ``mark`` before its decimals and ``group`` between thousands."""
    group, mark = re.escape(group), re.escape(mark)
    whole = (
        rf"[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+"
        r"|[1-9][0-9]{0,2}(?:'[0-9]{3})+"
        r"|[1-9][0-9]{0,2}(?: [0-9]{3})+"
        rf"|[1-9][0-9]?(?:{group}[0-9]{{2}})+{group}[0-9]{{3}}"  # lakh and crore
        r"|[0-9]+"
    )
    return rf"(?:(?:{whole})(?:{mark}[0-9]+)?|{mark}[0-9]+)\Z"


_POINT, _COMMA = late(lambda: _shape(",", ".")), late(lambda: _shape(".", ","))
_POINT_ALONE, _COMMA_ALONE = (late(rf"[0-9]*(?:{m}[0-9]+)?\Z") for m in (r"\.", ","))

_PART = late(lambda: rf"(?<![0-9,.])([0-9][0-9,]*(?:\.[0-9]+)?) ?({any_of(meanings('powers_of_ten'))}) ?")
_IN_POWERS = late(
    lambda: (
        rf"([^0-9]*)((?:[0-9][0-9,]*(?:\.[0-9]+)? ?(?:{any_of(meanings('powers_of_ten'))}) ?)+)"
        r"([0-9][0-9,]*)?([^0-9]*)\Z"
    )
)
"""A number in powers of ten, one after the other, and what is left below the last."""


@record
class Numeral:
    """A number as written. ``with_point`` and ``with_comma`` are its values under either decimal mark.

    ``None`` means that the text cannot be read with that mark. ``mark_used`` is the one ``.`` or ``,`` of a
    numeral that could be either thousands or decimals (``1,234``), else ``""``. ``percent`` values are
    fractions already. ``bare`` numerals are whole and written with digits alone.
    """

    with_point: float | None
    with_comma: float | None
    percent: bool = False
    currency: str = ""
    mark_used: str = ""
    bare: bool = False

    @property
    def ambiguous(self) -> bool:
        """Return whether the two decimal marks give two different numbers."""
        return self.mark_used != ""

    @property
    def proves(self) -> DecimalMark | None:
        """Return the decimal mark that this numeral alone proves, or ``None``."""
        if self.with_point is None:
            return ","
        return "." if self.with_comma is None else None

    @property
    def grouped(self) -> float:
        """Return the value of an ambiguous numeral when its mark separates thousands."""
        value = self.with_point if self.mark_used == "," else self.with_comma
        assert value is not None
        return value

    def value(self, mark: DecimalMark) -> float | None:
        """Return the number under a decimal mark, or ``None`` when it cannot be written so."""
        return self.with_point if mark == "." else self.with_comma


def parse_numeral(text: str) -> Numeral | None:
    """Return the number that ``text`` writes, or ``None`` when it is not one number and nothing else.

    Understands signs before and after, ``(1,234)``, percent signs on either side, currencies, full-width
    characters, ``'`` and spaces of any width between thousands, ``5千円``, ``5万円``, ``50.-``, ``1.5E+3``.
    """
    plain = text
    if not text.isascii():
        if any(unicodedata.category(c) == "No" for c in text):
            return None  # 10² and ½ would turn into other numbers
        plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    plain = " ".join(plain.casefold().split())
    if powers := _IN_POWERS.match(plain):
        plain = _without_powers(powers) or plain
    found = _BODY.search(plain)
    if found is None:
        return None
    before, after = _BEFORE.match(plain[: found.start()]), None
    body = found[1].rstrip(" ")
    rest = found[1][len(body) :] + plain[found.end() :]
    if found[2] is None and body[-1] in ".,":
        body, rest = body[:-1], body[-1] + rest
    if before is not None:
        after = _AFTER.match(rest)
    if before is None or after is None or not body:
        return None
    return _numeral(before, body, found[2] or "", after)


@lru_cache(maxsize=1)
def _currency_names() -> Mapping[str, str]:
    return {fold(name): code for name, code in currency_names().items()}


def _without_powers(found: re.Match[str]) -> str | None:
    """Return ``12万3,000円`` as ``123000円``; ``None`` where the powers do not fall, or there is but one."""
    parts = _PART.findall(found[2])
    if len(parts) == 1 and not found[3]:
        return None
    total, last = 0.0, inf
    for digits, power in parts:
        size = 10 ** meanings("powers_of_ten")[power]
        if size >= last:
            return None
        total, last = total + float(digits.replace(",", "")) * size, size
    rest = float((found[3] or "0").replace(",", ""))
    if rest >= last or total != int(total):
        return None
    return f"{found[1]}{int(total + rest)}{found[4]}"


def _numeral(before: re.Match[str], body: str, exponent: str, after: re.Match[str]) -> Numeral | None:
    open1, sign1, unit1, sign2, open2 = before.groups()
    _, close1, multiplier, unit2, sign3, close2 = after.groups()
    signs = [sign for sign in (sign1, sign2, sign3) if sign]
    opened, closed = bool(open1) + bool(open2), bool(close1) + bool(close2)
    if opened != closed or opened + len(signs) > 1:
        return None
    if unit1 and unit2 and (unit1 == "%" or not same_currency(unit1, unit2)):
        return None
    unit = max(unit1 or "", unit2 or "", key=len)  # of $50 USD the code says more
    currency = "" if unit == "%" else forms().get(unit) or _currency_names().get(fold(unit), "")
    if unit and unit != "%" and not currency:
        return None
    percent = unit == "%"
    power = int(exponent[1:] or 0) - 2 * percent
    if multiplier:
        power += meanings("powers_of_ten")[multiplier]
    sign = "-" if opened or "-" in signs else ""
    # a number in powers of ten has no thousands: its mark is the decimal mark
    point = _value(_POINT_ALONE if exponent else _POINT, body, ".", sign, power)
    comma = _value(_COMMA_ALONE if exponent else _COMMA, body, ",", sign, power)
    if point is None and comma is None:
        return None
    both = point is not None and comma is not None and point != comma
    mark = ("," if "," in body else ".") if both else ""
    bare = not exponent and not multiplier and body.isdigit()
    return Numeral(point, comma, percent, currency, mark, bare)


def _value(shape: re.Pattern[str], body: str, mark: str, sign: str, power: int) -> float | None:
    if shape.match(body) is None:
        return None
    digits = (
        body.replace("." if mark == "," else ",", "").replace("'", "").replace(" ", "").replace(mark, ".")
    )
    number = float(f"{sign}{digits}e{power}")
    return number + 0.0 if isfinite(number) else None
