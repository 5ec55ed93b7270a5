"""A large regular text table as columns of coded texts: no object for a cell with a text that others have."""

from __future__ import annotations

import csv
import io
from array import array
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from metricsheet.files import limits
from metricsheet.files.book import TEXT, CodedColumn, PackedColumn, SheetColumn

_ROWS, _CHUNK, _BLOCK = 4096, 1 << 20, 1 << 20
"""This many rows, or bytes, are turned into columns at a time."""
_WORTH_ARROW = 1 << 23
"""Bytes from which on pyarrow, where it is installed, saves more than its import costs."""
_SPACES = tuple(filter(str.isspace, map(chr, {*range(128)} - {ord("\n")})))
"""Those of ASCII of which a cell may hold nothing else."""
_MANY = 1 << 16
"""Different texts from which on a column that repeats few of them is held as it is."""


def columns_of(data: bytes, encoding: str, delimiter: str) -> list[SheetColumn] | None:
    """Return the columns of a text table, ``None`` where it is not regular: it takes another reader then.

    It is regular when all rows have as many fields as the first one and its quotes are in order.
    """
    if b'"' not in data and (b"\r" not in data or b"\r" not in data.replace(b"\r\n", b"")):
        return _by_arrow(data, delimiter) or _plain_columns(data, encoding, delimiter)
    with io.TextIOWrapper(io.BytesIO(data), encoding, newline="") as lines:
        return _quoted_columns(lines, delimiter)


def _by_arrow(data: bytes, delimiter: str) -> list[SheetColumn] | None:
    """Return what ``_plain_columns`` does, by pyarrow; ``None`` without it, or where it refuses the text."""
    width = data[: max(data.find(b"\n"), 0)].count(delimiter.encode()) + 1
    if len(data) < _WORTH_ARROW or not 1 < width <= limits.MAX_COLUMNS_OF_TEXT or len(delimiter.encode()) > 1:
        return None
    try:
        import pyarrow as pa
        from pyarrow import compute
        from pyarrow import csv as arrow
    except ImportError:
        return None
    columns = [_Column() for _ in range(width)]
    try:
        batches = arrow.open_csv(
            pa.BufferReader(data),
            read_options=arrow.ReadOptions(
                autogenerate_column_names=True, use_threads=False, block_size=_BLOCK
            ),
            parse_options=arrow.ParseOptions(delimiter=delimiter, quote_char=False, ignore_empty_lines=False),
            convert_options=arrow.ConvertOptions(
                column_types={f"f{number}": pa.string() for number in range(width)},
                null_values=[],
                strings_can_be_null=False,
            ),
        )
        for batch in batches:
            for column, cells in zip(columns, batch.columns, strict=True):
                if column.is_plain:
                    listed = pa.ListArray.from_arrays(pa.array([0, len(cells)], "int32"), cells)
                    column.add(compute.binary_join(listed, "\n")[0].as_py())
                else:
                    column.extend_encoded(cells.dictionary_encode(), pa.array)
    except pa.ArrowInvalid:
        return None
    return [column.whole() for column in columns]


def _plain_columns(data: bytes, encoding: str, delimiter: str) -> list[SheetColumn] | None:
    """Return the columns of a text without quotes: lines are rows, and fields end at every delimiter."""
    columns: list[_Column] = []
    header: list[str] = []
    start = 3 if encoding == "utf-8-sig" and data.startswith(BOM_UTF8) else 0
    while start < len(data):
        end = data.rfind(b"\n", start, start + _CHUNK) + 1
        end = end or data.find(b"\n", start) + 1 or len(data)
        try:
            text = data[start:end].decode().replace("\r\n", "\n").removesuffix("\n")
        except UnicodeDecodeError:
            return None
        start = end
        lines = text.split("\n")
        if not columns:
            header = lines.pop(0).split(delimiter)
            columns = [_Column() for _ in header]
            if not 1 < len(header) <= limits.MAX_COLUMNS_OF_TEXT:
                return None
        if not lines:
            continue
        longest = max(map(len, lines))
        if longest > limits.MAX_FIELD_CHARACTERS or {line.count(delimiter) for line in lines} != {
            len(header) - 1
        }:
            return None
        fields = delimiter.join(lines).split(delimiter)
        for number, column in enumerate(columns):
            column.extend(fields[number :: len(header)])
    return [column.done(field) for column, field in zip(columns, header, strict=True)]


