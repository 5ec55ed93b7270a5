"""One stored table: its typed columns, its groups of rows, and answers to many questions from one scan.

Rows are looked at in *modes*: ``all`` of them or those with a date in the time asked for, of these perhaps
only the newest or those of the last year; and on two *levels*, as a whole and slice by slice. A question is
an aggregate in SQL. It is answered for all groups of its mode and level at once, together with every other
question that was foreseen there, so that many metrics cost one scan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, Protocol

from metricsheet.engines.selection import Selection
from metricsheet.engines.sql.dialect import Dialect
from metricsheet.engines.sql.expressions import TypedColumn
from metricsheet.patterns import late
from metricsheet.records import record

Period = Literal["month", "quarter", "year"]
SliceKey = tuple[tuple[str, str], ...]
_USED = late(r"\b[vterwm]\d*\b|\bs\b|\bp\b")
_PLACE = "metricsheet_place"
_FORESEEN = 1_000  # what is answered while questions are only noted: enough for all of them
_TWO_PERIODS = {"month": (202401, 202402), "quarter": (20241, 20242), "year": (2024, 2025)}
MOST_VALUES = 100_000
"""This many different values of a column are looked at one by one."""


class Engine(Protocol):
    """What answers queries in its ``dialect``."""

    dialect: Dialect

    def run(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query; raise ``WorkbookError`` where it fails."""

    def given(self, columns: Mapping[str, tuple[str, Sequence[Any]]]) -> str:
        """Return values of ours as something to select from: of each column its kind and its cells."""

    def close(self) -> None:
        """Answer no more."""


@record
class Mode:
    """Which rows of a slice: only ``timed`` ones, of these the ``newest`` or the last ``year``."""

    timed: bool = False
    last: Literal["", "newest", "year"] = ""


ALL = Mode()


@record
class Grouping:
    """How rows are cut: the slices and periods asked for, and the rows that count at all.

    ``slice`` is an expression, ``keys`` the slice of each of its values. ``since`` and ``until`` are the
    first and last day; ``grain`` is what one row is about. ``where`` must hold for every row.
    """

    slice: str = ""
    keys: Mapping[Any, SliceKey] | None = None
    period: Period | None = None
    since: float | None = None
    until: float | None = None
    grain: str | None = None
    where: tuple[str, ...] = ()


