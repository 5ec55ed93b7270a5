"""Metrics of a kind of table as SQL, in dbt and in Ossie: every value as an evaluation gives it."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from metricsheet.api import load_catalog
from metricsheet.catalog.definitions import Catalog
from metricsheet.cli.main import main
from metricsheet.engines.sql.dialect import BIGQUERY, DIALECTS, DUCKDB, POSTGRESQL
from metricsheet.export.semantic.dbt import dbt_model, dbt_name, dbt_yaml
from metricsheet.export.semantic.model import SemanticModel, model_of
from metricsheet.export.semantic.ossie import ossie_yaml
from metricsheet.export.semantic.sql import query_of, sql_text
from tests import stages
from tests.command_line import ROOT, SHIPPED
from tests.export.semantic_tables import OWN, core_values, random_table
from tests.servers.programs import program, run

Groups = tuple[str | None, str | None]
FULL = 2
"""The random tables of this seed give each metric a value."""
GROUPS: list[Groups] = [(None, None), ("segment", None), (None, "month"), ("segment", "month")]


@cache
def shipped() -> Catalog:
    return load_catalog(SHIPPED[1])


KINDS = [kind for kind in shipped().tables if model_of(shipped(), kind).formulas]


def compared(
    catalog: Catalog,
    frame: pd.DataFrame,
    model: SemanticModel,
    groups: Groups,
    rows: Iterable[dict[str, Any]],
) -> list[str]:
    """Check rows of another engine against an evaluation; return the metric of each value there was."""
    by, period = groups
    core = core_values(catalog, frame, by, period)
    valued = []
    for row in rows:
        at = row[by] if by else None, str(row[period])[:7] if period else None
        for formula in model.formulas:
            key = formula.metric.key
            given, expected = row[key], core.get((*at, key))
            same = given is expected or (
                None not in (given, expected) and math.isclose(given, expected, rel_tol=1e-9, abs_tol=1e-12)  # type: ignore[arg-type]
            )
            assert same, (model.kind.key, key, at, given, expected)
            valued += [key] if given is not None else []
    return valued


def groups_of(model: SemanticModel, groups: Sequence[Groups] = GROUPS) -> Iterator[Groups]:
    return (one for one in groups if one[1] is None or "date" in model.inputs)


def in_duckdb(frame: pd.DataFrame, query: str) -> list[dict[str, Any]]:
    import duckdb

    with duckdb.connect() as connection:
        connection.register("t", frame)
        found = connection.execute(query)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("kind", stages.some(KINDS, 5))
def test_a_query_gives_what_an_evaluation_gives(kind: str) -> None:
    catalog = shipped()
    model = model_of(catalog, kind, dialect=DUCKDB)
    for seed in stages.seeds(6, test=1):
        frame = random_table(catalog, kind, seed)
        tried = GROUPS if stages.STAGE != "test" else [GROUPS[seed % 2], ("segment", "month")]
        for by, period in groups_of(model, tried):
            query = query_of(model, DUCKDB, "t", [by] if by else [], period)
            compared(catalog, frame, model, (by, period), in_duckdb(frame, query))


def test_formulas_of_ones_own_give_what_an_evaluation_gives(tmp_path: Path) -> None:
    (tmp_path / "metrics.yaml").write_text(OWN, encoding="utf-8")
    catalog = load_catalog(tmp_path)
    model = model_of(catalog, "things", dialect=DUCKDB)
    assert len(model.formulas) == 29
    seen: list[str] = []
    for seed in stages.seeds(50, test=1):
        frame = random_table(catalog, "things", seed)
        for by, period in GROUPS:
            query = query_of(model, DUCKDB, "t", [by] if by else [], period)
            seen += compared(catalog, frame, model, (by, period), in_duckdb(frame, query))
    assert len(seen) > 200
    assert {*seen} == {one.metric.key for one in model.formulas}
    reasons = {metric.formula: why.code for metric, why in model.left_out}
    assert reasons == {
        "STDEV(a)": "no_sql_form",
        "PERCENTILE(a, 0.9)": "no_sql_form",
        "COUNTBLANK(a)": "no_sql_form",
        "IF(COUNT(a) > 10, AVERAGE(a), NA())": "no_sql_form",
    }


def test_answers_off_their_scale_give_no_value_as_in_an_evaluation() -> None:
    catalog = shipped()
    model = model_of(catalog, "answers", {"recommend_score": "recommend_score"}, dialect=DUCKDB)
    for score in (11.0, 4.5):
        frame = pd.DataFrame({"recommend_score": [9.0, 10.0, 3.0, score]})
        rows = in_duckdb(frame, query_of(model, DUCKDB, "t"))
        assert rows == [{"nps": None}]
        assert core_values(catalog, frame, None, None)[None, None, "nps"] is None


def test_which_metrics_are_there_and_why_others_are_not() -> None:
    catalog = shipped()
    models = [model_of(catalog, kind) for kind in catalog.tables]
    there = {one.metric.key for model in models for one in model.formulas}
    why = {metric.key: reason.code for model in models for metric, reason in model.left_out}
    left = {key: code for key, code in why.items() if key not in there}
    page = (ROOT / "docs" / "bi.md").read_text(encoding="utf-8")
    assert f"{len(there)} of the {len(catalog.metrics)} built-in metrics" in page
    for model in models:
        assert not model.formulas or f"{model.kind.key} {len(model.formulas)}" in page.replace("\n", " ")
    counted = re.findall(r"\((\d+)\)", page.partition("Left out are")[2].partition("\n\n")[0])
    assert sum(map(int, counted)) == len(catalog.metrics) - len(there)
    assert {left[key] for key in ("clv", "mrr", "churn_rate")} == {"speaks_of_a_time"}
    assert left["mrr_subscriptions"] == "rows_of_a_ledger"
    assert left["win_rate_all"] == "total_over_time"
    assert left["clv_engagement"] == "needs_a_setting"
    assert left["clv_cac_ratio"] == "part_left_out"


@stages.in_deep
@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
def test_what_sqlglot_reads_in_a_dialect_gives_what_an_evaluation_gives(dialect: Any) -> None:
    sqlglot = pytest.importorskip("sqlglot")
    catalog = shipped()
    for kind in KINDS:
        model = model_of(catalog, kind, dialect=dialect)
        frame = random_table(catalog, kind, FULL)
        for by, period in groups_of(model, GROUPS[1:]):
            query = query_of(model, dialect, "t", [by] if by else [], period)
            read = {"postgresql": "postgres"}.get(dialect.name, dialect.name)
            strict = sqlglot.ErrorLevel.RAISE
            (made,) = sqlglot.transpile(query, read=read, write="duckdb", error_level=strict)
            assert compared(catalog, frame, model, (by, period), in_duckdb(frame, made))


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
def test_a_view_in_each_dialect(dialect: Any) -> None:
    catalog = shipped()
    model = model_of(catalog, "deals", {key: f"The {key}" for key in ("deal_won", "deal_value")}, (), dialect)
    text = sql_text(model, catalog, dialect, "crm.deals", ["Region"], view=True)
    assert text.startswith("-- made by metricsheet export sql")
    assert "CREATE OR REPLACE VIEW deals_metrics AS\nWITH bound AS (" in text
    assert dialect.quoted("The deal_won") in text
    assert dialect.quoted("win_rate_deals") in text


def test_an_engine_without_an_exact_median_has_no_such_metric() -> None:
    model = model_of(shipped(), "deals", dialect=BIGQUERY)
    assert "sales_cycle_median" in {metric.key for metric, _ in model.left_out}


def test_the_aggregates_of_what_needs_a_setting_are_there() -> None:
    catalog = shipped()
    model = model_of(catalog, "customer_figures", dialect=DUCKDB)
    assert model.partly["clv_engagement"]
    text = sql_text(model, catalog, DUCKDB, "t")
    assert "-- no clv_engagement: it needs clv_span, which a query does not know; it is IF(" in text
    frame = random_table(catalog, "customer_figures", 1)
    row = in_duckdb(frame, query_of(model, DUCKDB, "t"))[0]
    assert row["customer_figures_total_revenue"] == pytest.approx(frame["revenue"].sum())


def test_the_yaml_of_dbt_and_ossie_says_how_values_are_judged() -> None:
    catalog = shipped()
    model = model_of(catalog, "answers")
    found = yaml.safe_load(dbt_yaml(model, catalog, "de"))
    metrics = {one["name"]: one for one in found["metrics"]}
    nps = metrics["nps"]
    assert nps["label"] == catalog.metrics["nps"].label["de"]
    assert nps["config"]["meta"]["metricsheet"]["bands"][0]["when"] == "below 0"
    assert set(nps["type_params"]["metrics"]) <= {
        one["name"] for one in found["semantic_models"][0]["measures"]
    }
    ossie = yaml.safe_load(ossie_yaml(model, catalog, "crm.answers", "en"))
    assert ossie["version"] == "0.2.0.dev0"
    said = ossie["semantic_model"][0]["metrics"][0]["custom_extensions"][0]
    assert (said["vendor_name"], json.loads(said["data"])["bands"][0]["status"]) == (
        "METRICSHEET",
        "critical",
    )


COMMANDS: list[tuple[list[str], int, str]] = [
    (
        ["sql", "--table", "answers", "--map", "recommend_score=Score", "--by", "Region"],
        0,
        'r."Region" AS g0',
    ),
    (["sql", "--table", "answer"], 2, "did you mean 'answers'?"),
    (["sql", "--table", "answers", "--map", "recomend_score=Score"], 2, "did you mean 'recommend_score'?"),
    (["sql", "--table", "subscriptions"], 2, "no metric can be computed from these columns alone"),
    (["sql", "--table", "customers", "--period", "month"], 2, "customers has no column of dates"),
    (["sql", "--table", "answers", "--dialect", "oracle"], 2, "found 'oracle'"),
    (["sql", "--table", "answers", "-o", "theirs.sql"], 2, "theirs.sql exists and is not ours"),
    (
        ["dbt", "--table", "deal_figures", "-o", "models"],
        0,
        "left out: win_rate_all: open_deals does not add up",
    ),
    (["ossie", "--table", "answers", "--only", "nps"], 0, "version: 0.2.0.dev0"),
]


@pytest.mark.parametrize(
    ("words", "code", "said"), COMMANDS, ids=[" ".join(words) for words, _, _ in COMMANDS]
)
def test_the_command_line(
    words: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "theirs.sql").write_text("select 1\n", encoding="utf-8")
    assert main(["export", *words, *SHIPPED]) == code
    out = capsys.readouterr()
    assert said in out.out + out.err
    assert (tmp_path / "theirs.sql").read_text(encoding="utf-8") == "select 1\n"
    if words[0] == "dbt":
        assert main(["export", *words, *SHIPPED]) == 0  # our own files are written anew


# other programs


@pytest.mark.servers
def test_postgresql_gives_what_an_evaluation_gives() -> None:
    import psycopg

    from tests.servers.programs import postgresql

    catalog = shipped()
    types = {"number": "FLOAT8", "flag": "BOOLEAN", "date": "DATE", "text": "TEXT"}
    with (
        postgresql() as server,
        psycopg.connect(
            host=server.folder, user="postgres", dbname="postgres", autocommit=True, prepare_threshold=None
        ) as connection,
    ):
        for kind in KINDS:
            model = model_of(catalog, kind, dialect=POSTGRESQL)
            for seed in stages.seeds(4, test=2):
                frame = random_table(catalog, kind, seed)
                columns = ", ".join(f'"{key}" {types[catalog.inputs[key].type]}' for key in frame.columns)
                connection.execute(f"DROP TABLE IF EXISTS {kind} CASCADE")  # type: ignore[arg-type]
                connection.execute(f"CREATE TABLE {kind} ({columns})")  # type: ignore[arg-type]
                with connection.cursor().copy(f"COPY {kind} FROM STDIN") as copy:  # type: ignore[arg-type]
                    for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False):
                        copy.write_row(row)
                for by, period in groups_of(model):
                    view = sql_text(model, catalog, POSTGRESQL, kind, [by] if by else [], period, view=True)
                    connection.execute(f"DROP VIEW IF EXISTS {kind}_metrics")  # type: ignore[arg-type]
                    connection.execute(view)  # type: ignore[arg-type]
                    found = connection.execute(f"SELECT * FROM {kind}_metrics")  # type: ignore[arg-type]
                    names = [column.name for column in found.description or ()]
                    rows = [dict(zip(names, row, strict=True)) for row in found]
                    compared(catalog, frame, model, (by, period), rows)


def once(catalog: Catalog) -> dict[str, list[str]]:
    """Return the metrics of each kind that no kind before it has: names are those of a whole project.

    What needs a row for each customer is of the list of customers.
    """
    found: dict[str, list[str]] = {}
    for kind in KINDS:
        own = [one.metric for one in model_of(catalog, kind).formulas]
        taken = {key for keys in found.values() for key in keys}
        left = [m.key for m in own if m.key not in taken and (m.one_row_per is None or kind == "customers")]
        found.update({kind: left} if left else {})
    return found


def tables_file(path: Path, catalog: Catalog) -> dict[str, pd.DataFrame]:
    """Write a DuckDB file with a random table of each kind, and return them."""
    import duckdb

    frames = {kind: random_table(catalog, kind, FULL) for kind in KINDS}
    with duckdb.connect(str(path)) as connection:
        for kind, frame in frames.items():
            connection.register("frame", frame)
            connection.execute(f"CREATE TABLE {kind} AS FROM frame")
    return frames


PROJECT = {
    "dbt_project.yml": "name: shop\nversion: '1.0'\nprofile: shop\nmodel-paths: [models]\n"
    "models: {shop: {+materialized: table}}\n",
    "profiles.yml": "shop:\n  target: dev\n  outputs:\n"
    "    dev: {type: duckdb, path: shop.duckdb, threads: 1}\n",
    "models/days.sql": "select cast(range as date) as day\n"
    "from range(date '2023-12-01', date '2024-07-01', interval 1 day)\n",
    "models/days.yml": "models:\n- name: days\n  time_spine: {standard_granularity_column: day}\n"
    "  columns: [{name: day, granularity: day}]\n",
}


@pytest.mark.servers
def test_metricflow_gives_what_an_evaluation_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = shipped()
    dbt, mf = program("dbt"), program("mf")
    monkeypatch.setenv("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
    monkeypatch.setenv("DBT_PROFILES_DIR", str(tmp_path))
    for name, text in PROJECT.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    frames = tables_file(tmp_path / "shop.duckdb", catalog)
    models = {}
    for kind, keys in once(catalog).items():
        models[kind] = model = model_of(catalog, kind, only=keys)
        stem = tmp_path / "models" / dbt_name(model)
        stem.with_suffix(".sql").write_text(dbt_model(model, f"main.{kind}"), encoding="utf-8")
        stem.with_suffix(".yml").write_text(dbt_yaml(model, catalog, "en"), encoding="utf-8")
    run(dbt, "build", cwd=tmp_path)
    # a query takes seconds to start: all metrics are in one, where they have a group in common
    dated = [kind for kind, model in models.items() if "date" in model.inputs]
    cut = [kind for kind, model in models.items() if "segment" in model.dimensions]
    queries: list[tuple[list[str], Groups]] = [([*models], (None, None)), (dated, (None, "month"))]
    queries += [
        ([kind], ("segment", "month" if kind in dated else None))
        for kind in (cut if stages.STAGE == "deep" else ["answers", "customers"])
    ]
    values: list[str] = []
    for kinds, (by, period) in queries:
        names = [one.metric.key for kind in kinds for one in models[kind].formulas]
        asked = [f"metric_time__{period}"] if period else []
        asked += [f"{kinds[0]}__{by}"] if by else []
        command = [mf, "query", "--metrics", ",".join(names), "--csv", "found.csv"]
        run(*command, *(["--group-by", ",".join(asked)] if asked else []), cwd=tmp_path)
        with (tmp_path / "found.csv").open(newline="", encoding="utf-8") as file:
            rows = [
                {
                    **{name: float(row[name]) if row[name] else None for name in names},
                    **({by: row[f"{kinds[0]}__{by}"]} if by else {}),
                    **({period: row[f"metric_time__{period}"]} if period else {}),
                }
                for row in csv.DictReader(file)
            ]
        assert rows
        for kind in kinds:
            values += compared(catalog, frames[kind], models[kind], (by, period), rows)
    assert len(values) > 300
    assert {*values} == {key for keys in once(catalog).values() for key in keys}


SIDEMANTIC = """
import json, sys
from sidemantic import SemanticLayer
from sidemantic.adapters.ossie import OssieAdapter

