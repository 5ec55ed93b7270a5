"""Several files as one table."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from metricsheet.binding.bind import bind
from metricsheet.binding.pool import pool
from metricsheet.dataset import BoundInput, Dataset, DataTable
from metricsheet.files.book import Book, RawCell, Sheet
from metricsheet.language.message import Message
from tests.binding.binding_catalog import CATALOG

DAY = dt.date(2024, 1, 31)


def file(name: str, headers: list[str], *cells: list[RawCell], **more: object) -> Dataset:
    return bind(CATALOG, Book(name, (Sheet.of_rows("", [headers, *cells]),), **more))  # type: ignore[arg-type]


EMAIL = file("email.csv", ["Date", "Score", "Region"], [DAY, 9, "EU"], [DAY, 3, "US"], [DAY, 10, "EU"])
WEB = file("web.csv", ["NPS", "Date", "Device"], [10, DAY, "phone"], [0, DAY, "desk"])
COSTS = file("costs.csv", ["Month", "Marketing cost"], [DAY, 5.0], [DAY, 6.0])


def test_the_same_input_is_joined_in_the_order_of_the_files() -> None:
    pooled = pool([EMAIL, WEB])
    score = pooled.inputs["recommend_score"]
    assert list(score.cells) == [9, 3, 10, 10, 0]
    assert score.where == "email.csv!B2:B4; web.csv!A2:A3"
    assert score.first_cell == ""
    assert pooled.source == "email.csv + web.csv"


def test_rows_stay_side_by_side() -> None:
    pooled = pool([EMAIL, WEB])
    name = pooled.inputs["recommend_score"].table
    assert name is not None
    table = pooled.tables[name]
    assert table.rows == 5
    assert pooled.inputs["date"].table == name
    assert list(table.columns["file"]) == ["email.csv"] * 3 + ["web.csv"] * 2
    assert list(table.columns["Region"]) == ["EU", "US", "EU", None, None]
    assert list(table.columns["Device"]) == [None, None, None, "phone", "desk"]
    assert list(table.columns["Score"]) == [9, 3, 10, None, None]
    assert all(len(column) == 5 for column in table.columns.values())
    assert table.dates == [45322.0] * 5
    assert table.dates_where == "email.csv!A2:A4; web.csv!B2:B3"


def test_an_input_of_some_files_only_lacks_the_rows_of_the_others() -> None:
    pooled = pool([EMAIL, WEB, COSTS])
    *_, last = pooled.inputs["recommend_score"].parts
    assert (last.source, last.bound, last.rows) == ("costs.csv", None, 2)
    assert str(last.lacking) == "recommend_score is found in email.csv, web.csv but not in costs.csv"
    told = [p for p in pooled.problems if p.inputs == ("recommend_score",)]
    assert [p.code for p in told] == ["not_in_every_file"]


def test_an_input_of_no_file_keeps_its_reason() -> None:
    pooled = pool([EMAIL, WEB])
    assert pooled.refused["revenue"] == EMAIL.refused["revenue"]
    other = replace(
        WEB, refused={**WEB.refused, "revenue": Message("ambiguous", input="revenue", candidates="a or b")}
    )
    assert pool([EMAIL, other]).refused["revenue"] == other.refused["revenue"]


def test_problems_of_every_file_are_kept() -> None:
    bad = file("bad.csv", ["NPS"], [32.5], [40.1])
    pooled = pool([EMAIL, bad])
    assert any(p.code == "not_this_input" and p.source == "bad.csv" for p in pooled.problems)


def test_dates_in_some_files_only_order_nothing() -> None:
    undated = file("app.csv", ["Score"], [7], [8])
    pooled = pool([EMAIL, undated])
    table = pooled.tables[pooled.inputs["recommend_score"].table or ""]
    assert [(one.source, one.lacking is None) for one in table.dates_of] == [
        ("email.csv", True),
        ("app.csv", False),
    ]
    assert any(p.code == "no_date" and "app.csv" in str(p.message) for p in pooled.problems)


def test_inputs_apart_in_one_file_are_apart_in_the_pool() -> None:
    together = Dataset(
        "a",
        {"x": BoundInput("x", "a!A", [1.0], "t"), "y": BoundInput("y", "a!B", [2.0], "t")},
        {"t": DataTable("t", 1, {"X": [1.0], "Y": [2.0]})},
    )
    apart = Dataset(
        "b",
        {"x": BoundInput("x", "b!A", [3.0], "t"), "y": BoundInput("y", "b!B", [4.0], "u")},
        {"t": DataTable("t", 1, {"X": [3.0]}), "u": DataTable("u", 1, {"Y": [4.0]})},
    )
    pooled = pool([together, apart])
    assert pooled.inputs["x"].table != pooled.inputs["y"].table
    assert {name: table.rows for name, table in pooled.tables.items()} == {"t": 2, "t + u": 2}


def test_loose_cells_have_no_table() -> None:
    loose = Dataset("a", {"x": BoundInput("x", "a!A1", [1.0])})
    pooled = pool([loose, replace(loose, source="b")])
    assert (pooled.inputs["x"].cells, pooled.inputs["x"].table) == ([1.0, 1.0], None)


def test_one_file_and_none() -> None:
    assert pool([EMAIL]) is EMAIL
    assert pool([]).inputs == {}


def test_a_column_called_file_is_left_alone() -> None:
    one = file("a.csv", ["Score", "file"], [1, "x"], [2, "y"])
    pooled = pool([one, replace(one, source="b.csv")])
    assert list(pooled.tables["a.csv"].columns["file"]) == ["x", "y", "x", "y"]


def test_text_and_typed_files_are_not_text_only() -> None:
    text = file("t.csv", ["Score"], ["9"], ["10"], text_only=True)
    assert not pool([EMAIL, text]).inputs["recommend_score"].text_only
    assert pool([text, replace(text, source="u.csv")]).inputs["recommend_score"].text_only


def test_many_files_are_named_briefly() -> None:
    files = [replace(EMAIL, source=f"{n}.csv") for n in range(12)]
    pooled = pool(files)
    assert pooled.source == "0.csv + 1.csv + 2.csv + 9 more"
    assert len(pooled.inputs["recommend_score"].where) < 100
    assert len(pooled.inputs["recommend_score"].cells) == 36


def test_files_in_different_units_are_not_joined() -> None:
    thousands = file("a.csv", ["Revenue (TEUR)", "Customers"], [100.0, 10.0])
    single = file("b.csv", ["Revenue (EUR)", "Customers"], [100.0, 10.0])
    (told,) = [p for p in pool([thousands, single]).problems if p.code == "mixed_units"]
    assert "revenue is in thousands" in str(told.message)
    both = pool([thousands, replace(thousands, source="c.csv")])
    assert "mixed_units" not in {p.code for p in both.problems}


def test_a_copy_of_a_file_is_told() -> None:
    copy = file("copy of web.csv", ["NPS", "Date", "Device"], [10, DAY, "phone"], [0, DAY, "desk"])
    (told,) = [p for p in pool([EMAIL, WEB, copy]).problems if p.code == "same_content"]
    assert "copy of web.csv as web.csv" in str(told.message)
    assert not [p for p in pool([EMAIL, WEB]).problems if p.code == "same_content"]