class Scan:
    """Asks an engine for aggregates over ``relation``; ``moment`` is when its rows were.

    ``joins`` are those that columns need, by the names used in ``TypedColumn.needs``. Columns are named
    ``v0``, ``t0``, ``e0``, ``r0`` (value, text, error, off scale), dates ``m``, slices ``s``, periods ``p``.
    """

    def __init__(self, engine: Engine, relation: str) -> None:
        self.engine, self.dialect, self.run, self.relation = engine, engine.dialect, engine.run, relation
        self.columns: dict[str, TypedColumn] = {}
        self.joins: dict[str, str] = {}
        self.grouping = Grouping()
        self.moment: TypedColumn | None = None
        self._date = ""
        self._names: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._answers: dict[tuple[Mode, bool, str], dict[str, dict[Any, Any]]] = {}
        self._foreseen: dict[tuple[Mode, str], dict[str, None]] = {}
        self._foreseeing = False

    # what the rows look like

    def add(self, key: str, column: TypedColumn) -> None:
        """Take an input in, or one more expression."""
        place = list(self.columns).index(key) if key in self.columns else len(self.columns)
        self.columns[key] = column
        for letter, text in zip(
            "vter", (column.value, column.text, column.error, column.rejected), strict=True
        ):
            if text is not None:
                self._names[f"{letter}{place}"] = text, column.needs

    def name(self, key: str, letter: str = "v") -> str:
        """Return the name of an input's expression in aggregates."""
        return f"{letter}{list(self.columns).index(key)}"

    def date_by(self, column: TypedColumn, date: str = "") -> None:
        """Say when the rows were: the number of the day with the time as its fraction, and the ``date``."""
        self.moment, self._date = column, date or self._date_of(column.value)
        self._names["m"] = column.value, column.needs

    @property
    def moment_sql(self) -> str:
        """What gives the date of a row, over the columns of the table (``r``)."""
        return self.moment.value if self.moment is not None else "NULL"

    @property
    def moment_joins(self) -> str:
        """The joins that ``moment_sql`` needs."""
        return " ".join(self.joins[need] for need in self.moment.needs) if self.moment is not None else ""

    def group(self, grouping: Grouping) -> None:
        """Say how the rows are cut."""
        self.grouping = grouping
        if grouping.slice:
            self._names["s"] = grouping.slice, ("slices",) if "slices" in self.joins else ()
        if grouping.period is not None and self.moment is not None:
            self._names["p"] = self._period(grouping.period), self.moment.needs
        self._answers.clear()

    def inner(self, used: str, *, relation: str = "", also: str = "") -> str:
        """Return the query of the rows with the names that occur in ``used``, and what is ``also`` wanted."""
        names = {name for name in _USED.findall(used) if name in self._names}
        chosen = {name: self._names[name] for name in sorted(names)}
        needs = dict.fromkeys(need for _, several in chosen.values() for need in several)
        needs.update(dict.fromkeys(self.grouping.where))
        shown = ", ".join(f"{text} AS {name}" for name, (text, _) in chosen.items()) or "1 AS one"
        joins = " ".join(self.joins[need] for need in needs)
        return f"SELECT {shown}{also} FROM {relation or self.relation} AS r {joins}"

    def first(self, condition: str, shown: str, most: int) -> list[tuple[Any, ...]]:
        """Return the first rows that meet a condition: their number (from 0), and what is to be ``shown``.

        That are names, or an expression over the columns of the table (``r``).
        """
        own = {"w": (shown, ())} if "r." in shown else {}
        self._names.update(own)
        shown = "w" if own else shown
        # rows are numbered before any join, which may change their order
        numbered = f"(SELECT q.*, {self.dialect.order} AS {_PLACE} FROM {self.relation} AS q)"
        inner = self.inner(f"{condition} {shown}", relation=numbered, also=f", r.{_PLACE} AS place")
        query = f"SELECT place, {shown} FROM ({inner}) AS q WHERE {condition} ORDER BY place LIMIT {most}"
        rows = self.run(query)
        if self.dialect.in_a_row:
            return [(place - 1, *cells) for place, *cells in rows]
        before = ", ".join(self.dialect.count_if(f"{_PLACE} < {place}") for place, *_ in rows) or "NULL"
        places = self.run(f"SELECT {before} FROM {numbered} AS q")[0]
        return [(place, *cells) for place, (_, *cells) in zip(places, rows, strict=False)]

    def spellings(self, condition: str, shown: str) -> list[Any]:
        """Return the different values of an expression over the table's columns in rows with a condition."""
        self._names["w"] = shown, ()
        query = f"SELECT w, COUNT(*) FROM ({self.inner(f'{condition} w')}) AS q WHERE {condition} GROUP BY w"
        return [value for value, _ in sorted(self.run(query), key=lambda row: (-row[1], row[0]))]

    # asking

    def ask(self, of: Rows, aggregate: str, nothing: Any) -> Any:
        """Return an aggregate over some rows; ``nothing`` where there are none."""
        if self._foreseeing:
            self._foreseen.setdefault((of.mode, of.narrowed), {})[aggregate] = None
            return (0.0,) if nothing == () else _FORESEEN if type(nothing) in (int, float) else nothing
        return self._groups(of.mode, of.slice != (), of.narrowed, aggregate).get(
            (of.slice, of.period), nothing
        )

    def groups(self, mode: Mode, sliced: bool) -> Mapping[tuple[SliceKey, str | None], int]:
        """Return all groups of a level with the number of their rows."""
        if self._foreseeing:
            self.ask(Rows(self, mode=mode), "COUNT(*)", 0)
            length = self.grouping.period if "p" in self._keys(mode, sliced) else None
            labels = [period_label(number, length) for number in _TWO_PERIODS[length]] if length else [None]
            return {} if sliced else {((), label): _FORESEEN for label in labels}
        return self._groups(mode, sliced, "", "COUNT(*)")

    @contextmanager
    def foreseeing(self) -> Iterator[None]:
        """Only note what is asked in this block: it is answered together, when it is asked again."""
        self._foreseeing = True
        try:
            yield
        finally:
            self._foreseeing = False

    def _groups(self, mode: Mode, sliced: bool, narrowed: str, aggregate: str) -> Mapping[Any, Any]:
        known = self._answers.setdefault((mode, sliced, narrowed), {})
        if aggregate not in known:
            wanted = {aggregate: None, **self._foreseen.get((mode, narrowed), {})}
            self._fetch(mode, sliced, narrowed, [one for one in wanted if one not in known], known)
        return known[aggregate]

    def _fetch(
        self, mode: Mode, sliced: bool, narrowed: str, wanted: Sequence[str], known: dict[str, dict[Any, Any]]
    ) -> None:
        keys = self._keys(mode, sliced)
        by = ", ".join(keys)
        shown = ", ".join((*keys, *wanted))
        source = self._rows(mode, keys, " ".join(wanted), narrowed)
        query = f"SELECT {shown} FROM {source} AS q" + (f" GROUP BY {by}" if keys else "")
        for aggregate in wanted:
            known[aggregate] = {}
        for row in self.run(query):
            group = self._group(keys, row)
            for aggregate, value in zip(wanted, row[len(keys) :], strict=True):
                if group is not None and value is not None:
                    known[aggregate][group] = value

    def nested(self, of: Rows, inner: str, outer: str, nothing: Any, where: str = "") -> Any:
        """Return ``outer`` over what ``inner`` (named ``x``) gives of the rows of each moment (``m``).

        ``where`` is a condition on both.
        """
        if self._foreseeing:
            return nothing
        known = self._answers.setdefault((of.mode, of.slice != (), of.narrowed), {})
        name = f"{outer} OF {inner}"
        if name not in known:
            keys = self._keys(of.mode, of.slice != ())
            by = ", ".join((*keys, "m"))
            source = self._rows(of.mode, keys, f"{inner} m", of.narrowed)
            days = f"(SELECT {by}, {inner} AS x FROM {source} AS q GROUP BY {by}) AS q"
            query = f"SELECT {', '.join((*keys, outer))} FROM {days}" + (f" WHERE {where}" if where else "")
            rows = self.run(query + (f" GROUP BY {', '.join(keys)}" if keys else ""))
            known[name] = {self._group(keys, row): row[-1] for row in rows if row[-1] is not None}
        return known[name].get((of.slice, of.period), nothing)

    def different(self, of: Rows, x: str, where: str) -> Iterable[Any]:
        """Return the different values of ``x`` in the rows that meet a condition, which none is blank in."""
        if not self.dialect.different:
            return self.counts(of, x, where)
        found: Iterable[Any] = self.ask(of, self.dialect.over(self.dialect.different, x, where), ())
        return found

    def counts(self, of: Rows, x: str, where: str) -> Mapping[Any, int]:
        """Return how often each value of ``x`` is there in the rows that meet a condition."""
        if self.dialect.counts:
            found: Mapping[float, int] = self.ask(of, self.dialect.over(self.dialect.counts, x, where), {})
            return found
        if self._foreseeing:
            return {0.0: _FORESEEN}
        known = self._answers.setdefault((of.mode, of.slice != (), of.narrowed), {})
        name = f"COUNTS OF {x} WHERE {where}"
        if name not in known:
            keys = self._keys(of.mode, of.slice != ())
            tests = [*filter(None, (of.narrowed, where)), f"{x} IS NOT NULL"]
            source = self._rows(of.mode, keys, x, " AND ".join(tests))
            places = ", ".join(str(place + 1) for place in range(len(keys) + 1))
            query = f"SELECT {', '.join((*keys, x))}, COUNT(*) FROM {source} AS q GROUP BY {places}"
            known[name] = {}
            for *key, value, times in self.run(query):
                cell = value if isinstance(value, str) else float(value)
                known[name].setdefault(self._group(keys, key), {})[cell] = times
        times_of: Mapping[float, int] = known[name].get((of.slice, of.period), {})
        return times_of

    def _keys(self, mode: Mode, sliced: bool) -> list[str]:
        return [*(["s"] if sliced else []), *(["p"] if mode.timed and "p" in self._names else [])]

    def _group(self, keys: Sequence[str], row: Sequence[Any]) -> tuple[SliceKey, str | None] | None:
        cut = self.grouping
        key: SliceKey = ()
        if "s" in keys:
            found = (cut.keys or {}).get(row[0])
            if found is None:
                return None
            key = found
        period = row[len(keys) - 1] if "p" in keys else None
        return key, period_label(int(period), cut.period) if period is not None else None

    def _rows(self, mode: Mode, keys: Sequence[str], used: str, narrowed: str) -> str:
        """Return the rows of a mode in parentheses, as what a query selects from."""
        cut = self.grouping
        tests = [narrowed] if narrowed else []
        if mode.timed and self.moment is not None:
            tests.append("m IS NOT NULL")
            tests += [f"m >= {self.dialect.number(cut.since)}"] if cut.since is not None else []
            tests += [f"m < {self.dialect.number(cut.until + 1)}"] if cut.until is not None else []
        inner = self.inner(" ".join((used, *keys, *tests, "m" if mode.last else "")))
        where = f" WHERE {' AND '.join(tests)}" if tests else ""
        rows = f"(SELECT * FROM ({inner}{self.dialect.fence}) AS q{where})"
        if not mode.last:
            return rows
        # the newest rows of each group are found by a second look at the dates alone
        plain = Mode(mode.timed)
        end = "MAX(m)" if mode.last == "newest" else f"{self._last_month('MAX(m)')} - 12"
        shown = ", ".join((*keys, f"{end} AS latest"))
        latest = f"SELECT {shown} FROM {self._rows(plain, keys, 'm', '')} AS q" + (
            f" GROUP BY {', '.join(keys)}" if keys else ""
        )
        same = [self.dialect.same.format(a="a.s", b="b.s") for key in keys if key == "s"]
        same += ["a.p = b.p"] if "p" in keys else []
        same.append("a.m = b.latest" if mode.last == "newest" else f"{self._month('a.m')} > b.latest")
        return f"(SELECT a.* FROM {rows} AS a JOIN ({latest}) AS b ON {' AND '.join(same)})"

    def _date_of(self, moment: str) -> str:
        """Return the date of a day's number; before March 1900 Excel counts one day that never was."""
        days = f"CAST(FLOOR({moment}) + CASE WHEN {moment} < 60 THEN 1 ELSE 0 END AS INTEGER)"
        return self.dialect.date.format(x=days)

    def _part(self, part: str, date: str) -> str:
        return self.dialect.part.format(part=part, x=date)

    def _month(self, moment: str) -> str:
        """Return a month of a year as one number, so that following months are following numbers."""
        date = self._date_of(moment)
        return f"({self._part('YEAR', date)} * 12 + {self._part('MONTH', date)} - 1)"

    def _last_month(self, moment: str) -> str:
        """Return the last month of the period that a row of the table is about."""
        months = {"quarter": 3, "year": 12}.get(self.grouping.grain or "", 1)
        month = self._month(moment)
        return month if months == 1 else f"(FLOOR({month} / {months}E0) * {months} + {months - 1})"

    def _period(self, period: Period) -> str:
        """Return the month, quarter or year of a date as one number: 202403, 20241 or 2024."""
        year, date = self._part("YEAR", self._date), self._date
        if period == "year":
            return year
        return f"({year} * {100 if period == 'month' else 10} + {self._part(period.upper(), date)})"


