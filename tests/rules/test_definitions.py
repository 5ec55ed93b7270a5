"""Bad rule files: all that is said of them, word for word, in data/bad/problems.txt.

After a wanted change of wording, write the file anew: python -m tests.rules.test_definitions
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from metricsheet.api import load_catalog
from metricsheet.catalog.assembly.make import make_catalog
from metricsheet.catalog.find import definition_files
from metricsheet.errors import DefinitionError, Diagnostic
from metricsheet.prepared import prepare
from metricsheet.rules.check import check_rules, compile_ruleset
from metricsheet.rules.language.facts import Vocabulary
from metricsheet.source import Place, SourceFile
from tests.rules.builders import catalog, choice, flag, metric, rule
from tests.stages import cases

BAD = Path(__file__).parent / "data" / "bad"
ROOT = Path(__file__).parents[2]


def all_problems() -> tuple[Diagnostic, ...]:
    """What the rules say of the bad file; what its YAML and shape say is the loader's business."""
    here = Path.cwd()
    os.chdir(BAD)
    try:
        made = make_catalog(definition_files("metrics.yaml"), (), warn=True)
        return tuple(check_rules(made.sound))
    finally:
        os.chdir(here)


def written() -> str:
    return "\n\n".join(problem.render() for problem in all_problems()) + "\n"


def test_every_problem_is_told_in_one_run() -> None:
    assert written() == (BAD / "problems.txt").read_text(encoding="utf-8")


def test_every_problem_has_a_place_and_every_error_a_way_out() -> None:
    found = all_problems()
    for problem in found:
        assert problem.place is not None
        assert problem.place.source.line(problem.place.line)
        assert str(problem.message) == str(problem.message).strip().rstrip(".")
    # what needs no hint is said by the message: units that differ, a condition that reads nothing …
    unaided = {problem.code for problem in found if problem.hint is None and problem.severity == "error"}
    assert unaided <= {"unit_mismatch", "no_fact", "type_mismatch", "not_a_value", "formula_syntax"}


def test_each_rule_is_told_of_under_its_own_key() -> None:
    """Every rule of the bad file but the harmless partners gets at least one problem inside its block."""
    found = all_problems()
    source = found[0].place.source  # type: ignore[union-attr]
    starts = [
        n
        for n, line in enumerate(source.text.split("\n"), 1)
        if line.startswith("  ") and line[2:3].isalpha()
    ]
    blamed = {max(s for s in starts if s <= p.place.line) for p in found if p.place is not None}
    silent = {source.line(s).strip(" :") for s in starts if s not in blamed}
    # for: 0 is refused by the shape of the file; the others are the second rule of a pair
    assert silent == {
        "circle_a",
        "circle_b",
        "the_whole",
        "for_nothing",
        "too_special",
        "says_high",
        "says_the_same_first",
    }


def test_the_builtin_rules_are_sound() -> None:
    loaded = load_catalog(ROOT / "metrics.yaml")
    assert [problem.render() for problem in check_rules(loaded)] == []


def place(text: str, line: int, column: int) -> Place:
    return Place(SourceFile("rules.yaml", text), line, column)


@pytest.mark.parametrize(
    ("more", "message", "position"),
    [
        ({"for_periods": 0}, "expected a number of periods from 1 to 120, found for: 0", (3, 5)),
        ({"for_periods": 121}, "expected a number of periods from 1 to 120, found for: 121", (3, 5)),
        ({"keep": -1}, "expected a number of periods from 0 to 120, found keep: -1", (4, 5)),
    ],
)
def test_numbers_of_periods(more: dict[str, Any], message: str, position: tuple[int, int]) -> None:
    text = "rules:\n  tested:\n    for: 0\n    keep: -1\n"
    keys = {"for": place(text, 3, 5), "keep": place(text, 4, 5)}
    tested = rule("tested", "x > 1", place=place(text, 2, 3), key_places=keys, **more)
    (problem,) = check_rules(catalog([metric("x")], [tested]))
    assert str(problem.message) == message
    assert (problem.place.line, problem.place.column) == position  # type: ignore[union-attr]
    assert problem.hint


@pytest.mark.parametrize("when", [[], "  ", [{"any": [" "]}]])
def test_a_rule_without_a_condition(when: Any) -> None:
    problems = check_rules(catalog([metric("x")], [rule("tested", when)]))
    assert "no_condition" in {problem.code for problem in problems}


GOOD = [
    "churn > 5%",
    "churn > 0.05",
    "churn = 1",
    "churn < -100%",
    "churn * 100 > 5",
    "churn > churn.previous * 1.1",
    "churn > churn.previous * 110%",
    "churn.change / churn.previous > 10%",
    "1 - churn < 90%",
    "cac > 300",
    "cac * 3 > clv",
    "cac > clv / 3",
    "cac > clv * churn",
    "cac / clv > 33%",
    "cac / clv > 0.33",
    "cac.previous * (1 + 10%) < cac",
    "MIN(cac, clv) > 10",
    "ROUND(cac, 2) = 10",
    "MAX(cac, 10) > clv",
    "months > 12",
    "months < 24 / 2",
    "ABS(churn.change) > 1%",
    "cac.trend = clv.trend",
    "-cac < 0",
    "+cac > 0",
    "campaign = TRUE",
    "campaign <> FALSE",
    "cac.n >= 30",
    'stage = "NEW"',
    '="new" = stage',
]


