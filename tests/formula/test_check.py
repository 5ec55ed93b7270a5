"""What a formula says wrongly: names, functions, arguments, kinds, units; and what must be let through."""

from __future__ import annotations

import pytest

from metricsheet.formula.compile import compile_formula
from metricsheet.formula.plan import NameInfo
from metricsheet.source import Place, SourceFile

NAMES = {
    "revenue": NameInfo("input", "number", "money"),
    "customers": NameInfo("input", "number", "count"),
    "new_customers": NameInfo("input", "number", "count"),
    "recommend_score": NameInfo("input", "number", "points"),
    "days_open": NameInfo("input", "number", "days"),
    "age_months": NameInfo("input", "number", "months"),
    "unknown_unit": NameInfo("input", "number"),
    "plan": NameInfo("input", "text"),
    "churned": NameInfo("input", "flag"),
    "signup": NameInfo("input", "date"),
    "clv": NameInfo("metric", "number", "money"),
    "cac": NameInfo("metric", "number", "money"),
    "churn_rate": NameInfo("metric", "number", "percent"),
    "period_start": NameInfo("parameter", "date"),
    "company_stage": NameInfo("parameter", "text"),
    "is_growth": NameInfo("parameter", "flag"),
    "Order value": NameInfo("input", "number", "money"),
}

