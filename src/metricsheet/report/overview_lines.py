"""What every overview says in words: what was read, findings, questions, what is not shown, names of rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from metricsheet.catalog.definitions import Catalog
from metricsheet.evaluation.result import Result
from metricsheet.language.message import Message
from metricsheet.language.option import spelled
from metricsheet.language.words import term
from metricsheet.report.arrangement import (
    STATUSES,
    Arranged,
    SourceBlock,
    series_of,
    slice_key,
    status_counts,
)
from metricsheet.report.comparison import ComparedRow, Comparison, compare
from metricsheet.report.formatter import SIGNS, ResultFormatter, sparkline
from metricsheet.report.overview import Ask, Overview, headline_keys
from metricsheet.report.scorecard import Finding, Scorecard

_SPARKLINE, _NAMED = 8, 4


def head_line(formatter: ResultFormatter, overview: Overview) -> str:
    """Return what was read and which periods are beside each other."""
    language = formatter.language
    if len(overview.sources) != 1:
        sources = formatter.labelled(term("sources", language), formatter.count(len(overview.sources)))
        return " · ".join((sources, *_layouts(formatter)))
    source = overview.sources[0]
    if source.newest is None:
        return source.source
    now = formatter.period(source.newest)
    before = [period for period in source.periods if period < source.newest]
    if before:
        now = term("against", language, period=now, before=formatter.period(before[-1]))
    return f"{source.source}   {now}"


def glance(formatter: ResultFormatter, sources: Iterable[SourceBlock]) -> list[tuple[str, str]]:
    """Return how many metrics have each status, with the status, so that a reader knows where to look."""
    sources = list(sources)
    counts: Counter[str] = Counter()
    for source in sources:
        counts.update(status_counts(source))
    parts = [
        (status, f"{SIGNS[status]} {counts[status]} {formatter.status(status)}")
        for status in STATUSES
        if status in counts
    ]
    missing = sum(len(stage.missing) for source in sources for stage in source.stages)
    if missing:
        said = term("not_computed", formatter.language).lower()
        parts.append(("", f"{SIGNS['no_data']} {missing} {said}"))
    return parts


def listed(names: Sequence[str]) -> str:
    """Return the first of ``names``, and how many there are where more follow."""
    return ", ".join(names[:_NAMED]) + (f" … ({len(names)})" if len(names) > _NAMED else "")


def finding_text(
    formatter: ResultFormatter, group: Sequence[Finding], *, several: bool, remarks: bool = True
) -> str:
    """Return what one rule says, with its source and slice where there are several."""
    finding = group[0]
    places = [finding.source] * several + [formatter.slice(finding.slice)] * bool(finding.slice)
    more = f" (+{len(group) - 1})" if len(group) > 1 else ""
    text = finding.text if remarks else finding.text.removesuffix(" ".join(("", *finding.remarks)))
    text += more
    for place in reversed(places):
        text = formatter.labelled(place, text)
    return text


def told_since(formatter: ResultFormatter, finding: Finding) -> str:
    """Return since when a rule holds, ``""`` where the data are not of periods."""
    since = formatter.period(finding.since or finding.period)
    return term("pending_since", formatter.language, period=since) if since else ""


def more_at(formatter: ResultFormatter, count: int, part: str) -> str:
    """Return that ``count`` more are shown by ``--show``."""
    shown = formatter.count(count)
    return "… " + term("more_at", formatter.language, count=shown, option=spelled("show", part))


def ask_text(formatter: ResultFormatter, ask: Ask, *, several: bool) -> str:
    """Return what is asked: how many metrics hang on it, the message, and how many more there are of it."""
    text = formatter.say(ask.message)
    if len(ask.metrics) > 1:
        counted = formatter.say(Message("metrics_counted", count=len(ask.metrics)))
        text = formatter.labelled(counted, text)
    elif ask.metrics:
        text = formatter.labelled(formatter.metric(ask.metrics[0]), text)
    if several or ask.fatal:
        first = ask.sources[0]
        if len(ask.sources) > 1:
            first = formatter.say(Message("files_alike", count=len(ask.sources), first=first))
        text = formatter.labelled(first, text)
    return f"{text} (+{formatter.count(ask.count - 1)})" if ask.count > 1 else text


def tail_lines(
    formatter: ResultFormatter,
    overview: Overview,
    missing: str = "",
    inputs: str = "",
) -> Iterable[str]:
    """Yield what is not in the overview, counted, with the option or sheet that shows it."""
    language, card = formatter.language, formatter.scorecard
    parts = []
    without = len(overview.moved) + len(overview.still)
    if without and overview.comparison is None:
        parts.append(term("without_target", language, count=formatter.count(without)))
    if overview.unbound:
        lack = formatter.say(Message("lack_columns", count=len(overview.unbound)))
        parts.append(f"{lack} ({missing or spelled('show', 'missing')})")
    if card.unused:
        parts.append(f"{unused_line(formatter)} ({inputs or spelled('show', 'inputs')})")
    if not missing:
        parts.append(term("everything", language, option=spelled("show", "all")))
    yield " · ".join(parts)


def unused_line(formatter: ResultFormatter) -> str:
    """Return how many columns nothing used, with the three best guesses of what they may be."""
    unused = formatter.scorecard.unused
    said = formatter.say(Message("columns_unused", count=len(unused)))
    every = dict.fromkeys(
        term("guess", formatter.language, column=one.column, input=one.guesses[0])
        for _, one in unused
        if one.guesses
    )
    guessed = list(every)[:3]
    return f"{said}, {', '.join(guessed)}" if guessed else said


def legend(formatter: ResultFormatter, results: Iterable[Result]) -> str:
    """Return what the signs of some results stand for, ``""`` where none has one."""
    held = {result.status for result in results} - {"no_target"}
    return " · ".join(f"{SIGNS[status]} {formatter.status(status)}" for status in STATUSES if status in held)


def compared_legend(formatter: ResultFormatter, comparison: Comparison) -> str:
    """Return what the signs in a comparison stand for, ``""`` where it has none."""
    cells = (row.cells.get(key) for row in comparison.rows for key in comparison.metrics)
    return legend(formatter, (cell for cell in cells if cell is not None))


def figure_cells(formatter: ResultFormatter, result: Result) -> tuple[str, str, str, str, str]:
    """Return value, target, change, history and what the value is based on."""
    series = [value for _, value in series_of(result)][-_SPARKLINE:]
    return (
        formatter.value(result),
        formatter.target(result),
        formatter.trend(result),
        sparkline(series),
        formatter.rests_on(result),
    )


def lacking_lines(comparison: Comparison) -> list[tuple[str, list[str]]]:
    """Return each input that only some rows lack, with the names of these."""
    names = {id(row): name for name, row in zip(row_labels(comparison), comparison.rows, strict=True)}
    return [(key, [names[id(row)] for row in rows]) for key, rows in comparison.lacking().items()]


def wrote_line(scorecard: Scorecard, catalog: Catalog | None, written: Sequence[Path]) -> str:
    """Return how many files were written, and which inputs only some of the sources lack."""
    formatter = ResultFormatter(scorecard, catalog, scorecard.language)
    comparison = compare(Arranged(scorecard, catalog), headline_keys(scorecard, catalog))
    lacking = lacking_lines(comparison) if comparison is not None else []
    said = formatter.say(Message("files_written", count=len(written), folder=str(written[0].parent)))
    said = " · ".join((said, *_layouts(formatter)))
    return "; ".join([said, *(lacking_text(formatter, key, names) for key, names in lacking[:_NAMED])]) + "\n"


def _layouts(formatter: ResultFormatter) -> tuple[str, ...]:
    """Return of how many layouts the files are, where there are several."""
    count = formatter.scorecard.layouts
    return (formatter.say(Message("layouts_counted", count=count)),) if count else ()


def lacking_text(formatter: ResultFormatter, key: str, names: Sequence[str]) -> str:
    """Return how many rows lack an input, and the first of them."""
    named = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
    return formatter.say(Message("rows_lack", count=len(names), input=key, names=named))


def rows_title(comparison: Comparison, language: str) -> str:
    """Return what the rows of a comparison are: the headers of its slices, or sources."""
    headers = dict.fromkeys(header for row in comparison.rows for header in row.slice)
    return " · ".join(headers) or term("source", language)


def named_rows(formatter: ResultFormatter, comparison: Comparison) -> list[tuple[str, ComparedRow]]:
    """Return the rows of a comparison with what they are called, those over all slices last."""
    rows = list(zip(row_labels(comparison), comparison.rows, strict=True))
    return rows + [(term("whole", formatter.language), row) for row in comparison.wholes]


def row_labels(comparison: Comparison) -> list[str]:
    """Return what each row is called: its slice, and its file where several have it or there is no slice."""
    times = Counter(slice_key(row.slice) for row in comparison.rows)
    labels = []
    for row in comparison.rows:
        name, slice_ = re.split(r"[/\\]", row.source)[-1], " · ".join(row.slice.values())
        if not slice_:
            labels.append(name)
        else:
            labels.append(slice_ if times[slice_key(row.slice)] == 1 else f"{name}: {slice_}")
    return labels


def compared_cell(formatter: ResultFormatter, row: ComparedRow, metric: str) -> str:
    """Return a figure with the sign of its status, or the sign alone where there is none."""
    result = row.cells.get(metric)
    if result is None or result.value is None:
        return SIGNS["no_data" if result is None else result.status] + " "
    sign = SIGNS[result.status] if result.status != "no_target" else " "
    return f"{formatter.value(result)} {sign}"
