"""Rules as written into rules that run, with every problem of every rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from metricsheet.catalog.definitions import (
    SEVERITIES,
    STAGES,
    Catalog,
    ConditionText,
    RuleDefinition,
)
from metricsheet.catalog.derived import circles
from metricsheet.catalog.yaml.tree import place_in_text
from metricsheet.errors import DefinitionError, Diagnostic, did_you_mean
from metricsheet.language.message import Message
from metricsheet.language.template import names_in
from metricsheet.rules.engine.compile import CompiledRule
from metricsheet.rules.engine.ruleset import RuleSet
from metricsheet.rules.language.checker import read_conditions
from metricsheet.rules.language.conditions import Arithmetic, Condition, facts_of, leaves, terms
from metricsheet.rules.language.facts import Fact, Scope, Vocabulary, unknown_fact
from metricsheet.source import Place

MOST_PERIODS = 120
"""The longest memory of a rule: ten years of months."""


def check_rules(catalog: Catalog) -> tuple[Diagnostic, ...]:
    """Return every problem of the rules of ``catalog``, in file order.

    Errors keep a rule from being used. Warnings are proven, too: a rule that can never fire, that never
    speaks because another always replaces it, that contradicts another.
    """
    # running rules needs neither proofs nor tests: what checks them is imported only here
    from metricsheet.rules.proofs.warnings import analyse
    from metricsheet.rules.testing.given import check_tests

    rules, problems = compile_rules(catalog)
    vocabularies = _vocabularies(catalog)
    for definition in catalog.rules.values():
        problems += check_tests(definition, vocabularies[definition.scope])
    # nothing is proven about a rule that says less, or replaces another, than its author meant
    unfit = {key for key, problem in check_replaces(catalog.rules)}
    unfit |= {key for key, definition in catalog.rules.items() if definition.broken}
    problems += analyse(catalog, [rule for rule in rules if rule.key not in unfit])
    return tuple(sorted(problems, key=lambda problem: _position(problem.place)))


def compile_rules(catalog: Catalog) -> tuple[list[CompiledRule], list[Diagnostic]]:
    """Return the rules that can be used, in reporting order, and every problem of the others."""
    problems = [problem for _, problem in check_replaces(catalog.rules)]
    vocabularies = _vocabularies(catalog)
    compiled: list[CompiledRule] = []
    for definition in catalog.rules.values():
        rule, found = _compile_rule(definition, vocabularies[definition.scope])
        problems += found
        if rule is not None:
            compiled.append(rule)
    compiled.sort(key=lambda rule: (-SEVERITIES.index(rule.severity), STAGES.index(rule.stage)))
    # an advice of many rules is wrong once
    return compiled, list(dict.fromkeys(problems))


def compile_ruleset(catalog: Catalog) -> RuleSet:
    """Return the rules of ``catalog`` ready to run.

    Raises ``DefinitionError`` with every error found when a rule cannot be used. The tests of rules and
    whatever can be proven about them are left to ``check_rules``.
    """
    rules, problems = compile_rules(catalog)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise DefinitionError(errors)
    return RuleSet(catalog, rules)


def _vocabularies(catalog: Catalog) -> dict[Scope, Vocabulary]:
    return {"slice": Vocabulary(catalog, "slice"), "scorecard": Vocabulary(catalog, "scorecard")}


def _position(place: Place | None) -> tuple[str, int, int]:
    return ("", 0, 0) if place is None else (place.source.name, place.line, place.column)


def _compile_rule(
    definition: RuleDefinition, vocabulary: Vocabulary
) -> tuple[CompiledRule | None, list[Diagnostic]]:
    problems = list(_check_numbers(definition))
    if not any(_written(line) for line in definition.when):
        hint = Message("write_a_condition")
        problems.append(Diagnostic(Message("no_condition", rule=definition.key), definition.place, hint))
    when, found = read_conditions(definition.when, vocabulary, definition.place)
    problems += found
    unless: Condition | None = None
    if definition.unless:
        unless, found = read_conditions(definition.unless, vocabulary, definition.place)
        problems += found
    shown: dict[str, None] = {}
    problems += _check_texts(definition, vocabulary, shown)
    if when is None or any(problem.severity == "error" for problem in problems):
        return None, problems
    conditions = [when] if unless is None else [when, unless]
    reads: dict[str, Fact] = {fact.name: fact for condition in conditions for fact in facts_of(condition)}
    rule = CompiledRule(
        key=definition.key,
        stage=definition.stage,
        severity=definition.severity,
        scope=definition.scope,
        when=when,
        unless=unless,
        finding=definition.finding,
        recommend=definition.recommend,
        for_periods=definition.for_periods,
        keep=definition.keep,
        replaces=definition.replaces,
        reads=tuple(reads.values()),
        texts_read=tuple(shown),
        computes=any(
            isinstance(term, Arithmetic) for c in conditions for leaf in leaves(c) for term in terms(leaf)
        ),
    )
    return rule, problems


def _written(line: ConditionText) -> bool:
    return bool(line.text.strip()) or any(_written(part) for part in line.any_of)


def _check_numbers(definition: RuleDefinition) -> Iterator[Diagnostic]:
    for key, number, least in (("for", definition.for_periods, 1), ("keep", definition.keep, 0)):
        if least <= number <= MOST_PERIODS:
            continue
        message = Message("wrong_periods", least=least, most=MOST_PERIODS, key=key, found=number)
        hint = Message("for_newest_alone" if key == "for" else "leave_keep_out")
        yield Diagnostic(message, definition.key_places.get(key, definition.place), hint)


def _check_texts(
    definition: RuleDefinition, vocabulary: Vocabulary, shown: dict[str, None]
) -> Iterator[Diagnostic]:
    """Yield every name in a text that is no fact; collect the good ones in ``shown``."""
    texts = [(definition.finding, definition.finding_places)]
    texts += [(advice.text, advice.places) for advice in definition.recommend]
    for text, places in texts:
        for language, template in text.items():
            for name, offset in names_in(template):
                if name and vocabulary.fact(name) is not None:
                    shown[name] = None
                    continue
                place = places.get(language)
                where = definition.place if place is None else place_in_text(place, template, offset)
                if not name:
                    hint = Message("write_braces")
                    yield Diagnostic(Message("unpaired_brace"), where, hint)
                else:
                    message, hint_or_none = unknown_fact(name, vocabulary)
                    yield Diagnostic(message, where, hint_or_none)


def check_replaces(rules: Mapping[str, RuleDefinition]) -> Iterator[tuple[str, Diagnostic]]:
    """Yield what is wrong with ``replaces`` lists, each problem with the key of a rule it concerns.

    Unknown rules, repeats, scopes that do not fit; a cycle comes once for each of its rules.
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
    """Yield each cycle, told from its first rule in catalog order, with each of its rules."""
    for circle in circles({key: rule.replaces for key, rule in rules.items()}):
        if len(circle) > 1:
            problem = _circle(circle, rules)
            yield from ((key, problem) for key in circle)


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
