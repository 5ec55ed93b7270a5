"""A checked tree to a plan: aggregates become primitives, everything else stays in the residual."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from metricsheet.formula import ast as tree
from metricsheet.formula.functions import FUNCTIONS, Function
from metricsheet.formula.plan import Condition, NameInfo, Plan, Primitive
from metricsheet.records import field, record

COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_LITERALS = (tree.Number, tree.Text, tree.Logical, tree.ErrorValue, tree.Blank, tree.Array)


def plan_formula(text: str, ast: tree.Node, names: Mapping[str, NameInfo]) -> Plan:
    """Return the plan of a checked tree: every name is in ``names``, every function in the table."""
    planner = _Planner(names, _nodes_over_columns(ast, names))
    residual = planner.scalar(ast)
    used = {node.name: names[node.name] for node in tree.walk(ast) if isinstance(node, tree.Name)}
    primitives = tuple(planner.primitives)
    groups = (frozenset(p.columns) for p in primitives if len(p.columns) > 1)
    return Plan(
        text=text,
        ast=ast,
        residual=residual,
        primitives=primitives,
        inputs=tuple(name for name, info in used.items() if info.is_column),
        metrics=tuple(name for name, info in used.items() if info.kind == "metric"),
        parameters=tuple(name for name, info in used.items() if info.kind == "parameter"),
        aligned=tuple(dict.fromkeys(groups)),
        totals=frozenset(p.columns[0] for p in primitives if p.kind == "total"),
    )


def _nodes_over_columns(ast: tree.Node, names: Mapping[str, NameInfo]) -> set[int]:
    """Return the ids of the nodes whose value differs from row to row; an aggregate's never does."""
    over: set[int] = set()
    for node in tree.walk(ast):
        if isinstance(node, tree.Name):
            rows = names[node.name].is_column
        elif isinstance(node, tree.Array):
            rows = True
        elif isinstance(node, tree.Call):
            rows = not FUNCTIONS[node.name].kinds and any(id(arg) in over for arg in node.args)
        elif isinstance(node, tree.Binary):
            rows = id(node.left) in over or id(node.right) in over
        else:
            rows = isinstance(node, (tree.Unary, tree.Percent)) and id(node.operand) in over
        if rows:
            over.add(id(node))
    return over


@record(frozen=False)
class _Rows:
    """The row expressions of one primitive, with the single values they need."""

    scalars: list[tree.Node] = field(default_factory=list)

    def given(self, node: tree.Node, text: str) -> tree.Given:
        """Return the placeholder of a value that is the same for every row."""
        self.scalars.append(node)
        return tree.Given(len(self.scalars) - 1, text)


