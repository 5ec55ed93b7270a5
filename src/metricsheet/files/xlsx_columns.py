"""The columns of an xlsx sheet, left in its XML until somebody asks for them.

One pattern checks that every cell of the sheet is written as spreadsheet programs write it. What is left of a
row without its digits is its shape; a sheet has few of them, and they say which cells there are and of which
kind. Values are decoded column by column, with one pattern for all cells of a column. A sheet that is written
in any other way is for ``xlsx_cells``.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from typing import TypeAlias

from metricsheet.files.addresses import MAX_COLUMNS, MAX_ROWS, column_letters, column_number
from metricsheet.files.book import (
    BLANK,
    DATE,
    ERROR,
    FLAG,
    NUMBER,
    TEXT,
    UNSEEN,
    RawCell,
    SheetColumn,
)
from metricsheet.files.sheet_facts import SheetFacts, no_value
from metricsheet.files.xlsx_rows import PLAIN_ROWS, ROWS
from metricsheet.files.xlsx_values import CellValues, plain_text, trimmed
from metricsheet.files.xml import NAMESPACE_END, feed, safe_parser
from metricsheet.language.message import Message
from metricsheet.patterns import late

_NO_VALUE, _EMPTY, _OWN_TEXT = 7, 8, 9
"""Kinds that only this module knows: a formula without a value, an empty text, a text that is not shared."""

_PUBLIC = bytes([*range(7), ERROR, BLANK, TEXT, *[BLANK] * 246])

HEAD_ROWS = 80
"""This many rows are decoded at once as soon as one of their cells is asked for."""

_CHUNK, _SAMPLE = 1 << 20, 1 << 12
_MOST_SCANS = 24
"""This many columns are decoded one by one; then one pass over all others is cheaper."""

_DIGITS = b"0123456789.-"
_ROOT = late(rb"<worksheet[ \t\r\n]")
"""Without a prefix, as then its elements are."""

_SWAPPED = late(rb'(<c r="[A-Z]++[0-9]++") (t="[a-zA-Z]++") (s="[0-9]++")')
"""Type and style in the order in which programs in Java write them."""

_ROW_NUMBER = late(rb'<row r="([0-9]++)"[^>]*+(?<!/)>')
_WHOLE_ROW = late(rb'<row r="([0-9]++)')
"""Where none is empty."""
_TAG = late(rb"<(?:row|f) ([^<>]*+)>")
_ATTRIBUTE = late(rb'(?<![a-zA-Z0-9:])([a-zA-Z0-9:]++)="')
_SHARED = late(rb't="s"><v>([0-9]++)')
_STYLED = late(rb'<c r="([A-Z]++)([0-9]++)" s="([0-9]++)"')
_STYLE = late(rb' s="([0-9]++)"')
_SHAPE = late(
    rb'<c r="([A-Z]++)"(?: s="(\x01?)")?+(?: t="([a-zA-Z]++)")?+[^<>]*+>'
    rb"(?:(<f)[^<]*+(?:</f>)?+)?+(?:<is>)?+(?:(<[vt])[^<>]*+>([^<]*+))?+"
)
_PLAIN_VALUE = rb'([0-9]++)"(?: s="([0-9]++)")?+(?: t="([sn])")?+()><v>([^<]++)'
_VALUE = (
    rb'([0-9]++)"(?: s="([0-9]++)")?+(?: t="([a-zA-Z]++)")?+[^<>]*+>'
    rb'(?:<f[^<]*+(?:</f>)?+)?+(?:<is>)?+(?:<[vt]( xml:space="preserve")?+>([^<]*+))?+'
)
_BARE_VALUE = rb'[0-9]++"(?: s="[0-9]++")?+(?: t="[sn]")?+><v>([^<]++)'
_ANY_VALUE = late(rb"<v>([^<]++)")
_RUN = late(rb"([\0-\xff])\1*+", re.DOTALL)
_BLANK, _A_NUMBER, _A_DATE = bytes([BLANK]), bytes([NUMBER]), bytes([DATE])
_CELL, _PLAIN_CELL = late(rb'<c r="([A-Z]++)' + _VALUE), late(rb'<c r="([A-Z]++)' + _PLAIN_VALUE)
_FORMULA_VALUE = late(rb"(?:</f>|<f[^<>]*/>)<v>([^<]*)")
_EMPTY_VALUES = (
    (b"<v></v>", b"<v>\1</v>"),
    (b"<v/>", b"<v>\1</v>"),
    (b"<v />", b"<v>\1</v>"),
    (b"<t></t>", b"<t>\1</t>"),
    (b'"preserve"></', b'"preserve">\1</'),
)


_Found: TypeAlias = Sequence[bytes]


class UnusualError(Exception):
    """XML that the patterns do not understand; the careful reader takes it instead."""


@lru_cache(maxsize=64)
def _cells_of(letters: bytes, value: bytes) -> re.Pattern[bytes]:
    return re.compile(rb'<c r="%b' % letters + value)


@lru_cache(maxsize=64)
def _beyond(count: int) -> re.Pattern[bytes]:
    """Return the pattern of a shared text whose number is ``count`` or more."""
    digits = str(count)
    larger = [
        f"{digits[:at]}[{int(digit) + 1}-9][0-9]{{{len(digits) - at - 1}}}"
        for at, digit in enumerate(digits)
        if digit < "9"
    ]
    numbers = "|".join((f"[0-9]{{{len(digits) + 1},}}", *larger, digits))
    return re.compile(rf't="s"><v>(?:{numbers})<'.encode())


class SheetXml:
    """The XML of one sheet with its structure; raises ``UnusualError`` where that is not sure."""

    def __init__(self, name: str, data: bytes, values: CellValues) -> None:
        start = data.find(b"<sheetData>")
        if _SWAPPED.search(data, start, start + _SAMPLE):
            data = _SWAPPED.sub(rb"\1 \3 \2", data)
        self.name, self._data, self.values = name, data, values
        self._start, self._end = start + 11, data.rfind(b"</sheetData>")
        self.facts = SheetFacts(size=len(data))
        self._check_envelope()
        self._plain, self._scans, self._format_scans = True, 0, 0
        self._shapes: list[dict[int, int]] = [{}]
        ids = self._rows()
        self._find_extent(ids)
        del ids[self.facts.extent[0] :]
        self._ids = bytes(ids) if len(self._shapes) <= 256 else ids
        self._find_formulas()

    def _check_envelope(self) -> None:
        """Check that what is around the rows is sound, and take the merged rectangles from there."""
        data = self._data
        head = data[: self._start]
        declaration = head.partition(b"?>")[0].lower()
        if (
            not 11 <= self._start <= self._end
            or b"<!" in head
            or _ROOT.search(head) is None
            or data.find(b"<sheetData", self._end) >= 0
            or (b"encoding" in declaration and b"utf-8" not in declaration)
        ):
            raise UnusualError
        try:
            if not data.isascii():
                data.decode()
        except UnicodeDecodeError as error:
            raise UnusualError from error

        def start(name: str, attributes: dict[str, str]) -> None:
            if name.endswith(f"{NAMESPACE_END}mergeCell"):
                self.facts.merge_address(self.name, attributes.get("ref", ""))

        parser = safe_parser(start, namespaces=True)
        feed(parser, (head, data[self._end :]), Message("part_sheet", sheet=self.name))
        # shapes have no digits
        self._prefixes = {
            name.translate(None, _DIGITS) for name in re.findall(rb"\sxmlns:([a-zA-Z0-9]++)", head)
        }

    def _rows(self) -> list[int]:
        """Return the number of the shape of every row, 0 for rows that are not there."""
        known: dict[bytes, int] = {}
        ids: list[int] = []
        last = 0
        for start, end in self._parts():
            chunk = self._data[start:end]
            if self._plain and PLAIN_ROWS.fullmatch(chunk) is None:
                self._plain = False
            if not self._plain and (b"]]>" in chunk or ROWS.fullmatch(chunk) is None):
                raise UnusualError
            whole = chunk.count(b"<row ") == chunk.count(b"</row>")
            numbers = list(map(int, (_WHOLE_ROW if whole else _ROW_NUMBER).findall(chunk)))
            if not numbers:
                continue
            first, before, last = numbers[0], last, numbers[-1]
            gaps = numbers != list(range(first, last + 1))
            if first <= before or last > MAX_ROWS or (gaps and any(b <= a for a, b in pairwise(numbers))):
                raise UnusualError
            shapes = self._marked(chunk).translate(None, _DIGITS).split(b"</row>")
            for shape in set(shapes[:-1]).difference(known):
                self._shapes.append(self._shape(shape))
                known[shape] = len(self._shapes) - 1
            found = list(map(known.__getitem__, shapes[:-1]))
            ids += [0] * (first - 1 - len(ids))
            if not gaps:
                ids += found
                continue
            for number, shape_id in zip(numbers, found, strict=True):
                ids += [0] * (number - 1 - len(ids))
                ids.append(shape_id)
        return ids

    def _marked(self, chunk: bytes) -> bytes:
        """Return rows with marks where digits matter: for empty values, styles of dates, and blank texts."""
        for written, mark in () if self._plain else _EMPTY_VALUES:
            if written in chunk:
                chunk = chunk.replace(written, mark)
        if _beyond(len(self.values.texts)).search(chunk):
            raise UnusualError
        unseen = self.values.unseen
        for number in unseen if len(unseen) < 9 else unseen.keys() & map(int, _SHARED.findall(chunk)):
            written = b't="s"><v>%d<' % number
            if written in chunk:
                chunk = chunk.replace(written, b't="s"><v>\1<' if unseen[number] else b't="s"><v>\2<')
        styles = self.values.moments
        for style in styles if len(styles) < 9 else styles.intersection(_STYLE.findall(chunk)):
            chunk = chunk.replace(b' s="%b"' % style, b' s="\1"')
        return chunk

    def _shape(self, row: bytes) -> dict[int, int]:
        """Return the kinds of the cells of a row by their columns."""
        for tag in _TAG.findall(row):
            names = _ATTRIBUTE.findall(tag)
            prefixes = {name.partition(b":")[0] for name in names if b":" in name} - {b"xml"}
            if len(set(names)) < len(names) or prefixes - self._prefixes:
                raise UnusualError
        kinds: dict[int, int] = {}
        last = -1
        for letters, style, kind, formula, there, value in _SHAPE.findall(row):
            column = column_number(letters.decode())
            if not last < column < MAX_COLUMNS:
                raise UnusualError
            last = column
            kinds[column] = _kind(style, kind, formula, value if there else None)
        return {column: kind for column, kind in kinds.items() if kind != BLANK}

    def _find_extent(self, ids: Sequence[int]) -> None:
        shown = [any(kind != _EMPTY for kind in shape.values()) for shape in self._shapes]
        height = len(ids)
        while height and not shown[ids[height - 1]]:
            height -= 1
        width = max(
            (c + 1 for shape in self._shapes for c, kind in shape.items() if kind != _EMPTY), default=0
        )
        self.facts.extent = (height, width)
        self.facts.cells = sum(len(self._shapes[number]) * times for number, times in Counter(ids).items())

    def _find_formulas(self) -> None:
        """Name the formulas without a value."""
        bare = {
            number: [column for column, kind in shape.items() if kind == _NO_VALUE]
            for number, shape in enumerate(self._shapes)
            if _NO_VALUE in shape.values()
        }
        if bare:
            self.facts.no_value = [(r, c) for r, number in enumerate(self._ids) for c in bare.get(number, ())]

    def count_stored(self) -> None:
        """Count what the formulas have stored, by whether it is 0."""
        found = () if self._plain else _FORMULA_VALUE.findall(self._data, self._start, self._end)
        for value in found:
            self.facts.count_formula(value)

    def columns(self) -> list[SheetColumn]:
        """Return the columns up to the last that holds anything."""
        blank = SheetColumn((None,) * self.facts.extent[0])
        filled = {column for shape in self._shapes for column in shape}
        return [
            _XlsxColumn(self, number) if number in filled else blank for number in range(self.facts.extent[1])
        ]

    def kinds(self, column: int) -> bytes:
        """Return the kinds of the cells of a column, with those of this module."""
        kinds = bytes([shape.get(column, BLANK) for shape in self._shapes])
        if isinstance(self._ids, bytes):
            return self._ids.translate(kinds.ljust(256, b"\0"))
        return bytes(map(kinds.__getitem__, self._ids))

    def cells(self, column: int) -> Sequence[RawCell]:
        """Return the cells of a column."""
        height = self.facts.extent[0]
        if height <= HEAD_ROWS or self._runs:
            return self.first(column, height)
        if self._scans == _MOST_SCANS:
            self._scans += 1
            self._all = self._decoded(self._parts(), height)
        if self._scans > _MOST_SCANS:
            return self._all.get(column) or [None] * height
        self._scans += 1
        letters, kinds = column_letters(column).encode(), self.kinds(column)
        cells: list[RawCell] = [None] * height
        if self._plain and DATE not in kinds:
            values = _cells_of(letters, _BARE_VALUE).findall(self._data, self._start, self._end)
            self._fill_runs(cells, kinds, values)
        else:
            pattern = _cells_of(b"()" + letters, _PLAIN_VALUE if self._plain else _VALUE)
            self._fill(column, cells, pattern.findall(self._data, self._start, self._end))
        return cells

    def first(self, column: int, height: int) -> Sequence[RawCell]:
        """Return the first cells of a column: at most ``HEAD_ROWS``, of a small sheet any number."""
        if not self._runs:
            return self.head.get(column) or [None] * height
        values: list[bytes] = []
        for start, end, at, shape in self._runs:
            if start < height and column in shape:
                stop = at + len(shape) * (min(end, height) - start)
                values += self._values[at + shape[column] : stop : len(shape)]
        cells: list[RawCell] = [None] * height
        self._fill_runs(cells, self.kinds(column)[:height], values)
        return cells

    @cached_property
    def _runs(self) -> Sequence[tuple[int, int, int, Mapping[int, int]]]:
        """Rows of one shape below each other: from, up to, the number of their first value, and the places
        of columns among the values of a row. None of a sheet whose values are not looked up all at once.
        """
        small = self._plain and len(self._data) < _CHUNK and len(self.values.moments) < 2
        if not small or not isinstance(self._ids, bytes):
            return ()
        places = [{column: place for place, column in enumerate(shape)} for shape in self._shapes]
        at, found = 0, []
        for run in _RUN.finditer(self._ids):
            shape = places[run[1][0]]
            found.append((*run.span(), at, shape))
            at += len(run[0]) * len(shape)
        return found

    @cached_property
    def _values(self) -> Sequence[bytes]:
        return _ANY_VALUE.findall(self._data, self._start, self._end)

    def _fill_runs(self, cells: list[RawCell], kinds: bytes, values: Sequence[bytes]) -> None:
        """Put cells in their places, one run of a kind after the other: numbers, shared texts, dates of the
        only style that makes some.
        """
        at, convert = 0, {_A_NUMBER: partial(map, float)}
        if _A_DATE in kinds:
            (style,) = self.values.moments
            convert[_A_DATE] = partial(map, partial(self.values.moment, style))
        for run in _RUN.finditer(kinds):
            if run[1] != _BLANK:
                start, end = run.span()
                some = values[at : at + end - start]
                at += end - start
                cells[start:end] = convert.get(run[1], self.values.texts_of)(some)

    @cached_property
    def head(self) -> Mapping[int, Sequence[RawCell]]:
        """The first cells of every column that has some."""
        end = self._start
        height = min(HEAD_ROWS, self.facts.extent[0])
        for _ in range(height):
            end = self._data.find(b"</row>", end, self._end) + 6
            if end < 6:
                end = self._end
                break
        return self._decoded([(self._start, end)], height)

    def _parts(self) -> Iterator[tuple[int, int]]:
        """Yield start and end of parts of the XML, each some whole rows."""
        at = self._start
        while at < self._end:
            end = self._data.rfind(b"</row>", at, min(at + _CHUNK, self._end)) + 6
            if end < 6:
                end = self._data.find(b"</row>", at, self._end) + 6
            yield at, end if end >= 6 else self._end
            at = end if end >= 6 else self._end

    def _decoded(self, parts: Iterable[tuple[int, int]], height: int) -> dict[int, list[RawCell]]:
        """Return the first ``height`` cells of all columns from some parts of the XML."""
        decoded: dict[int, list[RawCell]] = {}
        for start, end in parts:
            found: dict[bytes, list[_Found]] = defaultdict(list)
            for cell in (_PLAIN_CELL if self._plain else _CELL).findall(self._data, start, end):
                found[cell[0]].append(cell)
            for letters, some in found.items():
                column = column_number(letters.decode())
                if column not in decoded:
                    decoded[column] = [None] * height
                self._fill(column, decoded[column], some)
        return decoded

    def _fill(self, column: int, cells: list[RawCell], found: Iterable[_Found]) -> None:
        """Put cells in their places from column, row, style, type, spaces and value of each."""
        height, texts, moments = len(cells), self.values.texts, self.values.moments
        for _, digits, style, kind, preserved, value in found:
            row = int(digits) - 1
            if row >= height:
                continue
            if kind == b"s":
                cells[row] = texts[int(value)] or None
            elif not kind or kind == b"n":
                if value:
                    cells[row] = self.values.moment(style, value) if style in moments else float(value)
            elif kind == b"b":
                cells[row] = value == b"1"
            elif kind == b"e":
                cells[row] = self.values.error(self.name, row, column, plain_text(value))
            else:
                text = plain_text(value)
                cells[row] = (text if preserved or kind == b"str" else trimmed(text)) or None
        if self.facts.no_value:
            kinds = self.kinds(column)
            row = -1
            while 0 <= (row := kinds.find(_NO_VALUE, row + 1)) < height:
                cells[row] = no_value(self.name, row, column)

    def formats(self, column: int) -> Sequence[str]:
        """Return the number format of every cell of a column."""
        letters = column_letters(column).encode()
        if len(self._data) < _CHUNK or self._format_scans == _MOST_SCANS:
            found = self._all_formats
        else:
            self._format_scans += 1
            found = self._formats(re.compile(rb'<c r="(%b)([0-9]++)" s="([0-9]++)"' % letters))
        return found.get(letters) or [self.values.format(b"")] * self.facts.extent[0]

    @cached_property
    def _all_formats(self) -> Mapping[bytes, Sequence[str]]:
        return self._formats(_STYLED)

    def _formats(self, pattern: re.Pattern[bytes]) -> Mapping[bytes, Sequence[str]]:
        height = self.facts.extent[0]
        found: dict[bytes, list[str]] = {}
        known: dict[bytes, str] = {}
        for letters, digits, style in pattern.findall(self._data, self._start, self._end):
            if int(digits) <= height:
                if letters not in found:
                    found[letters] = [self.values.format(b"")] * height
                if style not in known:
                    known[style] = self.values.format(style)
                found[letters][int(digits) - 1] = known[style]
        return found


def _kind(style: bytes, kind: bytes, formula: bytes, value: bytes | None) -> int:
    """Return the kind of a cell from what is left of it without digits; ``value`` is ``None`` without one."""
    if kind == b"e":
        return ERROR
    if kind == b"b":
        return FLAG
    if kind == b"s":
        return _EMPTY if value == b"\1" else UNSEEN if value == b"\2" else TEXT
    if kind in (b"str", b"inlineStr"):
        if value is None or value == b"\1":
            return _EMPTY
        if (value and not value.decode().strip()) or b"_x" in value:  # what is left may be all spaces or not
            raise UnusualError
        return _OWN_TEXT
    if value is None or value == b"\1":
        return _NO_VALUE if formula else BLANK
    return DATE if style else NUMBER


class _XlsxColumn(SheetColumn):
    """A column whose cells are decoded when they are first asked for."""

    def __init__(self, xml: SheetXml, number: int) -> None:
        self._xml, self._number = xml, number

    @cached_property
    def cells(self) -> Sequence[RawCell]:
        return self._xml.cells(self._number)

    @cached_property
    def _all_kinds(self) -> bytes:
        return self._xml.kinds(self._number)

    @cached_property
    def kinds(self) -> bytes:
        return self._all_kinds.translate(_PUBLIC)

    @property
    def texts_among(self) -> Set[str]:
        return self.texts if _OWN_TEXT in self._all_kinds else self._xml.values.distinct

    @cached_property
    def formats(self) -> Sequence[str]:
        return self._xml.formats(self._number)

    @property
    def formats_among(self) -> Collection[str]:
        return self._xml.values.formats or ("",)

    @cached_property
    def _first(self) -> Sequence[RawCell]:
        return self._xml.first(self._number, min(HEAD_ROWS, len(self)))

    def at(self, row: int) -> RawCell:
        return self._first[row] if 0 <= row < HEAD_ROWS else self.cells[row]

    def between(self, start: int, stop: int) -> Sequence[RawCell]:
        return (self.cells if stop > HEAD_ROWS else self._first)[start:stop]

    def __len__(self) -> int:
        return self._xml.facts.extent[0]
