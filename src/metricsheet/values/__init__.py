"""Excel's kinds of value: number, text, logical, blank, error; dates are serial numbers."""

from metricsheet.values.kinds import (
    DIV0,
    ERROR_CODES,
    NA_,
    NAME,
    NULL,
    NUM,
    REF,
    VALUE,
    Cell,
    ExcelError,
    is_number,
)

__all__ = [
    "DIV0",
    "ERROR_CODES",
    "NAME",
    "NA_",
    "NULL",
    "NUM",
    "REF",
    "VALUE",
    "Cell",
    "ExcelError",
    "is_number",
]
