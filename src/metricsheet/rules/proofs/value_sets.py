"""Sets of values one fact can have: intervals of numbers, or words; each with or without "missing".

An edge is ``(number, 0)`` just before a number or ``(number, 1)`` just after it, so that open and closed
intervals need no cases of their own: ``[1, 3)`` is ``((1, 0), (3, 0))``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TypeAlias

from metricsheet.records import record

Edge: TypeAlias = tuple[float, int]
Interval: TypeAlias = tuple[Edge, Edge]

LOWEST: Edge = (-math.inf, 0)
HIGHEST: Edge = (math.inf, 1)


@record
class Numbers:
    """Numbers inside any of ``intervals`` (ascending, apart from each other); ``missing``: or no number."""

    intervals: tuple[Interval, ...]
    missing: bool = False

    @property
    def empty(self) -> bool:
        """Return whether no value is left."""
        return not self.intervals and not self.missing

    def intersect(self, other: Numbers) -> Numbers:
        """Return the values in both."""
        found: list[Interval] = []
        for low, high in self.intervals:
            for other_low, other_high in other.intervals:
                start, end = max(low, other_low), min(high, other_high)
                if start < end:
                    found.append((start, end))
        return Numbers(tuple(sorted(found)), self.missing and other.missing)

    def complement(self) -> Numbers:
        """Return every value that is not in it."""
        found: list[Interval] = []
        start = LOWEST
        for low, high in self.intervals:
            if start < low:
                found.append((start, low))
            start = high
        if start < HIGHEST:
            found.append((start, HIGHEST))
        return Numbers(tuple(found), not self.missing)

    def holds(self, number: float) -> bool:
        """Return whether ``number`` is in it."""
        return any(low <= (number, 0) and (number, 1) <= high for low, high in self.intervals)


@record
class Words:
    """The texts (case-folded) or logicals in ``values``, all others if ``rest``; ``missing``: or none."""

    values: frozenset[str | bool]
    rest: bool = False
    missing: bool = False

    @property
    def empty(self) -> bool:
        """Return whether no value is left."""
        return not self.values and not self.rest and not self.missing

    def intersect(self, other: Words) -> Words:
        """Return the values in both."""
        missing = self.missing and other.missing
        if self.rest and other.rest:
            return Words(self.values | other.values, True, missing)
        if self.rest:
            return Words(other.values - self.values, False, missing)
        if other.rest:
            return Words(self.values - other.values, False, missing)
        return Words(self.values & other.values, False, missing)

    def complement(self) -> Words:
        """Return every value that is not in it."""
        return Words(self.values, not self.rest, not self.missing)


Region: TypeAlias = Numbers | Words

EVERY_NUMBER = Numbers(((LOWEST, HIGHEST),))
EVERY_WORD = Words(frozenset(), rest=True)


def meet(a: Region, b: Region) -> Region:
    """Return the values in both of two regions of one fact."""
    if isinstance(a, Numbers):
        assert isinstance(b, Numbers)
        return a.intersect(b)
    assert isinstance(b, Words)
    return a.intersect(b)


def present(region: Region) -> Region:
    """Return ``region`` without "missing"."""
    if isinstance(region, Numbers):
        return Numbers(region.intervals)
    return Words(region.values, region.rest)


def numbers_that(operator: str, constant: float) -> Numbers:
    """Return the numbers for which ``number operator constant`` holds."""
    before, after = (constant, 0), (constant, 1)
    if operator == "<":
        return Numbers(((LOWEST, before),))
    if operator == "<=":
        return Numbers(((LOWEST, after),))
    if operator == ">":
        return Numbers(((after, HIGHEST),))
    if operator == ">=":
        return Numbers(((before, HIGHEST),))
    if operator == "=":
        return Numbers(((before, after),))
    return Numbers(((LOWEST, before), (after, HIGHEST)))


def union(regions: Iterable[Numbers]) -> Numbers:
    """Return the numbers in any of ``regions``."""
    found = Numbers(())
    for region in regions:
        found = found.complement().intersect(region.complement()).complement()
    return found


def interval(low: float | None, low_closed: bool, high: float | None, high_closed: bool) -> Numbers:
    """Return the numbers between two edges; ``None`` leaves a side open-ended."""
    start = LOWEST if low is None else (low, 0 if low_closed else 1)
    end = HIGHEST if high is None else (high, 1 if high_closed else 0)
    return Numbers(((start, end),) if start < end else ())


def in_words(region: Numbers, unit: str | None) -> str:
    """Return what numbers are in ``region``, such as ``above 1 and below 3``."""
    return " or ".join(_interval_in_words(low, high, unit) for low, high in region.intervals) or "no number"


def _interval_in_words(low: Edge, high: Edge, unit: str | None) -> str:
    if low[0] == high[0]:
        return f"exactly {_shown(low[0], unit)}"
    parts = []
    if low != LOWEST:
        parts.append(f"{'at least' if low[1] == 0 else 'above'} {_shown(low[0], unit)}")
    if high != HIGHEST:
        parts.append(f"{'at most' if high[1] == 1 else 'below'} {_shown(high[0], unit)}")
    return " and ".join(parts) or "any number"


def _shown(number: float, unit: str | None) -> str:
    return f"{number * 100:.12g}%" if unit == "percent" else f"{number:.12g}"
