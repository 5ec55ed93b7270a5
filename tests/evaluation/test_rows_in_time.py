"""Rows by period: what is too coarse, what has no date, and that neither goes unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest

from metricsheet.api import UnfitOptionsError, evaluate
from metricsheet.report.scorecard import Scorecard

ROOT = Path(__file__).parents[2]


def card(folder: Path, text: str, **asked: object) -> Scorecard:
    path = folder / "data.csv"
    path.write_text(text, encoding="utf-8")
    try:
        return evaluate(path, metrics=str(ROOT / "metrics.yaml"), **asked)  # type: ignore[arg-type]
    except UnfitOptionsError as error:
        return error.scorecard


def revenue(scorecard: Scorecard) -> dict[str | None, float | None]:
    return {r.period: r.value for r in scorecard.results if r.metric == "revenue_total"}


def codes(scorecard: Scorecard) -> list[str]:
    return [problem.code for problem in scorecard.problems if problem.code != "not_bound"]


COARSE = ["too_coarse", "nothing_computed"]
# a period that cannot be told never gives one total
# name: (dates of rows of 10, 20, 30, period asked, revenue by period, codes of problems)
IN_TIME: dict[str, tuple[list[str], str, dict[str | None, float | None], list[str]]] = {
    "months": (
        ["2024-01", "2024-02", "2024-03"],
        "month",
        {"2024-01": 10, "2024-02": 20, "2024-03": 30},
        [],
    ),
    "months with short years": (
        ["Nov 23", "Dec 23", "Jan 24"],
        "month",
        {"2023-11": 10, "2023-12": 20, "2024-01": 30},
        [],
    ),
    "days of a month": (
        ["Jan 23", "Jan 24", "Feb 25"],
        "month",
        {None: None},
        ["not_this_input", "no_date_column", "nothing_computed"],
    ),
    "quarters by month": (["Q1 2024", "Q2 2024", "Q3 2024"], "month", {None: None}, COARSE),
    "quarters by quarter": (
        ["Q1 2024", "Q2 2024", "Q3 2024"],
        "quarter",
        {"2024-Q1": 10, "2024-Q2": 20, "2024-Q3": 30},
        [],
    ),
    "quarters by year": (["Q1 2024", "Q2 2024", "2024-Q3"], "year", {"2024": 60}, []),
    "years by quarter": (["2022", "2023", "2024"], "quarter", {None: None}, COARSE),
    "years by year": (["2022", "2023", "2024"], "year", {"2022": 10, "2023": 20, "2024": 30}, []),
    "one without a date": (["2024-01-04", "soon", "2024-01-09"], "month", {"2024-01": 40}, ["no_date"]),
}


@pytest.mark.parametrize("case", IN_TIME)
def test_rows_by_period(case: str, tmp_path: Path) -> None:
    dates, period, expected, told = IN_TIME[case]
    rows = "\n".join(f"{date},{10 * i}" for i, date in enumerate(dates, 1))
    found = card(tmp_path, f"Date,Total revenue\n{rows}\n", period=period)
    assert revenue(found) == expected
    assert codes(found) == told


# name: (dates of rows of 10 and 20, from, to, revenue)
CUT: dict[str, tuple[list[str], str | None, str | None, float | None]] = {
    "whole rows": (["Q1 2024", "Q2 2024"], "2024-01-01", "2024-03-31", 10),
    "a quarter that ends later": (["Q1 2024", "Q2 2024"], None, "2024-01-31", None),
    "a month that began earlier": (["2024-01", "2024-02"], "2024-01-15", None, None),
    "the newest row need not be over": (["2024-01", "2024-02"], None, "2024-02-10", 30),
    "dates are days": (["2024-01-01", "2024-02-01"], "2024-01-01", "2024-01-15", 10),
}


@pytest.mark.parametrize("case", CUT)
def test_days_cut_no_row_in_two(case: str, tmp_path: Path) -> None:
    dates, since, until, expected = CUT[case]
    rows = "".join(f"{date},{10 * number}\n" for number, date in enumerate(dates, 1))
    found = card(tmp_path, f"Date,Total revenue\n{rows}", since=since, until=until)
    assert set(revenue(found).values()) == {expected}
    assert ("too_coarse" in codes(found)) == (expected is None)


def test_the_place_of_a_total_row_is_no_row_without_a_segment_or_date(tmp_path: Path) -> None:
    text = "Month,Region,Total revenue\n2024-01,EU,1\n2024-01,US,2\n,Total,3\n2024-02,EU,4\n2024-02,US,5\n"
    found = card(tmp_path, text, period="month", by=("Region",))
    assert codes(found) == ["total_row"]


def test_a_newest_row_without_a_date_is_told_without_a_period_too(tmp_path: Path) -> None:
    text = "Month,Active customers,Average revenue\n2024-01-05,10,5\n2024-02-05,20,5\nMarch (est.),30,5\n"
    found = card(tmp_path, text)
    assert {r.metric: r.value for r in found.results}["mrr"] == 100
    assert codes(found) == ["no_date"]
