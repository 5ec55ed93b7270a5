"""Sets of values that a band or fact can have: intervals of numbers, or words; with or without "missing".

An edge is ``(number, 0)`` just before a number or ``(number, 1)`` just after it, so that open and closed
intervals need no cases of their own: ``[1, 3)`` is ``((1, 0), (3, 0))``. Numbers that are equal in 15 digits
are one number here, as they are wherever values are compared.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from metricsheet.language.message import Message
from metricsheet.precision import in_15_digits
from metricsheet.records import record

Edge: TypeAlias = tuple[float, int]
Interval: TypeAlias = tuple[Edge, Edge]

LOWEST: Edge = (-math.inf, 0)
HIGHEST: Edge = (math.inf, 1)


@record
class Range:
    """One stretch of the number line as people write it; an end that is ``None`` is open for ever."""

    low: float | None
    low_closed: bool
    high: float | None
    high_closed: bool

    @property
    def numbers(self) -> Numbers:
        """The numbers in it."""
        start = LOWEST if self.low is None else (in_15_digits(self.low), 0 if self.low_closed else 1)
        end = HIGHEST if self.high is None else (in_15_digits(self.high), 1 if self.high_closed else 0)
        return Numbers(((start, end),) if start < end else ())


@record
class Numbers:
    """Numbers inside any of ``intervals`` (ascending, apart from each other); ``missing``: or no number."""

    intervals: tuple[Interval, ...]
    missing: bool = False

    @property
    def empty(self) -> bool:
        """Return whether no value is left."""
        return not self.intervals and not self.missing

    @property
    def ranges(self) -> list[Range]:
        """Return the stretches it consists of, from left to right."""
        return [
            Range(
                None if low == LOWEST else low[0],
                low != LOWEST and low[1] == 0,
                None if high == HIGHEST else high[0],
                high != HIGHEST and high[1] == 1,
            )
            for low, high in self.intervals
        ]

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

    def contains(self, number: float) -> bool:
        """Return whether ``number`` is in it."""
        number = in_15_digits(number)
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


ValueSet: TypeAlias = Numbers | Words

EVERY_NUMBER = Numbers(((LOWEST, HIGHEST),))
EVERY_WORD = Words(frozenset(), rest=True)


def meet(a: ValueSet, b: ValueSet) -> ValueSet:
    """Return the values in both of two sets of one fact."""
    if isinstance(a, Numbers):
        assert isinstance(b, Numbers)
        return a.intersect(b)
    assert isinstance(b, Words)
    return a.intersect(b)


def present(values: ValueSet) -> ValueSet:
    """Return ``values`` without "missing"."""
    if isinstance(values, Numbers):
        return Numbers(values.intervals)
    return Words(values.values, values.rest)


def numbers_that(operator: str, constant: float) -> Numbers:
    """Return the numbers for which ``number operator constant`` holds."""
    constant = in_15_digits(constant)
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


def union(sets: Iterable[Numbers]) -> Numbers:
    """Return the numbers in any of ``sets``."""
    found = Numbers(())
    for one in sets:
        found = found.complement().intersect(one.complement()).complement()
    return found


def shared_out(sets: Sequence[Numbers]) -> tuple[list[Numbers], Numbers]:
    """Return what each set gets when every number goes to the first set that has it, and what none has."""
    found: list[Numbers] = []
    free = EVERY_NUMBER
    for one in sets:
        found.append(free.intersect(one))
        free = free.intersect(one.complement())
    return found, free


def in_words(stretch: Range, write: Callable[[float], str]) -> Message | str:
    """Return a stretch in words, its ends written by ``write``: ``above 1 and below 3``, ``exactly 5%``."""
    if stretch.low is not None and stretch.low == stretch.high:
        return Message("exactly", value=write(stretch.low))
    parts = []
    if stretch.low is not None:
        parts.append(f"{'at least' if stretch.low_closed else 'above'} {write(stretch.low)}")
    if stretch.high is not None:
        parts.append(f"{'at most' if stretch.high_closed else 'below'} {write(stretch.high)}")
    if not parts:
        return Message("every_number")
    return parts[0] if len(parts) == 1 else Message("both_and", parts=parts[0], last=parts[1])
