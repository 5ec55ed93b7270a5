"""What a formula ends in as a number or an error, and what parts of its plan count."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import cast

from metricsheet.formula.ast import Aggregate, Name, Node, walk
from metricsheet.formula.plan import Plan, Primitive
from metricsheet.language.message import FOR_METRIC, Message
from metricsheet.values import Cell, ExcelError


def as_number(cell: Cell | tuple[float, ...]) -> float | ExcelError:
    """Return a formula's outcome as a finite number, or the error that stands for anything else."""
    if isinstance(cell, ExcelError):
        return cell
    if isinstance(cell, (bool, int, float)):
        number = float(cell)
        return number if isfinite(number) else ExcelError("#NUM!", Message("too_large.result"))
    if cell is None:
        return ExcelError("#N/A", Message("empty_result"))
    return ExcelError("#VALUE!", Message("text_result", text=cell))


def of_metric(name: str, reason: Message | str) -> Message | str:
    """Return the reason of a metric that failed because another did, naming both once."""
    if not isinstance(reason, Message) or reason.code == "not_bound" or FOR_METRIC in reason.values:
        return reason
    return reason.also(for_metric=name)


def inputs_in(node: Node, plan: Plan) -> str:
    """Return the inputs that a part of a formula counts, separated by blanks."""
    found: dict[str, None] = {}
    for part in walk(node):
        if isinstance(part, Aggregate):
            found.update(dict.fromkeys(plan.primitives[part.index].columns))
    return " ".join(found)


def total(key: str) -> Primitive:
    """Return the primitive that adds up an input or a metric that is given."""
    return Primitive("total", Name(key))


def criteria_of(plan: Plan) -> Sequence[str]:
    """Return the parameters that the criteria and the single values of a plan's primitives name."""
    known = plan.compiled.get("criteria")
    if known is None:
        nodes = [c.criterion for p in plan.primitives for c in p.conditions]
        nodes += [scalar for p in plan.primitives for scalar in p.scalars]
        names = {node.name for top in nodes for node in walk(top) if isinstance(node, Name)}
        known = plan.compiled["criteria"] = [name for name in plan.parameters if name in names]
    return cast("Sequence[str]", known)
