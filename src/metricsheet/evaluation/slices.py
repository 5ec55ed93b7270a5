"""Rows of tables into slices: segments, periods and conditions."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.catalog.definitions import InputDefinition
from metricsheet.dataset import Dataset, DataTable, Problem, SourceDates
from metricsheet.engines.groups import Groups
from metricsheet.engines.sql.table import StoredColumn
from metricsheet.errors import did_you_mean
from metricsheet.evaluation.options import PeriodLength, RunOptions
from metricsheet.evaluation.row_periods import named_grain, span_of
from metricsheet.evaluation.slice_names import BLANK, SliceNames
from metricsheet.evaluation.stored_rows import StoredRows, is_stored
from metricsheet.evaluation.table_rows import DateGap, SliceKey, TableRows, is_blank_row
from metricsheet.language.message import Message
from metricsheet.language.words import Word
from metricsheet.reading.column import ReadColumn, joined_columns
from metricsheet.reading.inputs import read_input
from metricsheet.reading.refusal import Refusal
from metricsheet.reading.settings import ReadSettings, read_settings
from metricsheet.records import replace
from metricsheet.values import Cell
from metricsheet.values.coded import Coded, different
from metricsheet.values.dates import from_serial

SEGMENT_INPUTS = ("segment", "touchpoint")
"""The inputs that name what a row is about beside others."""


def table_rows(dataset: Dataset, options: RunOptions) -> tuple[dict[str, TableRows], list[Problem]]:
    """Group the rows of every table of ``dataset`` as ``options`` ask; return what is to be told too.

    Spellings that a pivot table of Excel takes for one name are one slice in all tables, under the commonest.
    """
    tables = {name: _filtered(dataset, table, options) for name, table in dataset.tables.items()}
    for grouped in tables.values():
        grouped.side_by_side = _side_by_side(dataset, grouped, options)
    columns: dict[str, list[Sequence[Cell]]] = {}
    for name, grouped in tables.items():
        found = [column_of(dataset, grouped.table, by) for by in options.by]
        missing = [by for by, column in zip(options.by, found, strict=True) if column is None]
        if missing:
            grouped.unsliced = missing[0]
        elif options.by and not grouped.refusal:
            columns[name] = [column for column in found if column is not None]
            if isinstance(grouped, StoredRows):
                columns[name] = grouped.combine(
                    [column for column in found if isinstance(column, StoredColumn)]
                )
    notices: list[Problem] = []
    for number, by in enumerate(options.by):
        names = SliceNames()
        for name, several in columns.items():
            names.add(several[number], tables[name].counted(), tables[name].weights)
        for several in columns.values():
            several[number] = names.read(several[number])
        notices += names.notices(dataset.source, by)
    for name, several in columns.items():
        grouped = tables[name]
        by_values = _by_values(several, grouped)
        slices: dict[SliceKey, Sequence[int]] = {}
        for values, rows in by_values.items():
            if all(value == BLANK for value in values):
                rows = [row for row in rows if grouped.holds(row)]  # noqa: PLW2901
            if rows:
                slices[tuple(zip(options.by, map(str, values), strict=True))] = rows
        if len(slices) > min(options.slices, grouped.most_slices):
            tables[name].unsliced, tables[name].too_many = " × ".join(options.by), len(slices)
        else:
            tables[name].by_slice = slices
    for grouped in tables.values():
        if isinstance(grouped, StoredRows):
            grouped.group(options)
    return tables, notices


def _by_values(
    columns: Sequence[Sequence[Cell]], grouped: TableRows
) -> dict[tuple[Cell, ...], Sequence[int]]:
    """Return the rows that count by what they hold in some columns."""
    if len(columns) == 1 and isinstance(columns[0], Coded) and grouped.kept is None:
        return {(value,): rows for value, rows in Groups(columns[0]).rows().items()}
    cut = [
        column if grouped.kept is None else map(column.__getitem__, grouped.counted()) for column in columns
    ]
    found: dict[tuple[Cell, ...], list[int]] = {}
    for row, values in zip(grouped.counted(), zip(*cut, strict=True), strict=True):
        rows = found.get(values)
        if rows is None:
            rows = found[values] = []
        rows.append(row)
    return dict(found)


def _filtered(dataset: Dataset, table: DataTable, options: RunOptions) -> TableRows:
    stored = is_stored(table)
    if stored is not None:
        return _stored(dataset, StoredRows(table, stored), options)
    grouped = TableRows(table)
    _read_dates(grouped, options)
    between = {row.row for row in table.left_out if row.row < table.rows}
    kept = [row for row in range(table.rows) if row not in between] if between else None
    for condition in options.where:
        from metricsheet.evaluation.where import kept_rows  # only --where needs to read formulas

        mask = kept_rows(condition, table.rows, lambda name: _asked(dataset, table, name), options)
        if isinstance(mask, Message):
            grouped.refusal = mask
            return grouped
        kept = [row for row in (range(table.rows) if kept is None else kept) if mask[row]]
    grouped.kept = kept
    return grouped


def _stored(dataset: Dataset, grouped: StoredRows, options: RunOptions) -> StoredRows:
    """Return the rows of a stored table that count."""
    header = grouped.table.dates_header
    grouped.read_dates(lambda cells: _dates(cells, header, options.reading, options))
    for condition in options.where:
        from metricsheet.evaluation.where import condition_plan, kept_rows

        names = condition_plan(condition).inputs
        asked = {name: _asked(dataset, grouped.table, name) for name in names}
        columns = [column for column in asked.values() if isinstance(column, StoredColumn)]
        if len(columns) < len(asked):
            grouped.refusal = next(one for one in asked.values() if isinstance(one, Message))
            return grouped

        def kept(
            cells: Sequence[Sequence[Cell]], condition: str = condition, names: Sequence[str] = names
        ) -> object:
            found = dict(zip(names, cells, strict=True))
            return kept_rows(condition, len(cells[0]), found.__getitem__, options)

        grouped.refusal = grouped.keep(columns, kept)
        if grouped.refusal is not None:
            return grouped
    return grouped


def _side_by_side(dataset: Dataset, grouped: TableRows, options: RunOptions) -> bool:
    """Return whether a table without dates names each of its rows by a segment, or by what was asked for."""
    table = grouped.table
    if table.dates is not None or table.date_candidates:
        return False
    if isinstance(grouped, StoredRows):
        asked = (options.by, *((key,) for key in SEGMENT_INPUTS))
        return any(
            grouped.names_each([column_of(dataset, table, name) for name in names])
            for names in asked
            if names
        )
    rows = grouped.counted()
    for names in (options.by, *((key,) for key in SEGMENT_INPUTS)):
        columns = [column for name in names if (column := column_of(dataset, table, name)) is not None]
        if columns and len(columns) == len(names):
            said = list(zip(*(map(column.__getitem__, rows) for column in columns), strict=True))
            whole = [one for one in said if None not in one]
            if len(set(whole)) == len(whole) and all(
                is_blank_row(table, row) for row, one in zip(rows, said, strict=True) if None in one
            ):
                return True
    return False


def _read_dates(grouped: TableRows, options: RunOptions) -> None:
    """Read the dates of a table, those of a pool source by source: what one lacks is a gap, not the end."""
    table = grouped.table
    if table.dates is None:
        return
    alone = (SourceDates("", table.dates, table.dates_header, {}),)
    gaps: list[DateGap] = []
    reads: list[ReadColumn] = []
    start = 0
    for one in table.dates_of or alone:
        reading = read_settings(one.read) if table.dates_of else options.reading
        read = _dates(one.cells, one.header, reading, options)
        refused = Refusal("", one.lacking) if one.lacking is not None else read.refusal
        if refused is not None:
            reason, hint = refused.message, refused.hint
            reason = Message("with_hint", reason=reason, hint=hint) if hint else reason
            gaps.append(DateGap(range(start, start + len(one.cells)), one.source, reason, refused.code))
            read = ReadColumn([None] * len(one.cells), 0, len(one.cells), 0)
        reads.append(read)
        start += len(one.cells)
    # what lacks dates is reported by the pool
    told = next((gap for gap in gaps if gap.code), None)
    if told is not None:
        pooled = len(reads) > 1
        reason = Message("of_source", source=told.source, reason=told.reason) if pooled else told.reason
        grouped.undatable = reason if pooled else Message("of_dates", where=table.dates_where, reason=reason)
        grouped.undatable_code = told.code
    if len(gaps) < len(reads):
        cells = reads[0].cells if len(reads) == 1 else joined_columns(reads).cells
        grouped.dates, grouped.gaps = cells, tuple(gaps)


def _dates(cells: Sequence[Cell], header: str, reading: ReadSettings, options: RunOptions) -> ReadColumn:
    definition = InputDefinition(key="date", label={"en": "Date"}, type="date")
    read = read_input(definition, cells, header=header, date_order=reading.date_order)
    if read.refusal is not None:
        return read
    coarse = _too_coarse(cells, options.period) or _cut_through(cells, read.cells, options)
    return replace(read, refusal=Refusal(coarse.code, coarse)) if coarse is not None else read


def _too_coarse(dates: Sequence[Cell], asked: PeriodLength | None) -> Message | None:
    """Return why quarters or years cannot be told apart by month or quarter, or ``None`` where they can."""
    if asked not in ("month", "quarter"):
        return None
    from metricsheet.reading.date_text import part_of_year

    numbers = {cell for cell in different(dates) if isinstance(cell, (int, float))}
    if numbers and all(1990 <= number <= 2100 for number in numbers):
        return Message("too_coarse.year", year=min(numbers), asked=Word(f"grain.{asked}"))
    for text in dict.fromkeys(cell for cell in different(dates) if isinstance(cell, str)):
        part = part_of_year(text)
        if part == "year" or (part == "quarter" and asked == "month"):
            return Message("too_coarse.part", text=text, part=part, asked=Word(f"grain.{asked}"))
    return None


def _cut_through(cells: Sequence[Cell], days: Sequence[Cell], options: RunOptions) -> Message | None:
    """Return which row names a period that the days asked for cut through, ``None`` where none does.

    They may end within the newest one, which need not be over.
    """
    low, high = options.since, options.until
    grain = named_grain(cells) if low is not None or high is not None else None
    if grain is None:
        return None
    span = span_of(grain, (day for day in different(days) if isinstance(day, (int, float))))
    for start in span.starts:
        first, last = span.bounds(start)
        begins_in = low is not None and first < low <= last
        ends_in = high is not None and first <= high < last and start != span.starts[-1]
        if begins_in or ends_in:
            days_of_row = {"first": f"{from_serial(first):%Y-%m-%d}", "last": f"{from_serial(last):%Y-%m-%d}"}
            return Message("too_coarse.days", **days_of_row)
    return None


def column_of(dataset: Dataset, table: DataTable, name: str) -> Sequence[Cell] | None:
    """Return the table's column of that header, or of that input where it is bound in this table."""
    if name in table.columns:
        return table.columns[name]
    folded = " ".join(name.split()).casefold()
    same = [h for h in table.columns if " ".join(h.split()).casefold() == folded]
    if len(same) == 1:
        return table.columns[same[0]]
    bound = dataset.inputs.get(name)
    return bound.cells if bound is not None and bound.table == table.name else None


def _asked(dataset: Dataset, table: DataTable, name: str) -> Sequence[Cell] | Message:
    """Return the column that a condition names, or why there is none."""
    column = column_of(dataset, table, name)
    if column is not None:
        return column
    near = did_you_mean(name, table.columns)
    missing = Message("no_column", table=table.name, header=name)
    return missing if near is None else Message("with_hint", reason=missing, hint=near)
