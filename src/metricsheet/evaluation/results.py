"""A computed answer into a ``Result``: status, target, display, trend, provenance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from metricsheet.catalog.additive import adds_up
from metricsheet.catalog.bands_in_force import bands_in_force
from metricsheet.catalog.definitions import Catalog, MetricDefinition, Stretch, in_language
from metricsheet.dataset import OtherRow
from metricsheet.evaluation.compute import SliceScope
from metricsheet.evaluation.facts import part_of_period
from metricsheet.evaluation.result import Coverage, InputUse, Result
from metricsheet.evaluation.spans import Answer, Claim
from metricsheet.evaluation.status import Verdict, target_for, verdict
from metricsheet.evaluation.trends import past_of, trend_of
from metricsheet.language.message import Message, and_more, say
from metricsheet.language.messages import reason_in
from metricsheet.language.numbers import NumberFormat
from metricsheet.language.words import term
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
    coverage: Coverage | None = None,
    partial: bool = False,
    covers: Stretch | None = None,
    left_out: Sequence[OtherRow] = (),
) -> Result:
    """Return the result of ``answer``, without a trend: trends need all periods (``with_trends``).

    Label, note and formula are those of the metric whose value was taken. ``coverage`` marks a period that is
    not whole; it is judged all the same where ``partial`` asks for that. ``left_out`` are the rows that its
    tables lost.
    """
    taken = catalog.metrics[answer.taken] if answer.taken else metric
    claim = answer.claim
    error = answer.value if isinstance(answer.value, ExcelError) else None
    value = answer.value if not isinstance(answer.value, ExcelError) else None
    iso = from_serial(last_day).date().isoformat() if last_day is not None else None
    fits = _is_for(metric, claim)
    target = target_for(metric, slice_, last_day, iso) if fits else None
    bands = bands_in_force(metric, settings, target) if fits and value is not None else ()
    code = error.code if error is not None else ""
    judged = verdict(metric, bands, value, code, answer.n, answer.interval, language)
    whole = coverage is None or partial
    if not whole and value is not None:
        judged = Verdict("low_data", term("incomplete", language))

    form = NumberFormat(metric.unit, catalog.currency, language, metric.decimals, metric.marks)
    return Result(
        source=source,
        metric=metric.key,
        label=_label(taken, claim, language),
        stage=metric.stage,
        kind=metric.kind,
        slice=dict(slice_),
        period=period,
        value=value,
        unit=metric.unit,
        display=form.value(value) if value is not None else (code or "–"),
        status=judged.status,
        status_label=judged.label if fits or claim is None else term(f"not_judged_{claim.kind}", language),
        target=target.value if target is not None else None,
        target_display=form.target(target.value) if target is not None else "",
        gap=difference(value, target.value) if value is not None and target is not None and whole else None,
        n=answer.n,
        interval=answer.interval if value is not None else None,
        reason=_reason(error),
        error=code,
        better=metric.better,
        uncertain=bool(judged.candidates),
        candidates=judged.candidates,
        inputs=uses,
        notes=(
            *_covered(period, coverage, language, whole=whole),
            *(_notes(taken, language, uses, left_out) if value is not None else ()),
        ),
        variants=catalog.rivals.get(metric.key, ()),
        formula=taken.formula,
        coverage=coverage,
        why=error.reason if error is not None and isinstance(error.reason, Message) else None,
        span=claim.kind if claim is not None else "",
        covers=covers or "",
        judged=whole and (fits or claim is None or claim.kind != "year"),
    )


def _covered(period: str | None, coverage: Coverage | None, language: str, *, whole: bool) -> Iterator[str]:
    """Yield how much of its period a result rests on, and what is left undone for that."""
    if coverage is not None:
        key = "incomplete_judged" if whole else "incomplete_not_judged"
        yield say(part_of_period(period, coverage, key), language)


def _label(metric: MetricDefinition, claim: Claim | None, language: str) -> str:
    """Return what people see: the metric, and the span its value speaks of where that is not plain."""
    label = in_language(metric.label, language)
    if claim is None:
        return label
    if claim.kind == "chained":
        return f"{label} {term(f'chained_{claim.grain}', language, periods=claim.periods)}"
    return f"{label} {term(f'over_{claim.kind}', language)}"


def _is_for(metric: MetricDefinition, claim: Claim | None) -> bool:
    """Return whether bands and target, where there are some, are made for the span of the value."""
    if claim is None or not (metric.bands or metric.band_variants or metric.targets):
        return True
    return claim.kind == "year" and metric.judged_over != "engagement"


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
    return tuple(notes)


def left_out_of(scope: SliceScope, metric: MetricDefinition) -> tuple[OtherRow, ...]:
    """Return the rows that the tables behind the metric lost, each once."""
    inputs = [scope.inputs[key] for key in scope.inputs_of(metric.key) if key in scope.inputs]
    return tuple(dict.fromkeys(row for item in inputs for row in item.left_out))


def uses_of(scope: SliceScope, metric: MetricDefinition) -> tuple[InputUse, ...]:
    """Return how the cells of every input behind the metric were used in this slice."""
    scope = scope.peer(scope.catalog.metrics[scope.context.form(metric.key)].rows)
    return tuple(
        scope.inputs[key].use_in(scope.rows.get(key))
        for key in scope.inputs_of(metric.key)
        if key in scope.inputs
    )


def with_trends(catalog: Catalog, results: list[Result]) -> list[Result]:
    """Return the results beside their past, metric by metric and slice by slice.

    Periods that are not whole are compared with nothing, and nothing is compared with them.
    """
    series: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, float | None]] = {}
    for result in results:
        if result.period is not None:
            key = result.metric, tuple(result.slice.items())
            begun = result.coverage is not None and not result.judged
            series.setdefault(key, {})[result.period] = None if begun else result.value
    flows = {key for key, _ in series if adds_up(catalog, catalog.metrics[key])}
    found = []
    for result in results:
        begun = result.coverage is not None and not result.judged
        # the cohort before is other people, who had longer to leave
        if result.period is None or begun or result.span == "cohort":
            found.append(result)
            continue
        values = series[result.metric, tuple(result.slice.items())]
        trend = trend_of(catalog.metrics[result.metric], result.period, result.value, values)
        past = past_of(result.period, result.value, values, adds_up=result.metric in flows)
        known = trend is not None or past is not None
        found.append(replace(result, trend=trend, past=past) if known else result)
    return found
