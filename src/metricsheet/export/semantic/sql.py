"""A semantic model as one query: a row for each group, a column for each metric."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.catalog.definitions import Catalog, InputDefinition, in_language
from metricsheet.engines.sql.dialect import Dialect
from metricsheet.export.semantic.model import MEDIANS, Partial, SemanticModel, sql_name

_PERIODS = {"bigquery": "DATE_TRUNC(CAST({x} AS DATE), {period})"}


def query_of(
    model: SemanticModel, dialect: Dialect, relation: str, by: Sequence[str] = (), period: str | None = None
) -> str:
    """Return the query over ``relation``, grouped by columns of it or inputs, and by periods of ``date``.

    A period is its first day; rows without a date are in none.
    """

    def column(name: str) -> str:
        return f"r.{dialect.quoted(model.columns.get(name, name))}"

    groups = [(name, column(name)) for name in by]
    if period is not None:
        trunc = _PERIODS.get(dialect.name, "CAST(DATE_TRUNC('{period}', {x}) AS DATE)")
        groups.append((period, trunc.format(x=column("date"), period=period.upper())))
    names = [f"g{place}" for place in range(len(groups))]
    read = [key for key in model.read if key != "date" and key not in model.dimensions]
    columns = [f"{typed_sql(model.inputs[key], column(key), dialect)} AS {sql_name(key)}" for key in read]
    columns += [f"{text} AS {name}" for name, (_, text) in zip(names, groups, strict=True)]
    where = f"\n  WHERE {column('date')} IS NOT NULL" if period is not None else ""
    partials = [f"{aggregate_sql(one, dialect)} AS {one.name}" for one in model.partials.values()]
    shown = [f"{name} AS {dialect.quoted(said)}" for name, (said, _) in zip(names, groups, strict=True)]
    shown += [f"{one.sql} AS {dialect.quoted(one.metric.key)}" for one in model.formulas]
    shown += dict.fromkeys(name for names in model.partly.values() for name in names)
    grouped = f"\n  GROUP BY {', '.join(names)}" if names else ""
    return (
        f"WITH bound AS (\n  SELECT\n    {_listed(columns)}\n  FROM {relation} AS r{where}\n),\n"
        f"parts AS (\n  SELECT\n    {_listed([*names, *partials])}\n  FROM bound{grouped}\n)\n"
        f"SELECT\n  {_listed(shown, 2)}\nFROM parts"
    )


def sql_text(
    model: SemanticModel,
    catalog: Catalog,
    dialect: Dialect,
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
    for metric, why in model.left_out:
        parts = ", ".join(model.partly.get(metric.key, ()))
        lines.append(
            f"-- no {metric.key}: {why}" + (f"; it is {metric.formula} over {parts}" if parts else "")
        )
    made = f"CREATE OR REPLACE VIEW {model.kind.key}_metrics AS\n" if view else ""
    query = query_of(model, dialect, relation, by, period)
    comments = (" ".join(line.split()) for line in lines)
    return "\n".join((*comments, f"{made}{query};", ""))


def _listed(parts: Sequence[str], indent: int = 4) -> str:
    return f",\n{' ' * indent}".join(parts)


def typed_sql(item: InputDefinition, x: str, dialect: Dialect) -> str:
    """Return a column as formulas read it."""
    if item.type == "text":
        return f"NULLIF(TRIM(CAST({x} AS {dialect.text})), '')"
    if item.type == "flag":
        flag, (one, zero) = f"CAST({x} AS {dialect.flag})", map(dialect.number, (1, 0))
        return f"CASE WHEN {flag} THEN {one} WHEN NOT {flag} THEN {zero} END"
    if item.type == "date":
        days = dialect.days.format(x=f"CAST({x} AS DATE)")
        return f"CASE WHEN {x} IS NOT NULL THEN CAST({days} AS {dialect.double}) END"
    number = f"CAST({x} AS {dialect.double})"
    odd = dialect.not_a_number.format(x=number)
    return f"CASE WHEN {odd} THEN NULL ELSE {number} END" if odd else number


def aggregate_sql(one: Partial, dialect: Dialect) -> str:
    """Return an aggregate in SQL."""
    if one.how == "count_distinct":
        return f"COUNT(DISTINCT {one.value})"
    if one.how == "median":
        return MEDIANS.get(dialect.name, "MEDIAN({x})").format(x=one.value)
    return f"{one.how.upper()}({one.value})"
