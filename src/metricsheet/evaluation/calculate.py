"""One formula over values at hand, without definitions: the formula language for anyone to call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import TypeAlias

from metricsheet.engines.cells import CellsEngine
from metricsheet.engines.columns import Column
from metricsheet.errors import DefinitionError
from metricsheet.formula.aggregates import Part
from metricsheet.formula.compile import compile_formula
from metricsheet.formula.finish import finish
from metricsheet.formula.plan import NameInfo, Plan, Primitive
from metricsheet.language.message import Message
from metricsheet.values import NUM, Cell, ExcelError

Item: TypeAlias = Cell | dt.date | dt.datetime
Values: TypeAlias = Item | Sequence[Item] | Sequence[Sequence[Item]] | Column
"""One cell, a row or column, a block of rows, or a ``Column`` packed once for several formulas."""


def calculate(formula: str, inputs: Mapping[str, Values] | None = None) -> float | str | bool | ExcelError:
    """Return what ``formula`` gives, with Excel's semantics, when its names stand for ``inputs``.

    A list is a range of cells (a list of lists is read row by row) and stands for its sum where one value is
    needed; anything else is one cell. Dates become serial numbers, ``None`` and not-a-number are blank. An
    empty answer is 0, as in a cell. Raises ``DefinitionError`` when the formula cannot be read.

    >>> calculate('(COUNTIF(s, ">=9") - COUNTIF(s, "<=6")) / COUNT(s) * 100', {"s": [10, 9, 8, 6]})
    25.0
    """
    ranges: dict[str, Column] = {}
    cells: dict[str, Cell] = {}
    for name, values in (inputs or {}).items():
        if isinstance(values, Column):
            ranges[name] = values
            continue
        listed = _listed(values)
        if listed is None:
            cells[name] = Column([values]).cells[0]  # type: ignore[list-item]  # a single cell, as typed
        else:
            ranges[name] = Column(listed)
    plan = _plan(formula, tuple(ranges), tuple(cells))
    value = finish(plan.residual, plan, _Given(cells, CellsEngine(ranges)))
    if value is None:
        return 0.0
    if isinstance(value, (bool, str, ExcelError)):
        return value
    number = float(value)
    return number if number - number == 0 else ExcelError(NUM, Message("too_large.result"))


@lru_cache(maxsize=256)
def _plan(formula: str, ranges: tuple[str, ...], cells: tuple[str, ...]) -> Plan:
    names = dict.fromkeys(ranges, NameInfo("cell")) | dict.fromkeys(cells, NameInfo("parameter"))
    plan, diagnostics = compile_formula(formula, names, strict=False)
    if plan is None:
        raise DefinitionError(diagnostics)
    return plan


def _listed(values: Values) -> list[Cell] | None:
    """Return the cells of a range in reading order, or ``None`` when ``values`` is a single cell."""
    if isinstance(values, (str, bytes)):
        return None
    if not isinstance(values, (list, tuple)):
        to_list = getattr(values, "tolist", None)
        if to_list is None:
            return list(values) if isinstance(values, Sequence) else None  # type: ignore[arg-type]
        values = to_list()
        if not isinstance(values, (list, tuple)):
            return None
    if any(isinstance(row, (list, tuple)) for row in values):
        rows = [row if isinstance(row, (list, tuple)) else (row,) for row in values]
        return list(chain.from_iterable(rows))
    return list(values)


class _Given:
    """Names as one call binds them."""

    __slots__ = ("cells", "engine")

    def __init__(self, cells: Mapping[str, Cell], engine: CellsEngine) -> None:
        self.cells = cells
        self.engine = engine

    def name(self, name: str) -> Cell:
        return self.cells[name]

    def primitive(self, primitive: Primitive, criteria: tuple[Cell, ...]) -> Part:
        return self.engine.primitive(primitive, criteria)


__all__ = ["Values", "calculate"]
