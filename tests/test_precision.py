"""Comparing and rounding by 15 digits, against exact decimal arithmetic."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.precision import (
    HOLDS,
    at_least,
    difference,
    doubt,
    equal,
    in_15_digits,
    less,
    order,
    rounded,
)

FINITE = st.floats(allow_nan=False, allow_infinity=False)
KEPT = Context(prec=15, rounding=ROUND_HALF_EVEN)


def kept(number: float) -> Decimal:
    """The oracle: a number's first 15 digits."""
    return KEPT.create_decimal(Decimal(number))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[float, float]:
    """Two numbers, most of them closer than any that people write."""
    a = draw(FINITE)
    b = draw(st.one_of(FINITE, st.floats(-2e-14, 2e-14).map(lambda part: a * (1 + part))))
    return a, b


@given(pairs())
def test_order_is_that_of_15_digits(pair: tuple[float, float]) -> None:
    a, b = pair
    if abs(b) == float("inf"):
        return
    expected = (kept(a) > kept(b)) - (kept(a) < kept(b))
    assert order(a, b) == expected
    assert order(b, a) == -expected
    assert (equal(a, b), less(a, b), at_least(a, b)) == (expected == 0, expected < 0, expected >= 0)
    assert (difference(a, b) == 0) is (expected == 0)
    assert (in_15_digits(a) == in_15_digits(b)) is (expected == 0)


@given(pairs())
def test_beyond_doubt_there_is_none(pair: tuple[float, float]) -> None:
    number, constant = pair
    low, high = doubt(constant)
    if number < low:
        assert order(number, constant) < 0
    if number > high:
        assert order(number, constant) > 0


EQUAL = [
    (57 / 100 * 100, 57.0),
    (0.1 + 0.2, 0.3),
    (0.8 - 0.7, 0.1),
    (1e300, 1e300 * (1 + 1e-16)),
    (0.0, -0.0),
    (float("inf"), float("inf")),
]
APART = [(1.0, 1.00000000000001), (0.0, 1e-300), (100.8 - 100.7, 0.1), (1.0, float("inf"))]


@pytest.mark.parametrize(("a", "b"), EQUAL)
def test_equal(a: float, b: float) -> None:
    assert order(a, b) == order(b, a) == 0
    assert {sign for sign, holds in HOLDS.items() if holds(order(a, b))} == {"=", "<=", ">="}
    assert difference(a, b) == 0


@pytest.mark.parametrize(("a", "b"), APART)
def test_apart(a: float, b: float) -> None:
    assert abs(order(a, b)) == 1
    assert order(a, b) == -order(b, a)


@given(st.floats(-1e16, 1e16), st.integers(-18, 20))
def test_rounding_is_that_of_15_digits(number: float, places: int) -> None:
    digits = kept(number)
    unit = Decimal(1).scaleb(-places)
    if digits.adjusted() - 14 >= -places:
        assert rounded(number, places) == number
    else:
        assert rounded(number, places) == float(digits.quantize(unit, ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        (60.249999999999996, 1, 60.2 + 0.1),
        (60.240249999999996, 4, 60.2403),
        (56.99999999999999, 0, 57.0),
        (0.285, 2, 0.29),
        (-2.5, 0, -3.0),
        (0.0, 3, 0.0),
        (1234.0, -2, 1200.0),
        (4.0, -1, 0.0),
        (1e20, 3, 1e20),
    ],
)
def test_rounded(number: float, places: int, expected: float) -> None:
    assert rounded(number, places) == pytest.approx(expected, rel=1e-15)
