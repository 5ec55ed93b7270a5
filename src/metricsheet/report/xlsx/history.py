"""The sheet ``History``: a row per metric and slice, a column per period, coloured by status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from metricsheet.evaluation.result import Result
from metricsheet.language.numbers import NOTHING
from metricsheet.language.words import term
from metricsheet.report.arrangement import SourceBlock, series_of
from metricsheet.report.formatter import ResultFormatter
from metricsheet.report.xlsx.rows import Cells, SeriesKey, rows_in_view, series_key, slice_names
from metricsheet.report.xlsx.sheet import STATUS_FILLS, Formats, SheetColumn, TableSheet

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


def all_periods(sources: Iterable[SourceBlock]) -> list[str]:
    """Return the period labels of all sources, oldest first."""
    return sorted({period for source in sources for period in source.periods})


def history_sheet(
    sheet: Worksheet,
    formats: Formats,
    formatter: ResultFormatter,
    sources: Sequence[SourceBlock],
    footer: str,
) -> dict[SeriesKey, str]:
    """Fill the sheet; return the range of each series that has two values or more."""
    periods = all_periods(sources)
    held: dict[SeriesKey, dict[str, Result]] = {}
    for result in formatter.scorecard.results:
        if result.period is not None:
            held.setdefault(series_key(result), {})[result.period] = result
    rows = [row for row in rows_in_view(sources) if series_key(row.result) in held]
    language, slices, several = formatter.language, slice_names(rows), len(sources) > 1
    columns = [SheetColumn(term("source", language), 10, 30)] if several else []
    columns.append(SheetColumn(term("metric", language), 26, 44))
    columns += [SheetColumn(name, 10, 28) for name in slices]
    first = len(columns)
    columns += [SheetColumn(formatter.period(period), 9, 16, right=True) for period in periods]
    table = TableSheet(sheet, formats, columns)
    cells = Cells(formatter, formats)
    ranges: dict[SeriesKey, str] = {}
    for row in rows:
        key = series_key(row.result)
        values = dict(series_of(row.result))
        place = 0
        if several:
            table.text(0, row.result.source)
            place = 1
        table.text(place, row.result.label, formats.cell())
        for offset, name in enumerate(slices):
            table.text(place + 1 + offset, row.result.slice.get(name, ""), formats.cell())
        for offset, period in enumerate(periods):
            _history_cell(table, cells, first + offset, held[key].get(period), row.result, values.get(period))
        if sum(1 for result in held[key].values() if result.value is not None) > 1:
            ranges[key] = _range(table.row, first, len(periods))
        table.next_row()
    table.finish(frozen=first, footer=footer)
    return ranges


def _history_cell(
    table: TableSheet, cells: Cells, place: int, result: Result | None, newest: Result, value: float | None
) -> None:
    if result is None:
        table.number(place, value, cells.form(newest, value))
        return
    fill, ink = STATUS_FILLS.get(result.status, STATUS_FILLS["no_data"])
    if result.value is None:
        table.text(place, result.error or NOTHING, cells.formats.filled((fill, ink), align="right"))
        return
    form = cells.form(result, result.value, {"bg_color": fill, "font_color": ink})
    table.number(place, result.value, form, len(cells.formatter.value(result)) + 1)


def _range(row: int, first: int, count: int) -> str:
    from xlsxwriter.utility import xl_range

    return f"History!{xl_range(row, first, row, first + count - 1)}"
