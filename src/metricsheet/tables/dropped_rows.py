"""Rows of a table that are no rows of data: totals, averages, targets below months; left out and named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from metricsheet.dataset import OtherRow, Problem
from metricsheet.files.addresses import a1, range_a1
from metricsheet.files.book import BLANK, CellRange, FormattedColumn, RawCell, as_column
from metricsheet.language.message import Message, and_more
from metricsheet.reading.settings import TotalsChoice
from metricsheet.records import record
from metricsheet.tables.cell_kinds import header_text, kind_of
from metricsheet.tables.fill_down import filled_down
from metricsheet.tables.period_rows import find_other_periods
from metricsheet.tables.totals import TotalRow, Totals, find_totals

_MOST_SHOWN = 5
ROWS_LEFT_OUT = frozenset({"total_row", "not_a_period", "maybe_total"})
"""Codes of the problems that name rows which are, or may be, no data."""

_Columns = Sequence[Sequence[RawCell]]
Address = Callable[[int, int], str]
"""Gives the address of the cell in a row and column."""


@record
class DataRows:
    """The columns of a table without the rows that are no data (``columns``) and with them (``complete``).

    The rows ``left_out`` are cut off at the end and blank between others, so that these keep their places.
    ``unsure`` rows are still there and may be no data.
    """

    columns: _Columns
    complete: _Columns
    left_out: tuple[OtherRow, ...] = ()
    unsure: tuple[OtherRow, ...] = ()
    problems: tuple[Problem, ...] = ()


def data_rows(
    columns: _Columns,
    headers: Sequence[str],
    place: CellRange,
    source: str,
    totals: TotalsChoice = "find",
    address: Address | None = None,
) -> DataRows:
    """Return the rows of data of a table, and the problems that name the others.

    ``place`` is where its first cell is; ``totals`` says what is done with rows that add up others. Where the
    cells do not lie as in a table, ``address`` gives that of a row and column.
    """
    columns = [as_column(cells) for cells in columns]
    found = Totals() if totals == "keep" else find_totals(columns, headers)
    known = {row.row for row in found.found}
    longer, words = ([], []) if totals == "keep" else find_other_periods(columns, known)
    unsure = [row for row in found.unsure if row not in longer and row not in words]
    sums = sorted((*found.found, *longer, *(unsure if totals == "drop" else ())))
    if totals == "drop":
        unsure = []
    named = _Names(columns, place, source, address)
    columns = [found.labels.get(number, column) for number, column in enumerate(columns)]
    gone = sorted({row.row for row in (*sums, *words)})
    kept = _without_rows(columns, gone)
    filled = filled_down(kept, [row.label for row in sums])
    for number, column in found.labels.items():
        blank = sum(
            cell is None and new is not None for cell, new in zip(named.columns[number], column, strict=True)
        )
        filled[number] = filled.get(number, 0) + blank
    complete = [_put_back(column, cells, gone) for column, cells in zip(columns, kept, strict=True)]
    return DataRows(
        kept,
        complete,
        named.all([*sums, *words]),
        named.all(unsure),
        (*named.problems(sums, words, unsure), *named.filled(filled, kept)),
    )


class _Names:
    """Names the rows of one table, and says what was done with them."""

    def __init__(
        self, columns: _Columns, place: CellRange, source: str, address: Address | None = None
    ) -> None:
        self.columns, self.place, self.source = columns, place, source
        self.address = address or self._in_table

    def _in_table(self, row: int, column: int) -> str:
        return a1(self.place.sheet, self.place.top + row, self.place.left + column)

    def all(self, rows: Sequence[TotalRow]) -> tuple[OtherRow, ...]:
        """Return rows with their addresses, from top to bottom."""
        return tuple(self._named(row) for row in sorted(rows))

    def _named(self, total: TotalRow) -> OtherRow:
        filled = [c for c, column in enumerate(self.columns) if kind_of(column[total.row]) != "blank"]
        column = next(
            (c for c in filled if header_text(self.columns[c][total.row]) == total.label), filled[0]
        )
        return OtherRow(total.row, self.address(total.row, column), total.label)

    def problems(
        self, sums: Sequence[TotalRow], words: Sequence[TotalRow], unsure: Sequence[TotalRow]
    ) -> list[Problem]:
        """Return a problem for each kind of rows."""
        found = []
        for rows, code, message, hint in (
            (sums, "total_row", "total_rows", "keep_totals"),
            (words, "not_a_period", "rows_of_no_period", "name_the_period"),
            (unsure, "maybe_total", "maybe_totals", "settle_totals"),
        ):
            if rows:
                shown = and_more([str(row) for row in self.all(rows)], _MOST_SHOWN)
                said = Message(message, count=len(rows), rows=shown)
                found.append(Problem(self.source, code, said, Message(hint)))
        return found

    def filled(self, counts: dict[int, int], columns: _Columns) -> list[Problem]:
        """Return a problem for each column of labels that were read into the blank cells below them."""
        found = []
        for column, count in sorted(counts.items()):
            top, left = self.place.top, self.place.left + column
            where = range_a1(CellRange(self.place.sheet, top, left, top + len(columns[column]) - 1, left))
            message = Message("filled_down", count=count, place=where)
            found.append(Problem(self.source, "filled_down", message, Message("repeat_labels")))
        return found


def _without_rows(columns: _Columns, rows: Sequence[int]) -> list[Sequence[RawCell]]:
    """Return the columns without ``rows``: cut off at the end, with blank rows there, blank in between."""
    if not columns:
        return []
    end = len(columns[0])
    left_out = set(rows)
    kinds = [as_column(column).kinds for column in columns]
    while end and (end - 1 in left_out or all(column[end - 1] == BLANK for column in kinds)):
        end -= 1
    inside = [row for row in rows if row < end]
    if not inside:
        return list(columns) if end == len(columns[0]) else [column[:end] for column in columns]
    kept: list[Sequence[RawCell]] = []
    for column in columns:
        cells = list(column[:end])
        for row in inside:
            cells[row] = None
        kept.append(FormattedColumn(cells, partial(_formats, column)))
    return kept


def _put_back(column: Sequence[RawCell], kept: Sequence[RawCell], rows: Sequence[int]) -> Sequence[RawCell]:
    """Return the cells of ``kept`` with those of ``rows`` from ``column`` in their places."""
    if not rows:
        return kept
    cells = [*kept, *column[len(kept) :]]
    for row in rows:
        cells[row] = column[row]
    return FormattedColumn(cells, partial(_formats, column))


def _formats(column: Sequence[RawCell]) -> Sequence[str]:
    return as_column(column).formats
