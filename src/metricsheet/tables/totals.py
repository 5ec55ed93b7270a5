"""Rows of a table that add up other rows: counted with them they would double every number.

A row is one by its numbers. What it says only tells which rows to try: those above or below it, those of the
group that it names, or all others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from metricsheet.files.book import RawCell
from metricsheet.records import field, record
from metricsheet.tables.blank_labels import blank_label_totals
from metricsheet.tables.cell_kinds import kind_of
from metricsheet.tables.part_sums import PartSum, add_up, column_numbers
from metricsheet.tables.total_labels import TotalLabel, labels_in, total_label
from metricsheet.tables.total_proof import Proof, Strength, is_extreme, proof
from metricsheet.values.folding import fold

_MOST_RUNS = 50
"""So many subtotals may lie between a total and the first of the rows that it adds up."""

_MOST_PATTERNS = 8
"""Totals in so many kinds of groups are looked for."""

_ID = re.compile(
    r"(?:^|[ _#./-])(?:id|ids|nr|no|code|kod|kodu|key|ref|uuid|guid)\.?\Z|#\Z|番号\Z|コード\Z"
    r"|(?:customer|order|invoice|user|client|account|ticket|kunden|auftrags|rechnungs)[ _-]?(?:id|number|nummer)\Z"
)
"""Headers of numbers that name a row and measure nothing."""


class TotalRow(NamedTuple):
    """A row of a table that adds up others: its place among the data rows and the label it carries."""

    row: int
    label: str


@record
class Totals:
    """The rows of a table that add up others (``found``), and the rows that may, or may be data (``unsure``).

    ``labels`` are the label columns, by number, of a table that names each group once, in the row that adds it
    up: filled down from there.
    """

    found: tuple[TotalRow, ...] = ()
    unsure: tuple[TotalRow, ...] = ()
    labels: Mapping[int, Sequence[RawCell]] = field(default_factory=dict)


def find_totals(columns: Sequence[Sequence[RawCell]], headers: Sequence[str] = ()) -> Totals:
    """Return the rows that are totals, averages or counts of other rows, and those that may be.

    A labelled row is one when its numbers are the sum, the mean or the count of the rows above it, of those
    below it, of the group that it names (``Total: Search``, ``EMEA | Total``) or of all others; a row that
    leaves its label or a part of it blank when all its numbers are the sum of the rows that have it. A row with
    an id, a date or a name of its own is none. Where most rows of one label add up nothing, the label is a
    category. A row that may be one says so, is larger than the others, and adds up nothing. The time this takes
    grows with the number of cells alone.
    """
    if not columns or len(columns[0]) < 2:
        return Totals()
    labelled = _labelled(columns)
    blank = blank_label_totals(columns, labelled)
    found = [TotalRow(row, "") for row in blank.rows]
    unsure: list[TotalRow] = []
    if labelled:
        search = _Search(columns, headers, labelled, blank.rows)
        search.run()
        found += [TotalRow(c.row, c.label.text) for c in search.candidates if c.state == "total"]
        unsure += [TotalRow(c.row, c.label.text) for c in search.candidates if c.state == "unsure"]
    if len(found) == len(columns[0]):
        return Totals()
    return Totals(tuple(sorted(found)), tuple(unsure), blank.labels)


def _labelled(columns: Sequence[Sequence[RawCell]]) -> dict[int, tuple[int, TotalLabel]]:
    """Return the rows with a text that may call them a total: the column of the first one, and what it says."""
    found: dict[int, tuple[int, TotalLabel]] = {}
    for number, column in enumerate(columns):
        labels = labels_in(column)
        if labels:
            for row, cell in enumerate(column):
                if type(cell) is str and cell in labels:
                    found.setdefault(row, (number, labels[cell]))
    return dict(sorted(found.items()))


@record(frozen=False)
class _Candidate:
    """A row that may be a total: its label in ``column``, its ``numbers`` and, as part of a sum, its ``sums``.

    ``own`` are the columns that say what the row is about, ``own_id`` that one of them is an id; ``named`` are
    the groups of rows that the label names. ``doubt`` is set once the numbers may be a total.
    """

    row: int
    column: int
    label: TotalLabel
    own: tuple[int, ...]
    own_id: bool
    leads: bool
    strength: Strength
    numbers: tuple[float | None, ...]
    sums: PartSum
    named: tuple[Sequence[int], ...]
    state: Literal["open", "total", "data", "unsure"] = "open"
    doubt: bool = False

    @property
    def sure(self) -> bool:
        """Return whether the label hardly says anything else."""
        return self.strength in ("plain", "named")


class _Search:
    """The candidates of one table, and the sums of the rows between them."""

    def __init__(
        self,
        columns: Sequence[Sequence[RawCell]],
        headers: Sequence[str],
        labelled: Mapping[int, tuple[int, TotalLabel]],
        gone: Iterable[int],
    ) -> None:
        self.columns, self.gone = columns, frozenset(gone)
        ids = {number for number, header in enumerate(headers) if _ID.search(fold(header))}
        measures = [
            c for c, column in enumerate(columns) if any(kind_of(column[row]) == "number" for row in labelled)
        ]
        self.numbers = [column_numbers(columns[c]) for c in measures]
        named = self._named({label.names for _, label in labelled.values()} - {""})
        self.candidates = []
        for row, (at, label) in labelled.items():
            filled = [
                c for c, column in enumerate(columns) if kind_of(column[row]) not in ("blank", "missing")
            ]
            own = tuple(c for c in filled if c != at and _is_name(columns[c][row], c < at or c in ids))
            groups = named.get(label.names, ())
            self.candidates.append(
                _Candidate(
                    row,
                    at,
                    label,
                    own,
                    bool(ids & set(own)),
                    filled[0] == at,
                    _strength(label, groups),
                    tuple(None if c in own else n[row] for c, n in zip(measures, self.numbers, strict=True)),
                    add_up(self.numbers, range(row, row + 1)),
                    groups,
                )
            )
        self.by_row = {candidate.row: candidate for candidate in self.candidates}
        self.units = self._cut()

    def _named(self, names: set[str]) -> dict[str, tuple[Sequence[int], ...]]:
        """Return the rows that say one of ``names``, column by column."""
        found: dict[str, list[Sequence[int]]] = {}
        for column in self.columns if names else ():
            folded = {cell: fold(cell) for cell in set(column) if type(cell) is str}
            members: dict[str, list[int]] = {}
            for row, cell in enumerate(column):
                if type(cell) is str and folded[cell] in names:
                    members.setdefault(folded[cell], []).append(row)
            for name, rows in members.items():
                found.setdefault(name, []).append(rows)
        return {name: tuple(groups) for name, groups in found.items()}

    def _cut(self) -> list[PartSum | _Candidate]:
        """Return the candidates from top to bottom, and between them what the rows there add up to."""
        units: list[PartSum | _Candidate] = []
        start = 0
        for edge in sorted({*self.gone, *self.by_row, len(self.columns[0])}):
            units.append(add_up(self.numbers, range(start, edge)))
            if edge in self.by_row:
                units.append(self.by_row[edge])
            start = edge + 1
        return units

    def run(self) -> None:
        """Decide every candidate.

        Rows that are called a total for sure come first, without the others, then with them: where only that
        adds up, the others are data.
        """
        self._try(self._open(sure=True))
        if self._open(sure=True) and self._try(self._open(sure=True), counted=self._open(sure=False)):
            self._close(self._open(sure=False))
        self._try(self._open(sure=False))
        self._find_blocks()
        self._find_categories(sure=False)
        doubtful = [c for c in self._open(sure=False) if c.doubt]
        self._close(self._open(sure=False))
        self._try(self._open(sure=True))
        self._find_categories(sure=True)
        self._try(self._open(sure=True), counted=self._open(sure=True))
        doubtful += [c for c in self._open(sure=True) if c.doubt]
        self._close(self._open(sure=True))
        for candidate in doubtful:
            if candidate.state == "data" and self._may_be_total(candidate):
                candidate.state = "unsure"

    def _open(self, *, sure: bool) -> list[_Candidate]:
        return [c for c in self.candidates if c.state == "open" and c.sure is sure]

    @staticmethod
    def _close(candidates: Iterable[_Candidate]) -> None:
        for candidate in candidates:
            candidate.state = "data"

    def _try(self, tried: Sequence[_Candidate], counted: Sequence[_Candidate] = ()) -> bool:
        """Find the totals among ``tried``, open candidates in ``counted`` taken for data; return whether any is."""
        if not tried:
            return False
        data = {c.row for c in self.candidates if c.state == "data"} | {c.row for c in counted}
        alone = {c.row for c in tried if not c.own}
        self._run(self.units, alone, data)
        self._run(self.units[::-1], alone, data)
        out = self.gone | (self.by_row.keys() - data)
        whole = self._whole(data)
        groups = self._groups([c for c in tried if c.own], out)
        sums: dict[int, PartSum] = {}
        for candidate in tried:
            if candidate.state == "open" and candidate.row in out:  # else it would add itself up
                self._judge(candidate, whole, groups, out, sums)
        return any(c.state == "total" for c in tried)

    def _run(self, units: Sequence[PartSum | _Candidate], tried: set[int], data: set[int]) -> None:
        """Find the totals of the rows directly before them in ``units``: since an earlier total, or all of them."""
        current = add_up(self.numbers, range(0))
        starts = [current]
        for unit in units:
            if isinstance(unit, PartSum):
                current = current.plus(unit)
                continue
            if unit.row in tried and unit.state == "open":
                places = [len(starts) - 1, 0, *range(len(starts) - 2, max(0, len(starts) - _MOST_RUNS), -1)]
                for place in places:
                    if self._proof(unit, current.since(starts[place])) == "total":
                        unit.state = "total"
                        if unit.label.kind == "sum":
                            starts[place + 1 :] = [current]
                        break
            if unit.state != "total" and unit.row in data:
                current = current.plus(unit.sums)

    def _whole(self, data: set[int]) -> PartSum:
        whole = add_up(self.numbers, range(0))
        for unit in self.units:
            if isinstance(unit, PartSum):
                whole = whole.plus(unit)
            elif unit.row in data and unit.state != "total":
                whole = whole.plus(unit.sums)
        return whole

    @staticmethod
    def _proof(candidate: _Candidate, part: PartSum, *, group: bool = False, beside: bool = True) -> Proof:
        """Return what the numbers prove; a label that names a group proves more in that ``group``."""
        strength = "phrase" if candidate.strength == "named" and not group else candidate.strength
        return proof(candidate.label.kind, strength, candidate.numbers, part, beside=beside)

    @staticmethod
    def _note(candidate: _Candidate, found: Proof) -> None:
        if found == "total":
            candidate.state = "total"
        elif found:
            candidate.doubt = True

    def _judge(
        self,
        candidate: _Candidate,
        whole: PartSum,
        groups: Mapping[tuple[object, ...], Sequence[int]],
        out: frozenset[int],
        sums: dict[int, PartSum],
    ) -> None:
        """Decide a candidate by the group that it is in or names, else by all rows. ``sums`` are kept by group."""

        def added(rows: Sequence[int]) -> PartSum:
            key = id(rows)
            if key not in sums:
                sums[key] = add_up(self.numbers, [row for row in rows if row not in out])
            return sums[key]

        if candidate.own:
            members = groups.get(self._key(candidate))
            if members:
                self._note(candidate, self._proof(candidate, added(members), group=True))
            elif candidate.leads and not candidate.own_id and whole.rows > 2:
                remark = self._proof(candidate, whole) == "total"  # behind a total may stand a remark
                candidate.doubt = candidate.doubt or remark
            return
        for rows in candidate.named:
            self._note(candidate, self._proof(candidate, added(rows), group=True))
            if candidate.state == "total":
                return
        self._note(candidate, self._proof(candidate, whole, beside=False))

    def _key(self, candidate: _Candidate) -> tuple[object, ...]:
        return (candidate.own, *(self.columns[c][candidate.row] for c in candidate.own))

    def _groups(
        self, candidates: Sequence[_Candidate], out: frozenset[int]
    ) -> dict[tuple[object, ...], Sequence[int]]:
        """Return the rows that say the same as a candidate in its own columns."""
        found: dict[tuple[object, ...], list[int]] = {self._key(c): [] for c in candidates}
        for own in list(dict.fromkeys(c.own for c in candidates))[:_MOST_PATTERNS]:
            for row, cells in enumerate(zip(*(self.columns[c] for c in own), strict=True)):
                members = found.get((own, *cells))
                if members is not None and row not in out:
                    members.append(row)
        return dict(found)

    def _find_blocks(self) -> None:
        """Take rows called ``Min``, ``Max`` and ``Average`` for that where they stand beside each other or a total."""
        whole = self._whole(set())
        block: list[_Candidate] = []
        for candidate in self.candidates:
            kind = candidate.label.kind
            fits = candidate.state == "open" and (
                is_extreme(kind, candidate.numbers, whole) or (kind == "mean" and candidate.doubt)
            )
            if not (fits or candidate.state == "total") or candidate.own:
                continue
            if block and candidate.row != block[-1].row + 1:
                block = []
            block.append(candidate)
            if len(block) > 1:
                block[-2].state = block[-1].state = "total"

    def _find_categories(self, *, sure: bool) -> None:
        """Take rows of one label for data where most of them add up nothing, else doubt the few."""
        labels: dict[tuple[int, str], list[_Candidate]] = {}
        for candidate in self.candidates:
            if candidate.sure is sure and candidate.state in ("open", "total"):
                labels.setdefault((candidate.column, candidate.label.folded), []).append(candidate)
        for several in labels.values():
            totals = sum(candidate.state == "total" for candidate in several)
            if len(several) > 1 and 2 * totals < len(several):
                self._close(several)
            elif len(several) > 1:
                for candidate in several:
                    candidate.doubt = True

    def _may_be_total(self, candidate: _Candidate) -> bool:
        """Return whether a row is as large as a total, or the table as short as those that people add up.

        In such a table no two rows say the same.
        """
        whole = self._whole({c.row for c in self.candidates if c.state == "data"} - {candidate.row})
        pairs = zip(candidate.numbers, whole.columns, strict=True)
        if any(x is not None and c.count > 4 and 2 * x >= c.total > 0 for x, c in pairs):
            return True
        return self._is_summary()

    def _is_summary(self) -> bool:
        if self._summary is None:
            out = {*self.gone, *(c.row for c in self.candidates if c.state in ("total", "unsure"))}
            words = [
                column for column in self.columns if any(kind_of(cell) in ("text", "date") for cell in column)
            ]
            said = [
                cells for row, cells in enumerate(zip(*words, strict=True)) if row not in out and any(cells)
            ]
            self._summary = len(set(said)) == len(said)
        return self._summary

    _summary: bool | None = None


def _strength(label: TotalLabel, groups: Sequence[Sequence[int]]) -> Strength:
    if label.names:
        return "named" if groups else "phrase"
    return "plain" if label.plain else "maybe"


def _is_name(cell: RawCell, number_names: bool) -> bool:
    """Return whether a cell says what its row is about: words but for total, a date, or a number that is a name."""
    kind = kind_of(cell)
    if kind == "text":
        label = total_label(str(cell))
        return label is None or label.names != ""
    return kind == "date" or (kind == "number" and number_names)
