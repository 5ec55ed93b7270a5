"""Movements of recurring revenue: net per customer and period, in slices with transfers between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal, TypeAlias

from metricsheet.engines.ledger.rows import Subscription
from metricsheet.engines.ledger.spans import Ledger, Span
from metricsheet.records import field, record

Kind: TypeAlias = Literal["new", "reactivation", "expansion", "contraction", "churn", "none"]
GAINS = ("new", "reactivation", "expansion")
LOSSES = ("contraction", "churn")
KINDS = (*GAINS, *LOSSES)


@record
class Move:
    """What one customer did in one period: from the amount ``before`` it to that ``after`` it.

    Of the kind ``none`` are those who paid at neither end: ``came`` is what they paid on their first paid
    day of the period; also those whose slices alone changed.
    """

    span: Span
    period: int
    kind: Kind
    before: int
    after: int
    came: int = 0


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


def moves_of(span: Span, cuts: Sequence[int]) -> Iterator[Move]:
    """Yield a customer's movements; ``cuts`` are the last days of all periods since the first paid day.

    A period in which the amount changed and came back is no movement.
    """
    steps, at, level, ever = span.steps, 0, 0, False
    while at < len(steps):
        period = bisect_left(cuts, steps[at][0])
        if period == len(cuts):
            return
        before, came = level, 0
        while at < len(steps) and steps[at][0] <= cuts[period]:
            level = steps[at][1]
            came = came or level
            at += 1
        if before != level:
            kind = _kind(before, level, ever)
            if span.free and kind == "churn" and span.is_free(cuts[period]):
                kind = "contraction"
            elif span.free and kind == "reactivation" and span.is_free(cuts[period - 1]):
                kind = "expansion"
            yield Move(span, period, kind, before, level)
        elif not level and came:
            yield Move(span, period, "none", 0, 0, came)
        ever = ever or level > 0


def _kind(before: int, after: int, ever: bool) -> Kind:
    if not before:
        return "reactivation" if ever else "new"
    if not after:
        return "churn"
    return "expansion" if after > before else "contraction"


def totals(ledger: Ledger, cuts: Sequence[int]) -> tuple[list[Totals], list[Move]]:
    """Return the totals of each period that ends on one of ``cuts``, and all movements, by period."""
    found = [Totals() for _ in cuts]
    moves = sorted((m for span in ledger.spans for m in moves_of(span, cuts)), key=lambda move: move.period)
    for move in moves:
        one = found[move.period]
        if move.kind == "none":
            one.came_and_went += 1
            one.came_amount += move.came
        else:
            one.amounts[move.kind] += abs(move.after - move.before)
            one.customers[move.kind] += 1
        one.end += move.after - move.before
        one.customers_at_end += (move.after > 0) - (move.before > 0)
    _stand(found)
    return found, moves


SliceTotals: TypeAlias = Mapping[str, Sequence[Totals]]


def sliced_totals(ledger: Ledger, cuts: Sequence[int]) -> SliceTotals:
    """Return the totals of each slice; over all slices they are those of the whole, and transfers are 0.

    The kind of a movement is that of the whole customer. Of gains P and losses N over its slices, min(P, N)
    is transferred, in proportion to each slice's gain or loss; the rest is the movement. Amounts may be parts
    of the unit then: each is a fraction.
    """
    found: dict[str, list[Totals]] = {}
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
        kinds = {move.period: move.kind for move in moves_of(span, cuts)}
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
    kind: Kind,
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