class Rows(Selection):
    """The rows of one slice and period of a table in some mode; ``narrowed`` is one more condition."""

    __slots__ = ("mode", "narrowed", "period", "scan", "slice")

    def __init__(
        self,
        scan: Scan,
        slice_: SliceKey = (),
        period: str | None = None,
        mode: Mode = ALL,
        narrowed: str = "",
    ) -> None:
        self.scan, self.slice, self.period, self.mode, self.narrowed = scan, slice_, period, mode, narrowed

    def ask(self, aggregate: str, nothing: Any = 0) -> Any:
        """Return an aggregate over these rows."""
        return self.scan.ask(self, aggregate, nothing)

    def __len__(self) -> int:
        return int(self.ask("COUNT(*)"))

    def last(self, which: Literal["newest", "year"]) -> Rows:
        """Return those of the newest date, or of the twelve months that end with it."""
        return Rows(self.scan, self.slice, self.period, Mode(self.mode.timed, which), self.narrowed)

    def where(self, condition: str) -> Rows:
        """Return those that meet a condition."""
        both = f"{self.narrowed} AND {condition}" if self.narrowed else condition
        return Rows(self.scan, self.slice, self.period, self.mode, both)

    def cells(self, key: str) -> tuple[int, int, int, int]:  # noqa: D102 - as of any selection
        column, name = self.scan.columns[key], self.scan.name
        count_if = self.scan.dialect.count_if
        held = int(self.ask(f"COUNT({name(key)})"))
        text = int(self.ask(count_if(name(key, "t")))) if column.text is not None else 0
        errors = int(self.ask(f"COUNT({name(key, 'e')})")) if column.error is not None else 0
        rejected = kept = 0
        if column.rejected is not None:
            rejected = int(self.ask(count_if(name(key, "r"))))
            kept = int(self.ask(count_if(f"{name(key, 'r')} AND {name(key)} IS NOT NULL")))
        used = held - kept + errors
        return used, len(self) - used - text - rejected, text, rejected

    def paired(self, keys: Sequence[str]) -> tuple[int, int, Mapping[str, tuple[int, bool]], Selection]:  # noqa: D102
        filled = [f"{self.scan.name(key)} IS NOT NULL" for key in keys]
        some, every = " OR ".join(filled), " AND ".join(filled)
        count_if = self.scan.dialect.count_if
        of = int(self.ask(count_if(some)))
        blanks = {}
        for key in keys:
            lacking = of - int(self.ask(f"COUNT({self.scan.name(key)})"))
            if lacking:
                column = self.scan.columns[key]
                text = column.text is not None and self.ask(count_if(self.scan.name(key, "t"))) > 0
                blanks[key] = lacking, text
        return of, int(self.ask(count_if(every))), blanks, self.where(f"({every})")

    def between(self, first: float, last: float) -> Rows:  # noqa: D102 - as of any selection
        number = self.scan.dialect.number
        return self.where(f"(m >= {number(first)} AND m < {number(last + 1)})")


def period_label(number: int, period: Period | None) -> str:
    """Return the label of a period's number, as ``Scan`` has it: 202403, 20241 or 2024."""
    if period == "month":
        return f"{number // 100:04d}-{number % 100:02d}"
    return f"{number // 10:04d}-Q{number % 10}" if period == "quarter" else f"{number:04d}"
