"""The truth about a worksheet's XML: errors, formulas without a value, merges and extent.

A few patterns read the XML as spreadsheet programs write it, and a count checks that they understood every
cell; XML written in any other way is read by expat, which takes some ten times longer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import repeat
from typing import TypeAlias

from metricsheet.files import limits
from metricsheet.files.addresses import MAX_COLUMNS, MAX_ROWS, column_number, parse_a1
from metricsheet.files.sheet_facts import Position, SheetFacts
from metricsheet.files.xml import damaged, feed, local, safe_parser, whole_number
from metricsheet.language.message import Message
from metricsheet.patterns import late

OpenBlocks: TypeAlias = Callable[[], Iterator[bytes]]
"""Opens the XML of a sheet from its start, in blocks of bytes."""

_LONGEST_ROW = 64 << 20

# an attribute never holds `<`, so no pattern looks further than one element, whatever the text
_FILLED_CELL = late(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?:[^<>]*[^<>/])?>(?!</c>)')
_CELL = late(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_ROW_OF_CELL = late(rb'<c r="[A-Z]{1,3}([1-9][0-9]{0,6})"')
_ERROR_VALUE = late(rb"[^<>]*>\s*(?:<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)\s*)?(?:<v>([^<]*)</v>|<v/>|(?=</c>))")
_FORMULA_CELL = late(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^<>]*)>\s*'
    rb"<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)\s*"
    rb"(?:<v(?:\s[^<>]*)?(?:/>|>([^<]*)</v>)\s*)?"
    rb"(</c>|<extLst)?"
)
_SHARED = late(rb'<c\s(?>[^<>]*?\bt=["\']s["\'])[^<>]*+>\s*+<v>\s*+([0-9]{1,9})\s*+<')
_FORMULA = late(rb"<f[ />]")
_MERGE = late(rb'<mergeCell ref="([A-Z0-9:]+)"')
_LAST_ROWS = (
    rb"10[0-3][0-9]{4}|104[0-7][0-9]{3}|1048[0-4][0-9]{2}|10485[0-6][0-9]|104857[0-6]|[1-9][0-9]{0,5}"
)


class _UnusualXmlError(Exception):
    """XML that the patterns do not understand; expat reads it instead."""


def read_sheet_facts(sheet: str, open_blocks: OpenBlocks) -> SheetFacts:
    """Return the truth of a sheet from its XML.

    ``extent`` is exact where a sheet of its size is refused, else it may be too large.
    Raises ``WorkbookError`` (``damaged_workbook``, ``unsafe_xml``) for XML that is not sound or not safe.
    """
    try:
        facts = _scan(sheet, open_blocks())
        if facts.extent[0] * facts.extent[1] > min(limits.most_cells(facts.size), limits.MAX_SHEET_CELLS):
            facts.extent = _scan_extent(open_blocks())
    except _UnusualXmlError:
        return _parse(sheet, open_blocks())
    facts.shared_texts = lambda: _shared_texts(open_blocks())
    return facts


def _shared_texts(blocks: Iterable[bytes]) -> Iterator[int]:
    """Yield the number of the shared text of each cell that has one, -1 where it cannot be told."""
    for block in _row_blocks(blocks):
        numbers = _SHARED.findall(block)
        yield from map(int, numbers)
        yield from repeat(-1, block.count(b't="s"') + block.count(b"t='s'") - len(numbers))


def _scan(sheet: str, blocks: Iterable[bytes]) -> SheetFacts:
    """Read the truth with patterns; ``extent`` may be too large."""
    facts = SheetFacts()
    rows = columns = 0
    for number, block in enumerate(_row_blocks(blocks)):
        if (number == 0 and not _is_usual(block)) or (b"!" in block and b"<!" in block):
            raise _UnusualXmlError
        letters, last_row = _references(block)
        rows = max(rows, last_row)
        columns = max(columns, max((column_number(x.decode()) + 1 for x in set(letters)), default=0))
        facts.size += len(block)
        facts.cells += len(letters)
        if b't="e"' in block:
            _scan_errors(block, facts)
        if b"<f" in block:
            _scan_formulas(block, facts)
        if b"<mergeCell " in block:
            for area in _MERGE.findall(block):
                _add_merge(facts, sheet, area.decode())
    if columns > MAX_COLUMNS:
        raise damaged(Message("part_sheet", sheet=sheet))
    facts.extent = (rows, columns)
    return facts


def _references(block: bytes) -> tuple[list[bytes], int]:
    """Return the column letters of every cell of a block, and a row that none of them is beyond.

    The last cell says how the rows of the others begin at most; a pattern that takes such rows only and
    then finds every cell proves it. Cells in another order, or without a reference, are for expat.
    """
    cells = block.count(b"<c ") + block.count(b"<c>")
    if not cells:
        return [], 0
    last = _ROW_OF_CELL.match(block, block.rfind(b"<c "))
    if last is None:
        raise _UnusualXmlError
    first_digit, digits = last[1][:1], len(last[1])
    letters = _reference(first_digit, digits).findall(block)
    if len(letters) != cells:
        raise _UnusualXmlError
    return letters, min((int(first_digit) + 1) * 10 ** (digits - 1) - 1, MAX_ROWS)


@lru_cache
def _reference(first_digit: bytes, digits: int) -> re.Pattern[bytes]:
    """Return the pattern of a cell in a row of at most so many digits, starting with at most the given."""
    if digits == 7:
        rows = _LAST_ROWS
    elif digits == 1:
        rows = rb"[1-%b]" % first_digit
    else:
        rows = rb"[1-%b][0-9]{%d}|[1-9][0-9]{0,%d}" % (first_digit, digits - 1, digits - 2)
    return re.compile(rb'<c r="([A-Z]{1,3})(?:%b)"' % rows)


def _is_usual(block: bytes) -> bool:
    """Return whether a sheet begins as spreadsheet programs write it: UTF-8, no prefix, no document type."""
    start = block.find(b"<sheetData")
    head = block[: max(0, start)]
    declaration = head.partition(b"?>")[0].lower()
    if b"encoding" in declaration and b"utf-8" not in declaration:
        return False
    return start >= 0 and b"<!" not in head


def _row_blocks(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes cut after a row, so that no cell is torn."""
    rest = b""
    for block in blocks:
        joined = rest + block
        cut = joined.rfind(b"</row>") + len(b"</row>")
        if cut < len(b"</row>"):
            if len(joined) > _LONGEST_ROW:
                raise _UnusualXmlError
            rest = joined
            continue
        yield joined[:cut]
        rest = joined[cut:]
    if rest:
        yield rest


