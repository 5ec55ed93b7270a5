"""Write a small xlsb workbook record by record, for tests: nothing else in Python writes the format."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="bin" '
    'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)


@dataclass(frozen=True)
class Error:
    """An error cell; with ``formula``, the stored result of one."""

    byte: int
    formula: bool = False


def record(kind: int, content: bytes = b"") -> bytes:
    """Return one record: kind and size in groups of seven bits, then the content."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(content)
    while size >= 0x80:
        head += bytes([size & 0x7F | 0x80])
        size >>= 7
    return head + bytes([size]) + content


def wide(text: str) -> bytes:
    """Return a counted UTF-16 text."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cell(column: int, value: object) -> bytes:
    """Return the record of one cell."""
    head = struct.pack("<II", column, 0)
    if isinstance(value, Error):
        tail = struct.pack("<HI", 0, 0) + b"\0\0\0\0" if value.formula else b""
        return record(11 if value.formula else 3, head + bytes([value.byte]) + tail)
    if isinstance(value, bool):
        return record(4, head + bytes([value]))
    if isinstance(value, (int, float)):
        return record(5, head + struct.pack("<d", value))
    return record(6, head + wide(str(value)))


def sheet(rows: Mapping[int, Sequence[object]], merged: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """Return a worksheet part; ``rows`` maps row numbers to cells, ``None`` leaves a cell out."""
    last = max(rows, default=0)
    width = max((len(cells) for cells in rows.values()), default=1)
    parts = [record(129), record(148, struct.pack("<4I", 0, last, 0, max(0, width - 1))), record(145)]
    for number, cells in rows.items():
        parts.append(record(0, struct.pack("<IIHBBBI", number, 0, 0x12C, 0, 0, 0, 0)))
        parts += [cell(column, value) for column, value in enumerate(cells) if value is not None]
    parts.append(record(146))
    if merged:
        parts.append(record(177, struct.pack("<I", len(merged))))
        parts += [record(176, struct.pack("<4I", *place)) for place in merged]
        parts.append(record(178))
    return b"".join([*parts, record(130)])


def book(sheets: Mapping[str, bytes], hidden: Sequence[str] = ()) -> bytes:
    """Return a whole workbook from its worksheet parts by name."""
    parts = [record(131), record(143)]
    relations = []
    for number, name in enumerate(sheets, 1):
        parts.append(
            record(156, struct.pack("<II", int(name in hidden), number) + wide(f"rId{number}") + wide(name))
        )
        relations.append(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{number}.bin"/>'
        )
    parts += [record(144), record(132)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr(
            "_rels/.rels",
            _relations(f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.bin"/>'),
        )
        archive.writestr("xl/workbook.bin", b"".join(parts))
        archive.writestr("xl/_rels/workbook.bin.rels", _relations("".join(relations)))
        for number, part in enumerate(sheets.values(), 1):
            archive.writestr(f"xl/worksheets/sheet{number}.bin", part)
    return packed.getvalue()


def _relations(content: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{content}</Relationships>'
