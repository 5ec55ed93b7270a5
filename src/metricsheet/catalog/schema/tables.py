"""The shape of ``tables:``, ``generic:`` and ``words:`` in ``metrics.yaml``."""

from __future__ import annotations

from typing import Any

from metricsheet.catalog.schema.shared import KEY, ref, section


def _texts(description: str, **more: Any) -> dict[str, Any]:
    items = {"$ref": "#/definitions/text"}
    return {"description": description, "type": "array", "items": items, **more}


_CONDITION = {
    "description": "when the header means it: with an input, or if a sign says a word in every row",
    "type": "object",
    "properties": {
        "with": ref("key", "only where this input is bound as well"),
        "if": ref("key", "only where this sign of the kind"),
        "is": ref("text", "says this word in every row"),
    },
    "additionalProperties": False,
}

_HEADERS = {
    "type": "array",
    "items": {
        "anyOf": [
            {"$ref": "#/definitions/text"},
            {"type": "object", "additionalProperties": _CONDITION, "minProperties": 1},
        ]
    },
}

_EXAMPLE = {
    "description": "headers of such a table; `metricsheet test` binds them",
    "type": "object",
    "properties": {
        "headers": _texts("the headers, from left to right", minItems=1),
        "is": {
            "description": "each input that is found, with its header; the other headers are no input",
            "type": "object",
            "additionalProperties": {"$ref": "#/definitions/text"},
        },
    },
    "required": ["headers", "is"],
    "additionalProperties": False,
}

_STATUS = {
    "description": "a column that says which rows do not count",
    "type": "object",
    "properties": {
        "column": ref("text", "its header"),
        "not": _texts("the words of rows that do not count", minItems=1),
    },
    "required": ["column", "not"],
    "additionalProperties": False,
}

_CONTRADICTION = {
    "description": "a flag that says no where a column of the same row says otherwise",
    "type": "object",
    "properties": {
        "flag": ref("key", "the input that says no"),
        "column": ref("key", "the input that says otherwise"),
        "says": ref("text", "its word as means gives it; past: a date before the newest of the data"),
    },
    "required": ["flag", "column", "says"],
    "additionalProperties": False,
}

_TABLE = {
    "description": "a kind of table: how it is known, and what headers mean there",
    "type": "object",
    "properties": {
        "row": ref("local_text", "what one row is"),
        "needs": _texts("what must be found, all of it; in a line, a | b is one of them", minItems=1),
        "columns": {
            "description": "the inputs of such a table, each with the headers that mean it here, best first; "
            "* is any text",
            "type": "object",
            "propertyNames": {"pattern": KEY},
            "additionalProperties": {"$ref": "#/definitions/headers"},
        },
        "signs": {
            "description": "columns that are no inputs but tell the kind, by a name of your own",
            "type": "object",
            "propertyNames": {"pattern": KEY},
            "additionalProperties": {"$ref": "#/definitions/headers"},
        },
        "one": ref("key", "the input that names a row: where it repeats, the table is of another kind"),
        "status": {"description": "rows that do not count", "type": "array", "items": _STATUS},
        "contradicts": {
            "description": "rows that say two things at once: they are told",
            "type": "array",
            "items": _CONTRADICTION,
        },
        "id": _texts("headers of what names a row; where it repeats, that is told"),
        "may_hold": {
            "description": "kinds whose inputs may stand beside",
            "type": "array",
            "items": {"$ref": "#/definitions/key"},
        },
        "examples": {"description": "headers with their inputs", "type": "array", "items": _EXAMPLE},
        "replace": {
            "description": "take the place of the kind of the extended file instead of adding to it",
            "type": "boolean",
        },
    },
    "additionalProperties": False,
}

TABLES_PARTS: dict[str, Any] = {"headers": _HEADERS, "table": _TABLE}

TABLES_SECTIONS: dict[str, Any] = {
    "generic": _texts(
        "headers that mean too many things: they bind only in a kind of table; commas part them"
    ),
    "words": {
        "description": "what is written in cells for one thing, by a name of your own",
        "type": "object",
        "propertyNames": {"pattern": KEY},
        "additionalProperties": _texts("the words"),
    },
    "tables": section("table", "kinds of tables, by key"),
}
