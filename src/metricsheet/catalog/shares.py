"""Formulas that add up: over periods, or columns, and whether they give a part of a whole."""

from __future__ import annotations

from metricsheet.catalog.definitions import Catalog, MetricDefinition, Possible
from metricsheet.formula.ast import Aggregate, Binary, Call, Name, Node, Number, Parts, Unary
from metricsheet.formula.functions import FUNCTIONS
from metricsheet.formula.plan import Plan, Primitive, unscaled

_COUNTED = frozenset({"rows", "count", "counta", "sum"})


def adds_up(catalog: Catalog, metric: MetricDefinition) -> bool:
    """Return whether the metric over two periods is the sum of what it is over each.

    That is so for sums and counts of flows, their sums and differences, and multiples by a fixed number.
    """
    if metric.over_time == "last" or metric.rows != "period":
        return False
    return _adds(catalog, metric.plan, metric.plan.residual)


def _adds(catalog: Catalog, plan: Plan, node: Node) -> bool:
    if isinstance(node, Aggregate):
        return _is_flow(catalog, plan, node.index)
    if isinstance(node, Parts):
        return all(_is_flow(catalog, plan, index) for index in node.indexes)
    if isinstance(node, Call):
        kinds = FUNCTIONS[node.name].kinds
        single = len(kinds) == 1 and kinds[0] in _COUNTED
        return single and all(isinstance(arg, Parts) and _adds(catalog, plan, arg) for arg in node.args)
    if isinstance(node, Name):
        metric = catalog.metrics.get(node.name)
        return metric is not None and adds_up(catalog, metric)
    if isinstance(node, Unary):
        return _adds(catalog, plan, node.operand)
    if isinstance(node, Binary):
        if node.op in "+-":
            return _adds(catalog, plan, node.left) and _adds(catalog, plan, node.right)
        if node.op in "*/" and isinstance(node.right, Number):
            return _adds(catalog, plan, node.left)
        return node.op == "*" and isinstance(node.left, Number) and _adds(catalog, plan, node.right)
    return False


def _is_flow(catalog: Catalog, plan: Plan, index: int) -> bool:
    primitive = plan.primitives[index]
    if primitive.kind not in _COUNTED | {"total"}:
        return False
    inputs = [catalog.inputs[key] for key in primitive.columns if key in catalog.inputs]
    return bool(inputs) and all(item.over_time == "sum" and item.additive for item in inputs)


def added_up(plan: Plan, *, products: bool = False) -> tuple[str, ...]:
    """Return the inputs that a formula adds up over all rows; with ``products`` also those of SUMPRODUCT."""
    sums = [p for p in plan.primitives if _is_sum(p) or (products and _is_sum_of_products(p))]
    return tuple(dict.fromkeys(key for primitive in sums for key in primitive.columns))


def only_adds_up(plan: Plan) -> bool:
    """Return whether all that a formula reads of its inputs are sums of at least two of them."""
    keys = added_up(plan)
    return len(keys) > 1 and all(_is_sum(primitive) for primitive in plan.primitives)


def part_of_whole(plan: Plan, possible: Possible | None) -> tuple[Node, Node, float] | None:
    """Return part, whole and the most that one may be of the other, of a share of added-up columns.

    Part and whole are expressions over the cells of a row. ``None`` for any other formula, and where nothing
    says how large the share can be.
    """
    if possible is None or possible.high is None:
        return None
    node, scale = unscaled(plan.ast)
    if not isinstance(node, Binary) or node.op != "/":
        return None
    part, whole = _per_row(node.left), _per_row(node.right)
    return None if part is None or whole is None else (part, whole, possible.high / scale)


def is_paired(plan: Plan, possible: Possible | None) -> bool:
    """Return whether a metric that says nothing of its rows is over those that have all of its inputs.

    That is so for a part of a whole: a share of added-up columns that has a lowest and a highest value.
    """
    if possible is None or possible.low is None or not only_adds_up(plan):
        return False
    return part_of_whole(plan, possible) is not None


def _is_sum(primitive: Primitive) -> bool:
    plain = isinstance(primitive.expr, Name) and not primitive.conditions
    return plain and primitive.kind in ("total", "sum")


def _is_sum_of_products(primitive: Primitive) -> bool:
    node = primitive.expr
    if primitive.kind != "sum" or primitive.conditions or not isinstance(node, Call):
        return False
    return node.name == "SUMPRODUCT" and all(isinstance(arg, Name) for arg in node.args)


def _per_row(node: Node) -> Node | None:
    """Return an expression over totals as one over the cells of a row; ``None`` for any other."""
    if isinstance(node, (Name, Number)):
        return node
    if isinstance(node, Call) and node.name == "SUM" and len(node.args) == 1:
        return node.args[0] if isinstance(node.args[0], Name) else None
    if isinstance(node, Binary) and node.op in "+-":
        left, right = _per_row(node.left), _per_row(node.right)
        return None if left is None or right is None else Binary(node.op, left, right)
    return None
