"""Sheets of the same headers (a sheet per month, region or year) as one table, where a person asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from metricsheet.binding.candidates import Layout
from metricsheet.binding.pool import pool
from metricsheet.dataset import Dataset, Problem
from metricsheet.files.book import Book, Sheet
from metricsheet.records import replace

SHEET_COLUMN = "sheet"
"""The column that names the sheet of each row."""

_ASKED_IN_VAIN = ("map_not_found", "read_not_found")


def sheets_together(whole: Dataset, layout: Layout, bind: Callable[[Book], Dataset]) -> Dataset:
    """Return a workbook with the rows of sheets that name the same inputs below each other.

    ``whole`` is what was found in it as it is, ``bind`` finds the inputs of some of its sheets.
    """
    groups = [sheets for sheets in _alike(layout) if len(sheets) > 1]
    if not groups:
        return whole
    joined = {sheet.name for sheets in groups for sheet in sheets}
    rest = [sheet for sheet in layout.visible if sheet.name not in joined]
    parts = ([_of_sheet(layout.book, one, bind) for one in sheets] for sheets in groups)
    found = [pool(part, column=SHEET_COLUMN) for part in parts]
    found += [bind(_book_of(layout.book, rest))] if rest else []
    inputs = {key: item for one in reversed(found) for key, item in one.inputs.items()}
    return replace(
        whole,
        inputs=inputs,
        tables={name: table for one in reversed(found) for name, table in one.tables.items()},
        refused={k: why for one in reversed(found) for k, why in one.refused.items() if k not in inputs},
        problems=tuple(dict.fromkeys((*_of_whole(whole, layout), *_of_parts(found)))),
        unused=tuple(column for one in found for column in one.unused),
    )


def _of_whole(whole: Dataset, layout: Layout) -> Iterable[Problem]:
    """Return the problems of the file itself, and what was asked of it in vain."""
    return (*layout.book.problems, *(one for one in whole.problems if one.code in _ASKED_IN_VAIN))


def _of_parts(found: Iterable[Dataset]) -> Iterable[Problem]:
    return (one for part in found for one in part.problems if one.code not in _ASKED_IN_VAIN)


def _alike(layout: Layout) -> Iterable[list[Sheet]]:
    """Return the visible sheets whose tables name inputs, by which inputs these are."""
    groups: dict[frozenset[tuple[str, ...]], list[Sheet]] = {}
    for sheet in layout.visible:
        regions = (region for region, how in layout.headed_regions(sheet) if how != "label")
        named = (layout.index.keys_of(header) for region in regions for header in region.headers)
        keys = frozenset(filter(None, named))
        if keys:
            groups.setdefault(keys, []).append(sheet)
    return groups.values()


def _of_sheet(book: Book, sheet: Sheet, bind: Callable[[Book], Dataset]) -> Dataset:
    return replace(bind(_book_of(book, [sheet])), source=sheet.name)


def _book_of(book: Book, sheets: list[Sheet]) -> Book:
    names = {sheet.name for sheet in sheets}
    tables = {name: table for name, table in book.tables.items() if table.data.sheet in names}
    return replace(book, sheets=tuple(sheets), tables=tables, problems=())
