"""Tables with months along the header and one measure per row, turned so that each measure is a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import accumulate, pairwise
from typing import NamedTuple

from metricsheet.dataset import Problem
from metricsheet.files.addresses import a1, range_a1
from metricsheet.files.book import CellRange, FormattedColumn, RawCell, Sheet
from metricsheet.language.message import Message, and_more
from metricsheet.patterns import late
from metricsheet.tables.blocks import Block
from metricsheet.tables.cell_kinds import (
    LONGEST_NUMBER,
    CellKind,
    PeriodKind,
    count_kinds,
    header_text,
    kind_of,
    lacks_year,
    period_kind,
)
from metricsheet.tables.header_row import SEARCHED_ROWS, ColumnStats
from metricsheet.tables.long_list import wide_rows
from metricsheet.tables.region import Region
from metricsheet.tables.total_labels import is_total_header
from metricsheet.tables.years import (
    SEARCHED_ROWS_OF_YEARS,
    lack_years,
    no_year,
    with_year,
    with_years,
    years_over,
)

DATE_HEADER = "Date"
"""The header of the column made from the months along the header."""

_AMOUNT = late(r"[0-9]+\.[0-9]+\Z")


class PeriodHeader(NamedTuple):
    """A header row of periods: the row, the columns of the periods, and numeric columns that are none."""

    row: int
    columns: tuple[int, ...]
    others: tuple[int, ...]


def find_periods(sheet: Sheet, block: Block) -> PeriodHeader | None:
    """Return the header row of periods in ``block``, or ``None``.

    It has at least two different periods with numbers below them, and words to the left of those rows.
    Where months are beside quarters or years, the more frequent kind is meant; the others add it up.
    """
    last = min(block.bottom - 1, block.top + SEARCHED_ROWS - 1)
    for row in range(block.top, last + 1):
        kinds = {
            column: kind
            for column in range(block.left, block.right + 1)
            if (kind := period_kind(sheet.cell(row, column))) is not None
        }
        _leave_out_amounts(sheet, row, kinds)
        if len(kinds) < 2 or len({header_text(sheet.cell(row, c)) for c in kinds}) < 2:
            continue
        if not _years_follow([sheet.cell(row, c) for c in kinds]) or _is_below_headers(sheet, block, row):
            continue
        if _is_above_questions(sheet, row, list(kinds)) or _is_above_months(sheet, row, kinds):
            continue
        chosen = Counter(kinds.values()).most_common(1)[0][0]
        columns = tuple(column for column, kind in kinds.items() if kind == chosen)
        if len(columns) >= 2 and _fits(sheet, block, row, columns):
            return PeriodHeader(row, columns, _other_numbers(sheet, block, row, columns))
    return None


def _leave_out_amounts(sheet: Sheet, row: int, kinds: dict[int, PeriodKind]) -> None:
    """Take amounts such as ``2024.05`` out, in place: they are no months beside months written otherwise."""
    months = {column for column, kind in kinds.items() if kind == "month"}
    amounts = {c for c in months if _AMOUNT.match(header_text(sheet.cell(row, c)))}
    if amounts != months:
        for column in amounts:
            del kinds[column]


def _is_below_headers(sheet: Sheet, block: Block, row: int) -> bool:
    """Return whether the row above holds words over every filled cell: then this one is data.

    Group headers over years (``Actual``, ``Budget``) leave the column of the labels free.
    """
    if row == block.top:
        return False
    here = sheet.row(row, block.left, block.right)
    above = sheet.row(row - 1, block.left, block.right)
    filled = [column for column, cell in enumerate(here) if kind_of(cell) != "blank"]
    headed = all(kind_of(above[c]) == "text" and period_kind(above[c]) is None for c in filled)
    return headed and len({header_text(above[c]) for c in filled}) == len(filled)


def _is_above_questions(sheet: Sheet, row: int, columns: Sequence[int]) -> bool:
    """Return whether a question is below every cell: ``Q1`` is then its number, and no quarter."""
    below = [header_text(sheet.cell(row + 1, column)) for column in columns]
    asked = any(len(text) > LONGEST_NUMBER or text.endswith(("?", "？")) for text in below)
    return asked and len(set(below)) == len(below) and all(kind_of(text) == "text" for text in below)


def _is_above_months(sheet: Sheet, row: int, kinds: Mapping[int, PeriodKind]) -> bool:
    """Return whether years are over months or quarters: blank rows and rows of words may be between."""
    if set(kinds.values()) != {"year"}:
        return False
    for below in range(row + 1, min(row + 1 + SEARCHED_ROWS_OF_YEARS, sheet.height)):
        cells = [sheet.cell(below, column) for column in kinds]
        if {period_kind(cell) for cell in cells} <= {"month", "quarter"}:
            return True
        if any(kind_of(cell) not in ("blank", "text") for cell in cells):
            return False
    return False


def _years_follow(cells: Sequence[RawCell]) -> bool:
    """Return whether the years written as numbers follow each other; others are data that look like years."""
    years = [cell for cell in cells if isinstance(cell, (int, float))]
    steps = {later - earlier for earlier, later in pairwise(years)}
    return steps <= {1} or steps <= {-1}


def _fits(sheet: Sheet, block: Block, row: int, columns: tuple[int, ...]) -> bool:
    """Return whether below ``row`` the period columns hold numbers and a column before them words."""
    first = columns[0]
    headed = [c for c in range(first, block.right + 1) if kind_of(sheet.cell(row, c)) != "blank"]
    if first == block.left or 2 * len(columns) < len(headed):
        return False
    below = [column[row + 1 : block.bottom + 1] for column in sheet.columns]
    unheaded = [c for c in range(first, columns[-1] + 1) if kind_of(sheet.cell(row, c)) == "blank"]
    if any(count_kinds(below[c])["number"] for c in unheaded):  # years over groups of columns
        return False
    kinds = sum((count_kinds(below[column]) for column in columns), Counter[CellKind]())
    if isinstance(sheet.cell(row, first), (int, float)):
        numbers = (cell for column in columns for cell in below[column] if isinstance(cell, (int, float)))
        if 2 * sum(period_kind(cell) == "year" for cell in numbers) > kinds["number"]:
            return False
    filled = sum(kinds.values()) - kinds["blank"] - kinds["missing"] - kinds["error"]
    if not kinds["number"] or 2 * kinds["number"] < filled:
        return False
    before = below[block.left : first]
    words = sum(count_kinds(column)["text"] for column in before)
    labels = sum(map(any, zip(*(column.seen for column in before), strict=True)))
    return 2 * words >= labels > 0


def _other_numbers(sheet: Sheet, block: Block, row: int, columns: tuple[int, ...]) -> tuple[int, ...]:
    """Return the columns from the first period on that hold numbers but are not of the chosen kind."""
    return tuple(
        column
        for column in range(columns[0], block.right + 1)
        if column not in columns and count_kinds(sheet.columns[column][row + 1 : block.bottom + 1])["number"]
    )


def distinct_periods(sheet: Sheet, block: Block, found: PeriodHeader) -> list[PeriodHeader]:
    """Return ``found`` cut into headers in which no period comes twice.

    Where it does (``Jan Feb`` under Actual, ``Jan Feb`` under Budget), the figures are not of one kind, and
    the first ones of each period are kept apart from the second ones.
    """
    parts: list[list[int]] = []
    times: Counter[RawCell] = Counter()
    for column, period in zip(found.columns, _dates(sheet, block, found), strict=True):
        if times[period] == len(parts):
            parts.append([])
        parts[times[period]].append(column)
        times[period] += 1
    return [found._replace(columns=tuple(part)) for part in parts]


def turned_region(
    sheet: Sheet,
    block: Block,
    found: PeriodHeader,
    *,
    source: str,
    known: ColumnStats | None,
    year: int | None = None,
) -> Region:
    """Return the region whose columns are the rows of ``block`` and a date column made from its header."""
    label_column = _label_column(sheet, block, found, known)
    dates = _dates(sheet, block, found, year)
    columns: list[Sequence[RawCell]] = [dates]
    headers, places = [DATE_HEADER], [_place(sheet.name, found, found.row)]
    before = [column for column in range(block.left, found.columns[0]) if column != label_column]
    units = [""]
    groups = _groups(sheet, block, found, label_column, before)
    if groups:
        return _turned_groups(sheet, block, found, label_column, groups, dates, source)
    last = found.row
    labels = Counter(header_text(sheet.cell(r, label_column)) for r in range(found.row + 1, block.bottom + 1))
    for number in range(found.row + 1, block.bottom + 1):
        label = header_text(sheet.cell(number, label_column))
        cells = [sheet.cell(number, column) for column in found.columns]
        empty = all(kind_of(cell) == "blank" for cell in cells)
        if not label or (
            empty and labels[label] > 1
        ):  # the heading of a section, named again by one of its rows
            continue
        headers.append(label)
        units.append(_beside(sheet, number, before))
        columns.append(FormattedColumn(cells, partial(_formats, sheet, number, found.columns)))
        places.append(_place(sheet.name, found, number))
        last = number
    asked = [no_year(source, dates, range_a1(places[0]))] if lack_years(dates) else []
    return Region(
        sheet=sheet.name,
        kind="table",
        header_row=found.row,
        top=found.row + 1,
        left=found.columns[0],
        bottom=last,
        right=found.columns[-1],
        headers=tuple(headers),
        columns=columns,
        places=tuple(places),
        transposed=True,
        date_column=0,
        problems=(*_left_out(sheet, found, source), *asked),
        positions=found.columns,
        notes=(_beside(sheet, found.row, range(block.left, found.columns[0])),),
        units=tuple(units),
    )


def _groups(
    sheet: Sheet, block: Block, found: PeriodHeader, label_column: int, before: Sequence[int]
) -> Mapping[int, Sequence[str]]:
    """Return the columns that tell rows of the same label apart, such as regions; blanks mean the text above.

    There are none where no label repeats, where one does beside the same groups, or where a group is a total.
    """
    body = range(found.row + 1, block.bottom + 1)
    labels = [header_text(sheet.cell(row, label_column)) for row in body]
    if max(Counter(filter(None, labels)).values(), default=0) < 2:
        return {}
    groups: dict[int, list[str]] = {}
    for column in before:
        texts = [header_text(sheet.cell(row, column)) for row in body]
        if texts[0] and len(set(zip(labels, texts, strict=True))) > len(set(labels)):
            filled = list(accumulate(texts, _or_above))
            # what is different in every row numbers the rows
            if len(set(filled)) < len(filled) or len(set(labels)) == 1:
                groups[column] = filled
    told = [pair for pair in zip(labels, *groups.values(), strict=True) if pair[0]]
    named = {text for column in groups.values() for text in column}
    return groups if len(set(told)) == len(told) and not any(map(is_total_header, named)) else {}


def _or_above(above: str, text: str) -> str:
    return text or above


def _turned_groups(
    sheet: Sheet,
    block: Block,
    found: PeriodHeader,
    label_column: int,
    groups: Mapping[int, Sequence[str]],
    dates: Sequence[RawCell],
    source: str,
) -> Region:
    """Return the region with a row for each group and period, and a column of each label."""
    first, last = found.row + 1, block.bottom
    cells = [(row, column) for row in range(first, last + 1) for column in found.columns]
    names = [header_text(sheet.cell(row, label_column)) for row, _ in cells]
    keys: list[Sequence[RawCell]] = [[texts[row - first] for row, _ in cells] for texts in groups.values()]
    keys.append([*dates] * (last - found.row))
    wide = wide_rows(
        names,
        keys,
        [sheet.cell(*place) for place in cells],
        lambda: [_formats(sheet, row, (column,))[0] for row, column in cells],
    )
    assert wide is not None, "no label comes twice beside the same groups"
    rows, columns = wide
    left, right = found.columns[0], found.columns[-1]
    behind = [[cells[number][0] for number in numbers] for numbers in rows.values()]
    header = _place(sheet.name, found, found.row)
    asked = [no_year(source, dates, range_a1(header))] if lack_years(dates) else []
    return Region(
        sheet=sheet.name,
        kind="table",
        header_row=found.row,
        top=first,
        left=left,
        bottom=last,
        right=right,
        headers=(*(header_text(sheet.cell(found.row, key)) for key in groups), DATE_HEADER, *rows),
        columns=columns,
        places=(
            *(CellRange(sheet.name, first, key, last, key) for key in groups),
            header,
            *(CellRange(sheet.name, min(at), left, max(at), right) for at in behind),
        ),
        transposed=True,
        date_column=len(groups),
        problems=(*_left_out(sheet, found, source), *asked),
        positions=found.columns,
        notes=(_beside(sheet, found.row, range(block.left, left)),),
    )


def _beside(sheet: Sheet, row: int, columns: Sequence[int]) -> str:
    """Return the words in some columns of a row in brackets, as a header has its unit."""
    return f"({' '.join(header_text(cell) for c in columns if isinstance(cell := sheet.cell(row, c), str))})"


def _formats(sheet: Sheet, row: int, columns: Sequence[int]) -> Sequence[str]:
    formats = [sheet.columns[column].formats for column in columns]
    return [column[row] if column else "" for column in formats]


def _place(sheet: str, found: PeriodHeader, row: int) -> CellRange:
    return CellRange(sheet, row, found.columns[0], row, found.columns[-1])


def _label_column(sheet: Sheet, block: Block, found: PeriodHeader, known: ColumnStats | None) -> int:
    """Return the column of the labels: the one with most known labels, then with most different words."""
    body = range(found.row + 1, block.bottom + 1)

    def worth(column: int) -> tuple[int, int, int]:
        texts = {header_text(sheet.cell(r, column)) for r in body if kind_of(sheet.cell(r, column)) == "text"}
        return (sum(map(known, texts)) if known else 0, len(texts), -column)

    return max(range(block.left, found.columns[0]), key=worth)


def _dates(sheet: Sheet, block: Block, found: PeriodHeader, year: int | None = None) -> list[RawCell]:
    """Return the periods as cells: years as text, months without a year together with the year above them.

    Where the row of years names but one, it is that of all; ``year`` is for months with none above them.
    """
    over = years_over(sheet, block, found.row)
    groups = [over[column - block.left] for column in found.columns]
    years = {group for group in groups if period_kind(group) == "year"}
    if len(years) == 1 and set(groups) <= {"", *years}:
        groups = [*years] * len(groups)
    dates: list[RawCell] = []
    for column, group in zip(found.columns, groups, strict=True):
        cell = sheet.cell(found.row, column)
        if isinstance(cell, str) and lacks_year(cell) and group in years:
            cell = with_year(cell.strip(), group)
        elif isinstance(cell, (int, float)):
            cell = header_text(cell)
        dates.append(cell)
    return dates if year is None else with_years(dates, year)


def _left_out(sheet: Sheet, found: PeriodHeader, source: str) -> tuple[Problem, ...]:
    """Return the problem that names the numeric columns beside the periods."""
    others = [
        c
        for c in found.others
        if period_kind(sheet.cell(found.row, c)) or is_total_header(header_text(sheet.cell(found.row, c)))
    ]
    if not others:
        return ()
    named = [f"{header_text(sheet.cell(found.row, c))} ({a1(sheet.name, found.row, c)})" for c in others]
    message = Message("total_column", columns=and_more(named, 5))
    return (Problem(source, "total_column", message, Message("map_total_cell")),)
