"""How large a data file may be before it is refused; every limit is named in docs/reading-workbooks.md."""

from __future__ import annotations

from metricsheet.errors import WorkbookError
from metricsheet.language.message import Message

MAX_FILE_BYTES = 1 << 30
"""Bytes of a file on disk."""

MAX_ENTRIES = 20_000
"""Entries of a zip package."""

MAX_UNPACKED_BYTES = 2 << 30
"""Bytes of all entries of a zip package after unpacking."""

MAX_RATIO, RATIO_FROM_BYTES = 250, 64 << 20
"""An entry above ``RATIO_FROM_BYTES`` may not unpack to more than ``MAX_RATIO`` times its packed size."""

MAX_SMALL_PART = 64 << 20
"""Bytes of a part that is read whole: workbook, relationships, tables."""

MAX_ELEMENTS = 500_000
"""Elements of a part that is read whole: sheets, names and tables."""

MAX_MERGED = 500_000
"""Merged rectangles of one sheet."""

MAX_SHEET_CELLS = 32_000_000
"""Cells of the rectangle that holds all cells of one sheet; it is held in memory as a whole."""

FREE_CELLS, FREE_ODS_CELLS, CELLS_PER_BYTE = 10_500_000, 4_000_000, 2
"""Cells that a workbook may spread over whatever its size, and more for each byte that its sheets have.

A few bytes can claim a cell in the last row; the memory for the rectangle up to it is taken all the same.
An ods file is held twice.
"""

FREE_TEXT, TEXT_PER_BYTE = 32 << 20, 20
"""Characters of shared or repeated texts that cells may hold, and more for each byte of their sheets."""

MAX_TOKEN = 64 << 20
"""Bytes of one element, comment or the like in XML; a parser starts again with every block it gets."""

MAX_FIELD_CHARACTERS = 1 << 24
"""Characters of one field of a text file."""

MAX_COLUMNS_OF_TEXT = 16_384
"""Columns of a text file, as many as a sheet of Excel has."""


def most_cells(size: int, free: int = FREE_CELLS) -> int:
    """Return how many cells sheets of ``size`` bytes may spread over."""
    return free + CELLS_PER_BYTE * size


def most_text(size: int) -> int:
    """Return how many characters of shared or repeated texts sheets of ``size`` bytes may hold."""
    return FREE_TEXT + TEXT_PER_BYTE * size


def too_large(what: Message) -> WorkbookError:
    """Return the error for a file beyond a limit; ``what`` says which, as in ``the file has 3.2 GB``."""
    return WorkbookError("too_large", what, Message("export_a_part"))
