"""A plan's residual to its value: the one evaluator with Excel's semantics, behind every engine.

Each residual is turned once into closures, kept with its plan, and called with a ``Scope`` after that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

from metricsheet.formula import ast as tree
from metricsheet.formula.aggregates import Part, aggregate
from metricsheet.formula.functions import FUNCTIONS, Function
from metricsheet.formula.functions.apply import applier, written
from metricsheet.formula.operators import OPERATORS, negate, percent
from metricsheet.formula.plan import Plan, Primitive
from metricsheet.language.message import Message
from metricsheet.values import DIV0, VALUE, Cell, ExcelError
from metricsheet.values.criteria import Criterion, criterion


class Scope(Protocol):
    """What a formula is finished against: one slice of the data, with the other metrics over it."""

    def name(self, name: str) -> Cell:
        """Return a metric or parameter."""

    def primitive(self, primitive: Primitive, criteria: tuple[Cell, ...]) -> Part:
        """Return a primitive over the slice; ``criteria`` are finished, then ``primitive.scalars``."""


Closure = Callable[[Any], Cell]
"""Gives a value from a scope; inside array constants, from one element of each array."""


def finish(node: tree.Node, plan: Plan, scope: Scope) -> Cell:
    """Return the value of ``node``, a part of ``plan.residual``, in ``scope``.

    Errors are values with their origin as reason; nothing is raised but what ``scope`` raises.
    """
    known = plan.compiled.get(id(node))
    if known is None:
        # the node is kept beside its closure, so that its id stays its own
        known = plan.compiled[id(node)] = (_Compiler(plan).closure(node), node)
    value = cast("tuple[Closure, tree.Node]", known)[0](scope)
    return 0.0 if value.__class__ is float and value == 0 else value


class _Compiler:
    def __init__(self, plan: Plan, frame: dict[int, int] | None = None) -> None:
        self.plan = plan
        # inside array constants: where in the row of elements each array or given value stands
        self.frame = frame

    def closure(self, node: tree.Node) -> Closure:
        if isinstance(node, tree.Binary):
            return _binary(node, self.closure(node.left), self.closure(node.right))
        if isinstance(node, tree.Call):
            return self._call(node)
        if isinstance(node, tree.Aggregate):
            primitive = self.plan.primitives[node.index]
            given, ask = self._given(primitive), self._asker(primitive)
            return cast("Closure", lambda scope: ask(scope, given(scope)))
        if isinstance(node, tree.Name):
            name = node.name
            return lambda scope: cast("Scope", scope).name(name)
        if isinstance(node, tree.Unary):
            inner = self.closure(node.operand)
            return inner if node.op == "+" else lambda scope: negate(inner(scope))
        if isinstance(node, tree.Percent):
            inner = self.closure(node.operand)
            return lambda scope: percent(inner(scope))
        if isinstance(node, (tree.Array, tree.Given)):
            assert self.frame is not None, "an array is only ever an argument of an aggregate"
            at = self.frame[id(node)]
            return lambda row: cast("Cell", row[at])
        value = literal(node)
        return lambda _: value

    def _call(self, node: tree.Call) -> Closure:
        function = FUNCTIONS[node.name]
        if function.kinds and not (self.frame is not None and function.joins):
            return self._joined(function, node)
        run = applier(function, len(node.args))
        inner = tuple([self.closure(arg) for arg in node.args])
        reason = _reason(function, [tree.to_text(arg) for arg in node.args])
        if len(inner) == 1:
            only = inner[0]
            return reason(lambda scope: run(only(scope)))
        return reason(lambda scope: run(*[one(scope) for one in inner]))

    def _joined(self, function: Function, node: tree.Call) -> Closure:
        """Return what joins the parts of an aggregate's arguments and its single values."""
        parts: list[Callable[[Any], Part | Sequence[Part]]] = []
        singles: list[Closure] = []
        texts: list[str] = []
        for index, arg in enumerate(node.args):
            if isinstance(arg, tree.Parts):
                parts.append(self._part(arg))
                expr = self.plan.primitives[arg.indexes[0]].expr
                texts.append(arg.text if expr is None or function.paired else tree.to_text(expr))
            elif function.parameter(index).takes == "values":
                parts.append(_written(function, self.closure(arg)))
                texts.append(tree.to_text(arg))
            else:
                singles.append(self.closure(arg))
        run = applier(function, len(singles))

        def joined(scope: Any) -> Cell:
            answers = [part(scope) for part in parts]
            for answer in answers:
                if isinstance(answer, ExcelError):
                    return answer
            return run(answers, *[single(scope) for single in singles])

        return _reason(function, [", ".join(dict.fromkeys(texts))])(joined)

    def _part(self, node: tree.Parts) -> Callable[[Any], Part | Sequence[Part]]:
        """Return what asks for the primitives of one argument; an error of any is the answer."""
        primitives = [self.plan.primitives[index] for index in node.indexes]
        # all primitives of an argument have the same criteria and scalars: worked out once, or nested
        # averages would take twice the time at every level
        given = self._given(primitives[0])
        asked = [self._asker(primitive) for primitive in primitives]

        def part(scope: Any) -> Part | Sequence[Part]:
            cells = given(scope)
            answers = [ask(scope, cells) for ask in asked]
            for answer in answers:
                if isinstance(answer, ExcelError):
                    return answer
            return answers[0] if isinstance(answers[0], tuple) else answers

        return part

    def _given(self, primitive: Primitive) -> Callable[[Any], tuple[Cell, ...]]:
        """Return what finishes the criteria of a primitive, then its scalars."""
        nodes = [*(condition.criterion for condition in primitive.conditions), *primitive.scalars]
        if all(
            isinstance(node, (tree.Number, tree.Text, tree.Logical, tree.ErrorValue, tree.Blank))
            for node in nodes
        ):
            fixed = tuple([literal(node) for node in nodes])
            return lambda _: fixed
        closures = [self.closure(node) for node in nodes]
        return lambda scope: tuple([value(scope) for value in closures])

    def _asker(self, primitive: Primitive) -> Callable[[Any, tuple[Cell, ...]], Part]:
        """Return what answers a primitive, given its finished criteria and scalars."""
        if primitive.columns:
            return lambda scope, given: cast("Scope", scope).primitive(primitive, given)
        answer = local_answer(primitive, lambda e, frame: _Compiler(self.plan, frame).closure(e), literal)
        return lambda _, given: answer(given)


