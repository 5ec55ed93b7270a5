"""Periods that are not whole: marked only where the table itself shows it, shown, compared with nothing."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from metricsheet.api import evaluate, load_catalog
from metricsheet.cli.main import main
from metricsheet.evaluation.coverage import incomplete_periods
from metricsheet.evaluation.options import PeriodLength
from metricsheet.evaluation.periods import bounds, period_of
from metricsheet.values.dates import to_serial
from tests.stages import some

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "examples" / "acme_lifecycle.xlsx"


def daily(first: str, last: str, step: int = 1) -> list[dt.date]:
    day, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    found = []
    while day <= end:
        found.append(day)
        day += dt.timedelta(days=step)
    return found


def workdays(first: str, last: str) -> list[dt.date]:
    return [day for day in daily(first, last) if day.weekday() < 5]


def monthly(first: str, count: int, day: int) -> list[dt.date]:
    """One date a month: the first, the last (31), or any day."""
    year, month = map(int, first.split("-"))
    found = []
    for number in range(month - 1, month - 1 + count):
        start = dt.date(year + number // 12, number % 12 + 1, 1)
        last = (start + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        found.append(last if day == 31 else start.replace(day=min(day, last.day)))
    return found


def without(dates: list[dt.date], *months: str) -> list[dt.date]:
    return [day for day in dates if f"{day:%Y-%m}" not in months]


def on(*days: str) -> list[dt.date]:
    return [dt.date.fromisoformat(day) for day in days]


# what the table holds: (dates, period asked, the marks)
CASES: dict[str, tuple[list[dt.date], PeriodLength, dict[str, str]]] = {
    "daily, the newest month begun": (
        daily("2024-01-01", "2024-03-10"),
        "month",
        {"2024-03": "10 of 31 days"},
    ),
    "daily, whole months": (daily("2024-01-01", "2024-03-31"), "month", {}),
    "daily, February whole": (daily("2023-12-01", "2024-02-29"), "month", {}),
    "daily, begun after February": (daily("2024-02-01", "2024-03-15"), "month", {"2024-03": "15 of 31 days"}),
    "daily, one month alone": (daily("2024-03-01", "2024-03-10"), "month", {}),
    "daily, the last days free": (daily("2024-01-01", "2024-12-25"), "month", {}),
    "daily, the newest quarter begun": (
        daily("2023-01-01", "2024-05-10"),
        "quarter",
        {"2024-Q2": "40 of 91 days"},
    ),
    "daily, the newest year begun": (daily("2022-01-01", "2024-05-10"), "year", {"2024": "131 of 366 days"}),
    "daily, the first quarter begun late": (
        daily("2023-02-10", "2024-03-31"),
        "quarter",
        {"2023-Q1": "2 of 3 months"},
    ),
    "daily, a month missing": (
        without(daily("2023-01-01", "2024-06-30"), "2024-02"),
        "quarter",
        {"2024-Q1": "2 of 3 months"},
    ),
    "workdays, begun": (workdays("2024-01-01", "2024-03-12"), "month", {"2024-03": "12 of 31 days"}),
    "workdays, whole": (workdays("2024-01-01", "2024-11-30"), "month", {}),
    "weekly, by month": (daily("2024-01-01", "2024-05-06", 7), "month", {}),
    "weekly, the newest quarter begun": (
        daily("2023-01-02", "2024-05-06", 7),
        "quarter",
        {"2024-Q2": "36 of 91 days"},
    ),
    "weekly, whole quarters": (daily("2023-01-02", "2024-06-24", 7), "quarter", {}),
    "first of the month": (monthly("2023-01", 14, 1), "month", {}),
    "end of the month": (monthly("2023-01", 14, 31), "month", {}),
    "any day of the month": (monthly("2023-01", 14, 17), "month", {}),
    "first of the month, by quarter": (monthly("2023-01", 14, 1), "quarter", {"2024-Q1": "2 of 3 months"}),
    "end of the month, by quarter": (monthly("2023-01", 15, 31), "quarter", {}),
    "end of the month, one missing": (
        without(monthly("2024-01", 6, 31), "2024-02"),
        "quarter",
        {"2024-Q1": "2 of 3 months"},
    ),
    "first of the month, by year": (
        monthly("2022-07", 28, 1),
        "year",
        {"2022": "6 of 12 months", "2024": "10 of 12 months"},
    ),
    "one date a quarter, by quarter": (on("2024-01-31", "2024-04-02", "2024-07-15"), "quarter", {}),
    "one date a quarter, by year": (
        on("2023-01-01", "2023-04-01", "2023-07-01", "2023-10-01", "2024-01-01"),
        "year",
        {},
    ),
    "sparse survey, by month": (
        on("2024-01-03", "2024-01-25", "2024-02-09", "2024-02-27", "2024-02-28", "2024-03-02"),
        "month",
        {},
    ),
    "sparse survey, by quarter": (
        on("2024-01-03", "2024-01-25", "2024-02-09", "2024-03-27", "2024-04-02"),
        "quarter",
        {},
    ),
    "a survey now and then": (on("2023-01-10", "2023-06-03", "2023-10-20", "2024-02-01"), "year", {}),
    "one slip of the pen in a year": (
        [*daily("2024-01-01", "2024-02-29"), dt.date(2042, 1, 3)],
        "month",
        {"2042-01": "3 of 31 days"},
    ),
    "one day": (on("2024-01-03"), "month", {}),
    "no day": ([], "month", {}),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_marked(case: str) -> None:
    dates, length, expected = CASES[case]
    found = incomplete_periods([to_serial(day) for day in dates], length)
    assert {period: f"{c.have} of {c.of} {c.unit}" for period, c in found.items()} == expected
    # moments, their order, and rows without a date make no difference
    moments = [to_serial(day) + 0.7 for day in reversed(dates)]
    assert incomplete_periods([None, "soon", *moments, *moments], length) == found


TABLES: dict[str, Callable[[str, str], list[dt.date]]] = {
    "daily": daily,
    "workdays": workdays,
    "weekly": lambda first, last: daily(first, last, 7),
}


def ends(length: PeriodLength) -> Iterator[dt.date]:
    for year in range(2016, 2030):
        for month in range(1, 13):
            first, last = bounds(period_of(to_serial(dt.date(year, month, 1)), length))
            if period_of(first, "month") == f"{year}-{month:02d}":
                yield dt.date(1899, 12, 30) + dt.timedelta(days=int(last))


@pytest.mark.parametrize("length", ["month", "quarter", "year"])
@pytest.mark.parametrize("table", TABLES)
def test_a_whole_period_is_never_marked(table: str, length: PeriodLength) -> None:
    for last in ends(length):
        first = last - dt.timedelta(days={"month": 120, "quarter": 400, "year": 1200}[length])
        dates = [to_serial(day) for day in TABLES[table](first.isoformat(), last.isoformat())]
        assert period_of(dates[-1], length) not in incomplete_periods(dates, length)


@given(st.integers(0, 3000), st.integers(1, 23), st.sampled_from(["month", "quarter"]))
def test_a_daily_table_that_stops_a_week_early_is_marked(
    begin: int, stops: int, length: PeriodLength
) -> None:
    first, last = bounds(period_of(44000.0 + begin, length))
    # in February the last days of the range are less than a week early
    assume(first + stops - 1 + 7 <= last)
    dates = [float(day) for day in range(int(first) - 200, int(first) + stops)]
    found = incomplete_periods(dates, length)[period_of(first, length)]
    assert (found.have, found.of, found.unit) == (stops, int(last - first) + 1, "days")


# over whole runs -----------------------------------------------------------------------------------------

OWN = """\
version: 1
inputs:
  leads: {label: Leads}
  cost: {label: Cost}
  customers: {label: Customers, over_time: last}
