"""One data region of a sheet: columns of equal length under their headers, with their addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from metricsheet.dataset import OtherRow, Problem
from metricsheet.files.addresses import a1, range_a1
from metricsheet.files.book import CellRange, RawCell
from metricsheet.records import record


@record
class Region:
    """A data region of a sheet, as columns of equal length under their headers.

    ``kind`` is ``table`` (headers above columns or, when ``transposed``, labels before rows or single
    cells, which the columns are made of) or ``pairs``
    (each header is a label, each column its one value). ``columns[i][k]`` is the ``k``-th cell under
    ``headers[i]``; total rows at the end are not in it, and a total row between data rows is blank.
    ``left_out`` names these rows, ``complete`` are the columns with them, and ``unsure`` rows may be such.
    ``header_row`` is the row of the headers counted from 0, ``None`` for data without headers (then every
    header is ``""``). ``top, left, bottom, right`` bound the data cells without the headers; ``bottom`` is
    ``top - 1`` when there are none. ``date_column`` is the index of the column made from the months along
    the header of a transposed region; ``positions`` are the columns of those months on the sheet.
    ``problems`` say what was left out. ``over`` is what is over the values of ``pairs`` (``Amount``).
    ``wordings`` are the questions that a survey tool writes below its short ``headers``, one for each.
    ``notes`` are the titles above the table, ``units`` what is between the label and the values of each
    column of a ``transposed`` one.
    ``lettered`` headers are the letters of the columns, and name no input.
    """

    sheet: str
    kind: Literal["table", "pairs"]
    header_row: int | None
    top: int
    left: int
    bottom: int
    right: int
    headers: tuple[str, ...]
    columns: Sequence[Sequence[RawCell]]
    places: tuple[CellRange, ...]
    transposed: bool = False
    date_column: int | None = None
    problems: tuple[Problem, ...] = ()
    positions: tuple[int, ...] = ()
    complete: Sequence[Sequence[RawCell]] = ()
    left_out: tuple[OtherRow, ...] = ()
    unsure: tuple[OtherRow, ...] = ()
    over: tuple[str, ...] = ()
    wordings: tuple[str, ...] = ()
    lettered: bool = False
    notes: tuple[str, ...] = ()
    units: tuple[str, ...] = ()

    def where(self, column: int) -> str:
        """Return the address of one column's cells: ``Survey!C2:C501``, or ``Plan!B4:M4`` when transposed."""
        return range_a1(self.places[column])

    def address(self, column: int, index: int) -> str:
        """Return the address of the ``index``-th cell of one column: ``Survey!C2`` for index 0."""
        place = self.places[column]
        if self.transposed:
            return a1(self.sheet, place.top, self.positions[index])
        return a1(self.sheet, place.top + index, place.left)
