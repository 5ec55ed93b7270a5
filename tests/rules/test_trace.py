"""What is shown of each comparison: both values as people read them, the truth, the distance to a flip."""

from __future__ import annotations

import pytest

from metricsheet.catalog.definitions import ConditionText
from metricsheet.language.message import say
from metricsheet.rules.check import compile_ruleset
from metricsheet.rules.engine.fact_writer import FactWriter
from metricsheet.rules.engine.trace import Comparison, trace
from metricsheet.rules.language.checker import read_conditions
from metricsheet.rules.language.facts import Vocabulary
from metricsheet.values import Cell
from tests.rules.builders import catalog, choice, clv_cac_bands, flag, metric, rule

CATALOG = catalog(
    [
        metric("clv_cac_ratio", "ratio", clv_cac_bands(), target=3.0),
        metric("churn", "percent"),
        metric("cac", "money"),
        metric("clv", "money"),
        metric("nps", "points"),
    ],
    settings=[flag("campaign"), choice("stage", "new", "seasoned")],
)
VOCABULARY = Vocabulary(CATALOG, "slice")
WRITER = FactWriter(CATALOG, {"cac": "USD", "clv": "USD"})
FACTS: dict[str, Cell] = {
    "clv_cac_ratio": 2.8,
    "clv_cac_ratio.status": "warn",
    "clv_cac_ratio.target": 3.0,
    "churn": 0.054,
    "churn.previous": 0.05,
    "cac": 1200.0,
    "cac.change": 100.0,
    "cac.previous": 1100.0,
    "clv": 3360.0,
    "campaign": False,
    "stage": "new",
}

# condition, left, operator, right, truth, distance
ROWS: list[tuple[str, str, str, str, bool | None, str]] = [
    ("clv_cac_ratio < 3", "2.8:1", "<", "3:1", True, "0.2:1 below 3:1"),
    ("clv_cac_ratio > 3", "2.8:1", ">", "3:1", False, "0.2:1 below 3:1"),
    ("clv_cac_ratio < clv_cac_ratio.target", "2.8:1", "<", "3:1", True, "0.2:1 below 3:1"),
    ("3 > clv_cac_ratio", "3:1", ">", "2.8:1", True, "0.2:1 above 2.8:1"),
    ("clv_cac_ratio >= 2.8", "2.8:1", ">=", "2.8:1", True, "exactly 2.8:1"),
    ("clv_cac_ratio < 2.8001", "2.8:1", "<", "2.8001:1", True, "0.0001:1 below 2.8001:1"),
    ("clv_cac_ratio > 2.7999", "2.8:1", ">", "2.7999:1", True, "0.0001:1 above 2.7999:1"),
    ("clv_cac_ratio = 3", "2.8:1", "=", "3:1", False, "0.2:1 below 3:1"),
    ("churn > 5%", "5.4%", ">", "5%", True, "0.4 pp above 5%"),
    ("churn > churn.previous * 110%", "5.4%", ">", "5.5%", False, "0.1 pp below 5.5%"),
    ("cac.change / cac.previous > 10%", "0.0909091", ">", "10%", False, "0.00909091 below 10%"),
    ("clv - cac > 2000", "$2,160", ">", "$2,000", True, "$160.00 above $2,000"),
    ("BETWEEN(clv_cac_ratio, 1, 3)", "2.8:1", "between", "1:1 and 3:1", True, "0.2:1 below 3:1"),
    ("BETWEEN(clv_cac_ratio, 3, 5)", "2.8:1", "between", "3:1 and 5:1", False, "0.2:1 below 3:1"),
    ("BETWEEN(clv_cac_ratio, 1, 2)", "2.8:1", "between", "1:1 and 2:1", False, "0.8:1 above 2:1"),
    ("IN(clv_cac_ratio, 1, 2.8)", "2.8:1", "in", "1:1, 2.8:1", True, ""),
    ('IN(stage, "new", "seasoned")', "new", "in", "new, seasoned", True, ""),
    ('clv_cac_ratio.status = "WARN"', "At risk", "=", "At risk", True, ""),
    ('clv_cac_ratio.status <> "ok"', "At risk", "<>", "OK", True, ""),
    ("campaign", "no", "=", "yes", False, ""),
    ("campaign = FALSE", "no", "=", "no", True, ""),
    ("ISMISSING(nps)", "missing", "is missing", "", True, ""),
    ("ISMISSING(cac)", "$1,200", "is missing", "", False, ""),
    ("nps < 0", "missing", "<", "0", None, ""),
    (
        "BETWEEN(clv_cac_ratio, 1, clv_cac_ratio.high)",
        "2.8:1",
        "between",
        "1:1 and missing",
        None,
        "1.8:1 above 1:1",
    ),
    ('nps.trend = "rising"', "missing", "=", "rising", None, ""),
    # what stands under NOT is told as its contrary: that is what must hold
    ("NOT(ISMISSING(cac))", "$1,200", "is not missing", "", True, ""),
    ("NOT(ISMISSING(nps))", "missing", "is not missing", "", False, ""),
    ("NOT(clv_cac_ratio >= 3)", "2.8:1", "<", "3:1", True, "0.2:1 below 3:1"),
    ("NOT(NOT(clv_cac_ratio >= 3))", "2.8:1", ">=", "3:1", False, "0.2:1 below 3:1"),
    ("NOT(campaign)", "no", "=", "no", True, ""),
    (
        "NOT(BETWEEN(clv_cac_ratio, 1, 2))",
        "2.8:1",
        "not between",
        "1:1 and 2:1",
        True,
        "0.8:1 above 2:1",
    ),
    ('NOT(IN(stage, "seasoned"))', "new", "not in", "seasoned", True, ""),
    ('NOT(nps.trend = "rising")', "missing", "<>", "rising", None, ""),
]


