"""The rows of a table that sums are over where its columns have different blanks: those with all, or all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress

from metricsheet.catalog.definitions import MetricDefinition
from metricsheet.catalog.shares import added_up
from metricsheet.engines.selection import Selection
from metricsheet.evaluation.prepare import PreparedInput
from metricsheet.evaluation.spans import RowsUsed, Slice
from metricsheet.language.message import Message, all_of
from metricsheet.values import NA_, ExcelError


def rows_used(scope: Slice, metric: MetricDefinition) -> tuple[RowsUsed, Sequence[int] | Selection] | None:
    """Return over how many rows of a slice a metric's sums are, and which rows of its columns these are.

    ``None`` where no two of its inputs are side by side in a table.
    """
    keys = _side_by_side(scope, metric)
    if len(keys) < 2:
        return None
    stored = scope.columns[keys[0]].selection
    if stored is not None:
        of, all_there, lacking, rows_with_all = stored.paired(keys)
        return RowsUsed(tuple(keys), all_there if metric.paired else of, of, lacking), rows_with_all
    masks = [int.from_bytes(scope.columns[key].is_number, "little") for key in keys]
    some = every = masks[0]
    for mask in masks[1:]:
        some, every = some | mask, every & mask
    of = some.bit_count()
    kept = every if metric.paired else some
    blanks = {
        key: (of - mask.bit_count(), scope.columns[key].has_text())
        for key, mask in zip(keys, masks, strict=True)
        if mask != some
    }
    used = RowsUsed(tuple(keys), kept.bit_count(), of, blanks)
    rows = len(scope.columns[keys[0]])
    return used, list(compress(range(rows), kept.to_bytes(rows, "little"))) if used.rows < of else range(rows)


def no_row_has_all(used: RowsUsed) -> ExcelError:
    """Return why there is no value where every row lacks one of the inputs."""
    return ExcelError(NA_, Message("no_row_has_all", inputs=all_of(used.inputs), rows=used.of))


def joined(parts: Iterable[RowsUsed | None]) -> RowsUsed | None:
    """Return the rows used over several periods."""
    known = [part for part in parts if part is not None]
    if not known:
        return None
    rows, of = sum(part.rows for part in known), sum(part.of for part in known)
    return RowsUsed(known[0].inputs, rows, of)


def remarks_on(used: RowsUsed) -> list[Message]:
    """Return what a reader must know of the rows behind a value; nothing where none lacks anything."""
    if used.rows < used.of:
        return [Message("over_rows_with_all", rows=used.rows, of=used.of, inputs=all_of(used.inputs))]
    return [
        Message(
            "blank_in_rows.no_number" if text else "blank_in_rows.blank", input=key, blank=blank, of=used.of
        )
        for key, (blank, text) in used.blanks.items()
    ]


def _side_by_side(scope: Slice, metric: MetricDefinition) -> list[str]:
    """Return the inputs that a metric adds up and that share their rows.

    What stands once, as one cell, goes with all rows. So does a stock over rows of several dates, of which
    one counts: to leave out rows would take another date.
    """
    found = added_up(metric.plan, products=not metric.paired)
    keys = [key for key in found if key in scope.columns and len(scope.columns[key]) > 1]
    if len({(_place(scope.inputs[key]), len(scope.columns[key])) for key in keys}) > 1:
        return []
    totals = metric.plan.totals
    stocks = [key for key in keys if key in totals and scope.inputs[key].definition.over_time != "sum"]
    if stocks and not _on_one_day(scope, keys):
        return [key for key in keys if key not in stocks]
    return keys


def _place(item: PreparedInput) -> tuple[str | None, str]:
    """Return what inputs of the same rows have in common; values that were handed in are side by side."""
    table = item.bound.table
    return table, item.bound.where if table is None else ""


def _on_one_day(scope: Slice, keys: Sequence[str]) -> bool:
    dates = scope.dates.get(keys[0])
    if dates is None:
        return False
    return len(set().union(*(scope.columns[key].dates_of_numbers(dates) for key in keys))) == 1
