"""What is kept of customers and their revenue: over any span, and by cohort and age."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from math import sqrt
from operator import mul

from metricsheet.engines.ledger.movements import Move
from metricsheet.engines.ledger.spans import Ledger, Span
from metricsheet.records import record

_RESAMPLES, _SEED, _MOST = 200, 1, 400
_Z = 1.959963984540054


@record
class Retention:
    """The customers with an amount on a first day, and what is left of them on a last one.

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


def retention(spans: Iterable[Span], first: int, last: int) -> Retention:
    """Return what is left at the end of a ``last`` day of those who paid at the end of a ``first`` one."""
    return _of_pairs([(before, span.at(last)) for span in spans if (before := span.at(first))])


def by_period(moves: Sequence[Move], periods: int) -> list[Retention]:
    """Return the retention of each of the ``periods`` from all movements, which come by period."""
    levels: dict[int, int] = {}
    total = squares = at = 0
    found = []
    for period in range(periods):
        changed: dict[int, int] = {}
        while at < len(moves) and moves[at].period == period:
            if moves[at].kind != "none":
                changed[id(moves[at].span)] = moves[at].after
            at += 1
        if len(levels) <= _MOST:
            found.append(_of_pairs([(before, changed.get(key, before)) for key, before in levels.items()]))
        else:
            pairs = [(levels[key], after) for key, after in changed.items() if key in levels]
            still = (
                total - sum(before for before, _ in pairs),
                squares - sum(before**2 for before, _ in pairs),
            )
            found.append(_of_pairs(pairs, (len(levels) - len(pairs), *still)))
        for key, after in changed.items():
            before = levels.pop(key, 0)
            if after:
                levels[key] = after
            total, squares = total + after - before, squares + after**2 - before**2
    return found


def _of_pairs(pairs: Sequence[tuple[int, int]], still: tuple[int, int, int] = (0, 0, 0)) -> Retention:
    """Return the retention of customers by what they paid before and after.

    ``still`` are further ones who pay what they paid: how many, the sum of it, and the sum of its squares.
    """
    start, end = [before for before, _ in pairs], [after for _, after in pairs]
    kept = [min(pair) for pair in pairs]
    count, amount, _ = still
    return Retention(
        len(pairs) + count,
        sum(1 for after in end if after) + count,
        sum(start) + amount,
        sum(end) + amount,
        sum(kept) + amount,
        _interval(start, end, still),
        _interval(start, kept, still),
    )


def _interval(
    start: Sequence[int], end: Sequence[int], still: tuple[int, int, int]
) -> tuple[float, float] | None:
    """Return the interval of a ratio of sums over customers, of whom other ones might have been drawn.

    The customers are drawn anew, each as often as a Poisson number of mean 1 says (Hanley and MacGibbon
    2006), with a fixed seed; of more than some hundreds the variance that this comes to is used.
    """
    count, amount, squares = still
    base = sum(start) + amount
    if not base:
        return None
    if count or len(start) > _MOST:
        rate = (sum(end) + amount) / base
        spread = sum((after - rate * before) ** 2 for before, after in zip(start, end, strict=True))
        reach = _Z * sqrt(spread + (1 - rate) ** 2 * squares) / base
        return max(0.0, rate - reach), rate + reach
    drawn = []
    for weights in _draws():
        below = sum(map(mul, weights, start))
        if below:
            drawn.append(sum(map(mul, weights, end)) / below)
    drawn.sort()
    edge = len(drawn) // 40
    return drawn[edge], drawn[-1 - edge]


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


def cohorts(ledger: Ledger, cuts: Sequence[int], name: Callable[[Span], str]) -> list[Cohort]:
    """Return the cohorts by their ``name``, oldest first day first, at the ends of periods (``cuts``).

    Only complete periods belong in ``cuts``, all since the first paid day; who first paid later is in no
    cohort.
    """
    members: dict[str, list[tuple[int, Span]]] = {}
    for span in sorted(ledger.spans, key=lambda span: span.first_day):
        begun = bisect_left(cuts, span.first_day)
        if begun < len(cuts):
            members.setdefault(name(span), []).append((begun, span))
    found = []
    for cohort, spans in members.items():
        changes = [[0] * 5 for _ in range(len(cuts) - min(begun for begun, _ in spans) + 1)]
        for begun, span in spans:
            _add(changes, span, cuts[begun:])
        levels = [0] * 5
        ages = []
        for change in changes[:-1]:
            levels = [level + one for level, one in zip(levels, change, strict=True)]
            ages.append(Age(*levels))
        found.append(Cohort(cohort, len(spans), sum(span.steps[0][1] for _, span in spans), tuple(ages)))
    return found


def _add(changes: list[list[int]], span: Span, cuts: Sequence[int]) -> None:
    """Add what changes of one customer from age to age; ``cuts`` begin with its first period."""
    own = span.steps[0][1]
    after = {0: 0} | {bisect_left(cuts, day): amount for day, amount in span.steps}
    before = (0, 0, 0, 0, 0)
    for age, amount in after.items():
        now = (1, own, int(amount > 0), amount, min(amount, own))
        if age >= len(cuts):
            break
        changes[age] = [had + new - old for had, new, old in zip(changes[age], now, before, strict=True)]
        before = now
    gone = changes[len(cuts)]
    changes[len(cuts)] = [had - old for had, old in zip(gone, before, strict=True)]


def pooled(found: Sequence[Cohort]) -> list[Age]:
    """Return the row of all cohorts together by age: of those old enough, sums over sums."""
    oldest = max((len(one.ages) for one in found), default=0)
    return [sum((one.ages[age] for one in found if len(one.ages) > age), Age()) for age in range(oldest)]
