"""Formula text to plan: parse, check, plan, with every problem as a diagnostic."""

from __future__ import annotations

from collections.abc import Mapping

from metricsheet.errors import Diagnostic
from metricsheet.formula.check import check_formula
from metricsheet.formula.parse import parse_formula
from metricsheet.formula.plan import NameInfo, Plan
from metricsheet.formula.planner import plan_formula
from metricsheet.records import replace
from metricsheet.source import Place, SourceFile

__all__ = ["compile_formula", "parse_formula"]


def compile_formula(
    text: str,
    names: Mapping[str, NameInfo] | None,
    *,
    place: Place | None = None,
    unit: str | None = None,
    row_level: bool = False,
    strict: bool = True,
) -> tuple[Plan | None, tuple[Diagnostic, ...]]:
    """Return the plan of ``text``, or ``None`` and all that is wrong with it. Never raises on any text.

    ``names`` is what the formula may use, ``None`` for any name at all. ``place`` is where the text starts in
    its file. ``unit`` is the declared unit of the answer. With ``row_level`` every name is one cell of a row,
    for conditions on rows: the residual is finished once per row, and ``inputs`` names the cells it asks for.
    With ``strict`` false, formulas that can only give an error value are let through.
    """
    if place is None:
        place = Place(SourceFile("formula", text), 1, 1)
    ast, diagnostics = parse_formula(text, place)
    if ast is None:
        return None, diagnostics
    checked = check_formula(ast, text, names, place, unit, strict)
    if checked.diagnostics:
        return None, tuple(checked.diagnostics)
    if not row_level:
        return plan_formula(text, checked.ast, checked.names), ()
    cells = {name: replace(info, kind="parameter") for name, info in checked.names.items()}
    plan = plan_formula(text, checked.ast, cells)
    return replace(plan, inputs=plan.parameters, parameters=()), ()
