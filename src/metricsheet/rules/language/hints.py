"""What to say about a name that is not known, or about ``a and b`` where a formula was expected."""

from __future__ import annotations

import re

from metricsheet.errors import Diagnostic, did_you_mean
from metricsheet.language.message import Message, in_turn
from metricsheet.records import replace
from metricsheet.rules.language.facts import METRIC_PARTS, SUMS, WHOLE_PARTS, Vocabulary

_INFIX = re.compile(r'"(?:[^"]|"")*"|\b(and|or|not|is|between|in)\b(?!\s*\()', re.IGNORECASE)


def unknown_fact(name: str, vocabulary: Vocabulary) -> tuple[Message, Message | None]:
    """Return message and hint for a name that is no fact of the rule's scope."""
    catalog = vocabulary.catalog
    key, _, part = name.partition(".")
    if (key in catalog.metrics and part in WHOLE_PARTS) or (
        key == "scorecard" and Vocabulary(catalog, "scorecard").fact(name) is not None
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
