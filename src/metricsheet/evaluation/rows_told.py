"""Rows of which the file itself says that they are something else: told, and counted all the same."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from metricsheet.dataset import Dataset, Problem
from metricsheet.engines.sql.table import StoredColumn
from metricsheet.evaluation.table_rows import TableRows
from metricsheet.language.lexicon import wordings
from metricsheet.language.message import Message, and_more
from metricsheet.language.option import Option, option
from metricsheet.tables.cell_kinds import as_number
from metricsheet.values.folding import fold

_SHOWN = 4


def rows_told(dataset: Dataset, tables: Sequence[TableRows]) -> Iterator[Problem]:
    """Yield for each table the rows whose status says that they do not count, and the ids that repeat."""
    source = dataset.source
    for grouped in tables:
        taken = grouped.table.taken_for
        for column, words in taken.status if taken is not None else ():
            yield from _not_counting(dataset, grouped, column, words)
        for column in taken.ids if taken is not None else ():
            yield from _repeating(source, grouped, column)
        if taken is not None and taken.kind == "answers":
            yield from _weighted(source, grouped)


def _not_counting(
    dataset: Dataset, grouped: TableRows, column: str, words: frozenset[str]
) -> Iterator[Problem]:
    found = {str(cell): count for cell, count in grouped.tally(column).items()}
    others = {word: count for word, count in found.items() if fold(word) in words}
    if not others or _taken_back(dataset, grouped, column, others):
        return
    shown = and_more([f"{word} ({count})" for word, count in others.items()], _SHOWN)
    message = Message("rows_not_counting", table=grouped.table.name, column=column, words=shown)
    hint = Message("leave_rows_out", option=keeping(column, [w for w in found if w not in others], [*others]))
    yield Problem(dataset.source, "rows_not_counting", message, hint)


def _taken_back(dataset: Dataset, grouped: TableRows, column: str, words: Container[str]) -> bool:
    """Return whether an input in the rows of some words is negative: then it takes back what was counted."""
    cells = grouped.table.columns[column]
    if isinstance(cells, StoredColumn):
        return False
    rows = [row for row in grouped.counted() if str(cells[row]) in words]
    used = (item.cells for item in dataset.inputs.values() if item.table == grouped.table.name)
    return any((as_number(one[row]) or 0) < 0 for one in used for row in rows)


def _weighted(source: str, grouped: TableRows) -> Iterator[Problem]:
    """Yield that a column gives answers weights, while each of them counts once."""
    known = set(map(fold, wordings("weights")))
    for column in grouped.table.columns:
        if fold(column) in known and len(grouped.tally(column)) > 1:
            message = Message("weights_not_used", table=grouped.table.name, column=column)
            yield Problem(source, "weights_not_used", message, Message("weigh_before"))


def keeping(column: str, counting: Sequence[str], others: Sequence[str] = ()) -> Option:
    """Return the ready option that keeps rows by their word in a column and leaves the others out."""
    name = column if column.isidentifier() else f"[{column}]"
    sign, words = ("=", counting) if len(counting) == 1 else ("<>", others)
    texts = [word.replace('"', '""') for word in words]
    return option("where", *(f'{name} {sign} "{text}"' for text in texts))


def _repeating(source: str, grouped: TableRows, column: str) -> Iterator[Problem]:
    rows, different = grouped.repeats(column)
    if different < rows:
        message = Message("ids_repeat", table=grouped.table.name, column=column, rows=rows, ids=different)
        yield Problem(source, "ids_repeat", message)
