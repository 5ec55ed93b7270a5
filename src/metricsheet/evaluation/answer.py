"""One metric over values handed in: the call behind Excel functions, worked examples and tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from metricsheet.catalog.definitions import Catalog
from metricsheet.dataset import BoundInput
from metricsheet.errors import UsageError, did_you_mean
from metricsheet.evaluation.compute import SliceScope
from metricsheet.evaluation.grid import settings_as_cells
from metricsheet.evaluation.options import Options
from metricsheet.evaluation.prepare import prepare_one
from metricsheet.evaluation.result import Result
from metricsheet.evaluation.results import make_result, uses_of
from metricsheet.evaluation.run import settings_in_force
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
    language: str = "en",
) -> Result:
    """Return ``metric`` over ``given``: values by input, by parameter, or by metric where it is ready-made.

    The result is the one a scorecard would hold: with status, n, interval and reason, its ``source`` empty.
    Raises ``UsageError`` when the metric, an input or a setting is not known.
    """
    definition = catalog.metrics.get(metric)
    if definition is None:
        raise UsageError(
            f"{metric!r} is not a metric of these definitions", did_you_mean(metric, catalog.metrics)
        )
    chosen = settings or {}
    options = Options(settings=chosen, language=language)
    parameters = settings_as_cells(catalog, chosen)
    inputs = {}
    for key, values in given.items():
        cells, kinds = _flat(values)
        if key in ("period_start", "period_end"):
            parameters[key] = cells[0] if len(cells) == 1 else ExcelError("#VALUE!", f"{key} is one date")
            continue
        if key not in catalog.inputs and key not in catalog.metrics:
            known = [*catalog.inputs, *catalog.metrics]
            raise UsageError(f"{key!r} is not an input or metric", did_you_mean(key, known))
        inputs[key] = prepare_one(catalog, BoundInput(key, "", cells), options, kinds)
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
        language=language,
    )


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
