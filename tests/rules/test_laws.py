"""What must hold for any rules and facts: order changes nothing, and a missing fact never flips a verdict."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.language.message import say
from metricsheet.rules.check import compile_ruleset
from metricsheet.rules.engine.outcome import OUTCOMES
from metricsheet.rules.engine.periods import PeriodFacts
from metricsheet.values import Cell, ExcelError
from tests.rules.builders import catalog, rule
from tests.rules.worlds import METRICS, SETTINGS, conditions, world
from tests.stages import cases, few_cases

pytestmark = pytest.mark.fuzz


# made once, as making strategies costs more than drawing from them
_counts, _times = st.integers(1, cases(5, 2)), st.tuples(st.integers(1, 3), st.integers(0, 2))
_kinds = st.tuples(st.sampled_from(["low", "high"]), st.sampled_from(["attract", "expand"]))
_when = {said: st.lists(conditions(missing=said), min_size=1, max_size=2) for said in (True, False)}
_unless = {said: st.one_of(st.just(()), conditions(missing=said)) for said in (True, False)}
_earlier = [
    st.lists(st.sampled_from([f"r{other}" for other in range(index)]), unique=True) if index else st.just([])
    for index in range(5)
]


@st.composite
def rule_lists(draw: st.DrawFn, *, missing: bool = True) -> list[Any]:
    found = []
    for index in range(draw(_counts)):
        severity, stage = draw(_kinds)
        for_periods, keep = draw(_times)
        found.append(
            rule(
                f"r{index}",
                draw(_when[missing]),
                severity=severity,
                stage=stage,
                for_periods=for_periods,
                keep=keep,
                unless=draw(_unless[missing]),
                replaces=draw(_earlier[index]),
            )
        )
    return found


def history(seed: int, periods: int) -> list[PeriodFacts]:
    return [(f"2024-{month + 1:02d}", world(random.Random(seed * 10 + month))) for month in range(periods)]


histories = st.builds(history, st.integers(0, 10_000), st.integers(1, 4))


def verdicts(rules: list[Any], periods: list[PeriodFacts]) -> dict[str, tuple[Any, ...]]:
    found = compile_ruleset(catalog(METRICS, rules, SETTINGS)).evaluate([({}, periods)])
    return {o.rule: (o.outcome, o.since, o.missing, o.replaced_by is not None, o.because) for o in found}


@few_cases
@given(rule_lists(), histories, st.randoms())
def test_the_order_of_rules_changes_nothing(
    rules: list[Any], periods: list[PeriodFacts], rng: random.Random
) -> None:
    shuffled = list(rules)
    rng.shuffle(shuffled)
    assert verdicts(shuffled, periods) == verdicts(rules, periods)


@few_cases
@given(rule_lists(), histories, histories)
def test_slices_know_nothing_of_each_other(
    rules: list[Any], periods: list[PeriodFacts], others: list[PeriodFacts]
) -> None:
    ruleset = compile_ruleset(catalog(METRICS, rules, SETTINGS))
    together = ruleset.evaluate([({"s": "a"}, periods), ({"s": "b"}, others)])
    alone = ruleset.evaluate([({"s": "a"}, periods)])
    assert [(o.rule, o.outcome) for o in together if o.slice["s"] == "a"] == [
        (o.rule, o.outcome) for o in alone
    ]


@few_cases
@given(rule_lists(missing=False), histories, st.data())
def test_a_fact_taken_away_never_flips_a_verdict(
    rules: list[Any], periods: list[PeriodFacts], data: st.DataObject
) -> None:
    """A column deleted: its facts are gone in every period. No finding appears, none goes without a word."""
    names = sorted({name.partition(".")[0] for _, facts in periods for name in facts})
    gone = data.draw(st.sampled_from(names))
    lost = data.draw(st.sampled_from([None, ExcelError("#N/A", "not bound"), float("nan")]))
    fewer = [(period, _without(facts, gone, lost)) for period, facts in periods]
    before, after = verdicts(rules, periods), verdicts(rules, fewer)
    for key in before:
        was, now = before[key][0], after[key][0]
        if was == now:
            continue
        replaced_before = before[key][3]
        if was == "suppressed" and replaced_before:
            # the rule that spoke instead can no longer be decided, so the general one speaks for itself
            assert now in ("fired", "not_evaluated")
        else:
            assert now == "not_evaluated", (was, now)
        if now == "not_evaluated":
            assert any(name.partition(".")[0] == gone for name in after[key][2])


def _without(facts: Any, gone: str, lost: Cell) -> dict[str, Cell]:
    return {name: lost if name.partition(".")[0] == gone else value for name, value in facts.items()}


@few_cases
@given(rule_lists(), histories, st.randoms())
def test_any_facts_give_one_of_six_outcomes(
    rules: list[Any], periods: list[PeriodFacts], rng: random.Random
) -> None:
    """Values of any kind in any place: never an exception, and everything told about it is text."""
    odd = [None, True, "", "warn", 1, -0.0, 1e308, float("inf"), float("nan"), ExcelError("#REF!")]
    strange: list[PeriodFacts] = [
        (period, {name: rng.choice([value] * len(odd) + odd) for name, value in facts.items()})
        for period, facts in periods
    ]
    for outcome in compile_ruleset(catalog(METRICS, rules, SETTINGS)).evaluate([({}, strange)]):
        assert outcome.outcome in OUTCOMES
        shown = [outcome.text, outcome.reason, *outcome.recommend]
        shown += [side for c in outcome.because for side in (c.left, c.right, c.distance)]
        for language in ("en", "ja"):
            assert all(isinstance(say(one, language), str) for one in shown)
        assert (outcome.outcome in ("error", "not_evaluated")) <= (outcome.reason is not None)
