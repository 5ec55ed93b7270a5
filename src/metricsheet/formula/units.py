"""Dimensions of metric units: money, days and months do not mix; everything else is a plain number."""

from __future__ import annotations

from metricsheet.language.message import Message
from metricsheet.records import record


@record
class Dimension:
    """Powers of money, days and months. ``free`` is a number written in a formula: it fits any unit."""

    money: int = 0
    days: int = 0
    months: int = 0
    free: bool = False

    def __str__(self) -> str:
        parts = [(self.money, "money"), (self.days, "days"), (self.months, "months")]
        over = " × ".join(_power(word, power) for power, word in parts if power > 0)
        under = " × ".join(_power(word, -power) for power, word in parts if power < 0)
        return f"{over or 'a number'} per {under}" if under else over or "a plain number"

    @property
    def has_time(self) -> bool:
        """Whether days or months take part."""
        return bool(self.days or self.months)

    def raised(self, other: Dimension, sign: int) -> Dimension:
        """Return the dimension of a product (``sign`` 1) or quotient (-1)."""
        return Dimension(
            self.money + sign * other.money,
            self.days + sign * other.days,
            self.months + sign * other.months,
            self.free and other.free,
        )


def _power(word: str, power: int) -> str:
    return word if power == 1 else f"{word}^{power}"


PLAIN = Dimension()
FREE = Dimension(free=True)
DAYS = Dimension(days=1)

_OF_UNIT = {"money": Dimension(money=1), "days": DAYS, "months": Dimension(months=1)}


def dimension_of(unit: str | None) -> Dimension | None:
    """Return the dimension of a metric unit, ``None`` when nothing is known."""
    return None if unit is None else _OF_UNIT.get(unit, PLAIN)


def joined(a: Dimension | None, b: Dimension | None) -> tuple[Dimension | None, bool]:
    """Return the dimension of a sum, difference or choice of two, and whether the two fit together."""
    if a is None or b is None:
        return None, True
    if a.free:
        return b, True
    return a, b.free or a == b


def multiplied(a: Dimension | None, b: Dimension | None, sign: int) -> Dimension | None:
    """Return the dimension of ``a * b`` (``sign`` 1) or ``a / b`` (-1)."""
    if a is None or b is None:
        return None
    # a number beside a time may convert it (days / 30), so that nothing is known of the result
    if (a.free and b.has_time) or (b.free and a.has_time):
        return None
    return a.raised(b, sign)


def misfit(found: Dimension | None, unit: str) -> Message | None:
    """Return what is wrong with a formula of dimension ``found`` under a declared ``unit``, or ``None``.

    Time is checked only where it stands alone: rates such as churn are per period without saying so.
    """
    declared = dimension_of(unit)
    if found is None or found.free or declared is None or found == declared:
        return None
    if found.money != declared.money:
        return Message("unit.formula_gives", found=str(found), unit=unit)
    alone = not found.money and abs(found.days) + abs(found.months) == 1
    if alone and (found.days > 0 or found.months > 0):
        return Message("unit.formula_gives", found=str(found), unit=unit)
    return None
