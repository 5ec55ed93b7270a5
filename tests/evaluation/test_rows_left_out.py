"""Figures over tables with total rows: each number names the rows left out, and doubtful ones are asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from metricsheet.api import evaluate
from metricsheet.cli.main import main
from metricsheet.errors import UsageError
from metricsheet.evaluation.result import Result

DEFINITIONS = """\
version: 1
inputs:
  leads: {label: Leads, unit: count}
  answer: {label: Answer}
metrics:
  new_leads:
    label: New leads
    stage: capture
    kind: outcome
    unit: count
    better: higher
    formula: SUM(leads)
  unanswered:
    label: Unanswered
    stage: capture
    kind: outcome
    unit: count
    better: lower
    formula: COUNTBLANK(answer)
"""
BETWEEN = "Region,Leads,Answer\nNorth,100,1\nSouth,50,\nNorth Total,100,1\nWest,10,\nTotal,160,1\n"
UNSURE = "Region,Leads\nEU,10\nUS,20\nTotal,27\n"


@pytest.fixture
def metrics(tmp_path: Path) -> Path:
    path = tmp_path / "definitions" / "metrics.yaml"
    path.parent.mkdir()
    path.write_text(DEFINITIONS, encoding="utf-8")
    return path


def results(tmp_path: Path, metrics: Path, text: str, **options: Any) -> list[Result]:
    (tmp_path / "book.csv").write_text(text, encoding="utf-8")
    return list(evaluate(tmp_path / "book.csv", metrics=metrics, **options).results)


def test_each_number_says_which_rows_its_table_lost(tmp_path: Path, metrics: Path) -> None:
    leads, unanswered = results(tmp_path, metrics, BETWEEN)
    assert (leads.value, unanswered.value) == (160.0, 2.0)
    for result in (leads, unanswered):
        assert result.notes == ("left out: A4 'North Total', A6 'Total'",)
    (use,) = leads.inputs
    assert (use.used, use.blank, use.left_out) == (3, 0, 2)


def test_slices_of_a_table_that_lost_rows(tmp_path: Path, metrics: Path) -> None:
    found = results(tmp_path, metrics, BETWEEN, by="Region", only=["new_leads"])
    assert {r.slice.get("Region", ""): r.value for r in found} == {
        "": 160.0,
        "North": 100.0,
        "South": 50.0,
        "West": 10.0,
    }
    assert [use.left_out for r in found for use in r.inputs] == [2, 0, 0, 0]


def test_conditions_do_not_bring_the_rows_back(tmp_path: Path, metrics: Path) -> None:
    _, unanswered = results(tmp_path, metrics, BETWEEN, where='Region <> "South"')
    assert unanswered.value == 1.0


def test_a_table_that_lost_nothing_says_nothing(tmp_path: Path, metrics: Path) -> None:
    leads, _ = results(tmp_path, metrics, "Region,Leads,Answer\nNorth,100,1\nSouth,50,\n")
    assert leads.notes == ()


# options: (value of the whole, problems)
SETTLED: list[tuple[dict[str, Any], float | None, list[str]]] = [
    ({}, None, ["maybe_total", "nothing_computed"]),
    ({"read": {"totals": "find"}}, None, ["maybe_total", "nothing_computed"]),
    ({"read": {"totals": "keep"}}, 57.0, []),
    ({"read": {"totals": "drop"}}, 30.0, ["total_row"]),
    ({"where": 'Region <> "Total"'}, 30.0, ["maybe_total"]),
    ({"mapping": {"leads": "B2:B3"}}, 30.0, []),
    ({"mapping": {"leads": "B2:B4"}}, 57.0, []),
]


@pytest.mark.parametrize(("options", "value", "codes"), SETTLED)
def test_what_settles_a_row_that_may_be_a_total(
    tmp_path: Path, metrics: Path, options: dict[str, Any], value: float | None, codes: list[str]
) -> None:
    (tmp_path / "book.csv").write_text(UNSURE, encoding="utf-8")
    card = evaluate(tmp_path / "book.csv", metrics=metrics, only=["new_leads"], **options)
    assert [result.value for result in card.results] == [value]
    assert [problem.code for problem in card.problems] == codes


def test_only_figures_over_a_doubtful_row_are_refused(tmp_path: Path, metrics: Path) -> None:
    found = results(tmp_path, metrics, UNSURE, by="Region", only=["new_leads"])
    assert {r.slice.get("Region"): r.value for r in found} == {
        None: None,
        "EU": 10.0,
        "US": 20.0,
        "Total": None,
    }
    assert "A4 'Total' may be a total of other rows" in found[0].reason


def test_the_file_beside_a_workbook_settles_it(tmp_path: Path, metrics: Path) -> None:
    (tmp_path / "book.map.yaml").write_text("read:\n  totals: keep\n", encoding="utf-8")
    assert results(tmp_path, metrics, UNSURE, only=["new_leads"])[0].value == 57.0
    dropped = results(tmp_path, metrics, UNSURE, only=["new_leads"], read={"totals": "drop"})
    assert dropped[0].value == 30.0


# a range of --map: the value
RANGES = {
    "leads=B": 160.0,
    "leads=B:B": 160.0,
    "leads=Leads": 160.0,
    "leads=B2:B3": 150.0,
    "leads=B2:B4": 250.0,
    "leads=B2:B5": 260.0,
    "leads=B2:B6": 420.0,
    "leads=B1:B6": 420.0,
    "leads=B1:B99": 420.0,
    "leads=B4:B6": 270.0,
    "leads=B6": 160.0,
}


@pytest.mark.parametrize(("option", "value"), RANGES.items())
def test_a_range_means_exactly_its_cells(tmp_path: Path, metrics: Path, option: str, value: float) -> None:
    key, _, target = option.partition("=")
    found = results(tmp_path, metrics, BETWEEN, mapping={key: target}, only=["new_leads"])
    assert found[0].value == value
    assert bool(found[0].notes) == (target in ("B", "B:B", "Leads"))


def test_pooled_files_name_the_rows_of_each(tmp_path: Path, metrics: Path) -> None:
    (tmp_path / "a.csv").write_text(BETWEEN, encoding="utf-8")
    (tmp_path / "b.csv").write_text("Region,Leads,Answer\nEast,4,1\nTotal,4,1\nNorth,3,\n", encoding="utf-8")
    card = evaluate([tmp_path / "a.csv", tmp_path / "b.csv"], metrics=metrics, pool=True)
    leads, unanswered = card.results
    assert (leads.value, unanswered.value) == (167.0, 3.0)
    assert leads.notes[0].count("Total'") == 3
    assert "b.csv!A3 'Total'" in leads.notes[0]


@pytest.mark.parametrize("given", [{"total": "keep"}, {"totals": "kept"}, {"totals": ""}])
def test_keys_and_values_of_read_are_checked(tmp_path: Path, metrics: Path, given: dict[str, str]) -> None:
    with pytest.raises(UsageError) as caught:
        results(tmp_path, metrics, BETWEEN, read=given)
    assert "totals" in f"{caught.value.message} {caught.value.hint}"


def test_read_on_the_command_line(tmp_path: Path, metrics: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "book.csv"
    file.write_text(UNSURE, encoding="utf-8")
    options = ["--metrics", str(metrics), "--only", "new_leads", "--format", "json"]
    assert main(["evaluate", str(file), *options, "--read", "totals=drop"]) == 0
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert result["value"] == 30.0
    assert result["inputs"][0]["left_out"] == 1
    assert main(["evaluate", str(file), *options, "--read", "totals=some"]) == 2
    assert "expected one of find, keep, drop, found 'some'" in capsys.readouterr().err
