"""A Parquet file where it is, also in Spark: a scorecard against SQL by hand, polars and pandas."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from os import sysconf
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.measure import Row, plain
from metricsheet import evaluate
from metricsheet.api import load_catalog

_ROWS = 1_000_000
_ROWS_OF_SPARK = 1_000_000, 10_000_000
_FIGURES = """COUNT(score), COUNT_IF(score >= 9), COUNT_IF(score <= 6), COUNT(answer), COUNT_IF(answer >= 4),
    SUM(answer), COUNT(complained), COUNT_IF(complained), COUNT(DISTINCT id), MIN(day)"""


def _made(path: Path, rows: int) -> None:
    import duckdb

    regions = (
        "['EU', 'US', 'APAC', 'LATAM', 'MEA', 'UK', 'DACH', 'Nordics'][1 + CAST(HASH(i * 7) % 8 AS INTEGER)]"
    )
    duckdb.sql(
        f"""COPY (SELECT CAST(HASH(i) % 11 AS INTEGER) AS "NPS score", {regions} AS Region,
        DATE '2025-01-01' + CAST(i * 365 // {rows} AS INTEGER) AS Date,
        'c' || (HASH(i * 3) % {rows // 4}) AS "Customer ID", CAST(HASH(i * 11) % 5 + 1 AS INTEGER)
        AS "Satisfaction answer", HASH(i * 13) % 10 = 0 AS Complained FROM range({rows}) t(i)) TO '{path}'"""
    )


def _query(relation: str, quote: str = '"') -> str:
    """Return the query for ten figures of each month, and of each region and month."""
    cells = (
        "'NPS score' AS score, 'Satisfaction answer' AS answer, Complained AS complained, "
        "'Customer ID' AS id, Date AS day, Region AS region, YEAR(Date) * 100 + MONTH(Date) AS month"
    ).replace("'", quote)
    groups = "GROUP BY GROUPING SETS ((month), (region, month))"
    return f"SELECT region, month, {_FIGURES} FROM (SELECT {cells} FROM {relation}) AS r {groups}"


def _by_hand(path: Path) -> Any:
    import duckdb

    return duckdb.sql(_query(f"read_parquet('{path}')")).fetchall()


def _polars(path: Path) -> Any:
    import polars as pl

    score, answer = pl.col("NPS score"), pl.col("Satisfaction answer")
    figures = [
        *(
            score.count().alias("n"),
            (score >= 9).sum().alias("promoters"),
            (score <= 6).sum().alias("detractors"),
        ),
        *(answer.count().alias("answers"), (answer >= 4).sum().alias("satisfied"), answer.sum().alias("sum")),
        *(pl.col("Complained").count().alias("asked"), pl.col("Complained").sum().alias("complained")),
        *(pl.col("Customer ID").n_unique().alias("customers"), pl.col("Date").min().alias("first")),
    ]
    rows = pl.scan_parquet(path).with_columns(pl.col("Date").dt.truncate("1mo").alias("month"))
    return [rows.group_by(keys).agg(figures).collect() for keys in (["month"], ["Region", "month"])]


def _pandas(path: Path) -> Any:
    import pandas as pd

    rows = pd.read_parquet(path)
    rows["month"] = pd.to_datetime(rows["Date"]).dt.to_period("M")
    rows["promoter"], rows["detractor"] = rows["NPS score"] >= 9, rows["NPS score"] <= 6
    rows["satisfied"] = rows["Satisfaction answer"] >= 4
    figures = {
        "NPS score": "count", "promoter": "sum", "detractor": "sum", "Satisfaction answer": ["count", "sum"],
        "satisfied": "sum", "Complained": ["count", "sum"], "Customer ID": "nunique", "Date": "min",
    }  # fmt: skip
    return [rows.groupby(keys).agg(figures) for keys in (["month"], ["Region", "month"])]


def _seconds(call: Callable[[], object]) -> float:
    """Return the least processor time of three calls."""
    times = []
    for _ in range(3):
        start = process_time()
        call()
        times.append(process_time() - start)
    return min(times)


def _in_spark(folder: Path, catalog: Any) -> Iterator[Row]:
    """Yield the processor time of Java and of Python together; a session and its first queries are apart."""
    from pyspark.sql import SparkSession

    settings = {"spark.driver.memory": "2g", "spark.sql.shuffle.partitions": "2", "spark.ui.enabled": "false"}
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    java = Path(f"/proc/{session.sparkContext._gateway.proc.pid}/stat")

    def spent() -> float:
        ticks = java.read_text().rpartition(")")[2].split()[11:13]
        return process_time() + sum(map(int, ticks)) / sysconf("SC_CLK_TCK")

    def seconds(call: Callable[[], object]) -> float:
        times = []
        for _ in range(2):
            start = spent()
            call()
            times.append(spent() - start)
        return min(times)

    for count in _ROWS_OF_SPARK:
        path = folder / f"{count}.parquet"
        _made(path, count)
        frame = session.read.parquet(str(path))
        ours = seconds(lambda frame=frame: evaluate(frame, metrics=catalog, by="Region", period="month"))  # type: ignore[misc]
        query = _query(f"parquet.`{path}`", "`")
        peer = seconds(lambda query=query: session.sql(query).collect())  # type: ignore[misc]
        yield plain(
            f"scorecard of {count:,} rows of Parquet in Spark", ours, peer, "SQL by hand, ten figures"
        )
    session.stop()


def rows() -> Iterator[Row]:
    """Yield the processor time of a whole scorecard against ten figures got in other ways."""
    catalog = load_catalog("builtin")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.parquet"
        _made(path, _ROWS)
        ours = _seconds(lambda: evaluate(path, metrics=catalog, by="Region", period="month"))
        for name, call in (("SQL by hand", _by_hand), ("polars", _polars), ("pandas", _pandas)):
            peer = _seconds(lambda call=call: call(path))  # type: ignore[misc]
            yield plain(f"scorecard of {_ROWS:,} rows of Parquet", ours, peer, f"{name}, ten figures")
        with suppress(ImportError):  # Spark has an environment of its own
            yield from _in_spark(Path(folder), catalog)
