"""Workbooks (xlsx, xlsb, xls, ods) into ``Book``: cells by python-calamine, the rest from the file itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from metricsheet.errors import WorkbookError
from metricsheet.evaluate.dataset import Problem
from metricsheet.workbook.archive import Archive
from metricsheet.workbook.calamine_reader import CalamineBook, UnreadableError
from metricsheet.workbook.file_kind import FileKind
from metricsheet.workbook.table import Book, CellRange, ExcelTable, RawCell, Sheet
from metricsheet.workbook.truth import SheetTruth, named_cells, overlay


@dataclass(slots=True)
class BookTruth:
    """What the file itself tells: the truth of each sheet as a call, names, tables, and who is hidden."""

    sheets: dict[str, Callable[[], SheetTruth]] = field(default_factory=dict)
    names: dict[str, CellRange] = field(default_factory=dict)
    tables: dict[str, ExcelTable] = field(default_factory=dict)
    recalculate: bool = False


def read_workbook(data: bytes, kind: FileKind, archive: Archive | None, shown: str) -> Book:
    """Return a workbook whose kind and package are known.

    Raises ``WorkbookError``: ``damaged_workbook``, ``damaged_zip``, ``encrypted``, ``no_sheets``,
    ``sheet_too_large``, ``unsafe_xml``, ``zip_bomb``, ``too_large``.
    """
    truth = _book_truth(kind, archive)
    calamine = CalamineBook(data)
    tabs = calamine.sheets()
    if not tabs:
        raise WorkbookError(
            "no_sheets", "the workbook has no worksheet", "check that the file holds a sheet with cells"
        )
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    zeros = others = 0
    for name, hidden in tabs:
        try:
            facts = truth.sheets[name]() if name in truth.sheets else SheetTruth()
            cells = calamine.read(name, ods=kind == "ods")
        except (WorkbookError, UnreadableError) as error:
            if isinstance(error, WorkbookError) and error.code not in ("sheet_too_large", "damaged_workbook"):
                raise
            problems.append(_unreadable(shown, name, error))
            continue
        rows = cells.rows
        overlay(name, rows, facts)
        sheets.append(Sheet(name, trimmed(rows), hidden, tuple(facts.merged) or cells.merged))
        zeros, others = zeros + facts.stored_zero, others + facts.stored_other
        if facts.no_value:
            problems.append(_without_value(shown, name, facts))
    if not sheets:
        code = "sheet_too_large" if problems[0].code == "sheet_too_large" else "damaged_workbook"
        raise WorkbookError(code, problems[0].message, problems[0].hint)
    if truth.recalculate and zeros and not others:
        problems.append(_never_calculated(shown, zeros))
    return Book(shown, tuple(sheets), truth.names, truth.tables, tuple(problems))


def _book_truth(kind: FileKind, archive: Archive | None) -> BookTruth:
    """Return what the file itself tells, by its kind."""
    if archive is None:
        return BookTruth()
    if kind == "xlsx":
        return _xlsx_truth(archive)
    archive.check_all(skip=frozenset())
    return BookTruth()


def _xlsx_truth(archive: Archive) -> BookTruth:
    from metricsheet.workbook.ooxml import read_package
    from metricsheet.workbook.sheet_xml import read_sheet_truth

    package = read_package(archive)

    def reader(name: str, part: str) -> Callable[[], SheetTruth]:
        return lambda: read_sheet_truth(name, lambda: archive.blocks(part))

    archive.check_all(skip=frozenset(part.lower() for part in package.parts.values()))
    sheets = {name: reader(name, part) for name, part in package.parts.items()}
    return BookTruth(sheets, package.names, package.tables, package.recalculate)


def trimmed(rows: list[list[RawCell]]) -> list[list[RawCell]]:
    """Return ``rows`` without blank rows and columns at their ends; formats alone make no cell."""
    end = len(rows)
    while end and rows[end - 1].count(None) == len(rows[end - 1]):
        end -= 1
    rows = rows[:end]
    if not rows:
        return []
    width = full = len(rows[0])
    while width and all(row[width - 1] is None for row in rows):
        width -= 1
    return rows if width == full else [row[:width] for row in rows]


def _unreadable(shown: str, sheet: str, error: Exception) -> Problem:
    if isinstance(error, WorkbookError) and error.code == "sheet_too_large":
        return Problem(shown, error.code, f"sheet {sheet} is not read: {error.message}", error.hint or "")
    return Problem(
        shown,
        "sheet_unreadable",
        f"sheet {sheet} is damaged and not read: {error}",
        "open the file in Excel, let Excel repair it, and save a copy",
    )


def _without_value(shown: str, sheet: str, facts: SheetTruth) -> Problem:
    count = len(facts.no_value)
    what = (
        "formula cell has no stored value" if count == 1 else f"{count:,} formula cells have no stored value"
    )
    return Problem(
        shown,
        "formula_without_value",
        f"{what}: {named_cells(sheet, facts.no_value)}",
        "open and save the workbook in Excel",
    )


def _never_calculated(shown: str, count: int) -> Problem:
    return Problem(
        shown,
        "formulas_not_calculated",
        f"every formula cell ({count:,}) stores 0, as programs write them that do not calculate",
        "open and save the workbook in Excel",
    )
