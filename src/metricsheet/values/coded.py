"""Cells of which few differ: each different one is held once, and counts give most answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, overload

Codes = Sequence[int]
"""The number of its value for each cell: ``bytes``, or an array where there are many values."""


class Coded(Sequence[Any]):
    """The different cells, and for each cell the number of its value; none of them is a logical.

    ``counts`` say how often each number is there, in the order in which they come first. ``make`` gives the
    codes of ``size`` cells when somebody asks for them.
    """

    __slots__ = ("_codes", "_counts", "_make", "_size", "values")

    def __init__(
        self,
        values: Sequence[Any],
        codes: Codes | None = None,
        counts: Mapping[int, int] | None = None,
        make: Callable[[], Codes] | None = None,
    ) -> None:
        self.values, self._codes, self._counts, self._make = values, codes, counts, make
        self._size = len(codes) if codes is not None else sum((counts or {}).values())

    @property
    def codes(self) -> Codes:
        """The number of its value for each cell."""
        if self._codes is None:
            self._codes = self._make() if self._make is not None else b""
        return self._codes

    @property
    def counts(self) -> Mapping[int, int]:
        """How often each number occurs, in the order in which they come first."""
        if self._counts is None:
            self._counts = counts_of(self.codes)
        return self._counts

    def tally(self) -> dict[Any, int]:
        """Return how often each cell occurs, in the order in which they come first."""
        found: dict[Any, int] = {}
        for code, times in self.counts.items():
            value = self.values[code]
            found[value] = found.get(value, 0) + times
        return found

    def mapped(self, change: Callable[[Any], Any]) -> Coded:
        """Return ``change`` of every cell."""
        values = [None] * len(self.values)
        for code in self.counts:
            values[code] = change(self.values[code])
        return Coded(values, self._codes, self._counts, self._make)

    def marks(self, holds: Callable[[Any], bool]) -> bytes:
        """Return a byte for each cell: 1 where ``holds`` is true of it, else 0."""
        wanted = bytes([holds(value) for value in self.values])
        if isinstance(self.codes, bytes):
            return self.codes.translate(wanted.ljust(256, b"\0"))
        return bytes(map(wanted.__getitem__, self.codes))

    def count(self, value: Any) -> int:  # noqa: D102 - as of any sequence
        return self.tally().get(value, 0)

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Coded: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return self if index == slice(0, self._size) else Coded(self.values, self.codes[index])
        return self.values[self.codes[index]]

    def __iter__(self) -> Iterator[Any]:
        return map(self.values.__getitem__, self.codes)

    def __contains__(self, value: object) -> bool:
        return value in self.tally()

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as of a list

    def __repr__(self) -> str:
        return f"Coded({list(self)!r})"


def counts_of(codes: Codes) -> dict[int, int]:
    """Return how often each number occurs, in the order in which they come first."""
    if not isinstance(codes, bytes):
        return dict(Counter(codes))
    there = sorted((codes.find(code), code) for code in set(codes))
    return {code: codes.count(code) for _, code in there}


def different(cells: Sequence[Any]) -> Sequence[Any]:
    """Return cells among which each different one is at least once, in the order in which they come."""
    return list(cells.tally()) if isinstance(cells, Coded) else cells
