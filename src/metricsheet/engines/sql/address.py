"""Tables as people name them: ``postgresql://user@host:5432/database#schema.table``, ``spark:table``."""

from __future__ import annotations

import os
from typing import Any, TypeGuard

from metricsheet.errors import WorkbookError, did_you_mean
from metricsheet.language.message import Message
from metricsheet.patterns import late
from metricsheet.records import record

_LIKE_ONE = late(r"[A-Za-z][A-Za-z0-9+.-]+://")
# a password with a sign that means something here is refused: part of it would be taken for the rest
_PARTS = late(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+)://(?:(?P<user>[^:@/?#]*)(?::(?P<password>[^:@/?#]*))?@)?"
    r"(?P<place>(?:\[[0-9A-Fa-f:.]*\]|[^:@/?#]*)(?::[0-9]+)?(?:/[^:@/?#]*)?)(?P<query>\?[^@#]*)?(?:#(?P<table>[^@]*))?"
)
SCHEMES = ("postgresql", "postgres")


_SPARK = "spark:"


@record
class SparkTable:
    """A table as a session of Spark names it; without a ``session`` it is the one at hand, or a new one."""

    name: str
    session: Any = None


@record
class Address:
    """A table of a database: its address for a driver, with everything secret, and its name if it is named.

    ``shown`` is the address without user, password and parameters, and without the table; ``secret`` is the
    password as it is written.
    """

    url: str
    shown: str
    table: str = ""
    secret: str = ""


def is_address(source: object) -> TypeGuard[str]:
    """Return whether a source is the address of a database."""
    return isinstance(source, str) and _LIKE_ONE.match(source) is not None


def is_spark(source: object) -> bool:
    """Return whether a source is a table or a data frame of Spark."""
    kind = type(source)
    of_spark = kind.__module__.startswith("pyspark.sql.") and kind.__name__ == "DataFrame"
    return of_spark or isinstance(source, SparkTable)


def spark_table(source: Any, session: Any = None) -> Any:
    """Return a source, as a table of Spark where it names one: with a session what no file is called."""
    if not isinstance(source, str):
        return source
    named = source.startswith(_SPARK)
    if named or (session is not None and not is_address(source) and not os.path.exists(source)):
        return SparkTable(source.removeprefix(_SPARK), session)
    return source


def address(text: str) -> Address:
    """Return what an address says; raise ``WorkbookError`` where it cannot be read or nothing reads it."""
    found = _PARTS.fullmatch(text)
    if found is None:
        raise WorkbookError("bad_address", Message("bad_address"), Message("encode_password"))
    scheme = found["scheme"].lower().partition("+")[0]  # as SQLAlchemy writes it: "postgresql+psycopg"
    if scheme not in SCHEMES:
        message = Message("not_a_database", name=scheme, known=SCHEMES[:1])
        raise WorkbookError("not_a_database", message, did_you_mean(scheme, SCHEMES))
    user, password, query = found["user"] or "", found["password"] or "", found["query"] or ""
    login = (f"{user}:{password}@" if password else f"{user}@") if user or password else ""
    place = found["place"]
    return Address(f"{login}{place}{query}", f"{scheme}://{place}", found["table"] or "", password)


def named_like(text: str) -> str:
    """Return how a file of an address would be named: ``answers`` of ``public.answers``."""
    found = _PARTS.fullmatch(text)
    name = (found["table"] or found["place"].partition("/")[2]) if found is not None else ""
    return name.rpartition(".")[2].replace("/", "_") or "database"


def shown_address(text: str) -> str:
    """Return an address as it may be shown: without user, password and parameters."""
    found = _PARTS.fullmatch(text)
    if found is None:
        return f"{text.partition('://')[0]}://…"
    scheme = found["scheme"].lower().partition("+")[0]
    return f"{scheme}://{found['place']}" + (f"#{found['table']}" if found["table"] else "")
