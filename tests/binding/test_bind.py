"""Books into datasets: the order of looking, provenance, tables and dates."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from metricsheet.binding.bind import bind
from metricsheet.dataset import Dataset, Problem
from metricsheet.errors import UsageError, WorkbookError
from metricsheet.files.book import Book, CellRange, ExcelTable, Sheet
from metricsheet.values import DIV0, ExcelError
from tests.binding.binding_catalog import CATALOG, book, rows, sheet

SCORES = [9, 10, 3, 7, 8, 0, 6, 10]
SURVEY = sheet("Survey", ["Date", "Region", "Score"], *rows(40, [dt.date(2024, 1, 31)], ["EU", "US"], SCORES))
MONTHS = [dt.datetime(2024, m, 1) for m in range(1, 13)]
MONTHLY = sheet(
    "Monthly",
    ["Month", "Revenue", "Customers"],
    *[[month, 1000.0 + i, 10.0 + i] for i, month in enumerate(MONTHS)],
)


def problem(dataset: Dataset, code: str) -> Problem:
    found = [p for p in dataset.problems if p.code == code]
    assert len(found) == 1, dataset.problems
    return found[0]


def test_headers_bind_and_say_where() -> None:
    dataset = bind(CATALOG, book(SURVEY, MONTHLY))
    score = dataset.inputs["recommend_score"]
    assert score.where == "Book.xlsx!Survey!C2:C41"
    assert score.first_cell == "Survey!C2"
    assert score.header == "Score"
    assert list(score.cells) == [SCORES[i % 8] for i in range(40)]
    assert dataset.inputs["revenue"].where == "Book.xlsx!Monthly!B2:B13"
    assert dataset.inputs["revenue"].table == dataset.inputs["customers"].table == "Monthly"
    assert score.table == "Survey"
    assert dataset.source == "Book.xlsx"
    assert not dataset.problems


def test_tables_have_all_columns_with_dates_as_serial_numbers() -> None:
    dataset = bind(CATALOG, book(SURVEY, MONTHLY))
    survey, monthly = dataset.tables["Survey"], dataset.tables["Monthly"]
    assert list(survey.columns) == ["Date", "Region", "Score", "segment"]
    assert survey.columns["Date"][0] == 45322.0
    assert list(survey.columns["segment"]) == list(survey.columns["Region"])
    assert survey.rows == len(survey.columns["Region"]) == 40
    assert monthly.dates is not None
    assert list(monthly.dates)[:2] == [45292.0, 45323.0]
    assert monthly.dates_where == "Book.xlsx!Monthly!A2:A13"
    assert "No such" not in monthly.columns
    with pytest.raises(KeyError):
        monthly.columns["No such"]


def test_every_input_is_bound_or_refused_with_a_reason() -> None:
    dataset = bind(CATALOG, book(SURVEY, MONTHLY))
    assert dataset.inputs.keys() | dataset.refused.keys() >= CATALOG.inputs.keys()
    assert str(dataset.refused["marketing_cost"]).startswith("no column found for marketing_cost")
    assert "looked for: Marketing cost, ad spend" in str(dataset.refused["marketing_cost"])


def test_a_header_that_comes_near_is_named() -> None:
    dataset = bind(CATALOG, book(sheet("S", ["Markting cost", "Customers"], [1.0, 2.0], [3.0, 4.0])))
    assert "did you mean 'Markting cost'? --map marketing_cost=" in str(dataset.refused["marketing_cost"])


def test_title_rows_and_an_empty_book() -> None:
    titled = sheet("T", ["Report 2024"], [], ["Score", "Region"], *rows(30, SCORES, ["EU"]))
    dataset = bind(CATALOG, book(titled))
    assert dataset.inputs["recommend_score"].where == "Book.xlsx!T!A4:A33"
    for empty in (book(), book(sheet("E")), book(sheet("E", ["Score"])), book(Sheet.of_rows("E", []))):
        dataset = bind(CATALOG, empty)
        assert set(dataset.refused) | set(dataset.inputs) >= set(CATALOG.inputs)


def test_labels_beside_values() -> None:
    plan = sheet("Plan", ["Marketing cost", 5000.0], ["Customers", 40])
    dataset = bind(CATALOG, book(plan))
    cost = dataset.inputs["marketing_cost"]
    assert (cost.where, cost.cells, cost.table) == ("Book.xlsx!Plan!B1", [5000.0], None)
    assert cost.first_cell == "Plan!B1"
    assert not dataset.tables


def test_months_across() -> None:
    wide = sheet(
        "Plan",
        ["", "Jan 2024", "Feb 2024", "Mar 2024"],
        ["Revenue", 10.0, 20.0, 30.0],
        ["Customers", 1.0, 2.0, 3.0],
    )
    dataset = bind(CATALOG, book(wide))
    revenue = dataset.inputs["revenue"]
    assert list(revenue.cells) == [10.0, 20.0, 30.0]
    assert revenue.where == "Book.xlsx!Plan!B2:D2"
    assert revenue.first_cell == ""
    assert revenue.table == dataset.inputs["customers"].table is not None
    table = dataset.tables[revenue.table or ""]
    assert table.dates is not None
    assert len(table.dates) == table.rows == 3


def test_a_defined_name_comes_first() -> None:
    names = {"revenue": CellRange("Monthly", 1, 1, 3, 1)}
    dataset = bind(CATALOG, book(MONTHLY, names=names))
    revenue = dataset.inputs["revenue"]
    assert revenue.where == "Book.xlsx!Monthly!B2:B4"
    assert list(revenue.cells) == [1000.0, 1001.0, 1002.0]
    assert revenue.table != dataset.inputs["customers"].table
    whole = bind(CATALOG, book(MONTHLY, names={"Umsatz": CellRange("Monthly", 0, 1, None, 1)}))
    assert whole.inputs["revenue"].table == whole.inputs["customers"].table == "Monthly"


@pytest.mark.parametrize(
    "place",
    [
        CellRange("Gone", 0, 0, 5, 0),
        CellRange("Monthly", 900, 0, 950, 0),
        CellRange("Monthly", 0, 90, None, 90),
    ],
)
def test_a_defined_name_that_leads_nowhere_is_passed_over(place: CellRange) -> None:
    dataset = bind(CATALOG, book(MONTHLY, names={"revenue": place}))
    assert dataset.inputs["revenue"].where == "Book.xlsx!Monthly!B2:B13"


def test_a_defined_name_that_cannot_be_the_input_is_passed_over() -> None:
    extra = sheet("Result", ["NPS"], [32.5])
    dataset = bind(CATALOG, book(SURVEY, extra, names={"NPS": CellRange("Result", 1, 0, 1, 0)}))
    assert dataset.inputs["recommend_score"].where == "Book.xlsx!Survey!C2:C41"


def test_an_excel_table_comes_before_headers() -> None:
    data = sheet("Data", ["Revenue", "Customers"], *rows(5, [1.0], [2.0]), [], ["Revenue"], [9.0], [9.0])
    table = ExcelTable("Sales", ("Revenue", "Customers"), CellRange("Data", 1, 0, 5, 1))
    dataset = bind(CATALOG, book(data, MONTHLY, tables={"Sales": table}))
    assert dataset.inputs["revenue"].where == "Book.xlsx!Data!A2:A6"
    assert dataset.inputs["revenue"].table == "Sales"
    assert dataset.tables["Sales"].rows == 5


def test_a_table_that_fills_its_sheet_is_found_once() -> None:
    frame = Sheet.of_rows("", [["Score", "Region"], *rows(25, SCORES, ["EU"])])
    table = ExcelTable("data", ("Score", "Region"), CellRange("", 1, 0, 25, 1))
    dataset = bind(CATALOG, Book("data", (frame,), tables={"data": table}))
    assert dataset.inputs["recommend_score"].where == "data!A2:A26"
    assert not dataset.problems


def test_hidden_sheets_are_searched_only_by_map() -> None:
    hidden = sheet("Old", ["Revenue", "Customers"], *rows(5, [1.0], [2.0]), hidden=True)
    dataset = bind(CATALOG, book(SURVEY, hidden))
    assert "revenue" not in dataset.inputs
    assert "--map revenue=Old!Revenue" in str(dataset.refused["revenue"])
    mapped = bind(CATALOG, book(SURVEY, hidden), {"revenue": "Old!Revenue"})
    assert mapped.inputs["revenue"].where == "Book.xlsx!Old!A2:A6"
    named = bind(CATALOG, book(SURVEY, hidden, names={"revenue": CellRange("Old", 1, 0, 5, 0)}))
    assert "revenue" not in named.inputs


def test_csv_has_no_sheet_name_and_no_types() -> None:
    text = Sheet.of_rows("", [["survey date", "nps_rating"], *[["2024-01-31", "9"]] * 25])
    dataset = bind(CATALOG, Book("nps.csv", (text,), text_only=True))
    score = dataset.inputs["recommend_score"]
    assert score.where == "nps.csv!B2:B26"
    assert score.text_only
    assert score.table == "nps.csv"
    assert (
        dataset.tables["nps.csv"].dates == ["2024-01-31"] * 25
        or list(dataset.tables["nps.csv"].dates or ()) == ["2024-01-31"] * 25
    )


def test_two_tables_side_by_side_have_names_of_their_own() -> None:
    both = sheet(
        "S",
        ["Revenue", "Customers", None, "Marketing cost", "Opens"],
        *[[1.0 + i, 2.0 + i, None, 3.0 + i, 4.0 + i] for i in range(6)],
    )
    dataset = bind(CATALOG, book(both))
    assert dataset.inputs["revenue"].table == dataset.inputs["customers"].table
    assert dataset.inputs["revenue"].table != dataset.inputs["opens"].table
    assert all(name.startswith("S!") for name in dataset.tables)


def test_headers_that_repeat_or_are_missing_stay_reachable() -> None:
    data = sheet("S", ["Score", "Q", "Q", None], *rows(25, SCORES, ["a", "b"], ["c"], ["x"]))
    columns = bind(CATALOG, book(data)).tables["S"].columns
    assert list(columns) == ["Score", "Q", "Q (column C)", "column D"]


# headers, columns, expected date header or candidates
DATES = [
    (["Score", "Month"], [SCORES, ["2024-01", "2024-02"]], "B", ()),
    (["Score", "When"], [SCORES, [dt.date(2024, 1, 1), None]], "B", ()),
    (["Score", "When"], [SCORES, ["05.01.2024", "06.01.2024"]], "B", ()),
    (["Score", "When"], [SCORES, ["2024年1月", "2024年2月"]], "B", ()),
    (["Score", "When"], [SCORES, ["45292", "45293"]], None, ()),
    (["Score", "When"], [SCORES, [45292.0, 45293.0]], None, ()),
    (["Score", "When"], [SCORES, ["2024-01-01", "soon"]], None, ()),
    (
        ["Score", "Sent", "Seen"],
        [SCORES, [dt.date(2024, 1, 1)], [dt.date(2024, 1, 2)]],
        None,
        ("Sent", "Seen"),
    ),
    (["Score", "Date", "Seen"], [SCORES, [dt.date(2024, 1, 1)], [dt.date(2024, 1, 2)]], "B", ()),
    (["Score", "Date", "Survey date"], [SCORES, [45292.0], [45293.0]], None, ("Date", "Survey date")),
    (["Score", "Date", "Seen"], [SCORES, ["x", "y"], [dt.date(2024, 1, 2)]], "C", ()),
    (["Score", "Month", "Seen"], [SCORES, [1.0, 2.0], [dt.date(2024, 1, 2)]], "C", ()),
    (["Score", "Month"], [SCORES, [202401.0, 202402.0]], "B", ()),
    (["Score"], [SCORES], None, ()),
]


@pytest.mark.parametrize(("headers", "columns", "letter", "candidates"), DATES)
def test_the_date_column(
    headers: list[str], columns: list[list[object]], letter: str | None, candidates: tuple[str, ...]
) -> None:
    data = sheet("S", headers, *rows(30, *columns))  # type: ignore[arg-type]
    table = bind(CATALOG, book(data)).tables["S"]
    assert table.date_candidates == candidates
    assert table.dates_where == (f"Book.xlsx!S!{letter}2:{letter}31" if letter else "")


def test_the_date_column_can_be_mapped() -> None:
    data = sheet(
        "S", ["Score", "Sent", "Seen"], *rows(30, SCORES, [dt.date(2024, 1, 1)], [dt.date(2024, 1, 2)])
    )
    table = bind(CATALOG, book(data), {"date": "Seen"}).tables["S"]
    assert table.dates_where == "Book.xlsx!S!C2:C31"
    assert not table.date_candidates


def test_errors_and_times_come_through() -> None:
    data = sheet(
        "S", ["Revenue", "Took"], [ExcelError(DIV0), dt.time(12)], [1.0, dt.timedelta(days=1.5)], [2.0, None]
    )
    dataset = bind(CATALOG, book(data))
    assert dataset.inputs["revenue"].cells[0] == ExcelError(DIV0)
    assert list(dataset.tables["S"].columns["Took"]) == [0.5, 1.5, None]


def test_problems_of_the_book_and_of_used_tables_are_passed_on() -> None:
    told = Problem("Book.xlsx", "no_stored_value", "one formula cell has no value")
    dataset = bind(CATALOG, book(MONTHLY, problems=(told,)))
    assert dataset.problems[0] is told


def test_a_mapping_of_an_unknown_input_is_a_mistake_of_use() -> None:
    with pytest.raises(UsageError, match="'incom' is not an input or metric"):
        bind(CATALOG, book(SURVEY), {"incom": "C"})


def test_the_mapping_file_beside_the_book(tmp_path: Path) -> None:
    (tmp_path / "Book.map.yaml").write_text("mapping:\n  revenue: Survey!C\n  customers: Survey!C\n")
    path = tmp_path / "Book.xlsx"
    dataset = bind(CATALOG, book(SURVEY, MONTHLY), {"customers": "Monthly!Customers"}, folder=path)
    assert dataset.inputs["revenue"].where == "Book.xlsx!Survey!C2:C41"
    assert dataset.inputs["customers"].where == "Book.xlsx!Monthly!C2:C13"
    (tmp_path / "Book.map.yaml").write_text("mapping:\n  incom: Survey!C\n")
    with pytest.raises(WorkbookError, match="'incom' is not an input or metric"):
        bind(CATALOG, book(SURVEY), folder=path)


@pytest.mark.parametrize(
    ("headers", "code", "said"),
    [
        (["Revenue (TEUR)", "Marketing cost (TEUR)"], "unit_in_header", "in thousands"),
        (["Revenue (TEUR)", "Marketing cost"], "mixed_units", "marketing_cost not"),
        (["Revenue (TEUR)", "Marketing cost (Mio. €)"], "mixed_units", "in millions"),
        (["Revenue (EUR)", "Marketing cost"], None, ""),
    ],
)
def test_units_in_headers_are_told(headers: list[str], code: str | None, said: str) -> None:
    dataset = bind(CATALOG, book(sheet("S", headers, *rows(5, [1.0, 2.0], [3.0, 4.0]))))
    assert set(dataset.inputs) >= {"revenue", "marketing_cost"}
    if code is None:
        assert not dataset.problems
    else:
        assert said in str(problem(dataset, code).message)
