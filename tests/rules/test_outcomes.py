"""Every case of data/outcomes.yaml: one rule, its periods, and all it must say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from metricsheet.language.message import Message, say
from metricsheet.rules.check import compile_ruleset
from metricsheet.rules.engine.ruleset import RuleSet
from metricsheet.values import ExcelError
from tests.rules.builders import catalog, flag, metric, outcomes, rule

CASES = yaml.safe_load((Path(__file__).parent / "data" / "outcomes.yaml").read_text(encoding="utf-8"))
METRICS = [metric("x"), metric("y")]
SETTINGS = [flag("p"), flag("q")]


def ruleset(*rules: Any) -> RuleSet:
    return compile_ruleset(catalog(METRICS, rules, SETTINGS))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    written = dict(case["rule"])
    definition = rule(
        "tested",
        written["when"],
        unless=written.get("unless", ()),
        for_periods=written.get("for", 1),
        keep=written.get("keep", 0),
    )
    found = ruleset(definition).evaluate([({"region": "EU"}, list(case["periods"].items()))])
    assert len(found) == 1
    outcome = found[0]
    assert outcome.outcome == case["outcome"]
    assert outcome.since == case.get("since")
    assert list(outcome.missing) == case.get("missing", [])
    assert outcome.period == (list(case["periods"])[-1] if case["periods"] else None)
    assert outcome.slice == {"region": "EU"}
    if "reason" in case or outcome.outcome in ("fired", "not_fired"):
        assert say(outcome.reason) == case.get("reason", "")
    assert bool(outcome.text) is (outcome.outcome in ("fired", "pending", "suppressed"))


def test_the_case_names_are_distinct() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)


FIRED = [({}, [("2024-01", {"x": 5.0, "y": 0.0})])]


def test_a_fired_rule_silences_those_it_replaces() -> None:
    rules = ruleset(rule("general", "x > 1"), rule("special", "x > 4", replaces=["general"]))
    found = {outcome.rule: outcome for outcome in rules.evaluate(FIRED)}
    assert found["general"].outcome == "suppressed"
    assert found["general"].replaced_by == "special"
    assert found["general"].reason == Message("replaced_by", rule="special")
    assert found["special"].outcome == "fired"


@pytest.mark.parametrize(
    ("special", "expected"),
    [
        ("x > 9", "not_fired"),
        ("x / y > 4", "error"),
    ],
)
def test_a_rule_that_does_not_fire_silences_nobody(special: str, expected: str) -> None:
    rules = ruleset(rule("general", "x > 1"), rule("special", special, replaces=["general"]))
    assert outcomes(rules.evaluate(FIRED)) == {"general": "fired", "special": expected}


def test_what_cannot_be_said_in_particular_is_said_in_general() -> None:
    rules = ruleset(rule("general", "x > 1"), rule("special", ["x > 4", "y > 1"], replaces=["general"]))
    found = rules.evaluate([({}, [("2024-01", {"x": 5.0})])])
    assert outcomes(found) == {"general": "fired", "special": "not_evaluated"}


def test_of_a_chain_only_the_first_that_fired_speaks() -> None:
    rules = ruleset(
        rule("first", "x > 1", replaces=["second"]),
        rule("second", "x > 1", replaces=["third"]),
        rule("third", "x > 1"),
    )
    found = {outcome.rule: outcome for outcome in rules.evaluate(FIRED)}
    assert found["first"].outcome == "fired"
    assert found["second"].replaced_by == found["third"].replaced_by == "first"


def test_a_chain_with_a_gap() -> None:
    rules = ruleset(
        rule("first", "x > 1", replaces=["second"]),
        rule("second", "x > 9", replaces=["third"]),
        rule("third", "x > 1"),
    )
    assert outcomes(rules.evaluate(FIRED)) == {"first": "fired", "second": "not_fired", "third": "fired"}


def test_a_rule_silenced_by_its_exception_silences_nobody() -> None:
    rules = ruleset(rule("general", "x > 1"), rule("special", "x > 1", unless="x > 2", replaces=["general"]))
    assert outcomes(rules.evaluate(FIRED)) == {"general": "fired", "special": "suppressed"}


def test_a_pending_rule_silences_nobody_and_a_kept_one_does() -> None:
    general = rule("general", "x > 1")
    pending = ruleset(general, rule("special", "x > 4", for_periods=2, replaces=["general"]))
    assert outcomes(pending.evaluate(FIRED)) == {"general": "fired", "special": "pending"}
    kept = ruleset(general, rule("special", "x > 4", keep=1, replaces=["general"]))
    found = kept.evaluate([({}, [("2024-01", {"x": 5.0}), ("2024-02", {"x": 2.0})])])
    assert outcomes(found) == {"general": "suppressed", "special": "fired"}


def test_replacing_goes_slice_by_slice() -> None:
    rules = ruleset(rule("general", "x > 1"), rule("special", "x > 4", replaces=["general"]))
    found = rules.evaluate([({"r": "A"}, [(None, {"x": 5.0})]), ({"r": "B"}, [(None, {"x": 2.0})])])
    said = {(outcome.rule, outcome.slice["r"]): outcome.outcome for outcome in found}
    assert said == {
        ("general", "A"): "suppressed",
        ("general", "B"): "fired",
        ("special", "A"): "fired",
        ("special", "B"): "not_fired",
    }


def test_scorecard_rules_look_once_and_may_silence_slices() -> None:
    rules = ruleset(
        rule("weak_spot", "x > 1"),
        rule("gap", "x.spread > 2", scope="scorecard", replaces=["weak_spot"]),
    )
    slices = [({"r": name}, [("2024-01", {"x": 5.0})]) for name in "AB"]
    found = rules.evaluate(slices, [("2024-01", {"x.spread": 3.0})])
    assert [(o.rule, dict(o.slice), o.outcome) for o in found] == [
        ("weak_spot", {"r": "A"}, "suppressed"),
        ("weak_spot", {"r": "B"}, "suppressed"),
        ("gap", {}, "fired"),
    ]
    assert found[0].replaced_by == "gap"
    assert outcomes(rules.evaluate(slices)) == {"weak_spot": "fired"}
    assert outcomes(rules.evaluate([], [("2024-01", {})])) == {"gap": "not_evaluated"}


def test_order_is_severity_then_stage_then_catalog_then_slice() -> None:
    written = [
        rule("a", "x > 1", severity="low", stage="convert"),
        rule("b", "x > 1", severity="critical", stage="expand"),
        rule("c", "x > 1", severity="low", stage="attract"),
        rule("d", "x > 1", severity="critical", stage="capture"),
        rule("e", "x > 1", severity="low", stage="attract"),
        rule("f", "x > 1", severity="info", stage="attract"),
    ]
    slices = [({"r": "A"}, [(None, {"x": 5.0})]), ({"r": "B"}, [(None, {"x": 5.0})])]
    found = ruleset(*written).evaluate(slices)
    assert [outcome.rule for outcome in found[::2]] == ["d", "b", "c", "e", "a", "f"]
    assert [outcome.slice["r"] for outcome in found] == ["A", "B"] * 6


def test_texts_show_facts_as_readers_write_them() -> None:
    tested = rule(
        "tested",
        "x > 3",
        finding={
            "en": "x is {x}, it was {x.previous} ({{sic}}) with {x.n} answers",
            "de": "x ist {x}",
        },
        recommend=["Look at {x}", "Then at y"],
    )
    facts = [({}, [("2024-01", {"x": 5.5, "x.n": 1234.0})])]
    (found,) = ruleset(tested).evaluate(facts)
    assert str(found.text) == say(found.text) == "x is 5.5, it was missing ({sic}) with 1,234 answers"
    assert [say(advice) for advice in found.recommend] == ["Look at 5.5", "Then at y"]
    assert say(found.text, "de") == "x ist 5,5"
    assert say(found.text, "ja").startswith("x is 5.5, it was データなし")


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (2.96, 3.04, "from 3.04 to 2.96"),
        (2.9, 3.0, "from 3.0 to 2.9"),
        (3.0, 3.0, "from 3 to 3"),
        (0.3, 0.1 + 0.2, "from 0.3 to 0.3"),
        (2.9501, 2.9499, "from 2.9 to 3.0"),
    ],
)
def test_values_beside_each_other_differ_where_they_do(now: float, before: float, text: str) -> None:
    tested = rule("tested", "x > 0", finding="from {x.previous} to {x}")
    (found,) = ruleset(tested).evaluate([({}, [(None, {"x": now, "x.previous": before})])])
    assert str(found.text) == text


def test_advice_comes_by_priority() -> None:
    from metricsheet.catalog.definitions import Recommendation

    advice = [
        Recommendation({"en": "last"}, 3),
        Recommendation({"en": "first"}, 1),
        Recommendation({"en": "second"}, 1),
    ]
    (found,) = ruleset(rule("tested", "x > 3", recommend=advice)).evaluate(FIRED)
    assert [say(advice) for advice in found.recommend] == ["first", "second", "last"]


def test_an_error_value_gives_its_reason() -> None:
    facts = [({}, [("2024-01", {"x": ExcelError("#DIV/0!", Message("zero", name="new_customers"))})])]
    (found,) = ruleset(rule("tested", "x > 3")).evaluate(facts)
    assert found.outcome == "not_evaluated"
    assert found.missing == ("x",)
    assert say(found.reason) == "missing: x (#DIV/0! new_customers is 0)"
    assert say(found.reason, "de") == "fehlt: x (#DIV/0! new_customers ist 0)"


def test_a_metric_that_was_not_found_is_no_error_of_a_cell() -> None:
    not_found = ExcelError("#N/A", Message("not_bound", input="x"))
    (found,) = ruleset(rule("tested", "x > 3")).evaluate([({}, [("2024-01", {"x": not_found})])])
    assert say(found.reason) == "missing: x (no column found for x)"
    (bare,) = ruleset(rule("tested", "x > 3")).evaluate([({}, [("2024-01", {"x": ExcelError("#N/A")})])])
    assert say(bare.reason) == "missing: x (#N/A)"


def test_the_facts_a_ruleset_reads() -> None:
    rules = ruleset(
        rule("a", "x > 1", unless="p", finding="{y.previous}"),
        rule("b", "y.spread > 1", scope="scorecard", recommend=["see {y.lowest_slice}"]),
    )
    assert rules.facts_read("slice") == {"x", "p", "y.previous"}
    assert rules.facts_read("scorecard") == {"y.spread", "y.lowest_slice"}


def test_missing_history_names_the_period_in_the_readers_language() -> None:
    tested = rule("tested", "x > 3", for_periods=2)
    facts = [({}, [("2024-01", {"x": 5.0}), ("2024-03", {"x": 5.0})])]
    (found,) = ruleset(tested).evaluate(facts)
    assert found.reason == Message("no_data_in", period="2024-02")
    assert say(found.reason, "de") == "keine Daten für 2024-02"
