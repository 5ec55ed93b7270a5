"""One dataset into results, outcomes of rules and problems: the flow that every host goes through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from metricsheet.catalog.definitions import Catalog, MetricDefinition
from metricsheet.dataset import BoundInput, Dataset, OtherRow, Problem, TakenFor, UnusedColumn
from metricsheet.errors import UsageError, did_you_mean
from metricsheet.evaluation.asked import options_of_tables, table_problems
from metricsheet.evaluation.contradictions import contradictions
from metricsheet.evaluation.currencies import currency_problems
from metricsheet.evaluation.derived import with_derived
from metricsheet.evaluation.fan_out import fan_out_problems
from metricsheet.evaluation.grid import Grid, GridCell
from metricsheet.evaluation.ledger_table import Ledgers, ledger_table
from metricsheet.evaluation.noise import with_evidence
from metricsheet.evaluation.options import FX, RunOptions
from metricsheet.evaluation.outcomes import outcomes_of
from metricsheet.evaluation.possible import exceeding_parts
from metricsheet.evaluation.prepare import prepare, prepare_one, reading_notices
from metricsheet.evaluation.result import Result
from metricsheet.evaluation.results import left_out_of, make_result, uses_of, with_trends
from metricsheet.evaluation.slices import table_rows
from metricsheet.evaluation.spans import HORIZON, stretch_of
from metricsheet.evaluation.stored_rows import StoredRows
from metricsheet.evaluation.table_rows import TableRows
from metricsheet.evaluation.targets import unused_targets
from metricsheet.evaluation.unbound import Unbound, keys_behind
from metricsheet.language.message import Message
from metricsheet.language.option import Option
from metricsheet.reading.settings import read_settings
from metricsheet.records import record, replace
from metricsheet.rules.engine.outcome import RuleOutcome
from metricsheet.rules.engine.ruleset import RuleSet

if TYPE_CHECKING:
    from metricsheet.evaluation.ledger_report import LedgerReport
    from metricsheet.evaluation.lifetime import Lifetime

_NOT_THERE = frozenset({"not_bound", "not_bound.looked_for", "not_bound.similar"})
"""Reasons for which an input is derived: nothing in the source may be its column."""


@record
class SourceResult:
    """What one dataset gave: the ``results`` and what each rule says of them, not yet in words.

    ``newest_day`` is the newest date in it, ``notices`` tell how it was read, ``tables`` what was read as
    what. ``unfit`` are the options that nothing in it can follow, as ``Problem.option`` names them.
    """

    source: str
    results: tuple[Result, ...]
    outcomes: tuple[RuleOutcome, ...]
    problems: tuple[Problem, ...]
    newest_day: float | None = None
    unfit: frozenset[Option] = frozenset()
    notices: tuple[Problem, ...] = ()
    unused: tuple[tuple[str, UnusedColumn], ...] = ()
    tables: tuple[tuple[str, TakenFor], ...] = ()
    ledgers: tuple[LedgerReport, ...] = ()
    lifetime: tuple[Lifetime, ...] = ()


def evaluate_dataset(
    catalog: Catalog,
    rules: RuleSet,
    dataset: Dataset,
    options: RunOptions,
    unbound: Unbound | None = None,
) -> SourceResult:
    """Return every metric of ``catalog`` over ``dataset``, sliced as ``options`` ask, and what the rules say.

    A metric that cannot be computed is a result with a reason. Metrics whose inputs are not all there give
    one result, not one per slice; ``unbound`` keeps them for the next source. Raises ``UsageError`` for
    options that name nothing known.
    """
    check_options(catalog, options)
    if dataset.read:
        options = replace(options, reading=read_settings(dataset.read))
    if dataset.campaigns:
        known = {one.key: one for one in (*catalog.campaigns, *dataset.campaigns)}
        catalog = replace(catalog, campaigns=tuple(sorted(known.values(), key=lambda one: one.start)))
    if options.constants:
        dataset = _with_constants(dataset, options.constants)
    metrics, judged, spoken = _asked(catalog, rules, options.only)
    ledgers, whole, table = Ledgers(dataset), dataset, ledger_table(catalog, dataset)
    if table is not None:
        from metricsheet.evaluation.ledger import ledgers_of

        ledgers = ledgers_of(catalog, dataset, table, options)
    asked_of_ledger, dataset = dataset is not ledgers.dataset, ledgers.dataset
    read = keys_behind(catalog, metrics, dataset.inputs)
    inputs, found = prepare(catalog, dataset, options, [key for key in dataset.inputs if key in read])
    found += currency_problems(catalog, dataset.source, inputs, dataset.tables)
    tables, notices = table_rows(dataset, options)
    found += fan_out_problems(dataset.source, inputs, tables)
    found += contradictions(catalog, dataset, inputs, tables.values(), options)
    inputs, tables = {**inputs, **ledgers.inputs}, {**tables, **ledgers.tables}
    found += ledgers.problems
    doubted = {key for key, reason in dataset.refused.items() if reason.key not in _NOT_THERE}
    everything = with_derived(catalog, inputs, read - doubted, {name: t.table for name, t in tables.items()})
    lifetime: tuple[Lifetime, ...] = ()
    if "lifetime" in options.also or HORIZON in options.constants:
        from metricsheet.evaluation.forecasts import MODELLED, lifetimes, modelled

        lifetime = lifetimes(catalog, whole, ledgers, tables, options)
        worth = modelled(lifetime) if HORIZON in options.constants else None
        if isinstance(worth, Message):
            dataset = replace(dataset, refused={**dataset.refused, MODELLED: worth})
        elif worth is not None:
            tables = {**tables, worth[1].table.name: worth[1]}
            made = (prepare_one(catalog, one, options) for one in worth[0] if one.key in read)
            everything |= {item.bound.key: item for item in made}
    _foresee(metrics, tables, lambda: Grid(catalog, dataset, everything, tables, options))
    grid = Grid(catalog, dataset, everything, tables, options)
    results = _results(catalog, dataset, metrics, grid, options, unbound)
    found += exceeding_parts(dataset.source, metrics, everything, tables)
    results = with_evidence(catalog, results, judged.facts_read("slice") | judged.facts_read("scorecard"))
    ledger = ledgers.reports[0] if ledgers.inputs else None
    outcomes = outcomes_of(catalog, judged, results, options, grid.newest_day, ledger)
    problems = [_of_table(dataset, problem) for problem in (*dataset.problems, *found)]
    if options.only:
        results = [result for result in results if result.metric in options.only]
        outcomes = [outcome for outcome in outcomes if outcome.rule in spoken]
        metrics = [metric for metric in metrics if metric.key in options.only]
        about = keys_behind(catalog, metrics, dataset.inputs)
        inputs = {key: item for key, item in inputs.items() if key in about}
        problems = [problem for problem in problems if _concerns(problem, about)]
    behind = {item.bound.table for item in inputs.values()}
    used = [grouped for name, grouped in tables.items() if name in behind]
    in_order = {i.bound.table for i in inputs.values() if i.definition.over_time != "sum"}
    if inputs:
        problems += table_problems(dataset, used, options, in_order)
    if options.by:
        problems += unused_targets(dataset.source, metrics, [dict(key) for key in grid.slices if key])
    unused = tuple((dataset.source, one) for one in dataset.unused if one.column not in options.by)
    # a source in which nothing was found cannot say whether an option was right
    unfit = {p.option for p in problems if p.option} | (
        set() if inputs or asked_of_ledger else options_of_tables(options)
    )
    return SourceResult(
        dataset.source,
        tuple(results),
        tuple(outcomes),
        tuple(problems),
        grid.newest_day,
        frozenset(unfit),
        (*notices, *ledgers.notices, *reading_notices(dataset.source, inputs.values())),
        unused,
        tuple((dataset.source, t.table.taken_for) for t in used if t.table.taken_for is not None),
        ledgers.reports,
        lifetime if "lifetime" in options.also else (),
    )


def _foresee(
    metrics: Sequence[MetricDefinition], tables: Mapping[str, TableRows], grid: Callable[[], Grid]
) -> None:
    """Let stored tables know what metrics are going to ask of them, so that it is answered in few scans."""
    stored = [grouped for grouped in tables.values() if isinstance(grouped, StoredRows)]
    if not stored:
        return
    with ExitStack() as asking:
        for grouped in stored:
            asking.enter_context(grouped.scan.foreseeing())
        for cell in grid().cells():
            for metric in metrics if cell.slice == () else ():
                cell.scope.answer(metric.key)
                uses_of(cell.scope, metric)


def _with_constants(dataset: Dataset, constants: Mapping[str, str]) -> Dataset:
    """Return the dataset with inputs that somebody gave one value for, whatever it holds for them."""
    given = {key: _constant(key, text) for key, text in constants.items()}
    refused = {key: why for key, why in dataset.refused.items() if key not in given}
    return replace(dataset, inputs={**dataset.inputs, **given}, refused=refused)


def _constant(key: str, text: str) -> BoundInput:
    return BoundInput(key, f"{key} = {text}", [text], text_only=True, everywhere=True)


def _of_table(dataset: Dataset, problem: Problem) -> Problem:
    """Return a problem with the table that its first input is in."""
    bound = dataset.inputs.get(problem.inputs[0]) if problem.inputs and not problem.table else None
    return replace(problem, table=bound.table) if bound is not None and bound.table else problem


def _concerns(problem: Problem, keys: frozenset[str]) -> bool:
    """Return whether a problem is about one of ``keys``, or about the source as a whole."""
    about = {*problem.inputs, *problem.metrics}
    return not about or not keys.isdisjoint(about)


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


def check_options(catalog: Catalog, options: RunOptions) -> None:
    """Raise ``UsageError`` where options name a metric, input or setting that the catalog does not have."""
    for kind, given, known in (
        ("metric", options.only, catalog.metrics),
        ("setting", options.settings, catalog.choices),
    ):
        for name in given:
            if name.startswith(FX):
                from metricsheet.evaluation.subscriptions import check_rate

                check_rate(name, options.settings[name])
            elif name not in known:
                near = [*known, *catalog.inputs] if kind == "setting" else known
                raise UsageError(Message(f"not_a.{kind}", name=name), did_you_mean(name, near))
    for key, text in options.constants.items():
        item = prepare_one(catalog, _constant(key, text), options)
        if item.refusal is not None or item.read.used != 1:
            raise UsageError(Message("no_constant", input=key, given=text))
    for condition in options.where:
        from metricsheet.evaluation.where import condition_plan  # only --where needs to read formulas

        condition_plan(condition)
    for key, value in options.settings.items():
        if key.startswith(FX):
            continue
        allowed = catalog.choices[key].one_of
        if value not in allowed:
            raise UsageError(
                Message("setting_is_one_of", setting=key, allowed=tuple(allowed), given=value),
                did_you_mean(value, allowed),
            )


def _results(
    catalog: Catalog,
    dataset: Dataset,
    metrics: Sequence[MetricDefinition],
    grid: Grid,
    options: RunOptions,
    unbound: Unbound | None,
) -> list[Result]:
    cells = grid.cells()
    if not cells:
        return []
    whole = [cell for cell in cells if cell.slice == ()]
    found: list[Result] = []
    hidden = _hidden(metrics, grid).difference(options.only)
    settings = settings_in_force(catalog, options.settings)

    def overall(metric: MetricDefinition) -> Result:
        make = _Maker(catalog, dataset.source, metric, grid, options, settings, frozenset())
        return make.result(whole[-1], overall=True)

    for metric in metrics:
        if metric.key in hidden:
            continue
        scope = whole[-1].scope
        lacking = unbound.result(metric, scope, dataset.source, overall) if unbound is not None else None
        if lacking is not None:
            found.append(lacking)
            continue
        tables = tables_behind(whole[0], metric)
        if tables is None:
            found.append(overall(metric))
            continue
        make = _Maker(catalog, dataset.source, metric, grid, options, settings, tables)
        before = len(found)
        for cell in cells:
            cut = cell.slice != () or cell.period is not None
            if cut and tables and metric.rows != "all" and not tables & cell.tables:
                continue
            if cell.slice and tables and all(grid.tables[name].unsliced for name in tables):
                continue
            found.append(make.result(cell))
        if len(found) == before:
            found.append(make.result(whole[-1], overall=True))
    return with_trends(catalog, _one_reason_per_metric(found))


def _hidden(metrics: Iterable[MetricDefinition], grid: Grid) -> set[str]:
    """Return the preferred forms that get no line of their own.

    They are the one that is there already in the place of the metric that prefers it, and those without data,
    of which a metric without a value names what they need.
    """
    found: set[str] = set()
    for metric in metrics:
        form = grid.form(metric.key)
        found.update(key for key in metric.prefer if key == form or not grid.has(key))
    return found


def tables_behind(cell: GridCell, metric: MetricDefinition) -> frozenset[str] | None:
    """Return the tables a metric's inputs are in, or ``None`` when some input is not bound at all."""
    scope = cell.scope
    tables = set()
    for key in scope.inputs_of(metric.key):
        item = scope.inputs.get(key)
        if item is None:
            return None
        if item.bound.table is not None:
            tables.add(item.bound.table)
    return frozenset(tables)


