"""Why a rule came out as it did: every comparison with both values, its truth, its distance to a flip."""

from __future__ import annotations

from collections.abc import Iterator

from metricsheet.language.message import Message, Value
from metricsheet.language.words import Word
from metricsheet.precision import difference
from metricsheet.records import record
from metricsheet.rules.engine.compile import Truth, compile_condition, number_of, why_not_computable
from metricsheet.rules.engine.fact_writer import FactWriter
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
from metricsheet.values import ExcelError


@record
class Comparison:
    """One comparison a rule made: both sides, the truth (``None`` is unknown), the distance to a flip.

    Inside a ``NOT`` the comparison is reported as its contrary, which is what must hold. ``unless`` marks one
    of the rule's ``unless:``. ``margin`` is the distance as a number in the unit of the fact, negative when
    the left side is the smaller one, ``None`` where no number decides.
    """

    text: str
    left: Value
    operator: str
    right: Value
    truth: Truth
    distance: Value = ""
    margin: float | None = None
    unless: bool = False


def trace(
    condition: Condition, get: Get, writer: FactWriter, *, unless: bool = False
) -> Iterator[Comparison]:
    """Yield every comparison of ``condition`` in the order written, whether it mattered or not."""
    for leaf, contrary in signed_leaves(condition):
        text = f"NOT({leaf})" if contrary else str(leaf)
        truth = compile_condition(leaf)(get)
        yield Comparison(
            f"unless {text}" if unless else text,
            *_sides(leaf, contrary, get, writer),
            (not truth) if contrary and truth is not None else truth,
            *_how_far(leaf, get, writer),
            unless,
        )


_IN_WORDS = {
    "is missing": "is not missing",
    "between": "not between",
    "in": "not in",
}


def _sides(leaf: Leaf, contrary: bool, get: Get, writer: FactWriter) -> tuple[Value, str, Value]:
    """Return left side, operator and right side for people."""
    if isinstance(leaf, Compare):
        shown = _shown_terms(leaf, get, writer)
        return shown[0], OPPOSITE[leaf.operator] if contrary else leaf.operator, shown[1]
    if isinstance(leaf, Flag):
        wanted = Word("no" if contrary else "yes")
        return writer.write(leaf.fact.name, get(leaf.fact.name)), "=", wanted
    right: Value = ""
    if isinstance(leaf, IsMissing):
        left, operator = writer.write(leaf.fact.name, get(leaf.fact.name)), "is missing"
    elif isinstance(leaf, Between):
        left, low, high = _shown_terms(leaf, get, writer)
        operator, right = "between", Message("low_and_high", low=low, high=high)
    else:
        left, *options = _shown_terms(leaf, get, writer)
        operator, right = "in", Message("these", parts=tuple(options))
    return left, _IN_WORDS[operator] if contrary else operator, right


def _how_far(leaf: Leaf, get: Get, writer: FactWriter) -> tuple[Value, float | None]:
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
    edge_shown = _shown_terms(leaf, get, writer)[place]
    return _distance(margin, edge_shown, leaf, writer), margin


def _namesake(leaf: Leaf) -> Fact | None:
    """Return the fact in whose manner the constants and results of ``leaf`` are written."""
    found = [fact for side in terms(leaf) for fact in facts_in(side)]
    united = next((unit_of(side) for side in terms(leaf) if not isinstance(side, Constant)), None)
    return next((fact for fact in found if fact.unit == united), None)


def _shown_terms(leaf: Leaf, get: Get, writer: FactWriter) -> list[Value]:
    """Return the sides of ``leaf``, numbers with as many decimals as it takes to read the truth off them."""
    namesake, sides = _namesake(leaf), terms(leaf)
    numbers = [number_of(side)(get) if type_of(side) == "number" else None for side in sides]
    shown: list[Value] = []
    for place, side in enumerate(sides):
        others = [
            (_is_written(other), number)
            for index, (other, number) in enumerate(zip(sides, numbers, strict=True))
            if index != place and number is not None
        ]
        marks = [number for written, number in others if written]
        beside = [number for written, number in others if not written]
        if isinstance(side, FactTerm):
            shown.append(writer.write(side.fact.name, get(side.fact.name), marks, beside))
        elif isinstance(side, Constant):
            plain = side.value if isinstance(side.value, str) else str(side)
            shown.append(plain if namesake is None else writer.constant(namesake, side.value))
        else:
            united = namesake is not None and unit_of(side) == namesake.unit
            name = namesake.name if namesake is not None and united else ""
            shown.append(writer.write(name, numbers[place], marks, beside))
    return shown


def _is_written(side: Term) -> bool:
    """Return whether somebody wrote the number of ``side``, so that it is shown with all its decimals."""
    return isinstance(side, Constant) or (isinstance(side, FactTerm) and side.fact.part == "target")


def _difference(left: Term, right: Term, get: Get) -> float | None:
    if type_of(left) != "number":
        return None
    a, b = number_of(left)(get), number_of(right)(get)
    return None if a is None or b is None else difference(a, b)


def _distance(margin: float, edge: Value, leaf: Leaf, writer: FactWriter) -> Message:
    if margin == 0:
        return Message("distance.none", edge=edge)
    amount = writer.distance(_namesake(leaf), abs(margin))
    if amount is None:
        return Message("distance.just_below" if margin < 0 else "distance.just_above", edge=edge)
    return Message("distance.below" if margin < 0 else "distance.above", amount=amount, edge=edge)


def undecided(condition: Condition, get: Get) -> tuple[list[str], list[Message]]:
    """Return (names of missing facts, other troubles) that keep ``condition`` from being true or false.

    Only what matters is named: a missing fact in a part that cannot change the truth any more is left out.
    Both lists are empty when the condition is decided.
    """
    missing: dict[str, None] = {}
    troubles: dict[Message, None] = {}
    _collect(condition, get, missing, troubles)
    return list(missing), list(troubles)


def _collect(condition: Condition, get: Get, missing: dict[str, None], troubles: dict[Message, None]) -> None:
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
        trouble = why_not_computable(term, get)
        if trouble is not None:
            troubles[trouble] = None


def why_missing(name: str, get: Get) -> Value:
    """Return ``name``, with the reason in brackets where the fact, or the metric it is of, carries one."""
    metric, dot, _ = name.partition(".")
    value = get(name)
    if value is None and dot:
        value = get(metric)
    if not isinstance(value, ExcelError):
        return name
    if not value.reason:
        return Message("fact_lacks.code", fact=name, error=value.code)
    if isinstance(value.reason, Message) and value.reason.code == "not_bound":
        return Message("fact_lacks.column", fact=name, reason=value.reason)
    return Message("fact_lacks", fact=name, error=value.code, reason=value.reason)