def literal(node: tree.Node) -> Cell:
    """Return the value of a literal; a left out argument is blank."""
    if isinstance(node, (tree.Number, tree.Text, tree.Logical)):
        return node.value
    if isinstance(node, tree.ErrorValue):
        return ExcelError(node.code, Message("formula_says", code=node.code))
    return None


def _binary(node: tree.Binary, left: Closure, right: Closure) -> Closure:
    operator = OPERATORS[node.op]
    if node.op != "/":
        return lambda scope: operator(left(scope), right(scope))
    # a divisor written as a number has no name
    divisor = Message("the_divisor") if isinstance(node.right, tree.Number) else tree.to_text(node.right)
    empty, zero = Message("empty", name=divisor), Message("zero", name=divisor)

    def divided(scope: Any) -> Cell:
        below = right(scope)
        result = operator(left(scope), below)
        if isinstance(result, ExcelError) and result.code == DIV0 and not result.reason:
            return result.because(empty if below is None else zero)
        return result

    return divided


def _written(function: Function, value: Closure) -> Callable[[Any], Part | Sequence[Part]]:
    """Return the part of one value written straight into an aggregate."""
    part = written(function)
    return lambda scope: part(value(scope))


def _reason(function: Function, texts: Sequence[str]) -> Callable[[Closure], Closure]:
    """Return a wrapper that gives an error without a reason the function's own."""
    if not function.nothing:
        return lambda run: run
    said = Message(function.nothing, first=texts[0], last=texts[-1])

    def wrap(run: Closure) -> Closure:
        def reasoned(scope: Any) -> Cell:
            result = run(scope)
            return result.because(said) if isinstance(result, ExcelError) else result

        return reasoned

    return wrap


Row = Callable[[Any], Cell]
"""Gives the value of a row expression from the row's given values and elements of arrays."""


def local_answer(
    primitive: Primitive,
    compiled: Callable[[tree.Node, dict[int, int]], Row],
    literal: Callable[[tree.Node], Cell],
) -> Callable[[Sequence[Cell]], Part]:
    """Return what answers ``primitive`` from its finished criteria and scalars.

    ``compiled`` turns a row expression into a function of one row, given where in the row each leaf is.
    """
    conditions = len(primitive.conditions)
    exprs = [condition.expr for condition in primitive.conditions]
    if primitive.expr is not None:
        exprs.append(primitive.expr)
    arrays: list[list[Cell]] = []
    frame: dict[int, int] = {}
    for leaf in (node for expr in exprs for node in tree.walk(expr)):
        if isinstance(leaf, tree.Array):
            frame[id(leaf)] = len(primitive.scalars) + len(arrays)
            arrays.append([literal(cell) for row in leaf.rows for cell in row])
        elif isinstance(leaf, tree.Given):
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
