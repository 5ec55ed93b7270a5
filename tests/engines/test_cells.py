"""The cells engine: conditions, row expressions, totals over time, and what it shares."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metricsheet.engines.cells import CellsEngine
from metricsheet.engines.columns import Column
from metricsheet.formula.aggregates import aggregate
from metricsheet.formula.compile import compile_formula
from metricsheet.formula.finish import finish
from metricsheet.formula.plan import NameInfo, Plan
from metricsheet.values import Cell, ExcelError
from metricsheet.values.criteria import Criterion, criterion
from tests.stages import cases, few_cases

NAMES = {name: NameInfo("input") for name in "abc"}
VALUE, NA = ExcelError("#VALUE!"), ExcelError("#N/A")


@cache
def planned(formula: str) -> Plan:
    plan, diagnostics = compile_formula(formula, NAMES, strict=False)
    assert plan is not None, diagnostics
    return plan


class Scope:
    def __init__(self, engine: CellsEngine) -> None:
        self.engine = engine

    def name(self, name: str) -> Cell:
        raise AssertionError(name)

    def primitive(self, primitive: object, criteria: tuple[Cell, ...]) -> object:
        return self.engine.primitive(primitive, criteria)  # type: ignore[arg-type]


def answer(formula: str, columns: Mapping[str, list[Cell]], **more: Mapping[str, object]) -> Cell:
    engine = CellsEngine({name: Column(cells) for name, cells in columns.items()}, **more)  # type: ignore[arg-type]
    plan = planned(formula)
    return finish(plan.residual, plan, Scope(engine))  # type: ignore[arg-type]


cells = st.one_of(
    st.sampled_from(
        [0.0, 1.0, 2.5, 9.0, True, False, None, "", "a", "A", "ab", "9", "x?", NA, ExcelError("#DIV/0!")]
    ),
    st.floats(-100, 100),
)
tables = st.lists(st.tuples(cells, cells, cells), max_size=25)
criteria = st.sampled_from(
    [
        ">1",
        "<=2.5",
        "=9",
        "<>9",
        "9",
        "a",
        "<>a",
        "a*",
        "*",
        "x~?",
        "",
        "=",
        "<>",
        "TRUE",
        "#N/A",
        ">a",
        1.0,
        None,
        True,
        NA,
    ]
)
KINDS = {"COUNTIFS": "rows", "SUMIFS": "sum", "MINIFS": "min", "MAXIFS": "max"}


def met(cell: Cell, test: Cell) -> bool:
    found = criterion(test)
    assert isinstance(found, Criterion)
    return found.matches(cell)


@few_cases
@given(tables, criteria, criteria)
def test_conditions_select_rows(table: list[tuple[Cell, Cell, Cell]], first: Cell, second: Cell) -> None:
    columns = {name: Column([row[i] for row in table]) for i, name in enumerate("abc")}
    selected = [row[0] for row in table if met(row[1], first) and met(row[2], second)]
    engine = CellsEngine(columns)
    for function, kind in KINDS.items():
        values = "" if function == "COUNTIFS" else "a, "
        plan = planned(f'{function}({values}b, "?", c, "!")')
        found = engine.primitive(plan.primitives[0], (first, second))
        assert found == aggregate(kind, selected)  # type: ignore[arg-type]
    one = planned('COUNTIF(b, "?")').primitives[0]
    assert engine.primitive(one, (first,)) == len([row for row in table if met(row[1], first)])


def test_logicals_and_numbers_among_criteria_are_not_mixed_up() -> None:
    table: dict[str, list[Cell]] = {"a": [1, True, 1, 0, False], "b": [5, 5, 5, 5, 5]}
    engine = CellsEngine({name: Column(cells) for name, cells in table.items()})
    count = planned('COUNTIFS(a, "?", b, 5)').primitives[0]
    answers = [engine.primitive(count, (test, 5.0)) for test in (1.0, True, 0.0, False)]
    assert answers == [2, 1, 1, 1]


ROWS: list[tuple[str, dict[str, list[Cell]], Cell]] = [
    ("SUM(a * b)", {"a": [1, 2, None], "b": [3, 4, 5]}, 11),
    ("SUM(a * b)", {"a": [1, 2], "b": [3]}, 9),
    ("SUM(a * b)", {"a": [], "b": [3]}, 0),
    ("SUM(a * b)", {"a": [1, 2], "b": [3, 4, 5]}, VALUE),
    ("SUM(a * b)", {"a": [1, "x"], "b": [3, 4]}, VALUE),
    ("SUM(a & b)", {"a": [1, 2], "b": [3, 4]}, 0),
    ("COUNT(a / b)", {"a": [1, 2], "b": [0, 4]}, 1),
    ("SUM(a > b)", {"a": [1, 2], "b": [0, 4]}, 0),
    ("SUM((a > b) * 1)", {"a": [1, 2, True], "b": [0, 4, 9]}, 2),
    ("SUM(IF(a > 1, b, c))", {"a": [1, 2], "b": [10, 20], "c": [100, 200]}, 120),
    ("SUM(IF(a > 1, b, c))", {"a": [1, 2], "b": [10, 20], "c": [100]}, 120),
    ("SUM(IF(a > 1, b, c))", {"a": [1, 2], "b": [10, 20], "c": [1, 2, 3]}, VALUE),
    ("SUM(-a%)", {"a": [100, 200]}, -3),
    ("SUM(+a)", {"a": [100, "x"]}, 100),
    ("SUM(ROUND(a, b))", {"a": [1.25, 1.25], "b": [1, 0]}, 2.3),
    ("SUM(a ^ 2)", {"a": [3, 4]}, 25),
    ("SUMPRODUCT(a, b, c)", {"a": [1, 2, "x"], "b": [1, True, 3], "c": [5, 6, 7]}, 5),
    ("SUMPRODUCT(a, b)", {"a": [1, 2], "b": [1]}, VALUE),
    ("SUM(a + {1;2})", {"a": [10, 20]}, 33),
    ("SUM((a - AVERAGE(a)) ^ 2) / COUNT(a)", {"a": [2, 4, 4, 4, 5, 5, 7, 9]}, 4),
    ("COUNT(IF(a > 1, a))", {"a": [1, 2, None, 3]}, 2),
    ("MAX(LEN(a))", {"a": ["x", "xyz", None]}, 3),
    ("SUM(a * 1e308)", {"a": [1, 100]}, ExcelError("#NUM!")),
    ("SUM(a = b)", {"a": [0.1 + 0.2], "b": [0.3]}, 0),
    ("SUM((a = b) * 1)", {"a": [0.1 + 0.2, 1, 2], "b": [0.3, 1, 3]}, 2),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "columns", "expected"), ROWS)
def test_row_expressions(formula: str, columns: dict[str, list[Cell]], expected: Cell) -> None:
    found = answer(formula, columns)
    assert found == (pytest.approx(expected) if isinstance(expected, (int, float)) else expected)


OPERATORS = ["+", "-", "*", "/", "^", "&", "=", "<>", "<", ">", "<=", ">="]
ROW_LEVEL = {op: compile_formula(f"a {op} b", None, row_level=True)[0] for op in OPERATORS}


@pytest.mark.parametrize("op", OPERATORS)
@settings(max_examples=cases(1000, 10))
@given(table=st.lists(st.tuples(cells, cells), min_size=1, max_size=25))
def test_an_operator_over_columns_is_that_operator_on_each_row(
    op: str, table: list[tuple[Cell, Cell]]
) -> None:
    columns = {"a": [row[0] for row in table], "b": [row[1] for row in table]}
    rows = ROW_LEVEL[op]
    each = []
    for a, b in table:
        given_ = {"a": a, "b": b}
        scope = SimpleNamespace(name=given_.__getitem__)
        assert rows is not None
        each.append(finish(rows.residual, rows, scope))
    for function, kind in (("SUM", "sum"), ("COUNTA", "counta"), ("AND", "logicals")):
        expected = aggregate(kind, each)  # type: ignore[arg-type]
        if isinstance(expected, tuple):
            true, false = expected
            expected = VALUE if true + false == 0 else false == 0
        assert answer(f"{function}(a {op} b)", columns) == expected


TOTALS: list[tuple[str, list[Cell], list[Cell] | None, Cell]] = [
    # how, cells, dates, total
    ("sum", [1, 2, 3], None, 6),
    ("sum", [1, "x", None], None, 1),
    ("sum", ["x", "y"], None, VALUE),
    ("sum", ["x"], None, "x"),
    ("sum", [None], None, None),
    ("sum", [None, None], None, NA),
    ("sum", [], None, NA),
    ("sum", [1, NA], None, NA),
    ("first", [5], None, 5),
    ("first", [5, None], None, 5),
    ("first", [5, 6], None, VALUE),
    ("mean", [5, 6], None, VALUE),
    ("first", [7, 5, 6], [3, 1, 2], 5),
    ("last", [7, 5, 6], [3, 1, 2], 7),
    ("mean", [7, 5, 6], [3, 1, 2], 6),
    ("first", [7, 5, 6, 1], [3, 1, 1, 2], 11),
    ("last", [7, None, 6], [1, 3, 2], 6),
    ("mean", [4, 4, 10], [1, 1, 2], 9),
    ("last", [7, 5], [None, None], VALUE),
    ("last", [7, 5], [1], VALUE),
]


@pytest.mark.parametrize(("how", "values", "dates", "total"), TOTALS)
def test_totals_over_time(how: str, values: list[Cell], dates: list[Cell] | None, total: Cell) -> None:
    more: dict[str, Mapping[str, object]] = {"over_time": {"a": how}}
    if dates is not None:
        more["dates"] = {"a": Column(dates)}
    engine = CellsEngine({"a": Column(values)}, **more)  # type: ignore[arg-type]
    assert engine.primitive(planned("a").primitives[0], ()) == total


def test_a_total_that_cannot_be_told_names_the_input() -> None:
    engine = CellsEngine({"a": Column([1, 2])}, over_time={"a": "first"})
    refused = engine.primitive(planned("a").primitives[0], ())
    assert str(refused) == "#VALUE! a has 2 values and no dates, which over_time: first needs"


def test_a_column_that_is_missing_is_named() -> None:
    assert str(answer("SUM(a) + 1", {})) == "#N/A no column found for a"
    assert str(answer("a + 1", {})) == "#N/A no column found for a"
    assert str(answer("SUM(a * b)", {"a": [1]})) == "#N/A no column found for b"


def test_what_one_primitive_needed_is_there_for_the_next() -> None:
    class Counted(Column):
        __slots__ = ()
        packed_times = 0

        def _pack(self) -> None:
            Counted.packed_times += self._kinds is None
            super()._pack()

    columns = {name: Counted([float(i % 7) for i in range(300)]) for name in "ab"}
    engine = CellsEngine(columns)
    scope = Scope(engine)
    for formula in (
        'SUMIFS(a, b, ">3")', 'AVERAGEIFS(a, b, ">3")', 'COUNTIFS(b, ">3", a, ">3")', 'MAXIFS(a, b, ">3")',
        "SUM(a * b)", "AVERAGE(a * b)", "MEDIAN(a)", "PERCENTILE(a, 0.9)", "SUM(a)", "AVERAGE(a)",
    ):  # fmt: skip
        plan = planned(formula)
        assert isinstance(finish(plan.residual, plan, scope), float)  # type: ignore[arg-type]
    assert Counted.packed_times == 2
    assert len(engine._masks) == 2
    assert len(engine._rows) == 1


def test_a_row_condition_is_asked_once_per_row() -> None:
    plan, _ = compile_formula('region = "EU" * 1', None, row_level=True)
    assert plan is None
    plan, _ = compile_formula('AND(region = "EU", MAX(a, b) > 3, SUM(a, b) < 10)', None, row_level=True)
    assert plan is not None
    rows = [("EU", 4, 1), ("eu", 1, 2), ("US", 9, 0), ("EU", 9, 2)]
    found = []
    for row in rows:
        given_ = dict(zip(plan.inputs, row, strict=True))
        scope = SimpleNamespace(name=given_.__getitem__)
        found.append(finish(plan.residual, plan, scope))
    assert found == [True, False, False, False]
