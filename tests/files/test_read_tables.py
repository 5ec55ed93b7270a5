"""Tables of other libraries and of none: each is read, or refused in words."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from metricsheet import UsageError
from metricsheet.api import evaluate
from metricsheet.files.frames import is_table, read_frame

ROOT = Path(__file__).parents[2]
COLUMNS: dict[str, list[Any]] = {
    "Region": ["EU", "EU", "US", None],
    "NPS score": [10, 9, None, 3],
    "Date": [dt.date(2024, 1, 5), dt.date(2024, 1, 31), dt.date(2024, 2, 1), None],
}


class Series:
    """A column as polars has it."""

    def __init__(self, name: str, values: list[Any]) -> None:
        self.name, self.values = name, values

    def to_list(self) -> list[Any]:
        return self.values

    def to_frame(self) -> Frame:
        return Frame({self.name: self.values})


class Frame:
    """A frame as polars has it: columns by a method, no index."""

    def __init__(self, columns: dict[str, list[Any]]) -> None:
        self.held = [Series(name, values) for name, values in columns.items()]

    def get_columns(self) -> list[Series]:
        return self.held


class Array:
    """A column as Arrow has it."""

    def __init__(self, values: list[Any]) -> None:
        self.values = values

    def __arrow_c_array__(self, requested_schema: object = None) -> object: ...

    def to_pylist(self) -> list[Any]:
        return self.values


class Stream:
    """Anything that hands its rows over through the Arrow interface, and in no other way."""

    def __init__(self, columns: dict[str, list[Any]]) -> None:
        self.columns = columns

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


class ArrowError(Exception):
    """What pyarrow raises."""


def pyarrow_of(source: Stream) -> SimpleNamespace:
    if not isinstance(source, Stream):
        raise ArrowError("not a struct\nof columns")
    return SimpleNamespace(
        column_names=list(source.columns), columns=[Array(values) for values in source.columns.values()]
    )


@pytest.fixture
def pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    module = SimpleNamespace(table=pyarrow_of, ArrowException=ArrowError)
    monkeypatch.setitem(sys.modules, "pyarrow", module)


READ: dict[str, Callable[[], Any]] = {
    "pandas": lambda: pd.DataFrame(COLUMNS, dtype=object),
    "lists by header": lambda: COLUMNS,
    "tuples by header": lambda: {name: tuple(values) for name, values in COLUMNS.items()},
    "pandas series by header": lambda: {n: pd.Series(v, dtype=object) for n, v in COLUMNS.items()},
    "polars": lambda: Frame(COLUMNS),
    "polars series by header": lambda: {name: Series(name, values) for name, values in COLUMNS.items()},
    "arrow arrays by header": lambda: {name: Array(values) for name, values in COLUMNS.items()},
    "arrow stream": lambda: Stream(COLUMNS),
}


@pytest.mark.parametrize("kind", READ)
@pytest.mark.usefixtures("pyarrow")
def test_every_kind_of_table_gives_the_same_book(kind: str) -> None:
    table = READ[kind]()
    assert is_table(table)
    expected = [list(COLUMNS), *map(list, zip(*COLUMNS.values(), strict=True))]
    assert read_frame(table, "t").sheets[0].rows == expected


@pytest.mark.parametrize("kind", READ)
@pytest.mark.usefixtures("pyarrow")
def test_every_kind_of_table_gives_the_same_answer(kind: str) -> None:
    card = evaluate(READ[kind](), metrics=ROOT / "metrics.yaml", only="nps", by="Region")
    found = {tuple(r.slice.values()): r.value for r in card.results}
    assert found == {(): pytest.approx(100 / 3), ("EU",): 100.0, ("US",): None}


@pytest.mark.parametrize("series", [pd.Series([10, 9, 3], name="NPS score"), Series("NPS score", [10, 9, 3])])
def test_a_series_is_a_table_of_one_column(series: Any) -> None:
    card = evaluate(series, metrics=ROOT / "metrics.yaml", only="nps")
    assert [r.value for r in card.results] == [pytest.approx(100 / 3)]


def test_two_columns_of_one_name_stay_two() -> None:
    table = SimpleNamespace(get_columns=lambda: [Series("a", [1]), Series("a", [2])])
    assert read_frame(table, "t").sheets[0].rows == [["a", "a"], [1, 2]]


def test_tables_by_name_and_several_tables() -> None:
    small = {"NPS score": [10, 9]}
    named = evaluate({"q1": small, "q2": pd.DataFrame(small)}, metrics=ROOT / "metrics.yaml", only="nps")
    assert [(r.source, r.value) for r in named.results] == [("q1", 100.0), ("q2", 100.0)]
    listed = evaluate([small, Frame(small)], metrics=ROOT / "metrics.yaml", only="nps")
    assert [(r.source, r.value) for r in listed.results] == [("data 1", 100.0), ("data 2", 100.0)]


def test_paths_may_come_from_a_generator(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text("NPS score\n10\n", encoding="utf-8")
    card = evaluate(sorted(tmp_path.glob("*.csv")).__iter__(), metrics=ROOT / "metrics.yaml", only="nps")
    assert [Path(r.source).name for r in card.results] == ["a.csv", "b.csv"]


class Lazy:
    def collect(self) -> None: ...


class Spark:
    def toPandas(self) -> None: ...


REFUSED: dict[str, tuple[Any, str, str]] = {
    "nothing": (None, "NoneType is neither a path nor a table", "columns by header"),
    "a number": (3, "int is neither", "columns by header"),
    "numbers": ([10, 9], "int is neither", "columns by header"),
    "rows": ([{"NPS score": 10}, {"NPS score": 9}], "'NPS score' is neither", "as lists"),
    "single values": ({"NPS score": 10}, "'NPS score' is neither", "as lists"),
    "unequal columns": ({"a": [1], "b": [1, 2]}, "'a' has 1, 'b' has 2", ""),
    "a table and a column": ({"a": pd.DataFrame(), "b": [1]}, "list is neither", "columns by header"),
    "a series without a name": (pd.Series([1]), "without a name has no header", "name it"),
    "a lazy frame": (Lazy(), "Lazy is neither", ".collect()"),
    "a frame of Spark": (Spark(), "Spark is neither", ".toPandas()"),
    "an Arrow column": (Array([1]), "Array is not a table: not a struct", ""),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.usefixtures("pyarrow")
def test_what_is_no_table_is_refused_in_words(case: str) -> None:
    source, said, hint = REFUSED[case]
    with pytest.raises(UsageError, match=said) as raised:
        evaluate(source, metrics=ROOT / "metrics.yaml", only="nps")
    assert hint in str(raised.value.hint or "")


def test_an_open_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("NPS score\n10\n", encoding="utf-8")
    with path.open() as stream, pytest.raises(UsageError) as raised:
        evaluate(stream, metrics=ROOT / "metrics.yaml")
    assert str(raised.value.hint) == "pass the path of the file"


def test_without_pyarrow_its_absence_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match="is read with pyarrow, which is not installed") as raised:
        read_frame(Stream(COLUMNS), "t")
    assert "install pyarrow" in str(raised.value.hint or "")


def test_real_polars_and_arrow() -> None:
    polars = pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    expected = read_frame(COLUMNS, "t").sheets[0].rows
    frame, table = polars.DataFrame(COLUMNS), pyarrow.table(COLUMNS)
    for source in (frame, table, table.to_batches()[0], table.to_reader()):
        assert read_frame(source, "t").sheets[0].rows == expected
