"""Rows of tables into slices: segments, periods and conditions."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.catalog.definitions import InputDefinition
from metricsheet.dataset import Dataset, DataTable
from metricsheet.errors import did_you_mean
from metricsheet.evaluation.options import Options, PeriodLength
from metricsheet.evaluation.periods import period_of
from metricsheet.evaluation.row_periods import Grain, grain_of
from metricsheet.reading.inputs import read_input
from metricsheet.records import field, record
from metricsheet.values import Cell, ExcelError

SliceKey = tuple[tuple[str, str], ...]
"""A slice as (name, value) pairs in the order asked for; ``()`` is everything."""


@record(frozen=False)
class TableRows:
    """The rows of one table that count, grouped. ``refusal`` says why it cannot be filtered as asked.

    ``unsliced`` names the header asked for by which the table cannot be sliced; its rows as a whole count.
    ``dates`` are serial numbers per row, ``None`` where a row has no readable date; ``undatable`` says why
    the column of dates cannot be read at all.
    ``kept`` is ``None`` when every row counts.
    """

    table: DataTable
    kept: list[int] | None = None
    by_slice: dict[SliceKey, list[int]] = field(default_factory=dict)
    dates: list[Cell] | None = None
    refusal: str = ""
    unsliced: str = ""
    undatable: str = ""
    undatable_code: str = ""
    unnamed: int = 0
    _grain: tuple[Grain | None, ...] = ()

    @property
    def grain(self) -> Grain | None:
        """What one row of the table is about, ``None`` where it has no dates; found when first asked for."""
        if not self._grain:
            self._grain = (None if self.dates is None else grain_of(self.table.dates or (), self.dates),)
        return self._grain[0]

    @property
    def undated(self) -> int:
        """The number of rows that hold something and have no readable date."""
        rows = [row for row, date in enumerate(self.dates or ()) if not isinstance(date, (int, float))]
        return sum(not is_blank_row(self.table, row) for row in rows)

    def rows(self, key: SliceKey) -> list[int] | None:
        """Return the rows of a slice in row order; ``None`` means all rows of the table."""
        return self.kept if key == () else self.by_slice.get(key, [])


def table_rows(dataset: Dataset, options: Options) -> dict[str, TableRows]:
    """Group the rows of every table of ``dataset`` as ``options`` ask."""
    return {name: _group(dataset, table, options) for name, table in dataset.tables.items()}


def _group(dataset: Dataset, table: DataTable, options: Options) -> TableRows:
    grouped = TableRows(table)
    _read_dates(grouped, options)
    kept: list[int] | None = None
    for condition in options.where:
        from metricsheet.evaluation.where import kept_rows  # only --where needs to read formulas

        mask = kept_rows(condition, table.rows, lambda name: _asked(dataset, table, name), options)
        if isinstance(mask, str):
            grouped.refusal = mask
            return grouped
        kept = [row for row in (range(table.rows) if kept is None else kept) if mask[row]]
    grouped.kept = kept
    columns = []
    for name in options.by:
        column = column_of(dataset, table, name)
        if column is None:
            grouped.unsliced = name
            return grouped
        columns.append((name, column))
    if columns:
        slices: dict[SliceKey, list[int]] = {}
        for row in kept if kept is not None else range(table.rows):
            values = [_slice_value(column[row]) for _, column in columns]
            if not all(values):
                grouped.unnamed += not is_blank_row(table, row)
                continue
            key = tuple((name, value) for (name, _), value in zip(columns, values, strict=True))
            slices.setdefault(key, []).append(row)
        grouped.by_slice = slices
    return grouped


def split_by_period(
    grouped: TableRows, rows: Sequence[int] | None, options: Options
) -> dict[str | None, list[int]]:
    """Return rows by period label (all under ``None`` when no period is asked) inside the days asked for."""
    every = range(grouped.table.rows) if rows is None else rows
    dates = grouped.dates
    low, high = options.since, options.until
    if dates is None:
        return {None: list(every)}
    found: dict[str | None, list[int]] = {}
    length = options.period
    labels: dict[float, str] = {}
    for row in every:
        date = dates[row]
        if not isinstance(date, (int, float)):
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


def _slice_value(cell: Cell) -> str:
    """Return a slice's name as a person writes it, or ``""`` for a cell that names nothing."""
    if cell is None or isinstance(cell, ExcelError):
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return f"{cell:.15g}"
    return " ".join(cell.split())


def is_blank_row(table: DataTable, row: int) -> bool:
    """Return whether a row holds nothing, such as the place of a total row that was left out."""
    return all(column[row] is None for column in table.columns.values())


def _read_dates(grouped: TableRows, options: Options) -> None:
    table = grouped.table
    if table.dates is None:
        return
    definition = InputDefinition(key="date", label={"en": "Date"}, type="date")
    read = read_input(definition, table.dates, date_order=options.date_order)
    if read.trouble is None:
        coarse = _too_coarse(table.dates, options.period)
        if coarse:
            grouped.undatable, grouped.undatable_code = f"{table.dates_where}: {coarse}", "too_coarse"
        else:
            grouped.dates = read.cells
    else:
        hint = f" ({read.trouble.hint})" if read.trouble.hint else ""
        grouped.undatable = f"{table.dates_where}: {read.trouble.message}{hint}"
        grouped.undatable_code = read.trouble.code


def _too_coarse(dates: Sequence[Cell], asked: PeriodLength | None) -> str:
    """Return why quarters or years cannot be told apart by month or quarter, or ``""`` where they can."""
    if asked not in ("month", "quarter"):
        return ""
    from metricsheet.reading.date_text import part_of_year

    numbers = {cell for cell in dates if isinstance(cell, (int, float))}
    if numbers and all(1990 <= number <= 2100 for number in numbers):
        return f"{min(numbers):g} is a year: there is no figure per {asked}, ask for --period year"
    for text in dict.fromkeys(cell for cell in dates if isinstance(cell, str)):
        part = part_of_year(text)
        if part == "year" or (part == "quarter" and asked == "month"):
            return f"'{text}' is a {part}: there is no figure per {asked}, ask for --period {part}"
    return ""


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


def _asked(dataset: Dataset, table: DataTable, name: str) -> Sequence[Cell] | str:
    """Return the column that a condition names, or why there is none."""
    column = column_of(dataset, table, name)
    if column is not None:
        return column
    near = did_you_mean(name, table.columns)
    return f"{table.name} has no column {name!r}" + (f" ({near})" if near else "")
