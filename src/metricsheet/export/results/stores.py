"""Where tidy tables are kept. What is there of a source is replaced as a whole; other rows stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from metricsheet.engines.sql.address import address
from metricsheet.engines.sql.dialect import POSTGRESQL
from metricsheet.errors import UsageError, WorkbookError
from metricsheet.export.results.tables import (
    DEFINITIONS,
    FINDINGS,
    HISTORY,
    RESULTS,
    TABLES,
    Kind,
    Row,
    SourceRows,
    Table,
)
from metricsheet.language.message import Message
from metricsheet.report.atomic import whole_file
from metricsheet.report.write import file_name

FORMS = ("parquet", "duckdb", "postgresql")


class Store(Protocol):
    """Takes rows in; what is written of one call appears whole or not at all."""

    def put(self, rows: SourceRows) -> None:
        """Replace the rows of a source."""

    def define(self, rows: Sequence[Row]) -> None:
        """Replace the definitions of these metrics."""


@contextmanager
def open_store(form: str, target: str) -> Iterator[Store]:
    """Give the store of a form at ``target``: a folder, a file, or the address of a database.

    A database gets everything at the end, in one transaction; a folder gets the files of each source at once.
    Raises ``UsageError`` where the library for it is missing, ``WorkbookError`` where it cannot be written.
    """
    opened = {"parquet": _parquet, "duckdb": _duckdb, "postgresql": _postgresql}[form]
    with opened(target) as store:
        yield store


# Parquet files


@contextmanager
def _parquet(target: str) -> Iterator[Store]:
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise UsageError(Message("needs_pyarrow.to_write"), Message("install_fast")) from None
    yield _Files(Path(target))


class _Files:
    """A folder with a folder for each table, and in it a file for each source."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for table in TABLES:
            try:
                (folder / table.name).mkdir(parents=True, exist_ok=True)
            except OSError as error:
                reason = (error.strerror or str(error)).lower()
                told = Message("cannot_make_folder", path=str(folder), reason=reason)
                raise WorkbookError("not_written", told) from error

    def put(self, rows: SourceRows) -> None:
        """Write the files of a source, each beside its place; then all take their places."""
        # two sources may have the same name in different folders
        name = f"{file_name(rows.source)}-{sha256(rows.source.encode()).hexdigest()[:8]}.parquet"
        earlier = self._kept(HISTORY, name, "period", rows.periods)
        history = [*earlier, *rows.history]
        self._write(name, (RESULTS, rows.results), (FINDINGS, rows.findings), (HISTORY, history))

    def define(self, rows: Sequence[Row]) -> None:
        """Write the file of definitions."""
        name = "definitions.parquet"
        others = self._kept(DEFINITIONS, name, "metric", [str(row[0]) for row in rows])
        self._write(name, (DEFINITIONS, [*others, *rows]))

    def _kept(self, table: Table, name: str, column: str, replaced: Iterable[str]) -> list[Row]:
        """Return the rows of a file that are not replaced."""
        import pyarrow
        from pyarrow import parquet

        path = self.folder / table.name / name
        if not path.exists():
            return []
        try:
            found = parquet.read_table(path, schema=_schema(table)).to_pylist()
        except (OSError, pyarrow.ArrowException) as error:
            raise _not_written(path, error) from error
        gone = set(replaced)
        return [tuple(row.values()) for row in found if row[column] not in gone]

    def _write(self, name: str, *made: tuple[Table, Sequence[Row]]) -> None:
        import pyarrow
        from pyarrow import parquet

        with ExitStack() as files:
            for table, rows in made:
                temporary = files.enter_context(whole_file(self.folder / table.name / name))
                names = list(table.columns)
                ordered = sorted(rows, key=lambda row, keys=table.keys: row[:keys])  # type: ignore[misc]
                pieces = [dict(zip(names, row, strict=True)) for row in ordered]
                parquet.write_table(pyarrow.Table.from_pylist(pieces, schema=_schema(table)), temporary)


def _schema(table: Table) -> Any:
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "number": pa.float64(),
        "count": pa.int64(),
        "flag": pa.bool_(),
        "date": pa.date32(),
    }
    return pa.schema(
        pa.field(name, types[kind], nullable=place >= table.keys)
        for place, (name, kind) in enumerate(table.columns.items())
    )


# databases

