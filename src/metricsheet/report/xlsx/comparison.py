"""The sheet ``Comparison``: a row for each source or slice, a column for each metric, coloured by status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricsheet.evaluation.result import Result
from metricsheet.language.words import term
from metricsheet.report.comparison import Comparison
from metricsheet.report.formatter import SIGNS, ResultFormatter
from metricsheet.report.overview_lines import row_labels
from metricsheet.report.xlsx.rows import Cells
from metricsheet.report.xlsx.sheet import STATUS_FILLS, Formats, SheetColumn, TableSheet

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


def comparison_sheet(
    sheet: Worksheet, formats: Formats, formatter: ResultFormatter, comparison: Comparison, footer: str
) -> None:
    """Fill the sheet, worst first, the sources as a whole below; why a figure is missing is a comment."""
    language = formatter.language
    slices = list(dict.fromkeys(key for row in comparison.rows for key in row.slice))
    title = " · ".join(slices) if slices else term("source", language)
    columns = [
        SheetColumn(title, 16, 40),
        *(SheetColumn(label, 11, 16, right=True) for label in comparison.metrics.values()),
    ]
    table = TableSheet(sheet, formats, columns)
    cells = Cells(formatter, formats)
    named = list(zip(row_labels(comparison), comparison.rows, strict=True))
    named += [(term("whole", language), row) for row in comparison.wholes]
    for name, row in named:
        whole = not row.slice and bool(slices)
        table.text(0, name, formats.cell(bold=whole))
        for place, metric in enumerate(comparison.metrics, 1):
            _cell(table, cells, place, row.cells.get(metric))
        table.next_row()
    table.finish(frozen=1, footer=footer)


def _cell(table: TableSheet, cells: Cells, place: int, result: Result | None) -> None:
    fill, ink = STATUS_FILLS["no_data" if result is None else result.status]
    colours = {"bg_color": fill, "font_color": ink}
    if result is not None and result.value is not None:
        shown = len(cells.formatter.value(result)) + 1
        table.number(place, result.value, cells.form(result, result.value, colours), shown)
        return
    sign = SIGNS["no_data" if result is None else result.status]
    table.text(place, sign, cells.formats.cell(align="right", **colours))
    if result is not None:
        said = cells.formatter.reason(result, everything=True)
        table.comment(place, said)
