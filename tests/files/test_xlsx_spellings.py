"""Every legal spelling of a cell in an xlsx file gives its value; what is not understood is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from metricsheet.errors import WorkbookError
from metricsheet.files.book import RawCell, SheetColumn
from metricsheet.files.read import read_bytes
from metricsheet.files.xlsx_columns import _XlsxColumn
from metricsheet.values import DIV0, NA_, VALUE, ExcelError
from tests.files.xlsx_by_hand import MAIN, book, sheet

TEXTS = (
    f'<sst xmlns="{MAIN}"><si><t>zero</t></si><si><t>one &amp; only</t></si>'
    '<si><r><t>ri</t></r><r><rPr><b/></rPr><t>ch</t></r><rPh sb="0" eb="1"><t>guide</t></rPh></si>'
    '<si><t xml:space="preserve"> kept </t></si><si><t> trimmed </t></si><si><t/></si>'
    "<si><t><![CDATA[a<b]]></t></si><si><t>two_x000a_lines</t></si><si><t>&#x41;&#66;</t></si></sst>"
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="[h]:mm"/></numFmts>'
    '<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)

VALUES: dict[str, tuple[str, RawCell]] = {
    "number": ('<c r="A1"><v>5</v></c>', 5.0),
    "number with its type": ('<c r="A1" t="n"><v>-0.5e-3</v></c>', -0.0005),
    "number with spaces": ('<c r="A1"><v> 5\n</v></c>', 5.0),
    "number with a sign": ('<c r="A1"><v>+5</v></c>', 5.0),
    "number without digits before the point": ('<c r="A1"><v>.5</v></c>', 0.5),
    "many digits": (f'<c r="A1"><v>0.{"3" * 60}</v></c>', 1 / 3),
    "comment in a number": ('<c r="A1"><v>1<!-- c -->0</v></c>', 10.0),
    "comment before a number": ('<c r="A1"><v><!-- 1 -->0</v></c>', 0.0),
    "number as character data": ('<c r="A1"><v><![CDATA[9]]></v></c>', 9.0),
    "character reference": ('<c r="A1"><v>1&#48;</v></c>', 10.0),
    "processing instruction": ('<c r="A1"><v>1<?x 2?>0</v></c>', 10.0),
    "single quotes": ("<c r='A1' t='str'><v>x</v></c>", "x"),
    "spaces around an equals sign": ('<c r = "A1" t = "s"><v>0</v></c>', "zero"),
    "spaces in attributes": ('<c r=" A1 " t=" s " ><v>0</v></c >', "zero"),
    "lower-case letters": ('<c r="a1"><v>5</v></c>', 5.0),
    "order of attributes": ('<c t="s" r="A1"><v>0</v></c>', "zero"),
    "no reference": ("<c><v>5</v></c>", 5.0),
    "line breaks": ('<c\n r="A1"\n>\n<v>5</v>\n</c>', 5.0),
    "attributes of others": ('<c r="A1" xmlns:z="urn:z" z:t="s"><v>5</v></c>', 5.0),
    "elements of others": ('<c r="A1"><z:v xmlns:z="urn:z">7</z:v><v>5</v></c>', 5.0),
    "elements of others inside": ('<c r="A1"><v>5<z:v xmlns:z="urn:z">7</z:v></v></c>', 5.0),
    "cells of others": ('<z:c xmlns:z="urn:z" r="A1"><z:v>7</z:v></z:c><c r="A1"><v>5</v></c>', 5.0),
    "extension": ('<c r="A1"><v>5</v><extLst><ext uri="x"><v>7</v></ext></extLst></c>', 5.0),
    "cell metadata": ('<c r="A1" cm="1" vm="2"><f t="array" ref="A1">1</f><v>5</v></c>', 5.0),
    "shared text": ('<c r="A1" t="s"><v>1</v></c>', "one & only"),
    "shared text by a number with zeros": ('<c r="A1" t="s"><v>001</v></c>', "one & only"),
    "shared text by a number with spaces": ('<c r="A1" t="s"><v> 1 </v></c>', "one & only"),
    "rich text with a guide": ('<c r="A1" t="s"><v>2</v></c>', "rich"),
    "text that keeps its spaces": ('<c r="A1" t="s"><v>3</v></c>', " kept "),
    "text that does not": ('<c r="A1" t="s"><v>4</v></c>', "trimmed"),
    "empty shared text": ('<c r="A1" t="s"><v>5</v></c>', None),
    "shared character data": ('<c r="A1" t="s"><v>6</v></c>', "a<b"),
    "escaped line break": ('<c r="A1" t="s"><v>7</v></c>', "two\nlines"),
    "references in a shared text": ('<c r="A1" t="s"><v>8</v></c>', "AB"),
    "text of its own": ('<c r="A1" t="inlineStr"><is><t>x &lt; y</t></is></c>', "x < y"),
    "rich text of its own": (
        '<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r>'
        '<rPh sb="0" eb="1"><t>g</t></rPh></is></c>',
        "ab",
    ),
    "text of its own with spaces": (
        '<c r="A1" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>',
        " a ",
    ),
    "text of its own trimmed": ('<c r="A1" t="inlineStr"><is><t> a </t></is></c>', "a"),
    "text of digits of its own": ('<c r="A1" t="inlineStr"><is><t>007</t></is></c>', "007"),
    "empty text of its own": ('<c r="A1" t="inlineStr"><is><t></t></is></c>', None),
    "text with digits and spaces": ('<c r="A1" t="str"><v>12 34</v></c>', "12 34"),
    "text of spaces": ('<c r="A1" t="str"><v xml:space="preserve">  </v></c>', "  "),
    "text of a formula": ('<c r="A1" t="str"><f>A2&amp;"x"</f><v>x</v></c>', "x"),
    "empty text of a formula": ('<c r="A1" t="str"><f>""</f><v></v></c>', None),
    "text of digits of a formula": ('<c r="A1" t="str"><f>"1"</f><v>1</v></c>', "1"),
    "a mark that is text": ('<c r="A1" t="str"><v>~</v></c>', "~"),
    "flag": ('<c r="A1" t="b"><v>1</v></c>', True),
    "flag in words": ('<c r="A1" t="b"><v>false</v></c>', False),
    "error": ('<c r="A1" t="e"><v>#DIV/0!</v></c>', ExcelError(DIV0)),
    "newer error": ('<c r="A1" t="e"><v>#SPILL!</v></c>', ExcelError(VALUE)),
    "error without a value": ('<c r="A1" t="e"/>', ExcelError(NA_)),
    "error with an empty value": ('<c r="A1" t="e"><v></v></c>', ExcelError(NA_)),
    "formula without a value": ('<c r="A1"><f>1</f></c>', ExcelError(NA_)),
    "formula of comments": ('<c r="A1"><f><!-- <v>1</v> --></f><v>5</v></c>', 5.0),
    "date": ('<c r="A1" s="1"><v>45000</v></c>', dt.date(2023, 3, 15)),
    "date by a style with zeros": ('<c r="A1" s="01"><v>45000</v></c>', dt.date(2023, 3, 15)),
    "number that no date is": ('<c r="A1" s="1"><v>-3</v></c>', -3.0),
    "duration": ('<c r="A1" s="2"><v>1.25</v></c>', dt.timedelta(hours=30)),
    "date in words": ('<c r="A1" t="d"><v>2024-03-01</v></c>', dt.date(2024, 3, 1)),
    "moment in words": ('<c r="A1" t="d"><v>2024-03-01T12:00:00</v></c>', dt.datetime(2024, 3, 1, 12)),
    "style that is not there": ('<c r="A1" s="99"><v>5</v></c>', 5.0),
    "the last of two": ('<c r="A1"><v>4</v></c><c r="A1"><v>5</v></c>', 5.0),
    "blank": ('<c r="A1" s="1"/>', None),
    "blank with a value element": ('<c r="A1"><v/></c>', None),
}


def _book(cell: str) -> bytes:
    """Return a workbook whose cell stands before one of 9 and below a row of texts."""
    rows = f'<row r="1">{cell}<c r="B1"><v>9</v></c></row><row r="2"><c r="A2" t="s"><v>0</v></c></row>'
    return book(sheet(rows), texts=TEXTS, styles=STYLES)


@pytest.mark.parametrize("case", VALUES)
def test_a_cell_is_what_it_says_in_any_spelling(case: str) -> None:
    cell, expected = VALUES[case]
    (found,) = read_bytes(_book(cell), "a.xlsx").sheets
    assert found.rows == [[expected, 9.0], ["zero", None]]
    assert type(found.cell(0, 0)) is type(expected)
    if type(expected) is not float or "no date" not in case:  # such a number is known once it is decoded
        assert found.columns[0].kinds == SheetColumn(list(found.columns[0])).kinds


REFUSED: dict[str, tuple[str, str]] = {
    "index beyond the texts": ('<c r="A1" t="s"><v>9</v></c>', "'S1'!A1"),
    "index with a sign": ('<c r="A1" t="s"><v>-1</v></c>', "'S1'!A1"),
    "index with letters": ('<c r="A1" t="s"><v>1x</v></c>', "'S1'!A1"),
    "index of many digits": (f'<c r="A1" t="s"><v>{"1" * 5_000}</v></c>', "'S1'!A1"),
    "index with a point": ('<c r="A1" t="s"><v>1.0</v></c>', "'S1'!A1"),
    "number with letters": ('<c r="A1"><v>1O</v></c>', "'S1'!A1"),
    "number with a comma": ('<c r="A1"><v>1,5</v></c>', "'S1'!A1"),
    "number with two points": ('<c r="A1"><v>1.2.3</v></c>', "'S1'!A1"),
    "number of digits that are not ASCII": ('<c r="A1"><v>\u0661</v></c>', "'S1'!A1"),
    "number too large": ('<c r="A1"><v>1e999</v></c>', "'S1'!A1"),
    "no number": ('<c r="A1"><v>NaN</v></c>', "'S1'!A1"),
    "unknown type": ('<c r="A1" t="x"><v>1</v></c>', "'S1'!A1"),
    "flag that is none": ('<c r="A1" t="b"><v>2</v></c>', "'S1'!A1"),
    "date that is none": ('<c r="A1" t="d"><v>soon</v></c>', "'S1'!A1"),
    "style that is no number": ('<c r="A1" s="x"><v>1</v></c>', "'S1'!A1"),
    "two values": ('<c r="A1"><v>1</v><v>2</v></c>', "'S1'!A1"),
    "row beyond the last": ('<c r="A1048577"><v>1</v></c>', "A1048577"),
    "column beyond the last": ('<c r="XFE1"><v>1</v></c>', "XFE1"),
    "row 0": ('<c r="A0"><v>1</v></c>', "A0"),
    "no address": ('<c r="1A"><v>1</v></c>', "1A"),
    "element not closed": ('<c r="A1"><v>1</c>', "S1"),
    "attribute twice": ('<c r="A1" r="A1"><v>1</v></c>', "S1"),
    "prefix without a namespace": ('<c r="A1" q:x="1"><v>1</v></c>', "S1"),
    "bare ampersand": ('<c r="A1" t="str"><v>a & b</v></c>', "S1"),
    "bare end of character data": ('<c r="A1" t="str"><v>a ]]> b</v></c>', "S1"),
    "control character": ('<c r="A1" t="str"><v>a\x01b</v></c>', "S1"),
    "entity that is not there": ('<c r="A1" t="str"><v>&nbsp;</v></c>', "S1"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_cell_that_cannot_be_understood_refuses_its_sheet_alone(case: str) -> None:
    cell, named = REFUSED[case]
    good = sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
    data = book(sheet(f'<row r="1">{cell}</row>'), good, texts=TEXTS, styles=STYLES)
    found = read_bytes(data, "a.xlsx")
    assert [one.name for one in found.sheets] == ["S2"]
    (problem,) = found.problems
    assert problem.code == "sheet_unreadable"
    assert named in str(problem.message)
    with pytest.raises(WorkbookError) as refused:
        read_bytes(_book(cell), "a.xlsx")
    assert refused.value.code == "damaged_workbook"


ROWS: dict[str, tuple[str, list[list[RawCell]]]] = {
    "rows without numbers": ("<row><c><v>1</v></c></row><row><c><v>2</v></c></row>", [[1.0], [2.0]]),
    "rows that are skipped": ('<row r="2"><c r="A2"><v>2</v></c></row>', [[None], [2.0]]),
    "rows in another order": (
        '<row r="2"><c r="A2"><v>2</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        [[1.0], [2.0]],
    ),
    "cells in another order": ('<row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c></row>', [[1.0, 2.0]]),
    "cells of another row": ('<row r="1"><c r="A2"><v>2</v></c></row>', [[None], [2.0]]),
    "blank rows": (
        '<row r="1"/><row r="2" ht="12" customHeight="1"/><row r="3"><c r="A3"><v>3</v></c></row>'
        '<row r="4"/>',
        [[None], [None], [3.0]],
    ),
    "the same row twice": (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="B1"><v>2</v></c></row>',
        [[1.0, 2.0]],
    ),
    "hidden rows and outlines": (
        '<row r="1" hidden="1" outlineLevel="2" spans="1:1"><c r="A1"><v>1</v></c></row>',
        [[1.0]],
    ),
    "styles below the last": (
        '<row r="1"><c r="A1"><v>1</v></c><c r="F1" s="1"/></row><row r="9"><c r="A9" s="1"/></row>',
        [[1.0]],
    ),
    "nothing": ("", []),
}


@pytest.mark.parametrize("case", ROWS)
def test_rows_in_any_order(case: str) -> None:
    rows, expected = ROWS[case]
    assert read_bytes(book(sheet(rows), styles=STYLES), "a.xlsx").sheets[0].rows == expected


def test_number_formats_are_told_for_every_cell() -> None:
    styles = (
        f'<styleSheet xmlns="{MAIN}">'
        '<numFmts count="1"><numFmt numFmtId="200" formatCode="0.00 &quot;€&quot;"/></numFmts>'
        '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="200"/></cellXfs></styleSheet>'
    )
    row = (
        '<row r="{0}"><c r="A{0}" t="str"><v>x</v></c><c r="B{0}" s="1"><v>0.5</v></c>'
        '<c r="C{0}" s="2"><v>9</v></c></row>'
    )
    for rows in (row.format(1) + row.format(2), "<!-- -->" + row.format(1) + row.format(2)):
        columns = read_bytes(book(sheet(rows), styles=styles), "a.xlsx").sheets[0].columns
        assert [list(column.formats) for column in columns] == [[""] * 2, ["0.00%"] * 2, ['0.00 "€"'] * 2]
        assert list(columns[1][1:].formats) == ["0.00%"]


PROGRAMS = {
    "Excel": (
        f'<worksheet xmlns="{MAIN}" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">'
        '<sheetData><row r="1" spans="1:3" x14ac:dyDescent="0.25"><c r="A1" s="1"><v>45000</v></c>'
        '<c r="B1" t="s"><v>0</v></c><c r="C1" s="2"/></row><row r="2" spans="1:3" x14ac:dyDescent="0.25">'
        '<c r="A2"><f t="shared" ref="A2:A3" si="0">1+1</f><v>2</v></c>'
        '<c r="B2" t="str"><f>"x"</f><v>x</v></c>'
        '<c r="C2"><v>1.9424263952412558E+130</v></c></row></sheetData></worksheet>'
    ),
    "LibreOffice": sheet(
        '<row r="1" customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0" '
        'collapsed="false"><c r="A1" s="1" t="n"><v>45000</v></c><c r="B1" s="0" t="s"><v>0</v></c></row>'
        '<row r="2" customFormat="false"><c r="A2" s="0" t="n"><f aca="false">1+1</f><v>2</v></c>'
        '<c r="B2" s="0" t="str"><f aca="false">"x"</f><v>x</v></c>'
        '<c r="C2" s="0" t="n"><v>1.94242639524126E+130</v></c></row>'
    ),
    "openpyxl": sheet(
        '<row r="1"><c r="A1" s="1" t="n"><v>45000</v></c><c r="B1" t="inlineStr"><is><t>zero</t></is></c>'
        '<c r="C1" s="1" t="n" /></row><row r="2"><c r="A2"><f>1+1</f><v>2</v></c>'
        '<c r="B2" t="str"><f>"x"</f><v>x</v></c><c r="C2" t="n"><v>1.942426395241256e+130</v></c></row>'
    ),
    "Apache POI": sheet(
        '<row r="1">\n<c r="A1" t="n" s="1"><v>45000.0</v></c><c r="B1" t="s" s="0"><v>0</v></c></row>\n'
        '<row r="2">\n<c r="A2" t="n"><f>1+1</f><v>2.0</v></c><c r="B2" t="str"><f>"x"</f><v>x</v></c>'
        '<c r="C2" t="n"><v>1.942426395241256E130</v></c></row>\n'
    ),
    "SheetJS": sheet(
        '<row r="1"><c r="A1" s="1"><v>45000</v></c><c r="B1" t="str"><v>zero</v></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>"x"</f><v>x</v></c>'
        '<c r="C2" t="n"><v>1.942426395241256e+130</v></c></row>'
    ),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_programs_write_is_read_by_columns(program: str) -> None:
    (found,) = read_bytes(book(PROGRAMS[program], texts=TEXTS, styles=STYLES), "a.xlsx").sheets
    assert isinstance(found.columns[0], _XlsxColumn)
    assert found.rows[0] == [dt.date(2023, 3, 15), "zero", None]
    assert found.rows[1] == [2.0, "x", pytest.approx(1.942426395241256e130)]
    assert found.columns[0].formats[0] == "yyyy-mm-dd"
