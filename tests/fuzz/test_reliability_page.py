"""The page on reliability says how much is tried."""

from __future__ import annotations

import re
from pathlib import Path

from tests.fuzz.counts import DEEP

PAGE = (Path(__file__).parents[2] / "docs" / "reliability.md").read_text(encoding="utf-8")


def test_the_counts_are_those_of_the_page() -> None:
    found = re.findall(r"^\| `([a-z ]+)` \| ([\d,]+) \|", PAGE, re.MULTILINE)
    assert {kind: int(count.replace(",", "")) for kind, count in found} == DEEP


def test_what_the_page_says_of_growth_and_ends() -> None:
    for name, said in (
        ("test_linear_patterns.py", "LETTERS, CPU_SECONDS = 100_000, 3.0"),
        ("cli/test_stopped.py", "MOMENTS = cases(200,"),
        ("catalog/test_prepared.py", "range(6)"),
    ):
        assert said in (Path(__file__).parents[1] / name).read_text(encoding="utf-8")
