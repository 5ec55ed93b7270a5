"""What runs of rows hold in the columns of numbers, so that each is added up once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from metricsheet.files.book import RawCell
from metricsheet.reading.numerals_text import Numeral, parse_numeral
from metricsheet.records import record
from metricsheet.tables.cell_kinds import LONGEST_NUMBER, as_number

Numbers: TypeAlias = "Sequence[float | None]"


@record
class ColumnSum:
    """What some rows hold in one column.

    ``count`` are its numbers, ``filled`` those that are not 0, ``total`` their sum, ``size`` the sum of their
    sizes; ``least`` and ``most`` are the ends, 0 where there is no number.
    """

    count: int = 0
    filled: int = 0
    total: float = 0.0
    size: float = 0.0
    least: float = 0.0
    most: float = 0.0

    def plus(self, other: ColumnSum) -> ColumnSum:
        """Return what both hold."""
        if not self.count or not other.count:
            return self if self.count else other
        return ColumnSum(
            self.count + other.count,
            self.filled + other.filled,
            self.total + other.total,
            self.size + other.size,
            min(self.least, other.least),
            max(self.most, other.most),
        )

    def since(self, start: ColumnSum) -> ColumnSum:
        """Return what is held beyond ``start``; the ends stay those of all, and so do the sizes."""
        count, filled = self.count - start.count, self.filled - start.filled
        return ColumnSum(count, filled, self.total - start.total, self.size, self.least, self.most)


@record
class PartSum:
    """What some rows hold in every column of numbers, and how many rows they are."""

    rows: int
    columns: tuple[ColumnSum, ...]

    def plus(self, other: PartSum) -> PartSum:
        """Return what both hold."""
        both = zip(self.columns, other.columns, strict=True)
        return PartSum(self.rows + other.rows, tuple(one.plus(two) for one, two in both))

    def since(self, start: PartSum) -> PartSum:
        """Return what is held beyond ``start``; the ends stay those of all."""
        both = zip(self.columns, start.columns, strict=True)
        return PartSum(self.rows - start.rows, tuple(one.since(two) for one, two in both))


def add_up(numbers: Sequence[Numbers], rows: range | Sequence[int]) -> PartSum:
    """Return what ``rows`` hold in the columns of ``numbers``."""
    if isinstance(rows, range):
        parts = [column[rows.start : rows.stop] for column in numbers]
    else:
        parts = [[column[row] for row in rows] for column in numbers]
    return PartSum(len(rows), tuple(_column_sum([n for n in part if n is not None]) for part in parts))


def _column_sum(numbers: list[float]) -> ColumnSum:
    if not numbers:
        return ColumnSum()
    filled = len(numbers) - numbers.count(0.0)
    return ColumnSum(len(numbers), filled, sum(numbers), sum(map(abs, numbers)), min(numbers), max(numbers))


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
