"""The lines of a mapping file that bind a book just as it was bound without them."""

from __future__ import annotations

from collections.abc import Mapping

from metricsheet.binding.bind import Whole
from metricsheet.binding.candidates import Found, Layout
from metricsheet.binding.choose import Bindings, choose
from metricsheet.binding.map_lookup import resolve
from metricsheet.binding.map_target import parse_target
from metricsheet.errors import UsageError
from metricsheet.files.addresses import column_letters, range_a1, sheet_prefix


def steady_lines(whole: Whole, given: Mapping[str, str]) -> dict[str, str]:
    """Return for every bound input or metric the target that names its cells, ``given`` ones as they are.

    Inputs without such a target are not in it, and neither are those of a table that would be read as
    something else by its lines: without a line they are found as they were.
    """
    layout, bound = whole.layout, whole.choice.bound
    lines = {key: text for key, found in bound.items() if (text := target_of(layout, found, given.get(key)))}
    while lines:
        targets = {key: tuple(map(parse_target, text.split("|"))) for key, text in lines.items()}
        changed = _changed(whole.choice, choose(layout, targets).choice) & lines.keys()
        if not changed:
            return lines
        regions = {_region(bound[key]) for key in changed}
        lines = {
            key: text
            for key, text in lines.items()
            if key not in changed and _region(bound[key]) not in regions
        }
    return lines


def target_of(layout: Layout, found: Found, given: str | None = None) -> str:
    """Return what a mapping may say for exactly these cells, ``""`` where nothing names them alone."""
    if given is not None:
        return given
    place = found.place
    letters = column_letters(place.left)
    column = f"{sheet_prefix(place.sheet)}{letters}:{letters}"
    return next((t for t in (found.target, column, range_a1(place)) if _names(layout, t, found)), "")


def _names(layout: Layout, text: str, found: Found) -> bool:
    """Return whether ``text`` is a target of these cells in these rows, under the same header."""
    try:
        named = resolve(layout, parse_target(text)) if "|" not in text else None
    except UsageError:
        return False
    return isinstance(named, Found) and _cells(named) == _cells(found)


def _cells(found: Found) -> tuple[object, ...]:
    rows = found.rows
    part = (rows.first, rows.count, rows.exact) if rows is not None else ()
    return found.place, found.asked, found.over, _region(found), part


def _region(found: Found) -> object:
    """Return what tells apart the table of some cells; the cells themselves without one."""
    return id(found.rows.region) if found.rows is not None else found.place


def _changed(before: Bindings, after: Bindings) -> set[str]:
    """Return the inputs that are elsewhere now, and those of tables that were read as something else."""
    moved = {
        key
        for key in before.bound.keys() | after.bound.keys()
        if key not in before.bound
        or key not in after.bound
        or _cells(before.bound[key]) != _cells(after.bound[key])
    }
    others = {
        region
        for region, reading in before.readings.items()
        if (reading.kind, reading.found) != (after.readings[region].kind, after.readings[region].found)
    }
    beside = {_region(before.bound[key]) for key in moved if key in before.bound} | others
    beside |= {_region(after.bound[key]) for key in moved if key not in before.bound}
    return {key for key, found in before.bound.items() if _region(found) in beside}
