"""The answer: results, findings and problems of one evaluation, the same in every host."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

from metricsheet.dataset import Problem, TakenFor, UnusedColumn
from metricsheet.evaluation.result import Result
from metricsheet.language.message import Message, Value, say
from metricsheet.records import field, made_from, record, replace
from metricsheet.rules.engine.evidence import Evidence
from metricsheet.rules.engine.outcome import Outcome, RuleOutcome
from metricsheet.rules.engine.trace import Comparison

if TYPE_CHECKING:
    from metricsheet.catalog.definitions import Catalog
    from metricsheet.evaluation.ledger_report import LedgerReport
    from metricsheet.evaluation.lifetime import Lifetime

T = TypeVar("T")

__all__ = ["Finding", "Held", "Scorecard", "by_source", "finding_from"]


@record
class Finding:
    """The outcome of one rule over one slice and period, with every comparison it made.

    The parts of an outcome from ``finding_from`` are worked out when it is first asked for. ``missing``
    names the facts that were not there when the outcome is ``not_evaluated``; ``since`` is the first of the
    consecutive periods in which the rule held; ``replaced_by`` names the rule that spoke instead when the
    outcome is ``suppressed``. ``why`` is the reason as a code with values. ``values`` are what the text
    names, by fact, before a language writes them; of a finding without a text, what its reason names.
    ``remarks`` end the text of a finding that is noise or is based on too few periods; ``evidence`` is what
    tests found, by fact.
    """

    source: str
    rule: str
    stage: str
    severity: str
    outcome: Outcome
    slice: Mapping[str, str]
    period: str | None
    text: str
    because: tuple[Comparison, ...] = ()
    recommend: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    since: str | None = None
    replaced_by: str | None = None
    reason: str = ""
    why: Message | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    _language: str = field(default="en", init=False, repr=False, compare=False)
    _outcome: RuleOutcome | None = field(default=None, init=False, repr=False, compare=False)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            # only reached for what ``finding_from`` left to be worked out
            if name not in _TOLD_LATER:
                raise AttributeError(f"a finding has no {name}")
            value = self._worked_out(name)
            vars(Finding)[name].__set__(self, value)
            return value

    @property
    def code(self) -> str:
        """The stable name of what is said: the rule where it has a text, else that of the reason."""
        return self.rule if self.text else self.why.code if self.why is not None else ""

    def _worked_out(self, name: str) -> object:
        """Return a part that was left for later, what people read in the scorecard's language."""
        if name == "why":
            return self._outcome and self._outcome.reason
        if name == "reason":
            return "" if self.why is None else say(self.why, self._language)
        if name == "values":
            said: Any = (self._outcome and self._outcome.text) or self.why
            return said.values if said is not None else {}
        value: Any = getattr(self._outcome, name)
        if name == "text":
            # sentences of Japanese follow each other without a space
            gap = "" if self._language == "ja" else " "
            return "" if value is None else gap.join((say(value, self._language), *self.remarks))
        if name == "remarks":
            return tuple(say(remark, self._language) for remark in value)
        if name == "recommend":
            return tuple(say(advice, self._language) for advice in value)
        if name == "because":
            return tuple(_said(comparison, self._language) for comparison in value)
        return value

    def __reduce__(self) -> tuple[object, ...]:
        """Leave the rule and its facts behind: a finding must be able to go to another process."""
        return Finding, made_from(self)


_TOLD_AT_ONCE = ("rule", "stage", "severity", "outcome", "slice", "period", "replaced_by")
_TOLD_LATER = frozenset(
    ("text", "because", "recommend", "missing", "since", "reason", "why", "values", "remarks", "evidence")
)


def _said(comparison: Comparison, language: str) -> Comparison:
    sides = (comparison.left, comparison.right, comparison.distance)
    left, right, distance = (say(side, language) for side in sides)
    return replace(comparison, left=left, right=right, distance=distance)


def finding_from(source: str, outcome: RuleOutcome, language: str = "en") -> Finding:
    """Return the finding of ``outcome``; its texts and comparisons are made when they are first read.

    There is one for every rule and slice, and most of them are never looked at.
    """
    finding = Finding.__new__(Finding)
    slots = vars(Finding)
    slots["source"].__set__(finding, source)
    slots["_outcome"].__set__(finding, outcome)
    slots["_language"].__set__(finding, language)
    for name in _TOLD_AT_ONCE:
        slots[name].__set__(finding, getattr(outcome, name))
    return finding


