"""Rules compute as formulas do: the same functions and operators, over any numbers."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import metricsheet
from metricsheet.catalog.definitions import ConditionText
from metricsheet.formula.functions import FUNCTIONS
from metricsheet.rules.engine.compile import compile_condition, number_of
from metricsheet.rules.language.checker import ARITHMETIC_FUNCTIONS, read_conditions
from metricsheet.rules.language.conditions import Compare, Constant
from metricsheet.rules.language.facts import Vocabulary
from metricsheet.values import ExcelError
from tests.rules.builders import catalog, metric
from tests.stages import cases

VOCABULARY = Vocabulary(catalog([metric("x"), metric("y"), metric("z")]), "slice")
TERMS = [
    *(f"x {sign} y" for sign in "+-*/^"),
    "-x",
    "-x ^ 2",
    "x - y * z",
    "ABS(x)",
    "MIN(x, y, z)",
    "MAX(x, y, z)",
    "MIN(x)",
    "ROUND(x, y)",
    "ROUND(x, 2)",
    "ROUND(x * 100 / y, 1)",
    "ABS(x - y) / z",
]
NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-20, 20).map(float),
    st.integers(-(10**6), 10**6).map(lambda n: n / 1000),
)


@cache
def condition_of(text: str) -> Compare:
    condition, problems = read_conditions([ConditionText(text)], VOCABULARY)
    assert isinstance(condition, Compare), [problem.render() for problem in problems]
    return condition


def test_every_function_and_operator_is_tried() -> None:
    assert set(ARITHMETIC_FUNCTIONS) <= FUNCTIONS.keys()
    assert all(any(f"{name}(" in term for term in TERMS) for name in ARITHMETIC_FUNCTIONS)


@pytest.mark.parametrize("text", TERMS)
@settings(max_examples=cases(1000, 10))
@given(NUMBERS, NUMBERS, NUMBERS)
@example(60.240249999999996, 4.0, 1.0)
@example(-8.0, 1 / 3, 2.0)
@example(0.0, 0.0, 0.0)
def test_terms_are_formulas(text: str, x: float, y: float, z: float) -> None:
    facts = {"x": x, "y": y, "z": z}
    by_rule = number_of(condition_of(f"{text} > 0").left)(facts.get)
    by_formula = metricsheet.calculate(text, {name: value for name, value in facts.items() if name in text})
    assert by_rule == (None if isinstance(by_formula, ExcelError) else by_formula)


@pytest.mark.parametrize("sign", ["=", "<>", "<", "<=", ">", ">="])
@settings(max_examples=cases(1000, 20))
@given(NUMBERS, st.one_of(NUMBERS, st.floats(-1e-14, 1e-14)))
def test_comparisons_are_formulas(sign: str, x: float, apart: float) -> None:
    for y in (apart, x * (1 + apart)):
        if abs(y) == float("inf"):
            continue
        facts = {"x": x, "y": y}
        expected = metricsheet.calculate(f"x {sign} y", facts)
        assert compile_condition(condition_of(f"x {sign} y"))(facts.get) is expected
        with_constant = Compare(sign, condition_of("x > y").left, Constant(y))  # type: ignore[arg-type]
        assert compile_condition(with_constant)(facts.get) is expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x > ROUND(2.345, 2)", "x > 2.35"),
        ("x > ROUND(60.240249999999996, 4)", "x > 60.2403"),
        ("x > MIN(3, 2) * 2", "x > 4"),
        ("x > -(2 ^ 2)", "x > -4"),
        ("ROUND(x) > 1", "ROUND(x, 0) > 1"),
        ("-x ^ 2 > 1", "-x ^ 2 > 1"),
    ],
)
def test_constants_are_computed_by_the_formula_language(text: str, said: str) -> None:
    assert str(condition_of(text)) == said
