"""Which kind a table is, and what its columns are there.

The decision is the same for every table: each kind binds the columns that it knows; a kind is possible where
everything it needs is found; the one that explains most columns is taken. Where several explain equally many,
only what all of them read alike is bound. No order and no weight decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Any

from metricsheet.binding.headers import names_of
from metricsheet.binding.kind_words import GENERIC, OWN, Claim, Claims, KindIndex
from metricsheet.binding.same_words import means_lost
from metricsheet.catalog.definitions import DATE, InputDefinition
from metricsheet.catalog.table_kinds import TableKind
from metricsheet.files.book import RawCell, as_column
from metricsheet.reading.flag_words import flag_words
from metricsheet.reading.header_units import is_percent_header
from metricsheet.reading.scales import header_scale
from metricsheet.reading.words import is_missing, meaning_of
from metricsheet.records import field, record
from metricsheet.values import is_number
from metricsheet.values.folding import fold

Fits = Callable[[str, int], bool]
"""Says whether the cells of a column can be an input."""


class TableColumns:
    """A table as its kind is decided on: headers, and questions about cells with the answers (``said``).

    These alone decide, so that another table with the same headers and answers is of the same kind.
    ``fits`` says whether a column's cells can be an input; ``given`` are the inputs of ``--map``. ``dates``
    finds the only column of dates, where there is one; ``answers`` are those in a column, read for an input.
    ``wordings`` are the questions that headers are short for; empty where there are none.
    """

    def __init__(
        self,
        inputs: Mapping[str, InputDefinition],
        headers: Sequence[str],
        cells: Sequence[Sequence[RawCell]],
        fits: Fits,
        dates: Callable[[], int | None] = lambda: None,
        answers: Callable[[str, int], Sequence[float]] = lambda *_: (),
        wordings: Sequence[str] = (),
    ) -> None:
        self.headers, self.wordings, self._inputs, self._cells = headers, wordings, inputs, cells
        self.given: Mapping[str, int] = {}
        self.said: dict[tuple[Any, ...], Any] = {}
        self._answers = answers
        self._tallies: dict[int, Counter[RawCell]] = {}
        self._questions: dict[str, Callable[..., Any]] = {
            "fits": fits,
            "dates": dates,
            "has_rows": lambda: max(map(len, cells), default=0) > 1,
            "is_unique": self._is_unique,
            "words": self._words,
            "says_what_is_meant": self._says_what_is_meant,
            "says_both": self._says_both,
            "contest": self._contest,
        }

    def ask(self, question: str, *about: Any) -> Any:
        """Return the answer to a question about the cells."""
        asked = (question, *about)
        if asked not in self.said:
            self.said[asked] = self._questions[question](*about)
        return self.said[asked]

    def asked(self, column: int) -> str:
        """Return the question of a column, or else its header."""
        return (self.wordings[column] if self.wordings else "") or self.headers[column]

    def _words(self, column: int) -> set[str]:
        return {fold(str(cell)) for cell in self._filled(column)}

    def _is_unique(self, column: int) -> bool:
        filled = self._filled(column)
        return len(filled) == filled.total() and bool(filled or not self._cells[column])

    def _says_what_is_meant(self, name: str, column: int) -> bool:
        """Return whether most words of a column are known; of a flag yes and no, one side is none."""
        definition, cells = self._inputs[name], self._filled(column)
        if not cells:
            return True
        means = {cell: meaning_of(definition.means, fold(str(cell))) for cell in cells}
        if definition.type == "flag":
            return {"yes", "no"} <= set(means.values())
        if definition.type == "number" and any(_number(cell) is not None for cell in cells):
            return True
        return 2 * sum(cells[cell] for cell in cells if means[cell] is not None) > cells.total()

    def _says_both(self, name: str, column: int) -> bool:
        """Return whether a column says yes or no of each row, and in words of a status both.

        Where every row has the same status, the list may be that of all who stayed. One that says ``Lost`` or
        the like somewhere is meant; ``Active`` beside ``Closed`` or ``Trial`` may be of anything.
        """
        cells = [cell for cell in self._filled(column) if isinstance(cell, str)]
        words = {fold(cell) for cell in cells if _number(cell) is None and not is_missing(cell)}
        if words <= flag_words(()).keys():
            return True
        means = flag_words(names_of(self._inputs[name]))
        said = {means.get(word) for word in words}
        return said == {True, False} and any(map(means_lost, words))

    def _filled(self, column: int) -> Counter[RawCell]:
        """Return how often each filled cell of a column is there."""
        found = self._tallies.get(column)
        if found is None:
            found = as_column(self._cells[column]).tally()
            del found[None], found[""]
            self._tallies[column] = found
        return found

    def _contest(self, names: tuple[str, ...], column: int) -> Sequence[str]:
        """Return the inputs that a column stays open for: of questions on scales the values tell which."""
        scales = {name: self._inputs[name].scale for name in names}
        if len(names) < 2 or any(scale is None or not scale.whole for scale in scales.values()):
            return names
        named = header_scale(self.asked(column))
        if named is not None:
            low, high = named
            fitting = [
                n for n, s in scales.items() if s is not None and high == s.high and low in (None, s.low)
            ]
            return fitting or names
        answers = {name: self._answers(name, column) for name in names}
        inside = {
            name: scale
            for name, scale in scales.items()
            if scale is not None and answers[name] and all(map(scale.contains, answers[name]))
        }
        tops = {name: max(answers[name]) for name in inside}
        reached = {n: s for n, s in inside.items() if tops[n] == s.high or (s.high >= 10 and tops[n] > 7)}
        left = reached or inside
        highest = {s.high for s in left.values()}
        if not reached and len(highest) > 1:
            return names
        nearest = {n: s for n, s in left.items() if s.high == min(highest)}
        widest = min((s.low for s in nearest.values()), default=0)
        return [n for n, s in nearest.items() if s.low == widest] or names


@record
class KindReading:
    """What a table was read as: its ``kind``, or none, with the columns that each input is.

    ``several`` are inputs that more than one column may be, ``shared`` columns that may be several inputs.
    ``score`` is the number of columns that the kind explains, ``needed`` the columns that made it possible.
    ``tied`` are the kinds that explain equally many, where that left it open; ``asked`` are the columns that
    wait for it, with the inputs that they may be.
    """

    kind: TableKind | None = None
    found: Mapping[str, int] = field(default_factory=dict)
    several: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    shared: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    score: int = 0
    needed: tuple[int, ...] = ()
    tied: tuple[TableKind, ...] = ()
    asked: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def read_kind(kinds: KindIndex, table: TableColumns, asked: str = "") -> KindReading:
    """Return what ``table`` is; ``asked`` is the kind that a person says it is, where it is possible."""
    claims = [_claims(kinds, table, column) for column in range(len(table.headers))]
    inputs = kinds.index.catalog.inputs
    attempts = [_Attempt(words.kind, table, claims, inputs) for words in kinds.kinds]
    possible = {one.kind.key: one for one in attempts if one.is_possible}
    for one in possible.values():
        one.hold(possible)
    if asked in possible:
        return possible[asked].reading()
    most = max((one.score for one in possible.values()), default=0)
    best = [one for one in possible.values() if one.score == most]
    # a kind that holds another one is only it where it explains more
    tied = {one.kind.key for one in best}
    best = [one for one in best if tied.isdisjoint(one.kind.may_hold)] or best
    if len(best) < 2:
        return best[0].reading() if best else KindReading()
    first, *others = (one.reading() for one in best)
    alike = {
        name: column
        for name, column in first.found.items()
        if all(other.found.get(name) == column for other in others)
    }
    waiting: dict[int, set[str]] = {}
    for one in best:
        for name, column in one.named.items():
            if column not in alike.values():
                waiting.setdefault(column, set()).update({name} & inputs.keys())
    return KindReading(
        found=alike,
        score=most,
        tied=tuple(one.kind for one in best),
        asked={column: tuple(sorted(waiting[column])) for column in sorted(waiting)},
    )


def _claims(kinds: KindIndex, table: TableColumns, column: int) -> Claims:
    """Return what a header names, or else the question that it is short for.

    A question that goes on where another one ends (``… to a friend? - Group``) asks for a part of its answer.
    """
    header = table.headers[column]
    found = kinds.claims(header) if header else {}
    question = table.wordings[column] if table.wordings else ""
    if found or not question:
        return found
    is_part = any(other and other != question and question.startswith(other) for other in table.wordings)
    return {} if is_part else kinds.claims(question)


class _Attempt:
    """One kind tried on one table."""

    def __init__(
        self,
        kind: TableKind,
        table: TableColumns,
        claims: Sequence[Claims],
        inputs: Mapping[str, InputDefinition],
    ) -> None:
        self.kind, self.table, self.inputs = kind, table, inputs
        self.found: dict[str, int] = {k: c for k, c in table.given.items() if k in self.kind.columns}
        self.several: dict[str, tuple[int, ...]] = {}
        self.shared: dict[int, tuple[str, ...]] = {}
        self._dates: int | None = None
        self._taken = set(table.given.values())
        self._claims: dict[str, list[tuple[Claim, int, int]]] = {}
        for column, named in enumerate(claims):
            for level, claim in named.get(kind.key, ()):
                self._claims.setdefault(claim.name, []).append((claim, level, column))
        if self._may_be_possible():
            self._settle(conditions=False)
            self._settle(conditions=True)
        self.own_found = {name: column for name, column in self.found.items() if name in self.inputs}

    def _may_be_possible(self) -> bool:
        """Return whether headers name all that the kind needs; spares most kinds a look at the cells."""
        named = {*self._claims, *self.found}
        repeated = self.kind.signs if self.kind.several in named else ()
        needs = [line for line in self.kind.needs if not all(name in repeated for name in line)]
        missing = [line for line in needs if not any(name in named for name in line)]
        if not missing or not all(DATE in line for line in missing):
            return not missing
        self._dates = self.table.ask("dates")
        return self._dates is not None or self._is_one_period()

    def _is_one_period(self) -> bool:
        """Return whether the rows need no date: there is but one, or each is a group of its own."""
        if not self.table.ask("has_rows"):
            return True
        texts = {name for name in self.kind.columns if self.inputs[name].type == "text"}
        groups = {column for name in texts for _, _, column in self._claims.get(name, ())}
        return any(self.table.ask("is_unique", column) for column in sorted(groups))

    @property
    def named(self) -> dict[str, int]:
        """Every input and sign with a column, also where which one it is must be asked."""
        named = {name: columns[0] for name, columns in self.several.items()}
        named.update((name, column) for column, names in self.shared.items() for name in names)
        named.update(self.found)
        if self._dates is not None:
            named.setdefault(DATE, self._dates)
        return named

    @property
    def columns(self) -> set[int]:
        """The columns that the kind explains."""
        return {*self.named.values(), *(c for columns in self.several.values() for c in columns)}

    @property
    def score(self) -> int:
        """How many columns the kind explains."""
        return len(self.columns)

    @property
    def is_possible(self) -> bool:
        """Return whether all that the kind needs is there, and what names a row does not repeat."""
        named = self.named
        if not self._needs_met(named):
            return False
        return self.kind.one not in named or self.table.ask("is_unique", named[self.kind.one])

    def _needs_met(self, named: Container[str]) -> bool:
        return all(
            any(name in named for name in line)
            or (DATE in line and self._is_one_period())
            or (all(name in self.kind.signs for name in line) and self._repeats(named))
            for line in self.kind.needs
        )

    def _repeats(self, named: Container[str]) -> bool:
        """Return whether the input that makes signs needless is there and names some rows twice."""
        column = self.found.get(self.kind.several) if self.kind.several in named else None
        return column is not None and not self.table.ask("is_unique", column)

    def _agreed(self, named: Mapping[str, int]) -> set[str]:
        """Return the names of another kind on columns that this one reads alike or not at all."""
        mine = self.named
        taken = set(mine.values())
        return {name for name, column in named.items() if column not in taken or mine.get(name) == column}

    def reading(self) -> KindReading:
        """Return what the kind makes of the table."""
        named = self.named
        needed = (next((named[name] for name in line if name in named), None) for line in self.kind.needs)
        return KindReading(
            self.kind,
            {name: column for name, column in self.found.items() if name in self.inputs},
            self.several,
            self.shared,
            self.score,
            tuple(dict.fromkeys(column for column in needed if column is not None)),
        )

    def hold(self, possible: Mapping[str, _Attempt]) -> None:
        """Take in the inputs of the kinds that may be beside this one, where they do not contradict."""
        own = self.columns
        wanted: dict[int, dict[str, int]] = {}
        for key in self.kind.may_hold:
            one = possible.get(key)
            if one is None or not one._needs_met(self._agreed(one.named)):
                continue
            for name, column in one.own_found.items():
                if name not in self.found and column not in own:
                    asked = wanted.setdefault(column, {})
                    asked[name] = max(len(one.own_found), asked.get(name, 0))
        taken: dict[str, list[int]] = {}
        for column, names in wanted.items():
            # of two kinds that want a column, the one of which more is there
            best = [name for name, strength in names.items() if strength == max(names.values())]
            if len(best) == 1:
                taken.setdefault(best[0], []).append(column)
        self.found.update((name, columns[0]) for name, columns in taken.items() if len(columns) == 1)

    def _settle(self, *, conditions: bool) -> None:
        """Give columns to inputs: those that headers name in the surest way first."""
        for tier in (OWN, OWN + 1, GENERIC):
            while self._settle_once(tier, conditions):
                pass

    def _settle_once(self, tier: int, conditions: bool) -> bool:
        """Let every input without a column ask for its best ones; return whether anything was given."""
        asked: dict[str, list[int]] = {}
        for name, claims in self._claims.items():
            if name not in self.found and name not in self._stuck:
                best = self._best(claims, tier, conditions)
                if best:
                    asked[name] = best
        signs = {name: columns[0] for name, columns in asked.items() if name in self.kind.signs}
        self.found.update(signs)
        wanted: dict[int, list[str]] = {}
        for name, columns in asked.items():
            for column in columns if name not in signs else ():
                wanted.setdefault(column, []).append(name)
        winners = {
            column: list(self.table.ask("contest", tuple(names), column)) for column, names in wanted.items()
        }
        for column, names in winners.items():
            if len(names) > 1:
                self.shared[column] = tuple(names)
                self._taken.add(column)
        for name, columns in asked.items():
            won = [c for c in columns if winners.get(c) == [name]] if name not in signs else []
            if len(won) == 1:
                self.found[name] = won[0]
            elif won and name not in self._stuck:
                self.several[name] = tuple(won)
            self._taken.update(won)
        return bool(signs or winners)

    @property
    def _stuck(self) -> set[str]:
        return {*self.several, *(name for names in self.shared.values() for name in names)}

    def _best(self, claims: Iterable[tuple[Claim, int, int]], tier: int, conditions: bool) -> list[int]:
        """Return the free columns under the best header of an input, the same header several times."""
        open_claims = [
            (claim.how, claim.order, level, column)
            for claim, level, column in claims
            if claim.tier == tier
            and bool(claim.word.condition) == conditions
            and (claim.name in self.kind.signs or column not in self._taken)
            and self._is_met(claim)
            and self._holds(claim, column)
        ]
        best = min((rank[:3] for rank in open_claims), default=None)
        return [rank[3] for rank in open_claims if rank[:3] == best]

    def _is_met(self, claim: Claim) -> bool:
        """Return whether the condition of a header holds."""
        word = claim.word
        if word.beside:
            return word.beside in self.found
        if word.column:
            column = self.found.get(word.column)
            return column is not None and self.table.ask("words", column) == {fold(word.says)}
        return True

    def _holds(self, claim: Claim, column: int) -> bool:
        """Return whether the cells of a column can be what its header says in this kind."""
        definition = self.inputs.get(claim.name)
        if definition is None or claim.name in self.kind.signs:
            return True
        if not self.table.ask("fits", claim.name, column):
            return False
        if definition.unit in ("money", "count") and is_percent_header(self.table.asked(column)):
            return False
        if claim.how == OWN:
            return True
        if claim.how == GENERIC and definition.type == "flag" and not definition.means:
            return bool(self.table.ask("says_both", claim.name, column))
        return not definition.means or self.table.ask("says_what_is_meant", claim.name, column)


def _number(cell: object) -> float | None:
    if is_number(cell):
        return float(cell)
    text = str(cell or "").strip()
    return float(text) if text.isascii() and text.isdecimal() else None
