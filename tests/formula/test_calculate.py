"""How formulas are calculated: reasons of errors, forms of input, scopes, limits."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

import metricsheet
from metricsheet.engines.columns import Column
from metricsheet.errors import DefinitionError
from metricsheet.evaluation.calculate import calculate
from metricsheet.formula.compile import compile_formula
from metricsheet.formula.finish import finish
from metricsheet.formula.plan import NameInfo
from metricsheet.values import Cell, ExcelError
from tests.steps import at_most

NA, NUM = ExcelError("#N/A"), ExcelError("#NUM!")

REASONS = [
    ("a / b", {"a": 5, "b": 0}, "#DIV/0! b is 0"),
    ("a / b", {"a": 5, "b": None}, "#DIV/0! b is empty"),
    ("a / b", {"a": [1, 2], "b": [1, -1]}, "#DIV/0! b is 0"),
    ("a / (b - c)", {"a": 5, "b": 1, "c": 1}, "#DIV/0! b - c is 0"),
    ("1 / COUNTIF(a, 9)", {"a": [1]}, "#DIV/0! COUNTIF(a, 9) is 0"),
    ("1 / 0", {}, "#DIV/0! the divisor is 0"),
    ("SUM(a / b)", {"a": [1, 2], "b": [1, 0]}, "#DIV/0! b is 0 in one of the rows"),
    ("MOD(a, b)", {"a": 5, "b": 0}, "#DIV/0! b is 0"),
    ("AVERAGE(a)", {"a": ["x"]}, "#DIV/0! no numbers in a"),
    ("AVERAGE(a, b)", {"a": ["x"], "b": []}, "#DIV/0! no numbers in a, b"),
    ("AVERAGEIF(a, 9)", {"a": [1]}, "#DIV/0! no numbers in a where the criteria are met"),
    ("STDEV.S(a * 2)", {"a": [1]}, "#DIV/0! fewer than two numbers in a * 2"),
    ("MEDIAN(a)", {"a": [None]}, "#NUM! no numbers in a"),
    ("MODE(a)", {"a": [1, 2]}, "#N/A no number occurs twice in a"),
    ("SUM(a)", {"a": [1, ExcelError("#REF!")]}, "#REF! cell 2 of a is #REF!"),
    ("SUM(a)", {"a": [1, ExcelError("#REF!", "Book.xlsx!B4")]}, "#REF! Book.xlsx!B4"),
    ('SUMIF(b, "x", a)', {"a": [1, NA], "b": [0, "x"]}, "#N/A a selected row of a is #N/A"),
    ("a", {"a": NA}, "#N/A"),
    ("a + 1", {"a": [None, None]}, "#N/A a is empty"),
    ("a + 1", {"a": ["x", "y"]}, "#VALUE! a is text, which has no total"),
    ("a + 1", {"a": "n/a"}, '#VALUE! the text "n/a" is not a number'),
    ("SUM(a * b)", {"a": [1, 2], "b": [1, 2, 3]}, "#VALUE! a has 2 rows, b has 3"),
    ('COUNTIFS(a, 1, b, 2)', {"a": [1], "b": [1, 2]}, "#VALUE! a has 1 rows, b has 2"),
    ("SQRT(a)", {"a": -1}, "#NUM! square root of a negative number"),
    ("a ^ b", {"a": 0, "b": 0}, "#NUM! 0^0 is not defined"),
    ("a * 1e308", {"a": 1e308}, "#NUM! the result is too large"),
    ("SUM(a)", {"a": [1e308, 1e308]}, "#NUM! the sum is too large"),
    ("IFERROR(a / b, a / c)", {"a": 1, "b": 0, "c": 0}, "#DIV/0! c is 0"),
    ("YEAR(a)", {"a": -5}, "#NUM! -5 is not a date"),
    ("DATE(a, 1, 1)", {"a": 1e300}, "#NUM! the date is out of range"),
    ("PERCENTILE.INC(a, b)", {"a": [1, 2], "b": 1.5}, "#NUM! the share 1.5 is not between 0 and 1"),
    ("NA()", {}, "#N/A NA() marks a missing value"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "inputs", "shown"), REASONS, ids=[r[2] for r in REASONS])
def test_errors_say_where_they_come_from(formula: str, inputs: Mapping[str, object], shown: str) -> None:
    assert str(calculate(formula, inputs)) == shown  # type: ignore[arg-type]


def test_it_is_public() -> None:
    assert metricsheet.calculate is calculate


@pytest.mark.parametrize(
    "values",
    [
        [1, 2, None],
        (1, 2, None),
        [[1], [2], [None]],
        [[1, 2], [None]],
        [1.0, 2.0, math.nan],
        [[1, 2, math.nan]],
    ],
)
def test_every_form_of_a_range(values: object) -> None:
    assert calculate("SUM(x) + COUNTBLANK(x) * 10", {"x": values}) == 13  # type: ignore[dict-item]


def test_ranges_of_numpy_and_pandas() -> None:
    numpy = pytest.importorskip("numpy")
    pandas = pytest.importorskip("pandas")
    for values in (
        numpy.array([1, 2, numpy.nan]),
        numpy.array([[1.0], [2.0], [numpy.nan]]),
        pandas.Series([1, 2, None]),
        [numpy.float64(1), numpy.int64(2), None],
    ):
        assert calculate("SUM(x) + COUNTBLANK(x) * 10", {"x": values}) == 13
    assert calculate("x + 1", {"x": numpy.float64(2)}) == 3
    assert calculate("IF(x, 1, 2)", {"x": numpy.bool_(True)}) == 1


def test_a_column_packed_once_serves_many_formulas() -> None:
    column = Column([1, 2, "a"])
    assert calculate("SUM(x)", {"x": column}) == 3
    assert calculate("COUNTA(x)", {"x": column}) == 3


@pytest.mark.parametrize("huge", [10**400, math.inf, -math.inf])
def test_numbers_past_the_range_are_num_errors(huge: float) -> None:
    assert calculate("SUM(x)", {"x": [1, huge]}) == NUM
    assert calculate("x + 1", {"x": huge}) == NUM
    assert calculate("COUNT(x)", {"x": [1, huge]}) == 1


def test_a_formula_that_cannot_be_read_raises() -> None:
    with pytest.raises(DefinitionError) as refused:
        calculate("SUM(x", {"x": [1]})
    assert "expected )" in str(refused.value)
    with pytest.raises(DefinitionError, match="did you mean 'score'"):
        calculate("SUM(scroe)", {"score": [1]})


def test_names_in_any_case_and_with_spaces() -> None:
    assert calculate("sum([order VALUE]) + A", {"Order value": [1, 2], "a": 3}) == 6


class Recorded:
    """A scope that notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def name(self, name: str) -> Cell:
        self.asked.append(name)
        return {"clv": 300.0, "cac": 100.0, "day": 45000.0}[name]

    def primitive(self, primitive: object, criteria: tuple[Cell, ...]) -> Cell:
        self.asked.append(f"{primitive.key} {criteria}")  # type: ignore[attr-defined]
        return 2.0