metrics:
  new_leads: {label: New leads, stage: capture, kind: activity, unit: count, better: higher,
              formula: SUM(leads), target: 200}
  cost_per_lead: {label: Cost per lead, stage: capture, kind: activity, unit: money, better: lower,
                  formula: cost / leads}
  customer_base: {label: Customers, stage: expand, kind: outcome, unit: count, better: higher,
                  formula: customers}
"""
RULES = """\
version: 1
rules:
  fewer_leads: {severity: high, when: new_leads.trend = "falling",
                finding: "Fewer leads, {new_leads}.", tests: []}
  base_is_there: {severity: info, when: customer_base > 0, finding: "There are customers.", tests: []}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "lifecycle_rules").mkdir()
    (tmp_path / "metrics.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "lifecycle_rules" / "capture.yaml").write_text(RULES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def table(last: str) -> dict[str, list[Any]]:
    days = daily("2024-01-01", last)
    return {"Date": days, "Leads": [10] * len(days), "Cost": [20] * len(days)}


def by_period(card: Any, metric: str) -> dict[str, Any]:
    return {r.period: r for r in card.results if r.metric == metric}


def test_a_period_that_has_begun_is_shown_and_compared_with_nothing(folder: Path) -> None:
    card = evaluate(table("2024-03-10"), metrics=folder, period="month")
    leads = by_period(card, "new_leads")
    assert {p: r.value for p, r in leads.items()} == {"2024-01": 310, "2024-02": 290, "2024-03": 100}
    march = leads["2024-03"]
    assert (march.trend, march.past, march.gap, march.judged) == (None, None, None, False)
    assert (march.status, march.status_label) == ("low_data", "Incomplete period")
    assert "10 of 31 days" in march.notes[0]
    assert [r.judged for r in leads.values()] == [True, True, False]
    # the rule looks at February, which is whole
    (finding,) = [f for f in card.findings if f.rule == "fewer_leads"]
    assert (finding.outcome, finding.period) == ("fired", "2024-02")


def test_asked_for_it_is_compared_and_judged(folder: Path) -> None:
    card = evaluate(table("2024-03-10"), metrics=folder, period="month", partial=True)
    march = by_period(card, "new_leads")["2024-03"]
    assert march.trend.previous == 290
    assert (march.status, march.gap, march.judged) == ("warn", -100, True)
    assert "10 of 31 days" in march.notes[0]
    assert {(f.rule, f.outcome, f.period) for f in card.findings if f.rule == "fewer_leads"} == {
        ("fewer_leads", "fired", "2024-03")
    }


def test_what_follows_a_period_that_is_not_whole_is_not_compared_with_it(folder: Path) -> None:
    months = without(monthly("2024-01", 9, 1), "2024-05")
    table = {"Month": months, "Leads": range(100, 100 + len(months))}
    found = by_period(evaluate(table, metrics=folder, period="quarter"), "new_leads")
    assert [(r.period, r.judged, r.trend) for r in found.values()] == [
        ("2024-Q1", True, None),
        ("2024-Q2", False, None),
        ("2024-Q3", True, None),
    ]


@pytest.mark.parametrize(
    ("asked", "marks"),
    [
        ({"until": "2024-02-10"}, {"2024-02": "10 of 29 days"}),
        ({"until": "2024-02-29"}, {}),
        ({"since": "2024-01-15"}, {"2024-01": "17 of 31 days"}),
        ({"since": "2024-02-05", "until": "2024-02-10"}, {"2024-02": "6 of 29 days"}),
        ({"until": "2024-03-05"}, {"2024-03": "5 of 31 days"}),
        ({}, {}),
    ],
)
def test_days_asked_for_inside_a_period_mark_it(
    asked: dict[str, str], marks: dict[str, str], folder: Path
) -> None:
    card = evaluate(table("2024-03-31"), metrics=folder, period="month", only="new_leads", **asked)  # type: ignore[arg-type]
    found = {r.period: r.coverage for r in card.results if r.coverage is not None}
    assert {p: f"{c.have} of {c.of} {c.unit}" for p, c in found.items()} == marks


def test_each_table_speaks_for_itself(folder: Path) -> None:
    from xlsxwriter import Workbook

    path = folder / "book.xlsx"
    with Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, columns in (
            ("Leads", table("2024-03-10")),
            ("Base", {"Month": monthly("2024-01", 3, 1), "Customers": [5, 6, 7]}),
        ):
            sheet = book.add_worksheet(name)
            for place, (header, cells) in enumerate(columns.items()):
                sheet.write(0, place, header)
                for row, cell in enumerate(cells, 1):
                    sheet.write(row, place, cell)
    card = evaluate(path, metrics=folder, period="month")
    assert {r.metric for r in card.results if r.coverage is not None} == {"new_leads", "cost_per_lead"}
    outcomes = {f.rule: (f.outcome, f.period, f.reason) for f in card.findings}
    assert outcomes["base_is_there"][:2] == ("fired", "2024-03")
    # March is there for the customers: of the leads in it nothing is known yet
    assert outcomes["fewer_leads"][:2] == ("not_evaluated", "2024-03")
    assert "10 of 31 days" in outcomes["fewer_leads"][2]


def test_every_report_says_how_much_of_the_period_there_is(folder: Path) -> None:
    rows = table("2024-03-10")
    lines = [",".join(rows), *(",".join(map(str, row)) for row in zip(*rows.values(), strict=True))]
    (folder / "leads.csv").write_text("\n".join(lines), encoding="utf-8")

    def printed(*options: str) -> str:
        out = io.StringIO()
        with redirect_stdout(out):
            assert main(["evaluate", "leads.csv", "--period", "month", *options]) == 0
        return out.getvalue()

    text = printed("--show", "all")
    assert "Feb 2024 shown" in text
    assert "100 · Mar 2024, 10 of 31 days: not compared and not judged" in " ".join(text.split())
    results = json.loads(printed("--format", "json"))["results"]
    marked = [r for r in results if r["coverage"] is not None]
    assert {(r["period"], r["judged"]) for r in marked} == {("2024-03", False)}
    assert marked[0]["coverage"] == {"have": 10, "of": 31, "unit": "days"}
    assert ",10 of 31 days," in printed("--format", "csv")
    assert "31日中10日" in printed("--show", "all", "--lang", "ja")
    # a status of a period that is not whole fails nothing, that of the newest whole one does
    assert main(["evaluate", "leads.csv", "--period", "month", "-q", "--fail-on", "critical-status"]) == 0


@pytest.mark.parametrize(
    ("period", "by"), some(product(["month", "quarter", "year"], [(), ("Touchpoint",)]), test=3)
)
def test_nothing_in_the_demo_is_marked(period: str, by: tuple[str, ...]) -> None:
    card = evaluate(DEMO, metrics=ROOT, period=period, by=by)
    assert [r for r in card.results if r.coverage is not None] == []
    assert all(r.judged for r in card.results)


def test_the_definitions_used_here_are_sound(folder: Path) -> None:
    assert list(load_catalog(folder).rules) == ["fewer_leads", "base_is_there"]
