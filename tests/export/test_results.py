"""Results as tidy tables: what is in them, what a second run changes, and that nothing is half-written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from metricsheet.api import evaluate
from metricsheet.cli.main import main
from metricsheet.export.results import stores
from metricsheet.export.results.tables import TABLES, Table
from tests.command_line import ROOT, SHIPPED

HEAD = "Date,Region,NPS score\n"
FIRST = ["2024-01-05,EU,10", "2024-01-09,US,3", "2024-01-15,EU,9", "2024-02-03,EU,3", "2024-02-07,US,8"]
LATER = ["2024-02-03,EU,3", "2024-02-07,US,9", "2024-03-01,EU,10", "2024-03-08,US,10"]
ONLY = ("--only", "nps,csat", *SHIPPED)

Rows = dict[str, list[tuple[Any, ...]]]


def written(folder: Path, name: str, lines: list[str]) -> str:
    (folder / name).write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return name


def export(*words: str, code: int = 0) -> None:
    assert main(["export", "results", *words, *ONLY, "-q"]) == code


def parquet_rows(target: str) -> Rows:
    from pyarrow import parquet

    return {
        table.name: [tuple(row.values()) for row in parquet.read_table(f"{target}/{table.name}").to_pylist()]
        for table in TABLES
        if any(Path(target, table.name).iterdir())
    }


def duckdb_rows(target: str) -> Rows:
    import duckdb

    with duckdb.connect(target, read_only=True) as found:
        return {table.name: found.execute(f"FROM {table.name}").fetchall() for table in TABLES}


def postgresql_rows(target: str) -> Rows:
    import psycopg

    address, _, schema = target.partition("#")
    with psycopg.connect(address) as found:
        return {
            table.name: found.execute(f'SELECT * FROM "{schema}".{table.name}').fetchall()  # type: ignore[arg-type]
            for table in TABLES
        }


READERS: dict[str, Callable[[str], Rows]] = {
    "parquet": parquet_rows,
    "duckdb": duckdb_rows,
    "postgresql": postgresql_rows,
}


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    from tests.servers.programs import postgresql

    with postgresql() as found:
        yield found


@pytest.fixture(
    params=["parquet", "duckdb", pytest.param("postgresql", marks=pytest.mark.servers)],
)
def to(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """A form and a place for it, in an empty working folder."""
    monkeypatch.chdir(tmp_path)
    if request.param != "postgresql":
        return request.param, {"parquet": "kpis", "duckdb": "kpis.duckdb"}[request.param]
    server, schema = request.getfixturevalue("server"), f"run {abs(hash(request.node.name))}%"
    server.run(f'CREATE SCHEMA "{schema}"')
    return "postgresql", server.address(schema)


def keyed(rows: Rows, table: Table) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return rows by their keys, of which no two may be alike."""
    found = {row[: table.keys]: dict(zip(table.columns, row, strict=True)) for row in rows[table.name]}
    assert len(found) == len(rows[table.name])
    return found


def test_tables_say_what_the_scorecard_says(to: tuple[str, str], tmp_path: Path) -> None:
    form, target = to
    name = written(tmp_path, "a.csv", FIRST)
    export(name, "--by", "Region", "--period", "month", "--to", form, "-o", target)
    rows = READERS[form](target)
    results, findings, history, definitions = (keyed(rows, table) for table in TABLES)
    card = evaluate(name, by="Region", period="month", only=["nps", "csat"], metrics=SHIPPED[1])
    expected = {(r.source, r.metric, json.dumps(dict(r.slice)), r.period or ""): r for r in card.results}
    assert results.keys() == expected.keys()
    for key, r in expected.items():
        found = results[key]
        assert (found["value"], found["n"], found["status"], found["reason"] or "") == (
            *(r.value, r.n, r.status),
            r.reason,
        )
        assert (found["interval_low"], found["interval_high"]) == (r.interval or (None, None))
        if r.period:
            assert (f"{found['first_day']:%Y-%m}", f"{found['last_day']:%Y-%m}") == (r.period, r.period)
    assert {key: row["value"] for key, row in history.items()} == {
        key: r.value for key, r in expected.items() if r.value is not None
    }
    assert len(findings) == len(card.findings) > 0
    nps = definitions["nps",]
    nps_label = "More detractors than promoters"
    assert json.loads(nps["bands"])[0] == {"status": "critical", "when": "below 0", "label": nps_label}
    assert definitions.keys() >= {(key[1],) for key in results}


