"""How often the shipped rules cry wolf where nothing is truly different, and whether they find what is.

Budgets: at most 5 % false alarms in a family of comparisons; a segment of 10 % churn among 5 % is found in at
least 95 % of draws at 1,000 customers each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.rules import chance

TRIALS = 2_000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report: how often a rule fired in the draws of one world."""

    rule: str
    world: str
    share: float
    at_most: float = 0.05
    at_least: float = 0.0

    @property
    def kept(self) -> bool:
        """Whether the share keeps its budget, with three standard errors for the draws."""
        slack = 3 * (0.05 * 0.95 / TRIALS) ** 0.5
        return self.at_least - slack <= self.share <= self.at_most + slack

    def __str__(self) -> str:
        budget = f">= {self.at_least:.0%}" if self.at_least else f"<= {self.at_most:.0%}"
        verdict = "within" if self.kept else "OVER"
        return f"  {self.rule:<28} {self.world:<46} {self.share:7.1%}  {budget:<8} {verdict}"


def worlds() -> Iterator[tuple[str, str, chance.Draw]]:
    """Yield rule, world and its draws, all without any true difference."""
    for count in (3, 5, 10):
        draw = chance.segments("churn_rate_mean", count, 100, 0.05)
        yield "churn_concentrated", f"{count} segments of 100, 5 %", draw
    yield (
        "listed_churn_concentrated",
        "10 segments of 100, 20 %",
        chance.segments("churn_rate_flags", 10, 100, 0.2),
    )
    for count in (2, 4, 8):
        draw = chance.segments("css", count, 40, 0.75, "Touchpoint")
        yield "touchpoint_satisfaction_gap", f"{count} touch points of 40, 75 %", draw
    yield "satisfaction_below_rest", "10 regions of 40, 75 %", chance.segments("css", 10, 40, 0.75)
    yield "loyalty_below_rest", "10 segments of 60", chance.answers("nps", 10, 60, chance.SCORES)
    yield "ease_gap", "8 touch points of 15", chance.answers("ces", 8, 15, chance.EFFORT)
    for n in (50, 300):
        yield "loyalty_falls", f"12 months of {n}", chance.answers_by_month("nps", 12, n, chance.SCORES)
    for n in (100, 1_000):
        yield (
            "churn_rising",
            f"12 months of {n:,}, 4 %",
            chance.people_by_month("churn_rate_mean", 12, n, 0.04),
        )
    draw = chance.segments_by_month("churn_rate_mean", 8, 4, 200, 0.05)
    yield "churn_rising", "anywhere in 8 segments of 200, 4 months, 5 %", draw
    yield "satisfaction_falls", "12 months of 100, 75 %", chance.people_by_month("css", 12, 100, 0.75)
    yield "fewer_responses", "12 months of 500, 10 %", chance.people_by_month("response_rate", 12, 500, 0.1)
    yield "fewer_deals_won", "12 months of 60, 35 %", chance.people_by_month("win_rate", 12, 60, 0.35)
    yield (
        "unsubscribes_rise",
        "12 months of 2,000, 0.5 %",
        chance.people_by_month("unsubscribe_rate", 12, 2_000, 0.005),
    )
    for rule, metric in (
        ("visitors_get_dearer", "cost_per_visitor"),
        ("leads_get_dearer", "cost_per_lead"),
        ("cac_rising", "cac"),
        ("mrr_falling", "mrr"),
    ):
        for count in (10, 24):
            yield rule, f"{count} months, noise of 3 %", chance.figures_by_month(metric, count, 0.03)
    for rule in ("mrr_swings", "mrr_leaks", "mrr_keeps_falling"):
        for noise in (0.03, 0.1):
            yield rule, f"24 months, noise of {100 * noise:.0f} %", chance.figures_by_month("mrr", 24, noise)


def rows() -> Iterator[Row]:
    """Yield the share of draws in which each rule fires."""
    for rule, world, draw in worlds():
        yield Row(rule, world, chance.how_often(rule, draw, TRIALS))
    found = "10 segments of 1,000, one at 10 % among 5 %"
    draw = chance.segments("churn_rate_mean", 10, 1_000, 0.05, first=0.1)
    yield Row("churn_concentrated", found, chance.how_often("churn_concentrated", draw, 500), 1.0, 0.95)
    dearer = chance.figures_by_month("cac", 24, 0.03, last=1.25)
    yield Row(
        "cac_rising",
        "24 months, noise of 3 %, up by 25 %",
        chance.how_often("cac_rising", dearer, 500),
        1.0,
        0.95,
    )
