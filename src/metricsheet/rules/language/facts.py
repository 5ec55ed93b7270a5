"""The vocabulary of facts: what a rule may ask about metrics, settings and the scorecard as a whole.

A metric that has no value has no facts at all: every fact of it is missing, and a comparison with a missing
fact is unknown, never true or false.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from metricsheet.catalog.bands_in_force import possible_bands, possible_targets, statuses_of
from metricsheet.catalog.definitions import (
    BAND_STATUSES,
    STAGES,
    Catalog,
    MetricDefinition,
    Setting,
    Target,
    Unit,
)
from metricsheet.catalog.shares import adds_up
from metricsheet.errors import Diagnostic, did_you_mean
from metricsheet.language.message import Message, in_turn
from metricsheet.patterns import late
from metricsheet.records import record, replace
from metricsheet.values import Cell, ExcelError

Scope: TypeAlias = Literal["slice", "scorecard"]
SCOPES: tuple[Scope, ...] = ("slice", "scorecard")
FactType: TypeAlias = Literal["number", "text", "flag"]
Get: TypeAlias = Callable[[str], Cell]
"""Returns the value of a fact by its name."""

TRENDS = ("rising", "falling", "flat")
ENGINE_STATUSES = ("low_data", "no_target")
PAST_PARTS = ("same_period_last_year", "change_on_year", "sum_3", "mean_3", "sum_12", "mean_12")
"""Facts of one metric beside its past; sums are only there for a metric that adds up over periods."""
SUMS = ("sum_3", "sum_12")
TESTS = ("change_is_real", "run_is_real")
"""Whether the last change of a metric, and all of its run up or down, is more than chance."""
CHANGE_PARTS = ("previous", "change", "usual_change", "trend", *TESTS, "run_start")
"""Facts about the change of a metric: rules that read one tell whether its last step is noise."""
CAMPAIGN_PARTS = ("campaign_start", "campaign_end")
"""The value in the periods in which a growth campaign starts and ends, up to now."""
METRIC_PARTS = (
    "status",
    "target",
    "gap",
    "previous",
    "change",
    "usual_change",
    "trend",
    *TESTS,
    "run_start",
    *CAMPAIGN_PARTS,
    *PAST_PARTS,
    "n",
    "low",
    "high",
    "uncertain",
)
"""Facts of one metric besides its value, written ``metric.part``; each is missing when the value is."""
VALUE_PARTS = (
    *("", "previous", "run_start", *CAMPAIGN_PARTS),
    *("low", "high", "highest", "lowest", "worst", "rest"),
)
"""The parts of a metric that are values like its own, beside those of ``PAST_PARTS``."""
_AMOUNTS = (*VALUE_PARTS, "target", "gap", "change", "usual_change", "spread")
SPREAD_PARTS = ("spread", "highest", "lowest", "highest_slice", "lowest_slice", "slices", "sliced_by")
"""Facts of one metric over all slices of the newest period."""
REST_PARTS = ("differs_from_rest", "worst", "worst_slice", "rest")
"""Facts of the slice that is worst beside all others together, the rest."""
WHOLE_TESTS = ("spread_is_real", "differs_from_rest")
SLICE_PARTS = (*SPREAD_PARTS, "spread_is_real", *REST_PARTS)
"""All facts that compare slices."""
WHOLE_PARTS = (*SLICE_PARTS, "tracked")
"""Facts of one metric that only rules of scope ``scorecard`` see; ``tracked`` is known without a value."""
CAMPAIGN_NAME = "campaign.name"
"""The name of the growth campaign that runs, or ended in the period before."""
MOVED_MOST = "moved_most"
"""The customers who moved most in the period, as a part of each metric of a ledger: told, not asked."""
NEWEST_COHORT = "newest_cohort"
COHORT_PARTS: Mapping[str, Unit | None] = {
    **dict.fromkeys(("", "low", "high", "net", "gross"), "percent"),
    "n": "count",
    **dict.fromkeys(("newest", "newest_low", "newest_high"), "percent"),
    "newest_n": "count",
    NEWEST_COHORT: None,
}
"""Facts of all cohorts of a ledger at an age, as ``cohort.month_1.low``, and of the newest that old."""
COHORT_LENGTHS = ("month", "quarter", "year")
_SUGGESTED_AGES = (1, 2, 3, 6, 12)
SCORECARD_PARTS = ("results", "outcomes", "activities", *STAGES)


@record
class Fact:
    """One thing a rule may ask. ``words`` are all texts it can be, or ``None`` when any text is possible.

    ``metric`` and ``part`` say where it comes from (``part`` is ``""`` for the value itself); settings and
    scorecard facts have no metric. ``default`` marks a setting that is never missing.
    """

    name: str
    type: FactType
    unit: Unit | None = None
    words: tuple[str, ...] | None = None
    metric: str | None = None
    part: str = ""
    default: bool = False

    @property
    def counts(self) -> bool:
        """Return whether the fact counts something, so that it is never negative."""
        return self.part in ("n", "newest_n", "slices") or self.name.startswith("scorecard.")


class Vocabulary:
    """The facts that rules of one scope may use, looked up by name."""

    def __init__(self, catalog: Catalog, scope: Scope) -> None:
        self.catalog, self.scope = catalog, scope
        self._known: dict[str, Fact | None] = {}

    def fact(self, name: str) -> Fact | None:
        """Return the fact called ``name``, or ``None`` when there is none in this scope."""
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def names(self) -> Iterator[str]:
        """Yield every fact name of this scope: metrics in catalog order, settings, the scorecard."""
        parts = METRIC_PARTS + WHOLE_PARTS if self.scope == "scorecard" else METRIC_PARTS
        for key in self.catalog.metrics:
            yield key
            yield from (name for part in parts if self.fact(name := f"{key}.{part}") is not None)
        yield from self.catalog.settings
        yield CAMPAIGN_NAME
        if self.scope == "scorecard":
            for part in SCORECARD_PARTS:
                yield f"scorecard.{part}"
            yield from _cohort_names()

    def metrics_like(self, name: str) -> Iterator[str]:
        """Yield names worth suggesting for a name that is not known: those of the same form."""
        _, _, part = name.partition(".")
        if part:
            for metric in self.catalog.metrics:
                yield f"{metric}.{part}"
            if self.scope == "scorecard":
                for scorecard_part in SCORECARD_PARTS:
                    yield f"scorecard.{scorecard_part}"
            yield from _cohort_names()
        else:
            yield from self.catalog.metrics
            yield from self.catalog.settings

    def _find(self, name: str) -> Fact | None:
        if name in self.catalog.settings:
            return _setting_fact(self.catalog.settings[name])
        if name == CAMPAIGN_NAME:
            return Fact(name, "text")
        key, dot, part = name.partition(".")
        if key == "scorecard" and dot and key not in self.catalog.metrics:
            known = self.scope == "scorecard" and part in SCORECARD_PARTS
            return Fact(name, "number", "count") if known else None
        if key == "cohort" and dot and key not in self.catalog.metrics:
            return _cohort_fact(name, part) if self.scope == "scorecard" else None
        metric = self.catalog.metrics.get(key)
        if metric is None or (dot and not part):
            return None
        if part in WHOLE_PARTS and self.scope != "scorecard":
            return None
        if part in SUMS and not adds_up(self.catalog, metric):
            return None
        return _metric_fact(metric, name, part)


def _metric_fact(metric: MetricDefinition, name: str, part: str) -> Fact | None:
    if part in _AMOUNTS or part in PAST_PARTS:
        return Fact(name, "number", metric.unit, metric=metric.key, part=part)
    if part in ("n", "slices"):
        return Fact(name, "number", "count", metric=metric.key, part=part)
    if part == "status":
        return Fact(name, "text", words=possible_statuses(metric), metric=metric.key, part=part)
    if part == "trend":
        return Fact(name, "text", words=TRENDS, metric=metric.key, part=part)
    if part == "uncertain" or part in TESTS or part in WHOLE_TESTS:
        return Fact(name, "flag", metric=metric.key, part=part)
    if part == "tracked":
        # not a fact of the value: it is there whether or not the metric has one
        return Fact(name, "flag", part=part, default=True)
    if part in ("highest_slice", "lowest_slice", "worst_slice", "sliced_by"):
        return Fact(name, "text", metric=metric.key, part=part)
    return None


def _cohort_fact(name: str, rest: str) -> Fact | None:
    """Return the fact of cohorts at an age: ``month_1``, ``quarter_2.low``; ``None`` for none."""
    of_age, dot, part = rest.partition(".")
    length, _, age = of_age.partition("_")
    plain = age.isascii() and age.isdigit() and not age.startswith("0")
    if length not in COHORT_LENGTHS or not plain or part not in COHORT_PARTS or bool(dot) != bool(part):
        return None
    unit = COHORT_PARTS[part]
    return Fact(name, "text" if unit is None else "number", unit, part=part)


def _cohort_names() -> Iterator[str]:
    """Yield names of facts of cohorts; there are those of every other age, too."""
    for length in COHORT_LENGTHS:
        for age in _SUGGESTED_AGES:
            yield from (f"cohort.{length}_{age}" + (f".{part}" if part else "") for part in COHORT_PARTS)


def _setting_fact(setting: Setting) -> Fact:
    known = setting.default is not None
    if setting.one_of == ("yes", "no"):
        return Fact(setting.key, "flag", default=known)
    return Fact(setting.key, "text", words=setting.one_of or None, default=known)


def possible_statuses(
    metric: MetricDefinition, targets: Sequence[Target | None] | None = None
) -> tuple[str, ...]:
    """Return the statuses that rules may name for ``metric``: those of bands, then the engine's own.

    A status that a band names is among them also where a target leaves that band no values.
    ``targets`` are those that may apply, the metric's own where none are given.
    """
    known = possible_targets(metric.targets) if targets is None else targets
    found = {*statuses_of(possible_bands(metric.band_tables, metric.better, known))}
    found |= {band.status for bands in metric.band_tables for band in bands}
    return (*(status for status in BAND_STATUSES if status in found), *ENGINE_STATUSES)


def is_missing(value: Cell) -> bool:
    """Return whether a fact's value counts as not there: blank, an error value or not a number."""
    return value is None or isinstance(value, ExcelError) or (isinstance(value, float) and math.isnan(value))


