"""The functions that take a metric by name (FLAG, TARGET, BENCHMARK, METRIC_INFO), and SCORECARD."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from excel_addin.cells import ExcelAnswer, ExcelTable, to_cells, to_excel, to_raw_rows, to_rows
from excel_addin.definitions import Definitions
from excel_addin.metric_functions import chosen_settings, only_cell, value_of
from excel_addin.worksheet_function import Argument, WorksheetFunction
from metricsheet.catalog.bands_in_force import bands_in_force, bands_to_show
from metricsheet.catalog.definitions import (
    Band,
    BandDefinition,
    Catalog,
    LocalText,
    MetricDefinition,
    in_language,
)
from metricsheet.errors import DefinitionError, did_you_mean
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.result import Result
from metricsheet.evaluation.run import evaluate_dataset, settings_in_force
from metricsheet.evaluation.status import target_for, verdict
from metricsheet.language.message import Message, say
from metricsheet.language.words import term
from metricsheet.report.wording import reason_of, status_label, worded
from metricsheet.rules.engine.ruleset import RuleSet
from metricsheet.values import NA_, NAME, NUM, VALUE, Cell, ExcelError
from metricsheet.values.dates import from_serial

CATEGORY = "metricsheet"

METRIC_ARGUMENT = Argument("metric", "A metric by the name of its function, in quotes")


def general_functions(definitions: Definitions) -> Iterator[WorksheetFunction]:
    """Yield FLAG, TARGET, BENCHMARK and METRIC_INFO, answering from ``definitions``."""

    def function(
        name: str,
        description: str,
        arguments: tuple[Argument, ...],
        answer: Callable[[Definitions, Sequence[object]], ExcelAnswer | ExcelTable],
        table: bool = True,
    ) -> WorksheetFunction:
        taken = (METRIC_ARGUMENT, *arguments)
        return WorksheetFunction(
            name, description, CATEGORY, taken, lambda given: answer(definitions, given), table
        )

    yield function(
        "FLAG",
        "The label of the band a value falls in. A range of values gives a range of labels.",
        (
            Argument(
                "value",
                "A value of the metric, or a range of them; a percentage is a fraction, 0.05",
                cells=True,
            ),
            Argument("setting", "The setting that holds, where the bands depend on one", True),
        ),
        flag,
    )
    yield function(
        "TARGET",
        "The target of a metric; #N/A where none is set.",
        (Argument("day", "The day it must hold on, where targets have a start; else the newest", True),),
        target,
        table=False,
    )
    yield function(
        "BENCHMARK",
        "A published figure to compare a metric with; #N/A where the name is not known.",
        (Argument("benchmark_name", "The name of the benchmark"),),
        benchmark,
    )
    yield function(
        "METRIC_INFO",
        "What a metric is: label, question, formula, bands, target, source and the definitions in force.",
        (),
        metric_info,
    )


def flag(definitions: Definitions, given: Sequence[object]) -> ExcelAnswer | ExcelTable:
    """Return the band label of a value, or of each of a range of values."""
    name, value, setting = given
    catalog = definitions.catalog()
    metric = metric_named(catalog, name)
    if isinstance(metric, ExcelError):
        return metric.code
    settings = _setting_of(catalog, metric, setting)
    if isinstance(settings, ExcelError):
        return settings.code
    rows = [[_label(catalog, metric, cell, settings) for cell in row] for row in to_rows(value)]
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def target(definitions: Definitions, given: Sequence[object]) -> ExcelAnswer:
    """Return the target in force on a day, as a number in the metric's unit."""
    name, day = given
    metric = metric_named(definitions.catalog(), name)
    if isinstance(metric, ExcelError):
        return metric.code
    serial = only_cell(to_cells(day))
    if isinstance(serial, ExcelError):
        return serial.code
    if isinstance(serial, str | bool):
        return VALUE
    iso = from_serial(serial).date().isoformat() if serial is not None else None
    found = target_for(metric, {}, serial, iso)
    return NA_ if found is None else to_excel(found.value)


def benchmark(definitions: Definitions, given: Sequence[object]) -> ExcelAnswer | ExcelTable:
    """Return a benchmark's figure; the low and the high end, side by side, where it is a range."""
    catalog = definitions.catalog()
    metric, name = metric_named(catalog, given[0]), only_cell(to_cells(given[1]))
    for cell in (metric, name):
        if isinstance(cell, ExcelError):
            return cell.code
    if isinstance(metric, ExcelError) or not isinstance(name, str):
        return VALUE
    wanted = name.strip().casefold()
    for found in catalog.benchmarks:
        if found.metric == metric.key and found.name.casefold() == wanted:
            low = to_excel(found.value)
            return low if found.high is None else [[low, to_excel(found.high)]]
    return NA_


def metric_info(definitions: Definitions, given: Sequence[object]) -> ExcelAnswer | ExcelTable:
    """Return a table of two columns that says what a metric is and where its definition stands.

    While the definitions cannot be read, the table says what is wrong with them.
    """
    try:
        catalog = definitions.catalog()
    except DefinitionError as error:
        return [["problem", diagnostic.render()] for diagnostic in error.diagnostics]
    metric = metric_named(catalog, given[0])
    if isinstance(metric, ExcelError):
        return metric.code
    return describe(catalog, metric)


