"""The shape of ``lifecycle_rules/*.yaml`` and of benchmark packs."""

from __future__ import annotations

from typing import Any

from metricsheet.catalog.definitions import RULE_OUTCOMES, SEVERITIES, STRETCHES
from metricsheet.catalog.schema.shared import (
    block,
    by_key,
    file_of,
    items,
    one_of,
    plain,
    ref,
    section,
    texts,
)

_ANY = block("", {"any": texts("conditions of which one must hold", minItems=1)}, ["any"])

_RECOMMENDATION = {
    "anyOf": [
        ref("local_text"),
        block(
            "",
            {
                "do": ref("local_text", "what to do"),
                "priority": plain("1 comes first", "integer", minimum=1),
            },
            ["do"],
        ),
    ]
}

_RULE_TEST = block(
    "a case for the rule; `metricsheet test` runs it",
    {
        "name": ref("text", "what the case shows"),
        "given": by_key(
            "facts by name, such as cac.trend; a list has one value per period, oldest first",
            {"anyOf": [ref("cell"), {"type": "array", "items": ref("cell"), "minItems": 1}]},
        ),
        "expect": one_of("the outcome that must follow", RULE_OUTCOMES),
    },
    ["name", "given", "expect"],
)

_RULE = block(
    "when something about the metrics is so, what it means and what to do",
    {
        "severity": one_of("how much it matters", SEVERITIES),
        "when": ref("conditions", "conditions over facts; those of a list must all hold"),
        "for": plain("consecutive periods it must hold", "integer", minimum=1),
        "keep": plain("periods it stays after it no longer holds", "integer", minimum=0),
        "unless": ref("conditions", "conditions under which it does not apply"),
        "replaces": items("rules that say nothing when this one speaks", ref("rule_key"), minItems=1),
        "scope": one_of("judge every slice, or the scorecard as a whole", ["slice", "scorecard"]),
        "finding": ref("local_text", "what was found, with facts in braces: {cac}, {cac.previous}"),
        "recommend": items(
            "what to do, most important first: a text, or the name of an advice", _RECOMMENDATION
        ),
        "source": plain("where the rule comes from", "string"),
        "tests": items("cases with their outcome", _RULE_TEST),
        "override": ref("override"),
    },
    new=["severity", "when", "finding"],
)

_BENCHMARK = block(
    "a figure from outside to compare with; it never gives a status",
    {
        "metric": ref("metric_key"),
        "value": ref("amount", "the figure"),
        "low": ref("amount", "the lower end of a range"),
        "high": ref("amount", "the upper end of a range"),
        "label": ref("local_text", "what people see"),
        "note": ref("local_text", "what to mind when comparing"),
        "source": ref("text", "who published it"),
        "as_of": ref("date", "the day from which it is"),
        "population": ref("text", "whose figures these are"),
        "span": one_of(
            "the time that the figure is of; values of another time are not compared with it", STRETCHES
        ),
    },
    ["metric"],
)

RULES_PARTS: dict[str, Any] = {
    "conditions": {
        "anyOf": [
            ref("text"),
            _ANY,
            {"type": "array", "items": {"anyOf": [ref("text"), _ANY]}, "minItems": 1},
        ]
    },
    "rule": _RULE,
    "benchmark": _BENCHMARK,
}

RULES_SCHEMA = file_of(
    "metricsheet rules of one lifecycle stage",
    {
        "rules": section("rules, by key", ref("rule")),
        "advice": section("advice that several rules give, by the name they call it", ref("local_text")),
    },
)

BENCHMARKS_SCHEMA = file_of(
    "metricsheet benchmark pack",
    {
        "name": ref("text", "what the pack is called"),
        "source": ref("text", "who published the figures, unless a benchmark says otherwise"),
        "as_of": ref("date", "the day from which the figures are, unless a benchmark says otherwise"),
        "population": ref("text", "whose figures these are, unless a benchmark says otherwise"),
        "benchmarks": section("figures, by key", ref("benchmark")),
    },
    ["benchmarks"],
)
