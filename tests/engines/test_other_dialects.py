"""SQL for warehouses that no test can ask: as sqlglot reads it in their dialects, answered by DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from metricsheet import stored_source
from metricsheet.engines.sql.database import Database
from metricsheet.engines.sql.dialect import DIALECTS
from metricsheet.engines.sql.table import StoredTable
from metricsheet.records import replace
from tests.engines.stored_tables import ASKS, card, differences, random_table, table_of_all_inputs
from tests.engines.test_stored_tables import parquet
from tests.stages import in_deep, seeds

WAREHOUSES = ("snowflake", "bigquery", "databricks")


class Warehouse(Database):
    """DuckDB as another engine: what it is asked is translated from that one's dialect."""

    name = ""

    def run(self, query: str, given: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        import sqlglot

        if given or query.startswith(("SET", "DESCRIBE")):  # what only DuckDB is asked
            return super().run(query, given)
        # its own function that reads the file is no name elsewhere
        plain = query.replace(self.relation, "the_table")
        [made] = sqlglot.transpile(
            plain, read=self.name, write="duckdb", error_level=sqlglot.ErrorLevel.RAISE
        )
        return super().run(made.replace("the_table", self.relation))

    def table(self, name: str, relation: str) -> StoredTable:
        self.relation = relation
        return super().table(name, relation)


@pytest.fixture(params=WAREHOUSES)
def warehouse(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    pytest.importorskip("sqlglot", reason="needs the extra oracles")
    # rows have no order there, and sqlglot writes two filters for one of COLLECT_SET
    spoken = replace(DIALECTS[request.param], order="row_number() OVER ()", filters=False)
    if request.param == "databricks":  # DuckDB makes no number of a length of time
        spoken = replace(spoken, clock_micros="UNIX_MICROS({x})")
    monkeypatch.setattr(Warehouse, "dialect", spoken)
    monkeypatch.setattr(Warehouse, "name", request.param)
    monkeypatch.setattr(stored_source, "Database", Warehouse)
    return str(request.param)


@in_deep
@pytest.mark.parametrize("seed", seeds(4, 1))
def test_translated_queries_give_the_same_scorecard(seed: int, warehouse: str, tmp_path: Path) -> None:
    table = random_table(Random(seed))
    path = parquet(table, tmp_path / "data.parquet")
    for ask in ASKS:
        assert differences(card({"SOURCE": table}, **ask), "SOURCE", card(path, **ask), path) == [], ask


@in_deep
@pytest.mark.parametrize("seed", [3, 4])
def test_every_metric_gives_the_same(seed: int, warehouse: str, tmp_path: Path) -> None:
    table, mapping = table_of_all_inputs(Random(seed))
    path = parquet(table, tmp_path / "data.parquet")
    other = card(path, mapping=mapping, **ASKS[-1])
    one = card({"SOURCE": table}, mapping=mapping, **ASKS[-1])
    assert differences(one, "SOURCE", other, path) == []
    assert len({result.metric for result in other.results if result.value is not None}) > 85


@pytest.mark.parametrize("name", DIALECTS)
def test_names_texts_and_numbers(name: str) -> None:
    sqlglot = pytest.importorskip("sqlglot", reason="needs the extra oracles")
    spoken = DIALECTS[name]
    for text in ("it's", 'a "b"', "a\\b", "a\nb\t", "100%", "日本"):
        query = f"SELECT {spoken.literal(text)} AS {spoken.quoted('a b')}, {spoken.number(-0.5)}"
        read = "postgres" if name == "postgresql" else name
        shown, _ = sqlglot.parse_one(query, read=read).expressions
        assert (shown.this.this, shown.alias) == (text, "a b"), query
