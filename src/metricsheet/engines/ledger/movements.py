"""Movements of recurring revenue: net per customer and period, in slices with transfers between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from metricsheet.engines.ledger import fast
from metricsheet.engines.ledger.rows import Subscription
from metricsheet.engines.ledger.spans import Ledger
from metricsheet.engines.ledger.steps import KINDS, NONE, Moves
from metricsheet.records import field, record

GAINS = KINDS[:3]
LOSSES = KINDS[3:]


@record(frozen=False)
class Totals:
    """One period, of all customers or of a slice: amounts in parts of the ledger's unit, and customers.

    ``amounts`` and ``customers`` are by kind of movement. ``stayed`` are those with an amount at both ends,
    ``came_and_went`` those with none at either who paid in between, with their ``came_amount``.
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
    found = [Totals() for _ in range(periods)]
    for kind in range(len(KINDS) + 1):
        sums, counts = _summed(moves, kind, periods)
        for one, amount, count in zip(found, sums, counts, strict=True):
            if kind == NONE:
                one.came_amount, one.came_and_went = amount, count
                continue
            name = KINDS[kind - 1]
            one.amounts[name], one.customers[name] = amount, count
            one.end += amount if name in GAINS else -amount
    for one, people in zip(found, _people(moves, periods), strict=True):
        one.customers_at_end = people
    _stand(found)
    return found


def _summed(moves: Moves, kind: int, periods: int) -> tuple[list[int], list[int]]:
    """Return the amounts and customers of one kind of movement by period."""
    if hasattr(moves.kinds, "tolist"):
        columns: Any = moves
        chosen = columns.kinds == kind
        sizes = columns.came if kind == NONE else abs(columns.after - columns.before)
        places = columns.periods[chosen]
        return fast.added(places, sizes[chosen], periods), fast.added(places, None, periods)
    sums, counts = [0] * periods, [0] * periods
    for one, period, before, after, came in zip(
        moves.kinds, moves.periods, moves.before, moves.after, moves.came, strict=True
    ):
        if one == kind:
            sums[period] += came if kind == NONE else abs(after - before)
            counts[period] += 1
    return sums, counts


def _people(moves: Moves, periods: int) -> list[int]:
    """Return by how many the customers with an amount become more in each period."""
    columns: Any = moves
    if hasattr(columns.kinds, "tolist"):
        change = (columns.after > 0) * 1.0 - (columns.before > 0)
        return fast.added(columns.periods, change, periods)
    found = [0] * periods
    for period, before, after in zip(moves.periods, moves.before, moves.after, strict=True):
        found[period] += (after > 0) - (before > 0)
    return found


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
    """Fill in what stands at the start and end of each period, of which ``end`` holds the change."""
    level = people = 0
    for one in several:
        one.start, one.customers_at_start = level, people
        level, people = level + one.end, people + one.customers_at_end
        one.end, one.customers_at_end = level, people
