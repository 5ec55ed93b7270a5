"""Files with the headers that people bring give the figures due, by formulas of the test's own.

They are in ordinary_files.txt: exports of usual platforms and tables made by hand, in six languages.
"""

from __future__ import annotations

import csv
import io
import random
import statistics
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from metricsheet.api import evaluate
from tests.stages import some

_ROWS = 12
_COUNTS = {
    "impressions": (9_000, 90_000),
    "reach": (4_000, 8_000),
    "ad_clicks": (90, 900),
    "conversions": (5, 60),
    "sessions": (900, 4_000),
    "visitors": (700, 900),
    "leads": (80, 400),
    "mql": (60, 79),
    "sal": (50, 59),
    "sql": (40, 49),
    "opportunities": (30, 39),
    "won_deals": (5, 15),
    "lost_deals": (5, 14),
    "contacts_reached": (900, 3_000),
    "responses": (20, 90),
    "delivered": (2_000, 9_000),
    "bounces": (9, 90),
    "opens": (300, 900),
    "clicks": (30, 200),
    "unsubscribes": (1, 9),
    "promoters": (40, 70),
    "passives": (10, 40),
    "detractors": (5, 25),
    "new_customers": (20, 60),
    "customers_lost": (5, 20),
    "active_customers": (400, 900),
    "orders": (1, 5),
    "deal_value": (900, 9_000),
    "monthly_price": (19, 149),
    "few": (1, 40),
    "count": (1_000, 9_000),
}
_AMOUNTS = {
    "ad_cost": (90, 900),
    "marketing_cost": (3_000, 6_000),
    "sales_cost": (4_000, 8_000),
    "sales_marketing_cost": (7_000, 14_000),
    "average_revenue": (40, 60),
    "total_revenue": (900, 9_000),
    "revenue": (20, 400),
    "mrr_at_start": (30_000, 60_000),
    "mrr_at_end": (30_000, 60_000),
    "mrr_new": (900, 3_000),
    "mrr_expansion": (300, 900),
    "mrr_contraction": (100, 300),
    "mrr_churned": (300, 900),
    "mrr_reactivation": (50, 90),
    "amount": (1, 9_999),
    "number": (0, 3),
}
_SCALES = {
    "recommend_score": (0, 10),
    "satisfaction_answer": (1, 5),
    "satisfaction_score": (1, 10),
    "effort_score": (1, 7),
}
_TEXTS = ("alpha", "beta", "gamma", "delta", "zeta", "eta", "theta", "iota", "kappa", "mu", "nu", "xi")
_COMMENTS = ("Fine", "", "Too slow")

Cells = dict[str, list[Any]]


class Case(NamedTuple):
    """A file: its kind, what else is said of it, and its headers with what their cells hold."""

    kind: str
    said: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]


def _cases() -> dict[str, Case]:
    found: dict[str, Case] = {}
    lines = (Path(__file__).parent / "ordinary_files.txt").read_text(encoding="utf-8").split("\n")
    blocks = "\n".join(line for line in lines if not line.startswith("#")).split("\n\n")
    for block in filter(str.strip, blocks):
        head, _, body = block.strip().partition("\n")
        name, _, said = head.partition(": ")
        kind, *more = said.split(", ")
        columns = [text.rpartition(" = ")[::2] for text in " ".join(body.split()).split(" | ")]
        found[name] = Case(kind, tuple(more), tuple((header, holds) for header, holds in columns))
    return found


CASES = _cases()


