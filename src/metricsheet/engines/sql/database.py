"""DuckDB in this process: Parquet files, database files and data frames as stored tables."""

from __future__ import annotations

import csv
import glob
import io
from collections.abc import Mapping, Sequence
from itertools import count
from os import getpid
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from metricsheet.engines.sql.dialect import DUCKDB
from metricsheet.engines.sql.interruptible import interruptible
from metricsheet.engines.sql.table import StoredTable
from metricsheet.errors import UsageError, WorkbookError
from metricsheet.files.delimited import ONE_COLUMN, find_delimiter
from metricsheet.files.kind import DATABASES, SUFFIXES
from metricsheet.language.message import Message

_OWN_MB, _LEAST_MB = 100, 50
_HEAD = 1 << 18
"""Bytes of a CSV file that say what is between its columns."""


class Database:
    """DuckDB in this process: a connection with the tables of one source; temporary tables in it go with it.

    ``mb`` limits the memory it takes, and what does not fit is written below the folder ``spill``.
    """

    dialect = DUCKDB

    def __init__(self, *, mb: float | None = None, spill: str | None = None) -> None:
        try:
            import duckdb
        except ImportError as error:
            raise UsageError(Message("needs_duckdb"), Message("install_scale")) from error
        self._error = duckdb.Error
        config: dict[str, Any] = {"preserve_insertion_order": "true"}
        if mb is not None:
            # the program itself and what the engine does not count take the rest
            config["memory_limit"] = f"{max(0.75 * (mb - _OWN_MB), _LEAST_MB):.0f}MB"
        # made when something is written and removed at the end; the working folder is the user's
        config["temp_directory"] = str(Path(spill or gettempdir()) / f"metricsheet-{getpid()}-{id(self):x}")
        self.connection = duckdb.connect(config=config)
        self._names = count()
        self.run("SET enable_progress_bar = false")

    def run(self, query: str, given: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query; raise ``WorkbookError`` with the first line of what the engine says."""

        def answer() -> list[tuple[Any, ...]]:
            return self.connection.execute(query, list(given) or None).fetchall()

        try:
            return interruptible(answer, self.connection.interrupt)
        except self._error as error:
            raise _failed(error) from error

    def given(self, columns: Mapping[str, tuple[str, Sequence[Any]]]) -> str:
        """Return the name of a temporary table of some columns: the kind and the cells of each."""
        name = f"metricsheet_{next(self._names)}"
        shown = ", ".join(
            f"UNNEST(${place}::{DUCKDB.type(kind)}[]) AS {column}"
            for place, (column, (kind, _)) in enumerate(columns.items(), 1)
        )
        self.run(f"CREATE TEMP TABLE {name} AS SELECT {shown}", [cells for _, cells in columns.values()])
        return name

    def table(self, name: str, relation: str) -> StoredTable:
        """Return what a relation holds as a table."""
        schema = [(row[0], row[1]) for row in self.run(f"DESCRIBE SELECT * FROM {relation}")]
        return StoredTable(name, self, relation, schema)

    def close(self) -> None:
        """Close the connection, with its temporary tables."""
        self.connection.close()

    def frame(self, frame: Any) -> Mapping[str, StoredTable]:
        """Return a data frame as a table named ``""``, without a copy of it."""
        try:
            self.connection.register("metricsheet_frame", frame)
        except self._error as error:
            raise _failed(error) from error
        return {"": self.table("", "metricsheet_frame")}

    def file(self, path: Path) -> Mapping[str, StoredTable]:
        """Return the tables of a file, of the files that a pattern names, or of a folder, by their names.

        That of Parquet files is one, named ``""``; folders such as ``year=2024`` are a column of it.
        """
        if path.suffix.lower() in DATABASES:
            if not path.exists():
                raise _not_there(path)
            self.run(f"ATTACH {DUCKDB.literal(str(path))} AS source (READ_ONLY)")
            names = self.run(
                "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'source' "
                "UNION ALL "
                "SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = 'source' "
                "AND NOT internal ORDER BY ALL"
            )
            return {
                name: self.table(name, f"source.{DUCKDB.quoted(schema)}.{DUCKDB.quoted(name)}")
                for schema, name in names
            }
        if SUFFIXES.get(path.suffix.lower()) == "text":
            return {"": self.table("", self._texts(path))}
        if path.is_dir():
            pattern = f"{glob.escape(str(path))}/**/*.parquet"
        elif path.exists():
            pattern = glob.escape(str(path))
        elif glob.has_magic(str(path)) and glob.glob(str(path), recursive=True):
            pattern = str(path)
        else:
            raise _not_there(path)
        return {"": self.table("", f"read_parquet({DUCKDB.literal(pattern)}, union_by_name = true)")}

    def _texts(self, path: Path) -> str:
        """Return the name of a table of a CSV file's cells as the texts they are."""
        try:
            with open(path, "rb") as file:
                data = file.read(_HEAD)
        except OSError as error:
            raise _not_there(path) from error
        head = data.decode("utf-8-sig", "replace")
        delimiter = find_delimiter(head)
        names = next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])
        different = {name.strip().casefold() for name in names} - {""}
        if b"\0" in data or delimiter in (" ", ONE_COLUMN) or len(different) < max(len(names), 2):
            raise WorkbookError("irregular_text", Message("irregular_text"), Message("all_rows_here"))
        columns = ", ".join(f"{DUCKDB.literal(name)}: 'VARCHAR'" for name in names)
        how = f"delim = {DUCKDB.literal(delimiter)}, columns = {{{columns}}}, quote = '\"', escape = '\"'"
        told = "header = true, auto_detect = false, strict_mode = true, encoding = 'utf-8', nullstr = ''"
        rows = f"read_csv({DUCKDB.literal(glob.escape(str(path)))}, {how}, {told})"
        # read once: each query would go through all texts again
        try:
            self.run(f"CREATE TEMP TABLE metricsheet_texts AS SELECT * FROM {rows}")
        except WorkbookError as error:
            raise WorkbookError(error.code, error.message, Message("all_rows_here")) from error
        return "metricsheet_texts"


def _failed(error: Exception) -> WorkbookError:
    return WorkbookError("query_failed", Message("query_failed", error=str(error).strip().splitlines()[0]))


def _not_there(path: Path) -> WorkbookError:
    return WorkbookError("not_found", Message("no_such_file", path=str(path)), Message("check_the_path"))