_INFIX = late(r'"(?:[^"]|"")*"|\b(and|or|not|is|between|in)\b(?!\s*\()', re.IGNORECASE)


def unknown_fact(name: str, vocabulary: Vocabulary) -> tuple[Message, Message | None]:
    """Return message and hint for a name that is no fact of the rule's scope."""
    catalog = vocabulary.catalog
    key, _, part = name.partition(".")
    if (key in catalog.metrics and part in WHOLE_PARTS) or (
        key in ("scorecard", "cohort") and Vocabulary(catalog, "scorecard").fact(name) is not None
    ):
        return Message("unknown_fact.scorecard", name=name), Message("add_scope_scorecard")
    if key in catalog.metrics and part in SUMS:
        message = Message("unknown_fact.sum", name=name, metric=key)
        return message, Message("write", text=f"{key}.{part.replace('sum', 'mean')}")
    if key in catalog.metrics:
        known = METRIC_PARTS + WHOLE_PARTS if vocabulary.scope == "scorecard" else METRIC_PARTS
        parts = [one for one in known if vocabulary.fact(f"{key}.{one}") is not None]
        close = did_you_mean(part, parts)
        if close is not None:
            hint = Message("did_you_mean", name=f"{key}.{close.values['name']}")
        else:
            hint = Message("it_has", parts=tuple(parts))
        return Message("unknown_fact.part", name=name, metric=key, part=part), hint
    near = did_you_mean(name, vocabulary.metrics_like(name))
    if name in catalog.inputs:
        using = [metric.key for metric in catalog.metrics.values() if name in metric.plan.inputs][:3]
        user = Message("read_a_metric_with_it", metrics=tuple(using)) if using else None
        return Message("unknown_fact.input", name=name), user
    return Message("unknown_fact", name=name), near or Message("list_names_metrics")


def with_logic_hint(text: str, problem: Diagnostic) -> Diagnostic:
    """Say how to join conditions where the author wrote ``a and b``, which the formula language has not."""
    words = {match[1].lower() for match in _INFIX.finditer(text) if match[1]}
    if not words or problem.code != "formula_syntax":
        return problem
    known = {
        "and": Message("and_in_conditions"),
        "or": Message("or_in_conditions"),
        "not": Message("text", text="NOT(a)"),
        "is": Message("is_in_conditions"),
        "between": Message("text", text="BETWEEN(a, low, high)"),
        "in": Message("text", text="IN(a, b, c)"),
    }
    forms = in_turn([known[word] for word in known if word in words])
    return replace(problem, hint=Message("write", text=forms))
