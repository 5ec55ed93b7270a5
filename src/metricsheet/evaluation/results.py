"""A computed answer into a ``Result``: status, target, display, trend, provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from metricsheet.catalog.definitions import Catalog, MetricDefinition, in_language
from metricsheet.dataset import OtherRow
from metricsheet.evaluation.compute import Answer, SliceScope
from metricsheet.evaluation.result import InputUse, Result
from metricsheet.evaluation.status import bands_in_force, target_for, verdict
from metricsheet.evaluation.trends import trend_of
from metricsheet.language.dates import display_date
from metricsheet.language.message import Message, and_more, say
from metricsheet.language.messages import reason_in
from metricsheet.language.numbers import NumberFormat
from metricsheet.precision import difference
from metricsheet.records import replace
from metricsheet.values import ExcelError
from metricsheet.values.dates import from_serial

_MOST_ROWS = 3
"""So many of the rows that were left out are named beside a value."""


def make_result(
    catalog: Catalog,
    metric: MetricDefinition,
    answer: Answer,
    uses: tuple[InputUse, ...],
    *,
    source: str,
    slice_: Mapping[str, str],
    period: str | None,
    last_day: float | None,
    settings: Mapping[str, str],
    language: str,
    span: tuple[float, float] | None = None,
    left_out: Sequence[OtherRow] = (),
) -> Result:
    """Return the result of ``answer``, without a trend: trends need all periods (``with_trends``).

    ``left_out`` are the rows that its tables lost.
    ``span`` are the first and last date when a stock at the start is set against flows of several dates.
    """
    error = answer.value if isinstance(answer.value, ExcelError) else None
    value = answer.value if not isinstance(answer.value, ExcelError) else None
    iso = from_serial(last_day).date().isoformat() if last_day is not None else None
    target = target_for(metric, slice_, last_day, iso)
    bands = bands_in_force(metric, settings, target)
    code = error.code if error is not None else ""
    judged = verdict(metric, bands, value, code, answer.n, answer.interval, language)

    form = NumberFormat(metric.unit, catalog.currency, language, metric.decimals, metric.marks)
    return Result(
        source=source,
        metric=metric.key,
        label=in_language(metric.label, language),
        stage=metric.stage,
        kind=metric.kind,
        slice=dict(slice_),
        period=period,
        value=value,
        unit=metric.unit,
        display=form.value(value) if value is not None else (code or "–"),
        status=judged.status,
        status_label=judged.label,
        target=target.value if target is not None else None,
        target_display=form.target(target.value) if target is not None else "",
        gap=difference(value, target.value) if value is not None and target is not None else None,
        n=answer.n,
        interval=answer.interval if value is not None else None,
        reason=_reason(error),
        error=code,
        better=metric.better,
        uncertain=bool(judged.candidates),
        candidates=judged.candidates,
        inputs=uses,
        notes=_notes(metric, language, uses, span, left_out) if value is not None else (),
        variants=catalog.rivals.get(metric.key, ()),
        formula=metric.formula,
    )


def _reason(error: ExcelError | None) -> str:
    if error is None:
        return ""
    if str(error.reason).startswith("not bound"):
        return str(error.reason)
    return f"{error.code} {error.reason}".strip()


def _notes(
    metric: MetricDefinition,
    language: str,
    uses: tuple[InputUse, ...],
    span: tuple[float, float] | None,
    left_out: Sequence[OtherRow],
) -> tuple[str, ...]:
    """Return what a reader must know beside the value: the definition's own note, and gaps in its data."""
    notes = [in_language(metric.note, language)] if metric.note is not None else []
    if left_out:
        shown = and_more([str(row) for row in left_out], _MOST_ROWS)
        notes.append(say(Message("rows_left_out", rows=shown), language))
    totals = [use for use in uses if use.input in metric.plan.totals]
    if len(totals) > 1 and len({use.used for use in totals}) > 1:
        counts = ", ".join(f"{use.input} {use.used}" for use in totals)
        notes.append(reason_in(f"the totals rest on different numbers of cells: {counts}", language))
    if span is not None:
        first, last = (display_date(from_serial(day).date().isoformat(), language) for day in span)
        said = (
            f"over the whole span {first} to {last}, losses of customers won meanwhile included; "
            "--period gives the rate of each period"
        )
        notes.append(reason_in(said, language))
    return tuple(notes)


def left_out_of(scope: SliceScope, metric: MetricDefinition) -> tuple[OtherRow, ...]:
    """Return the rows that the tables behind the metric lost, each once."""
    inputs = [scope.inputs[key] for key in scope.inputs_of(metric.key) if key in scope.inputs]
    return tuple(dict.fromkeys(row for item in inputs for row in item.left_out))


def uses_of(scope: SliceScope, metric: MetricDefinition) -> tuple[InputUse, ...]:
    """Return how the cells of every input behind the metric were used in this slice."""
    scope = scope.peer(metric.rows)
    return tuple(
        scope.inputs[key].use_in(scope.rows.get(key))
        for key in scope.inputs_of(metric.key)
        if key in scope.inputs
    )


def with_trends(catalog: Catalog, results: list[Result]) -> list[Result]:
    """Return the results with the change against the period before, metric by metric and slice by slice."""
    series: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, float | None]] = {}
    for result in results:
        if result.period is not None:
            key = result.metric, tuple(result.slice.items())
            series.setdefault(key, {})[result.period] = result.value
    found = []
    for result in results:
        if result.period is None:
            found.append(result)
            continue
        values = series[result.metric, tuple(result.slice.items())]
        trend = trend_of(catalog.metrics[result.metric], result.period, result.value, values)
        found.append(replace(result, trend=trend) if trend is not None else result)
    return found
