"""Status, gap, label, colour, flag and finding of every shipped metric, around every cutoff and target.

Each metric is given ready-made values on both sides of all its edges, in one run of the engine; every host
then has to say of each value what ``judged_values`` worked out from the text of the definitions.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pandas
import pytest

from excel_addin.definitions import METRICS_VARIABLE, Definitions
from excel_addin.general_functions import flag
from excel_addin.metric_functions import flag_of
from metricsheet import evaluate
from metricsheet.api import answer, load_catalog
from metricsheet.catalog.definitions import Catalog
from metricsheet.prepared import check_definitions
from metricsheet.report import render_csv, render_json, render_text, render_xlsx
from metricsheet.report.style import TextStyle
from tests import stages
from tests.definitions.judged_values import GOOD, ROOT, Written, shipped, values_around, verdict

WITHOUT_SAMPLE = " (n not known)"
COLOURS = {
    "ok": "D8F0DD",
    "info": "DCE9F8",
    "warn": "FDEBC2",
    "critical": "F9D3D3",
    "no_target": "F6F7F8",
}
SIGNS = {
    "ok": "● ok",
    "info": "◆ info",
    "warn": "▲ at risk",
    "critical": "✖ critical",
    "no_target": "· no target",
}
MOST_CASES = stages.cases(20, 3)  # the text lists no more slices than twenty
pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension is not supported:UserWarning")


def wished(metric: Written, number: int) -> Fraction | None:
    """Return the target that the company of this ``number`` sets; ``None`` where all would be refused."""
    marks = {Fraction(1, 4), Fraction(1, 2)} if metric.unit == "percent" else {Fraction(3), Fraction(40)}
    if metric.target is not None:
        marks = {metric.target * factor for factor in (Fraction(4, 3), Fraction(2, 3), 2)}
    for bands in metric.bands.values():
        for _, when, _ in bands:
            if "target" not in when:
                marks |= set(values_around(Written("", "", "", None, {"": [("", when, "")]}), None))
    reachable = [
        mark
        for mark in sorted(marks)
        if any(verdict(metric, bands, mark, mark)[0] in GOOD for bands in metric.bands.values())
    ]
    return reachable[number % len(reachable)] if reachable else None


def in_yaml(amount: Fraction, unit: str) -> str:
    return f"{float(amount * 100):.10g}%" if unit == "percent" else f"{float(amount):.10g}"


COMPANIES: list[tuple[int | None, str | None]] = [
    # which targets the company sets (None: as shipped), and its stage
    (None, None),
    (None, "new"),
    (None, "seasoned"),
    (0, None),
    (1, "new"),
    (2, "seasoned"),
    (5, None),
    (-1, "seasoned"),  # the highest: values called info miss it, too
]


class Company:
    """One company's definitions, the values it has, and what must be said of each."""

    def __init__(self, folder: Path, number: int | None, stage: str | None) -> None:
        self.settings = {} if stage is None else {"company_stage": stage}
        self.metrics = shipped()
        self.targets = {key: metric.target for key, metric in self.metrics.items()}
        lines = ["version: 1", f"extends: {ROOT / 'metrics.yaml'}", "metrics:"]
        if number is not None:
            for key, metric in self.metrics.items():
                target = wished(metric, number)
                if target is not None:
                    self.targets[key] = Fraction(in_yaml(target, "")) if metric.unit != "percent" else target
                    lines.append(f"  {key}: {{override: true, target: {in_yaml(target, metric.unit)}}}")
        self.path = folder / "metrics.yaml"
        self.path.write_text("\n".join(lines if number is not None else lines[:-1]) + "\n", encoding="utf-8")
        self.catalog: Catalog = load_catalog(self.path)
        values = {
            key: stages.some(values_around(m, self.targets[key])[:20], test=MOST_CASES)
            for key, m in self.metrics.items()
        }
        count = max(map(len, values.values()))
        self.values = {key: [some[i % len(some)] for i in range(count)] for key, some in values.items()}
        frame = pandas.DataFrame({f"Value of {key}": map(float, some) for key, some in self.values.items()})
        frame.insert(0, "Case", [f"case {i:02d}" for i in range(count)])
        self.scorecard = evaluate(
            frame,
            metrics=self.catalog,
            mapping={key: f"Value of {key}" for key in self.metrics},
            by=["Case"],
            settings=self.settings,
        )

    def expected(self, key: str, case: int) -> tuple[str, str]:
        """Return status and label of one value; a label is marked where nobody knows the sample."""
        metric = self.metrics[key]
        bands = metric.bands.get(self.settings.get("company_stage", ""), metric.bands[""])
        status, label = verdict(metric, bands, self.values[key][case], self.targets[key])
        sampled = self.catalog.metrics[key].min_sample is not None and status != "no_target"
        return status, label + (WITHOUT_SAMPLE if sampled else "")

    def cells(self) -> Iterator[tuple[str, int, Any]]:
        """Yield metric, case and result, of values that the definitions call possible."""
        for result in self.scorecard.results:
            if result.slice and result.value is not None:
                yield result.metric, int(result.slice["Case"].removeprefix("case ")), result


