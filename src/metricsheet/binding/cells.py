"""Raw cells as data: dates become serial numbers, everything else stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from metricsheet.files.book import DATE, RawCell, SheetColumn
from metricsheet.values import Cell
from metricsheet.values.dates import time_to_serial, to_serial

_TIMES = frozenset({dt.date, dt.datetime, dt.time, dt.timedelta})


def as_cells(cells: Sequence[RawCell]) -> Sequence[Cell]:
    """Return ``cells`` with dates, times and durations as serial numbers; the same object without any.

    Of a column, the cells themselves are returned.
    """
    if isinstance(cells, SheetColumn):
        kinds, cells = cells.kinds, cells.cells
        if DATE not in kinds:
            return cast("Sequence[Cell]", cells)
    elif not _TIMES & set(map(type, cells)):
        return cast("Sequence[Cell]", cells)
    known: dict[RawCell, Cell] = {}
    found: list[Cell] = []
    for cell in cells:
        if cell.__class__ in _TIMES:
            serial = known.get(cell)
            if serial is None:
                serial = known[cell] = _serial(cell)
            found.append(serial)
        else:
            found.append(cell)  # type: ignore[arg-type]  # not one of the times
    return found


def _serial(cell: RawCell) -> Cell:
    if isinstance(cell, dt.date):
        return to_serial(cell)
    if isinstance(cell, dt.time):
        return time_to_serial(cell)
    assert isinstance(cell, dt.timedelta)
    return cell.total_seconds() / 86400


class CellColumns(Mapping[str, Sequence[Cell]]):
    """The columns of a table by name; each is turned into cells when it is first asked for."""

    def __init__(self, columns: Mapping[str, Sequence[RawCell]]) -> None:
        self._raw = columns
        self._cells: dict[str, Sequence[Cell]] = {}

    def __getitem__(self, name: str) -> Sequence[Cell]:
        found = self._cells.get(name)
        if found is None:
            found = self._cells[name] = as_cells(self._raw[name])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)

    def __contains__(self, name: object) -> bool:
        return name in self._raw
