"""A data file as every reader gives it: sheets of columns, defined names, Excel tables, what went wrong.

Readers (of workbooks, text, data frames) all return ``Book``; binding knows nothing else.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from itertools import compress, zip_longest
from typing import Any, TypeAlias, cast, overload

from metricsheet.dataset import Problem
from metricsheet.records import field, record
from metricsheet.values import Cell, ExcelError
from metricsheet.values.coded import Coded
from metricsheet.values.dates import time_to_serial, to_serial

RawCell: TypeAlias = Cell | dt.date | dt.datetime | dt.time | dt.timedelta
"""A cell as read: Excel's kinds, with dates still dates so that dates can be told from numbers."""

BLANK, UNSEEN, TEXT, NUMBER, FLAG, DATE, ERROR = range(7)
"""The kinds of cells: ``UNSEEN`` is text of spaces alone, ``DATE`` also a time or a duration."""

_FIRST = 4096
"""So many cells of a packed column are at hand."""
_SEEN = bytes([0, 0, *[1] * 254])


class _Kinds(dict[type, int]):
    """The kind of a cell by its class; a class met for the first time has that of its base."""

    def __missing__(self, cls: type) -> int:
        found = next((self[base] for base in cls.__mro__[1:] if base in self), ERROR)
        self[cls] = found
        return found


_KIND_OF = _Kinds({type(None): BLANK, str: TEXT, float: NUMBER, int: NUMBER, bool: FLAG, ExcelError: ERROR})
_KIND_OF.update(dict.fromkeys((dt.date, dt.datetime, dt.time, dt.timedelta), DATE))


OWN_SHEET = "metricsheet_scorecard"
LAMBDA_SHEET = "metricsheet_lambdas"
LIVE_SHEET = "metricsheet_live"
OWN_SHEETS = (OWN_SHEET, LAMBDA_SHEET, LIVE_SHEET)
"""The hidden names that mark sheets that we put into a workbook; they are no data of the workbook."""


@record
class CellRange:
    """A rectangle on a sheet; rows and columns count from 0 and both ends belong to it.

    ``bottom`` is ``None`` for a whole column (``Survey!C:C``).
    """

    sheet: str
    top: int
    left: int
    bottom: int | None
    right: int


@record
class ExcelTable:
    """An Excel table (ListObject): its name, headers and data rows (header and totals rows excluded)."""

    name: str
    columns: tuple[str, ...]
    data: CellRange


