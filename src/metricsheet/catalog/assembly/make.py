"""The files of a set of definitions, built and checked into a ``Catalog``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from metricsheet.catalog.assembly.band_checks import advise_on_targets, check_direction
from metricsheet.catalog.assembly.benchmarks import build_benchmarks, read_benchmarks, translate_benchmarks
from metricsheet.catalog.assembly.context import PARAMETERS, BuildContext
from metricsheet.catalog.assembly.examples import build_examples
from metricsheet.catalog.assembly.excel_rules import check_headers, check_names
from metricsheet.catalog.assembly.files import Pack, read_packs
from metricsheet.catalog.assembly.inputs import build_campaigns, build_inputs, build_settings
from metricsheet.catalog.assembly.merge import merge
from metricsheet.catalog.assembly.metrics import (
    derive_inputs,
    finished,
    metric_parts,
    name_metrics,
    report_circles,
)
from metricsheet.catalog.assembly.rules import build_rules, names_said
from metricsheet.catalog.assembly.tables import build_tables
from metricsheet.catalog.definitions import ROW_PARAMETERS, Catalog, MetricDefinition
from metricsheet.catalog.find import RULES_FOLDER, TRANSLATIONS_FOLDER, DefinitionFiles, built_in_definitions
from metricsheet.catalog.frozen import Frozen
from metricsheet.catalog.problems import Problems
from metricsheet.formula.plan import NameInfo
from metricsheet.language.message import Message
from metricsheet.records import record, replace
from metricsheet.source import SourceFile


@record(frozen=False)
class BuildResult:
    """A catalog, unless nothing could be read, with every problem and the packs it came from."""

    catalog: Catalog | None
    problems: Problems
    packs: Sequence[Pack] = ()
    building: BuildContext | None = None

    @property
    def sound(self) -> Catalog:
        """The definitions that can be checked further: no rule that names a broken definition."""
        catalog, building = self.catalog, self.building
        assert catalog is not None
        assert building is not None
        if not building.problems.errors:
            return catalog
        merged = building.merged
        broken = {*merged.metrics, *merged.settings} - {*catalog.metrics, *catalog.settings}
        lost = {key for key, entry in merged.rules.items() if entry.broken}
        rules = {
            key: rule
            for key, rule in catalog.rules.items()
            if broken.isdisjoint(names_said(rule)) and lost.isdisjoint(rule.replaces)
        }
        return replace(catalog, rules=Frozen(rules))

    @property
    def texts(self) -> list[tuple[str, SourceFile]]:
        """The path of every file read, and what it held."""
        files = [file for pack in self.packs for file in pack.read]
        return [(str(file.path), file.root.source) for file in files]

    @property
    def folders(self) -> list[str]:
        """The folders whose files decide what is read."""
        names = ("", RULES_FOLDER, TRANSLATIONS_FOLDER)
        return [str(pack.files.folder(name)) for pack in self.packs for name in names]


def make_catalog(files: DefinitionFiles, benchmarks: Sequence[str], *, warn: bool) -> BuildResult:
    """Return the catalog of ``files`` and everything wrong about it, warnings only where ``warn`` asks."""
    problems = Problems()
    packs = read_packs(files, problems)
    if not packs:
        return BuildResult(None, problems)
    building = BuildContext(merge(packs, problems), problems)
    metrics = _build(building, warn)
    places = [built_in_definitions(), *(pack.files for pack in packs)]
    figures = read_benchmarks(benchmarks, places, problems) if benchmarks else []
    content = [one for pack in packs for one in pack.content]
    content += [one.file.root for one in figures]
    content += [[file.language, file.root] for file in translate_benchmarks(figures, packs, problems)]
    catalog = Catalog(
        path=files.shown,
        digest=digest_of(content),
        inputs=Frozen(building.inputs),
        metrics=Frozen(metrics),
        rules=Frozen(build_rules(building)),
        settings=Frozen(building.settings),
        campaigns=build_campaigns(building),
        benchmarks=build_benchmarks(building, figures),
        currency=building.merged.currency,
        language=building.merged.language,
        tables=Frozen(build_tables(building)),
        generic=tuple(building.merged.generic),
    )
    if not building.merged.metrics:
        place = packs[-1].metrics.root.place()
        problems.error(Message("no_metrics"), place, Message("write_metrics_or_extends"))
    return BuildResult(catalog, problems, packs, building)


def _build(building: BuildContext, warn: bool) -> dict[str, MetricDefinition]:
    building.names.update(dict.fromkeys(PARAMETERS, NameInfo("parameter", "date")))
    building.names.update(dict.fromkeys(ROW_PARAMETERS, NameInfo("parameter", "number")))
    build_settings(building)
    build_inputs(building)
    name_metrics(building)
    derive_inputs(building)
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
            advise_on_targets(building, part.tables, metric.better, metric.targets)
            for written in part.tables:
                check_direction(building, written, metric.better, metric.targets)
    return metrics


SHOWN = 12
"""Characters of the digest that are shown; enough to tell any two sets of definitions apart."""


def digest_of(contents: Iterable[object]) -> str:
    """Return the first characters of the SHA-256 of ``contents``, the values of YAML files in their order.

    Comments, quotes, indentation and file names make no difference; the order of keys does, as outputs
    follow it.
    """
    import json
    from hashlib import sha256

    digest = sha256()
    for content in contents:
        digest.update(json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str).encode())
        digest.update(b"\n")
    return digest.hexdigest()[:SHOWN]
