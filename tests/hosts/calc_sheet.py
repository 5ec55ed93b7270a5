"""LibreOffice Calc with our extension as one of the hosts: a sheet of cells, and formulas over them."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from excel_addin.definitions import Definitions
from excel_addin.oxt import write_oxt
from tests.hosts.calc import Calc
from tests.hosts.questions import SUFFIXES, Json, Question
from tests.hosts.replay import Answers, Host

_DAY_ZERO = dt.datetime(1899, 12, 30)


class Cells:
    """A sheet on which blocks of cells stand below one another, each different block once."""

    def __init__(self) -> None:
        self.book = openpyxl.Workbook()
        self.sheet: Worksheet = self.book.worksheets[0]
        self._places: dict[str, str] = {}
        self._next = 1

    def place(self, rows: list[list[Json]]) -> str:
        """Return the reference of a block, written where it is not yet there."""
        name = json.dumps(rows)
        if name not in self._places:
            top, width = self._next, max(map(len, rows))
            for r, row in enumerate(rows, top):
                for c, cell in enumerate(row, 1):
                    self._write(r, c, cell)
            self._next = top + len(rows) + 1
            end = "" if (len(rows), width) == (1, 1) else f":{get_column_letter(width)}{top + len(rows) - 1}"
            self._places[name] = f"A{top}{end}"
        return self._places[name]

    def _write(self, row: int, column: int, cell: Json) -> None:
        to = self.sheet.cell(row, column)
        if cell == "":
            to.value = '=""'
        elif not isinstance(cell, dict):
            to.value = cell
        elif "e" in cell:
            to.value = cell["e"]  # openpyxl writes the text of an error as an error
        elif "d" in cell:
            to.value = _DAY_ZERO + dt.timedelta(days=cell["d"])
        else:
            to.value, to.number_format = cell["m"], '#,##0.00 "€"'


def formula(cells: Cells, function: str, arguments: Sequence[Json]) -> str:
    """Return a function over its arguments as one types it into Calc."""
    return f"{function}({';'.join(_argument(cells, one) for one in arguments)})"


def _argument(cells: Cells, argument: Json) -> str:
    if argument is None:
        return ""
    if "call" in argument:
        return formula(cells, *argument["call"])
    return cells.place(argument["rows"]) if "rows" in argument else _typed(argument["value"])


def _typed(cell: Json) -> str:
    if isinstance(cell, dict):
        return f"{cell['d']}"
    return f'"{cell}"' if isinstance(cell, str) else repr(cell)


def sheet_of(folder: Path, grids: list[list[list[Any]]]) -> Path:
    """Write blocks of cells beside one another, each from the first row; return the file."""
    book = openpyxl.Workbook()
    column = 1
    for grid in grids:
        for r, row in enumerate(grid, 1):
            for c, cell in enumerate(row):
                book.worksheets[0].cell(r, column + c).value = cell
        column += max(map(len, grid)) + 1
    book.save(folder / "sheet.xlsx")
    return folder / "sheet.xlsx"


def _answers(asked: Sequence[Question]) -> list[Answers]:
    cells = Cells()
    texts = [
        "=" + formula(cells, question.function + suffix, question.arguments)
        for question in asked
        for suffix in SUFFIXES
    ]
    with TemporaryDirectory() as folder:
        extension, sheet = Path(folder, "metricsheet.oxt"), Path(folder, "cells.xlsx")
        write_oxt(extension, Definitions())
        cells.book.save(sheet)
        with Calc(extension) as calc:
            found = calc.answers(sheet, texts)
    return [
        dict(zip(SUFFIXES, found[start : start + len(SUFFIXES)], strict=True))
        for start in range(0, len(found), len(SUFFIXES))
    ]


def _versions() -> str:
    told = subprocess.run(["soffice", "--version"], check=True, capture_output=True, text=True).stdout
    return "LibreOffice " + told.split()[1]


HOST = Host("LibreOffice Calc", _answers, _versions)
