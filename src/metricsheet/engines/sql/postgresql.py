"""PostgreSQL: one of its tables or views as a stored table, in a transaction that only reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from metricsheet.engines.sql.address import Address
from metricsheet.engines.sql.dialect import POSTGRESQL
from metricsheet.engines.sql.interruptible import interruptible
from metricsheet.engines.sql.table import IN_ORDER, StoredTable
from metricsheet.errors import WorkbookError, did_you_mean
from metricsheet.language.message import Message, and_more

_SHOWN = 12
_TYPES = {
    **dict.fromkeys(("smallint", "integer", "bigint"), "BIGINT"),
    **dict.fromkeys(("numeric", "real", "double precision"), "DOUBLE"),  # each may hold not-a-number
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp without time zone": "TIMESTAMP",
    "timestamp with time zone": "TIMESTAMP WITH TIME ZONE",
}
"""What columns are by DuckDB's names; all others are texts."""

_SETTINGS = {
    "TimeZone": "UTC",
    "extra_float_digits": "1",  # numbers as texts are the numbers they are
    "synchronize_seqscans": "off",  # rows come as they lie, from the first on
    "jit": "off",  # compiling hundreds of aggregates takes longer than running them
}
_TABLES = """SELECT n.nspname, c.relname, pg_table_is_visible(c.oid), c.oid FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' ORDER BY 1, 2"""
_COLUMNS = """SELECT a.attname, format_type(COALESCE(NULLIF(t.typbasetype, 0), t.oid), NULL)
    FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid WHERE a.attrelid = {table}
    AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""
_NO_RIGHT, _CANCELLED, _ENDED = "42501", "57014", ("08", "57P")
_PATIENCE = 30
"""Seconds after which a server that says nothing is taken for none."""


class PostgreSQL:
    """A connection for one source; ``seconds`` limit each query.

    Everything is read in one transaction, so that all figures are of the same moment.
    """

    dialect = POSTGRESQL

    def __init__(self, address: Address, *, seconds: float | None = None) -> None:
        try:
            import psycopg
            import sqlalchemy
        except ImportError as error:
            raise WorkbookError("needs_sql", Message("needs_sql"), Message("install_sql")) from error
        self._address, self._seconds, self._error = address, seconds, psycopg.Error
        self._lost: tuple[type[Exception], ...] = psycopg.OperationalError, psycopg.InterfaceError
        engine = sqlalchemy.create_engine(
            f"postgresql+psycopg://{address.url}",
            poolclass=sqlalchemy.pool.NullPool,
            isolation_level="REPEATABLE READ",
            connect_args={
                "client_encoding": "utf8",
                **({} if "connect_timeout=" in address.url else {"connect_timeout": _PATIENCE}),
            },
        )
        try:
            connection = interruptible(engine.connect, None)
        except (sqlalchemy.exc.SQLAlchemyError, self._error, UnicodeError, ValueError) as error:
            raise self._not_connected(error) from None
        # "%" in a query is no parameter
        self._connection = connection.execution_options(postgresql_readonly=True, no_parameters=True)
        limit = {"statement_timeout": f"{max(1, round(1000 * seconds))}"} if seconds is not None else {}
        try:
            self._set({**_SETTINGS, **limit})
        except BaseException:
            self.close()
            raise

    def run(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query; raise ``WorkbookError`` with the first line of what the server says."""
        import sqlalchemy

        def answer() -> list[tuple[Any, ...]]:
            return [tuple(row) for row in self._connection.exec_driver_sql(query)]

        try:
            return interruptible(answer, self._cancel)
        except (sqlalchemy.exc.SQLAlchemyError, UnicodeError) as error:
            raise self._failed(error) from None

    def given(self, columns: Mapping[str, tuple[str, Sequence[Any]]]) -> str:
        """Return a query of values of ours in parentheses: a transaction that reads can make no table."""
        arrays = ", ".join(
            f"{self.dialect.literal(_array(cells))}::{self.dialect.type(kind)}[]"
            for kind, cells in columns.values()
        )
        return f"(SELECT * FROM UNNEST({arrays}) AS u({', '.join(columns)}))"

    def close(self) -> None:
        """End the transaction, and the connection."""
        self._connection.close()

    def tables(self) -> Mapping[str, StoredTable]:
        """Return the table that the address names, or the only one there is, as ``""``."""
        schema, name, number = self._named(self.run(_TABLES))
        columns = self.run(_COLUMNS.format(table=number))
        kinds = [(header, _TYPES.get(kind, "VARCHAR")) for header, kind in columns]
        relation = f"{self.dialect.quoted(schema)}.{self.dialect.quoted(name)}"
        table = StoredTable("", self, relation, kinds)
        if table.rows <= IN_ORDER:
            self._set({"max_parallel_workers_per_gather": "0"})  # several would mix the rows
        return {"": table}

    def _set(self, settings: Mapping[str, str]) -> None:
        self.run(
            f"SELECT {', '.join(f'set_config({_text(k)}, {_text(v)}, true)' for k, v in settings.items())}"
        )

    def _named(self, tables: Sequence[tuple[str, str, bool, int]]) -> tuple[str, str, int]:
        """Return schema, name and number of the table asked for."""
        asked, shown = self._address.table, self._address.shown
        full = {f"{schema}.{name}": (schema, name, number) for schema, name, _, number in tables}
        short = {name: full[f"{schema}.{name}"] for schema, name, visible, _ in tables if visible}
        if asked in full or asked in short:
            return full.get(asked) or short[asked]
        same = [name for name in full if asked.casefold() in (name.casefold(), full[name][1].casefold())]
        if len(same) == 1 or (len(full) == 1 and not asked):
            return full[same[0] if same else next(iter(full))]
        if not full:
            raise WorkbookError("no_such_table", Message("no_tables", name=shown), Message("ask_for_access"))
        listed = Message(
            "write_table", name=shown, tables=and_more(same or [*full], _SHOWN), first=(same or [*full])[0]
        )
        if not asked or same:
            raise WorkbookError("which_table", Message("which_table", name=shown), listed)
        hint = did_you_mean(asked, [*full, *short]) or listed
        raise WorkbookError("no_such_table", Message("no_such_table", name=shown, table=asked), hint)

    def _cancel(self) -> None:
        driver = self._connection.connection.driver_connection
        assert driver is not None
        driver.cancel_safe()

    def _not_connected(self, error: Exception) -> WorkbookError:
        message = Message("no_connection", name=self._address.shown, error=self._said(error))
        return WorkbookError("no_connection", message, Message("check_connection"))

    def _failed(self, error: Exception) -> WorkbookError:
        cause = getattr(error, "orig", None)
        state, said = getattr(cause, "sqlstate", None), self._said(error)
        if state == _CANCELLED and self._seconds is not None:
            message = Message("over_limit.seconds", most=self._seconds)
            return WorkbookError("over_limit", message, Message("raise_limit", name="seconds"))
        if state == _NO_RIGHT:
            return WorkbookError(
                "no_permission", Message("query_failed", error=said), Message("grant_select")
            )
        if isinstance(cause, self._lost) and (state is None or state.startswith(_ENDED)):
            message = Message("connection_lost", name=self._address.shown, error=said)
            return WorkbookError("connection_lost", message, Message("run_again"))
        return WorkbookError("query_failed", Message("query_failed", error=said))

    def _said(self, error: Exception) -> str:
        """Return the first line of what the driver says, in which no password may be."""
        lines = str(getattr(error, "orig", None) or error).strip().splitlines()
        said = lines[0] if lines else type(error).__name__
        return said.replace(self._address.secret, "…") if self._address.secret else said


def _text(text: str) -> str:
    return POSTGRESQL.literal(text)


def _array(cells: Sequence[Any]) -> str:
    """Return cells as PostgreSQL writes an array."""
    return "{" + ",".join(map(_element, cells)) + "}"


def _element(cell: Any) -> str:
    if cell is None:
        return "NULL"
    if isinstance(cell, str):
        return '"' + cell.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(cell).lower() if isinstance(cell, bool) else repr(float(cell))
