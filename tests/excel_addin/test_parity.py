"""The same numbers in Excel as from the core, for every metric of the definitions and every kind of cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from metricsheet.api import answer, load_catalog
from metricsheet.catalog.definitions import DATE, Example, MetricDefinition
from tests.excel_addin.excel import Excel, LeftOut, Range
from tests.hosts.classic import answers_of
from tests.hosts.questions import Question, questions
from tests.stages import some

CATALOG = load_catalog()


def arguments_of(metric: MetricDefinition) -> list[str]:
    """Return what the metric's function takes, in order: inputs, then metrics, then dates."""
    return [key for key in CATALOG.arguments_of(metric) if key not in CATALOG.choices]


def settings_of(metric: MetricDefinition, chosen: Mapping[str, str] | None = None) -> list[Any]:
    """Return an argument for each setting of the metric's functions, omitted where it is not chosen."""
    keys = [key for key in CATALOG.arguments_of(metric) if key in CATALOG.choices]
    return [Range([[chosen[key]]]) if chosen and key in chosen else LeftOut() for key in keys]


def cases() -> Iterator[Any]:
    for question in questions(CATALOG, lambda pairs: some(pairs, test=100)):
        yield pytest.param(question, id=f"{question.metric}-{question.vector}")


@pytest.mark.parametrize("question", list(cases()))
def test_excel_gives_the_numbers_of_the_core(builtin_excel: Excel, question: Question) -> None:
    assert answers_of(builtin_excel, question) == question.answers


def example_cases() -> Iterator[Any]:
    for metric in CATALOG.metrics.values():
        keys = arguments_of(metric)
        for number, example in enumerate(metric.examples, 1):
            if set(keys) - {DATE} <= set(example.given):
                yield pytest.param(metric, keys, example, id=f"{metric.key}-{number}")


@pytest.mark.parametrize(("metric", "keys", "example"), some(example_cases(), test=50))
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
