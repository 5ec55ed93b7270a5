"""What the core says of a call in a cell, from the cells of the workbook that it names."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.catalog.assembly.excel_words import OWN_SUFFIXES
from metricsheet.catalog.definitions import Catalog
from metricsheet.evaluation.answer import HostCell, answer
from metricsheet.export.lambdas.calls import Call
from metricsheet.export.lambdas.examples import answer_of
from metricsheet.files.addresses import parse_a1
from metricsheet.files.book import Book, CellRange
from metricsheet.patterns import late
from metricsheet.report.wording import worded
from metricsheet.values import ERROR_CODES, ExcelError

_COLUMN = late(r"(\w+)\[\[?([^\[\]#@]+)\]?\]")


def recompute(catalog: Catalog, book: Book, sheet: str, call: Call) -> float | str | None:
    """Return the core's answer to a call: a number, a label, an error's text.

    ``None`` where an argument is more than an address, a name, a column of a table or a constant.
    """
    if call.metric is None:
        return None
    given: dict[str, list[list[HostCell]]] = {}
    settings: dict[str, str] = {}
    keys = catalog.arguments_of(call.metric, judged=call.suffix == OWN_SUFFIXES[0])
    for key, text in zip(keys, call.arguments, strict=False):
        cells: list[list[HostCell]] | None = [[None]]
        if text:
            cells = cells_of(book, sheet, text)
        if cells is None:
            return None
        if key not in catalog.choices:
            given[key] = cells
        elif cells[0][0] is not None:
            settings[key] = str(cells[0][0])
    result = worded(catalog, answer(catalog, call.metric.key, given, settings=settings), catalog.language)
    return answer_of(result, call.suffix)


def cells_of(book: Book, sheet: str, text: str) -> list[list[HostCell]] | None:
    """Return the cells that an argument names, ``None`` where it is something else."""
    constant = _constant(text)
    if constant is not None:
        return constant
    place = parse_a1(text, sheet)
    if place is None and text in book.names:
        place = book.names[text]
    column = _COLUMN.fullmatch(text)
    if place is None and column is not None and column[1] in book.tables:
        table = book.tables[column[1]]
        if column[2] in table.columns:
            at = table.data.left + table.columns.index(column[2])
            place = CellRange(table.data.sheet, table.data.top, at, table.data.bottom, at)
    return _cells(book, place) if place is not None else None


def _cells(book: Book, place: CellRange) -> list[list[HostCell]] | None:
    found = next((one for one in book.sheets if one.name == place.sheet), None)
    if found is None:
        return None
    bottom = min(
        place.bottom if place.bottom is not None else found.height - 1, max(found.height - 1, place.top)
    )
    rows: list[list[HostCell]] = []
    for row in range(place.top, bottom + 1):
        cells = [
            found.cell(row, column) if row < found.height and column < found.width else None
            for column in range(place.left, place.right + 1)
        ]
        rows.append([None if cell == "" else cell for cell in cells])  # type: ignore[misc]  # no times of day
    return rows


def _constant(text: str) -> list[list[HostCell]] | None:
    if text.startswith("{") and text.endswith("}"):
        rows: list[list[HostCell]] = []
        for row in text[1:-1].split(";"):
            cells = [_one(cell.strip()) for cell in row.split(",")]
            if any(cell is None for cell in cells):
                return None
            rows.append([cell[0] for cell in cells if cell is not None])
        return rows
    one = _one(text)
    return None if one is None else [list(one)]


def _one(text: str) -> Sequence[HostCell] | None:
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        return (text[1:-1].replace('""', '"') or None,)
    if text.upper() in ("TRUE", "FALSE"):
        return (text.upper() == "TRUE",)
    if text.upper() in ERROR_CODES:
        return (ExcelError(text.upper()),)
    try:
        return (float(text),)
    except ValueError:
        return None