class _Planner:
    def __init__(self, names: Mapping[str, NameInfo], over_columns: set[int]) -> None:
        self.names = names
        self.over_columns = over_columns
        self.primitives: list[Primitive] = []
        self.index: dict[str, int] = {}
        self.made: list[tree.Node] = []

    def scalar(self, node: tree.Node) -> tree.Node:
        """Return what gives the one value of ``node``."""
        if isinstance(node, tree.Name):
            if self.names[node.name].is_column:
                return tree.Aggregate(self._ask(Primitive("total", node)), tree.to_text(node), node.at)
            return node
        if isinstance(node, tree.Call) and FUNCTIONS[node.name].kinds:
            return self._aggregate(FUNCTIONS[node.name], node)
        return self._with_parts(node, self.scalar)

    def row(self, node: tree.Node, rows: _Rows) -> tree.Node:
        """Return what gives the value of ``node`` in each row."""
        if isinstance(node, _LITERALS):
            return node
        if id(node) not in self.over_columns:
            return rows.given(self.scalar(node), tree.to_text(node))
        return self._with_parts(node, lambda part: self.row(part, rows))

    def _with_parts(self, node: tree.Node, plan: Callable[[tree.Node], tree.Node]) -> tree.Node:
        parts = tuple([plan(part) for part in tree.children(node)])
        return (
            self._by_days(node, *parts) if isinstance(node, tree.Binary) else tree.with_children(node, parts)
        )

    def _by_days(self, node: tree.Binary, left: tree.Node, right: tree.Node) -> tree.Node:
        """Return the planned ``node``; what is compared with a day of the period counts as the day it is on.

        A customer who left at 23:30 on the last day left in that period.
        """
        if node.op in COMPARISONS:
            if self._is_day(node.left):
                right = tree.Call("INT", (right,), node.right.at)
            elif self._is_day(node.right):
                left = tree.Call("INT", (left,), node.left.at)
        return tree.Binary(node.op, left, right, node.at)

    def _is_day(self, node: tree.Node) -> bool:
        """Return whether ``node`` is a day of the period, or some days from it."""
        if isinstance(node, tree.Name):
            info = self.names[node.name]
            return info.kind == "parameter" and info.type == "date"
        if isinstance(node, tree.Binary) and node.op in "+-":
            return self._is_day(node.left) and isinstance(node.right, tree.Number)
        return False

    def _aggregate(self, function: Function, call: tree.Call) -> tree.Node:
        """Return what joins the primitives of one call of an aggregate."""
        values: list[tree.Node] = []
        conditions: list[tuple[tree.Node, tree.Node]] = []
        singles: list[tree.Node] = []
        for index, arg in enumerate(call.args):
            takes = function.parameter(index).takes
            if takes == "values":
                values.append(arg)
            elif takes == "condition":
                conditions.append((arg, call.args[index + 1]))
            elif takes != "criterion":
                singles.append(self.scalar(arg))
        if conditions and function.kinds != ("rows",) and not values:
            values.append(conditions[0][0])
        pairs = ", ".join(map(tree.to_text, values)) if function.paired else ""
        if pairs:
            one, other = values
            values = [self._beside(one, other), self._beside(other, one)]
        if function.joins and len(values) > 1:
            values = [tree.Call(function.name, tuple(values), call.at)]
            self.over_columns.add(id(values[0]))
        if not values:
            return tree.Aggregate(self._asked(function, None, conditions)[0], tree.to_text(call), call.at)
        is_cells = [
            isinstance(value, tree.Name) or id(value) in self.over_columns or bool(conditions)
            for value in values
        ]
        if function.whole and is_cells == [True]:
            return tree.Aggregate(
                self._asked(function, values[0], conditions)[0], tree.to_text(call), call.at
            )
        # cells are asked of an engine, a value written into the call stays a value
        whole = ", ".join([tree.to_text(arg) for arg in call.args]) if conditions else pairs
        parts = [
            tree.Parts(self._asked(function, value, conditions), whole or tree.to_text(value), value.at)
            if cells
            else self.scalar(value)
            for value, cells in zip(values, is_cells, strict=True)
        ]
        return tree.Call(function.name, (*parts, *singles), call.at)

    def _beside(self, cells: tree.Node, other: tree.Node) -> tree.Node:
        """Return ``cells`` where ``other`` is a number; errors stay, and else there is no number."""
        or_error = tree.Call("IF", (tree.Call("ISERROR", (cells,)), cells))
        paired = tree.Call("IF", (tree.Call("ISNUMBER", (other,)), cells, or_error))
        # what is looked at row by row is known by its identity: the node must outlive the plan
        self.made.append(paired)
        self.over_columns |= _nodes_over_columns(paired, self.names)
        return paired

    def _asked(
        self, function: Function, value: tree.Node | None, conditions: Sequence[tuple[tree.Node, tree.Node]]
    ) -> tuple[int, ...]:
        """Return the numbers of the primitives that one argument of cells needs."""
        rows = _Rows()
        expr = None if value is None else self.row(value, rows)
        where = tuple(
            [
                Condition(self.row(cells, rows), self.scalar(c), any(map(self._is_day, tree.walk(c))))
                for cells, c in conditions
            ]
        )
        scalars = tuple(rows.scalars)
        return tuple([self._ask(Primitive(kind, expr, where, scalars)) for kind in function.kinds])

    def _ask(self, primitive: Primitive) -> int:
        """Return the number of a primitive, one number for all that ask the same."""
        if primitive.key not in self.index:
            self.index[primitive.key] = len(self.primitives)
            self.primitives.append(primitive)
        return self.index[primitive.key]
