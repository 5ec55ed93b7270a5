"""``metricsheet explain``: what a metric, input, rule or kind of table means and where that is written."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from metricsheet.catalog.bands_in_force import bands_to_show
from metricsheet.catalog.definitions import (
    Band,
    BandDefinition,
    Catalog,
    ConditionText,
    InputDefinition,
    MetricDefinition,
    RuleDefinition,
    in_language,
)
from metricsheet.catalog.named import Named, find_key
from metricsheet.catalog.table_kinds import HeaderWord, TableKind
from metricsheet.cli.arguments import (
    add_definitions_option,
    add_repeated_option,
    command_parser,
    heading,
    listed,
    load_definitions,
    named,
    pairs,
)
from metricsheet.errors import UsageError
from metricsheet.evaluation.status import target_for
from metricsheet.language.message import Message
from metricsheet.language.words import labelled, term
from metricsheet.options import language_of
from metricsheet.report.style import TextStyle, stream_width
from metricsheet.report.text.page import Page
from metricsheet.report.wording import when_said

Lines: TypeAlias = Iterator[tuple[str, str]]
"""Labels and what they label; an empty label goes on with the one before."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("explain")
    p.add_argument("name", nargs="+", metavar="NAME")
    add_definitions_option(p)
    add_repeated_option(p, "--benchmarks", "PACK")
    add_repeated_option(p, "--set", "SETTING=VALUE")
    return p


def run(arguments: list[str]) -> int:
    """Print the explanation."""
    args = parser().parse_args(arguments)

    catalog = load_definitions(args.metrics, benchmarks=listed(args.benchmarks), lang=args.lang)

    language = language_of(args.lang, catalog)
    if args.name[0] == "customer" and len(args.name) > 2:
        return _customer(args, catalog, language)
    tables, asked = args.name[0] == "table" and len(args.name) > 1, args.name
    if tables:
        name = find_key(" ".join(asked[1:]), [catalog.tables], "not_a.kind")
    else:
        known: list[Named] = [catalog.metrics, catalog.inputs, catalog.rules, catalog.tables]
        name = find_key(" ".join(asked), known, "not_a.metric_input_rule_or_kind")
    if tables or name not in {*catalog.metrics, *catalog.inputs, *catalog.rules}:
        kind = catalog.tables[name]
        title = in_language(kind.row, language)
        lines = _table(kind, language)
    elif name in catalog.metrics:
        title = in_language(catalog.metrics[name].label, language)
        lines = _metric(catalog, catalog.metrics[name], language)
    elif name in catalog.inputs:
        title = in_language(catalog.inputs[name].label, language)
        lines = _input(catalog, catalog.inputs[name], language)
    else:
        rule = catalog.rules[name]
        title = f"{named(rule.severity, language)}, {named(rule.stage, language)}"
        lines = _rule(rule, language)
    page = _page()
    page.line(labelled(name, title, language))
    rows: list[tuple[str, str]] = []
    before = ""
    for label, text in lines:
        if text:
            rows.append(("" if label == before else label, text))
            before = label or before
    page.labelled(rows, indent=2)
    sys.stdout.write(page.text())
    return 0


def _page() -> Page:
    return Page(TextStyle(width=stream_width(sys.stdout), encoding=sys.stdout.encoding or "utf-8"))


def _customer(args: argparse.Namespace, catalog: Catalog, language: str) -> int:
    """Print what a customer pays from day to day."""
    from metricsheet.api import customer_over_time
    from metricsheet.language.numbers import NumberFormat
    from metricsheet.values.dates import from_serial

    *name, file = args.name[1:]
    customer = " ".join(name)
    times = customer_over_time(Path(file), customer, metrics=catalog, settings=pairs("--set", args.set))
    if not times:
        raise UsageError(Message("no_such_customer", customer=customer, source=file))
    page, rows = _page(), []
    for time in times:
        first, last = (
            f"{from_serial(day):%Y-%m-%d}" if day is not None else "" for day in (time.first, time.last)
        )
        money = NumberFormat("money", time.currency or catalog.currency, language, decimals=2)
        text = f"{money.value(time.amount)}  {', '.join(time.rows)}".rstrip()
        rows.append((f"{first} – {last}".rstrip(), text))
    page.line(
        f"{customer}: {in_language(catalog.metrics['mrr'].label, language)}"
        if "mrr" in catalog.metrics
        else customer
    )
    page.labelled(rows, indent=2)
    sys.stdout.write(page.text())
    return 0


