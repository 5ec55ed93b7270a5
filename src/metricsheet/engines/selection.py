"""Rows of a table that stay where they are: an engine answers for them, and nobody counts them one by one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import overload

from metricsheet.values import Cell


class Selection(ABC):
    """Some rows of a stored table, where other tables have a list of row numbers."""

    @abstractmethod
    def __len__(self) -> int:
        """Return how many rows these are."""

    @abstractmethod
    def cells(self, key: str) -> tuple[int, int, int, int]:
        """Return how many cells of an input are used, blank, text and rejected."""

    @abstractmethod
    def paired(self, keys: Sequence[str]) -> tuple[int, int, Mapping[str, tuple[int, bool]], Selection]:
        """Return how many rows have a number of some of ``keys``, how many of all, and the latter rows.

        Between them stands for each input that some of the rows lack in how many, and whether it has text.
        """

    @abstractmethod
    def between(self, first: float, last: float) -> Selection:
        """Return the rows dated on the days ``first`` to ``last``."""


class Stored(Sequence[Cell]):
    """A column that stays where it is. Of its cells only the first ones are here, and the ``known`` ones.

    ``first_text`` is the first row with a text where other cells are numbers.
    """

    def __init__(self, rows: int, head: Sequence[Cell] = ()) -> None:
        self._rows, self._head = rows, head
        self.known: dict[int, Cell] = {}
        self.first_text = 0

    def __len__(self) -> int:
        return self._rows

    @overload
    def __getitem__(self, index: int) -> Cell: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Cell]: ...
    def __getitem__(self, index: int | slice) -> Cell | Sequence[Cell]:
        return self.known[index] if isinstance(index, int) and index in self.known else self._head[index]

    def __iter__(self) -> Iterator[Cell]:
        raise TypeError("the rows of a stored table are not walked through")

    def __contains__(self, cell: object) -> bool:
        return cell in self._head
