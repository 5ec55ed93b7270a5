"""Conditions as sets of worlds: in which cases one is true or false, whether one implies another.

Answers are proofs. Where a condition has too many cases to look at, the answer is that nothing is known.
"""

from __future__ import annotations

from itertools import product

from metricsheet.rules.language.conditions import (
    MIRRORED,
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
    OneOf,
    Operator,
    Term,
    all_of,
    any_of,
    facts_in,
    type_of,
)
from metricsheet.rules.language.facts import Fact
from metricsheet.rules.proofs.models import Box, Worlds, fixed_target, known
from metricsheet.values import is_number
from metricsheet.values.folding import caseless
from metricsheet.values.value_sets import ValueSet, Words, meet, numbers_that

MOST_CASES = 64
MOST_PIECES = 512
MOST_MERGES = 5_000


def cases(condition: Condition, truth: bool, worlds: Worlds) -> list[Box] | None:
    """Return boxes that together are exactly the worlds where ``condition`` has ``truth``.

    ``None`` when there would be more than ``MOST_CASES``. A world where it is unknown has neither truth.
    """
    if isinstance(condition, Not):
        return cases(condition.part, not truth, worlds)
    if isinstance(condition, (All, Any)):
        parts = [cases(part, truth, worlds) for part in condition.parts]
        known_parts = [part for part in parts if part is not None]
        if isinstance(condition, All) != truth:
            found = [box for part in known_parts for box in part]
            return found if len(known_parts) == len(parts) and len(found) <= MOST_CASES else None
        if len(known_parts) < len(parts):
            return None
        return _all_together(known_parts, worlds)
    if isinstance(condition, Between):
        low = Compare(">=", condition.term, condition.low)
        return cases(all_of((low, Compare("<=", condition.term, condition.high))), truth, worlds)
    if isinstance(condition, OneOf):
        options = tuple(Compare("=", condition.term, option) for option in condition.options)
        return cases(any_of(options), truth, worlds)
    box = _leaf(condition, truth, worlds)
    return [] if box is None else [box]


def _all_together(parts: list[list[Box]], worlds: Worlds) -> list[Box] | None:
    found: list[Box] = [{}]
    work = 0
    for part in parts:
        work += len(found) * len(part)
        if work > MOST_MERGES:
            return None
        merged = [worlds.merged(a, b) for a, b in product(found, part)]
        found = [box for box in merged if box is not None]
        if len(found) > MOST_CASES:
            return None
    return found


def _leaf(leaf: Leaf, truth: bool, worlds: Worlds) -> Box | None:
    if isinstance(leaf, IsMissing):
        there = known(worlds.universe(leaf.fact.name))
        return worlds.narrowed({}, leaf.fact.name, there.complement() if truth else there)
    if isinstance(leaf, Flag):
        return worlds.narrowed({}, leaf.fact.name, Words(frozenset((truth,))))
    assert isinstance(leaf, Compare)
    operator: Operator = leaf.operator if truth else OPPOSITE[leaf.operator]
    left, right = leaf.left, leaf.right
    if isinstance(left, Constant):
        left, right, operator = right, left, MIRRORED[operator]
    if isinstance(left, FactTerm) and isinstance(right, Constant):
        return worlds.narrowed({}, left.fact.name, _against(operator, right))
    substituted = _against_target(operator, left, right, worlds)
    return substituted if substituted is not None else _whole(operator, left, right, worlds)


def _against(operator: Operator, constant: Constant) -> ValueSet:
    value = constant.value
    if is_number(value):
        return numbers_that(operator, value)
    assert isinstance(value, (str, bool))
    word = frozenset((caseless(value) if isinstance(value, str) else value,))
    return Words(word, rest=operator == "<>")


def _against_target(operator: Operator, left: Term, right: Term, worlds: Worlds) -> Box | None:
    """Return ``metric < metric.target`` as a comparison with the number, where there is only one target."""
    if isinstance(right, FactTerm) and isinstance(left, FactTerm):
        for value, target, said in (
            (left.fact, right.fact, operator),
            (right.fact, left.fact, MIRRORED[operator]),
        ):
            if target.part != "target" or value.type != "number" or value.part == "target":
                continue
            number = _fixed_target(target, worlds)
            if number is None:
                continue
            box = worlds.narrowed({}, value.name, numbers_that(said, number))
            return None if box is None else worlds.narrowed(box, target.name, numbers_that("=", number))
    return None


def _fixed_target(fact: Fact, worlds: Worlds) -> float | None:
    return fixed_target(worlds.vocabulary.catalog.metrics[fact.metric]) if fact.metric is not None else None


def _whole(operator: Operator, left: Term, right: Term, worlds: Worlds) -> Box | None:
    """Return a comparison that cannot be taken apart as a truth of its own, with all its facts there."""
    truth = True
    if operator in (">", "<="):
        left, right = right, left
    if operator in ("<=", ">=", "<>"):
        truth = False
    sign = "=" if operator in ("=", "<>") else "<"
    sides = [str(left), str(right)]
    if sign == "=":
        sides.sort()
    key = f"{sides[0]} {sign} {sides[1]} as {type_of(left)}"
    box: Box | None = {key: Words(frozenset((truth,)))}
    for term in (left, right):
        for fact in facts_in(term):
            box = None if box is None else worlds.narrowed(box, fact.name, known(worlds.universe(fact.name)))
    return box


def never_true(condition: Condition, worlds: Worlds) -> bool:
    """Return whether it is proven that ``condition`` is true in no possible world."""
    found = cases(condition, True, worlds)
    return found is not None and not any(worlds.possible(box) for box in found)


def implies(condition: Condition, other: Condition, worlds: Worlds) -> bool:
    """Return whether it is proven that ``other`` is true in every world where ``condition`` is."""
    found, wanted = cases(condition, True, worlds), cases(other, True, worlds)
    if found is None or wanted is None:
        return False
    left = [small for box in found for small in worlds.possible(box)]
    for box in wanted:
        left = [piece for one in left for piece in _without(one, box, worlds)]
        if len(left) > MOST_PIECES:
            return False
    return not any(worlds.possible(box) for box in left)


def _without(box: Box, taken: Box, worlds: Worlds) -> list[Box]:
    """Return ``box`` less ``taken``, cut into boxes that do not overlap."""
    pieces: list[Box] = []
    inside: Box = box
    for name, region in taken.items():
        whole = inside.get(name, worlds.universe(name))
        outside = meet(whole, region.complement())
        if not outside.empty:
            pieces.append({**inside, name: outside})
        both = meet(whole, region)
        if both.empty:
            return pieces
        inside = {**inside, name: both}
    return pieces
