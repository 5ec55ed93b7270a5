"""Tests that rules carry: what they see, what they report, and which comparisons they leave unseen."""

from __future__ import annotations

from typing import Any

import pytest

from metricsheet.language.message import say
from metricsheet.rules.check import check_rules, compile_ruleset
from metricsheet.rules.testing.run import RuleTestReport, run_rule_tests
from tests.rules.builders import band, catalog, choice, flag, metric, rule

METRICS = [
    metric("ratio", "ratio", [band("warn", None, 3), band("ok", 3, None)], target=3.0),
    metric("churn", "percent"),
]
SETTINGS = [flag("campaign", default="no"), choice("company", "new", "seasoned")]


def run(*rules: Any, only: list[str] | None = None) -> RuleTestReport:
    definitions = catalog(METRICS, rules, SETTINGS)
    return run_rule_tests(compile_ruleset(definitions), definitions, only)


# when, more, given, outcome
CASES: list[tuple[Any, dict[str, Any], dict[str, Any], str]] = [
    ("ratio < 3", {}, {"ratio": 2}, "fired"),
    ("ratio < 3", {}, {"ratio": 3}, "not_fired"),
    ("ratio < 3", {}, {"churn": 1}, "not_evaluated"),
    ("ratio < 3", {}, {"ratio": None}, "not_evaluated"),
    # as analysts write amounts
    ("ratio < 3", {}, {"ratio": "2:1"}, "fired"),
    ("churn > 5%", {}, {"churn": "6%"}, "fired"),
    ("churn > 5%", {}, {"churn": "5%"}, "not_fired"),
    ("churn > 5%", {}, {"churn": 0.06}, "fired"),
    # a single value holds for as long as the rule needs; a list tells the periods
    ("ratio < 3", {"for_periods": 3}, {"ratio": 2}, "fired"),
    ("ratio < 3", {"for_periods": 2}, {"ratio": [2]}, "pending"),
    ("ratio < 3", {"for_periods": 2}, {"ratio": (4, 2)}, "pending"),
    ("ratio < 3", {"for_periods": 2}, {"ratio": [4, 2, 2]}, "fired"),
    ("ratio < 3", {"for_periods": 2}, {"ratio": [2, None, 2]}, "not_evaluated"),
    ("ratio < 3", {"keep": 1}, {"ratio": [2, 4]}, "fired"),
    ("ratio < 3", {"keep": 1}, {"ratio": [2, 4, 4]}, "not_fired"),
    (["ratio < 3", "churn > 5%"], {"for_periods": 2}, {"ratio": [2, 2], "churn": "6%"}, "fired"),
    # settings have their defaults unless the test says otherwise
    ("ratio < 3", {"unless": "campaign"}, {"ratio": 2}, "fired"),
    ("ratio < 3", {"unless": "campaign"}, {"ratio": 2, "campaign": True}, "suppressed"),
    ("ratio < 3", {"unless": "campaign"}, {"ratio": 2, "campaign": "yes"}, "suppressed"),
    ("ratio < 3", {"unless": "campaign"}, {"ratio": 2, "campaign": [None]}, "not_evaluated"),
    ('company = "new"', {}, {}, "not_evaluated"),
    ('company = "new"', {}, {"company": "New"}, "fired"),
    ("ratio.spread > 2", {"scope": "scorecard"}, {"ratio.spread": 3}, "fired"),
]


@pytest.mark.parametrize(("when", "more", "given", "expected"), CASES)
def test_case(when: Any, more: dict[str, Any], given: dict[str, Any], expected: str) -> None:
    report = run(rule("tested", when, tests=[("case", given, expected)], **more))
    (result,) = report.results
    assert result.got == expected
    assert result.passed
    assert report.passed


def test_a_failed_test_says_what_came_and_why() -> None:
    report = run(rule("tested", "ratio < 3", tests=[("slim", {"ratio": 3.2}, "fired")]))
    (result,) = report.results
    assert not report.passed
    assert (result.rule, result.name, result.expected, result.got) == ("tested", "slim", "fired", "not_fired")
    (comparison,) = result.because
    assert (say(comparison.left), say(comparison.distance)) == ("3.2:1", "0.2:1 above 3:1")


