"""Exit codes: each has its reasons, the highest counts, and every reason is named on standard error."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

import metricsheet
from metricsheet.api import UnfitOptionsError
from metricsheet.cli.evaluate_command import parser
from metricsheet.cli.main import main

DEFINITIONS = """\
version: 1
settings:
  size: {label: Size, one_of: [small, large]}
inputs:
  score: {label: Score, also: [answer], scale: 0..10}
  cost: {label: Cost}
  customers: {label: Customers}
metrics:
  mean_score: {label: Mean score (MS), stage: expand, kind: outcome, unit: points, better: higher,
               formula: AVERAGE(score),
               bands: [{status: critical, when: below 3, label: Bad},
                       {status: warn, when: below 5, label: Poor},
                       {status: ok, when: at least 5, label: Good}]}
  cost_each: {label: Cost per customer, stage: convert, kind: outcome, unit: money, better: lower,
              formula: SUM(cost) / SUM(customers)}
"""
RULES = """\
version: 1
rules:
  poor_score: {severity: high, when: mean_score < 5, finding: "The score is {mean_score}.", tests: []}
  any_score: {severity: info, when: mean_score >= 0, finding: "There is a score.", tests: []}
"""
FILES = {
    "survey.csv": "Region,Touch point,Score\nNorth,Shop,4\nNorth,Web,6\nSouth,Web,2\n",
    "good.csv": "Region,Score\nNorth,8\nWest,9\n",
    "costs.csv": "Month,Cost,Customers\n2024-01,10,2\n2024-02,20,5\n",
    "pairs.csv": "Cost,100\nCustomers,20\n",
    "two_dates.csv": "Created,Closed,Cost,Customers\n2024-01-01,2024-02-01,10,2\n2024-01-05,2024-03-01,2,5\n",
    "quarters.csv": "Month,Cost,Customers\nQ1 2024,10,2\nQ2 2024,20,5\n",
    "renamed.csv": "Region,Rating of us\nNorth,8\n",
    "nothing.csv": "A,B\n1,2\n",
    "empty.csv": "Region,Score\n",
    "bad.xlsx": "PK\x03\x04 cut off",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("exits")
    (made / "lifecycle_rules").mkdir()
    (made / "metrics.yaml").write_text(DEFINITIONS, encoding="utf-8")
    (made / "lifecycle_rules" / "expand.yaml").write_text(RULES, encoding="utf-8")
    for name, text in FILES.items():
        (made / name).write_text(text, encoding="utf-8")
    return made


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["evaluate", *arguments])
    return code, out.getvalue(), err.getvalue()


# what is asked: (exit code, what standard error says of each reason)
CASES: dict[str, tuple[int, list[str]]] = {
    "survey.csv": (0, []),
    "survey.csv --only MS": (0, []),
    # 1: what is computed is not as asked
    "survey.csv --fail-on critical": (0, []),
    "survey.csv --fail-on high": (1, ["--fail-on high: poor_score (high)"]),
    "survey.csv --fail-on info": (1, ["poor_score (high), any_score (info)"]),
    "survey.csv --fail-on critical-status": (0, []),
    "survey.csv --fail-on warn-status": (1, ["--fail-on warn-status: mean_score 4.0 (warn)"]),
    "survey.csv --by Region --fail-on critical-status": (1, ["mean_score 2.0 (critical)"]),
    "good.csv --fail-on warn-status --fail-on medium": (0, []),
    "survey.csv --fail-on critical,warn-status": (1, ["warn-status: mean_score"]),
    "survey.csv --require mean_score": (0, []),
    "survey.csv --require MEAN-SCORE,ms": (0, []),
    "survey.csv --require mean_score --require cost_each": (
        1,
        ["--require cost_each: no value in survey.csv"],
    ),
    "renamed.csv good.csv --require MS": (
        1,
        ["--require mean_score: no value in renamed.csv: no column found for score"],
    ),
    "survey.csv costs.csv nothing.csv --require cost_each": (1, ["in survey.csv", "(and 1 more source)"]),
    "nothing.csv": (1, ["error[nothing_computed]: mean_score, cost_each have no value"]),
    "renamed.csv --only mean_score --fail-on info": (1, ["error[nothing_computed]: mean_score has no value"]),
    "nothing.csv survey.csv": (0, []),
    "empty.csv": (1, ["error[nothing_computed]"]),
    # 2: what is asked fits nothing
    "survey.csv --by Regon": (2, ["--by Regon fits no source", "did you mean 'Region'?"]),
    "survey.csv good.csv --by Regon": (2, ["--by Regon fits no source"]),
    "survey.csv good.csv --by touch_point": (2, ["--by touch_point fits no source"]),
    "survey.csv good.csv": (0, []),
    "survey.csv nothing.csv --by Region": (0, []),
    "pairs.csv --by Region": (2, ["nothing to slice by Region"]),
    "nothing.csv --by Region": (1, ["nothing_computed"]),
    "survey.csv --map score=Rating": (
        2,
        ["--map score=Rating fits no source", "headers: Region, Touch point, Score"],
    ),
    "survey.csv renamed.csv --map score=Rating_of_us": (0, []),
    "survey.csv --map score=Other!Z": (2, ["fits no source"]),
    "survey.csv --set size=tiny": (2, ["size is one of small, large"]),
    "survey.csv --only scores": (2, ["'scores' is not a metric", "did you mean 'mean_score'?"]),
    "survey.csv --require scores": (2, ["'scores' is not a metric"]),
    "survey.csv --only cost_each --require ms": (2, ["--require mean_score is not among --only cost_each"]),
    "survey.csv --fail-on hihg": (2, ["not 'hihg'", "did you mean 'high'?"]),
    "survey.csv --period month": (
        2,
        ["--period month fits no source", "columns: Region, Touch point, Score"],
    ),
    "two_dates.csv --period month": (
        2,
        ["several date columns (Created, Closed)", "--map date=Created or --map date=Closed"],
    ),
    "two_dates.csv --from 2024-01-01": (2, ["--from fits no source"]),
    "quarters.csv --period month": (2, ["cannot be split by month: ask for --period quarter"]),
    "pairs.csv --period month": (2, ["pairs.csv has no table with dates"]),
    "survey.csv costs.csv --period month": (0, []),
    # 3: what cannot be read
    "bad.xlsx": (3, ["bad.xlsx: error["]),
    "nowhere.csv": (3, ["nowhere.csv: error[not_found]"]),
    # of several reasons the highest counts, and all are named
    "bad.xlsx survey.csv --by Regon --fail-on high --require cost_each": (
        3,
        [
            "bad.xlsx: error[",
            "--by Regon fits no source",
            "--require cost_each",
            "--fail-on high: poor_score",
        ],
    ),
    "survey.csv --by Regon --fail-on high": (2, ["--by Regon fits no source", "--fail-on high: poor_score"]),
    "nothing.csv bad.xlsx": (3, ["error[nothing_computed]"]),
    "survey.csv -o card.pdf": (
        2,
        ["no format has the ending .pdf", ".txt, .json, .jsonl, .csv, .md, "],
    ),
    "survey.csv --format xlsx": (2, ["needs -o"]),
}


@pytest.mark.parametrize("case", CASES)
def test_exit_codes_and_what_is_said(case: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    expected, said = CASES[case]
    code, _, err = run(*case.split(), "-q")
    assert code == expected, err
    for text in said:
        assert text in err
    assert bool(err) is bool(expected)
    # every reason is a line of its own, and the report says the same
    assert all(line.startswith(("metricsheet evaluate: ", "  hint: ")) for line in err.splitlines())
    assert run(*case.split())[0] == expected


# conditions, which hold spaces: (exit code, rows that count, what standard error says)
CONDITIONS: list[tuple[list[str], int, int | None, str]] = [
    (['Region = "North"'], 0, 2, ""),
    (['Region = "North"', "Score > 5"], 0, 1, ""),
    (["Score > 5", 'Region = "North"', '[Touch point] = "web"'], 0, 1, ""),
    (
        ['Region = "North"', 'Region = "South"'],
        2,
        None,
        'no row of survey.csv meets Region = "North" and Region',
    ),
    (['Region = "Nort"'], 2, None, "did you mean 'North'?"),
    (['"Nort" = Region'], 2, None, "did you mean 'North'?"),
    (["Score > 11"], 2, None, "no row of survey.csv meets Score > 11"),
    (['Regin = "North"'], 2, None, "did you mean 'Region'?"),
    (['Region = "North" AND Score > 5'], 2, None, 'write AND(Region = "North", Score > 5)'),
    (['Region = "North" or Score > 5'], 2, None, 'write OR(Region = "North", Score > 5)'),
    (['Region = "North"', "Score >"], 2, None, "expected a value"),
    ([""], 2, None, "the formula is empty"),
]


@pytest.mark.parametrize(("conditions", "code", "rows", "said"), CONDITIONS)
def test_conditions(
    conditions: list[str],
    code: int,
    rows: int | None,
    said: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    asked = [part for condition in conditions for part in ("--where", condition)]
    found, out, err = run("survey.csv", *asked, "--only", "mean_score", "--format", "json")
    assert (found, said in err) == (code, True), err
    if rows is not None:
        assert [r["n"] for r in json.loads(out)["results"]] == [rows]
    if code == 2:
        with pytest.raises(metricsheet.UsageError):
            metricsheet.evaluate("survey.csv", where=conditions)


def test_a_condition_fits_where_one_file_of_several_has_such_rows(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert run("survey.csv", "good.csv", "--where", 'Region = "South"', "-q")[0] == 0
    assert run("survey.csv", "good.csv", "--where", 'Region = "Moon"', "-q")[0] == 2


@pytest.mark.parametrize("form", ["text", "json", "csv", "xlsx"])
def test_what_can_be_computed_is_written_whatever_the_code(
    form: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    target = tmp_path / f"card.{'txt' if form == 'text' else form}"
    code, _, err = run("bad.xlsx", "survey.csv", "--by", "Regon", "--require", "cost_each", "-o", str(target))
    assert code == 3
    assert target.stat().st_size > 0
    if form == "json":
        card = json.loads(target.read_text(encoding="utf-8"))
        assert [r["value"] for r in card["results"] if r["metric"] == "mean_score"] == [4.0]
        assert {p["code"]: p["option"] for p in card["problems"]}["cannot_slice"] == "--by Regon"
    if form == "csv":
        rows = list(csv.reader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
        assert any("mean_score" in row for row in rows)
    assert err.count("metricsheet evaluate: ") == 3


def test_in_a_pool_a_place_that_some_files_lack_is_no_wrong_option(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    asked = ("survey.csv", "renamed.csv", "--pool", "-q", "--map")
    # survey.csv has no such header, and its own for the score
    assert run(*asked, "score=Rating of us")[0] == 0
    assert run(*asked, "score=Rating of them")[0] == 2


def test_the_library_raises_with_the_scorecard_at_hand(folder: Path) -> None:
    table = {"Region": ["EU", "US"], "Score": [4, 6]}
    definitions = folder / "metrics.yaml"
    for asked in (
        {"by": "Regon"},
        {"where": 'Region = "Q"'},
        {"period": "year"},
        {"mapping": {"score": "S"}},
    ):
        with pytest.raises(UnfitOptionsError) as raised:
            metricsheet.evaluate(table, metrics=definitions, **asked)  # type: ignore[arg-type]
        assert str(raised.value.problems[0].option) in str(raised.value)
        assert len(raised.value.scorecard.results) == 2
    card = metricsheet.evaluate({"A": [1]}, metrics=definitions)
    assert [p.code for p in card.problems] == ["looks_like", "nothing_computed"]


def test_only_takes_one_name_and_scopes_results_findings_and_problems(folder: Path) -> None:
    table = {"Score": [4, 60], "Cost": [1, 2], "Customers": [None, "x"]}
    definitions = folder / "metrics.yaml"
    whole = metricsheet.evaluate(table, metrics=definitions)
    assert {key for p in whole.problems for key in p.inputs} == {"score", "customers"}
    for asked in ("cost_each", ["cost_each"], "COST PER CUSTOMER"):
        card = metricsheet.evaluate(table, metrics=definitions, only=asked)
        assert {r.metric for r in card.results} == {"cost_each"}
        assert {key for p in card.problems for key in p.inputs} == {"customers"}
        assert card.findings == ()
    card = metricsheet.evaluate(table, metrics=definitions, only="mean_score")
    assert {key for p in card.problems for key in p.inputs} == {"score"}


def test_a_formula_over_days_says_which_dates_to_choose_from(folder: Path) -> None:
    table = {
        "Customer ID": ["a", "b"],
        "Start date": ["2023-01-05", "2023-02-01"],
        "End date": ["2024-01-31", None],
    }
    with pytest.raises(UnfitOptionsError) as raised:
        metricsheet.evaluate(table, metrics="builtin", period="month", only="churn_rate_dates")
    (result,) = raised.value.scorecard.results
    assert result.value is None
    assert "several date columns (Start date, End date)" in result.reason
    assert "is not given" not in result.reason


def test_options_stand_in_five_groups_and_there_are_few_enough() -> None:
    groups = [group for group in parser()._action_groups if group._group_actions]
    assert [group.title for group in groups] == [
        "evaluate.group.source",
        "evaluate.group.reading",
        "evaluate.group.metrics",
        "evaluate.group.bulk",
        "evaluate.group.report",
    ]
    options = [action for group in groups for action in group._group_actions if action.option_strings]
    assert len(options) <= 35


def test_a_reader_that_leaves_early_does_not_hide_the_code(folder: Path) -> None:
    command = [sys.executable, "-m", "metricsheet", "evaluate", "survey.csv", "--fail-on", "high"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait() == 1
    assert "--fail-on high" in said
    assert "Traceback" not in said
