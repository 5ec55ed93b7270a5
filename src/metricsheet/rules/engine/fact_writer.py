"""The values of facts as a reader writes them, by the unit of their metric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from metricsheet.catalog.definitions import Catalog
from metricsheet.language.numbers import NumberFormat, display_bare, reads_as_zero
from metricsheet.language.rule_terms import phrase
from metricsheet.language.words import term
from metricsheet.records import replace
from metricsheet.rules.language.facts import PAST_PARTS, Fact, Vocabulary, is_missing
from metricsheet.values import Cell, is_number

_VALUES = (
    *("", "previous", "low", "high", "highest", "lowest"),
    *(part for part in PAST_PARTS if part != "change_on_year"),
)
"""The parts of a metric that are values like its own."""
_DIFFERENCES = ("change", "change_on_year", "gap", "spread")


class FactWriter:
    """Writes values of facts for a reader of ``language``."""

    def __init__(self, catalog: Catalog, language: str = "en") -> None:
        self.language = language
        self._catalog = catalog
        self._vocabulary = Vocabulary(catalog, "scorecard")

    def write(self, name: str, value: Cell, marks: Iterable[float] = (), beside: Iterable[float] = ()) -> str:
        """Return ``value`` of the fact ``name``: a number in the manner of its metric, a word, or "missing".

        A number has as many decimals as it takes to stay on its side of each of ``marks``, and to differ
        from each of ``beside`` (written alike), as it does.
        """
        if is_missing(value):
            return phrase("missing", self.language)
        if isinstance(value, bool):
            return phrase("yes" if value else "no", self.language)
        if not is_number(value):
            word = isinstance(value, str) and name.endswith((".status", ".trend"))
            return term(str(value), self.language) if word else str(value)
        fact = self._vocabulary.fact(name)
        if fact is None or fact.unit is None:
            return display_bare(value, self.language, marks, beside)
        form = self._form(fact)
        if fact.part == "target":
            return form.target(value)
        if fact.part in _DIFFERENCES:
            change = form.change(value, marks=marks, beside=beside)
            return change.lstrip("+±") if fact.part == "spread" else change
        return replace(form, marks=(*form.marks, *marks)).value(value, beside)

    def constant(self, fact: Fact, value: Cell) -> str:
        """Return what ``fact`` is compared with, in its manner: what is compared with a value is a target."""
        name = f"{fact.metric}.target" if fact.metric is not None and fact.part in _VALUES else fact.name
        return self.write(name, value, [value] if is_number(value) else [])

    def distance(self, fact: Fact | None, size: float) -> str:
        """Return how far a value of ``fact`` is from another; ``""`` where that would read as nothing."""
        if fact is None:
            return display_bare(size, self.language)
        form = replace(self._form(fact), marks=())
        text = form.value(size)
        if reads_as_zero(text):
            return ""
        if form.unit != "percent":
            return text
        # the difference of two percentages is told in percentage points
        points = NumberFormat("points", language=self.language, decimals=form.places(size))
        return phrase("percentage_points", self.language, points.value(size * 100))

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
            return NumberFormat("count", language=self.language)
        metric = self._catalog.metrics[fact.metric]
        return NumberFormat(metric.unit, self._catalog.currency, self.language, metric.decimals, metric.marks)
