"""Labels with one value beside or below them, as on a dashboard or an input sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

from metricsheet.files.book import CellRange, Sheet
from metricsheet.tables.blocks import Block
from metricsheet.tables.cell_kinds import header_text, kind_of
from metricsheet.tables.region import Region

IsTaken: TypeAlias = Callable[[int, int], bool]
"""Says whether the cell of a row and column belongs to a table."""

_GAP = 2
"""Blank cells between a label and its value: merged labels and narrow spacer columns."""

_LONGEST_LABEL = 120
_MOST_PAIRS = 5_000
_VALUES = ("number", "date", "flag", "error")


class Pair(NamedTuple):
    """A label and the place of its value."""

    label: str
    row: int
    column: int


def pairs_region(sheet: Sheet, free: Iterable[Block], taken: IsTaken) -> Region | None:
    """Return the labels in the ``free`` blocks with their values as one region, or ``None`` without any.

    A value is the one number, date, flag or error beside its label, else the one below it; it may be in
    another block, but not in a table.
    """
    found = list(_find(sheet, free, taken))
    if not found or len(found) > _MOST_PAIRS:
        return None
    return Region(
        sheet=sheet.name,
        kind="pairs",
        header_row=None,
        top=min(pair.row for pair in found),
        left=min(pair.column for pair in found),
        bottom=max(pair.row for pair in found),
        right=max(pair.column for pair in found),
        headers=tuple(pair.label for pair in found),
        columns=[[sheet.cell(pair.row, pair.column)] for pair in found],
        places=tuple(CellRange(sheet.name, p.row, p.column, p.row, p.column) for p in found),
        over=tuple(_over(sheet, pair) for pair in found),
    )


def _over(sheet: Sheet, pair: Pair) -> str:
    """Return what is over a list of labels with values beside them, in the column of the values."""
    row = pair.row
    while row > 0 and kind_of(sheet.cell(row, pair.column)) in _VALUES:
        row -= 1
    cell = sheet.cell(row, pair.column)
    return header_text(cell) if row < pair.row and kind_of(cell) == "text" else ""


def _find(sheet: Sheet, free: Iterable[Block], taken: IsTaken) -> Iterator[Pair]:
    used: set[tuple[int, int]] = set()
    for row, column, text in _labels(sheet, free):
        place = _beside(sheet, taken, row, column) or _below(sheet, taken, row, column)
        if place and place not in used:
            used.add(place)
            yield Pair(text, *place)


def _labels(sheet: Sheet, free: Iterable[Block]) -> Iterator[tuple[int, int, str]]:
    """Yield the cells of words in the blocks, with their text without a colon at its end."""
    for block in free:
        for row in range(block.top, block.bottom + 1):
            for column, cell in enumerate(sheet.row(row, block.left, block.right), block.left):
                if type(cell) is str and len(cell) <= _LONGEST_LABEL and kind_of(cell) == "text":
                    yield row, column, cell.strip().rstrip(":：=").rstrip()


def _beside(sheet: Sheet, taken: IsTaken, row: int, column: int) -> tuple[int, int] | None:
    """Return the place of the one value to the right of a label; a second one makes a row of data."""
    for at in range(column + 1, min(column + 2 + _GAP, sheet.width)):
        kind = kind_of(sheet.cell(row, at))
        if kind == "blank":
            continue
        if kind not in _VALUES or taken(row, at):
            return None
        return None if _is_value(sheet, taken, row, at + 1) else (row, at)
    return None


def _below(sheet: Sheet, taken: IsTaken, row: int, column: int) -> tuple[int, int] | None:
    """Return the place of the one value below a label; a second one makes a column of data."""
    if not _is_value(sheet, taken, row + 1, column) or _is_value(sheet, taken, row + 2, column):
        return None
    left = sheet.cell(row + 1, column - 1) if column else None
    if kind_of(left) == "text" and not _is_label_row(
        sheet.row(row)
    ):  # that value belongs to the label on its left
        return None
    return row + 1, column


def _is_label_row(cells: Iterable[object]) -> bool:
    return sum(isinstance(cell, str) for cell in cells) > 1


def _is_value(sheet: Sheet, taken: IsTaken, row: int, column: int) -> bool:
    inside = row < sheet.height and column < sheet.width
    return inside and not taken(row, column) and kind_of(sheet.cell(row, column)) in _VALUES
