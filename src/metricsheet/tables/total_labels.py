"""Words that may call a row a total, an average or a count of others, and what such a label names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

from metricsheet.files.book import RawCell
from metricsheet.patterns import late
from metricsheet.records import record
from metricsheet.values.folding import fold

TotalKind: TypeAlias = Literal["sum", "mean", "count", "min", "max"]

_SUMS = (
    "total, totals, grand total, overall total, sum, sum total, column total, running total, "
    "subtotal, subtotals, sub total, sub totals, sub-total, sub-totals, "
    "summe, summen, gesamt, gesamtsumme, gesamtergebnis, insgesamt, zwischensumme, endsumme, total gesamt, "
    "合計, 総計, 小計, 総合計, 累計, 集計, "
    "toplam, genel toplam, ara toplam, "
    "totale, totali, totale generale, totale complessivo, subtotale, somma, "
    "total general, suma, somme, total général"
)
_MAYBE_SUMS = "all, overall, alle, tutti, tutte, complessivo, tümü, hepsi, 計, 全体, 全部, すべて"
_MEANS = (
    "average, averages, avg, avg., mean, durchschnitt, mittelwert, ø, schnitt, "
    "平均, 平均値, ortalama, genel ortalama, valore medio, promedio, moyenne"
)
_MAYBE_MEANS = "media, mittel"
_COUNTS = "count, grand count, anzahl, gesamtanzahl, 件数, 個数, sayı, adet, conteggio"
_LEAST, _MOST = "min, min., minimum", "max, max., maximum"


def _folded(words: str) -> list[str]:
    return [fold(word).rstrip(".") for word in words.split(",")]


_WORDS: dict[str, tuple[TotalKind, bool]] = {
    **dict.fromkeys(_folded(_LEAST), ("min", False)),
    **dict.fromkeys(_folded(_MOST), ("max", False)),
    **dict.fromkeys(_folded(_MAYBE_MEANS), ("mean", False)),
    **dict.fromkeys(_folded(_MAYBE_SUMS), ("sum", False)),
    **dict.fromkeys(_folded(_SUMS), ("sum", True)),
    **dict.fromkeys(_folded(_MEANS), ("mean", True)),
    **dict.fromkeys(_folded(_COUNTS), ("count", True)),
}
"""What a text of nothing else may stand for, and whether it hardly names anything else."""

_TOTAL = r"(?:sub-?)?(?:totals?|summe|gesamt|toplam|totale)"
_MEAN = r"(?:average|avg\.?|mean|durchschnitt|mittelwert)"
_OF = r"(?: (?:of|for|per|di|del|della|dei|der|von|fur)(?: the)?)"
_PHRASES: tuple[tuple[str, TotalKind], ...] = (
    (rf"(?:grand |genel |ara )?{_TOTAL}{_OF}?[ :-]+(?P<of>\S.*)\Z", "sum"),
    (r"(?:sum of|all|alle|tutt[ie]|tum)(?: (?:the|i|le|gli))?[ :-]+(?P<of>\S.*)\Z", "sum"),
    (r"(?:(?:合計|小計|総計)[ :(-]+|全)(?P<of>[^ :()].*)\Z", "sum"),
    (rf"(?P<of>.*\S)[ :-]+(?:{_TOTAL}|ergebnis|toplami)\Z", "sum"),
    (r"(?P<of>.*[^ :-])[ :-]*(?:合計|小計|総計|集計)\Z", "sum"),
    (rf"(?:{_MEAN}|media){_OF}[ :-]+(?P<of>\S.*)\Z", "mean"),
    (rf"(?P<of>.*\S)[ :-]+(?:{_MEAN}|ortalama(?:si)?)\Z", "mean"),
    (r"(?P<of>.*[^ :-])[ :-]*平均\Z", "mean"),
    (r"(?P<of>.*\S)[ :-]+(?:count|anzahl)\Z", "count"),
)

_TRIM = " :：.*()（）[]\t"
_LONGEST_LABEL = 60
_HINT = late(
    r"(?<![a-z])(?:sub-?)?(?:totals?|sum|all|overall|averages?|avg|mean|count|min|max|minimum|maximum|"
    r"summen?|gesamt\w*|insgesamt|zwischensumme|endsumme|ergebnis|alle|"
    r"durchschnitt|mittelwert|mittel|schnitt|anzahl|"
    r"toplam|toplami|tumu|tum|hepsi|ortalama|ortalamasi|sayi|adet|"
    r"totale|totali|somma|tutt[ie]|complessivo|media|valore medio|conteggio|"
    r"suma|somme|promedio|moyenne)(?![a-z])"
    r"|ø|[合総小累集]計|計|全|すべて|平均|件数|個数"
)
"""Found in every folded text that may call its row a total; spares the others a closer look."""


@record
class TotalLabel:
    """A text that may call its row a total.

    ``names`` is what it is one of, folded (``emea`` for ``EMEA Total``), ``""`` where it says nothing else;
    ``plain`` labels are words that hardly name anything else (``Total`` is one, ``All`` and ``Max`` are not).
    """

    text: str
    kind: TotalKind
    names: str = ""
    plain: bool = False

    @property
    def folded(self) -> str:
        """The text by which labels are told apart."""
        return fold(self.text).strip(_TRIM)


@lru_cache(maxsize=4096)
def total_label(text: str) -> TotalLabel | None:
    """Return what ``text`` says of its row where it may call it a total, else ``None``.

    It proves nothing: ``Max`` may be a person, ``Total Wine`` a shop and ``Media`` a channel.
    """
    if len(text) > _LONGEST_LABEL:
        return None
    plain = fold(text).strip(_TRIM)
    if not _HINT.search(plain):
        return None
    known = _WORDS.get(plain)
    if known is not None:
        return TotalLabel(text.strip(), known[0], "", known[1])
    for pattern, kind in _PHRASES:
        match = re.match(pattern, plain)
        if match is not None:
            return TotalLabel(text.strip(), kind, match["of"].strip(_TRIM))
    return None


def labels_in(column: Sequence[RawCell]) -> dict[str, TotalLabel]:
    """Return the texts of a column that may call their rows totals."""
    texts = {cell for cell in column if type(cell) is str and len(cell) <= _LONGEST_LABEL}
    if not _HINT.search(fold("|".join(texts))):
        return {}
    return {text: label for text in texts if (label := total_label(text)) is not None}


_COLUMN_WORDS = frozenset(_folded("ytd, plan"))


def is_total_header(text: str) -> bool:
    """Return whether a header beside months is a total, an average or a plan: ``YTD``, ``Ø``."""
    return total_label(text) is not None or fold(text).strip(_TRIM) in _COLUMN_WORDS
