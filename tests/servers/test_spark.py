"""Tables and data frames of Spark: the scorecard of the same cells read one by one, and bad input."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from threading import Timer
from time import sleep
from typing import Any

import pytest

import metricsheet
from metricsheet.cli.main import main
from metricsheet.engines.sql.address import SparkTable
from metricsheet.engines.sql.dialect import SPARK
from metricsheet.engines.sql.spark import Spark
from metricsheet.engines.sql.table import plain_sql
from metricsheet.errors import UsageError
from metricsheet.scorecard import Scorecard
from tests.engines.stored_tables import ASKS, CATALOG, Columns, card, differences, random_table
from tests.engines.test_stored_tables import ANSWERS, ASKED, parquet, tables_of_the_example
from tests.stages import STAGE, seeds

pytest.importorskip("pyspark", reason="needs the extra spark")
from pyspark.sql import SparkSession

JAVA = shutil.which("java") or os.environ.get("JAVA_HOME")
pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(JAVA is None, reason="needs Java (apt-get install openjdk-17-jre-headless)"),
    pytest.mark.filterwarnings("ignore"),  # of what Spark itself imports
]
SETTINGS = {
    "spark.driver.memory": "512m",
    "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",  # they start, not run, fast
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
CLOCKS = {"true": "America/New_York", "false": "Asia/Tokyo"}


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    builder = SparkSession.builder.master("local[2]")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.config(
        "spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse"))
    ).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    session.sql("CREATE DATABASE shop")
    session.sql("CREATE TABLE shop.answers USING parquet AS SELECT 9 AS `NPS score`, 'EU' AS Segment")
    yield session
    session.stop()


def apart(session: SparkSession, table: Columns, folder: Path, **ask: Any) -> list[str]:
    """Return how the scorecard of a table in Spark differs from that of its cells."""
    frame = session.read.parquet(parquet(table, folder / "data.parquet"))
    return differences(card({"SOURCE": table}, **ask), "SOURCE", card({"SOURCE": frame}, **ask), "SOURCE")


# of a scorecard by segment and month the others are parts; each takes a minute and more
@pytest.mark.parametrize("ask", ASKS if STAGE == "deep" else ASKS[-1:], ids=str)
def test_the_example_gives_the_same_scorecard(
    ask: dict[str, Any], spark: SparkSession, tmp_path: Path
) -> None:
    for name, table in tables_of_the_example().items():
        assert apart(spark, table, tmp_path, **ask) == [], name


@pytest.mark.parametrize("seed", seeds(100, 2))
def test_random_tables_give_the_same_scorecard(seed: int, spark: SparkSession, tmp_path: Path) -> None:
    ansi = "true" if seed % 2 else "false"
    spark.conf.set("spark.sql.ansi.enabled", ansi)
    spark.conf.set("spark.sql.session.timeZone", CLOCKS[ansi])
    for ask in ASKS[seed % 4 :: 4]:
        assert apart(spark, random_table(Random(seed)), tmp_path, **ask) == [], ask


@pytest.mark.parametrize("ask", ASKED[:2], ids=str)
def test_options_mean_the_same(ask: dict[str, Any], spark: SparkSession, tmp_path: Path) -> None:
    assert apart(spark, ANSWERS, tmp_path, **ask) == []


def figures(found: Scorecard) -> dict[tuple[str, str | None], Any]:
    return {(r.metric, r.period): r.error or r.value for r in found.results}


KINDS = {
    "TINYINT": "TINYINT",
    "SMALLINT": "SMALLINT",
    "INT": "INTEGER",
    "BIGINT": "BIGINT",
    "FLOAT": "FLOAT",
    "DOUBLE": "DOUBLE",
    "DECIMAL(9, 3)": "DECIMAL(9,3)",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMP WITH TIME ZONE",
    "TIMESTAMP_NTZ": "TIMESTAMP",
    "STRING": "VARCHAR",
    "BINARY": "VARCHAR",
    "ARRAY<INT>": "STRUCT",
    "STRUCT<a: INT>": "STRUCT",
    "MAP<STRING, INT>": "STRUCT",
}


def test_types_of_columns(spark: SparkSession) -> None:
    cells = ", ".join(f"CAST(NULL AS {kind}) AS `{kind}`" for kind in KINDS)
    engine = Spark(spark.sql(f"SELECT {cells}"), "data")
    assert dict(engine.tables()[""].schema) == KINDS
    engine.close()
    whole = [kind for kind in KINDS if plain_sql(SPARK, "x", KINDS[kind])[0] == "number"]
    assert whole == ["TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL(9, 3)"]


def test_what_numbers_and_moments_can_be(spark: SparkSession) -> None:
    rows = """SELECT * FROM VALUES
        (1.0D, 1.0D, TIMESTAMP '2025-01-31 23:30:00-05:00', TIMESTAMP_NTZ '2025-03-09 02:30:00'),
        (DOUBLE('NaN'), 2.0D, TIMESTAMP '2025-02-10 00:00:00Z', TIMESTAMP_NTZ '2025-03-09 02:30:00'),
        (NULL, DOUBLE('Infinity'), NULL, TIMESTAMP_NTZ '2025-04-01 00:00:00'),
        (4.0D, 4.0D, TIMESTAMP '+20000-01-01 00:00:00Z', NULL)
        AS t(`Total revenue`, Impressions, Date, seen)"""
    more = spark.sql(
        f"SELECT *, ARRAY(1, 2) AS tags, MAP('a', NAMED_STRUCT('b', 1)) AS more, X'FF' AS raw, NULL AS none, "
        f"INTERVAL '1' DAY AS pause FROM ({rows})"
    )
    for ansi, zone in CLOCKS.items():
        spark.conf.set("spark.sql.ansi.enabled", ansi)
        spark.conf.set("spark.sql.session.timeZone", zone)
        found = card(more, period="month", mapping={"impressions": "Impressions"})
        assert figures(found)["revenue_total", "2025-02"] == 1.0, (
            "of the date in UTC, and not-a-number is blank"
        )
        assert figures(card(more.drop("Date", "seen")))["impressions_total", None] == "#NUM!"
        clock = card(more.drop("Date").withColumnRenamed("seen", "Date"), period="month")
        assert figures(clock)["revenue_total", "2025-03"] == 1.0


def test_names_and_texts_of_every_kind(spark: SparkSession, tmp_path: Path) -> None:
    odd = ["a'b", 'a"b', "a\\b", "{a,b}", "NULL", "a%b", "a`b", "ÄÖ", "straße", "日本", None, "", " x "]
    table: Columns = {
        "Segment": odd * 3,
        "NPS score": [9, 0, 10] * len(odd),
        "Customer ID": [f"{text}{n}" for n in range(3) for text in odd],
        "a.b `c`": [None, "n"] * 18 + ["n"] * 3,
    }
    assert apart(spark, table, tmp_path, by="Segment") == []
    assert apart(spark, table, tmp_path, by=["Segment", "a.b `c`"], where='Segment <> "a\'b"') == []


def told(found: Scorecard) -> list[tuple[str, str, str, str]]:
    return [(p.source, p.code, str(p.message), str(p.hint or "")) for p in found.problems if p.fatal]


def test_tables_by_name(spark: SparkSession) -> None:
    spark.sql("SELECT 9 AS `NPS score`").createOrReplaceTempView("seen")
    views = [table.name for table in spark.catalog.listTables()]
    for name in ("shop.answers", "spark_catalog.shop.answers", "`shop`.`answers`", "seen", "spark:seen"):
        assert figures(card(name, spark=spark))["nps", None] == 100.0, name
    both = metricsheet.evaluate({"a": "seen", "b": {"NPS score": [0]}}, metrics=CATALOG, spark=spark)
    assert {(r.source, r.value) for r in both.results if r.metric == "nps"} == {("a", 100.0), ("b", -100.0)}
    cases = {
        "shop.answer": ("no_such_table", "Spark has no table 'shop.answer'", "did you mean 'shop.answers'?"),
        "shop.x": ("no_such_table", "Spark has no table 'shop.x'", "tables: seen, shop.answers"),
        "nowhere.x": ("no_such_table", "Spark has no table 'nowhere.x'", ""),
        "a b": ("query_failed", "the query failed: [PARSE_SYNTAX_ERROR] Syntax error at or near 'b'", ""),
    }
    for name, (code, message, hint) in cases.items():
        found = card([name, {"NPS score": [9]}], spark=spark)
        [(source, *said)] = told(found)
        assert (source, said[0], said[1][: len(message)], said[2]) == (name, code, message, hint)
        assert ("nps", None) in figures(found), "the other source goes on"
    assert [table.name for table in spark.catalog.listTables()] == views, "nothing of ours is left"


def test_the_command_line_uses_the_session_at_hand(
    spark: SparkSession, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "spark:shop.answers", "--metrics", "builtin", "--only", "nps"]) == 0
    assert "100" in capsys.readouterr().out
    assert main(["evaluate", "spark:shop.nothing", "--metrics", "builtin"]) == 3
    assert "Spark has no table 'shop.nothing'" in capsys.readouterr().err


class NoRightError(Exception):
    def getCondition(self) -> str:
        return "INSUFFICIENT_PERMISSIONS"


def test_failures_are_named_and_other_sources_go_on(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    spark.sql("SELECT 9 AS `NPS score`").createOrReplaceTempView("seen")
    slow = spark.sql("SELECT CAST(id % 11 AS INT) AS `NPS score` FROM range(40000000000)")
    broken = spark.sql("SELECT RAISE_ERROR('boom') AS Segment, 9 AS `NPS score`")
    running = spark.sparkContext.statusTracker().getActiveJobsIds
    cases: list[tuple[Any, dict[str, Any], str, str]] = [
        (broken, {}, "query_failed", "boom"),
        (broken.join(broken), {}, "query_failed", "ambiguous"),
        (slow, {"limits": {"seconds": 2}}, "over_limit", "longer than the 2 seconds"),
        (slow, {}, "connection_lost", "cancelled"),
    ]
    for source, ask, code, message in cases:
        timer = Timer(3, spark.sparkContext.cancelAllJobs)
        if code == "connection_lost":
            timer.start()
        found = card([source, {"NPS score": [9]}], **ask)
        [(_, named, said, _)] = told(found)
        assert (named, message in said) == (code, True), said
        assert ("nps", None) in figures(found)
        for _ in range(100):
            if running():
                sleep(0.1)
        assert not running(), "what is no longer waited for is ended"

    def refused(*_: object) -> Any:
        raise NoRightError("[INSUFFICIENT_PERMISSIONS] no right to SELECT")

    monkeypatch.setattr(Spark, "_frame", refused)
    [(_, code, said, hint)] = told(card("seen", spark=spark))
    assert (code, hint) == ("no_permission", "ask the owner of the table for GRANT SELECT"), said


def test_usage(spark: SparkSession) -> None:
    with pytest.raises(UsageError, match="cannot be pooled"):
        metricsheet.evaluate("shop.answers", metrics=CATALOG, spark=spark, pool=True)
    with pytest.raises(UsageError, match=r"DuckDB cannot read shop\.answers"):
        metricsheet.evaluate("shop.answers", metrics=CATALOG, spark=spark, engine="duckdb")
    assert figures(card(SparkTable("shop.answers", spark), engine="python"))["nps", None] == 100.0


def run(code: str, *arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
    here = str(Path(__file__).parents[2])
    paths = os.pathsep.join((f"{here}/src", here))
    env = {**os.environ, "PYTHONPATH": paths, "PYTHONWARNINGS": "ignore", **changed}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False)


CONNECT = """
import sys, json
from pyspark.sql import SparkSession
from tests.engines.stored_tables import card
from tests.engines.test_stored_tables import ANSWERS, ASKED, differences
builder = SparkSession.builder.remote("local[2]")
for name, value in json.loads(sys.argv[2]).items():
    builder = builder.config(name, value)
