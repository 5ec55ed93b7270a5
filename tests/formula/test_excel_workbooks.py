"""Every formula of the workbooks that Excel calculated, when it uses only functions of our table.

A formula's references become names bound to the cells' stored values; what `calculate` gives must be what
Excel stored. Known differences are listed in docs/differences-from-excel.md, and nowhere else.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
from openpyxl.formula import Tokenizer
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.formula import ArrayFormula

from metricsheet.engines.columns import Column
from metricsheet.errors import DefinitionError
from metricsheet.evaluation.calculate import calculate
from metricsheet.formula.compile import compile_formula
from metricsheet.formula.functions import SPELLINGS
from metricsheet.formula.parse import function_name
from metricsheet.formula.plan import NameInfo
from metricsheet.values import Cell, ExcelError
from metricsheet.values.dates import time_to_serial, to_serial
from tests.stages import STAGE, some

ROOT = Path(__file__).parents[2]
WORKBOOKS = ROOT / "../shared/data/excel-formulas"
PAGE = ROOT / "docs/differences-from-excel.md"
TOLERANCE = 1e-12
"""Relative, where a workbook's METADATA!A1 names none."""

needs_workbooks = pytest.mark.skipif(
    not WORKBOOKS.is_dir(),
    reason="the Excel-calculated workbooks are not beside this checkout (../shared/data)",
)
_REFERENCE = re.compile(r"(?:'?(?P<sheet>[^'!]+)'?!)?(?P<cells>\$?[A-Z]{0,3}\$?\d*(?::\$?[A-Z]{0,3}\$?\d*)?)")


@dataclass
class Book:
    """A workbook's formulas and the values Excel stored for them."""

    name: str
    formulas: openpyxl.Workbook
    stored: openpyxl.Workbook
    columns: dict[tuple[str, str], Column] = field(default_factory=dict)

    @property
    def tolerance(self) -> float:
        if "METADATA" not in self.stored.sheetnames:
            return TOLERANCE
        return float(self.stored["METADATA"]["A1"].value)

    def value(self, sheet: str, row: int, column: int) -> Cell:
        cell = self.stored[sheet].cell(row, column)
        formula = self.formulas[sheet].cell(row, column)
        value = cell.value
        if cell.data_type == "e":
            return ExcelError(value)
        if value is None:
            return "" if formula.data_type == "f" else None
        if isinstance(value, (dt.datetime, dt.date)):
            return to_serial(value)
        return time_to_serial(value) if isinstance(value, dt.time) else value

    def area(self, sheet: str, cells: str) -> tuple[int, int, int, int]:
        left, top, right, bottom = range_boundaries(cells)
        return left or 1, top or 1, right or 16384, bottom or 1048576

    def column(self, sheet: str, cells: str) -> Column:
        """Return the cells of a range; those past the used part of the sheet are blank."""
        known = self.columns.get((sheet, cells))
        if known is None:
            left, top, right, bottom = self.area(sheet, cells)
            used = self.stored[sheet]
            width = right - left + 1
            found: list[Cell] = []
            for row in range(top, min(bottom, used.max_row) + 1):
                inside = range(left, min(right, used.max_column) + 1)
                found += [self.value(sheet, row, c) for c in inside]
                found += [None] * (width - len(inside))
            found += [None] * (width * (bottom - top + 1) - len(found))
            known = self.columns[(sheet, cells)] = Column(found)
        return known


@dataclass
class Case:
    """One formula cell. ``skipped`` says why it cannot be asked of the formula language."""

    book: Book
    sheet: str
    cell: str
    excel: str
    formula: str = ""
    inputs: dict[str, object] = field(default_factory=dict)
    skipped: str = ""

    @property
    def label(self) -> str:
        return f"{self.book.name}!{self.sheet}!{self.cell}"


def paths() -> list[Path]:
    return some(sorted(WORKBOOKS.glob("*.xlsx")), test=5)


def books() -> Iterator[Book]:
    for path in paths():
        yield Book(path.name, openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True))


def cases(book: Book) -> Iterator[Case]:
    for sheet in book.formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                array = isinstance(cell.value, ArrayFormula)
                text = cell.value.text if array else cell.value
                case = Case(book, sheet.title, cell.coordinate, text)
                if array and cell.value.ref != cell.coordinate:
                    case.skipped = "spills over several cells"
                else:
                    bind(case, array)
                yield case


