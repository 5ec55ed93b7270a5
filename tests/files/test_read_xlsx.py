"""Cells of xlsx files: values against openpyxl, and what the file's own XML tells besides."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Callable
from typing import Any

import openpyxl
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from metricsheet.files.book import BLANK, Book, CellRange, RawCell
from metricsheet.files.read import read_bytes
from metricsheet.values import NA_, REF, VALUE, ExcelError
from tests import stages
from tests.files.xlsx_by_hand import book, sheet

DAY = dt.date(2024, 3, 5)


def written(fill: Callable[[Any], None], **options: Any) -> Book:
    """Return what is read of a workbook that ``fill`` writes with XlsxWriter."""
    packed = io.BytesIO()
    made = xlsxwriter.Workbook(packed, {"in_memory": True, **options})
    fill(made)
    made.close()
    return read_bytes(packed.getvalue(), "book.xlsx")


def rows_of(data: bytes) -> list[list[RawCell]]:
    return [list(row) for row in read_bytes(data, "book.xlsx").sheets[0].rows]


def test_kinds_of_cells_stay_what_they_are() -> None:
    cells: list[tuple[Any, str | None, RawCell]] = [
        (42, None, 42.0),
        (2.5, None, 2.5),
        (-0.125, "0.0%", -0.125),
        (1e300, None, 1e300),
        ("text", None, "text"),
        ("1", None, "1"),
        (" 5 ", None, " 5 "),
        (" ", None, " "),
        ("line\nbreak", None, "line\nbreak"),
        ("顧客 ğş ü", None, "顧客 ğş ü"),
        (True, None, True),
        (False, None, False),
        (DAY, "yyyy-mm-dd", DAY),
        (dt.datetime(2024, 3, 5, 13, 45), "dd.mm.yyyy hh:mm", dt.datetime(2024, 3, 5, 13, 45)),
        (dt.time(13, 45, 30), "hh:mm:ss", dt.time(13, 45, 30)),
        (dt.timedelta(hours=30), "[h]:mm", dt.timedelta(hours=30)),
        (45356, "yyyy年m月", DAY.replace(day=5)),
        (45356, "General", 45356.0),
        (45356, '0.00 "days"', 45356.0),
    ]

    def fill(made: Any) -> None:
        tab = made.add_worksheet("Kinds")
        for row, (cell, shown, _) in enumerate(cells):
            form = made.add_format({"num_format": shown}) if shown else None
            write = tab.write_string if isinstance(cell, str) else tab.write
            write(row, 0, cell, form)

    found = [row[0] for row in written(fill).sheets[0].rows]
    assert found == [expected for _, _, expected in cells]
    assert [type(cell) for cell in found] == [type(expected) for _, _, expected in cells]


GRID = st.lists(
    st.lists(
        st.one_of(
            st.none(),
            st.floats(-9.99e307, 9.99e307),  # Excel holds no larger ones
            st.integers(-(2**53), 2**53),
            st.booleans(),
            st.text(
                st.characters(min_codepoint=32, exclude_categories=("Cs", "Cn", "Co")), min_size=1, max_size=8
            ),
            st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31)),
        ),
        min_size=1,
        max_size=5,
    ),
    min_size=1,
    max_size=6,
)


@stages.few_cases
@given(grid=GRID)
def test_random_grids_read_as_openpyxl_reads_them(grid: list[list[Any]]) -> None:
    packed = io.BytesIO()
    made = xlsxwriter.Workbook(packed, {"in_memory": True})
    date = made.add_format({"num_format": "yyyy-mm-dd"})
    tab = made.add_worksheet("Grid")
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                tab.write_string(row, column, cell)
            elif isinstance(cell, dt.date):
                tab.write_datetime(row, column, cell, date)
            elif cell is not None:
                tab.write(row, column, cell)
    made.close()
    ours = read_bytes(packed.getvalue(), "grid.xlsx").sheets[0].rows
    theirs = openpyxl.load_workbook(io.BytesIO(packed.getvalue()), data_only=True)["Grid"]
    assert len({len(row) for row in ours}) <= 1
    for row in range(1, theirs.max_row + 1):
        for column in range(1, theirs.max_column + 1):
            expected = theirs.cell(row, column).value
            inside = row <= len(ours) and column <= len(ours[0])
            found = ours[row - 1][column - 1] if inside else None
            if isinstance(expected, dt.datetime):
                expected = expected.date()
            if isinstance(expected, float) and not isinstance(found, bool):
                assert isinstance(found, (int, float))
                assert math.isclose(found, expected, rel_tol=1e-14)
            else:
                assert found == expected
                assert isinstance(found, bool) == isinstance(expected, bool)


def test_errors_are_values_that_say_where_they_stand() -> None:
    def fill(made: Any) -> None:
        tab = made.add_worksheet("My sheet")
        tab.write(0, 0, "Value")
        for row, code in enumerate(["#DIV/0!", "#N/A", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"], 1):
            tab.write_formula(row, 0, "=A1", None, code)

    rows = written(fill).sheets[0].rows
    codes = [cell.code for (cell,) in rows[1:] if isinstance(cell, ExcelError)]
    assert codes == ["#DIV/0!", "#N/A", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"]
    assert str(rows[1][0]) == "#DIV/0! in 'My sheet'!A2"


def test_newer_errors_become_value_errors_with_their_name() -> None:
    rows = rows_of(
        book(
            sheet(
                '<row r="1"><c r="A1" t="e"><v>#SPILL!</v></c><c r="B1" t="e"><v>#GETTING_DATA</v></c></row>'
            )
        )
    )
    assert rows == [[ExcelError(VALUE), ExcelError(NA_)]]
    assert "#SPILL!" in str(rows[0][0])


def test_names_and_tables() -> None:
    def fill(made: Any) -> None:
        tab = made.add_worksheet("My survey")
        tab.write_row(0, 0, ["Region", "Score"])
        for row in range(1, 5):
            tab.write_row(row, 0, ["EU", row])
        tab.add_table(
            0,
            0,
            5,
            1,
            {
                "name": "Answers",
                "total_row": True,
                "columns": [
                    {"header": "Region", "total_string": "Total"},
                    {"header": "Score", "total_function": "sum", "total_value": 10},
                ],
            },
        )
        other = made.add_worksheet("Other")
        other.write(0, 0, 1)
        made.define_name("scores", "='My survey'!$B$2:$B$5")
        made.define_name("one_cell", "=Other!$A$1")
        made.define_name("whole", "=Other!$A:$B")
        made.define_name("Other!local", "=Other!$A$1")
        made.define_name("My survey!local", "='My survey'!$B$2")
        made.define_name("Other!only_here", "=Other!$B$2")
        made.define_name("from_table", "=Answers[Score]")
        made.define_name("constant", "=42")
        made.define_name("moving", "=OFFSET(Other!$A$1,1,0)")
        made.define_name("broken", "=#REF!")
        made.define_name("elsewhere", "='[1]Sheet'!$A$1")
        made.define_name("several", "=Other!$A$1,Other!$B$1")

    found = written(fill)
    assert dict(found.names) == {
        "scores": CellRange("My survey", 1, 1, 4, 1),
        "one_cell": CellRange("Other", 0, 0, 0, 0),
        "whole": CellRange("Other", 0, 0, None, 1),
        "Other!local": CellRange("Other", 0, 0, 0, 0),
        "My survey!local": CellRange("My survey", 1, 1, 1, 1),
        "Other!only_here": CellRange("Other", 1, 1, 1, 1),
        "only_here": CellRange("Other", 1, 1, 1, 1),
        "from_table": CellRange("My survey", 1, 1, 4, 1),
    }
    table = found.tables["Answers"]
    assert table.columns == ("Region", "Score")
    assert table.data == CellRange("My survey", 1, 0, 4, 1)


def test_merged_hidden_and_empty_sheets() -> None:
    def fill(made: Any) -> None:
        first = made.add_worksheet("First")
        first.merge_range(0, 0, 0, 3, "Title")
        first.write(1, 0, 1)
        made.add_worksheet("Blank")
        made.add_worksheet("Hidden").hide()
        very = made.add_worksheet("Very")
        getattr(very, "very_hidden", very.hide)()  # XlsxWriter before 3.2 can only hide
        chart = made.add_chart({"type": "line"})
        chart.add_series({"values": "=First!$A$2:$A$3"})
        made.add_chartsheet("Chart").set_chart(chart)

    sheets = written(fill).sheets
    assert [(s.name, s.hidden) for s in sheets] == [
        ("First", False),
        ("Blank", False),
        ("Hidden", True),
        ("Very", True),
    ]
    assert sheets[0].merged == (CellRange("First", 0, 0, 0, 3),)
    assert list(sheets[1].rows) == []


def test_dates_of_the_1904_system_are_the_same_dates() -> None:
    made = openpyxl.Workbook()
    made.epoch = CALENDAR_MAC_1904
    tab = made.active
    assert tab is not None
    tab.append([DAY, dt.datetime(2024, 3, 5, 12, 30), dt.timedelta(hours=30), 45356])
    packed = io.BytesIO()
    made.save(packed)
    assert rows_of(packed.getvalue()) == [
        [DAY, dt.datetime(2024, 3, 5, 12, 30), dt.timedelta(hours=30), 45356.0]
    ]


def test_formats_alone_make_no_cells() -> None:
    def fill(made: Any) -> None:
        tab = made.add_worksheet("Wide")
        bold = made.add_format({"bold": True})
        tab.write_row(0, 0, ["a", "b"])
        tab.write_row(1, 0, [1, 2])
        for row in range(1000):
            tab.write_blank(row, 300, None, bold)
        tab.write_blank(stages.cases(1_048_575, 5_000), stages.cases(16_383, 700), None, bold)

    assert [list(row) for row in written(fill).sheets[0].rows] == [["a", "b"], [1.0, 2.0]]


def test_a_stray_cell_far_away_keeps_only_its_sheet_from_being_read() -> None:
    def fill(made: Any) -> None:
        tab = made.add_worksheet("Stray")
        tab.write(0, 0, 1)
        tab.write(1_048_575, 16_383, 5)
        made.add_worksheet("Good").write(0, 0, 2)

    found = written(fill)
    assert [s.name for s in found.sheets] == ["Good"]
    (problem,) = found.problems
    assert problem.code == "sheet_too_large"
    assert "Stray" in str(problem.message)
    assert "1,048,576 rows and 16,384 columns" in str(problem.message)


def test_a_cell_in_the_last_row_is_read() -> None:
    def fill(made: Any) -> None:
        tab = made.add_worksheet("Long")
        tab.write(0, 0, 1)
        tab.write(1_048_575, 0, 5)

    sheet = written(fill).sheets[0]
    assert (sheet.height, sheet.width) == (1_048_576, 1)
    assert sheet.row(1_048_575) == [5.0]
    assert sheet.columns[0].kinds.count(BLANK) == 1_048_574


def test_cells_that_do_not_start_at_a1_keep_their_place() -> None:
    rows = rows_of(book(sheet('<row r="3"><c r="C3"><v>1</v></c><c r="D3" t="e"><v>#REF!</v></c></row>')))
    assert rows == [[None] * 4, [None] * 4, [None, None, 1.0, ExcelError(REF)]]
