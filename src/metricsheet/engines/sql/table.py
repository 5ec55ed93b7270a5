"""A stored table and its columns: what the schema says, the different values of a column, maps of these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any, Literal

from metricsheet.engines.selection import Stored
from metricsheet.engines.sql.expressions import text_literal
from metricsheet.engines.sql.scan import MOST_VALUES, Run, Scan
from metricsheet.language.message import Message
from metricsheet.records import record
from metricsheet.values import NUM, Cell, ExcelError

Plain = Literal["number", "text", "flag", "date"]
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")
_DAY = 86_400_000_000
IN_ORDER = 1_000_000
"""Up to this many rows it is looked up which value comes first."""


@record
class Profile:
    """What is known of a column: its filled cells, about how many different ones, and the range of numbers.

    ``least`` is the size of the smallest number that is not 0; ``infinite`` counts infinite ones.
    """

    filled: int
    different: int
    low: float | None = None
    high: float | None = None
    least: float | None = None
    infinite: int = 0


class StoredColumn(Stored):
    """A column of a stored table: ``plain`` is its cells as the nearest that a sheet can hold, in SQL.

    ``date`` gives a column of dates as such, ``""`` where it is none; ``meanings`` are what its values stand
    for where somebody else has said so.
    """

    def __init__(self, table: StoredTable, header: str, kind: str, head: Sequence[Cell] = ()) -> None:
        super().__init__(table.rows, head)
        self.table, self.header = table, header
        cell = f"r.{quoted(header)}"
        self.kind, self.plain = plain_sql(cell, kind)
        self.date = cell if kind == "DATE" or (kind.startswith("TIMESTAMP") and "ZONE" not in kind) else ""
        self.meanings: Mapping[Cell, str] = {}
        self._profile: Profile | None = None
        self._values: tuple[str, list[tuple[int, Cell, int]]] | None = None

    @property
    def profile(self) -> Profile:
        """What is known of the column, looked up for all columns ``wanted`` of the table at once."""
        if self._profile is None:
            self.table.look([self])
        assert self._profile is not None
        return self._profile

    def among(self, words: Iterable[str]) -> tuple[str, int] | None:
        """Return one of the cells that are one of ``words`` without case, and how many there are."""
        listed = ", ".join(text_literal(word) for word in sorted(words))
        cells = f"SELECT {self.plain} AS x FROM {self.table.relation} AS r"
        query = f"SELECT MIN(x), COUNT(*) FROM ({cells}) WHERE LOWER(TRIM(x)) IN ({listed})"
        text, count = self.table.run(query, ())[0]
        return (str(text), int(count)) if count else None

    @property
    def values(self) -> list[tuple[int, Cell, int]] | None:
        """The different filled cells, each with a number of its own and how often it is there.

        ``None`` where there are too many of them.
        """
        if self._values is None:
            if self.profile.different > 1.2 * MOST_VALUES:
                return None
            name = self.table.new_name()
            cells = f"SELECT {self.plain} AS raw, {self.table.place} AS place FROM {self.table.relation} AS r"
            groups = f"SELECT raw, COUNT(*) AS n, MIN(place) AS place FROM ({cells}) GROUP BY raw"
            numbered = f"SELECT row_number() OVER () AS id, * FROM ({groups}) WHERE raw IS NOT NULL"
            self.table.run(f"CREATE TEMP TABLE {name} AS {numbered}", ())
            query = f"SELECT id, raw, n FROM {name} ORDER BY place, n DESC, raw LIMIT {MOST_VALUES + 1}"
            rows = self.table.run(query, ())
            self._values = name, [(place, as_cell(raw), int(times)) for place, raw, times in rows]
        return self._values[1] if len(self._values[1]) <= MOST_VALUES else None

    def mapped(self, parts: Mapping[str, tuple[str, Sequence[Any]]]) -> str:
        """Return the name of a join that gives each value of the column some others.

        ``parts`` are these by name: their type in SQL, and one for each of ``values``, in order.
        """
        assert self._values is not None
        name = self.table.new_name()
        ids = [place for place, _, _ in self._values[1]]
        lists = ", ".join(
            f"UNNEST(${i}::{kind}[]) AS {part}" for i, (part, (kind, _)) in enumerate(parts.items(), 2)
        )
        given = f"SELECT UNNEST($1::BIGINT[]) AS id, {lists}"
        shown = ", ".join(f"g.{part}" for part in parts)
        joined = f"SELECT d.raw, {shown} FROM {self._values[0]} AS d JOIN ({given}) AS g USING (id)"
        self.table.run(
            f"CREATE TEMP TABLE {name} AS {joined}", [ids, *(values for _, values in parts.values())]
        )
        self.table.scan.joins[name] = f"LEFT JOIN {name} ON {name}.raw = {self.plain}"
        return name


class StoredTable:
    """A table that ``run`` answers queries about; ``relation`` is its name, or a function that reads it."""

    def __init__(
        self, name: str, run: Run, relation: str, schema: Sequence[tuple[str, str]], names: count[int]
    ) -> None:
        self.name, self.run, self.relation, self.schema = name, run, relation, tuple(schema)
        self.rows = int(run(f"SELECT COUNT(*) FROM {relation}", ())[0][0])
        # values come in the order of the rows; in very long tables, where that costs, the commonest first
        self.place = "row_number() OVER ()" if self.rows <= IN_ORDER else "0"
        self.scan = Scan(run, relation)
        self._names = names

    def new_name(self) -> str:
        """Return a name for a temporary table."""
        return f"metricsheet_{next(self._names)}"

    def head(self, most: int) -> list[tuple[Any, ...]]:
        """Return the first rows."""
        shown = ", ".join(
            f"MAKE_TIMESTAMP(EPOCH_US(r.{quoted(header)}))" if "ZONE" in kind else f"r.{quoted(header)}"
            for header, kind in self.schema
        )
        return self.run(f"SELECT {shown} FROM {self.relation} AS r LIMIT {most}", ())

    def look(self, columns: Sequence[StoredColumn]) -> None:
        """Look up the profiles of columns in one scan."""
        wanted = [column for column in columns if column._profile is None]
        parts: list[str] = []
        for column in wanted:
            x = column.plain
            parts += [f"COUNT({x})", f"APPROX_COUNT_DISTINCT({x})"]
            if column.kind in ("number", "date"):
                finite = f"CASE WHEN ISFINITE({x}) THEN {x} END"
                parts += [
                    f"MIN({finite})",
                    f"MAX({finite})",
                    f"MIN(ABS(NULLIF({finite}, 0)))",
                    f"COUNT_IF(ISINF({x}))",
                ]
            else:
                parts += ["NULL", "NULL", "NULL", "0"]
        if not wanted:
            return
        row = self.run(f"SELECT {', '.join(parts)} FROM {self.relation} AS r", ())[0]
        for place, column in enumerate(wanted):
            filled, different, low, high, least, infinite = row[6 * place : 6 * place + 6]
            column._profile = Profile(filled, different, low, high, least, infinite or 0)

    def count_filled(self, condition: str, joins: str) -> int:
        """Return how many rows that hold anything meet a condition."""
        query = f"SELECT COUNT(*) FROM {self.relation} AS r {joins} WHERE {condition} AND ({self._filled})"
        return int(self.run(query, ())[0][0])

    @property
    def _filled(self) -> str:
        return " OR ".join(f"r.{quoted(header)} IS NOT NULL" for header, _ in self.schema)

    def combinations(self, columns: Sequence[StoredColumn], joins: str) -> tuple[str, list[tuple[Any, ...]]]:
        """Return the different combinations of some columns: the name of their table, and its rows.

        Each has a number of its own, its cells, how often it is there, and in how many rows with anything.
        """
        name = self.new_name()
        keys = ", ".join(f"{column.plain} AS k{i}" for i, column in enumerate(columns))
        by = ", ".join(f"k{i}" for i in range(len(columns)))
        shown = f"{keys}, ({self._filled}) AS filled, {self.place} AS place"
        rows = f"SELECT {shown} FROM {self.relation} AS r {joins}"
        counts = "MIN(place) AS place, COUNT(*) AS n, COUNT_IF(filled) AS held"
        groups = f"SELECT {by}, {counts} FROM ({rows}) GROUP BY {by}"
        self.run(f"CREATE TEMP TABLE {name} AS SELECT row_number() OVER () AS id, * FROM ({groups})", ())
        found = self.run(
            f"SELECT id, {by}, n, held FROM {name} ORDER BY place, n DESC, {by} LIMIT {MOST_VALUES + 1}", ()
        )
        return name, found

    def chosen(
        self,
        combinations: str,
        columns: Sequence[StoredColumn],
        ids: Sequence[int],
        groups: Sequence[int] | None,
    ) -> str:
        """Return the join with some combinations, each in its group where there are ``groups``."""
        name = self.new_name()
        keys = ", ".join(f"c.k{i}" for i in range(len(columns)))
        given = "SELECT UNNEST($1::BIGINT[]) AS id, UNNEST($2::BIGINT[]) AS g"
        joined = f"SELECT {keys}, g.g FROM {combinations} AS c JOIN ({given}) AS g USING (id)"
        self.run(
            f"CREATE TEMP TABLE {name} AS {joined}", [list(ids), list(groups if groups is not None else ids)]
        )
        same = " AND ".join(f"{name}.k{i} IS NOT DISTINCT FROM {c.plain}" for i, c in enumerate(columns))
        return f"{'LEFT' if groups is not None else 'INNER'} JOIN {name} ON {same}"


def quoted(name: str) -> str:
    """Return a name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def plain_sql(x: str, kind: str) -> tuple[Plain, str]:
    """Return of which kind the cells of a column are, and what gives them: numbers, days, texts or flags.

    Not-a-number is blank, an empty text as well; moments with a time zone are given in UTC.
    """
    base = kind.upper().removeprefix("U").partition("(")[0]
    if kind.endswith("]") or base.startswith(("STRUCT", "MAP", "NION", "UNION")):
        return "text", f"CAST({x} AS VARCHAR)"
    if base in ("FLOAT", "DOUBLE"):
        return "number", f"(CASE WHEN ISNAN({x}) THEN NULL ELSE CAST({x} AS DOUBLE) END)"
    if base in _NUMBERS:
        return "number", f"CAST({x} AS DOUBLE)"
    if base == "BOOLEAN":
        return "flag", x
    if base == "DATE":
        days = f"CAST(({x} - DATE '1899-12-30') AS DOUBLE)"
        return "date", _without_phantom(days)
    if base.startswith("TIMESTAMP"):
        moment = f"EPOCH_US({x})"
        days = f"FLOOR({moment} / {_DAY}.0) + 25569 + (({moment} % {_DAY} + {_DAY}) % {_DAY}) / 1e6 / 86400"
        return "date", _without_phantom(f"({days})")
    return "text", f"NULLIF(CAST({x} AS VARCHAR), '')"


def _without_phantom(days: str) -> str:
    return f"({days} - CASE WHEN {days} < 61 THEN 1 ELSE 0 END)"


def as_cell(value: Any) -> Cell:
    """Return what a query gave as a cell."""
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return ExcelError(NUM, Message("infinite_number"))
    return value if value is None or isinstance(value, (bool, float, str)) else float(value)
