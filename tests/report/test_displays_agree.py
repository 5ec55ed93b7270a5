"""What is shown beside a verdict agrees with it, and is the same in every output."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import metricsheet
from metricsheet.api import load_catalog
from metricsheet.catalog.definitions import Catalog
from metricsheet.report import render_csv, render_text, render_xlsx
from metricsheet.report.data.json import as_json
from metricsheet.report.scorecard import Scorecard
from metricsheet.report.style import TextStyle
from tests.quick_formulon import formulon
from tests.stages import in_deep

METRICS = """\
version: 1
inputs:
  ratio_in: {label: Ratio, type: number}
  share_in: {label: Share, type: number, unit: percent}
  score_in: {label: Score, type: number}
metrics:
  ratio:
    label: Value to cost
    stage: expand
    kind: outcome
    unit: ratio
    better: higher
    formula: SUM(ratio_in)
    target: 3:1
    bands:
      - {status: critical, when: at most 1, label: Loss}
      - {status: warn, when: below 3, label: Slim}
      - {status: ok, when: at least 3, label: Fine}
  share:
    label: Lost share
    stage: expand
    kind: outcome
    unit: percent
    better: lower
    formula: SUM(share_in)
    target: 5%
  score:
    label: Rounded score
    stage: expand
    kind: outcome
    unit: points
    better: higher
    decimals: 0
    formula: SUM(score_in)
    target: 57
"""
RULES = """\
version: 1
rules:
  slim:
    severity: high
    when: ratio < ratio.target
    finding: Only {ratio}.
    recommend: [look]
  lossy:
    severity: low
    when: share > 5%
    finding: As much as {share}.
    recommend: [look]
  dull:
    severity: low
    when: score < score.target
    finding: No more than {score}.
    recommend: [look]
"""
LABELS = {"ratio": "Value to cost", "share": "Lost share", "score": "Rounded score"}
# value of each metric, and how it must be shown
ROWS = [
    ((2.99, 0.0501, 56.6), ("2.99:1", "5.01%", "56.6")),
    ((3.0, 0.05, 57.0), ("3.0:1", "5.0%", "57")),
    ((2.4, 0.061, 52.4), ("2.4:1", "6.1%", "52")),
    ((2.94, 0.0494, 56.4), ("2.9:1", "4.9%", "56")),
    ((1.01, 0.04999, 56.99), ("1.01:1", "4.999%", "56.99")),
    ((0.99, 0.050004, 57.3), ("0.99:1", "5.0004%", "57.3")),
    ((0.1 + 0.2 + 2.7, 0.07 - 0.02, 57 / 100 * 100), ("3.0:1", "5.0%", "57")),
    ((2.9999999, 0.05000000001, 56.99999999), ("2.9999999:1", "5.000000001%", "56.99999999")),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("definitions")
    (folder / "lifecycle_rules").mkdir()
    (folder / "metrics.yaml").write_text(METRICS, encoding="utf-8")
    (folder / "lifecycle_rules" / "expand.yaml").write_text(RULES, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def catalog(folder: Path) -> Catalog:
    return load_catalog(folder / "metrics.yaml")


@pytest.fixture(scope="module")
def card(folder: Path) -> Scorecard:
    columns = zip(*[values for values, _ in ROWS], strict=True)
    frame = pd.DataFrame(dict(zip(["Ratio", "Share", "Score"], columns, strict=True)))
    frame["Case"] = [f"case {i}" for i in range(len(ROWS))]
    return metricsheet.evaluate(frame, metrics=folder / "metrics.yaml", by="Case")


EXPECTED = {
    (metric, f"case {i}"): (values[place], shown[place])
    for i, (values, shown) in enumerate(ROWS)
    for place, metric in enumerate(["ratio", "share", "score"])
}


def number_in(text: str) -> Fraction:
    return Fraction(text.removesuffix(":1").removesuffix("%"))


def test_json_csv_and_python(card: Scorecard) -> None:
    by_json = {(r["metric"], r["slice"].get("Case")): r["display"] for r in as_json(card)["results"]}
    by_csv = {
        (row["metric"], row["Case"]): row["display"] for row in csv.DictReader(io.StringIO(render_csv(card)))
    }
    frame = card.to_frame()
    by_frame = dict(zip(zip(frame["metric"], frame["Case"], strict=True), frame["display"], strict=True))
    for key, (_, shown) in EXPECTED.items():
        assert (by_json[key], by_csv[key], by_frame[key]) == (shown, shown, shown)


def test_text(card: Scorecard, catalog: Catalog) -> None:
    lines = render_text(card, catalog, TextStyle(show=("all",))).splitlines()
    start = {
        metric: next(i for i, line in enumerate(lines) if line.startswith(label))
        for metric, label in LABELS.items()
    }
    for (metric, case), (_, shown) in EXPECTED.items():
        line = next(line for line in lines[start[metric] :] if line.strip().startswith(case))
        assert line.split()[2] == shown


def test_findings(card: Scorecard) -> None:
    metric_of = {"slim": "ratio", "lossy": "share", "dull": "score"}
    looked_at = set()
    for finding in card.findings:
        key = metric_of[finding.rule], finding.slice.get("Case", "")
        if key not in EXPECTED:
            continue
        _, shown = EXPECTED[key]
        looked_at.add(key)
        (comparison,) = finding.because
        assert comparison.left == shown
        if finding.outcome == "fired":
            assert f" {shown}." in finding.text
        mark = {"ratio": "3:1", "share": "5%", "score": "57"}[key[0]]
        assert comparison.right == mark
        apart = number_in(shown) - number_in(mark)
        holds = apart > 0 if finding.rule == "lossy" else apart < 0
        assert (comparison.truth, finding.outcome == "fired") == (holds, holds)
    assert looked_at == EXPECTED.keys()


@in_deep
def test_workbook(card: Scorecard, catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "card.xlsx").write_bytes(render_xlsx(card, catalog))
    sheet = openpyxl.load_workbook(tmp_path / "card.xlsx")["Scorecard"]
    heads = {cell.value: cell.column for cell in sheet[6]}
    names = {label: metric for metric, label in LABELS.items()}
    found = {}
    for row in range(7, sheet.max_row + 1):
        metric = names.get(sheet.cell(row, heads["Metric"]).value)
        cell = sheet.cell(row, heads["Value"])
        if metric is not None:
            code = cell.number_format.replace('"', '""')
            shown = formulon.eval_formula(f'=TEXT({cell.value!r},"{code}")').text
            found[metric, sheet.cell(row, heads["Case"]).value] = shown
    assert {key: found[key] for key in EXPECTED} == {key: shown for key, (_, shown) in EXPECTED.items()}
