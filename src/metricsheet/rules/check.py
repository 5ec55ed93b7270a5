"""Rules as written into rules that run, with every problem of every rule."""

from __future__ import annotations

from collections.abc import Iterator

from metricsheet.catalog.definitions import (
    SEVERITIES,
    STAGES,
    Catalog,
    ConditionText,
    RuleDefinition,
)
from metricsheet.catalog.yaml.tree import place_in_text
from metricsheet.errors import DefinitionError, Diagnostic
from metricsheet.language.message import Message
from metricsheet.language.template import names_in
from metricsheet.rules.engine.compiled import CompiledRule
from metricsheet.rules.engine.ruleset import RuleSet
from metricsheet.rules.language.conditions import Arithmetic, Condition, facts_of, leaves, terms
from metricsheet.rules.language.facts import Fact, Scope, Vocabulary
from metricsheet.rules.language.hints import unknown_fact
from metricsheet.rules.language.reading import read_conditions
from metricsheet.rules.replacing import check_replaces
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
