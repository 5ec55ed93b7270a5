"""Ledgers as they are shown: tables for people and programs, the rows they come from, a customer's days."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest
from python_calamine import CalamineWorkbook

from metricsheet.api import customer_over_time, evaluate
from metricsheet.cli.main import main
from metricsheet.errors import UsageError
from metricsheet.report.data.json_schema import result_schema
from metricsheet.values.dates import from_serial

LIST = """Customer ID,Plan,Start date,End date,Price,Interval
a,A,2024-01-10,,100,month
b,A,2024-01-20,2024-03-05,50,month
c,A,2024-02-03,2024-03-15,80,month
c,B,2024-03-15,,120,month
d,B,2024-02-08,2024-02-25,40,month
"""


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    path = tmp_path / "subs.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


@pytest.fixture(name="card")
def _card(path: Path):
    return evaluate(path, period="month", until="2024-03-31")


def test_each_customer_and_period_with_its_rows(card, tmp_path):
    made = card.write(tmp_path / "out.csv", show=["movements", "cohorts"])
    assert [path.name for path in made] == ["out.csv", "out.cohorts.csv"]
    moves, cohorts = (list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))) for path in made)
    keys = ("period", "customer", "movement", "change", "rows")
    assert [tuple(row[key] for key in keys) for row in moves] == [
        ("2024-01", "a", "new", "100.0", "subs.csv!2"),
        ("2024-01", "b", "new", "50.0", "subs.csv!3"),
        ("2024-02", "c", "new", "80.0", "subs.csv!4"),
        ("2024-02", "d", "came_and_went", "0.0", "subs.csv!6"),
        ("2024-03", "b", "churn", "-50.0", "subs.csv!3"),
        ("2024-03", "c", "expansion", "40.0", "subs.csv!4 subs.csv!5"),
    ]
    assert [(row["cohort"], row["age"], row["customers"], row["size"]) for row in cohorts][5:7] == [
        ("", "0", "3", "4"),
        ("", "1", "3", "4"),
    ]


def test_the_json_fits_its_schema_and_adds_up(card):
    found = json.loads(json.dumps(card.to_dict()))
    jsonschema.validate(found, result_schema())
    (ledger,) = found["ledgers"]
    assert ledger["settings"]["end_means"] == "first_day_without"
    for row in ledger["periods"]:
        gained = row["new"] + row["reactivation"] + row["expansion"] + row["transferred_in"]
        assert (
            row["start"] + gained - row["contraction"] - row["churn"] - row["transferred_out"] == row["end"]
        )
    assert [row["end"] for row in ledger["periods"]] == [150, 230, 220]


def test_the_workbook_has_numbers(card, tmp_path):
    (path,) = card.write(tmp_path / "out.xlsx")
    book = CalamineWorkbook.from_path(path)
    movements = book.get_sheet_by_name("Movements").to_python()
    assert movements[2][:3] == ["Period", "Start", "New"]
    assert [row[1:4] for row in movements[3:6]] == [[0, 150, 0], [150, 80, 0], [230, 0, 0]]
    cohorts = book.get_sheet_by_name("Cohorts").to_python()
    assert cohorts[3][:5] == ["Jan 2024", 2, 1, 1, 0.5]
    assert cohorts[4][:5] == ["Feb 2024", 2, 0.5, 0.5, ""]


@pytest.mark.parametrize(
    ("language", "title", "line"),
    [
        (
            "en",
            "MRR movements",
            "Mar 2024  230.00    0.00          0.00      40.00         0.00  -50.00  220.00",
        ),
        ("de", "MRR-Bewegungen", "Mär 2024  230,00    0,00      0,00   40,00    0,00  -50,00  220,00"),
        ("ja", "MRRの増減", "2024年3月  230.00    0.00  0.00  40.00  0.00  -50.00  220.00"),
    ],
)
def test_the_first_screen_has_the_movements(path, capsys, language, title, line):
    asked = ["--period", "month", "--to", "2024-03-31", "--lang", language]
    main(["evaluate", str(path), *asked])
    shown = " ".join(capsys.readouterr().out.split())
    assert title in shown
    assert " ".join(line.split()) in shown
    assert "end_means=first_day_without" in shown


@pytest.mark.parametrize("form", ["md", "html"])
def test_every_form_for_people_has_them(card, tmp_path, form):
    (path,) = card.write(tmp_path / f"out.{form}")
    text = path.read_text("utf-8")
    assert "MRR movements" in text
    assert "-50.00" in text


def test_parts_asked_for(path, capsys):
    main(["evaluate", str(path), "--period", "month", "--to", "2024-03-31", "--show", "movements,cohorts"])
    shown = capsys.readouterr().out
    assert "c 80.00 120.00 subs.csv!4, subs.csv!5" in " ".join(shown.split())
    assert "Customers kept" in shown
    main(["evaluate", str(path), "--show", "cohorts"])
    assert "no list of subscriptions, or no period asked for" in capsys.readouterr().out


def test_cohorts_by_something_of_the_first_day(path):
    (ledger,) = evaluate(path, period="month", until="2024-03-31", cohort="Plan").ledgers
    assert [(one.name, one.size, one.base) for one in ledger.cohorts] == [
        ("A", 3, 230),
        ("B", 1, 40),
        ("", 4, 270),
    ]
    (quarters,) = evaluate(path, period="month", until="2024-03-31", cohort="quarter").ledgers
    assert [(one.name, one.size, len(one.ages)) for one in quarters.cohorts] == [("2024-Q1", 4, 1)]


def test_findings_name_who_moved_most(tmp_path):
    path = tmp_path / "subs.csv"
    rows = [f"c{n},2024-01-10,{'2024-02-10' if n < 20 else ''},{n + 1},month" for n in range(60)]
    path.write_text(
        "Customer ID,Start date,End date,Price,Interval\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    found = evaluate(path, period="month", until="2024-02-29")
    texts = [f.text for f in found.findings if f.outcome == "fired"]
    assert any("Moved most: c19 -20, c18 -19, c17 -18." in text for text in texts)


def test_rates_of_few_customers_are_judged_by_nothing(card):
    rates = {
        r.metric: r
        for r in card.results
        if r.period == "2024-03" and r.metric in ("nrr", "grr", "quick_ratio")
    }
    assert {r.status for r in rates.values()} == {"low_data"}
    assert not any(r.judged for r in rates.values())
    assert rates["nrr"].n == 3
    low, high = rates["nrr"].interval
    assert low < rates["nrr"].value < high


def test_a_customer_day_by_day(path, capsys):
    times = customer_over_time(path, "c")
    days = [
        (str(from_serial(t.first).date()), t.last and str(from_serial(t.last).date()), t.amount, t.rows)
        for t in times
    ]
    assert days == [
        ("2024-02-03", "2024-03-14", 80, ("subs.csv!4",)),
        ("2024-03-15", None, 120, ("subs.csv!5",)),
    ]
    assert main(["explain", "customer", "d", str(path)]) == 0
    assert "2024-02-08 – 2024-02-24" in capsys.readouterr().out
    assert customer_over_time(path, "nobody") == ()
    with pytest.raises(UsageError, match="no list of subscriptions"):
        customer_over_time({"NPS score": [9, 10]}, "c")


def test_what_is_left_out_is_told_in_the_head(tmp_path, capsys):
    path = tmp_path / "subs.csv"
    rows = "".join(
        f"{who},{start},month,100\n" for who, start in zip("abcd", ["2024-01-10"] * 3 + [""], strict=True)
    )
    path.write_text(f"Customer ID,Start date,Interval,Price\n{rows}", encoding="utf-8")
    main(["evaluate", str(path), "--period", "month", "--to", "2024-03-31"])
    lines = capsys.readouterr().out.splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("MRR movements"))
    assert lines[place + 1].startswith("the rows left out hold 25.0% of all monthly amounts")


def test_slices_hold_numbers_that_are_kept(tmp_path):
    rows = "a,A,2024-01-10,2024-02-10,100\na,B,2024-01-10,,50\na,C,2024-02-10,,30\na,B,2024-02-10,,40\n"
    path = tmp_path / "subs.csv"
    path.write_text(f"Customer ID,Plan,Start date,End date,Monthly price\n{rows}", encoding="utf-8")
    (ledger,) = evaluate(path, period="month", until="2024-03-31", by="Plan").ledgers
    kept = [(row.retention.start, row.retention.end, row.retention.kept) for row in ledger.rows]
    assert {type(value) for values in kept for value in values} <= {int, float}
    assert sum(row.transferred_in for row in ledger.rows) == 70
