"""A planned formula as the text of a LAMBDA: its primitives over arrays, its residual over single values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from metricsheet.export.lambdas.arguments import Arguments
from metricsheet.export.lambdas.steps import CannotExpressError, Steps, text_constant
from metricsheet.formula.ast import (
    Aggregate,
    Binary,
    Blank,
    Call,
    ErrorValue,
    Given,
    Logical,
    Name,
    Node,
    Number,
    Parts,
    Percent,
    Text,
    Unary,
    number_text,
    to_text,
)
from metricsheet.formula.functions import FUNCTIONS
from metricsheet.formula.plan import Condition, Plan, Primitive
from metricsheet.values import ExcelError
from metricsheet.values.criteria import criterion


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOTHING = {
    **dict.fromkeys(("AVERAGE", "STDEV.S", "STDEV.P", "VAR.S", "VAR.P"), "#DIV/0!"),
    **dict.fromkeys(("MEDIAN", "GEOMEAN", "LARGE", "SMALL"), "#NUM!"),
    **dict.fromkeys(("PERCENTILE.INC", "PERCENTILE.EXC", "QUARTILE.INC", "QUARTILE.EXC"), "#NUM!"),
    **dict.fromkeys(("MIN", "MAX", "SUMSQ"), "0"),
    "MODE.SNGL": "NA()",
}
"""Functions over one array of numbers, and what each gives where there is none."""
_OF_CONDITIONS = {"AVERAGEIF": "AVERAGE", "AVERAGEIFS": "AVERAGE", "MINIFS": "MIN", "MAXIFS": "MAX"}
_OVER_VALUES = _words("SUM AVERAGE MIN MAX AND OR XOR")
"""Aggregates that take single values as they are."""
_SINGLE = _words(
    """
    IF IFS SWITCH CHOOSE IFERROR IFNA NOT ROUND ROUNDUP ROUNDDOWN INT TRUNC MROUND CEILING FLOOR CEILING.MATH
    FLOOR.MATH ABS SIGN SQRT POWER EXP LN LOG LOG10 MOD QUOTIENT PI ISNUMBER ISERROR ISERR ISNA NA DATE YEAR
    MONTH DAY DAYS EDATE EOMONTH
    """
)
"""Functions of single values that are written as they are."""
_BY_ROW = _words("ABS SIGN SQRT EXP LN LOG10 ROUND ROUNDUP ROUNDDOWN INT TRUNC MOD POWER YEAR MONTH DAY")
_ARITHMETIC = frozenset("+-*/^")
_NOT_NUMBERS = _words("IF IFS SWITCH CHOOSE IFERROR IFNA NOT AND OR XOR ISNUMBER ISERROR ISERR ISNA")


class Expressions:
    """Formulas of one metric over arguments that are read.

    ``numbers`` says for an input by which step its numbers go, where it is not the one of reading;
    ``named`` gives the text of a metric, parameter or setting, ``total`` the total of an input over time.
    """

    def __init__(
        self,
        plan: Plan,
        steps: Steps,
        arguments: Arguments,
        named: Callable[[str], str],
        total: Callable[[str, str], str],
    ) -> None:
        self.plan, self.steps, self.arguments, self.named = plan, steps, arguments, named
        self.numbers: dict[str, str] = {}
        self._total = total

    # ---- one value ----

    def value(self, node: Node) -> str:
        """Return the text of ``node``, a part of the plan's residual."""
        if isinstance(node, Aggregate):
            return self._single(self.plan.primitives[node.index])
        if isinstance(node, Name):
            return self.named(node.name)
        if isinstance(node, Binary):
            return f"({self.value(node.left)}{node.op}{self.value(node.right)})"
        if isinstance(node, Unary):
            return f"({node.op}{self.value(node.operand)})"
        if isinstance(node, Percent):
            return f"({self.value(node.operand)}%)"
        if isinstance(node, Call):
            return self._call(node)
        return _literal(node)

    def number(self, node: Node) -> str:
        """Return the text of a whole residual as a number or an error."""
        text = self.value(node)
        if isinstance(node, (Name, Text, Logical)) or (isinstance(node, Call) and node.name in _NOT_NUMBERS):
            found = self.steps.let("v", text)
            return f"IF(ISTEXT({found}),#VALUE!,{found}+0)"
        if isinstance(node, Binary) and node.op not in _ARITHMETIC:
            raise CannotExpressError(to_text(node))
        return text

    def _call(self, node: Call) -> str:
        function, name = FUNCTIONS[node.name], _OF_CONDITIONS.get(node.name, node.name)
        if function.kinds and not any(isinstance(arg, Parts) for arg in node.args):
            if name in _OVER_VALUES:
                return f"{name}({','.join(map(self.value, node.args))})"
        elif not function.kinds and name in _SINGLE:
            return f"{name}({','.join(map(self.value, node.args))})"
        elif name in _NOTHING and isinstance(first := node.args[0], Parts):
            singles = node.args[1:]
            if not singles or not (function.repeats or any(isinstance(arg, Parts) for arg in singles)):
                return self._over_array(name, first, singles)
            if name in ("MIN", "MAX"):
                return f"{name}({','.join(map(self._whole, node.args))})"
        elif name in ("SUM", "COUNT"):
            parts = [self._single(self._primitive(arg)) for arg in node.args if isinstance(arg, Parts)]
            if len(parts) == len(node.args):
                return f"({'+'.join(parts)})"
        raise CannotExpressError(to_text(node) if function.kinds == () else node.name)

    def _primitive(self, parts: Parts) -> Primitive:
        return self.plan.primitives[parts.indexes[0]]

    def _whole(self, arg: Node) -> str:
        """Return an argument of ``MIN`` or ``MAX`` beside others: a column that has numbers, or a value."""
        if not isinstance(arg, Parts):
            return self.value(arg)
        primitive = self._primitive(arg)
        if primitive.conditions or not isinstance(primitive.expr, Name):
            raise CannotExpressError(arg.text)
        return self._array(primitive)

    def _over_array(self, name: str, parts: Parts, singles: Sequence[Node]) -> str:
        array = self._array(self._primitive(parts))
        call = f"{name}({','.join([array, *map(self.value, singles)])})"
        return f"IF(COUNT({array})+SUM(--ISERROR({array}))=0,{_NOTHING[name]},{call})"

    def _single(self, primitive: Primitive) -> str:
        """Return the text of a primitive that is one value."""
        kind, expr = primitive.kind, primitive.expr
        if kind == "total" and isinstance(expr, Name):
            numbers = self._numbers(expr.name)
            return self._total(expr.name, numbers)
        if kind == "rows" and expr is None:
            return f"SUM({self._conditions(primitive)})"
        if kind in ("count", "sum"):
            array = self._array(primitive)
            return f"COUNT({array})" if kind == "count" else f'SUM(IF({array}="",0,{array}))'
        if isinstance(expr, Name) and not primitive.conditions:
            filled = self.arguments.filled(expr.name)
            if kind == "counta":
                return f"SUM({filled})"
            if kind == "countblank":
                return f"SUM(1-{filled})"
            if kind == "nunique":
                cells = (
                    self.arguments.cells(expr.name) if self._is_text(expr.name) else self._numbers(expr.name)
                )
                kept = f'IF({filled},{cells},"")' if self._is_text(expr.name) else cells
                return f'SUM(--(UNIQUE(TOCOL({kept}))<>""))'
        raise CannotExpressError(primitive.key)

    # ---- arrays ----

    def _is_text(self, key: str) -> bool:
        return self.arguments.read(key).is_text

    def _numbers(self, key: str) -> str:
        return self.numbers.get(key) or self.arguments.read(key).numbers

    def _array(self, primitive: Primitive) -> str:
        """Return the step of a primitive's values, ``""`` for rows that do not count."""
        assert primitive.expr is not None
        values = self._row_value(primitive.expr, primitive)
        if primitive.conditions:
            return self.steps.let("y", f'IF({self._conditions(primitive)},{values},"")')
        return values if isinstance(primitive.expr, Name) else self.steps.let("y", values)

    def _conditions(self, primitive: Primitive) -> str:
        return "*".join([self._condition(condition, primitive) for condition in primitive.conditions])

    def _condition(self, condition: Condition, primitive: Primitive) -> str:
        """Return 1 for the rows that meet a condition, else 0."""
        expr, wanted = condition.expr, condition.criterion
        if isinstance(wanted, Binary) and wanted.op == "&" and isinstance(wanted.left, Text):
            if wanted.left.value not in ("=", "<>", "<", ">", "<=", ">=") or not self._is_day(wanted.right):
                raise CannotExpressError(to_text(wanted))
            op, value = wanted.left.value, self.value(wanted.right)
        elif isinstance(wanted, (Number, Text)):
            test = criterion(wanted.value)
            if isinstance(test, ExcelError) or test.pattern is not None:
                raise CannotExpressError(to_text(wanted))
            if test.value is None:
                return self._emptiness(expr, filled=test.op == "<>")
            if isinstance(test.value, str):
                return self._same_text(expr, test.op, test.value)
            if isinstance(test.value, (bool, ExcelError)):
                raise CannotExpressError(to_text(wanted))
            op, value = test.op, number_text(test.value)
        else:
            raise CannotExpressError(to_text(wanted))
        if isinstance(expr, Name) and self._is_text(expr.name):
            raise CannotExpressError(to_text(wanted))
        cells = self._row_value(expr, primitive)
        if not isinstance(expr, Name):
            cells = self.steps.let("y", cells)
        compared = f"INT({cells})" if condition.days else cells
        return f"IF(ISNUMBER({cells}),--({compared}{op}{value}),{int(op == '<>')})"

    def _is_day(self, node: Node) -> bool:
        return isinstance(node, Name) and node.name in ("period_start", "period_end")

    def _emptiness(self, expr: Node, *, filled: bool) -> str:
        if not isinstance(expr, Name):
            raise CannotExpressError(to_text(expr))
        found = self.arguments.filled(expr.name)
        return found if filled else f"(1-{found})"

    def _same_text(self, expr: Node, op: str, text: str) -> str:
        if op not in ("=", "<>") or not isinstance(expr, Name) or not self._is_text(expr.name):
            raise CannotExpressError(f'{to_text(expr)}{op}"{text}"')
        return f"--({self.arguments.cells(expr.name)}{op}{text_constant(text)})"

    # ---- expressions row by row ----

    def _row_value(self, node: Node, primitive: Primitive) -> str:
        """Return the values that a row expression gives: numbers, errors, and ``""`` where there is none."""
        if isinstance(node, Name):
            if self._is_text(node.name):
                raise CannotExpressError(node.name)
            return self._numbers(node.name)
        if isinstance(node, Call) and node.name in ("IF", "IFERROR", "IFNA"):
            of_first = self._row_part if node.name == "IF" else self._row_value
            first = of_first(node.args[0], primitive)
            rest = [self._row_value(arg, primitive) for arg in node.args[1:]]
            if node.name == "IF" and len(rest) == 1:
                rest.append('""')
            return f"{node.name}({','.join([first, *rest])})"
        if isinstance(node, Call) and node.name == "SUMPRODUCT":
            return "*".join([self._factor(arg, primitive) for arg in node.args])
        if node == Text(""):
            return '""'
        if isinstance(node, Binary) and node.op not in _ARITHMETIC:
            raise CannotExpressError(to_text(node))
        if isinstance(node, (Text, Logical, Blank)) or (isinstance(node, Call) and node.name not in _BY_ROW):
            raise CannotExpressError(to_text(node))
        return self._row_part(node, primitive)

    def _factor(self, node: Node, primitive: Primitive) -> str:
        if isinstance(node, Name):
            return self.arguments.zero(node.name, self._numbers(node.name))
        if isinstance(node, Binary) and node.op in _ARITHMETIC:
            return self._row_part(node, primitive)
        raise CannotExpressError(to_text(node))

    def _row_part(self, node: Node, primitive: Primitive) -> str:
        """Return a part of a row expression that something is done with: a blank is 0 there."""
        if isinstance(node, Name):
            if self._is_text(node.name):
                return self.arguments.cells(node.name)
            return self.arguments.operand(node.name)
        if isinstance(node, Given):
            return self.value(primitive.scalars[node.index])
        if isinstance(node, Binary):
            sides = [isinstance(side, Text) for side in (node.left, node.right)]
            names = [isinstance(side, Name) and self._is_text(side.name) for side in (node.left, node.right)]
            if node.op == "&" or any(sides) != any(names) or (any(names) and node.op not in ("=", "<>")):
                raise CannotExpressError(to_text(node))
            return f"({self._row_part(node.left, primitive)}{node.op}{self._row_part(node.right, primitive)})"
        if isinstance(node, Unary):
            return f"({node.op}{self._row_part(node.operand, primitive)})"
        if isinstance(node, Percent):
            return f"({self._row_part(node.operand, primitive)}%)"
        if isinstance(node, Call):
            return self._row_call(node, primitive)
        return _literal(node)

    def _row_call(self, node: Call, primitive: Primitive) -> str:
        only = node.args[0] if len(node.args) == 1 else None
        if node.name == "ISNUMBER" and isinstance(only, Name) and not self._is_text(only.name):
            return f"ISNUMBER({self._numbers(only.name)})"
        if node.name == "ISBLANK" and isinstance(only, Name):
            return f"({self.arguments.filled(only.name)}=0)"
        if node.name in _BY_ROW or node.name in ("IF", "NOT"):
            return f"{node.name}({','.join([self._row_part(arg, primitive) for arg in node.args])})"
        raise CannotExpressError(to_text(node))


def _literal(node: Node) -> str:
    if isinstance(node, Number):
        return number_text(node.value).upper()
    if isinstance(node, Text):
        return text_constant(node.value)
    if isinstance(node, Logical):
        return "TRUE" if node.value else "FALSE"
    if isinstance(node, ErrorValue):
        return node.code
    if isinstance(node, Blank):
        return ""
    raise CannotExpressError(to_text(node))
