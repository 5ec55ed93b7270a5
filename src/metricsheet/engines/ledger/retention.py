"""What is kept of customers and their revenue: over any span, and by cohort and age."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate
from math import sqrt
from operator import mul
from typing import TypeAlias

from metricsheet.engines.ledger.fast import added, as_list, cohort_changes, periods_of
from metricsheet.engines.ledger.movements import Amount, Event, Totals
from metricsheet.engines.ledger.steps import (
    CHURN,
    CONTRACTION,
    EXPANSION,
    FREED,
    NEW,
    REACTIVATION,
    UNFREED,
    Moves,
)
from metricsheet.engines.ledger.survival import Z
from metricsheet.records import record

_RESAMPLES, _SEED, _MOST = 200, 1, 400


Interval: TypeAlias = tuple[float, float]


@record
class Retention:
    """The customers with an amount at the start of a period, and what is left of them at its end.

    ``start`` is what they paid, ``end`` what they pay, ``kept`` of it no more than before, all in parts of
    the ledger's unit; ``stayed`` are those of the ``customers`` who pay anything. There are 95 % intervals of
    ``net`` (``end / start``), of ``gross`` (``kept / start``), of net with what came back, and of ``quick``,
    gains over losses; ``None`` without anything to divide by.
    """

    customers: int
    stayed: int
    start: int
    end: Amount | float
    kept: Amount | float
    net: Interval | None = None
    gross: Interval | None = None
    net_with_back: Interval | None = None
    quick: Interval | None = None


def by_period(moves: Moves, found: Sequence[Totals], customers: int) -> list[Retention]:
    """Return the retention of each period from all movements of this many ``customers`` and their totals.

    Two periods of any length are a span: what stood at the end of the first is the base of the second.
    """
    if customers > _MOST:
        return _of_sums(moves, found)
    events: list[dict[int, Event]] = [{} for _ in found]
    for customer, period, kind, before, after, _ in moves:
        if kind:
            change = after - before
            events[period][customer] = Event(before, after, kind, max(change, 0), max(-change, 0))
    return of_events(events)


def of_events(events: Sequence[Mapping[int, Event]]) -> list[Retention]:
    """Return the retention of each period from what customers did in it."""
    levels: dict[int, int] = {}
    found = []
    for changed in events:
        rest = [level for customer, level in levels.items() if customer not in changed]
        found.append(_of_moved([*changed.values()], rest))
        levels.update((customer, one.after) for customer, one in changed.items())
        levels = {customer: level for customer, level in levels.items() if level}
    return found


def _of_moved(moved: Sequence[Event], rest: Sequence[int]) -> Retention:
    """Return the retention of those who moved and of the ``rest`` who did not, by what they pay."""
    start = sum(one.before for one in moved) + sum(rest)
    grown = [one.gain if one.kind == EXPANSION else 0 for one in moved]
    lost, gained = [one.loss for one in moved], [one.gain for one in moved]
    back = [one.gain if one.kind == REACTIVATION else 0 for one in moved]
    left = sum(1 for one in moved if one.kind in (CHURN, FREED) and one.before)
    people = sum(1 for one in moved if one.before) + len(rest)
    kept = start - sum(lost)
    ends = [0.0 + one.before + more - less for one, more, less in zip(moved, grown, lost, strict=True)]
    # what is divided by what, of those who moved; the rest stands on both sides of the first three
    below = [float(one.before) for one in moved]
    rates = (
        (ends, below, rest),
        ([one.before - float(less) for one, less in zip(moved, lost, strict=True)], below, rest),
        ([end + float(more) for end, more in zip(ends, back, strict=True)], below, rest),
        ([*map(float, gained)], [*map(float, lost)], ()),
    )
    drawn = _resampled if len(moved) + len(rest) <= _MOST else _spread
    intervals = [drawn(*rate) if sum(rate[1]) + sum(rate[2]) else None for rate in rates]
    return Retention(people, people - left, start, kept + sum(grown), kept, *intervals)


def _resampled(above: Sequence[float], below: Sequence[float], rest: Sequence[int]) -> Interval:
    """Return the interval of a ratio of sums from customers drawn anew, the ``rest`` on both sides.

    Each is drawn as often as a Poisson number of mean 1 says (Hanley and MacGibbon 2006), with a fixed seed.
    """
    drawn = []
    for weights in _draws():
        same = sum(map(mul, weights[len(below) :], rest))
        under = sum(map(mul, weights, below)) + same
        if under:
            drawn.append((sum(map(mul, weights, above)) + same) / under)
    drawn.sort()
    return drawn[len(drawn) // 40], drawn[-1 - len(drawn) // 40]


def _spread(above: Sequence[float], below: Sequence[float], rest: Sequence[int]) -> Interval:
    """Return the interval that resampling comes to where customers are many: of a ratio of two sums."""
    same, under = sum(rest), sum(below) + sum(rest)
    rate = (sum(above) + same) / under
    spread = sum((one - rate * other) ** 2 for one, other in zip(above, below, strict=True))
    return _around(rate, spread + (1 - rate) ** 2 * sum(level * level for level in rest), under)


def _around(rate: float, spread: float, under: float) -> Interval:
    reach = Z * sqrt(max(spread, 0.0)) / under
    return max(0.0, rate - reach), rate + reach


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


def _of_sums(moves: Moves, found: Sequence[Totals]) -> list[Retention]:
    """Return the retention of many customers from totals, and sums of products over those who moved."""
    sums = moves.squares()
    kept: list[Retention] = []
    squares = 0.0
    for period, one in enumerate(found):
        old, new, both = ([*own[period :: len(found)]] for own in sums)
        start, lost = one.start, one.amounts["contraction"] + one.amounts["churn"]
        gained = one.amounts["new"] + one.amounts["reactivation"] + one.amounts["expansion"]
        grown = one.amounts["expansion"] - one.from_free
        base = old[EXPANSION] + old[CONTRACTION] + old[CHURN] + old[FREED]

        after = new[EXPANSION] + new[CONTRACTION], both[EXPANSION] + both[CONTRACTION]
        returned = after[0] + new[REACTIVATION], after[1]
        least = old[EXPANSION] + new[CONTRACTION], old[EXPANSION] + both[CONTRACTION]
        end = start + grown - lost
        quick = None
        if lost:
            change = [n - 2 * b + o for o, n, b in zip(old, new, both, strict=True)]
            gains = change[NEW] + change[REACTIVATION] + change[EXPANSION] + change[UNFREED]
            rate = float(gained / lost)
            losses = change[CONTRACTION] + change[CHURN] + change[FREED]
            quick = _around(rate, gains + rate**2 * losses, float(lost))
        kept.append(
            Retention(
                one.customers_at_start,
                one.customers_at_start - one.customers_left,
                *(start, end, start - lost),
                _of_start(start, end, after, base, squares),
                _of_start(start, start - lost, least, base, squares),
                _of_start(start, end + one.amounts["reactivation"], returned, base, squares),
                quick,
            )
        )
        squares += sum(new[1:]) - sum(old[1:])
    return kept


def _of_start(
    start: int, end: Amount, moved: tuple[float, float], base: float, squares: float
) -> Interval | None:
    """Return the interval of ``end / start``; ``squares`` are of all, the rest are sums over those who moved.

    ``moved`` are the squares of what they pay at the end, and its products with what they paid before, of
    which ``base`` are the squares.
    """
    if not start:
        return None
    rate, (own, product) = float(end / start), moved
    spread = own - 2 * rate * product + rate**2 * base + (1 - rate) ** 2 * (squares - base)
    return _around(rate, spread, start)


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


def cohorts(
    moves: Moves, cuts: Sequence[int], names: Sequence[str], groups: Sequence[int] | None = None
) -> list[Cohort]:
    """Return the cohorts called ``names``, oldest first day first.

    ``groups`` are the numbers of their names by customer; without them the names are those of the periods of
    first days. ``cuts`` are the ends of complete periods, ``moves`` may hold one more; who first paid after
    them is in no cohort.
    """
    begun = periods_of(moves.first_days, cuts)
    parts: dict[tuple[int, int], int] = {(n, n): n for n in range(len(cuts) + 1)}
    own = begun
    if groups is not None:
        parts = {}
        own = [parts.setdefault(pair, len(parts)) for pair in zip(groups, as_list(begun), strict=True)]
    sizes, bases = added(own, None, len(parts)), added(own, moves.first_amounts, len(parts))
    width = moves.periods + 1
    changes = _changes(moves, begun, own, len(parts) * width)
    found: dict[int, list[Cohort]] = {}
    for (name, first), place in sorted(parts.items(), key=lambda part: part[0][1]):
        if first == len(cuts) or not sizes[place]:
            continue
        columns = [accumulate(one[place * width : place * width + len(cuts) - first]) for one in changes]
        ages = tuple(Age(sizes[place], bases[place], *values) for values in zip(*columns, strict=True))
        found.setdefault(name, []).append(Cohort(names[name], sizes[place], bases[place], ages))
    return [several[0] if len(several) == 1 else together(several) for several in found.values()]


def _changes(moves: Moves, begun: Sequence[int], own: Sequence[int], size: int) -> list[list[int]]:
    """Return by how much customers, amounts and what is kept change, by cohort (``own``) and age."""
    width = moves.periods + 1
    if hasattr(moves.places, "tolist"):
        return cohort_changes(moves, begun, own, size)
    shifts = [number * width - first for number, first in zip(own, begun, strict=True)]
    found = [[0] * size for _ in range(3)]
    people, amounts, kept = found
    firsts, periods = moves.first_amounts, moves.periods
    columns = moves.customers, moves.places, moves.before, moves.after
    for customer, place, before, after in zip(*columns, strict=True):
        if place < periods:
            continue
        spot, most = shifts[customer] + place % periods, firsts[customer]
        amounts[spot] += after - before
        if not before:
            people[spot] += 1
        elif not after:
            people[spot] -= 1
        if before < most or after < most:
            kept[spot] += (after if after < most else most) - (before if before < most else most)
    return found


def together(several: Sequence[Cohort]) -> Cohort:
    """Return several cohorts as one, called like the first."""
    size, base = sum(one.size for one in several), sum(one.base for one in several)
    return Cohort(several[0].name, size, base, tuple(pooled(several)))


def pooled(found: Sequence[Cohort]) -> list[Age]:
    """Return the row of all cohorts together by age: of those old enough, sums over sums."""
    oldest = max((len(one.ages) for one in found), default=0)
    return [sum((one.ages[age] for one in found if len(one.ages) > age), Age()) for age in range(oldest)]
