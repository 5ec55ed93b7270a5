"""A scorecard in the order a person reads it: by source, stage and metric, the newest period in view."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import overload

from metricsheet.catalog.definitions import SEVERITIES, STAGES, Catalog
from metricsheet.evaluation.result import InputUse, Result
from metricsheet.records import field, made_from, record
from metricsheet.report.scorecard import Finding, Held, Scorecard, by_source

STATUSES = ("critical", "warn", "info", "ok", "low_data", "no_target", "no_data", "invalid")
"""Every status, the ones that ask for action first."""

COUNTS = ("used", "blank", "text", "rejected", "read_from_text", "left_out", "tidied")
"""What is counted of the cells of an input."""

SLICES_IN_VIEW = 20
"""How many slices of a metric a page for people shows; JSON, CSV and xlsx hold all of them."""

SliceKey = tuple[tuple[str, str], ...]


@record(frozen=False)
class MetricBlock:
    """The newest results of one metric in one source: over everything (``whole``) and per slice.

    ``begun`` is the result over everything of a newer period that is not whole, beside ``whole``.
    """

    metric: str
    label: str
    whole: Result | None = None
    slices: list[Result] = field(default_factory=list)
    begun: Result | None = None

    def rows(self) -> list[Result]:
        """Return the result over everything, then the slices."""
        return ([self.whole] if self.whole is not None else []) + self.slices

    def slices_in_view(self) -> list[Result]:
        """Return the slices that a page shows: of many, those whose status asks for action first."""
        if len(self.slices) <= SLICES_IN_VIEW:
            return self.slices
        rank = {status: place for place, status in enumerate(STATUSES)}
        return sorted(self.slices, key=lambda r: rank.get(r.status, len(rank)))[:SLICES_IN_VIEW]


@record(frozen=False)
class StageBlock:
    """A stage's metrics: those with a value, and those without (``missing``)."""

    stage: str
    metrics: list[MetricBlock] = field(default_factory=list)
    missing: list[Result] = field(default_factory=list)


@record(frozen=False)
class SourceBlock:
    """Everything about one source. ``periods`` are all period labels, oldest first; ``newest`` is in view."""

    source: str
    stages: list[StageBlock] = field(default_factory=list)
    periods: tuple[str, ...] = ()
    newest: str | None = None
    inputs: tuple[InputUse, ...] = ()

    def rows(self) -> Iterator[Result]:
        """Yield every result in view that has a row of its own."""
        for stage in self.stages:
            for block in stage.metrics:
                yield from block.rows()


def slice_key(slice_: Mapping[str, str]) -> SliceKey:
    """Return a slice as a value that can be compared and looked up."""
    return tuple(sorted(slice_.items()))


def arrange(scorecard: Scorecard, catalog: Catalog | None = None) -> list[SourceBlock]:
    """Return the sources of a scorecard with their stages, metrics and inputs in reading order.

    Of several periods the newest that is whole is in view. A metric without a value in any slice of its
    newest period is under ``missing``. Sources without results but with findings are there too.
    """
    return list(Arranged(scorecard, catalog))


class Arranged(Sequence[SourceBlock]):
    """The sources of a scorecard as ``arrange`` returns them, arranged anew whenever somebody asks."""

    def __init__(self, scorecard: Scorecard, catalog: Catalog | None) -> None:
        self._scorecard, self._catalog = scorecard, catalog

    def __len__(self) -> int:
        return sum(1 for _ in self._cards())

    @overload
    def __getitem__(self, index: int) -> SourceBlock: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[SourceBlock]: ...
    def __getitem__(self, index: int | slice) -> SourceBlock | Sequence[SourceBlock]:
        return list(self)[index]

    def __iter__(self) -> Iterator[SourceBlock]:
        for source, card in self._cards():
            yield _source_block(source, tuple(card.results), self._catalog)

    def _cards(self) -> Iterator[tuple[str, Scorecard]]:
        for source, card in by_source(self._scorecard).items():
            if isinstance(card.results, Held) or card.results or card.findings:
                yield source, card


def _source_block(source: str, results: Sequence[Result], catalog: Catalog | None) -> SourceBlock:
    newest: dict[tuple[str, SliceKey], Result] = {}
    begun: dict[str, Result] = {}
    for result in results:
        key = (result.metric, slice_key(result.slice))
        known = newest.get(key)
        if known is None or _age(result) >= _age(known):
            newest[key] = result
        if not result.judged and not result.slice and result.value is not None:
            begun[result.metric] = result
    blocks: dict[str, dict[str, MetricBlock]] = {}
    for result in newest.values():
        metrics = blocks.setdefault(result.stage, {})
        block = metrics.setdefault(result.metric, MetricBlock(result.metric, result.label))
        if result.slice:
            block.slices.append(result)
        else:
            block.whole = result
    for found in blocks.values():
        for block in found.values():
            later = begun.get(block.metric)
            if later is not None and block.whole is not None and _is_later(later, block.whole):
                block.begun = later
    stages = []
    for stage in (*STAGES, *(s for s in blocks if s not in STAGES)):
        if stage in blocks:
            stages.append(_stage_block(stage, blocks[stage].values()))
    periods = tuple(sorted({r.period for r in results if r.period}))
    in_view = max((r.period for r in newest.values() if r.period and r.judged), default=None)
    last = in_view or (periods[-1] if periods else None)
    return SourceBlock(source, stages, periods, last, inputs_of(results, catalog))


