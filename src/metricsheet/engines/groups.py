"""Slices of coded columns: their rows are counted, and not listed until somebody goes through them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from typing import Any, overload

from metricsheet.engines.accelerate import LONG, pairs_counted
from metricsheet.values.coded import Coded, Codes


class Groups:
    """The rows of a table by the value of one column, and other columns counted in all of them at once."""

    def __init__(self, column: Coded) -> None:
        self._column = column
        self._known: dict[int, tuple[Codes, dict[int, dict[int, int]]]] = {}

    def rows(self) -> dict[Any, CodedRows]:
        """Return the rows of each value, in the order in which they come first."""
        numbers: dict[Any, list[int]] = {}
        for code in self._column.counts:
            numbers.setdefault(self._column.values[code], []).append(code)
        return {value: CodedRows(self, codes) for value, codes in numbers.items()}

    def size(self, numbers: Sequence[int]) -> int:
        """Return how many rows have one of these numbers."""
        return sum(self._column.counts[number] for number in numbers)

    def marks(self, numbers: Sequence[int]) -> bytes:
        """Return a byte for each row: 1 where it has one of these numbers."""
        wanted, codes = set(numbers), self._column.codes
        return Coded(range(len(self._column.values)), codes).marks(wanted.__contains__)

    def counts(self, codes: Codes, number: int) -> Mapping[int, int]:
        """Return how often each of ``codes`` occurs in the rows of one number."""
        if id(codes) not in self._known:
            found: dict[int, dict[int, int]] = {}
            for (group, code), times in _pairs(self._column.codes, codes).items():
                found.setdefault(group, {})[code] = times
            self._known[id(codes)] = codes, found
        return self._known[id(codes)][1][number]


class CodedRows(Sequence[int]):
    """The rows of one slice, counted and not listed until somebody goes through them."""

    __slots__ = ("_groups", "_listed", "_numbers", "_size")

    def __init__(self, groups: Groups, numbers: Sequence[int]) -> None:
        self._groups, self._numbers, self._size = groups, numbers, groups.size(numbers)
        self._listed: array[int] | None = None

    def of(self, column: Coded) -> Coded:
        """Return the cells of a column in these rows."""
        if len(self._numbers) > 1:
            return Coded(column.values, _compressed(column.codes, self._groups.marks(self._numbers)))
        codes = column.codes
        counts = self._groups.counts(codes, self._numbers[0])
        make = lambda: _compressed(codes, self._groups.marks(self._numbers))  # noqa: E731
        return Coded(column.values, None, counts, make)

    @property
    def _rows(self) -> array[int]:
        if self._listed is None:
            marks = self._groups.marks(self._numbers)
            self._listed = array("I", compress(range(len(marks)), marks))
        return self._listed

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        return self._rows[index]

    def __iter__(self) -> Iterator[int]:
        if self._listed is not None:
            return iter(self._listed)
        marks = self._groups.marks(self._numbers)
        return compress(range(len(marks)), marks)

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as of a list


def _pairs(codes: Codes, others: Codes) -> Mapping[tuple[int, int], int]:
    """Return how often two numbers are in one row, in the order in which they first do."""
    counted = pairs_counted(codes, others) if len(codes) >= LONG else None
    return Counter(zip(codes, others, strict=True)) if counted is None else counted


def _compressed(codes: Codes, marks: bytes) -> Codes:
    some = compress(codes, marks)
    return bytes(some) if isinstance(codes, bytes) else array("I", some)


def taken(cells: Sequence[Any], rows: Sequence[int]) -> Sequence[Any]:
    """Return the cells of some rows."""
    if isinstance(cells, Coded) and isinstance(rows, CodedRows):
        return rows.of(cells)
    return list(map(cells.__getitem__, rows))
