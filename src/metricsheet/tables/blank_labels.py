"""Totals that no word names: rows that leave a label blank and add up the rows that have it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from metricsheet.files.book import RawCell, SheetColumn
from metricsheet.records import field, record
from metricsheet.tables.cell_kinds import kind_at, kind_of
from metricsheet.tables.part_sums import Numbers, PartSum, add_up, column_numbers
from metricsheet.tables.total_proof import proof

_MOST_PATTERNS = 8
"""Rows that leave blank now this label, now that one, have labels that are missing."""

_Columns = Sequence[SheetColumn]


@record
class BlankTotals:
    """The rows found, and the label columns by number where these rows alone name their group."""

    rows: tuple[int, ...] = ()
    labels: Mapping[int, Sequence[RawCell]] = field(default_factory=dict)


def blank_label_totals(columns: _Columns, labelled: Collection[int]) -> BlankTotals:
    """Return the rows without a label, or without the last of their labels, that add up the rows with it.

    Labels are the first columns, as far as they hold words or dates: ``North | | 30`` beside
    ``North | A | 10`` and ``North | B | 20``, or a row of numbers alone that adds up all others. ``labelled``
    rows say total and are not looked at. Where the rows of a group do not repeat its name (``North | | 30``
    above ``| A | 10``), it is taken from the row above them. All numbers of a row must be sums, and most such
    rows must be such sums.
    """
    keys = _key_columns(columns)
    if not any(None in columns[key] for key in keys):
        return BlankTotals()
    filled = [columns[key] for key in keys]
    found = _find(columns, keys, filled, labelled)
    if found or len(keys) < 2:
        return BlankTotals(found)
    carried = _carried(filled)
    found = _find(columns, keys, carried, labelled)
    return BlankTotals(found, dict(zip(keys[:-1], carried, strict=False)) if found else {})


def _key_columns(columns: _Columns) -> list[int]:
    keys: list[int] = []
    for number, column in enumerate(columns):
        first = column.seen.find(1)
        if first < 0 or kind_of(column[first]) not in ("text", "date"):
            break
        keys.append(number)
    return keys or [0]


def _carried(labels: _Columns) -> list[SheetColumn]:
    """Return label columns with the label above in cells that have another label on their right."""
    carried: list[SheetColumn] = []
    seen = list(zip(*(column.seen for column in labels), strict=True))
    for number, column in enumerate(labels):
        above: RawCell = None
        cells: list[RawCell] = []
        for cell, shown in zip(column, seen, strict=True):
            if shown[number]:
                above = cell
            cells.append(above if any(shown[number + 1 :]) else cell)
        carried.append(SheetColumn(cells))
    return carried


def _find(
    columns: _Columns, keys: Sequence[int], labels: _Columns, labelled: Collection[int]
) -> tuple[int, ...]:
    patterns, full = _patterns(columns, keys, labels, labelled)
    candidates = [row for rows in patterns.values() for row in rows]
    if len(full) < 2 or not candidates:
        return ()
    groups = {pattern: _groups(labels, pattern, rows, full) for pattern, rows in patterns.items()}
    if not any(groups.values()):
        return ()
    others = [column for number, column in enumerate(columns) if number not in keys]
    measures = [column for column in others if any(kind_at(column, row) == "number" for row in candidates)]
    numbers = [column_numbers(column) for column in measures]
    found: list[int] = []
    for pattern, rows in patterns.items():
        parts = {key: add_up(numbers, members) for key, members in groups[pattern].items()}
        found += _proven(rows, [_key(labels, pattern, row) for row in rows], parts, numbers)
    return tuple(sorted(found))


def _proven(
    rows: Sequence[int],
    keys: Iterable[tuple[RawCell, ...]],
    parts: Mapping[tuple[RawCell, ...], PartSum],
    numbers: Sequence[Numbers],
) -> list[int]:
    """Return the rows that are the sums of their groups, if most of those with a group are."""
    grouped = [
        (row, [column[row] for column in numbers], parts[key])
        for row, key in zip(rows, keys, strict=True)
        if key in parts
    ]
    found = [row for row, values, part in grouped if proof("sum", "blank", values, part)]
    if found:  # they prove that a group of one row has its total too
        found += [
            row for row, values, part in grouped if part.rows == 1 and proof("sum", "named", values, part)
        ]
    return found if 2 * len(found) > len(grouped) else []


def _patterns(
    columns: _Columns, keys: Sequence[int], labels: _Columns, labelled: Collection[int]
) -> tuple[dict[tuple[int, ...], list[int]], list[int]]:
    """Return the rows of numbers without all labels, by the labels they have, and the rows with all."""
    others = [column for number, column in enumerate(columns) if number not in keys]
    found: dict[tuple[int, ...], list[int]] = {}
    full: list[int] = []
    for row, seen in enumerate(zip(*(column.seen for column in labels), strict=True)):
        if row in labelled:
            continue
        if all(seen):
            full.append(row)
            continue
        pattern = tuple(place for place, shown in enumerate(seen) if shown)
        kinds = {kind_at(column, row) for column in others}
        if "number" in kinds and not kinds & {"text", "date"}:
            found.setdefault(pattern, []).append(row)
            if len(found) > _MOST_PATTERNS:
                return {}, full
    return found, full


def _key(labels: _Columns, pattern: Sequence[int], row: int) -> tuple[RawCell, ...]:
    return tuple(labels[place][row] for place in pattern)


def _groups(
    labels: _Columns, pattern: Sequence[int], rows: Iterable[int], full: Iterable[int]
) -> dict[tuple[RawCell, ...], list[int]]:
    """Return the full rows that say the same as one of ``rows``, by what they say."""
    found: dict[tuple[RawCell, ...], list[int]] = {_key(labels, pattern, row): [] for row in rows}
    for row in full:
        members = found.get(_key(labels, pattern, row))
        if members is not None:
            members.append(row)
    return {key: members for key, members in found.items() if members}
