"""The same steps, movements and sums from numpy, where there are so many rows that importing it pays.

All of it is arithmetic of whole numbers: amounts so large that 64 bits, or the 53 of a sum by ``bincount``,
might not hold them are left to Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

LONG = 50_000
"""From how many rows on numpy is imported."""

_MOST = 1 << 53
_SHIFT = 22


def _numpy(columns: Sequence[Sequence[int]]) -> Any:
    """Return numpy, ``None`` where it is not installed or not worth it."""
    if len(columns[0]) < LONG:
        return None
    try:
        import numpy as np
    except ImportError:
        return None
    return np


def steps(columns: Any, gap: int) -> tuple[Any, Any, Any] | None:
    """Return customers, days and levels of the steps as arrays; ``None`` where Python must make them."""
    np = _numpy((columns.customers,))
    if np is None:
        return None
    amounts = np.asarray(columns.amounts)
    if amounts.dtype != np.int64 or float(np.abs(amounts).sum(dtype=np.float64)) >= _MOST:
        return None
    customers, starts, ends = (
        np.asarray(column, np.int64) for column in (columns.customers, columns.starts, columns.ends)
    )
    base, closed = customers << _SHIFT, ends < 1 << _SHIFT
    keys = np.concatenate([base + starts, (base + ends)[closed]])
    changes = np.concatenate([amounts, -amounts[closed]])
    order = np.argsort(keys)
    keys = keys[order]
    first = _starts(np, keys)
    keys, changes = keys[first], np.add.reduceat(changes[order], first)
    levels = np.cumsum(changes)
    begun = _starts(np, keys >> _SHIFT)
    counts = np.diff(np.append(begun, len(keys)))
    levels -= np.repeat(levels[begun] - changes[begun], counts)
    if gap:
        same = (keys[1:] >> _SHIFT) == (keys[:-1] >> _SHIFT)
        bridged = same & (levels[:-1] == 0) & (keys[1:] - keys[:-1] <= gap)
        kept = ~np.append(bridged, False)
        keys, levels = keys[kept], levels[kept]
    before = np.append(0, levels[:-1])
    before[_starts(np, keys >> _SHIFT)] = 0
    moved = levels != before
    keys, levels = keys[moved], levels[moved]
    return keys >> _SHIFT, keys & ((1 << _SHIFT) - 1), levels


def moves(of: Any, cuts: Sequence[int]) -> tuple[Any, ...] | None:
    """Return the columns of ``Moves`` as arrays; ``None`` where the steps are no arrays."""
    if not hasattr(of.days, "tolist"):
        return None
    import numpy as np

    periods = np.searchsorted(np.asarray(cuts), of.days)
    inside = periods < len(cuts)
    customers, periods, levels = of.customers[inside], periods[inside], of.levels[inside]
    first = _starts(np, customers * len(cuts) + periods)
    last = np.append(first[1:], len(periods)) - 1
    customers, periods, after = customers[first], periods[first], levels[last]
    begun = _starts(np, customers)
    before = np.append(0, after[:-1])
    before[begun] = 0
    paid = np.cumsum(after > 0)
    counts = np.diff(np.append(begun, len(customers)))
    earlier = paid - (after > 0) - np.repeat(paid[begun] - (after[begun] > 0), counts)
    none = (before == 0) & (after == 0)
    kinds = np.select(
        [none, (before == 0) & (earlier == 0), before == 0, after == 0, after > before], [0, 1, 2, 5, 3], 4
    )
    came = np.where(none, levels[first], 0)
    kept = none | (before != after)
    return tuple(c[kept] for c in (customers, periods, kinds, before, after, came))


def firsts(of: Any) -> tuple[list[int], list[int]]:
    """Return the day and the level of the first step of each customer."""
    import numpy as np

    first = _starts(np, of.customers)
    return of.days[first].tolist(), of.levels[first].tolist()


def added(places: Any, values: Any, size: int) -> list[int]:
    """Return the sums of values by their places, as whole numbers."""
    import numpy as np

    return [round(one) for one in np.bincount(places, values, size).tolist()]


def cohort_changes(
    moves: Any, groups: Sequence[int], begun: Sequence[int], own: Sequence[int], count: int, width: int
) -> list[list[int]]:
    """Return what ``retention._changes`` does, of movements that are arrays."""
    import numpy as np

    group, first, most = (np.asarray(column) for column in (groups, begun, own))
    kept = (moves.kinds > 0) & (group[moves.customers] >= 0)
    customers, periods = moves.customers[kept], moves.periods[kept]
    before, after = moves.before[kept], moves.after[kept]
    last = np.append(_starts(np, customers)[1:], len(customers)) - 1 if len(customers) else np.arange(0)
    ages = np.concatenate([periods - first[customers], width - 1 - first[customers[last]]])
    customers = np.concatenate([customers, customers[last]])
    old, new = np.concatenate([before, after[last]]), np.concatenate([after, 0 * after[last]])
    places, cap = group[customers] * width + ages, most[customers]
    values = (
        (new > 0) * 1.0 - (old > 0),
        new - old,
        new.clip(max=cap) - old.clip(max=cap),
    )
    return [added(places, one, count * width) for one in values]


def _starts(np: Any, keys: Any) -> Any:
    """Return where each run of equal keys begins."""
    return np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.arange(0)