WRONG = [
    # formula, unit, then for each problem: code, words of the message, offset, words of the hint
    ("revnue / 2", None, [("unknown_name", "unknown name 'revnue'", 0, "did you mean 'revenue'?")]),
    ("A1 + 1", None, [("unknown_name", "'A1'", 0, "cell addresses")]),
    ("SUM + 1", None, [("unknown_name", "'SUM'", 0, "SUM is a function: SUM(cells, …)")]),
    ("zzzz", None, [("unknown_name", "'zzzz'", 0, "")]),
    ("SUMM(revenue)", None, [("unknown_function", "SUMM", 0, "did you mean 'SUM'?")]),
    ("VLOOKUP(1)", None, [("unknown_function", "VLOOKUP", 0, "")]),
    ("ROUND(1)", None, [("argument_count", "ROUND takes 2 arguments, found 1", 0, "ROUND(number, digits)")]),
    ("NA(1)", None, [("argument_count", "NA takes no arguments, found 1", 0, "NA()")]),
    ("ABS()", None, [("argument_count", "ABS takes 1 argument, found 0", 0, "")]),
    ("IF(1)", None, [("argument_count", "2 to 3 arguments", 0, "[otherwise]")]),
    (
        "LET(a, 2)",
        None,
        [
            ("argument_count", "LET takes 3 or more", 0, "LET(name, value, calculation, …)"),
            ("unknown_name", "'a'", 4, ""),
        ],
    ),
    ("LET(a, zzz, a + a)", None, [("unknown_name", "'zzz'", 7, "")]),
    ("LET(r, revenue, r + customers)", None, [("unit", "adds money (revenue)", 18, "same unit")]),
    ("LET(r, revenue, r / customers)", "days", [("unit", "gives money", 0, "")]),
    ("CHOOSE(1, revenue, customers)", None, [("unit", "money", 0, "")]),
    ("CORREL(revenue, plan)", None, [("type", "plan", 16, "")]),
    ("SUM()", None, [("argument_count", "1 or more arguments", 0, "")]),
    ("COUNTIFS(plan, 1, plan)", None, [("argument_count", "then 2 at a time, found 3", 0, "")]),
    ("SUMIFS(revenue, plan)", None, [("argument_count", "3 or more arguments", 0, "")]),
    ("IFS(1, 2, 3)", None, [("argument_count", "found 3", 0, "")]),
    ("SWITCH(1, 2)", None, [("argument_count", "3 or more", 0, "")]),
    ("{1,2}", None, [("argument", "array constant", 0, "SUM")]),
    ("1 + {1,2}", None, [("argument", "array constant", 4, "")]),
    ("SUM(COUNTIF(revenue, {1,2}))", None, [("argument", "array constant", 21, "SUM")]),
    ("ROUND({1,2}, 0)", None, [("argument", "array constant", 6, "")]),
    ("PERCENTILE.INC(revenue, {1,2})", None, [("argument", "array constant", 24, "")]),
    ("plan * 2", None, [("type", "plan is text, a number is needed", 0, "")]),
    ("ROUND(plan, 0)", None, [("type", "plan is text", 6, "")]),
    ('"abc" + 1', None, [("type", '"abc" is text', 0, "")]),
    ("SUM(plan)", None, [("type", "SUM needs numbers, plan is text", 4, "COUNTA")]),
    ("COUNT(plan)", None, [("type", "COUNT needs numbers", 6, "COUNTUNIQUE")]),
    ("SUM(IF(plan = 5, 1, 0))", None, [("type", "plan is text and never equals a number", 12, "")]),
    ('COUNTIF(churned, "yes")', None, [("type", "churned is a flag", 17, "SUM(churned)")]),
    ("COUNTIF(churned, TRUE)", None, [("type", "churned is a flag", 17, "1 or 0")]),
    ("SUM(IF(churned = TRUE, 1, 0))", None, [("type", "churned is a flag", 15, "churned = 1")]),
    ('COUNTIF(recommend_score, ">=nine")', None, [("type", "never meets", 25, "")]),
    ("plan & 1", "count", [("type", "returns a text", 0, "")]),
    ("clv > cac", "ratio", [("type", "returns yes or no", 0, "")]),
    ("clv + customers", None, [("unit", "adds money (clv) and a plain number (customers)", 4, "same unit")]),
    ("IF(clv > customers, 1, 0)", None, [("unit", "compares money (clv)", 7, "")]),
    ("days_open - age_months", None, [("unit", "adds days (days_open) and months", 10, "")]),
    ("MAX(clv, days_open)", None, [("unit", "MAX mixes money (clv) and days", 0, "")]),
    ("IF(1, clv, churn_rate)", None, [("unit", "IF mixes", 0, "")]),
    ("MAX(0, clv, days_open)", None, [("unit", "MAX mixes money", 0, "")]),
    ("IFS(1, clv, 1, churn_rate)", None, [("unit", "IFS mixes", 0, "")]),
    ("clv + cac / customers + days_open", None, [("unit", "adds money", 22, "")]),
    ("revenue", "count", [("unit", "the formula gives money, the unit is count", 0, "")]),
    ("customers", "money", [("unit", "gives a plain number, the unit is money", 0, "")]),
    ("revenue * clv", "money", [("unit", "money^2", 0, "")]),
    ("customers / revenue", "ratio", [("unit", "a number per money", 0, "")]),
    ("AVERAGE(days_open)", "months", [("unit", "gives days, the unit is months", 0, "")]),
    ("AVERAGE(days_open)", "count", [("unit", "gives days", 0, "")]),
    ("churn_rate * 100", "percent", [("unit", "percent metric is a fraction", 11, "leave out the 100")]),
    ("100 * customers / new_customers", "percent", [("unit", "percent metric", 16, "")]),
    (
        "revnue / custmers + FOO(1) + ROUND(1) + plan",
        None,
        [
            ("unknown_name", "revnue", 0, "revenue"),
            ("unknown_name", "custmers", 9, "customers"),
            ("unknown_function", "FOO", 20, ""),
            ("argument_count", "ROUND", 29, ""),
            ("type", "plan", 40, ""),
        ],
    ),
]

