"""Condition lines of a rule file into one checked ``Condition``; every problem points into its text."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.catalog.definitions import ConditionText
from metricsheet.catalog.yaml.tree import place_in_text
from metricsheet.errors import Diagnostic, did_you_mean
from metricsheet.formula.ast import Binary, Call, Logical, Name, Node, Number, Percent, Text, Unary, to_text
from metricsheet.formula.functions.apply import caller
from metricsheet.formula.parse import parse_formula
from metricsheet.language.message import Message
from metricsheet.rules.language.conditions import (
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
    all_of,
    any_of,
    facts_in,
    type_of,
    unit_of,
)
from metricsheet.rules.language.facts import Fact, Vocabulary, unknown_fact, with_logic_hint
from metricsheet.rules.language.units import common_unit, mismatch, product_unit, quotient_unit
from metricsheet.source import Place
from metricsheet.values import is_number

ARITHMETIC_FUNCTIONS: dict[str, Sequence[int]] = {
    "ABS": (1,),
    "MIN": range(1, 31),
    "MAX": range(1, 31),
    "ROUND": (1, 2),
}
"""Functions of the formula language a condition may compute with, and how many arguments each takes."""
LOGICAL_FUNCTIONS = ("AND", "OR", "NOT", "BETWEEN", "IN", "ISMISSING")
_OPERATORS: dict[str, Operator] = {"=": "=", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class _Problem(Exception):  # noqa: N818 (a jump to the place where the part is given up, never seen outside)
    pass


class ConditionChecker:
    """Checks one condition line. A part with a problem is given up, its neighbours are still checked."""

    def __init__(
        self,
        text: str,
        place: Place | None,
        fallback: Place | None,
        vocabulary: Vocabulary,
        problems: list[Diagnostic],
    ) -> None:
        self.text, self.place, self.fallback = text, place, fallback
        self.vocabulary, self.problems = vocabulary, problems

    def refuse(self, message: Message, at: int, hint: Message | None = None, code: str = "") -> _Problem:
        """Note a problem at an offset of the text; raise what comes back to give the part up."""
        place = self.fallback if self.place is None else place_in_text(self.place, self.text, at)
        self.problems.append(Diagnostic(message, place, hint, code=code))
        return _Problem()

    def condition(self, node: Node) -> Condition | None:
        """Return the condition ``node`` stands for, or ``None`` after a problem was noted."""
        try:
            return self._condition(node)
        except _Problem:
            return None

    def _condition(self, node: Node) -> Condition:
        if isinstance(node, Binary) and node.op in _OPERATORS:
            return self._comparison(node)
        if isinstance(node, Call) and node.name in LOGICAL_FUNCTIONS:
            return self._logical(node)
        if isinstance(node, Name):
            fact = self._fact(node)
            if fact.type == "flag":
                return Flag(fact, node.at)
            example = f'{fact.name} = "{fact.words[0]}"' if fact.words else f"{fact.name} > 0"
            kind = Message("kind_text" if fact.type == "text" else "kind_number")
            message = Message("not_a_condition.fact", fact=fact.name, kind=kind)
            raise self.refuse(message, node.at, Message("compare_it", example=example))
        if isinstance(node, Logical):
            message = Message("no_fact.constant")
            raise self.refuse(message, node.at)
        if isinstance(node, Call) and node.name not in ARITHMETIC_FUNCTIONS:
            raise self._unknown_function(node)
        message = Message("not_a_condition.value", text=to_text(node))
        raise self.refuse(message, _start(node), Message("compare_it_plain"))

    def _logical(self, node: Call) -> Condition:
        name, arguments = node.name, node.args
        if name in ("AND", "OR"):
            if not arguments:
                raise self.refuse(Message("wrong_arguments.conditions", function=name), node.at)
            parts = [self.condition(argument) for argument in arguments]
            found = tuple(part for part in parts if part is not None)
            if len(found) != len(parts):
                raise _Problem
            return (All if name == "AND" else Any)(found, node.at)
        if name == "NOT":
            self._count(node, 1, "NOT(condition)")
            return Not(self._condition(arguments[0]), node.at)
        if name == "ISMISSING":
            self._count(node, 1, "ISMISSING(metric)")
            if not isinstance(arguments[0], Name):
                message = Message("wrong_arguments.fact_name", found=to_text(arguments[0]))
                raise self.refuse(
                    message,
                    _start(arguments[0]),
                    Message("write", text="ISMISSING(metric)"),
                )
            return IsMissing(self._fact(arguments[0]), node.at)
        if name == "BETWEEN":
            self._count(node, 3, "BETWEEN(value, low, high)")
            return self._between(node, *self._terms(arguments))
        if len(arguments) < 2:
            message = Message("wrong_arguments.options")
            raise self.refuse(message, node.at, Message("write", text="IN(value, option, option)"))
        value, *options = self._terms(arguments)
        self._must_read(node, (value, *options))
        fine = [self._options_fit(value, option, arguments[i + 1]) for i, option in enumerate(options)]
        if not all(fine):
            raise _Problem
        return OneOf(value, tuple(_canonical(value, option) for option in options), node.at)

    def _between(self, node: Call, value: Term, low: Term, high: Term) -> Condition:
        self._must_read(node, (value, low, high))
        self._must_fit(value, low, ordered=True, nodes=(node.args[0], node.args[1]))
        self._must_fit(value, high, ordered=True, nodes=(node.args[0], node.args[2]))
        if isinstance(low, Constant) and isinstance(high, Constant) and float(low.value) > float(high.value):
            message = Message("never_true", low=str(low), high=str(high))
            raise self.refuse(message, _start(node.args[1]), Message("smaller_number_first"))
        return Between(value, low, high, node.at)

    def _comparison(self, node: Binary) -> Condition:
        if isinstance(node.left, Binary) and node.left.op in _OPERATORS:
            message = Message("not_a_value.compared", left=to_text(node.left), right=to_text(node.right))
            hint = Message("write_between")
            raise self.refuse(message, node.at, hint)
        left, right = self._terms((node.left, node.right))
        self._must_read(node, (left, right))
        operator = _OPERATORS[node.op]
        self._must_fit(left, right, ordered=operator not in ("=", "<>"), nodes=(node.left, node.right))
        return Compare(operator, _canonical(right, left), _canonical(left, right), _start(node))

    def _terms(self, nodes: Sequence[Node]) -> list[Term]:
        """Return the values of ``nodes``; all are read before one that cannot be read ends the part."""
        found: list[Term] = []
        for node in nodes:
            try:
                found.append(self._term(node))
            except _Problem:
                continue
        if len(found) != len(nodes):
            raise _Problem
        return found

    def _term(self, node: Node) -> Term:
        at = _start(node)
        if isinstance(node, Number):
            return Constant(node.value, at=at)
        if isinstance(node, (Text, Logical)):
            return Constant(node.value, at=at)
        if isinstance(node, Name):
            return FactTerm(self._fact(node), at)
        if isinstance(node, Percent):
            return self._percent(node)
        if isinstance(node, Unary):
            inner = self._number(node.operand)
            return inner if node.op == "+" else self._computed("-", (inner,), at)
        if isinstance(node, Binary) and node.op in ("+", "-", "*", "/", "^"):
            left, right = self._terms((node.left, node.right))
            self._must_be_number(left, node.left)
            self._must_be_number(right, node.right)
            if node.op in ("+", "-"):
                self._must_fit(left, right, ordered=True, nodes=(node.left, node.right))
            return self._computed(node.op, (left, right), at)
        if isinstance(node, Call) and node.name in ARITHMETIC_FUNCTIONS:
            return self._function(node)
        if isinstance(node, Call) and node.name not in LOGICAL_FUNCTIONS:
            raise self._unknown_function(node)
        kind = "a_condition" if isinstance(node, (Call, Binary)) else "not_allowed_here"
        if isinstance(node, Binary) and node.op == "&":
            kind = "joined_text"
        message = Message("not_a_value.kind", found=to_text(node) or Message("nothing"), kind=Message(kind))
        raise self.refuse(message, at)

    def _percent(self, node: Percent) -> Term:
        inner = self._number(node.operand)
        if not isinstance(inner, Constant):
            message = Message("not_a_value.percent", found=str(inner))
            raise self.refuse(message, _start(node))
        return Constant(float(inner.value) / 100, percent=True, at=_start(node))

    def _function(self, node: Call) -> Term:
        allowed = ARITHMETIC_FUNCTIONS[node.name]
        if len(node.args) not in allowed:
            one = list(allowed) == [1]
            takes = (
                Message("takes_exactly", count=1)
                if one
                else Message("takes_from_to", count=allowed[0], most=allowed[-1])
            )
            message = Message("argument_count", function=node.name, takes=takes, count=len(node.args))
            raise self.refuse(message, node.at, code="wrong_arguments")
        arguments = self._terms(node.args)
        for argument, part in zip(arguments, node.args, strict=True):
            self._must_be_number(argument, part)
        if node.name in ("MIN", "MAX"):
            for other, part in zip(arguments[1:], node.args[1:], strict=True):
                self._must_fit(arguments[0], other, ordered=True, nodes=(node.args[0], part))
        if node.name == "ROUND" and len(arguments) == 1:
            arguments.append(Constant(0.0))
        return self._computed(node.name, tuple(arguments), node.at)

    def _computed(self, function: str, arguments: tuple[Term, ...], at: int) -> Term:
        if len(arguments) == 1 or function in ("ROUND", "^"):
            unit = None if function == "^" else unit_of(arguments[0])
        elif function == "*":
            unit = product_unit(*arguments)
        elif function == "/":
            unit = quotient_unit(*arguments)
        else:
            united = [argument for argument in arguments if unit_of(argument) is not None]
            unit = common_unit(arguments[0], united[0]) if united else None
        constants = [float(a.value) for a in arguments if isinstance(a, Constant)]
        if len(constants) < len(arguments):
            return Arithmetic(function, arguments, unit, at)
        value = caller(function, len(constants))(*constants)
        if not is_number(value):
            written = str(Arithmetic(function, arguments, unit))
            raise self.refuse(Message("not_a_value.no_value", text=written), at)
        return Constant(value, unit == "percent", at)

    def _number(self, node: Node) -> Term:
        term = self._term(node)
        self._must_be_number(term, node)
        return term

    def _must_be_number(self, term: Term, node: Node) -> None:
        if type_of(term) != "number":
            raise self.refuse(Message("type_mismatch.number", found=str(term)), _start(node))

    def _must_fit(self, left: Term, right: Term, *, ordered: bool, nodes: tuple[Node, Node]) -> None:
        check = mismatch(left, right, ordered=ordered)
        if check is not None:
            (message, hint), side = check
            raise self.refuse(message, _start(nodes[0] if side is left else nodes[1]), hint)

    def _options_fit(self, value: Term, option: Term, node: Node) -> bool:
        try:
            self._must_fit(value, option, ordered=False, nodes=(node, node))
        except _Problem:
            return False
        return True

    def _must_read(self, node: Node, found: Sequence[Term]) -> None:
        if not any(True for term in found for _ in facts_in(term)):
            message = Message("no_fact.always_the_same", text=to_text(node))
            raise self.refuse(message, _start(node))

    def _count(self, node: Call, wanted: int, form: str) -> None:
        if len(node.args) != wanted:
            takes = Message("takes_exactly", count=wanted)
            message = Message("argument_count", function=node.name, takes=takes, count=len(node.args))
            raise self.refuse(message, node.at, Message("write", text=form), "wrong_arguments")

    def _fact(self, node: Name) -> Fact:
        fact = self.vocabulary.fact(node.name)
        if fact is None:
            message, hint = unknown_fact(node.name, self.vocabulary)
            raise self.refuse(message, node.at, hint)
        return fact

    def _unknown_function(self, node: Call) -> _Problem:
        known = (*LOGICAL_FUNCTIONS, *ARITHMETIC_FUNCTIONS)
        hint = did_you_mean(node.name, known) or Message("conditions_know", names=tuple(known))
        if node.name.startswith(("SUM", "COUNT", "AVERAGE", "MEDIAN")):
            hint = Message("rules_read_metrics")
        message = Message("unknown_function.in_conditions", function=node.name)
        return self.refuse(message, node.at, hint)


def _canonical(value: Term, option: Term) -> Term:
    """Return ``option`` with the spelling of the word it means, so that ``"Warn"`` is shown as ``"warn"``."""
    if isinstance(option, Constant) and isinstance(option.value, str) and isinstance(value, FactTerm):
        for word in value.fact.words or ():
            if word.casefold() == option.value.casefold():
                return Constant(word, at=option.at)
    return option


def _start(node: Node) -> int:
    """Return the offset where ``node`` begins: that of an operation is its first operand's."""
    while isinstance(node, (Binary, Percent)):
        node = node.left if isinstance(node, Binary) else node.operand
    return node.at


