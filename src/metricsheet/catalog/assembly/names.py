"""Whether every host takes the names that definitions become, and whether headers can be told apart."""

from __future__ import annotations

from collections.abc import Mapping

from metricsheet.catalog.assembly.context import BuildContext
from metricsheet.catalog.assembly.excel_rules import (
    MOST_ARGUMENTS,
    argument_name_problem,
    companion_of,
    function_name_problem,
    suggestion,
)
from metricsheet.catalog.assembly.metrics import MetricParts
from metricsheet.catalog.derived import with_parts
from metricsheet.language.message import Message
from metricsheet.values.folding import fold


def check_names(building: BuildContext, parts: Mapping[str, MetricParts]) -> None:
    """Report metrics that cannot be Excel functions and inputs that cannot be their arguments."""
    functions = {key.upper() for key in parts}
    arguments: dict[str, str] = {}
    for key, part in parts.items():
        name = key.upper()
        trouble = function_name_problem(name)
        if trouble is not None:
            message = Message("excel_name.function", name=name, trouble=trouble)
            building.problems.error(message, part.entry.place, Message("call_it", name=suggestion(key)))
        main = companion_of(name, functions)
        if main is not None:
            message = Message("excel_name.taken", name=name, metric=main)
            building.problems.error(message, part.entry.place, Message("call_it_value", name=key))
        if part.plan is not None:
            used = (*part.plan.inputs, *part.plan.metrics)
            arguments.update(dict.fromkeys(used, key))
            if len(used) > MOST_ARGUMENTS:
                message = Message("excel_arguments", most=MOST_ARGUMENTS, found=len(used))
                hint = Message("split_into_metrics")
                building.problems.error(message, part.entry.block.place("formula"), hint)
    for key, metric in arguments.items():
        trouble = argument_name_problem(key)
        entry = building.merged.inputs.get(key)
        if trouble is not None and entry is not None:
            wanted = Message("argument_name_wanted", function=metric.upper())
            message = Message("excel_name.argument", wanted=wanted, found=key, trouble=trouble)
            building.problems.error(message, entry.place, Message("call_it", name=suggestion(key)))


def check_headers(building: BuildContext, parts: Mapping[str, MetricParts]) -> None:
    """Warn of a header that would be found for two inputs of one metric."""
    headers: dict[str, dict[str, str]] = {}
    for key, definition in building.inputs.items():
        for header in (*definition.label.values(), *definition.also):
            headers.setdefault(fold(header.replace("_", " ").replace("-", " ")), {}).setdefault(key, header)
    reported: set[tuple[str, str]] = set()
    shared = {folded: found for folded, found in headers.items() if len(found) > 1}
    for metric, part in parts.items():
        used = (
            set(with_parts(part.plan.inputs, building.inputs)) if part.plan is not None and shared else set()
        )
        for found in shared.values():
            first, *others = [key for key in found if key in used] or [""]
            for other in others:
                if (first, other) in reported:
                    continue
                reported.add((first, other))
                message = Message("shared_header", header=found[other], input=first, metric=metric)
                hint = Message("header_needs_map")
                place, earlier = building.inputs[other].place, building.inputs[first].place
                related = ((earlier, Message("is_defined", name=first)),) if earlier is not None else ()
                building.problems.warning(message, place, hint, related)
