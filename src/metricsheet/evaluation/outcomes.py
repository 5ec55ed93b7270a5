"""Results into what the rules say of them: facts go to the rules, their outcomes come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from metricsheet.catalog.definitions import Catalog
from metricsheet.evaluation.campaigns import campaign_facts
from metricsheet.evaluation.facts import SliceKey, error_of, evidence_of, scorecard_history, slice_facts
from metricsheet.evaluation.grid import settings_as_cells
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.result import Result
from metricsheet.rules.engine.evidence import Evidence
from metricsheet.rules.engine.outcome import RuleOutcome
from metricsheet.rules.engine.periods import PeriodFacts
from metricsheet.rules.engine.ruleset import RuleSet, SliceFacts
from metricsheet.rules.language.facts import MOVED_MOST
from metricsheet.values import Cell

if TYPE_CHECKING:
    from metricsheet.evaluation.ledger_report import LedgerReport


def outcomes_of(
    catalog: Catalog,
    rules: RuleSet,
    results: Sequence[Result],
    options: RunOptions,
    newest_day: float | None = None,
    ledger: LedgerReport | None = None,
) -> list[RuleOutcome]:
    """Return the outcome of every rule over every slice of one source, most severe first.

    ``newest_day`` tells which campaign runs where the data are not split into periods; a ``ledger`` knows
    the customers that moved most in each period, and the cohorts.
    """
    settings = settings_as_cells(catalog, options.settings)
    # a metric that failed for one reason everywhere is listed once: it is missing from every slice and period
    errors: dict[str, Cell] = {
        r.metric: error_of(r) for r in results if r.value is None and not r.slice and r.period is None
    }
    slices = _by_slice(results, settings, errors)
    if ledger is not None:
        from metricsheet.evaluation.ledger_report import LEDGER, cohort_facts, moved_most

        moved = moved_most(ledger)
        of_ledger = {result.metric for result in results if result.table.endswith(LEDGER)}
        names = [f"{metric}.{MOVED_MOST}" for metric in of_ledger]
        slices = [
            (key, [(p, {**facts, **dict.fromkeys(names, moved.get(p or ""))}) for p, facts in periods])
            if not key
            else (key, periods)
            for key, periods in slices
        ]
    of_whole: dict[str, Evidence] = {}
    history = scorecard_history(catalog, results, settings, errors, of_whole)
    if ledger is not None:
        period, facts = history[-1]
        history[-1] = period, {**facts, **cohort_facts(ledger)}
    if catalog.campaigns:
        values = {(r.metric, tuple(r.slice.items()), r.period): r.value for r in results if r.judged}

        def told(periods: Sequence[PeriodFacts], key: Mapping[str, str]) -> list[PeriodFacts]:
            def value_in(metric: str, period: str) -> float | None:
                return values.get((metric, tuple(key.items()), period))

            given = options.settings
            return [
                (p, {**facts, **campaign_facts(catalog, p, newest_day, given, value_in)})
                for p, facts in periods
            ]

        slices = [(key, told(periods, key)) for key, periods in slices]
        history = told(history, {})
    by_place: dict[tuple[SliceKey, str | None], list[Result]] = {}
    for result in results:
        if result.evidence:
            by_place.setdefault((tuple(result.slice.items()), result.period), []).append(result)
    evidence = [
        evidence_of(by_place.get((tuple(key.items()), periods[-1][0]), ())) for key, periods in slices
    ]
    currencies = _currencies(results)
    of_slices = [currencies.get(tuple(key.items()), {}) for key, _ in slices] if currencies else ()
    return rules.evaluate(slices, history, of_slices, evidence, of_whole, catalog.campaigns)


def _currencies(results: Sequence[Result]) -> dict[SliceKey, dict[str, str]]:
    """Return the currency of metrics by slice; ``""`` where the periods of a slice differ."""
    found: dict[SliceKey, dict[str, str]] = {}
    for result in results:
        if result.currency and result.value is not None:
            known = found.setdefault(tuple(result.slice.items()), {})
            same = known.setdefault(result.metric, result.currency) == result.currency
            known[result.metric] = result.currency if same else ""
    return found


def _by_slice(
    results: Sequence[Result], settings: dict[str, Cell], errors: Mapping[str, Cell]
) -> list[SliceFacts]:
    """Return for each slice its periods with their facts, oldest first, the whole first."""
    grouped: dict[SliceKey, dict[str | None, list[Result]]] = {(): {}}
    known = {**errors, **settings}
    for result in results:
        periods = grouped.setdefault(tuple(result.slice.items()), {})
        periods.setdefault(result.period, []).append(result)
    found: list[SliceFacts] = []
    for key, periods in grouped.items():
        # of a period that is whole for nothing, nothing is known: the one before it is the newest
        timed = [p for p, held in periods.items() if p is not None and any(r.judged for r in held)]
        labels: list[str | None] = [*sorted(timed)] or [None]
        found.append((dict(key), [(p, slice_facts(periods.get(p, ()), known, errors)) for p in labels]))
    return found
