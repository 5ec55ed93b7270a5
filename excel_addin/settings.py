"""Settings given as arguments of a worksheet function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from metricsheet.catalog.definitions import Catalog
from metricsheet.values import VALUE, Cell, ExcelError


def chosen_settings(catalog: Catalog, given: Mapping[str, Sequence[Cell]]) -> dict[str, str] | ExcelError:
    """Return the settings that were given; one left out or blank keeps its default.

    A word is taken in any case and a logical as yes or no; anything that the setting does not list is
    ``#VALUE!``, and an error goes through.
    """
    chosen: dict[str, str] = {}
    for key, cells in given.items():
        cell = only_cell(cells)
        if cell is None:
            continue
        if isinstance(cell, ExcelError):
            return cell
        word = ("yes" if cell else "no") if isinstance(cell, bool) else str(cell)
        words = {known.casefold(): known for known in catalog.choices[key].one_of}
        found = words.get(word.strip().casefold())
        if found is None:
            return ExcelError(VALUE, f"{key} is one of {', '.join(words.values())}, not {word!r}")
        chosen[key] = found
    return chosen


def only_cell(cells: Sequence[Cell]) -> Cell:
    """Return the one cell of an argument that has no use for more; ``#VALUE!`` for a range of several."""
    return cells[0] if len(cells) == 1 else ExcelError(VALUE, "one cell is wanted here, not a range")
