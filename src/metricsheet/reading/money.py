"""Which currency amounts are in: said by a number format, a header, or a column of currencies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

from metricsheet.language.currencies import CURRENCIES, SHARED, SINGLE_SIGNS, meant_by, one_currency
from metricsheet.language.lexicon import wordings
from metricsheet.patterns import any_of, late
from metricsheet.reading.header_units import is_percent_header
from metricsheet.values import Cell
from metricsheet.values.folding import fold, words

Currencies: TypeAlias = str | Sequence[str]
"""The currency of all cells (``""`` where nothing says it), or one for every row."""

_LOCALE = late(r"\[\$([^\[\]-]*+)(?:-([0-9a-f]+))?\]", re.IGNORECASE)
_QUOTED = late(r'"([^"]*)"|\\(.)|\[[^\[\]]*+\]|[_*].')
_IN_COUNTRY = {
    **dict.fromkeys(("409", "10409"), "USD"),
    **dict.fromkeys(("1009", "c0c"), "CAD"),
    **dict.fromkeys(("404",), "TWD"),
    "c09": "AUD",
    "1409": "NZD",
    "4809": "SGD",
    "80a": "MXN",
    "c04": "HKD",
    "411": "JPY",
    "804": "CNY",
    "41d": "SEK",
    "406": "DKK",
    "414": "NOK",
    "40f": "ISK",
}
"""What a sign that several countries share means in the language of one, by Microsoft's codes (LCID)."""

_CODE_IN_HEADER = late(lambda: rf"(?<![A-Za-z])(?:[TtKkMm]|Mio\.? ?|Mn ?)?({any_of(CURRENCIES)})(?![A-Za-z])")
_LETTERS = tuple(form for one in CURRENCIES.values() for form in one.written.split() if not form.isascii())
"""Signs that are letters, such as that of the yen: they are beside other words."""
_CODE_APART = late(lambda: rf"(?:_|\(|\bin ) ?({any_of(CURRENCIES)})(?![a-z])", re.IGNORECASE)
_SIGN_IN_HEADER = late(lambda: rf"(?:[A-Z]{{1,3}})?[{re.escape(SINGLE_SIGNS)}]|{any_of(_LETTERS)}")


@lru_cache(maxsize=256)
def currency_of_format(code: str) -> str:
    """Return the currency that a number format shows, ``""`` where it shows none.

    ``[$€-407]`` and ``"€"`` are euros, ``[$$-1009]`` Canadian dollars; a dollar alone stays ``$``.
    """
    for sign, locale in _LOCALE.findall(code):
        found = _sign(sign)
        if found:
            return _IN_COUNTRY.get(locale.lower().lstrip("0"), found) if found in SHARED else found
    quoted = [text or escaped for text, escaped in _QUOTED.findall(code)]
    bare = _QUOTED.sub("", code)
    return next((found for text in (*quoted, *bare) if (found := _sign(text))), "")


@lru_cache(maxsize=256)
def is_percent_format(code: str) -> bool:
    """Return whether a number format shows a number as a percent."""
    return "%" in _QUOTED.sub("", code)


def _sign(text: str) -> str:
    """Return the currency of a sign or code, a sign that several share as it is; ``""`` for another text."""
    form = text.strip().casefold().rstrip(".")
    if form in SHARED:
        return form if form != "ft" else ""
    meant = meant_by(form) if form else ()
    return meant[0] if meant else ""


@lru_cache(maxsize=1024)
def currency_of_header(header: str) -> str:
    """Return the currency that a header names (``Revenue (EUR)``, ``Umsatz T€``, ``売上（円）``)."""
    found = [_sign(sign) or _sign(sign[-1]) for sign in _SIGN_IN_HEADER.findall(header)]
    found += [code.upper() for code in (*_CODE_IN_HEADER.findall(header), *_CODE_APART.findall(header))]
    named = one_currency(code for code in found if code)
    return named[0] if len(named) == 1 else ""


