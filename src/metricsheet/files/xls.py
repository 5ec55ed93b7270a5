"""Cells of xls workbooks through xlrd, which is written in Python and cannot end the process.

xlrd believes what a file claims. So its records are walked first: a claim of more than there is, is damage,
and what is no cell (links over whole sheets, notes, drawings) is hidden from it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from metricsheet.errors import WorkbookError
from metricsheet.files.addresses import a1
from metricsheet.files.book import CellRange, RawCell
from metricsheet.files.book_facts import Spread
from metricsheet.files.number_formats import duration, moment
from metricsheet.files.sheet_facts import Position, SheetFacts, UnreadableError, error_value
from metricsheet.files.xls_container import read_stream
from metricsheet.files.xlsb_facts import ERROR_BYTES
from metricsheet.files.xml import damaged
from metricsheet.language.message import Message
from metricsheet.patterns import late
from metricsheet.records import record, replace

_BEGIN, _END, _PASSWORD, _SHEET, _TEXTS, _CONTINUE = 0x809, 0x0A, 0x2F, 0x85, 0xFC, 0x3C
_FORMAT, _CELL_FORMAT, _DATE_SYSTEM, _CODE_PAGE = 0x41E, 0xE0, 0x22, 0x42
_PACKED_NUMBERS, _SHARED_TEXT, _MERGED = 0xBD, 0xFD, 0xE5
_CELLS = frozenset((0x203, 0x27E, _PACKED_NUMBERS, _SHARED_TEXT, 0x204, 0xD6, 0x205, 0x06, 0x206, 0x406))
"""Numbers, packed numbers, shared texts, texts, flags or errors, formulas."""

_BESIDE_FORMULAS = frozenset((0x207, 0x07, 0x4BC, 0x221, 0x236, 0x37))
"""What is between a formula and the text it gives, and that text."""

_OF_BOOK = frozenset((_SHEET, _TEXTS, _CONTINUE, _FORMAT, _CELL_FORMAT, _DATE_SYSTEM, _CODE_PAGE))
_OF_SHEET = _CELLS | _BESIDE_FORMULAS | {_CONTINUE}
_HIDDEN = struct.pack("<H", 0x0FFF)

_MOST_ROWS, _MOST_COLUMNS = 65_536, 256
_ELAPSED = late(rb"\[\0?(?:[hms]\0?)+\]", re.IGNORECASE)
_BUILT_IN_ELAPSED = 46

_TEXT, _NUMBER, _DATE, _FLAG, _ERROR = 1, 2, 3, 4, 5
"""Kinds of cells as xlrd counts them."""


@record(frozen=False)
class _Tab:
    """A worksheet: where its records start and what they say; ``spans`` are the cells that are durations."""

    start: int
    hidden: bool
    facts: SheetFacts
    spans: set[Position]


class XlsBook:
    """An xls workbook; raises ``WorkbookError`` (``encrypted``, ``damaged_workbook``, ``too_large``)."""

    def __init__(self, data: bytes) -> None:
        try:
            stream = bytearray(read_stream(data, ("Workbook", "Book")))
            tabs = _walk_book(stream)
            self._book = _open(bytes(stream))
            names: list[str] = self._book.sheet_names()
            self._tabs = dict(zip(names, tabs, strict=True))
        except WorkbookError:
            raise
        except Exception as error:  # xlrd ends in many kinds of error when a record is not as it should be
            raise damaged(Message("part_stream_of_records")) from error
        if len(self._tabs) < len(names):
            raise damaged(Message("part_list_of_sheets"))
        self._spread = Spread(as_rectangle=False)
        for name, tab in self._tabs.items():
            tab.facts.merged = [replace(place, sheet=name) for place in tab.facts.merged]

    def sheets(self) -> list[tuple[str, bool]]:
        """Return name and ``hidden`` of every worksheet in tab order, without charts and macro sheets."""
        return [(name, tab.hidden) for name, tab in self._tabs.items()]

    def read(self, name: str) -> tuple[Sequence[Sequence[RawCell]], SheetFacts]:
        """Return the columns of a sheet and what is known about it.

        Raises ``WorkbookError`` (``sheet_too_large``) and ``UnreadableError``.
        """
        facts = self._tabs[name].facts
        self._spread.add(facts)
        number = [*self._tabs].index(name)
        try:
            sheet = self._book.get_sheet(number)
            cells = [
                self._row(name, row, sheet.row_types(row), sheet.row_values(row))
                for row in range(sheet.nrows)
            ]
        except Exception as error:
            raise UnreadableError("a record is not as it should be") from error
        finally:
            self._book.unload_sheet(number)
        columns = zip_longest(*cells)
        return [list(cells) if cells.count(None) < len(cells) else [] for cells in columns], facts

    def _row(self, sheet: str, row: int, kinds: Sequence[int], values: Sequence[Any]) -> list[RawCell]:
        spans = self._tabs[sheet].spans
        found: list[RawCell] = []
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            if kind == _TEXT:
                found.append(value or None)
            elif kind in (_NUMBER, _DATE) and (row, column) in spans:
                found.append(duration(value))
            elif kind == _NUMBER:
                found.append(value)
            elif kind == _DATE:
                found.append(moment(value, since_1904=bool(self._book.datemode)))
            elif kind == _FLAG:
                found.append(value != 0)
            elif kind == _ERROR:
                found.append(error_value(ERROR_BYTES.get(value, "#UNKNOWN!"), a1(sheet, row, column)))
            else:
                found.append(None)
        return found


def _open(stream: bytes) -> Any:
    """Return the workbook of xlrd; what it remarks on goes nowhere."""
    import xlrd

    return xlrd.open_workbook(file_contents=stream, logfile=_Nowhere(), on_demand=True, ragged_rows=True)


class _Nowhere:
    """Takes what xlrd prints."""

    def write(self, text: str) -> None:
        """Forget ``text``."""


def _walk_book(stream: bytearray) -> list[_Tab]:
    """Return the worksheets of a workbook stream, and hide from xlrd what it does not need.

    Raises ``WorkbookError``, and ``struct.error`` or ``IndexError`` for records that claim what cannot be.
    """
    tabs: list[_Tab] = []
    texts: list[bytes] = []
    elapsed_formats, elapsed = {_BUILT_IN_ELAPSED}, set[int]()
    cell_formats = end = 0
    in_texts = False
    for at, kind, size in _records(stream, 0):
        content = stream[at + 4 : at + 4 + size]
        if kind == _PASSWORD:
            raise WorkbookError("encrypted", Message("protected_workbook"), Message("save_without_password"))
        if kind == _SHEET:
            start, state, what = struct.unpack_from("<IBB", content)
            if what == 0:
                tabs.append(_Tab(start, state != 0, SheetFacts(), set()))
        elif kind == _TEXTS:
            if texts:
                raise IndexError("two tables of texts")
            texts.append(bytes(content))
        elif kind == _CONTINUE:
            if in_texts:
                texts.append(bytes(content))
        elif kind == _FORMAT and _ELAPSED.search(content, 2):
            elapsed_formats.add(struct.unpack_from("<H", content)[0])
        elif kind == _CELL_FORMAT:
            if struct.unpack_from("<H", content, 2)[0] in elapsed_formats:
                elapsed.add(cell_formats)
            cell_formats += 1
        elif kind not in _OF_BOOK and kind != _END:
            stream[at : at + 2] = _HIDDEN
        in_texts = kind == _TEXTS or (kind == _CONTINUE and in_texts)
        end = at + size
    count = _count_texts(texts) if texts else 0
    for tab in sorted(tabs, key=lambda tab: tab.start):
        if tab.start <= end:
            raise IndexError("two sheets of the same records")
        end = _walk_sheet(stream, tab, count, elapsed)
    return tabs


def _walk_sheet(stream: bytearray, tab: _Tab, texts: int, elapsed: set[int]) -> int:
    """Take down what a sheet holds, hide what is no cell, and return where its last record ends."""
    facts, rows, columns, end = tab.facts, 0, 0, tab.start
    for at, kind, size in _records(stream, tab.start):
        end = at + size
        if kind in _CELLS:
            row, first, _ = struct.unpack_from("<HHH", stream, at + 4)
            last = first
            if kind == _PACKED_NUMBERS:
                last = struct.unpack_from("<H", stream, at + 2 + size)[0]
            if last >= _MOST_COLUMNS or (kind == _PACKED_NUMBERS and size != 6 * (last - first + 2)):
                raise IndexError("a cell beyond the last column")
            if kind == _SHARED_TEXT and struct.unpack_from("<I", stream, at + 10)[0] >= texts:
                raise IndexError("a text that is not there")
            facts.cells += last - first + 1
            rows, columns = max(rows, row + 1), max(columns, last + 1)
            for column in range(first, last + 1) if elapsed else ():
                if struct.unpack_from("<H", stream, at + 8 + 6 * (column - first))[0] in elapsed:
                    tab.spans.add((row, column))
        elif kind == _MERGED:
            count = struct.unpack_from("<H", stream, at + 4)[0]
            for place in struct.iter_unpack("<4H", stream[at + 6 : at + 6 + 8 * count]):
                top, bottom, left, right = place
                facts.merge(CellRange("", top, left, bottom, right))
        if kind not in _OF_SHEET and kind != _END:
            stream[at : at + 2] = _HIDDEN
    facts.size, facts.extent = end - tab.start, (rows, columns)
    return end


def _records(stream: bytearray, at: int) -> Iterator[tuple[int, int, int]]:
    """Yield place, kind and size of a substream's records, its end last; charts inside are hidden."""
    depth = 0
    while True:
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth > 1 or (depth == 1 and kind == _END):
            stream[at : at + 2] = _HIDDEN
        elif kind != _BEGIN:
            yield at, kind, size
        if depth <= 0:
            return
        at += 4 + size


def _count_texts(chunks: Sequence[bytes]) -> int:
    """Return how many shared texts there are; raises ``IndexError`` when their records are too short."""
    count: int = struct.unpack_from("<I", chunks[0], 4)[0]
    left = iter(chunks)
    chunk, at = next(left), 8
    for _ in range(min(count, sum(map(len, chunks)))):
        characters, options = struct.unpack_from("<HB", chunk, at)
        at += 3
        runs = struct.unpack_from("<H", chunk, at)[0] if options & 8 else 0
        at += 2 * (options >> 3 & 1)
        phonetic = struct.unpack_from("<I", chunk, at)[0] if options & 4 else 0
        at += 4 * (options >> 2 & 1)
        while True:
            width = 1 + (options & 1)
            here = min((len(chunk) - at) // width, characters)
            at, characters = at + width * here, characters - here
            if not characters:
                break
            chunk, at = next(left), 1
            options = chunk[0]
        skip = 4 * runs + phonetic
        while at + skip >= len(chunk):
            skip -= len(chunk) - at
            chunk, at = next(left, b""), 0
            if not chunk:
                break
        at += skip
    return count