def _quoted_columns(lines: Iterable[str], delimiter: str) -> list[SheetColumn] | None:
    """Return the columns of a text with quotes."""
    kept = csv.field_size_limit(limits.MAX_FIELD_CHARACTERS)
    try:
        rows = csv.reader(lines, delimiter=delimiter, strict=True)
        first = next(rows, [])
        columns = [_Column() for _ in first]
        count = 0
        for chunk in iter(lambda: list(islice(rows, _ROWS)), []):
            if set(map(len, chunk)) != {len(first)}:
                return None
            count += len(chunk)
            for column, cells in zip(columns, zip(*chunk, strict=True), strict=True):
                column.extend(cells)
        # a field of several lines may be rows that a lost quote swallowed
        regular = rows.line_num == count + 1 and 1 < len(first) <= limits.MAX_COLUMNS_OF_TEXT
    except csv.Error:
        return None
    finally:
        csv.field_size_limit(kept)
    return [column.done(field) for column, field in zip(columns, first, strict=True)] if regular else None


class _Numbers(dict[str, int]):
    """The number of every different text, given when it is first met."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


class _Column:
    """A column while it is read: coded, or as it is where nearly all of its texts differ."""

    def __init__(self) -> None:
        self._numbers: _Numbers = _Numbers()
        self._codes: Any = bytearray()
        self._pieces: list[str] = []
        self._kinds: list[bytes] = []

    @property
    def is_plain(self) -> bool:
        """Whether the cells are held as they are."""
        return bool(self._pieces)

    def extend(self, cells: Sequence[str]) -> None:
        if self.is_plain:
            self.add("\n".join(cells))
            return
        count = len(self._codes)
        while True:
            try:
                self._codes.extend(map(self._numbers.__getitem__, cells))
                break
            except (ValueError, OverflowError):  # more different texts than codes of that size
                del self._codes[count:]
                self._widen()
        self._look()

    def extend_encoded(self, cells: Any, array_of: Any) -> None:
        """Take cells that Arrow has coded; ``array_of`` makes an array of Arrow."""
        texts: list[str] = cells.dictionary.to_pylist()
        numbers = list(map(self._numbers.__getitem__, texts))
        self._fit(max(numbers, default=0))
        codes = array_of(numbers, f"uint{8 * self._size}").take(cells.indices)
        found = codes.buffers()[1].to_pybytes()[: len(codes) * self._size]
        if isinstance(self._codes, bytearray):
            self._codes += found
        else:
            self._codes.frombytes(found)
        self._look()

    @property
    def _size(self) -> int:
        """How many bytes a code has."""
        return 1 if isinstance(self._codes, bytearray) else int(self._codes.itemsize)

    def _fit(self, number: int) -> None:
        while number >= 1 << 8 * self._size:
            self._widen()

    def _widen(self) -> None:
        # an array made of bytes takes them for its own bytes, not for numbers
        wider = isinstance(self._codes, bytearray)
        self._codes = array("H", list(self._codes)) if wider else array("I", self._codes)

    def _look(self) -> None:
        """Hold the cells as they are where they nearly all differ."""
        if len(self._numbers) > _MANY and 2 * len(self._numbers) > len(self._codes):
            self.add("\n".join(map([*self._numbers].__getitem__, self._codes)))
            self._numbers, self._codes = _Numbers(), bytearray()

    def add(self, piece: str) -> None:
        """Take cells with a line break between each of them."""
        self._pieces.append(piece)
        filled = "\n\n" not in f"\n{piece}\n" and piece.isascii()
        if filled and not any(map(piece.__contains__, _SPACES)):
            self._kinds.append(bytes([TEXT]) * (piece.count("\n") + 1))
        else:
            self._kinds.append(SheetColumn([cell or None for cell in piece.split("\n")]).kinds)

    def _values(self) -> list[str | None]:
        return [text or None for text in self._numbers]

    def done(self, header: str) -> SheetColumn:
        """Return the column below its header."""
        if self.is_plain:
            below, self._pieces = self._pieces, []
            kinds, self._kinds = self._kinds, []
            self.add(header)
            self._pieces += below
            self._kinds += kinds
        else:
            self._fit(self._numbers[header])
            self._codes.insert(0, self._numbers[header])
        return self.whole()

    def whole(self) -> SheetColumn:
        """Return the column as it is."""
        if self.is_plain:
            return PackedColumn(self._pieces, b"".join(self._kinds))
        codes = bytes(self._codes) if isinstance(self._codes, bytearray) else self._codes
        return CodedColumn(self._values(), codes)
