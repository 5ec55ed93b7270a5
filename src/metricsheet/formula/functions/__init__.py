"""The function table: every function a formula may call, one literal entry each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from metricsheet.formula.functions.conditions import CONDITIONS
from metricsheet.formula.functions.dates import DATES
from metricsheet.formula.functions.logic import INFORMATION, LOGIC
from metricsheet.formula.functions.mathematics import MATHEMATICS
from metricsheet.formula.functions.signature import Example, Function, Parameter
from metricsheet.formula.functions.statistics import STATISTICS
from metricsheet.formula.functions.text import TEXT

_TABLE = (*STATISTICS, *CONDITIONS, *MATHEMATICS, *LOGIC, *INFORMATION, *DATES, *TEXT)

FUNCTIONS: Mapping[str, Function] = MappingProxyType({function.name: function for function in _TABLE})
"""All functions by name, in the order of the documentation."""

SPELLINGS: Mapping[str, Function] = MappingProxyType(
    dict(FUNCTIONS) | {alias: function for function in _TABLE for alias in function.aliases}
)
"""All functions by every name that formulas may use, older spellings such as ``STDEV`` included."""

__all__ = ["FUNCTIONS", "SPELLINGS", "Example", "Function", "Parameter"]
