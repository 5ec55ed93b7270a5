"""Dates and periods the way a reader writes them."""

from __future__ import annotations

from metricsheet.language.words import words_of
from metricsheet.patterns import late
from metricsheet.records import record

_ISO_DAY = late(r"(\d{4})-(\d{2})-(\d{2})")
_ISO_MONTH = late(r"(\d{4})-(0[1-9]|1[0-2])")
_QUARTER = late(r"(\d{4})-Q([1-4])")
_YEAR = late(r"\d{4}")


@record
class Period:
    """A period by its label, or a day, before it is said."""

    label: str | None

    def said(self, language: str) -> str:
        """Return the period as a reader of ``language`` writes it."""
        return display_period(self.label, language)

    def __str__(self) -> str:
        return display_period(self.label)


def display_date(iso: str, language: str = "en") -> str:
    """Return an ISO date (``2024-03-15``) as a reader writes it; other text comes back as it is.

    English spells the month, since 3/4 is March to one reader and April to another.
    """
    found = _ISO_DAY.fullmatch(iso)
    if found is None:
        return iso
    year, month, day = (int(part) for part in found.groups())
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return iso
    words = words_of(language)
    name = words.MONTHS[month - 1]
    said: str = words.PERIODS["day"].format(year=f"{year:04}", month=month, day=day, name=name)
    return said


def display_period(period: str | None, language: str = "en") -> str:
    """Return a period label (``2024``, ``2024-Q1``, ``2024-03``) or an ISO date as a reader writes it.

    Other text comes back as it is, and ``""`` for no period.
    """
    if not period:
        return ""
    words = words_of(language)
    quarter = _QUARTER.fullmatch(period)
    month = _ISO_MONTH.fullmatch(period)
    said: str
    if quarter is not None:
        said = words.PERIODS["quarter"].format(year=quarter[1], quarter=quarter[2])
    elif month is not None:
        number = int(month[2])
        said = words.PERIODS["month"].format(year=month[1], month=number, name=words.MONTHS[number - 1])
    elif _YEAR.fullmatch(period):
        said = words.PERIODS["year"].format(year=period)
    else:
        said = display_date(period, language)
    return said
