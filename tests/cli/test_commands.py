"""The command line as a person uses it: commands, messages, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from metricsheet.cli.main import COMMANDS, main

SURVEY = "Region,NPS score\nEU,10\nEU,9\nUS,3\nUS,8\n"


@pytest.fixture
def survey(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "survey.csv"
    path.write_text(SURVEY, encoding="utf-8")
    return path


USAGE = [
    ([], "usage: metricsheet COMMAND"),
    (["evaluat", "x.csv"], "did you mean 'evaluate'?"),
    (["evaluate"], "FILE is missing"),
    (["evaluate", "survey.csv", "--peroid", "month"], "--peroid"),
    (["evaluate", "survey.csv", "--period", "week"], "'year', found 'week'"),
    (["evaluate", "survey.csv", "--jobs", "x"], "--jobs: expected a whole number, found 'x'"),
    (["evaluate", "survey.csv", "--map"], "--map: needs a value"),
    (["evaluate", "survey.csv", "--partial=x"], "--partial: takes no value, found 'x'"),
    (["evaluate", "survey.csv", "--langs", "de"], "did you mean '--lang'?"),
    (["list", "metrics", "nps"], "unexpected argument 'nps'"),
    (["evaluat", "survey.csv"], "did you mean 'evaluate'?"),
    (["evaluate", "survey.csv", "--map", "nonsense"], "--map takes NAME=VALUE"),
    (["evaluate", "survey.csv", "--map", "recomend_score=NPS score"], "did you mean 'recommend_score'?"),
    (["evaluate", "survey.csv", "--only", "npss"], "did you mean 'nps'?"),
    (["evaluate", "survey.csv", "--set", "company_stage=newish"], "company_stage is one of new, seasoned"),
    (["evaluate", "survey.csv", "--set", "companystage=new"], "did you mean 'company_stage'?"),
    (["evaluate", "survey.csv", "--scale", "recommend_score=10"], "expected a scale such as 1..10"),
    (["evaluate", "survey.csv", "--scale", "recommend_score=10..1"], "expected a scale such as 1..10"),
    (["evaluate", "survey.csv", "--from", "yesterday"], "takes a date such as 2024-01-31"),
    (["evaluate", "survey.csv", "--from", "2024-02-01", "--to", "2024-01-01"], "is after --to"),
    (["evaluate", "survey.csv", "--where", "Region = "], "--where:"),
    (["evaluate", "survey.csv", "--lang", "xx"], "--lang is one of en, ja, tr, it, de"),
    (["evaluate", "survey.csv", "--format", "xlsx"], "-o"),
    (["evaluate", "survey.csv", "--map", "nps=A", "--map", "nps=B"], "given twice"),
    (["explain", "npss"], "did you mean 'nps'?"),
    (["test", "npss"], "did you mean 'nps'?"),
    (["init", "no/such/folder"], "is not a folder"),
]


@pytest.mark.parametrize(("arguments", "said"), USAGE, ids=[" ".join(u[0])[:60] for u in USAGE])
@pytest.mark.usefixtures("survey")
def test_usage_problems_say_what_is_wrong(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert said in shown.err + shown.out
    assert "Traceback" not in shown.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    shown = _process([command, "--help"])
    assert shown.returncode == 0
    assert f"metricsheet {command}" in shown.stdout


def test_help() -> None:
    shown = _process(["--help"])
    assert shown.returncode == 0
    assert all(name in shown.stdout for name in COMMANDS)


def _process(arguments: Sequence[str], **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", **more}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "metricsheet", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )


def test_a_bad_file_does_not_stop_the_others(survey: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = survey.with_name("bad.xlsx")
    bad.write_bytes(b"PK\x03\x04 cut off")
    code = main(["evaluate", str(bad), str(survey), "nowhere.xlsx", "--format", "json", "--only", "nps"])
    shown = capsys.readouterr()
    card = json.loads(shown.out)
    assert code == 3
    assert [r["value"] for r in card["results"]] == [25.0]
    assert {p["source"] for p in card["problems"]} == {str(bad), "nowhere.xlsx"}
    assert "nowhere.xlsx: error[not_found]" in shown.err


def test_a_pool_with_an_unreadable_file_gives_no_number(
    survey: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = survey.with_name("bad.xlsx")
    bad.write_bytes(b"PK\x03\x04 cut off")
    code = main(["evaluate", str(bad), str(survey), "--pool", "--format", "json", "--only", "nps"])
    result = json.loads(capsys.readouterr().out)["results"][0]
    assert code == 3
    assert result["value"] is None
    assert "bad.xlsx could not be read" in result["reason"]


def test_fail_on_counts_only_fired_rules_of_that_severity(survey: Path) -> None:
    # forty answers whose interval reaches below zero: one rule of severity low fires
    survey.write_text("NPS score\n" + "10\n9\n8\n6\n" * 10, encoding="utf-8")
    assert main(["evaluate", str(survey), "--quiet", "--fail-on", "medium"]) == 0
    assert main(["evaluate", str(survey), "--quiet", "--fail-on", "low"]) == 1
    assert main(["evaluate", str(survey), "--quiet"]) == 0


def test_a_pipe_that_closes_early_is_no_error(survey: Path) -> None:
    command = f"'{sys.executable}' -m metricsheet list | head -n 1"
    shown = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert shown.stderr == ""


def test_where_and_by(survey: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["evaluate", str(survey), "--where", 'Region = "eu"', "--format", "json", "--only", "nps"])
    assert json.loads(capsys.readouterr().out)["results"][0]["value"] == 100.0
    main(["evaluate", str(survey), "--by", "region", "--format", "json", "--only", "nps"])
    by_region = {
        tuple(r["slice"].values()): r["value"] for r in json.loads(capsys.readouterr().out)["results"]
    }
    assert by_region == {(): 25.0, ("EU",): 100.0, ("US",): -50.0}


def test_a_column_that_is_not_there_is_named(survey: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["evaluate", str(survey), "--by", "Regoin", "--format", "json", "--only", "nps"])
    card = json.loads(capsys.readouterr().out)
    assert "did you mean 'Region'?" in json.dumps(card["problems"])


def test_init_makes_definitions_that_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path)]) == 0
    made = tmp_path / "metrics.yaml"
    assert main(["check", "--metrics", str(made)]) == 0
    assert main(["test", "tickets_per_seat", "--metrics", str(made)]) == 0
    capsys.readouterr()
    before = made.read_bytes()
    assert main(["init", str(tmp_path)]) == 2
    assert made.read_bytes() == before


def test_broken_definitions_are_told_all_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "metrics.yaml"
    broken.write_text(
        "version: 1\ninputs:\n  score: {label: Score}\nmetrics:\n  a:\n    label: A\n    stage: expnd\n"
        "    kind: outcome\n    unit: points\n    better: higher\n    formula: SUMM(score)\n"
        "  b:\n    label: B\n    stage: expand\n    kind: outcome\n    unit: points\n    better: higher\n"
        "    formula: scor * 2\n",
        encoding="utf-8",
    )
    assert main(["check", "--metrics", str(broken)]) == 3
    shown = capsys.readouterr().out
    for said in ("did you mean 'expand'?", "SUM", "did you mean 'score'?"):
        assert said in shown
    assert f"{broken}:7:" in shown
    assert main(["evaluate", "x.csv", "--metrics", str(broken)]) == 3
