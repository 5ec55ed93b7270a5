"""Whole processes: the command line against a Python that does nothing, and against a pandas script."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measure import Row, at_least, at_most, in_turn, plain, process

_PANDAS = """
import sys, pandas
frame = pandas.read_excel(sys.argv[1], engine="openpyxl")
scores = frame["Recommend score"]
print((int((scores >= 9).sum()) - int((scores <= 6).sum())) / scores.count() * 100)
"""


def make_workbook(path: Path, rows: int) -> None:
    """Write a workbook of ``rows`` rows and ten columns, with a recommend score among them."""
    import xlsxwriter

    chance = random.Random(20240301)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Survey")
        headers = ["Customer id", "Recommend score", "Satisfaction score", "Region"]
        sheet.write_row(0, 0, headers + [f"Extra {n}" for n in range(6)])
        for row in range(1, rows + 1):
            answers = [row, chance.randint(0, 10), chance.randint(1, 10), chance.choice(["EU", "US", "APAC"])]
            sheet.write_row(row, 0, answers + [chance.random() for _ in range(6)])


def rows() -> Iterator[Row]:
    """Yield the start-up figures."""
    with tempfile.TemporaryDirectory() as folder:
        book, card = Path(folder, "survey.xlsx"), Path(folder, "card.xlsx")
        make_workbook(book, 1_000)
        nothing, bare = process(["-c", "pass"]), "python -c pass"

        def metricsheet(*arguments: str, cache: str = str(Path(folder, "cache"))) -> Callable[[], object]:
            return process(["-m", "metricsheet", *arguments], METRICSHEET_CACHE=cache)

        evaluate = metricsheet("evaluate", str(book))
        to_xlsx = metricsheet("evaluate", str(book), "--format", "xlsx", "-o", str(card))
        first_run = metricsheet("evaluate", str(book), cache="off")
        yield at_most("--help", *in_turn(metricsheet("--help"), nothing, 15), bare, 3)
        yield at_most("evaluate 1,000 rows to text", *in_turn(evaluate, nothing, 15), bare, 6)
        yield at_most("evaluate 1,000 rows to xlsx", *in_turn(to_xlsx, nothing, 15), bare, 10)
        yield plain("the same to text, definitions not kept", *in_turn(first_run, nothing), bare)
        script = process(["-c", _PANDAS, str(book)])
        yield at_least("evaluate 1,000 rows to text", *in_turn(evaluate, script, 3), "pandas + openpyxl", 3)
