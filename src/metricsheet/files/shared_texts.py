"""The table of shared texts of an xlsb workbook: what it claims, and how much text cells would make of it.

A cell names its text by a number, and the library gives each cell a text of its own: a few bytes can claim
gigabytes. Both is measured here before anything is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from metricsheet.files import limits
from metricsheet.files.archive import Archive
from metricsheet.files.xlsb_facts import records
from metricsheet.files.xml import damaged
from metricsheet.language.message import Message
from metricsheet.patterns import late

_HEAD = 4096
_COUNT = late(rb"\x9f\x01\x08....(....)", re.DOTALL)
_TEXT = 19


class SharedTexts:
    """The shared texts of a package.

    Raises ``WorkbookError`` (``damaged_workbook``) when the table claims more texts than it has bytes: the
    library sets memory aside for as many.
    """

    def __init__(self, archive: Archive) -> None:
        self.parts = [name for name in archive.names if name.endswith("sharedstrings.bin")]
        tables = [b"".join(archive.blocks(name)) for name in self.parts]
        for table in tables:
            claims = [int.from_bytes(found[1], "little") for found in _COUNT.finditer(table[:_HEAD])]
            if max(claims, default=0) > len(table):
                raise damaged(Message("part_table_of_texts"))
        self._table = max(tables, key=len, default=b"")
        self._longest = len(self._table)
        self._cells = self._size = 0
        self._sheets: list[Callable[[], Iterable[int]]] = []

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
        try:
            return [len(item) // 2 for kind, item in records(self._table) if kind == _TEXT]
        except IndexError as error:
            raise damaged(Message("part_table_of_texts")) from error
