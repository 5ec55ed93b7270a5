"""A result in the words of a language: what people read of it, the same in every format and host."""

from __future__ import annotations

import re
from functools import lru_cache

from metricsheet.catalog.definitions import Catalog, MetricDefinition, in_language
from metricsheet.evaluation.result import Result, RowPeriods, Verdict, incomplete
from metricsheet.language.message import Message, all_of, say
from metricsheet.language.numbers import NOTHING, NumberFormat
from metricsheet.language.styles import style_of
from metricsheet.language.words import term
from metricsheet.patterns import late
from metricsheet.records import replace

_WHEN = late(r"(at least|at most|above|below|outside|exactly|between) (.+?)(?: and (.+))?", re.IGNORECASE)


def worded(catalog: Catalog, result: Result, language: str) -> Result:
    """Return ``result`` with everything filled in that people read, in ``language``.

    ``reason`` is in English, as programs have always read it; reports say ``why`` in their own language.
    """
    metric = catalog.metrics[result.metric]
    form = NumberFormat(metric.unit, result.currency, language, metric.decimals, metric.marks)
    target = result.target
    return replace(
        result,
        label=_label(catalog, result, language),
        display=form.value(result.value) if result.value is not None else result.error or NOTHING,
        status_label=status_label(result.verdict, language),
        target_display=form.target(target) if target is not None else "",
        reason=str(reason_of(result) or result.error),
        rests_on=rests_on(catalog, result, language),
        notes=_notes(catalog, result, language),
    )


def rests_on(catalog: Catalog, result: Result, language: str) -> str:
    """Return in words what a value is based on: answers, customers, or rows and their periods."""
    n, periods = result.n, result.periods
    if n is None:
        return ""
    counted = [catalog.inputs[key] for key in result.n_unit.split() if key in catalog.inputs]
    if any(item.scale is not None for item in counted):
        return say(Message("answers_counted", count=n), language)
    if periods is None and counted and all(item.unit == "count" for item in counted):
        labels = all_of(tuple(in_language(item.label, language) for item in counted))
        return say(Message("counted_of", count=n, labels=labels), language)
    return _rows_in_words(n, periods, language)


@lru_cache(maxsize=1024)
def _rows_in_words(n: int, periods: RowPeriods | None, language: str) -> str:
    rows = Message("rows_counted", count=n)
    # rows of days are listed things as a rule, such as orders
    if periods is None or not periods.count or periods.grain == "day":
        return say(rows, language)
    spans = Message(f"{periods.grain}s_counted", count=periods.count)
    if n == periods.count:
        return say(spans, language)
    return say(Message("rows_of_periods", rows=rows, periods=spans), language)


def status_label(verdict: Verdict, language: str) -> str:
    """Return a status in words: the label of the band, or why there is none."""
    if verdict.why is not None:
        return say(verdict.why, language)
    if verdict.band is None:
        return term(verdict.status, language)
    label = in_language(verdict.band.label, language)
    return label if verdict.n_known else term("n_unknown", language, label=label)


def reason_of(result: Result) -> Message | None:
    """Return why there is no value, with the error code where that says something more."""
    if result.why is None or result.not_bound:
        return result.why
    return Message("error_because", error=result.error, reason=result.why)


def _label(catalog: Catalog, result: Result, language: str) -> str:
    """Return the name of the metric, and the span its value speaks of where that is not plain."""
    label = in_language(catalog.metrics[result.taken].label, language)
    claim = result.claim
    if claim is None:
        return label
    if claim.kind == "chained":
        return f"{label} {term(f'chained_{claim.grain}', language, periods=claim.periods)}"
    return f"{label} {term(f'over_{claim.kind}', language, scale=claim.scale)}"


def _notes(catalog: Catalog, result: Result, language: str) -> tuple[str, ...]:
    """Return how much of its period a result is based on, the definition's own note, and gaps in the data."""
    notes = []
    if result.coverage is not None:
        whole = result.verdict.why != Message("incomplete")
        notes.append(
            say(incomplete(result, "incomplete_judged" if whole else "incomplete_not_judged"), language)
        )
    note = catalog.metrics[result.taken].note
    # what a metric says of its values is not true of answers on another scale
    if result.value is not None and note is not None and result.span != "other_scale":
        notes.append(in_language(note, language))
    return (*notes, *(say(remark, language) for remark in result.remarks))


def when_said(text: str, metric: MetricDefinition, currency: str, language: str) -> str:
    """Return for which values a band is: in English as written, else in the words of ``language``."""
    found = _WHEN.fullmatch(text)
    if language == "en" or found is None:
        return text
    low, high = (_end(end, metric, currency, language) if end else "" for end in (found[2], found[3]))
    return say(Message(f"when.{found[1].lower()}", amount=low, high=high), language)


def _end(text: str, metric: MetricDefinition, currency: str, language: str) -> str | Message:
    """Return an end of a band: an amount, the target, or a part of it."""
    if text.lower().endswith("target"):
        factor = text[: -len("target")].strip().replace(".", style_of(language).decimal)
        return Message("when_target.part", factor=factor) if factor else Message("when_target")
    from metricsheet.catalog.assembly.amounts import read_amount

    amount = read_amount(text, metric.unit, currency)
    form = NumberFormat(metric.unit, currency, language, metric.decimals)
    return form.target(amount) if isinstance(amount, float) else text
