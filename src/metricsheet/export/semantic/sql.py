"""A semantic model as one query: a row for each group, a column for each metric."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.catalog.definitions import Catalog, in_language
from metricsheet.engines.sql.table import quoted
from metricsheet.export.semantic.model import Partial, SemanticModel


def query_of(model: SemanticModel, relation: str, by: Sequence[str] = (), period: str | None = None) -> str:
    """Return the query over ``relation``, grouped by columns of it or inputs, and by periods of ``date``.

    A period is its first day; rows without a date are in none.
    """
    groups = [(name, f"r.{quoted(model.columns.get(name, name))}") for name in by]
    if period is not None:
        groups.append((period, f"CAST(DATE_TRUNC('{period}', r.{quoted(model.columns['date'])}) AS DATE)"))
    names = [f"g{place}" for place in range(len(groups))]
    columns = [f"{_typed(model, key)} AS {key}" for key in model.read if key != "date"]
    columns += [f"{text} AS {name}" for name, (_, text) in zip(names, groups, strict=True)]
    where = f"\n  WHERE r.{quoted(model.columns['date'])} IS NOT NULL" if period is not None else ""
    partials = [f"{_aggregate(one)} AS {one.name}" for one in model.partials.values()]
    shown = [f"{name} AS {quoted(said)}" for name, (said, _) in zip(names, groups, strict=True)]
    shown += [f"{one.sql} AS {quoted(one.metric.key)}" for one in model.formulas]
    grouped = f"\n  GROUP BY {', '.join(names)}" if names else ""
    return (
        f"WITH bound AS (\n  SELECT\n    {_listed(columns)}\n  FROM {relation} AS r{where}\n),\n"
        f"parts AS (\n  SELECT\n    {_listed([*names, *partials])}\n  FROM bound{grouped}\n)\n"
        f"SELECT\n  {_listed(shown, 2)}\nFROM parts"
    )


def sql_text(
    model: SemanticModel,
    catalog: Catalog,
    relation: str,
    by: Sequence[str] = (),
    period: str | None = None,
    *,
    view: bool = False,
) -> str:
    """Return the query as a statement, or as that of a view, with what a reader must know in comments."""
    lines = [f"-- made by metricsheet export sql, definitions {catalog.digest}"]
    lines.append(f"-- one row of {relation}: {in_language(model.kind.row, 'en')}")
    lines += [f"-- leave out rows whose {one.column} is: {', '.join(one.words)}" for one in model.kind.status]
    lines += [f"-- no {metric.key}: {why}" for metric, why in model.left_out]
    made = f"CREATE OR REPLACE VIEW {model.kind.key}_metrics AS\n" if view else ""
    query = query_of(model, relation, by, period)
    return "\n".join((*lines, f"{made}{query};", ""))


def _listed(parts: Sequence[str], indent: int = 4) -> str:
    return f",\n{' ' * indent}".join(parts)


def _typed(model: SemanticModel, key: str) -> str:
    """Return a column as formulas read it."""
    x = f"r.{quoted(model.columns[key])}"
    kind = model.inputs[key].type
    if kind == "text":
        return f"NULLIF(TRIM(CAST({x} AS VARCHAR)), '')"
    if kind == "flag":
        return f"CASE WHEN {x} THEN 1.0E0 WHEN NOT {x} THEN 0.0E0 END"
    if kind == "date":
        return f"CAST((CAST({x} AS DATE) - DATE '1899-12-30') AS DOUBLE PRECISION)"
    number = f"CAST({x} AS DOUBLE PRECISION)"
    return f"CASE WHEN {number} = 'NaN' THEN NULL ELSE {number} END"


def _aggregate(one: Partial) -> str:
    if one.how == "count_distinct":
        return f"COUNT(DISTINCT {one.value})"
    return f"{one.how.upper()}({one.value})"
