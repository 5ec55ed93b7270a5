"""Rules over the demo workbook month by month, against a plain reading of what for, keep, unless mean."""

from __future__ import annotations

import calendar
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from metricsheet.cli.main import main
from tests import command_line
from tests.command_line import DEMO
from tests.stages import some

MONTHS = [f"{year}-{month:02}" for year in (2023, 2024) for month in range(1, 13)]
TRIED = some(enumerate(MONTHS), test=8)

RULES = """\
version: 1
rules:
  now:
    severity: low
    when: cac.trend = "rising"
    finding: CAC is {cac}.
  for_three:
    severity: low
    when: cac.trend = "rising"
    for: 3
    finding: CAC is {cac}.
  kept_for_two:
    severity: low
    when: cac.trend = "rising"
    keep: 2
    finding: CAC is {cac}.
  for_two_kept_for_one:
    severity: low
    when: cac.trend = "rising"
    for: 2
    keep: 1
    finding: CAC is {cac}.
  excused:
    severity: low
    when: cac.trend = "rising"
    for: 2
    unless: churn_rate.trend = "rising"
    finding: CAC is {cac}.
  general:
    severity: low
    when: cac > 400
    finding: CAC is {cac}.
  special:
    severity: high
    when: cac > 450
    replaces: [general]
    finding: CAC is {cac}.
  segments_apart:
    severity: low
    scope: scorecard
    when: churn_rate_mean.spread > 1.8%
    for: 3
    finding: "{churn_rate_mean.highest_slice} {churn_rate_mean.highest}, {churn_rate_mean.lowest_slice}"
  middle:
    severity: medium
    when: cac > 425
    replaces: [general]
    finding: CAC is {cac}.
"""


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("definitions")
    (folder / "metrics.yaml").write_text("version: 1\nextends: builtin\n", encoding="utf-8")
    (folder / "lifecycle_rules").mkdir()
    (folder / "lifecycle_rules" / "expand.yaml").write_text(RULES, encoding="utf-8")
    return str(folder / "metrics.yaml")


@cache
def evaluated(*options: str) -> dict[str, Any]:
    return command_line.card(DEMO, *options)


def at(definitions: str, month: str) -> dict[str, dict[str, Any]]:
    """Return every finding as it was at the end of a month."""
    year, number = int(month[:4]), int(month[5:])
    last = f"{month}-{calendar.monthrange(year, number)[1]}"
    card = evaluated("--metrics", definitions, "--period", "month", "--to", last, "--only", "cac,churn_rate")
    return {f["rule"]: f for f in card["findings"]}


def months_of(definitions: str) -> tuple[list[float], list[bool | None], list[bool | None]]:
    """Return CAC, and whether CAC and churn rose, for each month; nobody knows for the first."""
    card = evaluated("--metrics", definitions, "--period", "month", "--only", "cac,churn_rate")
    found: dict[str, list[Any]] = {"cac": [], "churn_rate": []}
    for result in card["results"]:
        trend = result["trend"]
        rising = None if trend is None else trend["direction"] == "rising"
        found[result["metric"]].append((result["value"], rising))
    return (
        [value for value, _ in found["cac"]],
        [rising for _, rising in found["cac"]],
        [rising for _, rising in found["churn_rate"]],
    )


def run_of(held: list[bool | None], last: int) -> int:
    """Return in how many months up to ``last`` it held without a break."""
    length = 0
    while last - length >= 0 and held[last - length]:
        length += 1
    return length


def expected(held: list[bool | None], month: int, wanted: int, keep: int) -> str:
    """Read the sentence: it held in each of ``wanted`` months, or did so at most ``keep`` months ago."""
    if any(run_of(held, last) >= wanted for last in range(max(0, month - keep), month + 1)):
        return "fired"
    reach = range(max(0, month - keep - wanted + 1), month + 1)
    if held[month] is None or (None in [held[m] for m in reach] and could(held, month, wanted, keep)):
        return "not_evaluated"
    return "pending" if held[month] else "not_fired"


