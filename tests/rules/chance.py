"""Worlds in which nothing is truly different, or one thing is: drawn, and told to the shipped rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from metricsheet.api import load_catalog
from metricsheet.catalog.definitions import Catalog
from metricsheet.evaluation.intervals import Terms, merged, value_of
from metricsheet.evaluation.noise import with_evidence
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.outcomes import outcomes_of
from metricsheet.evaluation.result import Result, Verdict
from metricsheet.evaluation.results import with_trends
from metricsheet.rules.check import compile_ruleset
from metricsheet.rules.engine.outcome import RuleOutcome
from metricsheet.rules.engine.ruleset import RuleSet

ROOT = Path(__file__).parents[2]
Draw = Callable[[Random], list[Result]]


@cache
def shipped() -> tuple[Catalog, RuleSet]:
    catalog = load_catalog(ROOT / "metrics.yaml")
    return catalog, compile_ruleset(catalog)


@cache
def _alone(rule: str) -> RuleSet:
    catalog, rules = shipped()
    return RuleSet(catalog, [one for one in rules.rules if one.key == rule])


def result(
    metric: str, terms: Terms | float, period: str | None = None, slice_: Mapping[str, str] | None = None
) -> Result:
    """A result as an evaluation would make it, without status: of counts, or of a bare figure."""
    definition = shipped()[0].metrics[metric]
    counted = isinstance(terms, Terms)
    return Result(
        source="drawn",
        metric=metric,
        stage=definition.stage,
        kind=definition.kind,
        slice=slice_ or {},
        period=period,
        value=value_of(terms) if isinstance(terms, Terms) else terms,
        unit=definition.unit,
        status="no_target",
        target=None,
        gap=None,
        n=None,
        interval=terms.interval if isinstance(terms, Terms) else None,
        verdict=Verdict("no_target"),
        better=definition.better,
        terms=terms if counted else None,
    )


def outcomes(rule: str, results: list[Result]) -> list[RuleOutcome]:
    """What the shipped ``rule`` says of the whole and of every slice."""
    catalog, _ = shipped()
    rules = _alone(rule)
    told = with_trends(catalog, results)
    told = with_evidence(catalog, told, rules.facts_read("slice") | rules.facts_read("scorecard"))
    return outcomes_of(catalog, rules, told, RunOptions())


def said(rule: str, results: list[Result]) -> RuleOutcome:
    """What the shipped ``rule`` says of the whole."""
    return next(one for one in outcomes(rule, results) if not one.slice)


def how_often(rule: str, draw: Draw, trials: int, seed: int = 1) -> float:
    """The share of drawn worlds in which ``rule`` fires, for the whole or any slice."""
    rng = Random(seed)
    return sum(any(o.outcome == "fired" for o in outcomes(rule, draw(rng))) for _ in range(trials)) / trials


def _hits(rng: Random, n: int, share: float) -> Terms:
    return Terms("proportion", (float(sum(rng.random() < share for _ in range(n))), float(n)))


def segments(metric: str, count: int, n: int, share: float, by: str = "Segment", **one: float) -> Draw:
    """Segments of ``n`` people with one share; ``first`` is the share of the first where it differs."""

    def draw(rng: Random) -> list[Result]:
        shares = [one.get("first", share), *[share] * (count - 1)]
        return [result(metric, _hits(rng, n, p), slice_={by: f"S{at}"}) for at, p in enumerate(shares)]

    return draw


def answers(metric: str, count: int, n: int, weights: Mapping[int, float], by: str = "Segment") -> Draw:
    """Segments whose answers come from one distribution: a mean, or promoters and detractors of an NPS."""

    def draw(rng: Random) -> list[Result]:
        return [
            result(metric, _answers(rng, metric, n, weights), slice_={by: f"S{at}"}) for at in range(count)
        ]

    return draw


def _answers(rng: Random, metric: str, n: int, weights: Mapping[int, float]) -> Terms:
    given = rng.choices(list(weights), list(weights.values()), k=n)
    if metric == "nps":
        over, under = sum(a >= 9 for a in given), sum(a <= 6 for a in given)
        return Terms("nps", (float(over), float(under), float(n)), 100.0)
    mean = sum(given) / n
    return Terms("mean", (float(n), mean, sum((a - mean) ** 2 for a in given)))


def months(count: int) -> list[str]:
    return [f"{2023 + at // 12}-{at % 12 + 1:02d}" for at in range(count)]


def people_by_month(metric: str, count: int, n: int, share: float) -> Draw:
    """Months of ``n`` people each, all with one share."""
    return lambda rng: [result(metric, _hits(rng, n, share), period) for period in months(count)]


def segments_by_month(metric: str, segments: int, count: int, n: int, share: float) -> Draw:
    """Months of several segments of ``n`` people each, and all of them together."""

    def draw(rng: Random) -> list[Result]:
        found = []
        for period in months(count):
            drawn = [_hits(rng, n, share) for _ in range(segments)]
            found += [result(metric, t, period, {"Segment": f"S{at}"}) for at, t in enumerate(drawn)]
            found.append(result(metric, merged(drawn), period))
        return found

    return draw


def answers_by_month(metric: str, count: int, n: int, weights: Mapping[int, float]) -> Draw:
    """Months of ``n`` answers each, all from one distribution."""
    return lambda rng: [result(metric, _answers(rng, metric, n, weights), period) for period in months(count)]


def figures_by_month(metric: str, count: int, noise: float, **more: Any) -> Draw:
    """Months of a figure around one level, ``noise`` its standard deviation; ``last`` is a factor."""

    def draw(rng: Random) -> list[Result]:
        figures = [100 * (1 + noise * rng.gauss(0, 1)) for _ in range(count)]
        figures[-1] *= more.get("last", 1.0)
        return [result(metric, figure, period) for figure, period in zip(figures, months(count), strict=True)]

    return draw


SCORES = {10: 0.25, 9: 0.2, 8: 0.15, 7: 0.15, 6: 0.1, 3: 0.15}
EFFORT = {7: 0.2, 6: 0.2, 5: 0.2, 4: 0.2, 2: 0.2}
