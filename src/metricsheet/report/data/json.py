"""A scorecard as JSON for programs: stable fields, numbers in full, ``null`` where there is no value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from metricsheet.catalog.definitions import Catalog, in_language
from metricsheet.dataset import Problem
from metricsheet.evaluation.ledger_report import LedgerReport
from metricsheet.evaluation.result import Coverage, Result, Trend
from metricsheet.language.message import Message, Value
from metricsheet.language.numbers import Figure
from metricsheet.language.option import Option
from metricsheet.report.benchmarks import is_stale
from metricsheet.report.data.json_schema import VERSIONS
from metricsheet.report.data.json_schema import result_schema as result_schema
from metricsheet.report.data.json_text import in_one_line, indented_pieces
from metricsheet.report.scorecard import Finding, Scorecard, by_source
from metricsheet.report.style import PLAIN, TextStyle
from metricsheet.rules.engine.evidence import Evidence
from metricsheet.rules.language.facts import PAST_PARTS
from metricsheet.values import is_number
from metricsheet.values.dates import from_serial

if TYPE_CHECKING:
    from metricsheet.evaluation.lifetime import Lifetime


def render_json(scorecard: Scorecard, catalog: Catalog | None = None, _style: TextStyle = PLAIN) -> str:
    """Return the scorecard as JSON text that fits ``result_schema``, ending in a line break.

    With a ``catalog`` the benchmarks asked for are beside the results.
    """
    return "".join(json_stream(scorecard, catalog))


def json_stream(
    scorecard: Scorecard, catalog: Catalog | None = None, _style: TextStyle = PLAIN
) -> Iterator[str]:
    """Yield the text of ``render_json`` piece by piece; of results and findings one at a time is held."""
    yield from indented_pieces(_parts(scorecard, catalog))
    yield "\n"


def render_json_lines(scorecard: Scorecard, catalog: Catalog | None = None, _style: TextStyle = PLAIN) -> str:
    """Return a line for each source: its scorecard as JSON that fits ``result_schema``."""
    return "".join(in_one_line(as_json(card, catalog)) + "\n" for card in by_source(scorecard).values())


def as_json(scorecard: Scorecard, catalog: Catalog | None = None) -> dict[str, Any]:
    """Return the scorecard as the plain dicts, lists, texts and numbers that ``render_json`` writes."""
    parts = _parts(scorecard, catalog)
    return {key: list(value) if isinstance(value, Iterator) else value for key, value in parts.items()}


def _parts(scorecard: Scorecard, catalog: Catalog | None) -> dict[str, Any]:
    """Return what is written, long lists as iterators."""
    return {
        "version": scorecard.version,
        "schema_version": VERSIONS[-1],
        "definitions": {"path": scorecard.definitions_path, "digest": scorecard.definitions_digest},
        "language": scorecard.language,
        "currency": scorecard.currency,
        "settings": dict(scorecard.settings),
        "results": map(_result, scorecard.results),
        "findings": map(_finding, scorecard.findings),
        "problems": [_problem(problem) for problem in scorecard.problems],
        "notices": [_problem(notice) for notice in scorecard.notices],
        "newest_day": scorecard.newest_day,
        "benchmarks": _benchmarks(scorecard, catalog),
        "unused": [
            {
                "source": source,
                "table": one.table,
                "column": one.column,
                "from": one.where,
                "guesses": list(one.guesses),
            }
            for source, one in scorecard.unused
        ],
        "tables": [
            {
                "source": source,
                "from": one.where,
                "kind": one.kind,
                "row": in_language(one.row, scorecard.language),
                "because": list(one.because),
            }
            for source, one in scorecard.tables
        ],
        "ledgers": [_ledger(one) for one in scorecard.ledgers],
        "lifetime": [_lifetime(one) for one in scorecard.lifetime],
    }


def _ledger(one: LedgerReport) -> dict[str, Any]:
    return {
        "source": one.source,
        "table": one.table,
        "currency": one.currency,
        "settings": dict(one.settings),
        "attributes": dict(one.attributes),
        "newest_day": from_serial(one.newest).date().isoformat(),
        "periods": [
            {
                "slice": dict(row.slice),
                "period": row.period or None,
                "whole": row.whole,
                "start": row.start,
                **row.amounts,
                "transferred_in": row.transferred_in,
                "transferred_out": row.transferred_out,
                "end": row.end,
                "customers_at_start": row.customers_at_start,
                "customers_at_end": row.customers_at_end,
                "customers": dict(row.customers),
                "came_and_went": {"customers": row.came_and_went, "amount": row.came_amount},
            }
            for row in one.rows
        ],
        "movements": [
            {
                "customer": move.customer,
                "period": move.period or None,
                "movement": move.kind,
                "before": move.before,
                "after": move.after,
                "came": move.came,
                "rows": list(move.rows),
            }
            for move in one.moves
        ],
        "cohort": one.cohort,
        "ages": one.ages,
        "cohorts": [
            {
                "cohort": cohort.name,
                "size": cohort.size,
                "base": cohort.base,
                "ages": [
                    {
                        "size": age.size,
                        "base": age.base / cohort.unit,
                        "customers": age.customers,
                        "mrr": age.amount / cohort.unit,
                        "kept": age.kept / cohort.unit,
                    }
                    for age in cohort.ages
                ],
            }
            for cohort in one.cohorts
        ],
        "left_out": [{"row": row.where, "reason": row.reason, "mrr": row.mrr} for row in one.left_out],
    }


def _lifetime(one: Lifetime) -> dict[str, Any]:
    check = one.check
    return {
        "source": one.source,
        "kind": one.kind,
        "from": one.where,
        "reason": _said(one.why),
        "horizon_months": one.months,
        "discount_rate": one.rate,
        "margin": one.margin,
        "currency": one.currency,
        "customers": one.customers,
        "first_day": one.first_day,
        "last_day": one.last_day,
        "figures": [
            {
                "name": figure.name,
                "unit": figure.unit,
                "value": _number(figure.value),
                "interval": _interval(figure.interval),
                "reason": _said(figure.why),
                "reason_code": figure.why.code if figure.why is not None else "",
            }
            for figure in one.figures
        ],
        "models": {name: dict(parameters) for name, parameters in one.models.items()},
        "check": {
            name: None if isinstance(check, Message) else getattr(check, name)
            for name in ("customers", "months", "expected", "came", "at_past_rate")
        }
        | {"reason": _said(check) if isinstance(check, Message) else ""}
        if check is not None
        else None,
        "remarks": [_said(remark) for remark in one.remarks],
    }


def _said(message: Message | None) -> str:
    return "" if message is None else str(message)


def _number(value: float | None) -> float | None:
    """Return a number that JSON can hold: what is not finite becomes ``None``, whole floats stay floats."""
    return value if value is not None and isfinite(value) else None


def _result(r: Result) -> dict[str, Any]:
    value = _number(r.value)
    reason = r.reason
    if value is None and not reason:
        reason = str(Message("not_finite" if r.value is not None else "no_value"))
    return {
        "source": r.source,
        "metric": r.metric,
        "label": r.label,
        "stage": r.stage,
        "kind": r.kind,
        "slice": dict(r.slice),
        "period": r.period,
        "value": value,
        "unit": r.unit,
        "currency": r.currency,
        "table": r.table,
        "display": r.display,
        "status": r.status,
        "status_label": r.status_label,
        "target": _number(r.target),
        "gap": _number(r.gap),
        "n": r.n,
        "n_unit": r.n_unit,
        "rests_on": r.rests_on,
        "interval": _interval(r.interval),
        "reason": reason,
        "error": r.error,
        "reason_code": r.why.code if r.why is not None else "",
        "reason_values": _plain(r.why.core.values) if r.why is not None else {},
        "span": r.span,
        "better": r.better,
        "uncertain": r.uncertain,
        "candidates": list(r.candidates),
        "trend": _trend(r.trend),
        **{part: _number(getattr(r.past, part)) if r.past else None for part in PAST_PARTS},
        "coverage": _coverage(r.coverage),
        "judged": r.judged,
        "covers": r.covers,
        "inputs": [
            {
                "input": use.input,
                "from": use.where,
                "used": use.used,
                "blank": use.blank,
                "text": use.text,
                "rejected": use.rejected,
                "read_from_text": use.read_from_text,
                "left_out": use.left_out,
                "tidied": use.tidied,
            }
            for use in r.inputs
        ],
        "notes": list(r.notes),
        "variants": list(r.variants),
        "formula": r.formula,
    }


def _plain(values: Mapping[str, Value]) -> dict[str, Any]:
    """Return what a message names, in values that JSON has; messages within it in English."""
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: Value) -> Any:
    if isinstance(value, tuple):
        return [_plain_value(part) for part in value]
    if isinstance(value, Figure):
        value = value.number
    if is_number(value):
        return _number(value)
    return value if value is None or isinstance(value, (str, bool)) else str(value)


def _interval(interval: tuple[float, float] | None) -> list[float] | None:
    if interval is None or not (isfinite(interval[0]) and isfinite(interval[1])):
        return None
    return [interval[0], interval[1]]


def _trend(trend: Trend | None) -> dict[str, Any] | None:
    if trend is None:
        return None
    return {
        "previous": _number(trend.previous),
        "previous_period": trend.previous_period,
        "change": _number(trend.change),
        "direction": trend.direction,
        "series": [{"period": period, "value": _number(value)} for period, value in trend.series],
    }


def _coverage(coverage: Coverage | None) -> dict[str, Any] | None:
    if coverage is None:
        return None
    return {"have": coverage.have, "of": coverage.of, "unit": coverage.unit}


def _finding(f: Finding) -> dict[str, Any]:
    return {
        "source": f.source,
        "rule": f.rule,
        "stage": f.stage,
        "severity": f.severity,
        "outcome": f.outcome,
        "slice": dict(f.slice),
        "period": f.period,
        "since": f.since,
        "code": f.code,
        "values": _plain(f.values),
        "text": f.text,
        "because": [
            {
                "text": c.text,
                "left": c.left,
                "operator": c.operator,
                "right": c.right,
                "truth": c.truth,
                "distance": c.distance,
            }
            for c in f.because
        ],
        "recommend": list(f.recommend),
        "missing": list(f.missing),
        "replaced_by": f.replaced_by,
        "reason": f.reason,
        "remarks": list(f.remarks),
        "evidence": [{"fact": fact, **_evidence(one)} for fact, one in f.evidence.items()],
    }


def _evidence(e: Evidence) -> dict[str, Any]:
    numbers = {
        name: _number(getattr(e, name)) for name in ("against", "difference", "low", "high", "p_value")
    }
    return {
        "real": e.real,
        "method": e.method,
        **numbers,
        "comparisons": e.comparisons,
        "step_is_noise": e.step_is_noise,
        "slices": [{"slice": name, **_evidence(one)} for name, one in e.slices],
    }


def _problem(p: Problem) -> dict[str, Any]:
    return {
        "source": p.source,
        "code": p.code,
        "values": _plain(p.message.values),
        "message": str(p.message),
        "hint": str(p.hint or ""),
        "choices": _choices(p.hint),
        "metrics": list(p.metrics),
        "inputs": list(p.inputs),
        "fatal": p.fatal,
        "option": str(p.option or ""),
    }


def _choices(hint: Message | None) -> list[dict[str, str]]:
    """Return the options of a hint of which any one settles the problem, where it names several."""
    for told in hint.values.values() if hint is not None else ():
        if isinstance(told, Message) and told.key == "either_or":
            parts, last = told.values["parts"], told.values["last"]
            several = [*(parts if isinstance(parts, tuple) else ()), last]
            options = [one for one in several if isinstance(one, Option) and len(one.texts) == 1]
            if len(options) == len(several):
                return [{"option": one.name, "value": one.texts[0]} for one in options]
    return []


def _benchmarks(scorecard: Scorecard, catalog: Catalog | None) -> list[Mapping[str, Any]]:
    if catalog is None:
        return []
    return [
        {
            "name": b.name,
            "metric": b.metric,
            "value": _number(b.value),
            "high": _number(b.high),
            "source": b.source,
            "as_of": b.as_of,
            "population": b.population,
            "label": in_language(b.label, scorecard.language) if b.label is not None else "",
            "note": in_language(b.note, scorecard.language) if b.note is not None else "",
            "stale": is_stale(b, scorecard),
            "span": b.span,
        }
        for b in catalog.benchmarks
    ]
