"""Targets of --map in a book: what they take, and what they say when they cannot."""

from __future__ import annotations

import pytest

from metricsheet.binding.bind import bind
from metricsheet.dataset import Dataset, Problem
from metricsheet.files.book import CellRange, ExcelTable
from tests.binding.binding_catalog import CATALOG, book, rows, sheet

DATA = sheet(
    "Data",
    ["C", "Amount", "Wow", "Cost [EUR]", "NPS"],
    *[[1.0 + i, 10.0 + i, 100.0 + i, 1000.0 + i, i % 11] for i in range(10)],
)
PLAN = sheet("Plan 2024", ["Target revenue", 500.0], ["Amount", 7.0])
SALES = sheet("Sales sheet", ["Net", "Gross"], *rows(4, [1.0, 2.0], [3.0, 4.0]))
HIDDEN = sheet("Old", ["Secret"], *rows(3, [42.0]), hidden=True)
BOOK = book(
    DATA,
    PLAN,
    SALES,
    HIDDEN,
    names={"Total_Cost": CellRange("Plan 2024", 0, 1, 0, 1), "Gone": CellRange("Nowhere", 0, 0, 0, 0)},
    tables={"Sales": ExcelTable("Sales", ("Net", "Gross"), CellRange("Sales sheet", 1, 0, 4, 1))},
)


def problem(dataset: Dataset) -> Problem:
    assert len(dataset.problems) == 1, dataset.problems
    return dataset.problems[0]


TAKEN = [
    ("Data!Amount", "Data!B2:B11", "Data"),
    ("data!AMOUNT", "Data!B2:B11", "Data"),
    ("Cost [EUR]", "Data!D2:D11", "Data"),
    ("Data!Cost [EUR]", "Data!D2:D11", "Data"),
    ("Data!B", "Data!B2:B11", "Data"),
    ("Data!B:B", "Data!B2:B11", "Data"),
    ("Data!$B$1:$B$11", "Data!B2:B11", "Data"),
    ("Data!B2:B11", "Data!B2:B11", "Data"),
    ("Data!B1:B99", "Data!B2:B11", "Data"),
    ("Data!B3:B6", "Data!B3:B6", "Data rows 3–6"),
    ("Data!B1:B6", "Data!B2:B6", "Data rows 2–6"),
    ("Data!B4", "Data!B4", None),
    ("Data!B2:C3", "Data!B2:C3", None),
    ("Data!NPS", "Data!E2:E11", "Data"),
    ("Data!C:C", "Data!C2:C11", "Data"),
    ("'Plan 2024'!Target revenue", "'Plan 2024'!B1", None),
    ("Plan 2024!B1", "'Plan 2024'!B1", None),
    ("Target revenue", "'Plan 2024'!B1", None),
    ("Total_Cost", "'Plan 2024'!B1", None),
    ("total_cost", "'Plan 2024'!B1", None),
    ("Sales[Net]", "'Sales sheet'!A2:A5", "Sales"),
    ("sales[gross]", "'Sales sheet'!B2:B5", "Sales"),
    ("'Sales sheet'!Net", "'Sales sheet'!A2:A5", "Sales"),
    ("Net", "'Sales sheet'!A2:A5", "Sales"),
    ("Secret", "Old!A2:A4", "Old"),
    ("Old!A", "Old!A2:A4", "Old"),
]


@pytest.mark.parametrize(("target", "where", "table"), TAKEN)
def test_targets(target: str, where: str, table: str | None) -> None:
    dataset = bind(CATALOG, BOOK, {"marketing_cost": target})
    bound = dataset.inputs["marketing_cost"]
    assert bound.where == f"Book.xlsx!{where}"
    assert bound.table == table
    assert "marketing_cost" not in dataset.refused
    if table is not None:
        assert dataset.tables[table].rows == len(bound.cells)


NOT_TAKEN = [
    ("Dta!Amount", "map_not_found", "no sheet 'Dta'", "did you mean 'Data'"),
    ("Nothing!Amount", "map_not_found", "no sheet 'Nothing'", "sheets: Data, Plan 2024"),
    ("Data!Amont", "map_not_found", "no header 'Amont'", "did you mean 'Amount'"),
    ("Data!Weather", "map_not_found", "no header 'Weather'", "headers: C, Amount"),
    ("Amont", "map_not_found", "no header or name 'Amont'", "did you mean 'Amount'"),
    ("Gone", "map_not_found", "'Gone'", ""),
    ("Data!Z9", "map_not_found", "outside the cells", ""),
    ("Data!ZZ", "map_not_found", "outside the cells", ""),
    ("Data!B500:B900", "map_not_found", "outside the cells", ""),
    ("Slaes[Net]", "map_not_found", "no table 'Slaes'", "did you mean 'Sales'"),
    ("Sales[Nett]", "map_not_found", "no column 'Nett'", "did you mean 'Net'"),
    ("Sales[Weather]", "map_not_found", "no column 'Weather'", "columns: Net, Gross"),
    ("Amount", "ambiguous", "Data!Amount (Data!B2:B11)", "'Plan 2024'!Amount"),
    ("B2:B11", "ambiguous", "names no sheet", "Data!B2:B11"),
    ("Data!C", "ambiguous", "is both the header of Data!C (Data!A2:A11) and the address", "Data!C:C"),
]


