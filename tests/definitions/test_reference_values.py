"""The shipped metrics over real files, against values computed independently; a map and slices at most."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from metricsheet.api import evaluate, load_catalog
from metricsheet.evaluation.scorecard import Result, Scorecard
from tests.real_data import DATA, expected, needs_data, wrong_values

pytestmark = needs_data
ROOT = Path(__file__).parents[2]
TELCO = "telco-churn/Telco-Customer-Churn.csv"
SHOP = "ecommerce-churn/E Commerce Dataset.xlsx"
LIST = "title-row-header-row-3/clienti.xlsx"
FAMILY_TEST = "text-ratings/fft_ratings.csv"
LIKERT = "turkish-likert/anket.xlsx"


@cache
def card(path: str, by: str = "", **mapping: str) -> Scorecard:
    asked = (by,) if by else ()
    return evaluate(DATA / path, metrics=load_catalog(ROOT / "metrics.yaml"), by=asked, mapping=mapping)


def result(found: Scorecard, metric: str, *slice_: str) -> Result:
    results = [r for r in found.results if r.metric == metric and tuple(r.slice.values()) == slice_]
    assert len(results) == 1
    return results[0]


TELCO_VALUES = {
    "churn rate": "churn_rate_flags",
    "retention rate": "retention_rate_flags",
    "MRR of retained customers = sum MonthlyCharges where Churn=No": "mrr_retained",
    "MRR lost = sum MonthlyCharges where Churn=Yes": "mrr_lost",
    "MRR at start (all rows)": "mrr_listed",
    "gross revenue churn": "gross_mrr_churn_flags",
    "GRR": "grr_flags",
    "ARPA all rows": "arpa_listed",
    "ARPA retained": "arpa_retained",
    "LTV (revenue) = ARPA all rows / churn": "ltv_listed",
}


@pytest.mark.parametrize("what", list(TELCO_VALUES))
def test_telco(what: str) -> None:
    right = expected("telco-churn", what)["value"]
    assert result(card(TELCO), TELCO_VALUES[what]).value == pytest.approx(right, abs=1e-9)


def test_telco_mean_with_blanks_that_are_one_space() -> None:
    found = result(card(TELCO, revenue="TotalCharges"), "mean_customer_revenue")
    right = expected("telco-churn", "average TotalCharges, blanks skipped")["value"]
    assert found.value == pytest.approx(right, abs=1e-9)
    assert found.inputs[0].blank == expected("telco-churn", "blank (single space) TotalCharges rows")["value"]


def test_shop() -> None:
    complaints = result(card(SHOP), "complaint_rate")
    assert complaints.value == pytest.approx(expected("ecommerce-churn", "complaint rate")["value"], abs=1e-9)
    mapped = card(SHOP, satisfaction_answer="SatisfactionScore")
    right = expected("ecommerce-churn", "CSAT top-2-box (4-5 of 1-5)")
    assert result(mapped, "csat_top2box").value == pytest.approx(right["value"] / 100, abs=1e-11)
    mean = expected("ecommerce-churn", "mean satisfaction")["value"]
    assert result(mapped, "csat_mean").value == pytest.approx(mean, abs=1e-9)


LIST_VALUES = {
    "customers": "customer_count",
    "churn rate (Churn_real)": "churn_rate_flags",
    "revenue (sum Monetary)": "listed_revenue",
    "average revenue per customer": "revenue_per_customer",
    "average order value = sum Monetary / sum Frequency": "average_order_value",
    "repeat purchase rate (Frequency>1)": "repeat_rate",
}


@pytest.mark.parametrize("what", list(LIST_VALUES))
def test_list_with_a_title_and_its_header_in_row_three(what: str) -> None:
    right = expected("title-row-header-row-3", what)["value"]
    assert result(card(LIST), LIST_VALUES[what]).value == pytest.approx(right, abs=1e-9)


def test_no_mean_of_means() -> None:
    wrong = wrong_values("title-row-header-row-3")[0]
    values = [r.value for r in card(LIST).results if r.value is not None]
    assert all(abs(value - wrong) > 1e-6 for value in values)


@pytest.mark.parametrize("segment", ["At Risk", "Champions", "Hibernating / Lost", "Potential Loyalist"])
def test_list_by_segment(segment: str) -> None:
    found = card(LIST, "RFM_Segment")
    right: dict[str, Any] = expected("title-row-header-row-3", f"churn rate segment {segment}")
    churn = result(found, "churn_rate_flags", segment)
    assert churn.value == pytest.approx(right["value"], abs=1e-9)
    assert churn.n == right["n"]
    assert result(found, "listed_revenue", segment).value == pytest.approx(right["revenue"], abs=1e-6)


FAMILY_VALUES = {
    "percent_positive": "percent positive, NHS FFT convention: "
    "(Extremely likely+Likely)/all incl. Don't know",
    "percent_negative": "percent negative, NHS convention",
    "likelihood_top2box": "CSAT top-2-box, Don't know excluded",
}


@pytest.mark.parametrize("metric", list(FAMILY_VALUES))
def test_answers_in_words(metric: str) -> None:
    right = expected("text-ratings", FAMILY_VALUES[metric])["value"] / 100
    assert result(card(FAMILY_TEST), metric).value == pytest.approx(right, abs=1e-11)


def test_answers_in_words_by_surgery() -> None:
    found = card(FAMILY_TEST, "surgery")
    for surgery in ("Emperor's Gate Surgery", "Health Partners @ Violet Melchett", "The Good Practice"):
        right = expected("text-ratings", f"percent positive {surgery}")
        answer = result(found, "percent_positive", surgery)
        assert answer.value == pytest.approx(right["value"] / 100, abs=1e-11)
        assert answer.n == right["n"]


def test_mean_of_the_same_answers_as_numbers() -> None:
    right = expected("text-ratings", "mean rating_score, blanks skipped")["value"]
    found = result(card(FAMILY_TEST, satisfaction_answer="rating_score"), "csat_mean")
    assert found.value == pytest.approx(right, abs=1e-9)


@pytest.mark.parametrize("number", range(1, 8))
def test_turkish_agreement(number: int) -> None:
    # questions stand as headers, so the column is named by its letter
    found = result(card(LIKERT, agreement_answer=f"Sayfa1!{'ABCDEFG'[number - 1]}"), "agreement_top2box")
    right = expected("turkish-likert", f"top-2-box Q{number}")
    assert found.value == pytest.approx(right["value"] / 100, abs=1e-11)
    assert found.n == right["answered"]
