"""A stream of a compound file (OLE), the container of xls workbooks."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_LAST_SECTOR = 0xFFFFFFFA
_ENTRY = 128


def read_stream(data: bytes, names: Sequence[str]) -> bytes:
    """Return the first stream of ``data`` that has one of ``names``.

    Raises ``KeyError`` when there is none, and ``struct.error`` or ``IndexError`` when the file is damaged.
    """
    size = 1 << _checked_shift(struct.unpack_from("<H", data, 30)[0])
    small_size = 1 << _checked_shift(struct.unpack_from("<H", data, 32)[0])
    directory, _, small_limit, small_table = struct.unpack_from("<4I", data, 48)
    table = _allocation_table(data, size)

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    entries = b"".join(map(sector, _chain(table, directory)))
    root = struct.unpack_from("<I", entries, 116)[0]
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
        if name not in names:
            continue
        start, count = struct.unpack_from("<2I", entries, at + 116)
        if count >= small_limit:
            return b"".join(map(sector, _chain(table, start)))[:count]
        small = b"".join(map(sector, _chain(table, root)))
        numbers = b"".join(map(sector, _chain(table, small_table)))
        small_chain = _chain(struct.unpack(f"<{len(numbers) // 4}I", numbers), start)
        return b"".join(small[n * small_size : (n + 1) * small_size] for n in small_chain)[:count]
    raise KeyError(names[0])


def _checked_shift(shift: int) -> int:
    if not 6 <= shift <= 16:
        raise IndexError("a sector of impossible size")
    return shift


def _allocation_table(data: bytes, size: int) -> Sequence[int]:
    """Return the table that gives the sector after each sector."""
    sectors = list(struct.unpack_from("<109I", data, 76))
    more, count = struct.unpack_from("<2I", data, 68)
    per_sector = size // 4
    for _ in range(min(count, len(data) // size)):
        if more >= _LAST_SECTOR:
            break
        numbers = struct.unpack_from(f"<{per_sector}I", data, (more + 1) * size)
        sectors += numbers[:-1]
        more = numbers[-1]
    table: list[int] = []
    for number in sectors:
        if number < _LAST_SECTOR:
            table += struct.unpack_from(f"<{per_sector}I", data, (number + 1) * size)
    return table


def _chain(table: Sequence[int], start: int) -> list[int]:
    """Return the sectors of a stream in order; a cycle is damage."""
    found = []
    while start < _LAST_SECTOR:
        found.append(start)
        if len(found) > len(table):
            raise IndexError("a circle of sectors")
        start = table[start]
    return found
