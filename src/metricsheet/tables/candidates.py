"""The tables of a sheet before they are read: where each starts, ends and continues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from metricsheet.files.book import TEXT, UNSEEN, RawCell, Sheet
from metricsheet.language.currencies import SINGLE_SIGNS
from metricsheet.language.lexicon import wordings
from metricsheet.patterns import any_of, late
from metricsheet.records import record
from metricsheet.tables.blocks import Block
from metricsheet.tables.cell_kinds import CellKind, header_text, is_id_header, kind_of
from metricsheet.tables.choices import choice_header
from metricsheet.tables.header_row import ColumnStats, find_header
from metricsheet.tables.months_across import PeriodHeader, find_periods
from metricsheet.tables.spacers import joined_months

_MOST_BLANK_ROWS = 3
_SAMPLE_ROWS = 30
_OPEN_TABLES = 50
"""This many tables may be side by side and still go on below blank rows."""

_LABEL_VALUE_ROWS = 200
_MOST_WORDS = 2_000
"""This many rows with words among the numbers are no headers."""

_NUMBER_STARTS = frozenset("0123456789-+.,(%" + SINGLE_SIGNS)
_PAGE = late(
    lambda: rf"(?:{any_of(wordings('page'))}) *[0-9]|[0-9]+ *(?:/|{any_of(wordings('page_of'))}) *[0-9]"
)

_DATA: tuple[CellKind, ...] = ("number", "date", "flag")


@record(frozen=False)
class FoundTable:
    """A block with its header row or its header of months; with neither, it is data without headers."""

    block: Block
    header: int | None
    periods: PeriodHeader | None


def find_tables(
    sheet: Sheet, blocks: Iterable[Block], known: ColumnStats | None
) -> tuple[list[FoundTable], list[Block]]:
    """Return the tables among ``blocks``, and the blocks where labels with values may be.

    These are the blocks that are no table, and tables that are lists of labels and values.
    """
    tables: list[FoundTable] = []
    free: list[Block] = []
    for whole in _joined(sheet, joined_months(sheet, list(blocks))):
        for block in _split_at_headers(sheet, whole, known):
            if any(_extend(sheet, table, block, known) for table in tables[: -_OPEN_TABLES - 1 : -1]):
                continue
            table = _table(sheet, block, known)
            if table is None:
                free.append(block)
                continue
            tables.append(table)
    free += [table.block for table in tables if table.periods is None and _is_label_value(sheet, table)]
    return tables, free


def _table(sheet: Sheet, block: Block, known: ColumnStats | None) -> FoundTable | None:
    """Return the table in ``block``, or ``None`` when nothing there has rows under headers."""
    periods = find_periods(sheet, block)
    if periods is not None:
        listed = known is not None and _is_list(sheet, block, periods, known)
        return FoundTable(block, periods.row, None if listed else periods)
    header = choice_header(sheet, block)
    header = find_header(sheet, block, known) if header is None else header
    if header is not None:
        is_note = block.width == 1 and _is_note(sheet, block, header)
        return None if is_note else FoundTable(block, header, None)
    kinds = Counter(
        kind_of(c)
        for column in sheet.columns[block.left : block.right + 1]
        for c in column[block.top : block.top + _SAMPLE_ROWS]
    )
    numbers = sum(kinds[kind] for kind in _DATA)
    bare = FoundTable(block, None, None)
    if block.height >= 3 and 2 * numbers >= kinds["text"] and not _is_label_value(sheet, bare):
        return bare
    return None


def _is_list(sheet: Sheet, block: Block, periods: PeriodHeader, known: ColumnStats) -> bool:
    """Return whether the rows below the months are things with an id and not measures by their names."""
    before = range(block.left, periods.columns[0])
    if not any(is_id_header(header_text(sheet.cell(periods.row, column))) for column in before):
        return False
    below = (sheet.columns[column][periods.row + 1 : block.bottom + 1] for column in before)
    return not any(known(cell) for cells in below for cell in cells if isinstance(cell, str))


def _is_note(sheet: Sheet, block: Block, header: int) -> bool:
    """Return whether a block of one column is no table: some lines of words, or labels above values."""
    if block.bottom - header < 3 and all(
        kind_of(cell) == "text" for cell in sheet.columns[block.left][header : block.bottom + 1]
    ):
        return True
    last = min(block.bottom, header + _SAMPLE_ROWS)
    kinds = [kind_of(cell) for cell in sheet.columns[block.left][header : last + 1]]
    return len(kinds) > 2 and kinds[2] == "text" and all(kind in _DATA for kind in kinds[1::2])


def _joined(sheet: Sheet, blocks: list[Block]) -> list[Block]:
    """Return the blocks with columns of numbers put back behind a spacer column of their table.

    A block of numbers without words or dates of its own, one blank column to the right of a block that has
    them and ends in the same row, belongs to it.
    """
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if (
            last is not None
            and block.left == last.right + 2
            and block.bottom == last.bottom
            and 0 <= block.top - last.top <= 3
            and block.height > 2
            and not _has_keys(sheet, block)
            and _has_keys(sheet, last)
        ):
            joined[-1] = Block(last.top, last.left, last.bottom, block.right)
        else:
            joined.append(block)
    return joined


def _has_keys(sheet: Sheet, block: Block) -> bool:
    """Return whether the rows of ``block`` hold words or dates below its first rows."""
    below = range(block.top + 2, min(block.bottom, block.top + _SAMPLE_ROWS) + 1)
    return any(
        kind_of(cell) in ("text", "date") for r in below for cell in sheet.row(r, block.left, block.right)
    )


def _split_at_headers(sheet: Sheet, block: Block, known: ColumnStats | None) -> list[Block]:
    """Return ``block`` cut above rows of known headers that stand where the rows above them hold numbers.

    Headers printed again between two rows of data go on with their table; under a title of their own
    (``2024``) they start another one, which the title belongs to.
    """
    if known is None or block.height < 4:
        return [block]
    starts = {block.top}
    seen: list[Sequence[RawCell]] = []
    for row in sorted(_words_among_numbers(sheet, block)):
        cells = sheet.row(row, block.left, block.right)
        if not any(known(header_text(cell)) for cell in cells if isinstance(cell, str)):
            continue
        if cells in seen and _is_title(sheet, block, row - 1):
            starts.add(row - 1)
        elif cells not in seen and _starts_table(sheet, block, row):
            starts.add(row)
        seen.append(cells)
    edges = [*sorted(starts), block.bottom + 1]
    return [Block(top, block.left, end - 1, block.right) for top, end in pairwise(edges)]


def _is_title(sheet: Sheet, block: Block, row: int) -> bool:
    """Return whether a row inside ``block`` holds one cell that is neither a page number nor said before."""
    if row <= block.top + 1:
        return False
    filled = [cell for cell in sheet.row(row, block.left, block.right) if kind_of(cell) != "blank"]
    if len(filled) != 1 or _PAGE.match(header_text(filled[0]).casefold()):
        return False
    above = (column[block.top : row] for column in sheet.columns[block.left : block.right + 1])
    return all(filled[0] not in cells for cells in above)


def _words_among_numbers(sheet: Sheet, block: Block) -> set[int]:
    """Return the rows in which a column of numbers holds words, and the first row."""
    found: set[int] = {block.top}
    for whole in sheet.columns[block.left : block.right + 1]:
        cells = whole[block.top : block.bottom + 1]
        filled = [cell for cell in cells[: _SAMPLE_ROWS + 1] if cell is not None]
        if 2 * sum(kind_of(cell) == "number" for cell in filled) >= len(filled) > 0:
            if not cells[1:].holds(TEXT, UNSEEN):
                continue
            words = cells.texts_but(_NUMBER_STARTS)
            found |= {row + block.top for row in cells.rows_of(words)} if words else set()
            if len(found) > _MOST_WORDS:
                return set()
    return found


def _starts_table(sheet: Sheet, block: Block, row: int) -> bool:
    """Return whether ``row`` holds only words, numbers are right above it and right below it."""
    if row - block.top < 2 or row >= block.bottom:
        return False
    columns = range(block.left, block.right + 1)
    here = [kind_of(sheet.cell(row, c)) for c in columns]
    words = [c for c, kind in zip(columns, here, strict=True) if kind == "text"]
    if len(words) < 2 or any(kind not in ("text", "blank") for kind in here):
        return False
    above, below = (
        {c for c in words if kind_of(sheet.cell(row + step, c)) in ("number", "flag")} for step in (-1, 1)
    )
    return bool(above) and bool(below) and row - 2 >= block.top


def _extend(sheet: Sheet, table: FoundTable, block: Block, known: ColumnStats | None) -> bool:
    """Let ``table`` go on with the rows of ``block`` if these are more of its rows; return whether so."""
    mine = table.block
    if not (
        0 < block.top - mine.bottom <= _MOST_BLANK_ROWS + 1
        and mine.left <= block.left
        and block.right <= mine.right
        and _continues(sheet, table, block, known)
    ):
        return False
    table.block = Block(mine.top, mine.left, block.bottom, mine.right)
    return True


def _continues(sheet: Sheet, table: FoundTable, block: Block, known: ColumnStats | None) -> bool:
    """Return whether ``block`` holds numbers, and no words, where the table does, or repeats its words."""
    mine = table.block
    start = mine.top if table.header is None else table.header + 1
    first = sheet.row(block.top, block.left, block.right)
    if table.header is not None and start > mine.bottom:
        return mine.width > 1 and any(kind_of(c) in _DATA for c in first)
    if table.periods is not None and find_periods(sheet, block) is not None:
        return False
    texts = [header_text(c) for c in first if type(c) is str]
    if known and table.periods is None and any(map(known, texts)):
        return False
    matched = repeated = False
    for column in range(block.left, block.right + 1):
        sample = [sheet.cell(r, column) for r in range(start, min(mine.bottom, start + _SAMPLE_ROWS) + 1)]
        kinds = Counter(kind_of(cell) for cell in sample)
        numbers = sum(kinds[kind] for kind in _DATA)
        for row in range(block.top, min(block.bottom, block.top + 2) + 1):
            kind = kind_of(sheet.cell(row, column))
            if numbers > kinds["text"]:
                other = "date" if kinds["number"] > kinds["date"] else "number"
                if kind in ("text", other):
                    return False
                matched = matched or kind in _DATA
            elif kind == "text":
                repeated = repeated or sheet.cell(row, column) in sample
    return matched or repeated


def _is_label_value(sheet: Sheet, table: FoundTable) -> bool:
    """Return whether a table is a list of labels, each with one value beside it."""
    block = table.block
    start = block.top if table.header is None else table.header + 1
    if not 2 <= block.width <= 4 or block.bottom - start >= _LABEL_VALUE_ROWS:
        return False
    labels: list[str] = []
    values = 0
    for row in range(start, block.bottom + 1):
        kinds = [kind_of(sheet.cell(row, c)) for c in range(block.left, block.right + 1)]
        numbers = sum(kind in ("number", "flag", "error") for kind in kinds)
        if kinds[0] != "text" or numbers > 1:
            return False
        labels.append(header_text(sheet.cell(row, block.left)))
        values += numbers
    return values > 0 and len(set(labels)) == len(labels)
