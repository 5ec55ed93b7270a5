"""Names of months and days by their folded spelling, in all languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from metricsheet.language import lexicon
from metricsheet.values.folding import fold


@lru_cache(maxsize=1)
def month_names() -> Mapping[str, int]:
    """Return the number of a month by its folded name or abbreviation."""
    return {fold(name): number for number, names in enumerate(lexicon.months(), 1) for name in names}


@lru_cache(maxsize=1)
def weekday_names() -> frozenset[str]:
    """Return the folded names of the days of the week, and their abbreviations."""
    return frozenset(map(fold, (*lexicon.wordings("weekdays"), *lexicon.wordings("weekdays_short"))))


def names_weeks(header: str) -> bool:
    """Return whether a header says that its column holds weeks (``Week``, ``KW``, ``週``)."""
    return fold(header) in _week_headers()


@lru_cache(maxsize=1)
def _week_headers() -> frozenset[str]:
    return frozenset(map(fold, lexicon.wordings("week_column")))
