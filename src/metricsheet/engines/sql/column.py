"""Columns of a stored table, and the primitives over them: asked of the table, never read cell by cell."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, chain, repeat
from math import isfinite
from typing import Any

from metricsheet.engines.cells import CellsEngine
from metricsheet.engines.columns import Column
from metricsheet.engines.selection import Selection
from metricsheet.engines.sql.dialect import Dialect
from metricsheet.engines.sql.expressions import NoFormError, TypedColumn, meets
from metricsheet.engines.sql.expressions import Rows as RowSql
from metricsheet.engines.sql.scan import Rows
from metricsheet.formula.aggregates import Part, aggregate
from metricsheet.formula.ast import Call, Name, Node, walk
from metricsheet.formula.plan import Condition, Primitive
from metricsheet.language.message import Message
from metricsheet.values import NA_, NUM, VALUE, Cell, ExcelError
from metricsheet.values.criteria import Criterion, criterion


class ScannedColumn(Column):
    """An input of a stored table in some of its rows."""

    __slots__ = ("key", "rows", "tallied")

    def __init__(self, rows: Rows, key: str, tallied: Mapping[Cell, int] | None = None) -> None:
        super().__init__(())
        self.rows, self.key, self.tallied = rows, key, tallied

    @property
    def typed(self) -> TypedColumn:
        """The column as SQL."""
        return self.rows.scan.columns[self.key]

    def _sql(self, letter: str = "v") -> str:
        return self.rows.scan.name(self.key, letter)

    @property
    def _dialect(self) -> Dialect:
        return self.rows.scan.dialect

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def cells(self) -> Sequence[Cell]:
        """Nothing: they stay where they are."""
        raise TypeError(f"the cells of {self.key} are not walked through")

    def take(self, rows: Sequence[int] | Selection) -> Column:
        """Return the column in some rows."""
        return ScannedColumn(rows, self.key, self.tallied) if isinstance(rows, Rows) else Column([])

    @property
    def count(self) -> int:
        """How many cells hold a number."""
        return 0 if self.typed.kind == "text" else int(self.rows.ask(f"COUNT({self._sql()})"))

    def has_text(self) -> bool:
        """Return whether any cell holds a text."""
        if self.typed.kind == "text":
            return bool(self.rows.ask(f"COUNT({self._sql()})"))
        return self.typed.text is not None and self.rows.ask(self._dialect.count_if(self._sql("t"))) > 0

    def used(self, *, text: bool = False) -> int:
        """Return how many cells hold a number; with ``text``, how many hold anything but an error."""
        return int(self.rows.ask(f"COUNT({self._sql()})")) if text else self.count

    def usable(self, *, text: bool = False) -> bool:
        """Return whether there is anything to compute with; an error is, since it carries over."""
        return self.used(text=text) > 0 or self.error is not None

    @property
    def error(self) -> ExcelError | None:
        """One of the errors among the cells."""
        if self.typed.error is None:
            return None
        found = self.rows.ask(f"MIN({self._sql('e')})", None)
        return None if found is None else self.typed.errors[int(found)]

    @property
    def selection(self) -> Rows:
        """The rows of the table that this is a column of."""
        return self.rows

    @property
    def different(self) -> frozenset[float]:
        """The different numbers."""
        return frozenset(self.rows.scan.different(self.rows, self._sql(), f"{self._sql()} IS NOT NULL"))

    def tally(self) -> Mapping[Cell, int]:
        """Return how often each cell of the whole column occurs, where there are few different ones."""
        return self.tallied or {}

    def below_zero(self) -> tuple[int, float]:
        """Return how many numbers are below zero, and what they add up to."""
        if self.typed.kind == "text":
            return 0, 0.0
        below = f"{self._sql()} < 0"
        count, total = self._dialect.count_if(below), self._dialect.sum(self._sql(), below)
        return int(self.rows.ask(count)), float(self.rows.ask(total, 0.0))

    def _filled(self) -> str:
        others = [
            f"{self._sql(letter)} IS {sign}"
            for letter, sign, there in (("t", "TRUE", self.typed.text), ("e", "NOT NULL", self.typed.error))
            if there is not None
        ]
        return " OR ".join((f"{self._sql()} IS NOT NULL", *others))

    def days_filled(self, dates: Column) -> set[float]:
        """Return the days of the cells that are filled."""
        del dates  # those of its own rows
        return set(self.rows.scan.different(self.rows, "FLOOR(m)", f"m IS NOT NULL AND ({self._filled()})"))

    def undated(self, dates: Column) -> int:
        """Return how many filled cells have no date."""
        del dates
        return int(self.rows.ask(self._dialect.count_if(f"m IS NULL AND ({self._filled()})")))

    def most_on_one_date(self, dates: Column) -> int:
        """Return the highest number of values of one date."""
        del dates
        return int(self.rows.scan.nested(self.rows, f"COUNT({self._sql()})", "MAX(x)", 0))

    def dates_of_numbers(self, dates: Column) -> set[Cell]:
        """Return the first and the last date of the numbers, and ``None`` where some have none."""
        del dates
        there = f"{self._sql()} IS NOT NULL"
        over = self._dialect.over
        ends: set[Cell] = {self.rows.ask(over(end, "m", there), None) for end in ("MIN({x})", "MAX({x})")}
        undated = self.rows.ask(self._dialect.count_if(f"m IS NULL AND {there}"))
        return ends | {None} if undated else ends

    def repeats(self) -> tuple[int, int]:
        """Return how many cells are filled, and how many different ones."""
        return int(self.rows.ask(f"COUNT({self._sql()})")), int(
            self.rows.ask(f"COUNT(DISTINCT {self._sql()})")
        )

    def numbered(self) -> Selection:
        """Return the rows that hold a number."""
        return self.rows.where(f"{self._sql()} IS NOT NULL")


class ScannedDates(ScannedColumn):
    """The dates of the rows of a stored table."""

    __slots__ = ()

    def take(self, rows: Sequence[int] | Selection) -> Column:
        """Return the dates of some rows."""
        return ScannedDates(rows, "") if isinstance(rows, Rows) else Column([])

    def between(self, first: float, last: float) -> Selection:
        """Return the rows on the days ``first`` to ``last``."""
        return self.rows.between(first, last)

    @property
    def days(self) -> set[float]:
        """The different days."""
        return set(self.rows.scan.different(self.rows, "FLOOR(m)", "m IS NOT NULL"))


class Ordered(tuple[float, ...]):
    """Numbers in ascending order, of which only the different ones are held, with how often each is there."""

    values: list[float]
    ends: list[int]

    def __new__(cls, counts: Mapping[float, int]) -> Ordered:
        """Make it from how often each number occurs."""
        made = super().__new__(cls)
        made.values = sorted(counts)
        made.ends = list(accumulate(counts[value] for value in made.values))
        return made

    def __len__(self) -> int:
        return self.ends[-1] if self.ends else 0

    def __bool__(self) -> bool:
        return bool(self.ends)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        return self.values[bisect_right(self.ends, index + len(self) if index < 0 else index)]

    def __iter__(self) -> Iterator[float]:
        starts = chain((0,), self.ends)
        return chain.from_iterable(
            repeat(v, end - start) for v, end, start in zip(self.values, self.ends, starts, strict=False)
        )


class ScannedEngine:
    """Answers primitives over columns of stored tables, and over single values beside them.

    ``over_time`` and ``dates`` are those of ``CellsEngine``, which answers for what is no stored column.
    """

    def __init__(
        self, columns: Mapping[str, Column], *, over_time: Mapping[str, str], dates: Mapping[str, Column]
    ) -> None:
        self.columns, self.over_time, self.dates = columns, over_time, dates
        self.cells = CellsEngine(columns, over_time=over_time, dates=dates)

    def primitive(self, primitive: Primitive, criteria: tuple[Cell, ...]) -> Part:
        """Return the primitive's answer, as ``CellsEngine`` does, ``#N/A`` where SQL has no exact form."""
        stored = [c for key in primitive.columns if isinstance(c := self.columns.get(key), ScannedColumn)]
        if not stored:
            return self.cells.primitive(primitive, criteria)
        if primitive.kind == "total":
            return self._total(primitive.columns[0], stored[0])
        missing = next((key for key in primitive.columns if key not in self.columns), None)
        if missing is not None:
            return ExcelError(NA_, Message("not_bound", input=missing))
        try:
            return self._answer(primitive, criteria, stored[0].rows)
        except NoFormError as none:
            return none.error

    def _answer(self, primitive: Primitive, criteria: tuple[Cell, ...], rows: Rows) -> Part:
        count = len(primitive.conditions)
        given = criteria[count:]
        sql = RowSql(rows.scan.dialect, {key: self._column(key) for key in primitive.columns}, given)
        tests: list[Criterion] = []
        error = next((cell for cell in given if isinstance(cell, ExcelError)), None)
        if error is not None:
            return error if len(rows) else aggregate(primitive.kind, ())  # it is in every row there is
        for cell in criteria[:count]:
            test = criterion(cell)
            if isinstance(test, ExcelError):
                return test
            tests.append(test)
        held = [self._meets(sql, c, t) for c, t in zip(primitive.conditions, tests, strict=True)]
        where = " AND ".join(held)
        if primitive.expr is None:
            return float(rows.ask(sql.dialect.count_if(where)))
        return _aggregate(primitive, sql, where, rows)

    def _column(self, key: str) -> tuple[str, TypedColumn] | Cell:
        column = self.columns[key]
        if isinstance(column, ScannedColumn):
            return column.rows.scan.name(key), column.typed
        return column.cells[0] if len(column) == 1 else None

    @staticmethod
    def _meets(sql: RowSql, condition: Condition, test: Criterion) -> str:
        found = sql.columns.get(condition.expr.name) if isinstance(condition.expr, Name) else None
        if isinstance(found, tuple):
            return meets(sql.dialect, *found, test, condition.days)
        made = sql.element(condition.expr)
        if made.guards:
            raise NoFormError(condition.expr)
        return meets(sql.dialect, f"({made.text})", TypedColumn(made.kind, made.text), test, condition.days)

    def _total(self, name: str, column: ScannedColumn) -> Part:
        rows, value = column.rows, column.rows.scan.name(name)
        error = column.error
        if error is not None:
            return error
        count = column.count
        if not count:
            if column.has_text():
                return ExcelError(VALUE, Message("text_has_no_total", name=name))
            if len(column) == 1:
                return None
            return ExcelError(NA_, Message("empty" if len(column) else "no_cells", name=name))
        how = self.over_time.get(name, "sum")
        if how == "sum" or count == 1:
            return _sum(rows.ask(rows.scan.dialect.sum(value), 0.0))
        if name not in self.dates:
            return ExcelError(VALUE, Message("no_dates_to_order_by", name=name, count=count, how=how))
        dialect = rows.scan.dialect
        ends = {"first": dialect.first, "last": dialect.last, "mean": f"{dialect.sum('x')} / COUNT(x)"}
        dated = "x IS NOT NULL AND m IS NOT NULL"
        found = rows.scan.nested(rows, dialect.sum(value), ends[how], None, dated)
        return ExcelError(VALUE, Message("no_value_has_a_date", name=name)) if found is None else _sum(found)


