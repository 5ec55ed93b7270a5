"""The sheets ``Movements`` and ``Cohorts`` of a workbook report: ledgers of subscriptions as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from metricsheet.language.currencies import decimals_of
from metricsheet.language.letters import steady
from metricsheet.report.columns import width
from metricsheet.report.formatter import ResultFormatter
from metricsheet.report.ledger import LedgerTable, cohort_tables, waterfall
from metricsheet.report.xlsx.sheet import HEAD, PAPER, QUIET, Formats

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_LOW, _MIDDLE, _HIGH = "#F6B8B0", "#FFF3C9", "#B9E2C4"
"""The colours of shares of a cohort: of what is lost, of half, and of what is kept."""


def movements_sheet(sheet: Worksheet, formats: Formats, formatter: ResultFormatter, footer: str) -> None:
    """Fill the sheet with the movements of every ledger, a row for each period and slice."""
    reports = formatter.scorecard.ledgers
    _fill(sheet, formats, formatter, [waterfall(formatter, one, one.rows) for one in reports], footer)


def cohorts_sheet(sheet: Worksheet, formats: Formats, formatter: ResultFormatter, footer: str) -> None:
    """Fill the sheet with the cohorts of every ledger by age: coloured shares, then the numbers."""
    tables = []
    for report in formatter.scorecard.ledgers:
        tables += cohort_tables(formatter, report)
        tables += cohort_tables(formatter, report, numbers=True)
    _fill(sheet, formats, formatter, tables, footer, coloured=True)


def _fill(
    sheet: Any,
    formats: Formats,
    formatter: ResultFormatter,
    tables: Sequence[LedgerTable],
    footer: str,
    *,
    coloured: bool = False,
) -> None:
    row, label = 0, 12
    widths: dict[int, int] = {}
    for table in tables:
        sheet.write_string(row, 0, steady(table.title), formats.plain(bold=True, font_size=13))
        sheet.write_string(row + 1, 0, steady(table.note), formats.plain(font_color=QUIET))
        head = formats.plain(bold=True, font_color=PAPER, bg_color=HEAD)
        right = formats.plain(bold=True, font_color=PAPER, bg_color=HEAD, align="right")
        sheet.write_string(row + 2, 0, steady(table.first), head)
        for place, column in enumerate(table.columns, 1):
            sheet.write_string(row + 2, place, steady(column.title), right)
            widths[place] = max(widths.get(place, 8), width(column.title) + 1)
        first = row = row + 3
        for name, cells in table.rows:
            sheet.write_string(row, 0, steady(name), formats.cell())
            label = max(label, width(name) + 2)
            for place, value in enumerate(cells, 1):
                form = formats.cell(num_format=_number_format(table, place - 1))
                if value is None:
                    sheet.write_blank(row, place, None, form)
                    continue
                sheet.write_number(row, place, value, form)
                shown = width(table.text(place - 1, value, formatter.language)) + 2
                widths[place] = max(widths.get(place, 8), shown)
            row += 1
        shares = [place for place, column in enumerate(table.columns, 1) if column.unit == "percent"]
        if coloured and shares and row > first:
            sheet.conditional_format(first, shares[0], row - 1, shares[-1], _SCALE)
        row += 1
    sheet.set_column(0, 0, min(label, 50))
    for place, wide in widths.items():
        sheet.set_column(place, place, min(wide, 30))
    sheet.hide_gridlines(2)
    sheet.freeze_panes(0, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(footer)


_SCALE = {
    "type": "3_color_scale",
    "min_type": "num",
    "mid_type": "num",
    "max_type": "num",
    "min_value": 0,
    "mid_value": 0.5,
    "max_value": 1,
    "min_color": _LOW,
    "mid_color": _MIDDLE,
    "max_color": _HIGH,
}


def _number_format(table: LedgerTable, column: int) -> str:
    unit = table.columns[column].unit
    if unit == "percent":
        return "0.0%"
    decimals = 0 if unit == "count" else decimals_of(table.currency) if table.currency else 2
    return "#,##0" + ("." + "0" * decimals if decimals else "")
