"""Data frames as books: every kind of column pandas has."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from metricsheet.files.book import CellRange, RawCell
from metricsheet.files.frames import read_frame
from metricsheet.values import NUM, ExcelError

STAMP = pd.Timestamp("2024-03-05 13:45")
MOMENT = dt.datetime(2024, 3, 5, 13, 45)

COLUMNS: dict[str, tuple[Any, list[RawCell]]] = {
    "int": (pd.Series([1, 2]), [1, 2]),
    "float": (pd.Series([1.5, float("nan")]), [1.5, None]),
    "infinite": (pd.Series([float("inf"), -float("inf")]), [ExcelError(NUM), ExcelError(NUM)]),
    "bool": (pd.Series([True, False]), [True, False]),
    "text": (pd.Series(["a", "1"]), ["a", "1"]),
    "text with blanks": (pd.Series(["", None], dtype=object), [None, None]),
    "nullable int": (pd.Series([1, None], dtype="Int64"), [1, None]),
    "nullable float": (pd.Series([1.5, None], dtype="Float64"), [1.5, None]),
    "nullable bool": (pd.Series([True, None], dtype="boolean"), [True, None]),
    "nullable text": (pd.Series(["a", None], dtype="string"), ["a", None]),
    "category": (pd.Series(["EU", None], dtype="category"), ["EU", None]),
    "category of numbers": (pd.Series([5, 7], dtype="category"), [5, 7]),
    "moment": (pd.Series([STAMP, pd.NaT]), [MOMENT, None]),
    "moment with a zone": (pd.Series([STAMP, pd.NaT]).dt.tz_localize("Asia/Tokyo"), [MOMENT, None]),
    "span": (pd.Series([pd.Timedelta(hours=30), pd.NaT]), [dt.timedelta(hours=30), None]),
    "period": (pd.Series(pd.PeriodIndex(["2024-03", "NaT"], freq="M")), [dt.datetime(2024, 3, 1), None]),
    "date": (pd.Series([dt.date(2024, 3, 5), None], dtype=object), [dt.date(2024, 3, 5), None]),
    "time": (pd.Series([dt.time(1, 2), None], dtype=object), [dt.time(1, 2), None]),
    "decimal": (pd.Series([Decimal("1.5"), Decimal("NaN")], dtype=object), [1.5, None]),
    "fraction": (pd.Series([Fraction(1, 4), None], dtype=object), [0.25, None]),
    "numpy scalars": (pd.Series([np.int64(3), np.bool_(True)], dtype=object), [3, True]),
    "numpy moment": (pd.Series([np.datetime64("2024-03-05T13:45"), None], dtype=object), [MOMENT, None]),
    "small float": (pd.Series([0.5, 2.0], dtype="float32"), [0.5, 2.0]),
    "interval": (pd.Series(pd.IntervalIndex.from_breaks([0, 1, 2])), ["(0, 1]", "(1, 2]"]),
    "lists": (pd.Series([[1, 2], None], dtype=object), ["[1, 2]", None]),
    "mixed": (pd.Series(["a", 5], dtype=object), ["a", 5]),
    "sparse": (pd.Series(pd.arrays.SparseArray([0, 7])), [0, 7]),
}


@pytest.mark.parametrize("case", COLUMNS)
def test_columns(case: str) -> None:
    series, expected = COLUMNS[case]
    book = read_frame(pd.DataFrame({"Column": series}), "frame")
    found = [row[0] for row in book.sheets[0].rows]
    assert found == ["Column", *expected]
    assert [type(cell) for cell in found[1:]] == [type(cell) for cell in expected]


def test_a_frame_is_a_sheet_and_a_table() -> None:
    book = read_frame(pd.DataFrame({"Region": ["EU", "US", "EU"], "Score": [9, 8, 7]}), "answers")
    assert book.name == "answers"
    assert not book.text_only
    assert [list(row) for row in book.sheets[0].rows] == [
        ["Region", "Score"],
        ["EU", 9],
        ["US", 8],
        ["EU", 7],
    ]
    assert book.tables["answers"].columns == ("Region", "Score")
    assert book.tables["answers"].data == CellRange("", 1, 0, 3, 1)


HEADERS: dict[str, tuple[Any, list[str]]] = {
    "number": (pd.DataFrame([[1]], columns=[2024]), ["2024"]),
    "date": (pd.DataFrame([[1]], columns=[pd.Timestamp("2024-01-01")]), ["2024-01-01"]),
    "levels": (pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("2024", "Q1")])), ["2024 Q1"]),
    "same twice": (pd.DataFrame([[1, 2]], columns=["a", "a"]), ["a", "a"]),
    "numbered index": (pd.DataFrame({"a": [1]}, index=[7]), ["a"]),
    "named index": (pd.DataFrame({"a": [1]}, index=pd.Index(["x"], name="Customer")), ["Customer", "a"]),
    "index of dates": (pd.DataFrame({"a": [1]}, index=pd.DatetimeIndex(["2024-01-01"])), ["index", "a"]),
    "index of two levels": (
        pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([("EU", 1)], names=["Region", None])),
        ["Region", "a"],
    ),
}


@pytest.mark.parametrize("case", HEADERS)
def test_headers(case: str) -> None:
    frame, expected = HEADERS[case]
    assert list(read_frame(frame, "frame").sheets[0].rows[0]) == expected


@pytest.mark.parametrize("frame", [pd.DataFrame(), pd.DataFrame({"a": []}), pd.DataFrame(index=[1, 2])])
def test_empty_frames(frame: pd.DataFrame) -> None:
    book = read_frame(frame, "frame")
    assert len(book.sheets) == 1
    assert all(len(row) == len(frame.columns) for row in book.sheets[0].rows)


def test_reading_files_imports_neither_pandas_nor_numpy() -> None:
    code = (
        "import sys, metricsheet.files.frames, metricsheet.tables.regions\n"
        "from metricsheet.files.read import read_bytes\n"
        "read_bytes(b'a,b\\n1,2\\n', 'a.csv')\n"
        "print([m for m in ('pandas', 'numpy', 'openpyxl', 'xlsxwriter') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