def read_conditions(
    lines: Sequence[ConditionText], vocabulary: Vocabulary, rule_place: Place | None = None
) -> tuple[Condition | None, tuple[Diagnostic, ...]]:
    """Return the conjunction of ``lines`` and every problem found; no condition where there is an error."""
    problems: list[Diagnostic] = []
    condition = _read_all(lines, vocabulary, rule_place, problems)
    return (None if problems else condition), tuple(problems)


def _read_all(
    lines: Sequence[ConditionText], vocabulary: Vocabulary, place: Place | None, problems: list[Diagnostic]
) -> Condition | None:
    parts = [_read_line(line, vocabulary, line.place or place, problems) for line in lines]
    found = tuple(part for part in parts if part is not None)
    return all_of(found) if found and len(found) == len(parts) else None


def _read_line(
    line: ConditionText, vocabulary: Vocabulary, place: Place | None, problems: list[Diagnostic]
) -> Condition | None:
    if line.any_of:
        parts = [_read_line(part, vocabulary, part.place or place, problems) for part in line.any_of]
        found = tuple(part for part in parts if part is not None)
        return any_of(found) if len(found) == len(parts) else None
    start = place_in_text(line.place, line.text, 0) if line.place is not None else place
    node, refused = parse_formula(line.text, start)
    if node is None:
        problems.extend(with_logic_hint(line.text, problem) for problem in refused)
        return None
    return ConditionChecker(line.text, line.place, place, vocabulary, problems).condition(node)
