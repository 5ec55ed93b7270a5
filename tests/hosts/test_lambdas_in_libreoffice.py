"""A second opinion on LAMBDA bodies: LibreOffice computes their steps, each in cells of its own.

LibreOffice has no ``LET`` before version 24.8. So every step of a body stands in cells as an array formula
over the cells of the steps before it. What LibreOffice lacks is left out: bodies with ``UNIQUE`` and the
like; and questions with logicals, which are numbers in its cells.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from metricsheet.api import load_catalog
from metricsheet.catalog.definitions import DATE, MetricDefinition
from metricsheet.export.lambdas.bodies import Bodies
from metricsheet.export.lambdas.steps import ARRAYS, Lambda, renamed
from metricsheet.values import Cell, ExcelError
from tests.export.formulon_host import Block
from tests.export.test_lambda_answers import difference
from tests.hosts.libreoffice import NOT_COMPUTED, recalculated
from tests.hosts.questions import Question, answered, as_cell, questions_of
from tests.hosts.random_questions import likely

pytestmark = pytest.mark.hosts

CATALOG = load_catalog()
MISSING = ("UNIQUE(", "TOCOL(", "XMATCH(", "SEQUENCE(")
ERRORS = {"#VALUE!": '(1*"x")', "#NUM!": "SQRT(-1)", "#DIV/0!": "(1/0)", "NA()": "NA()"}


@dataclass(frozen=True)
class Asked:
    """A question to one metric, and where its answer stands."""

    metric: MetricDefinition
    question: Question
    sheet: str
    cell: str


def blocks_of(question: Question) -> dict[str, Block]:
    """Return the cells of each argument that is a range."""
    keys = CATALOG.arguments_of(CATALOG.metrics[question.metric])
    return {
        key: [[as_cell(cell) for cell in row] for row in argument["rows"]]
        for key, argument in zip(keys, question.arguments, strict=True)
        if argument is not None and "rows" in argument
    }


def askable(question: Question) -> bool:
    """Return whether all arguments are columns or blocks of one shape, without dates and logicals."""
    keys = CATALOG.arguments_of(CATALOG.metrics[question.metric])
    given = dict(zip(keys, question.arguments, strict=True))
    blocks = blocks_of(question)
    shapes = {(len(block), len(block[0])) for block in blocks.values()}
    if given.get(DATE) or len(shapes) != 1 or any("call" in one for one in question.arguments if one):
        return False
    cells = [cell for block in blocks.values() for row in block for cell in row]
    typed = [key for key in given if given[key] and key not in blocks and key not in CATALOG.choices]
    [shape] = shapes
    return not typed and (shape == (1, 1) or shape[0] > 1) and not any(isinstance(c, bool) for c in cells)


def has_text(question: Question) -> bool:
    """Return whether some cell holds text."""
    return any(isinstance(c, str) for block in blocks_of(question).values() for row in block for c in row)


class Pages:
    """Writes one sheet for each metric: for every question its cells, then its steps."""

    def __init__(self, path: Path) -> None:
        self.book = xlsxwriter.Workbook(path, {"use_future_functions": True})
        self.asked: list[Asked] = []

    def add(self, metric: MetricDefinition, function: Lambda, listed: list[Question]) -> None:
        sheet, row = self.book.add_worksheet(f"S{len(self.book.worksheets())}"), 0
        for question in listed:
            blocks = blocks_of(question)
            rows, wide = next((len(block), len(block[0])) for block in blocks.values())
            column, places = 1, {}
            keys = CATALOG.arguments_of(metric)
            typed = {
                key: one["value"]
                for key, one in zip(keys, question.arguments, strict=True)
                if one and "value" in one
            }
            for key, argument in zip(function.keys, function.arguments, strict=True):
                places[argument] = '""'
                if key in typed:
                    places[argument] = f'"{typed[key]}"'
                elif key in blocks:
                    self._write(sheet, row, column, blocks[key])
                    places[argument] = xl_range_abs(row, column, row + rows - 1, column + wide - 1)
                    column += wide
            for name, text in function.steps:
                array = name[0] in ARRAYS
                last = (row + rows - 1, column + wide - 1) if array else (row, column)
                formula = self._formula(text, function, places)
                sheet.write_array_formula(row, column, *last, f"{{={formula}}}", None, NOT_COMPUTED)
                places[name] = xl_range_abs(row, column, *last)
                column += wide if array else 1
            sheet.write_array_formula(
                row, 0, row, 0, f"{{={self._formula(function.answer, function, places)}}}", None, NOT_COMPUTED
            )
            self.asked.append(Asked(metric, question, sheet.name, f"A{row + 1}"))
            row += rows

    @staticmethod
    def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, block: Block) -> None:
        for at, cells in enumerate(block):
            for place, cell in enumerate(cells):
                if isinstance(cell, ExcelError):
                    text = {"#N/A": "NA()", "#DIV/0!": "1/0", "#NUM!": "SQRT(-1)"}.get(cell.code, '1*"x"')
                    sheet.write_formula(row + at, column + place, f"={text}", None, cell.code)
                elif cell == "":
                    sheet.write_formula(row + at, column + place, '=""', None, "")
                elif cell is not None:
                    sheet.write(row + at, column + place, cell)

    @staticmethod
    def _formula(text: str, function: Lambda, places: dict[str, str]) -> str:
        for argument, place in places.items():
            left_out = "TRUE" if place == '""' and argument in function.optional else "FALSE"
            text = text.replace(f"ISOMITTED({argument})", left_out)
        for error, formula in ERRORS.items():
            text = text.replace(error, formula)
        return renamed(text, places)


def asked_of_all() -> Iterator[tuple[MetricDefinition, Lambda, list[Question]]]:
    for metric in CATALOG.metrics.values():
        function = Bodies(CATALOG, metric, dated=False).value()
        if any(missing in text for missing in MISSING for _, text in function.steps):
            continue
        dice = random.Random(metric.key)
        every = answered(CATALOG, [*questions_of(CATALOG, metric), *likely(CATALOG, metric, dice)])
        asked = [question for question in every if askable(question)]
        if any("MATCH(" in text for _, text in function.steps):
            # LibreOffice 7.4 looks up texts of an array in another way
            asked = [question for question in asked if not has_text(question)]
        yield metric, function, asked


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Asked, Cell]]:
    folder = tmp_path_factory.mktemp("lambdas")
    path = folder / "asked.xlsx"
    pages = Pages(path)
    for metric, function, listed in asked_of_all():
        pages.add(metric, function, listed)
    pages.book.close()
    book = openpyxl.load_workbook(recalculated(path, folder), data_only=True)
    return [(asked, book[asked.sheet][asked.cell].value) for asked in pages.asked]


def test_libreoffice_gives_no_other_number_than_the_core(computed: list[tuple[Asked, Cell]]) -> None:
    wrong = []
    for asked, value in computed:
        found = float(value) if isinstance(value, (int, float)) else value
        said = difference(asked.question, asked.question.answers[""], found)
        if said.startswith("another") or said == "an answer where there is an error":
            wrong.append((asked.metric.key, asked.question.vector, said, found))
    assert wrong == []


def test_most_numbers_of_the_core_are_given(computed: list[tuple[Asked, Cell]]) -> None:
    right = [
        isinstance(value, (int, float))
        for asked, value in computed
        if isinstance(asked.question.answers[""], float) and not has_text(asked.question)
    ]
    assert len(right) > 1500
    assert sum(right) > 0.8 * len(right)
