"""What facts can be at the same time: the bands behind a status, the change behind a trend, fixed targets.

A ``Box`` gives each fact it names a region; facts it does not name can be anything. Everything here errs on
the side of more worlds, so that whatever is proven impossible is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TypeAlias

from metricsheet.catalog.bands_in_force import possible_bands, possible_targets, shares
from metricsheet.catalog.definitions import MetricDefinition, Target
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
from metricsheet.rules.language.facts import (
    ENGINE_STATUSES,
    METRIC_PARTS,
    Fact,
    Vocabulary,
    possible_statuses,
)
from metricsheet.values import is_number
from metricsheet.values.folding import caseless
from metricsheet.values.value_sets import (
    EVERY_NUMBER,
    EVERY_WORD,
    Numbers,
    ValueSet,
    Words,
    meet,
    numbers_that,
    present,
    union,
)

Box: TypeAlias = dict[str, ValueSet]
LOGICALS: frozenset[str | bool] = frozenset((True, False))


def status_values(
    metric: MetricDefinition, status: str, targets: Sequence[Target | None] | None = None
) -> Numbers | None:
    """Return the values of ``metric`` that can have ``status``; ``None`` when any value can.

    ``targets`` are those that may apply, the metric's own where none are given.
    """
    if status in ENGINE_STATUSES:
        return None
    known = possible_targets(metric.targets) if targets is None else targets
    return union(
        values
        for bands in possible_bands(metric.band_tables, metric.better, known)
        for band, values in zip(bands, shares(bands), strict=True)
        if band.status == status
    )


def fixed_target(metric: MetricDefinition) -> float | None:
    """Return the target of ``metric`` when it has only one, for all slices and times."""
    if len(metric.targets) != 1:
        return None
    target = metric.targets[0]
    return None if target.since or target.where else target.value


class Worlds:
    """The facts of one scope and what they can be."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._universe: dict[str, ValueSet] = {}
        self._status_values: dict[tuple[str, str], Numbers | None] = {}

    def universe(self, name: str) -> ValueSet:
        """Return everything the fact ``name`` can be; of other names, a logical or unknown."""
        if name not in self._universe:
            self._universe[name] = self._everything(name)
        return self._universe[name]

    def _everything(self, name: str) -> ValueSet:
        fact = self.vocabulary.fact(name)
        if fact is None or fact.type == "flag":
            return Words(LOGICALS, missing=fact is None or not fact.default)
        missing = not fact.default
        if fact.type == "text":
            if fact.words is None:
                return Words(frozenset(), rest=True, missing=missing)
            return Words(frozenset(caseless(word) for word in fact.words), missing=missing)
        if fact.counts:
            return Numbers(numbers_that(">=", 0.0).intervals, missing)
        if fact.part == "target" and fact.metric is not None:
            target = fixed_target(self.vocabulary.catalog.metrics[fact.metric])
            if target is not None:
                return Numbers(numbers_that("=", target).intervals, missing)
        return Numbers(EVERY_NUMBER.intervals, missing)

    def narrowed(self, box: Box, name: str, region: ValueSet) -> Box | None:
        """Return ``box`` with ``name`` kept inside ``region``, or ``None`` when nothing is left."""
        left = meet(box.get(name, self.universe(name)), region)
        return None if left.empty else {**box, name: left}

    def merged(self, a: Box, b: Box) -> Box | None:
        """Return the worlds in both boxes, or ``None`` when there are none."""
        found: Box | None = dict(a)
        for name, region in b.items():
            found = self.narrowed(found, name, region) if found is not None else None
        return found

    def possible(self, box: Box) -> list[Box]:
        """Return ``box`` cut down to worlds that can be, split where a status or trend decides a number."""
        boxes = [box]
        for metric in self._metrics_of(box):
            boxes = [small for one in boxes for small in self._for_metric(one, metric)]
        return boxes

    def _metrics_of(self, box: Box) -> list[str]:
        facts = [self.vocabulary.fact(name) for name in box]
        return list(
            dict.fromkeys(fact.metric for fact in facts if fact is not None and fact.metric is not None)
        )

    def _for_metric(self, box: Box, key: str) -> list[Box]:
        parts = [name for part in METRIC_PARTS if (name := f"{key}.{part}") in box]
        if any(not box[name].missing for name in parts):
            # a metric without a value has no facts at all
            narrowed = self.narrowed(box, key, EVERY_NUMBER)
            if narrowed is None:
                return []
            box = narrowed
        target, there = f"{key}.target", key in box and not box[key].missing
        if there and target in box and fixed_target(self.vocabulary.catalog.metrics[key]) is not None:
            # a target for all slices and times is there whenever the value is
            narrowed = self.narrowed(box, target, EVERY_NUMBER)
            if narrowed is None:
                return []
            box = narrowed
        boxes = [box]
        status, trend = f"{key}.status", f"{key}.trend"
        if status in box and not box[status].missing:
            boxes = [small for one in boxes for small in self._by_status(one, key, status)]
        if trend in box and not box[trend].missing:
            boxes = [small for one in boxes for small in self._by_trend(one, key, trend)]
        return boxes

    def _by_status(self, box: Box, key: str, status: str) -> list[Box]:
        metric = self.vocabulary.catalog.metrics[key]
        region = box[status]
        assert isinstance(region, Words)
        found: list[Box] = []
        for word in possible_statuses(metric):
            if meet(region, Words(frozenset((word,)))).empty:
                continue
            if (key, word) not in self._status_values:
                self._status_values[key, word] = status_values(metric, word)
            values = self._status_values[key, word]
            one: Box | None = {**box, status: Words(frozenset((word,)))}
            if values is not None and one is not None:
                one = self.narrowed(one, key, values)
            if one is not None:
                found.append(one)
        return found

    def _by_trend(self, box: Box, key: str, trend: str) -> list[Box]:
        region = box[trend]
        assert isinstance(region, Words)
        found: list[Box] = []
        for word, sign in (("rising", ">"), ("falling", "<"), ("flat", "")):
            if meet(region, Words(frozenset((word,)))).empty:
                continue
            changes = numbers_that(sign, 0.0) if sign else EVERY_NUMBER
            one = self.narrowed({**box, trend: Words(frozenset((word,)))}, f"{key}.change", changes)
            if one is not None:
                found.append(one)
        return found


def known(region: ValueSet) -> ValueSet:
    """Return the region in which the fact of ``region`` is there, whatever it is."""
    return present(EVERY_NUMBER if isinstance(region, Numbers) else EVERY_WORD)


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
