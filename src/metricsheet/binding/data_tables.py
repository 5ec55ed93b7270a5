"""The data tables behind bound columns: their other columns, and the one that orders rows in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from metricsheet.binding.candidates import Found, Rows
from metricsheet.binding.cells import CellColumns, as_cells
from metricsheet.binding.headers import AliasIndex, same_header
from metricsheet.binding.kinds import KindReading
from metricsheet.catalog.definitions import DATE as DATE_INPUT
from metricsheet.catalog.definitions import InputDefinition
from metricsheet.dataset import DataTable, TakenFor
from metricsheet.files.addresses import column_letters, range_a1
from metricsheet.files.book import DATE, ERROR, FLAG, NUMBER, TEXT, UNSEEN, CellRange, RawCell, as_column
from metricsheet.language.lexicon import wordings
from metricsheet.reading.date_text import looks_like_date
from metricsheet.reading.inputs import read_input
from metricsheet.records import record
from metricsheet.tables.region import Region
from metricsheet.values.folding import fold

AXIS_INPUTS = ("date", "month", "period")
"""Inputs of type date that order the rows of a table, where the catalog has them."""

_DATES = frozenset({dt.date, dt.datetime, type(None)})
_LOOKED_AT = 8
_SEARCHED, _SAMPLE = 500, 20


@record
class Axis:
    """The date column of a table (its index), or the headers that may be meant when there are several."""

    column: int | None
    candidates: tuple[str, ...] = ()


def data_table(
    book: str, rows: Rows, index: AliasIndex, mapped: Sequence[Found] = (), reading: KindReading | None = None
) -> DataTable:
    """Return some rows of a region as a table with all their columns.

    ``mapped`` are the columns that ``--map`` names as the date of their table, ``reading`` is what the region
    was read as. A column whose header names
    an input of text is also there under the input's key, so that a slice can be asked for in any language.
    """
    columns = _columns(rows, index, reading or KindReading())
    reading = reading or KindReading()
    axis = find_axis(rows, index, mapped, reading.found.get(DATE_INPUT))
    dates: Sequence[RawCell] | None = None
    where = ""
    asked = next((problem.message for problem in rows.region.problems if problem.code == "no_year"), None)
    if axis.column is not None and axis.column != rows.region.date_column:
        asked = None
    if axis.column is not None:
        dates = rows.column(axis.column) if asked is None else None
        where = f"{book}!{rows.region.where(axis.column)}"
    return DataTable(
        rows.name,
        rows.count,
        CellColumns(columns),
        as_cells(dates) if dates is not None else None,
        where,
        axis.candidates,
        rows.left_out,
        rows.unsure,
        rows.region.headers[axis.column] if axis.column is not None else "",
        _taken_for(book, rows.region, reading),
        no_year=asked,
        scenarios=_scenarios(columns),
    )


def _scenarios(columns: Mapping[str, Sequence[RawCell]]) -> str:
    """Return the header of the column that says what is a plan and what happened, ``""`` without one."""
    for header, cells in columns.items():
        column = as_column(cells)
        first = column.kinds.find(TEXT, 0, _SEARCHED)
        if first >= 0 and is_scenario(str(column[first])) and all(map(is_scenario, column.texts)):
            return header
    return ""


@lru_cache(maxsize=1)
def _scenario_words() -> frozenset[str]:
    return frozenset(map(fold, (*wordings("actual"), *wordings("planned"))))


def is_scenario(text: str) -> bool:
    """Return whether a text says no more than what happened, a plan, or another year."""
    return fold(text).strip(" 0123456789") in _scenario_words()


def _taken_for(book: str, region: Region, reading: KindReading) -> TakenFor | None:
    """Return the kind of a table with the headers of its columns of status and ids."""
    kind, headers = reading.kind, region.headers
    if kind is None:
        return None
    status = (
        (header, frozenset(map(fold, rule.words)))
        for rule in kind.status
        for header in headers
        if same_header(header, rule.column)
    )
    ids = (header for header in headers if any(same_header(header, named) for named in kind.id))
    because = tuple(headers[column] for column in reading.needed)
    top = region.top if region.header_row is None else min(region.header_row, region.top)
    place = CellRange(region.sheet, top, region.left, max(top, region.bottom), region.right)
    where = f"{book}!{range_a1(place)}"
    return TakenFor(kind.key, kind.row, where, because, tuple(status), tuple(dict.fromkeys(ids)))


def _columns(rows: Rows, index: AliasIndex, reading: KindReading) -> Mapping[str, Sequence[RawCell]]:
    region = rows.region
    found: dict[str, Sequence[RawCell]] = {}
    by_key: dict[str, list[Sequence[RawCell]]] = {}
    for column, header in enumerate(region.headers):
        letters = column_letters(region.places[column].left)
        name = header or f"column {letters}"
        if name in found:
            name = f"{name} (column {letters})"
        found[name] = rows.column(column)
        for key in index.keys_of(header) if header and not region.lettered else ():
            if index.catalog.inputs[key].type == "text":
                by_key.setdefault(key, []).append(found[name])
    for key, place in reading.found.items():
        if index.catalog.inputs[key].type == "text":
            by_key[key] = [rows.column(place)]
    for key, several in by_key.items():
        if len(several) == 1:
            found.setdefault(key, several[0])
    return found


def find_axis(
    rows: Rows, index: AliasIndex, mapped: Sequence[Found] = (), of_kind: int | None = None
) -> Axis:
    """Return the column that orders the rows in time.

    That is the months along a header, the column that ``--map`` names, the date of the kind of table
    (``of_kind``), the one whose header names the date, else the only column of dates.
    """
    region = rows.region
    if region.date_column is not None:
        return Axis(region.date_column)
    for found in mapped:
        if found.rows is not None and found.rows.region is region:
            return Axis(found.column)
    if of_kind is not None:
        return Axis(of_kind)
    named: dict[str, list[int]] = {}
    for column, header in enumerate(region.headers):
        for key in index.keys_of(header) if header and not region.lettered else ():
            if key in AXIS_INPUTS and index.catalog.inputs[key].type == "date":
                named.setdefault(key, []).append(column)
    for key in AXIS_INPUTS:
        columns = [column for column in named.get(key, ()) if _may_be_dates(rows.column(column))]
        if columns:
            return _only(rows, columns)
    return _only(rows, date_columns(region.headers, rows.column, index))


def date_columns(
    headers: Sequence[str], column: Callable[[int], Sequence[RawCell]], index: AliasIndex
) -> list[int]:
    """Return the columns that hold nothing but dates; ids such as 75-1001 only look like them."""
    return [c for c, header in enumerate(headers) if not index.names_text(header) and _all_dates(column(c))]


def _only(rows: Rows, columns: list[int]) -> Axis:
    if len(columns) < 2:
        return Axis(columns[0] if columns else None)
    return Axis(None, tuple(rows.region.headers[c] or f"column {column_letters(c)}" for c in columns))


def _may_be_dates(cells: Sequence[RawCell]) -> bool:
    """Return whether the first filled cells are not plainly something else than dates."""
    definition = InputDefinition(key="date", label={"en": "Date"}, type="date")
    filled = [cell for cell in cells[:_SEARCHED] if cell is not None][:_SAMPLE]
    refusal = read_input(definition, as_cells(filled)).refusal
    return refusal is None or refusal.code != "not_this_input"


def _all_dates(cells: Sequence[RawCell]) -> bool:
    """Return whether every filled cell is a date or text that writes one."""
    column = as_column(cells)
    if column.holds(NUMBER, FLAG, ERROR, UNSEEN):
        return False
    if not column.holds(TEXT):
        return column.holds(DATE) and set(map(type, column.cells)) <= _DATES
    first = [cell for cell in column[:_SEARCHED] if isinstance(cell, str)][:_LOOKED_AT]
    if not all(map(looks_like_date, first)):
        return False
    return all(map(looks_like_date, column.texts)) and set(map(type, column.cells)) <= _DATES | {str}
