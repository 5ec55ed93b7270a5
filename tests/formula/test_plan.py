"""Formulas split at the aggregate boundary."""

from __future__ import annotations

import pickle

import pytest

from metricsheet.formula.ast import Node, to_text, walk
from metricsheet.formula.compile import compile_formula
from metricsheet.formula.plan import NameInfo, Plan

COLUMNS = {
    name: NameInfo("input") for name in ("a", "b", "c", "score", "plan", "revenue", "opens", "delivered")
}
NAMES = COLUMNS | {
    "clv": NameInfo("metric"),
    "cac": NameInfo("metric"),
    "period_start": NameInfo("parameter"),
}

PLANS = [
    # formula, primitives
    ("SUM(a)", ["sum: a"]),
    ("a / b", ["total: a", "total: b"]),
    ("SUM(a) / SUM(a)", ["sum: a"]),
    ("COUNT(a, b)", ["count: a", "count: b"]),
    ("AVERAGE(a)", ["sum: a", "count: a"]),
    ("AVERAGE(a) + SUM(a)", ["sum: a", "count: a"]),
    ("MEDIAN(a) + PERCENTILE.INC(a, 0.9)", ["ordered: a"]),
    ("STDEV.S(a) / VAR.P(a)", ["moments: a"]),
    ("MODE(a)", ["values: a"]),
    ("COUNTUNIQUE(plan)", ["nunique: plan"]),
    ("COUNTBLANK(a) + COUNTA(a)", ["countblank: a", "counta: a"]),
    ('COUNTIF(score, ">=9")', ['rows:  | score | ">=9"']),
    ('COUNTIFS(score, ">=9", plan, "pro")', ['rows:  | score | ">=9" | plan | "pro"']),
    ('SUMIF(a, ">1")', ['sum: a | a | ">1"']),
    ('SUMIF(plan, "pro", a)', ['sum: a | plan | "pro"']),
    ('AVERAGEIFS(a, plan, "pro")', ['sum: a | plan | "pro"', 'count: a | plan | "pro"']),
    ('MAXIFS(a, plan, "pro")', ['max: a | plan | "pro"']),
    ("SUM(a * b)", ["sum: a * b"]),
    ("SUM(a * clv)", ["sum: a * clv"]),
    ("SUM((a - AVERAGE(a))^2)", ["sum: a", "count: a", "sum: (a - AVERAGE(a))^2"]),
    ('COUNTIF(a, ">" & AVERAGE(a))', ["sum: a", "count: a", 'rows:  | a | ">" & AVERAGE(a)']),
    ("SUMPRODUCT(a, b)", ["sum: SUMPRODUCT(a, b)"]),
    ('SUMPRODUCT((a > 3) * (plan = "x"))', ['sum: (a > 3) * (plan = "x")']),
    ("AND(a > 1, clv > 2)", ["logicals: a > 1"]),
    ("MAX(a, 0)", ["max: a"]),
    ("SUM(clv, cac)", ["sum: clv", "sum: cac"]),
    ("SUM(1, 2)", []),
    ("IF(clv > 3, 1, 2)", []),
    ("SUM({1,2})", ["sum: {1,2}"]),
]


def planned(formula: str, names: dict[str, NameInfo] = NAMES) -> Plan:
    plan, diagnostics = compile_formula(formula, names)
    assert plan is not None, diagnostics
    return plan


@pytest.mark.parametrize(("formula", "primitives"), PLANS)
def test_primitives(formula: str, primitives: list[str]) -> None:
    plan = planned(formula)
    assert [primitive.key for primitive in plan.primitives] == primitives
    # the residual still reads as the formula, its answers as what they were written as
    assert to_text(plan.residual) == to_text(plan.ast)


def test_what_a_plan_reads() -> None:
    plan = planned('SUM(a * b) / c + clv + SUMIFS(a, b, ">=" & period_start, plan, "x") + COUNT(a)')
    assert plan.inputs == ("a", "b", "c", "plan")
    assert plan.metrics == ("clv",)
    assert plan.parameters == ("period_start",)
    assert plan.aligned == (frozenset("ab"), frozenset(["a", "b", "plan"]))
    assert plan.totals == {"c"}


