"""Columns made of file names: what they hold, in a pool and beside each other, and patterns that are none."""

from __future__ import annotations

import pytest

from metricsheet import UsageError, evaluate

NUMBERS = {
    "branch_north_1": (3, 100),
    "branch_north_2": (5, 300),
    "branch_south_1": (4, 50),
    "other": (1, 10),
}


@pytest.fixture
def folder(tmp_path):
    for name, (lost, start) in NUMBERS.items():
        text = f"Customers at start,Customers lost\n{start},{lost}\n"
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def rates(card, column):
    return {r.slice.get(column): r.value for r in card.results if r.slice}


def test_files_of_one_part_are_pooled(folder):
    by = r"region=file:branch_([a-z]{1,9})"
    card = evaluate(folder, pool=True, by=by, only="churn_rate_mean", metrics="builtin")
    assert rates(card, "region") == {"north": 8 / 400, "south": 4 / 50, "(blank)": 1 / 10}


def test_without_groups_all_that_fits_is_the_slice(folder):
    card = evaluate(folder, by=r"part=file:north_\d", only="churn_rate_mean", metrics="builtin")
    assert rates(card, "part") == {"north_1": 3 / 100, "north_2": 5 / 300}


@pytest.mark.parametrize(
    ("by", "code"), [("region=file:branch_(", "not_a_pattern"), ("region=file:zzz", "fits_no_source")]
)
def test_patterns_that_are_none_or_fit_nothing_are_told(folder, by, code):
    with pytest.raises(UsageError) as raised:
        evaluate(folder, by=by, metrics="builtin")
    assert raised.value.message.code == code
