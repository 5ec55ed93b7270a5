"""The facts a rule's test gives: checked against the vocabulary, and laid out period by period.

A single value holds in as many consecutive periods as the rule needs (``for:``). A list tells the periods one
by one, oldest first, with ``null`` where the fact is missing; a value beside lists holds in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from metricsheet.catalog.assembly.amounts import Unreadable, read_amount
from metricsheet.catalog.definitions import Catalog, RuleDefinition, RuleTest, Target
from metricsheet.errors import Diagnostic, did_you_mean
from metricsheet.language.message import Message
from metricsheet.rules.engine.outcome import OUTCOMES
from metricsheet.rules.engine.periods import PeriodFacts
from metricsheet.rules.language.facts import Fact, Vocabulary, is_missing, possible_statuses, unknown_fact
from metricsheet.rules.proofs.models import status_values
from metricsheet.values import Cell, is_number

_KINDS = {
    "number": Message("kind_number"),
    "text": Message("kind_a_text"),
    "flag": Message("kind_yes_or_no"),
}


def given_periods(test: RuleTest, rule: RuleDefinition, catalog: Catalog) -> list[PeriodFacts]:
    """Return the periods a test describes, oldest first; settings that are not given have their default.

    Of metrics that have a value there are columns, of others there are none, unless the test says so.
    """
    vocabulary = Vocabulary(catalog, rule.scope)
    series = {name: value for name, value in test.given.items() if _is_series(value)}
    count = max((len(values) for values in series.values()), default=rule.for_periods)  # type: ignore[arg-type]
    periods: list[PeriodFacts] = []
    for index in range(max(count, 1)):
        facts = _defaults(catalog)
        for name, value in test.given.items():
            fact = vocabulary.fact(name)
            one = value[index] if _is_series(value) else value  # type: ignore[index]
            cell = read_given(fact, one, catalog.currency) if fact is not None else one
            if cell is None:
                facts.pop(name, None)
            else:
                facts[name] = cell
        if rule.scope == "scorecard":
            for key in catalog.metrics:
                facts.setdefault(f"{key}.tracked", facts.get(key) is not None)
        periods.append((f"period {index + 1}", facts))
    return periods


def _defaults(catalog: Catalog) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for key, setting in catalog.settings.items():
        if setting.default is not None:
            flag = setting.one_of == ("yes", "no")
            found[key] = setting.default == "yes" if flag else setting.default
    return found


def _is_series(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def read_given(fact: Fact, value: Cell, currency: str) -> Cell:
    """Return a given value as the fact's type: ``5%`` and ``3:1`` as numbers, yes and no as flags."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if fact.type == "flag" and text.casefold() in ("yes", "no", "true", "false"):
        return text.casefold() in ("yes", "true")
    if fact.type == "number" and fact.unit is not None:
        amount = read_amount(text, fact.unit, currency, any_percent=True)
        return value if isinstance(amount, Unreadable) else amount
    return value


def check_tests(rule: RuleDefinition, vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    """Yield what is wrong with the tests of ``rule``: unknown facts and outcomes, values that cannot be."""
    for test in rule.tests:
        where = test.place or rule.place
        if test.expect not in OUTCOMES:
            hint = did_you_mean(test.expect, OUTCOMES) or Message("it_can_be", words=OUTCOMES)
            yield Diagnostic(Message("unknown_outcome", found=test.expect), where, hint)
        lengths = {len(value) for value in test.given.values() if _is_series(value)}  # type: ignore[arg-type]
        if len(lengths) > 1:
            *most, last = sorted(lengths)
            message = Message("uneven_periods", lengths=Message("both_and", parts=tuple(most), last=last))
            yield Diagnostic(message, where, Message("same_periods_for_all"))
        if 0 in lengths:
            yield Diagnostic(Message("uneven_periods.none"), where, Message("newest_period_last"))
        for name, value in test.given.items():
            problem = _given_problem(test, name, value, vocabulary)
            if problem is not None:
                message, hint_or_none = problem
                said = Message("in_test", test=test.name, problem=message)
                yield Diagnostic(said, where, hint_or_none, code=message.code)
        yield from _contradictions(rule, test, vocabulary)


def _given_problem(
    test: RuleTest, name: str, value: object, vocabulary: Vocabulary
) -> tuple[Message, Message | None] | None:
    fact = vocabulary.fact(name)
    if fact is None:
        return unknown_fact(name, vocabulary)
    words = _words(test, fact, vocabulary)
    for one in value if _is_series(value) else (value,):  # type: ignore[attr-defined]
        cell = read_given(fact, one, vocabulary.catalog.currency)
        if is_missing(cell):
            continue
        fits = {
            "number": is_number(cell),
            "text": isinstance(cell, str),
            "flag": isinstance(cell, bool),
        }
        if not fits[fact.type]:
            return Message("type_mismatch.given", name=name, kind=_KINDS[fact.type], found=repr(one)), None
        if words is not None and str(cell).casefold() not in (word.casefold() for word in words):
            key = "unknown_status.is_never" if fact.part == "status" else "unknown_word.is_never"
            hint = did_you_mean(str(cell), words) or Message("it_can_be", words=words)
            return Message(key, name=name, value=f"'{cell}'"), hint
    return None


def _words(test: RuleTest, fact: Fact, vocabulary: Vocabulary) -> tuple[str, ...] | None:
    """Return what a text can be, a status under the target that the test gives."""
    if fact.part != "status" or fact.metric is None:
        return fact.words
    target = _given_target(test, fact.metric, vocabulary)
    return (
        fact.words
        if target is None
        else possible_statuses(vocabulary.catalog.metrics[fact.metric], (target,))
    )


def _contradictions(rule: RuleDefinition, test: RuleTest, vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    """Warn of a value with a status that no band gives it: the test would prove what cannot happen."""
    for name, value in test.given.items():
        key, _, part = name.partition(".")
        if part != "status" or not isinstance(value, str) or key not in vocabulary.catalog.metrics:
            continue
        number = _given_number(test, key, vocabulary)
        if number is None:
            continue
        metric = vocabulary.catalog.metrics[key]
        target = _given_target(test, key, vocabulary)
        # a test that gives no target holds for whatever target a company sets, and for none
        targets = (*metric.targets, None) if target is None else (target,)
        allowed = status_values(metric, value.casefold(), targets)
        if allowed is not None and not allowed.contains(number):
            message = Message("impossible_given", metric=key, number=number, status=value)
            said = Message("in_test", test=test.name, problem=message)
            hint = Message("value_and_status_together")
            yield Diagnostic(said, test.place or rule.place, hint, "warning", code=message.code)


def _given_target(test: RuleTest, metric: str, vocabulary: Vocabulary) -> Target | None:
    number = _given_number(test, f"{metric}.target", vocabulary)
    return None if number is None else Target(number, f"{number:g}")


def _given_number(test: RuleTest, name: str, vocabulary: Vocabulary) -> float | None:
    """Return the one number that a test gives for a fact, ``None`` where it gives none or several."""
    fact, given = vocabulary.fact(name), test.given.get(name)
    if fact is None or _is_series(given):
        return None
    number = read_given(fact, given, vocabulary.catalog.currency)
    return float(number) if isinstance(number, (int, float)) and not isinstance(number, bool) else None
