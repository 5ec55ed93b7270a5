"""The truth about an xlsb file: error cells, merges and extents, from its binary records."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from metricsheet.files.addresses import MAX_COLUMNS, MAX_ROWS
from metricsheet.files.archive import Archive
from metricsheet.files.book import CellRange
from metricsheet.files.sheet_facts import SheetFacts
from metricsheet.files.xlsx_package import relationships, workbook_part
from metricsheet.files.xml import damaged
from metricsheet.language.message import Message

ERROR_BYTES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""Excel's errors as the byte that binary files store."""

_ROW, _ERROR, _SHARED_TEXT, _LAST_CELL, _FORMULA_ERROR, _MERGE, _SHEET = 0, 3, 7, 11, 11, 176, 156


def read_xlsb_parts(archive: Archive) -> dict[str, str]:
    """Return sheet name → part of every worksheet; raises ``WorkbookError`` (``damaged_workbook``)."""
    part = workbook_part(archive)
    targets = relationships(archive, part)
    parts = {}
    try:
        for kind, record in records(b"".join(archive.blocks(part))):
            if kind == _SHEET:
                identity, after = _wide_text(record, 8)
                name, _ = _wide_text(record, after)
                target = targets.get(identity)
                if target and target[0] == "worksheet" and target[1] in archive:
                    parts[name] = target[1]
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise damaged(Message("part_list_of_sheets")) from error
    return parts


def read_xlsb_facts(sheet: str, data: bytes) -> SheetFacts:
    """Return the truth of a sheet from its records; raises ``WorkbookError`` (``damaged_workbook``)."""
    facts = SheetFacts(size=len(data))
    texts: list[int] = []
    facts.shared_texts = lambda: texts
    row = rows = columns = 0
    number = struct.Struct("<I").unpack_from
    try:
        for kind, record in records(data):
            if kind == _ROW:
                row = number(record)[0]
            elif 1 < kind <= _LAST_CELL:
                column = number(record)[0]
                rows, columns = max(rows, row + 1), max(columns, column + 1)
                facts.cells += 1
                if kind == _SHARED_TEXT:
                    texts.append(number(record, 8)[0])
                if kind in (_ERROR, _FORMULA_ERROR):
                    facts.errors[row, column] = ERROR_BYTES.get(record[8], "#UNKNOWN!")
            elif kind == _MERGE:
                top, bottom, left, right = struct.unpack_from("<4I", record)
                facts.merge(CellRange(sheet, top, left, bottom, right))
    except (struct.error, IndexError) as error:
        raise damaged(Message("part_sheet", sheet=sheet)) from error
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        raise damaged(Message("part_sheet", sheet=sheet))
    facts.extent = (rows, columns)
    return facts


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of every record; kinds have up to two bytes of 7 bits, sizes up to four."""
    at, end = 0, len(data)
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | (data[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while True:
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift == 28:
                break
        if at + size > end:
            raise IndexError("a record beyond the end")
        yield kind, data[at : at + size]
        at += size


def _wide_text(record: bytes, at: int) -> tuple[str, int]:
    """Return a counted UTF-16 text and the place after it; the count -1 stands for no text."""
    count = struct.unpack_from("<I", record, at)[0]
    if count == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * count
    if end > len(record):
        raise IndexError("a text beyond the end")
    return record[at + 4 : end].decode("utf-16-le"), end
