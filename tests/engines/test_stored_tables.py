"""Parquet files, databases and frames where they are: the scorecard of the same cells read one by one."""

from __future__ import annotations

import csv
import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pandas as pd
import pytest

import metricsheet
from metricsheet.engines.sql.database import Database
from metricsheet.errors import UsageError
from metricsheet.files.read import read_book
from metricsheet.tables.regions import find_regions
from tests.engines.stored_tables import ASKS, CATALOG, Columns, card, days, differences, random_table
from tests.stages import in_deep, seeds, some

EXAMPLE = Path(__file__).parents[2] / "examples" / "acme_lifecycle.xlsx"
RNG = Random(7)
ANSWERS: Columns = {
    "NPS score": [RNG.choice([0, 3, 6, 7, 8, 9, 10, None]) for _ in range(80)],
    "Segment": [RNG.choice(["EU", "US", "eu "]) for _ in range(80)],
    "Date": days(RNG, 80),
    "Customer ID": [f"c{n % 60}" for n in range(80)],
}


def parquet(columns: Columns, path: Path) -> str:
    """Write a table as Parquet, each column as DuckDB takes its values; return the path."""
    frame = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})
    connection = duckdb.connect()
    kinds = ", ".join(f'"{name}" {kind_of(cells)}' for name, cells in columns.items())
    connection.execute(f"CREATE TABLE cells ({kinds})")
    if len(frame):
        connection.executemany(
            f"INSERT INTO cells VALUES ({', '.join('?' * len(columns))})", frame.values.tolist()
        )
    connection.execute(f"COPY cells TO '{path}' (FORMAT parquet)")
    return str(path)


