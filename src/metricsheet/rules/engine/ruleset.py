"""All rules of a catalog, compiled once and evaluated over any number of slices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from metricsheet.catalog.definitions import SEVERITIES, STAGES, Catalog
from metricsheet.dataset import Campaign
from metricsheet.records import record
from metricsheet.rules.engine.compile import CompiledRule, Test, Truth, wrong_kind
from metricsheet.rules.engine.evidence import Evidence
from metricsheet.rules.engine.fact_writer import FactWriter
from metricsheet.rules.engine.outcome import Decided, Outcome, RuleOutcome, severity_of
from metricsheet.rules.engine.periods import PeriodFacts, Timeline
from metricsheet.rules.engine.trace import undecided
from metricsheet.rules.language.conditions import Condition
from metricsheet.rules.language.facts import SCOPES, Get, Scope, Vocabulary

SliceFacts: TypeAlias = tuple[Mapping[str, str], Sequence[PeriodFacts]]
"""One slice and its (period, facts) pairs, oldest first."""


class RuleSet:
    """Rules in reporting order: most severe first, then by stage, then as written in the catalog."""

    def __init__(self, catalog: Catalog, rules: Sequence[CompiledRule]) -> None:
        self.rules = tuple(rules)
        self._vocabulary = Vocabulary(catalog, "scorecard")
        self._replacers: dict[str, list[CompiledRule]] = {}
        for rule in self.rules:
            for replaced in rule.replaces:
                self._replacers.setdefault(replaced, []).append(rule)

    def facts_read(self, scope: Scope) -> frozenset[str]:
        """Return every fact that rules of ``scope`` compare or show: no other needs to be computed."""
        names = {fact.name for rule in self.rules if rule.scope == scope for fact in rule.reads}
        return frozenset(names.union(*(rule.texts_read for rule in self.rules if rule.scope == scope)))

    def metrics_read(self) -> frozenset[str]:
        """Return every metric that rules compare or show."""
        known = self._vocabulary.catalog.metrics
        names = (name.partition(".")[0] for scope in SCOPES for name in self.facts_read(scope))
        return frozenset(name for name in names if name in known)

    def about(self, metrics: Iterable[str]) -> tuple[RuleSet, frozenset[str]]:
        """Return the rules that compare one of ``metrics``, and their keys.

        Rules that may replace one of these are there too, without being among the keys; rules that count the
        metrics of the whole scorecard are not.
        """
        asked = frozenset(metrics)
        keys = {
            rule.key
            for rule in self.rules
            if any(fact.metric in asked for fact in rule.reads)
            and not any(fact.name.startswith("scorecard.") for fact in rule.reads)
        }
        return self.with_replacers(keys), frozenset(keys)

    def with_replacers(self, keys: Iterable[str]) -> RuleSet:
        """Return the rules called ``keys`` and all that may, directly or not, be reported instead of them."""
        waiting = list(keys)
        needed = set(waiting)
        while waiting:
            replacers = [r.key for r in self._replacers.get(waiting.pop(), ()) if r.key not in needed]
            needed.update(replacers)
            waiting += replacers
        return RuleSet(self._vocabulary.catalog, [rule for rule in self.rules if rule.key in needed])

    def evaluate(
        self,
        facts_by_slice: Sequence[SliceFacts],
        scorecard_facts: Sequence[PeriodFacts] = (),
        currencies: Sequence[Mapping[str, str]] = (),
        evidence: Sequence[Mapping[str, Evidence]] = (),
        scorecard_evidence: Mapping[str, Evidence] | None = None,
        campaigns: Sequence[Campaign] = (),
    ) -> list[RuleOutcome]:
        """Return what every rule says of every slice at its newest period, in reporting order.

        Rules of scope ``scorecard`` look at ``scorecard_facts`` once, the others at each slice in the order
        given. A fact is missing when it is not in the mapping, blank, an error value or not a number.
        ``currencies`` are those of the metrics in each slice, where data say them; ``evidence`` is what the
        newest facts of each slice are based on, if it is given, ``scorecard_evidence`` those of the whole;
        ``campaigns`` are those whose names are reported. Never raises on any facts.
        """
        timelines: dict[Scope, list[Timeline]] = {
            "slice": [
                Timeline(slice_, periods, evidence[at] if evidence else None)
                for at, (slice_, periods) in enumerate(facts_by_slice)
            ],
            "scorecard": [Timeline({}, scorecard_facts, scorecard_evidence)] if scorecard_facts else [],
        }
        decided = {rule.key: _decide(rule, timelines[rule.scope]) for rule in self.rules}
        plain = FactWriter(self._vocabulary.catalog, campaigns=campaigns)
        writers = [plain.with_currencies(one) if one else plain for one in currencies]
        writers += [plain] * max(1, len(facts_by_slice) - len(writers))
        found: list[RuleOutcome] = []
        for rule in self.rules:
            pairs = zip(timelines[rule.scope], decided[rule.key], strict=True)
            if rule.key not in self._replacers:
                found += [
                    RuleOutcome(rule, timeline, outcome, writer)
                    for (timeline, outcome), writer in zip(pairs, writers, strict=False)
                ]
                continue
            for index, (timeline, outcome) in enumerate(pairs):
                fires = outcome[0] == "fired"
                speaker = self._speaker(rule, index, decided, timelines) if fires else None
                found.append(RuleOutcome(rule, timeline, outcome, writers[index], speaker))
        if any(outcome.severity != outcome.definition.severity for outcome in found):
            found.sort(key=lambda one: (-SEVERITIES.index(one.severity), STAGES.index(one.definition.stage)))
        return found

    def _speaker(
        self,
        rule: CompiledRule,
        index: int,
        decided: Mapping[str, Sequence[Decided]],
        timelines: Mapping[Scope, Sequence[Timeline]],
    ) -> str | None:
        """Return the rule that is reported instead of ``rule`` in slice ``index``, ``None`` when none does.

        A replaced rule still replaces others: of a chain, only the first that fired is reported. One that
        lost severity because periods are too few suppresses none that is worse.
        """
        for replacer in self._replacers.get(rule.key, ()):
            at = 0 if replacer.scope == "scorecard" else index
            if decided[replacer.key] and decided[replacer.key][at][0] == "fired":
                now = severity_of(replacer, timelines[replacer.scope][at].evidence)
                if now == replacer.severity or SEVERITIES.index(now) >= SEVERITIES.index(rule.severity):
                    return self._speaker(replacer, at, decided, timelines) or replacer.key
        return None


_NOT_FIRED: Decided = ("not_fired", -1, -1)
_NOT_EVALUATED: Decided = ("not_evaluated", -1, -1)
_FIRED_IN_THE_ONLY_PERIOD: Decided = ("fired", -1, 0)


def _decide(rule: CompiledRule, timelines: Sequence[Timeline]) -> list[Decided]:
    test = rule.test
    if rule.for_periods > 1 or rule.keep:
        return [_with_history(rule, t, firing(test, t, rule.for_periods, rule.keep)) for t in timelines]
    found: list[Decided] = []
    for timeline in timelines:
        truth = test(timeline.newest)
        if truth is False:
            found.append(_NOT_FIRED)
        elif truth is None:
            outcome = _why_unknown(rule, rule.when, timeline.newest)
            found.append(_NOT_EVALUATED if outcome == "not_evaluated" else (outcome, -1, -1))
        elif rule.unless is None and len(timeline.facts) == 1:
            found.append(_FIRED_IN_THE_ONLY_PERIOD)
        else:
            found.append(_with_history(rule, timeline, Firing(True, since=_since(test, timeline))))
    return found


def _since(test: Test, timeline: Timeline) -> int:
    index = len(timeline.facts) - 1
    while index > 0 and test(timeline.facts[index - 1].get):
        index -= 1
    return index


def _with_history(rule: CompiledRule, timeline: Timeline, fires: Firing) -> Decided:
    """Return the outcome of a rule that fires, may fire, or does not, once ``unless`` is looked at."""
    truth, pending, at, since = fires.truth, fires.pending, fires.at, fires.since
    if truth is None:
        return _why_unknown(rule, rule.when, timeline.facts[at].get), at, since
    if not truth and not pending:
        return _NOT_FIRED
    exempt: Truth = rule.unless_test(timeline.newest) if rule.unless_test is not None else False
    if exempt:
        return "suppressed", at, since
    if exempt is None:
        assert rule.unless is not None
        return _why_unknown(rule, rule.unless, timeline.newest), at, since
    return ("pending" if pending else "fired"), at, since


def _why_unknown(rule: CompiledRule, condition: Condition, get: Get) -> Outcome:
    """Return ``error`` when a value that is there cannot be used, ``not_evaluated`` when it is not there."""
    if not rule.computes:
        # most of what is unknown is simply not there: look no further than needed
        for fact in rule.reads:
            value = get(fact.name)
            if value is not None and wrong_kind(fact, value):
                break
        else:
            return "not_evaluated"
    return "error" if undecided(condition, get)[1] else "not_evaluated"


@record
class Firing:
    """``truth``: fires, does not, or unknown. ``pending``: the condition holds, but not for long enough.

    ``at`` is the index of the period that keeps it unknown, or in which a kept rule last held (else -1);
    ``since`` the index of the first period of the run in which the condition held (-1 when there is none).
    """

    truth: Truth
    pending: bool = False
    at: int = -1
    since: int = -1


def firing(test: Test, timeline: Timeline, for_periods: int, keep: int) -> Firing:
    """Return whether a rule fires in the newest period of ``timeline``.

    It fires when its condition held in each of the newest ``for_periods`` periods, or did so at most ``keep``
    periods ago. A period that has no data is unknown, as is one whose facts are missing; before the first
    period nothing has held yet. Unknown comes out only where the unknown periods could change the answer.
    """
    known: dict[int, Truth] = {}

    def held(index: int) -> Truth:
        if index not in known:
            known[index] = test(timeline.facts[index].get)
        return known[index]

    newest = len(timeline.facts) - 1
    unknown_at = -1
    for last in range(newest, max(newest - keep, 0) - 1, -1):
        truth, at = _held_for(held, last, for_periods)
        if truth:
            return Firing(True, at=-1 if last == newest else last, since=_run_start(held, last))
        if truth is None and unknown_at < 0:
            unknown_at = at
    now = held(newest)
    if now is None:
        return Firing(None, at=newest)
    since = _run_start(held, newest) if now else -1
    if unknown_at >= 0:
        return Firing(None, at=unknown_at, since=since)
    if now and timeline.period is None:
        # for: 2 over data that were never split into periods: nobody can say how long it has held
        return Firing(None, since=since)
    return Firing(False, pending=now, since=since)


def _held_for(held: Callable[[int], Truth], last: int, periods: int) -> tuple[Truth, int]:
    """Return whether the condition held in all ``periods`` up to ``last``, and a period that is unknown."""
    unknown = -1
    for index in range(last, last - periods, -1):
        truth = held(index) if index >= 0 else False
        if truth is False:
            return False, -1
        if truth is None and unknown < 0:
            unknown = index
    return (True, -1) if unknown < 0 else (None, unknown)


def _run_start(held: Callable[[int], Truth], last: int) -> int:
    start = last
    while start > 0 and held(start - 1):
        start -= 1
    return start
