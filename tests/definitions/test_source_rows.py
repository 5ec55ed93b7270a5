"""Every row of the requirements that states a metric, a figure or a recommendation, by its number."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from metricsheet.api import answer, load_catalog
from metricsheet.catalog.definitions import Catalog
from metricsheet.rules.check import compile_ruleset
from metricsheet.rules.testing.run import run_rule_tests

ROOT = Path(__file__).parents[2]
NEW, SEASONED = {"company_stage": "new"}, {"company_stage": "seasoned"}


@cache
def shipped() -> Catalog:
    return load_catalog(ROOT / "metrics.yaml", benchmarks=["lifecycle_articles"])


# row, metric, what is given, value or error, status, settings
METRIC_ROWS: list[tuple[str, str, dict[str, Any], float | str, str, dict[str, str]]] = [
    ("M-01", "open_rate", {"opens": 250, "delivered": 1000}, 0.25, "no_target", {}),
    ("M-02", "click_rate", {"clicks": 30, "delivered": 1000}, 0.03, "no_target", {}),
    ("M-03", "churn_rate", {"customers_lost": 3, "customers_at_start": 60}, 0.05, "no_target", {}),
    ("M-04", "churn_rate", {"customers_lost": 5, "customers_at_start": 100, "new_customers": 10}, 0.05,
     "no_target", {}),
    ("M-05 new", "upsell_share", {"upsell_revenue": 5, "total_revenue": 100}, 0.05, "warn", NEW),
    ("M-05 new, in range", "upsell_share", {"upsell_revenue": 30, "total_revenue": 100}, 0.3, "ok", NEW),
    ("M-05 seasoned", "upsell_share", {"upsell_revenue": 50, "total_revenue": 100}, 0.5, "ok", SEASONED),
    ("M-05 between", "upsell_share", {"upsell_revenue": 30, "total_revenue": 100}, 0.3, "info", SEASONED),
    ("M-05 no stage", "upsell_share", {"upsell_revenue": 5, "total_revenue": 100}, 0.05, "no_target", {}),
    ("M-06", "nps", {"recommend_score": [9] * 20 + [6] * 20}, 0, "ok", {}),
    ("M-07", "nps", {"recommend_score": [10] * 15 + [8] * 5 + [6] * 20}, -12.5, "critical", {}),
    ("M-08", "clv", {"revenue": [7000, 5000], "customers": [20, 10]}, 400, "no_target", {}),
    ("M-08 few", "clv", {"revenue": [700, 500], "customers": [2, 1]}, 400, "low_data", {}),
    ("M-09", "cac", {"marketing_cost": 7000, "sales_cost": 3000, "new_customers": 40}, 250, "no_target", {}),
    ("M-09 few", "cac", {"marketing_cost": 700, "sales_cost": 300, "new_customers": 4}, 250, "low_data", {}),
    ("M-10 target", "clv_cac_ratio", {"clv": 900, "cac": 300}, 3, "ok", {}),
    ("M-10 slim profit", "clv_cac_ratio", {"clv": 600, "cac": 300}, 2, "warn", {}),
    ("M-10 loss", "clv_cac_ratio", {"clv": 300, "cac": 300}, 1, "critical", {}),
    ("M-10 a fifth", "clv_cac_ratio", {"clv": 1500, "cac": 300}, 5, "ok", {}),
    ("M-10 under a fifth", "clv_cac_ratio", {"clv": 1600, "cac": 300}, 16 / 3, "info", {}),
    ("M-11", "profit_per_customer", {"clv": 960, "cac": 300}, 3.2, "no_target", {}),
    ("M-12", "mrr", {"active_customers": 120, "average_revenue": 40}, 4800, "no_target", {}),
    ("M-13", "expansion_mrr", {"active_customers": 120, "average_revenue": 40, "nonrecurring_revenue": 600},
     5400, "no_target", {}),
    ("M-14", "css", {"satisfaction_score": [6, 6, 8] * 10 + [5] * 10}, 0.75, "no_target", {}),
    ("M-14 five points", "css", {"satisfaction_score": [5, 4, 3, 2, 1] * 20}, "#NUM!", "invalid", {}),
    ("M-14 few", "css", {"satisfaction_score": [6, 5]}, "#NUM!", "invalid", {}),
    ("M-15", "ces", {"effort_score": [7, 5, 3] * 10}, 5, "no_target", {}),
    ("M-16 impressions", "impressions_total", {"impressions": [5, 6]}, 11, "no_target", {}),
    ("M-16 responses", "response_rate", {"responses": 9, "contacts_reached": 300}, 0.03, "no_target", {}),
    ("M-16 lead cost", "cost_per_lead", {"marketing_cost": 90, "leads": 6}, 15, "no_target", {}),
    ("M-17 conversion", "lead_to_sale", {"new_customers": 4, "leads": 100}, 0.04, "no_target", {}),
    ("M-17 revenue", "revenue_total", {"total_revenue": [10, 20]}, 30, "no_target", {}),
    ("M-18 clicks", "ad_clicks_total", {"ad_clicks": [1, 2]}, 3, "no_target", {}),
    ("M-18 conversions", "conversions_total", {"conversions": [1, 2]}, 3, "no_target", {}),
    ("M-18 new leads", "new_leads", {"leads": [1, 2]}, 3, "no_target", {}),
    ("K-01", "existing_customer_share", {"existing_customer_revenue": 3, "total_revenue": 10}, 0.3,
     "no_target", {}),
    ("K-06", "clv_referred", {"clv": 1000, "referral_uplift": "16%"}, 1160, "no_target", {}),
    ("K-06 not given", "clv_referred", {"clv": 1000}, "#N/A", "no_data", {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "given", "wanted", "status", "settings"),
    [row[1:] for row in METRIC_ROWS],
    ids=[row[0] for row in METRIC_ROWS],
)
def test_metric_row(
    metric: str, given: Mapping[str, Any], wanted: float | str, status: str, settings: Mapping[str, str]
) -> None:
    result = answer(shipped(), metric, given, settings=settings)
    if isinstance(wanted, str):
        assert (result.value, result.error) == (None, wanted)
    else:
        assert result.value == pytest.approx(wanted, rel=1e-12)
    assert result.status == status


STAGES_AND_KINDS = {
    ("attract", "activity"): "impressions_total response_rate ad_clicks_total",
    ("capture", "activity"): "cost_per_lead conversions_total new_leads",
    ("convert", "outcome"): "cac clv_cac_ratio lead_to_sale revenue_total",
    ("expand", "activity"): "open_rate click_rate",
    ("expand", "outcome"): "churn_rate upsell_share nps clv profit_per_customer mrr expansion_mrr css ces",
}


@pytest.mark.parametrize(("stage", "kind"), list(STAGES_AND_KINDS))
def test_stage_and_kind_of_the_rows(stage: str, kind: str) -> None:
    for key in STAGES_AND_KINDS[stage, kind].split():
        assert (shipped().metrics[key].stage, shipped().metrics[key].kind) == (stage, kind)


# row, rules that carry it, words that the finding or the advice must hold
RULE_ROWS = [
    ("A-05", ["expand_outcome_missing"], "activity metric"),
    ("A-06", ["mrr_falling"], "interviews and surveys"),
    ("A-07", ["loyalty_programme_due"], "reward programme"),
    ("B-01", ["leads_up_sales_down"], "sales volume is not profit"),
    ("K-01", ["existing_base_compared"], "30% on average and 50%"),
    ("K-02", ["satisfaction_not_tracked"], "81%"),
    ("K-03", ["retention_not_tracked"], "goals tied to retention, 48%"),
    ("K-04", ["upsell_not_tracked"], "goals tied to upsell revenue, 56%"),
    ("K-05", ["unsubscribes_rise"], "Personalise"),
    ("R-01", ["churn_above_target", "churn_rising"], "winning them back costs less"),
    ("R-02", ["clv_cac_below_target", "cac_rising"], "paid advertising and cold e-mail"),
    ("R-02", ["acquisition_outpaces_value"], "drop unqualified ones early"),
    ("R-03", ["mrr_falling", "mrr_swings"], "needs"),
    ("R-04", ["negative_nps"], "more detractors than promoters"),
    ("R-05", ["touchpoint_satisfaction_gap"], "Satisfaction is"),
    ("R-06", ["hard_for_customers", "ease_gap"], "first in the checkout"),
    ("R-07", ["churn_above_target", "listed_churn_above_target"], "was expected"),
    ("R-08", ["capture_outcome_missing", "nurture_outcome_missing"], "is an activity metric"),
    ("R-08", ["convert_outcome_missing", "expand_outcome_missing"], "is an activity metric"),
    ("R-09", ["early_stage_scorecard", "activity_only_scorecard"], "Add outcome metrics"),
    ("R-10", ["growth_campaign_compared", "growth_campaign_not_compared"], "campaign"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "rules", "words"), RULE_ROWS, ids=[f"{r[0]} {r[1][0]}" for r in RULE_ROWS])
def test_recommendation_row(row: str, rules: list[str], words: str) -> None:
    report = run_rule_tests(compile_ruleset(shipped()), shipped(), rules)
    for key in rules:
        rule = shipped().rules[key]
        said = " ".join([rule.finding["en"], *(advice.text["en"] for advice in rule.recommend)])
        assert words in said, row
        outcomes = {result.got for result in report.results if result.rule == key}
        assert {"fired", "not_fired"} <= outcomes
        assert report.passed


def test_k_01_is_a_figure_to_compare_with() -> None:
    found = {b.name: b.value for b in shipped().benchmarks if b.metric == "existing_customer_share"}
    assert found == {"existing_revenue_average": 0.3, "existing_revenue_top": 0.5}


@pytest.mark.parametrize("row", ["K-02", "K-03", "K-04"])
def test_shares_of_survey_respondents_are_no_thresholds(row: str) -> None:
    shares = {"K-02": (0.81, 0.82), "K-03": (0.65, 0.48), "K-04": (0.66, 0.56)}[row]
    edges = {
        edge
        for metric in shipped().metrics.values()
        for bands in (metric.bands, *metric.band_variants.values())
        for band in bands
        for edge in (band.low, band.high)
    }
    assert not edges & set(shares)
    assert not {b.value for b in shipped().benchmarks} & set(shares)
