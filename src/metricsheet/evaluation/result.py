"""One metric over one slice and period: its value or the reason for none, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from metricsheet.records import record


@record
class InputUse:
    """How many cells of a bound range were used, blank, left as text or rejected, and where they stand.

    ``read_from_text`` counts numbers, dates or flags that were written as text and understood, ``left_out``
    the total rows and the like of its table, also those below its last cell, ``tidied`` texts that were read
    without blanks around them or in another width.
    """

    input: str
    where: str
    used: int
    blank: int
    text: int
    rejected: int
    read_from_text: int = 0
    left_out: int = 0
    tidied: int = 0


@record
class Trend:
    """Change against the period before; ``series`` holds (period, value) pairs, oldest first.

    ``direction`` is ``rising``, ``falling`` or ``flat`` (inside the metric's dead zone); ``change`` is
    ``value - previous`` in the metric's unit.
    """

    previous: float
    previous_period: str
    change: float
    direction: Literal["rising", "falling", "flat"]
    series: tuple[tuple[str, float | None], ...] = ()


@record
class Result:
    """One metric over one slice and period. ``value`` is ``None`` exactly when ``reason`` says why.

    ``status`` is a band's status or ``low_data``, ``no_target``, ``no_data``, ``invalid``. ``error`` is the
    Excel error code behind a missing value (``""`` when there is a value). ``display`` is the value as a
    person reads it. ``candidates`` are the statuses the interval touches when it crosses a band's edge.
    """

    source: str
    metric: str
    label: str
    stage: str
    kind: str
    slice: Mapping[str, str]
    period: str | None
    value: float | None
    unit: str
    display: str
    status: str
    status_label: str
    target: float | None
    target_display: str
    gap: float | None
    n: int | None
    interval: tuple[float, float] | None
    reason: str
    error: str = ""
    better: str = "higher"
    uncertain: bool = False
    candidates: tuple[str, ...] = ()
    trend: Trend | None = None
    inputs: tuple[InputUse, ...] = ()
    notes: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    formula: str = ""
