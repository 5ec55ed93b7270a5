"""Tables that stay in their files or frames: their first rows are bound as a sheet, all are evaluated."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

from metricsheet.binding.cells import as_cells
from metricsheet.dataset import BoundInput, Dataset, DataTable
from metricsheet.engines.sql.address import address, is_address, is_spark
from metricsheet.engines.sql.database import Database
from metricsheet.engines.sql.postgresql import PostgreSQL
from metricsheet.engines.sql.scan import Engine
from metricsheet.engines.sql.spark import Spark
from metricsheet.engines.sql.table import StoredColumn, StoredTable
from metricsheet.errors import WorkbookError
from metricsheet.files.addresses import parse_a1, range_a1
from metricsheet.files.book import Book, CellRange, ExcelTable, Sheet
from metricsheet.files.frames import read_frame
from metricsheet.files.kind import SUFFIXES
from metricsheet.language.lexicon import wordings
from metricsheet.language.message import Message
from metricsheet.reading.money import currencies_in_column, currency_columns
from metricsheet.reading.settings import read_settings
from metricsheet.records import replace
from metricsheet.values.folding import fold

HEAD = 2_000
"""This many first rows are looked at to tell what the columns are."""

LARGE = 100_000
"""From this many rows on a data frame is left where it is: reading it cell by cell takes longer."""


class StoredSource:
    """The tables of one source: of a database, of Spark, of files, or a frame.

    ``mb`` limits the memory that DuckDB takes, ``spill`` is where it may write; ``seconds`` limit each query
    of a server.
    """

    def __init__(
        self,
        name: str,
        source: Any,
        *,
        mb: float | None = None,
        spill: str | None = None,
        seconds: float | None = None,
    ) -> None:
        self.name = name
        self._texts = isinstance(source, (str, os.PathLike)) and SUFFIXES.get(Path(source).suffix) == "text"
        self.tables: Mapping[str, StoredTable]
        self._engine: Engine
        if is_spark(source):
            self._engine = session = Spark(source, name)
            found = session.tables
        elif is_address(source):
            self._engine = server = PostgreSQL(address(source), seconds=seconds)
            found = server.tables
        else:
            self._engine = here = Database(mb=mb, spill=spill)
            path = Path(source) if isinstance(source, (str, os.PathLike)) else None
            found = partial(here.file, path) if path is not None else partial(here.frame, source)
        try:
            self.tables = found()
        except BaseException:
            self.close()
            raise
        self._columns: dict[str, list[StoredColumn]] = {}

    def close(self) -> None:
        """End what the tables are asked through; what was asked stays known."""
        self._engine.close()

    def book(self, *, whole: bool = False) -> Book:
        """Return the first rows of every table, or all of them, as a book of one sheet each."""
        sheets: list[Sheet] = []
        tables: dict[str, ExcelTable] = {}
        for name, table in self.tables.items():
            rows = table.head(max(table.rows, 1) if whole else HEAD)
            cells = list(zip(*rows, strict=True)) if rows else [()] * len(table.schema)
            pairs = zip((header for header, _ in table.schema), map(list, cells), strict=True)
            shown = name or self.name
            book = read_frame(dict(pairs), shown)
            sheets.append(replace(book.sheets[0], name=name))
            tables |= {key: replace(t, data=replace(t.data, sheet=name)) for key, t in book.tables.items()}
            self._columns[name] = [
                StoredColumn(table, header, kind, list(as_cells(column.cells[1:])))
                for (header, kind), column in zip(table.schema, book.sheets[0].columns, strict=True)
            ]
        return Book(self.name, tuple(sheets), tables={} if self._texts else tables, text_only=self._texts)

    def dataset(self, bound: Dataset) -> Dataset:
        """Return a dataset of the first rows with the columns of the whole tables in place of theirs.

        Raises ``WorkbookError`` where a table holds its own totals.
        """
        inputs: dict[str, BoundInput] = {}
        refused = dict(bound.refused)
        for key, item in bound.inputs.items():
            column = self._at(item.first_cell)
            if item.table is None or column is None:
                refused[key] = Message("not_a_stored_column", input=key, where=item.where)
            else:
                inputs[key] = replace(item, cells=column, where=self._whole(item.where))
        columns = [item.cells for item in inputs.values() if isinstance(item.cells, StoredColumn)]
        for table in {id(column.table): column.table for column in columns}.values():
            table.look([column for column in columns if column.table is table])
            if read_settings(bound.read).totals != "keep":
                self._no_totals(table)
        for key, item in inputs.items():
            beside = self._currencies(item)
            inputs[key] = replace(item, currencies=beside) if beside is not None else item
        # a table made of cells that lie otherwise has no input left
        left = {item.table for item in inputs.values()}
        tables = {name: self._table(table) for name, table in bound.tables.items() if name in left}
        unused = tuple(replace(one, where=self._whole(one.where)) for one in bound.unused)
        return replace(bound, inputs=inputs, tables=tables, refused=refused, unused=unused)

    def _table(self, table: DataTable) -> DataTable:
        """Return a table with its stored columns."""
        for row in (*table.left_out, *table.unsure):
            message = Message("row_is_total", row=str(row))
            raise WorkbookError("totals_in_table", message, Message("keep_totals"))
        sheet = next(name for name in self.tables if table.name == (name or self.name))
        stored = self._columns[sheet]
        by_header = {column.header: column for column in stored}
        # a column is also there under the key of the input that its header names
        columns = {
            name: by_header[name]
            if name in by_header
            else next(by_header[other] for other in by_header if table.columns.get(other) is cells)
            for name, cells in table.columns.items()
        }
        dates = by_header[table.dates_header] if table.dates is not None else None
        where = self._whole(table.dates_where)
        taken = table.taken_for
        return replace(
            table,
            rows=self.tables[sheet].rows,
            columns=columns,
            dates=dates,
            dates_where=where,
            taken_for=replace(taken, where=self._whole(taken.where)) if taken is not None else None,
        )

    def _no_totals(self, table: StoredTable) -> None:
        """Raise ``WorkbookError`` where a row is labelled as a total: it would count twice."""
        words = {form for word in wordings("total") for form in (word, fold(word))}
        columns = next(columns for columns in self._columns.values() if columns[0].table is table)
        found = table.among([column for column in columns if column.kind == "text"], words)
        if found is not None:
            column, text, rows = found
            message = Message("totals_in_table", column=column.header, text=text, count=rows)
            hint = Message("leave_totals_out", column=column.header, text=text)
            raise WorkbookError("totals_in_table", message, hint)

    def _at(self, first_cell: str) -> StoredColumn | None:
        """Return the column that begins with a cell of the first rows."""
        place = parse_a1(first_cell)
        columns = self._columns.get(place.sheet, []) if place is not None else []
        return columns[place.left] if place is not None and place.left < len(columns) else None

    def _whole(self, where: str) -> str:
        """Return a place of the first rows as that of all rows."""
        place = parse_a1(where.removeprefix(f"{self.name}!"))
        table = self.tables.get(place.sheet) if place is not None else None
        if place is None or table is None:
            return where
        bottom = place.top + table.rows - (1 if place.top else 0)
        return f"{self.name}!{range_a1(CellRange(place.sheet, place.top, place.left, bottom, place.right))}"

    def _currencies(self, item: BoundInput) -> Sequence[str] | None:
        """Return the column beside an amount that names currencies, or the only one that it names."""
        column = item.cells
        if not isinstance(column, StoredColumn) or not item.currencies:
            return None
        of_table = next(columns for columns in self._columns.values() if columns[0].table is column.table)
        for beside in currency_columns([header for header, _ in column.table.schema], item.header):
            found = of_table[beside]
            values = [value for value, _ in found.values or ()]
            named = currencies_in_column(values)
            if named:
                found.meanings = dict(zip(values, named, strict=True))
                codes = {code for code in named if code}
                return cast("Sequence[str]", found) if len(codes) > 1 else "".join(codes)
        return None


def frame_fits(frame: Any, *, any_size: bool) -> bool:
    """Return whether DuckDB sees in a data frame what is read from its cells, without a copy of it.

    That are frames of pandas, polars and Arrow whose columns have a type each, and names. Moments with a time
    zone other than UTC are read by their own clock, which it does not know.
    """
    kind = f"{type(frame).__module__.partition('.')[0]}.{type(frame).__name__}"
    if kind == "pandas.DataFrame":
        types, names = list(frame.dtypes), list(frame.columns)
        indexed = type(frame.index).__name__ != "RangeIndex" or frame.index.name is not None
    elif kind == "polars.DataFrame":
        types, names, indexed = list(frame.dtypes), frame.columns, False
    elif kind in ("pyarrow.Table", "pyarrow.lib.Table"):
        types, names, indexed = frame.schema.types, frame.schema.names, False
    else:
        return False
    if not any_size and len(frame) < LARGE:
        return False
    zones = (getattr(one, "tz", None) or getattr(one, "time_zone", None) for one in types)
    odd = any(str(one).lower() in ("object", "null") or str(one).startswith("period") for one in types)
    texts = {name.casefold() for name in names if isinstance(name, str) and name}
    in_utc = all(str(zone or "UTC") == "UTC" for zone in zones)
    return not indexed and not odd and in_utc and len(texts) == len(names)
