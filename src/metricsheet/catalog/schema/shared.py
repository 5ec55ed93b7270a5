"""Parts of the JSON Schema that every kind of definition file shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from metricsheet.language import LANGUAGES
from metricsheet.values import is_number

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

    Draft-07 ignores what is beside ``$ref``, so the two are joined by ``allOf``.
    """
    reference = {"$ref": f"#/definitions/{name}"}
    return {"description": description, "allOf": [reference], **more} if description else reference


def block(
    description: str,
    properties: dict[str, Any],
    required: Sequence[str] = (),
    *,
    new: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the shape of a block that takes these keys and no others.

    The ``required`` keys must be there, those of ``new`` save where a definition only changes another.
    """
    shape: dict[str, Any] = {"description": description} if description else {}
    shape |= {"type": "object", "properties": properties}
    if required:
        shape["required"] = list(required)
    if new:
        changes = {"properties": {"override": {"const": True}}, "required": ["override"]}
        shape |= {"if": changes, "then": {}, "else": {"required": list(new)}}
    return {**shape, "additionalProperties": False}


def by_key(description: str, value: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the shape of a block whose keys are the author's own."""
    return {"description": description, "type": "object", **more, "additionalProperties": value}


def section(description: str, value: dict[str, Any]) -> dict[str, Any]:
    """Return the shape of a block whose keys become names."""
    return by_key(description, value, propertyNames={"pattern": KEY})


def items(description: str, item: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the shape of a list."""
    return {"description": description, "type": "array", "items": item, **more}


def texts(description: str, **more: Any) -> dict[str, Any]:
    """Return the shape of a list of texts."""
    return items(description, ref("text"), **more)


def one_of(description: str, words: Iterable[str]) -> dict[str, Any]:
    """Return the shape of a word out of ``words``."""
    return {"description": description, "enum": list(words)}


def plain(description: str, kind: str, **more: Any) -> dict[str, Any]:
    """Return the shape of one value of a type of JSON."""
    return {"description": description, "type": kind, **more}


def file_of(title: str, properties: dict[str, Any], required: Sequence[str] = ()) -> dict[str, Any]:
    """Return the shape of a whole file."""
    version = {"description": "the version of this format", "const": 1}
    shape = block("", {"version": version, **properties}, ("version", *required))
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": title, **shape}


TYPES: dict[str, Callable[[object], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": is_number,
    "integer": lambda value: is_number(value) and float(value).is_integer(),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}
"""What values are of each ``type`` of JSON Schema."""
