"""Over which rows a metric may speak: one period of them, several multiplied, a year, a cohort.

A share lost or kept of an opening stock is a figure of one period of its rows; revenue over a stock of
customers says nothing without its time. What a metric may do is declared by ``span:`` in the definitions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from metricsheet.catalog.definitions import CHAINED, ROW_PARAMETERS, Catalog, MetricDefinition, Stretch
from metricsheet.engines.columns import Column
from metricsheet.evaluation.intervals import Terms
from metricsheet.evaluation.periods import MONTHS, length_of, period_of
from metricsheet.evaluation.prepare import PreparedInput
from metricsheet.evaluation.result import Claim, Rate, RowPeriods
from metricsheet.evaluation.row_periods import MONTHS_OF, Grain, RowSpan, month_of, span_of
from metricsheet.formula.aggregates import Part
from metricsheet.formula.plan import Primitive
from metricsheet.language.message import Message
from metricsheet.language.option import Option, option
from metricsheet.language.words import Word
from metricsheet.reading.header_units import is_monthly_header
from metricsheet.records import field, record
from metricsheet.values import NA_, VALUE, Cell, ExcelError
from metricsheet.values.dates import from_serial

HORIZON = "horizon"
"""The input that somebody states, in months, for whom the forecast is to be a metric too."""


@record
class RowsUsed:
    """Over how many rows the sums of a value are, ``of`` those that have at least one of its ``inputs``.

    ``blanks`` says of inputs how many of these rows lack them, and whether text is there.
    """

    inputs: tuple[str, ...]
    rows: int
    of: int
    blanks: Mapping[str, tuple[int, bool]] = field(default_factory=dict)


@record
class Answer:
    """A metric's outcome: ``value`` is a finite number or an error with its reason.

    ``taken`` names the metric whose value was taken in its place; ``claim`` is the span it speaks of where
    that is not plain. ``n_unit`` names the inputs that ``n`` counts, ``periods`` how many periods they are
    about where it counts rows; ``currency`` is that of the amounts behind the value, ``""`` where nothing
    says it. ``used`` are the rows that it is over where it adds up several columns of a table. ``terms`` are
    the numbers behind the interval; ``few`` says that they are too few customers to judge by.
    """

    value: float | ExcelError
    n: int | None = None
    interval: tuple[float, float] | None = None
    claim: Claim | None = None
    taken: str = ""
    n_unit: str = ""
    periods: RowPeriods | None = None
    currency: str = ""
    used: RowsUsed | None = None
    terms: Terms | None = None
    few: bool = False


def _nothing_known(_: str) -> Grain | None:
    return None


def _itself(key: str) -> str:
    return key


@record
class Surroundings:
    """What is known of a slice besides its rows.

    ``period`` is the one asked for; ``grain`` says what a row of an input's table is about; ``form`` names
    the metric whose value is used for another, mostly itself. ``reads`` keeps the inputs behind each metric,
    which are the same in every slice once all forms are chosen; ``None`` while they are being chosen.
    ``rates`` say what metrics of a ledger are based on.
    """

    period: str | None = None
    grain: Callable[[str], Grain | None] = _nothing_known
    form: Callable[[str], str] = _itself
    reads: dict[str, list[str]] | None = field(default=None, compare=False)
    rates: Mapping[str, Rate] = field(default_factory=dict)


class Slice(Protocol):
    """What is asked of one slice here; ``SliceScope`` is the one that answers."""

    catalog: Catalog
    inputs: Mapping[str, PreparedInput]
    dates: Mapping[str, Column]
    parameters: Mapping[str, Cell]
    context: Surroundings

    @property
    def columns(self) -> Mapping[str, Column]:
        """The cells of each input in the slice."""

    def answer(self, key: str) -> Answer:
        """Return a metric's outcome over the slice."""

    def name(self, name: str) -> Cell:
        """Return a metric, setting or parameter."""

    def primitive(self, primitive: Primitive, criteria: tuple[Cell, ...]) -> Part:
        """Return a primitive over the columns of the slice."""

    def inputs_of(self, key: str) -> list[str]:
        """Return the inputs that a metric reads, through other metrics as well."""