def _cells(case: Case, dice: random.Random) -> Cells:
    """Return invented values for everything that a column may hold."""
    cells: Cells = {name: [dice.randint(*ends) for _ in range(_ROWS)] for name, ends in _COUNTS.items()}
    cells |= {name: [dice.randint(*ends) + 0.25 for _ in range(_ROWS)] for name, ends in _AMOUNTS.items()}
    for name, (low, high) in _SCALES.items():
        cells[name] = [low, high, high, high - 1, *(dice.randint(low, high) for _ in range(_ROWS - 4))]
    cells["sent"] = [sum(pair) for pair in zip(cells["delivered"], cells["bounces"], strict=True)]
    start = 500
    for name in ("customers_at_start", "customers_at_end"):
        cells[name] = []
    for won, lost in zip(cells["new_customers"], cells["customers_lost"], strict=True):
        cells["customers_at_start"].append(start)
        start += won - lost
        cells["customers_at_end"].append(start)
    names = [f"C{1000 + 7 * row}" for row in range(_ROWS)]
    cells["customer_id"] = [dice.choice(names[:5]) for _ in names] if "repeated" in case.said else names
    cells["id"] = [50_000 + 13 * row for row in range(_ROWS)]
    cells["text"], cells["comment"] = list(_TEXTS), [dice.choice(_COMMENTS) for _ in _TEXTS]
    cells["percent"], cells["blank"] = [f"{dice.randint(1, 9)}%" for _ in _TEXTS], [""] * _ROWS
    first = date(2024, 1, 15)
    for name in ("date", "day", "created_date", "start_date"):
        cells[name] = [first + timedelta(dice.randint(0, 90)) for _ in _TEXTS]
    cells["closed_date"] = [day + timedelta(dice.randint(13, 90)) for day in cells["created_date"]]
    if "month" in case.said or "quarter" in case.said:
        step = 3 if "quarter" in case.said else 1
        months = range(0, _ROWS * step, step)
        cells["date"] = [date(2022 + month // 12, 1 + month % 12, 1) for month in months]
    return cells


def _columns(case: Case) -> tuple[Cells, list[list[Any]]]:
    """Return what is in the columns by its name, and the columns as they are written."""
    dice = random.Random(str(case.columns))
    values, found, written = _cells(case, dice), {}, []
    for _, holds in case.columns:
        name, _, words = holds.partition(" ")
        if name == "always":
            written.append([words] * _ROWS)
        elif words:
            picks = [0, 0, 0, *(dice.randint(0, words.count("/")) for _ in range(_ROWS - 5)), 1, 1]
            dice.shuffle(picks)
            found[name] = picks
            written.append([words.split("/")[pick] for pick in picks])
        else:
            found[name] = values[name]
            written.append(values[name])
    return found, written


def _text(cell: Any, *, comma: bool) -> str:
    return str(cell).replace(".", ",") if comma and isinstance(cell, float) else str(cell)


def _file(case: Case, written: Sequence[Sequence[Any]]) -> str:
    out, comma = io.StringIO(), "comma" in case.said
    rows = csv.writer(out, delimiter=";" if comma else ",", lineterminator="\n")
    rows.writerow([header for header, _ in case.columns])
    rows.writerows([_text(cell, comma=comma) for cell in row] for row in zip(*written, strict=True))
    return out.getvalue()


def _ratio(over: str, under: str, times: int = 1) -> tuple[tuple[str, ...], Callable[[Cells], float]]:
    return (over, under), lambda c: times * sum(c[over]) / sum(c[under])


def _of_won(c: Cells, name: str) -> list[Any]:
    return [value for value, pick in zip(c[name], c["deal_won"], strict=True) if pick == 0]


def _share(c: Cells, name: str, low: int) -> float:
    return sum(answer >= low for answer in c[name]) / len(c[name])


def _nps(c: Cells) -> float:
    answers = c["recommend_score"]
    return 100 * (sum(one >= 9 for one in answers) - sum(one <= 6 for one in answers)) / len(answers)


def _mrr_of_subscriptions(c: Cells) -> float:
    rows = zip(c["monthly_price"], c["billing_months"], c["subscription_status"], strict=True)
    return sum(price / (12 if yearly else 1) for price, yearly, ended in rows if not ended)


def _losses(c: Cells) -> float:
    return float(sum(c["mrr_churned"]) + sum(c["mrr_contraction"])) / c["mrr_at_start"][0]


def _price_of(c: Cells, left: int) -> int:
    return sum(price for price, flag in zip(c["monthly_price"], c["churned"], strict=True) if flag == left)


_EMAIL = {
    "open_rate": _ratio("opens", "delivered"),
    "click_rate": _ratio("clicks", "delivered"),
    "unsubscribe_rate": _ratio("unsubscribes", "delivered"),
    "delivery_rate": _ratio("delivered", "sent"),
    "click_to_open": _ratio("clicks", "opens"),
}
_FIGURES = {
    "sessions_total": (("sessions",), lambda c: sum(c["sessions"])),
    "visitors_total": (("visitors",), lambda c: sum(c["visitors"])),
    "new_leads": (("leads",), lambda c: sum(c["leads"])),
    "visitor_to_lead": _ratio("leads", "visitors"),
    "lead_to_mql": _ratio("mql", "leads"),
    "mql_to_sql": _ratio("sql", "mql"),
    "opportunity_to_won": _ratio("won_deals", "opportunities"),
    "win_rate": (
        ("won_deals", "lost_deals"),
        lambda c: sum(c["won_deals"]) / (sum(c["won_deals"]) + sum(c["lost_deals"])),
    ),
    "cac_combined": _ratio("sales_marketing_cost", "new_customers"),
    "cac": (
        ("marketing_cost", "sales_cost", "new_customers"),
        lambda c: (sum(c["marketing_cost"]) + sum(c["sales_cost"])) / sum(c["new_customers"]),
    ),
    "churn_rate": _ratio("customers_lost", "customers_at_start"),
    "retention_rate_end": (
        ("customers_at_start", "customers_at_end", "new_customers"),
        lambda c: (c["customers_at_end"][0] - c["new_customers"][0]) / c["customers_at_start"][0],
    ),
    "arpa": (("active_customers", "average_revenue"), lambda c: c["average_revenue"][0]),
    "response_rate": _ratio("responses", "contacts_reached"),
}
DUE: dict[str, dict[str, tuple[tuple[str, ...], Callable[[Cells], float]]]] = {
    "ads": {
        "impressions_total": (("impressions",), lambda c: sum(c["impressions"])),
        "conversions_total": (("conversions",), lambda c: sum(c["conversions"])),
        "ctr": _ratio("ad_clicks", "impressions"),
        "cpc": _ratio("ad_cost", "ad_clicks"),
        "cpm": _ratio("ad_cost", "impressions", 1000),
    },
    "email": _EMAIL,
    "web": {
        **_FIGURES,
        "conversions_total": (("conversions",), lambda c: sum(c["conversions"])),
    },
    "figures": _FIGURES,
    "mrr": {
        "new_mrr": (("mrr_new",), lambda c: sum(c["mrr_new"])),
        "churned_mrr": (("mrr_churned",), lambda c: sum(c["mrr_churned"])),
        "grr": (("mrr_at_start", "mrr_churned", "mrr_contraction"), lambda c: 1 - _losses(c)),
        "nrr": (
            ("mrr_at_start", "mrr_churned", "mrr_contraction", "mrr_expansion"),
            lambda c: 1 - _losses(c) + sum(c["mrr_expansion"]) / c["mrr_at_start"][0],
        ),
    },
    "answers": {
        "nps": (("recommend_score",), _nps),
        "csat_top2box": (("satisfaction_answer",), lambda c: _share(c, "satisfaction_answer", 4)),
        "css": (("satisfaction_score",), lambda c: _share(c, "satisfaction_score", 6)),
        "ces": (("effort_score",), lambda c: statistics.mean(c["effort_score"])),
    },
    "survey_figures": {
        "nps_counts": (
            ("promoters", "passives", "detractors"),
            lambda c: (
                100
                * (sum(c["promoters"]) - sum(c["detractors"]))
                / (sum(c["promoters"]) + sum(c["passives"]) + sum(c["detractors"]))
            ),
        ),
    },
    "deals": {
        "win_rate_deals": (
            ("deal_won",),
            lambda c: c["deal_won"].count(0) / (_ROWS - c["deal_won"].count(2)),
        ),
        "average_deal_size_deals": (
            ("deal_won", "deal_value"),
            lambda c: statistics.mean(_of_won(c, "deal_value")),
        ),
        "sales_cycle": (
            ("deal_won", "created_date", "closed_date"),
            lambda c: statistics.mean(
                (end - start).days
                for start, end in zip(_of_won(c, "created_date"), _of_won(c, "closed_date"), strict=True)
            ),
        ),
    },
    "subs": {
        "mrr_subscriptions": (
            ("monthly_price", "billing_months", "subscription_status"),
            _mrr_of_subscriptions,
        ),
    },
    "orders": {
        "customer_count": (("customer_id",), lambda c: len(set(c["customer_id"]))),
        "listed_revenue": (("customer_id", "revenue"), lambda c: sum(c["revenue"])),
        "revenue_per_customer": (
            ("customer_id", "revenue"),
            lambda c: sum(c["revenue"]) / len(set(c["customer_id"])),
        ),
    },
    "customers": {
        "customer_count": (("customer_id",), lambda c: len(set(c["customer_id"]))),
        "churn_rate_flags": (("churned",), lambda c: c["churned"].count(1) / _ROWS),
        "mrr_lost": (("churned", "monthly_price"), lambda c: _price_of(c, 1)),
        "mrr_retained": (("churned", "monthly_price"), lambda c: _price_of(c, 0)),
        "repeat_rate": (("customer_id", "orders"), lambda c: _share(c, "orders", 2)),
        "average_order_value": _ratio("revenue", "orders"),
    },
}


@pytest.mark.parametrize("name", some(CASES, 20))
def test_figures_due(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    found, written = _columns(case)
    path = tmp_path / "file.csv"
    path.write_text(_file(case, written), encoding="utf-8")
    period = next((one for one in case.said if one in ("month", "quarter")), None)
    card = evaluate(path, period=period)
    got = {result.metric: result.value for result in card.results if result.value is not None}
    if period is not None:
        found = {name: cells[-1:] for name, cells in found.items()}
    known = DUE[case.kind].items()
    due = {metric: value(found) for metric, (needs, value) in known if {*needs} <= {*found}}
    assert due
    assert {metric: got.get(metric) for metric in due} == pytest.approx(due)


# what a file must not make of its headers: (its lines, the figures that may have no value)
OTHER: dict[str, tuple[str, tuple[str, ...]]] = {
    "customers, not MRR": (
        "Month,Customers BoP,New,Churn,MRR\n2024-01,500,40,12,21000\n2024-02,528,35,15,22000",
        ("new_mrr", "churned_mrr"),
    ),
    "customers who changed their plan": (
        "Month,Beginning customers,New,Churn,Upgrades,Downgrades\n2024-01,500,40,12,5,3\n2024-02,528,9,9,6,2",
        ("new_mrr", "churned_mrr", "expansion_mrr_standard", "contraction_mrr"),
    ),
    "customers or MRR": (
        "Month,Starting customers,New,Lost,Starting MRR,Ending MRR\n2024-01,500,40,12,21000,22000",
        ("new_mrr", "churned_mrr", "churn_rate"),
    ),
    "readers of a newsletter": (
        "Month,Subscribers at start,New subscribers,Unsubscribes,Subscribers at end\n2024-01,500,40,12,528",
        ("churn_rate", "retention_rate_end", "unsubscribe_rate"),
    ),
    "goods": (
        "Monat;Anfangsbestand;Zugänge;Abgänge;Endbestand\n2024-01;500;40;12;528\n2024-02;528;35;15;548",
        ("churn_rate", "churn_rate_mean", "retention_rate_end"),
    ),
    "staff": (
        "Month,Employees at start,New,Left\n2024-01,500,40,12\n2024-02,528,35,15",
        ("churn_rate", "churn_rate_mean", "retention_rate_end"),
    ),
    "a budget": (
        "Month,Marketing budget,Leads\n2024-01,500,40\n2024-02,528,35",
        ("cost_per_lead",),
    ),
    "rates under conversions": (
        "Campaign,Impressions,Clicks,Conv.,Cost\na,1000,30,3.2%,20\nb,2000,50,4.1%,30",
        ("conversions_total",),
    ),
}


@pytest.mark.parametrize("name", OTHER)
def test_words_that_mean_something_else_make_no_figure(name: str, tmp_path: Path) -> None:
    text, metrics = OTHER[name]
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    card = evaluate(path, period=None if name.startswith("rates") else "month")
    assert {r.metric for r in card.results if r.value is not None}.isdisjoint(metrics)
