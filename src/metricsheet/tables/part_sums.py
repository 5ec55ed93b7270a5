"""What some rows hold in the columns of numbers; any run of rows at the price of two look-ups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from metricsheet.files.book import RawCell
from metricsheet.reading.numerals_text import Numeral, parse_numeral
from metricsheet.tables.cell_kinds import LONGEST_NUMBER, as_number

Numbers: TypeAlias = "Sequence[float | None]"


class ColumnSum(NamedTuple):
    """What some rows hold in one column.

    ``numbers`` counts them, ``filled`` those that are not 0, ``total`` their sum, ``size`` the sum of their
    sizes; ``least`` and ``most`` are the ends, 0 where there is no number.
    """

    numbers: int
    filled: int
    total: float
    size: float
    least: float
    most: float


class PartSum(NamedTuple):
    """What some rows hold in every column of numbers, and how many rows they are."""

    rows: int
    columns: Sequence[ColumnSum]


def add_up(numbers: Sequence[Numbers], rows: Sequence[int]) -> PartSum:
    """Return what ``rows`` hold in the columns of ``numbers``."""
    parts = ([n for row in rows if (n := column[row]) is not None] for column in numbers)
    return PartSum(len(rows), [_column_sum(part) for part in parts])


def _column_sum(numbers: list[float]) -> ColumnSum:
    if not numbers:
        return ColumnSum(0, 0, 0.0, 0.0, 0.0, 0.0)
    filled = len(numbers) - numbers.count(0.0)
    size = sum(map(abs, numbers))
    return ColumnSum(len(numbers), filled, sum(numbers), size, min(numbers), max(numbers))


class RunningSums:
    """The sums of the columns up to every row, without the rows in ``out``."""

    def __init__(self, numbers: Sequence[Numbers], out: Set[int], rows: int) -> None:
        self.end = rows
        self._numbers, self._out = numbers, out
        self._values = [self._kept(number or 0.0 for number in column) for column in numbers]
        self._totals = [_running(values) for values in self._values]

    def _kept(self, values: Iterable[float]) -> list[float]:
        kept = list(values)
        for row in self._out:
            kept[row] = 0.0
        return kept

    @cached_property
    def _counts(self) -> list[list[float]]:
        return [_running(self._kept(n is not None for n in column)) for column in self._numbers]

    @cached_property
    def _filled(self) -> list[list[float]]:
        return [_running(map(bool, values)) for values in self._values]

    @cached_property
    def _sizes(self) -> list[list[float]]:
        return [_running(map(abs, values)) for values in self._values]

    @cached_property
    def _rows(self) -> list[float]:
        return _running(self._kept([1.0] * self.end))

    def totals(self, start: int, end: int) -> list[float]:
        """Return what the rows from ``start`` up to ``end`` add up to in each column, added up anew."""
        return [sum(values[start:end]) for values in self._values]

    def may_be(self, row: Sequence[float | None], start: int, end: int, *, mean: bool) -> bool:
        """Return whether some number of ``row`` may be the sum or the mean of its column.

        Cheaper than to look at the ``part``; nearly all rows are neither.
        """
        for number, (x, totals) in enumerate(zip(row, self._totals, strict=True)):
            if x is not None:
                found = totals[end] - totals[start]
                if mean:
                    counts = self._counts[number]
                    found /= (counts[end] - counts[start]) or 1.0
                if abs(found - x) <= 0.51 + 1e-6 * abs(x):
                    return True
        return False

    def part(self, start: int, end: int, totals: Sequence[float] | None = None) -> PartSum:
        """Return what the rows from ``start`` up to ``end`` hold; the ends are those of all rows.

        ``totals`` are their sums where the caller knows them better than by the difference of two sums.
        """
        columns = []
        for number, whole in enumerate(self.whole.columns):
            counts, filled, sizes = self._counts[number], self._filled[number], self._sizes[number]
            running = self._totals[number]
            columns.append(
                ColumnSum(
                    int(counts[end] - counts[start]),
                    int(filled[end] - filled[start]),
                    running[end] - running[start] if totals is None else totals[number],
                    sizes[end] - sizes[start],
                    whole.least,
                    whole.most,
                )
            )
        return PartSum(int(self._rows[end] - self._rows[start]), columns)

    @cached_property
    def whole(self) -> PartSum:
        """What all rows hold."""
        return add_up(self._numbers, [row for row in range(self.end) if row not in self._out])


def _running(values: Iterable[float]) -> list[float]:
    return [0.0, *accumulate(values)]


def column_numbers(cells: Sequence[RawCell]) -> Numbers:
    """Return the number of every cell, ``None`` where there is none.

    A text such as ``1,200`` is read with the decimal mark that the rest of its column proves; where nothing
    does, its mark separates thousands.
    """
    texts = {cell for cell in cells if type(cell) is str and len(cell) <= LONGEST_NUMBER}
    if not texts:
        return [as_number(cell) for cell in cells]
    numerals = {text: numeral for text in texts if (numeral := parse_numeral(text)) is not None}
    proven = {numeral.proves for numeral in numerals.values()} - {None}
    mark = proven.pop() if len(proven) == 1 else None
    values = {text: _value(numeral, mark) for text, numeral in numerals.items()}
    return [values.get(cell) if type(cell) is str else as_number(cell) for cell in cells]


def _value(numeral: Numeral, mark: str | None) -> float | None:
    if numeral.ambiguous and mark is None:
        return numeral.grouped
    if numeral.with_point is None or (mark == "," and numeral.with_comma is not None):
        return numeral.with_comma
    return numeral.with_point
