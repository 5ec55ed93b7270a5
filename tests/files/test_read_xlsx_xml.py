"""What an xlsx file's own XML tells: formula cells, unusual XML, damage."""

from __future__ import annotations

import io

import openpyxl
import pytest
import xlsxwriter

from metricsheet.files.read import read_bytes
from metricsheet.values import DIV0, NA_, ExcelError
from tests.files.xlsx_by_hand import MAIN, book, package, parts_of, sheet

FORMULA_CELLS = {
    "stored number": ('<c r="A1"><f>1+1</f><v>2</v></c>', 2.0),
    "stored zero": ('<c r="A1"><f>1-1</f><v>0</v></c>', 0.0),
    "stored text": ('<c r="A1" t="str"><f>"a"</f><v>a</v></c>', "a"),
    "stored empty text": ('<c r="A1" t="str"><f>""</f><v></v></c>', None),
    "stored flag": ('<c r="A1" t="b"><f>1=1</f><v>1</v></c>', True),
    "stored error": ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', ExcelError(DIV0)),
    "no value": ('<c r="A1"><f>1+1</f></c>', ExcelError(NA_)),
    "empty value": ('<c r="A1"><f>1+1</f><v></v></c>', ExcelError(NA_)),
    "closed empty value": ('<c r="A1"><f>1+1</f><v/></c>', ExcelError(NA_)),
    "shared formula without value": ('<c r="A1"><f t="shared" si="0"/></c>', ExcelError(NA_)),
    "shared formula with value": ('<c r="A1"><f t="shared" si="0"/><v>7</v></c>', 7.0),
    "array formula with text of its own": (
        '<c r="A1" t="str"><f t="array" ref="A1">t="e"</f><v>t="e"</v></c>',
        't="e"',
    ),
}


@pytest.mark.parametrize("case", FORMULA_CELLS)
def test_formula_cells(case: str) -> None:
    cell, expected = FORMULA_CELLS[case]
    found = read_bytes(book(sheet(f'<row r="1">{cell}<c r="B1"><v>9</v></c></row>')), "book.xlsx")
    assert list(found.sheets[0].rows) == [[expected, 9.0]]
    missing = expected == ExcelError(NA_)
    assert [p.code for p in found.problems] == (["formula_without_value"] if missing else [])


def test_formula_cells_without_a_value_are_named() -> None:
    made = openpyxl.Workbook()
    tab = made.active
    assert tab is not None
    tab.title = "Plan 2024"
    tab.append(["Month", "Revenue"])
    for row in range(2, 10):
        tab.append([f"M{row}", f"=A{row}*2"])
    packed = io.BytesIO()
    made.save(packed)
    found = read_bytes(packed.getvalue(), "plan.xlsx")
    (problem,) = found.problems
    assert problem.code == "formula_without_value"
    assert str(problem.message).startswith(
        "8 formula cells have no stored value: 'Plan 2024'!B2, 'Plan 2024'!B3"
    )
    assert str(problem.message).endswith("and 3 more")
    cell = found.sheets[0].rows[1][1]
    assert isinstance(cell, ExcelError)
    assert (
        str(cell.reason)
        == "'Plan 2024'!B2 is a formula without a stored value: open and save the workbook in Excel"
    )


def test_formulas_that_a_program_never_calculated_are_a_problem() -> None:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as made:
        tab = made.add_worksheet()
        tab.write_row(0, 0, [1, 2])
        tab.write_formula(0, 2, "=A1+B1")
    found = read_bytes(packed.getvalue(), "book.xlsx")
    assert [p.code for p in found.problems] == ["formulas_not_calculated"]


PLAIN = '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#N/A</v></c><c r="C1"><f>2</f></c></row>'
UNUSUAL = {
    "prefix": f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>'
    + PLAIN.replace("<", "<x:").replace("<x:/", "</x:")
    + "</x:sheetData></x:worksheet>",
    "no references": sheet('<row><c><v>1</v></c><c t="e"><v>#N/A</v></c><c><f>2</f></c></row>'),
    "single quotes": sheet(PLAIN.replace('"', "'")),
    "other order of attributes": sheet(PLAIN.replace('r="B1" t="e"', 't="e" r="B1"')),
    "spaces": sheet(PLAIN.replace("><", ">\n  <")),
    "strict": sheet(PLAIN).replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    "comment": sheet("<!-- <c r='Z9'> -->" + PLAIN),
}


@pytest.mark.parametrize("case", UNUSUAL)
def test_unusual_xml_is_read_alike(case: str) -> None:
    data = parts_of(book(sheet("")))
    data["xl/worksheets/sheet1.xml"] = UNUSUAL[case].encode()
    found = read_bytes(package(data), "book.xlsx")
    assert list(found.sheets[0].rows) == [[1.0, ExcelError(NA_), ExcelError(NA_)]]
    assert [p.code for p in found.problems] == ["formula_without_value"]


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_sheets_in_other_encodings_are_read(encoding: str) -> None:
    data = parts_of(book(sheet(PLAIN)))
    row = '<row r="1"><c r="A1" t="str"><v>Ürün</v></c></row>'
    data["xl/worksheets/sheet1.xml"] = f'<?xml version="1.0" encoding="{encoding}"?>{sheet(row)}'.encode(
        encoding
    )
    assert read_bytes(package(data), "book.xlsx").sheets[0].rows == [["Ürün"]]


def test_phonetic_guides_are_not_part_of_a_text() -> None:
    texts = (
        f'<sst xmlns="{MAIN}"><si><t>顧客</t><rPh sb="0" eb="2"><t>コキャク</t></rPh></si>'
        '<si><r><t xml:space="preserve">rich </t></r><r><t xml:space="preserve">text </t></r></si></sst>'
    )
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    data = book(sheet(row), texts=texts)
    assert [list(row) for row in read_bytes(data, "book.xlsx").sheets[0].rows] == [["顧客", "rich text "]]


def test_a_damaged_sheet_leaves_the_others_readable() -> None:
    found = read_bytes(
        book(
            sheet('<row r="1"><c r="A1"><v>1</v></c></ro'), sheet('<row r="1"><c r="A1"><v>2</v></c></row>')
        ),
        "b.xlsx",
    )
    assert [s.name for s in found.sheets] == ["S2"]
    assert [p.code for p in found.problems] == ["sheet_unreadable"]
    assert "S1" in str(found.problems[0].message)
