"""A value into a status: bands, samples, what the interval touches, and which target applies."""

from __future__ import annotations

from pathlib import Path

import pytest

from metricsheet import load_catalog
from metricsheet.catalog.bands_in_force import bands_in_force
from metricsheet.catalog.definitions import MetricDefinition
from metricsheet.evaluation.result import Verdict
from metricsheet.evaluation.status import applies, target_for, verdict
from metricsheet.report.wording import status_label
from metricsheet.values.dates import to_serial

DEFINITIONS = """\
version: 1
inputs: {a: {label: A}}
metrics:
  rising:
    {label: L, stage: expand, kind: outcome, unit: points, better: higher, formula: SUM(a), min_sample: 30,
     bands: [{status: critical, when: below 0, label: Bad}, {status: warn, when: below 10, label: Weak},
             {status: ok, when: at least 10, label: Good}]}
  hill:
    {label: L, stage: expand, kind: outcome, unit: points, better: within, formula: SUM(a),
     bands: [{status: warn, when: at most 0, label: Low}, {status: ok, when: below 10, label: Good},
             {status: warn, when: at least 10, label: High}]}
  free: {label: L, stage: expand, kind: outcome, unit: points, better: higher, formula: SUM(a)}
  aimed:
    label: L
    stage: expand
    kind: outcome
    unit: points
    better: higher
    formula: SUM(a)
    targets:
      - {value: 1}
      - {value: 2, since: 2024-01-01}
      - {value: 3, since: 2025-01-01}
      - {value: 4, where: {region: EU}}
      - {value: 5, where: {region: EU, plan: Pro}}
      - {value: 6, since: 2025-01-01, where: {region: US}}
      - {value: 7, where: {plan: Team}}
"""


@pytest.fixture(scope="module")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> dict[str, MetricDefinition]:
    path: Path = tmp_path_factory.mktemp("status") / "metrics.yaml"
    path.write_text(DEFINITIONS, "utf-8")
    return dict(load_catalog(path).metrics)


def graded(
    metric: MetricDefinition,
    value: float | None,
    *,
    error: str = "",
    n: int | None = 100,
    interval: tuple[float, float] | None = None,
) -> Verdict:
    return verdict(metric, bands_in_force(metric, {}, None), value, error, n, interval)


@pytest.mark.parametrize(
    ("metric", "value", "interval", "status", "candidates"),
    [
        ("rising", 20, None, "ok", ()),
        ("rising", 20, (15, 25), "ok", ()),
        ("rising", 20, (10, 30), "ok", ()),
        ("rising", 20, (9.5, 30), "ok", ("ok", "warn")),
        ("rising", 20, (-5, 45), "ok", ("ok", "critical", "warn")),
        ("rising", 5, (0, 9.5), "warn", ()),
        ("rising", 5, (0, 10), "warn", ("warn", "ok")),
        ("rising", 5, (-0.5, 9), "warn", ("warn", "critical")),
        ("rising", -5, (-6, -4), "critical", ()),
        # both ends and every edge in between are "warn"; what lies between the edges is not
        ("hill", -1, (-2, 12), "warn", ("warn", "ok")),
        ("hill", -1, (-2, 0), "warn", ()),
        ("hill", 5, (1, 9), "ok", ()),
        ("free", 5, (-100, 100), "no_target", ()),
    ],
)
def test_a_band_and_those_the_interval_touches(
    metrics: dict[str, MetricDefinition],
    metric: str,
    value: float,
    interval: tuple[float, float] | None,
    status: str,
    candidates: tuple[str, ...],
) -> None:
    found = graded(metrics[metric], value, interval=interval)
    assert (found.status, found.candidates) == (status, candidates)


@pytest.mark.parametrize(
    ("n", "status", "label"),
    [
        (0, "low_data", None),
        (29, "low_data", None),
        (30, "ok", "Good"),
        (31, "ok", "Good"),
    ],
)
def test_a_sample_too_small_gets_no_band(
    metrics: dict[str, MetricDefinition], n: int, status: str, label: str | None
) -> None:
    found = graded(metrics["rising"], 20, n=n, interval=(-5, 45))
    assert found.status == status
    assert label is None or status_label(found, "en") == label
    assert found.candidates == (() if status == "low_data" else ("ok", "critical", "warn"))


def test_a_label_says_that_nobody_knows_the_sample(metrics: dict[str, MetricDefinition]) -> None:
    rising, hill = metrics["rising"], metrics["hill"]
    unknown = graded(rising, 20, n=None)
    assert unknown.status == "ok"
    assert status_label(unknown, "en") != "Good"
    assert "Good" in status_label(unknown, "en")
    # a metric that asks for no sample has nothing to say about it
    assert status_label(graded(hill, 5, n=None), "en") == "Good"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("", "no_data"),
        ("#N/A", "no_data"),
        ("#DIV/0!", "no_data"),
        ("#NUM!", "invalid"),
        ("#VALUE!", "invalid"),
        ("#REF!", "invalid"),
    ],
)
def test_a_missing_value_has_no_band(metrics: dict[str, MetricDefinition], error: str, status: str) -> None:
    assert graded(metrics["rising"], None, error=error).status == status


@pytest.mark.parametrize(
    ("slice_", "day", "value"),
    [
        ({}, "2023-12-31", 1),
        ({}, "2024-01-01", 2),
        ({}, "2024-12-31", 2),
        ({}, "2025-01-01", 3),
        ({}, None, 3),
        ({"Region": "eu"}, "2025-06-30", 4),
        ({"Region": "EU", "Plan": "basic"}, "2025-06-30", 4),
        ({"region": "EU", "plan": "PRO"}, "2025-06-30", 5),
        ({"plan": "Pro"}, "2025-06-30", 3),
        ({"region": "US"}, "2024-06-30", 2),
        ({"region": "US"}, "2025-06-30", 6),
        ({"region": "UK"}, "2025-06-30", 3),
        ({"plan": "Team"}, "2025-06-30", 7),
        ({"region": "EU", "plan": "Team"}, "2025-06-30", 4),  # as narrow as each other: the first one
    ],
)
def test_the_narrowest_target_that_has_begun(
    metrics: dict[str, MetricDefinition], slice_: dict[str, str], day: str | None, value: float
) -> None:
    from datetime import date

    serial = None if day is None else to_serial(date.fromisoformat(day))
    found = target_for(metrics["aimed"], slice_, serial, day)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("slice_", "holds"),
    [
        ({}, False),
        ({"region": "EU"}, True),
        ({"REGION": "eu"}, True),
        ({"region": "EU", "plan": "Pro"}, True),
        ({"region": "US"}, False),
        ({"plan": "EU"}, False),
    ],
)
def test_a_target_is_for_a_slice_whatever_its_case(
    metrics: dict[str, MetricDefinition], slice_: dict[str, str], holds: bool
) -> None:
    (target,) = (t for t in metrics["aimed"].targets if dict(t.where) == {"region": "EU"})
    assert applies(target, slice_) is holds
