"""Reasons and problems in the reader's language: the tables fit together, and what people meet is in them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from metricsheet.api import UnfitOptionsError, evaluate, load_catalog
from metricsheet.evaluation.answer import answer
from metricsheet.evaluation.result import Result
from metricsheet.language.message import Message, say
from metricsheet.language.messages import reason_in
from metricsheet.language.problem_messages import PROBLEMS
from metricsheet.language.reason_messages import REASONS

ROOT = Path(__file__).parents[2]
CATALOG = load_catalog(ROOT / "metrics.yaml")
LANGUAGES = ("ja", "tr", "it", "de")
TABLE = (*REASONS, *PROBLEMS)
NAMED = ("new_customers", "Book.xlsx!Sheet1!C2:C9", "12", "a1, b2", "1..10")


def places(text: str) -> list[str]:
    return re.findall(r"\{\d\}", text)


@pytest.mark.parametrize("texts", TABLE, ids=lambda texts: texts[0][:50])
def test_every_translation_names_the_same_things(texts: tuple[str, ...]) -> None:
    assert places(texts[0]) == [f"{{{n}}}" for n in range(len(places(texts[0])))]
    for other in texts[1:]:
        assert sorted(places(other)) == sorted(places(texts[0]))
        # options and codes stay as they are typed
        for typed in re.findall(r"--[a-z]+|`[^`]*`|#[A-Z/0!]+", texts[0]):
            assert typed in other


@pytest.mark.parametrize("texts", TABLE, ids=lambda texts: texts[0][:50])
def test_every_template_finds_its_own_words(texts: tuple[str, ...]) -> None:
    english = texts[0].format(*NAMED)
    for language, other in zip(LANGUAGES, texts[1:], strict=True):
        assert reason_in(english, language) == other.format(*NAMED)
        assert reason_in(f"#N/A {english}", language) == f"#N/A {other.format(*NAMED)}"


def test_no_template_is_written_twice() -> None:
    assert len({texts[0] for texts in TABLE}) == len(TABLE)


def test_what_is_not_known_stays_in_english() -> None:
    assert reason_in("#VALUE! something nobody has said yet", "de") == "#VALUE! something nobody has said yet"
    assert reason_in("new_customers is 0", "en") == "new_customers is 0"
    assert reason_in("new_customers is 0", "fr") == "new_customers is 0"
    assert reason_in("", "ja") == ""


def test_what_stands_around_a_reason_stays() -> None:
    assert reason_in("#DIV/0! new_customers is 0 (for cac)", "de") == "#DIV/0! new_customers ist 0 (für cac)"
    finished = "88 looks like a finished score or an average, not like answers on 1..10"
    misfit = f"#N/A Score (E2:E4) is not css: {finished}"
    assert reason_in(misfit, "tr").startswith("#N/A Score (E2:E4), css değil: 88, 1..10 üzerindeki")
    assert reason_in("nps: '1,234' may be 1.234 or 1234, and no other cell decides", "it").startswith(
        "nps: '1"
    )


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
            assert reason(result, language) != result.reason


def reason(result: Result, language: str) -> str:
    if result.why is None:
        return reason_in(result.reason, language)
    return f"{result.error} {say(result.why, language)}"


def said(message: Message | str, language: str) -> str:
    return say(message, language) if isinstance(message, Message) else reason_in(message, language)


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
        assert said(problem.message, language) != str(problem.message)
        assert not problem.hint or said(problem.hint, language) != str(problem.hint)
    for result in card.results:
        if result.value is None:
            assert reason(result, language) != result.reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_and_notes_carry_translated_reasons(language: str) -> None:
    demo = ROOT / "examples" / "acme_lifecycle.xlsx"
    card = evaluate(demo, metrics=CATALOG, language=language)
    for finding in card.findings:
        assert "not bound" not in finding.reason
    # what programs read stays the same in every language
    reasons = {r.metric: r.reason for r in card.results}
    assert reasons == {r.metric: r.reason for r in evaluate(demo, metrics=CATALOG).results}
