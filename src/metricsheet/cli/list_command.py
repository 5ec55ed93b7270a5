"""``metricsheet list``: the active metrics, inputs or rules, and the benchmarks to choose from."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from metricsheet.catalog.definitions import STAGES, Catalog, in_language
from metricsheet.catalog.derived import with_parts
from metricsheet.cli.arguments import (
    add_definitions_option,
    command_parser,
    heading,
    load_definitions,
    named,
)
from metricsheet.language.message import Message, say
from metricsheet.language.words import term
from metricsheet.options import language_of
from metricsheet.report.columns import padded, width


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("list")
    p.add_argument("what", nargs="?", choices=("metrics", "inputs", "rules", "benchmarks"), default="metrics")
    p.add_argument("--stage", choices=("attract", "capture", "nurture", "convert", "expand"))
    add_definitions_option(p)
    return p


def run(arguments: list[str]) -> int:
    """Print the list."""
    args = parser().parse_args(arguments)
    packs: list[str] = []
    if args.what == "benchmarks":
        from metricsheet.catalog.find import known_packs

        packs = known_packs(args.metrics)
    catalog = load_definitions(args.metrics, benchmarks=packs, lang=args.lang)

    language = language_of(args.lang, catalog)
    lists = {"metrics": _metrics, "inputs": _inputs, "rules": _rules, "benchmarks": _benchmarks}
    rows = lists[args.what](catalog, args.stage, language)
    sys.stdout.write(f"{catalog.path} ({catalog.digest})\n\n")
    sys.stdout.write(_table(rows))
    counted = Message(f"{args.what}_counted", count=len(rows) - 1)
    sys.stdout.write(f"\n{say(counted, language)}\n")
    return 0


def _head(language: str, *keys: str) -> tuple[str, ...]:
    return tuple(heading(key, language) for key in keys)


def _metrics(catalog: Catalog, stage: str | None, language: str) -> list[tuple[str, ...]]:
    rows = [_head(language, "stage", "metric", "label", "kind", "unit", "inputs")]
    for name in STAGES:
        for metric in catalog.metrics.values():
            if metric.stage != name or (stage is not None and stage != name):
                continue
            needs = ", ".join((*metric.plan.inputs, *metric.plan.metrics, *metric.plan.parameters))
            label = in_language(metric.label, language)
            stage_name, kind = named(metric.stage, language), named(metric.kind, language)
            rows.append((stage_name, metric.key, label, kind, term(f"unit.{metric.unit}", language), needs))
    return rows


def _inputs(catalog: Catalog, stage: str | None, language: str) -> list[tuple[str, ...]]:
    rows = [_head(language, "input", "label", "type", "scale", "over_time", "used_by")]
    for item in catalog.inputs.values():
        users = [
            m.key
            for m in catalog.metrics.values()
            if item.key in with_parts(m.plan.inputs, catalog.inputs) and (stage is None or m.stage == stage)
        ]
        if stage is not None and not users:
            continue
        scale = str(item.scale) if item.scale is not None else ""
        rows.append(
            (item.key, in_language(item.label, language), item.type, scale, item.over_time, ", ".join(users))
        )
    return rows


def _rules(catalog: Catalog, stage: str | None, language: str) -> list[tuple[str, ...]]:
    rows = [_head(language, "stage", "rule", "severity", "finding")]
    for rule in catalog.rules.values():
        if stage is None or rule.stage == stage:
            stage_name, severity = named(rule.stage, language), named(rule.severity, language)
            rows.append((stage_name, rule.key, severity, in_language(rule.finding, language)))
    return rows


def _benchmarks(catalog: Catalog, stage: str | None, language: str) -> list[tuple[str, ...]]:
    rows = [_head(language, "pack", "metric", "benchmark", "value", "label", "as_of", "source")]
    for b in catalog.benchmarks:
        if stage is not None and catalog.metrics[b.metric].stage != stage:
            continue
        pack = Path(b.place.source.name).stem if b.place is not None else ""
        label = in_language(b.label, language) if b.label is not None else ""
        rows.append((pack, b.metric, b.name, b.text, label, b.as_of, b.source))
    return rows


def _table(rows: list[tuple[str, ...]]) -> str:
    """Return rows as aligned columns; wide East Asian letters take two cells of a terminal."""
    from metricsheet.language.letters import steady

    rows = [tuple(steady(cell, keep="") for cell in row) for row in rows]
    widths = [min(48, max(width(row[i]) for row in rows)) for i in range(len(rows[0]))]
    lines = ["  ".join(padded(cell, w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * w for w in widths))
    return "\n".join(lines) + "\n"