@pytest.fixture(scope="module", params=stages.some(COMPANIES, test=1), ids=str)
def one(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Company:
    number, stage = request.param
    return Company(tmp_path_factory.mktemp("company"), number, stage)


def test_the_engine_says_what_the_definitions_say(one: Company) -> None:
    wrong = [
        (key, float(one.values[key][case]), (result.status, result.status_label), one.expected(key, case))
        for key, case, result in one.cells()
        if (result.status, result.status_label) != one.expected(key, case)
    ]
    assert wrong == []
    assert {key for key, _, _ in one.cells()} >= {key for key, m in one.metrics.items() if m.bands[""]}


def test_what_is_called_good_has_no_unfavourable_gap(one: Company) -> None:
    seen = set()
    for key, case, result in one.cells():
        target, value = one.targets[key], one.values[key][case]
        assert (result.target is None) == (target is None)
        if target is None:
            assert result.gap is None
            continue
        assert result.gap == pytest.approx(float(value - target))
        better = one.metrics[key].better
        unfavourable = (better == "higher" and value < target) or (better == "lower" and value > target)
        assert not (unfavourable and result.status in GOOD), (key, float(value))
        seen.add((better, result.status in GOOD))
    assert seen or not any(one.targets.values())


def test_json_and_csv_say_the_same(one: Company) -> None:
    told = {
        (r["metric"], r["slice"].get("Case")): r for r in json.loads(render_json(one.scorecard))["results"]
    }
    rows = {
        (r["metric"], r["slice Case"] if "slice Case" in r else r["Case"]): r
        for r in csv.DictReader(io.StringIO(render_csv(one.scorecard)))
    }
    for key, case, result in one.cells():
        for said in (told[key, f"case {case:02d}"], rows[key, f"case {case:02d}"]):
            assert (said["status"], said["status_label"]) == one.expected(key, case)
            assert float(said["value"]) == result.value


def test_the_text_says_the_same(one: Company) -> None:
    text = render_text(one.scorecard, one.catalog, TextStyle(width=160))
    for key in one.metrics:
        label = one.catalog.metrics[key].label["en"]
        found = re.search(rf"^{re.escape(label)}(?: .*)?\n((?:(?!\w).*\n)*)", text, re.MULTILINE)
        if found is None:
            continue
        for line in found.group(1).splitlines():
            case = re.match(r"  case (\d\d) ", line)
            if case and " – " not in line:
                status, _ = one.expected(key, int(case.group(1)))
                assert SIGNS[status] in line or "#" in line, (key, line)


def test_the_workbook_has_the_colour_of_the_status(one: Company, tmp_path: Path) -> None:
    (tmp_path / "card.xlsx").write_bytes(render_xlsx(one.scorecard, one.catalog))
    sheet = openpyxl.load_workbook(tmp_path / "card.xlsx")["Scorecard"]
    (head,) = [row for row in sheet.iter_rows(max_row=12) if any(c.value == "Metric" for c in row)]
    places = {cell.value: cell.column - 1 for cell in head}
    keys = {metric.label["en"]: key for key, metric in one.catalog.metrics.items()}
    known = {(key, case) for key, case, _ in one.cells()}
    seen = 0
    for row in sheet.iter_rows(min_row=head[0].row + 1):
        case = re.fullmatch(r"case (\d\d)", str(row[places["Case"]].value))
        key = keys.get(str(row[places["Metric"]].value))
        if case is None or key is None or (key, int(case.group(1))) not in known:
            continue
        status, label = one.expected(key, int(case.group(1)))
        cell, meaning = row[places["Status"]], row[places["Meaning"]].value
        assert cell.value == SIGNS[status]
        assert cell.fill.start_color.rgb[2:] == COLOURS[status]
        assert meaning in (label, "", None)
        assert meaning or status in ("ok", "no_target")
        seen += 1
    assert seen == len(known)


def test_the_flag_of_a_value_is_the_same_label(one: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(METRICS_VARIABLE, str(one.path))
    definitions = Definitions()
    stage = one.settings.get("company_stage")
    valued = {(key, case) for key, case, _ in one.cells()}
    for key, some in one.values.items():
        # what the engine refuses as impossible has no label here either
        labels = [
            one.expected(key, case)[1] if (key, case) in valued else "#NUM!" for case in range(len(some))
        ]
        asked = stage if one.catalog.metrics[key].bands_by is not None else None
        flags = flag(definitions, [key, [[float(value)] for value in some], asked])
        assert flags == [[label] for label in labels]


def test_the_function_of_the_metric_flags_the_same(one: Company) -> None:
    for key, case, result in one.cells():
        given = {key: [result.value]}
        assert flag_of(answer(one.catalog, key, given, settings=one.settings)) == one.expected(key, case)[1]


ABOUT_STATUS = re.compile(r'(\w+)\.status (=|<>) "(\w+)"')
ABOUT_TARGET = re.compile(r"(\w+) (<|<=|>|>=) (\w+)\.target")


def test_rules_see_the_status_and_the_target_that_are_shown(one: Company) -> None:
    compared = set()
    for finding in one.scorecard.findings:
        if not finding.slice:
            continue
        case = int(finding.slice["Case"].removeprefix("case "))
        for comparison in finding.because:
            if (said := ABOUT_STATUS.fullmatch(comparison.text)) and comparison.truth is not None:
                truth = (one.expected(said[1], case)[0] == said[3]) == (said[2] == "=")
            elif (said := ABOUT_TARGET.fullmatch(comparison.text)) and said[1] == said[3]:
                value, target = one.values[said[1]][case], one.targets[said[1]]
                if target is None:
                    assert comparison.truth is None
                    continue
                truth = {"<": value < target, "<=": value <= target, ">": value > target}.get(
                    said[2], value >= target
                )
            else:
                continue
            assert comparison.truth == truth, (finding.rule, comparison)
            compared.add(said[1])
    assert {"clv_cac_ratio", "nps"} <= compared


def test_a_finding_about_a_missed_target_comes_with_a_status_that_says_so(one: Company) -> None:
    by_case = {(key, case): result.status for key, case, result in one.cells()}
    about = {"clv_cac_below_target": "clv_cac_ratio", "churn_above_target": "churn_rate"}
    for finding in one.scorecard.findings:
        key = about.get(finding.rule)
        if key is None or not finding.slice:
            continue
        status = by_case.get((key, int(finding.slice["Case"].removeprefix("case "))))
        if finding.outcome in ("fired", "suppressed"):
            assert status in ("warn", "critical")
        elif finding.outcome == "not_fired":
            assert status in (*GOOD, "no_target")


def test_a_line_of_its_own_is_all_a_target_needs(one: Company) -> None:
    catalog, problems = check_definitions(one.path)
    assert catalog is not None
    assert {problem.severity for problem in problems} <= {"warning"}
    assert {problem.code for problem in problems} <= {"target_in_good_band"}
    twice = [problem.place for problem in problems]
    assert len(set(map(str, twice))) == len(twice)
