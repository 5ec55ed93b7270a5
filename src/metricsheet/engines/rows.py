"""Row expressions over whole columns: one step of the expression at a time, equal cells worked out once."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any

from metricsheet.engines.columns import Column
from metricsheet.formula.ast import Array, Binary, Call, Given, Name, Node, Percent, Unary, to_text
from metricsheet.formula.finish import literal
from metricsheet.formula.functions import FUNCTIONS
from metricsheet.formula.functions.apply import applier
from metricsheet.formula.operators import OPERATORS, negate, percent
from metricsheet.values import DIV0, VALUE, Cell, ExcelError
from metricsheet.values.compare import near

_FAST: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_NUMBERS = frozenset({float, int})
_COUNTABLE = frozenset({float, int, bool})


class RowError(Exception):
    """Columns that cannot be looked at row by row together; ``error`` is the answer that says why."""

    def __init__(self, error: ExcelError) -> None:
        super().__init__(error.reason)
        self.error = error


Value = Column | Cell
"""A column, or one value that is the same in every row."""


def evaluate_rows(expr: Node, column: Callable[[str], Column], given: Sequence[Cell]) -> Column:
    """Return the value of ``expr`` in every row; errors are values of their rows.

    ``column`` gives the column of a name, ``given`` the values of ``Given`` parts. A column of one cell goes
    with every row. Raises ``RowError`` when columns of different length meet.
    """
    value = _Rows(column, given).value(expr)
    return value if isinstance(value, Column) else Column([value])


class _Rows:
    def __init__(self, column: Callable[[str], Column], given: Sequence[Cell]) -> None:
        self.column = column
        self.given = given

    def value(self, node: Node) -> Value:
        if isinstance(node, Name):
            return self.column(node.name)
        if isinstance(node, Given):
            return self.given[node.index]
        if isinstance(node, Array):
            return Column([literal(cell) for row in node.rows for cell in row])
        if isinstance(node, Binary):
            return _binary(node, self.value(node.left), self.value(node.right))
        if isinstance(node, Unary):
            operand = self.value(node.operand)
            return operand if node.op == "+" else _each(negate, [operand], [node.operand])
        if isinstance(node, Percent):
            return _each(percent, [self.value(node.operand)], [node.operand])
        if isinstance(node, Call):
            values = [self.value(arg) for arg in node.args]
            return _each(applier(FUNCTIONS[node.name], len(values)), values, node.args)
        return literal(node)


def _binary(node: Binary, left: Value, right: Value) -> Value:
    run = OPERATORS[node.op]
    if node.op == "/":
        run = _division(node.right)
    left, right = _single(left, right), _single(right, left)
    if isinstance(left, Column) or isinstance(right, Column):
        fast = _fast(node.op, left, right)
        if fast is not None:
            return Column(fast)
    return _each(run, [left, right], [node.left, node.right])


def _division(divisor: Node) -> Callable[[Cell, Cell], Cell]:
    """Return division that names the divisor, one error for all rows where it is 0."""
    divide = OPERATORS["/"]
    by_zero = ExcelError(DIV0, f"{to_text(divisor)} is 0 in a row")

    def run(a: Cell, b: Cell) -> Cell:
        result = divide(a, b)
        return (
            by_zero if isinstance(result, ExcelError) and result == by_zero and not result.reason else result
        )

    return run


def _single(value: Value, other: Value) -> Value:
    """Return the only cell of a column that meets a longer one: it goes with every row."""
    if isinstance(value, Column) and len(value) == 1 and isinstance(other, Column) and len(other) != 1:
        return value.cells[0]
    return value


def _each(run: Callable[..., Cell], values: Sequence[Value], nodes: Sequence[Node]) -> Value:
    """Return ``run`` of the values row by row."""
    long = [v for v in values if isinstance(v, Column) and len(v) != 1]
    ones = [v for v in values if isinstance(v, Column)]
    if not ones:
        return run(*values)
    rows = len(long[0]) if long else 1
    for value, node in zip(values, nodes, strict=True):
        if isinstance(value, Column) and len(value) not in (rows, 1):
            first = next(n for v, n in zip(values, nodes, strict=True) if v is long[0])
            reason = f"{to_text(first)} has {rows} rows, {to_text(node)} has {len(value)}"
            raise RowError(ExcelError(VALUE, reason))
    if len(ones) == 1 and long:
        return _each_distinct(run, values, long[0])
    lists = [
        value.cells if isinstance(value, Column) and len(value) == rows else repeat(_cell(value))
        for value in values
    ]
    return Column(list(map(run, *lists)))


def _cell(value: Value) -> Cell:
    return value.cells[0] if isinstance(value, Column) else value


def _each_distinct(run: Callable[..., Cell], values: Sequence[Value], only: Column) -> Column:
    """Return ``run`` where one value is a column: equal cells are worked out once."""
    at = next(i for i, value in enumerate(values) if value is only)
    before, after = values[:at], values[at + 1 :]
    return Column(only.per_cell(lambda cell: run(*before, cell, *after)))


def _fast(op: str, left: Value, right: Value) -> list[Cell] | None:
    """Return an operator over plain numbers only, or ``None`` where a cell needs a closer look."""
    if op in _FAST:
        a, b = _plain(left, _COUNTABLE), _plain(right, _COUNTABLE)
    elif op in ("=", "<>", "<", ">", "<=", ">="):
        a, b = _plain(left, _NUMBERS), _plain(right, _NUMBERS)
    else:
        return None
    if a is None or b is None or not _same_rows(left, right):
        return None
    if op in _FAST:
        results = list(map(_FAST[op], a, b))
        # floats from here on: TRUE * TRUE is the number 1
        total = sum(results)
        if total - total != 0:
            return None
        return results if type(results[0]) is float else list(map(float, results)) if results else results
    return _compared(op, a, b)


def _compared(op: str, a: Any, b: Any) -> list[Cell]:
    """Return a comparison of numbers; those that differ past 15 digits are equal."""
    if op == "=":
        return [x == y or near(x, y) for x, y in zip(a, b, strict=False)]
    if op == "<>":
        return [x != y and not near(x, y) for x, y in zip(a, b, strict=False)]
    if op == "<":
        return [x < y and not near(x, y) for x, y in zip(a, b, strict=False)]
    if op == ">":
        return [x > y and not near(x, y) for x, y in zip(a, b, strict=False)]
    if op == "<=":
        return [x <= y or near(x, y) for x, y in zip(a, b, strict=False)]
    return [x >= y or near(x, y) for x, y in zip(a, b, strict=False)]


def _plain(value: Value, kinds: frozenset[type]) -> Any:
    """Return the cells when all are of ``kinds``, a single value repeated, else ``None``."""
    if not isinstance(value, Column):
        return repeat(value) if type(value) in kinds else None
    return value.cells if value.kinds.keys() <= kinds else None


def _same_rows(left: Value, right: Value) -> bool:
    return not (isinstance(left, Column) and isinstance(right, Column) and len(left) != len(right))
