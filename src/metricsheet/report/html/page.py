"""The HTML report: the overview, a card for every metric, findings, comparison, problems and the JSON."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from metricsheet.catalog.bands_in_force import bands_in_force
from metricsheet.catalog.definitions import Catalog, in_language
from metricsheet.evaluation.result import InputUse, Result
from metricsheet.evaluation.status import target_for
from metricsheet.language.letters import steady
from metricsheet.language.words import term
from metricsheet.records import replace
from metricsheet.report.arrangement import (
    STATUSES,
    MetricBlock,
    SourceBlock,
    by_missing_input,
    improves,
    series_of,
    status_counts,
)
from metricsheet.report.benchmarks import benchmark_lines
from metricsheet.report.comparison import Comparison
from metricsheet.report.data.json import render_json
from metricsheet.report.finding_lines import Told, other_rules, told_findings
from metricsheet.report.formatter import SIGNS, ResultFormatter
from metricsheet.report.html import charts
from metricsheet.report.ledger import LedgerTable, cohort_tables, waterfall
from metricsheet.report.lifetime import lifetime_rows
from metricsheet.report.overview import Overview, overview
from metricsheet.report.overview_lines import (
    ask_text,
    compared_legend,
    head_line,
    named_rows,
    rows_title,
    tail_lines,
)
from metricsheet.report.scorecard import Scorecard
from metricsheet.report.style import PLAIN, TextStyle
from metricsheet.report.wording import when_said

_TILES = 6


def render_html(scorecard: Scorecard, catalog: Catalog | None = None, style: TextStyle = PLAIN) -> str:
    """Return the scorecard as one HTML page with its styles, charts and JSON inside.

    It is read without a network, and without a script, which only searches, filters and sorts. Every text
    is escaped.
    """
    return _page(scorecard, catalog, style.language or scorecard.language)


def overview_frame(scorecard: Scorecard) -> str:
    """Return the overview alone as a frame for a notebook."""
    page = "<!doctype html>" + _page(scorecard, scorecard.catalog, scorecard.language, short=True)
    return f'<iframe srcdoc="{escape(page)}" style="width:100%;height:40em;border:0"></iframe>'


def _page(scorecard: Scorecard, catalog: Catalog | None, language: str, *, short: bool = False) -> str:
    formatter = ResultFormatter(scorecard, catalog, language)
    found = overview(scorecard, catalog)
    several = len(found.sources) > 1
    tiles = [] if several else [*found.headline, *found.moved, *found.still][:_TILES]
    cards = [_source(formatter, source) for source in found.sources] if not short else []
    page: str = _template().render(
        language=language,
        short=short,
        term=lambda key: term(key, language),
        title=term("title", language),
        head=head_line(formatter, found),
        card=scorecard,
        settings=formatter.settings(),
        tiles=[_row(formatter, result) for result in tiles],
        findings=[_finding(formatter, told) for told in told_findings(formatter, several=several)],
        comparison=_comparison(formatter, found.comparison) if found.comparison is not None else None,
        ledgers=[_ledger(formatter, table) for table in _ledger_tables(formatter)],
        lifetime=[
            (one.where or one.source, [*lifetime_rows(formatter, one)], list(map(formatter.say, one.remarks)))
            for one in scorecard.lifetime
        ],
        asks=[
            {"text": ask_text(formatter, ask, several=several), "hint": formatter.say(ask.hint)}
            | {"sign": "✖" if ask.fatal else "!"}
            for ask in found.asks
        ],
        tail=list(tail_lines(formatter, found, "#missing", "#inputs")),
        sources=cards,
        statuses=[(key, formatter.status(key)) for key in STATUSES if any(key in c["counts"] for c in cards)],
        rules=other_rules(formatter),
        missing=list(_missing(formatter, found)),
        unused=[
            (one.column, one.where, " ".join(f"{g}?" for g in one.guesses)) for _, one in scorecard.unused
        ],
        notices=[formatter.say(notice.message) for notice in scorecard.notices],
        data="" if short else _packed(render_json(_in_view(scorecard, found), catalog)),
    )
    return page


def _ledger_tables(formatter: ResultFormatter) -> Iterator[LedgerTable]:
    for report in formatter.scorecard.ledgers:
        yield waterfall(formatter, report, report.rows)
        yield from cohort_tables(formatter, report)


def _ledger(formatter: ResultFormatter, table: LedgerTable) -> dict[str, Any]:
    """Return a table of a ledger; shares of cohorts are coloured by how much of them is kept."""
    of_cohorts = any(column.title == "0" for column in table.columns)
    return {
        "title": table.title,
        "note": table.note,
        "first": table.first,
        "titles": [column.title for column in table.columns],
        "rows": [
            {
                "name": name,
                "cells": [
                    {
                        "text": table.text(place, value, formatter.language),
                        "colour": _share_colour(value) if of_cohorts and column.unit == "percent" else "",
                    }
                    for place, (column, value) in enumerate(zip(table.columns, cells, strict=True))
                ],
            }
            for name, cells in table.rows
        ],
    }


def _share_colour(value: float | None) -> str:
    """Return a colour from red for nothing kept to green for everything."""
    return "" if value is None else f"hsl({round(120 * min(max(value, 0.0), 1.0))} 55% 82%)"


def _missing(formatter: ResultFormatter, found: Overview) -> Iterator[str]:
    """Yield for each input that was not found the metrics that lack it, and which sources where not all."""
    lacking = [r for source in found.sources for stage in source.stages for r in stage.missing]
    for sources, results in by_missing_input(lacking):
        said = formatter.reason(results[0], everything=True)
        if len(sources) < len(found.sources):
            said = formatter.labelled(", ".join(sources), said)
        yield formatter.labelled(said, ", ".join(result.label for result in results))


def _in_view(scorecard: Scorecard, found: Overview) -> Scorecard:
    """Return the scorecard with the newest results alone; their series hold the earlier values."""
    rows = [row for source in found.sources for row in source.rows()]
    rows += [row for source in found.sources for stage in source.stages for row in stage.missing]
    return replace(scorecard, results=tuple(rows))


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        # markup was made here, of texts that are steady already
        finalize=lambda value: steady(value) if type(value) is str else value,
    )
    return environment.get_template("scorecard.html.jinja")


def _packed(text: str) -> str:
    """Return a text compressed and in letters that mean nothing to HTML; the same for the same text."""
    return base64.b64encode(gzip.compress(text.encode("utf-8"), mtime=0)).decode("ascii")


def _source(formatter: ResultFormatter, source: SourceBlock) -> dict[str, Any]:
    return {
        "name": source.source,
        "counts": status_counts(source),
        "stages": [
            {
                "label": term(stage.stage, formatter.language),
                "cards": [_card(formatter, source, block) for block in stage.metrics],
            }
            for stage in source.stages
            if stage.metrics
        ],
        "inputs": [_input(formatter, source.source, use) for use in source.inputs],
    }


def _row(formatter: ResultFormatter, result: Result) -> dict[str, Any]:
    """Return what a line about one result says."""
    better = improves(result)
    return {
        "label": result.label,
        "status": result.status,
        "sign": SIGNS.get(result.status, "·"),
        "said": formatter.status(result.status) + "?" * result.uncertain,
        "value": formatter.value(result),
        "target": formatter.target(result),
        "change": formatter.trend(result),
        "tone": "" if better is None else "better" if better else "worse",
        "rests": formatter.rests_on(result),
        "spark": charts.spark([value for _, value in series_of(result)]),
    }


def _card(formatter: ResultFormatter, source: SourceBlock, block: MetricBlock) -> dict[str, Any]:
    """Return a metric with all that is known of it: its definition, bands, history, slices and cells."""
    first = block.whole or block.slices[0]
    row = _row(formatter, first) if block.whole is not None else {**_row(formatter, first), "value": ""}
    metric = formatter.catalog.metrics.get(block.metric) if formatter.catalog is not None else None
    facts = [
        (term("status", formatter.language), formatter.meaning(first)),
        (term("interval", formatter.language), formatter.interval(first)),
        (term("on_year", formatter.language), formatter.on_year(first)),
        (term("reason", formatter.language), formatter.reason(first) if first.value is None else ""),
        (term("question", formatter.language), _said(formatter, metric.question) if metric else ""),
        (term("formula", formatter.language), first.formula),
        (term("source", formatter.language), metric.source if metric else ""),
    ]
    told = [*first.notes, *benchmark_lines(formatter, first)]
    if first.period is not None and first.period != source.newest:
        told.insert(0, formatter.period(first.period))
    if block.begun is not None:
        told.append(formatter.begun(block.begun))
    return row | {
        "key": block.metric,
        "label": block.label,
        "facts": [(label, text) for label, text in facts if text],
        "notes": told,
        "bands": _bands(formatter, first),
        "history": _history(formatter, first),
        "slices": _slices(formatter, block),
        "inputs": [_input(formatter, source.source, use) for use in first.inputs],
    }


def _said(formatter: ResultFormatter, text: Any) -> str:
    return in_language(text, formatter.language) if text is not None else ""


def _bands(formatter: ResultFormatter, result: Result) -> dict[str, Any] | None:
    """Return the bands in force as a chart, and in words for those who do not see it."""
    metric = formatter.catalog.metrics.get(result.metric) if formatter.catalog is not None else None
    if metric is None:
        return None
    known = target_for(metric, result.slice, None, None)
    shown = bands_in_force(metric, formatter.scorecard.settings, known)
    words = [
        formatter.labelled(
            f"{SIGNS[band.status]} {when_said(band.when, metric, result.currency, formatter.language)}",
            in_language(band.label, formatter.language),
        )
        for band in shown
    ]
    title = formatter.labelled(result.label, "; ".join(words))
    chart = charts.bands(
        shown, result.value, result.interval, result.target, lambda n: formatter.number(result, n), title
    )
    return {"chart": chart, "words": words} if shown else None


def _history(formatter: ResultFormatter, result: Result) -> dict[str, str] | None:
    """Return the values over the periods as a chart, and in words."""
    points = [(formatter.period(period), value) for period, value in series_of(result)]
    known = [f"{name} {formatter.number(result, value)}" for name, value in points if value is not None]
    if len(known) < 2:
        return None
    title = formatter.labelled(result.label, f"{known[0]} … {known[-1]}")
    chart = charts.history(points, result.target, lambda number: formatter.number(result, number), title)
    return {"chart": chart, "words": " · ".join(known)}


def _slices(formatter: ResultFormatter, block: MetricBlock) -> dict[str, Any] | None:
    if not block.slices:
        return None
    shown = block.slices_in_view()
    bars = [
        charts.Bar(formatter.slice(r.slice), r.value, formatter.value(r), r.status, r.interval)
        for r in shown
        if r.value is not None
    ]
    words = [
        formatter.labelled(formatter.slice(r.slice), formatter.reason(r)) for r in shown if r.value is None
    ]
    title = formatter.labelled(block.label, ", ".join(f"{bar.label} {bar.shown}" for bar in bars))
    left = len(block.slices) - len(shown)
    if left:
        words.append(term("more_slices", formatter.language, count=formatter.count(left)))
    return {"chart": charts.bars(bars, title) if bars else "", "words": words}


def _input(formatter: ResultFormatter, source: str, use: InputUse) -> str:
    where = "; ".join(place.removeprefix(f"{source}!") for place in use.where.split("; "))
    return formatter.labelled(formatter.input(use.input), f"{where} ({formatter.counts(use)})")


def _finding(formatter: ResultFormatter, told: Told) -> dict[str, Any]:
    finding, lines = told.finding, told.lines
    return {
        "severity": finding.severity,
        "said": formatter.severity(finding.severity),
        "text": finding.text,
        "where": "".join(lines["where"]),
        "since": "".join(lines["since"]),
        "advice": lines["do_first"],
        "compared": lines["compared"],
        "why": lines["why"],
        "also": lines["also"],
        "rule": told.rule,
    }


def _comparison(formatter: ResultFormatter, comparison: Comparison) -> dict[str, Any]:
    rows = []
    for name, row in named_rows(formatter, comparison):
        cells = []
        for metric in comparison.metrics:
            result = row.cells.get(metric)
            cell = {"status": "no_data", "text": "–", "sort": "", "why": ""}
            if result is not None:
                cell |= {"status": result.status, "text": SIGNS.get(result.status, "–")}
            if result is not None and result.value is not None:
                sign = SIGNS[result.status] if result.status != "no_target" else ""
                cell |= {"text": f"{formatter.value(result)} {sign}".rstrip(), "sort": repr(result.value)}
            elif result is not None:
                cell["why"] = formatter.reason(result)
            cells.append(cell)
        rows.append({"name": name, "cells": cells})
    of = rows_title(comparison, formatter.language)
    signs = compared_legend(formatter, comparison)
    return {"of": of, "titles": list(comparison.metrics.values()), "rows": rows, "signs": signs}
