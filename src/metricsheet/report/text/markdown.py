"""A scorecard as Markdown for wikis, issues and chats: tables as GitHub reads them, texts as they are.

Whatever comes from a workbook or a definition is escaped: no label becomes a cell, a link or HTML of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from metricsheet.catalog.definitions import Catalog
from metricsheet.evaluation.result import Result
from metricsheet.language.words import term
from metricsheet.report.arrangement import MetricBlock, SourceBlock, StageBlock, arrange, fired_by_rule
from metricsheet.report.benchmarks import benchmark_lines
from metricsheet.report.comparison import compare
from metricsheet.report.evidence import Evidence
from metricsheet.report.finding_lines import (
    also_lines,
    compared,
    compared_slices,
    comparison_lines,
    other_rules,
    since_line,
    worst_first,
)
from metricsheet.report.formatter import SEVERITY_SIGNS, SIGNS, ResultFormatter
from metricsheet.report.overview import headline_keys
from metricsheet.report.scorecard import Finding, Scorecard
from metricsheet.report.style import PLAIN, TextStyle
from metricsheet.report.text.escaped import inline, line, table_row
from metricsheet.report.text.inputs import missing_lines
from metricsheet.report.text.markdown_overview import comparison_table, overview_lines
from metricsheet.report.text.report import glance, head_rows, periods_line, status_cell

_COLUMNS = ("value", "status", "target", "gap", "trend", "previous", "rests_on", "note")
_NUMBERS = ("value", "target", "gap", "previous")


def render_markdown(scorecard: Scorecard, catalog: Catalog | None = None, style: TextStyle = PLAIN) -> str:
    """Return the scorecard as Markdown, ending in a line break; of ``style``, language and ``show``.

    That is its overview, or with any part asked for the full report.
    """
    formatter = ResultFormatter(scorecard, catalog, style.language or scorecard.language)
    if not style.show:
        return "\n".join(overview_lines(scorecard, catalog, formatter)) + "\n"
    sources = arrange(scorecard, catalog)
    lines = [f"# {line(term('title', formatter.language))}", ""]
    lines += [_labelled(label, text) for label, text in head_rows(formatter, sources)]
    compared = compare(sources, headline_keys(scorecard, catalog))
    if compared is not None:
        lines += ["", f"## {line(term('comparison', formatter.language))}", ""]
        lines += comparison_table(formatter, compared)
    for source in sources:
        if source.stages:
            lines += _source(formatter, source, several=len(sources) > 1)
    lines += _findings(formatter)
    lines += _problems(formatter)
    return "\n".join(lines) + "\n"


def _labelled(label: str, text: str) -> str:
    return f"- **{line(label)}**: {inline(text)}"


def _nested(label: str, texts: Iterable[str], mark: str = "-") -> list[str]:
    """Return a list item of several lines: a list of its own where there are more than one."""
    texts = list(texts)
    if len(texts) < 2:
        return [_labelled(label, text) for text in texts]
    return [f"- **{line(label)}**:", *(f"  {mark} {line(text)}" for text in texts)]


def _source(formatter: ResultFormatter, source: SourceBlock, *, several: bool) -> Iterator[str]:
    level = "###" if several else "##"
    if several:
        yield from ("", f"## {line(source.source)}")
        if source.periods:
            yield from ("", line(periods_line(formatter, source)))
    yield from ("", inline(", ".join(text for _, text in glance(formatter, source))))
    columns = _columns(formatter, source)
    missing: list[Result] = []
    for stage in source.stages:
        if stage.metrics:
            yield from ("", f"{level} {line(term(stage.stage, formatter.language))}", "")
            yield from _table(formatter, source, stage, columns)
        missing += stage.missing
    if missing:
        yield from ("", f"{level} {line(term('not_computed', formatter.language))}", "")
        for status, text in missing_lines(formatter, missing):
            yield f"- {SIGNS.get(status, '–')} {inline(text)}"


def _columns(formatter: ResultFormatter, source: SourceBlock) -> list[str]:
    """Return the columns in which some row of a source has something to show, the same for all its tables."""
    rows = [_cells(formatter, source, block, row) for block in _blocks(source) for row in block.rows()]
    return [key for key in _COLUMNS if any(row[key] for row in rows)]


def _blocks(source: SourceBlock) -> Iterator[MetricBlock]:
    for stage in source.stages:
        yield from stage.metrics


def _table(
    formatter: ResultFormatter, source: SourceBlock, stage: StageBlock, columns: Sequence[str]
) -> Iterator[str]:
    language = formatter.language
    yield table_row([term("metric", language), *(term(key, language) for key in columns)])
    yield table_row([":--", *("--:" if key in _NUMBERS else ":--" for key in columns)], escaped=False)
    for block in stage.metrics:
        if block.whole is not None:
            cells = _cells(formatter, source, block, block.whole)
            yield table_row([block.label, *(cells[key] for key in columns)])
        if block.begun is not None:
            yield table_row([f"↳ {formatter.begun(block.begun)}", *("" for _ in columns)])
        shown = block.slices_in_view()
        for result in shown:
            cells = _cells(formatter, source, block, result)
            label = formatter.slice(result.slice)
            label = f"{block.label}: {label}" if block.whole is None else f"↳ {label}"
            yield table_row([label, *(cells[key] for key in columns)])
        if left_out := len(block.slices) - len(shown):
            more = term("more_slices", language, count=left_out)
            yield table_row([f"↳ … {more}", *("" for _ in columns)])


def _cells(
    formatter: ResultFormatter, source: SourceBlock, block: MetricBlock, result: Result
) -> dict[str, str]:
    trend = result.trend
    return {
        "value": formatter.value(result),
        "status": status_cell(formatter, result),
        "target": formatter.target(result),
        "gap": formatter.change(result, result.gap),
        "trend": formatter.trend(result),
        "previous": formatter.number(result, trend.previous) if trend is not None else "",
        "rests_on": formatter.rests_on(result),
        "note": " · ".join(_notes(formatter, source, block, result)),
    }


def _notes(
    formatter: ResultFormatter, source: SourceBlock, block: MetricBlock, result: Result
) -> Iterator[str]:
    """Yield what a reader must know beside a value: another period, the band in words, notes, benchmarks."""
    whole = block.whole if result.slice else None
    if result.period is not None and result.period != source.newest:
        yield formatter.period(result.period)
    if result.value is None:
        yield formatter.reason(result)
    meaning = formatter.meaning(result)
    if meaning and (whole is None or formatter.meaning(whole) != meaning):
        yield meaning
    if whole is None:
        yield from result.notes
    if not result.slice:
        yield from benchmark_lines(formatter, result)


def _findings(formatter: ResultFormatter) -> Iterator[str]:
    """Yield the findings, worst first, and the rules that were kept back or could not be judged."""
    findings, language = formatter.scorecard.findings, formatter.language
    if not findings:
        return
    groups = [sorted(group, key=worst_first) for group in fired_by_rule(formatter.scorecard.findings)]
    yield from ("", f"## {line(term('findings', language))} ({len(groups)})", "")
    evidence = Evidence(formatter.scorecard.results)
    several = len({finding.source for finding in findings}) > 1
    if not groups:
        yield line(term("no_findings", language))
    for number, group in enumerate(groups):
        if number:
            yield ""
        yield from _finding(formatter, group, evidence, several=several)
    others = other_rules(formatter)
    if others:
        yield from ("", f"### {line(term('other_rules', language))}", "")
        label = ""
        for label_or_none, text in others:
            label = label_or_none or label
            yield _labelled(label, text)


def _finding(
    formatter: ResultFormatter, group: Sequence[Finding], evidence: Evidence, *, several: bool
) -> Iterator[str]:
    language, finding = formatter.language, group[0]
    sign = SEVERITY_SIGNS.get(finding.severity, "◆")
    yield f"### {sign} {inline(term(finding.severity, language))}: {inline(finding.text)}"
    yield ""
    yield _labelled(term("rule", language), f"{term(finding.stage, language)} · {finding.rule}")
    where = [formatter.slice(finding.slice)] if finding.slice else []
    where = [finding.source, *where] if several else where
    if where:
        yield _labelled(term("where", language), " · ".join(where))
    if finding.since or finding.period:
        yield _labelled(term("since", language), since_line(formatter, finding))
    behind = [compared(formatter, result) for result in evidence.behind(finding)]
    behind += compared_slices(formatter, evidence.slices(finding))
    yield from _nested(term("compared", language), behind)
    yield from _nested(term("why", language), comparison_lines(finding))
    yield from _nested(term("also", language), also_lines(formatter, list(group[1:])))
    yield from _nested(term("do_first", language), finding.recommend, "1.")


def _problems(formatter: ResultFormatter) -> Iterator[str]:
    """Yield every problem of the data with its hint and metrics; and how data were read."""
    language = formatter.language
    sections = (("problems", formatter.scorecard.problems), ("notices", formatter.scorecard.notices))
    for title, problems in sections:
        several = len({problem.source for problem in problems}) > 1
        if problems:
            yield from ("", f"## {line(term(title, language))} ({len(problems)})", "")
        for problem in sorted(problems, key=lambda one: not one.fatal):
            sign = "✖" if problem.fatal else "!" if title == "problems" else "·"
            where = f"{problem.source}: " if several or problem.fatal else ""
            yield f"- {sign} {inline(f'{where}{formatter.say(problem.message)} ({problem.code})')}"
            if problem.hint:
                yield f"  {_labelled(term('hint', language), formatter.say(problem.hint))}"
            if problem.metrics:
                yield f"  {_labelled(term('metrics', language), ', '.join(problem.metrics))}"
