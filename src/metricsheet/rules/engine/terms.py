"""Values inside conditions: facts read as their type, arithmetic done by the formula language.

A missing fact, a wrong kind of value and a division by zero have no truth: the closures give ``None`` for all
of them, so that the order of comparisons never matters; ``why_not_computable`` tells them apart afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from metricsheet.formula.functions.apply import caller
from metricsheet.language.message import Message
from metricsheet.rules.language.conditions import Arithmetic, Constant, FactTerm, Term
from metricsheet.rules.language.facts import Fact, Get, is_missing
from metricsheet.values import DIV0, Cell, ExcelError, is_number

Number: TypeAlias = float | None
NumberOf: TypeAlias = Callable[[Get], Number]


def read_number(value: Cell) -> Number:
    """Return ``value`` when it is a number, else ``None``."""
    return value if is_number(value) and value == value else None


def wrong_kind(fact: Fact, value: Cell) -> bool:
    """Return whether a value that is there is not of the fact's type."""
    if is_missing(value):
        return False
    if fact.type == "number":
        return read_number(value) is None
    return not isinstance(value, bool if fact.type == "flag" else str)


def number_of(term: Term) -> NumberOf:
    """Return a closure that computes ``term`` from facts; ``None`` comes back when it cannot be computed."""
    if isinstance(term, Constant):
        constant = float(term.value)
        return lambda _: constant
    if isinstance(term, FactTerm):
        return _fact(term.fact.name)
    call = _call(term)
    arguments = [number_of(argument) for argument in term.arguments]
    if len(arguments) == 2:
        first, second = arguments

        def compute_two(get: Get) -> Number:
            a, b = first(get), second(get)
            return None if a is None or b is None else read_number(call(a, b))

        return compute_two

    def compute(get: Get) -> Number:
        values = [argument(get) for argument in arguments]
        return None if None in values else read_number(call(*values))

    return compute


def _call(term: Arithmetic) -> Callable[..., Cell]:
    return caller(term.function, len(term.arguments))


def _fact(name: str) -> NumberOf:
    def read(get: Get) -> Number:
        value = get(name)
        # nearly every fact is a float: asking for its class is far cheaper than the whole question
        return value if value.__class__ is float and value == value else read_number(value)

    return read


def why_not_computable(term: Term, get: Get) -> Message | None:
    """Return why ``term`` cannot be computed although all its facts are there, or ``None``."""
    if isinstance(term, FactTerm):
        value = get(term.fact.name)
        if wrong_kind(term.fact, value):
            return Message("wrong_kind", fact=term.fact.name, found=repr(value), type=term.fact.type)
        return None
    if isinstance(term, Constant):
        return None
    for argument in term.arguments:
        trouble = why_not_computable(argument, get)
        if trouble is not None:
            return trouble
    values = [number_of(argument)(get) for argument in term.arguments]
    answer = None if None in values else _call(term)(*values)
    if not isinstance(answer, ExcelError):
        return None
    if term.function == "/" and values[1] == 0:
        return Message("divides_by_zero", error=DIV0, divisor=str(term.arguments[1]))
    return Message("no_finite_value", error=answer.code, term=str(term))