class _Maker:
    """Makes the results of one metric; what is the same in every slice and period is worked out once."""

    def __init__(
        self,
        catalog: Catalog,
        source: str,
        metric: MetricDefinition,
        grid: Grid,
        options: RunOptions,
        settings: Mapping[str, str],
        tables: frozenset[str],
    ) -> None:
        self.catalog, self.source, self.metric, self.grid = catalog, source, metric, grid
        self.options, self.settings, self.tables = options, settings, tables
        # a benchmark that is of a month, quarter or year is only compared with values of one
        self.timed = any(b.metric == metric.key and b.span is not None for b in catalog.benchmarks)
        self.left_out: tuple[OtherRow, ...] | None = None

    def result(self, cell: GridCell, *, overall: bool = False) -> Result:
        """Return the result in one slice and period; ``overall`` is one for all periods."""
        metric, scope = self.metric, cell.scope
        if self.left_out is None:
            self.left_out = left_out_of(scope, metric)
        return make_result(
            self.catalog,
            metric,
            scope.answer(metric.key),
            uses_of(scope, metric),
            source=self.source,
            slice_=dict(cell.slice),
            period=None if overall else cell.period,
            last_day=cell.last_day,
            settings=self.settings,
            coverage=None if overall else self.grid.coverage(cell.period, self.tables),
            partial=self.options.partial,
            covers=stretch_of(scope.peer(metric.rows), metric) if self.timed else None,
            left_out=self.left_out,
            table=next(iter(self.tables)) if len(self.tables) == 1 else "",
        )


def settings_in_force(catalog: Catalog, given: Mapping[str, str]) -> dict[str, str]:
    """Return every setting that has a value: as given, else its default."""
    found = {key: s.default for key, s in catalog.settings.items() if s.default is not None}
    return {**found, **given}


def _one_reason_per_metric(results: list[Result]) -> list[Result]:
    """Keep one result of a metric that fails for the same reason in every slice and period."""
    first: dict[str, Result] = {}
    differ: set[str] = set()
    for result in results:
        other = first.setdefault(result.metric, result)
        if (result.error, result.why) != (other.error, other.why):
            differ.add(result.metric)
    kept: list[Result] = []
    for result in results:
        if result.metric not in differ and (result.error or result.why is not None):
            if result is not first[result.metric]:
                continue
            whole = not result.slice and result.period is None
            kept.append(result if whole else replace(result, slice={}, period=None, coverage=None))
            continue
        kept.append(result)
    return kept
