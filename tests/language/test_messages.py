"""Reasons and problems in the reader's language: what people meet has words of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from metricsheet.api import UnfitOptionsError, answer, evaluate, load_catalog
from metricsheet.language import LANGUAGES as ALL
from metricsheet.language.message import Message, say

ROOT = Path(__file__).parents[2]
LANGUAGES = ALL[1:]
CATALOG = load_catalog(ROOT / "metrics.yaml")


# metric, what is given
MET: list[tuple[str, dict[str, Any]]] = [
    ("cac", {"marketing_cost": [1.0], "sales_cost": [1.0], "new_customers": [0.0]}),
    ("cac", {"marketing_cost": [1.0], "sales_cost": [1.0]}),
    ("clv_cac_ratio", {"clv": [1.0], "cac": [0.0]}),
    ("clv_cac_ratio", {"clv": [1.0], "marketing_cost": [1.0], "sales_cost": [1.0], "new_customers": [0.0]}),
    ("nps", {"recommend_score": [None]}),
    ("nps", {"recommend_score": ["good", "bad"]}),
    ("nps", {"recommend_score": [11.0, 9.0, 8.0]}),
    ("nps", {"recommend_score": [11.0, 12.0, 9.0, 8.0, 7.0]}),
    ("css", {"satisfaction_score": [5.0, 4.0, 3.0] * 10}),
    ("churn_rate_dates", {"start_date": [45000.0], "end_date": [45010.0]}),
    ("arpa", {"active_customers": [1.0, 2.0], "average_revenue": [10.0, 20.0]}),
    ("churn_rate", {"customers_lost": [1.0], "customers_at_start": [-5.0]}),
    ("churn_rate", {"customers_lost": [9.0], "customers_at_start": [5.0]}),
    ("churn_rate", {"customers_lost": [1.0, 1.0], "customers_at_start": [5.0, 5.0]}),
    ("grr", {"mrr_at_start": 5, "mrr_churned": 9, "mrr_contraction": 0}),
    ("clv", {"revenue": [1.0, 1.0], "customers": [1.0, 1.0], "date": ["2024-01", "2024-02"]}),
    ("sales_velocity_new", {"opportunities": 4, "win_rate": 0.5, "average_deal_size": 9}),
]


@pytest.mark.parametrize(("metric", "given"), MET, ids=[f"{m} {list(g)}"[:60] for m, g in MET])
def test_reasons_that_people_meet_are_in_every_language(metric: str, given: dict[str, Any]) -> None:
    result = answer(CATALOG, metric, given)
    if result.value is None:
        for language in LANGUAGES:
            assert said_in(result.why, language)


def said_in(message: Message | None, language: str) -> bool:
    """Whether a message has words of its own in a language."""
    return message is not None and say(message, language) != str(message)


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Month": ["2024-01-01", "2024-02-01", None],
            "Region": ["EU", None, "US"],
            "Customers at start": [10, 20, 30],
            "Customers lost": [1, "many", 3],
            "Recommendation score": [9, 3, 12],
            "Satisfaction score": [None, None, None],
        }
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asked", [{}, {"by": "Region"}, {"by": "Shoe size"}], ids=str)
def test_problems_that_people_meet_are_in_every_language(language: str, asked: dict[str, str]) -> None:
    try:
        card = evaluate(frame(), metrics=CATALOG, language=language, **asked)  # type: ignore[arg-type]
    except UnfitOptionsError as error:
        card = error.scorecard
    assert card.problems
    for problem in card.problems:
        assert said_in(problem.message, language)
        assert problem.hint is None or said_in(problem.hint, language)
    for result in card.results:
        if result.value is None:
            assert said_in(result.why, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_and_notes_carry_translated_reasons(language: str) -> None:
    demo = ROOT / "examples" / "acme_lifecycle.xlsx"
    card = evaluate(demo, metrics=CATALOG, language=language)
    for finding in card.findings:
        assert "not bound" not in finding.reason
    # what programs read stays the same in every language
    reasons = {r.metric: r.reason for r in card.results}
    assert reasons == {r.metric: r.reason for r in evaluate(demo, metrics=CATALOG).results}
