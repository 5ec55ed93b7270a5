"""What formulas give: kinds, coercions, errors with their origin, aggregates over cells."""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Mapping

import pytest

import metricsheet
from metricsheet.engines.columns import Column
from metricsheet.errors import DefinitionError
from metricsheet.evaluation.calculate import calculate
from metricsheet.formula.compile import compile_formula
from metricsheet.formula.finish import finish
from metricsheet.formula.names import NameInfo
from metricsheet.values import Cell, ExcelError

NA, DIV0, VALUE, NUM = (ExcelError(code) for code in ("#N/A", "#DIV/0!", "#VALUE!", "#NUM!"))
MIXED = [1, None, "a", 3, True, "5", ""]
SALES = {
    "plan": ["pro", "free", "Pro", None, "pro+"],
    "price": [10, 5, 20, 7, None],
    "quantity": [1, 2, 3, None, 4],
    "when": [dt.date(2024, 1, 5), dt.date(2024, 2, 5), dt.date(2024, 2, 6), None, dt.date(2024, 3, 1)],
}
ERROR = [1, DIV0, 3, NA]

ANSWERS: list[tuple[str, Mapping[str, object], Cell]] = [
    # operators
    ("1 + 2 * 3", {}, 7),
    ("7 / 2", {}, 3.5),
    ("2 ^ 0.5 ^ 2", {}, 2),
    ("0 ^ 0", {}, NUM),
    ("0 ^ -1", {}, DIV0),
    ("(-8) ^ (1/3)", {}, -2),
    ("(-8) ^ 0.5", {}, NUM),
    ("10 ^ 309", {}, NUM),
    ("1e308 * 10", {}, NUM),
    ("-1e308 - 1e308", {}, NUM),
    ("-x", {"x": 0}, 0),
    ("TRUE + TRUE", {}, 2),
    ('"4" + 1', {}, 5),
    ('"a" + 1', {}, VALUE),
    ('+"a"', {}, "a"),
    ('1 & TRUE & "x" & 0.5', {}, "1TRUEx0.5"),
    ("0.1 + 0.2 = 0.3", {}, True),
    ('"A" = "a"', {}, True),
    ('"1" = 1', {}, False),
    ('1 < "0"', {}, True),
    ("TRUE > 99", {}, True),
    ("x + 1", {"x": None}, 1),
    ('x & "y"', {"x": None}, "y"),
    ("x", {"x": None}, 0),
    ('x = ""', {"x": None}, True),
    ("x = 0", {"x": None}, True),
    ("#N/A + 1", {}, NA),
    ("#REF!", {}, ExcelError("#REF!")),
    ("1/0 + #N/A", {}, DIV0),
    ("#N/A + 1/0", {}, NA),
    ("x / y", {"x": NA, "y": 0}, NA),
    # branches that are not taken do not matter
    ("IF(TRUE, 1, 1/0)", {}, 1),
    ("IF(FALSE, 1/0, 2)", {}, 2),
    ("IF(FALSE, 1)", {}, False),
    ("IF(TRUE, )", {}, 0),
    ("IF(1/0, 1, 2)", {}, DIV0),
    ('IF("no", 1, 2)', {}, VALUE),
    ('IF("true", 1, 2)', {}, 1),
    ("IFERROR(1/0, #N/A)", {}, NA),
    ("IFERROR(5, 1/0)", {}, 5),
    ("IFERROR(x, 9)", {"x": None}, 0),
    ("IFNA(1/0, 5)", {}, DIV0),
    ("IFNA(#N/A, 5)", {}, 5),
    ("IFS(FALSE, 1/0, TRUE, 2, 1/0, 3)", {}, 2),
    ("IFS(1/0, 1, TRUE, 2)", {}, DIV0),
    ("IFS(FALSE, 1)", {}, NA),
    ('SWITCH("B", "a", 1/0, "b", 2)', {}, 2),
    ("SWITCH(9, 1, 2, 1/0, 3)", {}, DIV0),
    ("SWITCH(1, 1, 5, 1/0, 3)", {}, 5),
    ("SWITCH(9, 1, 2)", {}, NA),
    ("SWITCH(9, 1, 2, 7)", {}, 7),
    # ranges ignore text, blanks and logicals; written values count
    ("SUM(x)", {"x": MIXED}, 4),
    ("COUNT(x)", {"x": MIXED}, 2),
    ("COUNTA(x)", {"x": MIXED}, 6),
    ("COUNTBLANK(x)", {"x": MIXED}, 2),
    ("COUNTUNIQUE(x)", {"x": [*MIXED, "A", 3.0, 1, False]}, 6),
    ("AVERAGE(x)", {"x": MIXED}, 2),
    ("MIN(x)", {"x": MIXED}, 1),
    ("MAX(x)", {"x": MIXED}, 3),
    ("MEDIAN(x)", {"x": MIXED}, 2),
    ("AND(x)", {"x": MIXED}, True),
    ("OR(x > 2)", {"x": [1, 3]}, True),
    ("XOR(x)", {"x": [1, 1, True]}, True),
    ("AND(x)", {"x": ["a", None]}, VALUE),
    ('OR("", TRUE)', {}, True),
    ('OR("1")', {}, VALUE),
    ('SUM("3", TRUE, 2)', {}, 6),
    ('SUM(x, "3")', {"x": "3"}, 3),
    ('SUM("x")', {}, VALUE),
    ('COUNT("3", TRUE, "x", 1/0, 5)', {}, 3),
    ("COUNTA(1/0, 2)", {}, 2),
    ("AVERAGE(x, TRUE)", {"x": [True, 3]}, 2),
    ("SUM(x, y, 3)", {"x": [1, 2], "y": [4]}, 10),
    ("AVERAGE(x, y)", {"x": [1, 2], "y": [6]}, 3),
    ("MEDIAN(x, y, 100)", {"x": [1, 2], "y": [6]}, 4),
    ("MODE(x, y)", {"x": [1, 2], "y": [2, 1]}, 1),
    ("STDEV.S(x, y)", {"x": [1, 3], "y": [5]}, 2),
    ("VAR.P(x, 4, 4, 4)", {"x": [2, 5, 5, 7, 9]}, 4),
    ("MIN(x, 0.5)", {"x": [2, 3]}, 0.5),
    ("SUM({1,2;3,4})", {}, 10),
    ("SUM({1,2} * {3,4})", {}, 11),
    ("SUM({1,2} * {3,4,5})", {}, VALUE),
    ('COUNTIF({1,2,3}, ">1")', {}, 2),
    ("COUNT({1,\"2\",TRUE,#N/A})", {}, 1),
    # nothing
    ("SUM(x)", {"x": []}, 0),
    ("COUNT(x)", {"x": []}, 0),
    ("MIN(x) + MAX(x)", {"x": ["a"]}, 0),
    ("AVERAGE(x)", {"x": ["a"]}, DIV0),
    ("MEDIAN(x)", {"x": []}, NUM),
    ("MODE(x)", {"x": [1, 2]}, NA),
    ("STDEV.S(x)", {"x": [1]}, DIV0),
    ("STDEV.P(x)", {"x": [1]}, 0),
    ("VAR.P(x)", {"x": []}, DIV0),
    ("PERCENTILE.INC(x, 0.5)", {"x": []}, NUM),
    ("PERCENTILE.INC(x, 1.1)", {"x": [1]}, NUM),
    ("QUARTILE(x, 5)", {"x": [1]}, NUM),
    ("QUARTILE(x, 4.9)", {"x": [1, 2, 3]}, 3),
    ('AVERAGEIF(x, ">5")', {"x": [1]}, DIV0),
    ('MINIFS(x, x, ">5")', {"x": [1]}, 0),
    # errors in cells go through, except in counts and where they are not selected
    ("SUM(x)", {"x": ERROR}, DIV0),
    ("COUNT(x)", {"x": ERROR}, 2),
    ("COUNTA(x)", {"x": ERROR}, 4),
    ("MAX(1, x)", {"x": ERROR}, DIV0),
    ('SUMIF(x, ">0")', {"x": ERROR}, 4),
    ('SUMIF(x, "#N/A")', {"x": ERROR}, NA),
    ('COUNTIF(x, "#DIV/0!")', {"x": ERROR}, 1),
    ("SUM(IFERROR(x, 0))", {"x": ERROR}, 4),
    ("SUM(IF(ISERROR(x), 0, x))", {"x": ERROR}, 4),
    ("COUNT(x * 2)", {"x": ERROR}, 2),
    ("x", {"x": ERROR}, DIV0),
    # rows
    ("SUM(price * quantity)", SALES, 80),
    ("SUMPRODUCT(price, quantity)", SALES, 80),
    ('SUMPRODUCT((plan = "pro") * price)', SALES, 30),
    ('SUM(IF(plan = "pro", price, 0))', SALES, 30),
    ('SUMIF(plan, "pro", price)', SALES, 30),
    ('SUMIFS(price, plan, "pro*", quantity, ">1")', SALES, 20),
    ('COUNTIFS(plan, "<>", price, ">5")', SALES, 2),
    ('AVERAGEIF(plan, "pro", price)', SALES, 15),
    ('MAXIFS(price, plan, "<>pro")', SALES, 7),
    ("SUM(price / quantity)", SALES, DIV0),
    ("SUM(IFERROR(price / quantity, 0))", SALES, 10 + 2.5 + 20 / 3),
    ("SUM((quantity - AVERAGE(quantity))^2)", {"quantity": [1, 2, 3]}, 2),
    ('COUNTIF(price, ">" & AVERAGE(price))', SALES, 1),
    ("SUM(price * rate)", SALES | {"rate": 2}, 84),
    ("SUM(price * rate)", SALES | {"rate": [2]}, 84),
    ("SUMIFS(price, when, \">=\" & DATE(2024,2,1), when, \"<\" & DATE(2024,3,1))", SALES, 25),
    ("COUNT(IF(MONTH(when) = 2, 1))", {"when": SALES["when"][:3]}, 2),
    ("SUMPRODUCT((x >= 9) - (x <= 6)) / COUNT(x) * 100", {"x": [10, 9, 8, 6]}, 25),
    ("SUM(price * other)", SALES | {"other": [1, 2]}, VALUE),
    ("SUMPRODUCT(price, other)", SALES | {"other": [1, 2]}, VALUE),
    ('COUNTIFS(price, ">1", other, "x")', SALES | {"other": ["x"]}, VALUE),
    ('SUMIF(plan, "pro", other)', SALES | {"other": [1]}, VALUE),
    ("SUM(IF(AND(price > 0), price, 0))", {"price": [1, 2]}, 3),
    # columns as totals
    ("x / y", {"x": [1, 2, 3], "y": [2, 1]}, 2),
    ("x & \"!\"", {"x": ["one"]}, "one!"),
    ("x + 1", {"x": ["a", "b"]}, VALUE),
    ("x + 1", {"x": [None, None]}, NA),
    ("x + 1", {"x": []}, NA),
    # dates
    ("YEAR(d) + MONTH(d) + DAY(d)", {"d": dt.date(2024, 2, 29)}, 2055),
    ("d - e", {"d": dt.datetime(2024, 3, 1, 12), "e": dt.date(2024, 2, 1)}, 29.5),
    ("DATE(2024, 2, 30)", {}, 45352),
    ("DATE(0, 1, 1)", {}, 1),
    ("DATE(10000, 1, 1)", {}, NUM),
    ("DATE(-1, 1, 1)", {}, NUM),
    ("DATE(1e300, 1, 1)", {}, NUM),
    ("YEAR(-1)", {}, NUM),
    ("YEAR(\"2024-05-06\")", {}, 2024),
    ("MONTH(0)", {}, 1),
    ("DAY(60)", {}, 29),
    ("DAYS(10.9, 1.2)", {}, 9),
    ("EDATE(45322, 1.9)", {}, 45351),
    ("EDATE(1, -1)", {}, NUM),
    ("EDATE(1, 1e300)", {}, NUM),
    ("EDATE(TRUE, 1)", {}, VALUE),
    ("EOMONTH(45322, -2)", {}, 45260),
    ('DATEDIF(45322, 45351, "md")', {}, 29),
    ('DATEDIF(45322, 45351, "ym")', {}, 0),
    ('DATEDIF(45351, 45322, "D")', {}, NUM),
    ('DATEDIF(1, 2, "W")', {}, NUM),
    # text
    ("LEN(x)", {"x": "é🙈"}, 3),
    ('UPPER("straße") & LOWER("İ")', {}, "STRAßEi"),
    ('TRIM("  a   b  ")', {}, "a b"),
    ("CONCAT(1, \"a\", TRUE)", {}, "1aTRUE"),
    ("LEN(1/0)", {}, DIV0),
    # numbers
    ("ROUND(0.00625 - 1e-18, 4)", {}, 0.0063),
    ("ROUND(1.005, 2)", {}, 1.01),
    ("ROUND(2.5, 0) & ROUND(-2.5, 0)", {}, "3-3"),
    ("ROUND(5, 1e300)", {}, 5),
    ("ROUND(5, -1e300)", {}, 0),
    ("ROUNDUP(1.1, 0) + ROUNDDOWN(-1.9, 0)", {}, 1),
    ("ROUNDUP(1234, -5)", {}, 100000),
    ("ROUNDUP(1.6e308, -308)", {}, NUM),
    ("INT(-0.1)", {}, -1),
    ("MOD(-7, 3)", {}, 2),
    ("MOD(7, -3)", {}, -2),
    ("MOD(5, 0)", {}, DIV0),
    ("MOD(1e15, 3)", {}, NUM),
    ("QUOTIENT(-7, 2)", {}, -3),
    ("QUOTIENT(TRUE, 2)", {}, VALUE),
    ("LOG(1000, 10)", {}, 3),
    ("LOG(8, 1)", {}, DIV0),
    ("LOG(8, -2)", {}, NUM),
    ("LN(0)", {}, NUM),
    ("EXP(710)", {}, NUM),
    ("SQRT(-1)", {}, NUM),
    ("SIGN(x)", {"x": -0.0}, 0),
    ("ABS(x)", {"x": "-3"}, 3),
    ("POWER(2, 0.5) ^ 2 = 2", {}, True),
]  # fmt: skip

