"""A flag that says no beside a date or status that says otherwise is told, and counted all the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from metricsheet import evaluate
from metricsheet.report.scorecard import Scorecard

ROOT = Path(__file__).parents[2]
IDS = ["c1", "c2", "c3", "c4", "c5", "c6"]
STARTS = ["2023-01-05", "2023-02-05", "2023-03-05", "2023-04-05", "2023-05-05", "2024-05-05"]
ENDS = ["2024-02-01", "2024-01-01", None, "2024-12-31", None, "2024-03-03"]
FLAGS = ["Yes", "No", "no", "No", "Yes", "No"]
PRICES = [10, 10, 10, 10, 10, 10]
CUSTOMERS = {
    "Customer ID": IDS,
    "Churned": FLAGS,
    "Start date": STARTS,
    "End date": ENDS,
    "Monthly price": PRICES,
}
STATUSES = ["canceled", "Gekündigt", "active", "canceled", "active", "trialing"]
SUBSCRIPTIONS = {
    "Customer ID": IDS,
    "Plan": ["A", "B", "A", "B", "A", "B"],
    "Status": STATUSES,
    "MRR": PRICES,
    "Churned": [1, 0, 0, 0, 1, 0],
}


def card_of(table: dict[str, list[Any]], **options: Any) -> Scorecard:
    return evaluate(table, metrics=str(ROOT / "metrics.yaml"), **options)


def told(card: Scorecard) -> list[tuple[str, str]]:
    return [(str(p.message), str(p.hint)) for p in card.problems if p.code == "flag_contradicted"]


FOUND = {
    "an end before the newest day, not one that is planned": (
        CUSTOMERS,
        "data: Churned is no in 2 rows, in contradiction to End date (first at B3)",
        4,
    ),
    "the ends of those who left tell which day it is": (
        {
            "Customer ID": IDS,
            "Churned": FLAGS,
            "End date": ENDS,
            "Monthly price": PRICES,
        },
        "data: Churned is no in 1 row, in contradiction to End date (first at B3)",
        5,
    ),
    "a status that says canceled, in any language": (
        SUBSCRIPTIONS,
        "data: Churned is no in 2 rows, in contradiction to Status (first at E3)",
        4,
    ),
    "both": (
        {**SUBSCRIPTIONS, "End date": ["2024-02-01", "2024-01-01", "2023-05-01", None, None, None]},
        "data: Churned is no in 3 rows, in contradiction to End date and Status (first at E3)",
        3,
    ),
    "headers with signs": (
        {
            "Customer ID": IDS,
            "Churned?": FLAGS,
            "Start date": STARTS,
            "End date (UTC)": ENDS,
            "Monthly price": PRICES,
        },
        "data: Churned? is no in 2 rows, in contradiction to End date (UTC) (first at B3)",
        4,
    ),
}


@pytest.mark.parametrize("case", FOUND)
def test_contradictions_are_told_with_what_leaves_them_out(case: str) -> None:
    table, said, kept = FOUND[case]
    card = card_of(table)
    ((message, hint),) = told(card)
    assert message == said
    options = re.findall(r"--where '(.*?)'(?= |$)", hint)
    assert told(card_of(table, where=options)) == []
    rate = next(r for r in card_of(table, where=options).results if r.metric == "churn_rate_flags")
    assert rate.n == kept
    assert next(r for r in card.results if r.metric == "churn_rate_flags").n == len(IDS)


NOT_FOUND = {
    "a yes without an end": {**CUSTOMERS, "End date": [None, None, None, None, "2024-01-01", None]},
    "ends of which nobody knows whether they lie ahead": {
        "Customer ID": IDS,
        "Churned": ["No"] * 6,
        "End date": ENDS,
        "Monthly price": PRICES,
    },
    "blank flags": {**CUSTOMERS, "Churned": ["Yes", None, "No", None, "Yes", None]},
    "active and trialing": {
        **SUBSCRIPTIONS,
        "Status": ["canceled", "active", "trialing"] * 2,
        "Churned": [1, 0, 0] * 2,
    },
    "no flag at all": {key: cells for key, cells in CUSTOMERS.items() if key != "Churned"},
}


@pytest.mark.parametrize("case", NOT_FOUND)
def test_nothing_is_told_where_nothing_is_contradicted(case: str) -> None:
    assert told(card_of(NOT_FOUND[case])) == []


def test_it_is_told_of_the_metrics_asked_for() -> None:
    assert len(told(card_of(CUSTOMERS, only="churn_rate_flags"))) == 1
    assert told(card_of(CUSTOMERS, only="nps")) == []
