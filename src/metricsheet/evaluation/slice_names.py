"""The names of slices: spellings that a pivot table of Excel takes for one name are one slice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from metricsheet.dataset import Problem
from metricsheet.language.message import Message, and_more
from metricsheet.reading.texts import read_name
from metricsheet.values import NA_, Cell, ExcelError
from metricsheet.values.folding import name_key

BLANK = "(blank)"
"""The slice of the rows that name none: blank cells, ``n/a`` and the like."""

_SHOWN = 3


def slice_name(cell: Cell) -> str:
    """Return the name that a cell gives to its slice, as a person writes it."""
    if isinstance(cell, ExcelError):
        return BLANK if cell.code == NA_ else cell.code
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return f"{cell:.15g}"
    name = read_name(cell) if cell is not None else None
    return BLANK if name is None else " ".join(name.split())


class SliceNames:
    """The names under one header: which of them are one slice, and how it is written.

    That is the spelling that most cells have; of equally many the one that comes first.
    """

    def __init__(self) -> None:
        self._spellings: dict[str, Counter[str]] = {}
        self._names: dict[tuple[type, Cell], tuple[str, str]] = {}

    def add(self, cells: Sequence[Cell], rows: Iterable[int]) -> None:
        """Take the cells of some rows of a column into account."""
        for cell, count in Counter([(cells[row].__class__, cells[row]) for row in rows]).items():
            name = slice_name(cell[1])
            key = self._names[cell] = name_key(name), name
            self._spellings.setdefault(key[0], Counter())[name] += count

    def read(self, cells: Sequence[Cell]) -> list[str | None]:
        """Return the slice of every cell; ``None`` for cells that were not added."""
        chosen = {key: self._chosen(key) for key in self._spellings}
        names = {cell: chosen[key] for cell, (key, _) in self._names.items()}
        return [names.get((cell.__class__, cell)) for cell in cells]

    def _chosen(self, key: str) -> str:
        return self._spellings[key].most_common(1)[0][0]

    def notices(self, source: str, header: str) -> list[Problem]:
        """Return what to tell of names that have several spellings."""
        several = {key: spellings for key, spellings in self._spellings.items() if len(spellings) > 1}
        if not several:
            return []
        others = {self._chosen(key): spellings for key, spellings in several.items()}
        count = sum(spellings.total() - spellings[name] for name, spellings in others.items())
        names = [
            str(Message("also_written", name=name, spellings=tuple(s for s in spellings if s != name)))
            for name, spellings in others.items()
        ]
        message = Message("names_folded", count=count, header=header, names=and_more(names, _SHOWN))
        return [Problem(source, "names_folded", message)]