class SheetColumn(Sequence[RawCell]):
    """Cells below each other, with a profile that is made once for all who look for tables in them.

    A reader may leave the cells in its file until somebody asks for them; the profile then comes from there.
    """

    def __init__(self, cells: Sequence[RawCell]) -> None:
        self._cells = cells

    @property
    def cells(self) -> Sequence[RawCell]:
        """The cells as a list or tuple."""
        return self._cells

    @cached_property
    def kinds(self) -> bytes:
        """One byte for each cell: ``BLANK``, ``UNSEEN`` (text of spaces), ``TEXT``, ``NUMBER`` and so on."""
        kinds = bytes([_KIND_OF[cell.__class__] for cell in self.cells])
        texts: Any = self.cells if kinds.count(TEXT) == len(kinds) else self.texts if TEXT in kinds else ()
        unseen = {*filter(str.isspace, texts), *([""] if "" in texts else ())}
        if unseen:
            kinds = bytes(
                [UNSEEN if cell in unseen else kind for kind, cell in zip(kinds, self.cells, strict=True)]
            )
        return kinds

    @cached_property
    def seen(self) -> bytes:
        """One byte for each cell: 0 where nothing is to be seen, else 1."""
        return self.kinds.translate(_SEEN)

    @cached_property
    def texts(self) -> Set[str]:
        """The different texts."""
        return self.texts_between(0, len(self))

    def texts_but(self, starts: Set[str]) -> Set[str]:
        """Return the different texts that do not begin with one of these signs."""
        return {text for text in self.texts if text[:1] not in starts}

    def rows_of(self, texts: Set[str]) -> Iterable[int]:
        """Return the rows of some texts."""
        marks = (
            map(texts.__contains__, self.cells)
            if self.coded is None
            else self.coded.marks(texts.__contains__)
        )
        return compress(range(len(self)), marks)

    def may_hold(self, said: Callable[[str], bool]) -> bool:  # noqa: ARG002 - only some columns know more
        """Return whether ``said``, which asks for words, may be true of some text.

        It is false where ``said`` is not of texts put together, whatever their digits.
        """
        return True

    def has(self, cell: RawCell, start: int, stop: int) -> bool:
        """Return whether a text is among some cells."""
        return cell in self.between(start, stop)

    def texts_between(self, start: int, stop: int) -> Set[str]:
        """Return the different texts of some cells."""
        return {cell for cell in self.cells[start:stop] if cell.__class__ is str}

    @property
    def texts_among(self) -> Set[str]:
        """Texts among which are those of the column: the same set for many columns where that is cheaper."""
        return self.texts

    @property
    def packed(self) -> bool:
        """Whether the cells are text that is made into a list only for those who go through it."""
        return False

    @property
    def coded(self) -> Coded | None:
        """The cells with each different one once, ``None`` where they are not held so; none is a date."""
        return None

    @property
    def formats(self) -> Sequence[str]:
        """The number format of every cell as Excel writes it (``0.0%``); empty where the file has none."""
        return ()

    @property
    def formats_among(self) -> Collection[str]:
        """Number formats among which those of the column are, without a look at every cell."""
        return frozenset(self.formats)

    def between(self, start: int, stop: int) -> Sequence[RawCell]:
        """Return the cells from ``start`` up to ``stop``; of the first rows they alone are decoded."""
        return self.cells[start:stop]

    @cached_property
    def serials(self) -> Sequence[Cell]:
        """The cells with dates, times and durations as serial numbers; the cells themselves without any."""
        if self.coded is not None:
            return self.coded
        if self.packed:
            return cast("Sequence[Cell]", self)
        return serials_of(self.cells) if DATE in self.kinds else cast("Sequence[Cell]", self.cells)

    def holds(self, *kinds: int) -> bool:
        """Return whether there is a cell of one of these kinds."""
        return any(kind in self.kinds for kind in kinds)

    def __len__(self) -> int:
        return len(self.cells)

    @overload
    def __getitem__(self, index: int) -> RawCell: ...
    @overload
    def __getitem__(self, index: slice) -> SheetColumn: ...
    def __getitem__(self, index: int | slice) -> RawCell | SheetColumn:
        if isinstance(index, slice):
            start, stop, _ = index.indices(len(self))
            return self if (start, stop) == (0, len(self)) else _Part(self, start, max(start, stop))
        return self.at(index)

    def at(self, row: int) -> RawCell:
        """Return one cell."""
        return self.cells[row]

    def __iter__(self) -> Iterator[RawCell]:
        return iter(self.cells if self.coded is None else self.coded)

    def tally(self) -> Counter[RawCell]:
        """Return how often each cell is there."""
        return Counter(self.cells if self.coded is None else self.coded.tally())

    def __contains__(self, cell: object) -> bool:
        if cell is None:
            return BLANK in self.kinds
        if self.coded is not None:
            return cell in self.coded
        return (cell.__class__ is not str or self.holds(TEXT, UNSEEN)) and cell in self.cells

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as of a list

    def __repr__(self) -> str:
        return f"SheetColumn({list(self)!r})"


class _Part(SheetColumn):
    """Some cells of a column, from ``start`` up to ``stop``; its profile is a part of that of the column."""

    def __init__(self, whole: SheetColumn, start: int, stop: int) -> None:
        self._whole, self._start, self._stop = whole, start, stop

    @cached_property
    def cells(self) -> Sequence[RawCell]:
        return self.between(0, len(self))

    @cached_property
    def kinds(self) -> bytes:
        return self._whole.kinds[self._start : self._stop]

    def texts_between(self, start: int, stop: int) -> Set[str]:
        return self._whole.texts_between(self._start + start, self._start + stop)

    @property
    def texts_among(self) -> Set[str]:
        return self._whole.texts_among

    @property
    def packed(self) -> bool:
        return self._whole.packed

    def may_hold(self, said: Callable[[str], bool]) -> bool:
        return self._whole.may_hold(said)

    def __contains__(self, cell: object) -> bool:
        if not self.packed or not isinstance(cell, str):
            return super().__contains__(cell)
        return self._whole.has(cell, self._start, self._stop)

    @cached_property
    def coded(self) -> Coded | None:
        whole = self._whole.coded
        return whole[self._start : self._stop] if whole is not None else None

    @property
    def formats(self) -> Sequence[str]:
        return self._whole.formats[self._start : self._stop]

    @property
    def formats_among(self) -> Collection[str]:
        return self._whole.formats_among

    def between(self, start: int, stop: int) -> Sequence[RawCell]:
        return self._whole.between(self._start + start, self._start + stop)

    def at(self, row: int) -> RawCell:
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        return self._whole.at(row + (self._start if row >= 0 else self._stop))

    def __len__(self) -> int:
        return self._stop - self._start


