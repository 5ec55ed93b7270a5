"""Labels said once for several rows, as pivot tables write them: the blank cells below mean the same."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.files.book import RawCell
from metricsheet.tables.cell_kinds import header_text, kind_of
from metricsheet.values.folding import fold

_MOST_ROWS = 20_000


def filled_down(columns: list[Sequence[RawCell]], totals: Sequence[str]) -> dict[int, int]:
    """Fill the blank labels of the first columns in place; return how many cells were filled by column.

    That a blank means the label above is only believed where everything supports it: the column starts with
    a label, no label comes twice, every blank has a label in the next column, none of these comes twice under
    one label, and there are as many blanks as labels or a total row (``totals``) of one of them. Else a blank
    is a label that is missing.
    """
    filled: dict[int, int] = {}
    if len(columns) < 3 or not 3 <= len(columns[0]) <= _MOST_ROWS or None not in columns[0]:
        return filled
    rows = [row for row in range(len(columns[0])) if any(column[row] is not None for column in columns)]
    width = next((c for c, column in enumerate(columns) if not _is_of_labels(column, rows)), len(columns))
    outer: Sequence[RawCell] = [None] * len(columns[0])
    for number in range(width - 1):
        found = _filled(columns[number:width], rows, outer, totals)
        if found is None:
            break
        filled[number] = sum(
            cells[0] is None and cells[1] is not None for cells in zip(columns[number], found, strict=True)
        )
        columns[number] = outer = found
    return filled


def _is_of_labels(column: Sequence[RawCell], rows: Sequence[int]) -> bool:
    return {kind_of(column[row]) for row in rows} <= {"text", "date", "blank"}


def _filled(
    columns: Sequence[Sequence[RawCell]], rows: Sequence[int], outer: Sequence[RawCell], totals: Sequence[str]
) -> list[RawCell] | None:
    """Return the first of some columns of labels filled, or ``None`` where a blank may mean something else.

    ``outer`` are the labels on its left.
    """
    cells = list(columns[0])
    labels: set[tuple[RawCell, RawCell]] = set()
    details: set[tuple[RawCell, ...]] = set()
    detail: list[RawCell] = []
    blanks = 0
    for place, row in enumerate(rows):
        if columns[-1][row] is None:
            return None
        beside = [column[row] for column in columns[1:]]
        if cells[row] is not None:
            label = (outer[row], cells[row])
            if label in labels:
                return None
            labels.add(label)
            details, detail = set(), beside
        elif place and outer[row] == outer[rows[place - 1]]:
            first = next(at for at, cell in enumerate(beside) if cell is not None)
            detail = [*detail[:first], *beside[first:]]
            if tuple(detail) in details:
                return None
            cells[row] = cells[rows[place - 1]]
            blanks += 1
        else:
            return None
        details.add(tuple(detail))
    if len(labels) < 2 or not blanks:
        return None
    proven = blanks >= len(labels) or any(_names(total, label) for total in totals for _, label in labels)
    return cells if proven else None


def _names(total: str, label: RawCell) -> bool:
    text = fold(header_text(label))
    return bool(text) and text != fold(total) and text in fold(total)
