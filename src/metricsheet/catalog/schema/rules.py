"""The shape of ``lifecycle_rules/*.yaml`` and of benchmark packs."""

from __future__ import annotations

from typing import Any

from metricsheet.catalog.definitions import RULE_OUTCOMES, SEVERITIES, STRETCHES
from metricsheet.catalog.schema.shared import ref, section, unless_override

_ANY = {
    "type": "object",
    "properties": {
        "any": {
            "description": "conditions of which one must hold",
            "type": "array",
            "items": {"$ref": "#/definitions/text"},
            "minItems": 1,
        }
    },
    "required": ["any"],
    "additionalProperties": False,
}

_RECOMMENDATION = {
    "anyOf": [
        {"$ref": "#/definitions/local_text"},
        {
            "type": "object",
            "properties": {
                "do": ref("local_text", "what to do"),
                "priority": {"description": "1 comes first", "type": "integer", "minimum": 1},
            },
            "required": ["do"],
            "additionalProperties": False,
        },
    ]
}

_RULE_TEST = {
    "description": "a case for the rule; `metricsheet test` runs it",
    "type": "object",
    "properties": {
        "name": ref("text", "what the case shows"),
        "given": {
            "description": "facts by name, such as cac.trend; a list has one value per period, oldest first",
            "type": "object",
            "additionalProperties": {
                "anyOf": [ref("cell"), {"type": "array", "items": ref("cell"), "minItems": 1}]
            },
        },
        "expect": {"description": "the outcome that must follow", "enum": list(RULE_OUTCOMES)},
    },
    "required": ["name", "given", "expect"],
    "additionalProperties": False,
}

_RULE = {
    "description": "when something about the metrics is so, what it means and what to do",
    "type": "object",
    "properties": {
        "severity": {"description": "how much it matters", "enum": list(SEVERITIES)},
        "when": ref("conditions", "conditions over facts; those of a list must all hold"),
        "for": {"description": "consecutive periods it must hold", "type": "integer", "minimum": 1},
        "keep": {"description": "periods it stays after it no longer holds", "type": "integer", "minimum": 0},
        "unless": ref("conditions", "conditions under which it does not apply"),
        "replaces": {
            "description": "rules that say nothing when this one speaks",
            "type": "array",
            "items": {"$ref": "#/definitions/rule_key"},
            "minItems": 1,
        },
        "scope": {
            "description": "judge every slice, or the scorecard as a whole",
            "enum": ["slice", "scorecard"],
        },
        "finding": ref("local_text", "what was found, with facts in braces: {cac}, {cac.previous}"),
        "recommend": {
            "description": "what to do, most important first: a text, or the name of an advice",
            "type": "array",
            "items": _RECOMMENDATION,
        },
        "source": {"description": "where the rule comes from", "type": "string"},
        "tests": {"description": "cases with their outcome", "type": "array", "items": _RULE_TEST},
        "override": ref("override"),
    },
    **unless_override(["severity", "when", "finding"]),
    "additionalProperties": False,
}

_BENCHMARK = {
    "description": "a figure from outside to compare with; it never gives a status",
    "type": "object",
    "properties": {
        "metric": ref("metric_key"),
        "value": ref("amount", "the figure"),
        "low": ref("amount", "the lower end of a range"),
        "high": ref("amount", "the upper end of a range"),
        "label": ref("local_text", "what people see"),
        "note": ref("local_text", "what to mind when comparing"),
        "source": ref("text", "who published it"),
        "as_of": ref("date", "the day from which it is"),
        "population": ref("text", "whose figures these are"),
        "span": {
            "description": "the time that the figure is of; values of another time are not compared with it",
            "enum": list(STRETCHES),
        },
    },
    "required": ["metric"],
    "additionalProperties": False,
}

RULES_PARTS: dict[str, Any] = {
    "conditions": {
        "anyOf": [
            {"$ref": "#/definitions/text"},
            _ANY,
            {"type": "array", "items": {"anyOf": [{"$ref": "#/definitions/text"}, _ANY]}, "minItems": 1},
        ]
    },
    "rule": _RULE,
    "benchmark": _BENCHMARK,
}

RULES_SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "metricsheet rules of one lifecycle stage",
    "type": "object",
    "properties": {
        "version": {"description": "the version of this format", "const": 1},
        "rules": section("rule", "rules, by key"),
        "advice": section("local_text", "advice that several rules give, by the name they call it"),
    },
    "required": ["version"],
    "additionalProperties": False,
}

BENCHMARKS_SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "metricsheet benchmark pack",
    "type": "object",
    "properties": {
        "version": {"description": "the version of this format", "const": 1},
        "name": ref("text", "what the pack is called"),
        "source": ref("text", "who published the figures, unless a benchmark says otherwise"),
        "as_of": ref("date", "the day from which the figures are, unless a benchmark says otherwise"),
        "population": ref("text", "whose figures these are, unless a benchmark says otherwise"),
        "benchmarks": section("benchmark", "figures, by key"),
    },
    "required": ["version", "benchmarks"],
    "additionalProperties": False,
}
