"""The example workbooks: made by their script, bound without a map, telling their story in every language."""

from __future__ import annotations

import importlib
import sys
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from metricsheet.api import evaluate
from metricsheet.evaluation.result import Result
from metricsheet.language import LANGUAGES
from metricsheet.report.scorecard import Finding, Scorecard
from tests.stages import some

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "examples" / "acme_lifecycle.xlsx"


def cells(path: Path) -> dict[str, Any]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_script_makes_what_is_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    made = importlib.import_module("make_examples").write_examples(tmp_path)
    for name in ("make_examples", "acme_data", "functions_workbook", "language_workbooks"):
        sys.modules.pop(name, None)
    assert len(made) == 2 + len(LANGUAGES)
    for path in made:
        assert cells(path) == cells(ROOT / "examples" / path.relative_to(tmp_path))
    assert sorted(p for p in tmp_path.rglob("*") if p.is_file()) == sorted(made)


@cache
def demo(*, by: str = "", period: str | None = None) -> Scorecard:
    asked = (by,) if by else ()
    return evaluate(DEMO, metrics=ROOT / "metrics.yaml", by=asked, period=period)


def result(card: Scorecard, metric: str, period: str | None = None, **slice_: str) -> Result:
    found = [r for r in card.results if (r.metric, r.period, dict(r.slice)) == (metric, period, slice_)]
    assert len(found) == 1
    return found[0]


def fired(card: Scorecard, rule: str, **slice_: str) -> Finding | None:
    found = [f for f in card.findings if f.rule == rule and f.outcome == "fired" and dict(f.slice) == slice_]
    return found[0] if found else None


def test_more_than_fifty_metrics_without_a_map() -> None:
    valued = {r.metric for r in demo().results if r.value is not None}
    assert len(valued) >= 50
    assert demo().problems == ()


def test_cost_of_winning_customers_outpaces_their_value() -> None:
    card = demo(by="Segment", period="quarter")
    finding = fired(card, "acquisition_outpaces_value")
    assert finding is not None
    assert finding.since == "2024-Q1"
    assert 2 < (result(card, "clv_cac_ratio", "2024-Q4").value or 0) < 3
    assert fired(card, "acquisition_outpaces_value", Segment="Enterprise") is None
    assert result(card, "clv_cac_ratio", "2024-Q4", Segment="Enterprise").status == "ok"


def test_self_service_loses_customers() -> None:
    finding = fired(demo(by="Segment", period="quarter"), "churn_concentrated")
    assert finding is not None
    assert "Self-service" in finding.text
    beside = finding.evidence["churn_rate_mean.differs_from_rest"]
    assert next(name for name, _ in beside.slices) == "Self-service"
    assert beside.real
    assert beside.comparisons == 3


def test_the_checkout_is_the_weak_touch_point() -> None:
    finding = fired(demo(by="Touchpoint"), "touchpoint_satisfaction_gap")
    assert finding is not None
    assert "Checkout" in finding.text


def test_movements_add_up_to_the_cent() -> None:
    gaps = [r.value for r in demo(by="Segment", period="quarter").results if r.metric == "mrr_identity_gap"]
    assert len(gaps) == 8 * 4
    assert set(gaps) == {0.0}


@cache
def answers(language: str, period: str | None) -> dict[tuple[str, str | None], tuple[Any, ...]]:
    path = ROOT / "examples" / "languages" / f"{language}.xlsx"
    card = evaluate(path, metrics=ROOT / "metrics.yaml", period=period, language=language)
    assert card.problems == ()
    return {(r.metric, r.period): (r.value, r.n, r.status, r.error, r.interval) for r in card.results}


@pytest.mark.parametrize(
    ("language", "period"), some(product(LANGUAGES[1:], [None, "quarter", "month"]), test=6)
)
def test_equal_numbers_in_every_language(language: str, period: str | None) -> None:
    assert answers(language, period) == answers("en", period)


def test_language_workbooks_bind_most_of_what_they_hold() -> None:
    found = [*answers("en", None).items(), *answers("en", "month").items()]
    valued = {metric for (metric, _), answer in found if answer[0] is not None}
    assert len(valued) >= 45
    assert {"nps", "css", "ces", "agreement_top2box", "cac", "clv_cac_ratio", "mrr", "cac_payback"} <= valued
