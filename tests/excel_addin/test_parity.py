"""The same numbers in Excel as from the core, for every metric of the definitions and every kind of cell."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from metricsheet.api import answer, load_catalog
from metricsheet.catalog.definitions import DATE, Example, MetricDefinition
from metricsheet.values import Cell, ExcelError
from tests.excel_addin.excel import ErrorCell, Excel, LeftOut, Range
from tests.stages import some

CATALOG = load_catalog()
DAY = dt.datetime(2024, 3, 31)
DAY_NUMBER = 45382.0

# What stands in the cells of every argument: a name, as Excel holds it, as the core takes it.
Vector = tuple[str, list[list[Any]], list[list[Cell]]]


def vectors(low: float, high: float) -> Iterator[Vector]:
    """Yield (name, cells in Excel, cells in the core) for an input whose numbers lie from low to high."""
    middle = math.floor((low + high) / 2)
    column: list[list[Any]] = [[high], [low], [float(middle)], [high], [high]]
    yield "one cell", [[high]], [[high]]
    yield "blank cell", [[None]], [[None]]
    yield "blank column", [[None], [None], [None]], [[None], [None], [None]]
    yield "column", column, column
    yield "row", [[cell for [cell] in column]], [[cell for [cell] in column]]
    yield "block", [[high, low], [float(middle), high]], [[high, low], [float(middle), high]]
    yield "blanks between", [[high], [None], [low], [None], [high]], [[high], [None], [low], [None], [high]]
    yield "empty text", [[high], [""], [low]], [[high], [None], [low]]
    yield "text among numbers", [[high], ["remark"], [low]], [[high], ["remark"], [low]]
    yield "header", [["Header"], [high], [low]], [["Header"], [high], [low]]
    yield "only text", [["remark"], ["other"]], [["remark"], ["other"]]
    yield "logical", [[True], [False], [high]], [[True], [False], [high]]
    yield "money", [[Decimal(str(high))], [Decimal(str(low))]], [[high], [low]]
    yield "date", [[DAY], [high]], [[DAY_NUMBER], [high]]
    yield "zero", [[0.0], [0.0]], [[0.0], [0.0]]
    yield "off the scale", [[high + 1], [low]], [[high + 1], [low]]
    yield "number as text", [[high], [f"{low:g}"]], [[high], [f"{low:g}"]]
    for code in ("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"):
        yield f"cell {code}", [[high], [ErrorCell(code)]], [[high], [ExcelError(code)]]


def arguments_of(metric: MetricDefinition) -> list[str]:
    """Return what the metric's function takes, in order: inputs, then metrics, then dates."""
    return [key for key in CATALOG.arguments_of(metric) if key not in CATALOG.choices]


def settings_of(metric: MetricDefinition, chosen: Mapping[str, str] | None = None) -> list[Any]:
    """Return an argument for each setting of the metric's functions, omitted where it is not chosen."""
    keys = [key for key in CATALOG.arguments_of(metric) if key in CATALOG.choices]
    return [Range([[chosen[key]]]) if chosen and key in chosen else LeftOut() for key in keys]


def cases() -> Iterator[Any]:
    for metric in CATALOG.metrics.values():
        keys = arguments_of(metric)
        scales = [CATALOG.inputs[key].scale for key in keys if key in CATALOG.inputs]
        scale = next((scale for scale in scales if scale is not None), None)
        low, high = (scale.low, scale.high) if scale is not None else (20.0, 100.0)
        for name, in_excel, in_core in vectors(low, high):
            yield pytest.param(metric, keys, in_excel, in_core, id=f"{metric.key}-{name}")


@pytest.mark.parametrize(("metric", "keys", "in_excel", "in_core"), some(cases(), test=120))
def test_excel_gives_the_numbers_of_the_core(
    builtin_excel: Excel,
    metric: MetricDefinition,
    keys: list[str],
    in_excel: list[list[Any]],
    in_core: list[list[Cell]],
) -> None:
    result = answer(CATALOG, metric.key, dict.fromkeys(keys, in_core), language=CATALOG.language)
    arguments = [Range(in_excel)] * len(keys) + settings_of(metric)
    value = builtin_excel.call(metric.udf, *arguments)
    if result.value is None:
        assert value == result.error != ""
    else:
        assert value == result.value
        assert type(value) is float
    with_setting = [LeftOut()] if metric.bands_by is not None else []
    flag = builtin_excel.call(f"{metric.udf}_FLAG", *arguments, *with_setting)
    assert flag == (result.error if result.value is None else result.status_label)
    n = builtin_excel.call(f"{metric.udf}_N", *arguments)
    assert n == ((result.error or "#N/A") if result.n is None else result.n)


def example_cases() -> Iterator[Any]:
    for metric in CATALOG.metrics.values():
        keys = arguments_of(metric)
        for number, example in enumerate(metric.examples, 1):
            if set(keys) - {DATE} <= set(example.given):
                yield pytest.param(metric, keys, example, id=f"{metric.key}-{number}")


@pytest.mark.parametrize(("metric", "keys", "example"), some(example_cases(), test=80))
def test_excel_gives_the_numbers_of_the_core_for_the_worked_examples(
    builtin_excel: Excel, metric: MetricDefinition, keys: list[str], example: Example
) -> None:
    def in_cells(cells: Any) -> Range:
        return Range([[cell] for cell in cells] if isinstance(cells, list | tuple) else [[cells]])

    given: dict[str, Any] = {key: example.given[key] for key in keys if key in example.given}
    arguments = [in_cells(given[key]) if key in given else LeftOut() for key in keys]
    value = builtin_excel.call(metric.udf, *arguments, *settings_of(metric, example.settings))
    result = answer(CATALOG, metric.key, given, settings=example.settings)
    assert value == (result.error if result.value is None else result.value)


def test_at_least_one_metric_takes_metrics_and_one_takes_several_inputs() -> None:
    shapes = {
        metric.key: (len(metric.plan.inputs), len(metric.plan.metrics)) for metric in CATALOG.metrics.values()
    }
    assert any(metrics >= 2 for _, metrics in shapes.values())
    assert any(inputs >= 3 for inputs, _ in shapes.values())