def _sum(number: float) -> float | ExcelError:
    return float(number) if isfinite(number) else ExcelError(NUM, Message("sum_too_large"))


def _aggregate(primitive: Primitive, sql: RowSql, where: str, rows: Rows) -> Part:
    """Return an aggregate over the rows that meet a condition."""
    expr, kind = primitive.expr, primitive.kind
    assert expr is not None
    made = sql.element(expr)
    x = made.text
    dialect = sql.dialect
    bare = sql.columns.get(expr.name) if isinstance(expr, Name) else None
    column = bare[1] if isinstance(bare, tuple) else TypedColumn(made.kind, x)
    text, error = (sql_of(expr, rows, "t"), sql_of(expr, rows, "e")) if bare is not None else (None, None)
    ifs = any(isinstance(node, Call) and node.name == "IF" for node in walk(expr))
    if bare is None and (kind in ("counta", "countblank") or (ifs and kind in ("nunique", "logicals"))):
        raise NoFormError(expr)  # an IF may give FALSE or nothing, which count there
    if kind in ("counta", "countblank"):
        others = [f" OR {text}"] if text else []
        others += [f" OR {error} IS NOT NULL"] if error else []
        filled = f"COALESCE({x} IS NOT NULL{''.join(others)}, FALSE)"
        return float(rows.ask(dialect.count_if(filled if kind == "counta" else f"NOT {filled}", where)))
    if kind == "count":
        if made.kind != "number":
            return 0.0
        # a row that is an error holds no number
        wrong = " OR ".join(f"({at})" for at, _ in made.guards)
        numbers = f"CASE WHEN {wrong} THEN NULL ELSE {x} END" if wrong else x
        return float(rows.ask(dialect.count(numbers, where)))
    for at, reason in made.guards:
        met = f"({at}) AND {where}" if where else at
        if rows.ask(dialect.count_if(met), False):
            return reason
    if error is not None:
        found = rows.ask(dialect.over("MIN({x})", error, where), None)
        if found is not None:
            return column.errors[int(found)]
    if kind == "nunique":
        if text is not None:
            raise NoFormError(expr)
        return float(rows.ask(dialect.count(x, where, distinct=True)))
    if kind == "logicals":
        true, false = (x, f"NOT ({x})") if made.kind == "flag" else (f"{x} <> 0", f"{x} = 0")
        if made.kind == "text":
            true = false = "FALSE"
        return float(rows.ask(dialect.count_if(true, where))), float(rows.ask(dialect.count_if(false, where)))
    if made.kind != "number":
        x = f"CAST(NULL AS {dialect.double})"
    if kind == "sum":
        return _sum(rows.ask(dialect.sum(x, where), 0.0))
    if kind in ("min", "max"):
        number = rows.ask(dialect.over(kind.upper() + "({x})", x, where), None)
        return None if number is None else float(number)
    if kind == "moments":
        n = float(rows.ask(dialect.count(x, where)))
        mean = float(rows.ask(dialect.mean(x, where), 0.0))
        return n, mean, float(rows.ask(dialect.over("VAR_POP({x})", x, where), 0.0)) * n
    if kind == "ordered":
        return Ordered(rows.scan.counts(rows, x, where))
    raise NoFormError(expr)


def sql_of(expr: Node, rows: Rows, letter: str) -> str | None:
    """Return the name of what else is said of an input, ``None`` where there is nothing."""
    assert isinstance(expr, Name)
    column = rows.scan.columns[expr.name]
    there = column.text if letter == "t" else column.error
    return rows.scan.name(expr.name, letter) if there is not None else None