def untold(finding: Finding) -> tuple[Any, ...]:
    """Return what makes ``finding`` again, of one from an outcome without what it says."""
    outcome = finding._outcome
    if outcome is None:
        return Finding, made_from(finding)
    return finding_from, (finding.source, outcome, finding._language)


class Held(Sequence[T]):
    """Results or findings that are read again whenever somebody goes through them, source by source."""

    def __init__(self, sources: Sequence[str], read: Callable[[int], Sequence[T]]) -> None:
        self.sources, self._read = sources, read

    def each(self) -> Iterator[Held[T]]:
        """Yield those of each source alone."""
        for place, source in enumerate(self.sources):
            yield Held([source], lambda _, place=place: self._read(place))  # type: ignore[misc]

    def __iter__(self) -> Iterator[T]:
        for place in range(len(self.sources)):
            yield from self._read(place)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(True for _ in self)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        return list(self)[index]


@record
class Scorecard:
    """Everything one evaluation found, in a fixed order: sources as given, then slices, metrics, periods.

    ``newest_day`` is the ISO date that counts as now: the last day asked for, else the newest in the data.
    ``notices`` tell how the data were read where nothing is wrong with them; ``unused`` are the columns that
    nothing read and ``tables`` the kinds of the others' tables, each with its source. ``only`` are the
    metrics asked for, none where all are. ``ledgers`` are those of lists of subscriptions, ``lifetime`` is
    the forecast of each source, where that was asked for. ``layouts`` says of how many layouts the sources
    are, where there are several. ``catalog`` are the definitions, from which reports
    take words and bands.
    """

    version: str
    definitions_path: str
    definitions_digest: str
    results: tuple[Result, ...]
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    language: str = "en"
    currency: str = "USD"
    settings: Mapping[str, str] = field(default_factory=dict)
    newest_day: str | None = None
    notices: tuple[Problem, ...] = ()
    unused: tuple[tuple[str, UnusedColumn], ...] = ()
    tables: tuple[tuple[str, TakenFor], ...] = ()
    only: tuple[str, ...] = ()
    ledgers: tuple[LedgerReport, ...] = ()
    lifetime: tuple[Lifetime, ...] = ()
    layouts: int = 0
    catalog: Catalog | None = field(default=None, repr=False, compare=False)


def by_source(scorecard: Scorecard) -> dict[str, Scorecard]:
    """Return a scorecard for each source alone; a source that could not be read has only its problems."""
    found: dict[str, dict[str, Any]] = {}
    results: Any = scorecard.results
    findings: Any = scorecard.findings
    held = isinstance(results, Held)
    if held:
        both = zip(results.each(), findings.each(), strict=True)
        found = dict(zip(results.sources, ({"results": r, "findings": f} for r, f in both), strict=True))
    names: tuple[str, ...] = ("problems", "notices", "ledgers", "lifetime")
    for name in names if held else ("results", "findings", *names):
        for one in getattr(scorecard, name):
            found.setdefault(one.source, {}).setdefault(name, []).append(one)
    for name in ("unused", "tables"):
        for source, one in getattr(scorecard, name):
            found.setdefault(source, {}).setdefault(name, []).append((source, one))
    names = ("results", "findings", *names, "unused", "tables")
    return {
        source: replace(scorecard, **{name: _own(parts.get(name, ())) for name in names})
        for source, parts in found.items()
        if not parts.keys() <= {"notices", "lifetime", "unused", "tables"}
    }


def _own(values: Any) -> Any:
    return values if isinstance(values, Held) else tuple(values)


def sources_of(scorecard: Scorecard) -> Iterable[str]:
    """Return the sources that have results, or may have."""
    results: Any = scorecard.results
    return results.sources if isinstance(results, Held) else dict.fromkeys(one.source for one in results)


def in_memory(scorecard: Scorecard) -> Scorecard:
    """Return the scorecard with all of its results and findings at hand."""
    if not isinstance(scorecard.results, Held):
        return scorecard
    return replace(scorecard, results=tuple(scorecard.results), findings=tuple(scorecard.findings))
