"""A sheet per month, region or year: one table of all of them where a person asks for it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from metricsheet import evaluate
from metricsheet.errors import UsageError
from tests.stages import some

TOGETHER = {"sheets": "together"}


def answers(path: Path, **options: Any) -> list[tuple[str, str, str, float | None, int | None]]:
    return sorted(
        (r.metric, "|".join(r.slice.values()), r.period or "", r.value, r.n)
        for r in evaluate(path, **options).results
        if r.value is not None
    )


def survey(rng: random.Random) -> pd.DataFrame:
    rows = [(rng.randint(0, 10), rng.choice(["A", "B"])) for _ in range(rng.randint(20, 60))]
    return pd.DataFrame(rows, columns=["NPS", "Segment"])


@pytest.mark.parametrize("seed", some(range(40), 2))
@pytest.mark.parametrize("by", [{}, {"by": "sheet"}, {"by": "Segment"}], ids=str)
def test_as_one_sheet_with_a_column_of_names(seed: int, by: dict[str, str], tmp_path: Path) -> None:
    rng = random.Random(seed)
    sheets = {name: survey(rng) for name in rng.sample(["Jan", "Feb", "North", "24"], rng.randint(2, 4))}
    with pd.ExcelWriter(tmp_path / "apart.xlsx") as apart:
        pd.DataFrame({"How to use this": ["Fill in each sheet"]}).to_excel(
            apart, sheet_name="Notes", index=False
        )
        for name, frame in sheets.items():
            frame.to_excel(apart, sheet_name=name, index=False)
    whole = pd.concat([frame.assign(sheet=name) for name, frame in sheets.items()])
    whole.to_excel(tmp_path / "whole.xlsx", index=False)
    right = answers(tmp_path / "whole.xlsx", **by)
    assert right
    assert answers(tmp_path / "apart.xlsx", read=TOGETHER, **by) == right


def book(path: Path, sheets: dict[str, dict[str, list[Any]]]) -> Path:
    with pd.ExcelWriter(path) as out:
        for name, columns in sheets.items():
            pd.DataFrame(columns).to_excel(out, sheet_name=name, index=False)
    return path


MONTHS = {"Month": ["2024-01", "2024-02"], "Visitors": [100, 200], "Leads": [10, 20]}


def test_what_is_asked_without_it(tmp_path: Path) -> None:
    path = book(tmp_path / "years.xlsx", {"EU": MONTHS, "US": MONTHS})
    (problem,) = [p for p in evaluate(path, only="new_leads").problems if p.code == "ambiguous"]
    assert "sheets" in str(problem.hint)
    assert "together" in str(problem.hint)


def test_other_sheets_stay_what_they_are(tmp_path: Path) -> None:
    sheets = {"EU": MONTHS, "Survey": {"NPS": [10, 9, 3, 10]}, "US": MONTHS}
    path = book(tmp_path / "mixed.xlsx", sheets)
    found = {r.metric: r.value for r in evaluate(path, read=TOGETHER).results}
    assert (found["new_leads"], found["nps"]) == (60, 50)


def test_what_is_asked_in_vain_is_said(tmp_path: Path) -> None:
    path = book(tmp_path / "years.xlsx", {"EU": MONTHS, "US": MONTHS})
    with pytest.raises(UsageError, match="Nope"):
        evaluate(path, read=TOGETHER, mapping={"leads": "Nope"})
    codes = [one.code for one in evaluate(path, read={**TOGETHER, "UK!year": "2024"}).problems]
    assert "read_not_found" in codes


def test_a_plan_on_a_sheet_of_its_own_is_not_added(tmp_path: Path) -> None:
    path = book(tmp_path / "plan.xlsx", {"Actual": MONTHS, "Budget": MONTHS})
    (result,) = evaluate(path, only="new_leads", read=TOGETHER).results
    assert result.why is not None
    assert result.why.key == "mixed_scenarios"
    (kept,) = evaluate(path, only="new_leads", read=TOGETHER, where='sheet = "Actual"').results
    assert kept.value == 30


def test_a_book_without_such_sheets_is_read_as_ever(tmp_path: Path) -> None:
    path = book(tmp_path / "one.xlsx", {"EU": MONTHS})
    assert answers(path, read=TOGETHER) == answers(path)
