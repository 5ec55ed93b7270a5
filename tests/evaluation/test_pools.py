"""A pool reads each source by itself; what one lacks or cannot give stops figures over its rows alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from metricsheet import evaluate
from metricsheet.api import UnfitOptionsError

ROOT = Path(__file__).parents[2] / "metrics.yaml"
TEN = [10, 9, 9, 8, 0, 3]


def figures(sources: dict[str, Any], metric: str, **options: Any) -> dict[str, Any]:
    """Return the value of a metric by file, and that of all files under ``""``."""
    card = evaluate(sources, metrics=ROOT, pool=True, by="file", only=metric, **options)
    return {result.slice.get("file", ""): result.value for result in card.results}


CASES: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "decimal marks": (
        {"de": {"Customer ID": ["a", "b"], "Revenue": ["1.234,50", "987,25"]},
         "us": {"Customer ID": ["c", "d"], "Revenue": ["1,234.50", "987.25"]}},
        "listed_revenue",
        {"de": 2221.75, "us": 2221.75, "": 4443.5},
    ),
    "a decimal mark of one settles none of another": (
        {"de": {"Customer ID": ["a", "b"], "Revenue": ["1.234", "2.500"]},
         "us": {"Customer ID": ["c", "d"], "Revenue": ["1,234.50", "987.25"]}},
        "listed_revenue",
        {"de": None, "us": 2221.75, "": None},
    ),
    "scales": (
        {"a": {"NPS": TEN}, "b": {"NPS": [1, 2, 3, 4, 5]}},
        "nps",
        {"a": pytest.approx(100 / 6), "b": None, "": None},
    ),
    "a scale in one header": (
        {"a": {"NPS (0-10)": [5, 6, 3]}, "b": {"NPS": TEN}},
        "nps",
        {"a": -100, "b": pytest.approx(100 / 6), "": pytest.approx(-200 / 9)},
    ),
    "signs of losses": (
        {"a": {"Month": ["2024-01"], "Customers at start": [100], "Customers lost": [-5]},
         "b": {"Month": ["2024-01"], "Customers at start": [100], "Customers lost": [3]}},
        "churn_rate",
        {"a": 0.05, "b": 0.03, "": 0.04},
    ),
    "percents": (
        {"a": {"Customers": [10], "Revenue": [1000], "Gross margin %": [80]},
         "b": {"Customers": [10], "Revenue": [1000], "Gross margin": [0.7]}},
        "clv_margin",
        {"a": 80, "b": 70, "": None},
    ),
    "a column that one lacks": (
        {"a": {"Leads": [10, 20], "New customers": [1, 2]}, "b": {"Leads": [5, 5]}},
        "lead_to_sale",
        {"a": 0.1, "b": None, "": None},
    ),
    "an input that all have beside it": (
        {"a": {"Leads": [10, 20], "New customers": [1, 2]}, "b": {"Leads": [5, 5]}},
        "new_leads",
        {"a": 30, "b": 10, "": 40},
    ),
    "currencies": (
        {"a": {"Customer ID": ["a"], "Revenue (EUR)": [10]},
         "b": {"Customer ID": ["b"], "Revenue (USD)": [5]}},
        "listed_revenue",
        {"a": 10, "b": 5, "": None},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_file_by_itself(case: str) -> None:
    sources, metric, expected = CASES[case]
    assert figures(sources, metric) == expected


def test_dates_of_each_file_in_its_own_order() -> None:
    sources = {
        "eu": {"Date": ["25/03/2025", "05/04/2025"], "NPS": [10, 9]},
        "us": {"Date": ["03/25/2025", "04/05/2025"], "NPS": [0, 9]},
    }
    card = evaluate(sources, metrics=ROOT, pool=True, period="month", only="nps")
    assert {r.period: (r.value, r.n) for r in card.results} == {"2025-03": (0, 2), "2025-04": (100, 2)}
    sources["us"]["Date"] = ["03/01/2025", "04/05/2025"]
    # what is ambiguous alone stays so beside a file that is not
    with pytest.raises(UnfitOptionsError, match="us: date: '03/01/2025' may be"):
        evaluate(sources, metrics=ROOT, pool=True, period="month", only="nps")


def test_other_slices_lack_figures_only_where_rows_of_the_file_are_in_them() -> None:
    sources = {
        "a": {"Region": ["North", "South"], "Leads": [10, 20], "New customers": [1, 2]},
        "b": {"Region": ["South", "South"], "Leads": [5, 5]},
    }
    card = evaluate(sources, metrics=ROOT, pool=True, by="Region", only="lead_to_sale")
    assert {r.slice.get("Region", ""): r.value for r in card.results} == {
        "North": 0.1,
        "South": None,
        "": None,
    }


def test_an_unreadable_file_stops_all_but_the_figures_by_file(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.xlsx"
    good.write_text("Region,NPS\nNorth,10\nSouth,9\nSouth,0\n", encoding="utf-8")
    bad.write_bytes(b"PK\x03\x04 cut off")
    for by, expected in (("file", [100 / 3]), ("Region", [])):
        card = evaluate([good, bad], metrics=ROOT, pool=True, by=by, only="nps")
        assert [r.value for r in card.results if r.value is not None] == pytest.approx(expected)
        assert "could not be read" in card.results[0].reason
