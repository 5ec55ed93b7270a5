"""What to say about a name that is not known, or about ``a and b`` where a formula was expected."""

from __future__ import annotations

import re

from metricsheet.errors import Diagnostic, did_you_mean
from metricsheet.language.message import Message
from metricsheet.rules.language.facts import METRIC_PARTS, SUMS, WHOLE_PARTS, Vocabulary

_INFIX = re.compile(r'"(?:[^"]|"")*"|\b(and|or|not|is|between|in)\b(?!\s*\()', re.IGNORECASE)


def unknown_fact(name: str, vocabulary: Vocabulary) -> tuple[str, Message | str | None]:
    """Return message and hint for a name that is no fact of the rule's scope."""
    catalog = vocabulary.catalog
    key, _, part = name.partition(".")
    if (key in catalog.metrics and part in WHOLE_PARTS) or (
        key == "scorecard" and Vocabulary(catalog, "scorecard").fact(name) is not None
    ):
        return (
            f"'{name}' can only be read by rules over the whole scorecard",
            "add scope: scorecard to the rule",
        )
    if key in catalog.metrics and part in SUMS:
        said = f"'{name}' is not a fact: the values of {key} do not add up over periods"
        return said, Message("write", text=f"{key}.{part.replace('sum', 'mean')}")
    if key in catalog.metrics:
        known = METRIC_PARTS + WHOLE_PARTS if vocabulary.scope == "scorecard" else METRIC_PARTS
        parts = [one for one in known if vocabulary.fact(f"{key}.{one}") is not None]
        close = did_you_mean(part, parts)
        hint: Message | str
        if close is not None:
            hint = Message("did_you_mean", name=f"{key}.{close.values['name']}")
        else:
            hint = f"it has {', '.join(parts)}"
        return f"'{name}' is not a fact: metric {key} has no {part!r}", hint
    near = did_you_mean(name, vocabulary.metrics_like(name))
    if name in catalog.inputs:
        using = [metric.key for metric in catalog.metrics.values() if name in metric.plan.inputs][:3]
        user = f"read a metric that uses it: {', '.join(using)}" if using else None
        return f"'{name}' is an input, rules read metrics", user
    return f"'{name}' is not a metric or setting", near or "metricsheet list names every metric"


def with_logic_hint(text: str, problem: Diagnostic) -> Diagnostic:
    """Say how to join conditions where the author wrote ``a and b``, which the formula language has not."""
    words = {match[1].lower() for match in _INFIX.finditer(text) if match[1]}
    if not words or problem.code != "formula_syntax":
        return problem
    known = {
        "and": "AND(a, b), or a line for each",
        "or": "OR(a, b), or a list under any:",
        "not": "NOT(a)",
        "is": "a = b, or ISMISSING(a)",
        "between": "BETWEEN(a, low, high)",
        "in": "IN(a, b, c)",
    }
    hint = "; ".join(known[word] for word in known if word in words)
    return Diagnostic(problem.code, problem.message, problem.place, f"write {hint}", related=problem.related)