RIGHT = [
    # formula, unit
    ("REVENUE / Customers", "money"),
    ("[order VALUE] / customers", "money"),
    ("clv / cac", "ratio"),
    ("(COUNTIF(recommend_score, \">=9\") - COUNTIF(recommend_score, \"<=6\")) / COUNT(recommend_score) * 100",
     "points"),
    ("SUM(churned) / COUNT(churned)", "percent"),
    ("COUNTIF(churned, 1) / COUNT(churned)", "percent"),
    ("SUM(IF(churned = 1, revenue, 0)) / SUM(churned)", "money"),
    ("1 / churn_rate", "months"),
    ("clv / churn_rate", "money"),
    ("revenue * age_months", "money"),
    ("AVERAGE(days_open) / 30", "months"),
    ("AVERAGE(signup) - period_start", "days"),
    ("IF(company_stage = \"new\", clv, cac)", "money"),
    ("IF(is_growth, 1, 2)", "ratio"),
    ("IF(is_growth = TRUE, 1, 2)", "ratio"),
    ("IFERROR(revenue / customers, 0)", "money"),
    ("revenue + 5", "money"),
    ("revenue * 1.2", "money"),
    ("unknown_unit + revenue", "money"),
    ("SQRT(VAR.S(revenue))", "money"),
    ("SUMPRODUCT(revenue, customers)", "money"),
    ("SUMPRODUCT((plan = \"pro\") * revenue)", "money"),
    ("COUNTUNIQUE(plan) + COUNTA(plan)", "count"),
    ("DATEDIF(MIN(signup), MAX(signup), \"M\")", "months"),
    ("DAYS(MAX(signup), MIN(signup))", "days"),
    ("COUNTIFS(plan, \"p*\", revenue, \">=\" & 100)", "count"),
    ("COUNTIF(revenue, \"<>\")", "count"),
    ("\"5\" + 1", "count"),
    ("STDEV(revenue) + PERCENTILE(revenue, 0.5) + QUARTILE(revenue, 1)", "money"),
    ("SUM({1,2} * 2) + SUM(revenue, {1;2})", "money"),
    ("NA()", "money"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "unit", "problems"), WRONG, ids=[w[0][:40] for w in WRONG])
def test_wrong_formulas(formula: str, unit: str | None, problems: list[tuple[str, str, int, str]]) -> None:
    place = Place(SourceFile("metrics.yaml", "formula: " + formula), 1, 10)
    plan, diagnostics = compile_formula(formula, NAMES, place=place, unit=unit)
    assert plan is None
    found = [(d.code, d.place.column - 10 if d.place else None) for d in diagnostics]
    assert found == [(code, at) for code, _, at, _ in problems]
    for diagnostic, (_, message, _, hint) in zip(diagnostics, problems, strict=True):
        assert message in str(diagnostic.message)
        assert hint in str(diagnostic.hint or "")
        assert not str(diagnostic.message).endswith(".")


@pytest.mark.parametrize(("formula", "unit"), RIGHT, ids=[r[0][:40] for r in RIGHT])
def test_right_formulas(formula: str, unit: str) -> None:
    plan, diagnostics = compile_formula(formula, NAMES, unit=unit)
    assert diagnostics == ()
    assert plan is not None


@pytest.mark.parametrize(
    "formula", ['"abc" + 1', "SUM(plan)", "clv + days_open", "COUNTIF(churned, TRUE)", "plan * 2"]
)
def test_formulas_that_only_give_errors_are_let_through_when_not_strict(formula: str) -> None:
    assert compile_formula(formula, NAMES)[0] is None
    assert compile_formula(formula, NAMES, strict=False)[0] is not None


def test_any_name_will_do_where_none_are_declared() -> None:
    plan, diagnostics = compile_formula("[Region Name] = sales.x", None)
    assert diagnostics == ()
    assert plan is not None
    assert plan.inputs == ("Region Name", "sales.x")


def test_without_a_place_the_formula_itself_is_the_source() -> None:
    _, (problem,) = compile_formula("revnue", NAMES)
    assert problem.render().splitlines()[:2] == [
        "formula:1:1: error[unknown_name]: unknown name 'revnue'",
        "    1 | revnue",
    ]


def test_problems_of_a_formula_over_several_lines_stay_on_its_first() -> None:
    place = Place(SourceFile("m.yaml", "formula: |\n  1 +\n  zzz"), 2, 3)
    _, (problem,) = compile_formula("1 +\nzzz", NAMES, place=place)
    assert str(problem.place) == "m.yaml:2:3"
