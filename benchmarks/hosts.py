"""What a host costs: an answer over few and many cells as a ratio to the core, and one for many metrics.

Hosts that are not installed are left out; ``make hosts`` installs them.
"""

from __future__ import annotations

import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, in_turn, plain
from excel_addin.definitions import Definitions
from excel_addin.oxt import write_oxt
from excel_addin.worksheet import worksheet_functions
from metricsheet.api import answer, load_catalog
from metricsheet.catalog.definitions import in_language
from metricsheet.values.dates import to_serial
from tests.hosts import office_js, officejs, wine
from tests.hosts.calc import Calc
from tests.hosts.questions import Json
from tests.hosts.replay import Asked, NotInstalledError

SIZES = (2, 10_000, 100_000)
ROUNDS = 3

Seconds = Mapping[int, float]


def _cells(count: int) -> list[list[float]]:
    return [[float(number * 7 % 11)] for number in range(count)]


def _asked(size: int) -> list[Asked]:
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


def _of(ask: Callable[[Sequence[Asked], Sequence[Asked]], tuple[list[Any], float]]) -> Callable[[], Seconds]:
    """Return what measures a host that is asked so.

    The definitions are read with the first answer: some of few cells come before those that count.
    """
    return lambda: {size: ask(_asked(size), _asked(2))[1] / ROUNDS for size in SIZES}


def _in_formulon() -> Seconds:
    from tests.export.formulon_host import Sheet
    from tests.hosts.lambdas import names_of

    found = {}
    for size in SIZES:
        sheet = Sheet(names=names_of("NPS"))
        where = sheet.place(_cells(size))
        sheet.answers(["=1"])
        began = time.perf_counter()
        for _ in range(ROUNDS):
            sheet.answers([f"=L.NPS({where})"])
        found[size] = (time.perf_counter() - began) / ROUNDS
    return found


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
        _write(workbook, _cells(max(SIZES)))
        with Calc(extension) as calc:
            calc.seconds(workbook, "=NPS(A1:A2)")
            return {
                size: statistics.median(calc.seconds(workbook, f"=NPS(A1:A{size})") for _ in range(ROUNDS))
                for size in SIZES
            }


def _write(workbook: Path, cells: list[list[float]]) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in cells:
        sheet.append(row)
    book.save(workbook)


HOSTS: Mapping[str, Callable[[], Seconds]] = {
    "COM under Wine": _of(wine.ask),
    "Office.js code": _of(office_js.on_python),
    "Pyodide": _of(office_js.in_pyodide),
    "xlwings Server": _over_http,
    "its page in Chromium": _in_chromium,
    "LibreOffice": _in_libreoffice,
    "LAMBDA in formulon": _in_formulon,
}


def rows() -> Iterator[Row]:
    """Yield the figures of each host, and of SCORECARD."""
    core = _core()
    for name, measured in HOSTS.items():
        try:
            times = measured()
        except (NotInstalledError, ImportError):
            continue
        for size in SIZES:
            yield plain(f"{name}, NPS of {size:,} cells", times[size], core[size], "the core")
    yield from _scorecards()


INPUTS = (
    *(
        "date",
        "impressions",
        "ad_clicks",
        "ad_cost",
        "visitors",
        "leads",
        "mql",
        "opportunities",
        "won_deals",
    ),
    *("new_customers", "customers_at_start", "customers_lost", "revenue", "marketing_cost"),
    *("mrr_at_start", "mrr_new", "mrr_expansion", "mrr_contraction", "mrr_churned"),
)
MONTHS = 24


def _scorecards() -> Iterator[Row]:
    """Yield SCORECARD over a table of months against the functions of the metrics that it gives."""
    catalog = load_catalog()
    functions = {function.name: function for function in worksheet_functions(Definitions())}
    days = [[dt.date(2023 + month // 12, month % 12 + 1, 1)] for month in range(MONTHS)]
    columns: dict[str, list[list[object]]] = {
        key: [[float(100_000 // 3**place + month)] for month in range(MONTHS)] if place else days
        for place, key in enumerate(INPUTS)
    }
    headers = [in_language(catalog.inputs[key].label, "en") for key in INPUTS]
    table = [headers, *([cell for [cell] in row] for row in zip(*columns.values(), strict=True))]
    given = functions["SCORECARD"].ask([table])
    assert isinstance(given, list)
    values = {row[0] for row in given[1:] if isinstance(row[1], float)}
    asked = [
        (metric.udf, [columns[key] for key in catalog.arguments_of(metric)])
        for metric in catalog.metrics.values()
        if in_language(metric.label, "en") in values and set(catalog.arguments_of(metric)) <= columns.keys()
    ]
    named = f"{len(asked)} functions, one by one"
    whole, single = in_turn(
        lambda: functions["SCORECARD"].ask([table]),
        lambda: [functions[udf].ask(arguments) for udf, arguments in asked],
        rounds=3,
    )
    yield plain(f"SCORECARD, {len(values)} values of {MONTHS} months", whole, single, named)
    questions: list[Asked] = [(udf, [_range(cells) for cells in arguments]) for udf, arguments in asked]
    try:
        _, whole = wine.ask([("SCORECARD", [_range(table)])], before=_asked(2))
        _, single = wine.ask(questions, before=_asked(2))
    except NotInstalledError:
        return
    yield plain("the same, COM under Wine", whole, single, named)


def _range(rows: list[list[object]]) -> Json:
    """Return cells as questions hold them."""
    held = [[{"d": to_serial(cell)} if isinstance(cell, dt.date) else cell for cell in row] for row in rows]
    return {"rows": held}
