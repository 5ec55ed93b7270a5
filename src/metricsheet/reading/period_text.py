"""A quarter, week, year or month in digits as people write it: ``Q1 2024``, ``2024 Ç1``, ``KW 12``."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal

from metricsheet.language.lexicon import signs, wordings
from metricsheet.patterns import any_of, late
from metricsheet.records import record
from metricsheet.values.folding import fold

_LONGEST = 40


@record
class WrittenPeriod:
    """A period and how its year is written.

    ``number`` counts within the year: 1 to 4 for a quarter, 1 for a year. ``year`` is ``""`` where there is
    none, ``24`` or ``2024``. ``fiscal`` says that its year need not begin in January; ``iso`` is a week of
    the ISO calendar.
    """

    kind: Literal["week", "month", "quarter", "year"]
    number: int
    year: str
    fiscal: bool = False
    iso: bool = False


def plain_text(text: str) -> str:
    """Return ``text`` in lower case and usual width with single spaces, its accents kept."""
    return " ".join((text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold().split())


@lru_cache(maxsize=4096)
def written_period(plain: str) -> WrittenPeriod | None:
    """Return the period that ``plain`` writes with digits and a word for its kind, else ``None``.

    ``plain`` is made by ``plain_text`` or ``fold``. Months with a name and dates are not looked for.
    """
    if len(plain) > _LONGEST or not any(map(str.isdigit, plain)):
        return None
    if match := _YEAR.match(plain):
        before, year, after, short = match.groups()
        return WrittenPeriod("year", 1, year or short, fiscal=bool(before or after or short))
    if not any(map(str.isalpha, plain)):
        return None
    if match := _QUARTER.match(plain):
        letter_first, letter_last, named, fiscal, year = match.groups()
        number = int(letter_first or letter_last or named)
        return WrittenPeriod("quarter", number, year or "", fiscal=bool(fiscal))
    if match := _YEAR_QUARTER.match(plain):
        before, year, after, *numbers = match.groups()
        number = int(next(filter(None, numbers)))
        return WrittenPeriod("quarter", number, year, fiscal=bool(before or after))
    if match := _WEEK.match(plain):
        iso, week, year, iso_year, iso_week, bare = match.groups()
        return WrittenPeriod(
            "week", int(week or iso_week or bare), year or iso_year or "", iso=bool(iso or iso_year)
        )
    if match := _MONTH.match(plain):
        year, month, fiscal = match.groups()
        return WrittenPeriod("month", int(month), year or "", fiscal=bool(fiscal))
    return None


def _spellings(kind: str) -> str:
    """Return a pattern for the words of a kind, with their accents or without."""
    words = wordings(kind)
    return any_of([*(word.casefold() for word in words), *map(fold, words)])


def _quarter() -> str:
    """Return the pattern of a quarter without its year; a letter counts with its cedilla only: ``ç1``."""
    letters = "".join(sorted(set(wordings("quarter_letters"))))
    ordinal = rf"(?:{any_of(wordings('ordinal_before'))})?([1-4])(?:\.|{_spellings('ordinals')})?"
    return rf"(?:[{letters}]([1-4])|([1-4])[{letters}]|{ordinal} ?(?:{_spellings('quarter_after')}))"


def _fiscal_before() -> str:
    return rf"({any_of(wordings('fiscal_year_before'))})"


def _year_signs() -> str:
    """Return the pattern of what may follow a year; the group is what makes it a fiscal one."""
    return rf"(?:({any_of(wordings('fiscal_year_after'))})|(?:{any_of(signs('date_signs')[0])}))?"


_QUARTER = late(lambda: rf"{_quarter()}(?:[ /'-]*{_fiscal_before()}?([0-9]{{2,4}}))?\Z")
_YEAR_QUARTER = late(lambda: rf"{_fiscal_before()}?([0-9]{{4}}){_year_signs()}[ /-]*{_quarter()}\Z")
_YEAR = late(
    lambda: (
        rf"(?:{_fiscal_before()} ?)?((?:19|20)[0-9]{{2}}){_year_signs()}\Z"
        rf"|(?:{any_of(wordings('fiscal_year_before'))}) ?'?([0-9]{{2}})\Z"
    )
)
_WEEK = late(
    lambda: (
        rf"(?:({any_of(wordings('iso_week_before'))})|{_spellings('week_before')}) ?([0-9]{{1,2}})"
        rf"(?:[ /-]+([0-9]{{2,4}}))?\Z"
        rf"|([0-9]{{4}})-?w([0-9]{{2}})\Z"
        rf"|(?:{any_of(wordings('ordinal_before'))})?([0-9]{{1,2}})(?:{any_of(wordings('week_after'))})\Z"
    )
)
_MONTH = late(
    lambda: (
        rf"(?:([0-9]{{4}})(?:{any_of(signs('date_signs')[0])}))?([0-9]{{1,2}})"
        rf"(?:({any_of(wordings('fiscal_month_after'))})|{any_of(signs('date_signs')[1])})\Z"
    )
)