def could(held: list[bool | None], month: int, wanted: int, keep: int) -> bool:
    """Return whether the months that nobody knows about could make it fire."""
    hopeful = [h is None or h for h in held]
    return any(run_of(hopeful, last) >= wanted for last in range(max(0, month - keep), month + 1))


PERIODS = [("now", 1, 0), ("for_three", 3, 0), ("kept_for_two", 1, 2), ("for_two_kept_for_one", 2, 1)]


@pytest.mark.parametrize(("rule", "wanted", "keep"), PERIODS, ids=[p[0] for p in PERIODS])
def test_for_and_keep(definitions: str, rule: str, wanted: int, keep: int) -> None:
    _, rising, _ = months_of(definitions)
    seen = set()
    for month, label in TRIED:
        finding = at(definitions, label)[rule]
        assert finding["outcome"] == expected(rising, month, wanted, keep), label
        assert finding["period"] == label
        seen.add(finding["outcome"])
        if finding["outcome"] == "fired" and rising[month]:
            assert finding["since"] == MONTHS[month - run_of(rising, month) + 1]
            assert finding["reason"] == ""
        elif finding["outcome"] == "fired":
            last = max(m for m in range(month) if run_of(rising, m) >= wanted)
            assert finding["reason"] == f"still reported: the condition last held in {MONTHS[last]}"
        elif finding["outcome"] == "pending":
            assert finding["reason"] == f"holds in {run_of(rising, month)} of {wanted} consecutive periods"
    assert len(seen) >= 2
    assert ("fired" in seen) == (wanted < 3)  # CAC never rises three months in a row


def test_unless(definitions: str) -> None:
    _, rising, churn = months_of(definitions)
    seen = set()
    for month, label in TRIED:
        finding = at(definitions, label)["excused"]
        right = expected(rising, month, 2, 0)
        if right in ("fired", "pending") and churn[month]:
            right = "suppressed"
        assert finding["outcome"] == right, label
        seen.add(right)
        if right == "suppressed":
            assert finding["reason"] == 'does not apply while churn_rate.trend = "rising"'
            (excuse,) = [c for c in finding["because"] if c["text"].startswith("unless ")]
            assert (excuse["left"], excuse["truth"]) == ("rising", True)
    assert {"fired", "suppressed", "not_fired"} <= seen


def test_replaces(definitions: str) -> None:
    cac, _, _ = months_of(definitions)
    seen = set()
    for month, label in TRIED:
        value, found = cac[month], at(definitions, label)
        outcomes = {name: found[name]["outcome"] for name in ("general", "middle", "special")}
        assert outcomes["special"] == ("fired" if value > 450 else "not_fired")
        assert outcomes["middle"] == ("fired" if value > 425 else "not_fired")
        silenced = value > 425
        assert outcomes["general"] == ("suppressed" if silenced else "fired" if value > 400 else "not_fired")
        if silenced:
            assert found["general"]["replaced_by"] in ("middle", "special")
            assert found[found["general"]["replaced_by"]]["outcome"] == "fired"
        seen.add(outcomes["general"])
    assert len(seen) >= 2


def test_rules_over_the_whole_scorecard_remember_too(definitions: str) -> None:
    common = ("--metrics", definitions, "--by", "Segment", "--period", "quarter", "--only", "churn_rate_mean")
    spreads: dict[str, list[float]] = {}
    for result in evaluated(*common)["results"]:
        if result["slice"] and result["status"] != "low_data":
            spreads.setdefault(result["period"], []).append(result["value"])
    quarters = sorted(spreads)
    held: list[bool | None] = [max(spreads[q]) - min(spreads[q]) > 0.018 for q in quarters]
    seen = set()
    for number, quarter in enumerate(quarters):
        # the last day of the quarter: one inside it would mark the quarter as not whole
        year, month = int(quarter[:4]), 3 * int(quarter[-1])
        last = f"{year}-{month:02}-{calendar.monthrange(year, month)[1]}"
        found = {f["rule"]: f for f in evaluated(*common, "--to", last)["findings"]}["segments_apart"]
        assert found["outcome"] == expected(held, number, 3, 0), quarter
        seen.add(found["outcome"])
        if held[number]:
            assert found["since"] == quarters[number - run_of(held, number) + 1]
            assert found["text"].startswith("Self-service ")
    assert seen == {"not_fired", "pending", "fired"}


