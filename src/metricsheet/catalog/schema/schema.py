"""The JSON Schema (draft-07) of definition files: checks their shape and helps editors complete them.

Written once, from the words of ``definitions``; ``shape`` checks files against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

from metricsheet.catalog.definitions import Catalog
from metricsheet.catalog.schema.metrics import METRICS_PARTS, METRICS_SCHEMA
from metricsheet.catalog.schema.rules import BENCHMARKS_SCHEMA, RULES_PARTS, RULES_SCHEMA
from metricsheet.catalog.schema.shared import TEXT_PARTS

Schema: TypeAlias = dict[str, Any]
FileKind = Literal["metrics", "rules", "benchmarks"]
FILE_KINDS: tuple[FileKind, ...] = ("metrics", "rules", "benchmarks")
SECTIONS: dict[FileKind, tuple[str, ...]] = {
    "metrics": ("settings", "inputs", "metrics"),
    "rules": ("rules",),
    "benchmarks": ("benchmarks",),
}
"""The keys of each file under which the author's own keys stand."""

_ROOTS: dict[FileKind, Schema] = {
    "metrics": METRICS_SCHEMA,
    "rules": RULES_SCHEMA,
    "benchmarks": BENCHMARKS_SCHEMA,
}


def schema(kind: FileKind = "metrics", catalog: Catalog | None = None) -> Schema:
    """Return the JSON Schema of one kind of file: ``metrics``, ``rules`` (lifecycle_rules) or ``benchmarks``.

    With ``catalog``, keys that name a metric, a setting or a rule take only those that it holds, so that an
    editor completes the author's own names.
    """
    from copy import deepcopy

    parts = {**TEXT_PARTS, **METRICS_PARTS} if kind == "metrics" else {**TEXT_PARTS, **RULES_PARTS}
    whole = deepcopy({**_ROOTS[kind], "definitions": parts})
    if catalog is not None:
        known = whole["definitions"]
        known["metric_key"] = _one_of(known["metric_key"], catalog.metrics)
        known["setting_key"] = _one_of(known["setting_key"], catalog.settings)
        known["rule_key"] = _one_of(known["rule_key"], catalog.rules)
    return whole


def _one_of(part: Schema, keys: Iterable[str]) -> Schema:
    known = sorted(keys)
    return {**part, "enum": known} if known else part
