"""Definitions without one of their keys, or with another kind of value: reported, never a failure of ours."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from metricsheet.api import load_catalog
from metricsheet.errors import DefinitionError, Diagnostic
from tests import stages

DEFINITIONS = """\
version: 1
defaults: {currency: EUR, language: en}
settings:
  company_stage: {label: Company stage, one_of: [new, seasoned], default: new}
inputs:
  won: {label: Won, also: [Deals won], type: number, unit: count, over_time: sum}
  lost: {label: Lost, type: number, unit: count}
  score: {label: Score, scale: 0..10, outside: exclude, description: An answer}
metrics:
  won_rate:
    label: {en: Rate, de: Quote}
    question: How many?
    stage: convert
    kind: outcome
    unit: percent
    better: higher
    formula: won / (won + lost)
    sample: COUNT(won)
    interval: proportion
    min_sample: 5
    target: 40%
    dead_zone: 1%
    possible: 0%..100%
    decimals: 1
    bands_by: company_stage
    band_variants:
      new:
        - {status: critical, when: below 0.5 target, label: Poor}
        - {status: warn, when: below target, label: Fair}
        - {status: ok, when: at least target, label: Good}
      seasoned:
        - {status: warn, when: below 50%, label: Fair}
        - {status: ok, when: at least 50%, label: Good}
    note: Of decided deals.
    source: ours
    examples:
      - {given: {won: [4], lost: [6]}, value: 0.4, status: ok, settings: {company_stage: new}}
  net:
    label: Net
    stage: expand
    kind: outcome
    unit: count
    better: within
    formula: won - lost
    targets:
      - {value: 5}
      - {value: 6, where: {region: EU}, since: 2024-01-01}
    bands:
      - {status: warn, when: below 0, label: Low}
      - {status: ok, when: between 0 and 9, label: Good}
      - {status: warn, when: above 9, label: High}
"""
WHOLE: dict[str, Any] = yaml.safe_load(DEFINITIONS)
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
OTHERS: tuple[Any, ...] = (None, "", "none of these", -1, 1e400, True, [], {}, [None], {"a": {}}, "1 2 3")


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key and every item of the definitions, by the way to it."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


def changed(path: tuple[Any, ...], *new: Any) -> str:
    """The definitions without what is at ``path``, or with something else in its place."""
    whole = copy.deepcopy(WHOLE)
    holder = whole
    for key in path[:-1]:
        holder = holder[key]
    if new:
        holder[path[-1]] = new[0]
    else:
        del holder[path[-1]]
    return str(yaml.dump(whole, Dumper=DUMPER, sort_keys=False, allow_unicode=True))


CASES = [(path, new) for path in places(WHOLE) for new in ((), *((other,) for other in OTHERS))]


def test_the_whole_is_good(tmp_path: Path) -> None:
    (tmp_path / "metrics.yaml").write_text(DEFINITIONS, encoding="utf-8")
    assert set(load_catalog(tmp_path).metrics) == {"won_rate", "net"}


def problems_of(folder: Path) -> list[Diagnostic]:
    """What is wrong with the definitions of a folder; anything but ``DefinitionError`` fails the test."""
    try:
        load_catalog(folder)
    except DefinitionError as error:
        return list(error.diagnostics)
    return []


@pytest.mark.parametrize("start", sorted({path[:3] for path, _ in CASES}, key=str), ids=str)
def test_what_is_wrong_is_reported_with_its_place(start: tuple[Any, ...], tmp_path: Path) -> None:
    file = tmp_path / "metrics.yaml"
    for path, new in stages.some([case for case in CASES if case[0][:3] == start], 1):
        file.write_text(changed(path, *new), encoding="utf-8")
        assert [problem for problem in problems_of(tmp_path) if problem.place is None] == []


@pytest.mark.parametrize(
    "path", [("metrics", "won_rate", "target"), ("metrics", "net", "targets", 0, "value")], ids=str
)
def test_a_target_that_is_no_amount_is_reported_once(path: tuple[Any, ...], tmp_path: Path) -> None:
    (tmp_path / "metrics.yaml").write_text(changed(path, "3:1x"), encoding="utf-8")
    assert [problem.code for problem in problems_of(tmp_path)] == ["bad_amount"]


@pytest.mark.parametrize("key", ["label", "stage", "kind", "unit", "better", "formula"])
def test_a_metric_without_what_it_needs_is_reported_once(key: str, tmp_path: Path) -> None:
    (tmp_path / "metrics.yaml").write_text(changed(("metrics", "net", key)), encoding="utf-8")
    assert [problem.code for problem in problems_of(tmp_path)] == ["missing_key"]
