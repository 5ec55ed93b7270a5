"""Formulas that add up columns: which inputs they add, and whether they give a part of a whole."""

from __future__ import annotations

from metricsheet.catalog.definitions import Possible
from metricsheet.formula.ast import Binary, Call, Name, Node, Number
from metricsheet.formula.plan import Plan, Primitive, unscaled


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
