"""Tables that say how often each answer was given (``Score``, ``Responses``), as one row per answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, repeat

from metricsheet.files.book import RawCell, as_column
from metricsheet.language.lexicon import wordings
from metricsheet.patterns import late
from metricsheet.tables.cell_kinds import as_number, count_kinds, is_id_header, kind_of
from metricsheet.tables.header_row import ColumnStats
from metricsheet.tables.total_labels import is_sum
from metricsheet.values.folding import fold

_GROUPED = late(r"[0-9]{1,3}(?:[., '’][0-9]{3})+")
_LEAST_ANSWERS, _MOST_ROWS, _MOST_ANSWERS = 2, 10_000, 10_000_000


@lru_cache(maxsize=1)
def _count_headers() -> frozenset[str]:
    return frozenset(map(fold, wordings("count_headers")))


def is_count_header(header: str) -> bool:
    """Return whether a header says that its column counts: ``Responses``, ``Anzahl``."""
    return fold(header) in _count_headers()


def one_row_each(
    headers: Sequence[str],
    columns: Sequence[Sequence[RawCell]],
    answers: ColumnStats | None,
    *,
    unsure: bool = False,
) -> tuple[tuple[str, ...], list[Sequence[RawCell]]] | None:
    """Return a table of counted answers with a row for each of them, ``None`` where the table is none.

    It is one where one column is headed like counts and holds whole numbers, one other is headed like
    ``answers``, and these are different beside the same other cells. Where rows may be totals of others
    (``unsure``, or a group that says so) or a count is none, the column of answers has no header.
    """
    counted = [number for number, header in enumerate(headers) if is_count_header(header)]
    if answers is None or len(counted) != 1 or not _LEAST_ANSWERS <= len(columns[0]) <= _MOST_ROWS:
        return None
    others = [number for number in range(len(headers)) if number != counted[0]]
    answered = [number for number in others if answers(headers[number])]
    if len(answered) != 1 or not _may_be_counts(columns[counted[0]]):
        return None
    said = columns[answered[0]]
    groups = [
        columns[number]
        for number in others
        if number != answered[0] and (is_id_header(headers[number]) or not _may_be_counts(columns[number]))
    ]
    rows = [row for row, cell in enumerate(said) if kind_of(cell) != "blank"]
    beside = [tuple(cells[row] for cells in groups) for row in rows]
    if len(rows) < _LEAST_ANSWERS * len(set(beside)):
        return None
    if len({(said[row], *cells) for row, cells in zip(rows, beside, strict=True)}) < len(rows):
        return None
    counts = [_count(cell) for cell in columns[counted[0]]]
    kept = [columns[number] for number in others]
    named = [headers[number] for number in others]
    named_totals = {cell for cells in beside for cell in cells if isinstance(cell, str) and is_sum(cell)}
    if unsure or named_totals or None in counts or sum(filter(None, counts)) > _MOST_ANSWERS:
        # each answer once would be wrong, and so would be a total of answers beside them
        named[others.index(answered[0])] = ""
        return tuple(named), kept
    return tuple(named), [
        list(chain.from_iterable(repeat(cell, count or 0) for cell, count in zip(cells, counts, strict=True)))
        for cells in kept
    ]


def _count(cell: RawCell) -> int | None:
    """Return how often an answer was given, of a blank cell 0, ``None`` where that is unclear."""
    if kind_of(cell) in ("blank", "missing"):
        return 0
    number = as_number(cell)
    if number is None and isinstance(cell, str) and _GROUPED.fullmatch(cell.strip()):
        return int("".join(filter(str.isdigit, cell)))  # a count has no decimals: 1,234 is one thousand
    return int(number) if number is not None and number >= 0 and number == int(number) else None


def _may_be_counts(cells: Sequence[RawCell]) -> bool:
    """Return whether the filled cells are numbers."""
    kinds = count_kinds(as_column(cells))
    return kinds["number"] > 0 and not (kinds["text"] or kinds["date"] or kinds["flag"] or kinds["error"])