def test_again_changes_nothing_and_a_new_period_is_added(to: tuple[str, str], tmp_path: Path) -> None:
    form, target = to
    for name in ("a.csv", "b.csv"):
        written(tmp_path, name, FIRST)
    every = ("--period", "month", "--to", form, "-o", target)
    export("a.csv", "b.csv", *every)
    before = READERS[form](target)
    export("a.csv", "b.csv", *every)
    after = READERS[form](target)
    assert {name: sorted(map(repr, rows)) for name, rows in before.items()} == {
        name: sorted(map(repr, rows)) for name, rows in after.items()
    }
    written(tmp_path, "a.csv", LATER)
    export("a.csv", *every)
    results, _, history, _ = (keyed(READERS[form](target), table) for table in TABLES)
    periods = {
        source: {key[3] for key in results if key[:2] == (source, "nps")} for source in ("a.csv", "b.csv")
    }
    assert periods == {"a.csv": {"2024-02", "2024-03"}, "b.csv": {"2024-01", "2024-02"}}
    kept = {key[3]: row["value"] for key, row in history.items() if key[:2] == ("a.csv", "nps")}
    # January as it was; February by its new rows: one promoter of two, one detractor
    assert kept == pytest.approx({"2024-01": 100 / 3, "2024-02": 0.0, "2024-03": 100.0})


def test_a_source_that_cannot_be_read_keeps_its_rows(to: tuple[str, str], tmp_path: Path) -> None:
    form, target = to
    for name in ("a.csv", "b.csv"):
        written(tmp_path, name, FIRST)
    export("a.csv", "b.csv", "--to", form, "-o", target)
    (tmp_path / "a.csv").unlink()
    written(tmp_path, "b.csv", LATER)
    export("a.csv", "b.csv", "--to", form, "-o", target, code=3)
    results, _, history, _ = (keyed(READERS[form](target), table) for table in TABLES)
    assert {key[3] for key in results} == {""}
    # without periods a value is filed under the newest day
    assert {(key[0], key[3]) for key in history} == {
        *(("a.csv", "2024-02-07"), ("b.csv", "2024-02-07")),
        ("b.csv", "2024-03-08"),
    }


def test_what_fails_in_the_middle_leaves_nothing(
    to: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, target = to
    export(written(tmp_path, "a.csv", FIRST), "--to", form, "-o", target)
    before = READERS[form](target)
    written(tmp_path, "a.csv", LATER)

    def fails(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(stores._Files, "_kept", fails)
    monkeypatch.setattr(stores._Tables, "define", fails)
    assert main(["export", "results", "a.csv", *ONLY, "--to", form, "-o", target]) == 3
    assert READERS[form](target) == before


BAD: list[tuple[list[str], int, str]] = [
    (["a.csv", "--to", "duckdb"], 2, "name with -o where the tables go"),
    (["a.csv", "--to", "duckdb", "-o", "a.csv"], 2, "a.csv was read as input"),
    ([".", "--to", "parquet", "-o", "kpis"], 2, "kpis was read as input"),
    (["a.csv", "--to", "duckdb", "-o", "no/k.duckdb"], 3, "cannot write no/k.duckdb"),
    (["a.csv", "--to", "duckdb", "-o", "theirs.duckdb"], 3, "not a valid DuckDB database"),
    (["a.csv", "--to", "parquet", "-o", "theirs.duckdb"], 3, "cannot make the folder"),
    (["a.csv", "--to", "postgresql", "-o", "nonsense"], 3, "the address of the database cannot be read"),
    (["a.csv", "--to", "parquet", "-o", "kpis", "--until", "x"], 2, "--until takes a date"),
]


@pytest.mark.parametrize(("words", "code", "said"), BAD, ids=[" ".join(words) for words, _, _ in BAD])
def test_what_cannot_be_written_is_said(
    words: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "a.csv", FIRST)
    (tmp_path / "theirs.duckdb").write_text("hello", encoding="utf-8")
    export(*words, code=code)
    assert said in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) in (["a.csv", "theirs.duckdb"],) or "kpis" in words
    assert (tmp_path / "theirs.duckdb").read_text(encoding="utf-8") == "hello"


@pytest.mark.parametrize("library", ["pyarrow", "duckdb", "psycopg"])
def test_a_missing_library_is_named_with_the_command(
    library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import sys

    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, library, None)
    for name in [name for name in sys.modules if name.startswith(f"{library}.")]:
        monkeypatch.setitem(sys.modules, name, None)
    form, extra = {
        "pyarrow": ("parquet", "fast"),
        "duckdb": ("duckdb", "scale"),
        "psycopg": ("postgresql", "sql"),
    }[library]
    place = "postgresql://" if form == "postgresql" else "k"
    export(written(tmp_path, "a.csv", FIRST), "--to", form, "-o", place, code=2)
    assert f"pip install 'metricsheet[{extra}]'" in capsys.readouterr().err


def test_the_scripts_for_power_bi_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas as pd

    page = (ROOT / "docs" / "bi.md").read_text(encoding="utf-8")
    source, step = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    dataset = pd.read_csv(tmp_path / written(tmp_path, "survey.csv", FIRST))
    names: dict[str, Any] = {}
    exec(compile(source.replace("survey.xlsx", "survey.csv"), "bi.md", "exec"), names)
    given: dict[str, Any] = {"dataset": dataset}
    exec(compile(step, "bi.md", "exec"), given)
    for results in (names["results"], given["results"]):
        nps = results[(results["metric"] == "nps") & results["Region"].isna()]
        assert dict(zip(nps["period"], nps["value"], strict=True)) == pytest.approx(
            {"2024-01": 100 / 3, "2024-02": -50.0}
        )
    assert len(names["findings"])
