"""A semantic model in the form of Apache Ossie: one dataset, and metrics as expressions over its fields."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from metricsheet.catalog.definitions import Catalog, in_language
from metricsheet.export.semantic.dbt import description_of, meta_of
from metricsheet.export.semantic.model import PORTABLE, SemanticModel, sql_name
from metricsheet.export.semantic.sql import aggregate_sql, typed_sql
from metricsheet.patterns import late

VERSION = "0.2.0.dev0"
_WORDS = late(r"'(?:[^']|'')*'|[A-Za-z_]\w*")
_TYPES = {"number": "Float", "flag": "Boolean", "date": "Date", "text": "String"}


def ossie_yaml(model: SemanticModel, catalog: Catalog, relation: str, language: str) -> str:
    """Return the model as YAML; what it has no place for is the extension ``METRICSHEET`` of each metric."""
    kind = model.kind.key
    read = {
        sql_name(key): typed_sql(item, f"{kind}.{sql_name(key)}", PORTABLE)
        for key, item in model.inputs.items()
    }
    partials = {
        name: _replaced(aggregate_sql(one, PORTABLE), read.get) for name, one in model.partials.items()
    }
    metrics = [
        {
            "name": one.metric.key,
            "expression": _expression(_replaced(one.sql, partials.get)),
            "description": description_of(one.metric, language),
            "datatype": "Float",
            "ai_context": {"synonyms": [in_language(one.metric.label, language)]},
            "custom_extensions": _extension(meta_of(one.metric, catalog, language)),
        }
        for one in model.formulas
    ]
    semantic = {
        "name": f"metricsheet_{kind}",
        "description": in_language(model.kind.row, language),
        "datasets": [
            {"name": kind, "source": relation, "fields": [_field(model, key) for key in model.read]}
        ],
        "metrics": metrics,
        "custom_extensions": _extension({"definitions": catalog.digest}),
    }
    said = yaml.safe_dump(
        {"version": VERSION, "semantic_model": [semantic]}, sort_keys=False, allow_unicode=True, width=110
    )
    return f"# made by metricsheet export ossie, definitions {catalog.digest}\n{said}"


def _field(model: SemanticModel, key: str) -> Mapping[str, Any]:
    return {
        "name": sql_name(key),
        "expression": _expression(PORTABLE.quoted(model.columns[key])),
        **({"dimension": {"is_time": key == "date"}} if key == "date" or key in model.dimensions else {}),
        "datatype": _TYPES[model.inputs[key].type],
    }


def _expression(sql: str) -> Mapping[str, Any]:
    return {"dialects": [{"dialect": "ANSI_SQL", "expression": sql}]}


def _extension(data: Mapping[str, Any]) -> list[Mapping[str, str]]:
    return [{"vendor_name": "METRICSHEET", "data": json.dumps(data, ensure_ascii=False)}]


def _replaced(sql: str, of: Callable[[str], str | None]) -> str:
    """Return SQL with other text for some of its names."""
    return _WORDS.sub(lambda found: of(found[0]) or found[0], sql)
