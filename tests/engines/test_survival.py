"""Kaplan–Meier: by hand, and as lifelines answers."""

from __future__ import annotations

import math

import pytest

from metricsheet.engines.ledger.survival import (
    Spell,
    expected_time,
    kaplan_meier,
    median_time,
    reached,
    survival_at,
)
from tests.engines.lifetime_samples import SURVIVAL, horizon, oracle, spells
from tests.stages import cases

# Freireich's 21 remissions under 6-MP, the example of most textbooks: weeks, and whether the remission ended
FREIREICH = [
    *((6, True), (6, True), (6, True), (7, True), (10, True), (13, True), (16, True), (22, True), (23, True)),
    *((6, False), (9, False), (10, False), (11, False), (17, False), (19, False), (20, False), (25, False)),
    *((32, False), (32, False), (34, False), (35, False)),
]


def steps_of(sample: list[tuple[int, bool]]) -> tuple[object, ...]:
    return kaplan_meier([Spell(time, ended) for time, ended in sample])


@pytest.mark.parametrize(
    ("time", "survival"),
    [(0, 1), (5, 1), (6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538), (40, 0.448)],
)
def test_textbook(time: float, survival: float) -> None:
    assert survival_at(steps_of(FREIREICH), time) == pytest.approx(survival, abs=5e-4)


def test_textbook_median() -> None:
    assert median_time(steps_of(FREIREICH)) == 23


def test_open_contracts_are_not_lost() -> None:
    steps = steps_of([(5, False)] * 40)
    assert median_time(steps) is None
    assert survival_at(steps, 5) == 1
    assert expected_time(steps, 5).value == 5


def test_what_the_data_reach_is_where_ten_were_still_seen() -> None:
    assert reached(steps_of([(3, True)] * 20 + [(8, False)] * 10 + [(30, False)] * 9)) == 8
    assert reached(steps_of([(30, False)] * 9)) == 0


@pytest.mark.parametrize(
    ("rate", "expected"),
    # 2 months for all, then half of them to the third: (1 + 1) + 0.5, and each over 1.1 to its month
    [(0.0, 2.5), (0.1, 1 / 1.1 + 1 / 1.21 + 0.5 / 1.331)],
)
def test_discounted_time_by_hand(rate: float, expected: float) -> None:
    steps = steps_of([(2, True)] * 20 + [(3, False)] * 20)
    assert expected_time(steps, 3, rate).value == pytest.approx(expected)


def test_interval_of_the_mean_by_hand() -> None:
    # half of 40 end at 2: Greenwood's 20 / (40 * 20), times the square of the half month left
    found = expected_time(steps_of([(2, True)] * 20 + [(3, False)] * 20), 3)
    assert found.high - found.value == pytest.approx(1.96 * math.sqrt(0.25 * 20 / 800), rel=1e-4)
    assert found.value - found.low == pytest.approx(found.high - found.value)


def test_as_lifelines() -> None:
    rows = oracle("survival")
    assert len(rows) == SURVIVAL
    for row in rows[: cases(SURVIVAL, SURVIVAL)]:
        seed = int(row["seed"])
        steps = kaplan_meier([Spell(time, ended) for time, ended in spells(seed)])
        ours = {name: sum(getattr(one, name) for one in steps) for name in ("survival", "low", "high")}
        ours["within_horizon"] = expected_time(steps, horizon(seed)).value
        assert ours == pytest.approx({name: float(row[name]) for name in ours}, rel=1e-8), seed
        median = median_time(steps)
        # lifelines misses a half that is one only up to the last digits
        if median is None or survival_at(steps, median) != pytest.approx(0.5, abs=1e-9):
            assert median == (float(row["median"]) if row["median"] else None), seed
