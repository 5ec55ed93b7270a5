"""Rows of a table that are no rows of data: totals, averages, targets below months; left out and named."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.dataset import Problem
from metricsheet.files.addresses import a1, range_a1
from metricsheet.files.book import CellRange, RawCell
from metricsheet.tables.cell_kinds import header_text, kind_of
from metricsheet.tables.fill_down import filled_down
from metricsheet.tables.period_rows import find_other_periods
from metricsheet.tables.totals import TotalRow, find_totals

_MOST_SHOWN = 5


def without_other_rows(
    columns: list[Sequence[RawCell]], sheet: str, top: int, left: int, source: str
) -> tuple[list[Sequence[RawCell]], tuple[Problem, ...]]:
    """Return the columns without the rows that are no data, and the problems that name these rows.

    Such rows are cut off at the end and blank in between, so that the others keep their addresses. ``top``
    and ``left`` are the place of the first cell on ``sheet``.
    """
    totals, doubtful = find_totals(columns)
    known = {total.row for total in totals}
    longer, words = find_other_periods(columns, known)
    totals = sorted((*totals, *longer))
    gone = {total.row for total in (*totals, *words)}
    doubtful = [total for total in doubtful if total.row not in gone]
    problems: list[Problem] = []
    if totals:
        what = "a total row is" if len(totals) == 1 else f"{len(totals):,} total rows are"
        shown = _shown(columns, totals, sheet, top, left)
        hint = "if that is a row of data, give it another name"
        problems.append(Problem(source, "total_row", f"{what} left out of the data: {shown}", hint))
    if words:
        what = (
            "a row that is no period is" if len(words) == 1 else f"{len(words):,} rows that are no period are"
        )
        shown = _shown(columns, words, sheet, top, left)
        hint = "if that is a row of data, name its month, quarter or year"
        problems.append(Problem(source, "not_a_period", f"{what} left out of the data: {shown}", hint))
    if doubtful:
        what = (
            "a row that may be a total is"
            if len(doubtful) == 1
            else f"{len(doubtful):,} rows that may be totals are"
        )
        shown = _shown(columns, doubtful, sheet, top, left)
        hint = "its numbers do not add up the others; if it is a total, leave it out with --where"
        problems.append(Problem(source, "maybe_total", f"{what} counted as data: {shown}", hint))
    labels = [total.label for total in totals]
    columns = _without_rows(columns, sorted(gone))
    for column, count in filled_down(columns, labels).items():
        end = len(columns[column]) - 1
        place = range_a1(CellRange(sheet, top, left + column, top + end, left + column))
        what = "a blank cell is" if count == 1 else f"{count:,} blank cells are"
        message = f"{what} read as the label above, as in a pivot table: {place}"
        problems.append(Problem(source, "filled_down", message, "repeat the labels if these rows have none"))
    return columns, tuple(problems)


def _shown(
    columns: Sequence[Sequence[RawCell]], found: Sequence[TotalRow], sheet: str, top: int, left: int
) -> str:
    shown = []
    for total in found[:_MOST_SHOWN]:
        filled = [c for c, column in enumerate(columns) if kind_of(column[total.row]) != "blank"]
        column = next((c for c in filled if header_text(columns[c][total.row]) == total.label), filled[0])
        place = a1(sheet, top + total.row, left + column)
        shown.append(f"{place} '{total.label}'" if total.label else place)
    more = f" and {len(found) - _MOST_SHOWN:,} more" if len(found) > _MOST_SHOWN else ""
    return ", ".join(shown) + more


def _without_rows(columns: list[Sequence[RawCell]], rows: list[int]) -> list[Sequence[RawCell]]:
    """Return the columns without ``rows``: cut off at the end, with blank rows there, blank in between."""
    if not columns:
        return columns
    end = len(columns[0])
    left_out = set(rows)
    while end and (end - 1 in left_out or all(column[end - 1] is None for column in columns)):
        end -= 1
    inside = [row for row in rows if row < end]
    if not inside:
        return columns if end == len(columns[0]) else [column[:end] for column in columns]
    kept = []
    for column in columns:
        cells = list(column[:end])
        for row in inside:
            cells[row] = None
        kept.append(cells)
    return list(kept)
