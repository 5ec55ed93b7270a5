"""Whether a host hands cells over as they are: a block of known cells, and the LAMBDA that looks at it.

The add-in's METRICSHEET_CHECK looks at the same block.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from metricsheet.export.lambdas.steps import Lambda, Steps, first_of, text_constant
from metricsheet.formula.ast import number_text
from metricsheet.language.message import Message, say
from metricsheet.report.xlsx.sheet import QUIET, Formats
from metricsheet.values import NA_, Cell, ExcelError

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CHECK = "METRICSHEET_CHECK"
KNOWN: Sequence[tuple[str, Cell]] = (
    ("blank", None),
    ("0", 0.0),
    ("text", "text"),
    ("TRUE", True),
    ("#N/A", ExcelError(NA_)),
    ("2024-03-31", 45382.0),
    ("12.50 €", 12.5),
)
"""The cells of the block, in their order: how each is called, and what must arrive of it."""
FORMATS = {"2024-03-31": "yyyy-mm-dd", "12.50 €": '#,##0.00 "€"'}


def write_known(sheet: Worksheet, row: int, column: int, shown: Format, formats: dict[str, Format]) -> str:
    """Write the block below one another, what each cell is before it; return its address."""
    from xlsxwriter.utility import xl_range_abs

    for at, (name, cell) in enumerate(KNOWN, row):
        sheet.write_string(at, column, name, shown)
        if isinstance(cell, ExcelError):
            sheet.write_formula(at, column + 1, "=NA()", None, cell.code)
        elif cell is not None:
            sheet.write(at, column + 1, cell, formats.get(name))
    return str(xl_range_abs(row, column + 1, row + len(KNOWN) - 1, column + 1))


def write_check(sheet: Worksheet, formats: Formats, row: int, column: int, function: str) -> None:
    """Write in the first column what ``function`` says of the known cells, which stand at the top."""
    sheet.set_column(column, column + 1, 14)
    shown = {name: formats.plain(num_format=form) for name, form in FORMATS.items()}
    where = write_known(sheet, 0, column, formats.plain(font_color=QUIET), shown)
    asked = f'="{function}: "&{function}({where})'
    sheet.write_dynamic_array_formula(row, 0, row, 0, asked, formats.plain(bold=True), f"{function}: ok")


def changed_cells(changes: Sequence[str], language: str) -> str:
    """Return in words what a host makes of the known cells."""
    return say(Message("host_changes_cells", changes=tuple(changes)), language)


def other_cells(language: str) -> str:
    """Return in words that other cells than the known ones were given."""
    return say(Message("check_block", cells=tuple(name for name, _ in KNOWN)), language)


def check_lambda(language: str) -> Lambda:
    """Return the LAMBDA: cells are taken apart in arrays, as the functions of metrics do it."""
    argument = "cells"
    steps = Steps((argument,))

    def turned(kind: str, text: str) -> str:
        made = steps.let(kind, text)
        return steps.let(kind, f"IF(ROWS({argument})=1,TRANSPOSE({made}),{made})")

    error, logical, number = (f"{test}({argument})" for test in ("ISERROR", "ISLOGICAL", "ISNUMBER"))
    numbers = turned("n", first_of([(error, '""'), (logical, '""'), (number, argument)], '""'))
    seen = [
        (error, f'IF(ISNA({argument}),"{NA_}","#")'),
        (logical, f'IF({argument},"TRUE","FALSE")'),
        (f'{argument}=""', '"blank"'),
        (number, f'{argument}&""'),
    ]
    texts = turned("x", first_of(seen, f'""""&{argument}&""""'))
    right = _column(cell if isinstance(cell, float) else "" for _, cell in KNOWN)
    shown = _column(f'"{name}"' if isinstance(cell, str) else name for name, cell in KNOWN)
    differs = steps.let("b", f'IF({numbers}="",{texts}<>{shown},{numbers}<>{right})')
    changes = f'IF({differs},{_column(name for name, _ in KNOWN)}&" → "&{texts},"")'
    before, between, after = re.split("[\0\1]", changed_cells(("\0", "\1"), language))
    joined = steps.let("s", f"TEXTJOIN({text_constant(between)},TRUE,{changes})")
    said = f'IF({joined}="","ok",{text_constant(before)}&{joined}&{text_constant(after)})'
    size = f"ROWS({argument})*COLUMNS({argument})<>{len(KNOWN)}"
    answer = f"IF({size},{text_constant(other_cells(language))},{said})"
    return Lambda((argument,), (argument,), frozenset(), steps.needed(answer), answer)


def _column(cells: Iterable[float | str]) -> str:
    """Return an array constant of cells below one another."""
    return "{" + ";".join(text_constant(c) if isinstance(c, str) else number_text(c) for c in cells) + "}"
