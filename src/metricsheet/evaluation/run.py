"""One dataset into results, findings and problems: the flow that every host goes through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from metricsheet.catalog.definitions import Catalog, MetricDefinition
from metricsheet.dataset import Dataset, Problem
from metricsheet.errors import UsageError, did_you_mean
from metricsheet.evaluation.findings import findings_of
from metricsheet.evaluation.grid import Grid, GridCell
from metricsheet.evaluation.options import Options
from metricsheet.evaluation.prepare import PreparedInput, prepare
from metricsheet.evaluation.result import Result
from metricsheet.evaluation.results import left_out_of, make_result, uses_of, with_trends
from metricsheet.evaluation.scorecard import Finding
from metricsheet.evaluation.slices import TableRows, table_rows
from metricsheet.evaluation.targets import unused_targets
from metricsheet.language.message import Message
from metricsheet.records import record, replace
from metricsheet.rules.engine.ruleset import RuleSet


@record
class Evaluated:
    """What one dataset gave; ``newest_day`` is the newest date in it, ``notices`` tell what was decided."""

    results: tuple[Result, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    newest_day: float | None = None
    notices: tuple[Problem, ...] = ()


def evaluate_dataset(catalog: Catalog, rules: RuleSet, dataset: Dataset, options: Options) -> Evaluated:
    """Return every metric of ``catalog`` over ``dataset``, sliced as ``options`` ask, and what the rules say.

    A metric that cannot be computed is a result with a reason. Metrics whose inputs are not all there give
    one result, not one per slice. Raises ``UsageError`` for options that name nothing known.
    """
    check_options(catalog, options)
    metrics, judged, spoken = _asked(catalog, rules, options.only)
    wanted = wanted_inputs(catalog, dataset)
    inputs, problems = prepare(catalog, dataset, options, wanted)
    tables, notices = table_rows(dataset, options)
    grid = Grid(catalog, dataset, inputs, tables, options)
    results = _results(catalog, dataset, metrics, grid, options)
    problems += _table_problems(dataset.source, tables, inputs, options)
    if options.by:
        problems += unused_targets(dataset.source, metrics, [dict(key) for key in grid.slices if key])
    findings = findings_of(catalog, judged, dataset.source, results, options)
    if options.only:
        results = [result for result in results if result.metric in options.only]
        findings = [finding for finding in findings if finding.rule in spoken]
    return Evaluated(
        tuple(results), tuple(findings), (*dataset.problems, *problems), grid.newest_day, tuple(notices)
    )


def _asked(
    catalog: Catalog, rules: RuleSet, only: Sequence[str]
) -> tuple[list[MetricDefinition], RuleSet, frozenset[str]]:
    """Return the metrics to compute, the rules to judge, and the keys of the rules to tell.

    Rules about the metrics asked for may read others, which must not seem to be missing.
    """
    if not only:
        return list(catalog.metrics.values()), rules, frozenset()
    judged, spoken = rules.about(only)
    others = [key for key in catalog.metrics if key in judged.metrics_read() and key not in only]
    return [catalog.metrics[key] for key in dict.fromkeys((*only, *others))], judged, spoken


def check_options(catalog: Catalog, options: Options) -> None:
    """Raise ``UsageError`` where options name a metric, input or setting that the catalog does not have."""
    for kind, given, known in (
        ("metric", options.only, catalog.metrics),
        ("input", options.scales, catalog.inputs),
        ("setting", options.settings, catalog.settings),
    ):
        for name in given:
            if name not in known:
                raise UsageError(f"{name!r} is not a {kind} of these definitions", did_you_mean(name, known))
    for key, value in options.settings.items():
        allowed = catalog.settings[key].one_of
        if value not in allowed:
            raise UsageError(
                f"{key} is one of {', '.join(allowed)}, not {value!r}", did_you_mean(value, allowed)
            )


def wanted_inputs(catalog: Catalog, dataset: Dataset) -> list[str]:
    """Return the bound keys that some metric reads: inputs, parameters, and metrics given ready-made."""
    read = {key for metric in catalog.metrics.values() for key in metric.plan.inputs}
    read |= {key for m in catalog.metrics.values() if m.sample is not None for key in m.sample.inputs}
    return [key for key in dataset.inputs if key in read or key in catalog.metrics]


def _results(
    catalog: Catalog, dataset: Dataset, metrics: Iterable[MetricDefinition], grid: Grid, options: Options
) -> list[Result]:
    cells = grid.cells()
    if not cells:
        return []
    whole = [cell for cell in cells if cell.slice == ()]
    found: list[Result] = []
    for metric in metrics:
        tables = tables_behind(whole[0], metric)
        if tables is None:
            found.append(_result(catalog, dataset, metric, whole[-1], options, overall=True))
            continue
        before = len(found)
        for cell in cells:
            cut = cell.slice != () or cell.period is not None
            if cut and tables and metric.rows != "all" and not tables & cell.tables:
                continue
            if cell.slice and tables and all(grid.tables[name].unsliced for name in tables):
                continue
            found.append(_result(catalog, dataset, metric, cell, options))
        if len(found) == before:
            found.append(_result(catalog, dataset, metric, whole[-1], options, overall=True))
    return with_trends(catalog, _one_reason_per_metric(found))


def tables_behind(cell: GridCell, metric: MetricDefinition) -> frozenset[str] | None:
    """Return the tables a metric's inputs stand in, or ``None`` when some input is not bound at all."""
    scope = cell.scope
    tables = set()
    for key in scope.inputs_of(metric.key):
        item = scope.inputs.get(key)
        if item is None:
            return None
        if item.bound.table is not None:
            tables.add(item.bound.table)
    return frozenset(tables)


