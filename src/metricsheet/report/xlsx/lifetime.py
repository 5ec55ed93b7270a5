"""The sheets ``Lifetime`` (what a forecast assumes and finds) and ``Customers`` (a row for each of them)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricsheet.language.words import term
from metricsheet.report.formatter import ResultFormatter
from metricsheet.report.lifetime import lifetime_rows, lifetime_table
from metricsheet.report.xlsx.sheet import MOST_ROWS, Formats, SheetColumn, TableSheet
from metricsheet.values import is_number

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


def lifetime_sheets(
    lifetime: Worksheet, customers: Worksheet, formats: Formats, formatter: ResultFormatter, footer: str
) -> None:
    """Fill both sheets; customers beyond the rows of a sheet are left to CSV."""
    language = formatter.language
    titles = (term("source", language), term("lifetime", language), term("value", language))
    columns = [SheetColumn(title, 20, 70) for title in titles]
    table = TableSheet(lifetime, formats, columns)
    for one in formatter.scorecard.lifetime:
        remarks = (("!", formatter.say(remark)) for remark in one.remarks)
        for label, text in (*lifetime_rows(formatter, one), *remarks):
            for place, said in enumerate((one.where or one.source, label, text)):
                table.text(place, said)
            table.next_row()
    table.finish(frozen=2, footer=footer)
    names, rows = lifetime_table(formatter.scorecard)
    table = TableSheet(
        customers,
        formats,
        [SheetColumn(name, 10, 40, name in names[2:-1]) for name in names],
    )
    forms = {int: formats.cell(num_format="#,##0"), float: formats.cell(num_format="#,##0.00")}
    for row in rows[:MOST_ROWS]:
        for place, cell in enumerate(row):
            if is_number(cell):
                table.number(place, cell, forms[type(cell)])
            else:
                table.text(place, str(cell or ""), formats.cell())
        table.next_row()
    table.finish(frozen=2, footer=footer)
