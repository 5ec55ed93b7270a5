"""Kinds of tables as definitions declare them: what one row is, and what headers mean there."""

from __future__ import annotations

from collections.abc import Mapping

from metricsheet.records import field, record
from metricsheet.source import Place


@record
class HeaderWord:
    """A header of a kind; ``*`` in it stands for any text. ``form`` is it as headers are compared.

    ``beside`` is the input that must be bound as well. ``column`` is the sign that must say ``says`` in every
    row. Both are ``""`` for a header that holds without a condition.
    """

    text: str
    form: str
    beside: str = ""
    column: str = ""
    says: str = ""
    place: Place | None = None

    @property
    def condition(self) -> str:
        """Return the name that the condition looks at, ``""`` without one."""
        return self.beside or self.column


@record
class StatusWords:
    """A column that says whether a row counts, and the words of rows that do not."""

    column: str
    words: tuple[str, ...]


PAST = "past"
"""What a date says that lies before the newest of the data."""


@record
class Contradiction:
    """An input ``flag`` that says no, and an input ``column`` whose word in the same row says otherwise.

    ``says`` is the word as ``means:`` of the input gives it, or ``PAST`` for a date.
    """

    flag: str
    column: str
    says: str


@record
class HeadersExample:
    """Headers of a table of the kind with the inputs that they are; ``metricsheet test`` binds them."""

    headers: tuple[str, ...]
    meant: Mapping[str, str]
    place: Place | None = None


@record
class TableKind:
    """A kind of table.

    ``row`` says by language what one row is. ``needs`` must all be found; each line names alternatives from
    ``columns`` (inputs) and ``signs`` (columns that only tell the kind), whose headers stand best first.
    ``one`` is the input that names a row and never repeats, ``several`` one that makes signs needless where
    it repeats, ``id`` are headers of what names a row. The rows of a ``ledger`` are subscriptions over time.
    Inputs of the kinds in ``may_hold`` may be beside its own. ``status`` are rows that do not count,
    ``contradicts`` those that say two things at once.
    """

    key: str
    row: Mapping[str, str]
    needs: tuple[tuple[str, ...], ...]
    columns: Mapping[str, tuple[HeaderWord, ...]]
    signs: Mapping[str, tuple[HeaderWord, ...]] = field(default_factory=dict)
    one: str = ""
    several: str = ""
    ledger: bool = False
    status: tuple[StatusWords, ...] = ()
    contradicts: tuple[Contradiction, ...] = ()
    id: tuple[str, ...] = ()
    may_hold: tuple[str, ...] = ()
    examples: tuple[HeadersExample, ...] = ()
    place: Place | None = None

    def words_of(self, name: str) -> tuple[HeaderWord, ...]:
        """Return the headers of an input or sign of the kind."""
        return self.columns.get(name) or self.signs.get(name) or ()
