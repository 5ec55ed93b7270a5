"""The parts of a scorecard as text for people: by stage, aligned, readable without colour."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from metricsheet.evaluation.result import Result
from metricsheet.language.message import Message
from metricsheet.language.words import term
from metricsheet.report.arrangement import (
    MetricBlock,
    SourceBlock,
    StageBlock,
    arrange,
    improves,
    series_of,
)
from metricsheet.report.benchmarks import benchmark_lines
from metricsheet.report.comparison import compare
from metricsheet.report.finding_lines import severities
from metricsheet.report.formatter import ResultFormatter, sparkline
from metricsheet.report.lifetime import lifetime_rows
from metricsheet.report.overview import headline_keys
from metricsheet.report.overview_lines import glance, listed
from metricsheet.report.style import LEDGER_PARTS, STATUS_COLOURS
from metricsheet.report.text.comparison import comparison_lines
from metricsheet.report.text.findings import (
    findings_section,
    inputs_section,
    missing_section,
    problems_section,
    rules_section,
    unused_section,
)
from metricsheet.report.text.ledger import cohorts_part, movements_part
from metricsheet.report.text.page import Cell, Column, Grid, Page, fit_grid, header, table_row

_SPARKLINE = 12


def add_parts(page: Page, formatter: ResultFormatter, show: Sequence[str]) -> None:
    """Add the parts of a report that were asked for, by their names."""
    sources = arrange(formatter.scorecard, formatter.catalog)
    every = [part for part in _PARTS if part not in LEDGER_PARTS or formatter.scorecard.ledgers]
    for part in every if "all" in show else show:
        _PARTS[part](page, formatter, sources)
    if not page.lines and "comparison" in show:
        page.line(formatter.say(Message("nothing_side_by_side")))


def _missing(page: Page, formatter: ResultFormatter, sources: list[SourceBlock]) -> None:
    for source in sources:
        missing = [result for stage in source.stages for result in stage.missing]
        if missing:
            page.blank()
            missing_section(page, formatter, missing, source.source if len(sources) > 1 else "")


def _inputs(page: Page, formatter: ResultFormatter, sources: list[SourceBlock]) -> None:
    for source in sources:
        inputs_section(page, formatter, source)
    unused_section(page, formatter)
    problems_section(page, formatter)


def _comparison(page: Page, formatter: ResultFormatter, sources: list[SourceBlock]) -> None:
    compared = compare(sources, headline_keys(formatter.scorecard, formatter.catalog))
    if compared is not None:
        page.blank()
        page.lines += comparison_lines(page, formatter, compared)


def _lifetime(page: Page, formatter: ResultFormatter, _: list[SourceBlock]) -> None:
    for one in formatter.scorecard.lifetime:
        page.heading(term("lifetime", formatter.language), one.where or one.source)
        page.labelled([*lifetime_rows(formatter, one)])
        for remark in one.remarks:
            page.paragraph(formatter.say(remark), first="! ")


def _scorecard(page: Page, formatter: ResultFormatter, sources: list[SourceBlock]) -> None:
    _head(page, formatter, sources)
    for source in sources:
        _source(page, formatter, source, named=len(sources) > 1)


# in the order of the full report, which alone has the whole scorecard
_PARTS: dict[str, Callable[[Page, ResultFormatter, list[SourceBlock]], None]] = {
    "all": _scorecard,
    "comparison": _comparison,
    "findings": lambda page, formatter, _: findings_section(page, formatter),
    "rules": lambda page, formatter, _: rules_section(page, formatter),
    "missing": _missing,
    "inputs": _inputs,
    "movements": movements_part,
    "cohorts": cohorts_part,
    "lifetime": _lifetime,
}


def _head(page: Page, formatter: ResultFormatter, sources: list[SourceBlock]) -> None:
    page.line(term("title", formatter.language), "bold")
    page.labelled(head_rows(formatter, sources))
    if len(sources) == 1:
        _glance(page, formatter, sources[0])


def head_rows(formatter: ResultFormatter, sources: list[SourceBlock]) -> list[tuple[str, str]]:
    """Return label and text of each line of the head: definitions, sources, period, settings, findings."""
    card, language = formatter.scorecard, formatter.language
    digest = f"{term('digest', language)} {card.definitions_digest[:12]}"
    rows = [(term("definitions", language), f"{card.definitions_path} ({digest})")]
    names = [source.source for source in sources]
    if names:
        rows.append((term("source" if len(names) == 1 else "sources", language), listed(names)))
    if len(names) == 1 and sources[0].periods:
        rows.append((term("period", language), periods_line(formatter, sources[0])))
    unread = [problem.source for problem in card.problems if problem.fatal]
    if unread:
        rows.append((term("not_read", language), listed(unread)))
    if card.settings:
        rows.append((term("settings", language), formatter.settings()))
    found = severities(formatter)
    if found:
        rows.append((term("findings", language), found))
    return rows


def periods_line(formatter: ResultFormatter, source: SourceBlock) -> str:
    """Return the periods of a source and which of them is shown."""
    first, last = source.periods[0], source.periods[-1]
    if len(source.periods) == 1:
        return formatter.period(first)
    span = f"{formatter.period(first)} – {formatter.period(last)}"
    newest = term(
        "newest", formatter.language, period=formatter.period(source.newest), count=len(source.periods)
    )
    return f"{span}; {newest}"


def _glance(page: Page, formatter: ResultFormatter, source: SourceBlock) -> None:
    parts = [
        page.paint(page.safe(text), STATUS_COLOURS.get(status, ""))
        for status, text in glance(formatter, [source])
    ]
    if parts:
        page.blank()
        page.lines.append("   ".join(parts))


def _source(page: Page, formatter: ResultFormatter, source: SourceBlock, *, named: bool) -> None:
    if named:
        page.blank()
        page.line("=" * page.width, "grey")
        page.line(source.source, "bold")
        if source.periods:
            page.line(periods_line(formatter, source), "grey")
        _glance(page, formatter, source)
    cells = {id(result): _cells(formatter, result) for result in source.rows()}
    grid = _grid(page, formatter, source, cells)
    for stage in source.stages:
        if stage.metrics:
            _stage(page, formatter, source, stage, grid, cells)


Cells: TypeAlias = "Mapping[int, Mapping[str, Cell]]"
"""The cells of each row by the identity of its result."""


def _grid(page: Page, formatter: ResultFormatter, source: SourceBlock, cells: Cells) -> Grid:
    language = formatter.language
    columns = (
        Column("value", term("value", language)),
        Column("status", term("status", language), right=False),
        Column("target", term("target", language), need=7),
        Column("gap", term("gap", language), need=2),
        Column("rests_on", term("rests_on", language), right=False, need=4),
        Column("interval", term("interval", language), need=3),
        Column("trend", term("trend", language), right=False, need=8),
        Column("on_year", term("on_year", language), need=2),
        Column("last_3", term("last_3", language), need=1),
        Column("last_12", term("last_12", language), need=1),
        Column("history", term("history", language), right=False, need=1),
    )
    labels = [result.label for result in source.rows() if not result.slice]
    return fit_grid(page, columns, labels, list(cells.values()))


def _cells(formatter: ResultFormatter, result: Result) -> Mapping[str, Cell]:
    colour = STATUS_COLOURS.get(result.status, "")
    better = improves(result)
    series = [value for _, value in series_of(result)][-_SPARKLINE:]
    return {
        "value": Cell(formatter.value(result), "bold"),
        "status": Cell(formatter.signed_status(result), colour),
        "target": Cell(formatter.target(result)),
        "gap": Cell(formatter.change(result, result.gap)),
        "rests_on": Cell(formatter.rests_on(result)),
        "interval": Cell(formatter.interval(result)),
        "trend": Cell(formatter.trend(result), "" if better is None else "green" if better else "red"),
        "on_year": Cell(formatter.on_year(result)),
        "last_3": Cell(formatter.last(result, 3)),
        "last_12": Cell(formatter.last(result, 12)),
        "history": Cell(sparkline(series)),
    }


def _stage(
    page: Page, formatter: ResultFormatter, source: SourceBlock, stage: StageBlock, grid: Grid, cells: Cells
) -> None:
    header(page, grid, term(stage.stage, formatter.language))
    for block in stage.metrics:
        if block.whole is not None:
            own = cells[id(block.whole)]
            table_row(page, grid, block.label, own)
            if block.begun is not None:
                _grey(page, formatter.begun(block.begun))
            left_out = _left_out(formatter, grid, block.whole, own)
            _details(page, formatter, source, block.whole, left_out)
        if block.slices:
            _slices(page, formatter, grid, block, cells)


def _details(
    page: Page, formatter: ResultFormatter, source: SourceBlock, result: Result, left_out: Sequence[str]
) -> None:
    """Add what does not fit in the row: the band in words, columns left out, notes, rival definitions."""
    language = formatter.language
    parts = []
    if result.period is not None and result.period != source.newest:
        parts.append(formatter.period(result.period))
    if result.reason:
        parts.append(formatter.reason(result))
    elif meaning := formatter.meaning(result):
        parts.append(meaning)
    _grey(page, " · ".join([*parts, *left_out, *result.notes]))
    for line in benchmark_lines(formatter, result):
        _grey(page, line)
    others = _other_definitions(formatter, result, source.rows())
    if others:
        _grey(page, formatter.labelled(term("other_definition", language), others))


def _grey(page: Page, text: str, indent: int = 2) -> None:
    if text:
        page.paragraph(text, indent=indent, colour="grey")


_DETAILS = ("target", "gap", "rests_on", "interval", "trend", "on_year", "last_3", "last_12")


def _left_out(formatter: ResultFormatter, grid: Grid, result: Result, cells: Mapping[str, Cell]) -> list[str]:
    """Return the other statuses an interval touches, and what columns that did not fit would say."""
    language = formatter.language
    missing = [key for key in _DETAILS if cells[key].text and grid.left_out(key)]
    parts = [f"{term(key, language)} {cells[key].text}" for key in missing]
    return parts + formatter.also_touches(result)


def _other_definitions(formatter: ResultFormatter, result: Result, rows: Iterable[Result]) -> str:
    """Return the rival definitions of the same quantity that have a value too; others are not computed."""
    if not result.variants:
        return ""
    same = {r.metric: r for r in rows if not r.slice and r.value is not None}
    return ", ".join(
        f"{formatter.metric(key)} {formatter.value(same[key])}" for key in result.variants if key in same
    )


def _slices(page: Page, formatter: ResultFormatter, grid: Grid, block: MetricBlock, cells: Cells) -> None:
    rows = block.slices_in_view()
    if block.whole is None:
        keys = " · ".join(dict.fromkeys(key for r in block.slices for key in r.slice))
        title = term("by", formatter.language, metric=block.label, keys=keys)
        page.paragraph(title, colour="bold")
    for result in rows:
        own = cells[id(result)]
        table_row(page, grid, formatter.slice(result.slice), own, indent=2)
        parts = [formatter.reason(result)]
        if result.value is not None:
            parts = _left_out(formatter, grid, result, own)
        meaning = formatter.meaning(result)
        if meaning and (block.whole is None or formatter.meaning(block.whole) != meaning):
            parts = [meaning, *parts]
        _grey(page, " · ".join(parts), indent=4)
    if left_out := len(block.slices) - len(rows):
        more = term("more_slices", formatter.language, count=left_out)
        page.paragraph(f"… {more}", indent=2, colour="grey")
