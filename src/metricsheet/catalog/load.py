"""Definition files into a checked ``Catalog``, or all that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from metricsheet.catalog.bands_check import check_direction
from metricsheet.catalog.build import PARAMETERS, Building
from metricsheet.catalog.build_benchmarks import build_benchmarks, read_benchmarks
from metricsheet.catalog.build_inputs import build_inputs, build_settings
from metricsheet.catalog.build_metrics import finished, metric_parts, name_metrics, report_circles
from metricsheet.catalog.build_rules import build_rules, names_said
from metricsheet.catalog.check_examples import build_examples
from metricsheet.catalog.check_names import check_headers, check_names
from metricsheet.catalog.definitions import Catalog, MetricDefinition
from metricsheet.catalog.digest import digest_of
from metricsheet.catalog.find import built_in_definitions, find_definitions
from metricsheet.catalog.frozen import Frozen
from metricsheet.catalog.merge import merge
from metricsheet.catalog.packs import read_packs
from metricsheet.catalog.problems import Problems
from metricsheet.catalog.translations import missing_translations
from metricsheet.errors import DefinitionError, Diagnostic
from metricsheet.formula.names import NameInfo

__all__ = ["check_catalog", "find_definitions", "load_catalog", "missing_translations"]

Check: TypeAlias = Callable[[Catalog], Iterable[Diagnostic]]
"""A further check of definitions, such as compiling the rules; see ``check_catalog``."""


def load_catalog(
    path: Path | str | None = None,
    *,
    benchmarks: Sequence[str] = (),
    start: Path | None = None,
    checks: Sequence[Check] = (),
) -> Catalog:
    """Return the definitions in force (see ``find_definitions``), with the benchmark packs asked for.

    Raises ``DefinitionError`` with every error of every file.
    """
    catalog, problems = _load(path, benchmarks, start, checks, warn=False)
    errors = problems.in_order("error")
    if catalog is None or errors:
        raise DefinitionError(errors)
    return catalog


def check_catalog(
    path: Path | str | None = None,
    *,
    benchmarks: Sequence[str] = (),
    start: Path | None = None,
    checks: Sequence[Check] = (),
) -> tuple[Catalog | None, tuple[Diagnostic, ...]]:
    """Return the definitions in force and every problem, warnings too; no definitions when there is an error.

    ``checks`` are run on the definitions that are sound by themselves, also when others have errors, so that
    all problems show in one run; rules that name a broken definition are left out.
    """
    catalog, problems = _load(path, benchmarks, start, checks, warn=True)
    found = problems.in_order()
    return (None if problems.errors else catalog), found


def _load(
    path: Path | str | None,
    benchmarks: Sequence[str],
    start: Path | None,
    checks: Sequence[Check],
    warn: bool,
) -> tuple[Catalog | None, Problems]:
    problems = Problems()
    try:
        files = find_definitions(path, start)
    except FileNotFoundError as error:
        message = f"expected a definition file, found none at {error.args[0]}"
        problems.found.append(Diagnostic("file_not_found", message, None, "metricsheet init writes one"))
        return None, problems
    packs = read_packs(files, problems)
    if not packs:
        return None, problems
    building = Building(merge(packs, problems), problems)
    metrics = _build(building, warn)
    places = [built_in_definitions(), *(pack.files for pack in packs)]
    figures = read_benchmarks(benchmarks, places, problems) if benchmarks else []
    content = [file.root for pack in packs for file in (pack.metrics, *pack.rules)]
    catalog = Catalog(
        path=files.shown,
        digest=digest_of([*content, *(file.root for file in figures)]),
        inputs=Frozen(building.inputs),
        metrics=Frozen(metrics),
        rules=Frozen(build_rules(building)),
        settings=Frozen(building.settings),
        benchmarks=build_benchmarks(building, figures),
        currency=building.merged.currency,
        language=building.merged.language,
    )
    if not building.merged.metrics:
        hint = "write metrics:, or extends: builtin"
        problems.error("no_metrics", "expected metrics, found none", packs[-1].metrics.root.place(), hint)
    _run(checks, catalog, building)
    return catalog, problems


def _build(building: Building, warn: bool) -> dict[str, MetricDefinition]:
    building.names.update(dict.fromkeys(PARAMETERS, NameInfo("parameter", "date")))
    build_settings(building)
    build_inputs(building)
    name_metrics(building)
    parts = metric_parts(building)
    stuck = report_circles(building, parts)
    check_names(building, parts)
    if warn:
        check_headers(building, parts)
    metrics: dict[str, MetricDefinition] = {}
    for key, part in parts.items():
        examples = build_examples(building, part, parts)
        if part.plan is None or key in stuck or part.entry.broken:
            continue
        metric = metrics[key] = finished(part, examples)
        if warn:
            check_direction(building, metric.bands, metric.better, metric.targets)
            for bands in metric.band_variants.values():
                check_direction(building, bands, metric.better, ())
    return metrics


def _run(checks: Sequence[Check], catalog: Catalog, building: Building) -> None:
    """Run further checks on the sound part of ``catalog``, without rules that name a broken definition."""
    if checks and building.problems.errors:
        merged = building.merged
        broken = {*merged.metrics, *merged.settings} - {*catalog.metrics, *catalog.settings}
        lost = {key for key, entry in merged.rules.items() if entry.broken}
        rules = {
            key: rule
            for key, rule in catalog.rules.items()
            if broken.isdisjoint(names_said(rule)) and lost.isdisjoint(rule.replaces)
        }
        catalog = replace(catalog, rules=Frozen(rules))
    for check in checks:
        building.problems.extend(list(check(catalog)))
