"""``metricsheet explain``: what a metric, input or rule means and where that is written."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from metricsheet.cli.arguments import add_definitions_option, choose_language, command_parser, listed
from metricsheet.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from metricsheet.catalog.definitions import (
        Band,
        Catalog,
        ConditionText,
        InputDefinition,
        MetricDefinition,
        RuleDefinition,
    )


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("explain", "Say what a metric, input or rule means and where that is written.")
    p.add_argument("name", metavar="METRIC|INPUT|RULE")
    add_definitions_option(p)
    p.add_argument(
        "--benchmarks", action="append", default=[], metavar="PACK", help="benchmark pack to show figures of"
    )
    p.add_argument("--lang", metavar="LANG", help="en, ja, tr, it or de")
    return p


def run(arguments: list[str]) -> int:
    """Print the explanation."""
    args = parser().parse_args(arguments)
    from metricsheet.api import load_catalog

    catalog = load_catalog(args.metrics, benchmarks=listed(args.benchmarks))
    language = choose_language(args.lang, catalog.language)
    name = args.name
    if name in catalog.metrics:
        lines = _metric(catalog, catalog.metrics[name], language)
    elif name in catalog.inputs:
        lines = _input(catalog, catalog.inputs[name], language)
    elif name in catalog.rules:
        lines = _rule(catalog.rules[name], language)
    else:
        known = [*catalog.metrics, *catalog.inputs, *catalog.rules]
        raise UsageError(f"{name!r} is not a metric, input or rule", did_you_mean(name, known))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _field(name: str, text: object) -> str:
    return f"  {name:<12}{text}"


def _metric(catalog: Catalog, metric: MetricDefinition, language: str) -> Iterator[str]:
    from metricsheet.catalog.definitions import in_language

    yield f"{metric.key}: {in_language(metric.label, language)}"
    if metric.question is not None:
        yield _field("question", in_language(metric.question, language))
    yield _field("stage", f"{metric.stage}, {metric.kind}")
    yield _field("unit", f"{metric.unit}, better {metric.better}")
    yield _field("formula", metric.formula)
    yield _field("in Excel", f"={metric.udf}({', '.join(arguments_of(metric))})")
    for key in metric.plan.inputs:
        definition = catalog.inputs[key]
        names = ", ".join(definition.also[:6])
        yield _field("reads", f"{key}: {in_language(definition.label, language)} (also: {names})")
    for key in metric.plan.metrics:
        yield _field("uses", f"{key}: {in_language(catalog.metrics[key].label, language)}")
    yield from _bands("bands", metric.bands, language)
    for value, bands in metric.band_variants.items():
        yield from _bands(f"{metric.bands_by}={value}", bands, language)
    for target in metric.targets:
        where = ", ".join(f"{k}={v}" for k, v in target.where.items())
        since = f"since {target.since}" if target.since else ""
        yield _field("target", " ".join(p for p in (target.text, since, where) if p))
    if metric.interval is not None:
        yield _field("interval", f"95 %, {metric.interval}")
    if metric.min_sample is not None:
        yield _field("sample", f"at least {metric.min_sample}, else low_data")
    rivals = catalog.rivals.get(metric.key, ())
    if rivals:
        yield _field("rivals", ", ".join(f"{k} = {catalog.metrics[k].formula}" for k in rivals))
    if metric.note is not None:
        yield _field("note", in_language(metric.note, language))
    for benchmark in catalog.benchmarks:
        if benchmark.metric == metric.key:
            label = in_language(benchmark.label, language) if benchmark.label is not None else benchmark.name
            origin = f"{benchmark.population}; {benchmark.source}; {benchmark.as_of}"
            yield _field("benchmark", f"{label}: {benchmark.text} ({origin})")
            if benchmark.note is not None:
                yield _field("", in_language(benchmark.note, language))
    for number, example in enumerate(metric.examples, 1):
        outcome = example.error or (f"{example.value:.10g}" if example.value is not None else "")
        given = ", ".join(f"{k} = {v}" for k, v in example.given.items())
        yield _field(f"example {number}", f"{given} → {outcome} {example.status or ''}".rstrip())
    if metric.source:
        yield _field("source", metric.source)
    if metric.place is not None:
        yield _field("written at", metric.place)


def arguments_of(metric: MetricDefinition) -> tuple[str, ...]:
    """Return the arguments of the metric's Excel function: inputs, then metrics, then period days."""
    days = tuple(p for p in metric.plan.parameters if p in ("period_start", "period_end"))
    return (*metric.plan.inputs, *metric.plan.metrics, *days)


def _bands(name: str, bands: tuple[Band, ...], language: str) -> Iterator[str]:
    from metricsheet.catalog.definitions import in_language

    for band in bands:
        yield _field(name, f"{band.when}: {band.status}, {in_language(band.label, language)}")


def _input(catalog: Catalog, item: InputDefinition, language: str) -> Iterator[str]:
    from metricsheet.catalog.definitions import in_language

    yield f"{item.key}: {in_language(item.label, language)}"
    yield _field("type", item.type)
    if item.scale is not None:
        whole = ", whole numbers" if item.scale.whole else ""
        yield _field("scale", f"{item.scale}{whole}; outside it: {item.outside}")
    yield _field("over time", item.over_time)
    yield _field("headers", ", ".join((*dict.fromkeys(item.label.values()), *item.also)))
    users = [m.key for m in catalog.metrics.values() if item.key in m.plan.inputs]
    yield _field("used by", ", ".join(users))
    if item.place is not None:
        yield _field("written at", item.place)


def _rule(rule: RuleDefinition, language: str) -> Iterator[str]:
    from metricsheet.catalog.definitions import in_language

    yield f"{rule.key}: {rule.severity}, {rule.stage}"
    for condition in rule.when:
        yield _field("when", _condition(condition))
    if rule.for_periods > 1:
        yield _field("for", f"{rule.for_periods} periods in a row")
    for condition in rule.unless:
        yield _field("unless", _condition(condition))
    if rule.replaces:
        yield _field("replaces", ", ".join(rule.replaces))
    yield _field("finding", in_language(rule.finding, language))
    for advice in sorted(rule.recommend, key=lambda r: r.priority):
        yield _field("do", in_language(advice.text, language))
    if rule.source:
        yield _field("source", rule.source)
    if rule.place is not None:
        yield _field("written at", rule.place)


def _condition(condition: ConditionText) -> str:
    if condition.any_of:
        return " or ".join(_condition(c) for c in condition.any_of)
    return condition.text
