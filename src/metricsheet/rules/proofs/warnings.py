"""What can be proven about rules without any data: those that are never reported, and those that contradict.

Every warning is a proof over the box model of ``worlds`` and ``cases``; where nothing can be proven, nothing
is said. Rules of one scope are compared with each other only where a warning could come of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from metricsheet.catalog.assembly.amounts import write_amount
from metricsheet.catalog.definitions import Catalog
from metricsheet.errors import Diagnostic
from metricsheet.language.message import Message, one_of
from metricsheet.rules.engine.compile import CompiledRule
from metricsheet.rules.language.conditions import (
    All,
    Any,
    Compare,
    Condition,
    Constant,
    FactTerm,
    Not,
    all_of,
    leaves,
)
from metricsheet.rules.language.facts import Scope, Vocabulary
from metricsheet.rules.proofs.models import Worlds, implies, never_true, status_values
from metricsheet.source import Place
from metricsheet.values.value_sets import in_words

MOST_LOOKED_AT = 100
"""Conditions of one rule that are left out in turn to find those in conflict."""
MOST_NAMED = 5
MOST_PAIRS = 10_000
"""Pairs of rules that are compared; beyond it nothing more is said."""


def analyse(catalog: Catalog, rules: Sequence[CompiledRule]) -> list[Diagnostic]:
    """Return a warning for every rule that is proven useless or in contradiction with another."""
    worlds: dict[Scope, Worlds] = {
        "slice": Worlds(Vocabulary(catalog, "slice")),
        "scorecard": Worlds(Vocabulary(catalog, "scorecard")),
    }
    found: list[Diagnostic] = []
    usable: list[CompiledRule] = []
    for rule in rules:
        problems = list(_about_one(rule, catalog, worlds[rule.scope]))
        found += problems
        if not any(problem.code in ("never_fires", "always_excused") for problem in problems):
            usable.append(rule)
    found += _replacing(catalog, usable, worlds)
    redundant: set[str] = set()
    for first, second in islice(_pairs(usable), MOST_PAIRS):
        if first.key in redundant or second.key in redundant:
            continue
        problem = _about_two(first, second, catalog, worlds[first.scope])
        if problem is not None:
            redundant.add(problem[0])
            found.append(problem[1])
    return found


def speaks_when(rule: CompiledRule) -> Condition:
    """Return the condition under which ``rule`` speaks: ``when`` holds and ``unless`` does not."""
    return rule.when if rule.unless is None else All((rule.when, Not(rule.unless)))


def _about_one(rule: CompiledRule, catalog: Catalog, worlds: Worlds) -> Iterator[Diagnostic]:
    if never_true(rule.when, worlds):
        core = _smallest_impossible(_conjuncts(rule.when), worlds)
        listed = " and ".join(str(part) for part in core)
        said = Message("these_never_hold" if len(core) > 1 else "this_never_holds", conditions=listed)
        if len(core) > MOST_NAMED:
            said = Message("never_hold_together")
        message = Message("never_fires", rule=rule.key, reason=said)
        place = _line_of(rule, core[-1], catalog)
        yield Diagnostic(message, place, _band_hint(core, catalog), "warning")
        return
    # a kept rule is reported while its condition no longer holds, so that its exception says nothing about it
    if rule.unless is not None and not rule.keep and never_true(speaks_when(rule), worlds):
        message = Message("always_excused", rule=rule.key)
        yield Diagnostic(message, catalog.rules[rule.key].place, None, "warning")
        return
    parts = _conjuncts(rule.when)
    for index, part in enumerate(parts):
        if not isinstance(part, Any):
            continue
        others = parts[:index] + parts[index + 1 :]
        for alternative in part.parts:
            if never_true(all_of((*others, alternative)), worlds):
                message = Message("alternative_never_holds", rule=rule.key, alternative=str(alternative))
                core = _smallest_impossible([*others, *_conjuncts(alternative)], worlds)
                hint = _band_hint(core, catalog) or Message(
                    "these_never_hold", conditions=" and ".join(map(str, core))
                )
                place = _line_of(rule, part, catalog)
                yield Diagnostic(message, place, hint, "warning")


def _conjuncts(condition: Condition) -> list[Condition]:
    if isinstance(condition, All):
        return [small for part in condition.parts for small in _conjuncts(part)]
    return [condition]


def _smallest_impossible(parts: list[Condition], worlds: Worlds) -> list[Condition]:
    """Return the parts without which the rest could hold, so that the message names the culprits only."""
    kept = list(parts)
    for part in parts[:MOST_LOOKED_AT]:
        fewer = [other for other in kept if other is not part]
        if fewer and never_true(all_of(tuple(fewer)), worlds):
            kept = fewer
    return kept


def _line_of(rule: CompiledRule, part: Condition, catalog: Catalog) -> Place | None:
    """Return the place of the ``when`` line that holds ``part``."""
    definition = catalog.rules[rule.key]
    lines = definition.when
    if len(lines) > 1 and isinstance(rule.when, All) and len(rule.when.parts) == len(lines):
        for line, condition in zip(lines, rule.when.parts, strict=True):
            if any(small is part for small in (condition, *_conjuncts(condition))):
                return line.place or definition.place
    return (lines[0].place if len(lines) == 1 else None) or definition.place


def _band_hint(core: Sequence[Condition], catalog: Catalog) -> Message | None:
    """Return what the bands say where a status is part of the conflict."""
    for part in core:
        for leaf in leaves(part):
            if not isinstance(leaf, Compare) or leaf.operator != "=" or not isinstance(leaf.left, FactTerm):
                continue
            fact, word = leaf.left.fact, leaf.right.value if isinstance(leaf.right, Constant) else None
            if fact.part != "status" or fact.metric is None or not isinstance(word, str):
                continue
            metric = catalog.metrics[fact.metric]
            values, write = status_values(metric, word), partial(write_amount, unit=metric.unit)
            if values is not None:
                ranges = [in_words(stretch, write) for stretch in values.ranges]
                said = one_of(ranges) if ranges else Message("no_number")
                return Message("status_when", status=fact.name, word=word, metric=fact.metric, values=said)
    return None


def fires_with(rule: CompiledRule, other: CompiledRule, worlds: Worlds) -> bool:
    """Return whether it is proven that ``other`` fires, unless it is replaced, whenever ``rule`` fires."""
    if rule.scope != other.scope or other.for_periods > rule.for_periods:
        return False
    if rule.keep:
        # a kept rule is reported while its condition no longer holds: nothing of unless: carries over
        return other.keep >= rule.keep and other.unless is None and implies(rule.when, other.when, worlds)
    if rule.for_periods > 1 and not implies(rule.when, other.when, worlds):
        # in the periods before the newest, only when: is known to have held
        return False
    return implies(speaks_when(rule), speaks_when(other), worlds)


def _replacing(
    catalog: Catalog, rules: Sequence[CompiledRule], worlds: dict[Scope, Worlds]
) -> Iterator[Diagnostic]:
    by_key = {rule.key: rule for rule in rules}
    for rule in rules:
        for replaced in (by_key[key] for key in rule.replaces if key in by_key):
            if replaced.scope != rule.scope:
                continue
            space = worlds[rule.scope]
            definition = catalog.rules[rule.key]
            index = rule.replaces.index(replaced.key)
            place = definition.replaces_places[index] if definition.replaces_places else definition.place
            if fires_with(replaced, rule, space):
                message = Message("always_replaced", rule=replaced.key, other=rule.key)
                hint = Message("let_specific_replace")
                yield Diagnostic(message, place, hint, "warning")
            elif not (rule.keep or replaced.keep):
                together = All((speaks_when(rule), speaks_when(replaced)))
                if never_true(together, space):
                    message = Message("replaces_nothing", rule=rule.key, other=replaced.key)
                    yield Diagnostic(message, place, Message("take_off_the_list"), "warning")


def _pairs(rules: Sequence[CompiledRule]) -> Iterator[tuple[CompiledRule, CompiledRule]]:
    """Yield the pairs of rules that read the same metrics and settings: only those can say the same."""
    groups: dict[tuple[Scope, frozenset[str]], list[CompiledRule]] = {}
    for rule in rules:
        roots = frozenset(fact.metric or fact.name for fact in rule.reads)
        groups.setdefault((rule.scope, roots), []).append(rule)
    for group in groups.values():
        for index, first in enumerate(group):
            for second in group[index + 1 :]:
                if first.key not in second.replaces and second.key not in first.replaces:
                    yield first, second


def _about_two(
    first: CompiledRule, second: CompiledRule, catalog: Catalog, worlds: Worlds
) -> tuple[str, Diagnostic] | None:
    """Return what is wrong with two rules of which neither replaces the other, ``first`` the more severe.

    With the problem comes the key of the rule that it takes the sense from.
    """
    same_text = first.finding.get("en") == second.finding.get("en")
    if first.severity == second.severity and not same_text:
        return None
    forward = fires_with(second, first, worlds)
    if not forward and first.severity != second.severity:
        return None
    backward = fires_with(first, second, worlds)
    if forward and backward and first.severity != second.severity:
        message = Message(
            "contradicting_severity",
            rule=first.key,
            other=second.key,
            severity=first.severity,
            other_severity=second.severity,
        )
        hint = Message("one_severity")
        return second.key, _two(message, hint, second, first, catalog)
    if not same_text or not (forward or backward):
        return None
    weaker, stronger = (second, first) if forward else (first, second)
    message = Message("shadowed", rule=weaker.key, other=stronger.key)
    hint = Message("take_away_or_replace", rule=stronger.key)
    return weaker.key, _two(message, hint, weaker, stronger, catalog)


def _two(
    message: Message, hint: Message, rule: CompiledRule, other: CompiledRule, catalog: Catalog
) -> Diagnostic:
    there = catalog.rules[other.key].place
    related = ((there, Message("rule_named", rule=other.key)),) if there is not None else ()
    return Diagnostic(message, catalog.rules[rule.key].place, hint, "warning", related)
