"""Targets by date and segment, and benchmark packs, from YAML to every output."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from metricsheet.cli.main import main
from tests import command_line
from tests.stages import some

ROOT = Path(__file__).parents[2]
DEMO = command_line.DEMO

TARGETS = """\
version: 1
extends: builtin
metrics:
  churn_rate:
    override: true
    targets:
      - {value: 1%, since: 2023-01-01}
      - {value: 0.8%, since: 2024-01-01}
      - {value: 0.3%, since: 2024-01-01, where: {segment: enterprise}}
      - {value: 9%, since: 2024-01-01, where: {Segment: Wholesale}}
      - {value: 9%, where: {Region: EU}}
"""

PACK = """\
version: 1
name: Our own
source: our association
population: members
benchmarks:
  old: {metric: nps, value: 20, as_of: "2019-12-31", label: {en: Mean, de: Mittel}}
  young: {metric: nps, low: 25, high: 35, as_of: "2022-06-01", label: Middle half, note: twelve members}
"""


def said(*options: str, code: int = 0) -> str:
    return command_line.said("evaluate", DEMO, "--colour", "never", *options, code=code)


def told(*options: str, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(*options, "--format", "json", code=code))
    return found


def scorecard_sheet(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Scorecard").to_python()


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("packs") / "own.yaml"
    path.write_text(PACK, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def pack_of_a_time(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("packs") / "time.yaml"
    path.write_text(OF_A_TIME, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def with_targets(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    path = tmp_path_factory.mktemp("targets") / "metrics.yaml"
    path.write_text(TARGETS, encoding="utf-8")
    return "--metrics", str(path), "--only", "churn_rate"


def test_the_target_of_the_day_and_segment_is_in_force(with_targets: tuple[str, ...]) -> None:
    card = told(*with_targets, "--period", "month", "--by", "Segment")
    targets = {(r["slice"].get("Segment"), r["period"]): r["target"] for r in card["results"]}
    assert targets[None, "2023-12"] == 0.01
    assert targets[None, "2024-01"] == 0.008
    assert targets["Enterprise", "2023-12"] == 0.01
    assert targets["Enterprise", "2024-01"] == 0.003
    assert targets["Self-service", "2024-12"] == 0.008
    for result in card["results"]:
        assert result["gap"] == pytest.approx(result["value"] - result["target"])
        assert result["status"] == ("ok" if result["value"] <= result["target"] else "warn")


def test_rules_read_the_target_in_force(with_targets: tuple[str, ...]) -> None:
    card = told(*with_targets, "--period", "month", "--by", "Segment")
    above = {f["slice"].get("Segment"): f for f in card["findings"] if f["rule"] == "churn_above_target"}
    assert {name: f["outcome"] for name, f in above.items()} == dict.fromkeys(above, "fired")
    assert len(above) == 4
    assert above["Enterprise"]["because"][0]["right"] == "0.3%"
    assert above["Self-service"]["because"][0]["right"] == "0.8%"
    # the target was looser before
    assert above["Enterprise"]["since"] == "2024-01"


def test_without_dates_the_newest_target_is_in_force(with_targets: tuple[str, ...]) -> None:
    # churn is a figure of one month of rows: over all of them there is a target, but no value
    (result,) = told(*with_targets, code=1)["results"]
    assert result["target"] == 0.008
    (result,) = told(*with_targets, "--to", "2023-06-30", code=1)["results"]
    assert result["target"] == 0.01


def test_a_target_for_a_segment_that_is_not_there_is_told(with_targets: tuple[str, ...]) -> None:
    problems = told(*with_targets, "--by", "Segment", code=1)["problems"]
    (problem,) = [p for p in problems if p["code"] == "unused_target"]
    assert "Segment = Wholesale" in problem["message"]
    assert problem["metrics"] == ["churn_rate"]
    assert not [p for p in told(*with_targets, code=1)["problems"] if p["code"] == "unused_target"]


def test_targets_in_text_workbook_and_explanation(with_targets: tuple[str, ...], tmp_path: Path) -> None:
    text = said(*with_targets, "--period", "month", "--by", "Segment", "--show", "all")
    (row,) = [line for line in text.split("\n") if line.startswith("  Enterprise")]
    assert " 0.3% " in row
    said(*with_targets, "--period", "month", "--by", "Segment", "-o", str(tmp_path / "card.xlsx"))
    rows = scorecard_sheet(tmp_path / "card.xlsx")
    header = next(row for row in rows if "Target" in row)
    assert {row[header.index("Target")] for row in rows} >= {0.008, 0.003}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["explain", "churn_rate", *with_targets[:2]]) == 0
    assert "0.8% since 2024-01-01" in out.getvalue()
    assert "0.3% since 2024-01-01 segment=enterprise" in out.getvalue()


def test_no_benchmark_unless_asked_for() -> None:
    assert told("--only", "nps")["benchmarks"] == []
    assert "Benchmark" not in said("--only", "nps")


def test_a_benchmark_pack_reaches_every_output(pack: Path, tmp_path: Path) -> None:
    asked = ("--only", "nps", "--benchmarks", str(pack))
    card = told(*asked)
    assert card["newest_day"] == "2024-12-25"
    old, young = card["benchmarks"]
    assert (old["value"], old["high"], old["label"], old["stale"]) == (20, None, "Mean", True)
    assert (young["value"], young["high"], young["note"], young["stale"]) == (25, 35, "twelve members", False)
    # figures to compare with change nothing about the answer
    assert card["results"] == told("--only", "nps")["results"]
    text = " ".join(said(*asked, "--show", "all").split())
    assert "Benchmark: Mean 20 (members; our association; as of 31 Dec 2019, more than 3 years before" in text
    assert "Benchmark: Middle half 25.0 … 35.0 (members; our association; as of 1 Jun 2022; twelve" in text
    assert "Benchmark: Mittel 20 (" in " ".join(said(*asked, "--lang", "de", "--show", "all").split())
    said(*asked, "-o", str(tmp_path / "card.xlsx"))
    notes = [str(cell) for row in scorecard_sheet(tmp_path / "card.xlsx") for cell in row if cell]
    assert any("Mean 20" in note and "more than 3 years" in note for note in notes)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["explain", "nps", "--benchmarks", str(pack)]) == 0
    assert "Mean: 20 (members; our association; 2019-12-31)" in out.getvalue()


@pytest.mark.parametrize(("until", "stale"), [("2022-12-31", False), ("2023-01-01", True)])
def test_the_age_of_a_benchmark_is_seen_from_the_last_day_asked_for(
    pack: Path, until: str, stale: bool
) -> None:
    days = ("--from", "2022-01-01", "--to", until)
    # no row is that old: nothing is computed, and the age is told all the same
    card = told("--only", "churn_rate", "--benchmarks", str(pack), *days, code=0 if stale else 1)
    assert card["newest_day"] == until
    assert card["benchmarks"][0]["stale"] is stale


def test_data_without_dates_say_nothing_about_the_age(pack: Path, tmp_path: Path) -> None:
    data = tmp_path / "scores.csv"
    data.write_text("Recommendation score\n" + "9\n3\n" * 20, encoding="utf-8")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["evaluate", str(data), "--benchmarks", str(pack), "--format", "json"]) == 0
    card = json.loads(out.getvalue())
    assert card["newest_day"] is None
    assert [b["stale"] for b in card["benchmarks"]] == [None, None]


def test_all_packs_are_listed() -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["list", "benchmarks", "--metrics", str(ROOT / "metrics.yaml")]) == 0
    for pack in (ROOT / "benchmark_packs").glob("*.yaml"):
        assert f"\n{pack.stem} " in out.getvalue()


REFUSED = [
    ("nps_b: {metric: nps, value: 30}", "expected as_of: in 'nps_b' or for the whole pack", "origin"),
    ('nps_b: {metric: nps, value: 30, as_of: "2024-02-30"}', "expected a date", "there is no such day"),
    ('nps_b: {metric: nps, value: 30, as_of: "03/2024"}', "expected a date", ""),
    ('nps_b: {metric: npss, value: 30, as_of: "2024-01-01"}', "found 'npss'", "did you mean 'nps'?"),
    ('nps_b: {metric: churn_rate, value: 5, as_of: "2024-01-01"}', "would mean 500 %", "write 5%"),
    ('nps_b: {metric: nps, as_of: "2024-01-01"}', "expected value:, or low: and high:", ""),
    ('nps_b: {metric: nps, low: 9, high: 3, as_of: "2024-01-01"}', "expected low: below high:", ""),
]


@pytest.mark.parametrize(
    ("line", "message", "hint"), some([pytest.param(*r, id=r[0]) for r in REFUSED], test=4)
)
def test_a_bad_benchmark_is_refused_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, message: str, hint: str
) -> None:
    pack = tmp_path / "own.yaml"
    text = f"version: 1\nsource: a book\npopulation: all\nbenchmarks:\n  {line}\n"
    pack.write_text(text, encoding="utf-8")
    assert main(["evaluate", DEMO, "--benchmarks", str(pack)]) == 3
    told = capsys.readouterr().err
    assert f"{pack}:5:" in told
    assert message in told
    assert hint in told


MONTHS = [f"2024-{month:02d}" for month in range(1, 13)]
OF_A_TIME = """\
version: 1
name: Churn
source: a survey
as_of: "2024-01-01"
population: all
benchmarks:
  monthly: {metric: churn_rate, value: 5%, span: month, label: Monthly}
  quarterly: {metric: churn_rate, value: 14%, span: quarter, label: Quarterly}
  yearly: {metric: churn_rate, value: 40%, span: year, label: Yearly}
  any: {metric: churn_rate, value: 9%, label: Any}
