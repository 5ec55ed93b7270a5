"""The sheets ``Findings``, ``Inputs``, ``Problems``, ``Definitions`` and ``Rules``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from metricsheet.catalog.bands_in_force import bands_to_show
from metricsheet.catalog.definitions import Band, BandDefinition, Catalog, MetricDefinition, in_language
from metricsheet.evaluation.result import Result
from metricsheet.evaluation.status import target_for
from metricsheet.language.letters import steady
from metricsheet.language.numbers import NumberFormat
from metricsheet.language.words import term
from metricsheet.patterns import late
from metricsheet.report.arrangement import COUNTS, SourceBlock, by_missing_input, by_severity
from metricsheet.report.comparison import Comparison
from metricsheet.report.finding_lines import (
    Evidence,
    compared_lines,
    comparison_lines,
    reason_line,
)
from metricsheet.report.formatter import SIGNS, ResultFormatter
from metricsheet.report.overview_lines import named_rows, rows_title
from metricsheet.report.scorecard import Finding
from metricsheet.report.wording import when_said
from metricsheet.report.xlsx.rows import Cells
from metricsheet.report.xlsx.sheet import (
    QUIET,
    SEVERITY_FILLS,
    STATUS_FILLS,
    Formats,
    SheetColumn,
    TableSheet,
)

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


_SOURCES = 3
_PLACE = 2
"""The column of ``Inputs`` that says where cells are."""
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_CELLS = late(r"(?:'(?:[^']|'')+'|[^'!#]+)![A-Z]{1,3}[0-9]+(?::[A-Z]{1,3}[0-9]+)?")
_LINK = "#1C4E80"
_MOST_LINKS, _LONGEST_LINK = 60_000, 250
"""Excel takes 65,530 links on a sheet, and a little over 255 letters in each part of one."""
_OUTCOMES = ("fired", "error", "pending", "suppressed", "not_evaluated", "not_fired")


def findings_sheet(sheet: Worksheet, formats: Formats, formatter: ResultFormatter, footer: str) -> None:
    """Fill the sheet with the rules that fired, worst first."""
    _outcomes(
        sheet, formats, formatter, [f for f in formatter.scorecard.findings if f.outcome == "fired"], footer
    )


def rules_sheet(sheet: Worksheet, formats: Formats, formatter: ResultFormatter, footer: str) -> None:
    """Fill the sheet with the outcome of every rule: what fired first, worst first."""
    _outcomes(sheet, formats, formatter, formatter.scorecard.findings, footer)


def _outcomes(
    sheet: Worksheet, formats: Formats, formatter: ResultFormatter, findings: Sequence[Finding], footer: str
) -> None:
    language = formatter.language
    several = len({f.source for f in formatter.scorecard.findings}) > 1
    columns = {
        "severity": SheetColumn(term("severity", language), 11, 14),
        "outcome": SheetColumn(term("rule_outcome", language), 10, 16),
        "finding": SheetColumn(term("finding", language), 36, 42),
        "where": SheetColumn(term("where", language), 12, 24),
        "since": SheetColumn(term("since", language), 9, 12),
        "period": SheetColumn(term("period", language), 9, 12),
        "compared": SheetColumn(term("compared", language), 28, 40),
        "why": SheetColumn(term("why", language), 28, 40),
        "do_first": SheetColumn(term("do_first", language), 28, 42),
        "stage": SheetColumn(term("stage", language), 10, 18),
        "rule": SheetColumn(term("rule", language), 14, 30),
    }
    if all(finding.outcome == "fired" for finding in findings):
        del columns["outcome"]
    if several:
        columns["source"] = SheetColumn(term("source", language), 14, 30)
    table = TableSheet(sheet, formats, list(columns.values()))
    evidence = Evidence(formatter.scorecard.results)
    ordered = by_severity(findings)
    ordered.sort(key=lambda f: _OUTCOMES.index(f.outcome))
    for finding in ordered:
        fired = finding.outcome == "fired"
        ink = {} if fired else {"font_color": QUIET}
        texts = {
            "outcome": term(finding.outcome, language),
            "finding": finding.text if fired else reason_line(formatter, finding),
            "where": formatter.slice(finding.slice),
            "since": formatter.period(finding.since),
            "period": formatter.period(finding.period),
            "compared": "\n".join(compared_lines(formatter, finding, evidence)) if fired else "",
            "why": "\n".join(comparison_lines(finding, language)),
            "do_first": "\n".join(f"{n}. {advice}" for n, advice in enumerate(finding.recommend, 1))
            if fired
            else "",
            "stage": term(finding.stage, language),
            "rule": finding.rule,
            "source": finding.source,
        }
        colours = SEVERITY_FILLS[finding.severity] if fired else STATUS_FILLS["no_data"]
        table.text(0, formatter.severity(finding.severity), formats.filled(colours))
        for place, key in enumerate(columns):
            if key in texts:
                bold = key == "finding" and fired
                table.text(place, texts[key], formats.cell(text_wrap=True, bold=bold, **ink))
        table.next_row()
    table.finish(frozen=1, footer=footer)


def inputs_sheet(
    sheet: Worksheet,
    formats: Formats,
    formatter: ResultFormatter,
    sources: Sequence[SourceBlock],
    footer: str,
    target: Path | None,
) -> None:
    """Fill the sheet with where every input came from, as links, and how many of its cells counted."""
    language = formatter.language
    columns = [
        SheetColumn(term("source", language), 14, 40),
        SheetColumn(term("input", language), 20, 48),
        SheetColumn(term("from", language), 20, 60),
        *(SheetColumn(term(key, language), 9, 14, right=True) for key in COUNTS),
        SheetColumn(term("metrics", language), 20, 60),
    ]
    table = TableSheet(sheet, formats, columns)
    links = _Links(table, target)
    count = formats.cell(num_format="#,##0")
    alarm = formats.filled(STATUS_FILLS["warn"], num_format="#,##0")
    users: dict[tuple[str, str], dict[str, None]] = {}
    for result in formatter.scorecard.results:
        for use in result.inputs:
            users.setdefault((result.source, use.input), {})[result.label] = None
    for source in sources:
        for use in source.inputs:
            table.text(0, source.source)
            table.text(1, formatter.input(use.input))
            links.text(formatter.where(use), source.source, use.where)
            for offset, key in enumerate(COUNTS):
                number = getattr(use, key)
                # cells that were meant to count and did not are worth a look
                form = alarm if key in ("text", "rejected") and number else count
                table.number(3 + offset, number, form, len(formatter.count(number)) + 1)
            table.text(10, ", ".join(users.get((source.source, use.input), {})))
            table.next_row()
        _tables_and_unused(table, formatter, source.source, links)
    table.finish(frozen=2, footer=footer)


class _Links:
    """Places of cells as links into the workbook that they are in, seen from the file ``target``."""

    def __init__(self, table: TableSheet, target: Path | None) -> None:
        self._table, self._target = table, target
        self._left = _MOST_LINKS if target is not None else 0
        self._form = table.formats.cell(text_wrap=True, font_color=_LINK, underline=1)

    def text(self, said: str, source: str, where: str) -> None:
        """Write ``said`` into the column of places."""
        link = self._link(source, where) if self._left else None
        self._left -= link is not None
        self._table.text(_PLACE, said, self._form if link else None, link=link)

    def _link(self, source: str, where: str) -> str | None:
        """Return the address of cells, ``None`` of those that are in no workbook that Excel opens there."""
        cell = _CELLS.fullmatch(where.removeprefix(f"{source}!")) if where.startswith(f"{source}!") else None
        # a name with one of these may be read as a part of the address
        clear = source.lower().endswith(_WORKBOOKS) and not {"#", "%"} & {*source}
        if self._target is None or cell is None or not clear:
            return None
        with suppress(ValueError):  # on another drive
            source = os.path.relpath(source, self._target.parent)
        address = f"external:{source}#{cell[0]}"
        return address if len(address) <= _LONGEST_LINK else None


def _tables_and_unused(table: TableSheet, formatter: ResultFormatter, source: str, links: _Links) -> None:
    """Add what each table of a source was read as, and the columns that nothing used."""
    card, language = formatter.scorecard, formatter.language
    rows = [(t.kind, t.where, in_language(t.row, language)) for name, t in card.tables if name == source]
    for name, one in card.unused:
        if name == source:
            guesses = " ".join(f"{guess}?" for guess in one.guesses)
            rows.append((f"{one.column} ({term('not_used', language)})", one.where, guesses))
    for said, where, text in rows:
        table.text(0, source)
        table.text(1, said)
        links.text(where, source, where)
        table.text(10, text)
        table.next_row()


def problems_sheet(
    sheet: Worksheet,
    formats: Formats,
    formatter: ResultFormatter,
    without_input: Sequence[Result],
    footer: str,
) -> None:
    """Fill the sheet with the problems of the data, unreadable sources first, then the inputs not found."""
    language = formatter.language
    keys = ("source", "code", "message", "hint", "metrics")
    columns = [SheetColumn(term(key, language), 12, 60) for key in keys]
    table = TableSheet(sheet, formats, columns)
    for problem in sorted(formatter.scorecard.problems, key=lambda p: not p.fatal):
        code = formats.filled(STATUS_FILLS["critical" if problem.fatal else "warn"])
        table.text(0, problem.source)
        table.text(1, problem.code, code)
        table.text(2, formatter.say(problem.message))
        table.text(3, formatter.say(problem.hint))
        table.text(4, ", ".join(problem.metrics))
        table.next_row()
    for sources, results in by_missing_input(without_input):
        names = ", ".join(sources[:_SOURCES]) + (f" … ({len(sources)})" if len(sources) > _SOURCES else "")
        table.text(0, names)
        table.text(1, "not_bound", formats.filled(STATUS_FILLS["no_data"]))
        table.text(2, formatter.reason(results[0], everything=True))
        table.text(4, ", ".join(result.metric for result in results))
        table.next_row()
    table.finish(footer=footer)


def definitions_sheet(
    sheet: Worksheet, formats: Formats, formatter: ResultFormatter, catalog: Catalog, footer: str
) -> None:
    """Fill the sheet with the definition behind every metric of the scorecard."""
    language = formatter.language
    keys = (
        *("metric", "key", "question", "stage", "kind", "unit", "better", "formula", "target", "bands"),
        *("min_sample", "excel_function", "notes", "source"),
    )
    most = {"formula": 46, "bands": 40, "question": 30, "notes": 36, "source": 30}
    columns = [SheetColumn(term(key, language), 8, most.get(key, 28)) for key in keys]
    table = TableSheet(sheet, formats, columns, top=2)
    quiet = formats.plain(font_color=QUIET)
    sheet.write_string(
        0, 0, steady(formatter.labelled(term("definitions", language), catalog.path)[:1000]), quiet
    )
    sheet.write_string(1, 0, formatter.labelled(term("digest", language), catalog.digest), quiet)
    for key in dict.fromkeys(result.metric for result in formatter.scorecard.results):
        metric = catalog.metrics.get(key)
        if metric is None:
            continue
        written = metric.bands_for(formatter.scorecard.settings)
        bands = bands_to_show(written, metric.better, target_for(metric, {}, None, None))
        texts = (
            in_language(metric.label, language),
            metric.key,
            in_language(metric.question, language) if metric.question is not None else "",
            term(metric.stage, language),
            term(metric.kind, language),
            term(f"unit.{metric.unit}", language),
            term(metric.better, language),
            metric.formula,
            "\n".join(_target(metric, catalog, language)),
            "\n".join(_band(band, metric, catalog, formatter) for band in bands),
            formatter.count(metric.min_sample),
            f"={metric.udf}(…)",
            in_language(metric.note, language) if metric.note is not None else "",
            metric.source,
        )
        for place, text in enumerate(texts):
            table.text(place, text, formats.cell(text_wrap=True, bold=place == 0))
        table.next_row()
    table.finish(frozen=1, footer=footer)


def _target(metric: MetricDefinition, catalog: Catalog, language: str) -> list[str]:
    form, found = NumberFormat(metric.unit, catalog.currency, language, metric.decimals), []
    for target in metric.targets:
        limits = [f"{key} = {value}" for key, value in target.where.items()]
        limits += [target.since] if target.since else []
        said = target.text if language == "en" else form.target(target.value)
        found.append(said + (f" ({', '.join(limits)})" if limits else ""))
    return found


def _band(
    band: Band | BandDefinition, metric: MetricDefinition, catalog: Catalog, formatter: ResultFormatter
) -> str:
    language = formatter.language
    when = when_said(band.when, metric, catalog.currency, language)
    said = f"{formatter.status(band.status)}, {in_language(band.label, language)}"
    return formatter.labelled(f"{SIGNS[band.status]} {when}", said)


def comparison_sheet(
    sheet: Worksheet, formats: Formats, formatter: ResultFormatter, comparison: Comparison, footer: str
) -> None:
    """Fill the sheet, worst first, the sources as a whole below; why a figure is missing is a comment."""
    language = formatter.language
    columns = [
        SheetColumn(rows_title(comparison, language), 16, 40),
        *(SheetColumn(label, 11, 24, right=True) for label in comparison.metrics.values()),
    ]
    table = TableSheet(sheet, formats, columns)
    cells = Cells(formatter, formats)
    for name, row in named_rows(formatter, comparison):
        whole = not row.slice and any(one.slice for one in comparison.rows)
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
