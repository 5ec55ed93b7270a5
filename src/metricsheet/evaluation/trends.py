"""Results of following periods into trends: previous value, change, direction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from metricsheet.catalog.definitions import MetricDefinition
from metricsheet.evaluation.periods import before
from metricsheet.evaluation.result import Trend
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
    metric: MetricDefinition, period: str, value: float | None, values: Mapping[str, float | None]
) -> Trend | None:
    """Return the change of ``value`` against the calendar period before, or ``None`` where either is missing.

    ``values`` holds the metric's value for every period of the slice.
    """
    earlier = before(period)
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
