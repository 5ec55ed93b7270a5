"""What a header says about the unit of its numbers: percent, thousands, millions, per month."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from metricsheet.language.currencies import CURRENCIES, SINGLE_SIGNS
from metricsheet.language.lexicon import joined, wordings
from metricsheet.patterns import any_of, late
from metricsheet.values.folding import fold, words


def _words(kind: str) -> str:
    """Return a pattern for the words of a kind; a star in them stands for any ending.

    Words stand for themselves, not inside others; words of Japanese stand anywhere, as no spaces part them.
    """
    words = [fold(word) for word in wordings(kind)]
    return "|".join(map(_alone, words)) or "(?!)"


def _alone(word: str) -> str:
    if joined(word):
        return re.escape(word)
    before = r"\b" if word[0].isalnum() else ""
    after = r"\w*" if word[-1] == "*" else r"\b" if word[-1].isalnum() else ""
    return before + re.escape(word.rstrip("*")) + after


def _money() -> tuple[str, str]:
    """Return the patterns of the signs and of the codes of currencies."""
    return f"[{re.escape(SINGLE_SIGNS)}]", any_of(code.casefold() for code in CURRENCIES)


def _thousands() -> str:
    sign, code = _money()
    return (
        rf"{_words('thousands')}|'000|\b000s?\b(?=\W*$)"
        rf"|(?:\bk|k(?=\W*$)){sign}|{sign} ?k\b|\bk ?(?:{code})\b|\b(?:{code}) ?k\b"
    )


def _millions() -> str:
    sign, code = _money()
    return rf"{_words('millions')}|\bm{sign}|{sign} ?mn?\b|\bmn? ?(?:{code})\b|\b(?:{code}) ?mn?\b"


_PERCENT = late(lambda: f"%|{_words('percent')}")
_MULTIPLIERS = (
    (late(lambda: _words("hundred_millions")), 1e8),
    (late(_millions), 1e6),
    (late(_thousands), 1e3),
    (late(lambda: _words("ten_thousands")), 1e4),
)
_MONTHLY = late(lambda: _words("monthly"))
_IN_BRACKETS = late(r"[(\[]([^()\[\]]*)[)\]]")
_APART = late(r"[,:/]")
_IN = late(r"\bin ")


def is_percent_header(header: str) -> bool:
    """Return whether the header says that its numbers are percents (``Open rate %``)."""
    return bool(header) and _PERCENT.search(fold(header)) is not None


def header_multiplier(header: str) -> float:
    """Return what one unit of the column is worth: 1000 under ``Umsatz (TEUR)`` or ``売上(千円)``, else 1.

    Only a unit counts, in brackets or at the end, so that ``Million-dollar accounts`` is not one.
    """
    folded = fold(header)
    for unit in _IN_BRACKETS.findall(folded) or [_at_end(folded)]:
        multiplier = _multiplier(unit)
        if multiplier != 1:
            return multiplier
    return 1.0


def _multiplier(unit: str) -> float:
    if unit.isascii() and unit.isalpha():
        return _single_words().get(unit, 1.0)
    return next((multiplier for pattern, multiplier in _MULTIPLIERS if pattern.search(unit)), 1.0)


@lru_cache(maxsize=1)
def _single_words() -> Mapping[str, float]:
    """Return the multipliers of single words: most headers end in another word, and need no pattern."""
    codes = [code.casefold() for code in CURRENCIES]
    return {
        **dict.fromkeys(map(fold, wordings("hundred_millions")), 1e8),
        **dict.fromkeys(map(fold, wordings("millions")), 1e6),
        **dict.fromkeys(map(fold, wordings("thousands")), 1e3),
        **{word: 1e6 for code in codes for word in (f"m{code}", f"{code}m", f"{code}mn")},
        **{word: 1e3 for code in codes for word in (f"k{code}", f"{code}k")},
        **dict.fromkeys(map(fold, wordings("ten_thousands")), 1e4),
    }


def is_monthly_header(header: str) -> bool:
    """Return whether the header says that its numbers are those of a month (``Average monthly revenue``)."""
    return bool(header) and _MONTHLY.search(fold(header)) is not None


def is_yearly_recurring(header: str) -> bool:
    """Return whether the header names the recurring revenue of a year (``Churned ARR``)."""
    return _says("yearly_recurring", header)


def is_monthly_recurring(header: str) -> bool:
    """Return whether the header names the recurring revenue of a month (``Churned MRR``)."""
    return _says("monthly_recurring", header)


def _says(kind: str, header: str) -> bool:
    return not _folded(kind).isdisjoint(words(header))


@lru_cache(maxsize=4)
def _folded(kind: str) -> frozenset[str]:
    return frozenset(map(fold, wordings(kind)))


def _at_end(folded: str) -> str:
    """Return what may be a unit at the end of a header: behind a sign, behind ``in``, or the last word."""
    *before, last = _APART.split(folded)
    if before:
        return last.lstrip(" ")
    if found := _IN.search(last):
        return last[found.end() :]
    return last.rpartition(" ")[2] if " " in last else last.partition("_")[2]
