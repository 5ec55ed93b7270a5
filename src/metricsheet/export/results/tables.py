"""A scorecard as tidy tables with keys that stay: results, findings, history and definitions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from metricsheet.catalog.definitions import Catalog, MetricDefinition, in_language
from metricsheet.evaluation.periods import bounds
from metricsheet.evaluation.result import Result
from metricsheet.language.letters import steady
from metricsheet.records import record
from metricsheet.report.frame import comparisons, provenance
from metricsheet.report.scorecard import Finding, Scorecard
from metricsheet.values.dates import from_serial

Kind = Literal["text", "number", "count", "flag", "date"]
Row: TypeAlias = tuple[object, ...]


@record
class Table:
    """A table: its columns with their kinds, the first ``keys`` of which name a row.

    Text has no nulls where it is a key: all rows have the slice ``{}``, all of the time the period ``""``.
    """

    name: str
    keys: int
    columns: Mapping[str, Kind]


def _columns(said: str) -> dict[str, Kind]:
    """Return the columns that a text names; a name without a kind is of text."""
    parts = (name.partition(":") for name in said.split())
    return {name: kind or "text" for name, _, kind in parts}  # type: ignore[misc]


_WHERE = "slice period slice_by slice_label first_day:date last_day:date"
_FIGURES = (
    "value:number unit currency display status target:number n:count interval_low:number "
    "interval_high:number whole:flag"
)
RESULTS = Table(
    "results",
    4,
    _columns(
        f"source metric {_WHERE} {_FIGURES} gap:number previous:number change:number trend "
        "reason_code reason notes inputs definitions"
    ),
)
FINDINGS = Table(
    "findings",
    4,
    _columns(
        f"source rule {_WHERE} outcome severity stage since text because recommend missing replaced_by "
        "reason_code reason definitions"
    ),
)
HISTORY = Table("history", 4, _columns(f"source metric {_WHERE} {_FIGURES} definitions"))
DEFINITIONS = Table(
    "definitions",
    1,
    _columns("metric label stage kind unit better question formula headline:flag bands targets definitions"),
)
TABLES = (RESULTS, FINDINGS, HISTORY, DEFINITIONS)


@record
class SourceRows:
    """What one evaluation says of a source: its rows of ``results`` and ``findings``, and of ``history``.

    ``periods`` are those of the history that they replace; of earlier ones it keeps what it has.
    """

    source: str
    results: Sequence[Row]
    findings: Sequence[Row]
    history: Sequence[Row]
    periods: Sequence[str]


def source_rows(card: Scorecard) -> Iterator[SourceRows]:
    """Yield the rows of each source that has results; one that could not be read keeps those it had."""
    results: dict[str, list[Result]] = {}
    findings: dict[str, list[Finding]] = {}
    for result in card.results:
        results.setdefault(result.source, []).append(result)
    for finding in card.findings:
        findings.setdefault(finding.source, []).append(finding)
    for source, own in results.items():
        periods = dict.fromkeys(result.period for result in own if result.period is not None)
        # of a metric without an input there is one result, whatever periods are asked for
        dated = [
            (result, result.period or card.newest_day or "") for result in own if result.value is not None
        ]
        yield SourceRows(
            _clean(source),
            [_row(_result(result, card)) for result in own],
            [_row(_finding(finding, card)) for finding in findings.get(source, ())],
            [_row((*_place(r, day), *_figures_of(r), card.definitions_digest)) for r, day in dated],
            tuple(periods) or (card.newest_day or "",),
        )


def definition_rows(catalog: Catalog, language: str) -> list[Row]:
    """Return a row for each metric, texts in ``language``."""
    return [
        _row(
            (
                *(metric.key, in_language(metric.label, language), metric.stage, metric.kind, metric.unit),
                metric.better,
                in_language(metric.question, language) if metric.question is not None else None,
                *(metric.formula, metric.headline),
                _json(bands_of(metric, language)),
                _json(targets_of(metric)),
                catalog.digest,
            )
        )
        for metric in catalog.metrics.values()
    ]


def bands_of(metric: MetricDefinition, language: str) -> list[dict[str, object]]:
    """Return the bands as written, from top to bottom, with the setting's word where they depend on one."""
    tables = {"": metric.bands, **metric.band_variants} if metric.bands_by else {"": metric.bands}
    return [
        {
            "status": band.status,
            "when": band.when,
            "label": in_language(band.label, language),
            **({str(metric.bands_by): word} if word else {}),
        }
        for word, bands in tables.items()
        for band in bands
    ]


def targets_of(metric: MetricDefinition) -> list[dict[str, object]]:
    """Return the targets with where and since when each holds."""
    return [
        {
            "value": target.value,
            **({"since": target.since} if target.since else {}),
            **({"where": dict(target.where)} if target.where else {}),
        }
        for target in metric.targets
    ]


def _result(r: Result, card: Scorecard) -> Iterable[object]:
    trend = r.trend
    return (
        *_place(r, r.period or ""),
        *_figures_of(r),
        r.gap,
        *((trend.previous, trend.change, trend.direction) if trend else (None, None, None)),
        r.why.code if r.why is not None else None,
        r.reason or None,
        " ".join(r.notes) or None,
        "; ".join(provenance(use) for use in r.inputs) or None,
        card.definitions_digest,
    )


def _figures_of(r: Result) -> Iterable[object]:
    low, high = r.interval if r.interval is not None else (None, None)
    shown = (r.value, r.unit, r.currency or None, r.display, r.status, r.target, r.n)
    return (*shown, low, high, r.coverage is None)


def _finding(f: Finding, card: Scorecard) -> Iterable[object]:
    return (
        *_place(f, f.period or ""),
        *(f.outcome, f.severity, f.stage, f.since, f.text or None),
        comparisons(f) or None,
        "; ".join(f.recommend) or None,
        ", ".join(f.missing) or None,
        f.replaced_by,
        f.why.code if f.why is not None else None,
        f.reason or None,
        card.definitions_digest,
    )


def _place(one: Result | Finding, period: str) -> Iterable[object]:
    """Return the key of a row and what spells it out: source, name, slice, period, first and last day."""
    first, last = _days(period)
    name = one.metric if isinstance(one, Result) else one.rule
    labels = (", ".join(one.slice) or None, ", ".join(one.slice.values()) or None)
    return (one.source, name, _json(dict(one.slice)), period, *labels, first, last)


def _days(period: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and last day of a period; a figure filed under a day is as of that day."""
    if not period:
        return None, None
    if len(period) == len("2024-03-31"):
        return None, dt.date.fromisoformat(period)
    first, last = bounds(period)
    return from_serial(first).date(), from_serial(last).date()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _row(cells: Iterable[object]) -> Row:
    return tuple(_clean(cell) if isinstance(cell, str) else cell for cell in cells)


def _clean(text: str) -> str:
    """Return a text that every database takes."""
    return steady(text, keep="\n\t")
