"""A computed answer into a ``Result``: status, target, trend, provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from metricsheet.catalog.bands_in_force import bands_in_force
from metricsheet.catalog.definitions import Catalog, MetricDefinition, Stretch
from metricsheet.catalog.shares import adds_up
from metricsheet.dataset import OtherRow
from metricsheet.evaluation.campaigns import earlier, in_season, season_of
from metricsheet.evaluation.compute import SliceScope
from metricsheet.evaluation.pairing import remarks_on
from metricsheet.evaluation.result import FEW, Claim, Coverage, InputUse, Result, Verdict
from metricsheet.evaluation.spans import Answer, RowsUsed
from metricsheet.evaluation.status import target_for, verdict
from metricsheet.evaluation.trends import past_of, trend_of
from metricsheet.language.message import Message, and_more
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
    coverage: Coverage | None = None,
    partial: bool = False,
    covers: Stretch | None = None,
    left_out: Sequence[OtherRow] = (),
    table: str = "",
) -> Result:
    """Return the result of ``answer``, without a trend: trends need all periods (``with_trends``).

    The formula is that of the metric whose value was taken. ``coverage`` marks a period that is
    not whole; it is judged all the same where ``partial`` asks for that. ``left_out`` are the rows that its
    tables lost.
    """
    taken = answer.taken or metric.key
    claim = answer.claim
    error = answer.value if isinstance(answer.value, ExcelError) else None
    value = answer.value if not isinstance(answer.value, ExcelError) else None
    currency = (answer.currency or catalog.currency) if metric.unit == "money" else ""
    elsewhere = bool(currency and metric.judged_in) and currency != metric.judged_in
    fits = _is_for(metric, claim) and not elsewhere
    target = None
    if fits and metric.targets:
        iso = from_serial(last_day).date().isoformat() if last_day is not None else None
        target = target_for(metric, slice_, last_day, iso)
    bands = bands_in_force(metric, settings, target) if fits and value is not None else ()
    code = error.code if error is not None else ""
    judged = verdict(metric, bands, value, code, answer.n, answer.interval)
    if answer.few and value is not None:
        judged = Verdict("low_data", why=Message("ledger_few", count=answer.n or 0, least=FEW))
    whole = coverage is None or partial
    if not whole and value is not None:
        judged = Verdict("low_data", why=Message("incomplete"))
    if elsewhere:
        judged = replace(judged, why=Message("bands_in_currency", currency=metric.judged_in))
    elif claim is not None and not fits:
        judged = replace(judged, why=Message(f"not_judged_{claim.kind}"))
    return Result(
        source=source,
        metric=metric.key,
        stage=metric.stage,
        kind=metric.kind,
        slice=dict(slice_),
        period=period,
        value=value,
        unit=metric.unit,
        status=judged.status,
        target=target.value if target is not None else None,
        gap=difference(value, target.value) if value is not None and target is not None and whole else None,
        n=answer.n,
        interval=answer.interval if value is not None else None,
        verdict=judged,
        error=code,
        why=_why(error),
        better=metric.better,
        candidates=judged.candidates,
        inputs=uses,
        remarks=_remarks(catalog.metrics[taken], uses, left_out, answer.used) if value is not None else (),
        variants=catalog.rivals.get(metric.key, ()),
        formula=catalog.metrics[taken].formula,
        taken=taken,
        coverage=coverage,
        claim=claim,
        covers=covers or "",
        judged=whole
        and not answer.few
        and not elsewhere
        and (fits or claim is None or claim.kind in ("chained", "cohort")),
        currency=currency,
        n_unit=answer.n_unit if answer.n is not None else "",
        periods=answer.periods,
        table=table,
        terms=answer.terms if value is not None else None,
    )


def _why(error: ExcelError | None) -> Message | None:
    if error is None or not error.reason:
        return None
    return error.reason if isinstance(error.reason, Message) else Message("text", text=error.reason)


def _is_for(metric: MetricDefinition, claim: Claim | None) -> bool:
    """Return whether bands and target, where there are some, are made for the span of the value."""
    if claim is None or not (metric.bands or metric.band_variants or metric.targets):
        return True
    return claim.kind == "horizon" or (claim.kind == "year" and metric.judged_over != "engagement")


def _remarks(
    metric: MetricDefinition,
    uses: tuple[InputUse, ...],
    left_out: Sequence[OtherRow],
    used: RowsUsed | None,
) -> tuple[Message, ...]:
    """Return what a reader must know of the data beside the value."""
    remarks = []
    if left_out:
        remarks.append(Message("rows_left_out", rows=and_more([str(row) for row in left_out], _MOST_ROWS)))
    of_rows = remarks_on(used) if used is not None else []
    totals = [use for use in uses if use.input in metric.plan.totals]
    if not of_rows and len(totals) > 1 and len({use.used for use in totals}) > 1:
        remarks.append(Message("totals_differ", counts=tuple(f"{use.input} {use.used}" for use in totals)))
    return (*remarks, *of_rows)


def left_out_of(scope: SliceScope, metric: MetricDefinition) -> tuple[OtherRow, ...]:
    """Return the rows that the tables behind the metric lost, each once."""
    inputs = [scope.inputs[key] for key in scope.inputs_of(metric.key) if key in scope.inputs]
    return tuple(dict.fromkeys(row for item in inputs for row in item.left_out))


def uses_of(scope: SliceScope, metric: MetricDefinition) -> tuple[InputUse, ...]:
    """Return how the cells of every input behind the metric were used in this slice."""
    inputs = [key for key in scope.inputs_of(metric.key) if key in scope.inputs]
    if not inputs:
        return ()
    scope = scope.peer(scope.catalog.metrics[scope.context.form(metric.key)].rows)
    return tuple(map(scope.use_of, inputs))


def with_trends(catalog: Catalog, results: list[Result]) -> list[Result]:
    """Return the results beside their past, metric by metric and slice by slice.

    Periods that are not whole are compared with nothing, and nothing is compared with them.
    """
    series: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, float | None]] = {}
    periods = {result.period for result in results if result.period is not None}
    seasons = {period: season for period in periods if (season := season_of(catalog, period)) is not None}
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
        season = seasons.get(result.period)
        trend, remarks = None, result.remarks
        if season is None:
            # a season is compared with nothing, and nothing is compared with it
            usual = {p: v for p, v in values.items() if p not in seasons} if seasons else values
            before = earlier(catalog, result.period)
            trend = trend_of(catalog.metrics[result.metric], result.period, result.value, usual, before)
        elif result.value is not None:
            remarks = (*remarks, in_season(season))
        past = past_of(result.period, result.value, values, adds_up=result.metric in flows)
        known = trend is not None or past is not None or season is not None
        found.append(replace(result, trend=trend, past=past, remarks=remarks) if known else result)
    return found
