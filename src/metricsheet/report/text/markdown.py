"""A scorecard as Markdown for wikis, issues and chats: tables as GitHub reads them, texts as they are.

Whatever comes from a workbook or a definition is escaped: no label becomes a cell, a link or HTML of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from metricsheet.catalog.definitions import Catalog
from metricsheet.evaluation.result import Result
from metricsheet.language.words import term
from metricsheet.patterns import late
from metricsheet.report.arrangement import MetricBlock, SourceBlock, StageBlock, arrange
from metricsheet.report.benchmarks import benchmark_lines
from metricsheet.report.comparison import Comparison, compare
from metricsheet.report.finding_lines import other_rules, told_findings, told_problems
from metricsheet.report.formatter import SIGNS, ResultFormatter
from metricsheet.report.ledger import cohort_tables, waterfall
from metricsheet.report.lifetime import lifetime_rows
from metricsheet.report.overview import headline_keys, overview
from metricsheet.report.overview_lines import (
    ask_text,
    compared_cell,
    compared_legend,
    figure_cells,
    finding_text,
    glance,
    head_line,
    lacking_lines,
    lacking_text,
    more_at,
    named_rows,
    tail_lines,
    told_since,
)
from metricsheet.report.scorecard import Scorecard
from metricsheet.report.style import PLAIN, TextStyle
from metricsheet.report.text.findings import missing_lines
from metricsheet.report.text.page import one_line
from metricsheet.report.text.report import head_rows, periods_line

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
    lines += _ledgers(formatter)
    lines += _lifetime(formatter)
    lines += _findings(formatter)
    lines += _problems(formatter)
    return "\n".join(lines) + "\n"


def _labelled(label: str, text: str) -> str:
    return f"- **{line(label)}**: {inline(text)}"


def _findings(formatter: ResultFormatter) -> Iterator[str]:
    """Yield the findings, worst first, and the rules that were kept back or could not be judged."""
    if not formatter.scorecard.findings:
        return
    language, told = formatter.language, told_findings(formatter)
    yield from ("", f"## {line(term('findings', language))} ({len(told)})", "")
    if not told:
        yield line(term("no_findings", language))
    for number, one in enumerate(told):
        if number:
            yield ""
        severity = inline(formatter.severity(one.finding.severity))
        yield f"### {formatter.labelled(severity, inline(one.finding.text))}"
        yield ""
        yield _labelled(term("rule", language), one.rule)
        for key, texts in one.lines.items():
            if len(texts) == 1:
                yield _labelled(term(key, language), texts[0])
            elif texts:
                mark = "1." if key == "do_first" else "-"
                yield f"- **{line(term(key, language))}**:"
                yield from (f"  {mark} {line(text)}" for text in texts)
    others = other_rules(formatter)
    if others:
        yield from ("", f"### {line(term('other_rules', language))}", "")
        label = ""
        for label_or_none, text in others:
            label = label_or_none or label
            yield _labelled(label, text)


def _lifetime(formatter: ResultFormatter) -> Iterator[str]:
    """Yield what customers are expected to bring, where that was asked for."""
    for one in formatter.scorecard.lifetime:
        yield from (
            "",
            f"## {line(term('lifetime', formatter.language))}: {inline(one.where or one.source)}",
            "",
        )
        yield from (_labelled(label, text) for label, text in lifetime_rows(formatter, one))
        yield from (f"- ! {inline(formatter.say(remark))}" for remark in one.remarks)


def _problems(formatter: ResultFormatter) -> Iterator[str]:
    """Yield every problem of the data with its hint and metrics; and how data were read."""
    for heading, problems in told_problems(formatter):
        yield from ("", f"## {line(heading)}", "")
        for one in problems:
            yield f"- {one.sign} {inline(f'{one.text} ({one.code})')}"
            yield from (f"  {_labelled(label, text)}" for label, text in one.facts)


def _source(formatter: ResultFormatter, source: SourceBlock, *, several: bool) -> Iterator[str]:
    level = "###" if several else "##"
    if several:
        yield from ("", f"## {line(source.source)}")
        if source.periods:
            yield from ("", line(periods_line(formatter, source)))
    yield from ("", inline(", ".join(text for _, text in glance(formatter, [source]))))
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
            label = formatter.labelled(block.label, label) if block.whole is None else f"↳ {label}"
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
        "status": formatter.signed_status(result),
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


_HTML = late(r"<(?=[A-Za-z/!?])|&(?=#?\w+;)")  # what begins a tag or a named letter
# an underscore inside a word is one; before or after a word it would be emphasis
_MARKUP = late(r"[\\`*\[\]|~]|(?<![^\W_])_|_(?![^\W_])")
_BLOCK = late(r"\A(?:([#+\-=>])|(\d+)([.)]))")


def inline(text: str) -> str:
    """Return ``text`` on one line, so that Markdown shows its letters and takes none for markup."""
    text = _HTML.sub(lambda found: "&lt;" if found[0] == "<" else "&amp;", one_line(text))
    return _MARKUP.sub(r"\\\g<0>", text)


def line(text: str) -> str:
    """Return ``text`` for the start of a line or list item, where ``#`` or ``1.`` would begin something."""
    return _BLOCK.sub(r"\2\\\1\3", inline(text).lstrip())


