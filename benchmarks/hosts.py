"""What a host costs: an answer over few and many cells as a ratio to the core, and one for many metrics.

Hosts that are not installed are left out; ``make hosts`` installs them.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.measure import Row, in_turn, plain
from excel_addin.definitions import Definitions
from excel_addin.oxt import write_oxt
from excel_addin.worksheet import worksheet_functions
from metricsheet.api import answer, load_catalog
from metricsheet.catalog.definitions import Catalog
from tests.hosts import officejs, wine
from tests.hosts.calc import Calc, write_cells
from tests.hosts.questions import Json
from tests.hosts.replay import NotInstalledError

SIZES = (2, 10_000, 100_000)
ROUNDS = 3

Seconds = Mapping[int, float]


def _cells(count: int) -> list[list[float]]:
    return [[float(number * 7 % 11)] for number in range(count)]


def _asked(size: int) -> list[tuple[str, list[Json]]]:
    return [("NPS", [{"rows": _cells(size)}])] * ROUNDS


def _core() -> Seconds:
    catalog, found = load_catalog(), {}
    for size in SIZES:
        cells = _cells(size)
        times = []
        for _ in range(7):
            began = time.perf_counter()
            answer(catalog, "nps", {"recommend_score": cells})
            times.append(time.perf_counter() - began)
        found[size] = statistics.median(times)
    return found


def _under_wine() -> Seconds:
    # the definitions are read with the first answer: two of few cells come before those that count
    return {size: wine.ask(_asked(size), before=_asked(2))[1] / ROUNDS for size in SIZES}


def _over_http() -> Seconds:
    found = {}
    with officejs.server() as port:
        officejs.over_http(port, _asked(2))
        for size in SIZES:
            began = time.perf_counter()
            officejs.over_http(port, _asked(size))
            found[size] = (time.perf_counter() - began) / ROUNDS
    return found


def _in_chromium() -> Seconds:
    with officejs.server() as port:
        officejs.over_http(port, _asked(2))
        return {size: officejs.in_chromium(port, _asked(size))[2] / ROUNDS for size in SIZES}


def _in_libreoffice() -> Seconds:
    with tempfile.TemporaryDirectory() as folder:
        extension, workbook = Path(folder, "metricsheet.oxt"), Path(folder, "cells.xlsx")
        write_oxt(extension, Definitions())
        write_cells(workbook, [_cells(max(SIZES))])
        with Calc(extension) as calc:
            calc.seconds(workbook, "=NPS(A1:A2)")
            return {
                size: statistics.median(calc.seconds(workbook, f"=NPS(A1:A{size})") for _ in range(ROUNDS))
                for size in SIZES
            }


HOSTS: Mapping[str, Callable[[], Seconds]] = {
    "COM under Wine": _under_wine,
    "xlwings Server": _over_http,
    "its page in Chromium": _in_chromium,
    "LibreOffice": _in_libreoffice,
}


def rows() -> Iterator[Row]:
    """Yield the figures of each host, and of SCORECARD."""
    core = _core()
    for name, measured in HOSTS.items():
        try:
            times = measured()
        except NotInstalledError:
            continue
        for size in SIZES:
            yield plain(f"{name}, NPS of {size:,} cells", times[size], core[size], "the core")
    yield _scorecard()


INPUTS = (
    "recommend_score",
    "satisfaction_score",
    "effort_score",
    "revenue",
    "orders",
    "marketing_cost",
    "leads",
)


def _scorecard() -> Row:
    """Return SCORECARD over a table of 10,000 rows against a call of each metric's own function."""
    catalog, definitions = load_catalog(), Definitions()
    functions = {function.name: function for function in worksheet_functions(definitions)}
    columns = {
        key: [[float((row * 7 + number) % 10 + 1)] for row in range(10_000)]
        for number, key in enumerate(INPUTS)
    }
    headers = [catalog.inputs[key].label["en"] for key in INPUTS]
    table = [headers, *([cell for [cell] in row] for row in zip(*columns.values(), strict=True))]
    asked = [(functions[udf], [columns[key] for key in keys]) for udf, keys in _single(catalog)]
    given = functions["SCORECARD"].ask([table])
    assert isinstance(given, list)

    def each() -> Sequence[object]:
        return [function.ask(arguments) for function, arguments in asked]

    whole, single = in_turn(lambda: functions["SCORECARD"].ask([table]), each, rounds=3)
    named = f"SCORECARD, {len(given) - 1} metrics of 10,000 rows"
    return plain(named, whole, single, f"{len(asked)} functions, one by one")


def _single(catalog: Catalog) -> Iterator[tuple[str, list[str]]]:
    """Yield the functions of metrics whose arguments are all columns of the table."""
    for metric in catalog.metrics.values():
        keys = list(catalog.arguments_of(metric))
        if keys and set(keys) <= set(INPUTS):
            yield metric.udf, keys
