"""Tables that say how often each answer was given answer as the list of all of them does."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from metricsheet import evaluate
from tests.stages import some


def answers(source: Any, **options: Any) -> list[tuple[str, str, float | None, int | None, str]]:
    results = evaluate(source, **options).results
    return sorted(
        (r.metric, "|".join(r.slice.values()), r.value, r.n, str(r.interval))
        for r in results
        if r.value is not None
    )


@pytest.mark.parametrize("seed", some(range(60), 2))
@pytest.mark.parametrize("by", [{}, {"by": "Region"}], ids=str)
def test_as_the_list_of_all_answers(seed: int, by: dict[str, str], tmp_path: Path) -> None:
    rng = random.Random(seed)
    header, scale = rng.choice([("NPS", range(11)), ("CSAT", range(1, 6)), ("CES", range(1, 8))])
    listed = [(rng.choice(["EU", "US"]), rng.choice(scale)) for _ in range(rng.randint(30, 300))]
    counted = list(Counter(listed).items())
    rng.shuffle(counted)
    count = rng.choice(["Count", "Responses", "Anzahl", "件数"])
    rows = [f"{region},{score},{times}" for (region, score), times in counted]
    if rng.random() < 0.5:
        rows.append(f"Total,,{len(listed)}")
    (tmp_path / "counted.csv").write_text("\n".join([f"Region,{header},{count}", *rows]))
    (tmp_path / "listed.csv").write_text("\n".join([f"Region,{header}", *(f"{r},{s}" for r, s in listed)]))
    right = answers(tmp_path / "listed.csv", **by)
    assert right
    assert answers(tmp_path / "counted.csv", **by) == right


CASES: dict[str, tuple[dict[str, list[Any]], list[tuple[float, int]]]] = {
    "words": (
        {"Zufriedenheit": ["Sehr zufrieden", "Zufrieden", "Neutral"], "Anzahl": [5, 3, 2]},
        [(0.8, 10)],
    ),
    "thousands": ({"NPS": ["10", "9", "3"], "Count": ["1,000", "500", "500"]}, [(50, 2000)]),
    "a share beside it": ({"NPS": [10, 9, 3], "Share": [0.5, 0.25, 0.25], "Count": [4, 2, 2]}, [(50, 8)]),
    "none given": ({"NPS": [10, 5, 3], "Responses": [4, None, 4]}, [(0, 8)]),
    # each row is one answer where something names it
    "ids": ({"Respondent ID": [1, 2, 3], "NPS": [10, 9, 3], "Count": [4, 2, 2]}, [(100 / 3, 3)]),
    "answers that repeat": ({"NPS": [10, 10, 3, 3], "Count": [4, 2, 2, 7]}, [(0, 4)]),
    "another header": ({"NPS": [10, 9, 3], "Visits": [4, 2, 2]}, [(100 / 3, 3)]),
    # answers of all beside those of each region
    "totals": (
        {"Region": ["EU"] * 2 + ["US"] * 2 + ["All"] * 2, "NPS": [10, 3] * 3, "Count": [4, 2, 5, 1, 9, 3]},
        [],
    ),
    # how often is not clear, and each once would be wrong
    "parts of answers": ({"NPS": [10, 9, 3], "Count": [1.5, 2, 2]}, []),
    "negative": ({"NPS": [10, 9, 3], "Count": [-1, 2, 2]}, []),
}


@pytest.mark.parametrize("case", CASES)
def test_one_table(case: str) -> None:
    source, right = CASES[case]
    results = evaluate(source, only=["nps", "csat_top2box"]).results
    found = [(r.value, r.n) for r in results if r.value is not None]
    assert found == [(pytest.approx(value), n) for value, n in right]
