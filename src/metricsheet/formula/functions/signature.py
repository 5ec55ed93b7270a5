"""What an entry of the function table says about a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from metricsheet.formula.plan import PrimitiveKind
from metricsheet.records import field, record
from metricsheet.values import Cell

Takes = Literal["values", "condition", "criterion", "number", "strict", "text", "date", "logical", "raw"]
"""What an argument is and how it is read.

``values``: cells to aggregate, row by row · ``condition``: cells that a ``criterion`` is tested on ·
``number``, ``text``, ``date``, ``logical``: one value, coerced as Excel does · ``strict``: a number, but a
logical is ``#VALUE!`` · ``raw``: one value as it is. An error in any but ``raw`` is the function's answer.
"""
Result = Literal["number", "text", "date", "logical", "any", "same", "branches"]
"""The kind of the answer; ``same``: that of its cells, ``branches``: that of the values it chooses from."""
Family = Literal["statistics", "conditions", "mathematics", "logic", "information", "dates", "text"]


@record
class Parameter:
    """One argument of a function, as documentation and error messages name it."""

    name: str
    takes: Takes = "number"
    optional: bool = False


@record
class Example:
    """A formula, what its names stand for, and the answer; run by the tests and shown in the docs."""

    formula: str
    answer: float | str | bool
    inputs: Mapping[str, Sequence[Cell] | Cell] = field(default_factory=dict)


@record
class Function:
    """One entry of the table.

    ``repeats``: the last so many parameters may come again as a group. ``kinds`` is how it plans: the
    primitives asked for each argument of cells; a function without any takes single values. ``finish`` is
    how it finishes: the parts of each argument of cells, then the single values; or just the single values.
    ``whole``: one primitive over one argument is already the answer. ``joins``: all arguments of cells are
    multiplied row by row first. ``paired``: of two arguments of cells only the rows count that have a number
    in both. ``unit``: ``same`` as its cells or first value, ``none``, or a unit.
    ``nothing`` is the key of the message that an error without a reason gets. ``excel`` is the spelling
    stored in files.
    """

    name: str
    family: Family
    parameters: tuple[Parameter, ...]
    result: Result
    doc: str
    examples: tuple[Example, ...]
    finish: Callable[..., Cell]
    repeats: int = 0
    kinds: tuple[PrimitiveKind, ...] = ()
    whole: bool = False
    joins: bool = False
    paired: bool = False
    unit: str = "none"
    nothing: str = ""
    excel: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def stored_as(self) -> str:
        """The function's name in the XML of a workbook."""
        return self.excel or self.name

    @property
    def least(self) -> int:
        """The smallest number of arguments."""
        return sum(not p.optional for p in self.parameters)

    def fits(self, count: int) -> bool:
        """Return whether the function can have ``count`` arguments."""
        fixed = len(self.parameters)
        if self.least <= count <= fixed:
            return True
        return bool(self.repeats) and count > fixed and (count - fixed) % self.repeats == 0

    def parameter(self, index: int) -> Parameter:
        """Return the parameter that argument ``index`` (from 0) belongs to."""
        if index < len(self.parameters):
            return self.parameters[index]
        first = len(self.parameters) - self.repeats
        return self.parameters[first + (index - first) % self.repeats]

    def usage(self) -> str:
        """Return the function with its parameters, such as ``ROUND(number, digits)``."""
        words = [f"[{p.name}]" if p.optional else p.name for p in self.parameters]
        return f"{self.name}({', '.join([*words, '…'] if self.repeats else words)})"
