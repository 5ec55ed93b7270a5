"""The JSON Schema (draft-07) of definition files: checks their shape and helps editors complete them.

Written once, from the words of ``definitions``; ``shape`` checks files against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

from metricsheet.catalog.definitions import Catalog
from metricsheet.catalog.schema.metrics import (
    HEADERS,
    HEADERS_EXAMPLE,
    METRICS_PARTS,
    METRICS_SCHEMA,
    STATUS_WORDS,
)
from metricsheet.catalog.schema.rules import BENCHMARKS_SCHEMA, RULES_PARTS, RULES_SCHEMA
from metricsheet.catalog.schema.shared import TEXT_PARTS, block, by_key, file_of, items, ref, section, texts

_TEXT = "the text in this language; nothing while it is not translated"


def _by_english(description: str) -> dict[str, Any]:
    return by_key(description, ref("translated"))


TRANSLATIONS_PARTS: dict[str, Any] = {
    "translated": {"description": _TEXT, "type": ["string", "null"], "minLength": 1},
    "setting": block("the texts of a setting", {"label": ref("translated", "its label")}),
    "input": block(
        "the texts of an input",
        {
            "label": ref("translated", "its label; headers with this text are found too"),
            "also": texts("further headers of this language under which analysts keep it"),
            "either_way": texts("headers that do not say whether the lowest answer is the best one"),
            "description": ref("translated", "what it is"),
        },
    ),
    "headers": HEADERS,
    "table": block(
        "the texts of a kind of table, and the headers of this language",
        {
            "row": ref("translated", "what one row is"),
            "columns": section("headers that mean an input of the kind here, by input", ref("headers")),
            "signs": section("headers of columns that tell the kind, by sign", ref("headers")),
            "status": items("rows that do not count", STATUS_WORDS),
            "id": texts("headers of what names a row"),
            "examples": items("headers of this language with their inputs", HEADERS_EXAMPLE),
        },
    ),
    "metric": block(
        "the texts of a metric",
        {
            "label": ref("translated", "its label"),
            "question": ref("translated", "the question that it answers"),
            "note": ref("translated", "what a reader must know about the value"),
            "bands": _by_english("the labels of its bands, of all variants, each by the English label"),
        },
    ),
    "rule": block(
        "the texts of a rule",
        {
            "finding": ref("translated", "what was found, with the facts of the English text in braces"),
            "recommend": _by_english(
                "what to do, each by the English text; advice with a name is under advice"
            ),
        },
    ),
    "benchmark": block(
        "the texts of a figure",
        {"label": ref("translated", "its label"), "note": ref("translated", "what to mind when comparing")},
    ),
    "benchmark_pack": section("the texts of a pack, by the keys of its figures", ref("benchmark")),
}

TRANSLATIONS_SCHEMA = file_of(
    "metricsheet translations into one language",
    {
        "settings": section("texts of settings, by key", ref("setting")),
        "inputs": section("texts of inputs, by key", ref("input")),
        "tables": section("texts of kinds of tables, by key", ref("table")),
        "words": section("what is written in cells, by the name of the list", texts("the words")),
        "generic": texts("headers that bind only in a kind of table; commas part them"),
        "metrics": section("texts of metrics, by key", ref("metric")),
        "rules": section("texts of rules, by key", ref("rule")),
        "advice": section("advice that several rules give, by name", ref("translated")),
        "benchmarks": section("texts of benchmark packs, by the name of the pack", ref("benchmark_pack")),
    },
)


Schema: TypeAlias = dict[str, Any]
FileKind = Literal["metrics", "rules", "benchmarks", "translations"]
FILE_KINDS: tuple[FileKind, ...] = ("metrics", "rules", "benchmarks", "translations")
SECTIONS: dict[FileKind, tuple[str, ...]] = {
    "metrics": ("settings", "campaigns", "inputs", "tables", "metrics"),
    "rules": ("rules", "advice"),
    "benchmarks": ("benchmarks",),
    "translations": ("settings", "inputs", "tables", "metrics", "rules", "advice", "benchmarks"),
}
"""The keys of each file under which the author's own keys are."""

_ROOTS: dict[FileKind, Schema] = {
    "metrics": METRICS_SCHEMA,
    "rules": RULES_SCHEMA,
    "benchmarks": BENCHMARKS_SCHEMA,
    "translations": TRANSLATIONS_SCHEMA,
}
_PARTS: dict[FileKind, Schema] = {
    "metrics": METRICS_PARTS,
    "rules": RULES_PARTS,
    "benchmarks": RULES_PARTS,
    "translations": TRANSLATIONS_PARTS,
}


def schema(kind: FileKind = "metrics", catalog: Catalog | None = None) -> Schema:
    """Return the JSON Schema of one kind of file.

    That is ``metrics``, ``rules`` (lifecycle_rules), ``benchmarks`` or ``translations``.

    With ``catalog``, keys that name a metric, a setting or a rule take only those that it holds, so that an
    editor completes the author's own names.
    """
    from copy import deepcopy

    whole = deepcopy({**_ROOTS[kind], "definitions": {**TEXT_PARTS, **_PARTS[kind]}})
    if catalog is not None:
        known = whole["definitions"]
        known["metric_key"] = _one_of(known["metric_key"], catalog.metrics)
        known["setting_key"] = _one_of(known["setting_key"], catalog.settings)
        known["rule_key"] = _one_of(known["rule_key"], catalog.rules)
    return whole


def _one_of(part: Schema, keys: Iterable[str]) -> Schema:
    known = sorted(keys)
    return {**part, "enum": known} if known else part