class CodedColumn(SheetColumn):
    """Texts that repeat: the different ones (``None`` for a blank), and its number for each cell."""

    def __init__(self, values: Sequence[str | None], codes: Sequence[int]) -> None:
        self._values, self._codes, self._coded = values, codes, Coded(values, codes)

    @property
    def coded(self) -> Coded:  # noqa: D102 - as of any column
        return self._coded

    @cached_property
    def cells(self) -> Sequence[RawCell]:  # noqa: D102 - as of any column
        return self.between(0, len(self))

    @cached_property
    def kinds(self) -> bytes:  # noqa: D102
        kinds = SheetColumn(self._values).kinds
        if kinds.count(TEXT) == len(kinds):
            return bytes([TEXT]) * len(self)
        if isinstance(self._codes, bytes):
            return self._codes.translate(kinds.ljust(256, b"\0"))
        return bytes(map(kinds.__getitem__, self._codes))

    @cached_property
    def texts(self) -> Set[str]:  # noqa: D102
        return {text for text in self._values if text is not None}

    def texts_between(self, start: int, stop: int) -> Set[str]:  # noqa: D102
        used = map(self._values.__getitem__, set(self._codes[start:stop]))
        return {text for text in used if text is not None}

    def between(self, start: int, stop: int) -> Sequence[RawCell]:  # noqa: D102
        return list(map(self._values.__getitem__, self._codes[start:stop]))

    def at(self, row: int) -> RawCell:  # noqa: D102
        return self._values[self._codes[row]]

    def __len__(self) -> int:
        return len(self._codes)


_ONE_DIGIT = bytes.maketrans(b"123456789", b"0" * 9)
_NO_LETTERS = bytes(byte for byte in range(128) if not chr(byte).isalpha())


class PackedColumn(SheetColumn):
    """Texts of which few repeat, in pieces of lines: a list of them would take six times the memory."""

    def __init__(self, pieces: Sequence[str], kinds: bytes) -> None:
        self._pieces, self.kinds = pieces, kinds
        self._first = _lines("\n".join(pieces[:2]))[:_FIRST]

    @property
    def packed(self) -> bool:  # noqa: D102 - as of any column
        return True

    @cached_property
    def cells(self) -> Sequence[RawCell]:  # noqa: D102
        return [line or None for piece in self._pieces for line in piece.split("\n")]

    def between(self, start: int, stop: int) -> Sequence[RawCell]:  # noqa: D102
        return (self._first if stop <= len(self._first) else self.cells)[start:stop]

    def at(self, row: int) -> RawCell:  # noqa: D102
        return self._first[row] if 0 <= row < len(self._first) else self.cells[row]

    def texts_but(self, starts: Set[str]) -> Set[str]:  # noqa: D102
        other = re.compile(rf"^[^{re.escape(''.join(sorted(starts)))}\n].*", re.MULTILINE)
        return {text for piece in self._pieces for text in other.findall(piece)}

    def rows_of(self, texts: Set[str]) -> Iterable[int]:  # noqa: D102
        row = 0
        for piece in self._pieces:
            if any(text in piece for text in texts):
                yield from (number for number, text in enumerate(piece.split("\n"), row) if text in texts)
            row += piece.count("\n") + 1

    def may_hold(self, said: Callable[[str], bool]) -> bool:  # noqa: D102
        for piece in self._pieces:
            data = piece.encode("utf-8", "surrogatepass")
            if data.translate(None, _NO_LETTERS):
                shapes = set(data.translate(_ONE_DIGIT).split(b"\n"))
                if said(b"\n".join(shapes).decode("utf-8", "surrogatepass")):
                    return True
        return False

    def has(self, cell: RawCell, start: int, stop: int) -> bool:  # noqa: D102
        there = isinstance(cell, str) and any(cell in piece for piece in self._pieces)
        return there and super().has(cell, start, stop)

    def __len__(self) -> int:
        return len(self.kinds)


