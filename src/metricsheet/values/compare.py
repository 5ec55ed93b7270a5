"""Excel's order of values: numbers before text before logicals, text without regard to case."""

from __future__ import annotations

from metricsheet.precision import order
from metricsheet.values import Cell, ExcelError
from metricsheet.values.folding import caseless

_RANK = {float: 0, int: 0, str: 1, bool: 2}


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
        return text_order(a, b)
    assert not isinstance(a, str)
    assert not isinstance(b, str)
    return order(a, b)


def text_order(a: str, b: str) -> int:
    """Return a number below, equal to or above 0 as a text comes before, with or after another.

    Signs that fold to several are where these would (``ﬁ`` behind ``fi``) and yet equal only themselves.
    """
    x, y = a.casefold(), b.casefold()
    if x == y:
        x, y = caseless(a), caseless(b)
    return (x > y) - (x < y)


def _blank_like(other: Cell) -> float | str | bool:
    if isinstance(other, str):
        return ""
    return False if isinstance(other, bool) else 0.0