def unit_of_header(header: str) -> Literal["money", "percent"] | None:
    """Return the unit that a header over values of any kind names: ``Cost``, ``Betrag``, ``Share (%)``."""
    if is_percent_header(header):
        return "percent"
    named = not _money_headers().isdisjoint(words(header)) or currency_of_header(header)
    return "money" if named else None


@lru_cache(maxsize=1)
def _money_headers() -> frozenset[str]:
    return frozenset(map(fold, wordings("money_headers")))


def currency_columns(headers: Sequence[str], amount: str) -> list[int]:
    """Return which of ``headers`` may name the column of currencies of the column ``amount``, best first.

    ``Converted Currency`` is that of ``Converted Amount``, a bare ``Currency`` that of all others.
    """
    named = set(words(amount))
    found = []
    for column, header in enumerate(headers):
        rest = _rest_of_currency_header(header) if header else None
        if rest is not None and named.issuperset(rest.split()):
            found.append((-len(rest.split()), column))
    return [column for _, column in sorted(found)]


def together(said: Sequence[Currencies], rows: int) -> Currencies:
    """Return what several places say of the currency of ``rows`` cells; where they differ, all of it."""
    if all(isinstance(one, str) for one in said):
        found = one_currency(one for one in said if isinstance(one, str))
        if len(found) == 1:
            return found[0]
    columns = [[one] * rows if isinstance(one, str) else one for one in said]
    return [" ".join(one_currency(filter(None, row))) for row in zip(*columns, strict=True)]


def with_given(said: Currencies, given: str) -> Currencies:
    """Return what cells say of their currency with what a person says where they say none.

    ``$`` becomes the dollar that is given; of rows that name a currency each keeps its own. Amounts that all
    are in another currency than the given one are in both, which makes no figure.
    """
    if isinstance(said, str):
        return " ".join(one_currency(filter(None, (said, given))))
    either = {one: " ".join(one_currency((one, given))) if one else given for one in set(said)}
    return [either[one] if either[one] in ("", given) else one for one in said]


def _rest_of_currency_header(header: str) -> str | None:
    """Return what a header says besides that its column holds currencies; ``None`` where it does not say it.

    ``Currency`` says nothing else, ``Converted Currency`` is the currency of the converted amount.
    """
    folded = " ".join(words(header))
    for word in _currency_words():
        if folded == word:
            return ""
        if folded.endswith(f" {word}"):
            return folded.removesuffix(word).strip()
    return None


@lru_cache(maxsize=1)
def _currency_words() -> tuple[str, ...]:
    return tuple(sorted({fold(word) for word in wordings("currency_column")}, key=len, reverse=True))


def currencies_in_column(cells: Sequence[Cell]) -> Sequence[str] | None:
    """Return the currency that each cell of a column names; ``None`` where most cells name none."""
    known: dict[Cell, str] = {}
    for cell in set(cells):
        text = cell.strip() if isinstance(cell, str) else ""
        code = text.upper() if len(text) == 3 and text.isascii() and text.isalpha() else ""
        known[cell] = (_sign(text) or code) if text else ""
    found = [known[cell] for cell in cells]
    filled = sum(cell is not None for cell in cells)
    return found if found and 2 * sum(map(bool, found)) > filled else None


def by_row(currencies: Sequence[str]) -> Currencies:
    """Return currencies of rows as one where all that are known are the same."""
    different = set(currencies)
    different.discard("")
    return currencies if len(different) > 1 else next(iter(different), "")


def currency_of_formats(formats: Sequence[str]) -> Currencies:
    """Return the currency of cells by their number formats."""
    codes = {code: currency_of_format(code) for code in set(formats)}
    if len(set(codes.values()) - {""}) < 2:
        return next((code for code in codes.values() if code), "")
    return [codes[code] for code in formats]


def shown_currency(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the different currencies among ``codes``; a shared sign alone is what it means first."""
    firsts = {"$": "USD", "¥": "JPY"}
    return tuple(firsts.get(code, code) for code in one_currency(code for code in codes if code))
