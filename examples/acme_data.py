"""The story behind the demo workbook: two years of a software company with three customer segments.

Winning customers gets dearer from 2024 on, most of all in self-service, where one customer in thirty leaves
each month; enterprise is healthy; the checkout is the touch point that customers complain about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias

Value: TypeAlias = str | int | float | dt.date | None

MONTHS = tuple(dt.date(year, month, 1) for year in (2023, 2024) for month in range(1, 13))


@dataclass(frozen=True)
class Sheet:
    """A table as it stands in a workbook: ``title`` lines above the header, then ``rows``."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Value]]
    title: Sequence[str] = ()
    money: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Segment:
    """Yearly facts of one segment: values at the start and at the end, the months between on a line."""

    name: str
    customers: int
    new: int
    lost_share: tuple[float, float]
    price: tuple[float, float]
    cost_to_win: tuple[float, float]
    first_year: float
    upsell: float
    one_time: float
    leads_per_win: float
    visits_per_lead: float
    promoters: float
    detractors: float


SEGMENTS = (
    Segment("Enterprise", 118, 3, (0.006, 0.006), (1850, 1960), (6400, 6450), 22400,
            0.17, 0.06, 14, 14, 0.52, 0.16),
    Segment("Mid-market", 610, 21, (0.016, 0.018), (310, 322), (1120, 1560), 3480,
            0.11, 0.04, 13, 20, 0.41, 0.27),
    Segment("Self-service", 3900, 126, (0.019, 0.034), (39, 36.5), (112, 236), 352,
            0.05, 0.03, 12, 26, 0.29, 0.40),
)  # fmt: skip

TOUCHPOINTS = (("Product", 0.87, 5.8), ("Support", 0.78, 5.2), ("Checkout", 0.51, 3.5))
"""Name, share of satisfied answers, mean ease of each touch point."""

COMMENTS = {
    "Product": ("Does what we need", "Dashboards are clear", "Exports are slow"),
    "Support": ("Quick answer", "Had to explain twice", "Friendly and competent"),
    "Checkout": ("Invoice details asked three times", "Card refused, no reason given",
                 "Could not find the discount"),
}  # fmt: skip


def sheets(seed: int = 20240101) -> tuple[Sheet, ...]:
    """Return the sheets of the demo workbook; the same seed gives the same numbers everywhere."""
    rng = Random(seed)
    survey = _survey(rng)
    customers, subscriptions = _customers(rng)
    wins = {(row[0], row[1]): row[4] for row in customers.rows}
    return survey, customers, _marketing(rng, wins), subscriptions, _deals(rng)


def _along(ends: tuple[float, float], month: int, bend: int = 0) -> float:
    """Return the value at ``month`` on a line between two ends that starts to move at month ``bend``."""
    share = max(0, month - bend) / (len(MONTHS) - 1 - bend)
    return ends[0] + (ends[1] - ends[0]) * share


def _near(rng: Random, value: float, share: float = 0.01) -> float:
    """Return ``value`` moved by up to ``share`` of it."""
    return value * (1 + share * (2 * rng.random() - 1))


def _pick(rng: Random, options: Sequence[str]) -> str:
    return options[int(rng.random() * len(options))]


def _survey(rng: Random) -> Sheet:
    rows: list[tuple[Value, ...]] = []
    for number in range(612):
        day = dt.date(2023, 1, 3) + dt.timedelta(days=int(number * 724 / 612))
        segment = SEGMENTS[min(2, int(rng.random() * 3.6))]
        place, satisfied, ease = TOUCHPOINTS[min(2, int(rng.random() * 3))]
        customer = f"C{10000 + int(rng.random() * 4600)}"
        recommend = _recommendation(rng, segment)
        score = 6 + int(rng.random() * 5) if rng.random() < satisfied else 1 + int(rng.random() * 5)
        effort = min(7, max(1, round(ease + 3 * (rng.random() - 0.5))))
        answers: list[Value] = [recommend, score, effort]
        for position in range(3):
            # people skip questions; some tools write that as a blank, others as n/a
            luck = rng.random()
            if luck < 0.025:
                answers[position] = "n/a" if luck < 0.008 else None
        comment = _pick(rng, COMMENTS[place]) if rng.random() < 0.35 else None
        rows.append((day, customer, segment.name, place, *answers, comment))
    return Sheet(
        "Survey",
        ("Date", "Respondent", "Segment", "Touchpoint", "Recommend score (0-10)",
         "Satisfaction score (1-10)", "Ease score (1-7)", "Comment"),
        rows,
    )  # fmt: skip


def _recommendation(rng: Random, segment: Segment) -> int:
    luck = rng.random()
    if luck < segment.promoters:
        return 9 + int(rng.random() * 2)
    if luck > 1 - segment.detractors:
        return int(7 * (1 - rng.random() ** 2))
    return 7 + int(rng.random() * 2)


