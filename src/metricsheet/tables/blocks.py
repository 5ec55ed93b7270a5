"""A sheet cut into blocks of cells that blank rows and blank columns separate."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import NamedTuple

from metricsheet.files.book import Sheet
from metricsheet.patterns import late


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


_DEEPEST = 60
_RUN = late(rb"[^\0]+")


def cut(sheet: Sheet, area: Block, depth: int = 0) -> Iterator[Block]:
    """Yield the blocks in ``area`` from top to bottom and left to right.

    A run of rows between blank rows is cut at its blank columns, and each piece at its own blank rows again,
    until nothing more is to be cut (or it has been cut ``_DEEPEST`` times, as nobody lays out a sheet).
    """
    groups = list(_row_groups(sheet, area))
    for group in groups:
        bands = list(_bands(sheet, group))
        if depth == _DEEPEST or (len(groups) == 1 and len(bands) == 1):
            yield from bands
            continue
        for band in bands:
            yield from cut(sheet, band, depth + 1)


def _row_groups(sheet: Sheet, area: Block) -> Iterator[Block]:
    """Yield runs of rows that hold something within the columns of ``area``."""
    seen = (column.seen[area.top : area.bottom + 1] for column in sheet.columns[area.left : area.right + 1])
    rows = reduce(or_, (int.from_bytes(cells, "little") for cells in seen), 0).to_bytes(area.height, "little")
    for run in _RUN.finditer(rows):
        yield Block(area.top + run.start(), area.left, area.top + run.end() - 1, area.right)


def _bands(sheet: Sheet, group: Block) -> Iterator[Block]:
    """Yield the runs of columns that hold something within the rows of ``group``."""
    columns = sheet.columns[group.left : group.right + 1]
    filled = bytes([column.seen.find(1, group.top, group.bottom + 1) >= 0 for column in columns])
    for run in _RUN.finditer(filled):
        yield Block(group.top, group.left + run.start(), group.bottom, group.left + run.end() - 1)
