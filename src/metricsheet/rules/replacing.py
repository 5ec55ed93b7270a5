"""Which rule speaks instead of which: unknown names and circles in ``replaces``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from metricsheet.catalog.definitions import RuleDefinition
from metricsheet.errors import Diagnostic, did_you_mean
from metricsheet.language.message import Message
from metricsheet.source import Place


def check_replaces(rules: Mapping[str, RuleDefinition]) -> Iterator[tuple[str, Diagnostic]]:
    """Yield what is wrong with ``replaces`` lists, each problem with the key of a rule it concerns.

    Unknown rules, repeats, scopes that do not fit; a circle comes once for each of its rules.
    """
    for rule in rules.values():
        seen: set[str] = set()
        for index, name in enumerate(rule.replaces):
            problem = _problem(rule, name, rules, name in seen)
            if problem is not None:
                message, hint = problem
                yield rule.key, Diagnostic(message, _place(rule, index), hint)
            seen.add(name)
    yield from _circles(rules)


def _problem(
    rule: RuleDefinition, name: str, rules: Mapping[str, RuleDefinition], repeated: bool
) -> tuple[Message, Message | None] | None:
    replaced = rules.get(name)
    if replaced is None:
        return Message("unknown_rule", name=name), did_you_mean(name, rules)
    if name == rule.key:
        return Message("replaces_itself", rule=name), Message("take_off_the_list")
    if repeated:
        return Message("repeated", name=name), Message("take_one_away")
    if rule.scope == "slice" and replaced.scope == "scorecard":
        message = Message("wrong_scope", rule=rule.key, other=name)
        return message, Message("one_scope_for_both")
    return None


def _circles(rules: Mapping[str, RuleDefinition]) -> Iterator[tuple[str, Diagnostic]]:
    """Yield each circle, told from its first rule in catalog order, with each of its rules."""
    done: set[str] = set()
    for start in rules:
        path: list[str] = [start]
        pending = [iter(rules[start].replaces)] if start not in done else []
        while pending:
            following = next(pending[-1], None)
            if following is None:
                done.add(path.pop())
                pending.pop()
            elif following in path:
                circle = path[path.index(following) :]
                if len(circle) > 1:
                    problem = _circle(circle, rules)
                    yield from ((key, problem) for key in circle)
            elif following in rules and following not in done:
                path.append(following)
                pending.append(iter(rules[following].replaces))


def _circle(circle: list[str], rules: Mapping[str, RuleDefinition]) -> Diagnostic:
    last = rules[circle[-1]]
    shown = " → ".join([*circle, circle[0]])
    related: list[tuple[Place, Message]] = []
    for key, replaced in pairwise(circle):
        place = _place(rules[key], rules[key].replaces.index(replaced))
        if place is not None:
            related.append((place, Message("replaces_rule", rule=key, other=replaced)))
    place = _place(last, last.replaces.index(circle[0]))
    message = Message("replaces_in_a_circle", cycle=shown)
    hint = Message("keep_direction")
    return Diagnostic(message, place, hint, related=tuple(related))


def _place(rule: RuleDefinition, index: int) -> Place | None:
    return rule.replaces_places[index] if index < len(rule.replaces_places) else rule.place
