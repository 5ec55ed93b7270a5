"""One metric over values handed in: the call behind Excel functions, worked examples and tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias, cast

from metricsheet.catalog.definitions import DATE, DATES_ARGUMENT, Catalog
from metricsheet.dataset import BoundInput, Dataset, DataTable
from metricsheet.errors import UsageError, did_you_mean
from metricsheet.evaluation.compute import SliceScope
from metricsheet.evaluation.derived import with_derived
from metricsheet.evaluation.grid import Grid, settings_as_cells
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.prepare import PreparedInput, cell_address, prepare_one
from metricsheet.evaluation.result import Result
from metricsheet.evaluation.results import left_out_of, make_result, uses_of
from metricsheet.evaluation.run import settings_in_force
from metricsheet.evaluation.slices import table_rows
from metricsheet.evaluation.unbound import keys_behind
from metricsheet.language.message import Message
from metricsheet.records import replace
from metricsheet.values import Cell, ExcelError, is_number
from metricsheet.values.dates import from_serial, to_serial

if TYPE_CHECKING:
    from metricsheet.files.book import CellRange

_YEARS, _SERIALS = 2100, 2_958_466  # numbers up to the one are years, up to the other serial numbers of days
_Cells: TypeAlias = tuple[list[Cell], frozenset[type] | None]
HostCell: TypeAlias = Cell | dt.date | dt.datetime
Given: TypeAlias = HostCell | Sequence[HostCell] | Sequence[Sequence[HostCell]]
"""What a host hands in for one argument: one cell, a row or column, or a block of rows."""


def answer(
    catalog: Catalog,
    metric: str,
    given: Mapping[str, Given],
    *,
    settings: Mapping[str, str] | None = None,
    places: Mapping[str, CellRange] | None = None,
) -> Result:
    """Return ``metric`` over ``given``: values by input, by parameter, or by metric where it is ready-made.

    ``date`` among them are the dates of the rows, for figures that depend on the time they cover: one for
    each row, or one for all of them. ``places`` say where values are, so that reasons can name cells. The
    result is the one that a scorecard would hold: with status, n, interval and reason, its ``source`` empty,
    not yet in words. Raises ``UsageError`` when the metric, an input or a setting is not known.
    """
    definition = catalog.metrics.get(metric)
    if definition is None:
        raise UsageError(Message("not_a.metric", name=metric), did_you_mean(metric, catalog.metrics))
    chosen = settings or {}
    options = RunOptions(settings=chosen)
    parameters = settings_as_cells(catalog, chosen)
    columns: dict[str, _Cells] = {}
    dates: list[Cell] = []
    for key, values in given.items():
        cells, kinds = _flat(values)
        if key == DATE and key not in definition.plan.inputs:
            dates = cells if len(cells) > 1 or cells[0] is not None else []
            continue
        if key in ("period_start", "period_end"):
            parameters[key] = (
                cells[0] if len(cells) == 1 else ExcelError("#VALUE!", Message("one_date", input=key))
            )
            continue
        if key not in catalog.inputs and key not in catalog.metrics:
            known = [*catalog.inputs, *catalog.metrics]
            raise UsageError(Message("not_a.input_or_metric", name=key), did_you_mean(key, known))
        columns[key] = cells, kinds
    table = _table_of(dates, columns, (places or {}).get(DATE)) if dates and columns else None
    inputs = {}
    for key, (cells, kinds) in columns.items():
        inputs[key] = prepare_one(catalog, _bound(key, cells, (places or {}).get(key)), options, kinds)
        if table is not None:
            inputs[key] = _beside(table, inputs[key])
    inputs = with_derived(catalog, inputs, keys_behind(catalog, [definition], inputs), {})
    if table is not None:
        scope = _dated(catalog, inputs, table, options, parameters)
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
        left_out=left_out_of(scope, definition),
    )


def _bound(key: str, cells: Sequence[Cell], place: CellRange | None) -> BoundInput:
    if place is None:
        return BoundInput(key, "", cells)
    from metricsheet.files.addresses import a1, range_a1

    first = a1(place.sheet, place.top, place.left)
    return BoundInput(key, range_a1(place), cells, first_cell=first, across=place.right - place.left + 1)


def _table_of(dates: list[Cell], columns: dict[str, _Cells], where: CellRange | None) -> DataTable:
    """Return the table of the rows with ``dates``, and take the rows that are none out of ``columns``.

    One date is that of all rows. Rows that add up others, or name no period among periods, are no rows here
    as they are none in a sheet.
    """
    from metricsheet.files.book import CellRange
    from metricsheet.tables.dropped_rows import data_rows

    if len(dates) == 1:
        dates = dates * max(len(cells) for cells, _ in columns.values())
    beside = [key for key, (cells, _) in columns.items() if len(cells) == len(dates)]
    days = [from_serial(cell) if is_number(cell) and _YEARS < cell < _SERIALS else cell for cell in dates]
    place = CellRange("", 0, 0, len(dates) - 1, len(beside))
    found = data_rows([days, *(columns[key][0] for key in beside)], [DATE, *beside], place, "")
    if found.left_out or len(found.columns[0]) < len(dates):
        for key, cells in zip(beside, found.columns[1:], strict=True):
            columns[key] = flat(cast(Given, cells)), None
    named = _bound(DATES_ARGUMENT, dates, where)
    left_out, unsure = (
        tuple(replace(row, where=str(cell_address(named, row.row))) for row in rows)
        for rows in (found.left_out, found.unsure)
    )
    left = flat(cast(Given, found.columns[0]))
    return DataTable(DATE, len(left), {}, left, named.where or DATES_ARGUMENT, (), left_out, unsure, DATE)


def _beside(table: DataTable, item: PreparedInput) -> PreparedInput:
    """Return an input as a column of ``table``; one cell beside more rows stays outside it."""
    cells, rows = len(item.column), table.rows
    if cells == rows:
        return replace(item, bound=replace(item.bound, table=DATE), left_out=table.left_out)
    if cells == 1:
        return item
    message = Message("rows_differ", dates=DATES_ARGUMENT, rows=rows, input=item.bound.key, cells=cells)
    return replace(item, refusal=item.refusal or ExcelError("#VALUE!", message))


def _dated(
    catalog: Catalog,
    inputs: Mapping[str, PreparedInput],
    table: DataTable,
    options: RunOptions,
    parameters: Mapping[str, Cell],
) -> SliceScope:
    """Return the scope of a table with dates."""
    dataset = Dataset("", {}, {DATE: table})
    tables, _ = table_rows(dataset, options)
    grouped = tables[DATE]
    if grouped.dates is None:
        reason = grouped.undatable
        while reason is not None and isinstance(inner := reason.values.get("reason"), Message):
            reason = inner  # without the hint to those who can give options
        error = ExcelError("#VALUE!", Message("of_dates", where=table.dates_where, reason=reason))
        inputs = {key: replace(item, refusal=item.refusal or error) for key, item in inputs.items()}
    return Grid(catalog, dataset, inputs, tables, options, parameters).cells()[0].scope


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
