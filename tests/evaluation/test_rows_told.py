"""Rows that say that they do not count, ids that repeat, and words that nobody knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from metricsheet import evaluate
from metricsheet.report.scorecard import Scorecard

ROOT = Path(__file__).parents[2]
PAYMENTS = {
    "Payment ID": ["p1", "p2", "p3", "p4", "p4"],
    "Customer ID": ["a", "b", "b", "c", "c"],
    "Amount": [100, 80, 50, 20, 10],
    "Status": ["paid", "Refunded", "failed", "paid", "paid"],
}


def card_of(table: dict[str, list[Any]], **options: Any) -> Scorecard:
    return evaluate(table, metrics=str(ROOT / "metrics.yaml"), **options)


def value(card: Scorecard, metric: str) -> float | None:
    return next(result.value for result in card.results if result.metric == metric)


def reason(card: Scorecard, metric: str) -> str:
    return next(result.why.code for result in card.results if result.metric == metric if result.why)


def told(card: Scorecard, code: str) -> list[tuple[str, str]]:
    return [(str(p.message), str(p.hint or "")) for p in card.problems if p.code == code]


def test_rows_that_do_not_count_are_told_and_counted() -> None:
    card = card_of(PAYMENTS)
    assert value(card, "listed_revenue") == 260
    assert told(card, "rows_not_counting") == [
        (
            "data: Status marks rows that do not count, but they are counted: Refunded (1), failed (1)",
            "--where 'Status = \"paid\"' leaves them out",
        )
    ]


def test_nothing_is_told_of_rows_left_out() -> None:
    card = card_of(PAYMENTS, where='Status = "paid"')
    assert value(card, "listed_revenue") == 130
    assert told(card, "rows_not_counting") == []


def test_several_words_that_count() -> None:
    card = card_of({**PAYMENTS, "Status": ["paid", "refunded", "captured", "paid", "paid"]})
    assert [hint for _, hint in told(card, "rows_not_counting")] == [
        "--where 'Status <> \"refunded\"' leaves them out"
    ]


def test_a_header_of_several_words_is_in_brackets() -> None:
    table = {**PAYMENTS, "Payment status": PAYMENTS["Status"]}
    del table["Status"]
    ((_, hint),) = told(card_of(table), "rows_not_counting")
    assert hint == "--where '[Payment status] = \"paid\"' leaves them out"
    assert value(card_of(table, where='[Payment status] = "paid"'), "listed_revenue") == 130


def test_ids_that_repeat_are_told() -> None:
    assert told(card_of(PAYMENTS), "ids_repeat") == [
        ("data: Payment ID repeats: 4 different values in 5 rows", "")
    ]


LIST = {
    "Customer ID": ["a", "b", "a", "c"],
    "Monthly price": [10, 20, 10, 30],
    "Churned": ["yes", "no", "yes", "no"],
    "Month": ["2024-01", "2024-01", "2024-02", "2024-02"],
}


@pytest.mark.parametrize("metric", ["churn_rate_flags", "mrr_listed", "grr_flags", "arpa_retained"])
def test_a_list_with_customers_twice_is_refused(metric: str) -> None:
    card = card_of(LIST)
    assert value(card, metric) is None
    assert reason(card, metric) == "not_one_row_per_customer"
    assert value(card, "customer_count") == 3


def test_each_customer_once_in_a_period() -> None:
    card = card_of(LIST, period="month", only=["mrr_listed"])
    assert [result.value for result in card.results] == [30, 40]


SUBSCRIPTIONS = {
    "Customer ID": ["a", "b", "c"],
    "Subscription price": [100, 240, 50],
    "Billing months": ["month", "Yearly", "3 months"],
}


@pytest.mark.parametrize(
    ("words", "mrr"),
    [
        (["active", "active ", "canceled"], 120),
        (["aktiv", "Aktiv", "gekündigt"], 120),
        (["契約中", "有効", "解約済"], 120),
        (["attivo", "past_due", "disdetto"], 120),
        (["aktif", "iptal", "deneme"], 100),
        (["canceled", "canceled", "canceled"], 0),
    ],
)
def test_words_of_a_status_in_five_languages(words: list[str], mrr: float) -> None:
    card = card_of({**SUBSCRIPTIONS, "Subscription status": words})
    assert value(card, "mrr_subscriptions") == pytest.approx(mrr)
    assert told(card, "words_not_met") == told(card, "unknown_words") == []


def test_words_that_nobody_knows_are_no_zero() -> None:
    card = card_of({**SUBSCRIPTIONS, "Subscription status": ["aktywna", "aktywna", "anulowana"]})
    assert value(card, "mrr_subscriptions") is None
    assert told(card, "words_not_met") == [
        (
            "subscription_status holds none of the words that formulas look for; "
            "found: aktywna (2), anulowana (1)",
            "add them to a list under words: in your definitions",
        )
    ]


def test_some_words_that_nobody_knows_are_told() -> None:
    card = card_of({**SUBSCRIPTIONS, "Subscription status": ["active", "active", "wstrzymana"]})
    assert value(card, "mrr_subscriptions") == 120
    assert told(card, "unknown_words")[0][0] == "subscription_status holds unknown words: wstrzymana (1)"


@pytest.mark.parametrize(("amount", "told"), [(100, True), (-100, False), ("(100.00)", False)])
def test_refunds_with_negative_amounts_take_back_what_was_counted(amount: Any, told: bool) -> None:
    source = {
        "Order ID": [1, 2, 3],
        "Date": ["2024-01-02", "2024-01-03", "2024-01-04"],
        "Customer ID": ["a", "b", "a"],
        "Type": ["Sale", "Sale", "Refund"],
        "Amount": [100, 50, amount],
        "Profit": [20, 10, -20],  # no input: what it says of refunds does not count
    }
    card = evaluate(source)
    assert [p.code for p in card.problems if p.code == "rows_not_counting"] == ["rows_not_counting"] * told


@pytest.mark.parametrize(
    ("header", "weights", "told"),
    [("Weight", [1, 2, 0.5], True), ("Gewichtung", [1, 2, 1], True), ("Weight", [1, 1, 1], False)],
)
def test_weights_of_answers_are_told(header: str, weights: list[float], told: bool) -> None:
    card = evaluate({"NPS": [10, 9, 3], header: weights})
    found = [p.code for p in card.problems if p.code == "weights_not_used"]
    assert found == ["weights_not_used"] * told
