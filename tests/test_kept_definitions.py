"""Definitions and compiled rules kept from one run to the next say what those just read say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from metricsheet import api
from metricsheet.binding.headers import AliasIndex
from metricsheet.errors import DefinitionError
from metricsheet.prepared import SWITCH, prepare
from metricsheet.report.data.json import render_json

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "acme_lifecycle.xlsx"

OWN = """\
version: 1
inputs: {a: {label: A}}
metrics:
  total: {label: T, stage: expand, kind: outcome, unit: points, better: higher, formula: SUM(a), target: 5}
"""
RULE = "version: 1\nrules: {low: {severity: low, when: %s, finding: 'It is {total}'}}\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(SWITCH, str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_built_in_definitions_and_rules_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    first = prepare(ROOT)
    fresh, rules = first.catalog, first.rules
    monkeypatch.setitem(sys.modules, "metricsheet.catalog.assembly.make", None)
    monkeypatch.setitem(sys.modules, "metricsheet.rules.check", None)
    cached = prepare(ROOT)
    kept = cached.catalog
    assert kept is not fresh
    assert kept == fresh
    assert kept.digest == fresh.digest
    assert cached.rules.rules == rules.rules
    assert vars(cached.headers)["_keys"] == vars(AliasIndex(fresh))["_keys"]
    assert [str(metric.place) for metric in kept.metrics.values()] == [
        str(metric.place) for metric in fresh.metrics.values()
    ]


def test_they_evaluate_the_same() -> None:
    first = api.evaluate(EXAMPLE, metrics=ROOT, period="quarter", by=())
    second = api.evaluate(EXAMPLE, metrics=ROOT, period="quarter", by=())
    assert render_json(second) == render_json(first)
    assert any(finding.outcome == "fired" for finding in second.findings)


def test_fresh_definitions_are_read_whatever_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    api.load_catalog(ROOT)
    monkeypatch.setitem(sys.modules, "metricsheet.catalog.assembly.make", None)
    api.load_catalog(ROOT)
    with pytest.raises(ImportError):
        api.load_catalog(ROOT, fresh=True)


def test_rules_that_cannot_be_used_are_not_kept(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "metrics.yaml").write_text(OWN, "utf-8")
    rules = tmp_path / "lifecycle_rules" / "expand.yaml"
    rules.parent.mkdir()
    rules.write_text(RULE % "totals < 5", "utf-8")
    for _ in range(2):
        with pytest.raises(DefinitionError, match="totals"):
            api.load_catalog(tmp_path)
    assert not cache.exists()
    rules.write_text(RULE % "total < 5", "utf-8")
    for _ in range(2):
        assert [rule.key for rule in prepare(tmp_path).rules.rules] == ["low"]
    rules.write_text(RULE % "totals < 5", "utf-8")
    with pytest.raises(DefinitionError, match="totals"):
        api.load_catalog(tmp_path)
