"""Values inside conditions: reading a fact as its type, and arithmetic that turns unknown when it must.

A wrong kind of value or a division by zero has no truth: the closures give ``None`` for it just as for a
missing fact, so that the order of comparisons never matters; ``problem_of`` tells the two apart afterwards.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import TypeAlias

from metricsheet.rules.language.conditions import Constant, FactTerm, Term
from metricsheet.rules.language.facts import Fact, Get, is_missing
from metricsheet.values import Cell

Number: TypeAlias = float | None
NumberOf: TypeAlias = Callable[[Get], Number]


def read_number(value: Cell) -> Number:
    """Return ``value`` when it is a number, else ``None``."""
    if value is None or isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        return None
    return value


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
    function = _FUNCTIONS[term.function]
    arguments = [number_of(argument) for argument in term.arguments]
    if len(arguments) == 2:
        return _of_two(function, *arguments)

    def compute(get: Get) -> Number:
        values = [argument(get) for argument in arguments]
        if None in values:
            return None
        try:
            return finite(function(*values))
        except (ArithmeticError, ValueError):
            return None

    return compute


def _fact(name: str) -> NumberOf:
    def read(get: Get) -> Number:
        value = get(name)
        # nearly every fact is a float: asking for its class is far cheaper than the whole question
        return value if value.__class__ is float and value == value else read_number(value)

    return read


def _of_two(function: Callable[..., object], first: NumberOf, second: NumberOf) -> NumberOf:
    def compute(get: Get) -> Number:
        a, b = first(get), second(get)
        if a is None or b is None:
            return None
        try:
            return finite(function(a, b))
        except (ArithmeticError, ValueError):
            return None

    return compute


def finite(value: object) -> Number:
    """Return a result that is a finite real number, else ``None``."""
    return value if isinstance(value, (float, int)) and math.isfinite(value) else None


def trouble_in(term: Term, get: Get) -> str:
    """Return why ``term`` cannot be computed although all its facts are there, or ``""``."""
    if isinstance(term, FactTerm):
        value = get(term.fact.name)
        if wrong_kind(term.fact, value):
            return f"{term.fact.name} is {value!r}, not a {term.fact.type}"
        return ""
    if isinstance(term, Constant):
        return ""
    for argument in term.arguments:
        trouble = trouble_in(argument, get)
        if trouble:
            return trouble
    values = [number_of(argument)(get) for argument in term.arguments]
    if None in values or number_of(term)(get) is not None:
        return ""
    if term.function == "/" and values[1] == 0:
        return f"#DIV/0! {term.arguments[1]} is 0"
    return f"#NUM! {term} has no finite value"


def round_half_away(value: float, digits: float = 0.0) -> float:
    """Return ``value`` rounded as Excel's ROUND does: halves go away from zero."""
    from decimal import ROUND_HALF_UP, Decimal

    unit = Decimal(1).scaleb(-int(digits))
    exact = Decimal(repr(float(value)))
    return float((exact / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit)


def _minimum(*values: float) -> float:
    return min(values)


def _maximum(*values: float) -> float:
    return max(values)


_FUNCTIONS: dict[str, Callable[..., object]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
    "neg": operator.neg,
    "ABS": abs,
    "MIN": _minimum,
    "MAX": _maximum,
    "ROUND": round_half_away,
}

ARITHMETIC_FUNCTIONS: dict[str, Sequence[int]] = {
    "ABS": (1,),
    "MIN": range(1, 31),
    "MAX": range(1, 31),
    "ROUND": (1, 2),
}
"""Functions a condition may compute with, and how many arguments each takes."""


def fold(function: str, arguments: Sequence[float]) -> Number:
    """Return the value of a function of constants, or ``None`` when it has none."""
    try:
        return finite(_FUNCTIONS[function](*arguments))
    except (ArithmeticError, ValueError):
        return None