@pytest.mark.parametrize("text", GOOD)
def test_what_is_fine(text: str) -> None:
    metrics = [
        metric("churn", "percent"),
        metric("cac", "money"),
        metric("clv", "money"),
        metric("months", "months"),
    ]
    settings = [flag("campaign"), choice("stage", "new", "seasoned")]
    assert check_rules(catalog(metrics, [rule("tested", text)], settings)) == ()


BAD_UNITS = [
    ("churn > 5", "write 5%, or 500% if that is meant"),
    ("churn > 10 / 2", "write 5%, or 500% if that is meant"),
    ("5 < churn", "write 5%, or 500% if that is meant"),
    ("BETWEEN(churn, 2, 5)", "write 2%, or 200% if that is meant"),
    ("IN(churn, 5%, 10)", "write 10%, or 1000% if that is meant"),
    ("churn.previous + 5 < churn", "write 5%, or 500% if that is meant"),
    ("ratio > 300%", "write 3"),
    ("nps > 50%", "write 50"),
    ("cac.change > 10%", "compare the share instead: cac.change / cac.previous"),
    ("cac > months", None),
    ("cac + months > 3", None),
    ("MAX(cac, nps) > 3", None),
    ("days > months", None),
    ("cac.n > cac", None),
]


@pytest.mark.parametrize(("text", "hint"), BAD_UNITS)
def test_units_that_do_not_fit(text: str, hint: str | None) -> None:
    metrics = [
        metric("churn", "percent"),
        metric("ratio", "ratio"),
        metric("nps", "points"),
        metric("cac", "money"),
        metric("months", "months"),
        metric("days", "days"),
    ]
    problems = check_rules(catalog(metrics, [rule("tested", text)]))
    assert [problem.code for problem in problems] == ["unit_mismatch"]
    assert (problems[0].hint and str(problems[0].hint)) == hint


def test_bad_rules_raise_with_every_error_and_without_the_warnings() -> None:
    bad = [rule("one", "xx > 1"), rule("two", "x > 1", finding="{xyz}"), rule("never", ["x > 1", "x < 1"])]
    with pytest.raises(DefinitionError) as caught:
        compile_ruleset(catalog([metric("x")], bad))
    assert [problem.code for problem in caught.value.diagnostics] == ["unknown_fact", "unknown_fact"]
    assert len(compile_ruleset(catalog([metric("x")], bad[2:])).rules) == 1


def test_conditions_of_any_depth_and_length_end_in_a_diagnostic() -> None:
    deep = "NOT(" * 10_000 + "x > 1" + ")" * 10_000
    long = "OR(" + ", ".join(["x > 1"] * 5_000) + ")"
    many = [f"x > {n}" for n in range(cases(2_000, 400))]
    for when in (deep, long):
        problems = check_rules(catalog([metric("x")], [rule("tested", when)]))
        assert [problem.severity for problem in problems] == ["error"]
    assert check_rules(catalog([metric("x")], [rule("tested", many)])) == ()
    never = check_rules(catalog([metric("x")], [rule("tested", [*many, "x < 0"])]))
    assert [problem.code for problem in never] == ["never_fires"]
    nested = "NOT(" * 80 + "x > 1" + ")" * 80
    assert check_rules(catalog([metric("x")], [rule("tested", nested)])) == ()


def test_the_names_of_facts() -> None:
    small = catalog([metric("nps"), metric("cac", "money")], settings=[flag("campaign")])
    in_slices, in_scorecards = (tuple(Vocabulary(small, scope).names()) for scope in ("slice", "scorecard"))
    assert in_slices[:3] == ("nps", "nps.status", "nps.target")
    assert "campaign" in in_slices
    assert not [name for name in in_slices if name.startswith("scorecard") or name.endswith(".spread")]
    assert {"nps.spread", "cac.lowest_slice", "scorecard.results", "scorecard.expand"} <= set(in_scorecards)
    assert set(in_slices) < set(in_scorecards)


if __name__ == "__main__":
    (BAD / "problems.txt").write_text(written(), encoding="utf-8")


def test_a_comment_does_not_attract_the_caret(tmp_path: Path) -> None:
    """The place of a key comes from the YAML, not from a search for its letters."""
    (tmp_path / "metrics.yaml").write_text(
        "version: 1\ninputs: {a: {label: A}}\nmetrics:\n  total: {label: T, stage: expand, kind: outcome, "
        "unit: points, better: higher, formula: SUM(a)}\n",
        "utf-8",
    )
    rules = tmp_path / "lifecycle_rules" / "expand.yaml"
    rules.parent.mkdir()
    rules.write_text(
        "version: 1\nrules:\n  low:\n    severity: low\n    when: total < 5\n"
        "    # wait for: two months\n    for: 500\n    finding: It is {total}\n",
        "utf-8",
    )
    with pytest.raises(DefinitionError) as raised:
        prepare(tmp_path)
    places = [(d.code, d.place.line, d.place.column) for d in raised.value.diagnostics if d.place]
    assert places == [("wrong_periods", 7, 5)]
