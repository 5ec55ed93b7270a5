"""The grid of slices and periods of one dataset, each with the scope that metrics are computed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from metricsheet.catalog.definitions import Catalog, RowsInTime
from metricsheet.dataset import Dataset
from metricsheet.engines.columns import Column
from metricsheet.engines.selection import Selection
from metricsheet.evaluation.asked import columns_to_choose
from metricsheet.evaluation.compute import SliceScope
from metricsheet.evaluation.coverage import asked_for, incomplete_periods, least
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.periods import between, bounds
from metricsheet.evaluation.prepare import PreparedInput
from metricsheet.evaluation.result import Coverage
from metricsheet.evaluation.row_periods import Grain
from metricsheet.evaluation.scenarios import mixed_scenarios
from metricsheet.evaluation.spans import Surroundings
from metricsheet.evaluation.table_rows import SliceKey, TableRows
from metricsheet.language.message import Message
from metricsheet.records import record
from metricsheet.values import NA_, Cell, ExcelError


@record
class GridCell:
    """One slice in one period (``None`` when no period was asked), and the rows each table has there."""

    slice: SliceKey
    period: str | None
    scope: SliceScope
    tables: frozenset[str]
    last_day: float | None


class Grid:
    """All slices and periods of a dataset, the whole (``()``) first, periods oldest first."""

    def __init__(
        self,
        catalog: Catalog,
        dataset: Dataset,
        inputs: Mapping[str, PreparedInput],
        tables: Mapping[str, TableRows],
        options: RunOptions,
        parameters: Mapping[str, Cell] | None = None,
    ) -> None:
        self.catalog, self.dataset, self.options = catalog, dataset, options
        self.inputs, self.tables = inputs, tables
        self._given = {**settings_as_cells(catalog, options.settings), **(parameters or {})}
        self._forms: dict[str, str] = {}
        self._reads: dict[str, list[str]] = {}
        self._everything: SliceScope | None = None
        self._deciding = False
        self._refused = {key: item.refusal for key, item in inputs.items() if item.refusal is not None}
        self._refused.update(
            {key: ExcelError("#N/A", reason) for key, reason in dataset.refused.items() if key not in inputs}
        )
        self.newest_day = newest_day(tables)
        self.slices: list[SliceKey] = [(), *self._slice_keys()]
        self.periods: dict[SliceKey, list[str | None]] = {}
        self._incomplete: dict[str, dict[str, Coverage]] = {}
        self._dates: dict[str, Column] = {}
        self._rows: dict[tuple[str, SliceKey], Mapping[str | None, Sequence[int] | Selection]] = {}
        for key in self.slices:
            self.periods[key] = self._periods(key)

    def _slice_keys(self) -> list[SliceKey]:
        found: dict[SliceKey, None] = {}
        for grouped in self.tables.values():
            found.update(dict.fromkeys(grouped.by_slice))
        return sorted(found)

    def _split(self, table: str, key: SliceKey) -> Mapping[str | None, Sequence[int] | Selection]:
        if (table, key) not in self._rows:
            self._rows[table, key] = self.tables[table].split(key, self.options)
        return self._rows[table, key]

    def _periods(self, key: SliceKey) -> list[str | None]:
        length = self.options.period
        if length is None:
            return [None]
        found = {p for name in self.tables for p in self._split(name, key) if p is not None}
        if not found and self.options.since is not None and self.options.until is not None:
            return list(between(self.options.since, self.options.until, length))
        return [*sorted(found)] or [None]

    def coverage(self, period: str | None, tables: Iterable[str]) -> Coverage | None:
        """Return how much there is of a period in ``tables`` that do not have all of it, else ``None``."""
        length = self.options.period
        if period is None or length is None:
            return None
        found = [asked_for(period, self.options)]
        for name in tables:
            if name not in self._incomplete:
                known = self.tables[name].incomplete
                self._incomplete[name] = (
                    incomplete_periods(self.tables[name].days, length) if known is None else {**known}
                )
            found.append(self._incomplete[name].get(period))
        return least(found)

    def cells(self) -> list[GridCell]:
        """Return the grid: for each slice its periods, oldest first."""
        return [self._cell(key, period) for key in self.slices for period in self.periods[key]]

    def form(self, key: str) -> str:
        """Return the metric whose value is used for ``key``: the first preferred one that the data give.

        That is decided once, over all rows, so that no two periods or slices hold figures of different forms.
        """
        if key not in self._forms:
            self._forms[key] = key
            metric = self.catalog.metrics[key]
            if key not in self.inputs:
                self._forms[key] = next((other for other in metric.prefer if self.has(other)), key)
        return self._forms[key]

    def has(self, key: str) -> bool:
        """Return whether all inputs of a metric are there, and its value over all rows is not ``#N/A``."""
        if self._everything is None:
            self._deciding = True
            self._everything = self._scope((), None, self._parameters(None)[0], "all")
            self._deciding = False
        scope = self._everything
        if any(name not in self.inputs for name in scope.inputs_of(key)):
            return False
        value = scope.answer(key).value
        return not isinstance(value, ExcelError) or value.code != NA_

    def _grain(self, key: str) -> Grain | None:
        table = self.inputs[key].bound.table
        return self.tables[table].grain if table is not None and table in self.tables else None

    def _cell(self, key: SliceKey, period: str | None) -> GridCell:
        parameters, last_day = self._parameters(period)
        made: dict[RowsInTime, SliceScope] = {}

        def peer(rows: RowsInTime) -> SliceScope:
            if rows not in made:
                made[rows] = self._scope(key, period, parameters, rows)
                made[rows].peers = peer
            return made[rows]

        tables = frozenset(name for name in self.tables if self._split(name, key).get(period))
        return GridCell(key, period, peer("period"), tables, last_day)

    def _parameters(self, period: str | None) -> tuple[dict[str, Cell], float | None]:
        options = self.options
        values = dict(self._given)
        start, end = options.since, options.until
        if period is not None:
            start, end = bounds(period)
        if start is not None and end is not None:
            values["period_start"], values["period_end"] = start, end
        elif options.period is not None:
            # periods were asked for: that there are none is for the table to explain
            undated = [self._no_dates(grouped) for grouped in self.tables.values() if grouped.dates is None]
            if undated:
                values["period_start"] = values["period_end"] = ExcelError("#N/A", undated[0])
        return values, end if end is not None else self.newest_day

    def _scope(
        self, key: SliceKey, period: str | None, parameters: Mapping[str, Cell], in_time: RowsInTime
    ) -> SliceScope:
        rows: dict[str, Sequence[int] | Selection | None] = {}
        dates: dict[str, Column] = {}
        refusals = dict(self._refused)
        by_table: dict[str, Sequence[int] | Selection | None] = {}
        date_columns: dict[str, Column] = {}
        for input_key, item in self.inputs.items():
            if input_key in refusals:
                continue
            reason, table_rows = self._rows_of(item, key, period, in_time, by_table)
            if reason:
                refusals[input_key] = ExcelError("#N/A", reason)
                rows[input_key] = table_rows
                continue
            gap = next((gap for gap in item.gaps if gap.stops(key, table_rows)), None)
            if gap is not None:
                refusals[input_key] = gap.error
                continue
            rows[input_key] = table_rows
            table = item.bound.table
            grouped = self.tables.get(table) if table is not None else None
            if table is None or grouped is None or grouped.gap(table_rows):
                continue
            if grouped.dates is not None or grouped.side_by_side:
                if table not in date_columns:
                    if table not in self._dates:
                        self._dates[table] = grouped.date_column()
                    column = self._dates[table]
                    date_columns[table] = column if table_rows is None else column.take(table_rows)
                dates[input_key] = date_columns[table]
        # the scope that decides on forms must not keep what it finds before all are decided
        reads = None if self._deciding else self._reads
        rates = {k: rate for t in self.tables.values() for k, rate in t.rates.get((key, period), {}).items()}
        context = Surroundings(period, self._grain, self.form, reads, rates)
        return SliceScope(self.catalog, self.inputs, rows, dates, refusals, parameters, context)

    def _rows_of(
        self,
        item: PreparedInput,
        key: SliceKey,
        period: str | None,
        in_time: RowsInTime,
        by_table: dict[str, Sequence[int] | Selection | None],
    ) -> tuple[Message | None, Sequence[int] | Selection | None]:
        """Return ``None`` and the rows of the input in this slice, or why it cannot be sliced as asked."""
        options, table = self.options, item.bound.table
        if item.bound.everywhere:
            return None, None
        days = options.since is not None or options.until is not None
        asked_time = days or options.period is not None
        timed = in_time != "all" and asked_time
        if table is None or table not in self.tables:
            asked = "slice" if key else "period" if timed else "where" if options.where else ""
            if not asked:
                return None, None
            name, where = item.bound.key, item.bound.where
            header = key[0][0] if key else ""
            return Message(f"not_in_a_table.{asked}", input=name, where=where, header=header), None
        if table in by_table:
            return None, by_table[table]
        grouped = self.tables[table]
        if grouped.refusal is not None:
            return grouped.refusal, None
        if key and grouped.unsliced:
            return grouped.why_unsliced(options), None
        gap = grouped.gap(grouped.rows(key))
        dates = grouped.dates if gap is None else None
        if timed and dates is None:
            return gap or self._no_dates(grouped), self._split(table, key).get(period) if gap else None
        chosen = self._split(table, key).get(period, []) if timed else grouped.rows(key)
        if in_time == "newest" and dates is not None:
            chosen = grouped.newest(chosen)
        elif in_time == "year" and dates is not None:
            chosen = grouped.last_year(chosen)
        inside = set(chosen or ()) if grouped.table.unsure and isinstance(chosen, Sequence) else None
        for row in grouped.table.unsure:
            if inside is None or row.row in inside:
                return Message("may_be_total", row=str(row)), None
        mixed = mixed_scenarios(grouped, chosen)
        if mixed is not None:
            return mixed, None
        by_table[table] = chosen
        return None, chosen

    @staticmethod
    def _no_dates(grouped: TableRows) -> Message:
        return grouped.undatable or columns_to_choose(grouped.table)


def newest_day(tables: Mapping[str, TableRows]) -> float | None:
    """Return the latest date in any table, or ``None`` where no table has dates."""
    days = [d for grouped in tables.values() for d in grouped.days if isinstance(d, (int, float))]
    return max(days, default=None)


def settings_as_cells(catalog: Catalog, given: Mapping[str, str]) -> dict[str, Cell]:
    """Return settings as cells: flags as logicals, others as text; unset ones without default are absent."""
    found: dict[str, Cell] = {}
    for key, setting in catalog.choices.items():
        value = given.get(key, setting.default)
        if value is None:
            continue
        found[key] = value == "yes" if setting.one_of == ("yes", "no") else value
    return found