@pytest.mark.parametrize(("target", "code", "said", "hint"), NOT_TAKEN)
def test_targets_that_cannot_be_used(target: str, code: str, said: str, hint: str) -> None:
    dataset = bind(CATALOG, BOOK, {"marketing_cost": target})
    assert "marketing_cost" not in dataset.inputs
    told = problem(dataset)
    assert told.code == code
    assert str(told.message).startswith(f"--map marketing_cost={target}: ")
    assert said in str(told.message)
    assert hint in str(told.hint)
    assert told.metrics == ("cost_ratio",)
    assert dataset.refused["marketing_cost"] == told.message


def test_a_name_and_a_header_of_the_same_text() -> None:
    data = sheet("S", ["Fees", "x"], *rows(4, [1.0], [2.0]))
    other = book(data, names={"Fees": CellRange("S", 1, 1, 4, 1)})
    told = problem(bind(CATALOG, other, {"marketing_cost": "Fees"}))
    assert told.code == "ambiguous"
    same = book(data, names={"Fees": CellRange("S", 1, 0, 4, 0)})
    assert "marketing_cost" in bind(CATALOG, same, {"marketing_cost": "Fees"}).inputs


def test_an_address_needs_no_sheet_where_there_is_one() -> None:
    data = sheet("", ["a", "b"], *rows(4, [1.0], [2.0]))
    dataset = bind(CATALOG, book(data), {"marketing_cost": "B2:B5", "revenue": "A"})
    assert dataset.inputs["marketing_cost"].where == "Book.xlsx!B2:B5"
    assert dataset.inputs["revenue"].table == dataset.inputs["marketing_cost"].table


def test_two_ranges_of_the_same_rows_share_a_table() -> None:
    dataset = bind(CATALOG, BOOK, {"revenue": "Data!A3:A6", "customers": "Data!B3:B6", "opens": "Data!C4:C6"})
    assert dataset.inputs["revenue"].table == dataset.inputs["customers"].table
    assert dataset.inputs["revenue"].table != dataset.inputs["opens"].table
    table = dataset.tables["Data rows 3–6"]
    assert list(table.columns["Amount"]) == [11.0, 12.0, 13.0, 14.0]


def test_a_column_of_two_tables_is_refused() -> None:
    stacked = sheet(
        "S",
        ["a", "b"],
        *rows(4, [1.0, 2.0], [2.0, 3.0]),
        [],
        [],
        ["c", "d"],
        *rows(4, [5.0, 6.0], [6.0, 7.0]),
    )
    dataset = bind(CATALOG, book(stacked), {"marketing_cost": "S!B:B"})
    told = problem(dataset)
    assert told.code == "ambiguous"
    assert "S!b (S!B2:B5)" in str(told.message)
    one = bind(CATALOG, book(stacked), {"marketing_cost": "S!B2:B5"})
    assert one.inputs["marketing_cost"].where == "Book.xlsx!S!B2:B5"


def test_a_metric_given_ready_made() -> None:
    dataset = bind(CATALOG, BOOK, {"clv": "'Plan 2024'!B1"})
    assert list(dataset.inputs["clv"].cells) == [500.0]
    assert dataset.inputs["clv"].key == "clv"
    missing = bind(CATALOG, BOOK, {"clv": "Nothing!B1"})
    assert problem(missing).metrics == ("clv",)


def test_a_range_over_several_columns_is_told() -> None:
    data = sheet("S", ["Region", "Revenue", "Customers"], ["EU", 100.0, 10.0], ["US", 200.0, 10.0])
    dataset = bind(CATALOG, book(data), {"revenue": "S!B2:C3"})
    (told,) = [p for p in dataset.problems if p.code == "several_columns"]
    assert "Revenue, Customers" in str(told.message)
    assert not bind(CATALOG, book(data), {"revenue": "S!B2:B3"}).problems
