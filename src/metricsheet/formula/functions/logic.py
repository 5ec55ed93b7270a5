"""Functions that choose, decide and say what a value is. An error in a branch not chosen does not matter."""

from __future__ import annotations

from collections.abc import Callable

from metricsheet.formula.functions.signature import Example, Function, Parameter
from metricsheet.formula.functions.statistics import Parts
from metricsheet.language.message import Message
from metricsheet.values import NA_, VALUE, Cell, ExcelError, is_number
from metricsheet.values.coerce import to_logical, to_number
from metricsheet.values.compare import compare


def _if(condition: Cell, then: Cell, otherwise: Cell = False) -> Cell:
    decided = to_logical(condition)
    if isinstance(decided, ExcelError):
        return decided
    return then if decided else otherwise


def _ifs(*cells: Cell) -> Cell:
    for condition, value in zip(cells[::2], cells[1::2], strict=True):
        decided = to_logical(condition)
        if isinstance(decided, ExcelError):
            return decided
        if decided:
            return value
    return ExcelError(NA_, Message("no_condition_true"))


def _switch(value: Cell, *cells: Cell) -> Cell:
    if isinstance(value, ExcelError):
        return value
    for candidate, result in zip(cells[::2], cells[1::2], strict=False):
        order = compare(value, candidate)
        if isinstance(order, ExcelError):
            return order
        if order == 0:
            return result
    return cells[-1] if len(cells) % 2 else ExcelError(NA_, Message("no_value_fits"))


def _choose(number: Cell, *values: Cell) -> Cell:
    which = to_number(number)
    if isinstance(which, ExcelError):
        return which
    if not 1 <= which < len(values) + 1:
        return ExcelError(VALUE, Message("nothing_to_choose", number=which, n=len(values)))
    return values[int(which) - 1]


def _counts(parts: Parts) -> tuple[float, float] | None:
    """Return how many are true and false, or ``None`` when nothing is either."""
    true, false = sum(part[0] for part in parts), sum(part[1] for part in parts)
    return (true, false) if true or false else None


def _and(parts: Parts) -> Cell:
    counts = _counts(parts)
    return counts[1] == 0 if counts else ExcelError(VALUE)


def _or(parts: Parts) -> Cell:
    counts = _counts(parts)
    return counts[0] > 0 if counts else ExcelError(VALUE)


def _xor(parts: Parts) -> Cell:
    counts = _counts(parts)
    return counts[0] % 2 == 1 if counts else ExcelError(VALUE)


_NO_LOGICALS = "no_logicals"
_LOGICALS = (Parameter("condition", "values"),)
_VALUE = Parameter("value", "raw")
_CONDITION = Parameter("condition", "raw")

