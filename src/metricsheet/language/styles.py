"""How readers write numbers: separators, percent signs, currencies, durations."""

from __future__ import annotations

from collections.abc import Mapping

from metricsheet.language.words import words_of
from metricsheet.records import record


@record
class NumberStyle:
    """How one language writes numbers; ``{}`` in a pattern stands for the digits.

    ``money`` places a symbol (``{symbol}``), ``money_code`` a currency without one. ``days`` and ``months``
    hold the patterns for one and for any other number.
    """

    decimal: str
    group: str
    percent: str
    money: str
    money_code: str
    percentage_points: str
    days: tuple[str, str]
    months: tuple[str, str]
    between: str


SYMBOLS: Mapping[str, str] = {
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "CA$",
    "CNY": "CN¥",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "ILS": "₪",
    "INR": "₹",
    "JPY": "¥",
    "KRW": "₩",
    "MXN": "MX$",
    "NGN": "₦",
    "NZD": "NZ$",
    "PHP": "₱",
    "RUB": "₽",
    "TRY": "₺",
    "UAH": "₴",
    "USD": "$",
    "VND": "₫",
}
"""Currency signs that no reader mistakes for another currency; every other currency is shown by its code."""

MINOR_DIGITS = {"CLP": 0, "ISK": 0, "JPY": 0, "KRW": 0, "PYG": 0, "VND": 0, "BHD": 3, "KWD": 3, "OMR": 3}
"""Decimals of money where a currency does not have two."""


def style_of(language: str) -> NumberStyle:
    """Return how ``language`` writes numbers; English where the language is unknown."""
    found: NumberStyle = words_of(language).NUMBERS
    return found


def currency_code(currency: str) -> str:
    """Return the letters and digits of a currency code, which is all that may stand in a pattern."""
    return "".join(c for c in currency if c.isalnum())
