"""Ledgers of subscriptions in the text report: the movements on the first screen, and the parts asked for."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.evaluation.ledger_report import LedgerReport
from metricsheet.language.words import term
from metricsheet.report.arrangement import SourceBlock
from metricsheet.report.columns import width
from metricsheet.report.formatter import ResultFormatter
from metricsheet.report.ledger import LedgerTable, cohort_tables, waterfall
from metricsheet.report.text.findings import problems_section
from metricsheet.report.text.page import Cell, Column, Page, fit_grid, header, table_row

_NEEDED, _LEAST = 1_000, 16
"""Amounts are left out last, that at the start first: it is the end of the row before. No label is narrower
than ``_LEAST`` on a full page."""


def short_lines(page: Page, formatter: ResultFormatter, most: int) -> list[str]:
    """Return the newest ``most`` periods of the first ledger as lines of a page; none without a ledger."""
    made = Page(page.style, page.stroke)
    for report in formatter.scorecard.ledgers[:1]:
        rows = [row for row in report.rows if not row.slice][-most:]
        _table(made, formatter, waterfall(formatter, report, rows))
        _running(made, formatter, report)
    return made.lines


def movements_part(page: Page, formatter: ResultFormatter, _: list[SourceBlock]) -> None:
    """Add every period and slice of the ledgers, and what each customer did with the rows behind it."""
    for report in _ledgers(page, formatter):
        _table(page, formatter, waterfall(formatter, report, report.rows))
        _running(page, formatter, report)
        _customers(page, formatter, report)


def cohorts_part(page: Page, formatter: ResultFormatter, _: list[SourceBlock]) -> None:
    """Add the cohorts of the ledgers by age, as shares."""
    for report in _ledgers(page, formatter):
        for table in cohort_tables(formatter, report):
            _table(page, formatter, table)


def _running(page: Page, formatter: ResultFormatter, report: LedgerReport) -> None:
    """Add why the newest period is not over, and what says that it is."""
    if not report.rows or all(row.whole for row in report.rows):
        return
    page.line(term("ledger_running", formatter.language), "grey")
    for notice in formatter.scorecard.notices:
        if notice.source == report.source and notice.code == "ledger_running":
            text = f"{formatter.say(notice.message)} → {formatter.say(notice.hint)}"
            page.paragraph(text, indent=2, colour="grey")


def _ledgers(page: Page, formatter: ResultFormatter) -> Sequence[LedgerReport]:
    """Return the ledgers; where there are none, say so once and what is wrong with the data."""
    found, none = formatter.scorecard.ledgers, term("ledger_none", formatter.language)
    if not found and not any(none in line for line in page.lines):
        page.blank()
        page.line(none, "grey")
        problems_section(page, formatter)
    return found


def _table(page: Page, formatter: ResultFormatter, table: LedgerTable) -> None:
    """Add a table with its note; the oldest ages and the last columns are left out where they do not fit."""
    language, count = formatter.language, len(table.columns)
    columns = [
        Column(str(n), column.title, need=count - n if n > 1 and column.unit != "money" else _NEEDED + n)
        for n, column in enumerate(table.columns)
    ]
    rows = [
        {str(n): Cell(table.text(n, value, language)) for n, value in enumerate(cells)}
        for _, cells in table.rows
    ]
    labels = [table.first, *(label for label, _ in table.rows)]
    grid = fit_grid(page, columns, labels, rows, max(_LEAST, *map(width, labels)))
    page.blank()
    page.line(table.title, "bold")
    page.paragraph(table.note, colour="grey")
    header(page, grid, table.first)
    for (label, _), cells in zip(table.rows, rows, strict=True):
        table_row(page, grid, label, cells)


def _customers(page: Page, formatter: ResultFormatter, report: LedgerReport) -> None:
    language = formatter.language
    titles = ("movement", "customer", "before", "after", "rows")
    columns = [
        Column(key, term(f"ledger_{key}", language), right=key in titles[2:4], need=_NEEDED) for key in titles
    ]
    plain = waterfall(formatter, report, ())
    rows = []
    for move in report.moves:
        before, after, came = (plain.text(0, n, language) for n in (move.before, move.after, move.came))
        kind = term(f"ledger_{move.kind}", language) + (f" ({came})" if move.came else "")
        texts = (kind, move.customer, before, after, ", ".join(move.rows))
        rows.append(
            (
                formatter.period(move.period) if move.period else term("ledger_span", language),
                {key: Cell(text) for key, text in zip(titles, texts, strict=True)},
            )
        )
    grid = fit_grid(page, columns, [label for label, _ in rows], [cells for _, cells in rows])
    header(page, grid, term("period", language))
    for label, cells in rows:
        table_row(page, grid, label, cells)
