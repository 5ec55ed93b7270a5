"""What is wrong with the functions that a workbook uses: missing, old, clashing, with stale values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from metricsheet.catalog.definitions import Catalog
from metricsheet.errors import WorkbookError
from metricsheet.export.lambdas.calls import Call, FormulaCell, calls_in, formula_cells, functions_by_name
from metricsheet.export.lambdas.functions import PREFIX, export, host_check, made_from
from metricsheet.export.lambdas.host_check import CHECK
from metricsheet.export.lambdas.recomputed import recompute
from metricsheet.files.book import Book
from metricsheet.files.read import read_bytes
from metricsheet.language.message import Message
from metricsheet.records import record
from metricsheet.report.xlsx.package import (
    DefinedName,
    defined_names,
    has_macros,
    names_of_sheets,
    worksheets,
)

SAME_FORMULA = "same_formula"
"""Of a name that was made from other definitions, and is the same by those in force: nothing is wrong."""


@record
class Finding:
    """One thing that was found, and where: a cell or a name."""

    code: str
    where: str
    message: Message


def examine(book: bytes, name: str, catalog: Catalog) -> list[Finding]:
    """Return what is wrong with our functions in a workbook. Raises ``WorkbookError``."""
    names = defined_names(book)
    found = [*_names(book, names, catalog)]
    try:
        cells: Book | None = read_bytes(book, name)
    except WorkbookError:
        cells = None  # nothing but formulas of ours: no value can be checked
    known = functions_by_name(catalog)
    ours = {f"{PREFIX}{key}": of for key, of in known.items()}
    ours |= {key: known[bare] for key in names if (bare := _bare(key, known)) is not None}
    macros = has_macros(book)
    for sheet, (_, text) in worksheets(book).items():
        for cell in formula_cells(sheet, text):
            calls = [*calls_in(cell.formula, {**known, **ours})]
            for call in calls:
                if call.lead or (call.name not in names and (not macros or call.name not in known)):
                    found.append(Finding("missing_function", cell.where, _missing(cell, call)))
            if calls:
                found += _value(cell, calls, catalog, cells)
    return found


def _bare(name: str, known: Mapping[str, object]) -> str | None:
    """Return the function that a name with a prefix (``L.NPS``) stands for."""
    ends = (name[at:] for at in range(len(name)) if at == 0 or name[at - 1] in "._")
    return next((end for end in ends if end in known), None)


def _missing(cell: FormulaCell, call: Call) -> Message:
    said = {"function": f"{call.lead}{call.name}", "value": cell.value or ""}
    return Message("missing_function.shows" if cell.value else "missing_function.blank", **said)


def _names(book: bytes, names: Mapping[str, DefinedName], catalog: Catalog) -> Iterator[Finding]:
    ours = {key: name for key, name in names.items() if made_from(name) is not None}
    known = functions_by_name(catalog)
    expected: dict[str, DefinedName] = {}
    for key in ours:
        bare = _bare(key, {**known, CHECK: None})
        if bare is None or key in expected:
            continue
        prefix = key[: len(key) - len(bare)]
        made = export(catalog, [known[bare][0].key], prefix) if bare in known else None
        of_these = made.names if made is not None else (host_check(catalog, prefix),)
        expected.update({name.name.upper(): name for name in of_these})
    local = names_of_sheets(book)
    for key, name in ours.items():
        made_with = made_from(name)
        assert made_with is not None
        now = expected.get(key)
        said = {"digest": made_with[1], "now": catalog.digest}
        if now is None:
            yield Finding("outdated_function", name.name, Message("outdated_function.gone", **said))
        elif now.text != name.text:
            yield Finding("outdated_function", name.name, Message("outdated_function.other", **said))
        elif made_with[1] != catalog.digest:
            yield Finding(SAME_FORMULA, name.name, Message("outdated_function.same", **said))
        if key in known:
            yield Finding("name_clash", name.name, Message("name_clash.add_in"))
        if key in local:
            yield Finding("name_clash", name.name, Message("name_clash.sheet"))


def _value(cell: FormulaCell, calls: list[Call], catalog: Catalog, cells: Book | None) -> Iterator[Finding]:
    """Yield what is wrong with the stored value of a cell that is one call and nothing else."""
    if cell.value is None:
        yield Finding("no_value", cell.where, Message("no_stored_value"))
        return
    call = calls[0]
    whole = len(calls) == 1 and call.start == 0 and call.stop == len(cell.formula) - 1
    now = recompute(catalog, cells, cell.sheet, call) if whole and cells is not None else None
    if now is None or _same(now, cell.value):
        return
    shown = now if isinstance(now, str) else f"{now:.15g}"
    yield Finding("stale_value", cell.where, Message("stale_value", value=cell.value, now=shown))


def _same(now: float | str, stored: str) -> bool:
    if isinstance(now, str):
        return now == stored
    try:
        return math.isclose(now, float(stored), rel_tol=1e-9, abs_tol=1e-9)
    except ValueError:
        return False
