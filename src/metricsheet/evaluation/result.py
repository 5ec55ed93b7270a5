"""One metric over one slice and period: its value or the reason for none, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from metricsheet.catalog.definitions import Stretch
from metricsheet.language.message import Message
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
class Coverage:
    """How many ``of`` the days, or of the months that its table lists, a period has."""

    have: int
    of: int
    unit: Literal["days", "months"]

    @property
    def share(self) -> float:
        """Return the part of the period that is there."""
        return self.have / self.of


@record
class Past:
    """A value beside more of its past than the period before; ``None`` where a period of it has no value.

    Sums and means are over the last 3 and 12 periods, this one included. A sum is only there for a metric
    that adds up over periods, which rates and stocks do not.
    """

    same_period_last_year: float | None
    change_on_year: float | None
    sum_3: float | None
    mean_3: float | None
    sum_12: float | None
    mean_12: float | None


@record
class Result:
    """One metric over one slice and period. ``value`` is ``None`` exactly when ``reason`` says why.

    ``status`` is a band's status or ``low_data``, ``no_target``, ``no_data``, ``invalid``. ``error`` is the
    Excel error code behind a missing value (``""`` when there is a value). ``display`` is the value as a
    person reads it. ``candidates`` are the statuses the interval touches when it crosses a band's edge.
    ``coverage`` says how much there is of a period that is not whole; such a result is compared with nothing.
    ``why`` is the reason as a code with values, where it has one. ``span`` is ``chained``, ``year`` or
    ``cohort`` where the value speaks of such a span, as its label says. ``judged`` is false where bands,
    target and rules say nothing of it: the period is not whole, or they are made for another span.
    ``covers`` is the month, quarter or year that its rows fill, where a benchmark of the metric is of such a
    time; ``""`` where they fill none or have no dates.
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
    past: Past | None = None
    coverage: Coverage | None = None
    why: Message | None = None
    span: str = ""
    judged: bool = True
    covers: Stretch | Literal[""] = ""
