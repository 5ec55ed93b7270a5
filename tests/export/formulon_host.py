"""LAMBDA functions in formulon, a spreadsheet engine that is not ours."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable

from metricsheet.values import Cell, ExcelError
from tests.quick_formulon import formulon

Reference = str
Block = list[list[Cell]]


def loaded(content: bytes) -> formulon.Workbook:
    """Return a workbook as formulon reads it.

    Excel stores an argument that may be left out as ``_xlop.x``, and ``_xlpm.x`` where it is used; formulon
    0.18 knows ``[_xlpm.x]`` alone, at which Excel would drop the name.
    """
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/workbook.xml":
                part = re.sub(rb"_xlop\.(\w+)", rb"[_xlpm.\1]", part)
            new.writestr(name, part)
    return formulon.Workbook.load(file.getvalue())


class Sheet:
    """A workbook in formulon with names; blocks go below each other, calls beside them."""

    def __init__(self, content: bytes | None = None, names: dict[str, str] | None = None) -> None:
        self.book = loaded(content) if content else formulon.Workbook.create_default()
        if content:
            self.book.add_sheet("Questions")
        self.sheet = self.book.sheet_count() - 1 if content else 0
        self.name = self.book.sheet_name(self.sheet)
        for name, text in (names or {}).items():
            self.book.set_defined_name(name, text)
        self._places: dict[str, Reference] = {}
        self._row = 0
        self._calls = 0

    def place(self, block: Block) -> Reference:
        """Return where ``block`` stands; equal blocks stand once."""
        key = repr(block)
        if key not in self._places:
            for at, row in enumerate(block):
                for column, cell in enumerate(row):
                    self._put(self._row + at, column + 1, cell)
            first, last = f"B{self._row + 1}", f"{chr(65 + len(block[0]))}{self._row + len(block)}"
            where = first if first == last else f"{first}:{last}"
            self._places[key] = f"'{self.name}'!{where}"
            self._row += len(block)
        return self._places[key]

    def _put(self, row: int, column: int, cell: Cell) -> None:
        book, sheet = self.book, self.sheet
        if cell is None:
            return
        if isinstance(cell, ExcelError):
            book.set_formula(sheet, row, column, f"={cell.code}")
        elif isinstance(cell, bool):
            book.set_bool(sheet, row, column, cell)
        elif cell == "":
            book.set_formula(sheet, row, column, '=""')
        elif isinstance(cell, str):
            book.set_text(sheet, row, column, cell)
        else:
            book.set_number(sheet, row, column, float(cell))

    def answers(self, formulas: Iterable[str]) -> list[Cell]:
        """Return the value of each formula (with ``=``), an error as its text."""
        asked = list(formulas)
        first, self._calls = self._calls, self._calls + len(asked)
        for row, formula in enumerate(asked, first):
            self.book.set_formula(self.sheet, row, 0, formula)
        self.book.recalc()
        return [self._value(row) for row in range(first, first + len(asked))]

    def _value(self, row: int) -> Cell:
        value = self.book.get_value(self.sheet, row, 0)
        if value.kind.name == "ERROR":
            return str(self.book.get_display_text(self.sheet, row, 0)[0])
        return value.to_python()
