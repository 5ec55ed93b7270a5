"""What a header says about the unit of its numbers: percent, thousands, millions, per month."""

from __future__ import annotations

from metricsheet.patterns import late
from metricsheet.values.folding import fold

_PERCENT = late(r"%|\b(?:pct|percent|percentage|prozent|percentuale|yuzde)\b|パーセント")
_THOUSANDS = late(
    r"千円|千ドル|千ユーロ|\b(?:teur|tsd|tausend|thousands?|migliaia|bin (?:tl|₺|try|euro|usd))\b"
    r"|'000|\b000s?\b(?=\W*$)"
    r"|(?:\bk|k(?=\W*$))[€$£¥]|[€$£¥] ?k\b|\bk(?:eur|usd|gbp|chf)\b|\bt€"
)
_MILLIONS = late(
    r"百万円|百万ドル|\b(?:mio|mln|millions?|millionen|milioni|milyon)\b"
    r"|\bm[€$£]|[€$£] ?m\b|\bm(?:eur|usd|gbp|chf)\b"
)
_TEN_THOUSANDS = late(r"万円|万ドル")
_HUNDRED_MILLIONS = late(r"億円")
_MONTHLY = late(
    r"\bmonthly\b|\b(?:per|a) month\b|/ ?mo(?:nth)?\b|月(?:額|次|間|あたり|当たり|平均)|毎月|1か月|1ヶ月"
    r"|\baylik\b|\bmensil[ei]\b|\bal mese\b|\bmonatlich\w*|\bmonats\w+|\b(?:pro|je) monat\b|\bim monat\b"
)
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
        for pattern, multiplier in (
            (_HUNDRED_MILLIONS, 1e8),
            (_MILLIONS, 1e6),
            (_THOUSANDS, 1e3),
            (_TEN_THOUSANDS, 1e4),
        ):
            if pattern.search(unit):
                return multiplier
    return 1.0


def is_monthly_header(header: str) -> bool:
    """Return whether the header says that its numbers are those of a month (``Average monthly revenue``)."""
    return bool(header) and _MONTHLY.search(fold(header)) is not None


def _at_end(folded: str) -> str:
    """Return what may be a unit at the end of a header: behind a sign, behind ``in``, or the last word."""
    *before, last = _APART.split(folded)
    if before:
        return last.lstrip(" ")
    if found := _IN.search(last):
        return last[found.end() :]
    return last.rpartition(" ")[2] if " " in last else last.partition("_")[2]
