"""Rows of a table that add up other rows: counted with them they would double every number.

A row is one by its numbers. What it says only tells which rows to try: those above or below it, those of the
group that it names, or all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Literal, NamedTuple

from metricsheet.files.book import RawCell, SheetColumn, as_column
from metricsheet.records import field, record
from metricsheet.tables.blank_labels import blank_label_totals
from metricsheet.tables.cell_kinds import is_id_header, kind_of
from metricsheet.tables.part_sums import PartSum, RunningSums, add_up, column_numbers
from metricsheet.tables.total_labels import TotalLabel, labels_in, total_label
from metricsheet.tables.total_proof import Proof, Strength, is_extreme, is_half, proof
from metricsheet.values.folding import fold

_MOST_RUNS = 50
"""So many subtotals may lie between a total and the first of the rows that it adds up."""

_MOST_LEFT = 8
"""This many rows called a total are tried with the others as data, one by one."""

_MOST_PATTERNS = 8
"""Totals in this many kinds of groups are looked for."""

_LOOKED_AT = 50
"""This many cells show whether a column holds words."""


class TotalRow(NamedTuple):
    """A row of a table that adds up others: its place among the data rows and the label it carries."""

    row: int
    label: str


@record
class Totals:
    """The rows of a table that add up others (``found``), and those that may, or may be data (``unsure``).

    ``labels`` are the label columns, by number, of a table that names each group once, in the row that adds
    it up: filled down from there.
    """

    found: tuple[TotalRow, ...] = ()
    unsure: tuple[TotalRow, ...] = ()
    labels: Mapping[int, Sequence[RawCell]] = field(default_factory=dict)


def find_totals(columns: Sequence[Sequence[RawCell]], headers: Sequence[str] = ()) -> Totals:
    """Return the rows that are totals, averages or counts of other rows, and those that may be.

    A labelled row is one when its numbers are the sum, the mean or the count of the rows above it, of those
    below it, of the group that it names (``Total: Search``, ``EMEA | Total``) or of all others; a row that
    leaves its label or a part of it blank when all its numbers are the sum of the rows that have it. A row
    with an id, a date or a name of its own is none. Where most rows of one label add up nothing, the label is
    a category. A row that may be one says so, is larger than the others, and adds up nothing. The time this
    takes grows with the number of cells alone.
    """
    if not columns or len(columns[0]) < 2:
        return Totals()
    profiled = [as_column(cells) for cells in columns]
    labelled = _labelled(profiled, headers)
    blank = blank_label_totals(profiled, labelled)
    found = [TotalRow(row, "") for row in blank.rows]
    unsure: list[TotalRow] = []
    if labelled:
        search = _Search(columns, labelled, blank.rows)
        search.run()
        found += [TotalRow(c.row, c.label.text) for c in search.candidates if c.state == "total"]
        unsure += [TotalRow(c.row, c.label.text) for c in search.candidates if c.state == "unsure"]
    if len(found) == len(columns[0]):
        return Totals()
    return Totals(tuple(sorted(found)), tuple(unsure), blank.labels)


def _labelled(columns: Sequence[SheetColumn], headers: Sequence[str]) -> dict[int, tuple[int, TotalLabel]]:
    """Return the rows that a text may call a total: the column of the first such text, and what it says.

    Rows with an id, or with a cell in a column in which no two cells are alike, are never called so.
    """
    found: dict[int, tuple[int, TotalLabel]] = {}
    labels = [labels_in(column) for column in columns]
    for number, column in enumerate(columns):
        if labels[number]:
            for row, cell in enumerate(column):
                if type(cell) is str and cell in labels[number]:
                    found.setdefault(row, (number, labels[number][cell]))
    for number, column in enumerate(columns) if found else ():
        if _names_rows(column, headers[number] if headers else ""):
            found = {
                row: said
                for row, said in found.items()
                if kind_of(cell := column[row]) in ("blank", "missing")
                or (type(cell) is str and cell in labels[number])
            }
    return dict(sorted(found.items()))


def _names_rows(column: Sequence[RawCell], header: str) -> bool:
    """Return whether a column holds ids, or words of which no two are alike."""
    if is_id_header(header):
        return True
    texts = [cell for cell in column if type(cell) is str]
    if 2 * len(texts) <= len(column) or len(set(texts)) < len(texts):
        return False
    return all(kind_of(text) != "number" and kind_of(text) != "date" for text in texts[:_LOOKED_AT])


@record(frozen=False)
class _Candidate:
    """A row that may be a total, with its label in ``column`` and its ``numbers``.

    ``own`` are the columns that say what the row is about, ``named`` the groups of rows that the label names.
    ``leads`` says that nothing is before the label; ``doubt`` is set once the numbers may be a total.
    """

    row: int
    column: int
    label: TotalLabel
    own: tuple[int, ...]
    leads: bool
    strength: Strength
    numbers: tuple[float | None, ...]
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
        labelled: Mapping[int, tuple[int, TotalLabel]],
        gone: Iterable[int],
    ) -> None:
        self.columns, self.gone = columns, frozenset(gone)
        measures = [
            c for c, column in enumerate(columns) if any(kind_of(column[row]) == "number" for row in labelled)
        ]
        self.numbers = [column_numbers(columns[c]) for c in measures]
        said = {name for _, label in labelled.values() for name in (label.names, *label.others)}
        named = self._named(said - {""})
        self.candidates = []
        for row, (at, label) in labelled.items():
            filled = [
                c for c, column in enumerate(columns) if kind_of(column[row]) not in ("blank", "missing")
            ]
            own = tuple(c for c in filled if c != at and _is_name(columns[c][row], c < at))
            groups = next((named[n] for n in (label.names, *label.others) if n in named), ())
            self.candidates.append(
                _Candidate(
                    row,
                    at,
                    label,
                    own,
                    filled[0] == at,
                    _strength(label, groups),
                    tuple(None if c in own else n[row] for c, n in zip(measures, self.numbers, strict=True)),
                    groups,
                )
            )
        self.by_row = {candidate.row: candidate for candidate in self.candidates}
        self._close(self._with_names_of_their_own())

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
        self._find_names()
        self._find_categories(sure=True)
        for candidate in self._open(sure=True)[:_MOST_LEFT]:
            others = [c for c in self._open(sure=True) if c is not candidate]
            if self._try([candidate], counted=others):
                self._close(others)
        doubtful += [c for c in self._open(sure=True) if c.doubt]
        self._close(self._open(sure=True))
        self._find_half()
        self._ask(doubtful)

    def _find_names(self) -> None:
        """Take rows called a total for data where with them, and only so, all other such rows add up.

        They are all of one label (a brand called ``Total`` above each ``Subtotal``), or all of one label and
        group but the first or the last. What adds up by chance without them counts no more.
        """
        tried = [c for c in self.candidates if c.sure and c.state in ("open", "total")]
        left = {c.row for c in self._open(sure=True)}
        labels: dict[object, list[_Candidate]] = {}
        groups: dict[object, list[_Candidate]] = {}
        for candidate in tried:
            label = (candidate.column, candidate.label.folded)
            labels.setdefault(label, []).append(candidate)
            groups.setdefault((label, self._key(candidate)), []).append(candidate)
        first = [c for group in groups.values() for c in group[:-1]]
        later = [c for group in groups.values() for c in group[1:]]
        before = [(c.state, c.doubt) for c in tried]
        for data in (first, later, *[*labels.values()][:_MOST_LEFT]):
            counted = {candidate.row for candidate in data}
            others = [candidate for candidate in tried if candidate.row not in counted]
            if not data or not any(candidate.row in left for candidate in others):
                continue
            for candidate in tried:
                candidate.state = "open"
            self._try(others, counted=data)
            if all(candidate.state == "total" for candidate in others):
                self._close(data)
                return
            for candidate, (state, doubt) in zip(tried, before, strict=True):
                candidate.state, candidate.doubt = state, doubt

    def _find_half(self) -> None:
        """Take a row for the total of all others, whatever else bears its label, where two columns say so."""
        out = self.gone | {c.row for c in self.candidates if c.state == "total"}
        whole = self._sums(out).whole
        for candidate in self.candidates:
            if candidate.state != "data" or candidate.own or candidate.label.kind != "sum" or whole.rows < 4:
                continue
            pairs = [(x, c) for x, c in zip(candidate.numbers, whole.columns, strict=True) if x]
            if len(pairs) > 1 and all(is_half(x, column) for x, column in pairs):
                candidate.state = "total"
                return

    def _with_names_of_their_own(self) -> list[_Candidate]:
        """Return the candidates that say what no other row says, but for a remark behind a total."""
        named = [c for c in self.candidates if c.own]
        said = {self._key(c): 0 for c in named}
        for own in list(dict.fromkeys(c.own for c in named))[:_MOST_PATTERNS]:
            for cells in zip(*(self.columns[c] for c in own), strict=True):
                if (own, *cells) in said:
                    said[(own, *cells)] += 1
        seldom = {number for number in {c for one in named for c in one.own} if self._is_for_remarks(number)}
        return [c for c in named if said[self._key(c)] < 2 and not (c.leads and seldom.issuperset(c.own))]

    def _is_for_remarks(self, number: int) -> bool:
        """Return whether most rows leave a column blank."""
        column = self.columns[number]
        return 2 * sum(kind_of(cell) != "blank" for cell in column) <= len(column)

    def _sums(self, out: Set[int]) -> RunningSums:
        return RunningSums(self.numbers, out, len(self.columns[0]))

    def _open(self, *, sure: bool) -> list[_Candidate]:
        return [c for c in self.candidates if c.state == "open" and c.sure is sure]

    @staticmethod
    def _close(candidates: Iterable[_Candidate]) -> None:
        for candidate in candidates:
            candidate.state = "data"

    def _try(self, tried: Sequence[_Candidate], counted: Iterable[_Candidate] = ()) -> bool:
        """Find the totals among ``tried``, with ``counted`` rows as data; return whether there are any."""
        if not tried:
            return False
        data = {c.row for c in self.candidates if c.state == "data"} | {c.row for c in counted}
        out = self.gone | (self.by_row.keys() - data)
        sums = self._sums(out)
        wanted = {c.row for c in tried if not c.own}
        self._run(self.candidates, wanted, sums, below=False)
        self._run(self.candidates[::-1], wanted, sums, below=True)
        groups = self._groups([c for c in tried if c.own], out)
        parts: dict[int, PartSum] = {}
        for candidate in tried:
            if candidate.state == "open":
                self._judge(candidate, sums.whole, groups, out, parts)
        return any(c.state == "total" for c in tried)

    def _run(
        self, candidates: Sequence[_Candidate], wanted: set[int], sums: RunningSums, *, below: bool
    ) -> None:
        """Find the totals of the rows above (or ``below``): of all, or of those since an earlier total."""
        at = sums.end if below else 0
        starts = [at]
        recent = sums.totals(at, at)
        for candidate in candidates:
            since = sums.totals(*sorted((at, candidate.row)))
            recent = [one + two for one, two in zip(recent, since, strict=True)]
            at = candidate.row
            if candidate.state == "open" and candidate.row in wanted:
                place = self._start(candidate, starts, sums, recent)
                if place is not None:
                    candidate.state = "total"
                    del starts[place + 1 :]
            if candidate.state == "total" and candidate.label.kind == "sum" and not candidate.own:
                starts.append(at)
                recent = sums.totals(at, at)

    def _start(
        self, candidate: _Candidate, starts: Sequence[int], sums: RunningSums, recent: Sequence[float]
    ) -> int | None:
        """Return the place in ``starts`` from which the rows add up to a candidate, or ``None``.

        ``recent`` are the sums since the last one.
        """
        last = len(starts) - 1
        kind = candidate.label.kind
        places = [last, 0] if last else [0]
        if kind == "sum":
            places += range(last - 1, max(0, last - _MOST_RUNS), -1)
        for place in places:
            first, end = sorted((starts[place], candidate.row))
            if kind != "count" and not sums.may_be(candidate.numbers, first, end, mean=kind == "mean"):
                continue
            part = sums.part(first, end, recent if place == last else None)
            if self._proof(candidate, part) == "total":
                return place
        return None

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
        out: Set[int],
        sums: dict[int, PartSum],
    ) -> None:
        """Decide a candidate by the group it is in or names, else by all rows; ``sums`` caches groups."""

        def added(rows: Sequence[int]) -> PartSum:
            key = id(rows)
            if key not in sums:
                sums[key] = add_up(self.numbers, [row for row in rows if row not in out])
            return sums[key]

        if candidate.own:
            members = groups.get(self._key(candidate))
            if members:
                self._note(candidate, self._proof(candidate, added(members), group=True))
            elif whole.rows > 2 and self._proof(candidate, whole) == "total":
                candidate.doubt = True  # with a remark
            return
        for rows in candidate.named:
            self._note(candidate, self._proof(candidate, added(rows), group=True))
            if candidate.state == "total":
                return
        self._note(candidate, self._proof(candidate, whole, beside=False))

    def _key(self, candidate: _Candidate) -> tuple[object, ...]:
        return (candidate.own, *(self.columns[c][candidate.row] for c in candidate.own))

    def _groups(
        self, candidates: Sequence[_Candidate], out: Set[int]
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
        """Take rows called ``Min``, ``Max``, ``Average`` for such beside another one or a total."""
        whole = self._sums(self.gone | self.by_row.keys()).whole
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

    def _ask(self, doubtful: Sequence[_Candidate]) -> None:
        """Leave undecided what is as large as a total, or is in a table as short as those people add up.

        In such a table no two rows say the same.
        """
        doubtful = [candidate for candidate in doubtful if candidate.state == "data"]
        if not doubtful:
            return
        out = self.gone | {c.row for c in self.candidates if c.state == "total"}
        summary = self._is_summary(out | {c.row for c in doubtful})
        whole = self._sums(out).whole
        for candidate in doubtful:
            pairs = zip(candidate.numbers, whole.columns, strict=True)
            large = any(x is not None and c.numbers > 5 and 3 * x >= c.total > x for x, c in pairs)
            if large or summary:
                candidate.state = "unsure"

    def _is_summary(self, out: Set[int]) -> bool:
        words = [c for c in self.columns if any(kind_of(cell) in ("text", "date") for cell in c)]
        rows = enumerate(zip(*words, strict=True))
        said = [cells for row, cells in rows if row not in out and any(cells)]
        return len(set(said)) == len(said)


def _strength(label: TotalLabel, groups: Sequence[Sequence[int]]) -> Strength:
    if label.names:
        return "named" if groups else "phrase"
    return "plain" if label.plain else "maybe"


def _is_name(cell: RawCell, number_names: bool) -> bool:
    """Return whether a cell says what its row is about: other words, a date, or a number that is a name."""
    kind = kind_of(cell)
    if kind == "text":
        label = total_label(str(cell))
        return label is None or label.names != ""
    return kind == "date" or (kind == "number" and number_names)
