"""``python -m tests.export.check_book``: the workbook in which a person with Excel sees whether Excel agrees.

It asks the LAMBDA functions the questions of ``vectors`` and shows the core's answers beside them.
"""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from metricsheet.api import load_catalog
from metricsheet.catalog.definitions import MetricDefinition
from metricsheet.export.lambdas.functions import export
from metricsheet.export.lambdas.host_check import write_check
from metricsheet.report.xlsx.package import with_names
from metricsheet.report.xlsx.sheet import Formats
from metricsheet.values import Cell, ExcelError
from tests.export.vectors import Block, Question, dated_questions, likely_questions, questions

PATH = Path(__file__).parents[2] / "examples" / "excel_check.xlsx"
CATALOG = load_catalog()
ALL_BLOCKS = ("nps", "ctr", "csat_mean", "complaint_rate", "gross_mrr_churn")
"""Metrics that are asked every kind of cell; the others are asked columns that suit them."""
DATED = ("mrr", "churn_rate", "nrr", "win_rate_all", "clv")
SAME, OTHER = "✓", "✗"
_TOP = 6
_HOW = (
    "Excel should say that all agree. If it does not, please report the first line, your version of Excel "
    "and the rows with ✗."
)


def asked() -> Iterator[tuple[MetricDefinition, str, Question]]:
    """Yield (metric, suffix, question) in a fixed order."""
    for metric in CATALOG.metrics.values():
        dice = random.Random(metric.key)
        for question in likely_questions(CATALOG, metric, dice):
            if question.name in ("likely: rows", "likely: blanks", "likely: error"):
                yield metric, "", question
        if metric.key in ALL_BLOCKS:
            for question in questions(CATALOG, metric):
                for suffix in ("", "_FLAG", "_N"):
                    yield metric, suffix, question
        if metric.key in DATED:
            for question in dated_questions(CATALOG, metric, dice):
                yield metric, "", question


def made() -> bytes:
    """Return the workbook."""
    from tests.export.test_lambda_answers import difference, is_error, right_answers

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": dt.datetime(2000, 1, 1)})
    check, cells = book.add_worksheet("Check"), _Cells(book.add_worksheet("Cells"))
    bold, text = book.add_format({"bold": True}), book.add_format({"text_wrap": False})
    row = _TOP
    used: dict[str, None] = {}
    for metric, suffix, question in asked():
        right = right_answers(metric, question)[suffix]
        # where an error may be given although there is an answer, Excel may not be asked for the answer
        if difference(question, right, "#VALUE!") == "" and not is_error(right):
            continue
        used[metric.key] = None
        formula = f"=L.{metric.udf}{suffix}({_arguments(metric, question, cells)})"
        expected: Any = "an error" if is_error(right) else right
        check.write_string(row, 0, f"{metric.key}: {question.name}", text)
        check.write_string(row, 1, formula, text)
        check.write_dynamic_array_formula(row, 2, row, 2, formula, None, right)
        live, core = f"C{row + 1}", f"D{row + 1}"
        if isinstance(expected, str):
            check.write_string(row, 3, expected)
            same = f"ISERROR({live})" if is_error(right) else f"{live}={core}"
        else:
            check.write_number(row, 3, float(expected))
            same = f"ABS({live}-{core})<=1E-9*MAX(1,ABS({core}))"
        check.write_formula(row, 4, f'=IF(IFERROR({same},FALSE),"{SAME}","{OTHER}")', None, SAME)
        row += 1
    count = row - _TOP
    exported = export(CATALOG, used)
    assert exported.check is not None
    write_check(check, Formats(book), 3, 6, exported.check.name)
    check.write_string(0, 0, f"metricsheet · definitions {CATALOG.digest} · LAMBDA functions in Excel", bold)
    agree = f'COUNTIF($E${_TOP + 1}:$E${row},"{SAME}")'
    check.write_formula(1, 0, f'={agree}&" of {count} agree"', bold, f"{count} of {count} agree")
    check.write_string(2, 0, _HOW)
    for place, (title, wide) in enumerate(
        (("question", 44), ("formula", 50), ("Excel", 18), ("metricsheet", 26), ("", 4))
    ):
        check.write_string(_TOP - 1, place, title, bold)
        check.set_column(place, place, wide)
    check.freeze_panes(_TOP, 0)
    check.activate()
    book.close()
    return with_names(file.getvalue(), exported.names)


def _arguments(metric: MetricDefinition, question: Question, cells: _Cells) -> str:
    keys = [key for key in CATALOG.arguments_of(metric) if key != metric.bands_by]
    written = [
        cells.place(question.given[key])
        if key in question.given
        else f'"{question.settings[key]}"'
        if key in question.settings
        else ""
        for key in keys
    ]
    while not written[-1]:
        written.pop()
    return ",".join(written)


class _Cells:
    """The sheet with the cells of all questions; equal blocks stand once."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.places: dict[str, str] = {}
        self.row = 0

    def place(self, block: Block) -> str:
        """Return the address of a block."""
        key = repr(block)
        if key not in self.places:
            for at, row in enumerate(block, self.row):
                for column, cell in enumerate(row):
                    self._write(at, column, cell)
            last = self.row + len(block) - 1
            self.places[key] = "Cells!" + xl_range_abs(self.row, 0, last, len(block[0]) - 1)
            self.row = last + 2
        return self.places[key]

    def _write(self, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, ExcelError):
            formulas = {"#N/A": "NA()", "#DIV/0!": "1/0", "#NUM!": "SQRT(-1)", "#VALUE!": '1*"x"'}
            self.sheet.write_formula(row, column, f"={formulas.get(cell.code, cell.code)}", None, cell.code)
        elif cell == "":
            self.sheet.write_formula(row, column, '=""', None, "")
        elif cell is not None:
            self.sheet.write(row, column, cell)


if __name__ == "__main__":
    PATH.write_bytes(made())
