"""Workbooks (xlsx, xlsb, xls, ods) into ``Book``, sheet by sheet."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

from metricsheet.dataset import Problem
from metricsheet.errors import WorkbookError
from metricsheet.files.addresses import a1
from metricsheet.files.archive import Archive
from metricsheet.files.book import OWN_SHEETS, Book, CellRange, ExcelTable, RawCell, Sheet
from metricsheet.files.kind import FileKind
from metricsheet.files.sheet_facts import SheetFacts, UnreadableError, named_cells
from metricsheet.language.message import Message
from metricsheet.values import NUM, ExcelError


class _Reader(Protocol):
    """What reads the sheets of one workbook."""

    def sheets(self) -> list[tuple[str, bool]]: ...
    def read(self, name: str) -> tuple[Sequence[Sequence[RawCell]], SheetFacts]: ...


def read_workbook(data: bytes, kind: FileKind, archive: Archive | None, shown: str) -> Book:
    """Return a workbook whose kind and package are known.

    Raises ``WorkbookError``: ``damaged_workbook``, ``damaged_zip``, ``encrypted``, ``no_sheets``,
    ``sheet_too_large``, ``unsafe_xml``, ``zip_bomb``, ``too_large``.
    """
    names: Mapping[str, CellRange] = {}
    tables: Mapping[str, ExcelTable] = {}
    recalculate = False
    reader: _Reader
    if archive is None:
        from metricsheet.files.xls import XlsBook

        reader = XlsBook(data)
    elif kind == "xlsx":
        from metricsheet.files.xlsx import XlsxBook

        reader = book = XlsxBook(archive)
        names, tables, recalculate = book.names, book.tables, book.recalculate
    else:
        from metricsheet.files.calamine import CalamineBook

        reader = other = CalamineBook(data, kind, archive)
        names = other.names
    own = {names[mark].sheet for mark in OWN_SHEETS if mark in names}
    tabs = [tab for tab in reader.sheets() if tab[0] not in own]
    if not tabs:
        raise WorkbookError("no_sheets", Message("no_sheets"), Message("check_for_sheet"))
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    zeros = others = 0
    for name, hidden in tabs:
        try:
            columns, facts = reader.read(name)
        except (WorkbookError, UnreadableError) as error:
            if isinstance(error, WorkbookError) and error.code not in (
                "sheet_too_large",
                "damaged_workbook",
            ):
                raise
            problems.append(_unreadable(shown, name, error))
            continue
        if kind != "xlsx":
            columns = [_finite(name, number, column) for number, column in enumerate(columns)]
        sheets.append(Sheet.of_columns(name, columns, hidden, tuple(facts.merged)))
        zeros, others = zeros + facts.stored_zero, others + facts.stored_other
        if facts.no_value:
            problems.append(_without_value(shown, name, facts))
    if not sheets:
        code = "sheet_too_large" if problems[0].code == "sheet_too_large" else "damaged_workbook"
        raise WorkbookError(code, problems[0].message, problems[0].hint)
    if recalculate and zeros and not others:
        problems.append(_never_calculated(shown, zeros))
    return Book(shown, tuple(sheets), names, tables, tuple(problems))


def _finite(sheet: str, number: int, column: Sequence[RawCell]) -> Sequence[RawCell]:
    """Return a column without numbers that are none: binary files and libraries hold them, Excel does not."""
    if math.isfinite(sum(cell for cell in column if cell.__class__ is float)):
        return column
    return [
        ExcelError(NUM, Message("cell_holds_error", where=a1(sheet, row, number), code=f"{cell}"))
        if cell.__class__ is float and not math.isfinite(cell)
        else cell
        for row, cell in enumerate(column)
    ]


def _unreadable(shown: str, sheet: str, error: WorkbookError | UnreadableError) -> Problem:
    if isinstance(error, WorkbookError) and error.code == "sheet_too_large":
        return Problem(
            shown, error.code, Message("sheet_not_read", sheet=sheet, reason=error.message), error.hint
        )
    return Problem(
        shown,
        "sheet_unreadable",
        Message("sheet_damaged", sheet=sheet, error=str(error)),
        Message("let_excel_repair_file"),
    )


def _without_value(shown: str, sheet: str, facts: SheetFacts) -> Problem:
    count = len(facts.no_value)
    return Problem(
        shown,
        "formula_without_value",
        Message("no_stored_values", count=count, cells=named_cells(sheet, facts.no_value)),
        Message("save_in_excel"),
    )


def _never_calculated(shown: str, count: int) -> Problem:
    return Problem(
        shown,
        "formulas_not_calculated",
        Message("every_formula_zero", count=count),
        Message("save_in_excel"),
    )
