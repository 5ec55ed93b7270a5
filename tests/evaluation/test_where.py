"""Which rows a condition keeps, whether cells are typed or text, dates, numbers or words."""

from __future__ import annotations

import pytest

from metricsheet.errors import UsageError
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.where import kept_rows
from metricsheet.language.message import Message
from metricsheet.values import Cell

COLUMNS: dict[str, list[Cell]] = {
    "region": ["EU", "us", None, "JP"],
    "score": [9.0, None, 3.0, "refused"],
    "day": [45292.0, 45323.0, 45352.0, None],  # first of January, February and March 2024
    "code": ["0012", "12", "x7", None],
    "text score": ["9", "", "10", "n/a"],
    "text money": ["1.100,50", "200,00", "90,25", "7,5"],
    "text day": ["2024-01-01", "2024-02-01", "2024-03-01", ""],
    "slashes": ["03/04/2024", "05/06/2024", "", ""],
    "thousands": ["1,234", "2,345", "", ""],
    "paid": ["Yes", "No", "yes", ""],
    "closed": [45293.0, 45320.0, None, 45000.0],
}

# condition: rows kept, counted from 0
KEPT: dict[str, list[int]] = {
    'region = "eu"': [0],
    'region <> "EU"': [1, 2, 3],
    'region = ""': [2],
    "score >= 9": [0],
    "score <= 6": [2],
    "score = 0": [],
    "score <> 9": [1, 2, 3],
    "9 <= score": [0],
    'score = "9"': [0],
    'score < "5"': [2],
    "NOT(score >= 9)": [1, 2, 3],
    'OR(score = 3, region = "us")': [1, 2],
    "day >= DATE(2024,2,1)": [1, 2],
    'day >= "2024-02-01"': [1, 2],
    'day < "1 March 2024"': [0, 1],
    'day = "2024-02-01"': [1],
    "MONTH(day) = 2": [1],
    'code = "0012"': [0],
    'code <> "12"': [0, 2, 3],
    "[text score] >= 9": [0, 2],
    '[text score] < "10"': [0],
    '[text score] = "9"': [0],
    "[text score] = 9": [0],
    "[text money] > 150": [0, 1],
    "[text day] >= DATE(2024,2,1)": [1, 2],
    '[text day] > "2024-01-31"': [1, 2],
    '[text day] = "1.2.2024"': [1],
    "paid = 1": [0, 2],
    'paid = "yes"': [0, 2],
    "closed > day": [0],
}


def kept(condition: str) -> list[int] | str:
    mask = kept_rows(
        condition,
        4,
        lambda name: COLUMNS.get(name, Message("no_column", table="T", header=name)),
        RunOptions(),
    )
    return str(mask) if isinstance(mask, Message) else [row for row, keep in enumerate(mask) if keep]


@pytest.mark.parametrize("condition", KEPT)
def test_rows_kept(condition: str) -> None:
    assert kept(condition) == KEPT[condition]


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("regoin = 1", "no column 'regoin'"),
        ("region > 5", "region holds text such as 'EU'"),
        ("thousands > 5", "'1,234' may be 1234 or 1.234"),
        ("slashes > DATE(2024,1,1)", "'03/04/2024' may be"),
        ('day > "03/04/2024"', "may be two dates"),
        ('score > "high"', "score holds numbers"),
        ("1 / 0 > score", "#DIV/0!"),
    ],
)
def test_conditions_that_cannot_be_asked(condition: str, why: str) -> None:
    answer = kept(condition)
    assert isinstance(answer, str)
    assert why in answer


def test_conditions_that_cannot_be_read() -> None:
    with pytest.raises(UsageError, match="--where"):
        kept("score >=")
