"""The rows of one table that count, by slices and periods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import inf
from typing import Any

from metricsheet.dataset import DataTable
from metricsheet.engines.columns import Column
from metricsheet.engines.selection import Selection
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.periods import period_of
from metricsheet.evaluation.result import Coverage, Rate
from metricsheet.evaluation.row_periods import Grain, grain_of
from metricsheet.evaluation.spans import last_year
from metricsheet.language.message import Message, and_more
from metricsheet.reading.column import NUMBERS
from metricsheet.records import field, record
from metricsheet.values import Cell
from metricsheet.values.coded import different

_SHOWN = 3

SliceKey = tuple[tuple[str, str], ...]
"""A slice as (name, value) pairs in the order asked for; ``()`` is everything."""


@record
class DateGap:
    """The rows of a source of a pool that has no dates, or in which they cannot be read, and why."""

    rows: range
    source: str
    reason: Message
    code: str


@record(frozen=False)
class TableRows:
    """The rows of one table that count, grouped. ``refusal`` says why it cannot be filtered as asked.

    ``unsliced`` names the header asked for by which the table cannot be sliced; its rows as a whole count.
    ``too_many`` is how many slices there would be, where that is more than the limit.
    ``dates`` are serial numbers per row, ``None`` where a row has no readable date; ``undatable`` says why
    the column of dates cannot be read, all of it or that of some sources of a pool: the ``gaps``.
    ``kept`` is ``None`` when every row counts. ``side_by_side`` says that the rows are of one time: the table
    has no dates, and a column of segments names each of them. Of a ledger it is known which periods are
    ``incomplete``, and what its ``rates`` are based on in each slice and period.
    """

    table: DataTable
    kept: Sequence[int] | Selection | None = None
    by_slice: Mapping[SliceKey, Sequence[int]] = field(default_factory=dict)
    dates: Sequence[Cell] | None = None
    refusal: Message | None = None
    unsliced: str = ""
    too_many: int = 0
    undatable: Message | None = None
    undatable_code: str = ""
    side_by_side: bool = False
    gaps: tuple[DateGap, ...] = ()
    incomplete: Mapping[str, Coverage] | None = None
    rates: Mapping[tuple[SliceKey, str | None], Mapping[str, Rate]] = field(default_factory=dict)
    _grain: tuple[Grain | None, ...] = ()
    _dated: tuple[bool, ...] = ()

    @property
    def grain(self) -> Grain | None:
        """What one row of the table is about, ``None`` where it has no dates; found when first asked for."""
        if not self._grain:
            self._grain = (None if self.dates is None else grain_of(self.table.dates or (), self.dates),)
        return self._grain[0]

    def why_unsliced(self, options: RunOptions) -> Message:
        """Return why the table is not cut by ``unsliced``."""
        table, header, many = self.table.name, self.unsliced, self.too_many
        if many:
            most = int(options.slices)
            return Message("too_many_slices", table=table, header=header, found=many, most=most)
        return Message("no_column", table=table, header=header)

    @property
    def dated(self) -> bool:
        """Whether every row has a date that is read; found when first asked for."""
        if not self._dated:
            self._dated = (set(map(type, different(self.dates or (None,)))) <= NUMBERS,)
        return self._dated[0]

    @property
    def undated(self) -> int:
        """The number of rows that hold something and have no readable date, without those in gaps."""
        if self.dated:
            return 0
        rows = [row for row, date in enumerate(self.dates or ()) if not isinstance(date, (int, float))]
        return sum(not self.gap([row]) and not is_blank_row(self.table, row) for row in rows)

    def gap(self, rows: Sequence[int] | Selection | None) -> Message | None:
        """Return why some of ``rows`` (``None``: all) have no dates: they are of a source without them."""
        few = None if isinstance(rows, Selection) else rows
        hit = [gap for gap in self.gaps if few is None or any(row in gap.rows for row in few)]
        if not hit:
            return None
        return Message(
            "of_source", source=and_more([gap.source for gap in hit], _SHOWN), reason=hit[0].reason
        )

    def counted(self) -> Sequence[int]:
        """Return the rows that count, in row order."""
        kept = self.kept
        return range(self.table.rows) if kept is None or isinstance(kept, Selection) else kept

    def rows(self, key: SliceKey) -> Sequence[int] | Selection | None:
        """Return the rows of a slice in row order; ``None`` means all rows of the table."""
        return self.kept if key == () else self.by_slice.get(key, [])

    def split(self, key: SliceKey, options: RunOptions) -> Mapping[str | None, Sequence[int] | Selection]:
        """Return the rows of a slice by period, as ``split_by_period`` does."""
        return split_by_period(self, self.by_slice.get(key, []) if key else self.counted(), options)

    def newest(self, rows: Any) -> Sequence[int] | Selection:
        """Return those of ``rows`` (``None``: all) that are on the newest date among them."""
        return newest_rows(self.dates or (), rows)

    def last_year(self, rows: Any) -> Sequence[int] | Selection:
        """Return those of ``rows`` (``None``: all) of the twelve months that end with the newest one."""
        return last_year(range(self.table.rows) if rows is None else rows, self.dates or (), self.grain)

    def date_column(self) -> Column:
        """Return the dates of the rows; those of one time are all of one day, whichever it is."""
        return Column(self.dates or [0.0] * self.table.rows)

    @property
    def days(self) -> Iterable[Cell]:
        """The different dates, with what is no date among them."""
        return different(self.dates or ())

    @property
    def weights(self) -> Sequence[int] | None:
        """How often each of ``counted`` is there, ``None`` for once."""
        return None

    @property
    def most_slices(self) -> float:
        """Return how many slices can be made at all."""
        return inf

    def holds(self, row: int) -> bool:
        """Return whether a row holds anything."""
        return not is_blank_row(self.table, row)

    def tally(self, column: str) -> Counter[Cell]:
        """Return how often each filled cell is in a column, in the rows that count."""
        cells = self.table.columns.get(column, ())
        some = self.kept is not None and len(cells) > 0
        found = Counter(map(cells.__getitem__, self.counted()) if some else cells)
        del found[None], found[""]
        return found

    def repeats(self, column: str) -> tuple[int, int]:
        """Return how many cells of a column are filled, and how many different ones."""
        found = self.tally(column)
        return found.total(), len(found)


def split_by_period(
    grouped: TableRows, rows: Sequence[int] | None, options: RunOptions
) -> Mapping[str | None, Sequence[int]]:
    """Return rows by period label (all under ``None`` when no period is asked) inside the days asked for."""
    every = grouped.counted() if rows is None else rows
    dates = grouped.dates
    low, high = options.since, options.until
    if dates is None or (options.period is None and low is None and high is None and grouped.dated):
        return {None: every}
    found: dict[str | None, list[int]] = {}
    length = options.period
    labels: dict[float, str] = {}
    for row in every:
        date = dates[row]
        if not isinstance(date, (int, float)):
            if grouped.gaps and grouped.gap([row]):
                found.setdefault(None, []).append(row)  # they are there, and no figure is given over them
            continue
        if (low is not None and date < low) or (high is not None and date >= high + 1):
            continue
        if length is None:
            found.setdefault(None, []).append(row)
            continue
        label = labels.get(date)
        if label is None:
            label = labels[date] = period_of(date, length)
        found.setdefault(label, []).append(row)
    return found


def is_blank_row(table: DataTable, row: int) -> bool:
    """Return whether a row holds nothing."""
    return all(column[row] is None for column in table.columns.values())


def newest_rows(dates: Sequence[Cell], rows: Sequence[int] | None) -> list[int]:
    """Return the rows that are on the newest date among ``rows`` (``None``: all rows)."""
    dated = [
        (day, row)
        for row in (range(len(dates)) if rows is None else rows)
        if isinstance(day := dates[row], (int, float))
    ]
    newest = max((day for day, _ in dated), default=None)
    return [row for day, row in dated if day == newest]
