"""The shape of ``translations/LANGUAGE.yaml``: the texts of definitions in one language."""

from __future__ import annotations

from typing import Any

from metricsheet.catalog.schema.shared import ref, section

_TEXT = "the text in this language; nothing while it is not translated"


def _translated(what: str, /, **texts: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": what,
        "type": "object",
        "properties": texts,
        "additionalProperties": False,
    }


def _by_english(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "type": "object",
        "additionalProperties": {"$ref": "#/definitions/translated"},
    }


TRANSLATIONS_PARTS: dict[str, Any] = {
    "translated": {"description": _TEXT, "type": ["string", "null"], "minLength": 1},
    "setting": _translated("the texts of a setting", label=ref("translated", "its label")),
    "input": _translated(
        "the texts of an input",
        label=ref("translated", "its label; headers with this text are found too"),
        also={
            "description": "further headers of this language under which analysts keep it",
            "type": "array",
            "items": {"$ref": "#/definitions/text"},
        },
        description=ref("translated", "what it is"),
    ),
    "table": _translated("the texts of a kind of table", row=ref("translated", "what one row is")),
    "metric": _translated(
        "the texts of a metric",
        label=ref("translated", "its label"),
        question=ref("translated", "the question that it answers"),
        note=ref("translated", "what a reader must know about the value"),
        bands=_by_english("the labels of its bands, of all variants, each by the English label"),
    ),
    "rule": _translated(
        "the texts of a rule",
        finding=ref("translated", "what was found, with the facts of the English text in braces"),
        recommend=_by_english("what to do, each by the English text; advice with a name is under advice"),
    ),
    "benchmark": _translated(
        "the texts of a figure",
        label=ref("translated", "its label"),
        note=ref("translated", "what to mind when comparing"),
    ),
    "benchmark_pack": section("benchmark", "the texts of a pack, by the keys of its figures"),
}

TRANSLATIONS_SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "metricsheet translations into one language",
    "type": "object",
    "properties": {
        "version": {"description": "the version of this format", "const": 1},
        "settings": section("setting", "texts of settings, by key"),
        "inputs": section("input", "texts of inputs, by key"),
        "tables": section("table", "texts of kinds of tables, by key"),
        "metrics": section("metric", "texts of metrics, by key"),
        "rules": section("rule", "texts of rules, by key"),
        "advice": section("translated", "advice that several rules give, by name"),
        "benchmarks": section("benchmark_pack", "texts of benchmark packs, by the name of the pack"),
    },
    "required": ["version"],
    "additionalProperties": False,
}
