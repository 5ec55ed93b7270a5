"""What a rule says of one slice: one of six outcomes, and on request its text, comparisons and reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from metricsheet.catalog.definitions import LocalText, Severity
from metricsheet.language.message import Message, in_turn
from metricsheet.language.template import FilledText, names_in
from metricsheet.rules.engine.compile import CompiledRule
from metricsheet.rules.engine.evidence import Evidence
from metricsheet.rules.engine.fact_writer import FactWriter
from metricsheet.rules.engine.periods import NOTHING, Timeline
from metricsheet.rules.engine.trace import Comparison, trace, undecided, why_missing
from metricsheet.rules.language.facts import CAMPAIGN_NAME, CHANGE_PARTS, MOVED_MOST

Outcome: TypeAlias = Literal["fired", "pending", "suppressed", "not_fired", "not_evaluated", "error"]
OUTCOMES: tuple[Outcome, ...] = ("fired", "pending", "suppressed", "not_fired", "not_evaluated", "error")
Decided: TypeAlias = tuple[Outcome, int, int]
"""The outcome before rules replace each other; the index of the period that decided it when that is not the
newest (one that is not known, or where a kept rule last held; else -1); and that of the first period of the
run in which the condition held (-1 when there is none)."""
SPEAKING = ("fired", "pending", "suppressed")
"""Outcomes of rules whose condition held, so that they have a text."""


def severity_of(rule: CompiledRule, evidence: Mapping[str, Evidence]) -> Severity:
    """Return how bad it is when ``rule`` fires: at most medium for a fact of the fixed zone alone."""
    if evidence and rule.severity in ("high", "critical"):
        tested = [evidence.get(fact.name) for fact in rule.reads]
        if any(one is not None and one.method == "zone" for one in tested):
            return "medium"
    return rule.severity


class RuleOutcome:
    """The outcome of one rule over one slice, at the slice's newest period.

    ``outcome`` is decided; everything told about it (``text``, ``because``, ``reason`` …) is worked out when
    it is asked for, from the facts as they were handed over: do not change those in between.
    """

    __slots__ = ("_decided", "_open", "_timeline", "_writer", "definition", "replaced_by")

    # one is made for every rule and slice, so that making one must cost next to nothing
    def __init__(
        self,
        definition: CompiledRule,
        timeline: Timeline,
        decided: Decided,
        writer: FactWriter,
        replaced_by: str | None = None,
    ) -> None:
        self.definition = definition
        self._timeline = timeline
        self._decided = decided
        self._writer = writer
        self.replaced_by = replaced_by
        self._open: tuple[list[str], list[Message]] | None = None

    def __reduce__(self) -> tuple[object, ...]:
        """Go to another process as what it was made from."""
        made_from = self.definition, self._timeline, self._decided, self._writer, self.replaced_by
        return RuleOutcome, made_from

    @property
    def outcome(self) -> Outcome:
        """One of the six outcomes."""
        return "suppressed" if self.replaced_by is not None else self._decided[0]

    @property
    def _at(self) -> int:
        return self._decided[1]

    @property
    def _since(self) -> int:
        return self._decided[2]

    @property
    def rule(self) -> str:
        """The rule's key."""
        return self.definition.key

    @property
    def stage(self) -> str:
        """The lifecycle stage whose file holds the rule."""
        return self.definition.stage

    @property
    def severity(self) -> str:
        """How bad it is when the rule fires: at most medium where too few periods are behind it."""
        if self._decided[0] not in SPEAKING:
            return self.definition.severity
        return severity_of(self.definition, self._timeline.evidence)

    @property
    def evidence(self) -> Mapping[str, Evidence]:
        """What the deciding facts are based on, by fact; of trends, whether the last step is real."""
        found, known = {}, self._timeline.evidence
        for fact in self.definition.reads:
            last = f"{fact.metric}.change_is_real"
            for name in (fact.name, last if fact.part in CHANGE_PARTS else ""):
                if name in known:
                    found[name] = known[name]
        return found

    @property
    def remarks(self) -> tuple[Message, ...]:
        """What a reader must know of a finding: noise, periods too few to know, who moved most."""
        if self.outcome != "fired":
            return ()
        evidence = self.evidence.values()
        found = []
        if any(one.method == "zone" for one in evidence):
            found.append(Message("too_few_periods"))
        if any(one.step_is_noise for one in evidence):
            found.append(Message("step_is_noise"))
        names = (f"{fact.metric}.{MOVED_MOST}" for fact in self.definition.reads if fact.metric)
        moved = next((text for name in names if isinstance(text := self._timeline.newest(name), str)), None)
        if moved is not None:
            found.append(Message("customers_moved_most", customers=moved))
        return tuple(found)

    @property
    def slice(self) -> Mapping[str, str]:
        """The slice looked at; empty for the whole, and for rules over the scorecard."""
        return self._timeline.slice

    @property
    def period(self) -> str | None:
        """The newest period of the slice, ``None`` when the data are not split into periods."""
        return self._timeline.period

    @property
    def since(self) -> str | None:
        """The first of the consecutive periods in which the condition held, ``None`` when it does not."""
        return self._timeline.periods[self._since] if self._since >= 0 else None

    @property
    def held(self) -> int:
        """In how many consecutive periods the condition held, counted up to the last one in which it did."""
        if self._since < 0:
            return 0
        last = self._at if self._at >= 0 else len(self._timeline.periods) - 1
        return last - self._since + 1

    @property
    def text(self) -> FilledText | None:
        """The finding as a sentence, ``None`` when the rule has nothing to say."""
        return self._filled(self.definition.finding) if self.outcome in SPEAKING else None

    @property
    def recommend(self) -> tuple[FilledText, ...]:
        """What to do, first things first; empty when the rule has nothing to say."""
        if self.outcome not in SPEAKING:
            return ()
        ordered = sorted(self.definition.recommend, key=lambda advice: advice.priority)
        return tuple(self._filled(advice.text) for advice in ordered)

    @property
    def because(self) -> tuple[Comparison, ...]:
        """Every comparison of ``when`` and ``unless`` in the newest period, whether it mattered or not."""
        rule, get = self.definition, self._timeline.newest
        found = list(trace(rule.when, get, self._writer))
        if rule.unless is not None:
            found += trace(rule.unless, get, self._writer, unless=True)
        return tuple(found)

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that were not there and without which nothing can be said; only when not evaluated."""
        return tuple(self._undecided()[0]) if self.outcome == "not_evaluated" else ()

    @property
    def reason(self) -> Message | None:
        """Why the outcome is not simply fired or not fired, ``None`` when it is."""
        if self.outcome == "fired" and self._at >= 0:
            return Message("kept", period=self._timeline.periods[self._at])
        if self.outcome == "pending":
            return Message("pending", held=self.held, needed=self.definition.for_periods)
        if self.outcome == "suppressed":
            if self.replaced_by is not None:
                return Message("replaced_by", rule=self.replaced_by)
            name = self._timeline.newest(CAMPAIGN_NAME)
            if isinstance(name, str) and self._writer.of_campaign(self.definition.unless):
                said = self._writer.write(CAMPAIGN_NAME, name)
                return Message("exempt.campaign", condition=str(self.definition.unless), campaign=said)
            return Message("exempt", condition=str(self.definition.unless))
        if self.outcome == "error":
            return in_turn(self._undecided()[1])
        return self._not_evaluated() if self.outcome == "not_evaluated" else None

    def _not_evaluated(self) -> Message:
        at, timeline = self._at, self._timeline
        names, _ = self._undecided()
        if not names:
            return Message("needs_periods", needed=self.definition.for_periods)
        newest = at in (-1, len(timeline.facts) - 1)
        if not newest and timeline.facts[at] is NOTHING:
            return Message("no_data_in", period=timeline.periods[at])
        get = timeline.facts[at].get
        facts = tuple(why_missing(name, get) for name in names)
        if newest:
            return Message("facts_missing", facts=facts)
        return Message("facts_missing.period", facts=facts, period=timeline.periods[at])

    def _undecided(self) -> tuple[list[str], list[Message]]:
        """Return (missing facts, troubles) in the period that could not be decided."""
        if self._open is None:
            rule, get = self.definition, self._timeline.facts[self._at].get
            self._open = undecided(rule.when, get)
            if not any(self._open) and rule.unless is not None:
                self._open = undecided(rule.unless, self._timeline.newest)
        return self._open

    def _filled(self, text: LocalText) -> FilledText:
        facts, write = self._timeline.facts[-1], self._writer
        named = {name: facts.get(name) for template in text.values() for name, _ in names_in(template)}
        values = {
            name: write.write(name, value, beside=write.rivals(name, named)) for name, value in named.items()
        }
        return FilledText(text, values)

    def __repr__(self) -> str:
        return f"RuleOutcome({self.rule!r}, {self.outcome!r}, {dict(self.slice)!r}, {self.period!r})"
