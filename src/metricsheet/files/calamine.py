"""Cells of xlsb and ods files through python-calamine, whose panics end here."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from metricsheet.errors import WorkbookError
from metricsheet.files.addresses import a1
from metricsheet.files.archive import Archive
from metricsheet.files.book import CellRange, RawCell
from metricsheet.files.book_facts import read_book_facts
from metricsheet.files.kind import FileKind
from metricsheet.files.sheet_facts import SheetFacts, UnreadableError, overlay
from metricsheet.language.message import Message
from metricsheet.patterns import late
from metricsheet.values import NUM, ExcelError

T = TypeVar("T")

_ODS_DURATION = late(r"P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?\Z")


class CalamineBook:
    """A workbook opened by python-calamine, after what it declares is counted.

    Raises ``WorkbookError``.
    """

    def __init__(self, data: bytes, kind: FileKind, archive: Archive) -> None:
        import python_calamine

        self._facts, self._ods = read_book_facts(kind, archive), kind == "ods"
        self.names = self._facts.names
        try:
            self._book: Any = _contained(lambda: python_calamine.load_workbook(io.BytesIO(data)))
        except UnreadableError as error:
            raise WorkbookError(
                "damaged_workbook",
                Message("damaged_workbook", error=str(error)),
                Message("let_excel_repair"),
            ) from error

    def sheets(self) -> list[tuple[str, bool]]:
        """Return name and ``hidden`` of every worksheet in tab order, without charts and macro sheets."""
        from python_calamine import SheetTypeEnum, SheetVisibleEnum

        return [
            (sheet.name, sheet.visible != SheetVisibleEnum.Visible)
            for sheet in self._book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]

    def read(self, name: str) -> tuple[Sequence[Sequence[RawCell]], SheetFacts]:
        """Return the columns of a sheet and what is known about it.

        Raises ``UnreadableError``, and ``WorkbookError`` (``sheet_too_large``, ``damaged_workbook`` …).
        """
        facts = self._facts.of_sheet(name)
        sheet = _contained(lambda: self._book.get_sheet_by_name(name))
        left = sheet.start[1] if sheet.start else 0  # rows come from A1 on, columns from the first filled
        found: list[list[RawCell]] = []
        if sheet.start:  # earlier versions give up on the rows of a blank sheet
            found = _contained(lambda: [list(column) for column in zip(*sheet.iter_rows(), strict=True)])
        merged = _contained(lambda: getattr(sheet, "merged_cell_ranges", None)) or ()
        if self._ods:
            found = [
                [_ods_value(cell, name, row, left + at) for row, cell in enumerate(column)]
                for at, column in enumerate(found)
            ]
        columns: list[list[RawCell]] = [[] for _ in range(left)]
        columns += [[None if cell == "" else cell for cell in cells] for cells in found]
        overlay(name, columns, facts)
        if not facts.merged:
            for (top, left), (bottom, right) in merged:
                facts.merge(CellRange(name, top, left, bottom, right))
        return columns, facts


def _ods_value(cell: RawCell, sheet: str, row: int, column: int) -> RawCell:
    """Return a duration of an ods file, which comes as text such as ``PT30H00M00S``, as a duration."""
    if type(cell) is not str or not cell.startswith("P") or not (match := _ODS_DURATION.match(cell)):
        return cell
    days, hours, minutes, seconds = match.groups()
    try:
        return dt.timedelta(
            int(days or 0),
            float((seconds or "0").replace(",", ".")),
            minutes=int(minutes or 0),
            hours=int(hours or 0),
        )
    except (OverflowError, ValueError):  # ValueError: more digits than Python takes for a number
        return ExcelError(NUM, Message("impossible_duration", where=a1(sheet, row, column), text=cell[:40]))


def _contained(read: Callable[[], T]) -> T:
    """Return ``read()``; whatever goes wrong in the library, a panic too, becomes ``UnreadableError``."""
    try:
        with _quiet():
            return read()
    except Exception as error:
        raise UnreadableError(_first_line(error)) from error
    except BaseException as error:
        # a panic of a Rust library is no Exception, so that nobody catches it by accident
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableError("the reader gave up on it") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Send what native code writes to standard error to nowhere: a panic prints a report there."""
    try:
        kept = os.dup(2)
    except OSError:  # no standard error, as in a window program
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