_SQL: Mapping[Kind, str] = {
    "text": "TEXT",
    "number": "DOUBLE PRECISION",
    "count": "BIGINT",
    "flag": "BOOLEAN",
    "date": "DATE",
}

Execute = Callable[[str, Sequence[Any]], object]
"""Runs a statement; a parameter is written ``?`` in it."""


class _Tables:
    """Tables of a database within its transaction; ``schema`` is where they are, with its dot, or ``""``."""

    def __init__(self, execute: Execute, schema: str = "") -> None:
        self.execute, self.schema = execute, schema
        for table in TABLES:
            columns = [
                f'"{name}" {_SQL[kind]}{" NOT NULL" if place < table.keys else ""}'
                for place, (name, kind) in enumerate(table.columns.items())
            ]
            keys = ", ".join(f'"{name}"' for name in list(table.columns)[: table.keys])
            parts = ", ".join((*columns, f"PRIMARY KEY ({keys})"))
            execute(f"CREATE TABLE IF NOT EXISTS {schema}{table.name} ({parts})", ())

    def put(self, rows: SourceRows) -> None:
        """Replace the rows of a source."""
        for table, own in ((RESULTS, rows.results), (FINDINGS, rows.findings)):
            self.execute(f"DELETE FROM {self.schema}{table.name} WHERE source = ?", [rows.source])
            self._insert(table, own)
        query = (
            f"DELETE FROM {self.schema}{HISTORY.name} WHERE source = ? AND period = ANY(CAST(? AS TEXT[]))"
        )
        self.execute(query, [rows.source, list(rows.periods)])
        self._insert(HISTORY, rows.history)

    def define(self, rows: Sequence[Row]) -> None:
        """Replace the definitions of these metrics."""
        query = f"DELETE FROM {self.schema}{DEFINITIONS.name} WHERE metric = ANY(CAST(? AS TEXT[]))"
        self.execute(query, [[row[0] for row in rows]])
        self._insert(DEFINITIONS, rows)

    def _insert(self, table: Table, rows: Sequence[Row]) -> None:
        if not rows:
            return
        names = ", ".join(f'"{name}"' for name in table.columns)
        lists = ", ".join(f"UNNEST(CAST(? AS {_SQL[kind]}[]))" for kind in table.columns.values())
        columns = [list(cells) for cells in zip(*rows, strict=True)]
        self.execute(f"INSERT INTO {self.schema}{table.name} ({names}) SELECT {lists}", columns)


@contextmanager
def _duckdb(target: str) -> Iterator[Store]:
    try:
        import duckdb
    except ImportError:
        raise UsageError(Message("needs_duckdb.to_write"), Message("install_scale")) from None
    path = Path(target)
    new = not path.exists()
    whole = False
    try:
        with duckdb.connect(str(path)) as connection:
            connection.begin()
            yield _Tables(lambda query, given: connection.execute(query, list(given) or None))
            connection.commit()
            whole = True
    except duckdb.Error as error:
        raise _not_written(target, error) from error
    finally:
        if new and not whole:
            path.unlink(missing_ok=True)


@contextmanager
def _postgresql(target: str) -> Iterator[Store]:
    found = address(target)
    try:
        import psycopg  # noqa: F401
        import sqlalchemy
    except ImportError:
        raise UsageError(Message("needs_sql.to_write"), Message("install_sql")) from None
    schema = f"{POSTGRESQL.quoted(found.table)}.".replace("%", "%%") if found.table else ""
    try:
        engine = sqlalchemy.create_engine(
            f"postgresql+psycopg://{found.url}", poolclass=sqlalchemy.pool.NullPool
        )
        with engine.begin() as connection:

            def execute(query: str, given: Sequence[Any]) -> object:
                return connection.exec_driver_sql(query.replace("?", "%s"), tuple(given))

            yield _Tables(execute, schema)
    except (sqlalchemy.exc.SQLAlchemyError, UnicodeError, ValueError) as error:
        raise _not_written(found.shown, getattr(error, "orig", None) or error, found.secret) from None


def _not_written(target: object, error: Exception, secret: str = "") -> WorkbookError:
    """Return that a target cannot be written, with the first line of why, in which no password may be."""
    said = next(iter(str(error).strip().splitlines()), type(error).__name__)
    said = said.replace(secret, "…") if secret else said
    return WorkbookError("not_written", Message("cannot_write.because", path=str(target), reason=said))
