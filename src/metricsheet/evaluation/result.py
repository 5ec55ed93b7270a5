"""One metric over one slice and period: its value or the reason for none, and what it is based on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from metricsheet.catalog.definitions import Band, Stretch
from metricsheet.evaluation.intervals import Terms
from metricsheet.evaluation.row_periods import Grain
from metricsheet.language.dates import Period
from metricsheet.language.message import Message
from metricsheet.records import field, record
from metricsheet.rules.engine.evidence import Evidence


@record
class InputUse:
    """How many cells of a bound range were used, blank, left as text or rejected, and where they are.

    ``read_from_text`` counts numbers, dates or flags that were written as text and understood, ``left_out``
    the total rows and the like of its table, also those below its last cell, ``tidied`` texts that were read
    without blanks around them or in another width. ``derived_from`` names the inputs that it was computed
    from where it has no cells of its own; ``where`` is then the formula.
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
    derived_from: tuple[str, ...] = ()


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


FEW = 30
"""With fewer customers at the start a rate of retention is no figure to judge by."""


@record
class Rate:
    """What a rate of a ledger is based on: ``n`` customers at the start, and an interval where there is one.

    With ``few`` of them it is no figure to judge by.
    """

    n: int
    interval: tuple[float, float] | None
    few: bool


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
class Claim:
    """The span that a value speaks of where its metric alone does not say it.

    ``chained`` is the product of ``periods`` of ``grain``; ``year`` is one year of customers who may stay
    longer; ``cohort`` are people by the date of their rows; ``other_scale`` are answers on ``scale``, which
    is not the one that the metric is defined on; ``horizon`` is a forecast over this many months (``scale``).
    """

    kind: Literal["chained", "year", "cohort", "other_scale", "horizon"]
    periods: int = 0
    grain: Grain = "month"
    scale: str = ""


@record
class RowPeriods:
    """How many periods some rows are about, 0 where nothing dates them, and what period one row is about."""

    count: int = 0
    grain: Grain = "day"


@record
class Verdict:
    """A status, and what decided it: the ``band`` of the value, or ``why`` there is none.

    ``candidates`` are the statuses that the interval touches when it crosses a band's edge. ``n_known`` is
    false where a band asks for a sample of some size and nobody knows what size it was.
    """

    status: str
    band: Band | None = None
    candidates: tuple[str, ...] = ()
    n_known: bool = True
    why: Message | None = None


@record
class Result:
    """One metric over one slice and period: a ``value``, or ``why`` there is none.

    ``status`` is a band's status or ``low_data``, ``no_target``, ``no_data``, ``invalid``; ``verdict`` says
    what decided it. ``error`` is the Excel error code behind a missing value (``""`` when there is a value).
    ``candidates`` are the statuses the interval touches when it crosses a band's edge. ``n_unit`` names the
    inputs that ``n`` counts, ``periods`` how many periods they are about where it counts rows. ``table`` is
    the table of the inputs (``""`` where they have none or several). ``taken`` is the metric whose value this
    is, its own as a rule. ``coverage`` says how much there is of a period that is not whole; such a result is
    compared with nothing. ``span`` is ``chained``, ``year`` or ``cohort`` where the value speaks of such a
    span, with ``claim`` for the details. ``judged`` is false where bands, target and rules say nothing of it:
    the period is not whole, or they are made for another span. ``covers`` is the month, quarter or year that
    its rows fill, where a benchmark of the metric is of such a time; ``""`` where they fill none or have no
    dates. ``remarks`` are what else a reader must know. ``terms`` are the numbers behind the interval;
    ``evidence`` says of the last change and run whether they are more than chance, where rules ask for that.

    What a person reads is filled in last, in the words of the scorecard's language, by
    ``report.wording.worded``: ``label``, ``display``, ``status_label``, ``target_display``,
    ``rests_on``, ``notes``, and in English ``reason``.
    """

    source: str
    metric: str
    stage: str
    kind: str
    slice: Mapping[str, str]
    period: str | None
    value: float | None
    unit: str
    status: str
    target: float | None
    gap: float | None
    n: int | None
    interval: tuple[float, float] | None
    verdict: Verdict
    error: str = ""
    why: Message | None = None
    better: str = "higher"
    candidates: tuple[str, ...] = ()
    trend: Trend | None = None
    inputs: tuple[InputUse, ...] = ()
    remarks: tuple[Message, ...] = ()
    variants: tuple[str, ...] = ()
    formula: str = ""
    taken: str = ""
    past: Past | None = None
    coverage: Coverage | None = None
    claim: Claim | None = None
    judged: bool = True
    covers: Stretch | Literal[""] = ""
    currency: str = ""
    n_unit: str = ""
    periods: RowPeriods | None = None
    table: str = ""
    terms: Terms | None = None
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    label: str = ""
    display: str = ""
    status_label: str = ""
    target_display: str = ""
    rests_on: str = ""
    reason: str = ""
    notes: tuple[str, ...] = ()

    @property
    def uncertain(self) -> bool:
        """Whether the interval reaches into another band."""
        return bool(self.candidates)

    @property
    def span(self) -> str:
        """The kind of span that the value speaks of where its metric alone does not say it, else ``""``."""
        return self.claim.kind if self.claim is not None else ""

    @property
    def not_bound(self) -> bool:
        """Whether there is no value because no column or cell was found for an input."""
        return self.why is not None and self.why.code == "not_bound"

    @property
    def missing_input(self) -> str:
        """The input that was not found, ``""`` where the reason is another or something like it is there."""
        if self.why is None or self.why.key not in ("not_bound", "not_bound.looked_for"):
            return ""
        return str(self.why.values["input"])


def incomplete(result: Result, key: str = "incomplete_judged") -> Message:
    """Return how much there is of the period of a result that is not whole."""
    coverage = result.coverage
    assert coverage is not None
    assert result.period is not None
    part = Message(f"part_of_{coverage.unit}", have=coverage.have, of=coverage.of)
    return Message(key, period=Period(result.period), part=part)