REASONS = [
    ("a / b", {"a": 5, "b": 0}, "#DIV/0! b is 0"),
    ("a / b", {"a": 5, "b": None}, "#DIV/0! b is empty"),
    ("a / b", {"a": [1, 2], "b": [1, -1]}, "#DIV/0! b is 0"),
    ("a / (b - c)", {"a": 5, "b": 1, "c": 1}, "#DIV/0! b - c is 0"),
    ("1 / COUNTIF(a, 9)", {"a": [1]}, "#DIV/0! COUNTIF(a, 9) is 0"),
    ("1 / 0", {}, "#DIV/0! the divisor is 0"),
    ("SUM(a / b)", {"a": [1, 2], "b": [1, 0]}, "#DIV/0! b is 0 in a row"),
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
    ("a + 1", {"a": ["x", "y"]}, "#VALUE! a holds text, which has no total"),
    ("a + 1", {"a": "n/a"}, '#VALUE! the text "n/a" is not a number'),
    ("SUM(a * b)", {"a": [1, 2], "b": [1, 2, 3]}, "#VALUE! a has 2 rows, b has 3"),
    ('COUNTIFS(a, 1, b, 2)', {"a": [1], "b": [1, 2]}, "#VALUE! a has 1 rows, b has 2"),
    ("SQRT(a)", {"a": -1}, "#NUM! the square root of a negative number"),
    ("a ^ b", {"a": 0, "b": 0}, "#NUM! 0^0 is not defined"),
    ("a * 1e308", {"a": 1e308}, "#NUM! the result is too large"),
    ("SUM(a)", {"a": [1e308, 1e308]}, "#NUM! the sum is too large"),
    ("IFERROR(a / b, a / c)", {"a": 1, "b": 0, "c": 0}, "#DIV/0! c is 0"),
    ("YEAR(a)", {"a": -5}, "#NUM! -5 is not a date"),
    ("NA()", {}, "#N/A NA() says that there is no value"),
]  # fmt: skip


