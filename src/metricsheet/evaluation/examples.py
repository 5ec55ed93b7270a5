"""The worked examples of the definitions, run: what each metric gives against what its author wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isclose
from typing import cast

from metricsheet.catalog.definitions import Catalog, Example, MetricDefinition
from metricsheet.evaluation.answer import Given, answer
from metricsheet.evaluation.result import Result
from metricsheet.language.message import Message, Value
from metricsheet.records import record
from metricsheet.source import Place


@record
class ExampleOutcome:
    """One example: what was ``wanted`` and ``got`` in words, and where it is written."""

    metric: str
    number: int
    passed: bool
    wanted: str
    got: Value
    place: Place | None


def run_examples(catalog: Catalog, metrics: Iterable[str] = ()) -> list[ExampleOutcome]:
    """Return the outcome of every example of ``metrics`` (all of them by default), in catalog order."""
    chosen = list(metrics) or list(catalog.metrics)
    return [
        _run(catalog, catalog.metrics[key], number, example)
        for key in chosen
        for number, example in enumerate(catalog.metrics[key].examples, 1)
    ]


def _run(catalog: Catalog, metric: MetricDefinition, number: int, example: Example) -> ExampleOutcome:
    result = answer(catalog, metric.key, cast(Mapping[str, Given], example.given), settings=example.settings)
    wanted, got = _wanted(example), _got(result, example)
    return ExampleOutcome(metric.key, number, _agrees(result, example), wanted, got, example.place)


def _agrees(result: Result, example: Example) -> bool:
    if example.error is not None:
        right = result.value is None and result.error == example.error
    elif example.value is not None:
        right = result.value is not None and isclose(result.value, example.value, rel_tol=1e-9, abs_tol=1e-9)
    else:
        right = example.status is not None
    return right and (example.status is None or example.status == result.status)


def _wanted(example: Example) -> str:
    parts = [
        example.error or ("" if example.value is None else f"{example.value:.12g}"),
        example.status or "",
    ]
    return " ".join(part for part in parts if part)


def _got(result: Result, example: Example) -> Value:
    if result.value is None:
        got: Value = Message("error_because", error=result.error, reason=result.why)
    else:
        got = f"{result.value:.12g}"
    return Message("error_because", error=got, reason=result.status) if example.status is not None else got
