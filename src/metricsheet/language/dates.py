"""Dates and periods the way a reader writes them, in five languages."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "tr": ("Oca", "Şub", "Mar", "Nis", "May", "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara"),
    "it": ("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"),
    "de": ("Jan", "Feb", "März", "Apr", "Mai", "Juni", "Juli", "Aug", "Sept", "Okt", "Nov", "Dez"),
}
_QUARTERS: Mapping[str, str] = {
    "en": "Q{quarter} {year}",
    "ja": "{year}年Q{quarter}",
    "tr": "{year} Ç{quarter}",
    "it": "T{quarter} {year}",
    "de": "Q{quarter} {year}",
}
_DAYS: Mapping[str, str] = {
    "en": "{day} {name} {year}",
    "ja": "{year}年{month}月{day}日",
    "tr": "{day:02}.{month:02}.{year}",
    "it": "{day:02}/{month:02}/{year}",
    "de": "{day:02}.{month:02}.{year}",
}
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_ISO_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_YEAR = re.compile(r"\d{4}")


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
    pattern = _DAYS.get(language) or _DAYS["en"]
    return pattern.format(year=f"{year:04}", month=month, day=day, name=_MONTHS["en"][month - 1])


def display_period(period: str | None, language: str = "en") -> str:
    """Return a period label (``2024``, ``2024-Q1``, ``2024-03``) or an ISO date as a reader writes it.

    Other text comes back as it is, and ``""`` for no period.
    """
    if not period:
        return ""
    language = language if language in _QUARTERS else "en"
    quarter = _QUARTER.fullmatch(period)
    if quarter is not None:
        return _QUARTERS[language].format(year=quarter[1], quarter=quarter[2])
    month = _ISO_MONTH.fullmatch(period)
    if month is not None:
        if language == "ja":
            return f"{month[1]}年{int(month[2])}月"
        return f"{_MONTHS[language][int(month[2]) - 1]} {month[1]}"
    if _YEAR.fullmatch(period):
        return f"{period}年" if language == "ja" else period
    return display_date(period, language)
