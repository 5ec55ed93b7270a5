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
from metricsheet.language.message import Message, say
from metricsheet.values import NA_, Cell, ExcelError

KNOWN: tuple[tuple[str, Cell], ...] = (
    ("blank", None),
    ("0", 0.0),
    ("text", "text"),
    ("TRUE", True),
    ("#N/A", ExcelError(NA_)),
    ("2024-03-31", 45382.0),
    ("12.50 €", 12.5),
)
"""The cells of the check block, in their order: how each is called, and what must arrive of it."""


def check_function(definitions: Definitions) -> WorksheetFunction:
    """Return METRICSHEET_CHECK; it speaks the language of ``definitions`` where these can be read."""
    named = ", ".join(name for name, _ in KNOWN)
    return WorksheetFunction(
        name="METRICSHEET_CHECK",
        description='"ok" where this program hands over cells as they are, else what it makes of them.',
        category=CATEGORY,
        arguments=(Argument("cells", f"Seven cells that are known: {named}", cells=True),),
        answer=lambda given: check(definitions, given[0]),
    )


def check(definitions: Definitions, argument: object) -> str:
    """Return ``ok``, or what arrived of the known cells in place of what they hold."""
    cells = to_cells(argument)
    if len(cells) != len(KNOWN):
        message = Message("check_block", cells=tuple(name for name, _ in KNOWN))
    else:
        changed = [
            f"{name} → {_shown(cell)}"
            for (name, known), cell in zip(KNOWN, cells, strict=True)
            if cell != known or isinstance(cell, bool) != isinstance(known, bool)
        ]
        if not changed:
            return "ok"
        message = Message("host_changes_cells", changes=tuple(changed))
    try:
        language = definitions.catalog().language
    except DefinitionError:
        language = "en"
    return say(message, language)


def _shown(cell: Cell) -> str:
    if cell is None:
        return "blank"
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, str):
        return f'"{cell}"'
    return cell.code if isinstance(cell, ExcelError) else f"{cell:.15g}"
