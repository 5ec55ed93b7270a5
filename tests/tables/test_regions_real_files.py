"""Regions of real files, whose layouts are known."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from metricsheet.files.book import Book
from metricsheet.files.find import find_files
from metricsheet.files.read import read_book
from metricsheet.tables.regions import Region, find_regions
from metricsheet.values import ExcelError
from tests.real_data import DATA, needs_data
from tests.stages import cases, some

pytestmark = needs_data


def read(path: str) -> Book:
    return read_book(DATA / path)


def table(path: str, sheet: int = 0) -> Region:
    return next(r for r in find_regions(read(path).sheets[sheet]) if r.kind == "table")


FILES: dict[str, tuple[str, int, int | None, int, tuple[str, ...]]] = {
    "e-commerce": ("ecommerce-churn/E Commerce Dataset.xlsx", 0, 0, 5630, ("CustomerID", "Churn", "Tenure")),
    "title and header in row 3": (
        "title-row-header-row-3/clienti.xlsx",
        0,
        2,
        4942,
        ("CustomerID", "Country", "Recency"),
    ),
    "second sheet": ("title-row-header-row-3/clienti.xlsx", 1, 2, 9, ("Metrica", "Valoare")),
    "third sheet": ("title-row-header-row-3/clienti.xlsx", 2, 2, 8, ("Feature", "Importance")),
    "survey by e-mail": (
        "nps-three-channels/nps_email.csv",
        0,
        0,
        1952,
        ("response_date", "user_id", "nps_rating"),
    ),
    "telco": ("telco-churn/Telco-Customer-Churn.csv", 0, 0, 7043, ("customerID", "gender")),
    "text ratings": (
        "text-ratings/fft_ratings.csv",
        0,
        0,
        3882,
        ("time", "rating", "surgery", "rating_score"),
    ),
    "no headers": ("cdnow/CDNOW_sample.txt", 0, None, 6919, ("", "", "", "", "")),
}


@pytest.mark.parametrize("case", FILES)
def test_the_table_is_found_where_it_is(case: str) -> None:
    path, sheet, header, rows, headers = FILES[case]
    region = table(path, sheet)
    assert region.header_row == header
    assert len(region.columns[0]) == rows
    assert region.headers[: len(headers)] == headers
    assert region.problems == ()


def test_questions_are_headers() -> None:
    region = table("turkish-likert/anket.xlsx")
    assert region.header_row == 0
    assert len(region.headers) == 7
    assert all(len(header) > 30 for header in region.headers)
    assert set(region.columns[0]) <= {
        "Kararsızım",
        "Katılıyorum",
        "Katılmıyorum",
        "Hiç Katılmıyorum",
        "Tamamen Katılıyorum",
    }


def test_metrics_beside_their_values() -> None:
    regions = find_regions(read("title-row-header-row-3/clienti.xlsx").sheets[1])
    pairs = next(r for r in regions if r.kind == "pairs")
    assert dict(zip(pairs.headers, (c[0] for c in pairs.columns), strict=True))["Accuracy"] == 0.7234


@pytest.mark.parametrize(
    "path",
    [
        "ecommerce-churn/E Commerce Dataset.xlsx",
        "title-row-header-row-3/clienti.xlsx",
        "turkish-likert/anket.xlsx",
    ],
)
def test_cells_of_workbooks_are_those_that_openpyxl_reads(path: str) -> None:
    theirs = openpyxl.load_workbook(DATA / path, read_only=True, data_only=True)
    for sheet in read(path).sheets:
        most = cases(len(sheet.rows), 500)
        rows = [list(row) for row in theirs[sheet.name].iter_rows(values_only=True, max_row=most)]
        assert [list(row) for row in sheet.rows[:most]] == rows


@pytest.mark.parametrize(
    "path",
    [
        "nps-three-channels/nps_web.csv",
        "telco-churn/Telco-Customer-Churn.csv",
        "text-ratings/fft_ratings.csv",
    ],
)
def test_cells_of_text_files_are_those_of_the_csv_module(path: str) -> None:
    with Path(DATA / path).open(encoding="utf-8", newline="") as file:
        rows = [[cell or None for cell in row] for row in csv.reader(file)]
    assert [list(row) for row in read(path).sheets[0].rows] == rows


def test_stored_errors_and_values_of_formula_workbooks_are_read() -> None:
    errors = 0
    for path in some(find_files([DATA / "excel-formulas"]), test=4):
        theirs = openpyxl.load_workbook(path, data_only=True)
        book = read_book(path)
        assert book.problems == (), path.name
        for sheet in book.sheets:
            for row, cells in enumerate(sheet.rows, 1):
                for column, cell in enumerate(cells, 1):
                    expected = theirs[sheet.name].cell(row, column).value
                    at = (path.name, sheet.name, row, column)
                    if isinstance(cell, ExcelError):
                        assert expected == cell.code, at
                        errors += 1
                    elif isinstance(expected, (bool, int, float, str)):
                        assert cell == expected, at
                        assert isinstance(cell, bool) == isinstance(expected, bool), at
    assert errors > cases(50, 0)
