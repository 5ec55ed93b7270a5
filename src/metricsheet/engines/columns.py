"""A column of cells, packed once and shared by everything that is asked of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from itertools import compress, repeat
from math import isnan
from typing import Any, cast

from metricsheet.engines import accelerate
from metricsheet.engines.groups import taken
from metricsheet.engines.selection import Selection
from metricsheet.formula.aggregates import (
    Part,
    aggregate_numbers,
    filled_of,
    logicals_of,
    moments_of,
    total_of,
)
from metricsheet.formula.plan import PrimitiveKind
from metricsheet.language.message import Message
from metricsheet.records import record
from metricsheet.values import NUM, Cell, ExcelError
from metricsheet.values.coded import Coded, different
from metricsheet.values.dates import time_to_serial, to_serial
from metricsheet.values.folding import caseless

_KINDS = frozenset({float, bool, str, ExcelError, type(None)})
_ONLY_NUMBERS = frozenset({float})
FEW = 256
"""Up to how many different values a column is counted value by value instead of cell by cell."""


class _LogicalKey:
    """Stands for a logical among the keys of a column that also has numbers."""

    __slots__ = ("cell",)

    def __init__(self, cell: bool) -> None:
        self.cell = cell


_KEYS = {True: _LogicalKey(True), False: _LogicalKey(False)}


def cell_of(key: Any) -> Cell:
    """Return the cell that one of ``Column.keys`` stands for."""
    return key.cell if key.__class__ is _LogicalKey else key


@record
class ColumnStats:
    """What whoever read the cells of a column found out on the way, so that it is not worked out again.

    The cells hold only finite ``float`` numbers, text and blanks. ``kinds`` are the types among them,
    ``numbers`` the numbers in row order, ``counts`` how often each cell occurs (see ``count_few``).
    """

    kinds: frozenset[type]
    numbers: Sequence[float] | None = None
    counts: Mapping[Any, int] | None = None


def count_few(cells: Sequence[Any]) -> Mapping[Any, int] | None:
    """Return how often each cell occurs, ``None`` where there are too many different ones to be of use."""
    if len(cells) > 4 * FEW and len(set(cells[:: len(cells) // (2 * FEW)])) > FEW:
        return None
    counts = Counter(cells)
    return counts if len(counts) <= FEW else None


class Column:
    """Cells in row order. Every derived form is made when first asked for, and kept."""

    __slots__ = ("_are_numbers", "_cells", "_distinct", "_keys", "_kinds", "_numbers", "_packed", "_parts")

    def __init__(self, cells: Sequence[Cell], known: ColumnStats | None = None) -> None:
        self._cells = cells
        self._packed: Any = None
        self._are_numbers: bytes | None = None
        self._kinds = known.kinds if known is not None else None
        self._numbers = known.numbers if known is not None else None
        self._distinct: Mapping[Hashable, int] | bool | None = (known and known.counts) or True
        self._keys: Sequence[Any] | None = None
        self._parts: dict[str, Part] = {}

    def __len__(self) -> int:
        return len(self._cells)

    def take(self, rows: Sequence[int] | Selection) -> Column:
        """Return the cells of the given rows (from 0), in that order, as a column of their own."""
        assert not isinstance(rows, Selection), "rows of a stored table are taken from its own columns"
        return self._part_of(taken(self.cells, rows))

    def where(self, mask: bytes) -> Column:
        """Return the cells whose row is 1 in ``mask``, as a column of their own."""
        return self._part_of(list(compress(self.cells, mask)))

    def _part_of(self, cells: Sequence[Cell]) -> Column:
        part = Column(cells)
        if self.kinds == _ONLY_NUMBERS:
            # a part of numbers is numbers: nothing to look at again
            part._kinds = _ONLY_NUMBERS if cells else frozenset()
            part._numbers = cast("list[float]", cells)
        return part

    @property
    def cells(self) -> Sequence[Cell]:
        """The cells; whole numbers as ``float``, dates as serials, not-a-number blank, infinity ``#NUM!``."""
        self._pack()
        return self._cells

    @property
    def kinds(self) -> frozenset[type]:
        """The Python types among the cells; numbers are all ``float``."""
        self._pack()
        assert self._kinds is not None
        return self._kinds

    @property
    def numbers(self) -> Sequence[float]:
        """The numbers, in row order."""
        self._pack()
        if self._numbers is None:
            self._numbers = _numbers(self._cells, self.kinds)
        return self._numbers

    @property
    def count(self) -> int:
        """How many cells hold a number."""
        counts = self._distinct
        if self._numbers is None and isinstance(counts, Mapping):
            return sum([times for key, times in counts.items() if key.__class__ is float])
        return len(self.numbers)

    @property
    def is_number(self) -> bytes:
        """For each cell 1 where it holds a number, else 0."""
        if self._are_numbers is None:
            everywhere = self.kinds == _ONLY_NUMBERS
            cells = self.cells
            if isinstance(cells, Coded) and not everywhere:
                self._are_numbers = cells.marks(lambda cell: cell.__class__ is float)
                return self._are_numbers
            self._are_numbers = (
                b"\1" * len(cells) if everywhere else bytes([cell.__class__ is float for cell in cells])
            )
        return self._are_numbers

    @property
    def error(self) -> ExcelError | None:
        """The first error among the cells."""
        if ExcelError not in self.kinds:
            return None
        return next(cell for cell in self.cells if isinstance(cell, ExcelError))

    @property
    def distinct(self) -> Mapping[Hashable, int] | None:
        """How often each of ``keys`` occurs, ``None`` where there are too many different ones."""
        if self._distinct is True:
            self._distinct = self._counted()
        return self._distinct if isinstance(self._distinct, Mapping) else None

    @property
    def keys(self) -> Sequence[Any]:
        """The cells as keys of a dict that tells ``TRUE`` from 1; ``cell_of`` gives a key's cell back."""
        self.distinct  # noqa: B018 (works out the keys)
        return self.cells if self._keys is None else self._keys

    def per_cell(self, run: Callable[[Cell], Any]) -> list[Any]:
        """Return ``run`` of each cell, equal cells worked out once where there are few different ones."""
        counts = self.distinct
        if counts is None:
            return [run(cell) for cell in self.cells]
        table = {key: run(cell_of(key)) for key in counts}
        return list(map(table.__getitem__, self.keys))

    @property
    def packed(self) -> Any:
        """The numbers as a numpy array where the column is long and numpy is there, else ``None``."""
        if self._packed is None:
            self._packed = accelerate.packed(self.numbers) if len(self) >= accelerate.LONG else False
        return None if self._packed is False else self._packed

    def has_text(self) -> bool:
        """Return whether any cell holds a text that is not empty."""
        return str in self.kinds and any(cell for cell in self.cells if isinstance(cell, str))

    def used(self, *, text: bool = False) -> int:
        """Return how many cells hold a number; with ``text``, how many hold anything but an error."""
        if not text:
            return self.count
        errors = sum(isinstance(cell, ExcelError) for cell in self.cells) if ExcelError in self.kinds else 0
        return len(self) - self._count(None) - self._count("") - errors

    def _count(self, cell: str | None) -> int:
        return self.cells.count(cell) if type(cell) in self.kinds else 0

    def usable(self, *, text: bool = False) -> bool:
        """Return whether there is anything to compute with; an error is, since it carries over."""
        return self.used(text=text) > 0 or ExcelError in self.kinds

    @property
    def selection(self) -> Selection | None:
        """The rows of a stored table that this is a column of, ``None`` where the cells are here."""
        return None

    @property
    def different(self) -> Set[float]:
        """The different numbers."""
        cells = self.cells
        return (
            {cell for cell in cells.tally() if cell.__class__ is float}
            if isinstance(cells, Coded)
            else set(self.numbers)
        )

    def tally(self) -> Mapping[Cell, int]:
        """Return how often each cell occurs."""
        return self.cells.tally() if isinstance(self.cells, Coded) else Counter(self.cells)

    def below_zero(self) -> tuple[int, float]:
        """Return how many numbers are below zero, and what they add up to."""
        below = [number for number in self.numbers if number < 0]
        return len(below), sum(below)

    def repeats(self) -> tuple[int, int]:
        """Return how many cells are filled, and how many different ones."""
        filled = [cell for cell in self.cells if cell is not None]
        return len(filled), len(set(filled))

    def numbered(self) -> Sequence[int] | Selection:
        """Return the rows that hold a number."""
        return list(compress(range(len(self)), self.is_number))

    @property
    def days(self) -> Set[float]:
        """The different dates, in a column of dates."""
        return {day for day in different(self.cells) if isinstance(day, (int, float))}

    def between(self, first: float, last: float) -> Sequence[int] | Selection:
        """Return the rows dated on the days ``first`` to ``last``, in a column of dates."""
        cells = enumerate(self.cells)
        return [row for row, day in cells if isinstance(day, (int, float)) and first <= day < last + 1]

    def days_filled(self, dates: Column) -> set[float]:
        """Return the dates of the cells that are filled."""
        pairs = zip(self.cells, dates.cells, strict=True)
        return {day for cell, day in pairs if cell is not None and isinstance(day, (int, float))}

    def undated(self, dates: Column) -> int:
        """Return how many filled cells have no date."""
        pairs = zip(self.cells, dates.cells, strict=True)
        return sum(1 for cell, day in pairs if cell is not None and not isinstance(day, (int, float)))

    def most_on_one_date(self, dates: Column) -> int:
        """Return the highest number of values of one date."""
        return max(Counter(compress(dates.cells, self.is_number)).values(), default=0)

    def dates_of_numbers(self, dates: Column) -> set[Cell]:
        """Return the different dates of the numbers, or the first and the last of them."""
        return set(compress(dates.cells, self.is_number))

    def part(self, kind: PrimitiveKind) -> Part:
        """Return primitive ``kind`` over all cells, as Excel aggregates a range."""
        known = self._parts.get(kind)
        if known is None and kind not in self._parts:
            known = self._parts[kind] = self._part(kind)
        return known

    def _part(self, kind: PrimitiveKind) -> Part:
        kinds = self.kinds
        if kind == "rows":
            return float(len(self))
        if kind == "count":
            return float(self.count)
        if kind == "counta":
            return float(len(self) - self._count(None))
        if kind == "countblank":
            return float(self._count(None) + self._count(""))
        if ExcelError in kinds:
            return self.error
        if kind == "nunique":
            return self._unique()
        if kind == "logicals":
            return logicals_of([cell for cell in self.cells if isinstance(cell, (bool, float))])
        if kind == "filled":
            return filled_of(self.cells)
        if self.packed is not None and kind != "values":
            return accelerate.part(kind, self.packed)
        if kind == "sum":
            return total_of(self.numbers)
        if kind == "moments":
            return moments_of(self.numbers)
        if kind == "ordered" and self.distinct:
            return tuple(self._ordered_by_value())
        return aggregate_numbers(kind, self.numbers)

    def _unique(self) -> float:
        texts = {caseless(cell) for cell in set(self.cells) if isinstance(cell, str)}
        logicals = {cell for cell in self.cells if isinstance(cell, bool)} if bool in self.kinds else ()
        return float(len(set(self.numbers)) + len(texts - {""}) + len(logicals))

    def _ordered_by_value(self) -> list[float]:
        counts = self.distinct or {}
        ordered: list[float] = []
        for value in sorted(key for key in counts if isinstance(key, float)):
            ordered.extend(repeat(value, counts[value]))
        return ordered

    def _counted(self) -> Mapping[Hashable, int] | None:
        keys: Sequence[Any] = self.cells
        if isinstance(keys, Coded):
            tally = keys.tally()
            return tally if len(tally) <= FEW else None
        if bool in self.kinds and float in self.kinds:
            # TRUE and 1 are one key of a dict but not one value of a sheet
            keys = self._keys = [_KEYS[cell] if cell.__class__ is bool else cell for cell in keys]
        return count_few(keys)

    def _pack(self) -> None:
        if self._kinds is not None:
            return
        cells: Sequence[Any] = self._cells
        if isinstance(cells, Coded):
            # read before, so that the numbers among them are finite
            self._kinds = frozenset(map(type, cells.tally()))
            return
        kinds = frozenset(map(type, cells))
        if not kinds <= _KINDS:
            cells = [cell if type(cell) in _KINDS else plain(cell) for cell in cells]
            kinds = frozenset(map(type, cells))
        numbers = _numbers(cells, kinds)
        total = sum(numbers)
        if total - total != 0:
            cells = [_finite(cell) if cell.__class__ is float else cell for cell in cells]
            kinds = frozenset(map(type, cells))
            numbers = _numbers(cells, kinds)
        self._cells, self._kinds, self._numbers = cells, kinds, numbers


def _numbers(cells: Sequence[Any], kinds: frozenset[type]) -> Sequence[float]:
    if kinds == _ONLY_NUMBERS:
        return cells
    return [cell for cell in cells if cell.__class__ is float] if float in kinds else ()


def _finite(number: float) -> Cell:
    if isnan(number):
        return None
    return number if number - number == 0 else ExcelError(NUM, Message("number_too_large"))


def plain(cell: object) -> Cell:
    """Return a cell of a kind that is not Excel's as the nearest that is: dates and times in days."""
    if isinstance(cell, dt.date):
        return to_serial(cell)
    if isinstance(cell, dt.time):
        return time_to_serial(cell)
    if isinstance(cell, dt.timedelta):
        return cell.total_seconds() / 86400
    if isinstance(cell, bool) or type(cell).__name__ in ("bool_", "bool"):
        return bool(cell)
    if isinstance(cell, str):
        return str(cell)
    try:
        return float(cell)  # type: ignore[arg-type]  # whole numbers, numbers of other libraries, or TypeError
    except OverflowError:
        return ExcelError(NUM, Message("number_too_large"))
    except (TypeError, ValueError):
        return str(cell)
