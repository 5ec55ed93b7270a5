"""Workbooks (xlsx, xlsb, xls, ods) into ``Book``: cells by ready readers, the rest from the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricsheet.dataset import Problem
from metricsheet.errors import WorkbookError
from metricsheet.files.archive import Archive
from metricsheet.files.book import Book, Sheet
from metricsheet.files.book_facts import BookFacts, known, read_book_facts
from metricsheet.files.calamine import CalamineBook, ReadSheet, UnreadableError
from metricsheet.files.kind import FileKind
from metricsheet.files.sheet_facts import SheetFacts, named_cells, overlay
from metricsheet.language.message import Message

if TYPE_CHECKING:
    from metricsheet.files.xls import XlsBook


def read_workbook(data: bytes, kind: FileKind, archive: Archive | None, shown: str) -> Book:
    """Return a workbook whose kind and package are known.

    Raises ``WorkbookError``: ``damaged_workbook``, ``damaged_zip``, ``encrypted``, ``no_sheets``,
    ``sheet_too_large``, ``unsafe_xml``, ``zip_bomb``, ``too_large``.
    """
    reader: XlsBook | _Reader
    if archive is None:
        from metricsheet.files.xls import XlsBook

        reader = XlsBook(data)
        book_facts = known(reader.facts)
        book_facts.as_rectangle = False
    else:
        book_facts = read_book_facts(kind, archive)
        reader = _Reader(data, kind, archive, book_facts)
    tabs = reader.sheets()
    if not tabs:
        raise WorkbookError("no_sheets", Message("no_sheets"), Message("check_for_sheet"))
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    zeros = others = 0
    for name, hidden in tabs:
        try:
            facts = book_facts.of_sheet(name)
            cells = reader.read(name)
        except (WorkbookError, UnreadableError) as error:
            if isinstance(error, WorkbookError) and error.code not in ("sheet_too_large", "damaged_workbook"):
                raise
            problems.append(_unreadable(shown, name, error))
            continue
        overlay(name, cells.columns, facts)
        sheets.append(Sheet.of_columns(name, cells.columns, hidden, tuple(facts.merged) or cells.merged))
        zeros, others = zeros + facts.stored_zero, others + facts.stored_other
        if facts.no_value:
            problems.append(_without_value(shown, name, facts))
    if not sheets:
        code = "sheet_too_large" if problems[0].code == "sheet_too_large" else "damaged_workbook"
        raise WorkbookError(code, problems[0].message, problems[0].hint)
    if book_facts.recalculate and zeros and not others:
        problems.append(_never_calculated(shown, zeros))
    return Book(shown, tuple(sheets), book_facts.names, book_facts.tables, tuple(problems))


class _Reader:
    """The cells of a workbook; errors that python-calamine does not know are replaced when it meets one."""

    def __init__(self, data: bytes, kind: FileKind, archive: Archive, facts: BookFacts) -> None:
        self._calamine = CalamineBook(data)
        self._kind, self._archive, self._facts = kind, archive, facts
        self._replaced = False

    def sheets(self) -> list[tuple[str, bool]]:
        return self._calamine.sheets()

    def read(self, name: str) -> ReadSheet:
        ods = self._kind == "ods"
        try:
            return self._calamine.read(name, ods=ods)
        except UnreadableError:
            known = self._with_known_errors()
            if known is None:
                raise
        self._calamine = CalamineBook(known)
        return self._calamine.read(name, ods=ods)

    def _with_known_errors(self) -> bytes | None:
        """Return the workbook without errors that the library may not know; ``None`` when it has none."""
        if self._archive is None or self._replaced:
            return None
        from metricsheet.files.newer_errors import with_known_errors

        self._replaced = True
        return with_known_errors(self._archive, {part.lower() for part in self._facts.parts})


def _unreadable(shown: str, sheet: str, error: Exception) -> Problem:
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
