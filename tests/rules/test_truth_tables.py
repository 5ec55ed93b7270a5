"""Every row of data/truth_tables.csv: a condition, the facts (an empty cell is a missing fact), its truth."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from metricsheet.catalog.definitions import ConditionText
from metricsheet.rules.engine.compile import compile_condition
from metricsheet.rules.engine.fact_writer import FactWriter
from metricsheet.rules.engine.trace import trace, undecided
from metricsheet.rules.language.checker import read_conditions
from metricsheet.rules.language.facts import Vocabulary
from metricsheet.values import Cell, ExcelError
from tests.rules.builders import catalog, choice, flag, metric

with (Path(__file__).parent / "data" / "truth_tables.csv").open(newline="") as file:
    ROWS = list(csv.DictReader(file))

CATALOG = catalog(
    [metric("x"), metric("y")],
    settings=[
        flag("p"),
        flag("q"),
        flag("r"),
        choice("word", "rising", "falling", "flat"),
        choice("second", "rising", "flat"),
    ],
)
VOCABULARY = Vocabulary(CATALOG, "slice")
TRUTH = {"true": True, "false": False, "unknown": None}
MISSING: list[Cell] = [None, math.nan, ExcelError("#DIV/0!", "customers is 0")]


def condition_of(text: str):
    condition, problems = read_conditions([ConditionText(text)], VOCABULARY)
    assert condition is not None, [problem.render() for problem in problems]
    return condition


def facts_of(row: dict[str, str], missing: Cell = None, whole: type = float) -> dict[str, Cell]:
    facts: dict[str, Cell] = {}
    for name in ("p", "q", "r"):
        facts[name] = TRUTH[row[name]] if row[name] else missing
    for name in ("x", "y"):
        facts[name] = whole(float(row[name])) if row[name] else missing
    facts["word"] = row["word"] or missing
    return facts


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['condition']} {list(row.values())[1:]}")
def test_row(row: dict[str, str]) -> None:
    condition = condition_of(row["condition"])
    expected = TRUTH[row["truth"]]
    test = compile_condition(condition)
    for missing in MISSING:
        assert test(facts_of(row, missing).get) is expected
    absent = {name: value for name, value in facts_of(row).items() if value is not None}
    assert test(absent.get) is expected
    # an unknown truth always has its culprits, a decided one never has any
    missing_names, refusals = undecided(condition, absent.get)
    assert bool(missing_names or refusals) is (expected is None)
    assert not set(missing_names) & set(absent)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['condition']} {list(row.values())[1:]}")
def test_the_written_condition_reads_back(row: dict[str, str]) -> None:
    condition = condition_of(row["condition"])
    assert condition_of(str(condition)) == condition


@pytest.mark.parametrize("row", [r for r in ROWS if r["truth"] != "unknown"])
def test_whole_numbers_are_numbers(row: dict[str, str]) -> None:
    if all(float(row[name] or 0).is_integer() for name in ("x", "y")):
        test = compile_condition(condition_of(row["condition"]))
        assert test(facts_of(row, whole=int).get) is TRUTH[row["truth"]]


def test_every_comparison_is_traced_also_those_that_did_not_matter() -> None:
    condition = condition_of('OR(x > 1, AND(y > 2, word = "flat"), NOT(p))')
    facts: dict[str, Cell] = {"x": 5.0, "p": False}
    found = list(trace(condition, facts.get, FactWriter(CATALOG)))
    assert [(c.text, c.truth) for c in found] == [
        ("x > 1", True),
        ("y > 2", None),
        ('word = "flat"', None),
        ("NOT(p)", True),
    ]


@pytest.mark.parametrize(
    ("other", "truth"), [("rising", True), ("RISING", True), ("flat", False), (None, None)]
)
def test_two_words_are_equal_without_regard_to_case(other: str | None, truth: bool | None) -> None:
    facts: dict[str, Cell] = {"word": "".join(["ris", "ing"]), "second": other}
    condition = condition_of("word = second")
    assert compile_condition(condition)(facts.get) is truth


WRONG_KINDS = [
    ("x > 3", {"x": "many"}, "x is 'many', not a number"),
    ("x > 3", {"x": True}, "x is True, not a number"),
    ("x <> 3", {"x": "3"}, "x is '3', not a number"),
    ("p", {"p": "yes"}, "p is 'yes', not a flag"),
    ("p", {"p": 1.0}, "p is 1.0, not a flag"),
    ('word = "flat"', {"word": 3.0}, "word is 3.0, not a text"),
    ('IN(word, "flat", "rising")', {"word": False}, "word is False, not a text"),
    ("x / y > 1", {"x": 1.0, "y": 0.0}, "#DIV/0! y is 0"),
    ("x ^ y > 1", {"x": 10.0, "y": 400.0}, "#NUM! x ^ y has no finite value"),
    ("x ^ 0.5 > 1", {"x": -4.0}, "#NUM! x ^ 0.5 has no finite value"),
    ("1 / (x - y) > 1", {"x": 2.0, "y": 2.0}, "#DIV/0! x - y is 0"),
]


@pytest.mark.parametrize(("text", "facts", "refusal"), WRONG_KINDS)
def test_what_is_there_but_cannot_be_used(text: str, facts: dict[str, Cell], refusal: str) -> None:
    condition = condition_of(text)
    assert compile_condition(condition)(facts.get) is None
    missing, troubles = undecided(condition, facts.get)
    assert (missing, [str(trouble) for trouble in troubles]) == ([], [refusal])
