"""Movements of ARR are those of MRR times twelve; rates of both are the same."""

from __future__ import annotations

from typing import Any

import pytest

from metricsheet import evaluate

COLUMNS = {
    "Starting": [1200, 1320],
    "New": [120, 144],
    "Expansion": [60, 48],
    "Churned": [36, 60],
    "Ending": [1344, 1452],
}


def movements(kind: str, times: float = 1, unit: str = "") -> dict[str, list[Any]]:
    amounts = {f"{name} {kind}{unit}": [n * times for n in numbers] for name, numbers in COLUMNS.items()}
    return {"Month": ["2024-01", "2024-02"], **amounts}


def values(source: dict[str, list[Any]]) -> dict[tuple[str, str | None], float | None]:
    results = evaluate(source, period="month").results
    return {(r.metric, r.period): r.value for r in results if r.value is not None}


@pytest.mark.parametrize(("unit", "times"), [("", 1), (" (k$)", 0.001)])
def test_a_twelfth_of_each_amount(unit: str, times: float) -> None:
    right = values(movements("MRR", 1 / 12))
    assert {metric for metric, _ in right} >= {"new_mrr", "churned_mrr"}
    assert values(movements("ARR", times, unit)) == pytest.approx(right)


def test_it_holds_for_columns_of_the_table_that_say_neither() -> None:
    arr = movements("ARR")
    short = {"New ARR": "New business", "Expansion ARR": "Upsell", "Churned ARR": "Churn"}
    silent = {short.get(name, name): numbers for name, numbers in arr.items()}
    assert "Upsell" in silent
    assert values(silent) == pytest.approx(values(arr))


def test_it_is_told() -> None:
    told = {
        kind: any("twelfth" in str(one.message) for one in evaluate(movements(kind), period="month").problems)
        for kind in ("ARR", "MRR")
    }
    assert told == {"ARR": True, "MRR": False}