class Asker:
    """What the formula of one metric asks its scope for; ``claims`` are those of the metrics it names."""

    def __init__(self, scope: Slice, metric: MetricDefinition) -> None:
        self.scope, self.metric = scope, metric
        self.claims: list[Claim] = []

    def name(self, name: str) -> Cell:
        """Return a parameter, setting or other metric by name."""
        if name in ROW_PARAMETERS:
            return row_parameter(self.scope, self.metric, name)
        if name in self.scope.catalog.metrics:
            claim = self.scope.answer(name).claim
            if claim is not None and claim.kind == "chained":
                # several periods in one factor: it fits no formula made for the figure of one
                return one_period(name, claim.periods, claim.grain, chainable=False)
            if claim is not None:
                self.claims.append(claim)
        return self.scope.name(name)

    def primitive(self, primitive: Primitive, criteria: tuple[Cell, ...]) -> Part:
        """Return a primitive over the columns of the scope."""
        return self.scope.primitive(primitive, criteria)

    @property
    def claim(self) -> Claim | None:
        """The claim that the metric takes over from those it is built from."""
        return self.claims[0] if self.claims else None


def spans_of(scope: Slice, keys: Iterable[str]) -> list[RowSpan]:
    """Return the periods in which some of the inputs ``keys`` are filled, one span for each grain of rows."""
    days: dict[Grain, set[float]] = {}
    for key in keys:
        dates, column = scope.dates.get(key), scope.columns.get(key)
        grain = scope.context.grain(key) if dates is not None else None
        if dates is None or column is None or grain is None:
            continue
        found = days.setdefault(grain, set())
        found |= column.days_filled(dates)
    return [span_of(grain, found) for grain, found in days.items() if found]


def longest(spans: Sequence[RowSpan]) -> RowSpan | None:
    """Return the span of the most periods, ``None`` where no rows have dates."""
    return max(spans, key=lambda span: span.periods, default=None)


