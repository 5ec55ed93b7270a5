"""Periods in a row: the facts of one slice over time, with the periods that have no data marked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from metricsheet.rules.engine.evidence import Evidence
from metricsheet.rules.language.facts import Get
from metricsheet.values import Cell

Facts: TypeAlias = Mapping[str, Cell]
PeriodFacts: TypeAlias = tuple[str | None, Facts]

NOTHING: Facts = {}
"""The facts of a period that has no data: every one is missing."""

_LABEL = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


def period_number(label: str | None) -> tuple[str, int] | None:
    """Return (length, number) of ``2024``, ``2024-Q1`` or ``2024-03`` so that neighbours differ by one.

    Labels of any other form give ``None``: they are taken to follow each other without a gap.
    """
    match = _LABEL.fullmatch(label) if label is not None else None
    if match is None:
        return None
    year, quarter, month = match.groups()
    if quarter:
        return "quarter", int(year) * 4 + int(quarter) - 1
    if month:
        return "month", int(year) * 12 + int(month) - 1
    return "year", int(year)


def period_label(length: str, number: int) -> str:
    """Return the label of a period number, the reverse of ``period_number``."""
    if length == "quarter":
        return f"{number // 4:04d}-Q{number % 4 + 1}"
    if length == "month":
        return f"{number // 12:04d}-{number % 12 + 1:02d}"
    return f"{number:04d}"


class Timeline:
    """One slice over time, oldest period first, without holes.

    A calendar period between the first and the newest that was not given is in the row with no facts:
    what happened there is unknown. ``newest`` looks a fact of the newest period up; ``evidence`` is what
    those facts are based on.
    """

    __slots__ = ("evidence", "facts", "newest", "periods", "slice")

    def __init__(
        self,
        slice_: Mapping[str, str],
        periods: Sequence[PeriodFacts],
        evidence: Mapping[str, Evidence] | None = None,
    ) -> None:
        self.slice = slice_
        self.evidence = evidence or {}
        self.periods: list[str | None]
        self.facts: list[Facts]
        if len(periods) == 1:
            self.periods, self.facts = [periods[0][0]], [periods[0][1]]
        else:
            self.periods, self.facts = _without_holes(periods)
        self.newest: Get = self.facts[-1].get

    def __reduce__(self) -> tuple[object, ...]:
        """Leave the holes and the look-up behind: a timeline must be able to go to another process."""
        given = [pair for pair in zip(self.periods, self.facts, strict=True) if pair[1] is not NOTHING]
        return Timeline, (self.slice, given, self.evidence)

    @property
    def period(self) -> str | None:
        """Return the newest period's label."""
        return self.periods[-1]


def _without_holes(periods: Sequence[PeriodFacts]) -> tuple[list[str | None], list[Facts]]:
    labels: list[str | None] = []
    facts: list[Facts] = []
    last: tuple[str, int] | None = None
    for label, found in periods:
        number = period_number(label)
        if last is not None and number is not None and number[0] == last[0]:
            for hole in range(last[1] + 1, number[1]):
                labels.append(period_label(last[0], hole))
                facts.append(NOTHING)
        labels.append(label)
        facts.append(found)
        last = number
    if not labels:
        return [None], [NOTHING]
    return labels, facts
