"""Calling a function on values: arguments are coerced as its parameters say, errors go through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from metricsheet.formula.aggregates import Part, part_of_value
from metricsheet.formula.functions import FUNCTIONS
from metricsheet.formula.functions.signature import Function, Takes
from metricsheet.formula.functions.statistics import product_of_row
from metricsheet.formula.operators import OPERATORS, TOO_LARGE, negate
from metricsheet.language.message import Message
from metricsheet.values import NUM, VALUE, Cell, ExcelError
from metricsheet.values.coerce import to_logical, to_number, to_text

Applied = Callable[..., Cell]
Coerce = Callable[[Cell], Any]


def _as_is(cell: Cell) -> Cell:
    return cell


def _not_logical(cell: Cell) -> float | ExcelError:
    if isinstance(cell, bool):
        return ExcelError(VALUE, Message("not_a_number", text="TRUE" if cell else "FALSE"))
    return to_number(cell)


_COERCE: dict[Takes, Coerce] = {
    "number": to_number,
    "date": to_number,
    "text": to_text,
    "logical": to_logical,
    "strict": _not_logical,
}


def applier(function: Function, count: int) -> Applied:
    """Return ``function`` as a call on ``count`` single values; an aggregate takes its parts before them."""
    finish = function.finish
    singles = list(map(function.parameter, range(max(count, len(function.parameters)))))
    if function.kinds:
        if function.joins and count > 1:
            return product_of_row
        coerces = [_COERCE[p.takes] for p in singles if p.takes in _COERCE][:count]
        return _finite(_after_parts(finish, coerces))
    takes = [p.takes for p in singles[:count]]
    if all(t == "raw" for t in takes):
        return finish
    if takes == ["number"]:
        return _one_number(finish)
    return _coerced(finish, [_COERCE.get(t, _as_is) for t in takes])


def caller(name: str, count: int) -> Applied:
    """Return the operator or function ``name`` as a call on ``count`` single values, as a formula makes it.

    ``-`` of one value is its sign. Every argument of an aggregate must be one of its cells. Errors are
    answers; nothing is raised.
    """
    if name in OPERATORS:
        return negate if count == 1 else OPERATORS[name]
    function = FUNCTIONS[name]
    run = applier(function, 0 if function.kinds else count)
    if not function.kinds:
        return run
    part_of = written(function)

    def aggregate(*cells: Cell) -> Cell:
        parts = [part_of(cell) for cell in cells]
        for part in parts:
            if isinstance(part, ExcelError):
                return part
        return run(parts)

    return aggregate


def written(function: Function) -> Callable[[Cell], Part | Sequence[Part]]:
    """Return what makes the part of one value that is written straight into an aggregate."""
    kinds = function.kinds

    def part(cell: Cell) -> Part | Sequence[Part]:
        answers = [part_of_value(kind, cell) for kind in kinds]
        for answer in answers:
            if isinstance(answer, ExcelError):
                return answer
        return answers[0] if isinstance(answers[0], tuple) else answers

    return part


def _one_number(finish: Callable[[float], Cell]) -> Applied:
    def run(cell: Cell) -> Cell:
        number = to_number(cell)
        return number if isinstance(number, ExcelError) else finish(number)

    return run


def _read(coerces: list[Coerce], cells: tuple[Cell, ...]) -> list[Any] | ExcelError:
    """Return the arguments as their parameters read them; an error among them beats a text that cannot be."""
    arguments = [coerce(cell) for coerce, cell in zip(coerces, cells, strict=True)]
    for cell in (*cells, *arguments):
        if isinstance(cell, ExcelError):
            return cell
    return arguments


def _coerced(finish: Applied, coerces: list[Coerce]) -> Applied:
    def run(*cells: Cell) -> Cell:
        arguments = _read(coerces, cells)
        return arguments if isinstance(arguments, ExcelError) else finish(*arguments)

    return run


def _finite(run: Applied) -> Applied:
    """Return ``run`` with ``#NUM!`` where its number is past the range: compared or tested it would pass."""

    def checked(*arguments: Any) -> Cell:
        answer = run(*arguments)
        return ExcelError(NUM, TOO_LARGE) if answer.__class__ is float and answer - answer else answer

    return checked


def _after_parts(finish: Applied, coerces: list[Coerce]) -> Applied:
    if not coerces:
        return finish

    def run(parts: object, *cells: Cell) -> Cell:
        arguments = _read(coerces, cells)
        return arguments if isinstance(arguments, ExcelError) else finish(parts, *arguments)

    return run
