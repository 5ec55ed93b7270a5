"""Whether Excel takes a metric's name as a function, and an input's name as an argument, in every host.

A name must suit all of them at once: xlwings (a Python name and a VBA name), Office.js, a defined LAMBDA name
and LibreOffice. So the narrowest rule of each is applied, and the reason is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from keyword import kwlist

from metricsheet.catalog.assembly.context import BuildContext
from metricsheet.catalog.assembly.excel_words import (
    BUILT_IN,
    BUILT_IN_ELSEWHERE,
    MACRO_4,
    OWN_FUNCTIONS,
    OWN_SUFFIXES,
    VBA,
)
from metricsheet.catalog.assembly.metrics import MetricParts
from metricsheet.catalog.derived import with_parts
from metricsheet.language.message import Message
from metricsheet.values.folding import fold

MOST_ARGUMENTS = 60
"""VBA takes no more arguments than this."""

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ROW_COLUMN = re.compile(r"R[0-9]*(?:C[0-9]*)?|C[0-9]*")
_LAST_COLUMN = 16384
_LAST_ROW = 1048576
_PYTHON = frozenset(word.upper() for word in kwlist)


def function_name_problem(name: str) -> Message | None:
    """Return why ``name`` (in capitals) cannot be an Excel function, or ``None`` when it can."""
    if len(name) < 3:
        return Message("name_too_short")
    if _is_cell(name):
        return Message("name_is_address")
    if name in BUILT_IN:
        return Message("name_is_function")
    if name in BUILT_IN_ELSEWHERE:
        return Message("name_is_foreign_function")
    if name in MACRO_4:
        return Message("name_is_macro")
    if name in VBA:
        return Message("name_is_vba")
    if name in OWN_FUNCTIONS:
        return Message("name_is_ours")
    return None


def argument_name_problem(name: str) -> Message | None:
    """Return why ``name`` (any case) cannot be an argument of an Excel function, or ``None`` when it can."""
    capitals = name.upper()
    if _is_cell(capitals):
        return Message("name_is_address")
    if capitals in VBA:
        return Message("name_is_vba")
    if capitals in _PYTHON:
        return Message("name_is_python")
    if capitals == "CALLER":
        return Message("name_is_xlwings")
    return None


def companion_of(name: str, functions: Iterable[str]) -> str | None:
    """Return the function of which ``name`` is already the companion (``NPS`` for ``NPS_FLAG``), if any."""
    known = set(functions)
    for suffix in OWN_SUFFIXES:
        if name.endswith(suffix) and name.removesuffix(suffix) in known:
            return name.removesuffix(suffix)
    return None


def suggestion(name: str) -> str:
    """Return a key near ``name`` that Excel takes: letters and digits apart, or with a word behind it."""
    apart = re.sub(r"([a-z])([0-9])", r"\1_\2", name)
    if (
        len(apart) > 2
        and function_name_problem(apart.upper()) is None
        and argument_name_problem(apart) is None
    ):
        return apart
    return f"{name}_value"


def _is_cell(name: str) -> bool:
    """Return whether Excel reads ``name`` as a cell, in A1 or in R1C1 notation."""
    if _ROW_COLUMN.fullmatch(name):
        return True
    match = _CELL.fullmatch(name)
    if match is None:
        return False
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - 64
    return column <= _LAST_COLUMN and 1 <= int(match.group(2)) <= _LAST_ROW


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
