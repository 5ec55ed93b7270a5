"""A rule ready to run."""

from __future__ import annotations

from dataclasses import dataclass

from metricsheet.catalog.definitions import LocalText, Recommendation, Severity, Stage
from metricsheet.rules.compile import Test
from metricsheet.rules.conditions import Condition
from metricsheet.rules.facts import Fact, Scope


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule ready to run. ``test`` and ``unless_test`` are the conditions as closures over facts.

    ``reads`` are the facts that decide it; ``computes`` says that a condition does arithmetic, which can fail
    although every fact is there. ``texts_read`` are the names its texts show.
    """

    key: str
    stage: Stage
    severity: Severity
    scope: Scope
    when: Condition
    unless: Condition | None
    test: Test
    unless_test: Test | None
    finding: LocalText
    recommend: tuple[Recommendation, ...]
    for_periods: int
    keep: int
    replaces: tuple[str, ...]
    reads: tuple[Fact, ...]
    texts_read: tuple[str, ...]
    computes: bool
