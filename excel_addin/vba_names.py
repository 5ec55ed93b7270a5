"""Names that VBA takes for the arguments of a function."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.catalog.assembly.excel_words import VBA

# Names that the wrappers use and that an argument of the same name would hide; in the place of an argument
# called `caller` xlwings puts the calling cell.
_WRAPPER_NAMES = ("ACTIVEWORKBOOK", "APPLICATION", "ARRAY", "CALLER", "ERR", "RANGE", "THISWORKBOOK", "XLPY")


def argument_names(keys: Sequence[str], function: str) -> tuple[str, ...]:
    """Return ``keys`` as argument names that VBA takes: no keyword, not the name of the function itself.

    VBA knows no difference between small letters and capitals; a name that is taken gets a ``_``.
    """
    taken = {function.upper(), *VBA, *_WRAPPER_NAMES}
    names: list[str] = []
    for key in keys:
        name = key
        while name.upper() in taken:
            name += "_"
        taken.add(name.upper())
        names.append(name)
    return tuple(names)
