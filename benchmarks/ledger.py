"""Movements of a list of subscriptions, beside the script that people write for them and beside DuckDB.

All give the same numbers, gaps of a day bridged. Budgets: with numpy at least 5 times as fast as the usual
pandas script, without it at least even; even with DuckDB on one thread; movements, retention and cohorts
together at most 1.5 times the movements; memory at most 5 times the columns; a command on 5,000 rows at most
twice the one on 10. Times in one process are the least of the processor's: others may use the machine.
"""

from __future__ import annotations

import random
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, at_least, at_most, in_turn, least_in_turn, process
from metricsheet.engines.ledger import fast
from metricsheet.engines.ledger.movements import totals
from metricsheet.engines.ledger.retention import by_period, cohorts
from metricsheet.engines.ledger.rows import OPEN
from metricsheet.engines.ledger.spans import Ledger
from metricsheet.engines.ledger.steps import KINDS, Columns
from metricsheet.evaluation.periods import between, bounds

ROWS, CUSTOMERS, MONTHS = 1_000_000, 200_000, 60
FIRST = 43_831
"""2020-01-01."""

SQL = """
with events as (
  select customer, start as day, amount from rows
  union all select customer, stop, -amount from rows where stop < 1048576
), steps as (
  select customer, day, sum(sum(amount)) over (partition by customer order by day) as level
  from events group by customer, day
), bridged as (
  select *, lead(day) over (partition by customer order by day) as next from steps
  qualify not (level = 0 and next is not null and next - day <= 1)
), ends as (
  select customer, cuts.period, arg_max(level, day) as after
  from bridged asof join cuts on cuts.cut >= bridged.day group by customer, cuts.period
), moves as (
  select *, lag(after, 1, 0) over customer_time as before,
    coalesce(max(after) over (customer_time rows between unbounded preceding and 1 preceding), 0) > 0 as ever
  from ends window customer_time as (partition by customer order by period)
)
select period,
  sum(case when before = 0 and not ever then after else 0 end),
  sum(case when before = 0 and ever then after else 0 end),
  sum(case when before > 0 then greatest(after - before, 0) else 0 end),
  sum(case when after > 0 then greatest(before - after, 0) else 0 end),
  sum(case when after = 0 then before else 0 end)
from moves group by period order by period
"""


def made() -> dict[str, list[int]]:
    """Return the columns of a list of subscriptions, customers numbered without gaps."""
    draw = random.Random(1)
    who = [*range(CUSTOMERS), *(draw.randrange(CUSTOMERS) for _ in range(ROWS - CUSTOMERS))]
    starts = [FIRST + draw.randrange(1700) for _ in who]
    stops = [OPEN if draw.random() < 0.25 else start + draw.randrange(20, 700) for start in starts]
    amounts = [draw.choice((900, 1900, 4900, 9900, 24900)) for _ in who]
    return {"customer": who, "start": starts, "stop": stops, "amount": amounts}


def usual(frame: Any, cuts: list[int]) -> list[tuple[int, ...]]:
    """Return the movements by the usual script: a group-by for every month end."""
    import pandas as pd

    found, before, ever = [], pd.Series(dtype="int64"), pd.Index([])
    for cut in cuts:
        now = frame[(frame["start"] <= cut) & (frame["stop"] > cut)].groupby("customer")["amount"].sum()
        both = pd.concat([before.rename("a"), now.rename("b")], axis=1).fillna(0)
        a, b, new = both["a"], both["b"], ~both.index.isin(ever)
        parts = b[(a == 0) & new], b[(a == 0) & ~new], (b - a)[(a > 0) & (b > a)]
        losses = (a - b)[(b > 0) & (b < a)], a[(a > 0) & (b == 0)]
        found.append(tuple(int(part.sum()) for part in (*parts, *losses)))
        ever, before = ever.union(now.index), now
    return found


def bridged(frame: Any) -> Any:
    """Return the rows with gaps of a day filled."""
    ordered = frame.sort_values(["customer", "start"])
    until = ordered.groupby("customer")["stop"].cummax()
    before = until.groupby(ordered["customer"]).shift()
    short = ordered.assign(stop=before)[ordered["start"] - before == 1][["customer", "stop", "start"]]
    short = short.drop_duplicates(["customer", "stop"]).rename(columns={"start": "next"})
    both = frame.merge(short, on=["customer", "stop"], how="left")
    return frame.assign(stop=both["next"].fillna(both["stop"]).astype("int64").to_numpy())


