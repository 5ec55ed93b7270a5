"""Questions to a metric's functions, the same for every host: what stands in the cells of each argument.

Nothing here knows a host. A cell is a number, text, logical, ``None`` or an ``ExcelError``; a block is rows
of cells. ``questions`` gives every argument of a metric the same block, ``likely_questions`` draws cells
that suit each argument, so that there are numbers to compare.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from metricsheet.catalog.definitions import DATE, Catalog, InputDefinition, MetricDefinition
from metricsheet.evaluation.prepare import definition_of
from metricsheet.values import ERROR_CODES, Cell, ExcelError

Block = list[list[Cell]]


@dataclass(frozen=True)
class Question:
    """One call: the blocks by argument (those not named are left out), and the settings chosen."""

    name: str
    given: dict[str, Block]
    settings: dict[str, str] = field(default_factory=dict)


def column(*cells: Cell) -> Block:
    return [[cell] for cell in cells]


def blocks(low: float, high: float) -> Iterator[tuple[str, Block]]:
    """Yield (name, block) for cells from ``low`` to ``high``."""
    middle = float(math.floor((low + high) / 2))
    numbers = (high, low, middle, high, high)
    yield "one cell", column(high)
    yield "blank cell", column(None)
    yield "blank column", column(None, None, None)
    yield "column", column(*numbers)
    yield "row", [list(numbers)]
    yield "block", [[high, low], [middle, high]]
    yield "blanks between", column(high, None, low, None, high)
    yield "empty text", column(high, "", low)
    yield "empty text alone", column("")
    yield "text among numbers", column(high, "remark", low)
    yield "header", column("Header", high, low)
    yield "only text", column("remark", "other")
    yield "number as text", column(high, f"{low:g}")
    yield "percent text", column("12%", "50 %")
    yield "missing tokens", column(high, "n/a", "-", low)
    yield "no answer", column(high, "No Answer", "N/A", "--", " none ", "k.A.", high, "Yanıt yok")
    yield "stars", column(high, "*", low)
    yield "long strokes", column(high, "-" * 41, low)
    yield "logical", column(True, False, high)
    yield "only logicals", column(True, False)
    yield "one logical", column(True)
    yield "date", column(45382.0, high)
    yield "dates", column(45292.0, 45323.0, 45351.5)
    yield "zeros", column(0.0, 0.0)
    yield "one zero", column(0.0)
    yield "ones and zeros", column(1.0, 0.0, 1.0, 1.0)
    yield "off the scale", column(high + 1, low)
    yield "below the scale", column(high, low - 1)
    yield "five points", column(*[5.0, 4.0, 3.0] * 8)
    yield "five points, few", column(5.0, 4.0)
    yield "seven points", column(*[7.0, 4.0, 1.0] * 8)
    yield "many, none at the top", column(*[low, middle] * 12)
    yield "fractions", column(high - 0.5, low + 0.25, low)
    yield "nearly whole", column(high - 1e-12, low + 1e-11, high)
    yield "parts of one", column(0.25, 0.5)
    yield "huge", column(1e300, 1e300)
    yield "negative", column(-high - 1, -3.0)
    yield "both signs", column(-2.0, 3.0)
    yield "percents above one", column(1.5, 0.5)
    for code in ERROR_CODES:
        yield f"cell {code}", column(high, ExcelError(code))
    yield "two errors", column(ExcelError("#N/A"), ExcelError("#DIV/0!"), high)


def arguments_of(catalog: Catalog, metric: MetricDefinition) -> list[str]:
    """Return the arguments of cells, without dates and settings."""
    return [key for key in catalog.arguments_of(metric) if key not in catalog.choices and key != DATE]


def scale_of(catalog: Catalog, keys: list[str]) -> tuple[float, float]:
    scales = [catalog.inputs[key].scale for key in keys if key in catalog.inputs]
    scale = next((scale for scale in scales if scale is not None), None)
    return (scale.low, scale.high) if scale is not None else (20.0, 100.0)


def questions(catalog: Catalog, metric: MetricDefinition) -> Iterator[Question]:
    """Yield every block in every argument, and blocks of unequal length."""
    keys = arguments_of(catalog, metric)
    low, high = scale_of(catalog, keys)
    for name, block in blocks(low, high):
        yield Question(name, dict.fromkeys(keys, block))
    if len(keys) > 1:
        long, short, turned = column(high, low, high), column(high, low), [[high, low, high]]
        rest = keys[1:]
        yield Question("unequal lengths", {keys[0]: long, **dict.fromkeys(rest, short)})
        yield Question("column and cell", {keys[0]: long, **dict.fromkeys(rest, column(high))})
        yield Question("cell and column", {keys[0]: column(high), **dict.fromkeys(rest, long)})
        yield Question("column and row", {keys[0]: long, **dict.fromkeys(rest, turned)})


def likely_questions(catalog: Catalog, metric: MetricDefinition, dice: random.Random) -> Iterator[Question]:
    """Yield columns that suit the arguments: whole, with blanks, logicals, an error, in one row, in a
    block.
    """
    keys = arguments_of(catalog, metric)
    for kind in ("one row", "rows", "blanks", "logicals", "error", "block", "zeros", "numbers beside"):
        rows = 1 if kind in ("one row", "zeros") else dice.choice([2, 3, 8, 30])
        given = {}
        for key in keys:
            definition = definition_of(catalog, key)
            once = key in catalog.metrics or key in ("period_start", "period_end")
            single = once or (definition.over_time != "sum" and dice.random() < 0.7)
            cells = [
                likely_cell(definition, dice, zero=kind == "zeros") for _ in range(1 if single else rows)
            ]
            if not single and kind in ("blanks", "logicals", "error"):
                said: dict[str, Cell] = {"blanks": None, "logicals": dice.random() < 0.5}
                odd = said.get(kind, ExcelError("#REF!"))
                for _ in range(1 if kind == "error" else max(1, rows // 4)):
                    cells[dice.randrange(rows)] = odd
            if kind == "numbers beside":
                cells[0] = likely_cell(definition, dice, zero=False, odd=True)
            wide = kind == "block" and not single and rows % 2 == 0
            given[key] = [cells[at : at + 2] for at in range(0, rows, 2)] if wide else column(*cells)
        settings = {
            key: dice.choice(catalog.choices[key].one_of)
            for key in catalog.arguments_of(metric)
            if key in catalog.choices and dice.random() < 0.8
        }
        yield Question(f"likely: {kind}", given, settings)


def likely_cell(definition: InputDefinition, dice: random.Random, *, zero: bool, odd: bool = False) -> Cell:
    """Return a cell that suits an input, or nearly (``odd``)."""
    if definition.type == "text":
        words = sorted(set(definition.means.values())) or ["north", "South", "NORTH", "C-17", 4.0, 12]
        return dice.choice(words)
    if definition.type == "date":
        return dice.choice([1.0, 366.0, 2020.0, 45000.25]) if odd else float(dice.randrange(45292, 45658))
    if definition.type == "flag":
        return dice.choice([True, 2.0]) if odd else float(dice.random() < 0.4)
    if definition.scale is not None and definition.unit != "percent":
        low, high = definition.scale.low, definition.scale.high
        if odd:
            return dice.choice([low - 1, high + 1, high - 0.5, high + 1e-12])
        return float(dice.choice([low, high, high, dice.randint(int(low), int(high))]))
    if definition.unit == "percent":
        return dice.choice([1.2, 2.5, -0.1, 12.0]) if odd else round(dice.uniform(0, 1), 3)
    if zero:
        return 0.0
    if definition.sign == "loss" and dice.random() < 0.3:
        return -float(dice.randint(0, 9))
    return dice.choice([0.5, -3.0, 1e9, 7]) if odd else round(dice.uniform(1, 500), dice.choice([0, 2]))


_GRAINS = {
    "months": [45292.0, 45323.0, 45352.0, 45383.0],
    "month ends": [45322.0, 45351.0, 45382.0, 45412.0],
    "days of months": [45300.0, 45335.0, 45362.0],
    "one date": [45382.0],
    "two moments": [45382.25, 45382.75],
    "days": [45292.0, 45293.0, 45297.0, 45330.0],
    "weeks": [45292.0, 45299.0, 45313.0, 45334.0],
    "quarters": [45292.0, 45383.0, 45474.0, 45566.0],
    "quarter ends": [45382.0, 45473.0, 45565.0, 45657.0],
    "two quarters": [45292.0, 45383.0],
    "fiscal quarters": [45323.0, 45413.0, 45505.0],
    "years": [44927.0, 45292.0, 45658.0],
    "two year ends": [45291.0, 45657.0],
    "gap": [45292.0, 45323.0, 45413.0],
    "fifteen months": [44927.0 + 30.5 * month for month in range(15)],
    "years as numbers": [2022.0, 2023.0, 2024.0],
    "months as numbers": [202401.0, 202402.0, 202403.0],
    "small numbers": [1.0, 2.0, 3.0],
}
"""Dates of rows: what one row of a table is about, as the core tells it from its dates."""


_ODD = ("one date for all", "blank date", "text date", "blank", "one cell", "error", "row")


def dated_questions(catalog: Catalog, metric: MetricDefinition, dice: random.Random) -> Iterator[Question]:
    """Yield columns with the dates of their rows: of every grain, repeated, shuffled, with odd cells."""
    keys = arguments_of(catalog, metric)
    for name, days in _GRAINS.items():
        for times, kind in ((1, "once"), (2, "twice"), (1, "odd")):
            dates: list[Cell] = [day for day in days for _ in range(times)]
            if kind != "once":
                dice.shuffle(dates)
            odd = dice.choice(_ODD) if kind == "odd" else ""
            rows, given = len(dates), {}
            for key in keys:
                definition = definition_of(catalog, key)
                single = key in catalog.metrics or (odd == "one cell" and dice.random() < 0.5)
                cells = [likely_cell(definition, dice, zero=False) for _ in range(1 if single else rows)]
                if odd == "blank" or (odd == "error" and not single):
                    cells[dice.randrange(len(cells))] = None if odd == "blank" else ExcelError("#REF!")
                given[key] = [cells] if odd == "row" else column(*cells)
            if odd in ("blank date", "text date"):
                dates[dice.randrange(rows)] = None if odd == "blank date" else "January"
            given[DATE] = [dates] if odd == "row" else column(*dates)
            if odd == "one date for all":
                given[DATE] = column(dates[0])
            settings = {
                key: dice.choice(catalog.choices[key].one_of)
                for key in catalog.arguments_of(metric)
                if key in catalog.choices and (key != "chained" or dice.random() < 0.3)
            }
            yield Question(f"{name}, {kind} {odd}".strip(), given, settings)
