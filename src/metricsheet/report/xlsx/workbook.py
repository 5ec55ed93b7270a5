"""A scorecard as a workbook: results, history, findings, inputs, problems and definitions."""

from __future__ import annotations

from pathlib import Path

from metricsheet.catalog.definitions import Catalog
from metricsheet.errors import WorkbookError
from metricsheet.language.message import Message
from metricsheet.language.words import term
from metricsheet.report.arrangement import arrange
from metricsheet.report.formatter import ResultFormatter
from metricsheet.report.scorecard import Scorecard
from metricsheet.report.style import PLAIN, TextStyle


def render_xlsx(scorecard: Scorecard, catalog: Catalog | None = None, style: TextStyle = PLAIN) -> bytes:
    """Return the scorecard workbook as the bytes of its file.

    Sheets: Scorecard, History (from two periods on), Findings, Inputs, Problems, Not computed (metrics that
    found no column), Definitions (with a ``catalog``). Every text is written as text, so no cell of the
    sources can become a formula or a link.
    Raises ``WorkbookError`` when there are more results than a sheet has rows.
    """
    from metricsheet.report.xlsx.sheet import MOST_ROWS

    if max(len(scorecard.results), len(scorecard.findings), len(scorecard.problems)) > MOST_ROWS:
        raise WorkbookError(
            "too_many_rows",
            Message("too_many_rows", results=len(scorecard.results), rows=MOST_ROWS),
            Message("choose_csv_or_json"),
        )
    return _file(scorecard, catalog, style.language or scorecard.language)


def _file(scorecard: Scorecard, catalog: Catalog | None, language: str) -> bytes:
    import io

    import xlsxwriter

    from metricsheet.report.xlsx.history import all_periods, history_sheet
    from metricsheet.report.xlsx.lists import (
        definitions_sheet,
        findings_sheet,
        inputs_sheet,
        missing_sheet,
        problems_sheet,
    )
    from metricsheet.report.xlsx.rows import rows_without_input
    from metricsheet.report.xlsx.scorecard import scorecard_sheet
    from metricsheet.report.xlsx.sheet import Formats

    formatter = ResultFormatter(scorecard, catalog, language)
    sources = arrange(scorecard, catalog)
    footer = _footer(scorecard, language)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {
            "title": term("title", language),
            "author": f"metricsheet {scorecard.version}",
            "comments": f"{scorecard.definitions_path}\n{scorecard.definitions_digest}"[:250],
        }
    )
    formats = Formats(book)
    card = book.add_worksheet("Scorecard")
    history = {}
    if len(all_periods(sources)) > 1:
        history = history_sheet(book.add_worksheet("History"), formats, formatter, sources, footer)
    scorecard_sheet(card, formats, formatter, sources, history, footer)
    findings_sheet(book.add_worksheet("Findings"), formats, formatter, footer)
    inputs_sheet(book.add_worksheet("Inputs"), formats, formatter, sources, footer)
    problems_sheet(book.add_worksheet("Problems"), formats, formatter, footer)
    without_input = rows_without_input(sources)
    if without_input:
        missing_sheet(book.add_worksheet("Not computed"), formats, formatter, without_input, footer)
    if catalog is not None:
        definitions_sheet(book.add_worksheet("Definitions"), formats, formatter, catalog, footer)
    card.activate()
    book.close()
    return file.getvalue()


def _footer(scorecard: Scorecard, language: str) -> str:
    """Return the footer of printed pages: the definitions on the left, the page number on the right."""
    left = f"{Path(scorecard.definitions_path).name[:60]} · {scorecard.definitions_digest[:12]}"
    left = left.replace("&", "&&")
    return f"&L&8{left}&R&8" + term("page_of", language, page="&P", pages="&N")
