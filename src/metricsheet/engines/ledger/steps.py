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

OPEN = 1 << 22
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
    keys = [c * OPEN + day for c, day in zip(columns.customers, columns.starts, strict=True)]
    changes = [*columns.amounts]
    for customer, day, amount in zip(columns.customers, columns.ends, columns.amounts, strict=True):
        if day < OPEN:
            keys.append(customer * OPEN + day)
            changes.append(-amount)
    customers: list[int] = []
    days: list[int] = []
    levels: list[int] = []
    level, current, begun, last = 0, -1, 0, -1
    # ``begun`` is the amount before the day that is being added up, ``last`` its key
    for place in sorted(range(len(keys)), key=keys.__getitem__):
        key = keys[place]
        if key != last:
            if level != begun:
                _add(customers, days, levels, last, level, gap)
            if key // OPEN != current:
                current, level = key // OPEN, 0
            begun, last = level, key
        level += changes[place]
    if level != begun:
        _add(customers, days, levels, last, level, gap)
    return Steps(customers, days, levels)


def _add(customers: list[int], days: list[int], levels: list[int], key: int, level: int, gap: int) -> None:
    """Add a step; one that ends a short gap takes the place of the one that began it."""
    customer, day = divmod(key, OPEN)
    if gap and levels and not levels[-1] and customers[-1] == customer and day - days[-1] <= gap:
        del customers[-1], days[-1], levels[-1]
        if levels[-1] == level:
            return
    customers.append(customer)
    days.append(day)
    levels.append(level)


def moves_of(steps: Steps, cuts: Sequence[int], free: Any = None) -> Moves:
    """Return the movements; ``cuts`` are the last days of all periods since the first paid day.

    ``free`` says of a customer and a day whether it is on a free plan that keeps it a customer.
    """
    made = None if free else fast.moves(steps, cuts)
    if made is not None:
        return Moves(*made)
    moves = Moves([], [], [], [], [], [])
    columns: Any = [getattr(moves, name).append for name in Moves.__annotations__]
    add_customer, add_period, add_kind, add_before, add_after, add_came = columns
    period_of: dict[int, int] = {}
    last = len(cuts)
    current, period, level, start, came, ever = -1, -1, 0, 0, 0, False

    def end() -> None:
        """Add the movement of the period that ends."""
        if start == level and (level or not came):
            return
        kind = _kind(start, level, ever)
        if free and kind == CHURN and free(current, cuts[period]):
            kind = CONTRACTION
        elif free and kind == REACTIVATION and free(current, cuts[period - 1]):
            kind = EXPANSION
        add_customer(current)
        add_period(period)
        add_kind(kind)
        add_before(start)
        add_after(level)
        add_came(came if kind == NONE else 0)

    for customer, day, amount in zip(steps.customers, steps.days, steps.levels, strict=True):
        found = period_of.get(day)
        if found is None:
            found = period_of[day] = bisect_left(cuts, day)
        if found == last:
            continue
        if customer != current:
            end()
            current, period, level, start, came, ever = customer, found, 0, 0, 0, False
        elif found != period:
            end()
            period, start, came, ever = found, level, 0, ever or level > 0
        level = amount
        came = came or amount
    end()
    return moves


def _kind(before: int, after: int, ever: bool) -> int:
    if not before:
        return (REACTIVATION if ever else NEW) if after else NONE
    if not after:
        return CHURN
    return EXPANSION if after > before else CONTRACTION