def test_names_are_spelled_as_declared() -> None:
    plan = planned("Sum(A) + CLV")
    assert plan.inputs == ("a",)
    assert plan.metrics == ("clv",)
    assert to_text(plan.ast) == "SUM(a) + clv"


def test_row_formulas_have_no_columns() -> None:
    plan, _ = compile_formula('region = "EU" & SUM(x, y)', None, row_level=True)
    assert plan is not None
    assert plan.inputs == ("region", "x", "y")
    assert plan.parameters == ()
    assert all(not primitive.columns for primitive in plan.primitives)


INTERVALS = [
    # formula, method, hits, against, base, scale
    ('(COUNTIF(score, ">=9") - COUNTIF(score, "<=6")) / COUNT(score) * 100', "nps",
     'COUNTIF(score, ">=9")', 'COUNTIF(score, "<=6")', "COUNT(score)", 100),
    ("100 * (a - b) / c", "nps", "a", "b", "c", 100),
    ("(a - b) / c", "nps", "a", "b", "c", 1),
    ("(a - b) * 100 / c", "nps", "a", "b", "c", 100),
    ("a / c - b / c", "nps", "a", "b", "c", 1),
    ("(a / c - b / c) * 100", "nps", "a", "b", "c", 100),
    ("opens / delivered", "proportion", "opens", None, "delivered", 1),
    ("100 * opens / delivered", "proportion", "opens", None, "delivered", 100),
    ("SUM(a) / COUNT(a)", "proportion", "SUM(a)", None, "COUNT(a)", 1),
    ("AVERAGE(a)", "proportion", "a", None, "a", 1),
    ('AVERAGEIF(plan, "x", a)', "proportion", 'plan, "x", a', None, 'plan, "x", a', 1),
    ("1 - a / b", "proportion", "b - a", None, "b", 1),
]  # fmt: skip
NO_INTERVALS = [
    ("a + b", "nps"), ("a / c - b / a", "nps"), ("a / b", "nps"), ("a - b", "proportion"),
    ("MEDIAN(a)", "proportion"), ("AVERAGE(a, b)", "proportion"), ("2 - a / b", "proportion"),
    ("a / b", None), ("a / b", "other"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "method", "hits", "against", "base", "scale"), INTERVALS)
def test_counts_behind_an_interval(
    formula: str, method: str, hits: str, against: str | None, base: str, scale: float
) -> None:
    plan = planned(formula)
    parts = plan.interval_parts(method)
    assert parts is not None
    assert plan.interval_parts(method) is parts
    assert (to_text(parts.hits), to_text(parts.base), parts.scale) == (hits, base, scale)
    assert (to_text(parts.against) if parts.against else None) == against


@pytest.mark.parametrize(("formula", "method"), NO_INTERVALS)
def test_other_shapes_have_no_interval(formula: str, method: str | None) -> None:
    assert planned(formula).interval_parts(method) is None


@pytest.mark.parametrize("formula", [formula for formula, _ in PLANS])
def test_a_plan_can_go_to_another_process(formula: str) -> None:
    plan = planned(formula)
    plan.interval_parts("nps")
    assert pickle.loads(pickle.dumps(plan)) == plan


def test_equal_formulas_share_their_primitives_across_metrics() -> None:
    one, other = planned("COUNT(score) / 2"), planned("SUM(a) / COUNT( SCORE )")
    assert one.primitives[0] == other.primitives[1]
    assert hash(one.primitives[0]) == hash(other.primitives[1])
    assert one.primitives[0] != other.primitives[0]


def _depth(node: Node) -> int:
    return sum(1 for _ in walk(node))


def test_nested_averages_do_not_double_at_every_level() -> None:
    plan = planned("AVERAGE(a * " * 40 + "a" + ")" * 40)
    assert len(plan.primitives) == 80
    assert sum(len(p.scalars) for p in plan.primitives) == 78
    assert _depth(plan.residual) < 10
