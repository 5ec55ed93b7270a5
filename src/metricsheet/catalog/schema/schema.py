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
from metricsheet.catalog.schema.translations import TRANSLATIONS_PARTS, TRANSLATIONS_SCHEMA

Schema: TypeAlias = dict[str, Any]
FileKind = Literal["metrics", "rules", "benchmarks", "translations"]
FILE_KINDS: tuple[FileKind, ...] = ("metrics", "rules", "benchmarks", "translations")
SECTIONS: dict[FileKind, tuple[str, ...]] = {
    "metrics": ("settings", "campaigns", "inputs", "tables", "metrics"),
    "rules": ("rules", "advice"),
    "benchmarks": ("benchmarks",),
    "translations": ("settings", "inputs", "tables", "metrics", "rules", "advice", "benchmarks"),
}
"""The keys of each file under which the author's own keys stand."""

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
