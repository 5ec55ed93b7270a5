"""SCORECARD: a table with headers into one row per metric, in one pass over the table."""

from __future__ import annotations

from collections.abc import Sequence

from excel_addin.cells import ExcelAnswer, ExcelTable, to_raw_rows
from excel_addin.definitions import Definitions
from excel_addin.metric_functions import value_of
from excel_addin.worksheet_function import Argument, WorksheetFunction
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.result import Result
from metricsheet.evaluation.run import evaluate_dataset
from metricsheet.language.words import term
from metricsheet.report.wording import worded
from metricsheet.rules.engine.ruleset import RuleSet
from metricsheet.values import NA_

HEADINGS: Sequence[ExcelAnswer] = ("metric", "value", "status", "reason")


def scorecard_function(definitions: Definitions) -> WorksheetFunction:
    """Return SCORECARD, answering from ``definitions``."""
    return WorksheetFunction(
        name="SCORECARD",
        description=(
            "Every metric whose inputs are columns of the table, found by their headers: "
            "spills metric, value, status and the reason for a missing value."
        ),
        category="metricsheet",
        arguments=(Argument("table", "A range with a header row above its rows"),),
        answer=lambda given: scorecard(definitions, given[0]),
    )


def scorecard(definitions: Definitions, table: object) -> ExcelTable:
    """Return the metrics that the table's columns give, under headings, in the order of the definitions.

    Metrics that would need a column the table does not have are left out; a refused column gives its reason.
    """
    from metricsheet.binding.bind import bind
    from metricsheet.files.book import Book, Sheet

    catalog = definitions.catalog()
    book = Book("table", (Sheet.of_rows("table", to_raw_rows(table)),))
    dataset = bind(catalog, book, {}, folder=None)
    no_rules = RuleSet(catalog, ())
    results = evaluate_dataset(catalog, no_rules, dataset, RunOptions(language=catalog.language)).results
    rows = [_row(worded(catalog, result, catalog.language)) for result in results if not result.not_bound]
    if not rows:
        reason = "no column of the table is an input of a metric"
        rows = [["", NA_, term("no_data", catalog.language), reason]]
    return [list(HEADINGS), *rows]


def _row(result: Result) -> list[ExcelAnswer]:
    return [result.label, value_of(result), result.status_label, result.reason]
