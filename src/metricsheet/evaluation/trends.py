"""Results of following periods into trends, and beside more of their past: last year, sums and means."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum, isfinite
from typing import Literal

from metricsheet.catalog.definitions import MetricDefinition
from metricsheet.evaluation.periods import before, year_before
from metricsheet.evaluation.result import Past, Trend
from metricsheet.precision import difference, less

DEFAULT_DEAD_ZONE = 0.01
"""Share of the previous value within which a change counts as flat, unless the metric sets its own zone."""


def direction(previous: float, value: float, dead_zone: float | None) -> Literal["rising", "falling", "flat"]:
    """Return the direction of a change; ``dead_zone`` is in the metric's unit, its edge counts as flat."""
    zone = abs(previous) * DEFAULT_DEAD_ZONE if dead_zone is None else dead_zone
    # the values are compared, not their difference: that of two close numbers has lost its last digits
    if less(previous + zone, value):
        return "rising"
    return "falling" if less(value, previous - zone) else "flat"


def trend_of(
    metric: MetricDefinition,
    period: str,
    value: float | None,
    values: Mapping[str, float | None],
    earlier: str | None = None,
) -> Trend | None:
    """Return the change of ``value`` against the period before, or ``None`` where either is missing.

    That is ``earlier``, or the calendar period before. ``values`` holds the metric's value for every period
    of the slice.
    """
    earlier = earlier or before(period)
    previous = values.get(earlier)
    if value is None or previous is None:
        return None
    return Trend(
        previous=previous,
        previous_period=earlier,
        change=difference(value, previous),
        direction=direction(previous, value, metric.dead_zone),
        series=tuple((p, v) for p, v in sorted(values.items()) if p <= period),
    )


def past_of(
    period: str, value: float | None, values: Mapping[str, float | None], *, adds_up: bool
) -> Past | None:
    """Return what ``value`` is beside its past, ``None`` where nothing of that is known.

    ``values`` holds the metric's value for every period of the slice.
    """
    if value is None:
        return None
    year_ago = values.get(year_before(period))
    sum_3, sum_12 = (_sum_of_last(count, period, values) for count in (3, 12))
    if year_ago is None and sum_3 is None:
        return None
    return Past(
        same_period_last_year=year_ago,
        change_on_year=None if year_ago is None else difference(value, year_ago),
        sum_3=sum_3 if adds_up else None,
        mean_3=None if sum_3 is None else sum_3 / 3,
        sum_12=sum_12 if adds_up else None,
        mean_12=None if sum_12 is None else sum_12 / 12,
    )


def _sum_of_last(count: int, period: str, values: Mapping[str, float | None]) -> float | None:
    """Return the sum over the last periods in a row, ``None`` where one of them has no value."""
    found = []
    for _ in range(count):
        value = values.get(period)
        if value is None:
            return None
        found.append(value)
        period = before(period)
    try:
        total = fsum(found)
    except OverflowError:
        return None
    return total if isfinite(total) else None
