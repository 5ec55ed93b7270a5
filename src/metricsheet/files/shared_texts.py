"""The table of shared texts of a workbook: what it claims, and how much text cells would make of it.

A cell names its text by a number, and readers give each cell a text of its own: a few bytes can claim
gigabytes. Both is measured here before anything is read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator

from metricsheet.files import limits
from metricsheet.files.archive import Archive
from metricsheet.files.xlsb_facts import records
from metricsheet.files.xml import damaged
from metricsheet.language.message import Message
from metricsheet.patterns import late

_HEAD = 4096
_COUNT = late(rb"""\scount\s*=\s*["']([0-9]+)["']""")
_UNIQUE_COUNT = late(rb"""\suniqueCount\s*=\s*["']([0-9]+)["']""")
_BINARY_COUNT = late(rb"\x9f\x01\x08....(....)", re.DOTALL)
_END = late(rb"</si>|<si/>")
_SHORT, _BINARY_TEXT = 512, 19


class SharedTexts:
    """The shared texts of a package, ``binary`` or XML.

    Raises ``WorkbookError`` (``damaged_workbook``) when the table claims more texts than it has bytes:
    readers set memory aside for as many. It also counts how often its texts are used; that can be more than
    it has bytes, but not more than all parts together.
    """

    def __init__(self, archive: Archive) -> None:
        self._table, self._binary = b"", False
        self._longest = self._cells = self._size = 0
        self._sheets: list[Callable[[], Iterable[int]]] = []
        self.parts: list[str] = []
        everything = sum(archive.size(name) for name in archive.names)
        for name in archive.names:
            if not name.endswith(("sharedstrings.xml", "sharedstrings.bin")):
                continue
            self.parts.append(name)
            table = b"".join(archive.blocks(name))
            self._binary = name.endswith(".bin")
            self._check_claims(table, everything)
            self._table = max(self._table, table, key=len)
        self._longest = len(self._table) if self._binary else _about_longest(self._table)

    def _check_claims(self, table: bytes, everything: int) -> None:
        head = table[:_HEAD]
        if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):  # python-calamine takes all for UTF-8
            raise damaged(Message("part_table_of_texts"))
        if self._binary:
            claims = [int.from_bytes(found[1], "little") for found in _BINARY_COUNT.finditer(head)]
        else:
            claims = [_bounded(found, everything) for found in _UNIQUE_COUNT.findall(head)]
            if max((_bounded(found, everything) for found in _COUNT.findall(head)), default=0) > everything:
                raise damaged(Message("part_table_of_texts"))
        if max(claims, default=0) > len(table):
            raise damaged(Message("part_table_of_texts"))

    def use(self, cells: int, size: int, numbers: Callable[[], Iterable[int]]) -> None:
        """Count one more sheet: its cells, its bytes, and the numbers of the texts that its cells name.

        Raises ``WorkbookError`` (``too_large``) when the sheets so far would hold far more text than they
        have bytes. The numbers are asked for only when the longest text in every cell would be too much.
        """
        self._cells += cells
        self._size += size
        self._sheets.append(numbers)
        most = limits.most_text(self._size)
        if self._cells * self._longest <= most:
            return
        lengths = self._lengths()
        longest = max(lengths, default=0)
        held = 0
        for sheet in self._sheets:
            for number in sheet():
                held += lengths[number] if 0 <= number < len(lengths) else longest
        if held > most:
            raise limits.too_large(Message("texts_repeated", millions=held >> 20))
        self._cells = held // max(1, self._longest)
        self._sheets.clear()

    def _lengths(self) -> list[int]:
        """Return about the length of each text."""
        if self._binary:
            try:
                return [len(item) // 2 for kind, item in records(self._table) if kind == _BINARY_TEXT]
            except IndexError as error:
                raise damaged(Message("part_table_of_texts")) from error
        if b":si" in self._table:
            return [len(self._table)]
        return [len(text) for text in _END.split(self._table)]


def _bounded(digits: bytes, most: int) -> int:
    """Return a number of any length, or ``most + 1`` when it is more."""
    return most + 1 if len(digits) > 20 else int(digits)


def _about_longest(table: bytes) -> int:
    """Return a length that no text of the table exceeds, at most twice that of the longest (at least 512)."""
    length = _SHORT
    while any(True for _ in _longer(table, length)):
        length *= 2
    return length


def _longer(table: bytes, length: int) -> Iterator[int]:
    """Yield where more than ``length`` bytes follow each other without the end of a text."""
    at = 0
    while at + length < len(table):
        end = table.rfind(b"</si>", at, at + length)
        if end < 0:
            yield at
            return
        at = end + 1
