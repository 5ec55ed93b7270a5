"""Values that cannot be are refused, with what they came from; parts above their whole are reported."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.api import answer, evaluate, load_catalog
from metricsheet.catalog.definitions import Catalog, MetricDefinition, Possible
from metricsheet.dataset import Problem
from metricsheet.report.scorecard import Scorecard

ROOT = Path(__file__).parents[2]


@cache
def shipped() -> Catalog:
    return load_catalog(ROOT / "metrics.yaml")


def card_of(folder: Path, text: str, **asked: Any) -> Scorecard:
    path = folder / "data.csv"
    path.write_text(text, encoding="utf-8")
    return evaluate(path, metrics=shipped(), **asked)


def exceeding(card: Scorecard) -> list[Problem]:
    return [problem for problem in card.problems if problem.code == "part_exceeds_whole"]


# metric, what is given, the value it would have, words of the reason
IMPOSSIBLE: list[tuple[str, dict[str, Any], str, tuple[str, ...]]] = [
    ("churn_rate", {"customers_lost": 120, "customers_at_start": 100}, "120%", ("customers_lost 120",)),
    ("churn_rate", {"customers_lost": 5, "customers_at_start": -100}, "-5%", ("customers_at_start is neg",)),
    ("open_rate", {"opens": 150, "delivered": 100}, "150%", ("opens 150", "delivered 100")),
    ("lead_to_mql", {"mql": 140, "leads": 100}, "140%", ()),
    ("upsell_share", {"upsell_revenue": 150, "total_revenue": 100}, "150%", ()),
    ("nrr", {"mrr_at_start": 10, "mrr_expansion": 0, "mrr_contraction": 9, "mrr_churned": 9}, "-80%", ()),
    ("cpc", {"ad_cost": -5, "ad_clicks": 10}, "-0.5", ("ad_cost is negative",)),
    ("new_leads", {"leads": [5, -9]}, "-4", ()),
    ("nps_counts", {"promoters": -9, "passives": 1, "detractors": 9}, "-1800", ()),
]


@pytest.mark.parametrize(("metric", "columns", "said", "words"), IMPOSSIBLE)
def test_a_value_that_cannot_be_is_no_result(
    metric: str, columns: dict[str, Any], said: str, words: tuple[str, ...]
) -> None:
    result = answer(shipped(), metric, columns)
    assert (result.value, result.error, result.status) == (None, "#NUM!", "invalid")
    assert result.why is not None
    assert result.why.code == "not_possible"
    assert result.why.values["value"] == said
    possible = shipped().metrics[metric].possible
    assert possible is not None
    assert result.why.values["possible"] == possible.text
    for word in words:
        assert word in result.reason


BOUNDED = [metric for metric in shipped().metrics.values() if metric.possible is not None]


@pytest.mark.parametrize("metric", BOUNDED, ids=lambda metric: metric.key)
def test_worked_examples_are_possible_up_to_both_ends(metric: MetricDefinition) -> None:
    assert metric.possible is not None
    for example in metric.examples:
        assert example.value is None or metric.possible.contains(example.value)
    for end, beyond in ((metric.possible.low, -1e-9), (metric.possible.high, 1e-9)):
        if end is not None:
            assert metric.possible.contains(end)
            assert not metric.possible.contains(end + beyond)


def test_every_share_and_count_says_what_it_can_be() -> None:
    unbounded = {m.key for m in shipped().metrics.values() if m.unit == "percent" and m.possible is None}
    assert unbounded == set()
    assert {m.key for m in shipped().metrics.values() if m.unit == "count" and m.possible is None} == set()


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_ends_are_met_in_spite_of_rounding(part: int, times: int) -> None:
    # the parts of a whole, each divided by it and added up, need not give 1 in binary
    total = sum([part / (part * 3)] * 3) * (times / times)
    assert Possible(0.0, 1.0, "0%..100%").contains(total)


def test_a_figure_made_of_one_that_cannot_be_is_refused_with_it(tmp_path: Path) -> None:
    text = "Month,CLV,Marketing cost,Sales cost,New customers\n2024-01,500,-100,0,5\n"
    ratio = next(r for r in card_of(tmp_path, text).results if r.metric == "clv_cac_ratio")
    assert (ratio.value, ratio.error) == (None, "#NUM!")
    assert "(for cac)" in ratio.reason


MAILS = "Date,Emails delivered,Opens\n2024-01-01,100,120\n2024-01-02,1000,300\n2024-01-03,50,60\n"


def test_parts_above_their_whole_are_reported_once_while_the_whole_is_possible(tmp_path: Path) -> None:
    card = card_of(tmp_path, MAILS)
    (problem,) = exceeding(card)
    assert str(problem.message) == "opens exceeds delivered in 2 of 3 rows, first at C2 (120 / 100)"
    assert (problem.metrics, problem.inputs) == (("open_rate",), ("opens", "delivered"))
    opened = next(r for r in card.results if r.metric == "open_rate")
    assert opened.value == pytest.approx(480 / 1150)


def test_by_month_each_month_is_a_figure_of_its_own(tmp_path: Path) -> None:
    text = "Month,Emails delivered,Opens\n2024-01,100,120\n2024-02,1000,300\n"
    found = {r.period: r for r in card_of(tmp_path, text, period="month").results if r.metric == "open_rate"}
    assert found["2024-02"].value == pytest.approx(0.3)
    assert found["2024-01"].error == "#NUM!"


# name: rows of delivered and opens without a row to report
UNREPORTED: dict[str, str] = {
    "parts within their whole": "2024-01-01,100,100\n2024-01-02,50,0\n",
    "blanks": "2024-01-01,,5\n2024-01-02,50,\n",
    "one row alone is refused": "2024-01-01,100,120\n",
}


@pytest.mark.parametrize("case", UNREPORTED)
def test_rows_that_are_not_reported(case: str, tmp_path: Path) -> None:
    assert exceeding(card_of(tmp_path, "Date,Emails delivered,Opens\n" + UNREPORTED[case])) == []


def test_rows_that_a_condition_leaves_out_are_not_reported(tmp_path: Path) -> None:
    assert exceeding(card_of(tmp_path, MAILS, where="Opens > 200")) == []
