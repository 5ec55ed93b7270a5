"""Movements of recurring revenue: net per customer and period, in slices with transfers between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from metricsheet.engines.ledger import fast
from metricsheet.engines.ledger.rows import Subscription
from metricsheet.engines.ledger.spans import Ledger
from metricsheet.engines.ledger.steps import KINDS, Moves
from metricsheet.records import field, record

GAINS = KINDS[:3]
LOSSES = KINDS[3:]


@record(frozen=False)
class Totals:
    """One period, of all customers or of a slice: amounts in parts of the ledger's unit, and customers.

    ``amounts`` and ``customers`` are by kind of movement. ``came_and_went`` are those with an amount at
    neither end who paid in between, with their ``came_amount``; of slices they are not counted.
    """

    start: int = 0
    end: int = 0
    customers_at_start: int = 0
    customers_at_end: int = 0
    amounts: dict[str, int | Fraction] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    customers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    came_and_went: int = 0
    came_amount: int = 0
    transferred_in: Fraction = Fraction(0)
    transferred_out: Fraction = Fraction(0)


def totals(moves: Moves, periods: int) -> list[Totals]:
    """Return the totals of each period from all movements."""
    amounts, counts, people = _sums(moves, periods)
    found = [Totals() for _ in range(periods)]
    for period, one in enumerate(found):
        for kind, name in enumerate(KINDS, 1):
            place = kind * periods + period
            one.amounts[name], one.customers[name] = amounts[place], counts[place]
            one.end += amounts[place] if name in GAINS else -amounts[place]
        one.came_amount, one.came_and_went = amounts[period], counts[period]
        one.customers_at_end = people[period]
    _stand(found)
    return found


def _sums(moves: Moves, periods: int) -> tuple[list[int], list[int], list[int]]:
    """Return amounts and customers by kind and period, and by how much customers with an amount change."""
    size = (len(KINDS) + 1) * periods
    columns: Any = moves
    if hasattr(columns.kinds, "tolist"):
        places = columns.kinds * periods + columns.periods
        sizes = columns.came + abs(columns.after - columns.before)
        change = (columns.after > 0) * 1.0 - (columns.before > 0)
        amounts, counts = fast.added(places, sizes, size), fast.added(places, None, size)
        return amounts, counts, fast.added(columns.periods, change, periods)
    amounts, counts, people = [0] * size, [0] * size, [0] * periods
    for _, period, kind, before, after, came in moves:
        place = kind * periods + period
        amounts[place] += came or abs(after - before)
        counts[place] += 1
        if not before or not after:
            people[period] += (after > 0) - (before > 0)
    return amounts, counts, people


SliceTotals: TypeAlias = Mapping[str, Sequence[Totals]]


def sliced_totals(ledger: Ledger, cuts: Sequence[int]) -> SliceTotals:
    """Return the totals of each slice; over all slices they are those of the whole, and transfers are 0.

    The kind of a movement is that of the whole customer. Of gains P and losses N over its slices, min(P, N)
    is transferred, in proportion to each slice's gain or loss; the rest is the movement. Amounts may be parts
    of the unit then: each is a fraction.
    """
    found: dict[str, list[Totals]] = {}
    of_customer: dict[str, dict[int, str]] = {name: {} for name in ledger.customers}
    for code, period, number, *_ in ledger.moves(cuts):
        of_customer[ledger.customers[code]][period] = KINDS[number - 1] if number else "none"
    for span in ledger.spans:
        rows: dict[str, list[Subscription]] = {}
        for row in span.rows:
            rows.setdefault(row.slice, []).append(row)
        changes: dict[int, dict[str, int]] = {}
        for name, own in rows.items():
            found.setdefault(name, [Totals() for _ in cuts])
            for day, amount in ledger.steps(own):
                changes.setdefault(bisect_left(cuts, day), {})[name] = amount
        before: dict[str, int] = dict.fromkeys(rows, 0)
        kinds = of_customer[span.customer]
        for period in sorted(changes):
            if period == len(cuts):
                break
            after = before | changes[period]
            _share(found, period, before, after, kinds.get(period, "none"))
            before = after
    for several in found.values():
        _stand(several)
    return found


def _share(
    found: Mapping[str, Sequence[Totals]],
    period: int,
    before: Mapping[str, int],
    after: Mapping[str, int],
    kind: str,
) -> None:
    """Add one customer's period to its slices; ``end`` collects what is added to each."""
    change = {name: amount - before[name] for name, amount in after.items() if amount != before[name]}
    gained = sum(amount for amount in change.values() if amount > 0)
    lost = -sum(amount for amount in change.values() if amount < 0)
    moved, net = min(gained, lost), abs(gained - lost)
    for name, amount in change.items():
        one, own = found[name][period], gained if amount > 0 else lost
        transferred = Fraction(abs(amount) * moved, own)
        if amount > 0:
            one.transferred_in += transferred
        else:
            one.transferred_out += transferred
        if net and (amount > 0) == (gained > lost):
            one.amounts[kind] += Fraction(abs(amount) * net, own)
            one.customers[kind] += 1
        one.end += amount
        one.customers_at_end += (after[name] > 0) - (before[name] > 0)


def _stand(several: Sequence[Totals]) -> None:
    """Fill in what is at the start and end of each period, of which ``end`` holds the change."""
    level = people = 0
    for one in several:
        one.start, one.customers_at_start = level, people
        level, people = level + one.end, people + one.customers_at_end
        one.end, one.customers_at_end = level, people