def kind_of(cells: list[Any]) -> str:
    """Return the type of a column by its first filled cell."""
    first = next((cell for cell in cells if cell is not None), None)
    kinds = {bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE", dt.date: "DATE", dt.datetime: "TIMESTAMP"}
    if isinstance(first, dt.datetime) and first.tzinfo is not None:
        return "TIMESTAMPTZ"
    if isinstance(first, list):
        return "BIGINT[]"
    return "DECIMAL(12, 2)" if isinstance(first, Decimal) else kinds.get(type(first), "VARCHAR")


@pytest.mark.parametrize("seed", seeds(200, 1))
def test_random_tables_give_the_same_scorecard(seed: int, tmp_path: Path) -> None:
    table = random_table(Random(seed))
    path = parquet(table, tmp_path / "data.parquet")
    for ask in ASKS:
        assert differences(card({"SOURCE": table}, **ask), "SOURCE", card(path, **ask), path) == [], ask


def written(columns: Columns, path: Path) -> str:
    """Write a table as CSV; return the path."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(columns)
        rows.writerows(
            ["" if cell != cell else cell for cell in row] for row in zip(*columns.values(), strict=True)
        )
    return str(path)


@in_deep
@pytest.mark.parametrize("seed", seeds(30))
def test_random_csv_files_give_the_same_scorecard(seed: int, tmp_path: Path) -> None:
    path = written(random_table(Random(seed)), tmp_path / "data.csv")
    for ask in ASKS:
        found = card(path, **ask), card(path, engine="duckdb", **ask)
        assert differences(found[0], path, found[1], path) == [], ask


CSV = "Segment;NPS score;Date;Total revenue\n" + "EU;9;2025-03-01;1.234,5\nUS;;2025-04-01;\n" * 20
SAME = {
    "plain": CSV.encode(),
    "mark": b"\xef\xbb\xbf" + CSV.encode(),
    "lines": CSV.replace("\n", "\r\n").encode(),
    "tabs": CSV.replace(";", "\t").encode(),
    "quotes": (CSV + '"a ""b"";";9;2025-01-01;"1\n2"\n').encode(),
    "blank rows": (CSV + "\nEU;9;2025-03-01;7,5\n\n").encode(),
}
IRREGULAR = {
    "title": b"Report of 2025\n\n" + CSV.encode(),
    "comment": b"# made by a program\n" + CSV.encode(),
    "separator": b"sep=;\n" + CSV.encode(),
    "wide": (CSV + "EU;9;2025-01-01;5;6\n").encode(),
    "short": (CSV + "EU;9\n").encode(),
    "latin": (CSV + "Süd;9;2025-01-01;5\n").encode("latin-1"),
    "utf-16": CSV.encode("utf-16"),
    "open quote": (CSV + '"EU;9;2025-01-01;5\n').encode(),
    "same names": CSV.replace("Date", "Segment", 1).encode(),
    "no name": CSV.replace("Date", "", 1).encode(),
    "one column": b"NPS score\n9\n10\n",
    "nothing": b"",
}


@pytest.mark.parametrize("name", [*SAME, *IRREGULAR])
def test_a_csv_file_is_read_as_it_is_or_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes({**SAME, **IRREGULAR}[name])
    found = card(str(path), engine="duckdb", by="Segment", period="month")
    if name in SAME:
        one = card(str(path), by="Segment", period="month")
        assert differences(one, str(path), found, str(path)) == []
    else:
        [problem] = [one for one in found.problems if one.fatal]
        assert problem.code in ("irregular_text", "query_failed")
        assert str(problem.hint) == "--engine python reads all rows"


def of_one_kind(cells: list[Any]) -> list[Any]:
    """Return cells as a database holds them: all as texts where one is a text."""
    texts = any(isinstance(cell, str) for cell in cells)
    return [str(cell) if texts and cell is not None else cell for cell in cells]


def tables_of_the_example() -> dict[str, Columns]:
    found = {}
    for sheet in read_book(EXAMPLE).sheets:
        for region in find_regions(sheet):
            if region.kind == "table" and region.bottom > region.top:
                columns = [of_one_kind(list(column)) for column in region.columns]
                found[sheet.name] = dict(zip(region.headers, columns, strict=True))
    return found


@in_deep
@pytest.mark.parametrize("ask", [{}, {"period": "quarter"}, {"by": "Segment"}], ids=str)
def test_the_example_gives_the_same_scorecard(ask: dict[str, Any], tmp_path: Path) -> None:
    for name, table in tables_of_the_example().items():
        path = parquet(table, tmp_path / f"{len(name)}.parquet")
        assert differences(card({"SOURCE": table}, **ask), "SOURCE", card(path, **ask), path) == [], name


ASKED: list[dict[str, Any]] = [
    {"where": 'Segment = "eu"'},
    {"where": ["[NPS score] >= 7", 'Date < "2025-05-01"'], "period": "month"},
    {"since": "2025-04-01", "until": "2025-06-15", "by": "Segment"},
    {"by": ["Segment", "Customer ID"]},
    {"by": "Nothing"},
    {"where": "Nothing = 1"},
    {"limits": {"slices": 1}, "by": "Segment"},
    {"settings": {"referral_uplift": "16%"}},
    {"read": {"scale.recommend_score": "0..10"}},
    {"mapping": {"satisfaction_score": "NPS score"}},
]


@pytest.mark.parametrize("ask", some(ASKED, test=2), ids=str)
def test_options_mean_the_same(ask: dict[str, Any], tmp_path: Path) -> None:
    path = parquet(ANSWERS, tmp_path / "answers.parquet")
    assert differences(card({"SOURCE": ANSWERS}, **ask), "SOURCE", card(path, **ask), path) == []


@pytest.mark.parametrize("kind", ["pandas", "polars", "arrow"])
def test_frames_are_left_where_they_are(kind: str) -> None:
    frame: Any = pd.DataFrame(ANSWERS | {"Date": pd.to_datetime(pd.Series(ANSWERS["Date"]))})
    if kind != "pandas":
        frame = pytest.importorskip("polars" if kind == "polars" else "pyarrow")
        frame = frame.DataFrame(ANSWERS) if kind == "polars" else frame.table(ANSWERS)
    for ask in ASKS[-1:]:
        ones = card({"data": frame}, engine="python", **ask), card({"data": frame}, engine="duckdb", **ask)
        assert differences(ones[0], "data", ones[1], "data") == [], ask


def test_a_csv_file_and_parquet_give_the_same_figures(tmp_path: Path) -> None:
    path = parquet(ANSWERS, tmp_path / "answers.parquet")
    duckdb.sql(f"COPY (FROM '{path}') TO '{tmp_path / 'answers.csv'}'")
    asked = {"by": "Segment", "period": "month"}
    one, other = card(str(tmp_path / "answers.csv"), **asked), card(path, **asked)
    assert differences(one, str(tmp_path / "answers.csv"), other, path) == []
    assert sum(result.value is not None for result in other.results) > 20


def test_folders_patterns_and_databases(tmp_path: Path) -> None:
    path = parquet(ANSWERS, tmp_path / "answers.parquet")
    wanted = {r.metric: r.value for r in card(path).results}
    folder = tmp_path / "by year [1]"
    by_year = f"COPY (SELECT *, YEAR(Date) AS year FROM '{path}') TO '{folder}'"
    duckdb.sql(f"{by_year} (FORMAT parquet, PARTITION_BY (year))")
    with duckdb.connect(str(tmp_path / "all.duckdb")) as made:
        made.execute(f"CREATE TABLE answers AS FROM '{path}'")
        made.execute(
            "CREATE TABLE spend AS SELECT 170141183460469231731687303715884105::HUGEINT AS Impressions"
        )
    (tmp_path / "a[1].parquet").write_bytes(Path(path).read_bytes())
    for source in (folder, tmp_path / "answ*.parquet", tmp_path / "all.duckdb", tmp_path / "a[1].parquet"):
        found = {r.metric: r.value for r in card(str(source)).results}
        assert found["nps"] == wanted["nps"], source
    assert found["impressions_total"] is None
    both = {r.metric: r.value for r in card(str(tmp_path / "all.duckdb"), engine="python").results}
    assert both["impressions_total"] == pytest.approx(1.7014118346046923e35)


def test_types_of_databases(tmp_path: Path) -> None:
    for kind in (
        "UTINYINT",
        "USMALLINT",
        "UINTEGER",
        "UBIGINT",
        "HUGEINT",
        "DECIMAL(9,3)",
        "FLOAT",
        "DOUBLE",
    ):
        path = tmp_path / f"{len(kind)}.parquet"
        rows = f"SELECT n::{kind} AS Revenue, DATE '2025-01-31' + n::INT AS Date FROM range(9) t(n)"
        duckdb.sql(f"COPY ({rows}) TO '{path}'")
        assert {r.metric: r.value for r in card(str(path)).results}["revenue_total"] == 36.0, kind


def test_not_a_number_is_blank_and_infinity_is_an_error(tmp_path: Path) -> None:
    table: Columns = {
        "Total revenue": [1.0, float("nan"), None, 4.0],
        "Impressions": [1.0, 2.0, float("inf"), 4.0],
    }
    found = {r.metric: r for r in card(parquet(table, tmp_path / "odd.parquet")).results}
    assert found["revenue_total"].value == 5.0
    assert [(use.used, use.blank) for use in found["revenue_total"].inputs] == [(2, 2)]
    assert (found["impressions_total"].error, found["impressions_total"].value) == ("#NUM!", None)


def test_a_mean_over_days_leaves_out_rows_without_a_date(tmp_path: Path) -> None:
    days = [dt.date(2025, 3, 14), dt.date(2025, 3, 4), None]
    table: Columns = {"Date": days, "Monthly churn rate": [0.1, 0.2, 0.9], "Segment": ["EU", "US", "EU"]}
    path = parquet(table, tmp_path / "data.parquet")
    ask = {"only": "annual_churn"}
    assert differences(card({"SOURCE": table}, **ask), "SOURCE", card(path, **ask), path) == []
    assert card(path, **ask).results[0].value == pytest.approx(1 - 0.85**12)


@in_deep
def test_many_different_values(tmp_path: Path) -> None:
    rows = 110_000
    path = tmp_path / "many.parquet"
    columns = (
        "n * 0.5 AS Revenue, 'K' || n // 2 AS \"Customer ID\", ['EU', 'US'][n % 2 + 1] AS Segment, "
        "'text ' || n AS Impressions, DATE '2025-01-01' + (n % 300)::INT AS Date"
    )
    duckdb.sql(f"COPY (SELECT {columns} FROM range({rows}) t(n)) TO '{path}'")
    mapped = {"customer_id": "Customer ID", "impressions": "Impressions", "revenue": "Revenue"}
    found = {
        (r.metric, r.slice.get("Segment")): r for r in card(str(path), by="Segment", mapping=mapped).results
    }
    assert found["revenue_total", None].value == pytest.approx(0.5 * rows * (rows - 1) / 2)
    assert found["customer_count", "EU"].value == rows // 2
    assert "more than 100,000 different texts" in str(found["impressions_total", None].why)


BAD = {
    "nothing.parquet": "no such file",
    "no*.parquet": "no such file",
    "nothing.duckdb": "no such file",
    "broken.parquet": "the query failed",
    "broken.duckdb": "the query failed",
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_a_problem(name: str, tmp_path: Path) -> None:
    if name.startswith("broken"):
        (tmp_path / name).write_bytes(b"PAR1 and nothing else")
    found = card([str(tmp_path / name), {"NPS score": [9, 10]}])
    assert [BAD[name] in str(problem.message) for problem in found.problems if problem.fatal] == [True]
    assert any(result.value == 100.0 for result in found.results)


def test_totals_among_the_rows_are_asked_about(tmp_path: Path) -> None:
    rows = 3_000
    table: Columns = {"Segment": [*["EU"] * rows, "Total"], "Impressions": [*[1.0] * rows, float(rows)]}
    path = parquet(table, tmp_path / "totals.parquet")
    asked = [str(problem.message) for problem in card(path).problems if problem.fatal]
    assert asked == ["a row of column 'Segment' is 'Total': a total among the rows it adds up"]
    kept = card(path, read={"totals": "keep"}, where='Segment <> "Total"', only="impressions_total")
    assert [result.value for result in kept.results] == [rows]


def test_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = parquet(ANSWERS, tmp_path / "answers.parquet")
    for asked, said in (
        ({"pool": True}, "cannot be pooled"),
        ({"by": "region=file:(a)"}, "one table: the names of its files"),
        ({"engine": "spark"}, "is one of auto, python, duckdb"),
    ):
        with pytest.raises(UsageError, match=said):
            metricsheet.evaluate(path, metrics=CATALOG, **asked)
    with pytest.raises(UsageError, match="cannot read"):
        metricsheet.evaluate({"NPS score": [9]}, metrics=CATALOG, engine="duckdb")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UsageError, match="DuckDB, which is not installed") as error:
        metricsheet.evaluate(path, metrics=CATALOG)
    assert str(error.value.hint) == "pip install 'metricsheet[scale]'"


def test_spark_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    found = card(["spark:shop.answers", {"NPS score": [9]}], only="nps")
    told = [(p.source, p.code, str(p.hint)) for p in found.problems if p.fatal]
    assert told == [("shop.answers", "needs_spark", "pip install 'metricsheet[spark]'")]
    assert [result.value for result in found.results] == [100.0]


def test_memory_has_a_limit_and_a_place_to_spill(tmp_path: Path) -> None:
    found = Database(mb=200, spill=str(tmp_path)).run(
        "SELECT current_setting('memory_limit'), current_setting('temp_directory')"
    )
    [(limit, folder)] = found
    assert (limit, Path(folder).parent) == ("71.5 MiB", tmp_path)
    assert not list(tmp_path.iterdir()), "made when something is written"
