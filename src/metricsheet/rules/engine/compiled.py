"""A rule ready to run."""

from __future__ import annotations

from metricsheet.catalog.definitions import LocalText, Recommendation, Severity, Stage
from metricsheet.records import field, made_from, record
from metricsheet.rules.engine.compile import Test, compile_condition
from metricsheet.rules.language.conditions import Condition
from metricsheet.rules.language.facts import Fact, Scope


@record
class CompiledRule:
    """A rule ready to run. ``test`` and ``unless_test`` are made of the conditions, as closures over facts.

    ``reads`` are the facts that decide it; ``computes`` says that a condition does arithmetic, which can fail
    although every fact is there. ``texts_read`` are the names its texts show.
    """

    key: str
    stage: Stage
    severity: Severity
    scope: Scope
    when: Condition
    unless: Condition | None
    finding: LocalText
    recommend: tuple[Recommendation, ...]
    for_periods: int
    keep: int
    replaces: tuple[str, ...]
    reads: tuple[Fact, ...]
    texts_read: tuple[str, ...]
    computes: bool
    test: Test = field(init=False, compare=False, repr=False)
    unless_test: Test | None = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "test", compile_condition(self.when))
        unless = None if self.unless is None else compile_condition(self.unless)
        object.__setattr__(self, "unless_test", unless)

    def __reduce__(self) -> tuple[object, ...]:
        """Leave the closures behind: a rule must be able to go to another process."""
        return CompiledRule, made_from(self)
