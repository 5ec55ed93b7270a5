"""A semantic model in dbt: a model with the columns that formulas read, and MetricFlow's YAML over it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from metricsheet.catalog.definitions import Catalog, MetricDefinition, in_language
from metricsheet.export.results.tables import bands_of, targets_of
from metricsheet.export.semantic.model import PORTABLE, Partial, SemanticModel, sql_name

_MADE_BY = "made by metricsheet export dbt"


def dbt_name(model: SemanticModel) -> str:
    """Return the name of the model, and of its files."""
    return f"metricsheet_{model.kind.key}"


def dbt_model(model: SemanticModel, relation: str) -> str:
    """Return the SQL of the model over ``relation``, an expression of dbt: ``{{ ref('answers') }}``."""
    lines = [f"{_column(model, key)} as {sql_name(key)}" for key in model.read]
    if "date" not in model.inputs:
        lines.append("cast(null as date) as date")
    rows = in_language(model.kind.row, "en")
    left_out = [
        f"-- leave out rows whose {one.column} is one of: {', '.join(one.words)}" for one in model.kind.status
    ]
    head = [f"-- {_MADE_BY}", f"-- one row: {rows}", *left_out]
    return "\n".join((*head, "select", "    " + ",\n    ".join(lines), f"from {relation} as r", ""))


def _column(model: SemanticModel, key: str) -> str:
    name = f"adapter.quote({json.dumps(model.columns[key], ensure_ascii=False)})"
    x, kind = f"r.{{{{ {name} }}}}", model.inputs[key].type
    if kind == "text":
        return f"nullif(trim(cast({x} as {{{{ dbt.type_string() }}}})), '')"
    if kind == "flag":
        return f"case when {x} then 1 when not {x} then 0 end"
    if kind == "number":
        # dbt.type_float() has half the digits in some databases, and whole numbers divide without a rest
        return f"{x} * {PORTABLE.number(1)}"
    if key == "date":
        return f"cast({x} as date)"
    ends = f"""\"cast('1899-12-30' as date)\", "cast(r." ~ {name} ~ " as date)\""""
    return f'{{{{ dbt.datediff({ends}, "day") }}}}'


def dbt_yaml(model: SemanticModel, catalog: Catalog, language: str) -> str:
    """Return the semantic model and its metrics as YAML; texts are in ``language``."""
    semantic = {
        "name": dbt_name(model),
        "description": in_language(model.kind.row, language),
        "model": f"ref('{dbt_name(model)}')",
        "defaults": {"agg_time_dimension": "date"},
        "primary_entity": model.kind.key,
        "dimensions": [
            {"name": "date", "type": "time", "type_params": {"time_granularity": "day"}},
            *({"name": sql_name(key), "type": "categorical"} for key in model.dimensions),
        ],
        "measures": [{"name": p.name, "agg": p.how, "expr": p.value} for p in model.partials.values()],
    }
    metrics = [
        *(_simple(partial) for partial in model.partials.values()),
        *(_metric(one.metric, one.sql, one.partials, catalog, language) for one in model.formulas),
    ]
    said = yaml.safe_dump(
        {"version": 2, "semantic_models": [semantic], "metrics": metrics},
        sort_keys=False,
        allow_unicode=True,
        width=110,
    )
    return f"# {_MADE_BY}, definitions {catalog.digest}\n{said}"


def _simple(partial: Partial) -> Mapping[str, Any]:
    return {
        "name": partial.name,
        "label": partial.name.replace("_", " "),
        "type": "simple",
        "type_params": {"measure": partial.name},
    }


def _metric(
    metric: MetricDefinition, sql: str, partials: tuple[str, ...], catalog: Catalog, language: str
) -> Mapping[str, Any]:
    return {
        "name": metric.key,
        "label": in_language(metric.label, language),
        "description": description_of(metric, language),
        "type": "derived",
        "type_params": {"expr": sql, "metrics": list(partials)},
        "config": {"meta": {"metricsheet": meta_of(metric, catalog, language)}},
    }


def description_of(metric: MetricDefinition, language: str) -> str:
    """Return the question that a metric answers, and its formula."""
    asked = in_language(metric.question, language) if metric.question is not None else ""
    return f"{asked} {metric.formula}".strip()


def meta_of(metric: MetricDefinition, catalog: Catalog, language: str) -> dict[str, Any]:
    """Return what models of others have no place for: how a value is judged, and where it is from."""
    return {
        "stage": metric.stage,
        "kind": metric.kind,
        "unit": metric.unit,
        "better": metric.better,
        "bands": bands_of(metric, language),
        "targets": targets_of(metric),
        "definitions": catalog.digest,
    }
