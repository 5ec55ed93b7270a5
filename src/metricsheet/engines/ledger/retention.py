"""What is kept of customers and their revenue: over any span, and by cohort and age."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate
from math import sqrt
from operator import mul
from typing import Any

from metricsheet.engines.ledger import fast
from metricsheet.engines.ledger.spans import Ledger
from metricsheet.engines.ledger.steps import Moves
from metricsheet.records import record

_RESAMPLES, _SEED, _MOST = 200, 1, 400
_Z = 1.959963984540054


@record
class Retention:
    """The customers with an amount at the start of a period, and what is left of them at its end.

    ``start`` is what they paid, ``end`` what they pay, ``kept`` of it no more than before, all in parts of
    the ledger's unit; ``stayed`` are those of the ``customers`` who pay anything. ``net`` and ``gross`` are
    95 % intervals of ``end / start`` and ``kept / start``, ``None`` without an amount at the start.
    """

    customers: int
    stayed: int
    start: int
    end: int
    kept: int
    net: tuple[float, float] | None
    gross: tuple[float, float] | None


def by_period(moves: Moves, periods: int, customers: int) -> list[Retention]:
    """Return the retention of each of the ``periods`` from all movements of this many ``customers``.

    Two periods of any length are a span: what stood at the end of the first is the base of the second.
    """
    if customers > _MOST:
        return [_of_sums(*sums) for sums in zip(*_sums(moves, periods), strict=True)]
    of_period: list[dict[int, int]] = [{} for _ in range(periods)]
    for customer, period, kind, _, after, _ in moves:
        if kind:
            of_period[period][customer] = after
    levels: dict[int, int] = {}
    found = []
    for changed in of_period:
        found.append(_of_pairs([(before, changed.get(key, before)) for key, before in levels.items()]))
        levels = {key: level for key, level in {**levels, **changed}.items() if level}
    return found


def _of_pairs(pairs: Sequence[tuple[int, int]]) -> Retention:
    """Return the retention of customers by what they paid before and after.

    For the intervals customers are drawn anew, each as often as a Poisson number of mean 1 says (Hanley and
    MacGibbon 2006), with a fixed seed.
    """
    start, end = [before for before, _ in pairs], [after for _, after in pairs]
    kept = [min(pair) for pair in pairs]
    stayed = sum(1 for after in end if after)
    sums = sum(start), sum(end), sum(kept)
    if not pairs:
        return Retention(0, 0, 0, 0, 0, None, None)
    drawn = []
    for weights in _draws():
        below = sum(map(mul, weights, start))
        if below:
            drawn.append((sum(map(mul, weights, end)) / below, sum(map(mul, weights, kept)) / below))
    edge = len(drawn) // 40
    net, gross = (sorted(rates) for rates in zip(*drawn, strict=True))
    return Retention(len(pairs), stayed, *sums, (net[edge], net[-1 - edge]), (gross[edge], gross[-1 - edge]))


@cache
def _draws() -> tuple[bytes, ...]:
    """Return how often each of some customers is drawn, once for each resample."""
    source = random.Random(_SEED)

    def poisson() -> int:
        count, product = 0, source.random()
        while product > 0.36787944117144233:
            product *= source.random()
            count += 1
        return count

    return tuple(bytes(poisson() for _ in range(_MOST)) for _ in range(_RESAMPLES))


def _sums(moves: Moves, periods: int) -> list[list[int]]:
    """Return the arguments of ``_of_sums`` for each period."""
    columns: Any = moves
    if hasattr(columns.kinds, "tolist"):
        old, new, places = columns.before.astype(float), columns.after.astype(float), columns.periods
        stay, least = old > 0, columns.after.clip(max=columns.before).astype(float)
        values = (
            *((new > 0) * 1.0 - stay, new - old, new**2 - old**2),
            *(-1.0 * (stay & (new == 0)), (new - old) * stay, least - old),
            *(new**2 * stay, new * old, least**2, least * old, old**2),
        )
        sums = [fast.added(places, one, periods) for one in values]
    else:
        sums = [[0] * periods for _ in range(11)]
        for place, before, after in zip(moves.periods, moves.before, moves.after, strict=True):
            sums[0][place] += (after > 0) - (before > 0)
            sums[1][place] += after - before
            sums[2][place] += after**2 - before**2
            if before:
                kept = min(before, after)
                sums[3][place] -= after == 0
                sums[4][place] += after - before
                sums[5][place] += kept - before
                sums[6][place] += after**2
                sums[7][place] += after * before
                sums[8][place] += kept**2
                sums[9][place] += kept * before
                sums[10][place] += before**2
    return [[0, *accumulate(one)][:periods] for one in sums[:3]] + sums[3:]


def _of_sums(
    people: int,
    start: int,
    squares: int,
    gone: int,
    net: int,
    lost: int,
    after_2: int,
    after_before: int,
    kept_2: int,
    kept_before: int,
    before_2: int,
) -> Retention:
    """Return the retention of many customers from what is at the start, and sums over those who moved.

    The intervals are those that resampling comes to where customers are many: of a ratio of two sums.
    """
    end, kept = start + net, start + lost
    if not start:
        return Retention(people, people + gone, start, end, kept, None, None)

    def interval(sum_: int, own_2: int, product: int) -> tuple[float, float]:
        rate = sum_ / start
        spread = own_2 - 2 * rate * product + rate**2 * before_2 + (1 - rate) ** 2 * (squares - before_2)
        reach = _Z * sqrt(max(spread, 0.0)) / start
        return max(0.0, rate - reach), rate + reach

    intervals = interval(end, after_2, after_before), interval(kept, kept_2, kept_before)
    return Retention(people, people + gone, start, end, kept, *intervals)


@record
class Age:
    """What is left of a cohort at one age: of those old enough, their ``size`` and ``base`` too.

    ``customers`` pay ``amount``, ``kept`` of it no more than each on the first paid day.
    """

    size: int = 0
    base: int = 0
    customers: int = 0
    amount: int = 0
    kept: int = 0

    def __add__(self, other: Age) -> Age:
        """Return both together."""
        return Age(
            self.size + other.size,
            self.base + other.base,
            self.customers + other.customers,
            self.amount + other.amount,
            self.kept + other.kept,
        )


@record
class Cohort:
    """Customers grouped by something of their first paid day.

    ``size`` counts all of them, those who came and went included, ``base`` is what they paid on that day, in
    parts of the ledger's unit. Age 0 is the end of the period of the first day; there are no ages that the
    data do not reach.
    """

    name: str
    size: int
    base: int
    ages: tuple[Age, ...]


def cohorts(ledger: Ledger, moves: Moves, cuts: Sequence[int], name: Callable[[int], str]) -> list[Cohort]:
    """Return the cohorts by their ``name`` of each customer (by number), oldest first day first.

    ``moves`` are those at the ends of periods (``cuts``), of complete ones only; who first paid later is in
    no cohort.
    """
    members: dict[str, list[int]] = {}
    begun = [bisect_left(cuts, day) for day in ledger.first_days]
    for customer in sorted(range(len(begun)), key=ledger.first_days.__getitem__):
        if begun[customer] < len(cuts):
            members.setdefault(name(customer), []).append(customer)
    own, width = ledger.first_amounts, len(cuts) + 1
    groups = [-1] * len(begun)
    for number, customers in enumerate(members.values()):
        for customer in customers:
            groups[customer] = number
    changes = _changes(moves, groups, begun, own, len(members), width)
    found = []
    for number, (cohort, customers) in enumerate(members.items()):
        sizes, bases = [0] * width, [0] * width
        for customer in customers:
            # at the age that a customer has not reached, the others alone are that old
            last = len(cuts) - begun[customer]
            sizes[last] -= 1
            bases[last] -= own[customer]
        sizes[0], bases[0] = len(customers), -sum(bases)
        count = len(cuts) - begun[customers[0]]
        three = (one[number * width : (number + 1) * width] for one in changes)
        columns = [[*accumulate(one)][:count] for one in (sizes, bases, *three)]
        ages = tuple(Age(*values) for values in zip(*columns, strict=True))
        found.append(Cohort(cohort, sizes[0], bases[0], ages))
    return found


def _changes(
    moves: Moves, groups: Sequence[int], begun: Sequence[int], own: Sequence[int], count: int, width: int
) -> list[list[int]]:
    """Return by how much customers, amounts and what is kept change, by cohort and age.

    At the age that a customer has not reached, all of it is gone: the others alone are that old.
    """
    columns: Any = moves
    if hasattr(columns.kinds, "tolist"):
        return fast.cohort_changes(columns, groups, begun, own, count, width)
    found = [[0] * (count * width) for _ in range(3)]
    people, amounts, kept = found

    def add(customer: int, age: int, before: int, after: int) -> None:
        place, most = groups[customer] * width + age, own[customer]
        people[place] += (after > 0) - (before > 0)
        amounts[place] += after - before
        kept[place] += min(after, most) - min(before, most)

    last: dict[int, int] = {}
    for customer, period, kind, before, after, _ in moves:
        if kind and groups[customer] >= 0:
            add(customer, period - begun[customer], before, after)
            last[customer] = after
    for customer, level in last.items():
        add(customer, width - 1 - begun[customer], level, 0)
    return found


def pooled(found: Sequence[Cohort]) -> list[Age]:
    """Return the row of all cohorts together by age: of those old enough, sums over sums."""
    oldest = max((len(one.ages) for one in found), default=0)
    return [sum((one.ages[age] for one in found if len(one.ages) > age), Age()) for age in range(oldest)]
