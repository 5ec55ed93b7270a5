"""The error cells of an xls file, from the records of its workbook stream."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from metricsheet.errors import WorkbookError
from metricsheet.files.sheet_facts import SheetTruth
from metricsheet.files.xls_container import read_stream
from metricsheet.files.xlsb_facts import ERROR_BYTES
from metricsheet.files.xml import damaged
from metricsheet.language.message import Message

_FORMULA, _END, _PASSWORD, _SHEET, _STRINGS, _SIZE, _BOOL_OR_ERROR, _BEGIN = (
    0x06,
    0x0A,
    0x2F,
    0x85,
    0xFC,
    0x200,
    0x205,
    0x809,
)
_UNICODE_BOOK = 0x0600
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256


def read_xls_truth(data: bytes) -> dict[str, SheetTruth]:
    """Return the truth of every sheet by name: its error cells only.

    Sizes that a file claims are checked, since readers set memory aside for them.
    Raises ``WorkbookError`` (``encrypted``, ``damaged_workbook``).
    """
    try:
        stream = read_stream(data, ("Workbook", "Book"))
        unicode_names = struct.unpack_from("<H", stream, 4)[0] >= _UNICODE_BOOK
        sheets: dict[str, SheetTruth] = {}
        if struct.unpack_from("<H", stream)[0] != _BEGIN:
            raise IndexError("no beginning")
        for kind, record in _records(stream, 0):
            if kind == _PASSWORD:
                raise WorkbookError(
                    "encrypted", "the workbook is protected by a password", "save a copy without a password"
                )
            if kind == _STRINGS and struct.unpack_from("<I", record, 4)[0] > len(stream):
                raise IndexError("more texts than bytes")
            if kind == _SHEET:
                start = struct.unpack_from("<I", record)[0]
                sheets[_sheet_name(record, unicode_names)] = _sheet_truth(stream, start, unicode_names)
    except (struct.error, IndexError, KeyError, UnicodeDecodeError) as error:
        raise damaged(Message("part_stream_of_records")) from error
    return sheets


def _sheet_truth(stream: bytes, start: int, long_rows: bool) -> SheetTruth:
    truth = SheetTruth()
    for kind, record in _records(stream, start):
        if kind == _SIZE:
            top, bottom, left, right = struct.unpack_from("<IIHH" if long_rows else "<4H", record)
            if not (top <= bottom <= _MOST_ROWS and left <= right <= _MOST_COLUMNS):
                raise IndexError("a sheet of impossible size")
        if kind == _BOOL_OR_ERROR and record[7]:
            code = record[6]
        elif kind == _FORMULA and record[6] == 2 and record[12:14] == b"\xff\xff":
            code = record[8]
        else:
            continue
        truth.errors[struct.unpack_from("<HH", record)] = ERROR_BYTES.get(code, "#UNKNOWN!")
    return truth


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of the records of one substream, those of charts inside it left out."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        at += 4
        if kind == _BEGIN:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, stream[at : at + size]
        at += size


def _sheet_name(record: bytes, unicode_names: bool) -> str:
    """Return the name of a sheet: its length, then 8 or 16 bits a character."""
    count = record[6]
    if not unicode_names:
        return record[7 : 7 + count].decode("latin-1")
    if record[7] & 1:
        return record[8 : 8 + 2 * count].decode("utf-16-le")
    return record[8 : 8 + count].decode("latin-1")
