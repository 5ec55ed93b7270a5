"""The values of facts as readers write them, by the unit of their metric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Literal

from metricsheet.catalog.definitions import Catalog, LocalText
from metricsheet.dataset import Campaign
from metricsheet.language.dates import Period
from metricsheet.language.message import Message, Value
from metricsheet.language.numbers import Figure, NumberFormat, reads_as_zero
from metricsheet.language.template import of_label
from metricsheet.language.words import Word
from metricsheet.records import replace
from metricsheet.rules.language.conditions import Condition, facts_of
from metricsheet.rules.language.facts import (
    CAMPAIGN_NAME,
    NEWEST_COHORT,
    PAST_PARTS,
    VALUE_PARTS,
    Fact,
    Vocabulary,
    is_missing,
)
from metricsheet.values import Cell, is_number

_VALUES = (
    *VALUE_PARTS,
    *(part for part in PAST_PARTS if part != "change_on_year"),
)
"""The parts of a metric that are values like its own."""
_DIFFERENCES = ("change", "change_on_year", "gap", "spread")


class FactWriter:
    """Gives values of facts the form in which they are written in every language."""

    def __init__(
        self,
        catalog: Catalog,
        currencies: Mapping[str, str] | None = None,
        campaigns: Sequence[Campaign] = (),
    ) -> None:
        self._catalog = catalog
        self._campaigns = {one.label["en"]: one.label for one in campaigns}
        self._vocabulary = Vocabulary(catalog, "scorecard")
        self._currencies = currencies or {}

    def with_currencies(self, currencies: Mapping[str, str]) -> FactWriter:
        """Return a writer that shows the amounts of metrics in these currencies."""
        return self.like(currencies, self._campaigns)

    @property
    def of_source(self) -> tuple[Mapping[str, str], Mapping[str, LocalText]]:
        """What it knows of one source: the currencies of metrics, and campaigns by their English names."""
        return self._currencies, self._campaigns

    def like(self, currencies: Mapping[str, str], campaigns: Mapping[str, LocalText]) -> FactWriter:
        """Return a writer by the same definitions that knows this of its source."""
        found = copy(self)
        found._currencies, found._campaigns = currencies, dict(campaigns)
        return found

    def of_campaign(self, condition: Condition | None) -> bool:
        """Return whether a condition reads a setting that is yes during a campaign."""
        settings = self._catalog.settings
        names = [fact.name for fact in facts_of(condition)] if condition is not None else []
        return any(name in settings and settings[name].during for name in names)

    def write(
        self, name: str, value: Cell, marks: Iterable[float] = (), beside: Iterable[float] = ()
    ) -> Value:
        """Return ``value`` of the fact ``name``: a number in the manner of its metric, a word, or "missing".

        A number has as many decimals as it takes to stay on its side of each of ``marks``, and to differ
        from each of ``beside`` (written alike), as it does.
        """
        if is_missing(value):
            return Message("missing_value")
        if isinstance(value, bool):
            return Word("yes" if value else "no")
        if not is_number(value):
            if name == CAMPAIGN_NAME and value in self._campaigns:
                return of_label(self._campaigns[str(value)])
            if name.endswith(f".{NEWEST_COHORT}"):
                return Period(str(value))
            word = isinstance(value, str) and name.endswith((".status", ".trend"))
            return Word(str(value)) if word else str(value)
        marks, beside = tuple(marks), tuple(beside)
        fact = self._vocabulary.fact(name)
        if fact is None or fact.unit is None:
            return Figure(value, None, "value", marks, beside)
        if fact.part == "target":
            return Figure(value, self._form(fact), "target")
        if fact.part in _DIFFERENCES:
            style: Literal["change", "size"] = "size" if fact.part == "spread" else "change"
            return Figure(value, self._form(fact), style, marks, beside)
        return Figure(value, self._form(fact), "value", marks, beside)

    def constant(self, fact: Fact, value: Cell) -> Value:
        """Return what ``fact`` is compared with, in its manner: what is compared with a value is a target."""
        name = f"{fact.metric}.target" if fact.metric is not None and fact.part in _VALUES else fact.name
        return self.write(name, value, [value] if is_number(value) else [])

    def distance(self, fact: Fact | None, size: float) -> Value:
        """Return how far a value of ``fact`` is from another; ``None`` where that would read as nothing."""
        if fact is None:
            return Figure(size)
        form = replace(self._form(fact), marks=())
        if reads_as_zero(form.value(size)):
            return None
        if form.unit != "percent":
            return Figure(size, form)
        # the difference of two percentages is reported in percentage points
        points = NumberFormat("points", decimals=form.places(size))
        return Message("percentage_points", amount=Figure(size * 100, points))

    def rivals(self, name: str, facts: Mapping[str, Cell]) -> list[float]:
        """Return the numbers among ``facts`` that a reader compares with ``name``: values of one metric."""
        own = self._vocabulary.fact(name)
        if own is None or own.metric is None or own.part not in _VALUES:
            return []
        found = []
        for other, value in facts.items():
            fact = self._vocabulary.fact(other)
            same = fact is not None and fact.metric == own.metric and fact.part in _VALUES
            if same and other != name and is_number(value) and not is_missing(value):
                found.append(value)
        return found

    def _form(self, fact: Fact) -> NumberFormat:
        if fact.metric is None or fact.counts:
            return NumberFormat("count" if fact.counts else fact.unit or "count")
        metric = self._catalog.metrics[fact.metric]
        currency = self._currencies.get(fact.metric, self._catalog.currency)
        return NumberFormat(metric.unit, currency, decimals=metric.decimals, marks=metric.marks)
