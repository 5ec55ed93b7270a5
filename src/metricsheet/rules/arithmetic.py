"""Values inside conditions: reading a fact as its type, and arithmetic that turns unknown when it must.

A wrong kind of value or a division by zero has no truth: the closures give ``None`` for it just as for a
missing fact, so that the order of comparisons never matters; ``problem_of`` tells the two apart afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

from metricsheet.rules.conditions import Constant, FactTerm, Term
from metricsheet.rules.facts import Fact, is_missing
from metricsheet.rules.periods import Get
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
        name = term.fact.name
        return lambda get: read_number(get(name))
    function = _FUNCTIONS[term.function]
    arguments = [number_of(argument) for argument in term.arguments]

    def compute(get: Get) -> Number:
        values = [argument(get) for argument in arguments]
        if None in values:
            return None
        try:
            return finite(function(*values))
        except (ArithmeticError, ValueError):
            return None

    return compute


def finite(value: object) -> Number:
    """Return a result that is a finite real number, else ``None``."""
    return value if isinstance(value, (int, float)) and math.isfinite(value) else None


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


def _power(base: float, exponent: float) -> object:
    return base**exponent


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
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": _power,
    "neg": lambda a: -a,
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
