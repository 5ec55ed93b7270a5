"""A Parquet file where it is: a scorecard by segment and month against SQL by hand, polars and pandas."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.measure import Row, plain
from metricsheet import evaluate
from metricsheet.api import load_catalog

_ROWS = 1_000_000
_FIGURES = """COUNT(score), COUNT_IF(score >= 9), COUNT_IF(score <= 6), COUNT(answer), COUNT_IF(answer >= 4),
    SUM(answer), COUNT(complained), COUNT_IF(complained), COUNT(DISTINCT id), MIN(day)"""


def _made(path: Path) -> None:
    import duckdb

    regions = (
        "['EU', 'US', 'APAC', 'LATAM', 'MEA', 'UK', 'DACH', 'Nordics'][1 + CAST(HASH(i * 7) % 8 AS INTEGER)]"
    )
    duckdb.sql(
        f"""COPY (SELECT CAST(HASH(i) % 11 AS INTEGER) AS "NPS score", {regions} AS Region,
        DATE '2025-01-01' + CAST(i * 365 // {_ROWS} AS INTEGER) AS Date,
        'c' || (HASH(i * 3) % {_ROWS // 4}) AS "Customer ID", CAST(HASH(i * 11) % 5 + 1 AS INTEGER)
        AS "Satisfaction answer", HASH(i * 13) % 10 = 0 AS Complained FROM range({_ROWS}) t(i)) TO '{path}'"""
    )


def _by_hand(path: Path) -> Any:
    """Return ten figures for each month, and for each region and month."""
    import duckdb

    cells = (
        '"NPS score" AS score, "Satisfaction answer" AS answer, Complained AS complained, '
        '"Customer ID" AS id, '
        "Date AS day, Region AS region, YEAR(Date) * 100 + MONTH(Date) AS month"
    )
    rows = f"(SELECT {cells} FROM read_parquet('{path}'))"
    groups = "GROUP BY GROUPING SETS ((month), (region, month))"
    return duckdb.sql(f"SELECT region, month, {_FIGURES} FROM {rows} {groups}").fetchall()


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


def rows() -> Iterator[Row]:
    """Yield the processor time of a whole scorecard against ten figures got in other ways."""
    catalog = load_catalog("builtin")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.parquet"
        _made(path)
        ours = _seconds(lambda: evaluate(path, metrics=catalog, by="Region", period="month"))
        for name, call in (("SQL by hand", _by_hand), ("polars", _polars), ("pandas", _pandas)):
            peer = _seconds(lambda call=call: call(path))  # type: ignore[misc]
            yield plain(f"scorecard of {_ROWS:,} rows of Parquet", ours, peer, f"{name}, ten figures")
