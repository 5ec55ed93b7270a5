"""Proofs against brute force: whatever is proven impossible or implied must be so in every sampled world."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.catalog.definitions import ConditionText
from metricsheet.rules.check import compile_rules
from metricsheet.rules.engine.compile import compile_condition
from metricsheet.rules.engine.ruleset import RuleSet
from metricsheet.rules.language.checker import read_conditions
from metricsheet.rules.language.conditions import Condition
from metricsheet.rules.proofs.models import Worlds, cases, implies, never_true
from metricsheet.rules.proofs.warnings import analyse
from metricsheet.values.value_sets import Numbers, Words
from tests.rules.builders import catalog, rule
from tests.rules.worlds import METRICS, SETTINGS, VOCABULARY, WORLDS, conditions, world
from tests.stages import cases as count
from tests.stages import few_cases, seeds

SPACE = Worlds(VOCABULARY)


def read(text: str) -> Condition:
    condition, problems = read_conditions([ConditionText(text)], VOCABULARY)
    assert condition is not None, [problem.render() for problem in problems]
    return condition


@few_cases
@given(conditions())
def test_what_never_holds_holds_in_no_world(text: str) -> None:
    condition = read(text)
    if never_true(condition, SPACE):
        test = compile_condition(condition)
        assert not any(test(facts.get) for facts in WORLDS)


@few_cases
@given(conditions(), conditions())
def test_what_is_implied_follows_in_every_world(text: str, other_text: str) -> None:
    condition, other = read(text), read(other_text)
    if implies(condition, other, SPACE):
        test, other_test = compile_condition(condition), compile_condition(other)
        assert not any(test(facts.get) and not other_test(facts.get) for facts in WORLDS)


@few_cases
@given(conditions(), conditions())
def test_a_part_follows_from_the_whole(text: str, other_text: str) -> None:
    whole, part = read(f"AND({text}, {other_text})"), read(text)
    if cases(whole, True, SPACE) is not None and cases(part, True, SPACE) is not None:
        assert implies(whole, part, SPACE)
        assert (
            implies(part, read(f"OR({other_text}, {text})"), SPACE)
            or cases(read(other_text), True, SPACE) is None
        )


@few_cases
@given(conditions())
def test_the_boxes_are_the_worlds(text: str) -> None:
    """A world lies in a box for a truth exactly when the condition has that truth there."""
    condition = read(text)
    test = compile_condition(condition)
    for truth in (True, False):
        boxes = cases(condition, truth, SPACE)
        if boxes is None:
            continue
        for facts in WORLDS[: count(200, 60)]:
            assert any(_inside(facts, box) for box in boxes) is (test(facts.get) is truth)


def _inside(facts: dict[str, Any], box: dict[str, Any]) -> bool:
    for name, region in box.items():
        if " as number" in name:
            value = compile_condition(read(name.removesuffix(" as number")))(facts.get)
        else:
            value = facts.get(name)
        if value is None:
            if not region.missing:
                return False
        elif isinstance(region, Numbers):
            if not region.contains(value):
                return False
        elif isinstance(region, Words) and (value in region.values) is region.rest:
            return False
    return True


NEVER = [
    "ratio < 1 AND ratio > 3",
    'ratio.status = "warn" AND ratio > 4',
    'ratio.status = "critical" AND ratio > 1',
    'ratio.status = "ok" AND ratio < 3',
    'ratio.status = "info" AND ratio <= ratio.target',
    'ratio.status = "warn" AND ratio >= ratio.target',
    'IN(ratio.status, "warn", "critical") AND ratio >= 3',
    'NOT(IN(ratio.status, "low_data", "no_target", "ok")) AND BETWEEN(ratio, 3, 5)',
    'churn.status = "warn" AND churn <= 5%',
    'churn.status = "ok" AND churn > churn.target',
    'share.status = "warn" AND share >= 10%',
    'share.status = "critical" AND share > 35%',
    'churn.trend = "rising" AND churn.change < 0',
    'churn.trend = "falling" AND churn.change >= 0',
    "ISMISSING(churn) AND churn > 5%",
    "ISMISSING(churn) AND NOT(ISMISSING(churn.n))",
    "ISMISSING(audited)",
    "campaign AND NOT(campaign)",
    "campaign AND campaign = FALSE",
    'company = "new" AND company = "seasoned"',
    'company <> "new" AND company <> "seasoned"',
    "churn.n < 0",
    "ratio.target > 3",
    "ratio > 1 AND ISMISSING(ratio.target)",
    "ratio > ratio.previous AND ratio <= ratio.previous",
    "ratio < ratio.previous AND ISMISSING(ratio.previous)",
    "BETWEEN(ratio, 2, 4) AND IN(ratio, 1, 5)",
    "NOT(OR(ratio > 2, ratio < 3))",
    "NOT(OR(ratio >= 2, ratio < 2))",
]


@pytest.mark.parametrize("text", NEVER)
def test_what_is_seen_through(text: str) -> None:
    assert never_true(read(f"AND({text.replace(' AND ', ', ')})"), SPACE)


POSSIBLE = [
    "ratio < 3 AND ratio > 1",
    'ratio.status = "low_data" AND ratio > 4',
    'ratio.status = "warn" AND ratio >= 2.9',
    'ratio.status = "critical" AND ratio = 1',
    'IN(share.status, "warn", "critical") AND share > 5%',
    'churn.trend = "flat" AND churn.change >= 0',
    "ISMISSING(campaign)",
    'ISMISSING(churn.trend) AND churn.status = "warn"',
    "NOT(ISMISSING(ratio)) AND ISMISSING(ratio.previous)",
    "churn.n = 0",
    "ratio = 3 AND ratio = ratio.target",
]


@pytest.mark.parametrize("text", POSSIBLE)
def test_what_can_hold_is_left_alone(text: str) -> None:
    condition = read(f"AND({text.replace(' AND ', ', ')})")
    assert not never_true(condition, SPACE)
    test = compile_condition(condition)
    assert any(test(world(random.Random(seed)).get) for seed in range(20_000))


IMPLIED = [
    ("ratio < 1", "ratio < 3"),
    ('ratio.status = "warn"', "ratio < 3"),
    ('ratio.status = "warn"', "BETWEEN(ratio, 1, 3)"),
    ('IN(ratio.status, "warn", "critical")', "ratio < ratio.target"),
    ("ratio < 2", "ratio < ratio.target"),
    ("ratio < ratio.target", "ratio < 3"),
    ("ratio < 3", "ratio < ratio.target"),
    ('churn.status = "warn"', "NOT(ISMISSING(churn))"),
    ('churn.trend = "rising"', "churn.change > 0"),
    ("AND(ratio > 1, ratio < 2)", "OR(ratio < 1.5, ratio >= 1.5)"),
    ("IN(ratio, 1, 2)", "BETWEEN(ratio, 1, 2)"),
    ("ratio > ratio.previous", "NOT(ratio <= ratio.previous)"),
    ("ratio > ratio.previous", "ratio.previous < ratio"),
    ('company = "new"', 'company <> "seasoned"'),
    ('company <> "seasoned"', 'company = "new"'),
]
NOT_IMPLIED = [
    ("ratio < 3", "ratio < 1"),
    ("ratio < 3", 'IN(ratio.status, "warn", "critical")'),
    ("ratio < ratio.target", "ratio < 2"),
    ("NOT(ISMISSING(churn))", "churn.n >= 0"),
    ("ISMISSING(churn.trend)", "ISMISSING(churn)"),
    ('share.status = "ok"', "share >= 30%"),
    ("campaign", "audited"),
]


@pytest.mark.parametrize(("text", "other"), IMPLIED)
def test_what_follows(text: str, other: str) -> None:
    assert implies(read(text), read(other), SPACE)


@pytest.mark.parametrize(("text", "other"), NOT_IMPLIED)
def test_what_does_not_follow(text: str, other: str) -> None:
    assert not implies(read(text), read(other), SPACE)


def test_too_many_cases_are_left_undecided() -> None:
    every = ", ".join(f"OR(ratio <> {n}, churn <> {n}%)" for n in range(8))
    assert cases(read(f"AND({every})"), True, SPACE) is None
    assert not never_true(read(f"AND({every}, campaign, NOT(campaign))"), SPACE)


# whole rules

HISTORIES = [
    [(f"2024-{month + 1:02d}", world(random.Random(10_000 + seed * 3 + month))) for month in range(3)]
    for seed in seeds(250, 20)
]


@st.composite
def _rules(draw: st.DrawFn) -> list[Any]:
    found = []
    # few texts, so that rules often say the same
    texts = draw(st.lists(conditions(), min_size=2, max_size=3))
    for index in range(draw(st.integers(2, 4))):
        earlier = [f"r{other}" for other in range(index)]
        found.append(
            rule(
                f"r{index}",
                draw(st.sampled_from(texts)),
                severity=draw(st.sampled_from(["low", "high"])),
                finding=draw(st.sampled_from(["this", "that"])),
                for_periods=draw(st.sampled_from([1, 1, 2])),
                keep=draw(st.sampled_from([0, 0, 1])),
                unless=draw(st.one_of(st.just(()), st.just(()), st.sampled_from(texts))),
                replaces=draw(st.lists(st.sampled_from(earlier), unique=True, max_size=2)) if earlier else (),
            )
        )
    return found


@few_cases
@given(_rules())
def test_no_false_alarm(rules: list[Any]) -> None:
    definitions = catalog(METRICS, rules, SETTINGS)
    compiled, problems = compile_rules(definitions)
    assert not problems
    said = RuleSet(definitions, compiled).evaluate([({}, history) for history in HISTORIES])
    outcomes: dict[str, list[str]] = {}
    for outcome in said:
        outcomes.setdefault(outcome.rule, []).append(outcome.outcome)
    for warning in analyse(definitions, compiled):
        first, *others = [
            word.strip(":,") for word in str(warning.message).split() if word.strip(":,") in outcomes
        ]
        if warning.code == "never_fires":
            assert not {"fired", "pending", "suppressed"} & set(outcomes[first])
        elif warning.code in ("always_excused", "always_replaced"):
            assert "fired" not in outcomes[first]
        elif warning.code == "replaces_nothing":
            pairs = zip(outcomes[first], outcomes[others[0]], strict=True)
            assert not any(pair == ("fired", "fired") for pair in pairs)
            assert not any(o.replaced_by == first for o in said if o.rule == others[0])
        elif warning.code == "contradicting_severity":
            assert _fires(said, first) == _fires(said, others[0])
        elif warning.code == "shadowed":
            weaker, stronger = _fires(said, first), _fires(said, others[0])
            assert all(s for w, s in zip(weaker, stronger, strict=True) if w)
        else:
            assert warning.code == "alternative_never_holds"


def _fires(said: list[Any], key: str) -> list[bool]:
    """Whether a rule fires in each history, silenced by another rule or not."""
    return [o.outcome == "fired" or o.replaced_by is not None for o in said if o.rule == key]
