"""Movements of recurring revenue: net per customer and period, in slices with transfers between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

from metricsheet.engines.ledger.rows import Subscription
from metricsheet.engines.ledger.spans import Ledger
from metricsheet.engines.ledger.steps import (
    CHURN,
    FREED,
    KINDS,
    NAMES,
    NEW,
    NONE,
    REACTIVATION,
    UNFREED,
    Moves,
)
from metricsheet.records import field, record

GAINS = KINDS[:3]
LOSSES = KINDS[3:]


Amount: TypeAlias = int | Fraction


@record(frozen=False)
class Totals:
    """One period, of all customers or of a slice: amounts in parts of the ledger's unit, and customers.

    ``amounts`` and ``customers`` are by kind of movement. ``came_and_went`` are those with an amount at
    neither end who paid in between, with their ``came_amount``; ``customers_left`` pay nothing any more, and
    ``from_free`` is the expansion of those back from a free plan. These are not counted of slices.
    """

    start: int = 0
    end: int = 0
    customers_at_start: int = 0
    customers_at_end: int = 0
    amounts: dict[str, Amount] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    customers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    came_and_went: int = 0
    came_amount: int = 0
    customers_left: int = 0
    from_free: int = 0
    transferred_in: Amount = 0
    transferred_out: Amount = 0


@record
class Event:
    """What a customer did in a period, in all or in a slice: from the amount ``before`` to that ``after``.

    ``gain`` and ``loss`` are its movement, without transfers; ``kind`` is its number.
    """

    before: int
    after: int
    kind: int
    gain: Amount
    loss: Amount


def totals(moves: Moves) -> list[Totals]:
    """Return the totals of each period from all movements."""
    found = [Totals() for _ in range(moves.periods)]
    for period, one in enumerate(found):
        for kind, name in enumerate(NAMES):
            place = kind * moves.periods + period
            count, change = moves.counts[place], moves.changes[place]
            if kind == NONE:
                one.came_and_went, one.came_amount = count, change
                continue
            one.amounts[name] += abs(change)
            one.customers[name] += count
            one.end += change
            one.customers_at_end += count * _PEOPLE.get(kind, 0)
            one.customers_left += count * (kind in (CHURN, FREED))
            one.from_free += change * (kind == UNFREED)
    _stand(found)
    return found


_PEOPLE = {NEW: 1, REACTIVATION: 1, UNFREED: 1, CHURN: -1, FREED: -1}
"""By how much the customers who pay anything change."""


@record
class Sliced:
    """The totals of a slice by period, and what each customer did in it."""

    totals: Sequence[Totals]
    events: Sequence[dict[int, Event]]


def sliced_totals(ledger: Ledger, moves: Moves, cuts: Sequence[int]) -> Mapping[str, Sliced]:
    """Return the totals of each slice; over all slices they are those of the whole, and transfers are 0.

    The kind of a movement is that of the whole customer. Of gains P and losses N over its slices, min(P, N)
    is transferred, in proportion to each slice's gain or loss; the rest is the movement. Amounts may be parts
    of the unit then: each is a fraction.
    """
    found: dict[str, Sliced] = {}
    of_customer: list[dict[int, int]] = [{} for _ in ledger.customers]
    for code, period, number, *_ in moves:
        of_customer[code][period] = number
    for code, span in enumerate(ledger.spans):
        rows: dict[str, list[Subscription]] = {}
        for row in span.rows:
            rows.setdefault(row.slice, []).append(row)
        changes: dict[int, dict[str, int]] = {}
        for name, own in rows.items():
            if name not in found:
                found[name] = Sliced([Totals() for _ in cuts], [{} for _ in cuts])
            for day, amount in ledger.steps(own):
                changes.setdefault(bisect_left(cuts, day), {})[name] = amount
        before: dict[str, int] = dict.fromkeys(rows, 0)
        for period in sorted(changes):
            if period == len(cuts):
                break
            kind = of_customer[code].get(period, NONE)
            for name, event in _shared(before, changes[period], kind):
                _add(found[name].totals[period], event)
                found[name].events[period][code] = event
            before |= changes[period]
    for one in found.values():
        _stand(one.totals)
    return found


def _shared(before: Mapping[str, int], after: Mapping[str, int], kind: int) -> Iterator[tuple[str, Event]]:
    """Yield what one customer did in its slices, with the movement that is left after transfers."""
    changed = [name for name, amount in after.items() if amount != before[name]]
    gained = sum(max(after[name] - before[name], 0) for name in changed)
    lost = sum(max(before[name] - after[name], 0) for name in changed)
    for name in changed:
        amount = after[name] - before[name]
        more = Fraction(amount * max(gained - lost, 0), gained) if amount > 0 and lost else max(amount, 0)
        less = Fraction(-amount * max(lost - gained, 0), lost) if amount < 0 and gained else max(-amount, 0)
        yield name, Event(before[name], after[name], kind, more, less)


def _add(one: Totals, event: Event) -> None:
    """Add what a customer did to a slice; ``end`` collects what is added to it."""
    change = event.after - event.before
    if change > 0:
        one.transferred_in += change - event.gain
    else:
        one.transferred_out += -change - event.loss
    if event.gain or event.loss:
        one.amounts[NAMES[event.kind]] += event.gain + event.loss
        one.customers[NAMES[event.kind]] += 1
    one.end += change
    one.customers_at_end += (event.after > 0) - (event.before > 0)


def _stand(several: Sequence[Totals]) -> None:
    """Fill in what is at the start and end of each period, of which ``end`` holds the change."""
    level = people = 0
    for one in several:
        one.start, one.customers_at_start = level, people
        level, people = level + one.end, people + one.customers_at_end
        one.end, one.customers_at_end = level, people
