"""Whether every host takes the names that definitions become, and whether headers can be told apart."""

from __future__ import annotations

from collections.abc import Mapping

from metricsheet.catalog.assembly.context import Building
from metricsheet.catalog.assembly.excel_rules import (
    MOST_ARGUMENTS,
    argument_trouble,
    companion_of,
    function_trouble,
    suggestion,
)
from metricsheet.catalog.assembly.metrics import MetricParts
from metricsheet.values.folding import fold


def check_names(building: Building, parts: Mapping[str, MetricParts]) -> None:
    """Report metrics that cannot be Excel functions and inputs that cannot be their arguments."""
    functions = {key.upper() for key in parts}
    arguments: dict[str, str] = {}
    for key, part in parts.items():
        name = key.upper()
        trouble = function_trouble(name)
        if trouble is not None:
            message = f"expected a name Excel takes for a function, found {name}, which {trouble}"
            building.problems.error("excel_name", message, part.entry.place, f"call it {suggestion(key)}")
        main = companion_of(name, functions)
        if main is not None:
            message = f"expected a name of its own, found {name}, which goes with {main} already"
            building.problems.error("excel_name", message, part.entry.place, f"call it {key}_value")
        if part.plan is not None:
            used = (*part.plan.inputs, *part.plan.metrics)
            arguments.update(dict.fromkeys(used, key))
            if len(used) > MOST_ARGUMENTS:
                message = f"expected at most {MOST_ARGUMENTS} names in a formula, found {len(used)}"
                hint = "split it into metrics that use each other by name"
                building.problems.error("excel_arguments", message, part.entry.block.place("formula"), hint)
    for key, metric in arguments.items():
        trouble = argument_trouble(key)
        entry = building.merged.inputs.get(key)
        if trouble is not None and entry is not None:
            wanted = f"a name Excel takes for an argument of {metric.upper()}"
            message = f"expected {wanted}, found {key}, which {trouble}"
            building.problems.error("excel_name", message, entry.place, f"call it {suggestion(key)}")


def check_headers(building: Building, parts: Mapping[str, MetricParts]) -> None:
    """Warn of a header that would be found for two inputs of one metric."""
    headers: dict[str, dict[str, str]] = {}
    for key, definition in building.inputs.items():
        for header in (*definition.label.values(), *definition.also):
            headers.setdefault(fold(header.replace("_", " ").replace("-", " ")), {}).setdefault(key, header)
    reported: set[tuple[str, str]] = set()
    shared = {folded: found for folded, found in headers.items() if len(found) > 1}
    for metric, part in parts.items():
        used = set(part.plan.inputs) if part.plan is not None and shared else set()
        for found in shared.values():
            first, *others = [key for key in found if key in used] or [""]
            for other in others:
                if (first, other) in reported:
                    continue
                reported.add((first, other))
                message = f"the header {found[other]!r} is one of {first} too, and {metric} uses both"
                hint = "a workbook with this header alone cannot be read without --map"
                place, earlier = building.inputs[other].place, building.inputs[first].place
                related = ((earlier, f"{first} is defined"),) if earlier is not None else ()
                building.problems.warning("shared_header", message, place, hint, related)
