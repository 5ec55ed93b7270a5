"""What the reader takes from python-calamine besides cells: kinds of sheets and how it fails, by type."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter

from metricsheet.errors import WorkbookError
from metricsheet.files.calamine import CalamineBook, UnreadableError
from tests.files.xlsx_by_hand import book, sheet


def workbook(path: Path) -> bytes:
    with xlsxwriter.Workbook(path) as made:
        made.add_worksheet("seen").write(0, 0, 1)
        made.add_worksheet("unseen").hide()
        chart = made.add_chart({"type": "line"})
        chart.add_series({"values": "=seen!$A$1:$A$1"})
        made.add_chartsheet("drawn").set_chart(chart)
    return path.read_bytes()


def test_sheets_have_a_kind_and_a_visibility(tmp_path: Path) -> None:
    assert CalamineBook(workbook(tmp_path / "a.xlsx")).sheets() == [("seen", False), ("unseen", True)]


def test_an_unknown_error_cell_refuses_its_sheet_alone() -> None:
    """Otherwise the cells need no second reading: see ``newer_errors``."""
    data = book(sheet('<row r="1"><c r="A1" t="e"><v>#SPILL!</v></c></row>'))
    read = CalamineBook(data)
    ((name, _),) = read.sheets()
    with pytest.raises(UnreadableError):
        read.read(name)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no workbook at all" * 100], ids=["", "zip", "text"])
def test_what_cannot_be_opened_is_an_exception_of_its_own(data: bytes) -> None:
    with pytest.raises(python_calamine.CalamineError):
        python_calamine.load_workbook(io.BytesIO(data))
    with pytest.raises(WorkbookError) as refused:
        CalamineBook(data)
    assert refused.value.code == "damaged_workbook"
