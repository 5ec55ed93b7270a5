"""A1 addresses: from rows and columns counted from 0 to the text people read, and back."""

from __future__ import annotations

from metricsheet.files.book import CellRange
from metricsheet.patterns import late

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384

_PLAIN_SHEET = late(r"[^\W\d][\w.]*\Z")
_LOOKS_LIKE_CELL = late(
    r"(?:[A-Za-z]{1,3}\d+|[Rr]\d*(?:[Cc]\d*)?|[Cc]\d*|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])\Z"
)
_CELL = r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})"
_COLUMN = r"\$?([A-Za-z]{1,3})"
_ROW = r"\$?([0-9]{1,7})"
_AREA = late(rf"{_CELL}(?::{_CELL})?\Z")
_COLUMNS = late(rf"{_COLUMN}(?::{_COLUMN})?\Z")
_ROWS = late(rf"{_ROW}:{_ROW}\Z")


def column_letters(column: int) -> str:
    """Return the letters of ``column`` counted from 0: 0 is ``A``, 27 is ``AB``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the column, counted from 0, of ``letters`` such as ``AB`` (either case)."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def sheet_prefix(sheet: str) -> str:
    """Return ``sheet`` with ``!``, in quotes where Excel needs them; ``""`` for no sheet."""
    if not sheet:
        return ""
    if _PLAIN_SHEET.match(sheet) and not _LOOKS_LIKE_CELL.match(sheet):
        return f"{sheet}!"
    return "'" + sheet.replace("'", "''") + "'!"


def a1(sheet: str, row: int, column: int) -> str:
    """Return the address of one cell, such as ``Survey!C2`` or ``'My sheet'!C2``."""
    return f"{sheet_prefix(sheet)}{column_letters(column)}{row + 1}"


def range_a1(place: CellRange) -> str:
    """Return the address of a rectangle: ``Survey!C2:C501``, ``C2`` for one cell, ``C:D`` for columns."""
    left, right = column_letters(place.left), column_letters(place.right)
    prefix = sheet_prefix(place.sheet)
    if place.bottom is None:
        if place.top:
            return f"{prefix}{left}{place.top + 1}:{right}{MAX_ROWS}"
        return f"{prefix}{left}:{right}"
    if place.top == place.bottom and place.left == place.right:
        return f"{prefix}{left}{place.top + 1}"
    return f"{prefix}{left}{place.top + 1}:{right}{place.bottom + 1}"


def parse_a1(text: str, sheet: str = "") -> CellRange | None:
    """Return the rectangle that ``text`` names, or ``None`` when it is no plain address.

    Takes ``B4``, ``C5:C900``, ``C`` and ``C:D`` (whole columns), ``3:5`` (whole rows), with or without ``$``
    and a sheet before ``!`` (in quotes or not). ``sheet`` is used when the text names none.
    """
    text = text.strip()
    name, area = split_sheet(text)
    if name is None:
        name = sheet
    if match := _AREA.match(area):
        first, top, last, bottom = match.groups()
        rows = sorted((int(top) - 1, int(bottom or top) - 1))
        columns = sorted((column_number(first), column_number(last or first)))
        return _checked(CellRange(name, rows[0], columns[0], rows[1], columns[1]))
    if match := _COLUMNS.match(area):
        columns = sorted(column_number(letters) for letters in (match[1], match[2] or match[1]))
        return _checked(CellRange(name, 0, columns[0], None, columns[1]))
    if match := _ROWS.match(area):
        rows = sorted(int(number) - 1 for number in match.groups())
        return _checked(CellRange(name, rows[0], 0, rows[1], MAX_COLUMNS - 1))
    return None


def split_sheet(text: str) -> tuple[str | None, str]:
    """Return the sheet name before ``!`` (quotes removed) and the rest; ``None`` when no sheet is named."""
    if text.startswith("'"):
        end = 1
        while (end := text.find("'", end)) > 0 and text[end + 1 : end + 2] == "'":
            end += 2
        if end > 0 and text[end + 1 : end + 2] == "!":
            return text[1:end].replace("''", "'"), text[end + 2 :]
        return None, text
    name, mark, rest = text.rpartition("!")
    return (name, rest) if mark else (None, text)


def _checked(place: CellRange) -> CellRange | None:
    """Return ``place`` if it lies on a sheet of Excel's size, else ``None``."""
    if place.top < 0 or (place.bottom or 0) >= MAX_ROWS or place.right >= MAX_COLUMNS:
        return None
    return place
