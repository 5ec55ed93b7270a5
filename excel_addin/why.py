"""WHY: what a metric's function answers, in words, or why it answers nothing, with the cells behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from excel_addin.cells import Referred, to_cells
from excel_addin.definitions import Definitions
from excel_addin.general_functions import CATEGORY, METRIC_ARGUMENT, metric_named
from excel_addin.metric_functions import chosen_settings
from excel_addin.worksheet_function import Argument, WorksheetFunction
from metricsheet.api import answer
from metricsheet.catalog.definitions import CHAINED, DATE, DATES_ARGUMENT, Catalog
from metricsheet.errors import DefinitionError
from metricsheet.evaluation.result import Result
from metricsheet.language.message import Message, say
from metricsheet.report.in_words import in_words
from metricsheet.values import ExcelError

_FOR_DATES = (
    *("stock_without_dates", "no_dates_to_order_by", "cannot_be_added_up.rows", "no_row_dates"),
    "span_is_one_period.undated",
)
"""Reasons that the dates of the rows, as an argument, would settle."""


def why_function(definitions: Definitions, catalog: Catalog) -> WorksheetFunction:
    """Return WHY, with as many arguments as the metric of ``catalog`` that takes most."""
    metrics = catalog.metrics.values()
    most = max((len(catalog.arguments_of(metric, judged=True)) for metric in metrics), default=1)
    arguments = (
        Argument(
            f"argument_{number}",
            "The arguments of the metric's function, in its order",
            optional=number > 1,
            cells=number == 1,
        )
        for number in range(1, most + 1)
    )
    return WorksheetFunction(
        name="WHY",
        description=(
            "Why a metric says what it says: the reason of an error with the cells that caused it, or what "
            "the value rests on. Takes the metric by name, then the arguments of its function."
        ),
        category=CATEGORY,
        arguments=(METRIC_ARGUMENT, *arguments),
        answer=lambda given: why(definitions, given),
        placed=True,
    )


def why(definitions: Definitions, given: Sequence[object]) -> str:
    """Return the words for a metric (the first of ``given``) over its arguments; for an error cell, its code.

    While the definitions cannot be read, it is what is wrong with them.
    """
    try:
        catalog = definitions.catalog()
    except DefinitionError as error:
        return "\n".join(diagnostic.render() for diagnostic in error.diagnostics)
    name, *arguments = (one.values if isinstance(one, Referred) else one for one in given)
    metric = metric_named(catalog, name)
    if isinstance(metric, ExcelError):
        return _said(catalog, metric)
    keys = catalog.arguments_of(metric, judged=True)
    more = sum(one is not None for one in arguments[len(keys) :])
    if more:
        named = tuple(catalog.argument_name(metric, key) for key in keys)
        return say(Message("takes_arguments", function=metric.udf, names=named, count=more), catalog.language)
    cells = {key: to_cells(one) for key, one in zip(keys, arguments, strict=False)}
    settings = chosen_settings(catalog, {key: cells.pop(key) for key in keys if key in catalog.choices})
    if isinstance(settings, ExcelError):
        return _said(catalog, settings)
    left_out = [key for key in keys if all(cell is None for cell in cells.get(key, ()))]
    language = catalog.language
    places = {key: one.place for key, one in zip(keys, given[1:], strict=False) if isinstance(one, Referred)}
    result = answer(catalog, metric.key, cells, settings=settings, places=places, language=language)
    return in_words(catalog, result, language, *_hints(result, left_out))


def _hints(result: Result, left_out: Sequence[str]) -> Iterator[Message]:
    """Yield what arguments would give a value where there is none."""
    key = result.why.core.key if result.why is not None else ""
    if key in _FOR_DATES and DATE in left_out:
        yield Message("give_dates", argument=DATES_ARGUMENT)
    if key == "span_is_one_period.ask" and CHAINED in left_out:
        yield Message("give_chained", argument=CHAINED)


def _said(catalog: Catalog, error: ExcelError) -> str:
    return f"{error.code} {say(error.reason, catalog.language)}".rstrip()
