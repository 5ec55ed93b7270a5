"""Lists of figures, one per row with its name (``Metric``, ``Month``, ``Value``): a column of each name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial

from metricsheet.files.addresses import a1
from metricsheet.files.book import CellRange, FormattedColumn, RawCell, as_column
from metricsheet.language.lexicon import wordings
from metricsheet.records import record
from metricsheet.tables.cell_kinds import count_kinds, header_text, kind_of, period_kind
from metricsheet.tables.header_row import ColumnStats
from metricsheet.values.folding import fold

_MOST_NAMES = 500


@record
class Widened:
    """The columns of a list as if each name had one, with their ``headers``, ``places`` and ``units``.

    First are the columns that say what the figures of a row are of, such as a month and a region. ``rows``
    are the first rows of the sheet behind each row.
    """

    headers: tuple[str, ...]
    columns: Sequence[Sequence[RawCell]]
    places: tuple[CellRange, ...]
    units: tuple[str, ...]
    rows: Sequence[int]

    def address(self, row: int, column: int) -> str:
        """Return the address of a cell, of a figure that of the row's first one."""
        place = self.places[column]
        return a1(place.sheet, self.rows[row], place.left)


@lru_cache(maxsize=1)
def _name_headers() -> frozenset[str]:
    return frozenset(map(fold, wordings("name_headers")))


def widened(
    headers: Sequence[str], columns: Sequence[Sequence[RawCell]], start: CellRange, known: ColumnStats | None
) -> Widened | None:
    """Return a list of named figures with a column of each name, ``None`` where the table is none.

    It is one where a column is headed like names of figures and holds headers that are ``known``, one other
    column holds numbers, and no name comes twice beside the same cells. ``start`` is its first cell.
    """
    named = [number for number, header in enumerate(headers) if fold(header) in _name_headers()]
    if known is None or len(named) != 1 or len(headers) < 3:
        return None
    names = [header_text(cell) if kind_of(cell) == "text" else "" for cell in columns[named[0]]]
    different = dict.fromkeys(filter(None, names))
    if not 1 < len(different) < min(len(names), _MOST_NAMES) or not any(map(known, different)):
        return None
    others = [number for number in range(len(headers)) if number != named[0]]
    values = [number for number in others if _holds_numbers(columns[number])]
    if len(values) != 1:
        return None
    value = values[0]
    units = {n: unit for n in others if n != value and (unit := _of_each(names, columns[n])) is not None}
    keys = [number for number in others if number != value and number not in units]

    def place_of(number: int, rows: Sequence[int]) -> CellRange:
        left = start.left + number
        return CellRange(start.sheet, start.top + min(rows), left, start.top + max(rows), left)

    figures = as_column(columns[value])
    wide = wide_rows(names, [columns[key] for key in keys], figures, lambda: figures.formats)
    if wide is None:
        return None
    cells, made = wide
    firsts: dict[tuple[RawCell, ...], int] = {}
    for row, name in enumerate(names):
        if name:
            firsts.setdefault(tuple(columns[key][row] for key in keys), start.top + row)
    whole = range(len(names))
    return Widened(
        (*(headers[key] for key in keys), *cells),
        made,
        (*(place_of(key, whole) for key in keys), *(place_of(value, rows) for rows in cells.values())),
        (*("" for _ in keys), *(f"({' '.join(unit[name] for unit in units.values())})" for name in cells)),
        list(firsts.values()),
    )


def _holds_numbers(cells: Sequence[RawCell]) -> bool:
    """Return whether cells are numbers and no months or years written as such."""
    if all(period_kind(cell) is not None or kind_of(cell) == "blank" for cell in cells):
        return False
    kinds = count_kinds(as_column(cells))
    return kinds["number"] > 0 and 2 * kinds["number"] >= kinds["text"] + kinds["number"] + kinds["date"]


def _of_each(names: Sequence[str], cells: Sequence[RawCell]) -> Mapping[str, str] | None:
    """Return the text that a column has for each name, where it says more of names than of rows: a unit."""
    found: dict[str, RawCell] = {}
    for name, cell in zip(names, cells, strict=True):
        if name and (kind_of(cell) not in ("text", "blank") or found.setdefault(name, cell) != cell):
            return None
    repeated = max(Counter(names).values()) > 1
    if not repeated or len(set(found.values())) < 2:
        return None
    return {name: header_text(cell) for name, cell in found.items()}


def wide_rows(
    names: Sequence[str],
    keys: Sequence[Sequence[RawCell]],
    figures: Sequence[RawCell],
    formats: Callable[[], Sequence[str]],
) -> tuple[Mapping[str, Sequence[int]], list[Sequence[RawCell]]] | None:
    """Return the rows of each name, and columns of keys and names with one row per combination of keys.

    ``formats`` are the number formats of the figures. ``None`` where a name comes twice beside the same keys.
    """
    places: dict[tuple[RawCell, ...], int] = {}
    found: dict[str, dict[int, int]] = {}
    for row, name in enumerate(names):
        if not name:
            continue
        place = places.setdefault(tuple(cells[row] for cells in keys), len(places))
        if found.setdefault(name, {}).setdefault(place, row) != row:
            return None

    def column(rows: Mapping[int, int]) -> FormattedColumn:
        at = [rows.get(place) for place in range(len(places))]
        return FormattedColumn(
            [None if row is None else figures[row] for row in at], partial(_formats, formats, at)
        )

    made: list[Sequence[RawCell]] = [list(cells) for cells in zip(*places, strict=True)]
    made += map(column, found.values())
    return {name: list(rows.values()) for name, rows in found.items()}, made


def _formats(formats: Callable[[], Sequence[str]], at: Sequence[int | None]) -> Sequence[str]:
    known = formats()
    return ["" if row is None or not known else known[row] for row in at]
