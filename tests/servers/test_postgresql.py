"""Tables of PostgreSQL where they are: the scorecard of the same cells read one by one, and bad input."""

from __future__ import annotations

import datetime as dt
import json
import signal
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

import metricsheet
from metricsheet.api import mapping_file
from metricsheet.cli.main import main
from metricsheet.engines.sql.address import address
from metricsheet.engines.sql.postgresql import PostgreSQL
from metricsheet.errors import WorkbookError
from tests.engines.stored_tables import (
    ASKS,
    CATALOG,
    Columns,
    card,
    days,
    differences,
    random_table,
    table_of_all_inputs,
)
from tests.engines.test_stored_tables import ANSWERS, ASKED, tables_of_the_example
from tests.stages import seeds

pytest.importorskip("psycopg", reason="needs the extra sql")
pytest.importorskip("sqlalchemy", reason="needs the extra sql")
from tests.servers.postgresql_server import LOCKED, PASSWORD, Server, programs

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(programs() is None, reason="needs PostgreSQL (apt-get install postgresql)"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = Server(programs() or "")
    yield made
    made.remove()


def apart(server: Server, table: Columns, **ask: Any) -> list[str]:
    """Return how the scorecard of a table on the server differs from that of its cells."""
    name = server.shown("public.cells")  # as options name it, it may stand in quotes
    found = card(server.make("cells", table), **ask)
    return differences(card({name: table}, **ask), name, found, name)


@pytest.mark.parametrize("seed", seeds(200, 40))
def test_random_tables_give_the_same_scorecard(seed: int, server: Server) -> None:
    table = random_table(Random(seed))
    for ask in ASKS:
        assert apart(server, table, **ask) == [], ask


@pytest.mark.parametrize("ask", ASKS, ids=str)
def test_the_example_gives_the_same_scorecard(ask: dict[str, Any], server: Server) -> None:
    for name, table in tables_of_the_example().items():
        assert apart(server, table, **ask) == [], name


@pytest.mark.parametrize("seed", [3, 4])
def test_every_metric_gives_the_same(seed: int, server: Server) -> None:
    table, mapping = table_of_all_inputs(Random(seed))
    for ask in ASKS:
        assert apart(server, table, mapping=mapping, **ask) == [], ask


@pytest.mark.parametrize("ask", ASKED, ids=str)
def test_options_mean_the_same(ask: dict[str, Any], server: Server) -> None:
    assert apart(server, ANSWERS, **ask) == []


def test_types_of_columns(server: Server) -> None:
    server.run("DROP TABLE IF EXISTS kinds")
    kinds = "smallint", "integer", "bigint", "numeric", "numeric(9, 3)", "real", "double precision", "text"
    for kind in kinds:
        server.run(
            f"CREATE TABLE kinds AS SELECT n::{kind} AS revenue, DATE '2025-01-31' + n AS date, "
            "'{}'::jsonb AS more, ARRAY[n] AS tags, INTERVAL '1 day' AS pause FROM generate_series(0, 8) AS n"
        )
        found = card(server.address("kinds"), only="revenue_total").results[0]
        assert (found.value, found.error) == (36.0, ""), kind
        server.run("DROP TABLE kinds")


def test_what_numbers_and_dates_cannot_be(server: Server) -> None:
    for kind in ("numeric", "double precision"):
        server.run(
            "CREATE TABLE odd AS SELECT * FROM (VALUES "
            f"(1::{kind}, 1::{kind}, DATE '2025-01-05', TIMESTAMPTZ '2025-01-05 23:30+03'), "
            "('NaN', 2, 'infinity', 'infinity'), (NULL, 'Infinity', '-infinity', '-infinity'), "
            "(4, 4, '4000-01-01 BC', '20000-01-01 00:00+00')) "
            'AS t("Total revenue", "Impressions", "Date", seen)'
        )
        found = {
            r.metric: r for r in card(server.address("odd"), mapping={"impressions": "Impressions"}).results
        }
        assert found["revenue_total"].value == 5.0
        assert [(use.used, use.blank) for use in found["revenue_total"].inputs] == [(2, 2)]
        assert (found["impressions_total"].error, found["impressions_total"].value) == ("#NUM!", None)
        dated = card(server.address("odd"), only="revenue_total", period="month").results
        assert [(r.period, r.value) for r in dated] == [("2025-01", 1.0)]
        server.run("DROP TABLE odd")


def test_names_of_tables_and_columns(server: Server) -> None:
    table: Columns = {'Total "revenue"': [1.5, 2.5], "Größe % {x}": ["a", "b"], "Date": days(Random(1), 2)}
    mapped = {"total_revenue": 'Total "revenue"'}
    for name in ('Deals "2025"', "deals%s", "Umsätze"):
        server.make(name, table)
        found = card(server.address(f"public.{name}"), mapping=mapped, by="Größe % {x}", only="revenue_total")
        assert {r.value for r in found.results} >= {4.0}, found.problems
    server.run('CREATE SCHEMA crm CREATE VIEW answers AS SELECT 9 AS "NPS score"')
    assert card(server.address("crm.answers"), only="nps").results[0].value == 100.0
    assert card(server.address("CRM.Answers"), only="nps").results[0].value == 100.0
    server.run("DROP SCHEMA crm CASCADE")


def test_texts_of_every_kind_are_slices_and_keys(server: Server) -> None:
    odd = ["a'b", 'a"b', "a\\b", "{a,b}", "NULL", "a%b", "ÄÖ", "straße", "日本", None, "", " x "]
    table: Columns = {
        "Segment": odd * 3,
        "NPS score": [9, 0, 10] * len(odd),
        "Customer ID": [f"{text}{n}" for n in range(3) for text in odd],
        "Date": days(Random(2), 3 * len(odd)),
    }
    for ask in (*ASKS, {"where": 'Segment = "straße"'}, {"where": ['Segment <> "a\'b"', "[NPS score] > 1"]}):
        assert apart(server, table, **ask) == [], ask


BAD = {
    "postgresql://{folder}": "bad_address",
    "postgresql://me:a@b@host/db#t": "bad_address",
    "postgresql://me:a#b@host/db#t": "bad_address",
    "postgresqll://host/db#t": "not_a_database",
    "postgresql://{user}@/postgres?host={folder}": "which_table",
    "postgresql://{user}@/postgres?host={folder}#anwsers": "no_such_table",
    "postgresql://{user}@/nothing?host={folder}#answers": "no_connection",
    "postgresql://{user}@/postgres?host={folder}/none#answers": "no_connection",
    "postgresql://locked:wrong@/postgres?host={folder}#answers": "no_connection",
    "postgresql://locked:c0rrect-horse@/postgres?host={folder}#answers": "no_permission",
    "postgresql://{user}@/postgres?host={folder}#failing": "query_failed",
}


@pytest.mark.parametrize("written", BAD)
def test_what_cannot_be_read_is_a_problem_without_the_password(
    written: str, server: Server, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    server.make("answers", ANSWERS)
    server.run('CREATE OR REPLACE VIEW failing AS SELECT 1 / ("NPS score" - "NPS score") AS x FROM answers')
    source = written.format(user="postgres", folder=server.folder)
    (tmp_path / "other.csv").write_text("NPS score\n9\n10\n")
    command = [
        "evaluate",
        source,
        str(tmp_path / "other.csv"),
        "--format",
        "json",
        "--cache",
        str(tmp_path / "c"),
    ]
    assert main(command) == 3
    told = capsys.readouterr()
    found = json.loads(told.out)
    assert [one["code"] for one in found["problems"] if one["fatal"]] == [BAD[written]]
    assert any(one["value"] == 100.0 for one in found["results"])
    for secret in ("a@b", "a#b", "wrong", PASSWORD):
        assert secret not in told.out + told.err


def test_the_password_is_in_no_output(
    server: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server.make("answers", ANSWERS)
    server.run(f"GRANT SELECT ON answers TO {LOCKED}")
    cache = tmp_path / "cache"
    for login in (f"{LOCKED}:{PASSWORD}", LOCKED):
        source = f"postgresql://{login}@/postgres?host={server.folder}#answers"
        for form in ("text", "json", "csv", "md", "html"):
            assert main(["evaluate", source, "--format", form, "--show", "all", "--cache", str(cache)]) == 0
            told = capsys.readouterr()
            assert PASSWORD not in told.out + told.err
            assert LOCKED not in told.out + told.err
        monkeypatch.setenv("PGPASSWORD", PASSWORD)  # the second time it is not in the address
    assert not any(PASSWORD.encode() in path.read_bytes() for path in cache.rglob("*") if path.is_file())
    server.run(f"REVOKE SELECT ON answers FROM {LOCKED}")


def test_candidates_are_named(server: Server) -> None:
    server.make("answers", ANSWERS)
    server.make("orders", {"Revenue": [1.0]})
    [asked] = [p for p in card(server.address()).problems if p.fatal]
    assert "public.answers, public.orders" in str(asked.hint) or "public.answers" in str(asked.hint)
    [missing] = [p for p in card(server.address("public.anwsers")).problems if p.fatal]
    assert str(missing.hint) == "did you mean 'public.answers'?"


def engine(server: Server, seconds: float | None = None) -> PostgreSQL:
    return PostgreSQL(address(server.address("answers")), seconds=seconds)


def test_nothing_is_written(server: Server) -> None:
    asked = engine(server)
    with pytest.raises(WorkbookError, match="read-only transaction"):
        asked.run("CREATE TABLE nothing (x int)")
    asked.close()


def test_a_query_that_takes_too_long_is_over_the_limit(server: Server) -> None:
    asked = engine(server, 0.01)
    with pytest.raises(WorkbookError) as error:
        asked.run("SELECT pg_sleep(60)")
    assert (error.value.code, str(error.value.message)) == (
        "over_limit",
        "it takes longer than the 0.01 seconds of --limit",
    )
    asked.close()


def test_a_lost_connection_is_named(server: Server) -> None:
    asked = engine(server)
    server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    with pytest.raises(WorkbookError) as error:
        asked.run("SELECT 1")
    assert error.value.code == "connection_lost"
    asked.close()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs signals")
def test_whatever_interrupts_ends_the_query(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    asked = engine(server)
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with pytest.raises(KeyboardInterrupt):
            asked.run("SELECT pg_sleep(60)")
    finally:
        signal.signal(signal.SIGALRM, before)
    asked.close()
    running = "SELECT COUNT(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'"
    with server.connect() as connection:
        assert connection.execute(running).fetchone() == (0,)


def test_nothing_stays_open(server: Server) -> None:
    card(server.make("answers", ANSWERS), by="Segment", period="month")
    with server.connect() as connection:
        others = "SELECT COUNT(*) FROM pg_stat_activity WHERE state LIKE 'idle%' AND usename = 'postgres'"
        assert connection.execute(others).fetchone() == (0,)


def test_usage(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    source = server.make("answers", ANSWERS)
    with pytest.raises(metricsheet.UsageError, match="cannot be pooled"):
        card(source, pool=True)
    with pytest.raises(metricsheet.UsageError, match="DuckDB cannot read"):
        card(source, engine="duckdb")
    rows = card(source, engine="python", only="nps").results[0]
    assert rows.value == pytest.approx(card(source, only="nps").results[0].value)
    assert "customer_id" in mapping_file(source, metrics=CATALOG)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    [missing] = [p for p in card(source).problems if p.fatal]
    assert (missing.code, str(missing.hint)) == ("needs_sql", "pip install 'metricsheet[sql]'")


def test_a_long_list_of_texts_is_read_by_those_that_may_be_others(server: Server) -> None:
    server.run("DROP TABLE IF EXISTS many")
    server.run(
        "CREATE TABLE many AS SELECT n * 0.5 AS \"Revenue\", 'K' || n / 2 || CASE n % 1000 WHEN 0 THEN ' ' "
        "WHEN 1 THEN 'É' ELSE '' END AS \"Customer ID\", (ARRAY['EU', 'US'])[n % 2 + 1] AS \"Segment\", "
        "DATE '2025-01-01' + n % 300 AS \"Date\" FROM generate_series(0, 259999) AS n"
    )
    mapped = {"customer_id": "Customer ID", "total_revenue": "Revenue"}
    found = {
        (r.metric, r.slice.get("Segment")): r
        for r in card(server.address("many"), by="Segment", mapping=mapped).results
    }
    assert found["revenue_total", None].value == pytest.approx(0.5 * 260_000 * 259_999 / 2)
    assert found["customer_count", "EU"].value == 130_000
    server.run("DROP TABLE many")


def test_decimals_and_moments_by_the_rows(server: Server) -> None:
    zone = dt.timezone(dt.timedelta(hours=3))
    table: Columns = {
        "Total revenue": [Decimal("0.10"), Decimal("12.35"), None, Decimal(900)],
        "Date": [dt.datetime(2025, 3, day, 23, 30, tzinfo=zone) for day in (1, 31, 15, 1)],
    }
    utc = {**table, "Date": [moment.astimezone(dt.UTC) for moment in table["Date"]]}
    name = server.shown("public.cells")
    found = card(server.make("cells", table), period="month")
    assert differences(card({name: utc}, period="month"), name, found, name) == []
