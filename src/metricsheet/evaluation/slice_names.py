"""The names of slices: spellings that a pivot table of Excel takes for one name are one slice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from metricsheet.dataset import Problem
from metricsheet.language.message import Message, and_more
from metricsheet.reading.texts import read_name
from metricsheet.values import NA_, Cell, ExcelError
from metricsheet.values.coded import Coded
from metricsheet.values.folding import name_key

BLANK = "(blank)"
"""The slice of the rows that name none: blank cells, ``n/a`` and the like."""

_SHOWN = 3
_APART = frozenset((str, type(None)))
"""Cells of these classes are equal only where they are the same; TRUE equals 1."""


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
        self._written: dict[str, Counter[str]] = {}
        self._names: dict[str, Counter[str]] = {}
        self._keys: dict[tuple[type, Cell], str] = {}

    def add(self, cells: Sequence[Cell], rows: Iterable[int], weights: Sequence[int] | None = None) -> None:
        """Take the cells of some rows of a column into account, each once or as often as ``weights`` say."""
        counts: Counter[tuple[type, Cell]] = Counter()
        if isinstance(cells, Coded) and isinstance(rows, range) and len(rows) == len(cells):
            self._count(Counter({(cell.__class__, cell): count for cell, count in cells.tally().items()}))
            return
        taken = list(map(cells.__getitem__, rows))
        if weights is not None:
            for one, weight in zip(taken, weights, strict=True):
                counts[one.__class__, one] += weight
        elif set(map(type, taken)) <= _APART:
            counts.update({(cell.__class__, cell): count for cell, count in Counter(taken).items()})
        else:
            counts.update([(cell.__class__, cell) for cell in taken])
        self._count(counts)

    def _count(self, counts: Counter[tuple[type, Cell]]) -> None:
        for cell, count in counts.items():
            name = slice_name(cell[1])
            key = self._keys[cell] = name_key(name)
            self._names.setdefault(key, Counter())[name] += count
            if isinstance(cell[1], str) and name != BLANK:
                self._written.setdefault(key, Counter())[cell[1]] += count

    def read(self, cells: Sequence[Cell]) -> Sequence[str | None]:
        """Return the slice of every cell; ``None`` for cells that were not added."""
        chosen = {key: self._chosen(key) for key in self._names}
        names = {cell: chosen[key] for cell, key in self._keys.items()}
        if isinstance(cells, Coded):
            return cells.mapped(lambda cell: names.get((cell.__class__, cell)))
        if set(map(type, cells)) <= _APART:
            return list(map({cell: name for (_, cell), name in names.items()}.get, cells))
        return [names.get((cell.__class__, cell)) for cell in cells]

    def _chosen(self, key: str) -> str:
        return self._names[key].most_common(1)[0][0]

    def notices(self, source: str, header: str) -> list[Problem]:
        """Return what to tell of names that are written in other ways, and in how many cells."""
        count = 0
        names = []
        for key, spellings in self._written.items():
            name = self._chosen(key)
            others = tuple(f"'{text}'" for text in spellings if text != name)
            if others:
                count += spellings.total() - spellings[name]
                names.append(str(Message("also_written", name=name, spellings=others)))
        if not names:
            return []
        message = Message("names_folded", count=count, header=header, names=and_more(names, _SHOWN))
        return [Problem(source, "names_folded", message)]