def equal(found: Cell, answer: Cell) -> bool:
    if isinstance(answer, (int, float)) and not isinstance(answer, bool):
        return type(found) is float and math.isclose(found, answer, rel_tol=1e-12, abs_tol=1e-15)
    return type(found) is type(answer) and found == answer


@pytest.mark.parametrize(
    ("formula", "inputs", "answer"), ANSWERS, ids=[f"{a[0]}-{i}" for i, a in enumerate(ANSWERS)]
)
def test_answers(formula: str, inputs: Mapping[str, object], answer: Cell) -> None:
    found = calculate(formula, inputs)  # type: ignore[arg-type]
    assert equal(found, answer), found
    assert found != 0 or math.copysign(1, found) == 1  # type: ignore[arg-type]


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


def test_deep_and_doubling_formulas_take_no_time() -> None:
    begun = time.perf_counter()
    for formula in ("AVERAGE(x * " * 45 + "x" + ")" * 45, "IF(" * 95 + "x" + ",1,2)" * 95, "x" + "+x" * 95):
        assert isinstance(calculate(formula, {"x": [1, 2]}), float)
    assert time.perf_counter() - begun < 2


def test_no_depth_that_is_allowed_exhausts_the_stack() -> None:
    def deeper(frames: int, formula: str) -> Cell:
        return deeper(frames - 1, formula) if frames else calculate(formula, {"x": [1, 2]})

    for opened in ("AND(", "IF(", "SUM(", "SUM(1+", "IFERROR(1/", "-(", "1-("):
        levels = 98 // (1 + opened.endswith(("+", "/", "-(")))
        arguments = ",1)" if opened.startswith("IF") else ")"
        deeper(300, opened * levels + "x" + arguments * levels)
