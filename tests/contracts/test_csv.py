"""Python's csv module has one kind of error: how the reader of text files tells them apart without words."""

from __future__ import annotations

import csv
import random

import pytest

from metricsheet.errors import WorkbookError
from metricsheet.files import limits
from metricsheet.files.delimited import read_text


def code(text: str) -> list[str]:
    """Return the code with which a file is refused, or the codes of its problems."""
    try:
        return [problem.code for problem in read_text(text.encode(), "file.csv").problems]
    except WorkbookError as error:
        return [f"refused: {error.code}", str(error.message)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,2\n", []),
        ('a,b\n"1,2\n', ["refused: broken_quotes", "line 2"]),
        ('a,b\n1,"2', ["refused: broken_quotes", "line 2"]),
        ('a,b\n1,"2\n\n\n', ["refused: broken_quotes", "line 2"]),
        ('a,b\n"1"x,2\n', ["broken_quotes"]),
        ('a,b\n1,"2"x', ["broken_quotes"]),
        ('a,b\n1,"2"x\n"3,4', ["refused: broken_quotes", "line 3"]),
        ("a,b\n1," + "x" * 101 + "\n3,4\n", ["refused: too_large", "line 2"]),
        ("a,b\n1," + "x" * 101, ["refused: too_large", "line 2"]),
        ("a,b\n1," + "x" * 100 + "\n3,4\n", []),
        ('a,b\n1,"' + "x" * 101, ["refused: too_large", "line 2"]),
        ('a,b\n1,"2"x\n3,' + "x" * 101 + "\n", ["refused: too_large", "line 3"]),
    ],
)
def test_each_error_is_recognised(monkeypatch: pytest.MonkeyPatch, text: str, expected: list[str]) -> None:
    monkeypatch.setattr(limits, "MAX_FIELD_CHARACTERS", 100)
    found = code(text)
    assert found[:1] == expected[:1]
    assert all(part in found[1] for part in expected[1:])


@pytest.mark.parametrize("seed", range(200))
def test_without_strictness_nothing_but_a_long_field_is_an_error(seed: int) -> None:
    dice = random.Random(seed)
    text = "".join(dice.choice('",\n\r\0ab \t;') for _ in range(200))
    assert list(csv.reader(text.splitlines(keepends=True), delimiter=dice.choice(",;\t"), strict=False))
