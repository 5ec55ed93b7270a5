"""What a workbook file tells besides its cells, whatever its format."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from metricsheet.files import limits
from metricsheet.files.addresses import MAX_COLUMNS, MAX_ROWS
from metricsheet.files.archive import Archive
from metricsheet.files.book import CellRange
from metricsheet.files.kind import FileKind
from metricsheet.files.shared_texts import SharedTexts
from metricsheet.files.sheet_facts import SheetFacts, SheetTooLargeError
from metricsheet.files.xml import damaged
from metricsheet.language.message import Message
from metricsheet.records import field, record


class Spread:
    """How far the cells of the sheets of one workbook lie apart: a few bytes can claim very many cells."""

    def __init__(self, *, as_rectangle: bool = True) -> None:
        self._as_rectangle = as_rectangle
        self._bytes = self._cells = 0

    def add(self, facts: SheetFacts) -> None:
        """Count one more sheet; raises ``SheetTooLargeError`` before anything tries to hold it.

        ``as_rectangle`` says that its reader holds the rectangle around all cells, blank rows too.
        """
        rows, columns = facts.extent
        self._bytes += facts.size
        self._cells += rows * min(columns, facts.cells)  # of all sheets: blank columns are one in memory
        rectangle = rows * columns if self._as_rectangle else 0
        if rectangle > min(
            limits.most_cells(facts.size), limits.MAX_SHEET_CELLS
        ) or self._cells > limits.most_cells(self._bytes):
            raise SheetTooLargeError(rows, columns)


@record(frozen=False)
class BookFacts:
    """The truth of each sheet as a call, and the names of the workbook; ``texts`` are its shared texts."""

    sheets: dict[str, Callable[[], SheetFacts]] = field(default_factory=dict)
    names: dict[str, CellRange] = field(default_factory=dict)
    texts: SharedTexts | None = None
    spread: Spread = field(default_factory=Spread)

    def of_sheet(self, name: str) -> SheetFacts:
        """Return the truth of one sheet.

        Raises ``WorkbookError``: ``damaged_workbook``, ``unsafe_xml``, and ``sheet_too_large`` or
        ``too_large`` before anything tries to hold the sheet.
        """
        facts = self.sheets[name]() if name in self.sheets else SheetFacts()
        self.spread.add(facts)
        if self.texts is not None:
            self.texts.use(facts.cells, facts.size, facts.shared_texts)
        return facts


def known(sheets: dict[str, SheetFacts], names: dict[str, CellRange] | None = None) -> BookFacts:
    """Return the truth of a workbook whose sheets are all known already."""
    return BookFacts({name: partial(_same, facts) for name, facts in sheets.items()}, names or {})


def read_book_facts(kind: FileKind, archive: Archive) -> BookFacts:
    """Return what the file itself tells, by its kind.

    Raises ``WorkbookError``: ``damaged_workbook``, ``damaged_zip``, ``encrypted``, ``unsafe_xml``,
    ``zip_bomb``.
    """
    return _ods_facts(archive) if kind == "ods" else _xlsb_facts(archive)


def _xlsb_facts(archive: Archive) -> BookFacts:
    from metricsheet.files.xlsb_facts import read_xlsb_facts, read_xlsb_parts

    texts = SharedTexts(archive)
    archive.check_all(skip=frozenset(texts.parts))

    def reader(name: str, part: str) -> Callable[[], SheetFacts]:
        return lambda: read_xlsb_facts(name, b"".join(archive.blocks(part)))

    sheets = {name: reader(name, part) for name, part in read_xlsb_parts(archive).items()}
    return BookFacts(sheets, texts=texts)


def _ods_facts(archive: Archive) -> BookFacts:
    """Return the truth of an ods file, which python-calamine holds as a whole as soon as it opens it.

    Raises ``WorkbookError`` (``sheet_too_large``, ``too_large``) before that.
    """
    from metricsheet.files.ods_facts import read_ods_facts

    archive.check_all(skip=frozenset(("content.xml",)))
    sheets, names = read_ods_facts(archive.blocks("content.xml"))
    size = archive.size("content.xml")
    cells = [rows * columns for rows, columns in (facts.extent for facts in sheets.values())]
    if sum(cells) > min(limits.most_cells(size, limits.FREE_ODS_CELLS), limits.MAX_SHEET_CELLS):
        raise SheetTooLargeError(
            *max((facts.extent for facts in sheets.values()), key=lambda at: at[0] * at[1])
        )
    text = sum(facts.text for facts in sheets.values())
    if text > limits.most_text(size):
        raise limits.too_large(Message("texts_repeated", millions=text >> 20))
    if any(facts.extent[0] > MAX_ROWS or facts.extent[1] > MAX_COLUMNS for facts in sheets.values()):
        raise damaged(Message("part_content"))
    return known(sheets, names)


def _same(facts: SheetFacts) -> SheetFacts:
    return facts
