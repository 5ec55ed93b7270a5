"""Functions that say what a value is."""

from __future__ import annotations

from metricsheet.formula.functions.signature import Example, Function, Parameter
from metricsheet.language.message import Message
from metricsheet.values import NA_, Cell, ExcelError, is_number


def _is_text(cell: Cell) -> Cell:
    return isinstance(cell, str)


def _is_non_text(cell: Cell) -> Cell:
    return not isinstance(cell, str)


def _is_logical(cell: Cell) -> Cell:
    return isinstance(cell, bool)


def _is_blank(cell: Cell) -> Cell:
    return cell is None


def _is_error(cell: Cell) -> Cell:
    return isinstance(cell, ExcelError)


def _is_err(cell: Cell) -> Cell:
    return isinstance(cell, ExcelError) and cell.code != NA_


def _is_na(cell: Cell) -> Cell:
    return isinstance(cell, ExcelError) and cell.code == NA_


def _na() -> Cell:
    return ExcelError(NA_, Message("no_value_available"))


_VALUE = (Parameter("value", "raw"),)

INFORMATION = (
    Function(
        "ISNUMBER", "information", _VALUE, "logical",
        "Whether the value is a number (dates are).",
        (Example("ISNUMBER(5)", True), Example('ISNUMBER("5")', False)),
        is_number,
    ),
    Function(
        "ISTEXT", "information", _VALUE, "logical",
        "Whether the value is text.",
        (Example('ISTEXT("5")', True),),
        _is_text,
    ),
    Function(
        "ISNONTEXT", "information", _VALUE, "logical",
        "Whether the value is anything but text.",
        (Example("ISNONTEXT(5)", True),),
        _is_non_text,
    ),
    Function(
        "ISLOGICAL", "information", _VALUE, "logical",
        "Whether the value is TRUE or FALSE.",
        (Example("ISLOGICAL(1 > 2)", True),),
        _is_logical,
    ),
    Function(
        "ISBLANK", "information", _VALUE, "logical",
        "Whether the value is an empty cell.",
        (Example("ISBLANK(x)", True, {"x": None}), Example('ISBLANK("")', False)),
        _is_blank,
    ),
    Function(
        "ISERROR", "information", _VALUE, "logical",
        "Whether the value is an error.",
        (Example("ISERROR(1/0)", True),),
        _is_error,
    ),
    Function(
        "ISERR", "information", _VALUE, "logical",
        "Whether the value is an error other than #N/A.",
        (Example("ISERR(NA())", False),),
        _is_err,
    ),
    Function(
        "ISNA", "information", _VALUE, "logical",
        "Whether the value is #N/A.",
        (Example("ISNA(NA())", True),),
        _is_na,
    ),
    Function(
        "NA", "information", (), "any",
        "The error #N/A: no value available.",
        (Example("IFNA(NA(), 1)", 1),),
        _na, unit="unknown",
    ),
)  # fmt: skip
