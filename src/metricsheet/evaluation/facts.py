"""Results into the facts that rules ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from metricsheet.catalog.definitions import STAGES, Catalog
from metricsheet.evaluation.noise import rest_evidence, slice_name, spread_evidence
from metricsheet.evaluation.result import Result, incomplete
from metricsheet.language.message import Message
from metricsheet.precision import difference
from metricsheet.rules.engine.evidence import Evidence
from metricsheet.rules.engine.periods import PeriodFacts
from metricsheet.rules.language.facts import PAST_PARTS, REST_PARTS
from metricsheet.values import NA_, Cell, ExcelError
from metricsheet.values.folding import fold

SliceKey: TypeAlias = tuple[tuple[str, str], ...]


def slice_facts(
    results: Iterable[Result], settings: Mapping[str, Cell], whole: Mapping[str, Cell]
) -> dict[str, Cell]:
    """Return the facts of one slice and period: settings, and each metric that has a value with its parts.

    A metric without a value, or with one that rules are not made for, is an error that carries the reason and
    has no other facts, so that a rule about it is unknown rather than false, and can say why. ``whole`` are
    these errors of metrics that have no value over everything.
    """
    facts: dict[str, Cell] = dict(settings)
    for result in results:
        if not result.judged and result.coverage is not None:
            facts[result.metric] = not_judged(result)
        elif result.value is not None and result.judged:
            add_metric_facts(facts, result)
        elif result.value is not None:
            facts[result.metric] = ExcelError(NA_, result.verdict.why or "")
        elif result.slice or result.period is not None:
            facts[result.metric] = error_of(result)
        else:
            facts[result.metric] = whole[result.metric]
    return facts


def error_of(result: Result) -> ExcelError:
    """Return the reason why a result has no value as an error, without what was looked for."""
    why = result.why
    if why is not None and why.code == "not_bound":
        why = Message("not_bound", input=why.values["input"])
    return ExcelError(result.error or NA_, why or "")


def not_judged(result: Result) -> ExcelError:
    """Return the error that stands for a figure of a period that is not whole."""
    return ExcelError(NA_, incomplete(result))


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
    for part, evidence in result.evidence.items():
        facts[f"{key}.{part}"] = evidence.real
    if result.evidence:
        facts[f"{key}.run_start"] = result.evidence["run_is_real"].against
        usual = result.evidence["run_is_real"].usual
        if usual is not None:
            facts[f"{key}.usual_change"] = usual
    if result.past is not None:
        for part in PAST_PARTS:
            known = getattr(result.past, part)
            if known is not None:
                facts[f"{key}.{part}"] = known
    if result.interval is not None:
        facts[f"{key}.low"], facts[f"{key}.high"] = result.interval


def scorecard_history(
    catalog: Catalog,
    results: Sequence[Result],
    settings: Mapping[str, Cell],
    errors: Mapping[str, Cell],
    evidence: dict[str, Evidence],
) -> list[PeriodFacts]:
    """Return the facts of a whole scorecard as they were in each period, oldest first.

    ``errors`` are those of ``slice_facts``; ``evidence`` takes up what the newest facts are based on.

    Each metric is taken from the newest period in which it has a value: a survey of last quarter still
    counts this month. Facts are counts of metrics that have a value, by kind and stage; those of the
    unsliced metrics; whether there is a column or cell for a metric, usable or not (``tracked``);
    and the spread of its values over the slices that have one in its newest period.
    """
    known: dict[str, Cell] = dict(settings)
    by_period: dict[str, list[Result]] = {}
    whole: dict[str, Result] = {}
    slices: dict[str, dict[SliceKey, Result]] = {}
    headers = dict.fromkeys(name for result in results for name in result.slice)
    called = {name: _input_named(catalog, name) or name for name in headers}
    for result in results:
        tracked = f"{result.metric}.tracked"
        known[tracked] = known.get(tracked) is True or not result.not_bound
        if not result.judged:
            continue
        if result.period is None:
            _take(result, whole, slices)
        else:
            by_period.setdefault(result.period, []).append(result)
    if not by_period:
        return [(None, _scorecard_facts(catalog, called, whole, slices, known, errors, evidence))]
    history: list[PeriodFacts] = []
    for period in sorted(by_period):
        for result in by_period[period]:
            _take(result, whole, slices)
        history.append((period, _scorecard_facts(catalog, called, whole, slices, known, errors, evidence)))
    return history


def _take(result: Result, whole: dict[str, Result], slices: dict[str, dict[SliceKey, Result]]) -> None:
    if result.slice:
        slices.setdefault(result.metric, {})[tuple(result.slice.items())] = result
    else:
        whole[result.metric] = result


def _scorecard_facts(
    catalog: Catalog,
    called: Mapping[str, str],
    whole: Mapping[str, Result],
    slices: Mapping[str, Mapping[SliceKey, Result]],
    known: Mapping[str, Cell],
    errors: Mapping[str, Cell],
    evidence: dict[str, Evidence],
) -> dict[str, Cell]:
    facts = slice_facts(whole.values(), known, errors)
    evidence.clear()
    evidence.update(evidence_of(whole.values()))
    valued = {r.metric: r for r in whole.values() if r.value is not None}
    valued = valued or {r.metric: r for some in slices.values() for r in some.values() if r.value is not None}
    facts["scorecard.results"] = float(len(valued))
    facts["scorecard.outcomes"] = float(sum(1 for r in valued.values() if r.kind == "outcome"))
    facts["scorecard.activities"] = float(sum(1 for r in valued.values() if r.kind == "activity"))
    for stage in STAGES:
        facts[f"scorecard.{stage}"] = float(sum(1 for r in valued.values() if r.stage == stage))
    for key, some in slices.items():
        # a slice too small to judge must not become the highest or lowest
        usable = [r for r in some.values() if r.value is not None and r.status != "low_data"]
        compared = of_newest_period(usable) if usable else []
        if len(compared) > 1:
            _add_spread(facts, key, compared)
            # inputs by their key where their words name them, else headers
            facts[f"{key}.sliced_by"] = ", ".join(called[name] for name in compared[0].slice)
            _add_tests(facts, evidence, catalog.metrics[key].better, compared)
    return facts


def of_newest_period(results: Sequence[Result]) -> list[Result]:
    """Return the results of the newest period there is among them: others say nothing about now."""
    newest = max(result.period or "" for result in results)
    return [result for result in results if (result.period or "") == newest]


def _add_spread(facts: dict[str, Cell], key: str, slices: Sequence[Result]) -> None:
    highest = max(slices, key=_value)
    lowest = min(slices, key=_value)
    facts[f"{key}.highest"], facts[f"{key}.lowest"] = highest.value, lowest.value
    facts[f"{key}.spread"] = difference(_value(highest), _value(lowest))
    facts[f"{key}.highest_slice"], facts[f"{key}.lowest_slice"] = slice_name(highest), slice_name(lowest)
    facts[f"{key}.slices"] = float(len(slices))


def _add_tests(
    facts: dict[str, Cell], evidence: dict[str, Evidence], better: str, slices: Sequence[Result]
) -> None:
    key = slices[0].metric
    spread = spread_evidence(max(slices, key=_value), min(slices, key=_value), len(slices))
    rest = rest_evidence(better, slices)
    if spread is None or rest is None:
        nothing = ExcelError(NA_, Message("no_counts_behind", metric=key))
        facts.update({f"{key}.{part}": nothing for part in ("spread_is_real", *REST_PARTS)})
        return
    worst, beside = rest
    facts[f"{key}.worst"], facts[f"{key}.worst_slice"] = worst.value, slice_name(worst)
    facts[f"{key}.rest"] = beside.against
    for part, found in (("spread_is_real", spread), ("differs_from_rest", beside)):
        facts[f"{key}.{part}"] = found.real
        evidence[f"{key}.{part}"] = found


def _input_named(catalog: Catalog, header: str) -> str:
    """Return the input that is called like a header, ``""`` where none is."""
    wanted = _letters(header)
    for key, definition in catalog.inputs.items():
        if wanted in map(_letters, (key, *definition.label.values(), *definition.also)):
            return key
    return ""


def _letters(text: str) -> str:
    return "".join(letter for letter in fold(text) if letter.isalnum())


def evidence_of(results: Iterable[Result]) -> dict[str, Evidence]:
    """Return what the facts about changes of ``results`` are based on, by fact."""
    return {
        f"{result.metric}.{part}": one
        for result in results
        if result.judged
        for part, one in result.evidence.items()
    }


def _value(result: Result) -> float:
    assert result.value is not None
    return result.value
