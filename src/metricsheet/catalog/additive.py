"""Whether the values of a metric may be added up over periods: flows may, stocks and rates may not."""

from __future__ import annotations

from metricsheet.catalog.definitions import Catalog, MetricDefinition
from metricsheet.formula.ast import Aggregate, Binary, Call, Name, Node, Number, Parts, Unary
from metricsheet.formula.functions import FUNCTIONS
from metricsheet.formula.plan import Plan

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
