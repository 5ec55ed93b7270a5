"""Primitives over array constants and single values, which no engine needs to see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from metricsheet.formula.aggregates import Part, aggregate
from metricsheet.formula.ast import Array, Given, Node, walk
from metricsheet.formula.plan import Primitive
from metricsheet.language.message import Message
from metricsheet.values import VALUE, Cell, ExcelError
from metricsheet.values.criteria import Criterion, criterion

Row = Callable[[Any], Cell]
"""Gives the value of a row expression from the row's given values and elements of arrays."""


def local_answer(
    primitive: Primitive,
    compiled: Callable[[Node, dict[int, int]], Row],
    literal: Callable[[Node], Cell],
) -> Callable[[Sequence[Cell]], Part]:
    """Return what answers ``primitive`` from its finished criteria and scalars.

    ``compiled`` turns a row expression into a function of one row, given where in the row each leaf stands.
    """
    conditions = len(primitive.conditions)
    exprs = [condition.expr for condition in primitive.conditions]
    if primitive.expr is not None:
        exprs.append(primitive.expr)
    arrays: list[list[Cell]] = []
    frame: dict[int, int] = {}
    for leaf in (node for expr in exprs for node in walk(expr)):
        if isinstance(leaf, Array):
            frame[id(leaf)] = len(primitive.scalars) + len(arrays)
            arrays.append([literal(cell) for row in leaf.rows for cell in row])
        elif isinstance(leaf, Given):
            frame[id(leaf)] = leaf.index
    rows = [compiled(expr, frame) for expr in exprs]
    length = max((len(cells) for cells in arrays), default=1)
    if any(len(cells) != length for cells in arrays):
        apart = ExcelError(VALUE, Message("array_sizes_differ"))
        return lambda _: apart

    def answer(given: Sequence[Cell]) -> Part:
        tests: list[Criterion] = []
        for cell in given[:conditions]:
            test = criterion(cell)
            if isinstance(test, ExcelError):
                return test
            tests.append(test)
        cells: list[Cell] = []
        for elements in zip(*arrays, strict=True) if arrays else [()]:
            row = [*given[conditions:], *elements]
            found = [expr(row) for expr in rows]
            if all(test.matches(cell) for test, cell in zip(tests, found, strict=False)):
                cells.append(found[-1] if primitive.expr is not None else True)
        return aggregate(primitive.kind, cells)

    return answer