def _result(
    catalog: Catalog,
    dataset: Dataset,
    metric: MetricDefinition,
    cell: GridCell,
    options: Options,
    *,
    overall: bool = False,
) -> Result:
    span = cell.scope.mixed_span(metric) if cell.period is None else None
    return make_result(
        catalog,
        metric,
        cell.scope.answer(metric.key),
        uses_of(cell.scope, metric),
        span=span,
        source=dataset.source,
        slice_=dict(cell.slice),
        period=None if overall else cell.period,
        last_day=cell.last_day,
        settings=settings_in_force(catalog, options.settings),
        language=options.language,
        left_out=left_out_of(cell.scope, metric),
    )


def settings_in_force(catalog: Catalog, given: Mapping[str, str]) -> dict[str, str]:
    """Return every setting that has a value: as given, else its default."""
    found = {key: s.default for key, s in catalog.settings.items() if s.default is not None}
    return {**found, **given}


def _one_reason_per_metric(results: list[Result]) -> list[Result]:
    """Keep one result of a metric that fails for the same reason in every slice and period."""
    reasons: dict[str, set[str]] = {}
    for result in results:
        reasons.setdefault(result.metric, set()).add("" if result.value is not None else result.reason)
    kept: list[Result] = []
    seen: set[str] = set()
    for result in results:
        always = reasons[result.metric]
        if len(always) == 1 and "" not in always:
            if result.metric in seen:
                continue
            seen.add(result.metric)
            whole = not result.slice and result.period is None
            kept.append(result if whole else replace(result, slice={}, period=None))
            continue
        kept.append(result)
    return kept


def _table_problems(
    source: str,
    tables: Mapping[str, TableRows],
    inputs: Mapping[str, PreparedInput],
    options: Options,
) -> list[Problem]:
    """Return what slicing left out: tables that cannot be sliced, rows without a segment or a date."""
    used = {item.bound.table for item in inputs.values()}
    found = _unsliced(source, [grouped for name, grouped in tables.items() if name in used])
    timed = options.period is not None or options.since is not None or options.until is not None
    for name, grouped in tables.items():
        if name not in used:
            continue
        if grouped.refusal:
            found.append(Problem(source, "cannot_slice", grouped.refusal))
        if grouped.undatable:
            code = grouped.undatable_code
            hint = "settle it with --dates dmy or mdy" if code == "ambiguous_date" else ""
            found.append(Problem(source, code, grouped.undatable, hint))
        in_order = any(
            item.definition.over_time != "sum" for item in inputs.values() if item.bound.table == name
        )
        undated = grouped.undated if timed or in_order else 0
        if undated:
            what = "1 row" if undated == 1 else f"{undated} rows"
            message = f"{what} of {name} without a readable date: in no period, and never the newest or first"
            found.append(Problem(source, "no_date", message))
    return found


def _unsliced(source: str, tables: Sequence[TableRows]) -> list[Problem]:
    """Return one problem for each header asked for that some tables do not have."""
    lacking: dict[str, list[str]] = {}
    for grouped in tables:
        if grouped.unsliced:
            lacking.setdefault(grouped.unsliced, []).append(grouped.table.name)
    found = []
    for header, names in lacking.items():
        have = "has" if len(names) == 1 else "have"
        message = f"{', '.join(names)} {have} no column {header!r}: shown as a whole"
        hint: Message | str = ""
        if len(names) == len(tables):
            headers = dict.fromkeys(one for grouped in tables for one in grouped.table.columns)
            hint = did_you_mean(header, headers) or f"--by takes one of {', '.join(headers)}"
        found.append(Problem(source, "cannot_slice", message, hint))
    return found
