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

MAX_SHEET_CELLS = 32_000_000
"""Cells of the rectangle that holds all cells of one sheet; it is held in memory as a whole."""

MAX_FIELD_CHARACTERS = 1 << 24
"""Characters of one field of a text file."""

MAX_COLUMNS_OF_TEXT = 16_384
"""Columns of a text file, as many as a sheet of Excel has."""


def too_large(what: Message) -> WorkbookError:
    """Return the error for a file beyond a limit; ``what`` says which, as in ``the file has 3.2 GB``."""
    return WorkbookError("too_large", what, Message("export_a_part"))
