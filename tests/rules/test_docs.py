"""The page about rules: its rules load, warn of nothing and pass; its tables and its code are true."""

from __future__ import annotations

import doctest
import os
import re
from pathlib import Path

import pytest

from metricsheet.api import load_catalog
from metricsheet.catalog.definitions import Catalog, ConditionText
from metricsheet.prepared import check_definitions
from metricsheet.rules.check import compile_ruleset
from metricsheet.rules.engine.compile import compile_condition
from metricsheet.rules.engine.outcome import OUTCOMES
from metricsheet.rules.language.checker import read_conditions
from metricsheet.rules.language.facts import METRIC_PARTS, SCORECARD_PARTS, WHOLE_PARTS, Vocabulary
from metricsheet.rules.testing.run import run_rule_tests
from tests.rules.builders import catalog, flag, metric

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def section(title: str) -> str:
    return PAGE.split(f"## {title}\n")[1].split("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, without heads and rules."""
    found = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in text.split("\n")
        if line[:1] == "|"
    ]
    heads = {index - 1 for index, row in enumerate(found) if set("".join(row)) <= set("-| ")}
    return [row for index, row in enumerate(found) if index not in heads and index - 1 not in heads]


@pytest.fixture(scope="module")
def builtin() -> Catalog:
    return load_catalog(ROOT / "metrics.yaml")


@pytest.mark.parametrize("block", BLOCKS)
def test_the_rules_on_the_page_pass_their_tests(block: str, tmp_path: Path) -> None:
    (tmp_path / "metrics.yaml").write_text("version: 1\nextends: builtin\n", encoding="utf-8")
    (tmp_path / "lifecycle_rules").mkdir()
    (tmp_path / "lifecycle_rules" / "expand.yaml").write_text("version: 1\n" + block, encoding="utf-8")
    loaded, problems = check_definitions(tmp_path / "metrics.yaml")
    ours = [p for p in problems if p.place is not None and str(tmp_path) in p.place.source.name]
    assert [p.render() for p in ours if "missing_translation" not in p.code] == []
    assert loaded is not None
    keys = re.findall(r"^  (\w+):$", block, re.MULTILINE)
    report = run_rule_tests(compile_ruleset(loaded), loaded, keys)
    assert {result.rule for result in report.results} == set(keys)
    assert [(r.rule, r.name, r.got, r.reason) for r in report.results if not r.passed] == []


def test_the_page_has_rules() -> None:
    assert len(BLOCKS) == 2


def test_the_truth_table_is_the_engine_s() -> None:
    truths = {"true": True, "false": False, "unknown": None}
    vocabulary = Vocabulary(catalog([metric("x")], settings=[flag("a"), flag("b")]), "slice")
    found = [row for row in rows(section("Conditions")) if row[0] in truths]
    assert len(found) == 6
    for a, b, *expected in found:
        facts = {"a": truths[a], "b": truths[b]}
        for text, truth in zip(("AND(a, b)", "OR(a, b)", "NOT(a)"), expected, strict=True):
            condition, _ = read_conditions([ConditionText(text)], vocabulary)
            assert condition is not None
            assert compile_condition(condition)(facts.get) is truths[truth], (text, a, b)


def test_the_conditions_on_the_page_can_be_read(builtin: Catalog) -> None:
    vocabulary = Vocabulary(builtin, "slice")
    table = section("Conditions").split("A comparison is")[0]
    examples = [text for row in rows(table) for text in re.findall(r"`([^`]+)`", row[0]) if "(a" not in text]
    assert len(examples) >= 10
    for text in examples:
        condition, problems = read_conditions([ConditionText(text)], vocabulary)
        assert condition is not None, problems


def test_what_is_said_of_mistakes(builtin: Catalog) -> None:
    vocabulary = Vocabulary(builtin, "slice")
    found = [
        row for row in rows(section("What is checked before any data")) if len(row) == 2 and " " in row[0]
    ]
    assert len(found) >= 13
    for written, said in found:
        condition, problems = read_conditions([ConditionText(written.strip("`"))], vocabulary)
        assert condition is None
        assert said in [str(problem.message) for problem in problems]


def test_every_fact_and_outcome_is_on_the_page() -> None:
    for part in (*METRIC_PARTS, *WHOLE_PARTS):
        assert re.search(rf"`\w+\.{part}`", section("Facts")), part
    for part in SCORECARD_PARTS[:3]:
        assert f"`scorecard.{part}`" in PAGE
    assert [row[0].strip("`") for row in rows(section("Outcomes"))] == list(OUTCOMES)


def test_the_python_on_the_page() -> None:
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        failed, tried = doctest.testfile(str(ROOT / "docs" / "rules.md"), module_relative=False)
    finally:
        os.chdir(here)
    assert tried >= 8
    assert failed == 0
