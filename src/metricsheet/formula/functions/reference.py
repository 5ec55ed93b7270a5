"""The documentation page of the functions, made from the table alone."""

from __future__ import annotations

from metricsheet.formula.ast import number_text
from metricsheet.formula.functions import FUNCTIONS, Example, Function
from metricsheet.values import Cell

_HEAD = """# Functions

Every function a formula may call. A *range* argument (`cells` and the like) is a column, row by row: text,
empty cells and logicals in it are ignored as Excel ignores them, and an error cell is the answer. Errors in
other arguments go through as well, unless the function says otherwise. Older spellings work too.

This page is made from the function table; `python -m metricsheet.formula.functions.reference` prints it.
"""
_FAMILIES = {
    "statistics": "Counts, sums, averages, order and spread",
    "conditions": "Rows that meet criteria",
    "mathematics": "Single numbers",
    "logic": "Choices and conditions",
    "information": "What a value is",
    "dates": "Dates",
    "text": "Text",
}


def functions_page() -> str:
    """Return ``docs/functions.md``: each function with its use, meaning, examples and spelling in files."""
    lines = [_HEAD]
    for family, title in _FAMILIES.items():
        lines += [
            f"## {title}",
            "",
            "| function | gives | examples | stored in workbooks as |",
            "|---|---|---|---|",
        ]
        lines += [_row(f) for f in FUNCTIONS.values() if f.family == family]
        lines.append("")
    return "\n".join(lines)


def _row(function: Function) -> str:
    name = f"`{function.usage()}`"
    if function.aliases:
        name += " also " + ", ".join(f"`{alias}`" for alias in function.aliases)
    examples = "<br>".join(_example(example) for example in function.examples)
    return f"| {name} | {function.doc} | {examples} | `{function.stored_as}` |"


def _example(example: Example) -> str:
    text = f"`{example.formula}` → `{_value(example.answer)}`"
    given = [
        f"{name} = {_values(values)}" for name, values in example.inputs.items() if name in example.formula
    ]
    return f"{text} for {'; '.join(given)}" if given else text


def _values(values: object) -> str:
    cells = values if isinstance(values, tuple) else (values,)
    return ", ".join(_value(cell) for cell in cells)


def _value(cell: Cell) -> str:
    if cell is None:
        return "(empty)"
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return number_text(cell) if isinstance(cell, (int, float)) else str(cell)


if __name__ == "__main__":
    import sys
    from pathlib import Path

    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(functions_page(), encoding="utf-8", newline="\n")
    else:
        sys.stdout.write(functions_page())