def _age(result: Result) -> tuple[bool, str]:
    """Return what orders results in time, those of periods that are not whole before all others."""
    return result.judged, result.period or ""


def _is_later(result: Result, other: Result) -> bool:
    return other.judged and (result.period or "") > (other.period or "")


def _stage_block(stage: str, blocks: Iterable[MetricBlock]) -> StageBlock:
    found = StageBlock(stage)
    for block in blocks:
        rows = block.rows()
        if any(r.value is not None for r in rows):
            found.metrics.append(block)
        else:
            found.missing.append(rows[0])
    return found


def inputs_of(results: Iterable[Result], catalog: Catalog | None = None) -> tuple[InputUse, ...]:
    """Return each input range of the results once, with its counts of cells in all.

    Counts come from results over everything where there are any; counts of slices and periods are added up.
    """
    best: dict[tuple[str, str], tuple[bool, bool]] = {}
    counted: dict[tuple[str, str], dict[tuple[SliceKey, str], InputUse]] = {}
    for r in results:
        # a metric that looks at dates itself reads all rows in every period: those counts must not add up
        metric = catalog.metrics.get(r.metric) if catalog is not None else None
        of_all_time = metric is not None and metric.rows == "all"
        level = (bool(r.slice), r.period is not None and not of_all_time)
        place = (slice_key(r.slice), r.period or "") if level[1] else (slice_key(r.slice), "")
        for use in r.inputs:
            key = (use.input, use.where)
            if key not in best or level < best[key]:
                best[key], counted[key] = level, {}
            if level == best[key]:
                counted[key].setdefault(place, use)
    return tuple(_added_up(key, uses.values()) for key, uses in counted.items())


def _added_up(key: tuple[str, str], uses: Iterable[InputUse]) -> InputUse:
    uses = list(uses)
    added = {key: sum(getattr(use, key) for use in uses) for key in COUNTS}
    added["left_out"] = max(use.left_out for use in uses)
    return InputUse(*key, **added, derived_from=uses[0].derived_from)


def by_missing_input(results: Iterable[Result]) -> Iterator[tuple[list[str], list[Result]]]:
    """Yield for each input that was not found the sources that lack it, and a result of each metric."""
    found: dict[str, dict[str, None]] = {}
    metrics: dict[str, dict[str, Result]] = {}
    for result in results:
        if result.missing_input:
            found.setdefault(result.missing_input, {})[result.source] = None
            metrics.setdefault(result.missing_input, {}).setdefault(result.metric, result)
    return ((list(found[key]), list(metrics[key].values())) for key in found)


def missing_by_reason(results: Iterable[Result]) -> list[list[Result]]:
    """Return results without a value grouped by their reason; wrong input before input that is not there."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(result.reason, []).append(result)
    return sorted(groups.values(), key=lambda group: group[0].status != "invalid")


def status_counts(source: SourceBlock) -> dict[str, int]:
    """Return how many metrics of a source have each status, slices not counted where there is a whole."""
    counts = dict.fromkeys(STATUSES, 0)
    for stage in source.stages:
        for block in stage.metrics:
            for row in [block.whole] if block.whole is not None else block.slices:
                counts[row.status] = counts.get(row.status, 0) + 1
    return {status: count for status, count in counts.items() if count}


def series_of(result: Result) -> tuple[tuple[str, float | None], ...]:
    """Return the (period, value) pairs up to the result's own period, oldest first; empty without a trend."""
    return result.trend.series if result.trend is not None else ()


def improves(result: Result) -> bool | None:
    """Return whether a result changed for the better; ``None`` where it is flat or nothing says which way."""
    if result.trend is None or result.trend.direction == "flat" or result.better == "within":
        return None
    return (result.trend.direction == "rising") == (result.better == "higher")


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings from critical to info; equal ones stay in the order given."""
    rank: dict[str, int] = {severity: place for place, severity in enumerate(reversed(SEVERITIES))}
    return sorted(findings, key=lambda finding: rank.get(finding.severity, len(rank)))


def fired_by_rule(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Return the findings that fired, worst first; those of one rule and source are together."""
    fired = (finding for finding in findings if finding.outcome == "fired")
    if isinstance(findings, Held):  # what is still to be worked out would hold all facts of each source
        fired = (Finding(*made_from(finding)) for finding in fired)
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in by_severity(fired):
        groups.setdefault((finding.source, finding.rule), []).append(finding)
    return list(groups.values())
