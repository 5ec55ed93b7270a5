"""Functions of single numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

from metricsheet.formula.functions.signature import Example, Function, Parameter
from metricsheet.formula.operators import TOO_LARGE, raise_to
from metricsheet.language.message import Message
from metricsheet.precision import cut
from metricsheet.values import DIV0, NUM, Cell, ExcelError


def _rounding(up: Callable[[float], bool]) -> Callable[[float, float], Cell]:
    """Return a function that rounds to digits; ``up`` says of the part cut off whether to go from zero."""

    def run(number: float, digits: float) -> Cell:
        parts = cut(number, int(max(min(digits, 400), -400)))
        if parts is None:
            return number
        kept, rest, exponent = parts
        kept += up(rest)
        if not kept:
            return 0.0
        rounded = float(f"{kept}e{exponent}")
        if math.isinf(rounded):
            return ExcelError(NUM, TOO_LARGE)
        return math.copysign(rounded, number)

    return run


_round = _rounding(lambda rest: rest >= 0.5)
_round_up = _rounding(lambda rest: rest > 0)
_round_down = _rounding(lambda _: False)


def _exp(number: float) -> Cell:
    try:
        return math.exp(number)
    except OverflowError:
        return ExcelError(NUM, TOO_LARGE)


def _no_logarithm(number: float) -> ExcelError:
    return ExcelError(NUM, Message("logarithm_not_positive", number=number))


def _log(number: float, base: float = 10.0) -> Cell:
    if number <= 0:
        return _no_logarithm(number)
    if base <= 0:
        return ExcelError(NUM, Message("base_not_positive", base=base))
    if base == 1:
        return ExcelError(DIV0, Message("base_is_one"))
    if base == 10:
        return math.log10(number)
    return math.log2(number) if base == 2 else math.log(number) / math.log(base)


def _mod(number: float, divisor: float) -> Cell:
    if divisor == 0:
        return ExcelError(DIV0)
    if abs(number / divisor) >= 1125900000000:
        return ExcelError(NUM, Message("quotient_too_large"))
    return number % divisor


def _quotient(number: float, divisor: float) -> Cell:
    if divisor == 0:
        return ExcelError(DIV0)
    quotient = number / divisor
    return float(math.trunc(quotient)) if math.isfinite(quotient) else ExcelError(NUM, TOO_LARGE)


def _to_multiple(number: float, multiple: float, step: Callable[[float], float]) -> Cell:
    """Return a multiple; quotient and product are cut to 15 digits, so that 0.3 is three times 0.1."""
    if not multiple:
        return 0.0
    quotient = float(f"{number / multiple:.15g}")
    product = step(quotient) * multiple if math.isfinite(quotient) else quotient
    return float(f"{product:.15g}") + 0.0 if math.isfinite(product) else ExcelError(NUM, TOO_LARGE)


def _signs_apart(number: float, multiple: float) -> ExcelError:
    return ExcelError(NUM, Message("multiple_of_other_sign", number=number, multiple=multiple))


def _mround(number: float, multiple: float) -> Cell:
    if number * multiple < 0:
        return _signs_apart(number, multiple)
    # signs are equal, so that the quotient is never below 0
    return _to_multiple(number, multiple, lambda times: math.floor(times + 0.5))


def _ceiling(number: float, multiple: float) -> Cell:
    if number > 0 > multiple:
        return _signs_apart(number, multiple)
    return _to_multiple(number, multiple, math.ceil)


def _floor(number: float, multiple: float) -> Cell:
    if number > 0 > multiple:
        return _signs_apart(number, multiple)
    if number and not multiple:
        return ExcelError(DIV0)
    return _to_multiple(number, multiple, math.floor)


def _directed(plain: Callable[[float], float], with_mode: Callable[[float], float]) -> Callable[..., Cell]:
    """Return a function that goes to a multiple; with a mode, negative numbers go the other way."""

    def run(number: float, multiple: float = 1.0, mode: float = 0.0) -> Cell:
        return _to_multiple(number, abs(multiple), with_mode if mode and number < 0 else plain)

    return run


_NO_ROOT = ExcelError(NUM, Message("square_root_of_negative"))
_NUMBER = (Parameter("number"),)
_ROUNDED = (Parameter("number"), Parameter("digits"))
_MULTIPLE = (Parameter("number"), Parameter("multiple"))
_DIRECTED = (Parameter("number"), Parameter("multiple", optional=True), Parameter("mode", optional=True))
_DIVIDED = (Parameter("number"), Parameter("divisor"))

MATHEMATICS = (
    Function(
        "ROUND", "mathematics", _ROUNDED, "same",
        "Rounded to the given number of decimals, halves away from zero; digits below 0 round to tens.",
        (Example("ROUND(2.345, 2)", 2.35), Example("ROUND(-2.5, 0)", -3), Example("ROUND(1234, -2)", 1200)),
        _round, unit="same",
    ),
    Function(
        "ROUNDUP", "mathematics", _ROUNDED, "same",
        "The number rounded away from zero.",
        (Example("ROUNDUP(2.341, 2)", 2.35), Example("ROUNDUP(-2.1, 0)", -3)),
        _round_up, unit="same",
    ),
    Function(
        "ROUNDDOWN", "mathematics", _ROUNDED, "same",
        "The number rounded towards zero.",
        (Example("ROUNDDOWN(2.349, 2)", 2.34), Example("ROUNDDOWN(-2.9, 0)", -2)),
        _round_down, unit="same",
    ),
    Function(
        "INT", "mathematics", _NUMBER, "same",
        "The next whole number below.",
        (Example("INT(2.9)", 2), Example("INT(-2.1)", -3)),
        lambda number: float(math.floor(number)), unit="same",
    ),
    Function(
        "TRUNC", "mathematics", (Parameter("number"), Parameter("digits", optional=True)), "same",
        "The number cut to the given number of decimals, to none when left out.",
        (Example("TRUNC(-2.9)", -2), Example("TRUNC(2.349, 2)", 2.34)),
        lambda number, digits=0.0: _round_down(number, digits), unit="same",
    ),
    Function(
        "MROUND", "mathematics", (Parameter("number", "strict"), Parameter("multiple", "strict")), "same",
        "The nearest multiple, halves away from zero; #NUM! where the signs differ.",
        (Example("MROUND(10, 3)", 9), Example("MROUND(-7.5, -5)", -10)),
        _mround, unit="same",
    ),
    Function(
        "CEILING", "mathematics", _MULTIPLE, "same",
        "The next multiple above; away from zero where both are negative.",
        (Example("CEILING(2.5, 2)", 4), Example("CEILING(-2.5, -2)", -4), Example("CEILING(-2.5, 2)", -2)),
        _ceiling, unit="same",
    ),
    Function(
        "FLOOR", "mathematics", _MULTIPLE, "same",
        "The next multiple below; towards zero where both are negative.",
        (Example("FLOOR(2.5, 2)", 2), Example("FLOOR(-2.5, -2)", -2), Example("FLOOR(-2.5, 2)", -4)),
        _floor, unit="same", nothing="zero_argument",
    ),
    Function(
        "CEILING.MATH", "mathematics", _DIRECTED, "same",
        "The next multiple (of 1 when left out) above; with a mode negative numbers go away from zero.",
        (Example("CEILING.MATH(-5.5, 2)", -4), Example("CEILING.MATH(-5.5, 2, 1)", -6)),
        _directed(math.ceil, math.floor), unit="same", excel="_xlfn.CEILING.MATH",
    ),
    Function(
        "FLOOR.MATH", "mathematics", _DIRECTED, "same",
        "The next multiple (of 1 when left out) below; with a mode negative numbers go towards zero.",
        (Example("FLOOR.MATH(-5.5, 2)", -6), Example("FLOOR.MATH(-5.5, 2, 1)", -4)),
        _directed(math.floor, math.ceil), unit="same", excel="_xlfn.FLOOR.MATH",
    ),
    Function(
        "ABS", "mathematics", _NUMBER, "same",
        "The number without its sign.",
        (Example("ABS(-3)", 3),),
        abs, unit="same",
    ),
    Function(
        "SIGN", "mathematics", _NUMBER, "number",
        "1 for a number above 0, -1 below, 0 for 0.",
        (Example("SIGN(-7)", -1),),
        lambda number: float((number > 0) - (number < 0)),
    ),
    Function(
        "SQRT", "mathematics", _NUMBER, "number",
        "The square root; #NUM! for a negative number.",
        (Example("SQRT(9)", 3),),
        lambda number: math.sqrt(number) if number >= 0 else _NO_ROOT, unit="unknown",
    ),
    Function(
        "POWER", "mathematics", (Parameter("number"), Parameter("power")), "number",
        "The number raised to a power, as number^power.",
        (Example("POWER(2, 10)", 1024),),
        raise_to, unit="unknown",
    ),
    Function(
        "EXP", "mathematics", _NUMBER, "number",
        "e raised to a power.",
        (Example("EXP(0)", 1),),
        _exp,
    ),
    Function(
        "LN", "mathematics", _NUMBER, "number",
        "The natural logarithm; #NUM! unless the number is above 0.",
        (Example("LN(EXP(2))", 2),),
        lambda number: math.log(number) if number > 0 else _no_logarithm(number),
    ),
    Function(
        "LOG", "mathematics", (Parameter("number"), Parameter("base", optional=True)), "number",
        "The logarithm to a base, 10 when it is left out.",
        (Example("LOG(8, 2)", 3), Example("LOG(1000)", 3)),
        _log,
    ),
    Function(
        "LOG10", "mathematics", _NUMBER, "number",
        "The logarithm to base 10.",
        (Example("LOG10(0.01)", -2),),
        lambda number: math.log10(number) if number > 0 else _no_logarithm(number),
    ),
    Function(
        "MOD", "mathematics", _DIVIDED, "same",
        "The remainder of a division, with the sign of the divisor.",
        (Example("MOD(7, 3)", 1), Example("MOD(-7, 3)", 2)),
        _mod, unit="same", nothing="zero_argument",
    ),
    Function(
        "QUOTIENT", "mathematics", (Parameter("number", "strict"), Parameter("divisor", "strict")), "number",
        "The whole part of a division.",
        (Example("QUOTIENT(7, 3)", 2), Example("QUOTIENT(-7, 3)", -2)),
        _quotient, unit="unknown", nothing="zero_argument",
    ),
    Function(
        "PI", "mathematics", (), "number",
        "The number π.",
        (Example("ROUND(PI(), 4)", 3.1416),),
        lambda: math.pi,
    ),
)  # fmt: skip
