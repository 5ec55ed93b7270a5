"""Files that are thin, misnamed or damaged: read as far as they can be, and nothing escapes the reader."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from metricsheet.errors import WorkbookError
from metricsheet.files import calamine as calamine_reader
from metricsheet.files.read import read_bytes
from metricsheet.tables.regions import find_regions
from tests.files import xlsb_writer
from tests.files.xlsx_by_hand import book, sheet

FILES = Path(__file__).parent / "books"
GOOD = book(sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
TEXT = b"a,b\n1,2\n"
XLSB = xlsb_writer.book({"S": xlsb_writer.sheet({0: ["a", 1]})})

MISNAMED: dict[str, tuple[str, bytes]] = {
    "xlsx named csv": ("a.csv", GOOD),
    "xlsx named xls": ("a.xls", GOOD),
    "xls named xlsx": ("a.xlsx", (FILES / "kinds.xls").read_bytes()),
    "ods named xlsx": ("a.xlsx", (FILES / "kinds.ods").read_bytes()),
    "xlsb named xlsx": ("a.xlsx", xlsb_writer.book({"S": xlsb_writer.sheet({0: [1]})})),
    "text named xls": ("a.xls", TEXT),
}


@pytest.mark.parametrize("case", MISNAMED)
def test_misnamed_files_are_read_by_their_content_and_say_so(case: str) -> None:
    name, data = MISNAMED[case]
    found = read_bytes(data, name)
    assert [problem.code for problem in found.problems] == ["misnamed_file"]
    assert found.sheets[0].rows


@pytest.mark.parametrize("name", ["-", "data", "export.dat", "a.xlsx.bak"])
def test_names_without_a_known_ending_promise_nothing(name: str) -> None:
    assert read_bytes(TEXT, name).problems == ()
    assert read_bytes(GOOD, name).problems == ()


def grids() -> dict[str, list[list[Any]]]:
    return {
        "header only": [["Region", "Score"]],
        "blank column": [["Region", "Score", "Comment"], ["EU", None, "x"], ["US", None, "y"]],
        "all columns blank under headers": [["Region", "Score"], [None, None]],
        "one cell": [["x"]],
        "one number": [[5]],
    }


@pytest.mark.parametrize("case", grids())
def test_thin_sheets_are_read_without_a_problem(case: str) -> None:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as made:
        tab = made.add_worksheet()
        for row, cells in enumerate(grids()[case]):
            tab.write_row(row, 0, cells)
    found = read_bytes(packed.getvalue(), "a.xlsx")
    assert found.problems == ()
    for region in find_regions(found.sheets[0]):
        assert len(region.headers) == len(region.columns) == len(region.places)


def test_a_blank_workbook_and_a_blank_text_are_read_with_a_problem() -> None:
    for data, name in [(book(sheet("")), "a.xlsx"), (b"\n\n", "a.csv"), (b"\xef\xbb\xbf", "a.csv")]:
        found = read_bytes(data, name)
        assert [problem.code for problem in found.problems] == ["blank_workbook"]
        assert not find_regions(found.sheets[0])


class PanicException(BaseException):
    """Has the name and the base of what a panic of a Rust library raises."""


def test_a_panic_of_the_library_is_contained(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def panic(*_: object) -> None:
        os.write(2, b"thread '<unnamed>' panicked at src/lib.rs:1:1")
        raise PanicException("index out of bounds")

    monkeypatch.setattr("python_calamine.load_workbook", panic)
    with pytest.raises(WorkbookError) as error:
        read_bytes(XLSB, "a.xlsb")
    assert error.value.code == "damaged_workbook"
    assert capfd.readouterr().err == ""


def test_an_interrupt_is_not_taken_for_a_panic(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("python_calamine.load_workbook", interrupt)
    with pytest.raises(KeyboardInterrupt):
        read_bytes(XLSB, "a.xlsb")


def test_standard_error_is_back_after_reading(capfd: pytest.CaptureFixture[str]) -> None:
    read_bytes(XLSB, "a.xlsb")
    os.write(2, b"still here")
    assert capfd.readouterr().err == "still here"


def test_reading_needs_no_standard_error() -> None:
    code = (
        "import os, sys; os.close(2)\n"
        "from pathlib import Path\n"
        "from metricsheet.files.read import read_book\n"
        f"print(len(read_book(Path({str(FILES / 'kinds.xls')!r})).sheets))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.stdout.strip() == "4"


def test_the_library_is_imported_only_when_a_workbook_is_read() -> None:
    assert "python_calamine" not in vars(calamine_reader)
