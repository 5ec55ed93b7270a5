"""METRICSHEET_CHECK: whether a host hands cells over as they are.

Some hand over a blank cell as 0, and then ten blank cells below forty answers are ten answers of 0; no
function can tell. What arrives of cells that are known shows it.
"""

from __future__ import annotations

from excel_addin.cells import to_cells
from excel_addin.definitions import Definitions
from excel_addin.general_functions import CATEGORY
from excel_addin.worksheet_function import Argument, WorksheetFunction
from metricsheet.errors import DefinitionError
from metricsheet.export.lambdas.host_check import CHECK, KNOWN, changed_cells, other_cells
from metricsheet.values import Cell, ExcelError


def check_function(definitions: Definitions) -> WorksheetFunction:
    """Return METRICSHEET_CHECK; it speaks the language of ``definitions`` where these can be read."""
    named = ", ".join(name for name, _ in KNOWN)
    return WorksheetFunction(
        name=CHECK,
        description='"ok" where this program hands over cells as they are, else what it makes of them.',
        category=CATEGORY,
        arguments=(Argument("cells", f"Seven cells that are known: {named}", cells=True),),
        answer=lambda given: check(definitions, given[0]),
    )


def check(definitions: Definitions, argument: object) -> str:
    """Return ``ok``, or what arrived of the known cells in place of what they hold."""
    try:
        language = definitions.catalog().language
    except DefinitionError:
        language = "en"
    cells = to_cells(argument)
    if len(cells) != len(KNOWN):
        return other_cells(language)
    changed = [
        f"{name} → {_shown(cell)}"
        for (name, known), cell in zip(KNOWN, cells, strict=True)
        if cell != known or isinstance(cell, bool) != isinstance(known, bool)
    ]
    return changed_cells(changed, language) if changed else "ok"


def _shown(cell: Cell) -> str:
    if cell is None:
        return "blank"
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, str):
        return f'"{cell}"'
    return cell.code if isinstance(cell, ExcelError) else f"{cell:.15g}"
