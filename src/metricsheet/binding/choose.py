"""Which cells of a book each input is bound to: the candidates in order, and refusal rather than a guess."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from metricsheet.binding.candidates import Found, How, Layout
from metricsheet.binding.data_tables import date_columns
from metricsheet.binding.fit import Misfit, answers_in, map_line, misfit
from metricsheet.binding.headers import AliasIndex
from metricsheet.binding.kind_words import kind_index
from metricsheet.binding.kinds import KindReading, TableColumns, read_kind
from metricsheet.binding.map_lookup import NotFound, resolve
from metricsheet.binding.map_target import Target
from metricsheet.catalog.derived import with_parts
from metricsheet.dataset import Problem
from metricsheet.files.addresses import range_a1, sheet_prefix
from metricsheet.files.book import CellRange
from metricsheet.language.message import Message, and_more, one_of
from metricsheet.language.option import Option, option
from metricsheet.records import field, record
from metricsheet.tables.period_rows import names_periods
from metricsheet.tables.region import Region

_LEVELS: tuple[How, ...] = ("name", "table", "header", "label")
_SETTLED = ("ambiguous", "not_this_input", "decided_by_values", "chosen_by_table")
"""Problems of one input that ``--map`` decides."""

HIDDEN_ROWS = 15
"""In this many rows of a hidden sheet a header is looked for."""
_MOST_CANDIDATES = 4


@record(frozen=False)
class Bindings:
    """What was decided for one book: cells by input, reasons of refusal, and problems a person must know.

    ``readings`` say by the id of a region what it was read as, ``candidates`` the places that an input may
    be where that is asked.
    """

    bound: dict[str, Found] = field(default_factory=dict)
    refused: dict[str, Message] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    readings: dict[int, KindReading] = field(default_factory=dict)
    candidates: dict[str, list[Found]] = field(default_factory=dict)


def choose(layout: Layout, targets: Mapping[str, Sequence[Target]], *, among_others: bool = False) -> Chooser:
    """Return where every input of the catalog is in the book, ``targets`` first.

    Of several targets for one input the first that is there is taken, unless it is another input already; in
    a book ``among_others`` none has to be there.
    """
    work = Chooser(layout)
    work.follow_map({key: listed[0] for key, listed in targets.items() if len(listed) == 1}, among_others)
    work.claim()
    waiting: dict[str, list[Found]] = {}
    claimed = {key for places in work.claims.values() for key in places}
    for key in layout.index.catalog.inputs:
        if key in claimed and key not in work.choice.bound and key not in work.choice.refused:
            several = work.decide(key)
            if several:
                waiting[key] = several
    alone = dict(work.choice.bound)
    for key, several in waiting.items():
        work.settle(key, several, alone)
    work.refuse_shared_cells(targets)
    for key, listed in targets.items():
        if len(listed) > 1:
            work.follow_list(key, listed)
    work.explain_unbound()
    return work


class Chooser:
    """The work on one book; ``misfits`` and ``tables`` hold all that its cells were asked."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.index: AliasIndex = layout.index
        self.book = layout.book
        self.choice = Bindings()
        self.claims: dict[How, dict[str, dict[CellRange, Found]]] = {level: {} for level in _LEVELS}
        self.shared: dict[str, tuple[Found, tuple[str, ...]]] = {}
        self.said: set[str] = set()
        self.misfits: dict[tuple[str, CellRange], tuple[Found, Misfit | None]] = {}
        self.tables: dict[int, TableColumns] = {}

    def follow_map(self, targets: Mapping[str, Target], among_others: bool) -> None:
        """Bind what ``--map`` says, or refuse it with what is wrong in this book."""
        for key, target in targets.items():
            found = resolve(self.layout, target)
            if isinstance(found, NotFound):
                reason = Message("map_failed", input=key, target=target.text, reason=found.message)
                if among_others and found.code == "map_not_found":
                    self._tell(found.code, reason, found.hint, key)
                else:
                    self._refuse(key, found.code, reason, found.hint)
            else:
                self.choice.bound[key] = found
                self._tell_of_several_columns(key, target, found)

    def follow_list(self, key: str, targets: Sequence[Target]) -> None:
        """Bind ``key`` to the first of several headers that is there and that is no other input."""
        places = {found.place for other, found in self.choice.bound.items() if other != key}
        lacking: NotFound | None = None
        for target in targets:
            found = resolve(self.layout, target)
            if isinstance(found, NotFound):
                lacking = lacking or found
            elif found.place not in places:
                self.choice.bound[key] = found
                self.choice.refused.pop(key, None)
                told = self.choice.problems
                told[:] = [one for one in told if one.inputs != (key,) or one.code not in _SETTLED]
                return
        if lacking is not None:
            text = "|".join(target.text for target in targets)
            reason = Message("map_failed", input=key, target=text, reason=lacking.message)
            self._tell(lacking.code, reason, lacking.hint, key)

    def _tell_of_several_columns(self, key: str, target: Target, found: Found) -> None:
        """Tell of a range over columns under different headers: only some inputs are asked in several."""
        place = found.place
        if found.rows is not None or place.left == place.right:
            return
        sheet = self.layout.sheet(place.sheet)
        heads = [
            region.headers[column]
            for region in (self.layout.regions(sheet) if sheet is not None else ())
            if region.kind == "table" and not region.transposed
            for column, where in enumerate(region.places)
            if place.left <= where.left <= place.right and region.headers[column]
        ]
        if len(set(heads)) > 1:
            shown = tuple(heads[:_MOST_CANDIDATES])
            message = Message(
                "map_several_columns", input=key, target=target.text, count=len(heads), columns=shown
            )
            self._tell("several_columns", message, Message("map_one_column", input=key), key)

    def claim(self) -> None:
        """Collect every place whose name, header or label names an input."""
        for name, place in self.book.names.items():
            sheet = self.layout.sheet(place.sheet)
            if sheet is not None and not sheet.hidden and self.index.knows(name):
                found = self.layout.at(place, "name")
                if found is not None:
                    self._claim_by_name(self.index.keys_of(name), found)
        for sheet in self.layout.visible:
            for region, how in self.layout.headed_regions(sheet):
                if not region.lettered:
                    self._claim_region(region, how)
        sheets = (sheet.name for sheet in self.layout.visible)
        for asked in dict.fromkeys(self.layout.settings(name).kind for name in sheets):
            if not asked or asked in self.said:
                continue
            message = Message("no_such_kind", kind=asked)
            hint = Message(
                "kind_needs", needs=tuple(" | ".join(n) for n in self.index.catalog.tables[asked].needs)
            )
            said = option("read", f"kind={asked}")
            self.choice.problems.append(Problem(self.book.name, "no_such_kind", message, hint, option=said))

    def _claim_by_name(self, named: Sequence[str], found: Found) -> None:
        """Claim a place for the inputs that its name or header names, whatever table it is in."""
        keys = [key for key in named if key not in self.choice.bound]
        if len(keys) > 1:
            keys = self._by_values(keys, found)
        for key in keys:
            self._claim(key, found)

    def _claim(self, key: str, found: Found) -> None:
        mapped = any(found.place == other.place for other in self.choice.bound.values())
        if key not in self.choice.bound and not mapped:
            self.claims[found.how].setdefault(key, {}).setdefault(found.place, found)

    def _claim_region(self, region: Region, how: How) -> None:
        """Claim the columns of one table for what they are in a table of its kind."""
        columns = {found.column: found for found in self.layout.headed(region, how)}
        reading = self._read_kind(region, how)
        self.choice.readings[id(region)] = reading
        if reading.tied:
            self._tell_of_open_kind(region, reading, columns)
        if reading.kind is not None:
            self.said.add(reading.kind.key)
        if reading.kind is None and not reading.tied:
            for found in columns.values():
                self._claim_by_name(self.index.plain_keys_of(found.header), found)
            return
        for key, column in reading.found.items():
            if column in columns:
                self._claim(key, columns[column])
        for key, several in reading.several.items():
            for column in several:
                self._claim(key, columns[column])
        for column, keys in reading.shared.items():
            self.shared.update(dict.fromkeys(keys, (columns[column], keys)))
            for key in keys:
                self._claim(key, columns[column])
        for found in columns.values():
            # what bears the name of an input and cannot be it is reported, not skipped
            for key in self.index.plain_keys_of(found.header):
                listed = reading.kind is not None and key in reading.kind.columns
                if listed and self.misfit(key, found) is not None:
                    self._claim(key, found)

    def _tell_of_open_kind(self, region: Region, reading: KindReading, columns: Mapping[int, Found]) -> None:
        """Tell of a table that may be of several kinds, and of the columns that wait for it."""
        waiting = tuple(columns[column].header for column in reading.asked if column in columns)
        if not waiting:
            return
        kinds = [kind.key for kind in reading.tied]
        message = Message(
            "kind_open",
            table=self.layout.all_rows(region).name,
            kinds=one_of(kinds),
            score=reading.score,
            columns=waiting,
        )
        hint = Message("kind_says", options=one_of([option("read", f"kind={key}") for key in kinds]))
        inputs = tuple(dict.fromkeys(key for keys in reading.asked.values() for key in keys))
        self.choice.problems.append(Problem(self.book.name, "kind_open", message, hint, (), inputs))

    def _read_kind(self, region: Region, how: How) -> KindReading:
        given = {
            key: found.column
            for key, found in self.choice.bound.items()
            if found.rows is not None and found.rows.region is region
        }
        table, kinds = self.table(region, how), kind_index(self.index)
        asked = self.layout.settings(region.sheet).kind
        found = read_kind(kinds, table, asked)
        # a line that says what is found without it changes nothing
        table.given = {key: column for key, column in given.items() if found.found.get(key) != column}
        return read_kind(kinds, table, asked) if table.given else found

    def table(self, region: Region, how: How) -> TableColumns:
        """Return what is asked of the cells of a region to tell its kind, with the answers so far."""
        found = self.tables.get(id(region))
        if found is not None:
            return found
        columns = {found.column: found for found in self.layout.headed(region, how)}

        def dates() -> int | None:
            if region.date_column is not None:
                return region.date_column
            # a date of something else, such as of a deal, is no period
            dated = date_columns(region.headers, lambda column: region.columns[column], self.index)
            found = [column for column in dated if names_periods(region.columns[column])]
            return found[0] if len(found) == 1 else None

        def fits(key: str, column: int) -> bool:
            return self.misfit(key, columns[column]) is None

        def answers(key: str, column: int) -> list[float]:
            return answers_in(self.index, key, columns[column], text_only=self.book.text_only)

        inputs = self.index.catalog.inputs
        table = TableColumns(inputs, region.headers, region.columns, fits, dates, answers, region.wordings)
        self.tables[id(region)] = table
        return table

    def _by_values(self, keys: list[str], found: Found) -> list[str]:
        """Return which of the inputs that one header names its values can be."""
        fitting = [key for key in keys if self.misfit(key, found) is None]
        if len(fitting) == 1:
            others = tuple(key for key in keys if key not in fitting)
            self._tell(
                "decided_by_values",
                Message("decided_by_values", found=str(found), input=fitting[0], others=others),
                Message("for_the_other", option=map_line(others[0], found)),
                fitting[0],
            )
        elif fitting:
            self.shared.update({key: (found, tuple(fitting)) for key in fitting})
        return fitting or keys

    def misfit(self, key: str, found: Found) -> Misfit | None:
        """Return why a place cannot be an input."""
        asked = (key, found.place)
        if asked not in self.misfits:
            why = misfit(self.index, key, found, text_only=self.book.text_only)
            self.misfits[asked] = found, why
        return self.misfits[asked][1]

    def decide(self, key: str) -> list[Found]:
        """Bind ``key`` if one place can be it; return the places when several can."""
        wrong: Misfit | None = None
        asks = False
        for level in _LEVELS:
            places = list(self.claims[level].get(key, {}).values())
            fitting = [found for found in places if self.misfit(key, found) is None]
            if not fitting:
                wrong = wrong or (self.misfit(key, places[0]) if places else None)
                asks = asks or any(map(_asks_for_year, places))
                continue
            if key in self.shared and self.shared[key][0] in fitting:
                self._refuse_shared(key)
                return []
            if len(fitting) > 1:
                return fitting
            self.choice.bound[key] = fitting[0]
            others = [found for found in places if found is not fitting[0]]
            if others:
                reason = self.misfit(key, others[0])
                self._tell(
                    "decided_by_values",
                    Message(
                        "read_from_by_values",
                        input=key,
                        found=str(fitting[0]),
                        reason=reason.message if reason is not None else None,
                    ),
                    None,
                    key,
                )
            return []
        if wrong is not None and wrong.message.key == "no_year" and asks:
            self.choice.refused[key] = wrong.message
        elif wrong is not None:
            code = "no_year" if wrong.message.key == "no_year" else "not_this_input"
            self._refuse(key, code, wrong.message, wrong.hint)
        return []

    def settle(self, key: str, several: list[Found], alone: Mapping[str, Found]) -> None:
        """Bind ``key`` to the one place beside the other inputs of its metrics, or refuse it."""
        catalog = self.index.catalog
        partners = [
            found.rows.region
            for metric in self.index.users.get(key, ())
            for other in with_parts(catalog.metrics[metric].plan.inputs, catalog.inputs)
            if other != key and (found := alone.get(other)) is not None and found.rows is not None
        ]
        beside = [f for f in several if f.rows is not None and _among(f.rows.region, partners)]
        if len(beside) == 1:
            chosen = beside[0]
            self.choice.bound[key] = chosen
            others = [found for found in several if found is not chosen]
            self._tell(
                "chosen_by_table",
                Message(
                    "chosen_by_table",
                    input=key,
                    found=str(chosen),
                    others=tuple(map(str, others[:_MOST_CANDIDATES])),
                ),
                Message("for_the_other", option=map_line(key, others[0])),
                key,
            )
            return
        message = Message(
            "ambiguous", input=key, candidates=and_more(list(map(str, several)), _MOST_CANDIDATES)
        )
        self.choice.candidates[key] = several[:_MOST_CANDIDATES]
        lines = _map_lines(key, several[:_MOST_CANDIDATES])
        sheets = {found.place.sheet for found in several if found.rows is not None}
        hint = "settle_sheets" if len(sheets) == len(several) else "settle_with"
        self._refuse(key, "ambiguous", message, Message(hint, options=one_of(lines)))

    def _refuse_shared(self, key: str) -> None:
        found, keys = self.shared[key]
        self.choice.candidates[key] = [found]
        message = Message("header_names_each", found=str(found), inputs=one_of(keys))
        lines = [map_line(one, found) for one in keys]
        self._refuse(key, "ambiguous", message, Message("settle_with", options=one_of(lines)))

    def refuse_shared_cells(self, mapped: Iterable[str]) -> None:
        """Refuse inputs found in the same cells, by a name here and a header there; ``mapped`` may be."""
        bound, inputs = dict(self.choice.bound), self.index.catalog.inputs
        free = {key: found for key, found in bound.items() if key not in mapped}
        for key, found in free.items():
            taken = [
                other
                for other in mapped
                if other in bound and other in inputs and _share(found, bound[other])
            ]
            if taken:
                del self.choice.bound[key]
                self.choice.refused[key] = Message("cells_mapped", found=str(found), input=taken[0])
                continue
            others = [other for other, one in free.items() if other != key and _share(found, one)]
            if others:
                del self.choice.bound[key]
                message = Message("cells_of_each", found=str(found), inputs=one_of([key, *others]))
                lines = [map_line(one, found, range_a1(found.place)) for one in (key, *others)]
                self._refuse(key, "ambiguous", message, Message("settle_with", options=one_of(lines)))

    def explain_unbound(self) -> None:
        """Say for every other input what was looked for, and which header comes near."""
        catalog = self.index.catalog
        free = [
            key for key in catalog.inputs if key not in self.choice.bound and key not in self.choice.refused
        ]
        headers = [
            found.header
            for sheet in self.layout.visible
            for found in self.layout.headed_columns(sheet)
            if not self.index.knows(found.header)
        ]
        nearest = self.index.nearest(headers[:200])
        generic = self._generic_headers()
        hidden = self._hidden_headers() if free else {}
        for key in free:
            if key in generic:
                self.choice.candidates[key] = [generic[key]]
                reason = maybe_bound(key, generic[key])
            elif key in hidden and key not in nearest:
                looked_for = self.index.looked_for(key)
                reason = Message("not_bound.hidden", input=key, looked_for=looked_for, option=hidden[key])
            else:
                reason = self.index.lacking(key, nearest.get(key))
            self.choice.refused[key] = reason

    def _generic_headers(self) -> dict[str, Found]:
        """Return for inputs the first free column whose header may name them, or something else."""
        taken = {found.place for found in self.choice.bound.values()}
        found: dict[str, Found] = {}
        for sheet in self.layout.visible:
            for one in self.layout.headed_columns(sheet):
                lettered = one.rows is not None and one.rows.region.lettered
                if one.place not in taken and not lettered and not self.index.plain_keys_of(one.header):
                    for key in self.index.keys_of(one.header):
                        if self.misfit(key, one) is None:
                            found.setdefault(key, one)
        return found

    def _hidden_headers(self) -> dict[str, Option]:
        """Return for inputs named on hidden sheets the ``--map`` line that would take them from there."""
        found: dict[str, Option] = {}
        for sheet in self.book.sheets:
            if sheet.hidden:
                for row in range(min(sheet.height, HIDDEN_ROWS)):
                    for cell in sheet.row(row):
                        if isinstance(cell, str) and len(cell) < 100:
                            for key in self.index.keys_of(cell):
                                place = f"{sheet_prefix(sheet.name)}{cell.strip()}"
                                found.setdefault(key, option("map", f"{key}={place}"))
        return found

    def _refuse(self, key: str, code: str, message: Message, hint: Message | None) -> None:
        self.choice.refused[key] = message
        if code != "ambiguous" or self.index.users.get(key):
            self._tell(code, message, hint, key)

    def _tell(self, code: str, message: Message, hint: Message | None, key: str) -> None:
        metrics = self.index.users.get(key, ()) or ((key,) if key in self.index.catalog.metrics else ())
        self.choice.problems.append(Problem(self.book.name, code, message, hint, metrics, (key,)))