def test_a_scope_is_asked_for_metrics_parameters_and_primitives() -> None:
    names = {
        "clv": NameInfo("metric"),
        "cac": NameInfo("metric"),
        "day": NameInfo("parameter"),
        "date": NameInfo("input"),
        "x": NameInfo("input"),
    }
    plan, _ = compile_formula('clv / cac + SUMIFS(x, date, ">=" & day) + SUM(x * cac)', names)
    assert plan is not None
    scope = Recorded()
    assert finish(plan.residual, plan, scope) == 7
    assert scope.asked == [
        "cac",
        "clv",
        "day",
        "sum: x | date | \">=\" & day ('>=45000',)",
        "cac",
        "sum: x * cac (100.0,)",
    ]


def test_no_level_of_a_formula_doubles_the_work() -> None:
    for formula in ("AVERAGE(x * " * 45 + "x" + ")" * 45, "IF(" * 95 + "x" + ",1,2)" * 95, "x" + "+x" * 95):
        with at_most(1_000_000):
            assert isinstance(calculate(formula, {"x": [1, 2]}), float)


def test_no_depth_that_is_allowed_exhausts_the_stack() -> None:
    def deeper(frames: int, formula: str) -> Cell:
        return deeper(frames - 1, formula) if frames else calculate(formula, {"x": [1, 2]})

    for opened in ("AND(", "IF(", "SUM(", "SUM(1+", "IFERROR(1/", "-(", "1-("):
        levels = 98 // (1 + opened.endswith(("+", "/", "-(")))
        arguments = ",1)" if opened.startswith("IF") else ")"
        deeper(300, opened * levels + "x" + arguments * levels)