def _scan_errors(block: bytes, facts: SheetFacts) -> None:
    """Add the cells of type ``e`` to ``truth.errors``."""
    at = before = -1
    while (at := block.find(b't="e"', at + 1)) >= 0:
        start = block.rfind(b"<", before + 1, at)
        before = at
        cell = _CELL.match(block, start) if start >= 0 else None
        if cell is None or block.find(b">", start, at) >= 0:  # the text of another cell
            continue
        value = _ERROR_VALUE.match(block, at)
        if value is None:
            raise _UnusualXmlError
        facts.errors[_position(cell)] = value[1].decode("utf-8", "replace") if value[1] else "#N/A"


def _scan_formulas(block: bytes, facts: SheetFacts) -> None:
    """Count what the formula cells hold and add those without a value to ``truth.no_value``."""
    cells = 0
    for cell in _FORMULA_CELL.finditer(block):
        cells += 1
        if cell[5] is None:
            raise _UnusualXmlError
        kind = b'"' + cell[3].partition(b't="')[2]
        _count_formula(facts, _position(cell), kind.startswith((b'"str"', b'"e"')), cell[4] or b"")
    if cells != len(_FORMULA.findall(block)):
        raise _UnusualXmlError


def _count_formula(facts: SheetFacts, at: Position, text_or_error: bool, stored: bytes | str) -> None:
    """Add one formula cell to the counts; a text formula may well store an empty text."""
    if text_or_error or stored.strip() not in (b"", b"0", "", "0"):
        facts.stored_other += 1
    elif stored.strip():
        facts.stored_zero += 1
    else:
        facts.no_value.append(at)