def table_row(cells: Iterable[str], *, escaped: bool = True) -> str:
    """Return one row of a table; cells are escaped unless they are markup themselves."""
    return "| " + " | ".join(inline(cell) if escaped else cell for cell in cells) + " |"


_MOST = 5


def overview_lines(
    scorecard: Scorecard, catalog: Catalog | None, formatter: ResultFormatter
) -> Iterator[str]:
    """Yield the lines of the overview of a scorecard."""
    found, language = overview(scorecard, catalog), formatter.language
    several = len(found.sources) > 1
    yield from (f"# {line(term('title', language))}", "", line(head_line(formatter, found)))
    if found.findings:
        yield ""
    for group in found.findings[:_MOST]:
        finding = group[0]
        told = told_since(formatter, finding)
        text = finding_text(formatter, group, several=several) + (f" ({told})" if told else "")
        yield f"- **{inline(formatter.severity(finding.severity))}**: {inline(text)}"
        if finding.severity in ("critical", "high") and finding.recommend:
            first = formatter.labelled(inline(term("do_first", language)), inline(finding.recommend[0]))
            yield f"  - {first}"
    if len(found.findings) > _MOST:
        yield f"- {inline(more_at(formatter, len(found.findings) - _MOST, 'findings'))}"
    yield from _ledgers(formatter, short=True)
    if found.comparison is not None:
        yield from ("", f"## {line(term('comparison', language))}", "")
        yield from comparison_table(formatter, found.comparison)
    else:
        title = term("headline" if found.chosen else "judged", language)
        yield from _figures(formatter, title, found.headline)
        if found.moved:
            yield from _figures(formatter, term("moved_most", language), found.moved[:_MOST])
        else:
            yield from _figures(formatter, term("unjudged", language), found.still[:_MOST])
    if found.asks:
        yield from ("", f"## {line(term('asks', language))}", "")
    for ask in found.asks:
        yield f"- {'✖' if ask.fatal else '!'} {inline(ask_text(formatter, ask, several=several))}"
        if ask.hint is not None:
            yield f"  - {inline(formatter.say(ask.hint))}"
    yield ""
    yield from map(line, tail_lines(formatter, found))


def comparison_table(formatter: ResultFormatter, comparison: Comparison) -> Iterator[str]:
    """Yield a comparison as a table, worst first, the whole below, then what is lacking where."""
    yield table_row([term("source", formatter.language), *comparison.metrics.values()])
    yield table_row([":--", *("--:" for _ in comparison.metrics)], escaped=False)
    for name, row in named_rows(formatter, comparison):
        cells = (compared_cell(formatter, row, key).rstrip() for key in comparison.metrics)
        yield table_row([name, *cells])
    if signs := compared_legend(formatter, comparison):
        yield from ("", inline(signs))
    lacking = lacking_lines(comparison)
    if lacking:
        yield ""
    for key, names in lacking:
        yield f"- {inline(lacking_text(formatter, key, names))}"


def _ledgers(formatter: ResultFormatter, *, short: bool = False) -> Iterator[str]:
    """Yield the movements of ledgers of subscriptions; in ``short`` the newest periods, else cohorts too."""
    for report in formatter.scorecard.ledgers:
        rows = [row for row in report.rows if not row.slice][-_MOST:] if short else report.rows
        cohorts = [] if short else cohort_tables(formatter, report)
        for table in (waterfall(formatter, report, rows), *cohorts):
            yield from ("", f"## {line(table.title)}", "", inline(table.note), "")
            yield table_row([table.first, *(column.title for column in table.columns)])
            yield table_row([":--", *("--:" for _ in table.columns)], escaped=False)
            for name, cells in table.rows:
                texts = (table.text(n, value, formatter.language) for n, value in enumerate(cells))
                yield table_row([name, *texts])


def _figures(formatter: ResultFormatter, title: str, results: Sequence[Result]) -> Iterable[str]:
    if not results:
        return
    language = formatter.language
    titles = [term(key, language) for key in ("value", "target", "change", "history", "rests_on")]
    rows = [figure_cells(formatter, result) for result in results]
    kept = [n for n in range(len(titles)) if any(row[n] for row in rows)]
    yield ""
    yield table_row([title, *(titles[n] for n in kept)])
    yield table_row([":--", *("--:" if n < 3 else ":--" for n in kept)], escaped=False)
    for result, row in zip(results, rows, strict=True):
        sign = SIGNS[result.status] + "? "[not result.uncertain :] if result.status != "no_target" else ""
        yield table_row([sign + result.label, *(row[n] for n in kept)])