"""
COMPARED = [
    # rows of the table by their dates, options, the time its value is of
    (MONTHS, ("--period", "month"), "month"),
    (MONTHS[:1], (), "month"),
    (MONTHS, ("--period", "quarter", "--set", "chained=yes"), "quarter"),
    (MONTHS, ("--period", "year", "--set", "chained=yes"), "year"),
    (MONTHS, ("--set", "chained=yes"), "year"),
    (MONTHS[:3], ("--set", "chained=yes"), "quarter"),
    (MONTHS[1:4], ("--set", "chained=yes"), ""),
    (MONTHS[:7], ("--set", "chained=yes"), ""),
    (["Q1 2024"], (), "quarter"),
    ([None], (), ""),
]


@pytest.mark.parametrize(("rows", "options", "time"), some(COMPARED, test=4))
def test_a_benchmark_is_compared_with_values_of_its_own_time(
    pack_of_a_time: Path,
    tmp_path: Path,
    rows: list[str | None],
    options: tuple[str, ...],
    time: str,
) -> None:
    pack, data = pack_of_a_time, tmp_path / "churn.csv"
    head = "" if rows == [None] else "Month,"
    lines = [f"{row},20,1000" if row else "20,1000" for row in rows]
    data.write_text(
        "\n".join([f"{head}Customers lost,Customers at start of period", *lines]), encoding="utf-8"
    )

    def asked(*more: str) -> str:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            args = ["evaluate", str(data), "--only", "churn_rate", "--benchmarks", str(pack), *options, *more]
            assert main([*args, "--metrics", str(ROOT / "metrics.yaml"), "--colour", "never"]) == 0
        return out.getvalue()

    text = " ".join(asked("--show", "all").split())
    for label, length in (("Monthly", "month"), ("Quarterly", "quarter"), ("Yearly", "year")):
        assert (f"{label} " in text) == (length == time)
        assert (f"Benchmarks of a {length} are left out" in text) == (length != time)
    assert "Any 9%" in text
    card = json.loads(asked("--format", "json"))
    assert {result["covers"] for result in card["results"]} == {time}
    assert [b["span"] for b in card["benchmarks"]] == ["month", "quarter", "year", None]


def test_the_published_churn_of_a_month_is_not_beside_a_year() -> None:
    asked = ("--only", "churn_rate", "--benchmarks", "saas", "--show", "all")
    text = said(*asked, "--period", "year", "--set", "chained=yes")
    assert "5.6%" not in text
    assert "Benchmarks of a month are left out" in " ".join(text.split())
    assert "5.6%" in said(*asked, "--period", "month")
