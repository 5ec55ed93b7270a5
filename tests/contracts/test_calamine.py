"""What the reader takes from python-calamine besides cells: kinds of sheets and how it fails, by type."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter
from python_calamine import SheetTypeEnum, SheetVisibleEnum

from metricsheet.errors import WorkbookError
from metricsheet.files.archive import Archive
from metricsheet.files.calamine import CalamineBook
from tests.files import xlsb_writer
from tests.files.xlsx_by_hand import package, parts_of


def workbook(path: Path) -> bytes:
    with xlsxwriter.Workbook(path) as made:
        made.add_worksheet("seen").write(0, 0, 1)
        made.add_worksheet("unseen").hide()
        chart = made.add_chart({"type": "line"})
        chart.add_series({"values": "=seen!$A$1:$A$1"})
        made.add_chartsheet("drawn").set_chart(chart)
    return path.read_bytes()


def test_sheets_have_a_kind_and_a_visibility(tmp_path: Path) -> None:
    found = python_calamine.load_workbook(io.BytesIO(workbook(tmp_path / "a.xlsx"))).sheets_metadata
    assert [(sheet.name, sheet.typ, sheet.visible) for sheet in found] == [
        ("seen", SheetTypeEnum.WorkSheet, SheetVisibleEnum.Visible),
        ("unseen", SheetTypeEnum.WorkSheet, SheetVisibleEnum.Hidden),
        ("drawn", SheetTypeEnum.ChartSheet, SheetVisibleEnum.Visible),
    ]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no workbook at all" * 100], ids=["", "zip", "text"])
def test_what_cannot_be_opened_is_an_exception_of_its_own(data: bytes) -> None:
    with pytest.raises(python_calamine.CalamineError):
        python_calamine.load_workbook(io.BytesIO(data))


def test_a_workbook_that_the_library_cannot_open_is_damaged() -> None:
    parts = parts_of(xlsb_writer.book({"S": xlsb_writer.sheet({0: [1]})}))
    archive = Archive(package(parts))
    with pytest.raises(WorkbookError) as refused:
        CalamineBook(b"no workbook", "xlsb", archive)
    assert refused.value.code == "damaged_workbook"
