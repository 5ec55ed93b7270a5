"""Large tables: against a plain loop over the same file, and against half or a tenth of themselves.

All of it is CPU time of one process, the least of some runs in turn.
"""

from __future__ import annotations

import csv
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from benchmarks.measure import Row, at_most, least_in_turn
from metricsheet.api import evaluate, load_catalog
from metricsheet.files import coded

ROWS = 1_000_000


def survey(path: Path, rows: int, segments: int, years: int = 1, *, totals: bool = False) -> Path:
    """Write a survey of some segments over some years; ``totals`` puts a line of them after nine rows."""
    dice = random.Random(rows + segments)
    with path.open("w", encoding="utf-8") as file:
        file.write("Date,Region,Recommend score,Minutes,Comment,Agent,Channel\n")
        for row in range(rows):
            day = f"{2015 + dice.randrange(years)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
            file.write(f"{day},R{row % segments},{dice.randint(0, 10)},{dice.randint(1, 90)},")
            file.write(f"{dice.choice(('good', 'bad', 'so so'))},agent {dice.randint(1, 300)},mail\n")
            if totals and row % 9 == 8:
                file.write(f",Team {row // 9} total,,{dice.randint(100, 500)},,,\n")
    return path


def _loop(path: Path) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            try:
                score = float(row[2])
            except ValueError:
                continue
            counts = found[row[1]]
            counts[0] += 1
            counts[1] += score >= 9
            counts[2] += score <= 6
    return found


def _pandas(path: Path) -> object:
    import pandas

    frame = pandas.read_csv(path)
    scores = frame["Recommend score"]
    frame["point"] = (scores >= 9).astype(int) - (scores <= 6).astype(int)
    return frame.groupby("Region").point.mean() * 100


def rows() -> Iterator[Row]:
    """Yield what a large CSV takes, and how time grows with rows, slices, totals and months."""
    catalog = load_catalog()
    with tempfile.TemporaryDirectory() as folder:

        def grows(name: str, more: Path, less: Path, limit: float, of: str, **how: object) -> Row:
            asked = {"metrics": catalog, "only": "nps", "limits": {"slices": 100_000}, **how}
            both = [lambda path=path: evaluate(path, **asked) for path in (more, less)]  # type: ignore[misc]
            return at_most(name, *least_in_turn(*both, 2), of, limit)

        big = survey(Path(folder, "big.csv"), ROWS, 4)

        def by_region() -> object:
            return evaluate(big, metrics=catalog, only="nps", by="Region")

        with patch.object(coded, "_WORTH_ARROW", 1 << 60):
            ours, loop = least_in_turn(by_region, lambda: _loop(big), 3)
        yield at_most(f"NPS by region of {ROWS:,} rows of CSV", ours, loop, "a loop over csv", 3)
        ours, pandas = least_in_turn(by_region, lambda: _pandas(big), 3)
        yield at_most("the same with fast", ours, pandas, "pandas", 1)
        big.unlink()
        ten, thousand = (survey(Path(folder, f"{n}.csv"), 20_000, n) for n in (10, 1_000))
        yield grows("20,000 rows by 1,000 segments", thousand, ten, 2, "by 10", by="Region")
        some, most = (survey(Path(folder, f"{n}.csv"), 100_000, n) for n in (5_000, 50_000))
        yield grows("100,000 rows by 50,000 segments", most, some, 12, "by 5,000", by="Region")
        half, whole = (survey(Path(folder, f"t{n}.csv"), n, 10, totals=True) for n in (10_000, 20_000))
        yield grows("20,000 rows with totals", whole, half, 2.3, "10,000 rows")
        half, whole = (survey(Path(folder, f"m{n}.csv"), 40_000, 10, n) for n in (5, 10))
        yield grows("ten years of months", whole, half, 2.3, "five years", period="month", by="Region")
