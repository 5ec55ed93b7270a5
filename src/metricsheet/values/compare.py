"""The one meaning of comparison: numbers by their first 15 significant digits, as Excel compares them.

57/100*100 is 56.99999999999999 in binary and 57 for everybody else. Formulas, bands, targets, trends and rules
all compare here, so that they agree at every cutoff. Of other values, numbers come before text before logicals;
text compares without regard to case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from metricsheet.values.kinds import Cell, ExcelError

_RANK = {float: 0, int: 0, str: 1, bool: 2}


def order(a: float, b: float) -> int:
    """Return -1, 0 or 1 as the number ``a`` is below, equal to or above ``b``.

    They are equal when they agree after rounding to 15 digits.
    """
    if a == b:
        return 0
    apart, margin = a - b, 1e-14 * abs(a)
    if -margin < apart < margin and f"{a:.14e}" == f"{b:.14e}":
        return 0
    return -1 if apart < 0 else 1


def equal(a: float, b: float) -> bool:
    """Return whether two numbers are equal for Excel's ``=``."""
    return order(a, b) == 0


def less(a: float, b: float) -> bool:
    """Return whether ``a`` is below ``b``."""
    return order(a, b) < 0


def at_least(a: float, b: float) -> bool:
    """Return whether ``a`` is ``b`` or above it."""
    return order(a, b) >= 0


def difference(a: float, b: float) -> float:
    """Return ``a - b``, exactly 0 where the two are equal: what is left of equal numbers is binary noise."""
    return 0.0 if order(a, b) == 0 else a - b


def in_15_digits(number: float) -> float:
    """Return the number that stands for all those equal to ``number``."""
    return float(f"{number:.14e}")


def doubt(number: float) -> tuple[float, float]:
    """Return two bounds around ``number``: whatever is beyond them is below or above it without a closer look.

    For code that compares one number with very many, and cannot afford to call ``order`` each time.
    """
    margin = 2e-14 * abs(number)
    return number - margin, number + margin


HOLDS: Mapping[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}
"""Whether a comparison holds, given the order of its two sides (from ``order`` or ``compare``)."""


def compare(a: Cell, b: Cell) -> int | ExcelError:
    """Return a number below, equal to or above 0 as ``a`` comes before, with or after ``b``.

    A blank cell takes the other side's kind (0, ``""`` or ``FALSE``). The first error of the two is the
    answer when there is one.
    """
    if isinstance(a, ExcelError):
        return a
    if isinstance(b, ExcelError):
        return b
    if a is None:
        a = _blank_like(b)
    if b is None:
        b = _blank_like(a)
    rank_a, rank_b = _RANK[type(a)], _RANK[type(b)]
    if rank_a != rank_b:
        return rank_a - rank_b
    if isinstance(a, str) and isinstance(b, str):
        x, y = a.casefold(), b.casefold()
        return (x > y) - (x < y)
    assert not isinstance(a, str)
    assert not isinstance(b, str)
    return order(a, b)


def _blank_like(other: Cell) -> float | str | bool:
    if isinstance(other, str):
        return ""
    return False if isinstance(other, bool) else 0.0
