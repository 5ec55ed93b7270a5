"""What a workbook file tells besides its cells, whatever its format."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from metricsheet.files import limits
from metricsheet.files.archive import Archive
from metricsheet.files.book import CellRange, ExcelTable
from metricsheet.files.kind import FileKind
from metricsheet.files.sheet_facts import SheetTooLargeError, SheetTruth
from metricsheet.records import field, record


@record(frozen=False)
class BookTruth:
    """The truth of each sheet as a call, and the names and tables of the workbook.

    ``recalculate`` says that the writer left the formulas to be calculated on opening; ``parts`` are the
    parts of the worksheets in an xlsx package.
    """

    sheets: dict[str, Callable[[], SheetTruth]] = field(default_factory=dict)
    names: dict[str, CellRange] = field(default_factory=dict)
    tables: dict[str, ExcelTable] = field(default_factory=dict)
    recalculate: bool = False
    parts: tuple[str, ...] = ()

    def of_sheet(self, name: str) -> SheetTruth:
        """Return the truth of one sheet.

        Raises ``WorkbookError``: ``damaged_workbook``, ``unsafe_xml``, and ``sheet_too_large`` before
        anything tries to hold the sheet.
        """
        facts = self.sheets[name]() if name in self.sheets else SheetTruth()
        rows, columns = facts.extent
        if rows * columns > limits.MAX_SHEET_CELLS:
            raise SheetTooLargeError(rows, columns)
        return facts


def read_book_truth(data: bytes, kind: FileKind, archive: Archive | None) -> BookTruth:
    """Return what the file itself tells, by its kind.

    Raises ``WorkbookError``: ``damaged_workbook``, ``damaged_zip``, ``encrypted``, ``unsafe_xml``,
    ``zip_bomb``.
    """
    if archive is None:
        return _xls_truth(data)
    if kind == "xlsx":
        return _xlsx_truth(archive)
    archive.check_all(skip=frozenset())
    return _ods_truth(archive) if kind == "ods" else _xlsb_truth(archive)


def _xlsx_truth(archive: Archive) -> BookTruth:
    from metricsheet.files.xlsx_facts import read_sheet_truth
    from metricsheet.files.xlsx_package import check_shared_texts, read_package

    package = read_package(archive)

    def reader(name: str, part: str) -> Callable[[], SheetTruth]:
        return lambda: read_sheet_truth(name, lambda: archive.blocks(part))

    check_shared_texts(archive)
    archive.check_all(skip=frozenset(part.lower() for part in package.parts.values()))
    sheets = {name: reader(name, part) for name, part in package.parts.items()}
    return BookTruth(
        sheets, package.names, package.tables, package.recalculate, tuple(package.parts.values())
    )


def _xlsb_truth(archive: Archive) -> BookTruth:
    from metricsheet.files.xlsb_facts import read_xlsb_parts, read_xlsb_truth
    from metricsheet.files.xlsx_package import check_shared_texts

    check_shared_texts(archive)

    def reader(name: str, part: str) -> Callable[[], SheetTruth]:
        return lambda: read_xlsb_truth(name, b"".join(archive.blocks(part)))

    return BookTruth({name: reader(name, part) for name, part in read_xlsb_parts(archive).items()})


def _ods_truth(archive: Archive) -> BookTruth:
    from metricsheet.files.ods_facts import read_ods_truth

    sheets, names = read_ods_truth(archive.blocks("content.xml"))
    book = BookTruth({name: partial(_same, truth) for name, truth in sheets.items()}, names)
    for name in sheets:  # python-calamine holds every sheet as soon as it opens such a file
        book.of_sheet(name)
    return book


def _xls_truth(data: bytes) -> BookTruth:
    from metricsheet.files.xls_facts import read_xls_truth

    return BookTruth({name: partial(_same, truth) for name, truth in read_xls_truth(data).items()})


def _same(truth: SheetTruth) -> SheetTruth:
    return truth