def _lines(piece: str) -> list[RawCell]:
    """Return the first lines of a piece as cells, and what is behind them as one more."""
    return [line or None for line in piece.split("\n", _FIRST)]


class FormattedColumn(SheetColumn):
    """Cells that are not where the file has them, with the number formats they have there."""

    def __init__(self, cells: Sequence[RawCell], formats: Callable[[], Sequence[str]]) -> None:
        super().__init__(cells)
        self._formats = formats

    @cached_property
    def formats(self) -> Sequence[str]:  # noqa: D102 - as of any column
        return self._formats()


_TIMES = frozenset({dt.date, dt.datetime, dt.time, dt.timedelta})


def serials_of(cells: Sequence[RawCell]) -> Sequence[Cell]:
    """Return cells with dates, times and durations as serial numbers; the same object without any."""
    if not _TIMES & set(map(type, cells)):
        return cast("Sequence[Cell]", cells)
    return [_serial(cell) if cell.__class__ in _TIMES else cell for cell in cells]  # type: ignore[misc]


@lru_cache(maxsize=4096)
def _serial(cell: dt.date | dt.time | dt.timedelta) -> float:
    if isinstance(cell, dt.date):
        return to_serial(cell)
    if isinstance(cell, dt.time):
        return time_to_serial(cell)
    return cell.total_seconds() / 86400


def as_column(cells: Sequence[RawCell]) -> SheetColumn:
    """Return cells as a column; one that is a column already is returned as it is."""
    return cells if isinstance(cells, SheetColumn) else SheetColumn(cells)


@record
class Sheet:
    """One sheet as columns from A on, all from row 1 to the last row that is filled; none for a blank one.

    Cells are named by row and column, both counted from 0.
    """

    name: str
    columns: Sequence[SheetColumn]
    hidden: bool = False
    merged: tuple[CellRange, ...] = ()

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.columns)

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.columns[0]) if self.columns else 0

    @property
    def rows(self) -> list[list[RawCell]]:
        """All cells row by row; every cell is decoded."""
        return [list(row) for row in zip(*(column.cells for column in self.columns), strict=True)]

    def cell(self, row: int, column: int) -> RawCell:
        """Return one cell."""
        return self.columns[column].at(row)

    def row(self, row: int, left: int = 0, right: int | None = None) -> list[RawCell]:
        """Return the cells of a row from column ``left`` to ``right``, both included."""
        return [column.at(row) for column in self.columns[left : None if right is None else right + 1]]

    @staticmethod
    def of_columns(
        name: str,
        columns: Iterable[Sequence[RawCell]],
        hidden: bool = False,
        merged: tuple[CellRange, ...] = (),
    ) -> Sheet:
        """Return a sheet without the blank columns and rows at its ends; shorter columns end in blanks."""
        kept = [as_column(cells) for cells in columns]
        height = max((_filled(column) for column in kept), default=0)
        while kept and not _filled(kept[-1]):
            kept.pop()
        blank = SheetColumn((None,) * height)
        sized = [column[:height] if len(column) >= height else _longer(column, height) for column in kept]
        return Sheet(name, [column if _filled(column) else blank for column in sized], hidden, merged)

    @staticmethod
    def of_rows(
        name: str, rows: Iterable[Sequence[RawCell]], hidden: bool = False, merged: tuple[CellRange, ...] = ()
    ) -> Sheet:
        """Return a sheet of rows, as ``of_columns`` does; shorter rows end in blanks."""
        return Sheet.of_columns(name, zip_longest(*rows), hidden, merged)


def _filled(column: SheetColumn) -> int:
    """Return the number of cells up to the last that is filled."""
    return len(column.kinds.rstrip(bytes([BLANK])))


def _longer(column: SheetColumn, height: int) -> SheetColumn:
    return SheetColumn([*column.cells, *[None] * (height - len(column))])


@record
class Book:
    """One data file. ``name`` is shown to people; ``text_only`` says that cells had no types (CSV)."""

    name: str
    sheets: tuple[Sheet, ...]
    names: Mapping[str, CellRange] = field(default_factory=dict)
    tables: Mapping[str, ExcelTable] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    text_only: bool = False
