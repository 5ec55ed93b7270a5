"""Cells that an input may be bound to, and the regions of a book in which they are found."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Literal

from metricsheet.binding.headers import AliasIndex
from metricsheet.binding.kind_words import kind_index
from metricsheet.dataset import OtherRow, Problem
from metricsheet.files.addresses import column_letters, range_a1, sheet_prefix
from metricsheet.files.book import Book, CellRange, ExcelTable, RawCell, Sheet, SheetColumn, as_column
from metricsheet.reading.settings import ReadSettings, read_on, read_settings, sheets_of
from metricsheet.records import record, replace
from metricsheet.tables.dropped_rows import ROWS_LEFT_OUT
from metricsheet.tables.region import Region
from metricsheet.tables.regions import find_regions, region_of_table

How = Literal["map", "name", "table", "header", "label"]


_LIKELY_COLUMNS = 26 + 26 * 26
"""Headers of three letters, such as NPS, are addresses as well, but of columns that hardly a sheet has."""


@record
class Rows:
    """Some rows of a region, as the rows of one data table: from ``first`` on, ``count`` of them.

    ``name`` is the name that people see, ``excel_table`` that of the Excel table behind it, if there is one.
    ``exact`` rows are those that a range names, with the total rows among them.
    """

    region: Region
    name: str
    first: int
    count: int
    excel_table: str = ""
    exact: bool = False

    @property
    def whole(self) -> bool:
        """Return whether these are all rows of data of the region."""
        return not self.exact and self.first == 0 and self.count == row_count(self.region)

    @property
    def left_out(self) -> tuple[OtherRow, ...]:
        """The rows of the region that are no data and are between these or, for all rows, below them."""
        return self._among(self.region.left_out)

    @property
    def unsure(self) -> tuple[OtherRow, ...]:
        """The rows among these that may be no data."""
        return self._among(self.region.unsure)

    def _among(self, rows: Sequence[OtherRow]) -> tuple[OtherRow, ...]:
        if self.exact or self.whole:
            return () if self.exact else tuple(rows)
        inside = range(self.first, self.first + self.count)
        return tuple(replace(row, row=row.row - self.first) for row in rows if row.row in inside)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is to be told of these rows."""
        told = self.region.problems
        if self.left_out or self.unsure:
            return told
        return tuple(problem for problem in told if problem.code not in ROWS_LEFT_OUT)

    def formats(self, index: int) -> Sequence[str]:
        """Return the number formats of one column in these rows; empty where the file has none."""
        return self._complete(index).formats[self.first : self.first + self.count]

    def formats_among(self, index: int) -> Collection[str]:
        """Return number formats among which are those of one column."""
        return self._complete(index).formats_among

    def _complete(self, index: int) -> SheetColumn:
        return as_column((self.region.complete or self.region.columns)[index])

    def column(self, index: int) -> Sequence[RawCell]:
        """Return the cells of one column in these rows."""
        cells = (self.region.complete if self.exact else self.region.columns)[index]
        all_of_them = self.first == 0 and self.count == len(cells)
        return cells if all_of_them else cells[self.first : self.first + self.count]


@record
class Found:
    """Cells that may be an input: one column of ``rows``, or loose cells (``rows`` is ``None``).

    ``place`` is where they are; ``first_cell`` is the address of the first one where the others follow
    below it, else ``""``. ``over`` is what is over the value of a label. ``wording`` is the question that
    the header is short for.
    """

    place: CellRange
    header: str
    cells: Sequence[RawCell]
    rows: Rows | None
    how: How
    column: int = 0
    over: str = ""
    wording: str = ""

    @property
    def asked(self) -> str:
        """Return the question that was asked, or else the header."""
        return self.wording or self.header

    @property
    def notes(self) -> tuple[str, ...]:
        """What is over a labelled value, beside a row of months, or in titles above the table."""
        region = self.rows.region if self.rows is not None else None
        if region is None:
            return (self.over,)
        return (region.units[self.column] if region.units else "", *region.notes)

    @property
    def first_cell(self) -> str:
        """Return the address of the first cell, or ``""`` when the cells do not go down one column."""
        if self.place.left != self.place.right or (self.rows is not None and self.rows.region.transposed):
            return ""
        top = CellRange(self.place.sheet, self.place.top, self.place.left, self.place.top, self.place.left)
        return range_a1(top)

    @property
    def target(self) -> str:
        """Return what ``--map`` would take for exactly these cells."""
        rows = self.rows
        if rows is not None and rows.excel_table and rows.whole:
            return f"{rows.excel_table}[{self.header}]"
        prefix = sheet_prefix(self.place.sheet)
        headed = self.header and (self.how == "label" or (rows is not None and rows.whole))
        if headed and self._header_is_enough():
            return prefix + self.header
        if rows is not None and rows.whole and not rows.region.transposed:
            letters = column_letters(self.place.left)
            return f"{prefix}{letters}:{letters}"
        return range_a1(self.place)

    def _header_is_enough(self) -> bool:
        from metricsheet.binding.headers import same_header
        from metricsheet.files.addresses import parse_a1

        address = parse_a1(self.header)
        if "!" in self.header or "\n" in self.header or (address and address.left < _LIKELY_COLUMNS):
            return False
        headers = self.rows.region.headers if self.rows is not None else ()
        return sum(same_header(self.header, header) for header in headers) <= 1

    def __str__(self) -> str:
        """Return the header and the address, as a message names a candidate."""
        if not self.header:
            return range_a1(self.place)
        return f"{sheet_prefix(self.place.sheet)}{self.header} ({range_a1(self.place)})"


