"""Trends: previous, change and direction over the calendar, with the zone in which nothing has changed."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from metricsheet.cli.main import main
from metricsheet.evaluation.trends import DEFAULT_DEAD_ZONE, direction

# previous, value, dead zone (None: a hundredth of the previous value), direction
DIRECTIONS = [
    (100.0, 102.0, None, "rising"),
    (100.0, 101.0, None, "flat"),
    (100.0, 99.0, None, "flat"),
    (100.0, 98.9, None, "falling"),
    (-100.0, -101.0, None, "flat"),
    (-100.0, -102.0, None, "falling"),
    (0.0, 0.0, None, "flat"),
    (0.0, 1e-9, None, "rising"),
    (0.30, 0.31, 0.01, "flat"),  # binary 0.31 - 0.30 is a hair more than 0.01
    (0.30, 0.3101, 0.01, "rising"),
    (0.30, 0.29, 0.01, "flat"),
    (0.30, 0.2899, 0.01, "falling"),
    (5.0, 5.0, 0.0, "flat"),
    (5.0, 5.000001, 0.0, "rising"),
]


@pytest.mark.parametrize(("previous", "value", "zone", "wanted"), DIRECTIONS)
def test_direction(previous: float, value: float, zone: float | None, wanted: str) -> None:
    assert direction(previous, value, zone) == wanted
    # a zone of its own, and the same change the other way round
    if zone is not None:
        opposite = {"rising": "falling", "falling": "rising", "flat": "flat"}[wanted]
        assert direction(value, previous, zone) == opposite


def test_the_default_zone_is_a_hundredth() -> None:
    assert DEFAULT_DEAD_ZONE == 0.01


def trends(tmp_path: Path, rows: list[tuple[str, object]], length: str, zone: str = "") -> dict[str, Any]:
    """Return the trend of a sum by period, through the command line."""
    (tmp_path / "metrics.yaml").write_text(
        "version: 1\ninputs:\n  revenue: {label: Revenue, unit: money}\nmetrics:\n  total:\n"
        "    {label: Total, stage: expand, kind: outcome, unit: money, better: higher,"
        f" formula: SUM(revenue){zone}}}\n",
        encoding="utf-8",
    )
    data = tmp_path / "data.csv"
    data.write_text("\n".join(["Date,Revenue", *(f"{day},{value}" for day, value in rows)]), encoding="utf-8")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        command = ["evaluate", str(data), "--metrics", str(tmp_path / "metrics.yaml"), "--format", "json"]
        assert main([*command, "--period", length]) == 0
    return {r["period"]: r["trend"] for r in json.loads(out.getvalue())["results"]}


def test_the_month_before_is_the_month_before(tmp_path: Path) -> None:
    rows = [("2023-12-31", 100), ("2024-01-01", 60), ("2024-01-31", 60), ("2024-03-15", 130)]
    found = trends(tmp_path, rows, "month")
    assert list(found) == ["2023-12", "2024-01", "2024-03"]
    assert found["2023-12"] is None
    january = found["2024-01"]
    assert (january["previous"], january["previous_period"], january["change"]) == (100, "2023-12", 20)
    assert january["direction"] == "rising"
    assert january["series"] == [{"period": "2023-12", "value": 100}, {"period": "2024-01", "value": 120}]
    # nobody knows February, so March is compared with nothing
    assert found["2024-03"] is None


@pytest.mark.parametrize(
    ("length", "days", "names"),
    [
        ("quarter", ("2023-11-30", "2024-02-29"), ("2023-Q4", "2024-Q1")),
        ("year", ("2023-01-01", "2024-12-31"), ("2023", "2024")),
        ("month", ("2024-02-29", "2024-03-01"), ("2024-02", "2024-03")),
    ],
)
def test_every_length_of_period(
    tmp_path: Path, length: str, days: tuple[str, str], names: tuple[str, str]
) -> None:
    found = trends(tmp_path, [(days[0], 100), (days[1], 90)], length)
    assert tuple(found) == names
    assert (found[names[1]]["previous_period"], found[names[1]]["direction"]) == (names[0], "falling")


@pytest.mark.parametrize(
    ("zone", "wanted"), [("", "rising"), (", dead_zone: $5", "rising"), (", dead_zone: $10", "flat")]
)
def test_a_metric_may_set_its_own_zone(tmp_path: Path, zone: str, wanted: str) -> None:
    found = trends(tmp_path, [("2024-01-01", 100), ("2024-02-01", 110)], "month", zone)
    assert found["2024-02"]["direction"] == wanted
    assert found["2024-02"]["change"] == 10
