"""A call from Excel: one pass over a list of lists, against a plain loop, pandas and numpy."""

from __future__ import annotations

import random
from collections.abc import Iterator

from benchmarks.measure import Row, absolute, in_turn
from metricsheet.api import answer, load_catalog

Rows = list[list[object]]


def _cells(count: int) -> Rows:
    chance = random.Random(7)
    return [
        [chance.choices([float(chance.randint(0, 10)), None, "n/a"], [90, 8, 2])[0]] for _ in range(count)
    ]


def _amounts(count: int) -> Rows:
    """Return cells that are nearly all different, as amounts of money are."""
    chance = random.Random(8)
    return [[chance.choices([chance.random() * 1000, None], [95, 5])[0]] for _ in range(count)]


def _plain_mean(rows: Rows) -> float:
    total = count = 0.0
    for row in rows:
        for cell in row:
            if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                total += cell
                count += 1
    return total / count


def _plain_loop(rows: Rows) -> float:
    promoters = detractors = answers = 0
    for row in rows:
        for cell in row:
            if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                answers += 1
                if cell >= 9:
                    promoters += 1
                elif cell <= 6:
                    detractors += 1
    return (promoters - detractors) / answers * 100


def _pandas(rows: Rows) -> float:
    import pandas

    scores = pandas.to_numeric(pandas.DataFrame(rows)[0], errors="coerce")
    return float(((scores >= 9).sum() - (scores <= 6).sum()) / scores.count() * 100)


def rows() -> Iterator[Row]:
    """Yield the figures of ``=NPS(range)``: per cell for a long range, per call for a short one."""
    catalog = load_catalog()
    size = 100_000
    long, short = _cells(size), [[9.0], [3.0]]

    def ours() -> object:
        return answer(catalog, "nps", {"recommend_score": long})

    def ours_short() -> object:
        for _ in range(1_000):
            answer(catalog, "nps", {"recommend_score": short})
        return None

    mine, loop = in_turn(ours, lambda: _plain_loop(long))
    yield absolute("NPS of 100,000 cells, a cell", mine / size, 150e-9, loop / size, "plain loop, a cell")
    mine, frame = in_turn(ours, lambda: _pandas(long))
    yield absolute(
        "NPS of 100,000 cells, a cell", mine / size, 150e-9, frame / size, "pandas.to_numeric, a cell"
    )
    amounts = _amounts(size)
    mine, loop = in_turn(
        lambda: answer(catalog, "average_order_value", {"revenue": amounts, "orders": 9.0}),
        lambda: _plain_mean(amounts),
    )
    yield absolute("a sum of 100,000 amounts, a cell", mine / size, 150e-9, loop / size, "plain loop, a cell")
    mine, frame = in_turn(ours_short, lambda: [_pandas(short) for _ in range(20)])
    yield absolute("NPS of two cells, a call", mine / 1_000, 50e-6, frame / 20, "pandas.to_numeric, a call")
