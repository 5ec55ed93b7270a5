"""What a file declares is counted before anything is held: little files never take much memory."""

from __future__ import annotations

import datetime as dt
import struct
from pathlib import Path

import pytest

from metricsheet.errors import WorkbookError
from metricsheet.files import limits
from metricsheet.files.read import read_books, read_bytes
from metricsheet.values import NUM, ExcelError
from tests.files.test_read_other_books import _NUMBER, _row, ods
from tests.files.xlsx_by_hand import MAIN, book, package, parts_of, sheet
from tests.real_data import DATA, needs_data
from tests.stages import cases

FILES = Path(__file__).parent / "books"
KINDS = (FILES / "kinds.xls").read_bytes()
TEXT = _NUMBER.format("").replace('office:value-type="float" office:value="3"', 'office:value-type="string"')
LONG = "x" * 30_000


def _cell(row: int, column: str = "A", more: str = "") -> str:
    return f'<row r="{row}"><c r="{column}{row}"{more}><v>0</v></c></row>'


def _shared(text: str, times: int) -> bytes:
    rows = "".join(_cell(row, more=' t="s"') for row in range(1, times + 1))
    return book(sheet(rows), texts=f'<sst xmlns="{MAIN}"><si><t>{text}</t></si></sst>')


TOO_MUCH: dict[str, tuple[str, bytes]] = {
    "a cell in the last corner": ("a.xlsx", book(sheet(_cell(1) + _cell(1_048_576, "XFD")))),
    "a wide and high sheet": ("a.xlsx", book(sheet(_cell(1) + _cell(2_000, "XFD")))),
    "rows repeated": ("a.ods", ods(_row(_NUMBER.format("") * 6, 1_000_000))),
    "cells without a type repeated": (
        "a.ods",
        ods(_row('<table:table-cell office:value="3" table:number-columns-repeated="9"/>', 1_000_000)),
    ),
    "a text repeated": ("a.ods", ods(_row(TEXT.replace(">3<", f">{LONG}<"), 5_000))),
}


@pytest.mark.parametrize("case", TOO_MUCH)
def test_more_than_the_file_is_large_enough_for_is_refused(case: str) -> None:
    name, data = TOO_MUCH[case]
    with pytest.raises(WorkbookError) as error:
        read_bytes(data, name)
    assert error.value.code in ("sheet_too_large", "too_large")


def test_what_a_large_file_holds_is_read() -> None:
    shared = read_bytes(_shared(LONG, 5_000), "a.xlsx").sheets[0].columns[0]
    assert len(shared) == 5_000
    assert len({id(cell) for cell in shared}) == 1  # one text for all cells
    last = cases(1_048_576, 100_000)
    stray = read_bytes(book(sheet(_cell(1) + _cell(last, "H"))), "a.xlsx")
    assert len(stray.sheets[0].rows) == last


DIGITS = "9" * 5_000
NO_NUMBERS: dict[str, bytes] = {
    "row": book(sheet(f'<row r="{DIGITS}"><c><v>1</v></c></row>')),
    "row beyond the last": book(sheet(_cell(1_048_577))),
    "column beyond the last": book(sheet(_cell(1, "XFE"))),
    "scope of a name": book(
        sheet(_cell(1)), names=f'<definedName name="n" localSheetId="{DIGITS}">S1!$A$1</definedName>'
    ),
}


@pytest.mark.parametrize("case", NO_NUMBERS)
def test_numbers_of_many_digits_are_damage(case: str) -> None:
    with pytest.raises(WorkbookError) as error:
        read_bytes(NO_NUMBERS[case], "a.xlsx")
    assert error.value.code == "damaged_workbook"


def test_a_duration_of_an_ods_file_that_no_calendar_has() -> None:
    cell = '<table:table-cell office:value-type="time" office:time-value="PT{}H00M00S"/>'
    rows = read_bytes(ods(_row(cell.format("99999999999") + cell.format("30"))), "a.ods").sheets[0].rows
    assert list(rows[0]) == [ExcelError(NUM), dt.timedelta(hours=30)]


def test_what_an_xls_file_claims() -> None:
    at = KINDS.index(b"\x00\x02\x0e\x00\x00\x00\x00\x00") + 8
    huge = KINDS[:at] + struct.pack("<I", 0xFFFFFFFF) + KINDS[at + 4 :]
    assert read_bytes(huge, "a.xls").sheets == read_bytes(KINDS, "a.xls").sheets  # the size is not asked


def test_two_sheets_of_one_part_are_damage() -> None:
    parts = dict(parts_of(book(sheet(_cell(1)), sheet(_cell(2)))))
    name = next(part for part in parts if part.endswith("workbook.xml.rels"))
    parts[name] = parts[name].replace(b"sheet2.xml", b"sheet1.xml")
    with pytest.raises(WorkbookError) as error:
        read_bytes(package(dict(parts)), "a.xlsx")
    assert error.value.code == "damaged_workbook"


def test_comments_of_unfinished_cells_are_read_at_once() -> None:
    for end in ('<c r="A1"', "<c ", '<c t="e"'):
        data = book(sheet(_cell(1) + f"<!--{end * 20_000}-->"))
        assert read_bytes(data, "a.xlsx").sheets[0].rows


@needs_data
def test_the_shared_hostile_files_end_in_a_value_or_a_named_problem() -> None:
    files = [path for path in sorted((DATA / "hostile").iterdir()) if path.suffix != ".md"]
    codes = {found.code for _, found in read_books(files) if isinstance(found, WorkbookError)}
    assert codes == {"damaged_workbook", "sheet_too_large"}


def test_limits_grow_with_the_file() -> None:
    assert limits.most_cells(1_000) == limits.FREE_CELLS + 2_000
