"""Primitives over columns of cells, in this process: behind Excel, CSV files and data frames."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from math import floor
from typing import Any

from metricsheet.engines import accelerate
from metricsheet.engines.columns import Column, cell_of
from metricsheet.engines.rows import RowError, evaluate_rows, lengths_differ
from metricsheet.formula.aggregates import Part, total_of
from metricsheet.formula.ast import Name, Node, to_text
from metricsheet.formula.plan import Condition, Primitive
from metricsheet.language.message import Message
from metricsheet.values import NA_, VALUE, Cell, ExcelError, is_number
from metricsheet.values.criteria import Criterion, criterion

_HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


class CellsEngine:
    """Answers primitives over ``columns``; what one primitive needed is kept for the next.

    ``over_time`` says for an input what its cells become where one value is needed: their ``sum`` (when not
    said), or the ``first``, ``last`` or ``mean`` over the days in ``dates``, the dates of its rows.
    """

    def __init__(
        self,
        columns: Mapping[str, Column],
        *,
        over_time: Mapping[str, str] | None = None,
        dates: Mapping[str, Column] | None = None,
    ) -> None:
        self.columns = columns
        self.over_time = over_time or {}
        self.dates = dates or {}
        self._answers: dict[object, Part] = {}
        self._rows: dict[object, Column | ExcelError] = {}
        self._days: dict[object, Column] = {}
        self._masks: dict[object, bytes] = {}
        self._selected: dict[object, Column] = {}

    def primitive(self, primitive: Primitive, criteria: tuple[Cell, ...]) -> Part:
        """Return the primitive's answer.

        ``criteria`` holds the value of each condition's criterion, then the values of ``primitive.scalars``.
        Rows of different length, a criterion that is an error of use, and the like give an error value.
        """
        key = (primitive.key, _tagged(criteria))
        if key in self._answers:
            return self._answers[key]
        try:
            answer = self._answer(primitive, criteria)
        except RowError as apart:
            answer = apart.error
        self._answers[key] = answer
        return answer

    def _answer(self, primitive: Primitive, criteria: tuple[Cell, ...]) -> Part:
        if primitive.kind == "total":
            assert isinstance(primitive.expr, Name)
            return self._total(primitive.expr.name)
        count = len(primitive.conditions)
        given = criteria[count:]
        if not count:
            assert primitive.expr is not None
            return self._explained(primitive.expr, self._column(primitive.expr, given).part(primitive.kind))
        tests: list[Criterion] = []
        for cell in criteria[:count]:
            test = criterion(cell)
            if isinstance(test, ExcelError):
                return test
            tests.append(test)
        if count == 1 and primitive.expr is None:
            return self._count(self._tested_column(primitive.conditions[0], given), tests[0])
        mask = self._mask(primitive.conditions, tests, given)
        if primitive.expr is None:
            return float(mask.count(1))
        key = (
            to_text(primitive.expr),
            tuple(
                [(to_text(c.expr), c.days, t.key) for c, t in zip(primitive.conditions, tests, strict=True)]
            ),
            _tagged(given),
        )
        if key not in self._selected:
            column = self._column(primitive.expr, given)
            self._same_length(primitive, len(column), len(mask))
            self._selected[key] = column.where(mask)
        part = self._selected[key].part(primitive.kind)
        if isinstance(part, ExcelError):
            return part.because(
                Message("selected_row_is_error", expression=to_text(primitive.expr), code=part.code)
            )
        return part

    def _column(self, expr: Node, given: tuple[Cell, ...]) -> Column:
        """Return the values of a row expression, evaluated once for all that use it."""
        if isinstance(expr, Name):
            return self._named(expr.name)
        key = (to_text(expr), _tagged(given))
        if key not in self._rows:
            try:
                self._rows[key] = evaluate_rows(expr, self._named, given)
            except RowError as apart:
                self._rows[key] = apart.error
        found = self._rows[key]
        if isinstance(found, ExcelError):
            raise RowError(found)
        return found

    def _tested_column(self, condition: Condition, given: tuple[Cell, ...]) -> Column:
        """Return the values that a condition looks at: moments as days where it asks for days."""
        column = self._column(condition.expr, given)
        if not condition.days:
            return column
        key = (to_text(condition.expr), _tagged(given))
        if key not in self._days:
            whole = all(number.is_integer() for number in column.numbers)
            self._days[key] = column if whole else Column(list(map(_day, column.cells)))
        return self._days[key]

    def _named(self, name: str) -> Column:
        column = self.columns.get(name)
        if column is None:
            raise RowError(ExcelError(NA_, Message("not_bound", input=name)))
        return column

    def _mask(
        self, conditions: Sequence[Condition], tests: Sequence[Criterion], given: tuple[Cell, ...]
    ) -> bytes:
        """Return for each row 1 where all conditions hold, else 0."""
        both: bytes | None = None
        for condition, test in zip(conditions, tests, strict=True):
            key = (to_text(condition.expr), condition.days, test.key, _tagged(given))
            if key not in self._masks:
                self._masks[key] = bytes(_tested(self._tested_column(condition, given), test))
            mask = self._masks[key]
            if both is None:
                both = mask
            elif len(both) == len(mask):
                both = _both(both, mask)
            else:
                raise lengths_differ(
                    to_text(conditions[0].expr), len(both), to_text(condition.expr), len(mask)
                )
        assert both is not None
        return both

    def _same_length(self, primitive: Primitive, cells: int, tested: int) -> None:
        if cells != tested and primitive.expr is not None:
            where = to_text(primitive.conditions[0].expr)
            raise lengths_differ(to_text(primitive.expr), cells, where, tested)

    def _count(self, column: Column, test: Criterion) -> float:
        """Return how many cells meet a criterion, by the shortest way there is."""
        counts = column.distinct
        if counts is not None:
            matches = test.matches
            return float(sum([count for key, count in counts.items() if matches(cell_of(key))]))
        simple = _simple(column, test)
        if simple is not None and column.packed is not None:
            return accelerate.count_where(column.packed, test.op, simple)
        return float(sum(_tested(column, test)))

    def _explained(self, expr: Node, part: Part) -> Part:
        """Return ``part``, an error of the cells with the place it comes from as its reason."""
        if not isinstance(part, ExcelError) or part.reason:
            return part
        if isinstance(expr, Name):
            cells = self.columns[expr.name].cells
            row = next((i for i, cell in enumerate(cells, 1) if cell == part), None)
            if row is not None:
                return part.because(Message("cell_is_error", row=row, name=expr.name, code=part.code))
        return part.because(Message("row_is_error", expression=to_text(expr), code=part.code))

    def _total(self, name: str) -> Part:
        column = self._named(name)
        cells = column.cells
        if len(cells) == 1:
            return self._explained(Name(name), cells[0])
        if column.error is not None:
            return self._explained(Name(name), column.error)
        if not column.numbers:
            if not column.has_text():
                return ExcelError(NA_, Message("empty" if len(cells) else "no_cells", name=name))
            return ExcelError(VALUE, Message("text_has_no_total", name=name))
        how = self.over_time.get(name, "sum")
        if how == "sum" or len(column.numbers) == 1:
            return column.part("sum")
        return self._over_days(name, column, how)

    def _over_days(self, name: str, column: Column, how: str) -> Part:
        """Return the first, last or mean over days of what the cells of each day add up to."""
        dates = self.dates.get(name)
        if dates is None or len(dates) != len(column):
            reason = Message("no_dates_to_order_by", name=name, count=len(column.numbers), how=how)
            return ExcelError(VALUE, reason)
        days: dict[float, list[float]] = {}
        for cell, day in zip(column.cells, dates.cells, strict=True):
            if is_number(cell) and is_number(day):
                days.setdefault(float(day), []).append(float(cell))
        if not days:
            return ExcelError(VALUE, Message("no_value_has_a_date", name=name))
        if how == "mean":
            sums = [total_of(numbers) for numbers in days.values()]
            whole = total_of([s for s in sums if not isinstance(s, ExcelError)])
            return whole if isinstance(whole, ExcelError) else whole / len(days)
        return total_of(days[min(days) if how == "first" else max(days)])


def _day(cell: Cell) -> Cell:
    """Return the day of a moment; what is no number stays."""
    return float(floor(cell)) if isinstance(cell, float) else cell


def _tagged(cells: tuple[Cell, ...]) -> tuple[object, ...]:
    """Return ``cells`` as a key that tells ``TRUE`` from 1."""
    return tuple([(cell.__class__, cell) for cell in cells])


def _simple(column: Column, test: Criterion) -> float | None:
    """Return the number a test compares the column's numbers with, when only numbers can meet it."""
    value = test.value
    if value.__class__ is not float or test.op == "<>":
        return None
    return None if test.op == "=" and str in column.kinds else value


def _tested(column: Column, test: Criterion) -> list[bool]:
    """Return for each cell whether it meets a criterion."""
    value = _simple(column, test)
    if value is None or column.distinct is not None:
        return column.per_cell(test.matches)
    holds = _HOLDS[test.op]
    if len(column.numbers) == len(column):
        return [holds(cell, value) for cell in column.numbers]
    return [cell.__class__ is float and holds(cell, value) for cell in column.cells]


def _both(a: bytes, b: bytes) -> bytes:
    """Return 1 where both masks are, as one operation on two long integers."""
    joined = int.from_bytes(a, "little") & int.from_bytes(b, "little")
    return joined.to_bytes(len(a), "little")
