"""An independent spreadsheet that answers the same formulas: formulon, itself checked with Excel 365."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from metricsheet.formula.functions import FUNCTIONS
from metricsheet.formula.parse import function_name
from metricsheet.formula.tokens import tokens_of
from metricsheet.values import Cell, ExcelError
from tests.quick_formulon import formulon

ERRORS = {"#NULL!": 0, "#DIV/0!": 1, "#VALUE!": 2, "#REF!": 3, "#NAME?": 4, "#NUM!": 5, "#N/A": 6}


def in_a_sheet(formula: str, inputs: Mapping[str, Sequence[Cell] | Cell]) -> Cell:
    """Return what the spreadsheet gives for `formula`, its names standing in columns of a sheet."""
    return in_cells([formula], inputs)[0]


def in_cells(formulas: Sequence[str], inputs: Mapping[str, Sequence[Cell] | Cell]) -> list[Cell]:
    """Return what the spreadsheet gives for each of `formulas`, all of them in one sheet."""
    book = formulon.Workbook.create_default()
    places: dict[str, str] = {}
    for column, (name, values) in enumerate(inputs.items()):
        cells = list(values) if isinstance(values, (list, tuple)) else [values]
        letter = chr(ord("A") + column)
        many = isinstance(values, (list, tuple))
        places[name] = f"{letter}1:{letter}{len(cells)}" if many else f"{letter}1"
        for row, cell in enumerate(cells):
            _write(book, row, column, cell)
    for number, formula in enumerate(formulas):
        text = "="
        for token in tokens_of(formula, None)[0][:-1]:
            is_name = token.kind == "name" and token.value in places
            text += places[token.value] if is_name else _spelled(token.text)
        book.set_formula(0, 200 + number, 50, text)
    book.recalc()
    return [_read(book.get_value(0, 200 + number, 50)) for number in range(len(formulas))]


def _spelled(word: str) -> str:
    function = FUNCTIONS.get(function_name(word))
    return function.stored_as if function is not None and "(" not in function.stored_as else word


def _write(book: formulon.Workbook, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, bool):
        book.set_bool(0, row, column, cell)
    elif isinstance(cell, (int, float)):
        book.set_number(0, row, column, float(cell))
    elif isinstance(cell, str):
        book.set_text(0, row, column, cell)
    elif isinstance(cell, ExcelError):
        book.set_error(0, row, column, ERRORS[cell.code])


def _read(value: formulon.Value) -> Cell:
    if value.kind == formulon.ValueKind.NUMBER:
        return value.number
    if value.kind == formulon.ValueKind.BOOL:
        return bool(value.boolean)
    if value.kind == formulon.ValueKind.TEXT:
        return value.text
    if value.kind == formulon.ValueKind.ERROR:
        return ExcelError(formulon.error_display_name(value.error_code))
    return None
