"""The overview as Markdown, for pull requests and chats: the same choice and order as the first screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from metricsheet.catalog.definitions import Catalog
from metricsheet.evaluation.result import Result
from metricsheet.language.words import term
from metricsheet.report.comparison import Comparison
from metricsheet.report.formatter import SEVERITY_SIGNS, SIGNS, ResultFormatter
from metricsheet.report.overview import overview
from metricsheet.report.overview_lines import (
    ask_text,
    compared_cell,
    figure_cells,
    finding_text,
    head_line,
    lacking_lines,
    lacking_text,
    more_at,
    row_labels,
    tail_lines,
)
from metricsheet.report.scorecard import Scorecard
from metricsheet.report.text.escaped import inline, line, table_row

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
        since = finding.since or finding.period
        told = f" ({term('pending_since', language, period=formatter.period(since))})" if since else ""
        severity = f"{SEVERITY_SIGNS[finding.severity]} {term(finding.severity, language)}"
        yield f"- **{inline(severity)}**: {inline(finding_text(formatter, group, several=several) + told)}"
        if finding.severity in ("critical", "high") and finding.recommend:
            yield f"  - {inline(term('do_first', language))}: {inline(finding.recommend[0])}"
    if len(found.findings) > _MOST:
        yield f"- {inline(more_at(formatter, len(found.findings) - _MOST, 'findings'))}"
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
    named = list(zip(row_labels(comparison), comparison.rows, strict=True))
    named += [(term("whole", formatter.language), row) for row in comparison.wholes]
    for name, row in named:
        cells = (compared_cell(formatter, row, key).rstrip() for key in comparison.metrics)
        yield table_row([name, *cells])
    lacking = lacking_lines(comparison)
    if lacking:
        yield ""
    for key, names in lacking:
        yield f"- {inline(lacking_text(formatter, key, names))}"


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