def bind(case: Case, array: bool) -> None:
    """Turn the references of an Excel formula into names with values, or say why that cannot be done."""
    pieces: list[str] = []
    for token in Tokenizer(case.excel).items:
        if token.type == "FUNC" and token.subtype == "OPEN":
            name = function_name(token.value[:-1])
            if name not in SPELLINGS and name not in ("TRUE", "FALSE"):
                case.skipped = case.skipped or f"function {name} is not in the table"
        if token.type == "OPERAND" and token.subtype == "RANGE":
            # a name that LET gives is stored with this before it
            given = token.value.startswith("_xlpm.")
            pieces.append(token.value if given else reference(case, token.value))
        else:
            pieces.append(token.value)
    case.formula = "".join(pieces)
    if case.skipped:
        return
    names = {
        name: NameInfo("cell" if isinstance(value, Column) else "parameter")
        for name, value in case.inputs.items()
    }
    plan, diagnostics = compile_formula(case.formula, names, strict=False)
    if plan is None:
        case.skipped = diagnostics[0].message
        return
    for name in plan.totals if not array else ():
        # an older formula takes from a range, where one value is needed, the cell of its own row or column
        case.inputs[name] = intersected(case, name)


def reference(case: Case, text: str) -> str:
    found = _REFERENCE.fullmatch(text)
    if found is None or not found["cells"]:
        case.skipped = f"the name {text} is not an address"
        return text
    sheet = found["sheet"] or case.sheet
    cells = found["cells"].replace("$", "")
    left, top, right, bottom = case.book.area(sheet, cells)
    name = f"[{sheet}!{cells}]"
    key = name[1:-1]
    if (left, top) == (right, bottom):
        case.inputs[key] = case.book.value(sheet, top, left)
    else:
        case.inputs[key] = case.book.column(sheet, cells)
    return name


def intersected(case: Case, name: str) -> Cell:
    sheet, cells = name.split("!")
    left, top, right, bottom = case.book.area(sheet, cells)
    column, row, _, _ = range_boundaries(case.cell)
    if left == right and top <= row <= bottom:
        return case.book.value(sheet, row, left)
    if top == bottom and left <= column <= right:
        return case.book.value(sheet, top, column)
    return ExcelError("#VALUE!", "the formula's own row does not cross the range")


def same(found: Cell, stored: Cell, tolerance: float) -> bool:
    if isinstance(stored, (int, float)) and not isinstance(stored, bool):
        if isinstance(found, bool) or not isinstance(found, (int, float)):
            return False
        return abs(found - stored) <= tolerance * max(1.0, abs(stored))
    return type(found) is type(stored) and found == stored


def outcome(case: Case) -> tuple[Cell, Cell, bool]:
    """Return what we give, what Excel stored, and whether they are the same."""
    column, row, _, _ = range_boundaries(case.cell)
    stored = case.book.value(case.sheet, row, column)
    try:
        found = calculate(case.formula, case.inputs)
    except DefinitionError as refused:
        found = str(refused)
    return found, stored, same(found, stored, case.book.tolerance)


def known_differences() -> set[str]:
    """Return the cells that docs/differences-from-excel.md lists, as `Book.xlsx!Sheet!A1`."""
    return set(re.findall(r"`([\w ]+\.xlsx![^`!]+![A-Z]+[0-9]+)`", PAGE.read_text("utf-8")))


@needs_workbooks
def test_every_formula_of_our_functions_gives_what_excel_stored(capsys: pytest.CaptureFixture[str]) -> None:
    ran = 0
    skipped: Counter[str] = Counter()
    different: dict[str, str] = {}
    for book in books():
        for case in cases(book):
            if case.skipped:
                skipped[case.skipped] += 1
                continue
            ran += 1
            found, stored, equal = outcome(case)
            if not equal:
                different[case.label] = f"{case.excel} gives {found!r}, Excel stored {stored!r}"
    total = ran + sum(skipped.values())
    with capsys.disabled():
        report = [f"{ran} of {total} formula cells of Excel checked, {len(different)} differ; skipped:"]
        report += [f"  {count:4} {reason}" for reason, count in skipped.most_common()]
        sys.stdout.write("\n" + "\n".join(report) + "\n")
    looked_at = {path.name for path in paths()}
    known = {cell for cell in known_differences() if cell.partition("!")[0] in looked_at}
    assert different.keys() == known, "\n".join(f"{k}: {v}" for k, v in different.items())
    assert STAGE == "test" or f"{ran:,} of {total:,} cells" in PAGE.read_text("utf-8")
