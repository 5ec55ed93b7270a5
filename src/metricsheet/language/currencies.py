"""Currencies: their codes, the signs they are shown with, and what people write for them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from metricsheet.records import record


@record
class Currency:
    """How a currency is written.

    ``sign`` is what it is shown with, ``""`` where its code is clearer. ``written`` are further forms that
    mean this currency and no other, apart by spaces. ``decimals`` is how many its amounts have.
    """

    sign: str = ""
    written: str = ""
    decimals: int = 2


CURRENCIES: Mapping[str, Currency] = {
    "USD": Currency("$", "us$"),
    "EUR": Currency("€", "euro"),
    "GBP": Currency("£"),
    "JPY": Currency("¥", "jp¥ 円", 0),
    "TRY": Currency("₺", "tl"),
    "ARS": Currency(),
    "AUD": Currency("A$"),
    "BHD": Currency(decimals=3),
    "BRL": Currency("R$"),
    "CAD": Currency("CA$", "c$"),
    "CHF": Currency("", "fr. sfr."),
    "CLP": Currency(decimals=0),
    "CNY": Currency("CN¥", "元"),
    "COP": Currency(decimals=0),
    "CZK": Currency("", "kč"),
    "DKK": Currency(),
    "HKD": Currency("HK$"),
    "HUF": Currency(decimals=0),
    "ILS": Currency("₪"),
    "INR": Currency("₹"),
    "ISK": Currency(decimals=0),
    "KRW": Currency("₩", "", 0),
    "KWD": Currency(decimals=3),
    "MXN": Currency("MX$"),
    "NGN": Currency("₦"),
    "NOK": Currency(),
    "NZD": Currency("NZ$"),
    "OMR": Currency(decimals=3),
    "PHP": Currency("₱"),
    "PLN": Currency("", "zł"),
    "PYG": Currency(decimals=0),
    "RUB": Currency("₽"),
    "SEK": Currency(),
    "SGD": Currency(),
    "TWD": Currency(),
    "UAH": Currency("₴"),
    "VND": Currency("₫", "", 0),
}
"""Every other currency is read and shown by nothing but its code."""

SHARED: Mapping[str, tuple[str, ...]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "TWD", "CLP", "COP", "ARS"),
    "¥": ("JPY", "CNY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "ft": ("HUF",),
    "rs": ("INR", "PKR", "LKR", "NPR", "MUR"),
}
"""Signs that definitions, which name their currency, may write for any of these.

In cells they mean the currency that is shown with them (``$`` is ``USD``), that of the other cells where one
of these is meant there (``Rs.`` beside ``₹``), else a currency that is shown as it is written (``kr``).
``ft`` is a length as well, and means nothing in cells.
"""

_UNSURE = frozenset({"kr", "kr.", "rs", "rs."})
"""Signs in cells of a currency that only other cells or the reader can name."""

SIGNS: Mapping[str, str] = {code: one.sign for code, one in CURRENCIES.items() if one.sign}
"""The sign of each currency that is shown with one: no reader mistakes it for another currency."""

SINGLE_SIGNS = "".join(sign for sign in SIGNS.values() if len(sign) == 1)
"""The signs of one character: ``$€£¥₺…``."""


def decimals_of(currency: str) -> int:
    """Return how many decimals amounts of a currency have; two where nothing else is known."""
    known = CURRENCIES.get(currency)
    return 2 if known is None else known.decimals


@lru_cache(maxsize=1)
def forms() -> Mapping[str, str]:
    """Return what forms in cells, in lower case, mean: the code of a currency, or a sign that is shared."""
    found = {}
    for code, one in CURRENCIES.items():
        for form in (one.sign, code, *one.written.split()):
            if form:
                found[form.casefold()] = code
    return found | {form: form.rstrip(".") for form in _UNSURE} | {"$": "$", "¥": "¥"}


def one_currency(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the different currencies of cells; a shared sign is the one beside it that it may mean."""
    found = dict.fromkeys(codes)
    sure = [code for code in found if code not in SHARED]
    return (*sure, *(sign for sign in found if sign in SHARED and not set(SHARED[sign]) & set(sure)))


def same_currency(form: str, other: str) -> bool:
    """Return whether two forms, in lower case, may mean one currency: ``$`` and ``cad``."""
    return not set(meant_by(form)).isdisjoint(meant_by(other))


def meant_by(form: str) -> tuple[str, ...]:
    """Return the codes that a form may mean where the currency is known, ``()`` for no form of one."""
    form = unicodedata.normalize("NFKC", form).casefold()
    own = forms().get(form)
    return SHARED.get(form.rstrip(".")) or ((own,) if own else ())
