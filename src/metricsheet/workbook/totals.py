"""Rows and columns that add up the others: summed with them they would double every number."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from metricsheet.values.folding import fold
from metricsheet.workbook.cell_kinds import as_number, header_text, kind_of
from metricsheet.workbook.table import RawCell

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
)
_MOST_FAILURES = 20
"""So many rows may say ``Total of …`` without adding up; then, or in most rows, it is a name."""

_LONGEST_LABEL = 60
_ASCII_WORDS = sorted(re.escape(word) for word in _WORDS | _DOUBTFUL if word.isascii())
_OTHER_WORDS = sorted(re.escape(word) for word in _WORDS | _DOUBTFUL if not word.isascii())
_HINT = re.compile(
    rf"(?<![a-z])(?:sub-?)?(?:{'|'.join(_ASCII_WORDS)}|ergebnis|toplami)(?![a-z])|集計|{'|'.join(_OTHER_WORDS)}"
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
    return "part" if plain in _DOUBTFUL or _PART.match(plain) else None


def find_totals(columns: Sequence[Sequence[RawCell]]) -> list[TotalRow]:
    """Return the rows of a table that are totals, subtotals or averages of other rows, in order.

    A row with nothing but a word for it (``Total``, ``Summe``, ``合計``, ``Toplam``, ``Totale``) and numbers
    is one. A row that says more (``Total EMEA``), or a last row that says nothing, is one when its numbers
    add up those above it.
    """
    rows = len(columns[0]) if columns else 0
    found: list[TotalRow] = []
    candidates = _candidates(columns)
    failures = 0 if 2 * len(candidates) <= rows else _MOST_FAILURES
    for index in candidates:
        label = _label(columns, index)
        if label is None:
            continue
        if total_label(label) == "total" and _stands_alone(columns, index):
            found.append(TotalRow(index, label))
        elif failures < _MOST_FAILURES:
            if _adds_up_some(columns, index, found):
                found.append(TotalRow(index, label))
            else:
                failures += 1
    last = rows - 1
    unlabelled = last > 1 and _has_no_text(columns, last) and all(total.row != last for total in found)
    if unlabelled and _adds_up_some(columns, last, found):
        found.append(TotalRow(last, ""))
    return found if len(found) < rows else []


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


def _label(columns: Sequence[Sequence[RawCell]], index: int) -> str | None:
    """Return the first text of a row that says ``total``."""
    for column in columns:
        cell = column[index]
        if type(cell) is str and len(cell) <= _LONGEST_LABEL and total_label(cell):
            return cell.strip()
    return None


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
    return kinds[0] == "blank" and kind_of(columns[0][index - 1]) != "blank"


def _adds_up_some(columns: Sequence[Sequence[RawCell]], index: int, found: Sequence[TotalRow]) -> bool:
    """Return whether a row adds up the rows since the last total, or all rows above that are no totals."""
    totals = {total.row for total in found}
    start = found[-1].row + 1 if found else 0
    above = [row for row in range(index) if row not in totals]
    return _adds_up(columns, index, above) or (start > 0 and _adds_up(columns, index, range(start, index)))


def _adds_up(columns: Sequence[Sequence[RawCell]], index: int, rows: Sequence[int]) -> bool:
    """Return whether a row is the sum of ``rows`` in some column, and in at least half of its columns."""
    equal = unequal = 0
    for column in columns:
        total = as_number(column[index])
        if not total:
            continue
        parts = [number for row in rows if (number := as_number(column[row])) is not None]
        if len(parts) < 2:
            continue
        if math.isclose(math.fsum(parts), total, rel_tol=1e-6, abs_tol=1e-9):
            equal += 1
        else:
            unequal += 1
    return equal > 0 and equal >= unequal


def is_total_header(cell: RawCell) -> bool:
    """Return whether a header names a total or average: ``Total``, ``YTD``, ``Ø``, ``Total 2024``."""
    return total_label(header_text(cell)) is not None
