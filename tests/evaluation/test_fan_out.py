"""Totals that are repeated on the rows they are made of are told; prices and lists of customers are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from metricsheet import evaluate

ROOT = Path(__file__).parents[2] / "metrics.yaml"
DAYS = ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"]


def repeated(values: Sequence[float], names: str, shops: str = "A") -> dict[str, Any]:
    """Return rows of each day and shop with one value a day and shop, and one row for each name."""
    rows = [
        (day, shop, name, values[number] + 7 * place)
        for number, day in enumerate(DAYS)
        for place, shop in enumerate(shops)
        for name in names
    ]
    columns = zip(*rows, strict=True)
    return dict(zip(("Date", "Shop", "Category", "Total revenue"), map(list, columns), strict=True))


TOLD: dict[str, tuple[Mapping[str, Any], tuple[str, ...], int]] = {
    "a day": (repeated([1000, 700, 800, 900], "xyz"), ("Date",), 8),
    "a day and shop": (repeated([1000, 700, 800, 900], "xy", "AB"), ("Date", "Shop"), 8),
}
QUIET: dict[str, Mapping[str, Any]] = {
    "parts": {**repeated([1000, 700, 800, 900], "xy"), "Total revenue": [6, 4, 3, 4, 4, 4, 5, 4]},
    "one row a day": repeated([1000, 700, 800, 900], "x"),
    "one price for all": {**repeated([1] * 4, "xy"), "Total revenue": [50] * 8},
    "prices of two plans": {**repeated([1] * 4, "xy"), "Total revenue": [50, 90] * 4},
    "nothing tells the rows apart": {**repeated([1000, 700, 800, 900], "xx"), "Shop": ["A"] * 8},
    "not dates": {k: v for k, v in repeated([1000, 700, 800, 900], "xyz").items() if k != "Date"},
    "two days": {k: v[:6] for k, v in repeated([1000, 700, 800, 900], "xyz").items()},
}


def told(table: Mapping[str, Any]) -> list[Any]:
    card = evaluate(table, metrics=ROOT, only="revenue_total")
    return [problem.message.values for problem in card.problems if problem.code == "fan_out"]


@pytest.mark.parametrize("case", TOLD)
def test_a_total_on_every_row_is_told(case: str) -> None:
    table, columns, rows = TOLD[case]
    (values,) = told(table)
    assert (values["columns"], values["rows"]) == (columns, rows)


@pytest.mark.parametrize("case", QUIET)
def test_what_is_no_total_is_not_told(case: str) -> None:
    assert told(QUIET[case]) == []
