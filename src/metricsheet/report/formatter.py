"""The numbers of a result as a reader of the asked language sees them, with the metric's own decimals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from metricsheet.catalog.definitions import Catalog, in_language
from metricsheet.evaluation.result import InputUse, Result
from metricsheet.language.dates import display_period
from metricsheet.language.message import Message, all_of, say
from metricsheet.language.numbers import NOTHING, NumberFormat, display_count
from metricsheet.language.words import labelled, severity_word, term
from metricsheet.records import record, replace
from metricsheet.report.arrangement import COUNTS
from metricsheet.report.scorecard import Scorecard
from metricsheet.report.wording import reason_of, rests_on

SIGNS: Mapping[str, str] = {
    "ok": "●",
    "info": "◆",
    "warn": "▲",
    "critical": "✖",
    "low_data": "○",
    "no_target": "·",
    "no_data": "–",
    "invalid": "!",
}
"""A sign for each status, so that it can be told without colour."""

SEVERITY_SIGNS: Mapping[str, str] = {"critical": "✖", "high": "▲", "medium": "▲", "low": "◆", "info": "◆"}
ARROWS: Mapping[str, str] = {"rising": "↑", "falling": "↓", "flat": "→"}
_BLOCKS = "▁▂▃▄▅▆▇█"


@record
class ResultFormatter:
    """Turns parts of results into text in ``language``."""

    scorecard: Scorecard
    catalog: Catalog | None
    language: str

    def form(self, result: Result, other: float | None = None) -> NumberFormat:
        """Return how numbers of the result's metric are written: like its value, if nothing else decides.

        ``other`` is the number to be shown: a part of a day or a customer needs a decimal of its own.
        """
        metric = self.catalog.metrics.get(result.metric) if self.catalog is not None else None
        decimals = metric.decimals if metric is not None else None
        marks = metric.marks if metric is not None else () if result.target is None else (result.target,)
        plain = NumberFormat(result.unit, result.currency, self.language, decimals)
        if decimals is None and result.value is not None and other not in (None, result.value):
            numbers = [result.value]
            if result.unit in ("count", "days", "months"):
                numbers += [n for n in (result.target, other) if n is not None]
            decimals = max(plain.places(n) for n in numbers)
        return replace(plain, decimals=decimals, marks=marks)

    def value(self, result: Result) -> str:
        """Return the value, or the error code (or ``–``) in its place."""
        if result.value is None:
            return result.error or NOTHING
        if self.language == self.scorecard.language and result.display:
            return result.display
        return self.number(result, result.value)

    def number(self, result: Result, value: float) -> str:
        """Return another value in the unit of the result's metric."""
        return self.form(result, value).value(value)

    def target(self, result: Result) -> str:
        """Return the target, ``""`` where there is none."""
        return "" if result.target is None else self.form(result, result.target).target(result.target)

    def change(self, result: Result, change: float | None) -> str:
        """Return a difference with its sign in the metric's unit, ``""`` where there is none."""
        return "" if change is None else self.form(result, change).change(change)

    def interval(self, result: Result) -> str:
        """Return the interval, ``""`` where there is none."""
        if result.interval is None:
            return ""
        return self.form(result, result.interval[0]).interval(*result.interval)

    def count(self, count: float | None) -> str:
        """Return a count with separators, ``""`` for none."""
        return "" if count is None else display_count(count, self.language)

    def counts(self, use: InputUse) -> str:
        """Return how many cells of an input were used, and of the others how many there are of each kind."""
        numbers = [(key, getattr(use, key)) for key in COUNTS]
        return ", ".join(
            f"{self.count(number)} {term(key, self.language)}"
            for key, number in numbers
            if number or key == "used"
        )

    def rests_on(self, result: Result) -> str:
        """Return in words what a value is based on: answers, customers and the like, or rows."""
        if self.catalog is None or self.language == self.scorecard.language:
            return result.rests_on
        return rests_on(self.catalog, result, self.language)

    def trend(self, result: Result) -> str:
        """Return an arrow and the change against the period before, ``""`` without a trend."""
        if result.trend is None:
            return ""
        change, direction = result.trend.change, result.trend.direction
        text = self.form(result, change).change(change, flat=direction == "flat")
        return f"{ARROWS[direction]} {text}"

    def begun(self, result: Result) -> str:
        """Return the value of a period that is not whole, and how much of it there is."""
        return f"{self.value(result)} · {result.notes[0]}"

    def on_year(self, result: Result) -> str:
        """Return the change against the same period a year before, ``""`` where that is not known."""
        return self.change(result, result.past.change_on_year) if result.past is not None else ""

    def last(self, result: Result, count: Literal[3, 12]) -> str:
        """Return the sum over the last periods where values add up, else their mean, each called so."""
        known = self.of_last(result, count)
        if known is None:
            return ""
        kind, value = known
        return term(f"{kind}_of", self.language, value=self.number(result, value))

    def of_last(self, result: Result, count: Literal[3, 12]) -> tuple[Literal["sum", "mean"], float] | None:
        """Return the sum or mean over the last periods, and which of the two it is."""
        past = result.past
        if past is None:
            return None
        total, mean = (past.sum_3, past.mean_3) if count == 3 else (past.sum_12, past.mean_12)
        if total is not None:
            return "sum", total
        return None if mean is None else ("mean", mean)

    def period(self, period: str | None) -> str:
        """Return a period as a reader writes it."""
        return display_period(period, self.language)

    def status(self, status: str) -> str:
        """Return a status in a word or two."""
        key = f"short.{status}"
        return term(key, self.language) if status in SIGNS else term(status, self.language)

    def severity(self, severity: str) -> str:
        """Return a severity in a word, with its sign."""
        return f"{SEVERITY_SIGNS.get(severity, '◆')} {severity_word(severity, self.language)}"

    def signed_status(self, result: Result) -> str:
        """Return a result's status with its sign, and a question mark where its interval touches others."""
        mark = "?" if result.uncertain else ""
        return f"{SIGNS.get(result.status, '·')} {self.status(result.status)}{mark}"

    def also_touches(self, result: Result) -> list[str]:
        """Return the other statuses that the interval of a result touches; nothing where there are none."""
        others = ", ".join(self.status(status) for status in result.candidates if status != result.status)
        return [term("also_touches", self.language, statuses=others)] if result.uncertain else []

    def meaning(self, result: Result) -> str:
        """Return the label of a result's status, ``""`` where it says no more than the status."""
        plain = [term(result.status, self.language)]
        if result.status == "ok":
            plain.append(term("on_target", self.language))
        return "" if result.status_label in plain else result.status_label

    def slice(self, slice_: Mapping[str, str]) -> str:
        """Return a slice's values, such as ``SMB · EU``."""
        return " · ".join(slice_.values())

    def input(self, key: str) -> str:
        """Return an input's label with its key behind, or the key alone where no definition is known."""
        if self.catalog is None:
            return key
        definition = self.catalog.inputs.get(key) or self.catalog.metrics.get(key)
        return f"{in_language(definition.label, self.language)} ({key})" if definition is not None else key

    def where(self, use: InputUse) -> str:
        """Return where the cells of an input are, or the inputs that it was computed from."""
        if not use.derived_from:
            return use.where
        return self.say(Message("derived_from", inputs=all_of(use.derived_from)))

    def metric(self, key: str) -> str:
        """Return a metric's label, or its key where no definition is known."""
        metric = self.catalog.metrics.get(key) if self.catalog is not None else None
        return in_language(metric.label, self.language) if metric is not None else key

    def reason(self, result: Result, *, everything: bool = False) -> str:
        """Return why there is no value; an input that was not found is named by its label.

        ``everything`` also tells what was looked for.
        """
        why = reason_of(result)
        if why is None:
            return result.error
        if not result.missing_input:
            return say(why, self.language)
        said = term("not_bound", self.language, inputs=self.input(result.missing_input))
        names = say(why.values.get("looked_for", ""), self.language) if everything else ""
        return f"{said} ({term('looked_for', self.language, names=names)})" if names else said

    def say(self, message: Message | None) -> str:
        """Return the message or hint of a problem in the reader's language, where that is known."""
        return "" if message is None else say(message, self.language)

    def labelled(self, label: str, text: str) -> str:
        """Return a text behind what it is of, joined as the reader's language does it."""
        return labelled(label, text, self.language)

    def settings(self) -> str:
        """Return the active settings with their labels, on one line."""
        listed = []
        for key, value in self.scorecard.settings.items():
            known = self.catalog and (self.catalog.choices.get(key) or self.catalog.inputs.get(key))
            label = in_language(known.label, self.language) if known else key
            said = term(value, self.language) if value in ("yes", "no") else value
            listed.append(self.labelled(label, said))
        return ", ".join(listed)


def sparkline(values: list[float | None]) -> str:
    """Return a row of blocks from the lowest to the highest value; a gap where a value is missing."""
    present = [v for v in values if v is not None]
    if len(present) < 2:
        return ""
    low, high = min(present), max(present)
    # divided before it is subtracted: two very large values must not overflow
    scale = high / 7 - low / 7
    if not scale > 0:
        return "".join(" " if v is None else _BLOCKS[3] for v in values)
    return "".join(" " if v is None else _BLOCKS[round((v / 7 - low / 7) / scale * 7)] for v in values)
