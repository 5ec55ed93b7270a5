"""Inputs that a file has no column for, computed row by row from the columns of others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import reduce
from operator import and_

from metricsheet.catalog.definitions import Catalog, InputDefinition
from metricsheet.catalog.derived import with_parts
from metricsheet.dataset import BoundInput, DataTable
from metricsheet.engines.columns import Column
from metricsheet.engines.rows import evaluate_rows
from metricsheet.evaluation.prepare import PreparedInput, refusal_of
from metricsheet.evaluation.stored import derived
from metricsheet.formula.plan import Plan
from metricsheet.reading.column import ReadColumn
from metricsheet.values import Cell, is_number


def with_derived(
    catalog: Catalog,
    inputs: Mapping[str, PreparedInput],
    wanted: Collection[str],
    tables: Mapping[str, DataTable],
) -> dict[str, PreparedInput]:
    """Return ``inputs`` and those ``wanted`` that can be derived from them, all parts being of one table.

    A table of a known kind gives only the inputs that its kind can hold: orders add up to no total revenue.
    """
    found = dict(inputs)
    waiting = [d for key in wanted if key not in found and (d := catalog.inputs.get(key)) and d.parts]
    while ready := [definition for definition in waiting if all(key in found for key in definition.parts)]:
        waiting = [definition for definition in waiting if definition not in ready]
        for definition in ready:
            parts = [found[key] for key in definition.parts]
            table = tables.get(parts[0].bound.table or "")
            kind = table.taken_for if table is not None else None
            together = len({(part.bound.table, len(part.column)) for part in parts}) == 1
            if together and (kind is None or definition.key in catalog.tables[kind.kind].columns):
                found[definition.key] = _derived(definition, parts)
    return found


def parts_behind(keys: Iterable[str], inputs: Mapping[str, PreparedInput]) -> list[str]:
    """Return ``keys`` and what those of them that were derived were derived from."""
    return with_parts(keys, {key: item.definition for key, item in inputs.items() if item.derived_from})


def _derived(definition: InputDefinition, parts: Sequence[PreparedInput]) -> PreparedInput:
    """Return the input with its value in each row that has a number of every part; other rows are blank."""
    assert definition.derived is not None
    column, read = _computed(definition, definition.derived, parts)
    bound = BoundInput(definition.key, parts[0].bound.where, read.cells, parts[0].bound.table)
    refused = next((part.refusal for part in parts if part.refusal is not None), None)
    sources = dict.fromkeys(key for part in parts for key in part.derived_from or (part.bound.key,))
    return PreparedInput(
        definition,
        bound,
        read,
        column,
        refused or refusal_of(definition, bound, read),
        left_out=parts[0].left_out,
        gaps=tuple(gap for part in parts for gap in part.gaps),
        derived_from=tuple(sources),
    )


def _computed(
    definition: InputDefinition, plan: Plan, parts: Sequence[PreparedInput]
) -> tuple[Column, ReadColumn]:
    """Return the values of all rows, and what a reader of them would have counted."""
    columns = {part.bound.key: part.column for part in parts}
    if any(column.selection is not None for column in columns.values()):
        read, column = derived(definition, plan.ast, columns)
        return column, read
    values = evaluate_rows(plan.ast, columns.__getitem__, ())
    masks = [int.from_bytes(column.is_number, "little") for column in (values, *columns.values())]
    there = reduce(and_, masks).to_bytes(len(values), "little")
    cells: list[Cell] = list(values.cells)
    if 0 in there:
        cells = [cell if has else None for cell, has in zip(cells, there, strict=True)]
    errors = {row: part for part in reversed(parts) for row in part.read.error_rows}
    for row, part in errors.items():
        cells[row] = part.error_at(row)
    scale, excluded = definition.scale, definition.outside == "exclude"
    rejected: list[int] = []
    if scale is not None:
        numbers = ((row, cell) for row, cell in enumerate(cells) if is_number(cell))
        rejected = [row for row, number in numbers if not scale.contains(number)]
    for row in rejected if excluded else ():
        cells[row] = None
    used = there.count(1) - len(rejected) + len(errors)
    blank = len(cells) - used - len(rejected)
    read = ReadColumn(
        cells, used, blank, 0, len(rejected), rejected_rows=tuple(rejected), error_rows=tuple(sorted(errors))
    )
    changed = 0 in there or errors or (rejected and excluded)
    return Column(cells) if changed else values, read
