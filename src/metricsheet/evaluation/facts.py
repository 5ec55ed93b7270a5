"""Results into the facts that rules ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from metricsheet.catalog.definitions import STAGES
from metricsheet.evaluation.reasons import reason_in
from metricsheet.evaluation.scorecard import Result
from metricsheet.values import NA_, Cell, ExcelError

_NOT_FOUND = re.compile(r"not bound: \w+(?: \(no header matches|$)")
"""The reason of a metric that nothing in the source can be; one that could be several things is another."""


def slice_facts(
    results: Iterable[Result], settings: Mapping[str, Cell], language: str = "en"
) -> dict[str, Cell]:
    """Return the facts of one slice and period: settings, and each metric that has a value with its parts.

    A metric without a value is an error that carries the reason and has no other facts, so that a rule about
    it is unknown rather than false, and can say why.
    """
    facts: dict[str, Cell] = dict(settings)
    for result in results:
        if result.value is not None:
            add_metric_facts(facts, result)
        else:
            facts[result.metric] = error_of(result, language)
    return facts


def error_of(result: Result, language: str = "en") -> ExcelError:
    """Return the reason why a result has no value as an error, without what was looked for.

    It is in ``language``, as rules pass it on to people.
    """
    code = result.error or NA_
    reason = result.reason.removeprefix(code).strip()
    return ExcelError(code, reason_in(reason.partition(" (no header matches")[0], language))


def add_metric_facts(facts: dict[str, Cell], result: Result) -> None:
    """Add the facts of one metric that has a value; parts that are not known are left out."""
    key = result.metric
    facts[key] = result.value
    facts[f"{key}.status"] = result.status
    facts[f"{key}.uncertain"] = result.uncertain
    for part, value in (("target", result.target), ("gap", result.gap), ("n", result.n)):
        if value is not None:
            facts[f"{key}.{part}"] = value
    if result.trend is not None:
        facts[f"{key}.previous"] = result.trend.previous
        facts[f"{key}.change"] = result.trend.change
        facts[f"{key}.trend"] = result.trend.direction
    if result.interval is not None:
        facts[f"{key}.low"], facts[f"{key}.high"] = result.interval


def scorecard_facts(
    results: Sequence[Result], settings: Mapping[str, Cell], language: str = "en"
) -> dict[str, Cell]:
    """Return the facts of a whole scorecard: each metric from the newest period in which it stands.

    Counts of metrics that have a value, by kind and stage; the facts of the unsliced metrics; whether there
    is a column or cell for each metric, usable or not (``tracked``); and the spread of its values over the
    slices that have one in its newest period.
    """
    newest = newest_results(results)
    whole = [r for r in newest if not r.slice and r.value is not None]
    known = whole or [r for r in newest if r.value is not None]
    facts = slice_facts([r for r in newest if not r.slice], settings, language)
    keys = {r.metric: r for r in known}
    facts["scorecard.results"] = float(len(keys))
    facts["scorecard.outcomes"] = float(sum(1 for r in keys.values() if r.kind == "outcome"))
    facts["scorecard.activities"] = float(sum(1 for r in keys.values() if r.kind == "activity"))
    for stage in STAGES:
        facts[f"scorecard.{stage}"] = float(sum(1 for r in keys.values() if r.stage == stage))
    for result in results:
        tracked = f"{result.metric}.tracked"
        facts[tracked] = facts.get(tracked) is True or not _NOT_FOUND.match(result.reason)
    by_metric: dict[str, list[Result]] = {}
    for result in newest:
        # a slice too small to judge must not become the highest or lowest
        if result.slice and result.value is not None and result.status != "low_data":
            by_metric.setdefault(result.metric, []).append(result)
    for key, slices in by_metric.items():
        compared = of_newest_period(slices)
        if len(compared) > 1:
            _add_spread(facts, key, compared)
    return facts


def of_newest_period(results: Sequence[Result]) -> list[Result]:
    """Return the results of the newest period there is among them: others say nothing about now."""
    newest = max(result.period or "" for result in results)
    return [result for result in results if (result.period or "") == newest]


def _add_spread(facts: dict[str, Cell], key: str, slices: Sequence[Result]) -> None:
    highest = max(slices, key=_value)
    lowest = min(slices, key=_value)
    facts[f"{key}.highest"], facts[f"{key}.lowest"] = highest.value, lowest.value
    facts[f"{key}.spread"] = _value(highest) - _value(lowest)
    facts[f"{key}.highest_slice"], facts[f"{key}.lowest_slice"] = slice_name(highest), slice_name(lowest)
    facts[f"{key}.slices"] = float(len(slices))


def _value(result: Result) -> float:
    assert result.value is not None
    return result.value


def slice_name(result: Result) -> str:
    """Return a slice in words: its values, ``EU, Enterprise``."""
    return ", ".join(result.slice.values())


def newest_results(results: Sequence[Result]) -> list[Result]:
    """Return for each metric and slice the result of its newest period."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], Result] = {}
    for result in results:
        key = result.metric, tuple(result.slice.items())
        held = found.get(key)
        if held is None or (result.period or "") >= (held.period or ""):
            found[key] = result
    return list(found.values())