found = {}
for kind, asked in json.load(sys.stdin).items():
    read = OssieAdapter(target_dialect="duckdb").parse_document(f"{kind}.yaml")
    assert read.valid, read.diagnostics
    layer = SemanticLayer.from_catalog(read.catalog, connection="duckdb:///" + sys.argv[1])
    found[kind] = []
    for groups in asked["groups"]:
        result = layer.query(metrics=asked["metrics"], dimensions=groups)
        names = [column[0] for column in result.description]
        found[kind].append([dict(zip(names, row)) for row in result.fetchall()])
    layer.adapter.close()
print(json.dumps(found, default=str))
"""


@pytest.mark.servers
def test_sidemantic_reads_ossie_and_gives_what_an_evaluation_gives(tmp_path: Path) -> None:
    catalog = shipped()
    python = program("python")
    frames = tables_file(tmp_path / "shop.duckdb", catalog)
    asked, models, groups = {}, {}, {}
    for kind in KINDS:
        models[kind] = model = model_of(catalog, kind)
        text = ossie_yaml(model, catalog, kind, "en")
        (tmp_path / f"{kind}.yaml").write_text(text, encoding="utf-8")
        groups[kind] = [
            (by, period) for by, period in groups_of(model) if by is None or by in model.dimensions
        ]
        asked[kind] = {
            "metrics": [one.metric.key for one in model.formulas],
            "groups": [
                [*([f"{kind}.{by}"] if by else []), *([f"{kind}.date__{period}"] if period else [])]
                for by, period in groups[kind]
            ],
        }
    said = run(python, "-c", SIDEMANTIC, str(tmp_path / "shop.duckdb"), cwd=tmp_path, given=json.dumps(asked))
    values: list[str] = []
    for kind, answers in json.loads(said.splitlines()[-1]).items():
        for (by, period), rows in zip(groups[kind], answers, strict=True):
            named = [{**row, **({period: row[f"date__{period}"]} if period else {})} for row in rows]
            values += compared(catalog, frames[kind], models[kind], (by, period), named)
    assert len(values) > 1000
    assert {*values} == {key for keys in once(catalog).values() for key in keys}
