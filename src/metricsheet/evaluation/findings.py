"""Results into findings: facts go to the rules, their outcomes come back in words."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.catalog.definitions import Catalog
from metricsheet.evaluation.facts import SliceKey, error_of, scorecard_history, slice_facts
from metricsheet.evaluation.grid import settings_as_cells
from metricsheet.evaluation.options import Options
from metricsheet.evaluation.result import Result
from metricsheet.evaluation.scorecard import Finding, told
from metricsheet.language.numbers import display, display_change, display_count, display_target
from metricsheet.language.words import term
from metricsheet.rules.engine.ruleset import RuleSet, SliceFacts
from metricsheet.rules.language.facts import Vocabulary
from metricsheet.values import Cell


def findings_of(
    catalog: Catalog, rules: RuleSet, source: str, results: Sequence[Result], options: Options
) -> list[Finding]:
    """Return the outcome of every rule over every slice of one source, most severe first."""
    settings = settings_as_cells(catalog, options.settings)
    outcomes = rules.evaluate(
        _by_slice(results, settings, options.language),
        scorecard_history(results, settings, options.language),
        render=FactDisplay(catalog, options.language),
        language=options.language,
    )
    return [told(source, outcome) for outcome in outcomes]


def _by_slice(results: Sequence[Result], settings: dict[str, Cell], language: str) -> list[SliceFacts]:
    """Return for each slice its periods with their facts, oldest first, the whole first."""
    grouped: dict[SliceKey, dict[str | None, list[Result]]] = {(): {}}
    # a metric that failed for one reason everywhere stands once: it is missing from every slice and period
    everywhere: dict[str, Cell] = {
        r.metric: error_of(r, language)
        for r in results
        if r.value is None and not r.slice and r.period is None
    }
    known = {**everywhere, **settings}
    for result in results:
        periods = grouped.setdefault(tuple(result.slice.items()), {})
        periods.setdefault(result.period, []).append(result)
    found: list[SliceFacts] = []
    for key, periods in grouped.items():
        timed = [p for p in periods if p is not None]
        labels: list[str | None] = [*sorted(timed)] or [None]
        found.append((dict(key), [(p, slice_facts(periods.get(p, ()), known, language)) for p in labels]))
    return found


class FactDisplay:
    """Writes the value of a fact the reader's way, by the unit of its metric."""

    def __init__(self, catalog: Catalog, language: str) -> None:
        self._catalog, self._language = catalog, language
        self._vocabulary = Vocabulary(catalog, "scorecard")

    def __call__(self, name: str, value: Cell) -> str:
        """Return ``value`` of the fact ``name`` in words."""
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if not isinstance(value, (int, float)):
            return self._word(name, value)
        fact = self._vocabulary.fact(name)
        if fact is None or fact.unit is None:
            return f"{value:g}"
        if fact.metric is None or fact.counts:
            return display_count(value, self._language)
        currency, language = self._catalog.currency, self._language
        decimals = self._catalog.metrics[fact.metric].decimals
        if fact.part in ("change", "gap", "spread"):
            change = display_change(value, fact.unit, currency=currency, language=language, decimals=decimals)
            return change.lstrip("+±") if fact.part == "spread" else change
        write = display_target if fact.part == "target" else display
        return write(value, fact.unit, currency=currency, language=language, decimals=decimals)

    def _word(self, name: str, value: Cell) -> str:
        if isinstance(value, str) and name.endswith((".status", ".trend")):
            return term(value, self._language)
        return "" if value is None else str(value)
