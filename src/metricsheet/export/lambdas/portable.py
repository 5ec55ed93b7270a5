"""A workbook for a colleague without the add-in: its calls become LAMBDA names or values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from metricsheet.catalog.definitions import Catalog
from metricsheet.errors import WorkbookError
from metricsheet.export.lambdas.book import documentation
from metricsheet.export.lambdas.calls import Call, FormulaCell, calls_in, formula_cells, functions_by_name
from metricsheet.export.lambdas.functions import PREFIX, Exported, export, host_check
from metricsheet.export.lambdas.host_check import CHECK
from metricsheet.export.lambdas.recomputed import recompute
from metricsheet.files.book import Book
from metricsheet.files.read import read_bytes
from metricsheet.patterns import late
from metricsheet.records import record
from metricsheet.report.xlsx.package import (
    DefinedName,
    array_mark,
    defined_names,
    has_macros,
    recalculated,
    worksheets,
)
from metricsheet.values import ERROR_CODES

_ATTRIBUTES = late(r"<((?:\w+:)?)c\b([^<>]*)>")


@record
class Portable:
    """What became of the cells that call functions of the add-in, by their addresses."""

    replaced: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def portable(book: bytes, name: str, catalog: Catalog, *, values: bool) -> tuple[bytes, Portable]:
    """Return ``book`` with LAMBDA names in the place of the add-in's functions, or with values.

    A value is the core's answer, or the stored one where the call names more than cells; a cell without
    either is left, and so are functions of no single metric where names are asked for. Nothing else changes,
    but that Excel calculates anew. Raises ``WorkbookError`` for a workbook that cannot be changed in part.
    """
    known, names = functions_by_name(catalog), defined_names(book)
    try:
        sheets: Book | None = read_bytes(book, name)
    except WorkbookError:
        sheets = None
    macros = has_macros(book)
    mark, metadata = array_mark(book, documentation(catalog, Exported((), ()), "en")[0])
    replaced: list[str] = []
    left: list[str] = []
    found = {
        part: (
            text,
            [(c, calls) for c in formula_cells(sheet, text) if (calls := _ours(c, known, names, macros))],
        )
        for sheet, (part, text) in worksheets(book).items()
    }
    called = {
        c.metric.key: None for _, cells in found.values() for _, calls in cells for c in calls if c.metric
    }
    checks = any(call.name == CHECK for _, cells in found.values() for _, calls in cells for call in calls)
    functions = export(catalog, called).functions if called else ()
    exported = Exported(functions, (), host_check(catalog) if checks else None)
    defined = () if values else exported.beside(names).names
    writable = {name.name.upper() for name in defined}
    changed: dict[str, str] = {}
    for part, (text, with_calls) in found.items():
        pieces, at = [], 0
        for cell, calls in with_calls:
            whole = text[cell.start : cell.end]
            wanted = {f"{PREFIX}{call.name}".upper() for call in calls}
            made = None
            if values:
                made = _as_value(whole, _value(catalog, sheets, cell, calls))
            elif wanted <= writable:
                made = _as_names(whole, cell, calls, mark)
            (left if made is None else replaced).append(cell.where)
            if made is None and cell.shared:
                # the cell that its formula is shared with may have another one now
                prefix = _opened(whole)[1]
                made = _formula_replaced(whole, f"<{prefix}f>{escape(cell.formula)}</{prefix}f>")
            if made is not None:
                pieces += [text[at : cell.start], made]
                at = cell.end
        if pieces:
            changed[part] = "".join([*pieces, text[at:]])
    if not replaced:
        return book, Portable((), tuple(left), ())
    whole_book = recalculated(book, changed, defined, b"" if values else metadata)
    return whole_book, Portable(tuple(replaced), tuple(left), tuple(one.name for one in defined))


def _ours(
    cell: FormulaCell, known: Mapping[str, Any], names: dict[str, DefinedName], macros: bool
) -> list[Call]:
    return [call for call in calls_in(cell.formula, known) if _of_add_in(call, names, macros)]


def _of_add_in(call: Call, names: dict[str, DefinedName], macros: bool) -> bool:
    """Return whether a call is one of the add-in's functions: no name and no macro of the workbook."""
    return bool(call.lead or (call.name not in names and not macros))


def _as_names(whole: str, cell: FormulaCell, calls: list[Call], mark: int) -> str:
    """Return a cell with names in the place of calls."""
    formula = cell.formula
    for call in reversed(calls):
        formula = f"{formula[: call.start]}{PREFIX}{call.name}{formula[call.end :]}"
    prefix = _opened(whole)[1]
    made = f'<{prefix}f t="array" ref="{cell.area or cell.cell}">{escape(formula)}</{prefix}f>'
    with_formula = _formula_replaced(whole, made)
    if cell.area or not mark:
        return with_formula
    opened = _opened(with_formula)
    tag = opened[0] if " cm=" in opened[2] else f'<{opened[1]}c{opened[2]} cm="{mark}">'
    return tag + with_formula[opened.end() :]


def _formula_replaced(whole: str, made: str) -> str:
    pattern = r"<(?:\w+:)?f\b[^<>]*?(?:/>|>[^<]*</(?:\w+:)?f>)"
    return re.sub(pattern, lambda _: made, whole, count=1)


def _opened(whole: str) -> re.Match[str]:
    """Return the tag that opens a cell: its prefix and its attributes."""
    found = _ATTRIBUTES.match(whole)
    assert found is not None, "cells are found by their tags"
    return found


def _value(catalog: Catalog, cells: Book | None, cell: FormulaCell, calls: list[Call]) -> float | str | None:
    """Return the value of a cell: the core's where it is one call, else the one that is stored."""
    call = calls[0]
    if len(calls) == 1 and call.start == 0 and call.stop == len(cell.formula) - 1 and cells is not None:
        now = recompute(catalog, cells, cell.sheet, call)
        if now is not None:
            return now
    if cell.value is None or (cell.kind == "e" and cell.value == "#NAME?"):
        return None
    if cell.kind == "b":
        return cell.value == "1"
    return float(cell.value) if cell.kind == "n" else cell.value


def _as_value(whole: str, value: float | str | None) -> str | None:
    """Return a cell with a value in the place of its formula."""
    if value is None:
        return None
    kind, text = "n", repr(value)
    if isinstance(value, bool):
        kind, text = "b", str(int(value))
    elif isinstance(value, str):
        kind, text = "e" if value in ERROR_CODES else "str", escape(value)
    opened = _opened(whole)
    prefix, said = opened[1], re.sub(r' (?:t|cm)="[^"]*"', "", opened[2])
    return f'<{prefix}c{said} t="{kind}"><{prefix}v>{text}</{prefix}v></{prefix}c>'
