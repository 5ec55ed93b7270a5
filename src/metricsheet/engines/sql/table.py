"""A stored table and its columns: what the schema says, the different values of a column, maps of these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from metricsheet.engines.selection import Stored
from metricsheet.engines.sql.dialect import Dialect
from metricsheet.engines.sql.scan import MOST_VALUES, Engine, Scan
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
        cell = f"r.{table.dialect.quoted(header)}"
        self.kind, self.plain = plain_sql(table.dialect, cell, kind)
        self.date = cell if kind == "DATE" or (kind.startswith("TIMESTAMP") and "ZONE" not in kind) else ""
        self.meanings: Mapping[Cell, str] = {}
        self._profile: Profile | None = None
        self._values: list[tuple[Any, int]] | None = None

    @property
    def profile(self) -> Profile:
        """What is known of the column, looked up for all columns ``wanted`` of the table at once."""
        if self._profile is None:
            self.table.look([self])
        assert self._profile is not None
        return self._profile

    @property
    def values(self) -> list[tuple[Cell, int]] | None:
        """The different filled cells, with how often each is there; ``None`` where there are too many."""
        if self._values is None:
            if self.profile.different > 1.2 * MOST_VALUES:
                return None
            cells = f"SELECT {self.plain} AS raw, {self.table.place} AS place FROM {self.table.relation} AS r"
            groups = f"SELECT raw, COUNT(*) AS n, MIN(place) AS place FROM ({cells}) AS q GROUP BY raw"
            query = f"SELECT raw, n, place FROM ({groups}) AS q WHERE raw IS NOT NULL LIMIT {MOST_VALUES + 1}"
            rows = sorted(self.table.run(query), key=lambda row: (row[2], -row[1], row[0]))
            self._values = [(raw, int(times)) for raw, times, _ in rows]
        if len(self._values) > MOST_VALUES:
            return None
        return [(as_cell(raw), times) for raw, times in self._values]

    def mapped(self, parts: Mapping[str, tuple[str, Sequence[Any]]]) -> str:
        """Return the name of a join that gives each value of the column some others.

        ``parts`` are these by name: their kind, and one for each of ``values``, in order.
        """
        return self.table.join(self.plain, (self.kind, [raw for raw, _ in self._values or ()]), parts)


class StoredTable:
    """A table that ``run`` answers queries about; ``relation`` is its name, or a function that reads it."""

    def __init__(self, name: str, engine: Engine, relation: str, schema: Sequence[tuple[str, str]]) -> None:
        self.name, self.relation, self.schema = name, relation, tuple(schema)
        self.engine, self.dialect, self.run = engine, engine.dialect, engine.run
        self.rows = int(self.run(f"SELECT COUNT(*) FROM {relation} AS r")[0][0])
        # values come in the order of the rows; in very long tables, where that costs, the commonest first
        self.place = self.dialect.order if self.rows <= IN_ORDER else "0"
        self.scan = Scan(engine, relation)

    def head(self, most: int) -> list[tuple[Any, ...]]:
        """Return the first rows."""
        forms, quoted = self.dialect.cells, self.dialect.quoted
        shown = ", ".join(
            forms.get(kind, "{x}").format(x=f"r.{quoted(header)}") for header, kind in self.schema
        )
        return self.run(f"SELECT {shown} FROM {self.relation} AS r LIMIT {most}")

    def join(
        self, x: str, raw: tuple[str, Sequence[Any]], parts: Mapping[str, tuple[str, Sequence[Any]]]
    ) -> str:
        """Return the name of a join that gives the rows with a value of ``x`` some others.

        ``raw`` are the kind of these values and each of them, ``parts`` the same of the others by name.
        """
        name = f"given{len(self.scan.joins)}"
        values = self.engine.given({"raw": raw, **parts})
        self.scan.joins[name] = f"LEFT JOIN {values} AS {name} ON {name}.raw = {x}"
        return name

    def look(self, columns: Sequence[StoredColumn]) -> None:
        """Look up the profiles of columns in one scan."""
        wanted = [column for column in columns if column._profile is None]
        if not wanted:
            return
        dialect, parts = self.dialect, list[str]()
        for place, column in enumerate(wanted):
            x = f"x{place}"
            parts += [f"COUNT({x})", dialect.about.format(x=x, plain=column.plain, relation=self.relation)]
            if column.kind in ("number", "date"):
                infinite = dialect.infinite.format(x=x)
                finite = f"CASE WHEN NOT {infinite} THEN {x} END"
                least = f"MIN(ABS(NULLIF({finite}, 0)))"
                parts += [f"MIN({finite})", f"MAX({finite})", least, dialect.count_if(infinite)]
            else:
                parts += ["NULL", "NULL", "NULL", "0"]
        shown = ", ".join(f"{column.plain} AS x{place}" for place, column in enumerate(wanted))
        rows = f"SELECT {shown} FROM {self.relation} AS r{dialect.fence}"
        row = self.run(f"SELECT {', '.join(parts)} FROM ({rows}) AS q")[0]
        for place, column in enumerate(wanted):
            filled, different, low, high, least, infinite = row[6 * place : 6 * place + 6]
            column._profile = Profile(filled, different, low, high, least, infinite or 0)

    def among(
        self, columns: Sequence[StoredColumn], words: Iterable[str]
    ) -> tuple[StoredColumn, str, int] | None:
        """Return a column with cells that are one of ``words`` without case, such a cell, and how many."""
        dialect = self.dialect
        forms = sorted({form for word in words for form in (word, _ascii_lower(word.upper()))})
        listed = ", ".join(map(dialect.literal, forms))
        parts: list[str] = []
        for column in columns:
            met = f"{dialect.lower.format(x=f'TRIM({column.plain})')} IN ({listed})"
            parts += [dialect.over("MIN({x})", column.plain, met), dialect.count_if(met)]
        row = self.run(f"SELECT {', '.join(parts)} FROM {self.relation} AS r")[0] if parts else ()
        found = zip(columns, row[::2], row[1::2], strict=True)
        return next(((column, text, count) for column, text, count in found if count), None)

    def count_filled(self, condition: str, joins: str) -> int:
        """Return how many rows that hold anything meet a condition."""
        query = f"SELECT COUNT(*) FROM {self.relation} AS r {joins} WHERE {condition} AND ({self._filled})"
        return int(self.run(query)[0][0])

    @property
    def _filled(self) -> str:
        return " OR ".join(f"r.{self.dialect.quoted(header)} IS NOT NULL" for header, _ in self.schema)

    def combinations(self, columns: Sequence[StoredColumn], joins: str) -> list[tuple[Any, ...]]:
        """Return the different combinations of some columns.

        Of each its cells, how often it is there, and in how many rows with anything.
        """
        keys = ", ".join(f"{column.plain} AS k{i}" for i, column in enumerate(columns))
        by = ", ".join(f"k{i}" for i in range(len(columns)))
        shown = f"{keys}, ({self._filled}) AS filled, {self.place} AS place"
        rows = f"SELECT {shown} FROM {self.relation} AS r {joins}"
        counts = f"COUNT(*) AS n, {self.dialect.count_if('filled')} AS held, MIN(place) AS place"
        query = f"SELECT {by}, {counts} FROM ({rows}) AS q GROUP BY {by} LIMIT {MOST_VALUES + 1}"

        def order(row: tuple[Any, ...]) -> tuple[Any, ...]:
            *cells, n, _, place = row
            return place, -n, [(cell is None, "" if cell is None else cell) for cell in cells]

        return [row[:-1] for row in sorted(self.run(query), key=order)]

    def chosen(
        self,
        name: str,
        columns: Sequence[StoredColumn],
        combinations: Sequence[Sequence[Any]],
        groups: Sequence[int] | None,
    ) -> str:
        """Return the join, under a name, with some combinations, each in its group (``g``) if any."""
        keys = {f"k{i}": (c.kind, [row[i] for row in combinations]) for i, c in enumerate(columns)}
        given = self.engine.given({**keys, "g": ("number", groups or [0] * len(combinations))})
        same = self.dialect.same
        on = " AND ".join(same.format(a=f"{name}.k{i}", b=c.plain) for i, c in enumerate(columns))
        return f"{'LEFT' if groups is not None else 'INNER'} JOIN {given} AS {name} ON {on}"


def plain_sql(dialect: Dialect, x: str, kind: str) -> tuple[Plain, str]:
    """Return of which kind the cells of a column are, and what gives them: numbers, days, texts or flags.

    ``kind`` is the type by DuckDB's name. Not-a-number is blank, an empty text as well; moments with a time
    zone are given in UTC.
    """
    base = kind.upper().removeprefix("U").partition("(")[0]
    if kind.endswith("]") or base.startswith(("STRUCT", "MAP", "NION", "UNION")):
        return "text", f"CAST({x} AS {dialect.text})"
    number = f"CAST({x} AS {dialect.double})"
    if base in ("FLOAT", "DOUBLE"):
        return "number", f"(CASE WHEN {dialect.not_a_number.format(x=x)} THEN NULL ELSE {number} END)"
    if base in _NUMBERS:
        return "number", number
    if base == "BOOLEAN":
        return "flag", x
    if base == "DATE":
        return "date", _without_phantom(f"CAST({dialect.days.format(x=x)} AS {dialect.double})")
    if base.startswith("TIMESTAMP"):
        clock = "ZONE" not in base and dialect.clock_micros
        micros = (clock or dialect.micros).format(x=x)
        whole = f"FLOOR(CAST({micros} AS {dialect.double}) / {_DAY}E0) + 25569"
        of_day = f"CAST(MOD(MOD({micros}, {_DAY}) + {_DAY}, {_DAY}) AS {dialect.double})"
        return "date", _without_phantom(f"({whole} + {of_day} / 1e6 / 86400)")
    return "text", f"NULLIF(CAST({x} AS {dialect.text}), '')"


def _without_phantom(days: str) -> str:
    return f"({days} - CASE WHEN {days} < 61 THEN 1 ELSE 0 END)"


def _ascii_lower(text: str) -> str:
    return "".join(sign.lower() if sign.isascii() else sign for sign in text)


def as_cell(value: Any) -> Cell:
    """Return what a query gave as a cell."""
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return ExcelError(NUM, Message("infinite_number"))
    return value if value is None or isinstance(value, (bool, float, str)) else float(value)
