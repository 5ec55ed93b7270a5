"""A sheet cut into blocks of cells that blank rows and blank columns separate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from metricsheet.files.book import RawCell


class Block(NamedTuple):
    """A rectangle of cells, rows and columns counted from 0, both ends belonging to it."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def width(self) -> int:
        """The number of columns."""
        return self.right - self.left + 1

    @property
    def height(self) -> int:
        """The number of rows."""
        return self.bottom - self.top + 1


Rows = Sequence[Sequence[RawCell]]


_DEEPEST = 60


def cut(rows: Rows, area: Block, depth: int = 0) -> Iterator[Block]:
    """Yield the blocks in ``area`` from top to bottom and left to right.

    A run of rows between blank rows is cut at its blank columns, and each piece at its own blank rows again,
    until nothing more is to be cut (or it has been cut ``_DEEPEST`` times, as nobody lays out a sheet).
    """
    groups = list(_row_groups(rows, area))
    for group in groups:
        bands = list(_bands(rows, group))
        if depth == _DEEPEST or (len(groups) == 1 and len(bands) == 1):
            yield from bands
            continue
        for band in bands:
            yield from cut(rows, band, depth + 1)


def _row_groups(rows: Rows, area: Block) -> Iterator[Block]:
    """Yield runs of rows that hold something within the columns of ``area``."""
    start = None
    whole = area.left == 0 and area.right == len(rows[0]) - 1
    for number in range(area.top, area.bottom + 1):
        if is_blank(rows[number] if whole else rows[number][area.left : area.right + 1]):
            if start is not None:
                yield Block(start, area.left, number - 1, area.right)
                start = None
        elif start is None:
            start = number
    if start is not None:
        yield Block(start, area.left, area.bottom, area.right)


def _bands(rows: Rows, group: Block) -> Iterator[Block]:
    """Yield the runs of columns that hold something within the rows of ``group``."""
    start = None
    body = rows[group.top : group.bottom + 1]
    for number in range(group.left, group.right + 1):
        if all(is_unseen(row[number]) for row in body):
            if start is not None:
                yield Block(group.top, start, group.bottom, number - 1)
                start = None
        elif start is None:
            start = number
    if start is not None:
        yield Block(group.top, start, group.bottom, group.right)


def is_blank(cells: Sequence[RawCell]) -> bool:
    """Return whether nothing is to be seen in ``cells``; text of spaces cannot be seen either."""
    if cells and cells[0] is not None and not isinstance(cells[0], str):
        return False
    return all(cell is None or is_unseen(cell) for cell in cells)


def is_unseen(cell: RawCell) -> bool:
    """Return whether nothing is to be seen in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
