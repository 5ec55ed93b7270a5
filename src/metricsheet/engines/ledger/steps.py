"""The amounts of all customers over time as flat columns, in one pass, and their movements at period ends.

Nothing here is as large as customers times periods: there is one entry for each day on which an amount
changes, and one for each period in which a customer moves.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

from metricsheet.engines.ledger import fast
from metricsheet.records import record

OPEN = 1 << 20
"""The first day without of a row that goes on; later than any date."""

NONE, NEW, REACTIVATION, EXPANSION, CONTRACTION, CHURN = range(6)
KINDS = ("new", "reactivation", "expansion", "contraction", "churn")
"""The kinds of movements by their numbers, from 1 on."""


@record
class Columns:
    """Rows as columns: the number of the customer, the days ``start <= day < end``, whole amounts above 0."""

    customers: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]
    amounts: Sequence[int]


@record
class Steps:
    """The days on which the amount of a customer changes, by customer and day, and what it is from there."""

    customers: Sequence[int]
    days: Sequence[int]
    levels: Sequence[int]


@record
class Moves:
    """What customers did in periods, by customer and period: from the amount ``before`` to that ``after``.

    ``kinds`` are numbers. Of the kind ``NONE`` are those who paid at neither end; ``came`` is what they paid
    on their first paid day of the period. Long columns are arrays of numpy, where it is installed.
    """

    customers: Sequence[int]
    periods: Sequence[int]
    kinds: Sequence[int]
    before: Sequence[int]
    after: Sequence[int]
    came: Sequence[int]

    def __iter__(self) -> Iterator[tuple[int, int, int, int, int, int]]:
        """Yield the values of each movement."""
        columns: list[Any] = [getattr(self, name) for name in Moves.__annotations__]
        return zip(*(c.tolist() if hasattr(c, "tolist") else c for c in columns), strict=True)


def steps_of(columns: Columns, gap: int) -> Steps:
    """Return the steps of all customers; a gap of at most ``gap`` days is none, what was paid goes on."""
    made = fast.steps(columns, gap)
    if made is not None:
        return Steps(*made)
    changes: dict[int, int] = {}
    get = changes.get
    rows = zip(columns.customers, columns.starts, columns.ends, columns.amounts, strict=True)
    for customer, start, end, amount in rows:
        key = customer * OPEN + start
        changes[key] = get(key, 0) + amount
        if end < OPEN:
            key = customer * OPEN + end
            changes[key] = get(key, 0) - amount
    found: list[int] = []
    levels: list[int] = []
    level, current = 0, -1
    for key in sorted(changes):
        change = changes[key]
        customer = key // OPEN
        if customer != current:
            level, current = 0, customer
        elif gap and change and not level and key - found[-1] <= gap:
            # no time without: what was paid before goes on until here
            found.pop()
            levels.pop()
            level = change
            if levels[-1] != level:
                found.append(key)
                levels.append(level)
            continue
        if change:
            level += change
            found.append(key)
            levels.append(level)
    return Steps([key // OPEN for key in found], [key % OPEN for key in found], levels)


def moves_of(steps: Steps, cuts: Sequence[int], free: Any = None) -> Moves:
    """Return the movements; ``cuts`` are the last days of all periods since the first paid day.

    ``free`` says of a customer and a day whether it is on a free plan that keeps it a customer.
    """
    made = None if free else fast.moves(steps, cuts)
    if made is not None:
        return Moves(*made)
    columns: tuple[list[int], ...] = ([], [], [], [], [], [])
    customers, days, levels = steps.customers, steps.days, steps.levels
    at, count, last = 0, len(days), len(cuts)
    current, level, ever = -1, 0, False
    while at < count:
        customer = customers[at]
        if customer != current:
            current, level, ever = customer, 0, False
        period = bisect_left(cuts, days[at])
        if period == last:
            at += 1
            continue
        before, came, cut = level, 0, cuts[period]
        while at < count and customers[at] == customer and days[at] <= cut:
            level = levels[at]
            came = came or level
            at += 1
        if before == level and (level or not came):
            continue
        kind = _kind(before, level, ever)
        if free and kind == CHURN and free(customer, cut):
            kind = CONTRACTION
        elif free and kind == REACTIVATION and free(customer, cuts[period - 1]):
            kind = EXPANSION
        ever = ever or level > 0
        entry = (customer, period, kind, before, level, came if kind == NONE else 0)
        for column, value in zip(columns, entry, strict=True):
            column.append(value)
    return Moves(*columns)


def _kind(before: int, after: int, ever: bool) -> int:
    if not before:
        return (REACTIVATION if ever else NEW) if after else NONE
    if not after:
        return CHURN
    return EXPANSION if after > before else CONTRACTION