def test_a_test_sees_the_rules_that_replace_its_own() -> None:
    report = run(
        rule(
            "general",
            "ratio < 3",
            tests=[("alone", {"ratio": 2}, "fired"), ("replaced", {"ratio": 0.5}, "suppressed")],
        ),
        rule("special", "ratio < 1", replaces=["general"], tests=[("loss", {"ratio": 0.5}, "fired")]),
        rule("unrelated", "ratio < 5"),
    )
    assert report.passed
    assert str(report.results[1].reason) == "replaced by special"
    assert report.untested == ("unrelated",)


def test_only_the_rules_asked_for() -> None:
    one, two = (rule(key, "ratio < 3", tests=[("t", {"ratio": 2}, "fired")]) for key in ("one", "two"))
    assert [result.rule for result in run(one, two, only=["two"]).results] == ["two"]


def test_no_tests_are_no_pass() -> None:
    assert not run(rule("tested", "ratio < 3")).passed
    assert run(rule("tested", "ratio < 3")).percent_covered() == 0


def test_coverage_names_what_no_test_has_shown() -> None:
    tested = rule(
        "tested",
        ["ratio < 3", {"any": ["churn > 5%", "ISMISSING(churn)"]}],
        unless="campaign",
        tests=[
            ("fires", {"ratio": 2, "churn": "6%"}, "fired"),
            ("no churn", {"ratio": 2}, "fired"),
            ("nothing", {}, "not_evaluated"),
        ],
    )
    report = run(tested)
    seen = {c.comparison: (c.seen_true, c.seen_false, c.seen_unknown, c.unseen) for c in report.coverage}
    assert seen == {
        "ratio < 3": (2, 0, 1, ("false",)),
        "churn > 5%": (1, 0, 2, ("false",)),
        "ISMISSING(churn)": (2, 1, 0, ()),
        "campaign": (0, 3, 0, ("true",)),  # a setting with a default is never unknown
    }
    # 7 of 10 truths
    assert report.percent_covered() == 70


def test_coverage_is_never_rounded_up() -> None:
    rules = [
        rule(
            f"r{n}",
            "ratio < 3",
            tests=[
                ("t", {"ratio": 2}, "fired"),
                ("f", {"ratio": 4}, "not_fired"),
                ("u", {}, "not_evaluated"),
            ],
        )
        for n in range(70)
    ]
    rules.append(
        rule("last", "ratio < 3", tests=[("t", {"ratio": 2}, "fired"), ("f", {"ratio": 4}, "not_fired")])
    )
    assert run(*rules).percent_covered() == 99


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"ratoi": 2}, "unknown_fact", "test 'bad': 'ratoi' is not a metric or setting"),
    ({"ratio": "many"}, "type_mismatch", "test 'bad': ratio is a number, found 'many'"),
    ({"ratio": True}, "type_mismatch", "test 'bad': ratio is a number, found True"),
    ({"ratio": [2, "x"]}, "type_mismatch", "test 'bad': ratio is a number, found 'x'"),
    ({"ratio.status": 3}, "type_mismatch", "test 'bad': ratio.status is a text, found 3"),
    ({"campaign": "maybe"}, "type_mismatch", "test 'bad': campaign is yes or no, found 'maybe'"),
    ({"ratio.status": "critical"}, "unknown_status", "test 'bad': ratio.status is never 'critical'"),
    ({"ratio.trend": "raising"}, "unknown_word", "test 'bad': ratio.trend is never 'raising'"),
    ({"ratio": [1, 2], "churn": [1]}, "uneven_periods", "lists of 1 and 2 periods in one test"),
    ({"ratio": []}, "uneven_periods", "a list without periods"),
    ({"ratio.x": 3}, "unknown_fact", "test 'bad': 'ratio.x' is not a fact: metric ratio has no 'x'"),
    ({"ratio": 4, "ratio.status": "warn"}, "impossible_given", "test 'bad': ratio is 4, which is never warn"),
]


@pytest.mark.parametrize(("given", "code", "message"), BAD)
def test_bad_tests(given: dict[str, Any], code: str, message: str) -> None:
    tested = rule("tested", "ratio < 3", tests=[("bad", given, "fired")])
    (problem,) = check_rules(catalog(METRICS, [tested], SETTINGS))
    assert (problem.code, str(problem.message)) == (code, message)


def test_an_unknown_outcome() -> None:
    tested = rule("tested", "ratio < 3", tests=[("bad", {"ratio": 2}, "fires")])
    (problem,) = check_rules(catalog(METRICS, [tested], SETTINGS))
    assert str(problem.message) == "'fires' is not an outcome"
    assert str(problem.hint) == "did you mean 'fired'?"
