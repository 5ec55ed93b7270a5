"""Subscriptions by customer: what each pays from which day on, with short gaps bridged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm

from metricsheet.engines.ledger.rows import OPEN, Subscription
from metricsheet.engines.ledger.steps import Columns, Moves, moves_of
from metricsheet.records import record, replace


@record
class Span:
    """One customer over time.

    ``steps`` are (day, amount) pairs: the monthly amount from that day on, oldest first, each another one
    than before; ``amount`` counts in parts of the ledger's ``unit``. ``paid`` are the times with any amount:
    first day, and the first day without (``None`` while it goes on). ``rows`` are the subscriptions behind
    them, gaps filled.
    """

    customer: str
    steps: tuple[tuple[int, int], ...]
    paid: tuple[tuple[int, int | None], ...]
    rows: tuple[Subscription, ...]

    @property
    def first_day(self) -> int:
        """Return the first day with an amount."""
        return self.steps[0][0]

    def at(self, day: int) -> int:
        """Return the amount at the end of a day."""
        found = 0
        for first, amount in self.steps:
            if first > day:
                break
            found = amount
        return found


class Ledger:
    """All customers who ever paid, by number. Amounts are whole numbers of which ``unit`` make 1.00.

    A gap of at most ``gap_days`` days between two paid times is filled with what was paid before it. Where
    ``free_stays``, rows of 0 keep a customer who goes to them.
    """

    def __init__(self, rows: Sequence[Subscription], gap_days: int = 1, *, free_stays: bool = False) -> None:
        self.gap_days = gap_days
        used = [row for row in rows if row.mrr > 0 and (row.end is None or row.end > row.start)]
        self.unit = lcm(*{row.mrr.denominator for row in used})
        numbers: dict[str, int] = {}
        codes = [numbers.setdefault(row.customer, len(numbers)) for row in used]
        self.customers = tuple(numbers)
        self._rows: list[list[Subscription]] = [[] for _ in numbers]
        for code, row in zip(codes, used, strict=True):
            self._rows[code].append(row)
        self._free: dict[int, list[Subscription]] = {}
        for row in rows if free_stays else ():
            if row.mrr == 0 and row.customer in numbers:
                self._free.setdefault(numbers[row.customer], []).append(row)
        ends = [OPEN if row.end is None else row.end for row in used]
        amounts = [self.parts(row.mrr) for row in used]
        self.fill(Columns(codes, [row.start for row in used], ends, amounts))

    def fill(self, columns: Columns) -> None:
        """Take rows that are columns already, amounts in parts of the unit, customers numbered from 0."""
        self._columns = columns

    def moves(self, cuts: Sequence[int]) -> Moves:
        """Return the movements at the ends of periods (``cuts``), of all since the first paid day."""
        return moves_of(self._columns, cuts, self.gap_days, self.is_free if self._free else None)

    def is_free(self, customer: int, day: int) -> bool:
        """Return whether a row of 0 keeps a customer, by number, on a day."""
        rows = self._free.get(customer, ())
        return any(row.start <= day and (row.end is None or day < row.end) for row in rows)

    @property
    def first_rows(self) -> list[int]:
        """Return the row of each customer's first paid day, the upper of several."""
        return [min((row.start, row.row) for row in rows)[1] for rows in self._rows]

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Return each customer with its steps and rows, by number."""
        return tuple(self._span(code, rows) for code, rows in enumerate(self._rows))

    @property
    def first_day(self) -> int | None:
        """Return the first day on which anybody paid."""
        return min(self._columns.starts, default=None)

    def parts(self, amount: Fraction) -> int:
        """Return an amount in parts of the unit."""
        return amount.numerator * (self.unit // amount.denominator)

    def money(self, amount: int) -> float:
        """Return parts of the unit as the nearest number there is."""
        return amount / self.unit

    def _span(self, code: int, rows: list[Subscription]) -> Span:
        rows = sorted(rows, key=lambda row: row.start)
        if self.gap_days:
            rows = [*rows, *_bridges(rows, self.gap_days)]
        steps = self.steps(rows)
        paid: list[tuple[int, int | None]] = []
        begun: int | None = None
        for day, amount in steps:
            if not amount and begun is not None:
                paid.append((begun, day))
                begun = None
            elif begun is None:
                begun = day
        if begun is not None:
            paid.append((begun, None))
        return Span(self.customers[code], steps, tuple(paid), tuple(rows))

    def steps(self, rows: Iterable[Subscription]) -> tuple[tuple[int, int], ...]:
        """Return the days on which the sum of some rows changes, with what it is from there on."""
        changes: dict[int, int] = {}
        for row in rows:
            amount = self.parts(row.mrr)
            changes[row.start] = changes.get(row.start, 0) + amount
            if row.end is not None:
                changes[row.end] = changes.get(row.end, 0) - amount
        found: list[tuple[int, int]] = []
        level = 0
        for day in sorted(changes):
            if changes[day]:
                level += changes[day]
                found.append((day, level))
        return tuple(found)


def _bridges(rows: Sequence[Subscription], most: int) -> Iterable[Subscription]:
    """Yield the rows that ended before each short gap once more, over the gap; ``rows`` are by start."""
    ending: dict[int, list[Subscription]] = {}
    for row in rows:
        if row.end is not None:
            ending.setdefault(row.end, []).append(row)
    until: int | None = rows[0].start
    for row in rows:
        if until is None:
            return
        if 0 < row.start - until <= most:
            for before in ending[until]:
                yield replace(before, start=until, end=row.start)
        until = None if row.end is None else max(until, row.end)