LOGIC = (
    Function(
        "IF", "logic", (_CONDITION, _VALUE, Parameter("otherwise", "raw", optional=True)), "branches",
        "One value when a condition is true, another when it is not; FALSE when the other is left out.",
        (Example('IF(3 > 2, "yes", "no")', "yes"), Example("IF(FALSE, 1/0, 5)", 5)),
        _if, unit="branches",
    ),
    Function(
        "IFS", "logic", (_CONDITION, _VALUE), "branches",
        "The value behind the first condition that is true; #N/A when none is.",
        (Example('IFS(x >= 9, "high", x >= 7, "middle", TRUE, "low")', "middle", {"x": 8}),),
        _ifs, repeats=2, unit="branches", excel="_xlfn.IFS",
    ),
    Function(
        "SWITCH", "logic",
        (Parameter("value", "raw"), Parameter("candidate", "raw"), Parameter("result", "raw"),
         Parameter("next", "raw", optional=True)),
        "branches",
        "The result behind the first candidate that equals the value, else the last argument, else #N/A.",
        (Example('SWITCH(plan, "pro", 30, "free", 0, 10)', 30, {"plan": "Pro"}),),
        _switch, repeats=1, unit="unknown", excel="_xlfn.SWITCH",
    ),
    Function(
        "CHOOSE", "logic", (Parameter("number", "raw"), _VALUE), "branches",
        "The value of a number, the first being 1; a fraction is cut off, #VALUE! when there is none.",
        (Example('CHOOSE(2, "low", "middle", "high")', "middle"),),
        _choose, repeats=1, unit="branches",
    ),
    Function(
        "LET", "logic", (Parameter("name", "raw"), _VALUE, Parameter("calculation", "raw")), "branches",
        "A calculation in which names stand for values; a value may use the names before it.",
        (Example("LET(won, SUM(deals), won / COUNT(deals))", 0.5, {"deals": (1, 0, 1, 0)}),
         Example("LET(a, 2, b, a + 1, a * b)", 6)),
        lambda *cells: cells[-1], repeats=2, unit="branches", excel="_xlfn.LET",
    ),
    Function(
        "IFERROR", "logic", (_VALUE, Parameter("otherwise", "raw")), "branches",
        "The value, or something else when it is an error.",
        (Example("IFERROR(1/0, 0)", 0),),
        lambda value, otherwise: otherwise if isinstance(value, ExcelError) else value, unit="branches",
    ),
    Function(
        "IFNA", "logic", (_VALUE, Parameter("otherwise", "raw")), "branches",
        "The value, or something else when it is #N/A.",
        (Example("IFNA(NA(), 0)", 0),),
        lambda value, otherwise: (
            otherwise if isinstance(value, ExcelError) and value.code == NA_ else value
        ), unit="branches", excel="_xlfn.IFNA",
    ),
    Function(
        "AND", "logic", _LOGICALS, "logical",
        "Whether all conditions are true; over cells, whether all of them are.",
        (Example("AND(TRUE, 1 < 2)", True), Example("AND(x > 0)", False, {"x": (1, 0)})),
        _and, repeats=1, kinds=("logicals",), nothing=_NO_LOGICALS,
    ),
    Function(
        "OR", "logic", _LOGICALS, "logical",
        "Whether any condition is true; over cells, whether any of them is.",
        (Example("OR(FALSE, 1 < 2)", True), Example("OR(x > 0)", True, {"x": (1, 0)})),
        _or, repeats=1, kinds=("logicals",), nothing=_NO_LOGICALS,
    ),
    Function(
        "XOR", "logic", _LOGICALS, "logical",
        "Whether an odd number of conditions is true.",
        (Example("XOR(TRUE, TRUE)", False), Example("XOR(TRUE, FALSE)", True)),
        _xor, repeats=1, kinds=("logicals",), nothing=_NO_LOGICALS, excel="_xlfn.XOR",
    ),
    Function(
        "NOT", "logic", (Parameter("condition", "logical"),), "logical",
        "TRUE for what is false, FALSE for what is true.",
        (Example("NOT(1 > 2)", True),),
        lambda value: not value,
    ),
)  # fmt: skip


def _test(name: str, doc: str, examples: tuple[Example, ...], holds: Callable[[Cell], bool]) -> Function:
    """Return a function that says whether a value is something."""
    return Function(name, "information", (_VALUE,), "logical", doc, examples, holds)


INFORMATION = (
    _test(
        "ISNUMBER", "Whether the value is a number (dates are).",
        (Example("ISNUMBER(5)", True), Example('ISNUMBER("5")', False)), is_number,
    ),
    _test(
        "ISTEXT", "Whether the value is text.",
        (Example('ISTEXT("5")', True),), lambda cell: isinstance(cell, str),
    ),
    _test(
        "ISNONTEXT", "Whether the value is anything but text.",
        (Example("ISNONTEXT(5)", True),), lambda cell: not isinstance(cell, str),
    ),
    _test(
        "ISLOGICAL", "Whether the value is TRUE or FALSE.",
        (Example("ISLOGICAL(1 > 2)", True),), lambda cell: isinstance(cell, bool),
    ),
    _test(
        "ISBLANK", "Whether the value is an empty cell.",
        (Example("ISBLANK(x)", True, {"x": None}), Example('ISBLANK("")', False)), lambda cell: cell is None,
    ),
    _test(
        "ISERROR", "Whether the value is an error.",
        (Example("ISERROR(1/0)", True),), lambda cell: isinstance(cell, ExcelError),
    ),
    _test(
        "ISERR", "Whether the value is an error other than #N/A.",
        (Example("ISERR(NA())", False),), lambda cell: isinstance(cell, ExcelError) and cell.code != NA_,
    ),
    _test(
        "ISNA", "Whether the value is #N/A.",
        (Example("ISNA(NA())", True),), lambda cell: isinstance(cell, ExcelError) and cell.code == NA_,
    ),
    Function(
        "NA", "information", (), "any",
        "The error #N/A: no value available.",
        (Example("IFNA(NA(), 1)", 1),),
        lambda: ExcelError(NA_, Message("no_value_available")), unit="unknown",
    ),
)  # fmt: skip
