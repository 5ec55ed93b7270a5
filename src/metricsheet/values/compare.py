"""Excel's order of values: numbers before text before logicals, text without regard to case."""

from __future__ import annotations

from metricsheet.values.kinds import Cell, ExcelError

_RANK = {float: 0, int: 0, str: 1, bool: 2}


def near(a: float, b: float) -> bool:
    """Return whether two numbers agree in their first 15 digits, which is equal for Excel's ``=``."""
    if a == b:
        return True
    if not -1e-14 * abs(a) < a - b < 1e-14 * abs(a):
        return False
    return f"{a:.14e}" == f"{b:.14e}"


def compare(a: Cell, b: Cell) -> int | ExcelError:
    """Return a number below, equal to or above 0 as ``a`` stands before, with or after ``b``.

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
    return 0 if near(a, b) else (a > b) - (a < b)


def _blank_like(other: Cell) -> float | str | bool:
    if isinstance(other, str):
        return ""
    return False if isinstance(other, bool) else 0.0
