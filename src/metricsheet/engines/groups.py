"""Slices of coded columns: their rows are counted, and not listed until somebody goes through them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import compress
from typing import Any, overload

from metricsheet.engines.accelerate import LONG, pairs_counted
from metricsheet.values.coded import Coded, Codes

_FEW = 16
"""So many slices are each found by themselves; the rows of more are listed in one walk."""


class Groups:
    """The rows of a table by the value of one column, and other columns counted in all of them at once."""

    def __init__(self, column: Coded) -> None:
        self._numbers: dict[Any, int] = {}
        group_of, values = [0] * len(column.values), column.values
        for code in column.counts:
            group_of[code] = self._numbers.setdefault(values[code], len(self._numbers))
        self.sizes = [0] * len(self._numbers)
        for code, times in column.counts.items():
            self.sizes[group_of[code]] += times
        few = isinstance(column.codes, bytes)
        self._codes: Codes = (bytes if few else partial(array, "I"))(map(group_of.__getitem__, column.codes))
        self._known: dict[int, tuple[Codes, dict[int, dict[int, int]]]] = {}
        self._lists: list[array[int]] = []

    def rows(self) -> dict[Any, CodedRows]:
        """Return the rows of each value, in the order in which they come first."""
        return {value: CodedRows(self, number) for value, number in self._numbers.items()}

    def rows_of(self, number: int) -> Iterable[int]:
        """Return the rows of one number."""
        if len(self.sizes) <= _FEW:
            marks = Coded(range(len(self.sizes)), self._codes).marks(number.__eq__)
            return compress(range(len(marks)), marks)
        if not self._lists:
            self._lists = [array("I") for _ in self.sizes]
            add = [rows.append for rows in self._lists]
            for row, group in enumerate(self._codes):
                add[group](row)
        return self._lists[number]

    def counts(self, codes: Codes, number: int) -> Mapping[int, int]:
        """Return how often each of ``codes`` occurs in the rows of one number."""
        if id(codes) not in self._known:
            found: dict[int, dict[int, int]] = {}
            for (group, code), times in _pairs(self._codes, codes).items():
                found.setdefault(group, {})[code] = times
            self._known[id(codes)] = codes, found
        return self._known[id(codes)][1][number]


class CodedRows(Sequence[int]):
    """The rows of one slice, counted and not listed until somebody goes through them."""

    __slots__ = ("_groups", "_listed", "_number")

    def __init__(self, groups: Groups, number: int) -> None:
        self._groups, self._number = groups, number
        self._listed: array[int] | None = None

    def of(self, column: Coded) -> Coded:
        """Return the cells of a column in these rows."""
        codes = column.codes

        def make() -> Codes:
            some = map(codes.__getitem__, self)
            return bytes(some) if isinstance(codes, bytes) else array("I", some)

        return Coded(column.values, None, self._groups.counts(codes, self._number), make)

    @property
    def _rows(self) -> array[int]:
        if self._listed is None:
            rows = self._groups.rows_of(self._number)
            self._listed = rows if isinstance(rows, array) else array("I", rows)
        return self._listed

    def __len__(self) -> int:
        return self._groups.sizes[self._number]

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        return self._rows[index]

    def __iter__(self) -> Iterator[int]:
        return iter(self._groups.rows_of(self._number) if self._listed is None else self._listed)

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as of a list


def _pairs(codes: Codes, others: Codes) -> Mapping[tuple[int, int], int]:
    """Return how often two numbers are in one row, in the order in which they first do."""
    counted = pairs_counted(codes, others) if len(codes) >= LONG else None
    return Counter(zip(codes, others, strict=True)) if counted is None else counted


def taken(cells: Sequence[Any], rows: Sequence[int]) -> Sequence[Any]:
    """Return the cells of some rows."""
    if isinstance(cells, Coded) and isinstance(rows, CodedRows):
        return rows.of(cells)
    return list(map(cells.__getitem__, rows))
