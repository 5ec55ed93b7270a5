"""Rows of subscriptions, and what one of them is worth a month: exact, as fractions."""

from __future__ import annotations

from fractions import Fraction

from metricsheet.records import record

SHIFT = 22
"""Bits of a day: more than any date has."""
OPEN = (1 << SHIFT) - 1
"""The first day without of a row that goes on; later than any date."""


@record
class Subscription:
    """What a customer pays over some days: ``mrr`` on every day from ``start`` to the one before ``end``.

    Days are serial numbers without a time; ``end`` is ``None`` while it goes on. ``row`` is the row it came
    from, ``slice`` the name of the slice (a plan, a region) that it counts in.
    """

    row: int
    customer: str
    start: int
    end: int | None
    mrr: Fraction
    slice: str = ""


def monthly_value(
    price: Fraction, months: Fraction, quantity: Fraction = Fraction(1), discount: Fraction = Fraction(0)
) -> Fraction:
    """Return what a price for an interval of ``months`` is a month, less a lasting ``discount`` (0 to 1)."""
    return price * quantity * (1 - discount) / months
