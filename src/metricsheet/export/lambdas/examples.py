"""A call of each function that works as it is, and the core's answer to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from metricsheet.catalog.definitions import DATE, Catalog, Example, MetricDefinition
from metricsheet.dataset import BoundInput
from metricsheet.evaluation.answer import Given, answer, flat
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.prepare import prepare_one
from metricsheet.evaluation.result import Result
from metricsheet.export.lambdas.functions import Function
from metricsheet.export.lambdas.steps import text_constant
from metricsheet.formula.ast import number_text
from metricsheet.records import record
from metricsheet.report.wording import worded
from metricsheet.values import Cell, ExcelError, is_number


@record
class Call:
    """Cells by argument, the settings chosen, and what the core answers."""

    given: Mapping[str, Sequence[Cell]]
    settings: Mapping[str, str]
    result: Result

    def text(self, function: Function) -> str:
        """Return the call of a function, with ``=``."""
        written = [self._argument(key) for key in function.body.keys]
        while written and not written[-1]:
            written.pop()
        return f"={function.name}({','.join(written)})"

    def _argument(self, key: str) -> str:
        if key in self.settings:
            return text_constant(self.settings[key])
        if key not in self.given:
            return ""
        cells = [_constant(cell) for cell in self.given[key]]
        return cells[0] if len(cells) == 1 else "{" + ";".join(cells) + "}"

    def expected(self, suffix: str) -> float | str:
        """Return the core's answer: a number, a label, or an error's text."""
        return answer_of(self.result, suffix)


def answer_of(result: Result, suffix: str) -> float | str:
    """Return what a function answers from a result in words: its value, label or n, or an error's text."""
    if suffix == "_N":
        return (result.error or "#N/A") if result.n is None else float(result.n)
    if result.value is None:
        return result.error or "#N/A"
    return result.status_label if suffix == "_FLAG" else result.value


def _constant(cell: Cell) -> str:
    if cell is None:
        return '""'
    if isinstance(cell, str):
        return text_constant(cell)
    assert isinstance(cell, (int, float)), "errors make no example"
    return number_text(float(cell))


def example_call(catalog: Catalog, metric: MetricDefinition) -> Call | None:
    """Return a call made from the first worked example of the definitions that gives a number, or
    ``None``.
    """
    for example in metric.examples:
        if example.value is None:
            continue
        given = _given(catalog, metric, example)
        if given is None:
            continue
        result = answer(catalog, metric.key, given, settings=example.settings)
        if result.value is not None:
            return Call(given, example.settings, worded(catalog, result, catalog.language))
    return None


def _given(catalog: Catalog, metric: MetricDefinition, example: Example) -> dict[str, list[Cell]] | None:
    """Return what an example gives for the arguments, as LAMBDAs read it; ``None`` where that cannot be
    said.
    """
    found: dict[str, list[Cell]] = {}
    keys = catalog.arguments_of(metric)
    for key in keys:
        cells = _cells(catalog, key, example, alone=len(keys) == 1)
        if cells is None and key in (*metric.plan.inputs, *metric.plan.metrics, *metric.plan.parameters):
            if key not in catalog.choices:
                return None
        elif cells is None and key != DATE and key not in catalog.choices:
            cells = [None]  # only n asks for it
        if cells is not None:
            found[key] = cells
    return found


def _cells(catalog: Catalog, key: str, example: Example, *, alone: bool) -> list[Cell] | None:
    given: Mapping[str, Given] = example.given  # type: ignore[assignment]  # checked when they were loaded
    if key in catalog.metrics and key not in given:
        value = answer(catalog, key, given, settings=example.settings).value
        return None if value is None else [value]
    if key not in given:
        return None
    read = prepare_one(catalog, BoundInput(key, "", flat(given[key])), RunOptions())
    cells = list(read.column.cells)
    if alone and read.definition.type != "text":
        cells = [cell for cell in cells if not isinstance(cell, str)]
    wrong = any(
        isinstance(cell, ExcelError) or (isinstance(cell, str) and read.definition.type != "text")
        for cell in cells
    )
    if read.refusal is not None or wrong or not any(is_number(c) or isinstance(c, str) for c in cells):
        return None
    return cells
