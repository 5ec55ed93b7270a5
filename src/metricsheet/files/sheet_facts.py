"""What a ready-made reader does not tell about a sheet: errors, formulas without a value, merges, extent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from metricsheet.errors import WorkbookError
from metricsheet.files import limits
from metricsheet.files.addresses import a1, parse_a1
from metricsheet.files.book import CellRange, RawCell
from metricsheet.language.lexicon import error_words
from metricsheet.language.message import Message, and_more
from metricsheet.records import field, record
from metricsheet.values import ERROR_CODES, NA_, NAME, NUM, REF, VALUE, ExcelError

Position = tuple[int, int]
"""Row and column, counted from 0."""


@record(frozen=False)
class SheetFacts:
    """Facts about the cells of one sheet, taken from the file itself.

    ``errors`` maps error cells to Excel's text; ``no_value`` are formula cells without a stored value;
    ``stored_zero`` and ``stored_other`` count formula cells by what is stored. ``extent`` is the number of
    rows and columns from A1 to the last cell, ``merged`` the merged rectangles. ``cells`` is the number of
    cells, ``size`` the bytes of the sheet; ``shared_texts`` gives the number of the shared text of each cell
    that has one, ``text`` counts the characters of repeated cells.
    """

    errors: dict[Position, str] = field(default_factory=dict)
    no_value: list[Position] = field(default_factory=list)
    stored_zero: int = 0
    stored_other: int = 0
    extent: Position = (0, 0)
    merged: list[CellRange] = field(default_factory=list)
    cells: int = 0
    size: int = 0
    text: int = 0
    shared_texts: Callable[[], Iterable[int]] = tuple

    def merge(self, place: CellRange) -> None:
        """Add a merged rectangle; raises ``WorkbookError`` (``too_large``) when there are too many."""
        if len(self.merged) >= limits.MAX_MERGED:
            raise limits.too_large(Message("too_many_merged", sheet=place.sheet, most=limits.MAX_MERGED))
        self.merged.append(place)

    def merge_address(self, sheet: str, area: str) -> None:
        """Add a merged rectangle by its address, unless it is none on a sheet; raises as ``merge``."""
        place = parse_a1(area, sheet)
        if place is not None and place.bottom is not None:
            self.merge(place)

    def count_formula(self, stored: str | bytes) -> None:
        """Count a formula cell by what it has stored, if anything."""
        if stored in ("0", b"0"):
            self.stored_zero += 1
        elif stored:
            self.stored_other += 1


class UnreadableError(Exception):
    """A library could not read a sheet; the text says why, as far as it told."""


class SheetTooLargeError(WorkbookError):
    """A sheet whose cells lie too far apart to hold the rectangle around them in memory."""

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__(
            "sheet_too_large",
            Message("cells_span", rows=rows, columns=columns),
            Message("delete_stray_cells"),
        )


_OTHER_CODES = {
    "#GETTING_DATA": NA_,
    "Err:502": NUM,
    "Err:503": NUM,
    "Err:508": NAME,
    "Err:509": NAME,
    "Err:511": VALUE,
    "Err:522": REF,
    "Err:525": NAME,
}
"""Errors that no formula names, as LibreOffice stores them and as Excel shows them while it fetches data."""


def error_value(code: str, where: str) -> ExcelError:
    """Return the error of a cell, whose ``code`` LibreOffice writes in the words of its language.

    Errors that formulas cannot name (``#SPILL!``) become ``#VALUE!``.
    """
    if code in ERROR_CODES:
        return ExcelError(code, Message("error_in_cell", where=where))
    meant = _OTHER_CODES.get(code) or error_words().get(code, VALUE)
    return ExcelError(meant, Message("cell_holds_error", where=where, code=code))


def no_value(sheet: str, row: int, column: int) -> ExcelError:
    """Return what a formula cell without a stored value is."""
    return ExcelError(NA_, Message("formula_without_value", cell=a1(sheet, row, column)))


def overlay(sheet: str, columns: list[list[RawCell]], facts: SheetFacts) -> None:
    """Put the error values into ``columns``, in place; these grow where an error lies outside of them."""
    values: Mapping[Position, ExcelError] = {
        **{at: error_value(code, a1(sheet, *at)) for at, code in facts.errors.items()},
        **{at: no_value(sheet, *at) for at in facts.no_value},
    }
    for (row, column), value in values.items():
        columns += [[] for _ in range(column + 1 - len(columns))]
        cells = columns[column]
        cells += [None] * (row + 1 - len(cells))
        cells[row] = value


def named_cells(sheet: str, cells: Sequence[Position], most: int = 5) -> Message | str:
    """Return the addresses of the first ``most`` cells and how many more there are."""
    shown = [a1(sheet, *at) for at in cells[:most]]
    return and_more(shown, most, len(cells))
