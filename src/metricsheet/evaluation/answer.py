"""One metric over values handed in: the call behind Excel functions, worked examples and tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from metricsheet.catalog.definitions import DATE, Catalog
from metricsheet.dataset import BoundInput, Dataset, DataTable
from metricsheet.errors import UsageError, did_you_mean
from metricsheet.evaluation.compute import SliceScope
from metricsheet.evaluation.derived import with_derived
from metricsheet.evaluation.grid import Grid, settings_as_cells
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.prepare import PreparedInput, prepare_one
from metricsheet.evaluation.result import Result
from metricsheet.evaluation.results import make_result, uses_of
from metricsheet.evaluation.run import keys_behind, settings_in_force
from metricsheet.evaluation.slices import table_rows
from metricsheet.language.message import Message
from metricsheet.records import replace
from metricsheet.values import Cell, ExcelError
from metricsheet.values.dates import to_serial

HostCell: TypeAlias = Cell | dt.date | dt.datetime
Given: TypeAlias = HostCell | Sequence[HostCell] | Sequence[Sequence[HostCell]]
"""What a host hands in for one argument: one cell, a row or column, or a block of rows."""


def answer(
    catalog: Catalog,
    metric: str,
    given: Mapping[str, Given],
    *,
    settings: Mapping[str, str] | None = None,
) -> Result:
    """Return ``metric`` over ``given``: values by input, by parameter, or by metric where it is ready-made.

    ``date`` among them are the dates of the rows, for figures that depend on the time they cover. The result
    is the one a scorecard would hold: with status, n, interval and reason, its ``source`` empty, not yet
    in words. Raises
    ``UsageError`` when the metric, an input or a setting is not known.
    """
    definition = catalog.metrics.get(metric)
    if definition is None:
        raise UsageError(Message("not_a.metric", name=metric), did_you_mean(metric, catalog.metrics))
    chosen = settings or {}
    options = RunOptions(settings=chosen)
    parameters = settings_as_cells(catalog, chosen)
    inputs = {}
    dates: list[Cell] = []
    for key, values in given.items():
        cells, kinds = _flat(values)
        if key == DATE and key not in definition.plan.inputs:
            dates = cells if any(cell is not None for cell in cells) else []
            continue
        if key in ("period_start", "period_end"):
            parameters[key] = (
                cells[0] if len(cells) == 1 else ExcelError("#VALUE!", Message("one_date", input=key))
            )
            continue
        if key not in catalog.inputs and key not in catalog.metrics:
            known = [*catalog.inputs, *catalog.metrics]
            raise UsageError(Message("not_a.input_or_metric", name=key), did_you_mean(key, known))
        inputs[key] = prepare_one(catalog, BoundInput(key, "", cells), options, kinds)
    if dates:
        inputs = _beside(dates, inputs)
    inputs = with_derived(catalog, inputs, keys_behind(catalog, [definition], inputs), {})
    if dates:
        scope = _dated(catalog, inputs, dates, options, parameters)
    else:
        refusals = {key: item.refusal for key, item in inputs.items() if item.refusal is not None}
        scope = SliceScope(catalog, inputs, {}, {}, refusals, parameters)
    return make_result(
        catalog,
        definition,
        scope.answer(metric),
        uses_of(scope, definition),
        source="",
        slice_={},
        period=None,
        last_day=None,
        settings=settings_in_force(catalog, chosen),
    )


def _dated(
    catalog: Catalog,
    inputs: Mapping[str, PreparedInput],
    dates: list[Cell],
    options: RunOptions,
    parameters: Mapping[str, Cell],
) -> SliceScope:
    """Return the scope of a table with ``dates``."""
    dataset = Dataset("", {}, {DATE: DataTable(DATE, len(dates), {}, dates, DATE)})
    tables, _ = table_rows(dataset, options)
    table = tables[DATE]
    if table.dates is None:
        error = ExcelError("#VALUE!", table.undatable or "")
        inputs = {key: replace(item, refusal=item.refusal or error) for key, item in inputs.items()}
    return Grid(catalog, dataset, inputs, tables, options, parameters).cells()[0].scope


def _beside(dates: Sequence[Cell], inputs: Mapping[str, PreparedInput]) -> dict[str, PreparedInput]:
    """Return the inputs as columns of a table with ``dates``; one cell beside more dates stays outside it."""
    rows = len(dates)
    found = {}
    for key, item in inputs.items():
        cells = len(item.column)
        if cells not in (1, rows):
            error = ExcelError(
                "#VALUE!", Message("rows_differ", dates=DATE, rows=rows, input=key, cells=cells)
            )
            found[key] = replace(item, refusal=item.refusal or error)
        elif cells == rows:
            found[key] = replace(item, bound=replace(item.bound, table=DATE))
        else:
            found[key] = item
    return found


def flat(values: Given) -> list[Cell]:
    """Return the cells of ``values`` in reading order, row by row, with dates as serial numbers."""
    return _flat(values)[0]


def _flat(values: Given) -> tuple[list[Cell], frozenset[type] | None]:
    """Return the cells like ``flat``, and their types where those are at hand."""
    if isinstance(values, (str, bytes)) or not isinstance(values, Sequence):
        cells: list[HostCell] = [values]  # type: ignore[list-item]  # one cell, however it is typed
    elif values and isinstance(values[0], (list, tuple)):
        cells = list(chain.from_iterable(values))  # type: ignore[arg-type]  # rows, as the first one is
    else:
        cells = list(values)  # type: ignore[arg-type]
    kinds = frozenset(map(type, cells))
    if kinds & {dt.date, dt.datetime}:
        return [to_serial(c) if isinstance(c, dt.date) else c for c in cells], None
    return cells, kinds  # type: ignore[return-value]  # no dates are left