def traced(text: str) -> Comparison:
    condition, problems = read_conditions([ConditionText(text)], VOCABULARY)
    assert condition is not None, problems
    (found,) = trace(condition, FACTS.get, WRITER)
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_row(row: tuple[str, str, str, str, bool | None, str]) -> None:
    found = traced(row[0])
    said = say(found.left), found.operator, say(found.right), found.truth, say(found.distance)
    assert said == row[1:]


def test_not_reaches_every_comparison_inside_it() -> None:
    condition, problems = read_conditions(
        [ConditionText("NOT(AND(campaign, OR(nps < 0, cac > 2000)))")], VOCABULARY
    )
    assert condition is not None, problems
    found = list(trace(condition, FACTS.get, WRITER))
    assert [(c.text, c.truth) for c in found] == [
        ("NOT(campaign)", True),
        ("NOT(nps < 0)", None),
        ("NOT(cac > 2000)", True),
    ]


def test_the_margin_is_a_number_in_the_unit_of_the_fact() -> None:
    assert traced("clv_cac_ratio < 3").margin == pytest.approx(-0.2)
    assert traced("churn > 5%").margin == pytest.approx(0.004)
    assert traced("nps < 0").margin is None
    assert traced("campaign").margin is None


@pytest.mark.parametrize(
    ("language", "distance"),
    [
        ("en", "0.2:1 below 3:1"),
        ("de", "0,2:1 unter 3:1"),
        ("it", "0,2:1 sotto 3:1"),
        ("tr", "3:1 değerinin 0,2:1 altında"),
        ("ja", "3:1を0.2:1下回る"),
        ("fr", "0,2:1 sous 3:1"),
        ("sv", "0.2:1 below 3:1"),
    ],
)
def test_the_words_are_the_readers(language: str, distance: str) -> None:
    assert say(traced("clv_cac_ratio < 3").distance, language) == distance


@pytest.mark.parametrize(
    ("language", "distance"),
    [
        ("en", "0.4 pp above 5%"),
        ("de", "0,4 Prozentpunkte über 5\u00a0%"),
        ("ja", "5%を0.4ポイント上回る"),
    ],
)
def test_percentages_differ_by_points(language: str, distance: str) -> None:
    assert say(traced("churn > 5%").distance, language) == distance


def test_the_trace_of_a_rule_holds_its_exception_too() -> None:
    tested = rule("tested", ["clv_cac_ratio < 3", {"any": ["cac > 2000", "nps < 0"]}], unless="campaign")
    definitions = catalog(list(CATALOG.metrics.values()), [tested], list(CATALOG.settings.values()))
    (found,) = compile_ruleset(definitions).evaluate([({}, [(None, FACTS)])])
    assert [(c.text, c.truth, c.unless) for c in found.because] == [
        ("clv_cac_ratio < 3", True, False),
        ("cac > 2000", False, False),
        ("nps < 0", None, False),
        ("unless campaign", False, True),
    ]
    assert found.outcome == "not_evaluated"
    assert found.missing == ("nps",)
