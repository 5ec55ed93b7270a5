"""Rows and columns that add up the others: summed with them they would double every number."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from metricsheet.files.book import RawCell
from metricsheet.tables.cell_kinds import as_number, header_text, kind_of
from metricsheet.values.folding import fold

Label: TypeAlias = Literal["total", "part"]

_TOTAL_WORDS = (
    "total, totals, grand total, overall, overall total, sum, sum total, all, "
    "subtotal, sub total, sub-total, sub totals, running total, column total, "
    "summe, gesamt, gesamtsumme, gesamtergebnis, insgesamt, zwischensumme, endsumme, total gesamt, "
    "合計, 総計, 小計, 計, 総合計, 累計, 全体, "
    "toplam, genel toplam, ara toplam, "
    "totale, totali, totale generale, totale complessivo, subtotale, somma, complessivo, "
    "total general, suma, somme, total général, ytd"
)
_AVERAGE_WORDS = (
    "average, avg, avg., mean, median, "
    "durchschnitt, mittelwert, mittel, ø, schnitt, "
    "平均, 平均値, ortalama, genel ortalama, media, valore medio, promedio, moyenne"
)
_WORDS = frozenset(fold(word) for word in f"{_TOTAL_WORDS}, {_AVERAGE_WORDS}".split(","))
_DOUBTFUL = frozenset(
    fold(word) for word in ("all", "overall", "media", "mittel", "plan", "計", "全体", "ytd")
)
_PART = re.compile(
    r"(?:sub-?|grand |genel |ara )?(?:totals?|summe|gesamt|toplam|totale)\b"
    r"|.* (?:totals?|subtotal|summe|gesamt|ergebnis|toplam|toplami|totale)\Z"
    r"|.*(?:合計|小計|総計|集計)\Z|(?:合計|小計|総計)[ (:]"
    r"|(?:min|max)(?:imum)?\Z"
)
_TOTAL_OF = re.compile(r"^(?:sub-?)?(?:totals?|summe|gesamt|toplam|totale)(?: (?:of|for|di|der))? ")
_TOTAL_BEHIND = re.compile(
    r"(?<![ :-])[ :-]*(?:sub-?)?(?:totals?|summe|gesamt|ergebnis|toplami?|totale|合計|小計|集計)$"
)
_AVERAGE = re.compile(
    r"(?:average|avg\.?|mean|durchschnitt|mittelwert|media|ortalama|平均).*|.*(?:average|avg|mean|mittelwert|ortalama|平均)\Z"
)
_ALL_WORDS = frozenset(
    fold(word)
    for word in ("all", "overall", "total", "totals", "全体", "計", "合計", "toplam", "totale", "gesamt")
)
"""A segment may be called so; a row of it that is larger than the others is worth a word."""

_MOST_FAILURES = 20
"""So many rows may say ``Total of …`` without adding up; then, or in most rows, it is a name."""

_LONGEST_LABEL = 60
_ASCII_WORDS = sorted(re.escape(word) for word in _WORDS | _DOUBTFUL if word.isascii())
_OTHER_WORDS = sorted(re.escape(word) for word in _WORDS | _DOUBTFUL if not word.isascii())
_HINT = re.compile(
    rf"(?<![a-z])(?:sub-?)?(?:{'|'.join(_ASCII_WORDS)}|ergebnis|toplami|min|max|minimum|maximum)(?![a-z])|集計|{'|'.join(_OTHER_WORDS)}"
)
"""Found in every folded text that may say total."""

_TRIM = " :：.*()（）[]\t"


class TotalRow(NamedTuple):
    """A row of a table that adds up others: its place among the data rows and the label it carries."""

    row: int
    label: str


@lru_cache(maxsize=4096)
def total_label(text: str) -> Label | None:
    """Return ``total`` for a text that says only that, ``part`` for one that may say more, else ``None``."""
    plain = fold(text).strip(_TRIM)
    if plain in _WORDS and plain not in _DOUBTFUL:
        return "total"
    return "part" if plain in _DOUBTFUL or _PART.match(plain) or _AVERAGE.match(plain) else None


def find_totals(columns: Sequence[Sequence[RawCell]]) -> tuple[list[TotalRow], list[TotalRow]]:
    """Return the rows of a table that are totals, subtotals or averages of other rows, and the doubtful ones.

    A row with nothing but a word for it (``Total``, ``Summe``, ``合計``, ``Toplam``, ``Totale``) and numbers
    is one. A row that says more (``Total EMEA``) or something else before it, or a last row that says
    nothing, is one when its numbers add up those above it, or those of the rows named alike (``All`` beside
    the regions of the same month), or when ``EMEA`` stands above ``EMEA Total``. Doubtful are rows that say
    total, are as large as one, and do not add up.
    """
    rows = len(columns[0]) if columns else 0
    found: list[TotalRow] = []
    doubtful: list[TotalRow] = []
    siblings = _Siblings(columns)
    failures = 0
    for index in _candidates(columns):
        column, label = _label(columns, index)
        if label is None:
            continue
        alone = _stands_alone(columns, index)
        if total_label(label) == "total" and alone:
            found.append(TotalRow(index, label))
        elif failures < _MOST_FAILURES:
            same = siblings.of(index, column)
            if (
                _names_a_group(columns[column], index, label)
                or _adds_up_some(columns, index, found, label)
                or _adds_up(columns, index, same)
            ):
                found.append(TotalRow(index, label))
                continue
            failures += 1
            others = [row for row in range(rows) if row != index] if alone else same
            if fold(label).strip(_TRIM) in _ALL_WORDS and _is_largest(columns, index, others):
                doubtful.append(TotalRow(index, label))
    last = rows - 1
    unlabelled = last > 1 and _has_no_text(columns, last) and all(total.row != last for total in found)
    if unlabelled and _adds_up_some(columns, last, found):
        found.append(TotalRow(last, ""))
    if failures >= _MOST_FAILURES:
        doubtful.clear()  # so many of them are names
    return (sorted(found), doubtful) if len(found) < rows else ([], [])


def _names_a_group(column: Sequence[RawCell], index: int, label: str) -> bool:
    """Return whether a label says ``EMEA Total`` and a row above, since the last total, says ``EMEA``."""
    group = _TOTAL_BEHIND.sub("", _TOTAL_OF.sub("", fold(label).strip(_TRIM))).strip(_TRIM)
    for row in range(index - 1, -1, -1):
        cell = column[row]
        if type(cell) is not str or not group:
            continue
        if fold(cell) == group:
            return True
        if total_label(cell) is not None:
            return False
    return False


class _Siblings:
    """The rows of a table by what they say beside one column, without the rows that say total there."""

    def __init__(self, columns: Sequence[Sequence[RawCell]]) -> None:
        self._columns = columns
        self._rows: dict[tuple[int, ...], dict[tuple[RawCell, ...], list[int]]] = {}

    def of(self, index: int, column: int) -> list[int]:
        """Return the rows that say the same as ``index`` in the other columns of words and dates."""
        columns = self._columns
        beside = [
            c for c, cells in enumerate(columns) if c != column and kind_of(cells[index]) in ("text", "date")
        ]
        if not beside:
            return []
        key = (column, *beside)
        if key not in self._rows:
            groups: dict[tuple[RawCell, ...], list[int]] = {}
            for row in range(len(columns[0])):
                label = columns[column][row]
                if not (type(label) is str and total_label(label)):
                    groups.setdefault(tuple(columns[c][row] for c in beside), []).append(row)
            self._rows[key] = groups
        return self._rows[key].get(tuple(columns[c][index] for c in beside), [])


def _is_largest(columns: Sequence[Sequence[RawCell]], index: int, rows: Sequence[int]) -> bool:
    """Return whether a row is no smaller than each of ``rows`` in at least half of the columns of numbers."""
    if len(rows) < 2:
        return False
    larger = smaller = 0
    for column in columns:
        number = as_number(column[index])
        parts = [part for row in rows if (part := as_number(column[row])) is not None]
        if number is not None and len(parts) > 1:
            larger += number >= max(parts)
            smaller += number < max(parts)
    return larger > 0 and larger >= smaller


def _candidates(columns: Sequence[Sequence[RawCell]]) -> list[int]:
    """Return the rows in which a text says ``total``, alone or of something."""
    found: set[int] = set()
    for column in columns:
        texts = {cell for cell in column if type(cell) is str and len(cell) <= _LONGEST_LABEL}
        if not _HINT.search(fold("|".join(texts))):
            continue
        marked = {text for text in texts if total_label(text)}
        if marked:
            found |= {index for index, cell in enumerate(column) if type(cell) is str and cell in marked}
    return sorted(found)


def _label(columns: Sequence[Sequence[RawCell]], index: int) -> tuple[int, str | None]:
    """Return the first text of a row that says ``total``, with its column."""
    for number, column in enumerate(columns):
        cell = column[index]
        if type(cell) is str and len(cell) <= _LONGEST_LABEL and total_label(cell):
            return number, cell.strip()
    return 0, None


def _stands_alone(columns: Sequence[Sequence[RawCell]], index: int) -> bool:
    """Return whether ``total`` is the first thing in its row and nothing but numbers follows.

    A customer on a plan called ``Total`` has a name or a number before it; a total row has not.
    """
    cells = [column[index] for column in columns if kind_of(column[index]) != "blank"]
    first = cells[0]
    if not isinstance(first, str) or total_label(first) is None:
        return False
    return all(kind_of(cell) not in ("text", "date") for cell in cells[1:])


def _has_no_text(columns: Sequence[Sequence[RawCell]], index: int) -> bool:
    """Return whether a row holds only numbers and starts with a blank cell where the row above does not."""
    kinds = [kind_of(column[index]) for column in columns]
    if "text" in kinds or "date" in kinds or "number" not in kinds:
        return False
    above = next((row for row in range(index - 1, -1, -1) if any(c[row] is not None for c in columns)), 0)
    return kinds[0] == "blank" and kind_of(columns[0][above]) != "blank"


def _adds_up_some(
    columns: Sequence[Sequence[RawCell]], index: int, found: Sequence[TotalRow], label: str = ""
) -> bool:
    """Return whether a row adds up the rows since the last total, or all rows above that are no totals.

    A row that says average (``Average of all``) or ``Max`` must be that of the rows above instead.
    """
    totals = {total.row for total in found}
    start = found[-1].row + 1 if found else 0
    above = [row for row in range(index) if row not in totals]
    combine = _combination(label)
    return _adds_up(columns, index, above, combine) or (
        start > 0 and _adds_up(columns, index, range(start, index), combine)
    )


def _combination(label: str) -> Callable[[list[float]], float]:
    """Return what a row of that label makes of the numbers above it."""
    plain = fold(label).strip(_TRIM)
    if plain in ("min", "minimum"):
        return min
    if plain in ("max", "maximum"):
        return max
    return _mean if _AVERAGE.match(plain) else math.fsum


def _mean(numbers: list[float]) -> float:
    return math.fsum(numbers) / len(numbers)


def _adds_up(
    columns: Sequence[Sequence[RawCell]],
    index: int,
    rows: Sequence[int],
    combine: Callable[[list[float]], float] = math.fsum,
) -> bool:
    """Return whether a row combines ``rows`` in some column, and in at least half of its columns."""
    equal = unequal = 0
    for column in columns:
        total = as_number(column[index])
        if not total:
            continue
        parts = [number for row in rows if (number := as_number(column[row])) is not None]
        if len(parts) < 2:
            continue
        if math.isclose(combine(parts), total, rel_tol=1e-6, abs_tol=1e-9):
            equal += 1
        else:
            unequal += 1
    return equal > 0 and equal >= unequal


def is_total_header(cell: RawCell) -> bool:
    """Return whether a header names a total or average: ``Total``, ``YTD``, ``Ø``, ``Total 2024``."""
    return total_label(header_text(cell)) is not None