def row_count(region: Region) -> int:
    """Return how many data rows a region has."""
    return len(region.columns[0]) if region.columns else 0


class Layout:
    """The sheets of a book with their regions, found when first asked for.

    A part of a sheet that is an Excel table is a region only once: as that table.
    """

    def __init__(self, book: Book, index: AliasIndex, read: Mapping[str, str] | None = None) -> None:
        self.book = book
        self.index = index
        self.read = read or {}
        self._settings: dict[str, ReadSettings] = {}
        self.sheets = {sheet.name: sheet for sheet in book.sheets}
        self.visible = tuple(sheet for sheet in book.sheets if not sheet.hidden)
        self._regions: dict[str, tuple[Region, ...]] = {}
        self._tables: dict[str, Region] = {}
        self._rows: dict[int, Rows] = {}

    def settings(self, sheet: str) -> ReadSettings:
        """Return how the cells of a sheet are to be read."""
        if sheet not in self._settings:
            self._settings[sheet] = read_settings(read_on(self.read, sheet))
        return self._settings[sheet]

    def read_apart(self, sheet: str) -> dict[str, str]:
        """Return how the cells of a sheet are to be read where that is not as in the whole book."""
        return read_on(self.read, sheet) if sheets_of(self.read) else {}

    def sheet(self, name: str) -> Sheet | None:
        """Return the sheet of that name; capitals make no difference, as in Excel."""
        found = self.sheets.get(name)
        if found is None:
            same = [s for s in self.book.sheets if s.name.casefold() == name.casefold()]
            found = same[0] if len(same) == 1 else None
        return found

    def tables_on(self, sheet: str) -> list[ExcelTable]:
        """Return the Excel tables of a sheet."""
        return [table for table in self.book.tables.values() if table.data.sheet == sheet]

    def table_region(self, table: ExcelTable) -> Region | None:
        """Return the region of an Excel table, or ``None`` when its sheet is not there."""
        sheet = self.sheets.get(table.data.sheet)
        if sheet is None:
            return None
        if table.name not in self._tables:
            settings = self.settings(sheet.name)
            self._tables[table.name] = region_of_table(
                sheet,
                table,
                source=self.book.name,
                known=self.index.knows,
                answers=self._are_answers,
                totals=settings.totals,
                year=settings.year,
            )
        return self._tables[table.name]

    def regions(self, sheet: Sheet) -> tuple[Region, ...]:
        """Return the regions of a sheet that are no Excel table."""
        if sheet.name not in self._regions:
            self._regions[sheet.name] = tuple(self._find_regions(sheet))
        return self._regions[sheet.name]

    def _find_regions(self, sheet: Sheet) -> Iterator[Region]:
        tables = self.tables_on(sheet.name)
        if any(_fills(table, sheet) for table in tables):
            return
        settings = self.settings(sheet.name)
        found = find_regions(
            sheet,
            source=self.book.name,
            known=self.index.knows,
            answers=self._are_answers,
            totals=settings.totals,
            year=settings.year,
            headers=settings.headers,
        )
        for region in found:
            if region.kind == "pairs" or not any(_overlap(region, table.data) for table in tables):
                yield region

    def _are_answers(self, header: str) -> bool:
        """Return whether a header names answers on a scale, in some kind of table at least."""
        claims = kind_index(self.index).claims(header).values()
        keys = {*self.index.keys_of(header), *(claim.name for several in claims for _, claim in several)}
        inputs = self.index.catalog.inputs
        scales = (inputs[key].scale for key in keys if key in inputs)
        return any(scale is not None and scale.whole for scale in scales)

    def all_rows(self, region: Region) -> Rows:
        """Return the rows of a whole region under the name that people see."""
        found = self._rows.get(id(region))
        if found is None:
            table = next((name for name, r in self._tables.items() if r is region), "")
            name = table or self._name(region)
            found = self._rows[id(region)] = Rows(region, name, 0, row_count(region), table)
        return found

    def _name(self, region: Region) -> str:
        tables = [r for r in self._regions.get(region.sheet, ()) if r.kind == "table"]
        if len(tables) + len(self.tables_on(region.sheet)) < 2:
            return region.sheet or self.book.name
        top = region.top if region.header_row is None else min(region.header_row, region.top)
        return range_a1(CellRange(region.sheet, top, region.left, max(top, region.bottom), region.right))

    def column(self, region: Region, column: int, how: How) -> Found:
        """Return one column of a region, or one value beside its label."""
        rows = self.all_rows(region) if region.kind == "table" else None
        return Found(
            region.places[column],
            region.headers[column],
            region.columns[column],
            rows,
            how,
            column,
            region.over[column] if region.over else "",
            region.wordings[column] if region.wordings else "",
        )

    def headed_regions(self, sheet: Sheet) -> Iterator[tuple[Region, How]]:
        """Yield every region of a sheet, and how its columns or labelled values are found."""
        for table in self.tables_on(sheet.name):
            region = self.table_region(table)
            if region is not None:
                yield region, "table"
        for region in self.regions(sheet):
            yield region, "label" if region.kind == "pairs" else "header"

    def headed_columns(self, sheet: Sheet) -> Iterator[Found]:
        """Yield every column and labelled value of a sheet that has a header."""
        for region, how in self.headed_regions(sheet):
            yield from self.headed(region, how)

    def headed(self, region: Region, how: How) -> Iterator[Found]:
        """Yield every column or labelled value of a region that has a header."""
        for column, header in enumerate(region.headers):
            if header:
                yield self.column(region, column, how)

    def at(self, place: CellRange, how: How) -> Found | None:
        """Return the cells of a range: the column of a region where it is one, else loose cells.

        ``None`` when the sheet is not there or has no cell in the range.
        """
        sheet = self.sheet(place.sheet)
        if sheet is None:
            return None
        bottom = sheet.height - 1 if place.bottom is None else min(place.bottom, sheet.height - 1)
        right = min(place.right, sheet.width - 1)
        if place.top > bottom or place.left > right:
            return None
        columns = self.columns_at(sheet, place, how)
        if columns:
            return columns[0]
        parts = (column[place.top : bottom + 1] for column in sheet.columns[place.left : right + 1])
        cells = list(chain.from_iterable(zip(*parts, strict=True)))
        return Found(CellRange(sheet.name, place.top, place.left, bottom, right), "", cells, None, how)

    def columns_at(self, sheet: Sheet, place: CellRange, how: How) -> list[Found]:
        """Return the columns of regions that a range covers or lies in; a whole column may cover several."""
        return [
            found
            for region in self._table_regions(sheet)
            for column, where in enumerate(region.places)
            if (found := self._part_of(region, column, where, place, how)) is not None
        ]

    def _table_regions(self, sheet: Sheet) -> Iterator[Region]:
        for table in self.tables_on(sheet.name):
            region = self.table_region(table)
            if region is not None:
                yield region
        for region in self.regions(sheet):
            if region.kind == "table":
                yield region

    def _part_of(
        self, region: Region, column: int, where: CellRange, place: CellRange, how: How
    ) -> Found | None:
        """Return ``place`` as (part of) a column of ``region``, or ``None`` when it is not."""
        if where.bottom is None or (place.left, place.right) != (where.left, where.right):
            return None
        found = self._exactly(region, column, place) if how == "map" else None
        if found is not None:
            return found
        count = row_count(region)
        covers = place.top <= where.top and (place.bottom is None or place.bottom >= where.bottom)
        if covers and count:
            found = self.column(region, column, how)
            return None if region.transposed and place.bottom != where.bottom else found
        if region.transposed or place.bottom is None or not place.top < place.bottom <= where.bottom:
            return None
        top = where.top if place.top == region.header_row else place.top
        if top < where.top:
            return None
        whole = self.all_rows(region)
        name = f"{whole.name} rows {top + 1}–{place.bottom + 1}"
        rows = Rows(region, name, top - region.top, place.bottom - top + 1)
        exact = CellRange(region.sheet, top, place.left, place.bottom, place.right)
        return replace(self.column(region, column, how), place=exact, cells=rows.column(column), rows=rows)

    def _exactly(self, region: Region, column: int, place: CellRange) -> Found | None:
        """Return the cells of a range that names total rows among others, ``None`` where it names none."""
        if region.transposed or place.bottom is None or place.bottom == place.top:
            return None
        cells = region.complete[column]
        first, last = place.top - region.top, place.bottom - region.top
        if first > 0 and last >= len(cells):
            return None
        first, last = max(first, 0), min(last, len(cells) - 1)
        if not any(first <= row.row <= last for row in (*region.left_out, *region.unsure)):
            return None
        top, bottom = region.top + first, region.top + last
        name = f"{self.all_rows(region).name} rows {top + 1}–{bottom + 1}"
        rows = Rows(region, name, first, last - first + 1, exact=True)
        named = CellRange(region.sheet, top, place.left, bottom, place.right)
        return replace(self.column(region, column, "map"), place=named, cells=rows.column(column), rows=rows)


def _fills(table: ExcelTable, sheet: Sheet) -> bool:
    """Return whether nothing but the table is on the sheet."""
    data = table.data
    if data.left > 0 or data.top > 1 or not sheet.height:
        return False
    bottom = sheet.height - 1 if data.bottom is None else data.bottom
    return bottom >= sheet.height - 1 and data.right >= sheet.width - 1


def _overlap(region: Region, data: CellRange) -> bool:
    bottom = region.bottom if data.bottom is None else data.bottom
    return (
        region.top <= bottom
        and region.bottom >= data.top
        and region.left <= data.right
        and region.right >= data.left
    )
