"""The functions of one metric: its value, the label of its band, and the n it rests on.

``=NPS(answers)``, ``=NPS_FLAG(answers)`` and ``=NPS_N(answers)`` take the inputs of the formula, then the
metrics it is built from, then the dates and settings it asks for, in the order in which they are met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from excel_addin.cells import ExcelAnswer, to_cells, to_excel
from excel_addin.definitions import Definitions
from excel_addin.worksheet_function import Argument, WorksheetFunction, shorten
from metricsheet.api import answer
from metricsheet.catalog.assembly.excel_words import OWN_SUFFIXES, VBA, free_names
from metricsheet.catalog.bands_in_force import possible_bands, possible_targets
from metricsheet.catalog.definitions import DATE, Catalog, InputDefinition, MetricDefinition, in_language
from metricsheet.evaluation.result import Result
from metricsheet.language.message import Message
from metricsheet.language.words import term
from metricsheet.values import NA_, VALUE, Cell, ExcelError

# Names that the wrappers use and that an argument of the same name would hide; in the place of an argument
# called `caller` xlwings puts the calling cell.
_WRAPPER_NAMES = ("ACTIVEWORKBOOK", "APPLICATION", "ARRAY", "CALLER", "ERR", "RANGE", "THISWORKBOOK", "XLPY")


def argument_names(keys: Sequence[str], function: str) -> tuple[str, ...]:
    """Return ``keys`` as argument names that VBA takes: no keyword, not the name of the function itself."""
    return free_names(keys, (function.upper(), *VBA, *_WRAPPER_NAMES))


FLAG_SUFFIX, N_SUFFIX = OWN_SUFFIXES

_DATES: Mapping[str, str] = {
    DATE: "Dates of the rows: a range as long as the others, or one date for all rows",
    "period_start": "First day of the period, as a date",
    "period_end": "Last day of the period, as a date",
}


def metric_functions(definitions: Definitions, catalog: Catalog) -> Iterator[WorksheetFunction]:
    """Yield the worksheet functions of every metric of ``catalog``, answering from ``definitions``."""
    optional = {DATE, *catalog.choices}
    cells = catalog.inputs.keys() - optional
    for metric in catalog.metrics.values():
        label = in_language(metric.label, catalog.language)
        question = in_language(metric.question, catalog.language) if metric.question is not None else ""
        shown: tuple[tuple[str, str, Callable[[Result], ExcelAnswer]], ...] = (
            ("", f"{label}. {question}", value_of),
            (FLAG_SUFFIX, f"{label}: {_all_labels(metric, catalog.language)}", flag_of),
            (N_SUFFIX, f"n: {label}. {question}", n_of),
        )
        for suffix, description, show in shown:
            name = metric.udf + suffix
            keys = catalog.arguments_of(metric, judged=suffix == FLAG_SUFFIX)
            names = argument_names([catalog.argument_name(metric, key) for key in keys], name)
            yield WorksheetFunction(
                name=name,
                description=shorten(description),
                category=f"metricsheet {metric.stage}",
                arguments=tuple(
                    Argument(shown_as, shorten(_help(catalog, key)), key in optional, cells=key in cells)
                    for key, shown_as in zip(keys, names, strict=True)
                ),
                answer=_answering(definitions, metric.key, keys, show),
            )


def _all_labels(metric: MetricDefinition, language: str) -> str:
    """Return the labels that some value of the metric may get under any setting and target."""
    labels = (
        in_language(band.label, language)
        for bands in possible_bands(metric.band_tables, metric.better, possible_targets(metric.targets))
        for band in bands
    )
    return " / ".join(dict.fromkeys(labels)) or term("no_target", language)


def value_of(result: Result) -> ExcelAnswer:
    """Return the value, or the error that stands for a missing one."""
    return result.error or NA_ if result.value is None else to_excel(result.value)


def flag_of(result: Result) -> ExcelAnswer:
    """Return the label of the band the value falls in; a value that is not there has an error, no band."""
    return result.error or NA_ if result.value is None else result.status_label


def n_of(result: Result) -> ExcelAnswer:
    """Return how many answers, customers or rows the value rests on."""
    return result.error or NA_ if result.n is None else float(result.n)


def _answering(
    definitions: Definitions, metric: str, keys: Sequence[str], show: Callable[[Result], ExcelAnswer]
) -> Callable[[Sequence[object]], ExcelAnswer]:
    def ask(arguments: Sequence[object]) -> ExcelAnswer:
        catalog = definitions.catalog()
        given = {key: to_cells(argument) for key, argument in zip(keys, arguments, strict=True)}
        settings = chosen_settings(catalog, {key: given.pop(key) for key in keys if key in catalog.choices})
        if isinstance(settings, ExcelError):
            return settings.code
        return show(answer(catalog, metric, given, settings=settings, language=catalog.language))

    return ask


def _help(catalog: Catalog, key: str) -> str:
    """Return the help of one argument: the label of the input with its scale, and what is said about it."""
    language = catalog.language
    if key in catalog.inputs:
        return _input_help(catalog.inputs[key], language)
    if key in catalog.metrics:
        metric = catalog.metrics[key]
        question = in_language(metric.question, language) if metric.question is not None else ""
        return f"{in_language(metric.label, language)}. {question}"
    if key in catalog.choices:
        setting = catalog.choices[key]
        default = f" ({setting.default})" if setting.default is not None else ""
        return f"{in_language(setting.label, language)}: {' / '.join(setting.one_of)}{default}"
    return _DATES.get(key, key)


def _input_help(definition: InputDefinition, language: str) -> str:
    scale = f" ({definition.scale})" if definition.scale is not None else ""
    described = definition.description
    return (
        f"{in_language(definition.label, language)}{scale}. "
        f"{in_language(described, language) if described is not None else ''}"
    )


def chosen_settings(catalog: Catalog, given: Mapping[str, Sequence[Cell]]) -> dict[str, str] | ExcelError:
    """Return the settings that were given; one left out or blank keeps its default.

    A word is taken in any case and a logical as yes or no; anything that the setting does not list is
    ``#VALUE!``, and an error goes through.
    """
    chosen: dict[str, str] = {}
    for key, cells in given.items():
        cell = only_cell(cells)
        if cell is None:
            continue
        if isinstance(cell, ExcelError):
            return cell
        word = ("yes" if cell else "no") if isinstance(cell, bool) else str(cell)
        words = {known.casefold(): known for known in catalog.choices[key].one_of}
        found = words.get(word.strip().casefold())
        if found is None:
            allowed = tuple(words.values())
            return ExcelError(VALUE, Message("setting_is_one_of", setting=key, allowed=allowed, given=word))
        chosen[key] = found
    return chosen


def only_cell(cells: Sequence[Cell]) -> Cell:
    """Return the one cell of an argument that has no use for more; ``#VALUE!`` for a range of several."""
    return cells[0] if len(cells) == 1 else ExcelError(VALUE, Message("one_cell"))