session = builder.getOrCreate()
frame = session.read.parquet(sys.argv[1])
assert "connect" in type(session).__module__
ask = {"by": "Segment", "period": "month"}
print(differences(card({"SOURCE": ANSWERS}, **ask), "SOURCE", card({"SOURCE": frame}, **ask), "SOURCE"))
print([table.name for table in session.catalog.listTables()])
session.stop()
print([problem.code for problem in card([frame, {"NPS score": [9]}]).problems if problem.fatal])
"""


def test_connect_gives_the_same(tmp_path: Path) -> None:
    pytest.importorskip("grpc", reason="needs the extra spark")
    import json

    path = parquet(ANSWERS, tmp_path / "data.parquet")
    done = run(CONNECT, path, json.dumps(SETTINGS))
    assert done.stdout.splitlines() == ["[]", "[]", "['connection_lost']"], done.stderr


MAIN = "import sys; from metricsheet.cli.main import main; sys.exit(main(sys.argv[1:]))"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"PATH": "/nowhere", "JAVA_HOME": ""}, "apt-get install openjdk-17-jre-headless"),
        ({"PYTHONSAFEPATH": "1"}, "pip install 'metricsheet[spark]'"),
    ],
)
def test_what_is_missing_is_named(changed: dict[str, str], said: str, tmp_path: Path) -> None:
    hidden = "import sys; sys.modules['pyspark'] = None; " if "pip" in said else ""
    table = tmp_path / "answers.csv"
    table.write_text("NPS score\n9\n")
    asked = ["evaluate", "spark:shop.answers", str(table), "--metrics", "builtin", "--only", "nps"]
    done = run(hidden + MAIN, *asked, **changed)
    assert (done.returncode, said in done.stderr) == (3, True), done.stderr
    assert "100" in done.stdout
