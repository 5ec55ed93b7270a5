"""Tables of months with blank rows and columns between their cells, put together again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from metricsheet.files.book import Sheet
from metricsheet.tables.blocks import Block
from metricsheet.tables.cell_kinds import header_text, kind_of, period_kind
from metricsheet.tables.months_across import find_periods
from metricsheet.tables.total_labels import is_total_header

_GAP = 2
"""Blank columns between two months, or between the labels and the months."""

_BLANK_ROWS = 3
_TITLE_ROWS = 5
"""This many rows of titles and years may be above the months."""

_LOOKED_AT = 20
"""This many rows show whether a column between two months is blank, or holds the labels of the next ones."""

_MOST_BLOCKS = 2_000
_MOST_ROWS = 300
"""This many rows are looked at for months, and this many below them: there is one for each measure."""

_MOST_COLUMNS = 500


def joined_months(sheet: Sheet, blocks: list[Block]) -> list[Block]:
    """Return ``blocks`` with those that are parts of one table of months put together as one block.

    Blank columns between the labels and the months or between two months, and blank rows between the rows,
    cut such a table to pieces. They are one table where the months are in one row, with words to their left
    and numbers below them.
    """
    if not 1 < len(blocks) <= _MOST_BLOCKS or sheet.width > _MOST_COLUMNS:
        return blocks
    starts = {row for b in blocks for row in range(b.top, min(b.top + _TITLE_ROWS, b.bottom + 1))}
    for row in sorted(starts)[:_MOST_ROWS]:
        for months in _runs(sheet, row):
            whole = _whole(sheet, blocks, row, months)
            if whole is None:
                continue
            parts = [block for block in blocks if _meet(block, whole)]
            periods = find_periods(sheet, whole) if len(parts) > 1 else None
            if periods is not None and periods.row == row:
                at = blocks.index(parts[0])
                blocks = [block for block in blocks if block not in parts]
                blocks.insert(at, whole)
    return blocks


def _runs(sheet: Sheet, row: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last column of the months in a row that belong together, their totals included."""
    cells = sheet.row(row)
    kinds = [period_kind(cell) for cell in cells]
    if sum(kind is not None for kind in kinds) < 2:
        return
    runs: list[list[int]] = []
    for column, cell in enumerate(cells):
        if kinds[column] is None and not (runs and is_total_header(header_text(cell))):
            continue
        between = sheet.columns[runs[-1][-1] + 1 : column] if runs else ()
        if runs and len(between) <= _GAP and not any(any(c.seen[row : row + _LOOKED_AT]) for c in between):
            runs[-1].append(column)
        elif kinds[column] is not None:
            runs.append([column])
    yield from ((run[0], run[-1]) for run in runs if len(run) > 1)


def _whole(sheet: Sheet, blocks: Sequence[Block], row: int, months: tuple[int, int]) -> Block | None:
    """Return the block of a table with its ``months`` in ``row``; ``None`` where a block reaches out of it.

    It goes down as far as numbers are below the months.
    """
    first, last = months
    bottom, blank = row, 0
    for number in range(row + 1, min(row + _MOST_ROWS, sheet.height)):
        cells = [cell for cell in sheet.row(number, first, last) if kind_of(cell) != "blank"]
        kinds = {kind_of(cell) for cell in cells}
        if kinds & {"text", "date"} or (len(cells) > 1 and all(map(period_kind, cells))):
            break
        bottom, blank = (number, 0) if "number" in kinds else (bottom, blank + 1)
        if blank > _BLANK_ROWS:
            break
    left = _labels(sheet, first, row, bottom)
    if bottom == row or left is None:
        return None
    whole = Block(row, left, bottom, last)
    for block in blocks:
        if _meet(block, whole) and row - block.top <= _TITLE_ROWS:
            whole = Block(
                min(whole.top, block.top),
                min(whole.left, block.left),
                max(whole.bottom, block.bottom),
                max(whole.right, block.right),
            )
    reaching = any(_meet(block, whole) and not _holds(whole, block) for block in blocks)
    return None if reaching else whole


def _labels(sheet: Sheet, first: int, row: int, bottom: int) -> int | None:
    """Return the first of the columns of labels beside the months, ``None`` where there are none."""

    def filled(column: int) -> bool:
        return any(sheet.columns[column].seen[row + 1 : bottom + 1])

    near = next((c for c in range(first - 1, max(first - 2 - _GAP, -1), -1) if filled(c)), None)
    while near and filled(near - 1):
        near -= 1
    return near


def _meet(one: Block, other: Block) -> bool:
    return (
        one.top <= other.bottom
        and other.top <= one.bottom
        and one.left <= other.right
        and other.left <= one.right
    )


def _holds(whole: Block, part: Block) -> bool:
    return (
        whole.top <= part.top
        and part.bottom <= whole.bottom
        and whole.left <= part.left
        and part.right <= whole.right
    )
