"""Running the tests that rules carry, and which comparisons those tests have seen true, false and unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from metricsheet.catalog.definitions import Catalog
from metricsheet.language.message import Message
from metricsheet.language.template import FilledText
from metricsheet.records import record
from metricsheet.rules.engine.compile import CompiledRule, compile_condition
from metricsheet.rules.engine.outcome import RuleOutcome
from metricsheet.rules.engine.periods import PeriodFacts
from metricsheet.rules.engine.ruleset import RuleSet
from metricsheet.rules.engine.trace import Comparison
from metricsheet.rules.language.conditions import IsMissing, Leaf, facts_in, leaves, terms
from metricsheet.rules.testing.given import given_periods
from metricsheet.source import Place


@record
class RuleTestResult:
    """How one test of one rule came out; ``reason`` and ``because`` are those of the outcome it got."""

    rule: str
    name: str
    expected: str
    got: str
    reason: Message | None
    because: tuple[Comparison, ...]
    text: FilledText | None = None
    place: Place | None = None

    @property
    def passed(self) -> bool:
        """Return whether the rule did what the test expects."""
        return self.expected == self.got


@record
class ComparisonCoverage:
    """In how many periods of all tests a comparison of a rule was true, false and unknown.

    ``can_be_unknown`` is false for ``ISMISSING``, which always knows.
    """

    rule: str
    comparison: str
    seen_true: int
    seen_false: int
    seen_unknown: int
    can_be_unknown: bool = True

    @property
    def unseen(self) -> tuple[str, ...]:
        """Return which of ``true``, ``false`` and ``unknown`` no test has shown."""
        pairs = [("true", self.seen_true), ("false", self.seen_false)]
        if self.can_be_unknown:
            pairs.append(("unknown", self.seen_unknown))
        return tuple(word for word, count in pairs if not count)


@record
class RuleTestReport:
    """Results in catalog order, coverage of every comparison, and the rules that have no test at all."""

    results: tuple[RuleTestResult, ...]
    coverage: tuple[ComparisonCoverage, ...]
    untested: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Return whether every test passed; no test at all is no pass."""
        return bool(self.results) and all(result.passed for result in self.results)

    def percent_covered(self, rule: str | None = None) -> int:
        """Return the share of truths seen, of one rule or of all, in whole percent and never rounded up."""
        kept = [c for c in self.coverage if rule in (None, c.rule)]
        possible = sum(3 if c.can_be_unknown else 2 for c in kept)
        seen = possible - sum(len(c.unseen) for c in kept)
        return 100 * seen // possible if possible else 0


def run_rule_tests(ruleset: RuleSet, catalog: Catalog, rules: Sequence[str] | None = None) -> RuleTestReport:
    """Run the tests of ``rules`` (of all when ``None``) and return what came out.

    A test sees its own rule and those that may replace it, with the facts it gives and the default settings.
    """
    compiled = {rule.key: rule for rule in ruleset.rules}
    results: list[RuleTestResult] = []
    coverage: list[ComparisonCoverage] = []
    untested: list[str] = []
    for definition in catalog.rules.values():
        rule = compiled.get(definition.key)
        if rule is None or (rules is not None and definition.key not in rules):
            continue
        if not definition.tests:
            untested.append(definition.key)
        small = RuleSet(catalog, _with_replacers(rule, ruleset.rules))
        seen: list[PeriodFacts] = []
        for test in definition.tests:
            periods = given_periods(test, definition, catalog)
            seen += periods
            outcome = _outcome(small, rule, periods)
            results.append(
                RuleTestResult(
                    rule.key,
                    test.name,
                    test.expect,
                    outcome.outcome,
                    outcome.reason,
                    outcome.because,
                    outcome.text,
                    test.place or definition.place,
                )
            )
        coverage += _coverage(rule, [facts for _, facts in seen])
    return RuleTestReport(tuple(results), tuple(coverage), tuple(untested))


def _with_replacers(rule: CompiledRule, rules: Sequence[CompiledRule]) -> list[CompiledRule]:
    """Return ``rule`` and every rule that may directly or indirectly speak instead, in reporting order."""
    wanted = {rule.key}
    while True:
        more = {r.key for r in rules if r.key not in wanted and wanted.intersection(r.replaces)}
        if not more:
            return [r for r in rules if r.key in wanted]
        wanted |= more


def _outcome(small: RuleSet, rule: CompiledRule, periods: Sequence[PeriodFacts]) -> RuleOutcome:
    outcomes = small.evaluate([({}, periods)], periods)
    return next(outcome for outcome in outcomes if outcome.rule == rule.key)


def _coverage(rule: CompiledRule, facts: Sequence[Mapping[str, object]]) -> list[ComparisonCoverage]:
    conditions = [rule.when] if rule.unless is None else [rule.when, rule.unless]
    return [_seen(rule.key, leaf, facts) for condition in conditions for leaf in leaves(condition)]


def _seen(rule: str, leaf: Leaf, facts: Sequence[Mapping[str, object]]) -> ComparisonCoverage:
    test = compile_condition(leaf)
    truths = [test(found.get) for found in facts]  # type: ignore[arg-type]
    counts = (truths.count(True), truths.count(False), truths.count(None))
    facts_read = [fact for term in terms(leaf) for fact in facts_in(term)]
    always_known = isinstance(leaf, IsMissing) or all(fact.default for fact in facts_read)
    return ComparisonCoverage(rule, str(leaf), *counts, can_be_unknown=not always_known)
