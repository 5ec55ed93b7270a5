"""Movements of all customers at the ends of periods, in one pass over their rows.

Nothing here is as large as customers times periods: there is one entry for each period in which a customer
moves.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, chain, compress, islice
from operator import ne, neg
from typing import Any

from metricsheet.engines.ledger import fast
from metricsheet.engines.ledger.rows import OPEN, SHIFT
from metricsheet.records import record

NONE, NEW, REACTIVATION, EXPANSION, CONTRACTION, CHURN, FREED, UNFREED = range(8)
KINDS = ("new", "reactivation", "expansion", "contraction", "churn")
"""The kinds of movements."""
NAMES = ("came_and_went", *KINDS, "contraction", "expansion")
"""The kinds by their numbers; the last two go to a free plan that keeps a customer, and come back from it."""

_COLUMNS = ("customers", "places", "before", "after", "counts", "changes", "first_days", "first_amounts")
_BLOCK = 7
"""So many bits of a customer's number are sorted at once: what is at work stays near the processor."""


@record
class Columns:
    """Rows as columns: the number of the customer, the days ``start <= day < end``, whole amounts above 0."""

    customers: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]
    amounts: Sequence[int]


@record
class Moves:
    """What customers did in ``periods``: from the amount ``before`` to that ``after``.

    ``places`` are ``kind * periods + period``. Of the kind ``NONE`` are those who paid at neither end:
    ``after`` is then what they paid on their first paid day of the period. By place ``counts`` tell how many
    there are, ``changes`` by how much amounts change. By customer ``first_days`` are the first paid days,
    ``OPEN`` for those after the last period, and ``first_amounts`` what was paid on them. Long columns are
    arrays of numpy, where it is installed.
    """

    periods: int
    customers: Sequence[int]
    places: Sequence[int]
    before: Sequence[int]
    after: Sequence[int]
    counts: Sequence[int]
    changes: Sequence[int]
    first_days: Sequence[int]
    first_amounts: Sequence[int]

    def __iter__(self) -> Iterator[tuple[int, int, int, int, int, int]]:
        """Yield customer, period, kind, before, after, and what those paid who paid at neither end."""
        columns = map(fast.as_list, (self.customers, self.places, self.before, self.after))
        for customer, place, before, after in zip(*columns, strict=True):
            kind, period = divmod(place, self.periods)
            yield customer, period, kind, *((before, after, 0) if kind else (0, 0, after))

    def squares(self) -> tuple[Sequence[float], ...]:
        """Return by place the sums of the squares of amounts before and after, and of their products."""
        size = len(self.counts)
        if hasattr(self.places, "tolist"):
            return fast.squares(self, size)
        old, new, both = [0] * size, [0] * size, [0] * size
        for place, before, after in zip(self.places, self.before, self.after, strict=True):
            if before:
                old[place] += before * before
            if after:
                new[place] += after * after
                if before:
                    both[place] += before * after
        return old, new, both


def moves_of(columns: Columns, cuts: Sequence[int], gap: int, free: Any = None) -> Moves:
    """Return the movements; ``cuts`` are the last days of all periods since the first paid day.

    A gap of at most ``gap`` days is none: what was paid goes on. ``free`` says of a customer and a day
    whether it is on a free plan that keeps it a customer.
    """
    made = None if free else fast.moves(columns, cuts, gap)
    if made is not None:
        return Moves(len(cuts), *made)
    numbers: dict[int, int] = {}
    for amount in columns.amounts:
        numbers.setdefault(amount, len(numbers))
    changes, losses = [*numbers, *map(neg, numbers)], len(numbers)
    bits = len(changes).bit_length()
    # customer, day and change as one number; those that a float holds are sorted fastest as floats
    number: Any = float if _BLOCK + SHIFT + bits <= 53 else int
    of_day, of_customer, part = number(1 << bits), number(1 << bits + SHIFT), (1 << _BLOCK) - 1
    blocks: list[list[Any]] = [[] for _ in range((max(columns.customers, default=-1) >> _BLOCK) + 1)]
    rows = zip(columns.customers, columns.starts, columns.ends, columns.amounts, strict=True)
    for customer, start, end, amount in rows:
        block, base, change = blocks[customer >> _BLOCK], (customer & part) * of_customer, numbers[amount]
        block.append(base + start * of_day + change)
        block.append(base + end * of_day + (change + losses))
    size, count = len(NAMES) * len(cuts), max(columns.customers, default=-1) + 1
    moves = Moves(len(cuts), [], [], [], [], [0] * size, [0] * size, [OPEN] * count, [0] * count)
    period_of = {day: bisect_left(cuts, day) for day in {*columns.starts, *columns.ends}}
    beyond = len(cuts) + 1
    kept_free = (lambda customer, period: free(customer, cuts[period])) if free else None
    for place, block in enumerate(blocks):
        block.sort()
        codes, of_change = [*map(int, block)], (1 << bits) - 1
        block.clear()
        levels = [*accumulate([changes[code & of_change] for code in codes])]
        for n in [n for n, level in enumerate(levels) if not level] if gap else ():
            then = codes[n + 1] >> bits if n + 1 < len(codes) else OPEN
            if then - (codes[n] >> bits) <= gap and then >> SHIFT == codes[n] >> bits + SHIFT:
                before = n - 1
                while codes[before] >> bits == codes[n] >> bits:
                    before -= 1
                levels[n] = levels[before]
        every = [(code >> bits + SHIFT) * beyond + period_of[code >> bits & OPEN] for code in codes]
        _add_moves(moves, place << _BLOCK, every, levels, lambda n: codes[n] >> bits & OPEN, kept_free)  # noqa: B023
    return moves


def _last(keys: Sequence[int]) -> Sequence[bool]:
    """Return which of some keys are followed by another one."""
    return [*map(ne, keys, chain(islice(keys, 1, None), (None,)))]


def _add_moves(
    moves: Moves,
    base: int,
    every: Sequence[int],
    levels: Sequence[int],
    day_of: Callable[[int], int],
    free: Callable[[int, int], bool] | None,
) -> None:
    """Add the movements of some customers, numbered from ``base`` on, of their changes in the order of days.

    ``every`` has for each change the customer and the period as one number, ``levels`` what is paid from
    there on, after the last change of a day; starts come before ends. At the end of each customer is a level
    of 0, after the last period where it goes on.
    """
    periods, beyond = moves.periods, moves.periods + 1
    last = _last(every)
    ends = [*compress(levels, last)]
    customers, places, olds, news, counts, changes, days, amounts = (
        getattr(moves, name) for name in _COLUMNS
    )
    known = begun = -1
    for cell, before, after in zip(compress(every, last), chain((0,), ends), ends, strict=False):
        if before == after and before:
            continue
        customer, period = divmod(cell, beyond)
        if period == periods:
            continue
        customer += base
        if before:
            kind = EXPANSION if after > before else CONTRACTION if after else CHURN
            if free and not after and free(customer, period):
                kind = FREED
        elif after and customer == known:
            kind = UNFREED if free and free(customer, period - 1) else REACTIVATION
        else:
            first, kind = bisect_left(every, cell), NEW if after else NONE
            day = day_of(first)
            while every[first + 1] == cell and day_of(first + 1) == day:
                first += 1
            known = customer if after else known
            after = after or levels[first]  # noqa: PLW2901  # of those who came and went
            if begun < customer:
                begun, days[customer], amounts[customer] = customer, day, levels[first]
        place = kind * periods + period
        customers.append(customer)
        places.append(place)
        olds.append(before)
        news.append(after)
        counts[place] += 1
        changes[place] += after - before
