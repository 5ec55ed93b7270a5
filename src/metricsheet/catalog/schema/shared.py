"""Parts of the JSON Schema that every kind of definition file shares."""

from __future__ import annotations

from typing import Any

from metricsheet.language import LANGUAGES

KEY = r"^[a-z][a-z0-9_]{0,58}$"
"""Keys of inputs, metrics, settings and rules: they become names in formulas and, upper-cased, in Excel."""

TEXT_PARTS: dict[str, Any] = {
    "text": {"type": "string", "minLength": 1},
    "local_text": {
        "description": "a text, or one text per language with English as the one to fall back to",
        "anyOf": [
            {"$ref": "#/definitions/text"},
            {
                "type": "object",
                "properties": {language: {"$ref": "#/definitions/text"} for language in LANGUAGES},
                "required": ["en"],
                "additionalProperties": False,
            },
        ],
    },
    "amount": {
        "description": "a number in the metric's unit: 3:1 for a ratio, 5% for a percentage, €300 for money",
        "anyOf": [{"type": "number"}, {"$ref": "#/definitions/text"}],
        "examples": ["3:1", "5%", "€300", 50],
    },
    "cell": {"type": ["number", "string", "boolean", "null"]},
    "key": {"type": "string", "pattern": KEY},
    "metric_key": {"description": "the key of a metric", "type": "string", "pattern": KEY},
    "setting_key": {"description": "the key of a setting", "type": "string", "pattern": KEY},
    "rule_key": {"description": "the key of a rule", "type": "string", "pattern": KEY},
    "date": {"description": "a date such as 2026-01-31", "type": "string"},
    "override": {
        "description": "change this definition of the extended file: keys given here replace its keys",
        "type": "boolean",
    },
}


def ref(name: str, description: str = "", **more: Any) -> dict[str, Any]:
    """Return a reference to a shared part, with the description an editor shows.

    Draft-07 ignores what stands beside ``$ref``, so the two are joined by ``allOf``.
    """
    reference = {"$ref": f"#/definitions/{name}"}
    return {"description": description, "allOf": [reference], **more} if description else reference


def section(name: str, description: str) -> dict[str, Any]:
    """Return the shape of a block whose keys are the author's own and whose values are ``name``."""
    return {
        "description": description,
        "type": "object",
        "propertyNames": {"pattern": KEY},
        "additionalProperties": {"$ref": f"#/definitions/{name}"},
    }


def unless_override(required: list[str]) -> dict[str, Any]:
    """Return the condition that ``required`` keys are there, save where a definition only changes another."""
    changes = {"properties": {"override": {"const": True}}, "required": ["override"]}
    return {"if": changes, "then": {}, "else": {"required": required}}
