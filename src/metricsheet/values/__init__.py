"""Excel's kinds of value: number, text, logical, blank, error; dates are serial numbers."""

from metricsheet.values.kinds import (
    DIV0,
    ERROR_CODES,
    NAME,
    NULL,
    NUM,
    REF,
    VALUE,
    Cell,
    ExcelError,
    NA_,
)

__all__ = ["DIV0", "ERROR_CODES", "NAME", "NULL", "NUM", "REF", "VALUE", "Cell", "ExcelError", "NA_"]
