"""Questions drawn at random: columns that suit the arguments of a metric, and the dates of their rows."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

from metricsheet.catalog.definitions import DATE, Catalog, InputDefinition, MetricDefinition
from metricsheet.evaluation.prepare import definition_of
from tests.hosts.questions import Asked, Json, Rows

REF = {"e": "#REF!"}


def _asked(
    catalog: Catalog,
    metric: MetricDefinition,
    name: str,
    given: Mapping[str, Rows],
    settings: Mapping[str, str],
) -> Asked:
    rows = {key: {"rows": cells} for key, cells in given.items()}
    values = {**rows, **{key: {"value": word} for key, word in settings.items()}}
    return metric, name, [values.get(key) for key in catalog.arguments_of(metric)]


def _column(*cells: Json) -> Rows:
    return [[cell] for cell in cells]


def _keys(catalog: Catalog, metric: MetricDefinition) -> list[str]:
    return [key for key in catalog.arguments_of(metric) if key not in catalog.choices and key != DATE]


def likely(catalog: Catalog, metric: MetricDefinition, dice: random.Random) -> Iterator[Asked]:
    """Yield columns that suit the arguments: whole, with blanks, logicals, an error, in one row, in a
    block.
    """
    for kind in ("one row", "rows", "blanks", "logicals", "error", "block", "zeros", "numbers beside"):
        rows = 1 if kind in ("one row", "zeros") else dice.choice([2, 3, 8, 30])
        given = {}
        for key in _keys(catalog, metric):
            definition = definition_of(catalog, key)
            once = key in catalog.metrics or key in ("period_start", "period_end")
            single = once or (definition.over_time != "sum" and dice.random() < 0.7)
            cells = [_likely(definition, dice, zero=kind == "zeros") for _ in range(1 if single else rows)]
            if not single and kind in ("blanks", "logicals", "error"):
                said: dict[str, Json] = {"blanks": None, "logicals": dice.random() < 0.5}
                odd = said.get(kind, REF)
                for _ in range(1 if kind == "error" else max(1, rows // 4)):
                    cells[dice.randrange(rows)] = odd
            if kind == "numbers beside":
                cells[0] = _likely(definition, dice, zero=False, odd=True)
            wide = kind == "block" and not single and rows % 2 == 0
            given[key] = [cells[at : at + 2] for at in range(0, rows, 2)] if wide else _column(*cells)
        settings = {
            key: dice.choice(catalog.choices[key].one_of)
            for key in catalog.arguments_of(metric)
            if key in catalog.choices and dice.random() < 0.8
        }
        yield _asked(catalog, metric, f"likely: {kind}", given, settings)


def _likely(definition: InputDefinition, dice: random.Random, *, zero: bool, odd: bool = False) -> Json:
    """Return a cell that suits an input, or nearly (``odd``)."""
    if definition.type == "text":
        words = sorted(set(definition.means.values())) or ["north", "South", "NORTH", "C-17", 4.0, 12.0]
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
    return dice.choice([0.5, -3.0, 1e9, 7.0]) if odd else round(dice.uniform(1, 500), dice.choice([0, 2]))


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

_ODD = ("one date for all", "blank date", "total", "text date", "blank", "one cell", "error", "row")


def dated(catalog: Catalog, metric: MetricDefinition, dice: random.Random) -> Iterator[Asked]:
    """Yield columns with the dates of their rows: of every grain, repeated, shuffled, with odd cells."""
    for name, days in _GRAINS.items():
        for times, kind in ((1, "once"), (2, "twice"), (1, "odd")):
            dates: list[Json] = [day for day in days for _ in range(times)]
            if kind != "once":
                dice.shuffle(dates)
            odd = dice.choice(_ODD) if kind == "odd" else ""
            rows, given = len(dates), {}
            for key in _keys(catalog, metric):
                definition = definition_of(catalog, key)
                once = key in catalog.metrics and dice.random() < 0.7
                single = once or (odd == "one cell" and dice.random() < 0.5)
                cells = [_likely(definition, dice, zero=False) for _ in range(1 if single else rows)]
                if odd == "blank" or (odd == "error" and not single):
                    cells[dice.randrange(len(cells))] = None if odd == "blank" else REF
                if odd == "total" and all(isinstance(cell, float) for cell in cells):
                    cells[-1] = sum(cells[:-1]) if dice.random() < 0.8 else cells[-1]
                given[key] = [cells] if odd == "row" else _column(*cells)
            if odd in ("blank date", "text date"):
                dates[dice.randrange(rows)] = None if odd == "blank date" else "January"
            if odd == "total":
                dates[-1] = None
            given[DATE] = [dates] if odd == "row" else _column(*dates)
            if odd == "one date for all":
                given[DATE] = _column(dates[0])
            settings = {
                key: dice.choice(catalog.choices[key].one_of)
                for key in catalog.arguments_of(metric)
                if key in catalog.choices and (key != "chained" or dice.random() < 0.3)
            }
            yield _asked(catalog, metric, f"{name}, {kind} {odd}".strip(), given, settings)
