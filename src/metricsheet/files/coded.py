"""A large regular text table as columns of coded texts: no object for a cell with a text that others have."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any

from metricsheet.files import limits
from metricsheet.files.book import CodedColumn, SheetColumn

_ROWS = 4096
"""So many rows are turned into columns at a time."""
_MANY = 1 << 16
"""Different texts from which on a column that repeats few of them is held as it is."""


def columns_of(lines: Iterable[str], delimiter: str) -> list[SheetColumn] | None:
    """Return the columns of a text table, ``None`` where it is not regular: it takes another reader then.

    It is regular when all rows have as many fields as the first one and its quotes are in order.
    """
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
        self._codes: Any = array("I")
        self._plain: list[str | None] | None = None

    def extend(self, cells: Sequence[str]) -> None:
        if self._plain is not None:
            self._plain.extend([cell or None for cell in cells] if "" in cells else cells)
            return
        self._codes.extend(map(self._numbers.__getitem__, cells))
        if len(self._numbers) > _MANY and 2 * len(self._numbers) > len(self._codes):
            self._plain = list(map(self._values().__getitem__, self._codes))
            self._numbers, self._codes = _Numbers(), array("I")

    def _values(self) -> list[str | None]:
        return [text or None for text in self._numbers]

    def done(self, header: str) -> SheetColumn:
        """Return the column below its header."""
        if self._plain is not None:
            return SheetColumn([header or None, *self._plain])
        code = self._numbers[header]
        codes: Sequence[int] = self._codes
        if len(self._numbers) <= 256:
            codes = bytes(chain((code,), codes))
        else:
            self._codes.insert(0, code)
        return CodedColumn(self._values(), codes)
