"""Workbooks (xlsx, xlsb, xls, ods) into ``Book``: cells by python-calamine, the rest from the file itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from metricsheet.errors import WorkbookError
from metricsheet.evaluate.dataset import Problem
from metricsheet.workbook import limits
from metricsheet.workbook.archive import Archive
from metricsheet.workbook.calamine_reader import CalamineBook, UnreadableError
from metricsheet.workbook.file_kind import FileKind
from metricsheet.workbook.table import Book, CellRange, ExcelTable, RawCell, Sheet
from metricsheet.workbook.truth import SheetTooLargeError, SheetTruth, named_cells, overlay


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
    truth = _book_truth(data, kind, archive)
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
            facts = _sheet_truth(truth, name)
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


def _book_truth(data: bytes, kind: FileKind, archive: Archive | None) -> BookTruth:
    """Return what the file itself tells, by its kind."""
    if archive is None:
        return _xls_truth(data)
    if kind == "xlsx":
        return _xlsx_truth(archive)
    archive.check_all(skip=frozenset())
    return _ods_truth(archive) if kind == "ods" else _xlsb_truth(archive)


def _xlsx_truth(archive: Archive) -> BookTruth:
    from metricsheet.workbook.ooxml import check_shared_texts, read_package
    from metricsheet.workbook.sheet_xml import read_sheet_truth

    package = read_package(archive)

    def reader(name: str, part: str) -> Callable[[], SheetTruth]:
        return lambda: read_sheet_truth(name, lambda: archive.blocks(part))

    check_shared_texts(archive)
    archive.check_all(skip=frozenset(part.lower() for part in package.parts.values()))
    sheets = {name: reader(name, part) for name, part in package.parts.items()}
    return BookTruth(sheets, package.names, package.tables, package.recalculate)


def _xlsb_truth(archive: Archive) -> BookTruth:
    from metricsheet.workbook.ooxml import check_shared_texts
    from metricsheet.workbook.xlsb_truth import read_xlsb_parts, read_xlsb_truth

    check_shared_texts(archive)

    def reader(name: str, part: str) -> Callable[[], SheetTruth]:
        return lambda: read_xlsb_truth(name, b"".join(archive.blocks(part)))

    return BookTruth({name: reader(name, part) for name, part in read_xlsb_parts(archive).items()})


def _ods_truth(archive: Archive) -> BookTruth:
    from metricsheet.workbook.ods_truth import read_ods_truth

    sheets, names = read_ods_truth(archive.blocks("content.xml"))
    return BookTruth({name: partial(_same, truth) for name, truth in sheets.items()}, names)


def _xls_truth(data: bytes) -> BookTruth:
    from metricsheet.workbook.xls_truth import read_xls_truth

    return BookTruth({name: partial(_same, truth) for name, truth in read_xls_truth(data).items()})


def _same(truth: SheetTruth) -> SheetTruth:
    return truth


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


def _sheet_truth(truth: BookTruth, name: str) -> SheetTruth:
    """Return the truth of one sheet; raises ``SheetTooLargeError`` before anything tries to hold it."""
    facts = truth.sheets[name]() if name in truth.sheets else SheetTruth()
    rows, columns = facts.extent
    if rows * columns > limits.MAX_SHEET_CELLS:
        raise SheetTooLargeError(rows, columns)
    return facts


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
