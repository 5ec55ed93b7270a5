"""Inputs that a formula gives from others: their formulas planned and checked."""

from __future__ import annotations

from metricsheet.catalog.assembly.context import BuildContext
from metricsheet.catalog.assembly.metrics import circles, compiled
from metricsheet.formula.ast import Call, walk
from metricsheet.formula.functions import FUNCTIONS
from metricsheet.formula.plan import Plan
from metricsheet.language.message import Message
from metricsheet.records import replace


def derive_inputs(building: BuildContext) -> None:
    """Plan the formulas of ``derived:`` inputs, which may name inputs alone; report what is wrong."""
    plans: dict[str, Plan] = {}
    names = {key: building.names[key] for key in building.merged.inputs if key in building.names}
    for key, definition in building.inputs.items():
        block = building.merged.inputs[key].block
        if "derived" not in block or definition.type != "number":
            continue
        plan = compiled(building, block, "derived", definition.unit, names)
        if plan is None:
            continue
        calls = [node.name for node in walk(plan.ast) if isinstance(node, Call)]
        over_rows = next((name for name in calls if FUNCTIONS[name].kinds), None)
        if over_rows is not None:
            message = Message("derived.over_rows", function=over_rows)
            building.problems.error(message, block.place("derived"))
        elif not plan.inputs:
            building.problems.error(Message("derived.no_input"), block.place("derived"))
        else:
            plans[key] = plan
    for circle in circles({key: plan.inputs for key, plan in plans.items()}):
        said = " → ".join([*circle, circle[0]])
        place = building.merged.inputs[circle[0]].block.place("derived")
        building.problems.error(Message("circle.inputs", circle=said), place)
        for key in circle:
            plans.pop(key, None)
    for key, plan in plans.items():
        building.inputs[key] = replace(building.inputs[key], derived=plan)
