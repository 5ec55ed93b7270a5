"""One result in a sentence or two, for a cell of a worksheet."""

from __future__ import annotations

from metricsheet.catalog.definitions import Catalog
from metricsheet.evaluation.result import Result
from metricsheet.language.message import Message, say
from metricsheet.language.words import term
from metricsheet.report.formatter import ResultFormatter
from metricsheet.report.scorecard import Scorecard
from metricsheet.report.wording import reason_of

_BETWEEN = " · "


def in_words(catalog: Catalog, result: Result, language: str, *hints: Message) -> str:
    """Return what a result says and is based on, or why it says nothing, with the cells of each input.

    ``hints`` say what would decide the reason.
    ``result`` is one in words already (``worded``), in the same language.
    """
    card = Scorecard("", "", "", (result,), language=language)
    formatter = ResultFormatter(card, catalog, language)
    if result.value is None:
        reason = say(reason_of(result) or result.error, language)
        parts = [formatter.labelled(result.label, reason), *(say(hint, language) for hint in hints)]
    else:
        value = f"{formatter.value(result)} ({result.status_label})"
        said = [formatter.labelled(result.label, value)]
        if result.rests_on:
            said.append(term("rests_on_value", language, value=result.rests_on))
        if result.interval is not None:
            said.append(f"{term('interval', language)} {formatter.interval(result)}")
        parts = [", ".join(said)]
    for use in result.inputs:
        where = f" ({use.where})" if use.where else ""
        parts.append(formatter.labelled(use.input + where, formatter.counts(use)))
    return _BETWEEN.join((*parts, *result.notes))
