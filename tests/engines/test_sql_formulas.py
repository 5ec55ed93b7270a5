"""Primitives in SQL against the engine of this process: the same answer, or a refusal with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isclose
from random import Random

import pytest

from metricsheet.catalog.definitions import InputDefinition
from metricsheet.engines.cells import CellsEngine
from metricsheet.engines.columns import Column
from metricsheet.engines.sql.column import Ordered, ScannedEngine
from metricsheet.engines.sql.database import Database
from metricsheet.engines.sql.table import StoredColumn, StoredTable
from metricsheet.evaluation.stored import read_stored
from metricsheet.formula.compile import compile_formula
from metricsheet.formula.finish import finish
from metricsheet.formula.plan import NameInfo, Plan
from metricsheet.reading.inputs import read_input
from metricsheet.values import Cell, ExcelError
from tests.stages import seeds

NUMBERS = ("a", "b")
NAMES = {**{name: NameInfo("input", "number") for name in NUMBERS}, "t": NameInfo("input", "text")}

EXACT = """
SUM(a)
COUNT(a)
COUNT(IF(a / b > 1, 1, 0))
COUNT((a / b > 1) * 1)
COUNT(1 + IF(a / b > 1, 1, 0))
AVERAGE(a)
MIN(a)
MAX(a)
STDEV.S(a)
VAR.P(b)
MEDIAN(a)
COUNTA(t)
COUNTBLANK(a)
PERCENTILE(a, 0.9)
QUARTILE(b, 1)
LARGE(a, 2)
SMALL(a, 1)
a
a / b
COUNTUNIQUE(t)
COUNTIF(a, ">=2")
COUNTIF(a, "<>2")
COUNTIF(a, "=2")
COUNTIF(a, 2)
COUNTIF(a, "=")
COUNTIF(a, "<>")
COUNTIF(t, "red")
COUNTIF(t, "<>red")
COUNTIF(t, "r*")
COUNTIF(t, ">=2")
COUNTIF(a, "red")
COUNTIF(a, "<>red")
COUNTIF(t, TRUE)
SUMIF(t, "red", a)
SUMIFS(a, b, ">0", t, "<>red")
AVERAGEIF(b, "<3", a)
COUNTIFS(a, ">1", t, "blue")
MAXIFS(a, t, "blue")
MINIFS(b, a, ">100")
SUM(a * b)
SUM(a - b * 2)
SUM(-a)
SUM(a%)
SUM(a / 4)
SUM(a / b)
AVERAGE(IF(b <> 0, a / b))
SUM(IF(a > b, a, b))
COUNT(IF(a > 1, b))
SUM(IF(ISNUMBER(a), 1, 0))
SUMPRODUCT(a, b)
SUM(ABS(a) + INT(b))
SUM(IF(t = "red", a))
SUM((t = "red") + (t <> "blue"))
SUM(IF(AND(a > 0, NOT(b > 1)), a, 0))
SUM(IF(OR(a > 2, t = "BLUE"), 1, 0))
MEDIAN(a + b)
COUNT(a / b)
SUM(IF(b = 0, 0, a / b))
COUNT(t)
SUM(t)
SUM(IF(ISBLANK(a), 1, 0))
SUM(IF(ISTEXT(t), 1, 0))
SUM(a * (b > 1))
SUM(a) / COUNTIF(b, 0)
SUM(t = "red")
COUNT(a > 1)
AND(a > 0)
OR(t = "red", a > b)
COUNTUNIQUE(a > 1)
MAX(a > 1)
AND(a)
COUNTUNIQUE(a)
COUNTUNIQUE(a * 2)
COUNTIF(a, NA())
COUNTIFS(a, "<>#N/A")
SUM(IF(SUM(b) > 3, a, 0))
SUM(IF(a * 3 = b * 3, 1, 0))
SUM(IF(a / 10 >= b / 10, 1, 0))
""".strip().splitlines()
REFUSED = [
    "MODE.SNGL(a)",
    "SUM(ROUND(a, 1))",
    "SUM(a ^ 2)",
    'SUM(IF(t > "m", 1, 0))',
    "SUM(LEN(t))",
    "CORREL(a, b)",
    "SUM(IF(a > 1, TRUE, 2))",
    'COUNTIF(t, "a?")',
]


def planned(formula: str) -> Plan:
    plan, diagnostics = compile_formula(formula, NAMES, strict=False)
    assert plan is not None, diagnostics
    return plan


class Scope:
    def __init__(self, engine: CellsEngine | ScannedEngine) -> None:
        self.engine = engine

    def name(self, name: str) -> Cell:
        raise AssertionError(name)

    def primitive(self, primitive: object, criteria: tuple[Cell, ...]) -> object:
        return self.engine.primitive(primitive, criteria)  # type: ignore[arg-type]


def answer(formula: str, engine: CellsEngine | ScannedEngine) -> Cell:
    plan = planned(formula)
    return finish(plan.residual, plan, Scope(engine))  # type: ignore[arg-type]


def stored(columns: Mapping[str, Sequence[Cell]]) -> ScannedEngine:
    """Return the engine over a table in DuckDB with these cells."""
    database = Database()
    kinds = {name: "DOUBLE" if name in NUMBERS else "VARCHAR" for name in columns}
    made = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
    database.run(f"CREATE TABLE cells ({made})")
    for row in zip(*columns.values(), strict=True):
        database.run(f"INSERT INTO cells VALUES ({', '.join('?' * len(row))})", row)
    table = StoredTable("cells", database, "cells", [*kinds.items()])
    found = {}
    for name, cells in columns.items():
        definition = InputDefinition(
            key=name, label={"en": name}, type="number" if name in NUMBERS else "text"
        )
        column = StoredColumn(table, name, kinds[name], cells)
        found[name] = read_stored(definition, column, lambda some, d=definition: read_input(d, some))[1]
    return ScannedEngine(found, over_time={}, dates={})


def here(columns: Mapping[str, Sequence[Cell]]) -> CellsEngine:
    read = {
        name: read_input(
            InputDefinition(key=name, label={"en": name}, type="number" if name in NUMBERS else "text"), cells
        )
        for name, cells in columns.items()
    }
    return CellsEngine({name: Column(one.cells) for name, one in read.items()})


def same(one: Cell, other: Cell) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(one, ExcelError) and isinstance(other, ExcelError):
        return (one.code, str(one.reason)) == (other.code, str(other.reason))
    return one == other


def table(rng: Random) -> dict[str, list[Cell]]:
    rows = rng.choice((0, 1, 2, 9, 40))
    numbers = rng.choice(([0.0, 1.0, 2.0, 3.0], [0.1, 0.3, 2.5, -4.0, 1e9], [2.0], [float("nan"), 1.0, None]))
    blank = rng.choice((0.0, 0.3, 1.0))
    texts = ["red", "Red", "blue", " blue", "RED ", "n/a", "9", "straße", "ROSE"]
    return {
        name: [
            None if rng.random() < blank else rng.choice(texts if name == "t" else numbers)
            for _ in range(rows)
        ]
        for name in ("a", "b", "t")
    }


@pytest.mark.parametrize("seed", seeds(200, 2))
def test_sql_answers_as_this_process_does(seed: int) -> None:
    columns = table(Random(seed))
    one, other = here(columns), stored(columns)
    apart = {
        formula: (left, right)
        for formula in EXACT
        if not same(left := answer(formula, one), right := answer(formula, other))
    }
    assert apart == {}, columns


@pytest.mark.parametrize("formula", REFUSED)
def test_what_has_no_exact_form_is_refused(formula: str) -> None:
    found = answer(formula, stored({"a": [1.0, 2.5, 2.5], "b": [1.0, 2.0, 3.0], "t": ["a", "n", "z"]}))
    assert isinstance(found, ExcelError)
    assert "has no exact form in SQL" in str(found.reason)


def test_numbers_in_order_are_a_sequence() -> None:
    counts = {3.0: 2, 1.0: 1, 7.5: 3}
    plain = [1.0, 3.0, 3.0, 7.5, 7.5, 7.5]
    found = Ordered(counts)
    assert list(found) == plain
    assert [found[place] for place in range(-6, 6)] == [plain[place] for place in range(-6, 6)]
    assert (len(found), found[1:3], bool(found), bool(Ordered({}))) == (6, plain[1:3], True, False)
    assert isinstance(found, tuple)
