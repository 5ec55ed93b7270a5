"""Names of months and days in English, German, Italian and Turkish, and Japanese eras."""

from __future__ import annotations

_MONTHS = (
    "january jan januar jän jänner janner gennaio gen ocak oca",
    "february feb februar febbraio şubat şub",
    "march mar märz mär mrz marzo mart",
    "april apr aprile nisan nis",
    "may mai maggio mag mayıs",
    "june jun juni giugno giu haziran haz",
    "july jul juli luglio lug temmuz tem",
    "august aug agosto ago ağustos ağu",
    "september sep sept settembre set sett eylül eyl",
    "october oct oktober okt ottobre ott ekim eki",
    "november nov novembre kasım kas",
    "december dec dezember dez dicembre dic aralık ara",
)
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday "
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag "
    "lunedì martedì mercoledì giovedì venerdì sabato domenica "
    "pazartesi salı çarşamba perşembe cuma cumartesi pazar"
)
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
"""The year before the first year of an era, as the calendar of the rest of the world counts."""


def _folded(words: str) -> list[str]:
    from metricsheet.values.folding import fold

    return [fold(word) for word in words.split()]


MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in _folded(names)}
"""The number of a month by its folded name or abbreviation."""

WEEKDAYS = frozenset(_folded(_WEEKDAYS))
