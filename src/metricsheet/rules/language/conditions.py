"""A checked condition: what rules compute with, after names, types and units were found sound.

``terms`` are values (a fact, a constant, arithmetic over them); ``conditions`` are true, false or unknown.
``leaves`` of a condition are the single comparisons that a trace shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from metricsheet.catalog.definitions import Unit
from metricsheet.records import field, record
from metricsheet.rules.language.facts import Fact

Operator: TypeAlias = Literal["=", "<>", "<", "<=", ">", ">="]
OPPOSITE: dict[Operator, Operator] = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
MIRRORED: dict[Operator, Operator] = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@record
class FactTerm:
    """The value of a fact. ``at`` is the offset in the condition's text."""

    fact: Fact
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return self.fact.name


@record
class Constant:
    """A number, text or logical written in the condition; ``percent`` when it was written with ``%``."""

    value: float | str | bool
    percent: bool = False
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        if isinstance(self.value, bool):
            return "TRUE" if self.value else "FALSE"
        if isinstance(self.value, str):
            return '"' + self.value.replace('"', '""') + '"'
        return f"{self.value * 100:.12g}%" if self.percent else f"{self.value:.15g}"


@record
class Arithmetic:
    """``function`` is an operator, ``-`` also of one argument, or one of ``ABS MIN MAX ROUND``.

    ``unit`` is the unit of the result, ``None`` when it is a bare number or cannot be said.
    """

    function: str
    arguments: tuple[Term, ...]
    unit: Unit | None = None
    at: int = field(default=0, compare=False)

    @property
    def binding(self) -> int:
        """How tightly its parts hold together, the loosest first."""
        return _BINDING.get(self.function, 4) if len(self.arguments) == 2 else 4

    def __str__(self) -> str:
        if self.function == "-" and len(self.arguments) == 1:
            return f"-{_bracketed(self.arguments[0])}"
        if self.function in _BINDING:
            left, right = self.arguments
            own = self.binding
            return f"{_bracketed(left, own)} {self.function} {_bracketed(right, own + 1)}"
        return f"{self.function}({', '.join(map(str, self.arguments))})"


Term: TypeAlias = FactTerm | Constant | Arithmetic
_BINDING = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}


def _bracketed(term: Term, at_least: int = 4) -> str:
    loose = isinstance(term, Arithmetic) and term.binding < at_least
    return f"({term})" if loose else str(term)


@record
class Compare:
    """``left operator right``; texts compare without regard to case, as in Excel."""

    operator: Operator
    left: Term
    right: Term
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"


@record
class Flag:
    """A yes-or-no fact standing for itself."""

    fact: Fact
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return self.fact.name


@record
class IsMissing:
    """Whether a fact is not there; the only condition that is never unknown."""

    fact: Fact
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"ISMISSING({self.fact.name})"


@record
class Between:
    """Whether ``low <= term <= high``."""

    term: Term
    low: Term
    high: Term
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"BETWEEN({self.term}, {self.low}, {self.high})"


@record
class OneOf:
    """Whether ``term`` equals one of ``options``."""

    term: Term
    options: tuple[Term, ...]
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"IN({', '.join(map(str, (self.term, *self.options)))})"


@record
class Not:
    """The contrary of a condition; unknown stays unknown."""

    part: Condition
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"NOT({self.part})"


@record
class All:
    """True when every part is; false as soon as one part is false, whatever the others are."""

    parts: tuple[Condition, ...]
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"AND({', '.join(map(str, self.parts))})"


@record
class Any:
    """True as soon as one part is, whatever the others are; false when every part is false."""

    parts: tuple[Condition, ...]
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"OR({', '.join(map(str, self.parts))})"


Leaf: TypeAlias = Compare | Flag | IsMissing | Between | OneOf
Condition: TypeAlias = Leaf | Not | All | Any


def all_of(parts: tuple[Condition, ...]) -> Condition:
    """Return the conjunction of ``parts``, a single part being itself."""
    return parts[0] if len(parts) == 1 else All(parts)


def any_of(parts: tuple[Condition, ...]) -> Condition:
    """Return the disjunction of ``parts``, a single part being itself."""
    return parts[0] if len(parts) == 1 else Any(parts)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Yield the single comparisons of ``condition`` in the order they were written."""
    if isinstance(condition, (All, Any)):
        for part in condition.parts:
            yield from leaves(part)
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        yield condition


def signed_leaves(condition: Condition, negated: bool = False) -> Iterator[tuple[Leaf, bool]]:
    """Yield the single comparisons of ``condition``, each with whether its contrary must hold."""
    if isinstance(condition, (All, Any)):
        for part in condition.parts:
            yield from signed_leaves(part, negated)
    elif isinstance(condition, Not):
        yield from signed_leaves(condition.part, not negated)
    else:
        yield condition, negated


def terms(leaf: Leaf) -> tuple[Term, ...]:
    """Return the values a leaf compares, left to right."""
    if isinstance(leaf, Compare):
        return (leaf.left, leaf.right)
    if isinstance(leaf, Between):
        return (leaf.term, leaf.low, leaf.high)
    if isinstance(leaf, OneOf):
        return (leaf.term, *leaf.options)
    return (FactTerm(leaf.fact, leaf.at),)


def facts_in(term: Term) -> Iterator[Fact]:
    """Yield the facts a term reads, left to right."""
    if isinstance(term, FactTerm):
        yield term.fact
    elif isinstance(term, Arithmetic):
        for argument in term.arguments:
            yield from facts_in(argument)


def facts_of(condition: Condition) -> Iterator[Fact]:
    """Yield the facts a condition reads, left to right, repeated as often as they are written."""
    for leaf in leaves(condition):
        for term in terms(leaf):
            yield from facts_in(term)


def unit_of(term: Term) -> Unit | None:
    """Return the unit of a term, ``None`` for texts, flags, bare numbers and results of no single unit."""
    if isinstance(term, FactTerm):
        return term.fact.unit
    if isinstance(term, Constant):
        return "percent" if term.percent else None
    return term.unit


def type_of(term: Term) -> Literal["number", "text", "flag"]:
    """Return the type of value a term gives."""
    if isinstance(term, FactTerm):
        return term.fact.type
    if isinstance(term, Arithmetic):
        return "number"
    if isinstance(term.value, bool):
        return "flag"
    return "text" if isinstance(term.value, str) else "number"
