"""The shape of ``tables:``, ``generic:`` and ``words:`` in ``metrics.yaml``."""

from __future__ import annotations

from typing import Any

from metricsheet.catalog.schema.shared import block, by_key, items, plain, ref, section, texts

_CONDITION = block(
    "when the header means it: with an input, or if a sign says a word in every row",
    {
        "with": ref("key", "only where this input is bound as well"),
        "if": ref("key", "only where this sign of the kind"),
        "is": ref("text", "says this word in every row"),
    },
)

_HEADER = {
    "anyOf": [
        ref("text"),
        {"type": "object", "additionalProperties": _CONDITION, "minProperties": 1},
    ]
}

_EXAMPLE = block(
    "headers of such a table; `metricsheet test` binds them",
    {
        "headers": texts("the headers, from left to right", minItems=1),
        "is": by_key(
            "each input that is found, with its header; the other headers are no input", ref("text")
        ),
    },
    ["headers", "is"],
)

_STATUS = block(
    "a column that says which rows do not count",
    {
        "column": ref("text", "its header"),
        "not": texts("the words of rows that do not count", minItems=1),
    },
    ["column", "not"],
)

_CONTRADICTION = block(
    "a flag that says no where a column of the same row says otherwise",
    {
        "flag": ref("key", "the input that says no"),
        "column": ref("key", "the input that says otherwise"),
        "says": ref("text", "its word as means gives it; past: a date before the newest of the data"),
    },
    ["flag", "column", "says"],
)

_TABLE = block(
    "a kind of table: how it is known, and what headers mean there",
    {
        "row": ref("local_text", "what one row is"),
        "needs": texts("what must be found, all of it; in a line, a | b is one of them", minItems=1),
        "columns": section(
            "the inputs of such a table, each with the headers that mean it here, best first; * is any text",
            ref("headers"),
        ),
        "signs": section(
            "columns that are no inputs but tell the kind, by a name of your own", ref("headers")
        ),
        "one": ref("key", "the input that names a row: where it repeats, the table is of another kind"),
        "status": items("rows that do not count", _STATUS),
        "contradicts": items("rows that say two things at once: they are told", _CONTRADICTION),
        "id": texts("headers of what names a row; where it repeats, that is told"),
        "may_hold": items("kinds whose inputs may stand beside", ref("key")),
        "examples": items("headers with their inputs", _EXAMPLE),
        "replace": plain(
            "take the place of the kind of the extended file instead of adding to it", "boolean"
        ),
    },
)

TABLES_PARTS: dict[str, Any] = {"headers": {"type": "array", "items": _HEADER}, "table": _TABLE}

TABLES_SECTIONS: dict[str, Any] = {
    "generic": texts(
        "headers that mean too many things: they bind only in a kind of table; commas part them"
    ),
    "words": section("what is written in cells for one thing, by a name of your own", texts("the words")),
    "tables": section("kinds of tables, by key", ref("table")),
}
