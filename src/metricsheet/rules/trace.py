"""Why a rule came out as it did: every comparison with both values, its truth, its distance to a flip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from metricsheet.catalog.definitions import Unit
from metricsheet.records import record
from metricsheet.rules.arithmetic import number_of, trouble_in
from metricsheet.rules.compile import Truth, compile_condition
from metricsheet.rules.conditions import (
    All,
    Any,
    Between,
    Condition,
    Constant,
    FactTerm,
    Flag,
    IsMissing,
    Leaf,
    Not,
    OneOf,
    Term,
    facts_in,
    leaves,
    terms,
    type_of,
    unit_of,
)
from metricsheet.rules.facts import Fact, is_missing
from metricsheet.rules.periods import Get
from metricsheet.rules.phrases import phrase
from metricsheet.values import Cell, ExcelError

Render: TypeAlias = Callable[[str, Cell], str]
"""The text people read for the value of a fact: called with the fact's name and the value."""


@record
class Comparison:
    """One comparison a rule made: both sides as text, the truth (``None`` is unknown), distance to a flip.

    ``margin`` is the distance as a number in the unit of the fact, negative when the left side is the
    smaller one, ``None`` where no number decides.
    """

    text: str
    left: str
    operator: str
    right: str
    truth: Truth
    distance: str = ""
    margin: float | None = None


def trace(condition: Condition, get: Get, render: Render, language: str) -> Iterator[Comparison]:
    """Yield every comparison of ``condition`` in the order written, whether it mattered or not."""
    for leaf in leaves(condition):
        yield _comparison(leaf, get, render, language)


def _comparison(leaf: Leaf, get: Get, render: Render, language: str) -> Comparison:
    truth = compile_condition(leaf)(get)
    text = str(leaf)
    if isinstance(leaf, (Flag, IsMissing)):
        value = get(leaf.fact.name)
        left = shown_value(leaf.fact.name, None if is_missing(value) else value, render, language)
        if isinstance(leaf, IsMissing):
            return Comparison(text, left, "is missing", "", truth)
        return Comparison(text, left, "=", phrase("yes", language), truth)
    sides = terms(leaf)
    shown = [_shown(side, _namesake(leaf), get, render, language) for side in sides]
    if isinstance(leaf, OneOf):
        return Comparison(text, shown[0], "in", ", ".join(shown[1:]), truth)
    if isinstance(leaf, Between):
        right = phrase("and", language, shown[1], shown[2])
        nearest = _nearest_edge(leaf, get)
        margin, edge = (None, "") if nearest is None else (nearest[0], shown[1 + nearest[1]])
        distance = _distance(margin, edge, leaf, render, language)
        return Comparison(text, shown[0], "between", right, truth, distance, margin)
    margin = _difference(leaf.left, leaf.right, get)
    distance = _distance(margin, shown[1], leaf, render, language)
    return Comparison(text, shown[0], leaf.operator, shown[1], truth, distance, margin)


def _namesake(leaf: Leaf) -> tuple[str, Unit | None]:
    """Return the fact in whose manner the constants and results of ``leaf`` are written, and its unit."""
    found = [fact for side in terms(leaf) for fact in facts_in(side)]
    united = next((unit_of(side) for side in terms(leaf) if not isinstance(side, Constant)), None)
    for fact in found:
        if fact.unit == united:
            return fact.name, fact.unit
    return "", None


def _shown(side: Term, namesake: tuple[str, Unit | None], get: Get, render: Render, language: str) -> str:
    if isinstance(side, FactTerm):
        value = get(side.fact.name)
        return shown_value(side.fact.name, None if is_missing(value) else value, render, language)
    name, unit = namesake
    if isinstance(side, Constant):
        if name:
            return shown_value(name, side.value, render, language)
        return str(side.value) if isinstance(side.value, str) else str(side)
    number = number_of(side)(get)
    if number is not None and (not name or unit_of(side) != unit):
        return f"{number:.6g}"
    return shown_value(name, number, render, language)


def shown_value(name: str, value: Cell, render: Render, language: str) -> str:
    """Return the text of a fact's value for people, also when it is missing or a logical."""
    if value is None:
        return phrase("missing", language)
    if isinstance(value, bool):
        return phrase("yes" if value else "no", language)
    return render(name, value)


def _difference(left: Term, right: Term, get: Get) -> float | None:
    if type_of(left) != "number":
        return None
    a, b = number_of(left)(get), number_of(right)(get)
    return None if a is None or b is None else a - b


def _nearest_edge(leaf: Between, get: Get) -> tuple[float, int] | None:
    """Return (difference, 0 for the lower edge or 1 for the upper) of the edge nearest to the value."""
    edges = [_difference(leaf.term, edge, get) for edge in (leaf.low, leaf.high)]
    known = [(margin, index) for index, margin in enumerate(edges) if margin is not None]
    return min(known, key=lambda pair: abs(pair[0]), default=None)


def _distance(margin: float | None, right: str, leaf: Leaf, render: Render, language: str) -> str:
    if margin is None:
        return ""
    if margin == 0:
        return phrase("exactly", language, "", right)
    name, unit = _namesake(leaf)
    if name.endswith((".change", ".gap", ".spread")):
        # differences have a manner of their own; a distance is told in that of the value itself
        name = name.rpartition(".")[0]
    if name:
        # a change is written with its sign, a distance is not
        amount = render(name, abs(margin)).lstrip("+")
        if amount == render(name, 0.0).lstrip("+"):
            return phrase("just_below" if margin < 0 else "just_above", language, "", right)
        if unit == "percent":
            # the difference of two percentages is told in percentage points
            amount = phrase("percentage_points", language, amount.strip(" %％\u00a0\u202f"))
    else:
        amount = f"{abs(margin):.6g}"
    return phrase("below" if margin < 0 else "above", language, amount, right)


def undecided(condition: Condition, get: Get) -> tuple[list[str], list[str]]:
    """Return (names of missing facts, other troubles) that keep ``condition`` from being true or false.

    Only what matters is named: a missing fact in a part that cannot change the truth any more is left out.
    Both lists are empty when the condition is decided.
    """
    missing: dict[str, None] = {}
    troubles: dict[str, None] = {}
    _collect(condition, get, missing, troubles)
    return list(missing), list(troubles)


def _collect(condition: Condition, get: Get, missing: dict[str, None], troubles: dict[str, None]) -> None:
    if compile_condition(condition)(get) is not None:
        return
    if isinstance(condition, (All, Any)):
        for part in condition.parts:
            _collect(part, get, missing, troubles)
        return
    if isinstance(condition, Not):
        _collect(condition.part, get, missing, troubles)
        return
    for term in terms(condition):
        for fact in facts_in(term):
            if is_missing(get(fact.name)):
                missing[fact.name] = None
        trouble = trouble_in(term, get)
        if trouble:
            troubles[trouble] = None


def why_missing(name: str, get: Get) -> str:
    """Return ``name``, with the reason in brackets when the fact is an error value that carries one."""
    value = get(name)
    return f"{name} ({value})" if isinstance(value, ExcelError) else name


def plain_render(facts: Callable[[str], Fact | None]) -> Render:
    """Return a way to write values by their units alone, for use without a report around."""

    def render(name: str, value: Cell) -> str:
        fact = facts(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return "n/a" if value is None else str(value)
        if fact is not None and fact.unit == "percent":
            return f"{value * 100:.1f} %"
        if fact is not None and fact.unit == "ratio":
            return f"{value:.1f}:1"
        return f"{value:,.2f}".rstrip("0").rstrip(".")

    return render
