"""Cells of ods, xls and xlsb files; ``files/make_files.py`` made the first two, ``xlsb_writer`` the last."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from metricsheet.errors import WorkbookError
from metricsheet.files.book import CellRange, RawCell
from metricsheet.files.read import read_book, read_bytes
from metricsheet.values import DIV0, NA_, NAME, NUM, ExcelError
from tests.files import xlsb_writer
from tests.files.xlsx_by_hand import package

FILES = Path(__file__).parent / "books"

KINDS: dict[str, RawCell] = {
    "Kind": "Cell",
    "whole": 42,
    "decimal": 2.5,
    "text": "Müller, 顧客 & ğş",
    "number as text": "1",
    "date": dt.date(2024, 3, 5),
    "moment": dt.datetime(2024, 3, 5, 13, 45),
    "time": dt.time(13, 45, 30),
    "span": dt.timedelta(hours=30),
    "percent": 0.125,
    "blank": None,
    "formula": 84.0,
    "division by zero": ExcelError(DIV0),
    "not available": ExcelError(NA_),
    "empty text formula": None,
    "bad name": ExcelError(NAME),
}


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_kinds_of_cells(kind: str) -> None:
    book = read_book(FILES / f"kinds.{kind}")
    found = {label: cell for label, cell in book.sheets[0].rows if isinstance(label, str)}
    assert {label: found[label] for label in KINDS} == KINDS
    assert type(found["number as text"]) is str
    assert book.problems == ()
    assert [(s.name, s.hidden) for s in book.sheets] == [
        ("Kinds", False),
        ("My survey", False),
        ("Hidden", True),
        ("Blank", False),
    ]
    assert book.sheets[1].merged == (CellRange("My survey", 0, 0, 0, 2),)
    assert [list(row) for row in book.sheets[1].rows[2:4]] == [
        ["Date", "Region", "Score"],
        [dt.date(2024, 1, 1), "EU", 9],
    ]


def test_flags_are_numbers_in_ods_files_of_libreoffice_and_flags_in_xls() -> None:
    for kind, expected in [("ods", [1.0, 0.0]), ("xls", [True, False])]:
        rows = dict(tuple(row) for row in read_book(FILES / f"kinds.{kind}").sheets[0].rows)
        assert [rows["true"], rows["false"]] == expected
        assert isinstance(rows["true"], bool) == (kind == "xls")


def test_named_ranges_of_ods_files() -> None:
    assert read_book(FILES / "kinds.ods").names == {"scores": CellRange("My survey", 3, 2, 5, 2)}


_ODS_NAMES = " ".join(
    f'xmlns:{prefix}="urn:{urn}"'
    for prefix, urn in {
        "office": "oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "oasis:names:tc:opendocument:xmlns:text:1.0",
        "calcext": "org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }.items()
)
_NUMBER = (
    '<table:table-cell office:value-type="float" office:value="3"{0}><text:p>3</text:p></table:table-cell>'
)
_ERROR = (
    '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"{0}><text:p>{1}</text:p></table:table-cell>'
)


def ods(*rows: str) -> bytes:
    """Return an ods file of one sheet ``S``."""
    return package(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": f"<office:document-content {_ODS_NAMES}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{"".join(rows)}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def _row(cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


ODS_ROWS: dict[str, tuple[list[str], list[list[RawCell]]]] = {
    "repeated cells": ([_row(_NUMBER.format(' table:number-columns-repeated="3"'))], [[3.0, 3.0, 3.0]]),
    "repeated rows": ([_row(_NUMBER.format(""), 2)], [[3.0], [3.0]]),
    "blank rows to the end of the sheet": (
        [
            _row(_NUMBER.format("")),
            _row('<table:table-cell table:number-columns-repeated="16384"/>', 1_048_575),
        ],
        [[3.0]],
    ),
    "error after repeated blanks": (
        [
            _row(_NUMBER.format("")),
            _row('<table:table-cell table:number-columns-repeated="2"/>' + _ERROR.format("", "#DIV/0!")),
        ],
        [[3.0, None, None], [None, None, ExcelError(DIV0)]],
    ),
    "error in the words of LibreOffice": (
        [_row(_ERROR.format("", "#NV") + _ERROR.format("", "Err:503"))],
        [[ExcelError(NA_), ExcelError(NUM)]],
    ),
    "error in a cell with a note": (
        [_row(_ERROR.format("", "#N/A").replace("<text:p>", "<office:annotation/><text:p>", 1))],
        [[ExcelError(NA_)]],
    ),
    "flag": (
        [_row('<table:table-cell office:value-type="boolean" office:boolean-value="true"/>')],
        [[True]],
    ),
    "formula without a value": (
        [_row(_NUMBER.format("") + '<table:table-cell table:formula="of:=1+1"/>')],
        [[3.0, ExcelError(NA_)]],
    ),
}


@pytest.mark.parametrize("case", ODS_ROWS)
def test_rows_of_ods_files(case: str) -> None:
    rows, expected = ODS_ROWS[case]
    found = [list(row) for row in read_bytes(ods(*rows), "book.ods").sheets[0].rows]
    assert found == expected
    assert [[type(cell) for cell in row] for row in found] == [
        [type(cell) for cell in row] for row in expected
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [_row(_NUMBER.format(' table:number-columns-repeated="16384"'), 1_048_576)],
        [_row(_NUMBER.format(' table:number-columns-repeated="99999999"'))],
        [_row(_NUMBER.format(""), 99_999_999)],
    ],
)
def test_cells_repeated_without_end_are_refused(rows: list[str]) -> None:
    with pytest.raises(WorkbookError) as error:
        read_bytes(ods(*rows), "bomb.ods")
    assert error.value.code == "sheet_too_large"


def test_xlsb() -> None:
    data = xlsb_writer.book(
        {
            "Answers": xlsb_writer.sheet(
                {
                    0: ["Region", "Score"],
                    1: ["EU", 4.5],
                    2: [None, True],
                    3: ["Müller 顧客", xlsb_writer.Error(0x07)],
                    6: ["1", xlsb_writer.Error(0x2A, formula=True)],
                },
                merged=[(1, 2, 0, 0)],
            ),
            "Hidden": xlsb_writer.sheet({5: [None, 2]}),
        },
        hidden=["Hidden"],
    )
    book = read_bytes(data, "book.xlsb")
    assert [list(row) for row in book.sheets[0].rows] == [
        ["Region", "Score"],
        ["EU", 4.5],
        [None, True],
        ["Müller 顧客", ExcelError(DIV0)],
        [None, None],
        [None, None],
        ["1", ExcelError(NA_)],
    ]
    assert str(book.sheets[0].rows[6][1]) == "#N/A in Answers!B7"
    assert book.sheets[0].merged == (CellRange("Answers", 1, 0, 2, 0),)
    assert [(s.name, s.hidden, len(s.rows)) for s in book.sheets] == [
        ("Answers", False, 7),
        ("Hidden", True, 6),
    ]


def test_an_error_in_the_last_row_of_an_xlsb_sheet_is_not_lost() -> None:
    data = xlsb_writer.book(
        {"S": xlsb_writer.sheet({0: [1], 4: [None, None, xlsb_writer.Error(0x24, formula=True)]})}
    )
    rows = read_bytes(data, "book.xlsb").sheets[0].rows
    assert len(rows) == 5
    assert rows[4][2] == ExcelError(NUM)


def test_a_stray_cell_of_an_xlsb_sheet() -> None:
    data = xlsb_writer.book({"S": xlsb_writer.sheet({0: [1], 1_048_575: [None] * 16_383 + [3]})})
    with pytest.raises(WorkbookError) as error:
        read_bytes(data, "book.xlsb")
    assert error.value.code == "sheet_too_large"


_TEXT = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
_VALUE = '<table:table-cell office:value-type="float" office:value="{}"><text:p>9</text:p></table:table-cell>'
_FLAG = (
    '<table:table-cell office:value-type="boolean" office:boolean-value="{}"><text:p>9</text:p>'
    "</table:table-cell>"
)
ODS_CELLS: dict[str, tuple[str, RawCell]] = {
    "comment": (_TEXT.format("a<!-- x -->b"), "ab"),
    "processing instruction": (_TEXT.format("a<?x y?>b"), "ab"),
    "reference": (_TEXT.format("a&#66;c"), "aBc"),
    "part in another style": (_TEXT.format("a<text:span>b</text:span>c"), "abc"),
    "spaces counted": (_TEXT.format('a<text:s text:c="3"/>b'), "a   b"),
    "flag": (_FLAG.format("true"), True),
    "number too large": (_VALUE.format("1e999"), ExcelError(NUM)),
    "no number": (_VALUE.format("NaN"), ExcelError(NUM)),
}


@pytest.mark.parametrize("case", ODS_CELLS)
def test_ods_cells_in_other_spellings(case: str) -> None:
    cell, expected = ODS_CELLS[case]
    found = read_bytes(ods(_row(cell + _NUMBER.format(""))), "a.ods").sheets[0].rows
    assert found == [[expected, 3.0]]


ODS_REFUSED = {
    "character data": _TEXT.format("<![CDATA[a]]>"),
    "flag that is none": _FLAG.format("yes"),
    "number that is none": _VALUE.format("1,5"),
}


@pytest.mark.parametrize("case", ODS_REFUSED)
def test_ods_cells_that_are_not_understood_are_refused(case: str) -> None:
    rows = _row(_NUMBER.format("")), _row(_NUMBER.format("") + ODS_REFUSED[case])
    with pytest.raises(WorkbookError) as error:
        read_bytes(ods(*rows), "a.ods")
    assert error.value.code == "damaged_workbook"
    assert "S!B2" in str(error.value) or case == "number that is none"  # of which the library tells no place


def test_numbers_that_are_none_in_binary_files_are_errors() -> None:
    data = xlsb_writer.book({"S": xlsb_writer.sheet({0: [1.0, float("nan")], 1: [float("-inf"), 2.0]})})
    assert read_bytes(data, "a.xlsb").sheets[0].rows == [[1.0, ExcelError(NUM)], [ExcelError(NUM), 2.0]]
