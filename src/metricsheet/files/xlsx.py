"""xlsx workbooks: every sheet by the column reader, else by the careful one, else refused by name."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.files.archive import Archive
from metricsheet.files.book import SheetColumn
from metricsheet.files.book_facts import Spread
from metricsheet.files.sheet_facts import SheetFacts
from metricsheet.files.xlsx_columns import SheetXml, UnusualError
from metricsheet.files.xlsx_package import read_package
from metricsheet.files.xlsx_values import CellValues
from metricsheet.files.xml import damaged
from metricsheet.language.message import Message


class XlsxBook:
    """An xlsx workbook whose sheets are read one by one.

    Raises ``WorkbookError`` (``damaged_workbook``, ``damaged_zip``, ``unsafe_xml``, ``too_large``).
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._package = package = read_package(archive)
        self.names, self.tables, self.recalculate = package.names, package.tables, package.recalculate
        self._values = CellValues(archive, package.texts, package.styles, since_1904=package.since_1904)
        self._spread = Spread()

    def sheets(self) -> list[tuple[str, bool]]:
        """Return name and ``hidden`` of every worksheet in tab order, without charts and macro sheets."""
        return [(name, name in self._package.hidden) for name in self._package.parts]

    def read(self, name: str) -> tuple[Sequence[SheetColumn], SheetFacts]:
        """Return the columns of a sheet and what is known about it.

        Raises ``WorkbookError`` (``damaged_workbook``, ``sheet_too_large`` …).
        """
        part = self._package.parts[name]
        if part not in self._archive:
            raise damaged(Message("part_sheet", sheet=name))
        data = b"".join(self._archive.blocks(part))
        try:
            xml = SheetXml(name, data, self._values)
        except UnusualError:
            from metricsheet.files.xlsx_cells import read_cells

            columns, facts = read_cells(name, data, self._values)
        else:
            if self.recalculate:
                xml.count_stored()
            columns, facts = xml.columns(), xml.facts
        self._spread.add(facts)
        return columns, facts
