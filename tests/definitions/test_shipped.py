"""The definitions that ship: sound, worked out, translated, and answering as their examples say."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from metricsheet.api import load_catalog
from metricsheet.catalog.definitions import STAGES, Catalog
from metricsheet.catalog.translations import missing_translations
from metricsheet.evaluation.examples import run_examples
from metricsheet.prepared import check_definitions
from metricsheet.rules.check import compile_ruleset
from metricsheet.rules.testing.run import run_rule_tests

ROOT = Path(__file__).parents[2]
PACKS = sorted(path.stem for path in (ROOT / "benchmark_packs").glob("*.yaml"))

FIRST_METRICS = """
nps css ces clv cac clv_cac_ratio profit_per_customer mrr expansion_mrr churn_rate churn_rate_flags
upsell_share existing_customer_share open_rate click_rate
"""
FIRST_INPUTS = """
recommend_score satisfaction_score effort_score revenue customers marketing_cost sales_cost new_customers
active_customers average_revenue nonrecurring_revenue customers_at_start customers_lost churned
upsell_revenue existing_customer_revenue total_revenue delivered opens clicks
"""


@cache
def shipped() -> Catalog:
    return load_catalog(ROOT / "metrics.yaml", benchmarks=PACKS)


def test_nothing_to_complain_about() -> None:
    catalog, problems = check_definitions(ROOT / "metrics.yaml", benchmarks=PACKS)
    assert catalog is not None
    assert [problem.render() for problem in problems] == []


def test_every_text_is_in_every_language() -> None:
    assert [problem.message for problem in missing_translations(shipped())] == []


def test_other_languages_stand_in_the_files_of_translations_alone() -> None:
    for path in (ROOT / "metrics.yaml", *ROOT.glob("lifecycle_rules/*"), *ROOT.glob("benchmark_packs/*")):
        text = path.read_text("utf-8")
        assert re.findall(r"(?m)(?:\{|^[ -]+)en: .*", text) == [], path.name
        # the worked example of agreement shows that Turkish answers are read
        others = [one for one in re.findall(r"[^\x00-\x7f]+", text) if any(map(str.isalpha, one))]
        assert set(others) <= set("ıç"), path.name


def test_at_least_sixty_metrics_over_five_stages() -> None:
    stages = Counter(metric.stage for metric in shipped().metrics.values())
    assert len(shipped().metrics) >= 60
    assert set(stages) == set(STAGES)
    assert min(stages.values()) >= 5


@pytest.mark.parametrize("key", FIRST_METRICS.split())
def test_the_metrics_of_the_articles_are_there(key: str) -> None:
    assert shipped().metrics[key].question is not None


def test_the_inputs_of_the_articles_are_there() -> None:
    assert set(FIRST_INPUTS.split()) <= shipped().inputs.keys()


@pytest.mark.parametrize("key", list(shipped().metrics))
def test_worked_examples(key: str) -> None:
    metric = shipped().metrics[key]
    outcomes = run_examples(shipped(), [key])
    assert len(outcomes) >= 2
    assert [(o.number, o.wanted, o.got) for o in outcomes if not o.passed] == []
    assert any(_awkward(example.given.values(), example.error) for example in metric.examples)
    assert metric.source
    assert metric.question is not None


def _awkward(given: object, error: str | None) -> bool:
    """Whether an example shows more than plain numbers: an error, a blank, text, zero or less."""
    cells: list[object] = []
    for value in given:  # type: ignore[attr-defined]
        cells += value if isinstance(value, (list, tuple)) else [value]
    odd = [c for c in cells if c is None or isinstance(c, str) or (isinstance(c, (int, float)) and c <= 0)]
    return error is not None or bool(odd)


def test_rules_do_what_their_tests_say() -> None:
    report = run_rule_tests(compile_ruleset(shipped()), shipped())
    failed = [(r.rule, r.name, r.expected, r.got, r.reason) for r in report.results if not r.passed]
    assert failed == []
    assert report.untested == ()
    assert report.percent_covered() >= 90
    assert min(Counter(result.rule for result in report.results).values()) >= 2


def test_every_stage_has_rules_about_what_is_wrong_and_what_is_missing() -> None:
    rules = shipped().rules.values()
    assert {rule.stage for rule in rules} == set(STAGES)
    assert all(rule.recommend for rule in rules)
    assert all(rule.source for rule in rules)


def test_what_stands_in_for_an_outcome_is_an_activity() -> None:
    metrics = shipped().metrics
    stand_ins = {key: metric.fallback for key, metric in metrics.items() if metric.fallback is not None}
    assert stand_ins
    for key, fallback in stand_ins.items():
        assert metrics[key].kind == "outcome"
        assert metrics[fallback].kind == "activity"


def test_what_has_no_threshold_in_the_sources_has_no_bands() -> None:
    graded = {key for key, metric in shipped().metrics.items() if metric.bands or metric.band_variants}
    assert graded == {
        "nps",
        "nps_counts",
        "nps_one_to_ten",
        "clv_cac_ratio",
        "upsell_share",
        "mrr_identity_gap",
    }


def test_benchmarks_are_off_unless_asked_for() -> None:
    assert load_catalog(ROOT / "metrics.yaml").benchmarks == ()
    assert len(shipped().benchmarks) >= 40
    assert all(b.source and b.as_of and b.population for b in shipped().benchmarks)
