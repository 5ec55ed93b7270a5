"""How long contracts last, where most of them still run: Kaplan–Meier with Greenwood's intervals.

An open contract is not lost: it counts among those at risk until the last day that is known of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil, exp, log, sqrt

from metricsheet.records import record

Z = 1.959963984540054
FEWEST_AT_RISK = 10
"""Data have reached a time when this many contracts were seen for longer."""


@record
class Spell:
    """How long a contract was seen, and whether it then ``ended`` (else it was still running)."""

    time: float
    ended: bool


@record
class Step:
    """Survival from ``time`` on, with its 95 % interval; ``at_risk`` were seen just before it."""

    time: float
    at_risk: int
    ended: int
    survival: float
    low: float
    high: float


@record
class Expected:
    """A mean with its 95 % interval."""

    value: float
    low: float
    high: float


def kaplan_meier(spells: Iterable[Spell]) -> tuple[Step, ...]:
    """Return the share that lasts longer than each time at which contracts end or leave view, from 0 on.

    The intervals are Greenwood's on the scale of log(−log), which keeps them between 0 and 1; there is none
    where all or nothing is left.
    """
    ended, left = Counter[float](), Counter[float]()
    for one in spells:
        left[one.time] += 1
        ended[one.time] += one.ended
    at_risk, survival, greenwood = left.total(), 1.0, 0.0
    steps = [Step(0.0, at_risk, 0, 1.0, 1.0, 1.0)]
    for time in sorted(left):
        lost = ended[time]
        survival *= 1 - lost / at_risk
        low = high = survival
        if 0 < survival < 1:
            greenwood += lost / (at_risk * (at_risk - lost))
            reach = Z * sqrt(greenwood) / log(survival)
            low, high = (survival ** exp(sign * reach) for sign in (-1, 1))
        steps.append(Step(time, at_risk, lost, survival, low, high))
        at_risk -= left[time]
    return tuple(steps)


def survival_at(steps: Sequence[Step], time: float) -> float:
    """Return the share that lasts longer than ``time``."""
    return next(one.survival for one in reversed(steps) if one.time <= time)


def median_time(steps: Sequence[Step]) -> float | None:
    """Return the time at which half are gone, ``None`` where fewer are."""
    # a product that is one half is not always so to the last digit
    return next((one.time for one in steps if one.survival <= 0.5 + 1e-12), None)


def reached(steps: Sequence[Step]) -> float:
    """Return the longest time that the data carry: ``FEWEST_AT_RISK`` contracts were seen up to it."""
    return max((one.time for one in steps if one.at_risk >= FEWEST_AT_RISK), default=0.0)


def expected_time(steps: Sequence[Step], horizon: float, rate: float = 0.0, unit: float = 1.0) -> Expected:
    """Return the mean time that a contract lasts within ``horizon``, which the data must have reached.

    It is the area below the curve; with a ``rate`` each whole or begun ``unit`` of time counts as much less
    as lies before its end. The interval is Greenwood's for that area.
    """
    cuts = {0.0, horizon, *(one.time for one in steps)}
    if rate:
        cuts |= {unit * number for number in range(int(horizon // unit) + 1)}
    areas: list[tuple[float, float]] = []
    points = sorted(cut for cut in cuts if cut <= horizon)
    falls = {one.time: one for one in steps}
    survival = 1.0
    for start, end in pairwise(points):
        survival = falls[start].survival if start in falls else survival
        areas.append((start, survival * (end - start) * worth(end, rate, unit)))
    whole, variance, rest = sum(area for _, area in areas), 0.0, 0.0
    for start, area in reversed(areas):
        rest += area
        one = falls.get(start)
        if one is not None and one.ended and one.at_risk > one.ended:
            variance += rest**2 * one.ended / (one.at_risk * (one.at_risk - one.ended))
    reach = Z * sqrt(variance)
    return Expected(whole, max(whole - reach, 0.0), min(whole + reach, horizon))


def worth(time: float, rate: float, unit: float) -> float:
    """Return what is worth 1 at the end of the ``unit`` before or at ``time``, at a ``rate`` per unit."""
    return float((1 + rate) ** -ceil(time / unit))
