"""LibreOffice Calc as a calculator: formulas over named cells in, their values out."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import to_excel

from metricsheet.values import Cell

PORTION = 150  # sheets of one workbook
COMPUTED_WITHIN = 900.0
NOT_COMPUTED = -999  # saved as the value of every formula: a file that was not computed cannot pass

# Calc shows the values a file was saved with unless it is told to compute every formula on loading.
_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


@dataclass(frozen=True)
class Formula:
    """A formula as a person types it, without ``=``; ``by_row`` asks for an array formula.

    Excel computes row by row by itself where a formula needs it, LibreOffice only in an array formula.
    """

    text: str
    by_row: bool = False


@dataclass(frozen=True)
class Page:
    """A sheet: the formula asked for, the cells each name stands for, and other formulas by name.

    A name in ``totals`` stands for the sum of its cells.
    """

    title: str
    asked: Formula
    cells: Mapping[str, Sequence[Cell]]
    totals: frozenset[str] = frozenset()
    others: Mapping[str, Formula] = field(default_factory=dict)


def answers(pages: Iterable[Page], folder: Path) -> Mapping[str, Cell]:
    """Return LibreOffice's answer to the formula of each page, by title; an error is its text.

    Where it does not compute a portion of the pages, nor the second time, the first test that asks fails and
    says so, and the others are passed over.
    """
    found: dict[str, Cell] = {}
    pages = list(pages)
    for start in range(0, len(pages), PORTION):
        path = folder / f"asked{start}.xlsx"
        with xlsxwriter.Workbook(path, {"use_future_functions": True}) as book:
            for page in pages[start : start + PORTION]:
                _write(book, page)
        try:
            computed = openpyxl.load_workbook(recalculated(path, folder), data_only=True)
        except NotComputedError as error:
            return _Unanswered(str(error))
        found |= {title: _as_cell(computed[title]["A1"].value) for title in computed.sheetnames}
    return found


class NotComputedError(Exception):
    """LibreOffice computed no workbook, twice."""


class _Unanswered(dict[str, Cell]):
    """In the place of answers: says once why there are none."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self._reason = reason

    def __missing__(self, title: str) -> NoReturn:
        reason, self._reason = self._reason, ""
        if reason:
            pytest.fail(reason)
        pytest.skip("LibreOffice did not compute, as another test says")


def _as_cell(value: object) -> Cell:
    """Return a value as read; LibreOffice gives a date format to what it knows to be a date."""
    return to_excel(value) if isinstance(value, dt.datetime) else value


def _write(book: xlsxwriter.Workbook, page: Page) -> None:
    """Write one sheet: formulas in column A, the one asked for on top, cells to the right of it."""
    sheet = book.add_worksheet(page.title)
    for column, (name, cells) in enumerate(page.cells.items(), 2):
        sheet.write_column(0, column, ["" if cell is None else cell for cell in cells])
        letter = xlsxwriter.utility.xl_col_to_name(column)
        where = f"'{page.title}'!${letter}$1:${letter}${len(cells)}"
        meaning = f"SUM({where})" if name in page.totals and len(cells) > 1 else where
        book.define_name(f"'{page.title}'!{name}", f"={meaning}")
    for row, formula in enumerate([page.asked, *page.others.values()], 1):
        if formula.by_row:
            sheet.write_array_formula(f"A{row}:A{row}", f"{{={formula.text}}}", None, NOT_COMPUTED)
        else:
            sheet.write_formula(f"A{row}", f"={formula.text}", None, NOT_COMPUTED)
    for row, name in enumerate(page.others, 2):
        book.define_name(f"'{page.title}'!{name}", f"='{page.title}'!$A${row}")


def recalculated(workbook: Path, folder: Path) -> Path:
    """Return ``workbook`` with every formula computed by LibreOffice, written below ``folder``.

    Raises ``NotComputedError`` where that fails twice; the first time may have met a busy machine.
    """
    soffice = shutil.which("soffice")
    assert soffice is not None, "these tests compute in LibreOffice Calc: install libreoffice-calc-nogui"
    computed, said = folder / "computed" / workbook.name, ""
    for attempt in range(2):
        profile = folder / f"profile{attempt}"
        settings = profile / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
        command = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx"]
        said = _ended([*command, "--outdir", str(computed.parent), str(workbook)])
        if computed.exists():
            return computed
    raise NotComputedError(f"LibreOffice wrote nothing:\n{said}")


def _ended(command: list[str]) -> str:
    """Run a command to its end, or end it with all that it started; return what it said."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        return process.communicate(timeout=COMPUTED_WITHIN)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return f"not done within {COMPUTED_WITHIN:.0f} seconds"
