"""The rows of a stored table, by slices and periods: cut where they are, by the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from metricsheet.catalog.definitions import InputDefinition
from metricsheet.dataset import DataTable
from metricsheet.engines.columns import Column
from metricsheet.engines.selection import Selection, Stored
from metricsheet.engines.sql.column import ScannedDates
from metricsheet.engines.sql.expressions import TypedColumn
from metricsheet.engines.sql.scan import MOST_VALUES, Grouping, Mode, Rows
from metricsheet.engines.sql.table import StoredColumn, StoredTable
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.row_periods import Grain, grain_of
from metricsheet.evaluation.stored import Reader, read_stored
from metricsheet.evaluation.table_rows import SliceKey, TableRows
from metricsheet.language.message import Message
from metricsheet.values import Cell

_AXIS = " date"
"""Under this name the dates of the rows are among the inputs of their table."""


class StoredRows(TableRows):
    """``TableRows`` of a stored table; what is counted of it are combinations of values, with how often."""

    def __init__(self, table: DataTable, stored: StoredTable) -> None:
        super().__init__(table)
        self.stored, self.scan = stored, stored.scan
        self._combinations: list[tuple[Any, ...]] = []
        self._grain_found: Grain | None = None
        self._days: Sequence[float] = ()
        self._undated = 0
        self._cut: Sequence[StoredColumn] = ()

    def read_dates(self, read: Reader) -> None:
        """Read the dates of the rows, or say why they cannot be read."""
        column = self.table.dates
        if not isinstance(column, StoredColumn):
            return
        definition = InputDefinition(key=_AXIS, label={"en": "Date"}, type="date")
        found, _ = read_stored(definition, column, read)
        if found.refusal is not None:
            self.undatable = Message("of_dates", where=self.table.dates_where, reason=found.refusal.message)
            self.undatable_code = found.refusal.code
            return
        self.dates = found.cells
        typed = self.scan.columns[_AXIS]
        self.scan.date_by(typed, column.date if typed.value == column.plain else "")
        values = column.values if column.kind != "date" else None
        written: Sequence[Cell] = [value for value, _ in values] if values is not None else []
        days = f"SELECT DISTINCT FLOOR(m) FROM ({self.scan.inner('m')}) AS q WHERE m IS NOT NULL"
        self._days = [day for (day,) in self.stored.run(days)]
        self._undated = self.stored.count_filled(f"{self.scan.moment_sql} IS NULL", self.scan.moment_joins)
        self._grain_found = grain_of(written, self._days)

    def keep(
        self, columns: Sequence[StoredColumn], kept: Callable[[Sequence[Sequence[Cell]]], Any]
    ) -> Message | None:
        """Keep the rows whose combination of some cells is among those that ``kept`` says; or say why not."""
        found = self.stored.combinations(columns, " ".join(self._joins()))
        if len(found) > MOST_VALUES:
            return Message("too_many_to_filter", columns=tuple(c.header for c in columns), most=MOST_VALUES)
        mask = kept([[row[place] for row in found] for place in range(len(columns))])
        if isinstance(mask, Message):
            return mask
        held = [row for row, holds in zip(found, mask, strict=True) if holds]
        join = f"where{len(self.scan.joins)}"
        self.scan.joins[join] = self.stored.chosen(join, columns, held, None)
        self.scan.grouping = Grouping(where=(*self.scan.grouping.where, join))
        self.kept = Rows(self.scan)
        return None

    def _joins(self) -> list[str]:
        return [self.scan.joins[name] for name in self.scan.grouping.where]

    def names_each(self, columns: Sequence[object]) -> bool:
        """Return whether some columns name each row by a combination of its own."""
        stored = [column for column in columns if isinstance(column, StoredColumn)]
        if len(stored) < len(columns) or self.stored.rows > MOST_VALUES:
            return False
        found = self.stored.combinations(stored, " ".join(self._joins()))
        held = [row for row in found if row[-1]]
        return all(row[-1] == 1 and None not in row for row in held)

    def combine(self, columns: Sequence[StoredColumn]) -> list[Sequence[Cell]]:
        """Return the different combinations of some columns, as columns of their own."""
        self._combinations = self.stored.combinations(columns, " ".join(self._joins()))
        self._cut = columns
        return [[row[place] for row in self._combinations] for place in range(len(columns))]

    def counted(self) -> Sequence[int]:  # noqa: D102 - as of any table
        return range(len(self._combinations))

    @property
    def weights(self) -> Sequence[int] | None:  # noqa: D102 - as of any table
        return [row[-2] for row in self._combinations]

    @property
    def most_slices(self) -> float:  # noqa: D102 - as of any table
        return MOST_VALUES

    def holds(self, row: int) -> bool:  # noqa: D102 - as of any table
        return bool(self._combinations[row][-1])

    def group(self, options: RunOptions) -> None:
        """Cut the rows into the slices found, and the periods asked for."""
        columns = self._cut
        raw = {place: key for key, places in self.by_slice.items() for place in places}
        expression, keys = "", {}
        if len(columns) == 1 and len(self.by_slice) == len(raw) == len(self._combinations):
            expression = columns[0].plain
            keys = {self._combinations[place][0]: key for place, key in raw.items()}
        elif raw:
            numbers = {key: number for number, key in enumerate(self.by_slice)}
            cut = [self._combinations[place] for place in raw]
            groups = [numbers[key] for key in raw.values()]
            self.scan.joins["slices"] = self.stored.chosen("slices", columns, cut, groups)
            expression = "slices.g"
            keys = {number: key for key, number in numbers.items()}
        where = self.scan.grouping.where
        if self.side_by_side:
            self.scan.date_by(TypedColumn("number", self.scan.dialect.number(0.0)))
        period = options.period if self.dates is not None else None
        self.scan.group(
            Grouping(expression, keys, period, options.since, options.until, self._grain_found, where)
        )

    @property
    def grain(self) -> Grain | None:
        """What one row of the table is about."""
        return self._grain_found

    @property
    def undated(self) -> int:
        """The number of rows that have no readable date."""
        return self._undated

    @property
    def days(self) -> Iterable[Cell]:  # noqa: D102 - as of any table
        return self._days

    def rows(self, key: SliceKey) -> Sequence[int] | Selection | None:  # noqa: D102 - as of any table
        if key == ():
            return self.kept
        return Rows(self.scan, key) if key in self.by_slice else []

    def split(self, key: SliceKey, _: RunOptions) -> Mapping[str | None, Sequence[int] | Selection]:  # noqa: D102
        if key != () and key not in self.by_slice:
            return {}
        if self.dates is None:
            return {None: Rows(self.scan, key)}
        groups = self.scan.groups(Mode(timed=True), key != ())
        return {
            period: Rows(self.scan, key, period, Mode(timed=True)) for cut, period in groups if cut == key
        }

    def newest(self, rows: Any) -> Sequence[int] | Selection:  # noqa: D102 - as of any table
        return self._last(rows, "newest")

    def last_year(self, rows: Any) -> Sequence[int] | Selection:  # noqa: D102 - as of any table
        return self._last(rows, "year")

    def _last(self, rows: Any, which: Any) -> Sequence[int] | Selection:
        if rows is None:
            rows = Rows(self.scan)
        return rows.last(which) if isinstance(rows, Rows) else []

    def date_column(self) -> Column:  # noqa: D102 - as of any table
        return ScannedDates(Rows(self.scan), "")

    def tally(self, column: str) -> Counter[Cell]:  # noqa: D102 - as of any table
        found = self.table.columns.get(column)
        if not isinstance(found, StoredColumn):
            return Counter()
        if not self.scan.grouping.where:
            return Counter(dict(found.values or ()))
        joins = " ".join(self._joins())
        query = f"SELECT {found.plain} AS x, COUNT(*) FROM {self.stored.relation} AS r {joins}"
        rows = self.stored.run(f"{query} GROUP BY 1 LIMIT {MOST_VALUES}")
        return Counter({value: times for value, times in rows if value is not None})

    def repeats(self, column: str) -> tuple[int, int]:  # noqa: D102 - as of any table
        found = self.table.columns.get(column)
        if not isinstance(found, StoredColumn):
            return 0, 0
        query = f"SELECT COUNT({found.plain}), COUNT(DISTINCT {found.plain}) FROM {self.stored.relation} AS r"
        return self.stored.run(f"{query} {' '.join(self._joins())}")[0]


def is_stored(table: DataTable) -> StoredTable | None:
    """Return the stored table behind a table, ``None`` where its cells are here."""
    # columns that are read when they are asked for are no dict
    columns = table.columns.values() if isinstance(table.columns, dict) else ()
    found = next((column for column in columns if isinstance(column, Stored)), None)
    return found.table if isinstance(found, StoredColumn) else None


def texts_in(cells: Sequence[Cell]) -> Iterable[str]:
    """Return the texts in a column, of a stored one where they are few."""
    values = [value for value, _ in cells.values or ()] if isinstance(cells, StoredColumn) else cells
    return (cell for cell in values if isinstance(cell, str))