def filled(columns: Columns) -> Ledger:
    """Return the ledger of columns that are numbers already, gaps of a day bridged."""
    found = Ledger([], 1)
    found.fill(columns)
    return found


def rows() -> Iterator[Row]:
    """Yield a row for each comparison."""
    import numpy as np
    import pandas as pd

    data = made()
    last = FIRST + 30 * MONTHS
    labels = between(FIRST, last, "month")
    cuts = [int(bounds(label)[1]) for label in labels]
    frame = pd.DataFrame(data)
    lists, arrays = Columns(*data.values()), Columns(*map(np.array, data.values()))

    def movements(columns: Columns) -> list[tuple[int, ...]]:
        found = totals(filled(columns).moves(cuts))
        return [tuple(int(one.amounts[kind]) for kind in KINDS) for one in found]

    def everything(columns: Columns) -> None:
        moves = filled(columns).moves(cuts)
        by_period(moves, totals(moves), CUSTOMERS)
        cohorts(moves, cuts, labels)

    def script() -> list[tuple[int, ...]]:
        return usual(bridged(frame), cuts)

    script_name, alone = "pandas, month by month", "movements alone"
    expected = script()
    for name, columns, long, least in (("numpy", arrays, 1, 5.0), ("plain", lists, ROWS + 1, 1.0)):
        fast.LONG = long
        if movements(columns) != expected:
            raise AssertionError("not the movements of the usual script")
        times = least_in_turn(lambda: movements(columns), script)  # noqa: B023  # called here
        yield at_least(f"{ROWS:,} rows, {name}", *times, script_name, least)
        both = least_in_turn(lambda: everything(columns), lambda: movements(columns))  # noqa: B023
        yield at_most(f"with retention and cohorts, {name}", *both, alone, 1.5)
    fast.LONG = 1
    size = sum(column.nbytes for column in vars_of(arrays)) / 1e6
    tracemalloc.start()
    everything(arrays)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    yield Row(
        "memory at most, numpy", peak, size, "the columns", peak / size, "<= 5x", peak <= 5 * size, "MB"
    )
    yield from _duckdb(frame, arrays, cuts, movements)
    yield from _commands()


def vars_of(columns: Columns) -> list[Any]:
    """Return the arrays of columns."""
    return [columns.customers, columns.starts, columns.ends, columns.amounts]


def _duckdb(frame: Any, arrays: Columns, cuts: list[int], movements: Any) -> Iterator[Row]:
    try:
        import duckdb
        import pandas as pd
    except ImportError:
        return
    base = duckdb.connect(config={"threads": 1})
    base.register("rows", frame)
    pairs = pd.DataFrame({"cut": cuts, "period": range(len(cuts))})
    base.register("cuts", pairs)

    def query() -> list[tuple[int, ...]]:
        return [tuple(map(int, row[1:])) for row in base.execute(SQL).fetchall()]

    if movements(arrays) != query():
        raise AssertionError("not the movements of DuckDB")
    times = least_in_turn(lambda: movements(arrays), query)
    yield at_least(f"{ROWS:,} rows, numpy", *times, "DuckDB, ASOF, 1 thread", 1)


def _commands() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for count in (5_000, 10):
            draw = random.Random(2)
            lines = ["Customer ID,Start date,End date,Price,Interval"]
            for number in range(count):
                year, month = draw.choice((2022, 2023)), draw.randrange(1, 13)
                end = draw.choice(("", f"2024-{month:02d}-05"))
                price, who = draw.randrange(5, 90), number % (count // 5)
                lines.append(f"c{who},{year}-{month:02d}-10,{end},{price},month")
            paths.append(Path(folder, f"{count}.csv"))
            paths[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
        calls = [
            process(["-m", "metricsheet", "evaluate", str(path), "--period", "month", "--to", "2024-12-31"])
            for path in paths
        ]
        yield at_most("a command on 5,000 rows", *in_turn(calls[0], calls[1], 5), "the same on 10", 2)
