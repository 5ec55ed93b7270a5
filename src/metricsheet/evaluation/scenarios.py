"""Rows of what happened beside rows of a plan: one figure over both means nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from metricsheet.engines.selection import Selection
from metricsheet.engines.sql.scan import Rows
from metricsheet.engines.sql.table import StoredColumn
from metricsheet.evaluation.rows_told import keeping
from metricsheet.evaluation.table_rows import TableRows
from metricsheet.language.message import Message
from metricsheet.values import Cell
from metricsheet.values.folding import fold


def mixed_scenarios(grouped: TableRows, rows: Sequence[int] | Selection | None) -> Message | None:
    """Return why some rows of a table (``None``: all) make no figure: they are of several scenarios."""
    column = grouped.table.scenarios
    if not column:
        return None
    words: dict[str, str] = {}
    for cell in _said(grouped, column, rows):
        if cell is not None:
            words.setdefault(fold(str(cell)), str(cell))
    if len(words) < 2:
        return None
    shown = tuple(words.values())
    return Message("mixed_scenarios", column=column, words=shown, option=keeping(column, shown[:1]))


def _said(grouped: TableRows, column: str, rows: Sequence[int] | Selection | None) -> Iterable[Cell]:
    cells = grouped.table.columns[column]
    if isinstance(cells, StoredColumn):
        cut = rows.slice if isinstance(rows, Rows) else ()
        asked = grouped.kept is not None or any(fold(by) == fold(column) for by, _ in cut)
        return () if asked else [value for value, _ in cells.values or ()]
    assert not isinstance(rows, Selection), "the cells are here"
    return cells if rows is None else map(cells.__getitem__, rows)