def metric_named(catalog: Catalog, argument: object) -> MetricDefinition | ExcelError:
    """Return the metric an argument names, in any case; ``#NAME?`` where there is no such metric."""
    cell = only_cell(to_cells(argument))
    if isinstance(cell, ExcelError):
        return cell
    if not isinstance(cell, str):
        return ExcelError(VALUE, Message("name_a_metric"))
    wanted = cell.strip().casefold()
    for metric in catalog.metrics.values():
        if wanted in (metric.key.casefold(), metric.udf.casefold()):
            return metric
    reason, hint = Message("not_a.metric", name=cell), did_you_mean(wanted, catalog.metrics)
    return ExcelError(NAME, Message("with_hint", reason=reason, hint=hint) if hint is not None else reason)


def _setting_of(catalog: Catalog, metric: MetricDefinition, argument: object) -> dict[str, str] | ExcelError:
    if metric.bands_by is None or metric.bands_by not in catalog.settings:
        return settings_in_force(catalog, {})
    chosen = chosen_settings(catalog, {metric.bands_by: to_cells(argument)})
    return chosen if isinstance(chosen, ExcelError) else settings_in_force(catalog, chosen)


def _label(catalog: Catalog, metric: MetricDefinition, cell: Cell, settings: dict[str, str]) -> ExcelAnswer:
    if isinstance(cell, ExcelError):
        return cell.code
    if cell is None:
        return NA_
    if isinstance(cell, str | bool):
        return VALUE
    if metric.possible is not None and not metric.possible.contains(float(cell)):
        return NUM
    bands = bands_in_force(metric, settings, target_for(metric, {}, None, None))
    return status_label(verdict(metric, bands, float(cell), "", None, None), catalog.language)


def describe(catalog: Catalog, metric: MetricDefinition) -> ExcelTable:
    """Return the metric's definition as rows of a name and a text, and which definitions are in force."""
    return [[name, text] for name, text in _rows(catalog, metric) if text]


def _rows(catalog: Catalog, metric: MetricDefinition) -> Iterator[tuple[str, str]]:
    language = catalog.language

    def local(text: LocalText | None) -> str:
        return "" if text is None else in_language(text, language)

    yield "metric", metric.key
    yield "label", local(metric.label)
    yield "question", local(metric.question)
    yield "formula", metric.formula
    yield "unit", metric.unit
    yield "stage", term(metric.stage, language)
    yield "kind", term(metric.kind, language)
    yield "better", term(metric.better, language)
    yield "possible", metric.possible.text if metric.possible is not None else ""
    yield "span", metric.span if metric.span != "any" else ""
    yield "prefers", ", ".join(metric.prefer)
    for target in metric.targets:
        where = ", ".join(f"{key} = {value}" for key, value in target.where.items())
        since = f"since {target.since}" if target.since is not None else ""
        yield "target", "; ".join(part for part in (target.text, since, where) if part)
    in_force = target_for(metric, {}, None, None)
    for band in bands_to_show(metric.bands, metric.better, in_force):
        yield f"band {band.status}", _band(band, language)
    for setting, written in metric.band_variants.items():
        for band in bands_to_show(written, metric.better, in_force):
            yield f"band {band.status} ({metric.bands_by}: {setting})", _band(band, language)
    yield "smallest n", str(metric.min_sample) if metric.min_sample is not None else ""
    for key in metric.plan.inputs:
        yield f"input {key}", local(catalog.inputs[key].label)
    yield "note", local(metric.note)
    yield "source", metric.source
    # In Excel nobody knows the working directory that a relative path starts from.
    yield "definitions", os.path.abspath(catalog.path) if os.path.exists(catalog.path) else catalog.path
    yield "digest", catalog.digest


def _band(band: Band | BandDefinition, language: str) -> str:
    return f"{band.when}: {in_language(band.label, language)}"


def scorecard_function(definitions: Definitions) -> WorksheetFunction:
    """Return SCORECARD, answering from ``definitions``."""
    return WorksheetFunction(
        name="SCORECARD",
        description=(
            "Every metric whose inputs are columns of the table, found by their headers: "
            "spills metric, value, status and the reason for a missing value."
        ),
        category="metricsheet",
        arguments=(Argument("table", "A range with a header row above its rows", cells=True),),
        answer=lambda given: scorecard(definitions, given[0]),
        table=True,
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
    language = catalog.language
    rows = [_row(catalog, result, language) for result in results if not result.not_bound]
    if not rows:
        reason = say(Message("nothing_computed.of", count=len(results)), language)
        rows = [["", NA_, term("no_data", language), reason]]
    return [[term(key, language) for key in ("metric", "value", "status", "reason")], *rows]


def _row(catalog: Catalog, result: Result, language: str) -> list[ExcelAnswer]:
    said, why = worded(catalog, result, language), reason_of(result)
    reason = say(why, language) if why is not None else result.error
    return [said.label, value_of(result), said.status_label, reason]
