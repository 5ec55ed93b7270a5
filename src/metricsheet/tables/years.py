"""Months and quarters without a year (``Jan``, ``Q1``): the year that a person says, or a question."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.dataset import Problem
from metricsheet.files.addresses import range_a1
from metricsheet.files.book import CellRange, RawCell, Sheet
from metricsheet.language.lexicon import signs
from metricsheet.language.message import Message
from metricsheet.reading.date_text import looks_like_date, parse_date
from metricsheet.tables.blocks import Block
from metricsheet.tables.cell_kinds import header_text, kind_of, lacks_year, period_kind
from metricsheet.tables.period_rows import names_periods

_LOOKED_AT = 20
"""Among so many first cells is one that tells what a column holds."""

SEARCHED_ROWS_OF_YEARS = 3
"""This many rows above the months are looked at for years."""

_SEARCHED_COLUMNS = 3
"""Among so many first columns stands the one that names the periods."""


def lack_years(cells: Sequence[RawCell]) -> bool:
    """Return whether the cells are months or quarters of which none says its year."""
    first = next((cell for cell in cells[:_LOOKED_AT] if cell is not None), None)
    if not isinstance(first, str) or not lacks_year(first):  # the cells of most columns stay in their file
        return False
    months = 0
    for cell in cells:
        if isinstance(cell, str) and lacks_year(cell):
            months += 1
        elif kind_of(cell) != "blank":
            return False
    return months > 1


def with_years(cells: Sequence[RawCell], year: int) -> list[RawCell]:
    """Return cells with a year behind months that lack one: ``year``, or the next where they start again.

    Where a month comes twice (for two regions), all are of one year.
    """
    months = [cell for cell in cells if isinstance(cell, str) and lacks_year(cell)]
    once = len(set(months)) == len(months)
    dated: list[RawCell] = []
    last = 0.0
    for cell in cells:
        if not isinstance(cell, str) or not lacks_year(cell):
            dated.append(cell)
            continue
        start = _start(cell, year)
        if once and start < last:
            year += 1
            start = _start(cell, year)
        last = start
        dated.append(with_year(cell.strip(), str(year)))
    return dated


def with_year(period: str, year: str) -> str:
    """Return a month or quarter with its year as one text, in the order in which it is a date."""
    signs_of_year = signs("date_signs")[0]
    ways = (f"{period} {year}", f"{year}{period}", *(f"{year}{sign}{period}" for sign in signs_of_year))
    return next(filter(looks_like_date, ways), ways[0])


def years_over(sheet: Sheet, block: Block, row: int) -> list[str]:
    """Return what the row of years above ``row`` says over every column of ``block``; ``""`` for nothing.

    A year is over the first of its columns. Blank rows and rows of words may be between; the further
    row then holds nothing but years, as numbers beside words may be figures.
    """
    for above in range(row - 1, max(row - 1 - SEARCHED_ROWS_OF_YEARS, -1), -1):
        cells = sheet.row(above, block.left, block.right)
        filled = [cell for cell in cells if kind_of(cell) != "blank"]
        years = sum(period_kind(cell) == "year" for cell in filled)
        if years and (above == row - 1 or years == len(filled)):
            said: list[str] = []
            for cell in cells:
                said.append(header_text(cell) or (said[-1] if said else ""))
            return said
        if any(kind_of(cell) != "text" for cell in filled):
            break
    return [""] * block.width


def year_over(sheet: Sheet, block: Block, row: int) -> int | None:
    """Return the one year that is above ``row``, ``None`` where none or several do."""
    said = {text for text in years_over(sheet, block, row) if period_kind(text) == "year"}
    digits = said.pop() if len(said) == 1 else ""
    return int(digits) if digits.isdecimal() else None


def _start(period: str, year: int) -> float:
    readings = parse_date(with_year(period.strip(), str(year)))
    return min(readings.values()) if readings else 0.0


def no_year(source: str, cells: Sequence[RawCell], where: str) -> Problem:
    """Return the question for the year of months: without it no figure has a month."""
    filled = [header_text(cell) for cell in cells if kind_of(cell) != "blank"]
    message = Message("no_year", where=where, first=filled[0], last=filled[-1])
    return Problem(source, "no_year", message, Message("give_year"))


def asked_years(source: str, columns: Sequence[Sequence[RawCell]], start: CellRange) -> tuple[Problem, ...]:
    """Return the question for the year of a table with one row per month and no date, else nothing.

    ``start`` is the place of its first cell.
    """
    for number, cells in enumerate(columns[:_SEARCHED_COLUMNS]):
        if lack_years(cells) and names_periods(cells):
            if any(kind_of(cell) == "date" for others in columns for cell in others[:_LOOKED_AT]):
                return ()
            column, bottom = start.left + number, start.top + len(cells) - 1
            place = CellRange(start.sheet, start.top, column, bottom, column)
            return (no_year(source, cells, range_a1(place)),)
    return ()
