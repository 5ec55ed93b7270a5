"""Rules ready to run: conditions as closures, by Kleene's three-valued logic (``None`` is unknown)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from metricsheet.catalog.definitions import LocalText, Recommendation, Severity, Stage
from metricsheet.formula.functions.apply import caller
from metricsheet.language.message import Message
from metricsheet.precision import HOLDS, doubt, order
from metricsheet.records import field, made_from, record
from metricsheet.rules.language.conditions import (
    MIRRORED,
    All,
    Any,
    Arithmetic,
    Between,
    Compare,
    Condition,
    Constant,
    FactTerm,
    Flag,
    IsMissing,
    Not,
    OneOf,
    Operator,
    Term,
    type_of,
)
from metricsheet.rules.language.facts import Fact, Get, Scope, is_missing
from metricsheet.values import DIV0, Cell, ExcelError, is_number
from metricsheet.values.folding import caseless

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


Truth: TypeAlias = bool | None
Test: TypeAlias = Callable[[Get], Truth]


def compile_condition(condition: Condition) -> Test:
    """Return a closure that tells whether ``condition`` holds for the facts that ``get`` looks up.

    It never raises: a missing fact, a value of the wrong kind and a failed computation are all unknown.
    """
    if isinstance(condition, All):
        return _all([compile_condition(part) for part in condition.parts])
    if isinstance(condition, Any):
        return _any([compile_condition(part) for part in condition.parts])
    if isinstance(condition, Not):
        return _not(compile_condition(condition.part))
    if isinstance(condition, Flag):
        return _flag(condition.fact.name)
    if isinstance(condition, IsMissing):
        return _missing(condition.fact.name)
    if isinstance(condition, Between):
        low: Condition = Compare(">=", condition.term, condition.low)
        return _all(
            [compile_condition(low), compile_condition(Compare("<=", condition.term, condition.high))]
        )
    if isinstance(condition, OneOf):
        return _one_of(condition)
    return _compare(condition.operator, condition.left, condition.right)


def _all(tests: Sequence[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests

        def both(get: Get) -> Truth:
            a = first(get)
            if a is False:
                return False
            b = second(get)
            return b if a or b is False else None

        return both

    def every(get: Get) -> Truth:
        truth: Truth = True
        for test in tests:
            found = test(get)
            if found is False:
                return False
            if found is None:
                truth = None
        return truth

    return every


def _any(tests: Sequence[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def some(get: Get) -> Truth:
        truth: Truth = False
        for test in tests:
            found = test(get)
            if found:
                return True
            if found is None:
                truth = None
        return truth

    return some


def _not(test: Test) -> Test:
    def contrary(get: Get) -> Truth:
        found = test(get)
        return None if found is None else not found

    return contrary


def _flag(name: str) -> Test:
    def flag(get: Get) -> Truth:
        value = get(name)
        return value if value is True or value is False else None

    return flag


def _missing(name: str) -> Test:
    def missing(get: Get) -> Truth:
        return is_missing(get(name))

    return missing


def _one_of(condition: OneOf) -> Test:
    options = condition.options
    texts = [
        option.value for option in options if isinstance(option, Constant) and isinstance(option.value, str)
    ]
    if isinstance(condition.term, FactTerm) and len(texts) == len(options):
        name, words = condition.term.fact.name, frozenset(caseless(text) for text in texts)

        def one_of(get: Get) -> Truth:
            value = get(name)
            return caseless(value) in words if value.__class__ is str else None

        return one_of
    return _any([_compare("=", condition.term, option) for option in options])


def _compare(operator: Operator, left: Term, right: Term) -> Test:
    if isinstance(left, Constant) and isinstance(right, FactTerm):
        return _compare(MIRRORED[operator], right, left)
    if type_of(left) == "number":
        if isinstance(left, FactTerm) and isinstance(right, Constant):
            return _against_constant(operator, left.fact.name, float(right.value))
        return _two_numbers(operator, left, right)
    equal = _equal(left, right)
    return equal if operator == "=" else _not(equal)


def _equal(left: Term, right: Term) -> Test:
    if isinstance(left, FactTerm) and isinstance(right, Constant) and isinstance(right.value, str):
        name, word, folded = left.fact.name, right.value, caseless(right.value)

        def is_word(get: Get) -> Truth:
            value = get(name)
            if value.__class__ is str:
                return value == word or caseless(value) == folded
            return None

        return is_word
    first, second, wanted = _cell_of(left), _cell_of(right), str if type_of(left) == "text" else bool

    def equal(get: Get) -> Truth:
        a, b = first(get), second(get)
        if not isinstance(a, wanted) or not isinstance(b, wanted):
            return None
        return caseless(a) == caseless(b) if isinstance(a, str) and isinstance(b, str) else a is b

    return equal


def _cell_of(term: Term) -> Callable[[Get], Cell]:
    if isinstance(term, FactTerm):
        name = term.fact.name
        return lambda get: get(name)
    assert isinstance(term, Constant)
    value = term.value
    return lambda _: value


def _truths(operator: Operator) -> tuple[bool, bool, bool]:
    """Return whether ``operator`` holds for each order of two numbers, at that index: 0, 1, -1."""
    holds = HOLDS[operator]
    return holds(0), holds(1), holds(-1)


def _two_numbers(operator: Operator, left: Term, right: Term) -> Test:
    first, second, truths = number_of(left), number_of(right), _truths(operator)

    def compare(get: Get) -> Truth:
        a, b = first(get), second(get)
        return None if a is None or b is None else truths[order(a, b)]

    return compare


def _against_constant(operator: Operator, name: str, constant: float) -> Test:
    """Return the comparison of a fact with a constant: nearly every comparison of nearly every rule.

    It asks for the class of the value before anything else, and looks at digits only where it must, which
    takes half the time of a general comparison.
    """
    truths = _truths(operator)
    _, above, below = truths
    low, high = doubt(constant)

    def compare(get: Get) -> Truth:
        value = get(name)
        if value.__class__ is not float or value != value:
            number = read_number(value)
            return None if number is None else truths[order(number, constant)]
        if value < low:
            return below
        return above if value > high else truths[order(value, constant)]

    return compare


@record
class CompiledRule:
    """A rule ready to run. ``test`` and ``unless_test`` are made of the conditions, as closures over facts.

    ``reads`` are the facts that decide it; ``computes`` says that a condition does arithmetic, which can fail
    although every fact is there. ``texts_read`` are the names its texts show.
    """

    key: str
    stage: Stage
    severity: Severity
    scope: Scope
    when: Condition
    unless: Condition | None
    finding: LocalText
    recommend: tuple[Recommendation, ...]
    for_periods: int
    keep: int
    replaces: tuple[str, ...]
    reads: tuple[Fact, ...]
    texts_read: tuple[str, ...]
    computes: bool
    test: Test = field(init=False, compare=False, repr=False)
    unless_test: Test | None = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "test", compile_condition(self.when))
        unless = None if self.unless is None else compile_condition(self.unless)
        object.__setattr__(self, "unless_test", unless)

    def __reduce__(self) -> tuple[object, ...]:
        """Leave the closures behind: a rule must be able to go to another process."""
        return CompiledRule, made_from(self)
