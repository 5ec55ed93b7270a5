"""Apache Spark: a table or data frame of somebody's own session as a stored table, classic or Connect."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import uuid4

from metricsheet.engines.sql.address import SparkTable
from metricsheet.engines.sql.dialect import SPARK
from metricsheet.engines.sql.interruptible import interruptible
from metricsheet.engines.sql.table import StoredTable
from metricsheet.errors import WorkbookError, did_you_mean
from metricsheet.language.message import Message, and_more

_SHOWN = 12
_TYPES = {
    "int": "INTEGER",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "timestamp_ntz": "TIMESTAMP",
    **dict.fromkeys(("array", "map", "struct", "variant"), "STRUCT"),
}
"""What columns are by DuckDB's names where these differ; numbers, flags and dates have the same."""

_SAME = ("tinyint", "smallint", "bigint", "float", "double", "decimal", "boolean", "date")
_NO_RIGHT = ("PERMISSION", "AccessControlException", "AccessDeniedException", "Permission denied")
Answer = TypeVar("Answer")


class Spark:
    """A session that answers for one source: it is somebody's own, and nothing of ours is left in it."""

    dialect = SPARK

    def __init__(self, source: Any, shown: str) -> None:
        self._source, self._shown = source, shown
        self._views: list[str] = []
        self._tag = _fresh_name()
        frame = not isinstance(source, SparkTable)
        session = source.sparkSession if frame else source.session
        self._session = session if session is not None else _session()
        self._remote = ".connect." in type(self._session).__module__

    def run(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query; raise ``WorkbookError`` with the first line of what Spark says."""
        return self._ask(lambda: [tuple(row) for row in self._session.sql(query).collect()])

    def given(self, columns: Mapping[str, tuple[str, Sequence[Any]]]) -> str:
        """Return the name of a temporary view of values of ours, which no process of Python reads."""
        kinds = ", ".join(f"{name}: {SPARK.type(kind)}" for name, (kind, _) in columns.items())
        rows = zip(*(cells for _, cells in columns.values()), strict=True)
        cells = json.dumps([dict(zip(columns, row, strict=True)) for row in rows])
        query = f"SELECT INLINE(FROM_JSON(:cells, 'ARRAY<STRUCT<{kinds}>>'))"
        return self._ask(lambda: self._view(self._session.sql(query, {"cells": cells})))

    def close(self) -> None:
        """Remove what was made in the session, which goes on."""
        while self._views:
            view = self._views.pop()
            try:
                self._session.catalog.dropTempView(view)
            except Exception:  # the session ended before
                return

    def tables(self) -> Mapping[str, StoredTable]:
        """Return the table or data frame, as ``""``."""
        relation, schema = self._ask(self._opened)
        return {"": StoredTable("", self, relation, schema)}

    def _opened(self) -> tuple[str, list[tuple[str, str]]]:
        frame = self._frame()
        schema = [(column.name, _kind(column.dataType.simpleString())) for column in frame.schema.fields]
        return self._view(frame), schema

    def _frame(self) -> Any:
        if not isinstance(self._source, SparkTable):
            return self._source
        name, catalog = self._source.name, self._session.catalog
        if not catalog.tableExists(name):
            raise self._not_there(name)
        return self._session.table(name)

    def _view(self, frame: Any) -> str:
        name = _fresh_name()
        frame.createOrReplaceTempView(name)
        self._views.append(name)
        return name

    def _not_there(self, name: str) -> WorkbookError:
        """Return what is told of a table that is not there, with those beside where it should be."""
        above, dot, _ = name.rpartition(".")
        try:
            beside = self._session.catalog.listTables(above or None)
        except Exception:  # there is no such database either
            beside = []
        names = sorted(
            table.name if table.isTemporary else f"{above}{dot}{table.name}"
            for table in beside
            if not table.name.startswith(_OURS)
        )
        message = Message("no_such_table", name="Spark", table=name)
        listed = Message("has_tables", names=and_more(names, _SHOWN)) if names else None
        return WorkbookError("no_such_table", message, did_you_mean(name, names) or listed)

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        """Return an answer of the session; raise ``WorkbookError`` for whatever goes wrong in it."""

        def asked() -> Answer:
            # of this thread, which ends with the question
            if self._remote:
                self._session.addTag(self._tag)
            else:
                self._session.sparkContext.setJobGroup(self._tag, "metricsheet")
            return question()

        try:
            return interruptible(asked, self._cancel)
        except WorkbookError:
            raise
        except Exception as error:
            raise self._failed(error) from error

    def _cancel(self) -> None:
        if self._remote:
            self._session.interruptTag(self._tag)
        else:
            self._session.sparkContext.cancelJobGroup(self._tag)  # tags are not seen from another thread

    def _failed(self, error: Exception) -> WorkbookError:
        condition, said = _condition(error), _said(error)
        if any(sign in f"{condition} {error}" for sign in _NO_RIGHT):
            return WorkbookError(
                "no_permission", Message("query_failed", error=said), Message("grant_select")
            )
        if not condition or "CANCEL" in condition or "SESSION" in condition:
            message = Message("connection_lost", name=self._shown, error=said)
            return WorkbookError("connection_lost", message, Message("run_again"))
        return WorkbookError("query_failed", Message("query_failed", error=said))


_OURS = "metricsheet_"


def _fresh_name() -> str:
    return f"{_OURS}{uuid4().hex}"


def _kind(kind: str) -> str:
    base = kind.partition("(")[0].partition("<")[0]
    return kind.upper() if base in _SAME else _TYPES.get(base, "VARCHAR")


def _session() -> Any:
    """Return the session at hand, else a new one."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise WorkbookError("needs_spark", Message("needs_spark"), Message("install_spark")) from error
    try:
        return SparkSession.builder.getOrCreate()
    except Exception as error:
        if _condition(error) == "JAVA_GATEWAY_EXITED":
            raise WorkbookError("needs_java", Message("needs_java"), Message("install_java")) from error
        message = Message("no_connection", name="Spark", error=_said(error))
        raise WorkbookError("no_connection", message) from error


def _condition(error: Exception) -> str:
    """Return the name that Spark gives to what went wrong, ``""`` where it gives none."""
    named = getattr(error, "getCondition", None)
    return (named() or "") if callable(named) else ""


def _said(error: Exception) -> str:
    """Return the first line of what Spark says."""
    lines = [line.strip(" :") for line in str(error).splitlines()]
    told = (line for line in lines if line and not line.startswith("An error occurred while calling"))
    return next(told, type(error).__name__)
