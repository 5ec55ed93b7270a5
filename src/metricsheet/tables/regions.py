"""The data regions a person sees on a sheet: tables under headers, labels beside values, months across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from metricsheet.files.addresses import column_letters
from metricsheet.files.book import CellRange, ExcelTable, RawCell, Sheet, SheetColumn, as_column
from metricsheet.reading.settings import TotalsChoice
from metricsheet.records import replace
from metricsheet.tables.blocks import Block, cut
from metricsheet.tables.candidates import FoundTable, find_tables
from metricsheet.tables.cell_kinds import kind_of
from metricsheet.tables.choices import choices_below, join_choices
from metricsheet.tables.counted_answers import is_count_header, one_row_each
from metricsheet.tables.dropped_rows import DataRows, data_rows
from metricsheet.tables.header_row import (
    ColumnStats,
    first_data_row,
    header_texts,
    question_texts,
    titles_over,
)
from metricsheet.tables.long_list import Widened, widened
from metricsheet.tables.months_across import distinct_periods, turned_region
from metricsheet.tables.pairs import pairs_region
from metricsheet.tables.region import Region
from metricsheet.tables.years import asked_years, lack_years, with_years, year_over

__all__ = ["ColumnStats", "Region", "find_regions", "region_of_table"]

MOST_TABLES_BESIDE_PAIRS = 200
"""On a sheet with more tables, labels with values are not looked for."""

_MOST_MERGED_CELLS = 200_000

Merged = dict[tuple[int, int], RawCell]
"""The content that a person sees in the blank cells of merged rectangles."""


def find_regions(
    sheet: Sheet,
    *,
    source: str = "",
    known: ColumnStats | None = None,
    answers: ColumnStats | None = None,
    totals: TotalsChoice = "find",
    year: int | None = None,
    headers: bool = True,
) -> tuple[Region, ...]:
    """Return the data regions of ``sheet``: tables from top to bottom, then labels with values.

    ``source`` is the book's name for the problems. ``known`` says whether a header text is a label or alias;
    with it, header rows are found that look like data. ``answers`` says whether it is one of answers.
    ``totals`` says what is done with total rows, ``year`` is that of months without one, and without
    ``headers`` every row is data. A list of labels and values under headers is given twice: as ``table`` and
    within ``pairs``.
    """
    if not sheet.height:
        return ()
    area = Block(0, 0, sheet.height - 1, sheet.width - 1)
    if not headers:
        return tuple(_lettered(sheet, block, source, year) for block in cut(sheet, area))
    tables, free = find_tables(sheet, cut(sheet, area), known)
    merged = _merged_contents(sheet)
    regions: list[Region] = []
    for table in tables:
        if table.periods:
            parts = distinct_periods(sheet, table.block, table.periods)
            found = [
                turned_region(sheet, table.block, part, source=source, known=known, year=year)
                for part in parts
            ]
        else:
            found = [_table_region(sheet, table, merged, source, totals, year, known, answers)]
        block = table.block
        notes = titles_over(sheet, table.header, block.left, block.right) if table.header else ()
        regions += [replace(region, notes=(*region.notes, *notes)) for region in found] if notes else found
    if len(tables) > MOST_TABLES_BESIDE_PAIRS:
        return tuple(regions)
    loose = set(free)
    taken = [table.block for table in tables if table.block not in loose]
    pairs = pairs_region(
        sheet,
        free,
        lambda row, column: any(b.top <= row <= b.bottom and b.left <= column <= b.right for b in taken),
    )
    return (*regions, pairs) if pairs else tuple(regions)


def region_of_table(
    sheet: Sheet,
    table: ExcelTable,
    *,
    source: str = "",
    known: ColumnStats | None = None,
    answers: ColumnStats | None = None,
    totals: TotalsChoice = "find",
    year: int | None = None,
) -> Region:
    """Return an Excel table as a region; rows and columns beyond the cells that are filled are blank.

    Totals typed among its rows are left out, as in any table, or as ``totals`` says. ``source`` is the book's
    name for the problems, ``year`` that of months without one; ``known`` and ``answers`` are as for a sheet.
    """
    place = table.data
    bottom = min(place.bottom if place.bottom is not None else sheet.height - 1, sheet.height - 1)
    columns = _columns(sheet, Block(place.top, place.left, bottom, place.right))
    start = CellRange(sheet.name, place.top, place.left, place.top, place.left)
    wide = widened(table.columns, columns, start, known)
    if wide is not None:
        data = Block(place.top, place.left, bottom, place.right)
        header = place.top - 1 if place.top else None
        return _wide_region(sheet.name, header, data, wide, source, totals, year)
    found = data_rows(columns, table.columns, start, source, totals)
    if not found.problems:  # blank rows at the end belong to the table
        found = DataRows(columns, columns)
    found = _dated(found, start, source, year)
    region = _region(
        sheet.name,
        place.top - 1 if place.top else None,
        Block(place.top, place.left, max(place.top + len(found.columns[0]) - 1, place.top - 1), place.right),
        table.columns,
        found,
    )
    region = _each_answer(region, answers)
    return replace(region, notes=titles_over(sheet, place.top - 1, place.left, place.right))


def _merged_contents(sheet: Sheet) -> Merged:
    """Return the words and dates of merged rectangles for the rows below their first cell.

    A number is there only once, and so are words over several columns: they are those of the first one.
    """
    contents: Merged = {}
    for place in sheet.merged:
        bottom = place.top if place.bottom is None else min(place.bottom, sheet.height - 1)
        if place.top >= sheet.height or place.left >= sheet.width:
            continue
        cell = sheet.cell(place.top, place.left)
        if kind_of(cell) not in ("text", "date"):
            continue
        if bottom - place.top + 1 + len(contents) > _MOST_MERGED_CELLS:
            continue
        for row in range(place.top, bottom + 1):
            contents[row, place.left] = cell
    return contents


def _table_region(
    sheet: Sheet,
    table: FoundTable,
    merged: Merged,
    source: str,
    totals: TotalsChoice,
    year: int | None,
    known: ColumnStats | None,
    answers: ColumnStats | None,
) -> Region:
    """Return a table as a region, without its totals and repeated headers."""
    block, header = table.block, table.header
    choices = choices_below(sheet, block, header) if header is not None else []
    top = block.top if header is None else first_data_row(sheet, block, header)
    if header is not None and choices:
        top = header + 2
    data = Block(top, block.left, block.bottom, block.right)
    columns = _columns(sheet, data)
    _fill_merged(columns, data, merged)
    if header is None:
        return _region(sheet.name, None, data, ("",) * block.width, DataRows(columns, columns))
    headers = header_texts(sheet, block, header, merged, known)
    joined = join_choices(sheet, header, data, choices, columns, headers, source) if choices else None
    headers = joined.headers if joined is not None else headers
    _blank_repeated_headers(columns, sheet.row(header, block.left, block.right))
    start = CellRange(sheet.name, top, block.left, top, block.left)
    wide = widened(headers, columns, start, known)
    if wide is not None:
        asked = year_over(sheet, block, header) if year is None else year
        return _wide_region(sheet.name, header, data, wide, source, totals, asked)
    found = data_rows(columns, headers, start, source, totals)
    found = _dated(found, start, source, year_over(sheet, block, header) if year is None else year)
    data = data._replace(bottom=top + (len(found.columns[0]) if columns else 0) - 1)
    if joined is not None:
        found = replace(found, problems=(*found.problems, *joined.problems))
        return _region(sheet.name, header, data, headers, found, joined.wordings, joined.ends)
    questions = question_texts(sheet, block, header)
    return _each_answer(_region(sheet.name, header, data, headers, found, questions), answers)


def _each_answer(region: Region, answers: ColumnStats | None) -> Region:
    """Return a table that counts answers with a row for each of them, and any other as it is."""
    made = one_row_each(region.headers, region.columns, answers, unsure=bool(region.unsure))
    if made is None:
        return region
    kept = [number for number, header in enumerate(region.headers) if not is_count_header(header)]
    return replace(
        region,
        headers=made[0],
        columns=made[1],
        complete=made[1],
        places=tuple(region.places[number] for number in kept),
        wordings=tuple(region.wordings[number] for number in kept) if region.wordings else (),
        left_out=(),
        transposed=True,
    )


def _wide_region(
    sheet: str,
    header: int | None,
    data: Block,
    wide: Widened,
    source: str,
    totals: TotalsChoice,
    year: int | None,
) -> Region:
    """Return a list of named figures as a region with a column of each name."""
    start = wide.places[0]
    found = data_rows(wide.columns, wide.headers, start, source, totals, wide.address)
    found = _dated(found, start, source, year)
    return Region(
        sheet=sheet,
        kind="table",
        header_row=header,
        top=data.top,
        left=data.left,
        bottom=data.bottom,
        right=data.right,
        headers=wide.headers,
        columns=found.columns,
        complete=found.complete,
        places=wide.places,
        transposed=True,
        problems=found.problems,
        left_out=found.left_out,
        unsure=found.unsure,
        units=wide.units,
    )


def _dated(found: DataRows, place: CellRange, source: str, year: int | None) -> DataRows:
    """Return rows with the year of months that name none, or with the question for it."""
    if year is None:
        asked = asked_years(source, found.columns, place)
        return replace(found, problems=(*found.problems, *asked)) if asked else found
    lacking = [number for number, cells in enumerate(found.columns) if lack_years(cells)]
    columns, complete = list(found.columns), list(found.complete)
    for number in lacking:
        columns[number] = with_years(columns[number], year)
        complete[number] = with_years(complete[number], year)
    return replace(found, columns=columns, complete=complete) if lacking else found


def _lettered(sheet: Sheet, block: Block, source: str, year: int | None) -> Region:
    """Return a block in which every row is data as a table whose columns are named by their letters."""
    columns = _columns(sheet, block)
    start = CellRange(sheet.name, block.top, block.left, block.top, block.left)
    found = _dated(DataRows(columns, columns), start, source, year)
    names = tuple(map(column_letters, range(block.left, block.right + 1)))
    return replace(_region(sheet.name, None, block, names, found), lettered=True)


def _columns(sheet: Sheet, data: Block) -> list[Sequence[RawCell]]:
    """Return the columns of a rectangle that may have no rows; those beyond the sheet are blank."""
    inside = sheet.columns[data.left : data.right + 1]
    blank = SheetColumn((None,) * max(0, data.height))
    return [*(column[data.top : data.bottom + 1] for column in inside), *[blank] * (data.width - len(inside))]


def _fill_merged(columns: list[Sequence[RawCell]], data: Block, merged: Merged) -> None:
    """Put the words of merged rectangles into their blank cells, in place."""
    filled: dict[int, list[RawCell]] = {}
    for (row, column), content in merged.items():
        if data.top <= row <= data.bottom and data.left <= column <= data.right:
            cells = filled.setdefault(column - data.left, [])
            cells = cells or list(columns[column - data.left])
            if cells[row - data.top] is None:
                cells[row - data.top] = content
            filled[column - data.left] = cells
    for index, cells in filled.items():
        columns[index] = cells


def _blank_repeated_headers(columns: list[Sequence[RawCell]], header: Sequence[RawCell]) -> None:
    """Blank the rows that repeat the header row, in place: printed reports do so on every page."""
    first = next(index for index, cell in enumerate(header) if cell is not None)
    if header[first] not in columns[first]:
        return
    likely = [row for row, cell in enumerate(columns[first]) if cell == header[first]]
    repeated = [
        row for row in likely if all(cells[row] == cell for cells, cell in zip(columns, header, strict=True))
    ]
    for index, cells in enumerate(columns) if repeated else ():
        blanked = list(cells)
        for row in repeated:
            blanked[row] = None
        columns[index] = blanked


def _region(
    sheet: str,
    header: int | None,
    data: Block,
    headers: tuple[str, ...],
    rows: DataRows,
    wordings: Sequence[str] = (),
    ends: Mapping[int, int] | None = None,
) -> Region:
    """Return a table region; columns without a header and without any cell are left out.

    ``ends`` are the last columns of those whose cells are in several.
    """
    ends = ends or {}
    filled = [any(as_column(cells).kinds) for cells in rows.complete]
    kept = [i for i, header_of in enumerate(headers) if header_of or filled[i]]
    last = max(data.bottom, data.top)
    return Region(
        sheet=sheet,
        kind="table",
        header_row=header,
        top=data.top,
        left=data.left,
        bottom=data.bottom,
        right=data.right,
        headers=tuple(headers[i] for i in kept),
        columns=[rows.columns[i] for i in kept],
        places=tuple(
            CellRange(sheet, data.top, data.left + i, last, data.left + ends.get(i, i)) for i in kept
        ),
        problems=rows.problems,
        complete=[rows.complete[i] for i in kept],
        left_out=rows.left_out,
        unsure=rows.unsure,
        wordings=tuple(wordings[i] for i in kept) if wordings else (),
    )
