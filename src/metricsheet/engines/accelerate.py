"""The same answers from numpy, where columns are so long that importing it pays."""

from __future__ import annotations

from collections.abc import Sequence
from math import frexp
from typing import Any

from metricsheet.formula.aggregates import Part, moments, total_of
from metricsheet.language.message import Message
from metricsheet.values import NUM, ExcelError

LONG = 200_000
"""From how many cells on numpy is imported: below, importing it costs more than it saves."""


def packed(numbers: Sequence[float]) -> Any:
    """Return the numbers as a float64 array, or ``False`` when numpy is not installed."""
    try:
        import numpy as np
    except ImportError:
        return False
    return np.fromiter(numbers, np.float64, len(numbers))


def part(kind: str, array: Any) -> Part:
    """Return sum, min, max, moments or ordered over an array of finite numbers."""
    if kind == "sum":
        return total(array)
    if kind == "moments":
        return _moments(array)
    if kind == "ordered":
        import numpy as np

        return tuple(np.sort(array).tolist())
    if not len(array):
        return None
    return float(array.min() if kind == "min" else array.max())


def total(array: Any) -> float | ExcelError:
    """Return the correctly rounded sum, as ``math.fsum`` gives it.

    The numbers are cut at a power of two so high that the upper pieces add up without rounding; the lower
    pieces are cut again until nothing is left. The few exact sums are then added by ``fsum``.
    """
    import numpy as np

    exact: list[float] = []
    rest = array
    while len(rest):
        largest = float(np.abs(rest).max())
        if largest == 0:
            break
        power = frexp(largest)[1] + len(array).bit_length() + 1
        if power > 1020:
            return total_of(array.tolist())
        cut = 2.0**power
        upper = (cut + rest) - cut
        exact.append(float(upper.sum()))
        rest = rest - upper
    return total_of(exact)


def _moments(array: Any) -> Part:
    import numpy as np

    count = len(array)
    if not count:
        return 0.0, 0.0, 0.0
    whole = total(array)
    if isinstance(whole, ExcelError):
        return whole
    mean = whole / count
    apart = array - mean
    with np.errstate(over="ignore"):
        squares = apart * apart
    if not np.isfinite(squares).all():
        return ExcelError(NUM, Message("sum_too_large"))
    spread, left = total(squares), total(apart)
    if isinstance(spread, ExcelError) or isinstance(left, ExcelError):
        return spread
    return moments(count, mean, spread, left)


def count_where(array: Any, op: str, value: float) -> float:
    """Return how many numbers compare with ``value`` as ``op`` says."""
    import numpy as np

    compare = {"=": np.equal, "<": np.less, ">": np.greater, "<=": np.less_equal, ">=": np.greater_equal}
    return float(np.count_nonzero(compare[op](array, value)))


def pairs_counted(codes: Sequence[int], others: Sequence[int]) -> dict[tuple[int, int], int] | None:
    """Return how often two numbers are in one row, in the order in which they first do.

    ``None`` without numpy, and where there are so many pairs that a table of them costs more than it saves.
    """
    try:
        import numpy as np
    except ImportError:
        return None
    numbers: list[Any] = [codes, others]
    sides = [np.frombuffer(one, "B" if isinstance(one, bytes) else one.typecode) for one in numbers]
    width = int(sides[1].max(initial=0)) + 1
    if width * (int(sides[0].max(initial=0)) + 1) > len(codes):
        return None
    pairs = sides[0].astype(np.int64) * width + sides[1]
    times = np.bincount(pairs)
    first = np.zeros(len(times), np.int64)
    first[pairs[::-1]] = np.arange(len(pairs) - 1, -1, -1)  # of several the last one stays: the first row
    there = np.flatnonzero(times)
    in_order = there[np.argsort(first[there])].tolist()
    return {divmod(pair, width): int(times[pair]) for pair in in_order}
