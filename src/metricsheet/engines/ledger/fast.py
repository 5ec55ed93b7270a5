"""The same steps, movements and sums from numpy, where there are so many rows that importing it pays.

All of it is arithmetic of whole numbers: amounts so large that 64 bits, or the 53 of a sum by ``bincount``,
might not hold them are left to Python.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import repeat
from typing import Any

from metricsheet.engines.ledger.rows import OPEN, SHIFT

LONG = 50_000
"""From how many rows on numpy is imported."""

_MOST = 1 << 53


def _numpy(columns: Any) -> Any:
    """Return numpy, ``None`` where it is not installed, not worth it, or where numbers are too large."""
    if len(columns.customers) < LONG:
        return None
    try:
        import numpy as np
    except ImportError:
        return None
    amounts = np.asarray(columns.amounts)
    small = amounts.dtype == np.int64 and float(np.abs(amounts).sum(dtype=np.float64)) < _MOST
    return np if small else None


def moves(columns: Any, cuts: Sequence[int], gap: int) -> tuple[Any, ...] | None:
    """Return the columns of ``Moves``; ``None`` where Python must make them."""
    np = _numpy(columns)
    if np is None:
        return None
    keys, levels = _steps(np, columns, gap)
    count = len(cuts)
    cells = (keys >> SHIFT) * (count + 1) + np.searchsorted(np.asarray(cuts), keys & OPEN)
    first = _first(np, keys >> SHIFT)
    days, amounts = keys[first] & OPEN, levels[first]
    del keys, first
    last = _last(np, cells)
    cells, after = cells[last], levels[last]
    # everybody ends with 0: before that the next one begins
    before = np.append(0, after[:-1])
    none = (before == 0) & (after == 0)
    came = levels[np.append(0, last[:-1] + 1)[none]]
    del levels, last
    inside = cells % (count + 1) < count
    came = came[inside[none]]
    kept = inside & (none | (before != after))
    cells, before, after, none = cells[kept], before[kept], after[kept], none[kept]
    customers, places = np.divmod(cells, count + 1)
    del cells, kept, inside
    # a customer is new where it pays at an end, and did not at any before
    rises = np.flatnonzero((before == 0) & (after > 0))
    new = rises[_first(np, customers[rises])]
    kinds = np.where(after > before, np.int8(3), np.where(after == 0, np.int8(5), np.int8(4)))
    kinds[rises], kinds[new], kinds[none] = 2, 1, 0
    places += np.multiply(kinds, count, dtype=np.int64)
    after[none] = came
    size = 8 * count
    sums = added(places, None, size), added(places, after - before, size)
    return customers, places, before, after, *sums, days, amounts


def _steps(np: Any, columns: Any, gap: int) -> tuple[Any, Any]:
    """Return on which days what each customer pays changes, and what it is from there on.

    A key is the number of the customer and the day: ``customer << SHIFT | day``. At the end of each customer
    stands a level of 0, on the day ``OPEN`` where it goes on.
    """
    keys = np.concatenate([np.asarray(columns.customers, np.int64)] * 2) << SHIFT
    keys += np.concatenate([columns.starts, columns.ends])
    order = np.argsort(keys)
    keys = keys[order]
    last = _last(np, keys)
    levels = np.concatenate([columns.amounts, np.negative(columns.amounts)])[order]
    del order
    levels = np.cumsum(levels, out=levels)[last]
    keys = keys[last]
    if gap:
        same = keys[1:] >> SHIFT == keys[:-1] >> SHIFT
        kept = ~np.append(same & (levels[:-1] == 0) & (keys[1:] - keys[:-1] <= gap), False)
        keys, levels = keys[kept], levels[kept]
    return keys, levels


def squares(moves: Any, size: int) -> tuple[Sequence[float], ...]:
    """Return what ``Moves.squares`` does, of arrays."""
    old, new = moves.before.astype(float), moves.after.astype(float)
    return tuple(added(moves.places, one, size) for one in (old * old, new * new, old * new))


def as_list(column: Any) -> Any:
    """Return a column as a sequence of Python's numbers."""
    return column.tolist() if hasattr(column, "tolist") else column


def added(places: Any, values: Any, size: int) -> list[int]:
    """Return the sums of values by their places as whole numbers; how often each place is for none."""
    if hasattr(places, "tolist"):
        import numpy as np

        return [round(one) for one in np.bincount(places, values, size).tolist()]
    found = [0] * size
    for place, value in zip(places, repeat(1) if values is None else values, strict=False):
        found[place] += value
    return found


def periods_of(days: Any, cuts: Sequence[int]) -> Any:
    """Return the period of each day, ``len(cuts)`` for those after the last."""
    if hasattr(days, "tolist"):
        import numpy as np

        return np.searchsorted(np.asarray(cuts), days)
    return [bisect_left(cuts, day) for day in days]


def cohort_changes(moves: Any, begun: Any, own: Any, size: int) -> list[list[int]]:
    """Return what ``retention._changes`` does, of movements that are arrays."""
    import numpy as np

    places = (np.asarray(own) * (moves.periods + 1) - begun)[moves.customers]
    places += moves.places % moves.periods
    before, after = moves.before, np.where(moves.places < moves.periods, 0, moves.after)
    most = moves.first_amounts[moves.customers]
    people = added(places, np.sign(after) - np.sign(before), size)
    amounts = added(places, after - before, size)
    return [people, amounts, added(places, np.minimum(after, most) - np.minimum(before, most), size)]


def _last(np: Any, keys: Any) -> Any:
    """Return where each run of equal keys ends."""
    return np.flatnonzero(np.append(keys[1:] != keys[:-1], True)) if len(keys) else np.arange(0)


def _first(np: Any, keys: Any) -> Any:
    """Return where each run of equal keys begins."""
    return np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.arange(0)
