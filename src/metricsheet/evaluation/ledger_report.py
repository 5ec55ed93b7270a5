"""What a ledger of subscriptions shows: movements by period and slice, cohorts, and who moved."""

from __future__ import annotations

from collections.abc import Mapping

from metricsheet.engines.ledger.retention import Age, Retention
from metricsheet.evaluation.intervals import wilson_interval
from metricsheet.evaluation.options import PeriodLength
from metricsheet.evaluation.periods import bounds
from metricsheet.evaluation.result import FEW, Coverage
from metricsheet.evaluation.subscriptions import LeftOut
from metricsheet.evaluation.table_rows import SliceKey
from metricsheet.language.message import Message
from metricsheet.precision import in_15_digits
from metricsheet.records import field, record
from metricsheet.rules.language.facts import NEWEST_COHORT
from metricsheet.values import Cell

LEDGER = " (ledger)"
"""What the name of a table of movements ends in, which was made of one of subscriptions."""

_NAMED, _NEWEST = 3, "newest"


@record
class LedgerRow:
    """One period of a ledger, of all customers or of one slice: money, and numbers of customers.

    ``amounts`` and ``customers`` are by kind of movement. ``retention`` is that of the customers at the
    start, in a slice without transfers; ``whole`` is false for a period that is not over.
    """

    slice: SliceKey
    period: str
    whole: bool
    start: float
    end: float
    amounts: Mapping[str, float]
    customers: Mapping[str, int]
    customers_at_start: int
    customers_at_end: int
    came_and_went: int | None
    came_amount: float | None
    transferred_in: float
    transferred_out: float
    retention: Retention

    def coverage(self, newest: int) -> Coverage:
        """Return how many days of the period there are until the day ``newest``."""
        first, last = bounds(self.period)
        return Coverage(int(newest - first) + 1, int(last - first) + 1, "days")


@record
class LedgerMove:
    """What one customer did in one period, with the rows of the file that it comes from."""

    customer: str
    period: str
    kind: str
    before: float
    after: float
    came: float
    rows: tuple[str, ...]


@record
class CohortRow:
    """One cohort by age: people, and money of the base, now and kept; ``name`` is ``""`` for all together."""

    name: str
    size: int
    base: float
    ages: tuple[Age, ...]
    unit: int


@record
class PaidTime:
    """What a customer pays from a ``first`` day to a ``last`` one (``None`` while it goes on), day after day.

    Days are serial numbers; ``rows`` are those of the file that count on them.
    """

    first: int
    last: int | None
    amount: float
    currency: str
    rows: tuple[str, ...]


@record
class LedgerReport:
    """The ledger of a table in one currency.

    ``settings`` hold for it. ``cohort`` is what groups the cohorts, a length of period or a header, and
    ``ages`` the length of their ages. ``newest`` is the last day that counts, ``stake`` the share of the
    monthly amount that was left out. ``attributes`` are the headers of slices: of the ``customer`` where all
    its rows say the same, else of the ``subscription``.
    """

    source: str
    table: str
    currency: str
    settings: Mapping[str, str]
    rows: tuple[LedgerRow, ...]
    moves: tuple[LedgerMove, ...]
    cohort: str
    ages: PeriodLength
    cohorts: tuple[CohortRow, ...]
    newest: int = 0
    left_out: tuple[LeftOut, ...] = ()
    stake: float = 0.0
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def stake_told(self) -> Message | None:
        """Return what to tell of the rows left out, ``None`` where they hold next to nothing."""
        return Message("ledger_stake", share=round(100 * self.stake, 1)) if self.stake > 0.01 else None


def moved_most(report: LedgerReport) -> dict[str, str]:
    """Return by period the three customers whose monthly amount changed most, with the change."""
    by_period: dict[str, list[LedgerMove]] = {}
    for move in report.moves:
        if move.before != move.after:
            by_period.setdefault(move.period, []).append(move)
    found = {}
    for period, moves in by_period.items():
        moves.sort(key=lambda move: (-abs(move.after - move.before), move.customer))
        shown = (
            f"{move.customer} {in_15_digits(move.after - move.before):+,.10g}" for move in moves[:_NAMED]
        )
        found[period] = ", ".join(shown)
    return found


def cohort_facts(report: LedgerReport) -> dict[str, Cell]:
    """Return the facts of all cohorts together by age, and of the newest that has come to it.

    There are none of few customers: neither says much.
    """
    facts: dict[str, Cell] = {}
    by_period = report.cohorts[:-1] if report.cohort == report.ages else ()
    for age, one in enumerate(report.cohorts[-1].ages if report.cohorts else ()):
        key = f"cohort.{report.ages}_{age}"
        newest = next((cohort for cohort in reversed(by_period) if len(cohort.ages) > age), None)
        if age and one.size >= FEW:
            facts |= _shares(key, ".", one) | {key: one.customers / one.size}
            if one.base:
                facts |= {f"{key}.net": one.amount / one.base, f"{key}.gross": one.kept / one.base}
        if age and newest is not None and newest.size >= FEW:
            facts |= _shares(key, f".{_NEWEST}_", newest.ages[age])
            facts[f"{key}.{_NEWEST}"] = newest.ages[age].customers / newest.size
            facts[f"{key}.{NEWEST_COHORT}"] = newest.name
    return facts


def _shares(key: str, prefix: str, one: Age) -> dict[str, Cell]:
    interval = wilson_interval(one.customers, one.size)
    assert interval is not None
    values = zip(("low", "high", "n"), (*interval, float(one.size)), strict=True)
    return {f"{key}{prefix}{part}": value for part, value in values}