def stretch_of(scope: Slice, metric: MetricDefinition) -> Stretch | None:
    """Return the month, quarter or year that the rows behind a value fill, ``None`` where they fill none.

    A metric that looks at dates itself is about the period that it was asked for.
    """
    if metric.rows == "all":
        period = scope.context.period
        return None if period is None else length_of(period)
    months = {month for span in spans_of(scope, scope.inputs_of(metric.key)) for month in span.months}
    for length, count in MONTHS.items():
        if len(months) == count and len({month // count for month in months}) == 1:
            return length
    return None


def own_inputs(scope: Slice, metric: MetricDefinition) -> Sequence[str]:
    """Return the inputs whose rows a metric is about: its formula's own, else those of its metrics."""
    if metric.key in scope.inputs:
        return (metric.key,)
    return metric.plan.inputs or scope.inputs_of(metric.key)


def row_parameter(scope: Slice, metric: MetricDefinition, name: str) -> Cell:
    """Return what ``row_months``, ``row_periods`` or ``days_covered`` is for the rows that ``metric`` reads.

    A row of a quarter covers 3 months, unless the header of the money in it says that it is a month's.
    """
    keys = own_inputs(scope, metric)
    spans = spans_of(scope, keys)
    span = longest(spans)
    if name == "row_periods":
        return float(span.periods) if span is not None else 1.0
    if span is None:
        return ExcelError(NA_, Message("no_row_dates"))
    if name == "days_covered":
        return float(span.days)
    if len(spans) > 1:
        return _mixed(spans)
    if span.grain not in MONTHS_OF:
        return ExcelError(NA_, Message("no_row_months"))
    if any(_is_monthly_money(scope, key) for key in metric.plan.inputs):
        return 1.0
    return float(MONTHS_OF[span.grain])


def _is_monthly_money(scope: Slice, key: str) -> bool:
    item = scope.inputs.get(key)
    return item is not None and item.definition.unit == "money" and is_monthly_header(item.bound.header)


def periods_behind(scope: Slice, metric: MetricDefinition) -> RowSpan | ExcelError | None:
    """Return the periods of a metric that is the figure of one, where there are several; ``None`` for one.

    Where they may not be multiplied or nobody asked for it, why there is no figure.
    """
    keys = own_inputs(scope, metric)
    spans = spans_of(scope, keys)
    span = longest(spans)
    rows = max((_undated_rows(scope, key, span is None) for key in keys), default=0)
    if rows > (1 if span is None else 0):
        return ExcelError(VALUE, Message("span_is_one_period.undated", metric=metric.key, rows=rows))
    if span is None or span.periods < 2:
        return None
    if metric.span != "chained" or scope.parameters.get(CHAINED) is not True:
        return one_period(metric.key, span.periods, span.grain, chainable=metric.span == "chained")
    if len(spans) > 1:
        return _mixed(spans)
    gap = span.gap()
    if gap is not None:
        missing = label_of(gap, span.grain)
        return ExcelError(VALUE, Message("span_has_gap", metric=metric.key, period=missing))
    return span


def _undated_rows(scope: Slice, key: str, alone: bool) -> int:
    """Return how many values of an input are of no known period.

    Where no rows have dates (``alone``), what adds up may have several rows of one period, a stock may not.
    """
    column, dates = scope.columns.get(key), scope.dates.get(key)
    if column is None:
        return 0
    if dates is None:
        return column.used() if alone and scope.inputs[key].definition.over_time != "sum" else 0
    return column.undated(dates)


def one_period(key: str, periods: int, grain: Grain, *, chainable: bool) -> ExcelError:
    """Return why a metric of one period has no value over several, with the ways to ask for it."""
    ways: list[Option | Message] = [option("period", grain)] if grain in MONTHS_OF else []
    ways += [Message("span_multiplied", way=option("set", f"{CHAINED}=yes"))] if chainable else []
    template = "span_is_one_period.ask" if ways else "span_is_one_period.list"
    message = Message(template, metric=key, periods=periods, grain=grain, ways=tuple(ways))
    return ExcelError(VALUE, message)


def _mixed(spans: Sequence[RowSpan]) -> ExcelError:
    grains = tuple(Word(f"grain.{grain}") for grain in sorted(span.grain for span in spans))
    return ExcelError(VALUE, Message("mixed_periods", grains=grains))


def label_of(day: float, grain: Grain) -> str:
    """Return a period by a day in it: ``2024-03``, ``2024-Q1``, ``2024``, or the day itself."""
    if grain == "day" or grain == "week":
        return from_serial(day).date().isoformat()
    return period_of(day, grain)


def year_of(scope: Slice, metric: MetricDefinition) -> Claim | ExcelError | None:
    """Return the claim of a figure of one year, ``None`` where its rows have no dates and are taken as given.

    The scope holds the last twelve months. Where some are missing, the error names what other forms need.
    """
    span = longest(spans_of(scope, own_inputs(scope, metric)))
    if span is None:
        return None
    months = len(span.months)
    if months >= 12:
        return Claim("year")
    ways = tuple(_other_forms(scope, metric))
    template = "span_is_one_year.or_ask" if ways else "span_is_one_year.short"
    return ExcelError(VALUE, Message(template, metric=metric.key, months=months, ways=ways))


def _other_forms(scope: Slice, metric: MetricDefinition) -> list[Message]:
    """Return the preferred metrics of which some data are there, each with what is missing for it."""
    lacking: dict[str, list[str | Option]] = {}
    for key in metric.prefer:
        inputs = scope.inputs_of(key)
        missing: list[str | Option] = [name for name in inputs if name not in scope.inputs]
        for name in scope.catalog.metrics[key].plan.parameters:
            if name in scope.catalog.settings and name not in scope.parameters:
                choices = "|".join(scope.catalog.settings[name].one_of)
                missing.append(option("set", f"{name}={choices}"))
        if missing and any(name in scope.inputs for name in inputs):
            lacking[key] = missing
    return [
        Message("with_hint", reason=key, hint=tuple(missing))
        for key, missing in lacking.items()
        if not any(set(other) < set(missing) for other in lacking.values())
    ]


def last_year(rows: Sequence[int], dates: Sequence[Cell], grain: Grain | None) -> list[int]:
    """Return the rows of the twelve months that end with the newest one among ``rows``."""
    if grain is None:
        return list(rows)
    days = [dates[row] for row in rows]
    different = {day for day in set(days) if isinstance(day, (int, float))}
    if not different:
        return list(rows)
    newest = span_of(grain, [max(different)]).months[-1]
    within = {day for day in different if month_of(day) > newest - 12}
    return [row for row, day in zip(rows, days, strict=True) if day in within]
