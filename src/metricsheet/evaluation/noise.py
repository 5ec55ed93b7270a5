"""Change or noise: whether the last change of a metric, or a slice beside the others, is more than chance.

Counts of people are compared as two samples. Figures without people behind them are held against their own
history, the robust scale of their past changes. Where that is too short, their fixed zone alone decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from math import sqrt
from typing import TypeAlias

from metricsheet.catalog.definitions import Catalog, MetricDefinition
from metricsheet.evaluation.campaigns import earlier
from metricsheet.evaluation.intervals import (
    MAD_EFFICIENCY,
    difference_of,
    holm,
    merged,
    robust_scale,
    student_point,
    tail,
    usual_change,
    value_of,
)
from metricsheet.evaluation.result import Result
from metricsheet.evaluation.trends import direction
from metricsheet.precision import difference
from metricsheet.records import replace
from metricsheet.rules.engine.evidence import Evidence
from metricsheet.rules.language.facts import CHANGE_PARTS

ALPHA = 0.05
"""How often a family of comparisons may call chance a change."""
LEAST_CHANGES = 8
"""This many past changes tell how much a figure usually moves; fewer do not."""
MOST_SLICES = 200
WORST_LISTED = 20
"""Of more than ``MOST_SLICES`` only the worst are listed, tested against all."""
Place: TypeAlias = tuple[str, tuple[tuple[str, str], ...], str | None]


def with_evidence(catalog: Catalog, results: Sequence[Result], asked: Iterable[str]) -> list[Result]:
    """Return the results with evidence of their last step and run, for metrics whose changes rules ask for.

    ``asked`` are the facts that rules read. All slices of a metric are one family of comparisons: the newest
    period of each together, earlier ones period by period.
    """
    parts = (name.partition(".") for name in asked)
    wanted = {metric for metric, _, part in parts if part in CHANGE_PARTS}
    by_place = {_place(result): result for result in results}
    found: dict[Place, dict[str, Evidence]] = {}
    newest: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}
    for result in results:
        if result.metric in wanted and result.trend is not None and result.value is not None:
            found[_place(result)] = _of_changes(catalog, result, by_place)
            slice_ = result.metric, tuple(result.slice.items())
            newest[slice_] = max(result.period or "", newest.get(slice_, ""))
    families: dict[tuple[str, str, str], list[Place]] = {}
    for place, evidence in found.items():
        metric, slice_key, period = place
        when = "" if newest[metric, slice_key] == period else period or ""
        for part in evidence:
            families.setdefault((metric, part, when), []).append(place)
    for (_, part, _), places in families.items():
        for place, one in zip(places, _adjusted([found[place][part] for place in places]), strict=True):
            found[place][part] = one
    return [
        replace(result, evidence=found[_place(result)]) if _place(result) in found else result
        for result in results
    ]


def _place(result: Result) -> Place:
    return result.metric, tuple(result.slice.items()), result.period


def _adjusted(family: Sequence[Evidence]) -> list[Evidence]:
    tested = [one.p_value for one in family if one.p_value is not None]
    adjusted = iter(holm(tested))
    found = []
    for one in family:
        if one.p_value is None:
            found.append(one)
            continue
        p = next(adjusted)
        found.append(replace(one, p_value=p, real=p < ALPHA, comparisons=one.comparisons * len(tested)))
    return found


def _of_changes(catalog: Catalog, result: Result, by_place: Mapping[Place, Result]) -> dict[str, Evidence]:
    assert result.trend is not None
    assert result.value is not None
    metric = catalog.metrics[result.metric]
    values = dict(result.trend.series)
    periods = _in_a_row(catalog, values, result.period or "", result.trend.previous_period)
    steps = _steps_of_run(metric, [values[period] for period in periods])
    step = _compared(metric, result, periods, 1, by_place)
    noise = step.low is not None and step.high is not None and step.low <= 0 <= step.high
    found = {"change_is_real": step}
    run = step if steps == 1 else _compared(metric, result, periods, steps, by_place)
    if run.method == "zone":
        # one step beyond a fixed zone happens by chance half of the time
        run = replace(run, real=run.real and steps > 1)
    found["run_is_real"] = run
    past = _past_changes([values[period] for period in periods[1:]])
    usual = usual_change(past) if len(past) >= LEAST_CHANGES else None
    return {part: replace(one, step_is_noise=noise, usual=usual) for part, one in found.items()}


def _in_a_row(catalog: Catalog, values: Mapping[str, float | None], period: str, previous: str) -> list[str]:
    """Return the periods that have a value, newest first, back to the first hole."""
    found = [period]
    while values.get(previous) is not None:
        found.append(previous)
        previous = earlier(catalog, previous)
    return found


def _steps_of_run(metric: MetricDefinition, values: Sequence[float | None]) -> int:
    """Return over how many steps a value has gone the way of the last one; ``values`` are newest first."""
    ways = [
        direction(earlier, later, metric.dead_zone)
        for later, earlier in pairwise(values)
        if later is not None and earlier is not None
    ]
    steps = 1
    while steps < len(ways) and ways[steps] == ways[0] != "flat":
        steps += 1
    return steps


def _compared(
    metric: MetricDefinition,
    result: Result,
    periods: Sequence[str],
    steps: int,
    by_place: Mapping[Place, Result],
) -> Evidence:
    """Return the evidence for the change over the last ``steps``; p counts each start it could have had."""
    assert result.trend is not None
    assert result.value is not None
    values = dict(result.trend.series)
    start = values[periods[steps]]
    assert start is not None
    change = difference(result.value, start)
    slice_key = tuple(result.slice.items())
    then = by_place.get((result.metric, slice_key, periods[steps]))
    if then is not None and then.terms is not None and result.terms is not None:
        test = difference_of(result.terms, then.terms)
        if test is not None:
            p = min(1.0, test.p * steps)
            return Evidence(p < ALPHA, "two_samples", start, change, test.low, test.high, p, steps)
    past = _past_changes([values[period] for period in periods[steps:]])
    if len(past) < LEAST_CHANGES:
        # of a long run, the steps before the last one tell as well how much it moves
        past = _past_changes([values[period] for period in periods[1:]])
    if len(past) < LEAST_CHANGES:
        moved = direction(start, result.value, metric.dead_zone) != "flat"
        return Evidence(moved, "zone", start, change)
    scale, df = robust_scale(past) * sqrt(steps), MAD_EFFICIENCY * (len(past) - 1)
    margin = student_point(df) * scale
    p = min(1.0, tail(abs(change) / scale, df) * steps) if scale else float(change == 0)
    return Evidence(p < ALPHA, "history", start, change, change - margin, change + margin, p, steps)


def _past_changes(values: Sequence[float | None]) -> list[float]:
    return [a - b for a, b in pairwise(values) if a is not None and b is not None]


def spread_evidence(highest: Result, lowest: Result, slices: int) -> Evidence | None:
    """Return whether the highest and the lowest of ``slices`` differ, ``None`` where they have no counts.

    They are picked out of all pairs, and p is adjusted for that.
    """
    if highest.terms is None or lowest.terms is None or highest.value is None or lowest.value is None:
        return None
    test = difference_of(highest.terms, lowest.terms)
    if test is None:
        return None
    pairs = slices * (slices - 1) // 2
    p = min(1.0, test.p * pairs)
    apart = difference(highest.value, lowest.value)
    return Evidence(p < ALPHA, "two_samples", lowest.value, apart, test.low, test.high, p, pairs)


def rest_evidence(better: str, slices: Sequence[Result]) -> tuple[Result, Evidence] | None:
    """Return the slice that is worst beside all others together, and the evidence; ``None`` without counts.

    It is the worst of those that differ from the rest for the worse (by Holm over all slices), or else the
    worst of all. Where neither high nor low is better, every difference counts, the least likely first.
    """
    tested = list(_beside_rest(slices))
    if len(tested) < 2:
        return None
    sign = {"higher": 1.0, "lower": -1.0}.get(better, 0.0)
    pairs = []
    for (result, one), p in zip(tested, holm([one.p_value or 0.0 for _, one in tested]), strict=True):
        worse = p < ALPHA and sign * one.difference <= 0
        pairs.append((result, replace(one, real=worse, p_value=p, comparisons=len(tested))))
    pairs.sort(key=lambda pair: sign * (pair[0].value or 0.0) if sign else pair[1].p_value or 0.0)
    result, worst = next((pair for pair in pairs if pair[1].real), pairs[0])
    listed = pairs if len(pairs) <= MOST_SLICES else pairs[:WORST_LISTED]
    return result, replace(worst, slices=tuple((slice_name(r), one) for r, one in listed))


def slice_name(result: Result) -> str:
    """Return a slice in words: its values, ``EU, Enterprise``."""
    return ", ".join(result.slice.values())


def _beside_rest(slices: Sequence[Result]) -> Iterator[tuple[Result, Evidence]]:
    known = [(result, result.terms) for result in slices if result.terms is not None]
    terms = [one for _, one in known]
    before_it = list(accumulate(terms, lambda a, b: merged([a, b])))
    after_it = list(accumulate(reversed(terms), lambda a, b: merged([a, b])))[::-1]
    for at, (result, own) in enumerate(known):
        others = [*before_it[max(at - 1, 0) : at], *after_it[at + 1 : at + 2]]
        rest = merged(others) if others else None
        test = difference_of(own, rest) if rest is not None else None
        if rest is not None and test is not None and result.value is not None:
            beside = value_of(rest)
            apart = difference(result.value, beside)
            yield result, Evidence(False, "two_samples", beside, apart, test.low, test.high, test.p)
