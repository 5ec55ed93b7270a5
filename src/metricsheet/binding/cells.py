"""Raw cells as data: dates become serial numbers, everything else stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from metricsheet.files.book import RawCell, SheetColumn, serials_of
from metricsheet.values import Cell


def as_cells(cells: Sequence[RawCell]) -> Sequence[Cell]:
    """Return ``cells`` with dates, times and durations as serial numbers; the same object without any.

    Of a column, the cells themselves are returned.
    """
    return cells.serials if isinstance(cells, SheetColumn) else serials_of(cells)


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
