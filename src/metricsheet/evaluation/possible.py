"""Values that a metric cannot have are refused; rows whose part exceeds its whole are reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from metricsheet.catalog.definitions import MetricDefinition, Unit
from metricsheet.catalog.shares import part_of_whole
from metricsheet.dataset import Problem
from metricsheet.engines.columns import Column
from metricsheet.engines.rows import evaluate_rows
from metricsheet.evaluation.prepare import PreparedInput, cell_address
from metricsheet.evaluation.spans import Slice, own_inputs
from metricsheet.evaluation.stored import rows_above
from metricsheet.evaluation.table_rows import TableRows
from metricsheet.formula.ast import Binary, Name, Node, to_text
from metricsheet.formula.plan import Primitive
from metricsheet.language.message import Message
from metricsheet.precision import less
from metricsheet.values import NUM, ExcelError


def not_possible(scope: Slice, metric: MetricDefinition, value: float) -> ExcelError | None:
    """Return why ``value`` cannot be the metric's, with the totals it came from; ``None`` where it can."""
    possible = metric.possible
    if possible is None or possible.contains(value):
        return None
    totals = {key: total for key in own_inputs(scope, metric) if (total := _total(scope, key)) is not None}
    inputs = ", ".join(f"{key} {total:.15g}" for key, total in totals.items())
    negative = next((key for key, total in totals.items() if total < 0), "")
    template = "not_possible.negative" if negative else "not_possible.outside"
    message = Message(
        template,
        metric=metric.key,
        value=written(value, metric.unit),
        possible=possible.text,
        inputs=inputs,
        negative=negative,
    )
    return ExcelError(NUM, message)


def _total(scope: Slice, key: str) -> float | None:
    """Return what stands for an input in a formula, where that is a number."""
    if key not in scope.columns:
        return None
    found = scope.primitive(Primitive("total", Name(key)), ())
    return float(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def written(value: float, unit: Unit) -> str:
    """Return a value as definitions write it: ``120%``, ``3.5``."""
    return f"{value * 100:.6g}%" if unit == "percent" else f"{value:.6g}"


def exceeding_parts(
    source: str,
    metrics: Iterable[MetricDefinition],
    inputs: Mapping[str, PreparedInput],
    tables: Mapping[str, TableRows],
) -> list[Problem]:
    """Return one problem for each part that exceeds its whole in some rows of a table.

    That is right where the part belongs to earlier rows (opens of yesterday's mails), so that the figure over
    all rows is given as long as it is possible.
    """
    found: dict[tuple[str, str], list[str]] = {}
    parts: dict[tuple[str, str], tuple[Node, Node, float]] = {}
    for metric in metrics:
        if inputs.keys().isdisjoint(metric.plan.inputs):
            continue
        shares = part_of_whole(metric.plan, metric.possible) if metric.span == "any" else None
        if shares is not None:
            key = to_text(shares[0]), to_text(shares[1])
            found.setdefault(key, []).append(metric.key)
            parts[key] = shares
    problems = []
    for key, users in found.items():
        problem = _exceeding(source, *parts[key], tuple(users), inputs, tables)
        if problem is not None:
            problems.append(problem)
    return problems


def _exceeding(
    source: str,
    part: Node,
    whole: Node,
    most: float,
    users: tuple[str, ...],
    inputs: Mapping[str, PreparedInput],
    tables: Mapping[str, TableRows],
) -> Problem | None:
    names = [node.name for side in (part, whole) for node in _names(side)]
    items = [inputs[name] for name in names if name in inputs and inputs[name].refusal is None]
    if len(items) < len(names) or not items or len({item.bound.table for item in items}) > 1:
        return None
    grouped = tables.get(items[0].bound.table or "")
    if grouped is None or len({len(item.column) for item in items}) > 1 or grouped.table.rows < 2:
        return None

    columns = {name: inputs[name].column for name in names}
    found = _above(part, whole, most, columns, grouped)
    if found is None:
        return None
    count, row, of_part, of_whole = found
    message = Message(
        "part_exceeds_whole",
        part=to_text(part),
        whole=to_text(whole),
        count=count,
        rows=grouped.table.rows,
        cell=cell_address(items[0].bound, row),
        first=f"{of_part:.15g} / {of_whole:.15g}",
    )
    used = tuple(dict.fromkeys(names))
    return Problem(source, message.code, message, Message("part_of_earlier_rows"), users, used)


def _above(
    part: Node, whole: Node, most: float, columns: Mapping[str, Column], grouped: TableRows
) -> tuple[int, int, float, float] | None:
    """Return how many rows have a part above ``most`` of its whole, and the first of them with both."""
    if any(column.selection is not None for column in columns.values()):
        return rows_above(part, whole, most, columns)
    one, all_of_it = (evaluate_rows(side, columns.__getitem__, ()) for side in (part, whole))
    above = _rows_above(one, all_of_it, most, grouped.counted())
    return (len(above), *above[0]) if above else None


def _names(node: Node) -> list[Name]:
    if isinstance(node, Name):
        return [node]
    return [*_names(node.left), *_names(node.right)] if isinstance(node, Binary) else []


def _rows_above(
    part: Column, whole: Column, most: float, rows: Sequence[int]
) -> list[tuple[int, float, float]]:
    """Return the rows in which a part is more than ``most`` of its whole, with both numbers."""
    parts, wholes = part.cells, whole.cells
    found = []
    for row in rows:
        a, b = parts[row], wholes[row]
        if isinstance(a, float) and isinstance(b, float) and most * b >= 0 and less(most * b, a):
            found.append((row, a, b))
    return found