def _customers(rng: Random) -> tuple[Sheet, Sheet]:
    monthly: list[tuple[Value, ...]] = []
    movements: list[tuple[Value, ...]] = []
    standing = {segment.name: segment.customers for segment in SEGMENTS}
    recurring = {segment.name: round(segment.customers * segment.price[0], 2) for segment in SEGMENTS}
    for index, month in enumerate(MONTHS):
        for segment in SEGMENTS:
            start = standing[segment.name]
            lost = round(_near(rng, start * _along(segment.lost_share, index, 6), 0.06))
            new = max(1, round(_near(rng, segment.new, 0.05)))
            end = start - lost + new
            price = round(_near(rng, _along(segment.price, index), 0.004), 2)
            base = round(end * price, 2)
            extra = round(_near(rng, base * segment.one_time, 0.1), 2)
            cohort = max(1, round(_near(rng, segment.new, 0.05)))
            cohort_revenue = round(cohort * _near(rng, segment.first_year, 0.01), 2)
            upsell = round(_near(rng, base * segment.upsell, 0.05), 2)
            established = round((base + extra) * _near(rng, 0.62, 0.03), 2)
            total = round(base + extra, 2)
            monthly.append(
                (month, segment.name, start, lost, new, end, price, extra, cohort, cohort_revenue,
                 upsell, established, total)
            )  # fmt: skip
            movements.append(_movement(month, segment, recurring[segment.name], base, new, lost, price))
            standing[segment.name], recurring[segment.name] = end, base
    header = (
        "Month", "Segment", "Customers at start", "Customers lost", "New customers", "Active customers",
        "Average revenue", "Non-recurring revenue", "Customers (first-year cohort)",
        "Revenue (first-year cohort)", "Upsell revenue", "Existing customer revenue", "Total revenue",
    )  # fmt: skip
    title = (
        "Acme Software: customers and revenue by month and segment",
        "First-year cohort: customers who completed their first year in the month, and what they spent in it",
    )
    money = (*header[6:8], *header[9:])
    return Sheet("Customers", header, monthly, title, money), _subscriptions(movements)


def _movement(
    month: dt.date, segment: Segment, before: float, after: float, new: int, lost: int, price: float
) -> tuple[Value, ...]:
    """Return one month's movements of recurring revenue, which add up to the cent."""
    won, gone = round(new * price, 2), round(lost * price, 2)
    back = round(price * (1 if new > 2 else 0), 2)
    change = round(after - before - won - back + gone, 2)
    shrunk = round(before * 0.004, 2)
    grown = round(change + shrunk, 2)
    if grown < 0:
        grown, shrunk = 0.0, -change
    return month, segment.name, before, won, grown, shrunk, gone, back, after


def _subscriptions(movements: Sequence[Sequence[Value]]) -> Sheet:
    header = ("Month", "Segment", "MRR at start", "New MRR", "Expansion", "Contraction", "Churned MRR",
              "Reactivation", "MRR at end")  # fmt: skip
    return Sheet("Subscriptions", header, movements, money=header[2:])


def _marketing(rng: Random, wins: dict[tuple[Value, Value], Value]) -> Sheet:
    header = (
        "Month", "Segment", "Impressions", "Ad clicks", "Ad cost", "Marketing cost", "Sales cost", "Visitors",
        "Leads", "MQL", "SAL", "SQL", "Opportunities", "Won deals", "Lost deals", "Emails sent",
        "Emails delivered", "Opens", "Clicks", "Unsubscribes", "Bounces",
    )  # fmt: skip
    return Sheet("Marketing", header, list(_marketing_rows(rng, wins)), money=header[4:7])


def _marketing_rows(rng: Random, wins: dict[tuple[Value, Value], Value]) -> Iterator[tuple[Value, ...]]:
    for index, month in enumerate(MONTHS):
        for segment in SEGMENTS:
            won = wins[month, segment.name]
            assert isinstance(won, int)
            spent = won * _near(rng, _along(segment.cost_to_win, index, 10), 0.005)
            marketing = round(spent * 0.62, 2)
            leads = round(won * _near(rng, segment.leads_per_win * (1 + 0.012 * index), 0.02))
            visitors = round(leads * _near(rng, segment.visits_per_lead, 0.02))
            mql = round(leads * _near(rng, 0.46, 0.02))
            sal = round(mql * _near(rng, 0.84, 0.02))
            sql = max(won, round(sal * _near(rng, 0.78, 0.02)))
            opportunities = max(won, round(sql * _near(rng, 0.86, 0.02)))
            lost = round((opportunities - won) * 0.7)
            ad_clicks = round(visitors * _near(rng, 0.4, 0.02))
            impressions = round(ad_clicks * _near(rng, 46, 0.03))
            ad_cost = round(marketing * _near(rng, 0.55, 0.02), 2)
            sent = round(_near(rng, segment.customers * 4.2, 0.03))
            bounced = round(sent * _near(rng, 0.016, 0.1))
            delivered = sent - bounced
            opens = round(delivered * _near(rng, _along((0.24, 0.285), index), 0.02))
            clicks = round(delivered * _near(rng, _along((0.036, 0.027), index), 0.02))
            unsubscribed = round(delivered * _near(rng, _along((0.002, 0.0034), index), 0.05))
            yield (
                month, segment.name, impressions, ad_clicks, ad_cost, marketing, round(spent - marketing, 2),
                visitors, leads, mql, sal, sql, opportunities, won, lost, sent, delivered, opens, clicks,
                unsubscribed, bounced,
            )  # fmt: skip


def _deals(rng: Random) -> Sheet:
    rows: list[tuple[Value, ...]] = []
    for number in range(240):
        segment = SEGMENTS[0 if rng.random() < 0.3 else 1]
        created = dt.date(2023, 1, 9) + dt.timedelta(days=int(number * 2.8))
        days = round((74 if segment is SEGMENTS[0] else 38) * (0.5 + rng.random() + 1.2 * rng.random() ** 6))
        closed = created + dt.timedelta(days=days)
        value = round(segment.first_year * (0.6 + 0.8 * rng.random()), -1)
        open_still = closed > dt.date(2024, 12, 31)
        outcome = None if open_still else ("won" if rng.random() < 0.36 else "lost")
        rows.append(
            (f"D{2001 + number}", segment.name, created, None if open_still else closed, outcome, value)
        )
    header = ("Deal", "Segment", "Created date", "Closed date", "Deal outcome", "Deal value")
    return Sheet("Deals", header, rows, money=("Deal value",))