def maybe_bound(key: str, found: Found) -> Message:
    """Return that a place may be an input, and the option that says so."""
    return Message("not_bound.generic", input=key, found=str(found), option=map_line(key, found))


def _share(found: Found, other_found: Found) -> bool:
    """Return whether two places have a cell in common; different columns of one region have none."""
    if found.rows is not None and found.rows is other_found.rows and found.column != other_found.column:
        return False
    one, other = found.place, other_found.place
    bottoms = [math.inf if place.bottom is None else place.bottom for place in (one, other)]
    return (
        one.sheet == other.sheet
        and one.top <= bottoms[1]
        and other.top <= bottoms[0]
        and one.left <= other.right
        and other.left <= one.right
    )


def _asks_for_year(found: Found) -> bool:
    """Return whether the table of a place asks for the year of its months itself."""
    rows = found.rows
    return rows is not None and any(problem.code == "no_year" for problem in rows.region.problems)


def _map_lines(key: str, several: list[Found]) -> list[Option]:
    """Return a ``--map`` line for each place: by its header where that is enough, else by its address."""
    targets = [found.target for found in several]
    return [
        map_line(key, found, range_a1(found.place) if targets.count(found.target) > 1 else found.target)
        for found in several
    ]


def _among(region: Region, regions: list[Region]) -> bool:
    return any(region is other for other in regions)
