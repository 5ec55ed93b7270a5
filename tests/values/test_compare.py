import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.values import DIV0, NA_, Cell, ExcelError
from metricsheet.values.compare import compare

IN_ORDER: list[Cell] = [-1e300, -1.0, 0, 0.5, 9, 1e300, "", "#", "1", "abc", "ABD", "b", False, True]
EQUAL: list[tuple[Cell, Cell]] = [
    (1, 1.0),
    ("ADAM", "adam"),
    ("STRASSE", "straße"),
    (None, None),
    (None, 0),
    (None, ""),
    (None, False),
    (0.1 + 0.2, 0.3),
    (1e300, 1e300 * (1 + 1e-16)),
]


def test_numbers_come_before_text_before_logicals() -> None:
    for i, a in enumerate(IN_ORDER):
        for j, b in enumerate(IN_ORDER):
            order = compare(a, b)
            assert not isinstance(order, ExcelError)
            assert (order > 0) - (order < 0) == (i > j) - (i < j), (a, b)


@pytest.mark.parametrize(("a", "b"), EQUAL)
def test_equal_values(a: Cell, b: Cell) -> None:
    assert compare(a, b) == 0
    assert compare(b, a) == 0


@pytest.mark.parametrize(("a", "b"), [(True, 1), ("1", 1), (0, False), (1, 1.00000000000001), (0.0, 1e-300)])
def test_values_that_are_not_equal(a: Cell, b: Cell) -> None:
    assert compare(a, b) != 0
    assert compare(b, a) != 0


def test_a_blank_takes_the_kind_of_the_other_side() -> None:
    assert compare(None, 1) == -1
    assert compare(None, -1) == 1
    assert compare("a", None) == 1
    assert compare(None, True) == -1


def test_the_first_error_is_the_answer() -> None:
    first, second = ExcelError(DIV0, "one"), ExcelError(NA_, "two")
    assert compare(first, second) is first
    assert compare(1, second) is second


numbers = st.floats(allow_nan=False, allow_infinity=False)
cells = st.one_of(numbers, st.integers(-(10**9), 10**9), st.text(max_size=6), st.booleans(), st.none())


@given(cells, cells)
def test_order_turns_with_the_sides(a: Cell, b: Cell) -> None:
    one, other = compare(a, b), compare(b, a)
    assert not isinstance(one, ExcelError)
    assert not isinstance(other, ExcelError)
    assert (one > 0) == (other < 0)
    assert (one == 0) == (other == 0)