def _metric(catalog: Catalog, metric: MetricDefinition, language: str) -> Lines:
    if metric.question is not None:
        yield heading("question", language), in_language(metric.question, language)
    yield heading("stage", language), f"{named(metric.stage, language)}, {named(metric.kind, language)}"
    unit = f"unit.{metric.unit}"
    yield heading("unit", language), f"{term(unit, language)}, {term(metric.better, language)}"
    yield heading("formula", language), metric.formula
    arguments = (catalog.argument_name(metric, key) for key in catalog.arguments_of(metric))
    yield heading("excel_function", language), f"={metric.udf}({', '.join(arguments)})"
    for key in metric.plan.inputs:
        definition = catalog.inputs[key]
        names = ", ".join(definition.also[:6])
        also = f" ({labelled(heading('also', language), names, language)})" if names else ""
        yield (
            heading("reads", language),
            labelled(key, in_language(definition.label, language) + also, language),
        )
    for key in metric.plan.metrics:
        yield (
            heading("uses", language),
            labelled(key, in_language(catalog.metrics[key].label, language), language),
        )
    if metric.possible is not None:
        yield heading("possible", language), metric.possible.text
    if metric.span != "any":
        yield heading("span", language), heading(f"span_{metric.span}", language)
    if metric.paired:
        yield heading("rows", language), heading("rows_paired", language)
    for key in metric.prefer:
        yield (
            heading("prefers", language),
            labelled(key, in_language(catalog.metrics[key].label, language), language),
        )
    in_force = target_for(metric, {}, None, None)
    yield from _bands("", bands_to_show(metric.bands, metric.better, in_force), metric, catalog, language)
    for value, written in metric.band_variants.items():
        bands = bands_to_show(written, metric.better, in_force)
        yield from _bands(f"{metric.bands_by} = {value}: ", bands, metric, catalog, language)
    for target in metric.targets:
        where = ", ".join(f"{k}={v}" for k, v in target.where.items())
        since = heading("since", language, day=target.since) if target.since else ""
        yield heading("target", language), " ".join(part for part in (target.text, since, where) if part)
    if metric.judged_over is not None:
        yield heading("judged_over", language), heading(f"over_{metric.judged_over}", language)
    if metric.interval is not None:
        yield heading("interval", language), metric.interval
    if metric.min_sample is not None:
        yield heading("min_sample", language), heading("at_least", language, count=metric.min_sample)
    for key in catalog.rivals.get(metric.key, ()):
        yield heading("other_definition", language), f"{key} = {catalog.metrics[key].formula}"
    if metric.note is not None:
        yield heading("note", language), in_language(metric.note, language)
    yield from _benchmarks(catalog, metric, language)
    for number, example in enumerate(metric.examples, 1):
        outcome = example.error or (f"{example.value:.10g}" if example.value is not None else "")
        given = ", ".join(f"{key} = {_given(value)}" for key, value in example.given.items())
        settings = "".join(f", {key} = {value}" for key, value in example.settings.items())
        shown = f"{given}{settings} → {outcome} {example.status or ''}".rstrip()
        yield f"{heading('example', language)} {number}", shown
    yield heading("source", language), metric.source
    yield heading("written_at", language), str(metric.place or "")


