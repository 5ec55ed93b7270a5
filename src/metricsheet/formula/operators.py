"""Operators on two values, with Excel's coercions and errors. Errors of the left side go first."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

from metricsheet.language.message import Message
from metricsheet.precision import HOLDS
from metricsheet.values import DIV0, NUM, Cell, ExcelError
from metricsheet.values.coerce import to_number, to_text
from metricsheet.values.compare import compare

Operator = Callable[[Cell, Cell], Cell]
TOO_LARGE = Message("result_too_large")


def first_error(*cells: object) -> ExcelError:
    """Return the first error: given the operands before what they were read as, an error beats a bad text."""
    return next(cell for cell in cells if isinstance(cell, ExcelError))


def _arithmetic(combine: Callable[[float, float], float]) -> Operator:
    def run(a: Cell, b: Cell) -> Cell:
        x, y = to_number(a), to_number(b)
        if isinstance(x, ExcelError) or isinstance(y, ExcelError):
            return first_error(a, b, x, y)
        result = combine(x, y)
        return result if isfinite(result) else ExcelError(NUM, TOO_LARGE)

    return run


def divide(a: Cell, b: Cell) -> Cell:
    """Return ``a / b``, or a bare ``#DIV/0!`` when ``b`` is zero or blank: the caller names the divisor."""
    x, y = to_number(a), to_number(b)
    if isinstance(x, ExcelError) or isinstance(y, ExcelError):
        return first_error(a, b, x, y)
    if y == 0:
        return ExcelError(DIV0)
    result = x / y
    return result if isfinite(result) else ExcelError(NUM, TOO_LARGE)


def raise_to(a: Cell, b: Cell) -> Cell:
    """Return ``a ^ b``; ``0^0`` and even roots of negative numbers are ``#NUM!``, ``0^-1`` is ``#DIV/0!``."""
    x, y = to_number(a), to_number(b)
    if isinstance(x, ExcelError) or isinstance(y, ExcelError):
        return first_error(a, b, x, y)
    if x == 0:
        if y == 0:
            return ExcelError(NUM, Message("zero_to_the_zero"))
        return ExcelError(DIV0, Message("zero_to_negative_power")) if y < 0 else 0.0
    root = x < 0 and y != int(y)
    # the one fraction that Excel raises a negative number to is an odd root: (-8)^(1/3) is -2
    if root and (1 / y) % 2 != 1:
        return ExcelError(NUM, Message("root_of_negative"))
    try:
        result = -((-x) ** y) if root else x**y
    except OverflowError:
        return ExcelError(NUM, TOO_LARGE)
    return result if isfinite(result) else ExcelError(NUM, TOO_LARGE)


def join(a: Cell, b: Cell) -> Cell:
    """Return the text of ``a`` followed by the text of ``b``; ``#VALUE!`` past Excel's 32,767 characters."""
    x, y = to_text(a), to_text(b)
    if isinstance(x, ExcelError):
        return x
    if isinstance(y, ExcelError):
        return y
    return checked_text(x + y)


def checked_text(text: str) -> Cell:
    """Return ``text``, or ``#VALUE!`` when no cell could hold it."""
    if len(text) > 32767:
        return ExcelError("#VALUE!", Message("text_too_long"))
    return text


def _comparison(holds: Callable[[int], bool]) -> Operator:
    def run(a: Cell, b: Cell) -> Cell:
        order = compare(a, b)
        return order if isinstance(order, ExcelError) else holds(order)

    return run


def negate(a: Cell) -> Cell:
    """Return ``-a``."""
    x = to_number(a)
    return x if isinstance(x, ExcelError) else 0.0 - x


def percent(a: Cell) -> Cell:
    """Return ``a%``."""
    x = to_number(a)
    return x if isinstance(x, ExcelError) else x / 100


OPERATORS: dict[str, Operator] = {
    "+": _arithmetic(lambda x, y: x + y),
    "-": _arithmetic(lambda x, y: x - y),
    "*": _arithmetic(lambda x, y: x * y),
    "/": divide,
    "^": raise_to,
    "&": join,
    **{sign: _comparison(holds) for sign, holds in HOLDS.items()},
}
