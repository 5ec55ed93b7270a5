"""Workbooks as analysts have them, through the command line, with answers known by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from metricsheet.cli.main import main


def evaluate(path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    """Evaluate to JSON; return the results by metric."""
    main(["evaluate", str(path), "--format", "json", *options])
    card = json.loads(capsys.readouterr().out)
    return {r["metric"]: r for r in card["results"]} | {"problems": card["problems"]}


def test_data_behind_a_data_dictionary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "shop.xlsx"
    with xlsxwriter.Workbook(path) as book:
        words = book.add_worksheet("Data Dict")
        words.write_row(1, 1, ["Data", "Variable", "Description"])
        for row, (name, text) in enumerate(
            [("CustomerID", "Unique id"), ("Churn", "Churn flag"), ("SatisfactionScore", "Score of service")]
        ):
            words.write_row(2 + row, 1, ["E Comm", name, text])
        data = book.add_worksheet("E Comm")
        data.write_row(0, 0, ["CustomerID", "Churn", "SatisfactionScore"])
        for row in range(40):
            data.write_row(1 + row, 0, [50000 + row, int(row % 8 == 0), row % 5 + 1])
    found = evaluate(path, capsys)
    assert found["churn_rate_flags"]["value"] == 5 / 40
    assert found["churn_rate_flags"]["inputs"][0]["from"].endswith("'E Comm'!B2:B41")
    assert found["css"]["value"] is None
    assert "1–5 scale" in found["css"]["reason"]


def test_names_tables_and_labelled_cells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "card.xlsx"
    with xlsxwriter.Workbook(path) as book:
        data, card = book.add_worksheet("Data"), book.add_worksheet("Kpi card")
        columns = [{"header": "Who"}, {"header": "NPS score"}]
        data.add_table(0, 0, 5, 1, {"name": "Answers", "columns": columns})
        for row, score in enumerate([10, 9, 8, 6, 10], 1):
            data.write_row(row, 0, [f"c{row}", score])
        card.write_row(2, 1, ["Customers at start of period", 200])
        card.write_row(3, 1, ["Customers lost", 14])
        for row, cost in enumerate([120, 80, 10], 5):
            card.write(row, 2, cost)
        book.define_name("marketing_cost", "='Kpi card'!$C$6")
        book.define_name("Spent", "='Kpi card'!$C$7")
    found = evaluate(path, capsys, "--map", "sales_cost=Spent", "--map", "new_customers=Kpi card!C8")
    assert found["nps"]["value"] == pytest.approx(40.0)
    assert found["churn_rate"]["value"] == pytest.approx(0.07)
    assert found["cac"]["value"] == pytest.approx(20.0)


TWO_COLUMNS = [["NPS score", "Recommend score"], *[[9, 3]] * 8]
FINISHED = [["Region", "NPS"], ["EU", 32.5], ["US", -14.2], ["APAC", 18]]
OFF_SCALE = [["NPS score"], [10], [9], [11], [8]]
ONLY_TEXT = [["NPS score"], ["good"], ["bad"], ["fine"]]
HEADER_ONLY = [["NPS score", "Region"]]
BLANK = [["NPS score", "Region"], *[[None, "EU"]] * 5]

# rows of a sheet, part of the reason, code of the problem, status
REFUSED = [
    (TWO_COLUMNS, "S!NPS score (S!A2:A9), S!Recommend score (S!B2:B9)", "ambiguous", "no_data"),
    (FINISHED, "finished score", "not_this_input", "no_data"),
    (OFF_SCALE, "S!A4 = 11", "out_of_scale", "invalid"),
    (ONLY_TEXT, "recommend_score", "not_this_input", "no_data"),
    (HEADER_ONLY, "no rows", "no_values", "no_data"),
    (BLANK, "is empty", "no_values", "no_data"),
]


@pytest.mark.parametrize(("rows", "reason", "code", "status"), REFUSED, ids=[r[1][:20] for r in REFUSED])
def test_refused_with_the_reason(
    rows: list[list[object]],
    reason: str,
    code: str,
    status: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    found = evaluate(path, capsys, "--only", "nps")
    assert found["nps"]["value"] is None
    assert reason in found["nps"]["reason"]
    assert found["nps"]["status"] == status
    assert any(code in problem["code"] for problem in found["problems"])


def test_an_error_cell_goes_through(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        sheet.write_column(0, 0, ["NPS score", 10, 9])
        sheet.write_formula(3, 0, "=NA()", None, "#N/A")
    found = evaluate(path, capsys, "--only", "nps")
    assert found["nps"]["value"] is None
    assert "S!A4" in found["nps"]["reason"]
    assert found["nps"]["error"] == "#N/A"


def test_a_stock_is_measured_on_the_newest_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "months.csv"
    path.write_text(
        "Month,Segment,Active customers,Average revenue\n"
        "2024-01,A,100,10\n2024-01,B,50,20\n2024-02,A,110,10\n2024-02,B,60,20\n",
        encoding="utf-8",
    )
    assert evaluate(path, capsys)["mrr"]["value"] == 110 * 10 + 60 * 20
    by_period = evaluate(path, capsys, "--period", "month", "--only", "mrr")["mrr"]
    assert by_period["period"] == "2024-02"
    assert by_period["trend"]["previous"] == 100 * 10 + 50 * 20
