"""Columns: what cells become, and every primitive against a plain computation."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metricsheet.engines.columns import Column
from metricsheet.formula.aggregates import aggregate
from metricsheet.values import Cell, ExcelError
from tests.stages import cases

DIV0, NA, NUM = ExcelError("#DIV/0!"), ExcelError("#N/A"), ExcelError("#NUM!")
KINDS = (
    "rows", "count", "counta", "countblank", "sum", "min", "max", "moments", "nunique", "ordered", "values",
    "logicals", "filled",
)  # fmt: skip

BECOME = [
    # a cell as handed in, as the column holds it
    (1, 1.0),
    (True, True),
    ("a", "a"),
    (None, None),
    (NA, NA),
    (math.nan, None),
    (math.inf, NUM),
    (10**400, NUM),
    (dt.date(2024, 1, 1), 45292.0),
    (dt.datetime(2024, 1, 1, 12), 45292.5),
    (Decimal("1.5"), 1.5),
    (Fraction(1, 4), 0.25),
    (object, "<class 'object'>"),
]


@pytest.mark.parametrize(("given_", "held"), BECOME)
def test_what_a_cell_becomes(given_: object, held: Cell) -> None:
    (cell,) = Column([given_]).cells  # type: ignore[list-item]
    assert type(cell) is type(held)
    assert cell == held


def test_kinds_numbers_and_errors() -> None:
    column = Column([1, 2.5, None, "a", "", True, DIV0, NA])
    assert column.kinds == {float, type(None), str, bool, ExcelError}
    assert list(column.numbers) == [1.0, 2.5]
    assert column.error is not None
    assert column.error.code == "#DIV/0!"
    assert Column([1]).error is None


@pytest.mark.parametrize(
    ("cells", "numbers", "filled", "usable", "has_text"),
    [
        ([1, None, "a", ""], 1, 2, True, True),
        ([None, ""], 0, 0, False, False),
        (["a"], 0, 1, False, True),
        ([DIV0], 0, 0, True, False),
        ([True], 0, 1, False, False),
        ([], 0, 0, False, False),
    ],
)
def test_what_can_be_used(cells: list[Cell], numbers: int, filled: int, usable: bool, has_text: bool) -> None:
    column = Column(cells)
    assert (column.used(), column.used(text=True)) == (numbers, filled)
    assert column.usable() is usable
    assert column.usable(text=True) is (filled > 0 or usable)
    assert column.has_text() is has_text


def test_take_gives_the_rows_in_the_order_asked_for() -> None:
    column = Column([1, "b", None, 4])
    assert list(column.take([3, 0, 0]).cells) == [4.0, 1.0, 1.0]
    assert len(column.take([])) == 0


def test_equal_cells_are_worked_out_once() -> None:
    asked: list[Cell] = []

    def run(cell: Cell) -> Cell:
        asked.append(cell)
        return cell

    cells: list[Cell] = [1, 1, True, True, "a", "a", None, None, DIV0, DIV0] * 3
    assert list(Column(cells).per_cell(run)) == [float(c) if type(c) is int else c for c in cells]
    assert [type(a) for a in asked] == [float, bool, str, type(None), ExcelError]
    many = [float(i) for i in range(2000)]
    assert Column(many).distinct is None
    assert Column(many).per_cell(lambda cell: cell) == many


finite = st.floats(-1e12, 1e12)
plain_cells = st.lists(
    st.one_of(
        finite,
        st.sampled_from([0.0, 1.0, 9.0]),
        st.booleans(),
        st.none(),
        st.sampled_from(["a", "A", "", "5"]),
    ),
    max_size=30,
)


def squares_without(numbers: Sequence[float], mean: float) -> float:
    """The squared distances from a rounded mean, less what the rounding makes of them."""
    apart = [n - mean for n in numbers]
    left = float(sum(map(Fraction, apart)))
    squares = float(sum(Fraction(x * x) for x in apart))
    return max(0.0, squares - left * left / len(numbers)) if numbers else 0.0


def independent(kind: str, cells: Sequence[Cell]) -> object:
    """Every primitive in the shortest words, with fractions instead of floats where a sum is taken."""
    numbers = [c for c in cells if type(c) is float]
    exact = [Fraction(n) for n in numbers]
    mean = float(sum(exact)) / len(exact) if exact else 0.0
    answers = {
        "rows": lambda: len(cells),
        "count": lambda: len(numbers),
        "counta": lambda: len([c for c in cells if c is not None]),
        "countblank": lambda: len([c for c in cells if c in (None, "")]),
        "sum": lambda: float(sum(exact)),
        "min": lambda: min(numbers, default=None),
        "max": lambda: max(numbers, default=None),
        "ordered": lambda: tuple(sorted(numbers)),
        "values": lambda: tuple(numbers),
        "nunique": lambda: len(
            {(type(c), c.lower() if isinstance(c, str) else c) for c in cells if c not in (None, "")}
        ),
        "filled": lambda: tuple(0.0 if isinstance(c, str) else float(c) for c in cells if c is not None),
        "logicals": lambda: (
            sum(1 for c in cells if type(c) in (bool, float) and c),
            sum(1 for c in cells if type(c) in (bool, float) and not c),
        ),
        "moments": lambda: (
            len(numbers),
            mean,
            squares_without(numbers, mean),
        ),
    }
    return answers[kind]()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=cases(1000, 10))
@given(plain_cells)
def test_every_primitive_is_what_a_plain_computation_gives(kind: str, cells: list[Cell]) -> None:
    expected = independent(kind, cells)
    assert Column(cells).part(kind) == expected  # type: ignore[arg-type]
    assert aggregate(kind, cells) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_errors_are_the_answer_except_of_counts(kind: str) -> None:
    cells: list[Cell] = [1, NA, DIV0]
    counts = {"rows": 3, "count": 1, "counta": 3, "countblank": 0}
    for answer in (Column(cells).part(kind), aggregate(kind, cells)):  # type: ignore[arg-type]
        assert answer == counts.get(kind, NA)


@given(plain_cells, st.randoms())
def test_sums_do_not_depend_on_the_order_of_rows(cells: list[Cell], random: object) -> None:
    shuffled = list(cells)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for kind in ("sum", "count", "moments", "ordered", "nunique"):
        assert Column(cells).part(kind) == Column(shuffled).part(kind)  # type: ignore[arg-type]


def test_a_sum_past_the_range_is_a_num_error() -> None:
    column = Column([1e308, 1e308])
    assert column.part("sum") == NUM
    assert column.part("moments") == NUM
    assert Column([1e308, 1e308, -1e308]).part("sum") == NUM
    assert Column([1e200, -1e200]).part("moments") == NUM
