"""A scorecard as a workbook: results, history, findings, inputs, problems and definitions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from metricsheet.catalog.definitions import Catalog
from metricsheet.errors import WorkbookError
from metricsheet.language.message import Message
from metricsheet.language.words import term
from metricsheet.report.formatter import ResultFormatter
from metricsheet.report.overview import overview
from metricsheet.report.scorecard import Scorecard
from metricsheet.report.style import PLAIN, TextStyle

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from metricsheet.report.xlsx.rows import SeriesKey

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def render_xlsx(scorecard: Scorecard, catalog: Catalog | None = None, style: TextStyle = PLAIN) -> bytes:
    """Return the scorecard workbook as the bytes of its file.

    Sheets: Overview, Comparison (of several sources or slices), Findings (what fired), Scorecard, History
    (from two periods on), Movements and Cohorts (of lists of subscriptions), Inputs, Problems (with what was
    not found), Definitions (with a ``catalog``), Lifetime and Customers (where that was asked for), Rules
    (what every rule found). Every text is written as
    text, so no cell of the sources can become a formula or a link; where the file has a place to go to, the
    places of inputs are links into the workbooks beside it.
    Raises ``WorkbookError`` when there are more results than a sheet has rows.
    """
    from metricsheet.report.xlsx.sheet import MOST_ROWS

    if max(len(scorecard.results), len(scorecard.findings), len(scorecard.problems)) > MOST_ROWS:
        raise WorkbookError(
            "too_many_rows",
            Message("too_many_rows", results=len(scorecard.results), rows=MOST_ROWS),
            Message("choose_csv_or_json"),
        )
    return _file(scorecard, catalog, style.language or scorecard.language, style.target)


def overview_sheet(
    scorecard: Scorecard, catalog: Catalog | None, language: str, title: str
) -> tuple[bytes, str]:
    """Return a workbook with the overview alone, on a sheet called ``title``, and the range that prints."""
    import io

    import xlsxwriter

    from metricsheet.report.xlsx.overview import OverviewSheet
    from metricsheet.report.xlsx.sheet import Formats

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _OPTIONS)
    formatter = ResultFormatter(scorecard, catalog, language)
    page = OverviewSheet(book, book.add_worksheet(title), Formats(book), formatter)
    printed = page.fill(overview(scorecard, catalog), _footer(scorecard, language))
    book.close()
    return file.getvalue(), printed


def _file(scorecard: Scorecard, catalog: Catalog | None, language: str, target: Path | None) -> bytes:
    import io

    import xlsxwriter

    from metricsheet.report.xlsx.lists import (
        comparison_sheet,
        definitions_sheet,
        findings_sheet,
        inputs_sheet,
        problems_sheet,
        rules_sheet,
    )
    from metricsheet.report.xlsx.overview import OverviewSheet
    from metricsheet.report.xlsx.rows import rows_without_input
    from metricsheet.report.xlsx.scorecard import all_periods, history_sheet, scorecard_sheet
    from metricsheet.report.xlsx.sheet import Formats

    formatter = ResultFormatter(scorecard, catalog, language)
    first = overview(scorecard, catalog)
    sources = list(first.sources)
    footer = _footer(scorecard, language)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _OPTIONS)
    book.set_properties(
        {
            "title": term("title", language),
            "author": f"metricsheet {scorecard.version}",
            "comments": f"{scorecard.definitions_path}\n{scorecard.definitions_digest}"[:250],
        }
    )
    formats = Formats(book)

    def sheet(name: str) -> Worksheet:
        return book.add_worksheet(term(f"sheet.{name}", language))

    page = OverviewSheet(book, sheet("overview"), formats, formatter)
    if first.comparison is not None:
        comparison_sheet(sheet("comparison"), formats, formatter, first.comparison, footer)
    findings_sheet(sheet("findings"), formats, formatter, footer)
    card = sheet("scorecard")
    history: dict[SeriesKey, str] = {}
    if len(all_periods(sources)) > 1:
        history = history_sheet(sheet("history"), formats, formatter, sources, footer)
    if scorecard.ledgers:
        from metricsheet.report.xlsx.ledger import cohorts_sheet, movements_sheet  # most have none

        movements_sheet(sheet("movements"), formats, formatter, footer)
        if any(one.cohorts for one in scorecard.ledgers):
            cohorts_sheet(sheet("cohorts"), formats, formatter, footer)
    page.fill(first, footer)
    scorecard_sheet(card, formats, formatter, sources, history, footer)
    inputs_sheet(sheet("inputs"), formats, formatter, sources, footer, target)
    without_input = rows_without_input(sources)
    problems_sheet(sheet("problems"), formats, formatter, without_input, footer)
    if catalog is not None:
        definitions_sheet(sheet("definitions"), formats, formatter, catalog, footer)
    if scorecard.lifetime:
        from metricsheet.report.xlsx.lifetime import lifetime_sheets

        lifetime_sheets(sheet("lifetime"), sheet("customers"), formats, formatter, footer)
    if scorecard.findings:
        rules_sheet(sheet("rules"), formats, formatter, footer)
    book.close()
    return file.getvalue()


def _footer(scorecard: Scorecard, language: str) -> str:
    """Return the footer of printed pages: the definitions on the left, the page number on the right."""
    left = f"{Path(scorecard.definitions_path).name[:60]} · {scorecard.definitions_digest[:12]}"
    left = left.replace("&", "&&")
    return f"&L&8{left}&R&8" + term("page_of", language, page="&P", pages="&N")
