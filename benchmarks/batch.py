"""Many workbooks, and one big one: whole evaluations in one process against readers that only read."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Row, at_least, at_most, least_in_turn
from benchmarks.startup import make_workbook
from metricsheet.api import evaluate, load_catalog
from metricsheet.files.read import read_book
from metricsheet.tables.regions import find_regions

WORKBOOKS = 30
FEW = 3


def _calamine(paths: list[Path]) -> list[object]:
    import python_calamine

    return [python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python() for path in paths]


def _one_column(path: Path) -> int:
    """Read a workbook, find its tables, and decode one column."""
    (region,) = find_regions(read_book(path).sheets[0])
    return len(list(region.columns[region.headers.index("Recommend score")]))


def _pandas(paths: list[Path]) -> list[float]:
    import pandas

    found = []
    for path in paths:
        scores = pandas.read_excel(path, engine="openpyxl")["Recommend score"]
        found.append((int((scores >= 9).sum()) - int((scores <= 6).sum())) / scores.count() * 100)
    return found


def rows() -> Iterator[Row]:
    """Yield what one workbook takes of many, against reading it alone, and what a big one takes."""
    catalog = load_catalog()
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"survey {number:02}.xlsx") for number in range(WORKBOOKS)]
        make_workbook(paths[0], 1_000)
        for path in paths[1:]:
            shutil.copy(paths[0], path)
        ours, pandas = least_in_turn(lambda: evaluate(paths, metrics=catalog), lambda: _pandas(paths[:FEW]))
        name = f"one of {WORKBOOKS} workbooks of 1,000 rows"
        yield at_least(name, ours / WORKBOOKS, pandas / FEW, "pandas + openpyxl", 6)
        ours, calamine = least_in_turn(lambda: evaluate(paths, metrics=catalog), lambda: _calamine(paths))
        peer = "python-calamine, reading alone"
        yield at_most(name, ours / WORKBOOKS, calamine / WORKBOOKS, peer, 1.5)
        ours, calamine = least_in_turn(lambda: _one_column(paths[0]), lambda: _calamine(paths[:1]), 20)
        yield at_most("one column of 1,000 rows", ours, calamine, "python-calamine, all columns", 1)
        big = Path(folder, "big.xlsx")
        make_workbook(big, 100_000)
        ours, calamine = least_in_turn(lambda: _one_column(big), lambda: _calamine([big]), 5)
        yield at_most("one column of 100,000 rows", ours, calamine, "python-calamine, all columns", 0.8)
        ours, calamine = least_in_turn(lambda: evaluate(big, metrics=catalog), lambda: _calamine([big]), 2)
        yield at_most("a workbook of 100,000 rows", ours, calamine, "python-calamine, reading alone", 1)
