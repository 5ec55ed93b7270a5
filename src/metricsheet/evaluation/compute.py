"""One metric over one slice: its value or the error with its reason, n and interval."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from metricsheet.catalog.definitions import Catalog, MetricDefinition, RowsInTime
from metricsheet.engines.cells import CellsEngine
from metricsheet.engines.columns import Column
from metricsheet.engines.selection import Selection
from metricsheet.engines.sql.column import ScannedEngine
from metricsheet.evaluation.currencies import currencies_in, one_of_figure, units_of_figure
from metricsheet.evaluation.derived import parts_behind
from metricsheet.evaluation.finished import as_number, criteria_of, inputs_in, of_metric, total
from metricsheet.evaluation.intervals import Moments, Terms
from metricsheet.evaluation.pairing import joined, no_row_has_all, rows_used
from metricsheet.evaluation.possible import not_possible
from metricsheet.evaluation.prepare import PreparedInput, answers_unfit
from metricsheet.evaluation.result import Claim, InputUse, RowPeriods
from metricsheet.evaluation.row_periods import RowSpan, span_of
from metricsheet.evaluation.spans import HORIZON, Answer, Asker, Surroundings, periods_behind, year_of
from metricsheet.formula.ast import Node
from metricsheet.formula.finish import finish
from metricsheet.formula.plan import Plan, Primitive
from metricsheet.language.message import Message
from metricsheet.precision import in_15_digits
from metricsheet.records import replace
from metricsheet.values import Cell, ExcelError


class SliceScope:
    """Everything metrics can ask about one slice: columns, parameters, and other metrics of the slice.

    ``rows`` maps an input to its rows in the slice (``None`` for all of them); ``refusals`` maps an input to
    the error that is in its place. Metrics are computed once and shared. ``context`` says what is known
    of the slice besides its rows.
    """

    def __init__(
        self,
        catalog: Catalog,
        inputs: Mapping[str, PreparedInput],
        rows: Mapping[str, Sequence[int] | Selection | None],
        dates: Mapping[str, Column],
        refusals: Mapping[str, ExcelError],
        parameters: Mapping[str, Cell],
        context: Surroundings | None = None,
    ) -> None:
        self.catalog = catalog
        self.inputs = inputs
        self.rows = rows
        self.refusals = refusals
        self.parameters = parameters
        self.dates = dates
        self.context = context or Surroundings()
        self.answers: dict[str, Answer] = {}
        self.uses: dict[str, InputUse] = {}
        self.peers: Callable[[RowsInTime], SliceScope] | None = None
        columns = {
            key: item.column if rows.get(key) is None else item.column.take(rows[key] or ())
            for key, item in inputs.items()
            if key not in refusals
        }
        self.columns = columns
        over_time = {key: item.definition.over_time for key, item in inputs.items()}
        self.engine = engine_over(columns, over_time, dates)
        self._currencies: dict[str, frozenset[str]] = {}
        self._periods: dict[int, RowPeriods] = {}

    def answer(self, key: str) -> Answer:
        """Return the metric's outcome over this slice."""
        found = self.answers.get(key)
        if found is None:
            metric = self.catalog.metrics[key]
            peer = self if self._lacks_first(metric) else self.peer(metric.rows)
            found = self._in_currency(metric) if peer is self else peer.answer(key)
            self.answers[key] = found
        return found

    def _lacks_first(self, metric: MetricDefinition) -> bool:
        """Return whether the first input of a metric is nowhere: then it is missing from any rows alike."""
        first = metric.plan.inputs[0] if metric.plan.inputs else None
        nowhere = first in self.refusals and self.inputs.keys().isdisjoint((first, metric.key))
        return nowhere and self.context.form(metric.key) == metric.key

    def _in_currency(self, metric: MetricDefinition) -> Answer:
        """Return the metric's outcome with its currency; amounts in two currencies or units have none."""
        found = self._answer(metric)
        if isinstance(found.value, ExcelError):
            return found
        keys = self.inputs_of(metric.key)
        behind = {key: item for key in keys if (item := self.inputs.get(key)) and not item.derived_from}
        amounts = [item.bound.key for item in behind.values() if item.definition.unit == "money"]
        worths = {item.bound.key: item.worths_in(self.rows.get(key)) for key, item in behind.items()}
        mixed = units_of_figure(worths, amounts)
        currency = mixed or one_of_figure(map(self._currencies_of, amounts))
        if isinstance(currency, ExcelError):
            return Answer(currency)
        return replace(found, currency=currency) if currency else found

    def _currencies_of(self, key: str) -> frozenset[str]:
        """Return the currencies of the amounts of an input in this slice."""
        found = self._currencies.get(key)
        if found is None:
            found = self._currencies[key] = currencies_in(self.inputs[key], self.rows.get(key))
        return found

    def peer(self, rows: RowsInTime) -> SliceScope:
        """Return the scope of the same slice and period that has the rows a metric asks for."""
        return self if self.peers is None else self.peers(rows)

    def name(self, name: str) -> Cell:
        """Return a parameter, setting or other metric by name (asked for by the formula evaluator)."""
        if name in self.parameters:
            return self.parameters[name]
        metric = self.catalog.metrics.get(name)
        if metric is not None:
            value = self.answer(name).value
            if isinstance(value, ExcelError):
                return ExcelError(value.code, of_metric(name, value.reason))
            return value
        if name in self.catalog.settings:
            return ExcelError("#N/A", Message("setting_not_given", setting=name))
        return ExcelError("#N/A", Message("period_not_given", parameter=name))

    def primitive(self, primitive: Primitive, criteria: tuple[Cell, ...]) -> Cell | tuple[float, ...]:
        """Return a primitive over this slice's columns (asked for by the formula evaluator).

        The total of an average or a rate that was derived is its formula over the totals of its parts.
        """
        item = self.inputs.get(primitive.columns[0]) if primitive.kind == "total" else None
        if item is not None and item.derived_from and not item.definition.additive:
            plan, key = item.definition.derived, item.bound.key
            assert plan is not None
            parts = parts_behind([key], self.inputs)
            return finish(plan.residual, plan, self._of_rows(parts, parts, self.columns[key].numbered()))
        return self.engine.primitive(primitive, criteria)

    def inputs_of(self, key: str) -> list[str]:
        """Return the inputs a metric reads, through other metrics as well, in the order they are met."""
        reads = self.context.reads
        if reads is not None and key in reads:
            return reads[key]
        found: dict[str, None] = {}
        stack = [key]
        while stack:
            current = self.context.form(stack.pop(0))
            metric = self.catalog.metrics.get(current)
            if current in self.inputs or metric is None:
                found[current] = None
                continue
            found.update(dict.fromkeys(metric.plan.inputs))
            stack += metric.plan.metrics
        inputs = parts_behind(found, self.inputs)
        if reads is not None:
            reads[key] = inputs
        return inputs

    def use_of(self, key: str) -> InputUse:
        """Return how the cells of an input were used in this slice."""
        found = self.uses.get(key)
        if found is None:
            found = self.uses[key] = self.inputs[key].use_in(self.rows.get(key))
        return found

    def _answer(self, metric: MetricDefinition) -> Answer:
        form = self.context.form(metric.key)
        if form != metric.key:
            found = self.answer(form)
            return replace(found, taken=found.taken or form)
        given = metric.key in self.inputs
        trouble = self._given_error(metric.key) if given else self._trouble(metric.plan)
        if trouble is not None:
            return Answer(trouble)
        claim: Claim | None = None
        if metric.span in ("row_period", "chained"):
            span = periods_behind(self, metric)
            if isinstance(span, RowSpan):
                return self._chained(metric, span)
            trouble = span
        elif metric.span == "year" and not given:
            year = year_of(self, metric)
            claim, trouble = (None, year) if isinstance(year, ExcelError) else (year, None)
        elif metric.span == "cohort" and self.context.period is not None:
            claim = Claim("cohort")
        elif metric.span == "horizon" and HORIZON in self.columns:
            stated = sorted(self.columns[HORIZON].different)
            claim = Claim("horizon", scale=", ".join(f"{months:.15g}" for months in stated))
        if trouble is None and not given:
            trouble = self._stock_without_dates(metric) or self._several_rows_of_one(metric)
        if trouble is not None:
            return Answer(trouble)
        return self._given(metric) if given else self._computed(metric, claim)

    def _computed(self, metric: MetricDefinition, claim: Claim | None) -> Answer:
        found = rows_used(self, metric)
        if found is None:
            return self._finished(metric, claim)
        used, rows = found
        if not used.rows:
            return Answer(no_row_has_all(used))
        scope = (
            self
            if used.rows == used.of or not metric.paired
            else self._of_rows(self._read_by(metric), used.inputs, rows)
        )
        return replace(scope._finished(metric, claim), used=used)

    def _read_by(self, metric: MetricDefinition) -> Iterable[str]:
        """Return the inputs that a metric and its sample read."""
        sample = metric.sample.inputs if metric.sample is not None else ()
        return dict.fromkeys((*self.inputs_of(metric.key), *sample))

    def _of_rows(
        self, read: Iterable[str], keys: Iterable[str], places: Sequence[int] | Selection
    ) -> SliceScope:
        """Return the scope of the inputs ``read`` that has only the rows at ``places`` of ``keys``.

        The other metrics that a formula names are those of this scope.
        """
        rows, dates = dict(self.rows), dict(self.dates)
        for key in keys:
            rows[key] = _among(self.rows.get(key), places)
            if key in dates:
                dates[key] = dates[key].take(places)
        inputs = {key: self.inputs[key] for key in read if key in self.inputs}
        scope = SliceScope(self.catalog, inputs, rows, dates, self.refusals, self.parameters, self.context)
        scope.peers = self.peer
        return scope

    def _finished(self, metric: MetricDefinition, claim: Claim | None) -> Answer:
        plan, asker = metric.plan, Asker(self, metric)
        value = as_number(finish(plan.residual, plan, asker))
        if not isinstance(value, ExcelError):
            value = not_possible(self, metric, value) or value
        if isinstance(value, ExcelError):
            n, unit, periods = self._n(metric, None, "")
            return Answer(value, n, n_unit=unit, periods=periods)
        rate = self.context.rates.get(metric.key)
        if rate is not None:
            return Answer(value, rate.n, rate.interval, n_unit="customers_at_start", few=rate.few)
        base, counted, terms = self._terms(metric, plan)
        n, unit, periods = self._n(metric, base, counted)
        claim = claim or asker.claim or self._other_scale(plan)
        interval = terms.interval if terms is not None else None
        kept = terms if interval else None
        return Answer(value, n, interval, claim, n_unit=unit, periods=periods, terms=kept)

    def _given(self, metric: MetricDefinition) -> Answer:
        """Return a metric that the workbook holds ready-made; it has no interval of ours."""
        value = as_number(self.engine.primitive(total(metric.key), ()))
        if not isinstance(value, ExcelError):
            value = not_possible(self, metric, value) or value
        return Answer(value)

    def _given_error(self, key: str) -> ExcelError | None:
        """Return why a column of finished figures cannot be used, or ``None``."""
        if key in self.refusals:
            return self.refusals[key]
        return self._error_in(key) or self._empty(key) or self._not_additive(key)

    def _chained(self, metric: MetricDefinition, span: RowSpan) -> Answer:
        """Return the product of a metric's periods; of shares that are lost, of what each leaves.

        ``n`` is the smallest number of people in a period, or all rows. A period without a value leaves none
        for all of them.
        """
        lost = metric.better == "lower"
        product = 1.0
        counts = []
        used = []
        unit = ""
        for start in span.starts:
            answer = self._between(*span.bounds(start)).answer(metric.key)
            if isinstance(answer.value, ExcelError):
                return Answer(answer.value)
            product *= 1 - answer.value if lost else answer.value
            counts.append(answer.n)
            used.append(answer.used)
            unit = answer.n_unit
        known = [count for count in counts if count is not None]
        of_rows = answer.periods is not None
        n = (sum(known) if of_rows else min(known)) if known else None
        claim = Claim("chained", span.periods, span.grain)
        periods = RowPeriods(span.periods, span.grain) if of_rows else None
        value = 1 - product if lost else product
        return Answer(value, n, None, claim, n_unit=unit, periods=periods, used=joined(used))

    def _between(self, first: float, last: float) -> SliceScope:
        """Return the scope of the rows dated on the days ``first`` to ``last``; those without dates stay."""
        rows: dict[str, Sequence[int] | Selection | None] = dict(self.rows)
        dates: dict[str, Column] = {}
        for key, column in self.dates.items():
            inside = column.between(first, last)
            rows[key] = _among(self.rows.get(key), inside)
            dates[key] = column.take(inside)
        return SliceScope(
            self.catalog, self.inputs, rows, dates, self.refusals, self.parameters, self.context
        )

    def _trouble(self, plan: Plan) -> ExcelError | None:
        """Return why the plan's inputs cannot be used together, or ``None``."""
        for key in plan.inputs:
            if key in self.refusals:
                return self.refusals[key]
        for key in plan.inputs:
            if key not in self.inputs:
                return ExcelError("#N/A", Message("not_bound", input=key))
        for name in criteria_of(plan):
            # an error used as a criterion would match nothing and count as zero
            parameter = self.name(name)
            if isinstance(parameter, ExcelError):
                return parameter
        for group in plan.aligned:
            apart = self._not_aligned(sorted(group))
            if apart is not None:
                return apart
        for key in plan.inputs:
            unfit = answers_unfit(self.inputs[key], plan, self.columns[key], self.rows.get(key))
            if unfit is not None:
                return unfit
        for key in plan.inputs:
            stopped = self._error_in(key) or self._empty(key)
            if stopped is not None:
                return stopped
        for key in plan.inputs:
            item = self.inputs[key]
            if key in plan.totals and not item.definition.additive and not item.derived_from:
                several = self._not_additive(key)
                if several is not None:
                    return several
        return None

    def _other_scale(self, plan: Plan) -> Claim | None:
        """Return what a value over answers on another scale than the declared one claims, or ``None``."""
        for key in plan.inputs:
            scale = self.inputs[key].read.scale
            if scale is not None:
                return Claim("other_scale", scale=str(scale))
        return None

    def _not_additive(self, key: str) -> ExcelError | None:
        """Return why an average or ratio with several rows on one date has no total, or ``None``."""
        column, dates = self.columns[key], self.dates.get(key)
        rows = column.used() if dates is None else column.most_on_one_date(dates)
        if rows < 2:
            return None
        template = "cannot_be_added_up.rows" if dates is None else "cannot_be_added_up.on_one_date"
        return ExcelError("#VALUE!", Message(template, input=key, rows=rows))

    def _several_rows_of_one(self, metric: MetricDefinition) -> ExcelError | None:
        """Return why a list cannot be counted: what names a row of it repeats, or ``None``."""
        key = metric.one_row_per
        if key is None or key not in self.columns:
            return None
        table = self.inputs[key].bound.table
        if table is None or all(self.inputs[name].bound.table != table for name in metric.plan.inputs):
            return None
        ids, different = self.columns[key].repeats()
        if different == ids:
            return None
        message = Message("not_one_row_per_customer", rows=ids, ids=different, input=key)
        return ExcelError("#VALUE!", message)

    def _stock_without_dates(self, metric: MetricDefinition) -> ExcelError | None:
        """Return why a stock cannot be measured: several rows, and no dates to tell the newest."""
        if metric.over_time != "last":
            return None
        for key in metric.plan.inputs:
            if key not in self.dates and self.columns[key].used() > 1:
                rows = self.columns[key].used()
                message = Message("stock_without_dates", input=key, rows=rows, metric=metric.key)
                return ExcelError("#VALUE!", message)
        return None

    def _not_aligned(self, group: Sequence[str]) -> ExcelError | None:
        group = [key for key in group if not self.inputs[key].bound.everywhere]
        first = self.inputs[group[0]] if group else None
        for key in group[1:]:
            assert first is not None
            item = self.inputs[key]
            if item.bound.table != first.bound.table or len(item.column) != len(first.column):
                message = Message(
                    "not_the_same_rows",
                    input=first.bound.key,
                    where=first.bound.where,
                    other=key,
                    other_where=item.bound.where,
                )
                return ExcelError("#VALUE!", message)
        return None

    def _error_in(self, key: str) -> ExcelError | None:
        """Return the first error cell of the input in this slice: an error carries over to the metric."""
        item = self.inputs[key]
        if not item.read.error_rows:
            return None
        rows = self.rows.get(key)
        if isinstance(rows, Selection) or self.columns[key].selection is not None:
            error = self.columns[key].error
            said = Message("error_cell", input=key, cell=item.bound.where, error=error.code) if error else ""
            return error.because(said) if error is not None else None
        inside = None if rows is None else set(rows)
        for row in item.read.error_rows:
            if inside is None or row in inside:
                return item.error_at(row)
        return None

    def _empty(self, key: str) -> ExcelError | None:
        """Return ``#N/A`` where a column has nothing to count, ``#VALUE!`` where it has only text."""
        column = self.columns[key]
        wants_text = self.inputs[key].definition.type == "text"
        if column.usable(text=wants_text):
            return None
        if column.has_text():
            return ExcelError("#VALUE!", Message("only_text", input=key))
        return ExcelError(
            "#N/A", Message("empty", name=key) if len(column) else Message("no_rows_here", input=key)
        )

    def _terms(self, metric: MetricDefinition, plan: Plan) -> tuple[float | None, str, Terms | None]:
        """Return the divisor (n), the inputs it counts, and what an interval is based on, if any."""
        if metric.interval is None:
            return None, "", None
        parts = plan.interval_parts(metric.interval)
        if parts is None:
            return None, "", None
        numbers = [self._number(node, plan) for node in (parts.hits, parts.against, parts.base) if node]
        if any(isinstance(number, ExcelError) for number in numbers):
            return None, "", None
        floats = tuple(float(n) for n in numbers if not isinstance(n, ExcelError))
        if metric.interval == "mean":
            asked = Moments(self)
            finish(parts.hits, plan, asked)
            floats = asked.found
        terms = Terms(metric.interval, floats, parts.scale)
        base = float(floats[0] if metric.interval == "mean" else floats[-1])
        return base, inputs_in(parts.base, plan), terms

    def _number(self, node: Node, plan: Plan) -> float | ExcelError:
        return as_number(finish(node, plan, self))

    def _n(
        self, metric: MetricDefinition, base: float | None, counted: str
    ) -> tuple[int | None, str, RowPeriods | None]:
        """Return n, the inputs it counts, and of rows the periods that they are about.

        It is the metric's sample formula, the divisor of its interval, the fewest of the metrics it is made
        of, or the fewest rows with a cell used.
        """
        if (sample := metric.sample) is not None:
            number = self._trouble(sample) or as_number(finish(sample.residual, sample, Asker(self, metric)))
            found = None if isinstance(number, ExcelError) else int(in_15_digits(number))
            return found, "" if found is None else " ".join(sample.inputs), None
        if base is not None:
            return int(in_15_digits(base)), counted, None
        if metric.plan.metrics and not metric.plan.inputs:
            parts = [part for key in metric.plan.metrics if (part := self.answer(key)).n is not None]
            if parts:
                least = min(parts, key=lambda part: part.n or 0)
                return least.n, least.n_unit, least.periods
        counts = {
            key: self.columns[key].used(text=self.inputs[key].definition.type == "text")
            for key in self.inputs_of(metric.key)
            if key in self.columns and not self.inputs[key].bound.everywhere
        }
        if not counts:
            return None, "", None
        fewest = min(counts, key=counts.__getitem__)
        return counts[fewest], fewest, self._periods_of(fewest)

    def _periods_of(self, key: str) -> RowPeriods:
        """Return how many periods the rows of an input are about."""
        dates, grain = self.dates.get(key), self.context.grain(key)
        if dates is None or grain is None:
            return RowPeriods()
        if id(dates) not in self._periods:
            days = span_of(grain, dates.days)
            self._periods[id(dates)] = RowPeriods(days.periods, grain)
        return self._periods[id(dates)]


def engine_over(
    columns: Mapping[str, Column], over_time: Mapping[str, str], dates: Mapping[str, Column]
) -> CellsEngine | ScannedEngine:
    """Return what answers primitives over ``columns``: asked where some stay in their table, else here."""
    stored = any(column.selection is not None for column in columns.values())
    return (ScannedEngine if stored else CellsEngine)(columns, over_time=over_time, dates=dates)


def _among(
    rows: Sequence[int] | Selection | None, places: Sequence[int] | Selection
) -> Sequence[int] | Selection:
    """Return the rows at ``places`` of ``rows`` (``None``: all); a selection is these rows already."""
    if rows is None or isinstance(rows, Selection) or isinstance(places, Selection):
        return places
    return [rows[place] for place in places]
