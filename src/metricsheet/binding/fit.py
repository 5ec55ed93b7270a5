"""Whether a column can be what an input needs, and what else it may be."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.binding.candidates import Found
from metricsheet.binding.cells import as_cells
from metricsheet.binding.headers import AliasIndex, header_forms
from metricsheet.catalog.definitions import Catalog, InputDefinition
from metricsheet.files.addresses import range_a1
from metricsheet.files.book import DATE, ERROR, FLAG, TEXT, UNSEEN, RawCell, as_column
from metricsheet.language.message import Message
from metricsheet.language.option import Option, option
from metricsheet.reading.inputs import read_input
from metricsheet.reading.money import unit_of_header
from metricsheet.records import record
from metricsheet.tables.period_rows import names_periods
from metricsheet.tables.years import lack_years, no_year
from metricsheet.values import Cell, is_number

_SAMPLE = 200
_LABEL_COLUMNS = 3
"""Among so many first columns stands the one that names the periods."""

_NO_NUMBER = (TEXT, UNSEEN, FLAG, DATE, ERROR)


@record
class Misfit:
    """Why cells cannot be an input, and the ``--map`` line for what they may be instead."""

    message: Message
    hint: Message


def misfit(index: AliasIndex, key: str, found: Found, *, text_only: bool) -> Misfit | None:
    """Return why the cells cannot be the input ``key``, or ``None`` when nothing contradicts it.

    The first cells of a column decide. Cells off the scale and formats that need a decision are no misfit:
    reading the column tells of them.
    """
    definition = index.catalog.inputs[key]
    if definition.type == "date" and lack_years(found.cells):
        asked = no_year("", found.cells, range_a1(found.place))
        return Misfit(asked.message, asked.hint or asked.message)
    unit = unit_of_header(found.over) if found.over else None
    if unit is not None and definition.type == "number" and definition.unit != unit:
        why = Message("header_over", header=found.over)
        return Misfit(
            Message("is_not", found=str(found), input=key, reason=why), Message("map_another", input=key)
        )
    if definition.type == "text" or _is_plain(definition, found.cells):
        return None
    finished = _is_one_answer_each(definition) and found.how != "map" and _finished(index, found)
    if finished:
        hint = _instead(index, key, found) or Message("single_answers", option=map_line(key, found))
        return Misfit(Message("is_not", found=str(found), input=key, reason=finished), hint)
    read = read_input(definition, _sample(found.cells), text_only=text_only, header=found.asked)
    refusal = read.refusal
    if refusal is not None and refusal.code == "not_this_input":
        reason = refusal.message.values["reason"]
        hint = _instead(index, key, found) or refusal.hint or Message("map_another", input=key)
        return Misfit(Message("is_not", found=str(found), input=key, reason=reason), hint)
    if refusal is None and definition.type == "number" and not read.used and read.text:
        text = next(cell for cell in read.cells if isinstance(cell, str))
        shown = text if len(text) <= 40 else text[:39] + "…"
        reason = Message("holds_only_text", text=shown)
        return Misfit(
            Message("is_not", found=str(found), input=key, reason=reason), Message("map_numbers", input=key)
        )
    return None


def answers_in(index: AliasIndex, key: str, found: Found, *, text_only: bool) -> list[float]:
    """Return the answers in the first cells of a column, read as those of the input ``key``."""
    read = read_input(
        index.catalog.inputs[key], _sample(found.cells), text_only=text_only, header=found.asked
    )
    return [cell for cell in read.cells if is_number(cell)]


def _is_one_answer_each(definition: InputDefinition) -> bool:
    """Return whether each cell of the input is the answer, or the yes or no, of one customer."""
    return definition.type == "flag" or (definition.scale is not None and definition.scale.whole)


def _finished(index: AliasIndex, found: Found) -> Message | None:
    """Return why cells hold finished figures and not one answer each, or ``None``."""
    if found.how == "label":
        return Message("one_figure")
    rows = found.rows
    if rows is None or rows.count < 2:
        return None
    region = rows.region
    across = region.transposed and region.date_column is not None
    # ids such as 75-1001 look like months
    labels = [
        c for c in range(min(_LABEL_COLUMNS, len(region.headers))) if not index.names_text(region.headers[c])
    ]
    if across or any(names_periods(region.columns[column]) for column in labels):
        return Message("one_figure_per_period")
    return None


def _is_plain(definition: InputDefinition, cells: Sequence[RawCell]) -> bool:
    """Return whether the cells are numbers for an input that takes any number."""
    whole = definition.scale is not None and definition.scale.whole
    return definition.type == "number" and not whole and not as_column(cells).holds(*_NO_NUMBER)


def _sample(cells: Sequence[RawCell]) -> Sequence[Cell]:
    """Return the first filled cells of a column."""
    if len(cells) <= _SAMPLE:
        return as_cells(cells)
    filled: list[RawCell] = []
    for start in range(0, len(cells), 4 * _SAMPLE):
        filled += [cell for cell in cells[start : start + 4 * _SAMPLE] if cell is not None]
        if len(filled) >= _SAMPLE:
            break
    return as_cells(filled[:_SAMPLE])


def _instead(index: AliasIndex, key: str, found: Found) -> Message | None:
    """Return the ``--map`` line for a finished figure: a metric that reads the input, by name if possible."""
    metrics = _ready_made(index.catalog, index.users.get(key, ()), found.header)
    if not metrics:
        return None
    return Message("finished_figure", option=map_line(metrics[0], found))


def _ready_made(catalog: Catalog, users: Sequence[str], header: str) -> list[str]:
    """Return the metrics that read an input, the one that bears the header's name first."""
    forms = set(header_forms(header))
    named = []
    for metric in users:
        definition = catalog.metrics[metric]
        names = (metric.replace("_", " "), *definition.label.values())
        if any(forms & set(header_forms(name)) for name in names):
            named.append(metric)
    return named or [m for m in users if len(catalog.metrics[m].plan.inputs) == 1] or list(users)


def map_line(key: str, found: Found, target: str = "") -> Option:
    """Return the option that binds ``key`` to exactly these cells."""
    return option("map", f"{key}={target or found.target}")
