"""``python -m tests.export.check_book``: workbooks in which a person with Excel sees whether Excel agrees.

One asks the LAMBDA functions that it holds, one the add-in; the core's answers stand beside theirs.
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
from metricsheet.export.lambdas.functions import PREFIX, export
from metricsheet.export.lambdas.host_check import CHECK, write_check
from metricsheet.report.xlsx.package import with_names
from metricsheet.report.xlsx.sheet import Formats
from metricsheet.values import ExcelError
from tests.hosts.questions import SUFFIXES, Asked, Json, Question, answered, as_cell, questions_of
from tests.hosts.random_questions import dated, likely
from tests.hosts.replay import is_error

EXAMPLES = Path(__file__).parents[2] / "examples"
CATALOG = load_catalog()
ALL_VECTORS = ("nps", "ctr", "csat_mean", "complaint_rate", "gross_mrr_churn")
"""Metrics that are asked every kind of cell; the others are asked columns that suit them."""
DATED = ("mrr", "churn_rate", "nrr", "win_rate_all", "clv")
SAME, OTHER = "✓", "✗"
_TOP = 6
_HOW = (
    "Excel should say that all agree. If it does not, please report the first line, your version of Excel "
    "and the rows with ✗."
)
_AGAIN = f"{_HOW} #NAME? everywhere: the add-in is not loaded, or press Ctrl+Alt+Shift+F9."


def asked() -> Iterator[tuple[str, Question]]:
    """Yield suffixes and questions in a fixed order."""
    for metric in CATALOG.metrics.values():
        dice = random.Random(metric.key)
        some: list[Asked] = [
            one
            for one in likely(CATALOG, metric, dice)
            if one[1] in ("likely: rows", "likely: blanks", "likely: error")
        ]
        if metric.key in DATED:
            some += dated(CATALOG, metric, dice)
        yield from (("", question) for question in answered(CATALOG, some))
        if metric.key in ALL_VECTORS:
            for question in answered(CATALOG, questions_of(CATALOG, metric)):
                yield from ((suffix, question) for suffix in SUFFIXES)


def made(*, addin: bool) -> bytes:
    """Return the workbook that asks the add-in, or the functions that it holds."""
    from tests.export.test_lambda_answers import difference

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": dt.datetime(2000, 1, 1)})
    check, cells = book.add_worksheet("Check"), _Cells(book)
    bold, text = book.add_format({"bold": True}), book.add_format({"text_wrap": False})
    prefix = "" if addin else PREFIX
    row = _TOP
    used: dict[str, None] = {}
    for suffix, question in asked():
        right = question.answers[suffix]
        # where an error may be given although there is an answer, Excel may not be asked for the answer
        if not addin and difference(question, right, "#VALUE!") == "" and not is_error(right):
            continue
        used[question.metric] = None
        formula = f"={cells.call(prefix, question.function + suffix, question.arguments)}"
        check.write_string(row, 0, f"{question.metric}: {question.vector}", text)
        check.write_string(row, 1, formula, text)
        if addin:
            check.write_formula(row, 2, formula, None, right)
        else:
            check.write_dynamic_array_formula(row, 2, row, 2, formula, None, right)
        live, core = f"C{row + 1}", f"D{row + 1}"
        if isinstance(right, str):
            check.write_string(row, 3, right if addin or not is_error(right) else "an error")
            same = f"{live}={core}"
            if is_error(right):
                same = f'"{right}"=INDEX({_CODES},ERROR.TYPE({live}))' if addin else f"ISERROR({live})"
        else:
            check.write_number(row, 3, float(right))
            same = f"ABS({live}-{core})<=1E-9*MAX(1,ABS({core}))"
        check.write_formula(row, 4, f'=IF(IFERROR({same},FALSE),"{SAME}","{OTHER}")', None, SAME)
        row += 1
    count = row - _TOP
    write_check(check, Formats(book), 3, 6, f"{prefix}{CHECK}")
    which = "the add-in" if addin else "LAMBDA functions"
    check.write_string(0, 0, f"metricsheet · definitions {CATALOG.digest} · {which} in Excel", bold)
    agree = f'COUNTIF($E${_TOP + 1}:$E${row},"{SAME}")'
    check.write_formula(1, 0, f'={agree}&" of {count} agree"', bold, f"{count} of {count} agree")
    check.write_string(2, 0, _AGAIN if addin else _HOW)
    for place, (title, wide) in enumerate(
        (("question", 44), ("formula", 50), ("Excel", 18), ("metricsheet", 26), ("", 4))
    ):
        check.write_string(_TOP - 1, place, title, bold)
        check.set_column(place, place, wide)
    check.freeze_panes(_TOP, 0)
    check.activate()
    book.close()
    return file.getvalue() if addin else with_names(file.getvalue(), export(CATALOG, used).names)


_CODES = '{"#NULL!","#DIV/0!","#VALUE!","#REF!","#NAME?","#NUM!","#N/A"}'
"""The errors in the order of ``ERROR.TYPE``."""


class _Cells:
    """The sheet with the cells of all questions; equal blocks stand once."""

    def __init__(self, book: Any) -> None:
        self.sheet = book.add_worksheet("Cells")
        self.date = book.add_format({"num_format": "yyyy-mm-dd"})
        self.money = book.add_format({"num_format": '#,##0.00 "€"'})
        self.places: dict[str, str] = {}
        self.row = 0

    def call(self, prefix: str, function: str, arguments: list[Json]) -> str:
        """Return a call over cells of this sheet."""
        parts = [self._argument(prefix, argument) for argument in arguments]
        while not parts[-1]:
            parts.pop()
        return f"{prefix}{function}({','.join(parts)})"

    def _argument(self, prefix: str, argument: Json) -> str:
        if argument is None:
            return ""
        if "call" in argument:
            return self.call(prefix, *argument["call"])
        if "rows" in argument:
            return self._place(argument["rows"])
        cell = as_cell(argument["value"])
        return f'"{cell}"' if isinstance(cell, str) else str(cell).upper()

    def _place(self, block: list[list[Json]]) -> str:
        key = repr(block)
        if key not in self.places:
            for at, row in enumerate(block, self.row):
                for column, cell in enumerate(row):
                    self._write(at, column, cell)
            last = self.row + len(block) - 1
            self.places[key] = "Cells!" + xl_range_abs(self.row, 0, last, len(block[0]) - 1)
            self.row = last + 2
        return self.places[key]

    def _write(self, row: int, column: int, json: Json) -> None:
        cell = as_cell(json)
        if isinstance(cell, ExcelError):
            formulas = {"#N/A": "NA()", "#DIV/0!": "1/0", "#NUM!": "SQRT(-1)", "#VALUE!": '1*"x"'}
            self.sheet.write_formula(row, column, f"={formulas.get(cell.code, cell.code)}", None, cell.code)
        elif cell == "":
            self.sheet.write_formula(row, column, '=""', None, "")
        elif cell is not None:
            kind = next(iter(json)) if isinstance(json, dict) else ""
            self.sheet.write(row, column, cell, {"d": self.date, "m": self.money}.get(kind))


BOOKS = {"excel_check.xlsx": False, "excel_check_addin.xlsx": True}
"""The workbooks, and whether they ask the add-in."""

if __name__ == "__main__":
    for name, addin in BOOKS.items():
        (EXAMPLES / name).write_bytes(made(addin=addin))
