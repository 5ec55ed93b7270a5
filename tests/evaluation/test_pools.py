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
    "units": (
        {"a": {"Customer ID": ["a"], "Revenue (k€)": [10]},
         "b": {"Customer ID": ["b"], "Revenue (€)": [5]},
         "c": {"Customer ID": ["c"], "Revenue (T€)": [0.1]}},
        "listed_revenue",
        {"a": 10_000, "b": 5, "c": 100, "": None},
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
    card = evaluate(sources, metrics=ROOT, pool=True, period="month", only="nps")
    assert {result.value for result in card.results} == {None}
    assert "us: date: '03/01/2025' may be" in str(card.results[0].why)
    sources["eu"]["Date"] = ["03/01/2025", "04/05/2025"]
    with pytest.raises(UnfitOptionsError, match="eu: date: '03/01/2025' may be"):
        evaluate(sources, metrics=ROOT, pool=True, period="month", only="nps")


UNDATED: dict[str, list[str] | None] = {
    "ambiguous": ["03/01/2025", "04/02/2025"],
    "none": None,
}


def test_a_file_of_quarters_has_no_figure_by_month_and_the_others_have() -> None:
    sources = {"a": {"Month": ["2025-01"], "NPS": [10]}, "b": {"Month": ["Q1 2025"], "NPS": [9]}}
    card = evaluate(sources, metrics=ROOT, pool=True, by="file", only="nps", period="month")
    assert {r.slice.get("file", ""): r.value for r in card.results} == {"a": 100, "b": None, "": None}


@pytest.mark.parametrize("name", UNDATED)
@pytest.mark.parametrize("options", [{"period": "month"}, {"since": "2025-01-01", "until": "2025-01-31"}])
def test_a_file_without_readable_dates_stops_only_its_own_figures(name: str, options: dict[str, str]) -> None:
    dates = UNDATED[name]
    good = {"Month": ["2025-01", "2025-02"], "Customers at start": [100, 90], "Customers lost": [4, 9]}
    bad = {**good, "Month": dates}
    if dates is None:
        del bad["Month"]
    sources = {"good": good, "bad": bad, "best": {**good, "Customers lost": [0, 9]}}
    card = evaluate(sources, metrics=ROOT, pool=True, by="file", only="churn_rate", **options)
    first = [r for r in card.results if r.period in (None, "2025-01")]
    assert {r.slice.get("file", ""): r.value for r in first} == {
        "good": 0.04,
        "best": 0.0,
        "bad": None,
        "": None,
    }
    assert all("bad" in str(r.why) for r in first if r.value is None)


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
