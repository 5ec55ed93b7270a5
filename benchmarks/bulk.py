"""A folder of workbooks: shared among processes, taken from the cache, and written line by line."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from benchmarks.measure import Row, at_least, at_most, in_turn
from benchmarks.startup import make_workbook
from metricsheet.api import evaluate, load_catalog

WORKBOOKS, FEW, MANY = 100, 10, 300

# what getrusage tells begins with the memory of the process that started it
_PEAK = """
import re, sys
from metricsheet.cli.main import main
main(sys.argv[1:])
print(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read()).group(1))
"""


def _peak(paths: Sequence[Path], target: Path) -> float:
    """Return the most memory, in millions of bytes, that a command takes which writes ``target``."""
    command = [sys.executable, "-c", _PEAK, "evaluate", *map(str, paths), "-o", str(target), "--jobs", "1"]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout) / 1024


def _more(paths: Sequence[Path]) -> list[Path]:
    """Return ``MANY`` workbooks: copies of the first one beside it."""
    made = [paths[0].with_name(f"further {number:03}.xlsx") for number in range(MANY)]
    for path in made:
        shutil.copy(paths[0], path)
    return made


def rows() -> Iterator[Row]:
    """Yield what processes and the cache save, and what memory many files take."""
    catalog = load_catalog()
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"survey {number:03}.xlsx") for number in range(WORKBOOKS)]
        make_workbook(paths[0], 1_000)
        for path in paths[1:]:
            shutil.copy(paths[0], path)

        def run(**how: object) -> None:
            evaluate(paths, metrics=catalog, **how)  # type: ignore[arg-type]  # keywords of any name

        two, one = in_turn(lambda: run(jobs=2), run, 3)
        yield at_most(f"{WORKBOOKS} workbooks, --jobs 2", two, one, "--jobs 1", 0.65)
        fresh = (Path(folder, f"cache {number}") for number in count())
        first, none = in_turn(lambda: run(cache=next(fresh)), run, 3)
        yield at_most("the same, kept in a cache", first, none, "without a cache", 1.25)
        kept = Path(folder, "kept")
        again, none = in_turn(lambda: run(cache=kept), run, 3)
        yield at_least("the same, from the cache", again, none, "without a cache", 4)
        if sys.platform == "linux":
            few, many = (_peak(some, Path(folder, "all.jsonl")) for some in (paths[:FEW], paths))
            row = at_most(f"memory for {WORKBOOKS} workbooks to jsonl", many, few, f"for {FEW}", 1.2)
            yield replace(row, unit="MB")
            for suffix in ("json", "csv", "txt"):
                target = Path(folder, f"all.{suffix}")
                few, many = _peak(paths[:FEW], target), _peak(_more(paths), target)
                name = f"memory for {MANY} workbooks to {suffix}"
                yield replace(at_most(name, many, few, f"for {FEW}", 1.2), unit="MB")