SIX = """\
version: 1
rules:
  it_fires: {severity: low, when: cac < 1, finding: CAC is nothing.}
  it_waits: {severity: low, when: cac < 1, for: 3, finding: CAC is nothing.}
  it_is_covered: {severity: low, when: cac < 2, finding: CAC is next to nothing.}
  it_does_not: {severity: low, when: cac > 1, finding: CAC is something.}
  it_lacks: {severity: low, when: nps < 0, finding: NPS is {nps}.}
  it_cannot: {severity: low, when: cac.change / cac.previous > 10%, finding: CAC jumps.}
  it_covers: {severity: high, when: cac <= 0, replaces: [it_is_covered], finding: CAC is zero.}
"""


def test_six_outcomes_in_every_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "metrics.yaml").write_text("version: 1\nextends: builtin\n", encoding="utf-8")
    (tmp_path / "lifecycle_rules").mkdir()
    rules = SIX.replace("NPS is {nps}.", '"NPS is {nps}."')
    (tmp_path / "lifecycle_rules" / "expand.yaml").write_text(rules, encoding="utf-8")
    data = tmp_path / "costs.csv"
    rows = ["Month,Marketing cost,Sales cost,New customers", "2024-01-01,0,0,5", "2024-02-01,0,0,6"]
    data.write_text("\n".join(rows), encoding="utf-8")
    common = ["evaluate", str(data), "--metrics", str(tmp_path / "metrics.yaml"), "--period", "month"]
    assert main([*common, "--format", "json"]) == 0
    found = {f["rule"]: f for f in json.loads(capsys.readouterr().out)["findings"]}
    ours = {name: found[name]["outcome"] for name in found if name.startswith("it_")}
    assert ours == {
        "it_fires": "fired",
        "it_waits": "pending",
        "it_is_covered": "suppressed",
        "it_does_not": "not_fired",
        "it_lacks": "not_evaluated",
        "it_cannot": "error",
        "it_covers": "fired",
    }
    # the trace has both values, the truth and how far it is from turning, whatever came out
    assert found["it_fires"]["because"] == [
        {"text": "cac < 1", "left": "0.00", "operator": "<", "right": "1", "truth": True,
         "distance": "1.00 below 1"}
    ]  # fmt: skip
    assert found["it_does_not"]["because"][0]["truth"] is False
    assert found["it_lacks"]["because"][0]["truth"] is None
    assert found["it_lacks"]["missing"] == ["nps"]
    assert found["it_lacks"]["reason"] == "missing: nps (no column found for recommend_score)"
    assert found["it_cannot"]["reason"] != ""
    assert main([*common, "--all"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "it_covers CAC is zero. Since Jan 2024 – Feb 2024" in text
    assert "it_is_covered: covered by it_covers" in text
    assert "holds in 2 of 3 consecutive periods" in text
    assert "it_lacks: missing: nps (no column found for recommend_score)" in text
    assert "it_cannot: " in text
    assert "it_does_not" in text
    assert main([*common, "-o", str(tmp_path / "card.xlsx")]) == 0
    sheet = CalamineWorkbook.from_path(str(tmp_path / "card.xlsx")).get_sheet_by_name("Rules").to_python()
    outcome, rule = sheet[0].index("Outcome"), sheet[0].index("Rule")
    shown = {row[rule]: row[outcome] for row in sheet[1:] if row[rule].startswith("it_")}
    assert len(set(shown.values())) == 6
