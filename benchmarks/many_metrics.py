"""Fifty metrics over one table against one, and against pandas computing them one by one."""

from __future__ import annotations

import random
from collections.abc import Iterator

from benchmarks.measure import Row, at_most, in_turn, told
from metricsheet.engines.cells import CellsEngine
from metricsheet.engines.columns import Column
from metricsheet.formula.compile import compile_formula
from metricsheet.formula.finish import finish
from metricsheet.formula.plan import Plan, Primitive
from metricsheet.values import Cell

_FORMULA = '(COUNTIF(score, ">={high}") - COUNTIF(score, "<={low}")) / COUNT(score) * 100 + {add}'


# metrics that share little: different functions, conditions and columns
_MIXED = (
    'COUNTIFS(score, ">={n}", region, "EU") / COUNT(score)',
    'SUMIFS(amount, region, "US", score, ">{n}") / SUM(amount)',
    'AVERAGEIF(score, "<={n}", amount)',
    "SUM(amount) / COUNT(score) + {n}",
    "SUMPRODUCT(amount, seats) / SUM(seats) * {n}",
    'COUNTIF(region, "A*") / COUNTA(region) + {n}',
    "MEDIAN(amount) / {n}",
    "STDEV.S(amount) / AVERAGE(amount) + {n}",
    "MAX(amount) - MIN(amount) * {n}",
    "SUM(IF(score >= {n}, amount, 0)) / SUM(amount)",
)


class _Scope:
    def __init__(self, engine: CellsEngine) -> None:
        self._engine = engine

    def name(self, name: str) -> Cell:
        raise KeyError(name)

    def primitive(self, primitive: Primitive, criteria: tuple[Cell, ...]) -> Cell | tuple[float, ...]:
        return self._engine.primitive(primitive, criteria)


def _plans(count: int) -> list[Plan]:
    found = []
    for n in range(count):
        plan, problems = compile_formula(_FORMULA.format(high=9 - n % 4, low=6 - n % 3, add=n), None)
        assert plan is not None, problems
        found.append(plan)
    return found


def _mixed(count: int) -> list[Plan]:
    found = []
    for n in range(count):
        plan, problems = compile_formula(_MIXED[n % len(_MIXED)].format(n=n // len(_MIXED) + 5), None)
        assert plan is not None, problems
        found.append(plan)
    return found


def _mixed_rows() -> Iterator[Row]:
    """Yield fifty metrics that share little over four columns, against ten of them."""
    chance = random.Random(4)
    columns: dict[str, list[Cell]] = {
        "score": [float(chance.randint(0, 10)) for _ in range(100_000)],
        "amount": [round(chance.uniform(1, 900), 2) for _ in range(100_000)],
        "seats": [float(chance.randint(1, 40)) for _ in range(100_000)],
        "region": [chance.choice(["EU", "US", "APAC"]) for _ in range(100_000)],
    }

    def run(plans: list[Plan]) -> object:
        scope = _Scope(CellsEngine({key: Column(cells) for key, cells in columns.items()}))
        return [finish(plan.residual, plan, scope) for plan in plans]

    ten, fifty = _mixed(10), _mixed(50)
    mine, fewer = in_turn(lambda: run(fifty), lambda: run(ten), 3)
    yield told("50 mixed metrics over four columns", mine, fewer, "10 of them, one of each kind")


def rows() -> Iterator[Row]:
    """Yield fifty metrics against one over the same 100,000 raw cells, packing included."""
    yield from _mixed_rows()
    chance = random.Random(3)
    cells: list[Cell] = [float(chance.randint(0, 10)) for _ in range(100_000)]
    one, fifty = _plans(1), _plans(50)

    def run(plans: list[Plan]) -> object:
        scope = _Scope(CellsEngine({"score": Column(cells)}))
        return [finish(plan.residual, plan, scope) for plan in plans]

    mine, single = in_turn(lambda: run(fifty), lambda: run(one))
    yield at_most("50 metrics over 100,000 cells", mine, single, "1 metric", 3)

    def with_pandas() -> object:
        import pandas

        scores = pandas.Series(cells)
        return [
            ((scores >= 9 - n % 4).sum() - (scores <= 6 - n % 3).sum()) / scores.count() * 100 + n
            for n in range(50)
        ]

    mine, frame = in_turn(lambda: run(fifty), with_pandas)
    yield at_most("50 metrics over 100,000 cells", mine, frame, "pandas Series, one by one", 1)
