"""Functions that say what a value is."""

from __future__ import annotations

from metricsheet.formula.functions.signature import Example, Function, Parameter
from metricsheet.language.message import Message
from metricsheet.values import NA_, ExcelError, is_number

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
        lambda cell: isinstance(cell, str),
    ),
    Function(
        "ISNONTEXT", "information", _VALUE, "logical",
        "Whether the value is anything but text.",
        (Example("ISNONTEXT(5)", True),),
        lambda cell: not isinstance(cell, str),
    ),
    Function(
        "ISLOGICAL", "information", _VALUE, "logical",
        "Whether the value is TRUE or FALSE.",
        (Example("ISLOGICAL(1 > 2)", True),),
        lambda cell: isinstance(cell, bool),
    ),
    Function(
        "ISBLANK", "information", _VALUE, "logical",
        "Whether the value is an empty cell.",
        (Example("ISBLANK(x)", True, {"x": None}), Example('ISBLANK("")', False)),
        lambda cell: cell is None,
    ),
    Function(
        "ISERROR", "information", _VALUE, "logical",
        "Whether the value is an error.",
        (Example("ISERROR(1/0)", True),),
        lambda cell: isinstance(cell, ExcelError),
    ),
    Function(
        "ISERR", "information", _VALUE, "logical",
        "Whether the value is an error other than #N/A.",
        (Example("ISERR(NA())", False),),
        lambda cell: isinstance(cell, ExcelError) and cell.code != NA_,
    ),
    Function(
        "ISNA", "information", _VALUE, "logical",
        "Whether the value is #N/A.",
        (Example("ISNA(NA())", True),),
        lambda cell: isinstance(cell, ExcelError) and cell.code == NA_,
    ),
    Function(
        "NA", "information", (), "any",
        "The error #N/A: no value available.",
        (Example("IFNA(NA(), 1)", 1),),
        lambda: ExcelError(NA_, Message("no_value_available")), unit="unknown",
    ),
)  # fmt: skip