def _given(value: object) -> str:
    """Return the cells of an example as they are written in YAML."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_given, value))}]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _bands(
    before: str,
    bands: tuple[Band | BandDefinition, ...],
    metric: MetricDefinition,
    catalog: Catalog,
    language: str,
) -> Lines:
    for band in bands:
        when = when_said(band.when, metric, catalog.currency, language)
        status = band.status if language == "en" else term(band.status, language)
        said = labelled(when, f"{status}, {in_language(band.label, language)}", language)
        yield heading("bands", language), before + said


def _benchmarks(catalog: Catalog, metric: MetricDefinition, language: str) -> Lines:
    for benchmark in catalog.benchmarks:
        if benchmark.metric == metric.key:
            label = in_language(benchmark.label, language) if benchmark.label is not None else benchmark.name
            origin = f"{benchmark.population}; {benchmark.source}; {benchmark.as_of}"
            if benchmark.span is not None:
                span = term(f"grain.{benchmark.span}", language)
                origin = f"{labelled(heading('span', language), span, language)}; {origin}"
            yield heading("benchmark", language), f"{label}: {benchmark.text} ({origin})"
            if benchmark.note is not None:
                yield "", in_language(benchmark.note, language)


def _input(catalog: Catalog, item: InputDefinition, language: str) -> Lines:
    if item.description is not None:
        yield heading("note", language), in_language(item.description, language)
    yield heading("type", language), item.type
    if item.scale is not None:
        whole = f", {heading('whole', language)}" if item.scale.whole else ""
        outside = heading("outside", language, what=item.outside)
        yield heading("scale", language), f"{item.scale}{whole}; {outside}"
    yield heading("over_time", language), item.over_time
    if item.derived is not None:
        yield heading("derived", language), item.derived.text
    yield heading("headers", language), ", ".join(dict.fromkeys((*item.label.values(), *item.also)))
    users = [m.key for m in catalog.metrics.values() if item.key in m.plan.inputs]
    users += [other.key for other in catalog.inputs.values() if item.key in other.parts]
    yield heading("used_by", language), ", ".join(users)
    yield heading("written_at", language), str(item.place or "")


def _rule(rule: RuleDefinition, language: str) -> Lines:
    for condition in rule.when:
        yield heading("when", language), _condition(condition)
    if rule.for_periods > 1:
        yield heading("for", language), heading("periods", language, count=rule.for_periods)
    if rule.keep:
        yield heading("keep", language), heading("kept", language, count=rule.keep)
    for condition in rule.unless:
        yield heading("unless", language), _condition(condition)
    if rule.scope == "scorecard":
        yield heading("scope", language), heading("scorecard", language)
    yield heading("replaces", language), ", ".join(rule.replaces)
    yield heading("finding", language), in_language(rule.finding, language)
    for number, advice in enumerate(sorted(rule.recommend, key=lambda r: r.priority), 1):
        yield heading("do_first", language), f"{number}. {in_language(advice.text, language)}"
    yield heading("source", language), rule.source
    yield heading("written_at", language), str(rule.place or "")


def _table(kind: TableKind, language: str) -> Lines:
    for line in kind.needs:
        yield heading("needs", language), " | ".join(line)
    for label, headers in (("columns", kind.columns), ("signs", kind.signs)):
        for name, words in headers.items():
            yield heading(label, language), f"{name}: {', '.join(map(_header, words))}{_files(words)}"
    yield heading("one", language), kind.one
    yield heading("id", language), ", ".join(kind.id)
    for status in kind.status:
        yield heading("status_not", language), f"{status.column}: {', '.join(status.words)}"
    yield heading("may_hold", language), ", ".join(kind.may_hold)
    for number, example in enumerate(kind.examples, 1):
        meant = ", ".join(f"{key}: {header}" for key, header in example.meant.items())
        yield f"{heading('example', language)} {number}", f"{', '.join(example.headers)} → {meant}"
    yield heading("written_at", language), str(kind.place or "")


def _header(word: HeaderWord) -> str:
    if word.beside:
        return f"{word.text} {{with: {word.beside}}}"
    return f"{word.text} {{if: {word.column}, is: {word.says}}}" if word.column else word.text


def _files(words: Sequence[HeaderWord]) -> str:
    """Return the first line of each file that the headers are from."""
    places: dict[str, int] = {}
    for word in words:
        if word.place is not None:
            places.setdefault(word.place.source.name, word.place.line)
    return f" ({', '.join(f'{file}:{line}' for file, line in places.items())})" if places else ""


def _condition(condition: ConditionText) -> str:
    if condition.any_of:
        return f"any: {' | '.join(_condition(part) for part in condition.any_of)}"
    return condition.text
