"""Row expressions over whole columns: one step of the expression at a time, equal cells worked out once."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any, cast

from metricsheet.engines.columns import Column
from metricsheet.formula.ast import Array, Binary, Call, Given, Name, Node, Percent, Unary, to_text
from metricsheet.formula.finish import literal
from metricsheet.formula.functions import FUNCTIONS
from metricsheet.formula.functions.apply import applier
from metricsheet.formula.operators import OPERATORS, negate, percent
from metricsheet.language.message import Message
from metricsheet.values import DIV0, VALUE, Cell, ExcelError

_COUNTABLE = frozenset({float, bool})
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_FAST = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, **_COMPARISONS}


class RowError(Exception):
    """Columns that cannot be looked at row by row together; ``error`` is the answer that says why."""

    def __init__(self, error: ExcelError) -> None:
        super().__init__(error.reason)
        self.error = error


def lengths_differ(first: str, first_rows: int, second: str, second_rows: int) -> RowError:
    """Return what is raised when two columns of one formula have different numbers of rows."""
    reason = Message(
        "lengths_differ", first=first, first_rows=first_rows, second=second, second_rows=second_rows
    )
    return RowError(ExcelError(VALUE, reason))


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
            function = FUNCTIONS[node.name]
            if function.joins:
                _must_be_as_long(values, node.args)
            return _each(applier(function, len(values)), values, node.args)
        return literal(node)


def _binary(node: Binary, left: Value, right: Value) -> Value:
    run = OPERATORS[node.op]
    if node.op == "/":
        run = _division(node.right)
    left, right = _single(left, right), _single(right, left)
    fast = _fast(node.op, run, left, right)
    return _each(run, [left, right], [node.left, node.right]) if fast is None else Column(fast)


def _division(divisor: Node) -> Callable[[Cell, Cell], Cell]:
    """Return division that names the divisor, one error for all rows where it is 0."""
    divide = OPERATORS["/"]
    by_zero = ExcelError(DIV0, Message("zero_in_row", name=to_text(divisor)))

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
            raise lengths_differ(to_text(first), rows, to_text(node), len(value))
    if len(ones) == 1 and long:
        return _each_distinct(run, values, long[0])
    lists = [
        value.cells if isinstance(value, Column) and len(value) == rows else repeat(_cell(value))
        for value in values
    ]
    return Column(list(map(run, *lists)))


def _must_be_as_long(values: Sequence[Value], nodes: Sequence[Node]) -> None:
    """Refuse arguments of different length, a single value among columns as well."""
    lengths = [len(value) if isinstance(value, Column) else 1 for value in values]
    for length, node in zip(lengths, nodes, strict=True):
        if length != lengths[0]:
            raise lengths_differ(to_text(nodes[0]), lengths[0], to_text(node), length)


def _cell(value: Value) -> Cell:
    return value.cells[0] if isinstance(value, Column) else value


def _each_distinct(run: Callable[..., Cell], values: Sequence[Value], only: Column) -> Column:
    """Return ``run`` where one value is a column: equal cells are worked out once."""
    at = next(i for i, value in enumerate(values) if value is only)
    before, after = values[:at], values[at + 1 :]
    return Column(only.per_cell(lambda cell: run(*before, cell, *after)))


def _fast(op: str, run: Callable[[Cell, Cell], Cell], left: Value, right: Value) -> list[Cell] | None:
    """Return an operator on two numbers inline, and by ``run`` where a cell is not a number or needs care.

    ``None`` when there is a shorter way: a column of few different cells and one value.
    """
    columns = [value for value in (left, right) if isinstance(value, Column)]
    if op not in _FAST or not columns or len({len(column) for column in columns}) > 1:
        return None
    if len(columns) == 1 and columns[0].distinct is not None:
        return None
    a: Any = left.cells if isinstance(left, Column) else repeat(left)
    b: Any = right.cells if isinstance(right, Column) else repeat(right)
    fast = _FAST[op]
    if op in _COMPARISONS:
        # numbers that are closer than their 15 digits tell are for ``run`` to compare
        return [
            fast(x, y)
            if x.__class__ is float and y.__class__ is float and (x == y or abs(x - y) > 1e-14 * abs(x))
            else run(x, y)
            for x, y in zip(a, b, strict=False)
        ]
    if op != "/" and _is_countable(left) and _is_countable(right):
        results = list(map(float, map(fast, a, b)))
        total = sum(results)
        if total - total == 0:
            return cast("list[Cell]", results)
    # a result that is not finite less itself is not 0
    return [
        z
        if x.__class__ is float and y.__class__ is float and (y or op != "/") and (z := fast(x, y)) - z == 0
        else run(x, y)
        for x, y in zip(a, b, strict=False)
    ]


def _is_countable(value: Value) -> bool:
    """Return whether a value is numbers and logicals only, which Python adds and multiplies as Excel does."""
    return value.kinds <= _COUNTABLE if isinstance(value, Column) else type(value) in _COUNTABLE
