"""What a reader needs first: what fired, the judged figures, what moved, what asks for a decision.

Plain records without any text of their own, for every format that begins with an overview.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from metricsheet.catalog.definitions import Catalog
from metricsheet.dataset import Problem
from metricsheet.evaluation.result import Result
from metricsheet.language.message import Message
from metricsheet.records import record, replace
from metricsheet.report.arrangement import STATUSES, Arranged, SourceBlock, arrange, fired_by_rule
from metricsheet.report.comparison import Comparison, compare
from metricsheet.report.scorecard import Finding, Held, Scorecard

JUDGED = ("critical", "warn", "info", "ok", "low_data")
"""The statuses of a figure that bands or a target judge, worst first."""


@record
class Ask:
    """Something that a person must decide or fix: what, what would decide it, and how much hangs on it.

    ``sources`` are those that ask the same. ``count`` says how many problems of one kind it stands for,
    ``message`` being the first. ``metrics`` are those without a value, or with another, until it is settled.
    ``fatal`` sources could not be read at all.
    """

    sources: tuple[str, ...]
    message: Message
    hint: Message | None
    metrics: tuple[str, ...]
    count: int = 1
    fatal: bool = False


@record
class Overview:
    """The choice and order of what an overview shows, worst and largest first; nothing is cut off.

    ``findings`` are groups of one rule and source that fired. ``headline`` are the figures of the newest
    whole period that were ``chosen``, or that bands judge. ``moved`` are others that left the range of
    chance, by the share of the change; ``still`` the rest that have a value. ``asks`` are what is in the
    way of metrics; ``unbound`` are metrics that found no column or cell. ``comparison`` is there for several
    sources or slices, ``apart`` are the slices of the metric that they differ most in, worst first. Of
    several sources only the comparison has figures.
    """

    sources: Sequence[SourceBlock]
    findings: tuple[tuple[Finding, ...], ...]
    headline: tuple[Result, ...]
    moved: tuple[Result, ...]
    still: tuple[Result, ...]
    asks: tuple[Ask, ...]
    unbound: tuple[str, ...]
    chosen: bool
    comparison: Comparison | None = None
    apart: tuple[Result, ...] = ()


def overview(scorecard: Scorecard, catalog: Catalog | None = None) -> Overview:
    """Return the overview of a scorecard.

    Headline metrics are those of ``--only``, else those with ``headline: true``, else those with a status.
    """
    sources = (
        Arranged(scorecard, catalog) if isinstance(scorecard.results, Held) else arrange(scorecard, catalog)
    )
    chosen = headline_keys(scorecard, catalog)
    comparison = compare(sources, chosen)
    compared = comparison is not None and len(sources) > 1
    valued: list[Result] = []
    have: set[str] = set()
    unbound: dict[str, None] = {}
    for source in sources:
        for row in source.rows():
            if row.value is not None:
                have.add(row.metric)
                valued += [row] if not row.slice and not compared else []
        missing = (row for stage in source.stages for row in stage.missing)
        unbound |= dict.fromkeys(row.metric for row in missing if row.missing_input)
    first: dict[bool, list[Result]] = {True: [], False: []}
    for row in valued:
        first[row.metric in chosen if chosen else row.status in JUDGED].append(row)
    moves: dict[bool, list[Result]] = {True: [], False: []}
    for row in first[False]:
        moves[_moved(row)].append(row)
    return Overview(
        sources=sources,
        findings=tuple(map(tuple, fired_by_rule(scorecard.findings))),
        headline=tuple(sorted(first[True], key=_by_status)),
        moved=tuple(sorted(moves[True], key=_share, reverse=True)),
        still=tuple(moves[False]),
        asks=tuple(asks(scorecard)),
        unbound=tuple(key for key in unbound if key not in have),
        chosen=bool(chosen),
        comparison=comparison,
        apart=() if compared else _apart(sources),
    )


def headline_keys(scorecard: Scorecard, catalog: Catalog | None) -> frozenset[str]:
    """Return the metrics that were chosen, with ``--only`` or in the definitions; empty for none."""
    if scorecard.only or catalog is None:
        return frozenset(scorecard.only)
    return frozenset(key for key, metric in catalog.metrics.items() if metric.headline)


def _apart(sources: Iterable[SourceBlock]) -> tuple[Result, ...]:
    """Return the slices of the metric whose best and worst are the most widths of their intervals apart."""
    found: tuple[float, list[Result]] = (0.0, [])
    for source in sources:
        for stage in source.stages:
            for block in stage.metrics:
                slices = [r for r in block.slices_in_view() if r.interval is not None and r.value is not None]
                if len(slices) > 1:
                    found = max(found, (_distance(slices), slices), key=lambda pair: pair[0])
    ordered = sorted(found[1], key=lambda result: result.value or 0.0)
    return tuple(reversed(ordered) if ordered and ordered[0].better == "lower" else ordered)


def _distance(slices: Sequence[Result]) -> float:
    """Return how far the highest value is above the lowest, in widths of their two intervals."""
    low, *_, high = sorted(slices, key=lambda result: result.value or 0.0)
    widths = sum(one.interval[1] - one.interval[0] for one in (low, high) if one.interval is not None)
    return ((high.value or 0.0) - (low.value or 0.0)) / (widths or 1.0)


def _by_status(result: Result) -> int:
    return STATUSES.index(result.status)


def _moved(result: Result) -> bool:
    """Return whether a value left its dead zone, and the one before lies outside its interval."""
    if result.trend is None or result.trend.direction == "flat" or not result.trend.previous:
        return False
    low, high = result.interval or (None, None)
    return low is None or high is None or not low <= result.trend.previous <= high


def _share(result: Result) -> float:
    assert result.trend is not None
    return abs(result.trend.change / result.trend.previous)


def asks(scorecard: Scorecard) -> list[Ask]:
    """Return what is in the way: problems by kind and table, then other reasons without a problem."""
    stopped = list(_refused(scorecard.results))
    stopped_by: dict[tuple[str, Message | None], list[str]] = {}
    for row in stopped:
        stopped_by.setdefault((row.source, row.why), []).append(row.metric)
    kinds: dict[tuple[str, str, str], list[Problem]] = {}
    told: set[tuple[str, str]] = set()
    for one in sorted(scorecard.problems, key=lambda one: not one.fatal):
        by_it = stopped_by.get((one.source, one.message), ())
        metrics = tuple(dict.fromkeys((*one.metrics, *by_it)))
        told |= {(one.source, metric) for metric in metrics}
        kinds.setdefault((one.source, one.table, one.code), []).append(replace(one, metrics=metrics))
    found = [_ask(problems) for problems in kinds.values()]
    reasons: dict[tuple[str, str], list[Result]] = {}
    for row in stopped:
        if (row.source, row.metric) not in told:
            reasons.setdefault((row.source, row.why.code if row.why else ""), []).append(row)
    for (source, _), refused in reasons.items():
        why = refused[0].why
        assert why is not None
        found.append(Ask((source,), why, None, tuple(row.metric for row in refused)))
    # what one source asks about two tables stays apart
    alike: dict[tuple[str, bool, int], list[Ask]] = {}
    met: dict[tuple[str, ...], int] = {}
    for ask in found:
        of_source = (*ask.sources, ask.message.key)
        met[of_source] = met.get(of_source, 0) + 1
        alike.setdefault((ask.message.key, ask.fatal, met[of_source]), []).append(ask)
    return sorted(map(_together, alike.values()), key=lambda ask: (not ask.fatal, -len(ask.metrics)))


def _together(alike: list[Ask]) -> Ask:
    """Return what several sources ask as one, in the words of the first."""
    sources = tuple(source for ask in alike for source in ask.sources)
    metrics = tuple(dict.fromkeys(metric for ask in alike for metric in ask.metrics))
    count = len({ask.message for ask in alike}) if len(alike) > 1 else alike[0].count
    return replace(alike[0], sources=sources, metrics=metrics, count=count)


def _ask(problems: list[Problem]) -> Ask:
    first = problems[0]
    metrics = dict.fromkeys(metric for problem in problems for metric in problem.metrics)
    different = list(dict.fromkeys(problem.message for problem in problems))
    return Ask((first.source,), first.message, first.hint, tuple(metrics), len(different), first.fatal)


_UNASKED = frozenset({"not_bound", "zero", "no_rows", "no_values"})
"""Reasons that no option decides: what is not in the file, and what is nothing."""


def _refused(results: Iterable[Result]) -> Iterator[Result]:
    for _, of_source in groupby(results, key=lambda result: result.source):
        newest = {result.metric: result for result in of_source if not result.slice}
        for found in newest.values():
            if found.value is None and found.why is not None and found.why.code not in _UNASKED:
                yield found
