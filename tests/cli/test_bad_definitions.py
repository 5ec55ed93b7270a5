"""What a person may write wrongly in metrics, rules and packs: each an error with line, column and hint."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from metricsheet.cli.main import main
from tests.stages import some

METRICS = """\
version: 1
extends: builtin
"""
RULE = """\
version: 1
rules:
  tested:
    severity: high
    when: {when}
    finding: {finding}
"""

# name, file, its text, line:column, words of the message, words of the hint
CASES = [
    (
        "a rule on an unknown metric",
        "lifecycle_rules/expand.yaml",
        RULE.format(when="churn_rat > 5%", finding="Churn is high"),
        "5:11",
        "'churn_rat' is not a metric",
        "did you mean 'churn_rate'?",
    ),
    (
        "a metric nothing comes near",
        "lifecycle_rules/expand.yaml",
        RULE.format(when="xyzzy > 5", finding="x"),
        "5:11",
        "'xyzzy' is not a metric",
        "metricsheet list",
    ),
    (
        "an unknown fact of a metric",
        "lifecycle_rules/expand.yaml",
        RULE.format(when='nps.trnd = "rising"', finding="x"),
        "5:11",
        "metric nps has no 'trnd'",
        "did you mean 'nps.trend'?",
    ),
    (
        "a status that no band has",
        "lifecycle_rules/expand.yaml",
        RULE.format(when='nps.status = "warn"', finding="x"),
        "5:24",
        'nps.status is never "warn"',
        'it can be "ok", "critical"',
    ),
    (
        "a number where a percentage is meant",
        "lifecycle_rules/expand.yaml",
        RULE.format(when="churn_rate > 5", finding="x"),
        "5:24",
        "5 would mean 500 %",
        "write 5%",
    ),
    (
        "a rule that needs no period",
        "lifecycle_rules/expand.yaml",
        RULE.format(when="churn_rate > 5%", finding="x\n    for: 0"),
        "7:10",
        "expected at least 1, found 0",
        "for: 1",
    ),
    (
        "a finding with an unknown name",
        "lifecycle_rules/expand.yaml",
        RULE.format(when="churn_rate > 5%", finding="Churn is {churn_rte} today"),
        "6:23",
        "'churn_rte' is not a metric",
        "did you mean 'churn_rate'?",
    ),
    (
        "advice with an unknown name, in one language",
        "lifecycle_rules/expand.yaml",
        RULE.format(when="churn_rate > 5%", finding="x")
        + "    recommend:\n      - {en: Call them, de: 'Alle {kunden} anrufen'}\n",
        "8:35",
        "'kunden' is not a metric",
        "metricsheet list",
    ),
    (
        "a finding in an unknown language",
        "lifecycle_rules/expand.yaml",
        RULE.format(when="churn_rate > 5%", finding="{en: Churn, jp: x}"),
        "6:26",
        "found 'jp'",
        "did you mean 'ja'?",
    ),
    (
        "a rule that replaces one that is not there",
        "lifecycle_rules/expand.yaml",
        RULE.format(when="churn_rate > 5%", finding="x\n    replaces: [negative_npss]"),
        "7:16",
        "'negative_npss' is not a rule",
        "did you mean 'negative_nps'?",
    ),
    (
        "a severity that is none",
        "lifecycle_rules/expand.yaml",
        RULE.format(when="churn_rate > 5%", finding="x").replace("high", "urgent"),
        "4:15",
        "found the text 'urgent'",
        "choose one of these words",
    ),
    (
        "a translation for a metric that is not there",
        "metrics.yaml",
        f"{METRICS}metrics:\n  npss: {{override: true, label: {{en: NPS, de: Weiterempfehlung}}}}\n",
        "4:3",
        "found nothing to override",
        "did you mean 'nps'?",
    ),
    (
        "a translation into an unknown language",
        "metrics.yaml",
        f"{METRICS}metrics:\n  nps: {{override: true, label: {{en: NPS, ger: x}}}}\n",
        "4:42",
        "found 'ger'",
        "did you mean 'de'?",
    ),
    (
        "a band with a status that is none",
        "metrics.yaml",
        f"{METRICS}metrics:\n  nps:\n    override: true\n    bands:\n"
        "      - {status: good, when: below 0, label: x}\n      - {status: ok, when: at least 0, label: y}\n",
        "7:18",
        "found the text 'good'",
        "did you mean 'ok'?",
    ),
    (
        "an example with a status that no band has",
        "metrics.yaml",
        f"{METRICS}metrics:\n  nps:\n    override: true\n    examples:\n"
        "      - {given: {recommend_score: [9]}, value: 100, status: fine}\n",
        "7:61",
        "found the text 'fine'",
        "choose one of these words",
    ),
    (
        "a target in the wrong unit",
        "metrics.yaml",
        f"{METRICS}metrics:\n  churn_rate: {{override: true, target: 5}}\n",
        "4:40",
        "500 %",
        "write 5%",
    ),
    (
        "a target from no day",
        "metrics.yaml",
        f"{METRICS}metrics:\n  churn_rate:\n    override: true\n"
        "    targets: [{value: 5%, since: 2024-02-30}]\n",
        "6:34",
        "expected a date",
        "there is no such day",
    ),
    (
        "a benchmark without a date",
        "benchmark_packs/own.yaml",
        "version: 1\nsource: a book\npopulation: all\nbenchmarks:\n  nps_b: {metric: nps, value: 30}\n",
        "5:3",
        "expected as_of:",
        "worth something with its origin",
    ),
    (
        "a benchmark of an unknown metric",
        "benchmark_packs/own.yaml",
        "version: 1\nsource: a\npopulation: b\nas_of: 2024-01-01\nbenchmarks:\n  b: {metric: npss, value: 3}",
        "6:15",
        "found 'npss'",
        "did you mean 'nps'?",
    ),
]


@pytest.mark.parametrize(
    ("file", "text", "place", "message", "hint"),
    some((pytest.param(*case[1:], id=case[0]) for case in CASES), test=5),
)
def test_an_error_with_place_and_hint(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    file: str,
    text: str,
    place: str,
    message: str,
    hint: str,
) -> None:
    (tmp_path / "metrics.yaml").write_text(METRICS, encoding="utf-8")
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(text, encoding="utf-8")
    assert main(["check", "--metrics", str(tmp_path / "metrics.yaml")]) == 3
    said = capsys.readouterr().out
    (told,) = [block for block in said.split("\n\n") if f"{file}:{place}: error[" in block]
    line, column = map(int, place.split(":"))
    written = text.split("\n")[line - 1]
    caret = next(row for row in told.split("\n") if re.fullmatch(r"\s*\|\s*\^", row))
    assert message in told
    assert f"hint: {hint}"[:6] in told
    assert hint in told
    assert written.strip()[:20] in told or len(written) > 60
    assert caret.index("^") > 0
    assert column <= len(written)
    assert "1 error" in said


def test_everything_wrong_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Errors in metrics, rules and packs do not hide each other, when checking and when evaluating."""
    for name, text in {
        "metrics.yaml": f"{METRICS}metrics:\n  churn_rate: {{override: true, target: 5}}\n",
        "lifecycle_rules/expand.yaml": RULE.format(when="nps > 5%", finding="NPS is {npps}")
        + "  second:\n    severity: low\n    when: churn_rat > 1%\n    for: 0\n    finding: x\n",
        "benchmark_packs/own.yaml": "version: 1\nbenchmarks:\n  b: {metric: npss, value: 3}\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    metrics = str(tmp_path / "metrics.yaml")
    assert main(["check", "--metrics", metrics]) == 3
    said = capsys.readouterr().out
    wanted = ["500 %", "nps is in points, 5% is a percentage", "'npps'", "'churn_rat'", "found 0", "'npss'"]
    assert [word for word in wanted if word not in said] == []
    data = tmp_path / "data.csv"
    data.write_text("Recommendation score\n9\n", encoding="utf-8")
    pack = str(tmp_path / "benchmark_packs" / "own.yaml")
    assert main(["evaluate", str(data), "--metrics", metrics, "--benchmarks", pack]) == 3
    said = capsys.readouterr().err
    assert [word for word in wanted if word not in said] == []


def test_strict_checking_lists_what_is_not_translated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in {
        "metrics.yaml": METRICS,
        "lifecycle_rules/expand.yaml": RULE.format(when="churn_rate > 5%", finding="{en: Churn, de: Verlust}")
        + "    recommend: [Call them]\n",
        "benchmark_packs/own.yaml": "version: 1\nsource: a\npopulation: b\nas_of: 2024-01-01\n"
        "benchmarks:\n  b: {metric: nps, value: 30, label: Mean}\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    metrics = str(tmp_path / "metrics.yaml")
    assert main(["check", "--metrics", metrics]) == 0
    assert "missing_translation" not in capsys.readouterr().out
    assert main(["check", "--strict", "--metrics", metrics]) == 1
    said = capsys.readouterr().out
    assert (
        "expand.yaml:6:19: warning[missing_translation]: the finding of tested has no translation into ja, tr"
        in said
    )
    assert "recommendation 1 of tested has no translation into ja, tr, it, de" in said
    assert (
        "own.yaml:6:3: warning[missing_translation]: the label of b has no translation into ja, tr, it, de"
        in said
    )
    assert said.count("warning[") == 3
