"""One definition, the same answer everywhere: an edit in YAML reaches every output with no code."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pandas
import pytest

import metricsheet
from metricsheet.api import answer, load_catalog
from metricsheet.cli.main import main

SCORES = [10] * 40 + [9] * 20 + [8] * 10 + [3] * 30

DEFINITIONS = """\
version: 1
inputs:
  recommend_score: {{label: Recommend score, scale: 0..10, whole: true}}
metrics:
  nps:
    label: Net Promoter Score
    stage: expand
    kind: outcome
    unit: points
    better: higher
    formula: >-
      (COUNTIF(recommend_score, ">=9") - COUNTIF(recommend_score, "<=6"))
      / COUNT(recommend_score) * 100
    interval: nps
    min_sample: 30
    bands:
      - {{status: critical, when: below {cutoff}, label: Poor}}
      - {{status: ok, when: at least {cutoff}, label: Good}}
{more}"""

NEW_METRIC = """\
  promoter_share:
    label: Share of promoters
    stage: expand
    kind: outcome
    unit: percent
    better: higher
    formula: COUNTIF(recommend_score, ">=9") / COUNT(recommend_score)
    bands:
      - {status: warn, when: below 50%, label: Few}
      - {status: ok, when: at least 50%, label: Many}
"""


def definitions(folder: Path, cutoff: int, more: str = "") -> Path:
    path = folder / "metrics.yaml"
    path.write_text(DEFINITIONS.format(cutoff=cutoff, more=more), encoding="utf-8")
    return path


def outputs(folder: Path, path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Evaluate one workbook to every format and return what each says."""
    book = folder / "survey.xlsx"
    pandas.DataFrame({"Recommend score": SCORES}).to_excel(book, index=False, engine="xlsxwriter")
    said: dict[str, Any] = {}
    common = ["evaluate", str(book), "--metrics", str(path)]
    assert main([*common, "--show", "all"]) == 0
    said["text"] = capsys.readouterr().out
    assert main([*common, "--format", "json"]) == 0
    said["json"] = {r["metric"]: r for r in json.loads(capsys.readouterr().out)["results"]}
    assert main([*common, "--format", "csv"]) == 0
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out.lstrip("\ufeff")))
    said["csv"] = {row["metric"]: row for row in rows if row.get("metric")}
    card = folder / "card.xlsx"
    assert main([*common, "-o", str(card)]) == 0
    capsys.readouterr()
    sheet = openpyxl.load_workbook(card).worksheets[0]
    said["xlsx"] = {
        cell.value: cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)
    }
    return said


def colours(said: dict[str, Any], word: str) -> set[str]:
    """Return the fill colours of the cells of the xlsx scorecard that begin with ``word``."""
    return {
        str(cell.fill.fgColor.rgb)
        for text, cell in said["xlsx"].items()
        if word in text and cell.fill.fill_type == "solid"
    }


def test_editing_a_cutoff_changes_every_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lenient = outputs(tmp_path, definitions(tmp_path, 20), capsys)
    assert lenient["json"]["nps"]["value"] == 30.0
    assert lenient["json"]["nps"]["status"] == lenient["csv"]["nps"]["status"] == "ok"
    assert "Good" in lenient["text"]
    strict_path = definitions(tmp_path, 40)
    strict = outputs(tmp_path, strict_path, capsys)
    assert strict["json"]["nps"]["status"] == strict["csv"]["nps"]["status"] == "critical"
    assert "Poor" in strict["text"]
    good, poor = colours(lenient, "ok"), colours(strict, "critical")
    assert good
    assert poor
    assert good.isdisjoint(poor)
    flag = answer(load_catalog(strict_path), "nps", {"recommend_score": SCORES})
    assert (flag.status, flag.status_label) == ("critical", "Poor")


def test_a_new_metric_appears_in_every_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = outputs(tmp_path, definitions(tmp_path, 20, NEW_METRIC), capsys)
    assert "Share of promoters" in said["text"]
    assert said["json"]["promoter_share"]["value"] == pytest.approx(0.6)
    assert said["csv"]["promoter_share"]["status"] == "ok"
    assert "Share of promoters" in said["xlsx"]


def test_library_command_line_and_functions_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = definitions(tmp_path, 20, NEW_METRIC)
    from_command = outputs(tmp_path, path, capsys)["json"]
    frame = pandas.DataFrame({"Recommend score": SCORES})
    from_frame = {r.metric: r for r in metricsheet.evaluate(frame, metrics=path).results}
    from_path = {r.metric: r for r in metricsheet.evaluate(tmp_path / "survey.xlsx", metrics=path).results}
    catalog = load_catalog(path)
    for key in ("nps", "promoter_share"):
        called = answer(catalog, key, {"recommend_score": [[float(s)] for s in SCORES]})
        for other in (from_frame[key], from_path[key]):
            assert (other.value, other.status, other.n, other.interval) == (
                called.value,
                called.status,
                called.n,
                called.interval,
            )
        assert from_command[key]["value"] == called.value
        assert from_command[key]["status"] == called.status


def test_to_frame(tmp_path: Path) -> None:
    path = definitions(tmp_path, 20, NEW_METRIC)
    frame = pandas.DataFrame({"Recommend score": SCORES, "Region": ["EU", "US"] * 50})
    table = metricsheet.evaluate(frame, metrics=path, by="Region").to_frame()
    assert list(table["metric"]).count("nps") == 3
    eu = [s for s, region in zip(SCORES, frame["Region"], strict=True) if region == "EU"]
    right = (sum(s >= 9 for s in eu) - sum(s <= 6 for s in eu)) / len(eu) * 100
    row = table[(table["metric"] == "nps") & (table["Region"] == "EU")]
    assert row["value"].tolist() == [pytest.approx(right)]
