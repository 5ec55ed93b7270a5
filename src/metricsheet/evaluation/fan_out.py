"""Totals that are on every row they are made of: a day's revenue repeated beside each of its products."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from metricsheet.dataset import DataTable, Problem
from metricsheet.evaluation.prepare import PreparedInput
from metricsheet.evaluation.table_rows import TableRows
from metricsheet.language.message import Message
from metricsheet.values import Cell, is_number

_SAMPLE = 2_000
_MOST_COLUMNS = 8
_FEWEST_GROUPS = 3


def fan_out_problems(
    source: str, inputs: Mapping[str, PreparedInput], tables: Mapping[str, TableRows]
) -> list[Problem]:
    """Return a problem for each summed input that is the same in all rows of a date, or of a date and a name.

    Prices of a list repeat as well: so that these are not told, the values must differ from group to group,
    and nearly all rows must be in groups, whose rows another column tells apart.
    """
    found = []
    names: dict[str, dict[str, Sequence[Cell]]] = {}
    for key, item in inputs.items():
        definition, where = item.definition, item.bound.table or ""
        table = tables.get(where)
        summed = definition.unit in ("money", "count") and definition.over_time == "sum"
        if not summed or table is None or table.dates is None or item.read.refusal is not None:
            continue
        if where not in names:
            names[where] = dict(_names(table.table))
        repeated = _repeated(item.read.cells[:_SAMPLE], table, names[where])
        if repeated is not None:
            columns, rows = repeated
            message = Message("fan_out", input=key, where=item.bound.where, columns=columns, rows=rows)
            hint = Message("one_row_each", columns=columns)
            found.append(Problem(source, "fan_out", message, hint, (), (key,)))
    return found


def _repeated(
    cells: Sequence[Cell], grouped: TableRows, names: Mapping[str, Sequence[Cell]]
) -> tuple[tuple[str, ...], int] | None:
    """Return the columns whose groups share one value of ``cells``, and how many rows repeat it."""
    rows = [row for row, cell in enumerate(cells) if is_number(cell)]
    if len(rows) < 2 * _FEWEST_GROUPS:
        return None
    dates = grouped.dates or ()
    header = grouped.table.dates_header or "Date"
    for name in ("", *names):
        groups = _groups_of_one_value(cells, rows, dates, names.get(name))
        if groups and _one_total_each(cells, groups, len(rows)) and _told_apart(names, name, groups):
            return ((header, name) if name else (header,)), len(rows) - len(groups)
    return None


def _groups_of_one_value(
    cells: Sequence[Cell], rows: Sequence[int], dates: Sequence[Cell], beside: Sequence[Cell] | None
) -> list[list[int]]:
    """Return the rows by their date and what is beside it, none where a group has two values."""
    groups: dict[tuple[Cell, Cell], list[int]] = {}
    for row in rows:
        group = groups.setdefault((dates[row], beside[row] if beside else None), [])
        if group and cells[group[0]] != cells[row]:
            return []
        group.append(row)
    return list(groups.values())


def _names(table: DataTable) -> Iterator[tuple[str, Sequence[Cell]]]:
    """Yield the first columns of names that come again."""
    found = 0
    for header, column in table.columns.items():
        texts = set(column[:_SAMPLE]) - {None}
        if (
            found < _MOST_COLUMNS
            and all(isinstance(text, str) for text in texts)
            and len(texts) < len(column)
        ):
            found += 1
            yield header, column


def _one_total_each(cells: Sequence[Cell], groups: Collection[list[int]], rows: int) -> bool:
    """Return whether nearly all rows are in groups of several, and most of these differ in their value."""
    several = sum(len(group) for group in groups if len(group) > 1)
    if len(groups) < _FEWEST_GROUPS or 10 * several < 9 * rows:
        return False
    return 3 * len({cells[group[0]] for group in groups}) >= 2 * len(groups)


def _told_apart(names: Mapping[str, Sequence[Cell]], key: str, groups: Collection[list[int]]) -> bool:
    """Return whether a column other than the key differs within most groups."""
    several = [group for group in groups if len(group) > 1]
    return any(
        2 * sum(len({column[row] for row in group}) == len(group) for group in several) > len(several)
        for name, column in names.items()
        if name != key
    )
