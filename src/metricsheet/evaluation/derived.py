"""Inputs that a file has no column for, computed row by row from the columns of others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from metricsheet.catalog.definitions import Catalog, InputDefinition
from metricsheet.catalog.derived import with_parts
from metricsheet.dataset import BoundInput, DataTable
from metricsheet.engines.columns import Column
from metricsheet.engines.rows import evaluate_rows
from metricsheet.evaluation.prepare import PreparedInput, refusal_of
from metricsheet.reading.column import ReadColumn
from metricsheet.values import Cell, ExcelError, is_number


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
    columns = {part.bound.key: part.column for part in parts}
    values = evaluate_rows(definition.derived.ast, columns.__getitem__, ()).cells
    cells: list[Cell] = []
    rejected: list[int] = []
    errors: list[int] = []
    for row, (value, *given) in enumerate(zip(values, *(c.cells for c in columns.values()), strict=True)):
        cell: Cell = None
        wrong = next(
            (part for part, one in zip(parts, given, strict=True) if isinstance(one, ExcelError)), None
        )
        if wrong is not None:
            errors.append(row)
            cell = wrong.error_at(row)
        elif is_number(value) and all(map(is_number, given)):
            cell = value
            if definition.scale is not None and not definition.scale.contains(value):
                rejected.append(row)
                cell = value if definition.outside == "refuse" else None
        cells.append(cell)
    used = sum(cell is not None for cell in cells) - (len(rejected) if definition.outside == "refuse" else 0)
    blank = len(cells) - used - len(rejected)
    read = ReadColumn(
        cells, used, blank, 0, len(rejected), rejected_rows=tuple(rejected), error_rows=tuple(errors)
    )
    bound = BoundInput(definition.key, parts[0].bound.where, cells, parts[0].bound.table)
    refused = next((part.refusal for part in parts if part.refusal is not None), None)
    sources = dict.fromkeys(key for part in parts for key in part.derived_from or (part.bound.key,))
    return PreparedInput(
        definition,
        bound,
        read,
        Column(cells),
        refused or refusal_of(definition, bound, read),
        left_out=parts[0].left_out,
        gaps=tuple(gap for part in parts for gap in part.gaps),
        derived_from=tuple(sources),
    )
