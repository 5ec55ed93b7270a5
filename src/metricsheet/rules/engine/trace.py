"""Why a rule came out as it did: every comparison with both values, its truth, its distance to a flip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from metricsheet.language.rule_terms import phrase
from metricsheet.records import record
from metricsheet.rules.engine.compile import Truth, compile_condition
from metricsheet.rules.language.arithmetic import number_of, trouble_in
from metricsheet.rules.language.conditions import (
    OPPOSITE,
    All,
    Any,
    Between,
    Compare,
    Condition,
    Constant,
    FactTerm,
    Flag,
    IsMissing,
    Leaf,
    Not,
    Term,
    facts_in,
    signed_leaves,
    terms,
    type_of,
    unit_of,
)
from metricsheet.rules.language.facts import Fact, Get, is_missing
from metricsheet.values import Cell, ExcelError

Render: TypeAlias = Callable[[str, Cell], str]
"""The text people read for the value of a fact: called with the fact's name and the value."""


@record
class Comparison:
    """One comparison a rule made: both sides as text, the truth (``None`` is unknown), distance to a flip.

    Inside a ``NOT`` the comparison is told as its contrary, which is what must hold. ``unless`` marks one of
    the rule's ``unless:``. ``margin`` is the distance as a number in the unit of the fact, negative when the
    left side is the smaller one, ``None`` where no number decides.
    """

    text: str
    left: str
    operator: str
    right: str
    truth: Truth
    distance: str = ""
    margin: float | None = None
    unless: bool = False


def trace(
    condition: Condition, get: Get, render: Render, language: str, *, unless: bool = False
) -> Iterator[Comparison]:
    """Yield every comparison of ``condition`` in the order written, whether it mattered or not."""
    for leaf, contrary in signed_leaves(condition):
        text = f"NOT({leaf})" if contrary else str(leaf)
        truth = compile_condition(leaf)(get)
        yield Comparison(
            f"unless {text}" if unless else text,
            *_sides(leaf, contrary, get, render, language),
            (not truth) if contrary and truth is not None else truth,
            *_how_far(leaf, get, render, language),
            unless,
        )


_IN_WORDS = {
    "is missing": "is not missing",
    "between": "not between",
    "in": "not in",
}


def _sides(leaf: Leaf, contrary: bool, get: Get, render: Render, language: str) -> tuple[str, str, str]:
    """Return left side, operator and right side for people."""
    if isinstance(leaf, Compare):
        shown = _shown_terms(leaf, get, render, language)
        return shown[0], OPPOSITE[leaf.operator] if contrary else leaf.operator, shown[1]
    if isinstance(leaf, Flag):
        wanted = phrase("no" if contrary else "yes", language)
        return _shown_fact(leaf.fact, get, render, language), "=", wanted
    if isinstance(leaf, IsMissing):
        left, operator, right = _shown_fact(leaf.fact, get, render, language), "is missing", ""
    elif isinstance(leaf, Between):
        left, low, high = _shown_terms(leaf, get, render, language)
        operator, right = "between", phrase("and", language, low, high)
    else:
        left, *options = _shown_terms(leaf, get, render, language)
        operator, right = "in", ", ".join(options)
    return left, _IN_WORDS[operator] if contrary else operator, right


def _how_far(leaf: Leaf, get: Get, render: Render, language: str) -> tuple[str, float | None]:
    """Return how far left is from right, or from the nearest edge, in words and as a number."""
    if not isinstance(leaf, (Compare, Between)):
        return "", None
    edges = [(1, leaf.right)] if isinstance(leaf, Compare) else [(1, leaf.low), (2, leaf.high)]
    left = leaf.left if isinstance(leaf, Compare) else leaf.term
    margins = [(_difference(left, edge, get), place) for place, edge in edges]
    known = [(margin, place) for margin, place in margins if margin is not None]
    if not known:
        return "", None
    margin, place = min(known, key=lambda pair: abs(pair[0]))
    edge_shown = _shown_terms(leaf, get, render, language)[place]
    return _distance(margin, edge_shown, leaf, render, language), margin


def _namesake(leaf: Leaf) -> Fact | None:
    """Return the fact in whose manner the constants and results of ``leaf`` are written."""
    found = [fact for side in terms(leaf) for fact in facts_in(side)]
    united = next((unit_of(side) for side in terms(leaf) if not isinstance(side, Constant)), None)
    return next((fact for fact in found if fact.unit == united), None)


def _shown_terms(leaf: Leaf, get: Get, render: Render, language: str) -> list[str]:
    namesake = _namesake(leaf)
    return [_shown(side, namesake, get, render, language) for side in terms(leaf)]


def _shown(side: Term, namesake: Fact | None, get: Get, render: Render, language: str) -> str:
    if isinstance(side, FactTerm):
        return _shown_fact(side.fact, get, render, language)
    if isinstance(side, Constant):
        if namesake is not None:
            return shown_value(_wanted(namesake), side.value, render, language)
        return str(side.value) if isinstance(side.value, str) else str(side)
    number = number_of(side)(get)
    if number is not None and (namesake is None or unit_of(side) != namesake.unit):
        return f"{number:.6g}"
    return shown_value("" if namesake is None else namesake.name, number, render, language)


def _shown_fact(fact: Fact, get: Get, render: Render, language: str) -> str:
    value = get(fact.name)
    return shown_value(fact.name, None if is_missing(value) else value, render, language)


def _wanted(fact: Fact) -> str:
    """Return the fact in whose manner a constant is written: a mark for a value is written like a target."""
    values = ("", "previous", "low", "high", "highest", "lowest")
    return f"{fact.metric}.target" if fact.metric is not None and fact.part in values else fact.name


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


def _distance(margin: float, right: str, leaf: Leaf, render: Render, language: str) -> str:
    if margin == 0:
        return phrase("exactly", language, "", right)
    namesake = _namesake(leaf)
    name, unit = ("", None) if namesake is None else (namesake.name, namesake.unit)
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
    """Return ``name``, with the reason in brackets where the fact, or the metric it is of, carries one."""
    metric, dot, _ = name.partition(".")
    value = get(name)
    if value is None and dot:
        value = get(metric)
    if not isinstance(value, ExcelError):
        return name
    return f"{name} ({value.reason if str(value.reason).startswith('not bound') else value})"


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
