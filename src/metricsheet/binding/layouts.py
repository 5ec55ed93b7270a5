"""Books of one layout: what was decided on the first of them holds for those that differ in values alone.

A decision follows from structure (sheets, headers and where they are, kinds of columns) and from questions
about cells (can this column be that input, does it name each row once). So it holds for another book when its
structure is equal and each of these questions has the same answer there; any other book is decided anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from metricsheet.binding.candidates import Found, How, Layout, row_count
from metricsheet.binding.choose import HIDDEN_ROWS, Bindings, Chooser, choose, maybe_bound
from metricsheet.binding.kinds import KindReading
from metricsheet.binding.map_target import Target
from metricsheet.dataset import Problem
from metricsheet.files.book import Sheet, as_column
from metricsheet.language.message import Message
from metricsheet.records import record, replace
from metricsheet.tables.region import Region

_MOST_KEPT, _MOST_ALIKE = 200, 4
"""This many structures are kept, and of each the newest decisions: every one is tried on the next book."""
_MAYBE = "not_bound.generic"
_NO_CELL_NAMED = ("not_bound.looked_for", "not_bound.similar", _MAYBE)
"""Reasons in which no cell is named, or anew for each book."""

_Regions = Sequence[tuple[Region, How]]
_Column = tuple[int, int, How]
"""The number of a region, a column in it, and how that was found."""


@record
class _Decided:
    """What was decided on a book, and the answers that it is based on."""

    bound: Mapping[str, _Column]
    candidates: Mapping[str, tuple[_Column, ...]]
    refused: dict[str, Message]
    problems: tuple[Problem, ...]
    readings: Mapping[int, KindReading]
    misfits: tuple[tuple[str, _Column, Any], ...]
    answers: tuple[tuple[int, tuple[Any, ...], Any], ...]


class Layouts:
    """The layouts met so far, for one catalog."""

    def __init__(self) -> None:
        self._decided: dict[tuple[Any, ...], list[_Decided]] = {}

    def choose(
        self, layout: Layout, targets: Mapping[str, Sequence[Target]], among_others: bool
    ) -> tuple[Bindings, str]:
        """Return what ``choose`` does, from a book before where that is the same, and a name of the layout.

        The name is for counting, and empty where there is nothing to count; whether two layouts are equal is
        never told by it.
        """
        structure = _structure_of(layout)
        name = _name_of(structure) if among_others else ""
        if targets:
            return choose(layout, targets, among_others=among_others).choice, name
        regions = _regions(layout)
        # where a message names cells, it is only the same if they end in the same row
        exact = (*structure, tuple(region.places for region, _ in regions))
        for asked, told in ((structure, False), (exact, True)):
            for decided in self._decided.get(asked, ()):
                found = _again(layout, regions, decided, told)
                if found is not None:
                    return found, name
        work = choose(layout, targets, among_others=among_others)
        made = _decided(work, regions)
        if made is not None:
            if len(self._decided) >= _MOST_KEPT:
                self._decided.clear()
            alike = self._decided.setdefault(exact if _tells(made) else structure, [])
            alike[:] = [made, *alike[: _MOST_ALIKE - 1]]
        return work.choice, name


def _name_of(structure: tuple[Any, ...]) -> str:
    from hashlib import blake2b

    return blake2b(repr(structure).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _structure_of(layout: Layout) -> tuple[Any, ...]:
    """Return everything of a book that decides what its columns are, but what is asked of its cells."""
    book = layout.book
    tables = [(t.name, t.columns, replace(t.data, bottom=None)) for t in book.tables.values()]
    return (
        book.text_only,
        tuple(layout.read.items()),
        tuple((sheet.name, sheet.hidden, *_words_of_hidden(sheet)) for sheet in book.sheets),
        tuple(book.names.items()),
        tuple(tables),
        *(
            _structure(region, how, alone=len(regions) == 1 and not book.names)
            for regions in _by_sheet(layout)
            for region, how in regions
        ),
    )


def _structure(region: Region, how: How, *, alone: bool) -> tuple[Any, ...]:
    """Return the structure of a region; where it ends only matters where it is not ``alone`` on its sheet."""
    return (
        (how, region.sheet, region.kind, region.header_row, region.top, region.left, region.right),
        (region.headers, region.over, region.wordings, region.notes, region.units),
        (region.transposed, region.lettered, region.date_column, region.positions),
        region.places if not alone or region.kind == "pairs" or region.transposed else None,
        (bool(region.left_out), bool(region.unsure), min(row_count(region), 2)),
        tuple(problem.code for problem in region.problems),
        tuple(bytes(sorted(set(as_column(cells).kinds))) for cells in region.columns),
    )


def _words_of_hidden(sheet: Sheet) -> Iterator[tuple[str, ...]]:
    """Yield the texts of a hidden sheet in which headers are looked for."""
    for row in range(min(sheet.height, HIDDEN_ROWS) if sheet.hidden else 0):
        yield tuple(cell for cell in sheet.row(row) if isinstance(cell, str))


def _by_sheet(layout: Layout) -> Iterator[list[tuple[Region, How]]]:
    return (list(layout.headed_regions(sheet)) for sheet in layout.visible)


def _regions(layout: Layout) -> _Regions:
    return [found for regions in _by_sheet(layout) for found in regions]


def _decided(work: Chooser, regions: _Regions) -> _Decided | None:
    """Return what was decided by column numbers, ``None`` where places are not whole columns of tables."""
    numbers = {id(region): number for number, (region, _) in enumerate(regions)}
    owners = {
        (id(cells), place): (number, column)
        for number, (region, _) in enumerate(regions)
        for column, (cells, place) in enumerate(zip(region.columns, region.places, strict=True))
    }

    def numbered(found: Found) -> _Column | None:
        place = owners.get((id(found.cells), found.place))
        return (*place, found.how) if place is not None else None

    choice = work.choice
    bound = {key: numbered(found) for key, found in choice.bound.items()}
    several = {key: tuple(map(numbered, found)) for key, found in choice.candidates.items()}
    misfits = [(key, numbered(found), why) for (key, _), (found, why) in work.misfits.items()]
    places = [*bound.values(), *(place for _, place, _ in misfits), *(p for s in several.values() for p in s)]
    if None in places:
        return None
    return _Decided(
        bound,  # type: ignore[arg-type]  # none of them is None
        several,  # type: ignore[arg-type]
        choice.refused,
        tuple(choice.problems),
        {numbers[region]: reading for region, reading in choice.readings.items()},
        tuple(misfits),  # type: ignore[arg-type]
        tuple(
            (numbers[region], *said) for region, table in work.tables.items() for said in table.said.items()
        ),
    )


def _tells(decided: _Decided) -> bool:
    """Return whether a message may name cells."""
    return bool(decided.problems) or any(why.key not in _NO_CELL_NAMED for why in decided.refused.values())


def _again(layout: Layout, regions: _Regions, decided: _Decided, told: bool) -> Bindings | None:
    """Return what was decided for another book, ``None`` where its cells answer otherwise."""
    work = Chooser(layout)

    def found(place: _Column) -> Found:
        number, column, how = place
        return layout.column(regions[number][0], column, how)

    for key, place, why in decided.misfits:
        now = work.misfit(key, found(place))
        if (now is None) != (why is None) or (told and now != why):
            return None
    for number, asked, answer in decided.answers:
        if work.table(*regions[number]).ask(*asked) != answer:
            return None
    candidates = {key: [*map(found, places)] for key, places in decided.candidates.items()}
    maybe = [key for key, why in decided.refused.items() if why.key == _MAYBE]
    refused = {**decided.refused, **{key: maybe_bound(key, candidates[key][0]) for key in maybe}}
    return Bindings(
        {key: found(place) for key, place in decided.bound.items()},
        refused if maybe else decided.refused,
        [replace(problem, source=layout.book.name) for problem in decided.problems],
        {id(regions[number][0]): reading for number, reading in decided.readings.items()},
        candidates,
    )