def _scan_extent(blocks: Iterable[bytes]) -> Position:
    """Return the rows and columns from A1 to the last cell that holds anything."""
    rows = columns = 0
    for block in _row_blocks(blocks):
        cells = _FILLED_CELL.findall(block)
        rows = max(rows, max((int(row) for _, row in cells), default=0))
        letters = {letters for letters, _ in cells}
        columns = max(columns, max((column_number(x.decode()) + 1 for x in letters), default=0))
    return rows, columns


def _parse(sheet: str, blocks: Iterable[bytes]) -> SheetFacts:
    """Read the truth with expat, from XML with prefixes, without references, or in another order."""
    cells = _CellEvents(sheet)
    parser = safe_parser(cells.start, cells.end)
    parser.CharacterDataHandler = cells.text
    parser.XmlDeclHandler = cells.declaration
    cells.facts.size = feed(parser, blocks, Message("part_sheet", sheet=sheet))
    return cells.facts


class _CellEvents:
    """The handlers of expat that gather the truth of one sheet."""

    def __init__(self, sheet: str) -> None:
        self.facts = SheetFacts()
        self._texts: list[int] = []
        self.facts.shared_texts = lambda: self._texts
        self._sheet = sheet
        self._row = self._column = -1
        self._kind = ""
        self._formula = False
        self._stored: list[str] | None = None
        self._inside_value = False

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.upper() not in ("UTF-8", "US-ASCII"):  # python-calamine takes all for UTF-8
            raise damaged(Message("part_sheet", sheet=self._sheet))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if tag == "row":
            self._row = self._row + 1
            if "r" in attributes:
                self._row = (
                    whole_number(attributes["r"], MAX_ROWS, Message("part_sheet", sheet=self._sheet)) - 1
                )
            self._column = -1
        elif tag == "c":
            self._column += 1
            if "r" in attributes:
                place = parse_a1(attributes["r"])
                if place is None:
                    raise damaged(Message("part_sheet", sheet=self._sheet))
                self._row, self._column = place.top, place.left
            if self._row >= MAX_ROWS or self._column >= MAX_COLUMNS:
                raise damaged(Message("part_sheet", sheet=self._sheet))
            self.facts.cells += 1
            self._kind, self._formula, self._stored = attributes.get("t", "n"), False, None
        elif tag == "f":
            self._formula = True
        elif tag in ("v", "is"):
            self._stored, self._inside_value = [], tag == "v"
        elif tag == "mergeCell":
            _add_merge(self.facts, self._sheet, attributes.get("ref", ""))

    def text(self, text: str) -> None:
        if self._inside_value and self._stored is not None:
            self._stored.append(text)

    def end(self, name: str) -> None:
        tag = local(name)
        if tag == "v":
            self._inside_value = False
        if tag != "c" or (self._stored is None and not self._formula):
            return
        at, stored = (self._row, self._column), "".join(self._stored or ())
        if self._kind == "s":
            self._texts.append(int(stored) if len(stored) < 10 and stored.isdecimal() else -1)
        if self._kind == "e" and self._stored is not None:
            self.facts.errors[at] = stored
        if self._formula:
            _count_formula(self.facts, at, self._kind in ("str", "e"), stored)
        rows, columns = self.facts.extent
        self.facts.extent = (max(rows, at[0] + 1), max(columns, at[1] + 1))


def _position(cell: re.Match[bytes]) -> Position:
    return int(cell[2]) - 1, column_number(cell[1].decode())


def _add_merge(facts: SheetFacts, sheet: str, area: str) -> None:
    """Add a merged rectangle, unless it is no rectangle on a sheet."""
    place = parse_a1(area, sheet)
    if place is not None and place.bottom is not None and place.right < MAX_COLUMNS:
        facts.merge(place)
