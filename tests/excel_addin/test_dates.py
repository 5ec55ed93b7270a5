"""Stocks over several rows: with their dates a function says what the command line says of the same sheet."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from metricsheet.api import evaluate, load_catalog
from metricsheet.catalog.definitions import CHAINED, DATE, DATES_ARGUMENT, MetricDefinition
from tests.excel_addin.excel import Excel, LeftOut, Range, column
from tests.stages import some

CATALOG = load_catalog()
DAY_ZERO = dt.datetime(1899, 12, 30)

Days = list[Any]


def months(first: int, count: int) -> Days:
    return [dt.datetime(2023 + (first + n) // 12, (first + n) % 12 + 1, 1) for n in range(count)]


def shuffled(days: Days, rng: random.Random) -> Days:
    return rng.sample(days, len(days))


def one_instead(what: Any) -> Callable[[Days, random.Random], Days]:
    """Return what puts ``what`` in the place of one of the later days."""

    def put(days: Days, rng: random.Random) -> Days:
        row = rng.randrange(1, len(days))
        return [what if n == row else day for n, day in enumerate(days)]

    return put


DATES: Mapping[str, Callable[[Days, random.Random], Days]] = {
    "months": lambda days, _: days,
    "last days": lambda days, _: [day - dt.timedelta(days=1) for day in days],
    "days": lambda days, _: [days[0] + dt.timedelta(days=n) for n in range(len(days))],
    "one day": lambda days, _: days[:1] * len(days),
    "pairs": lambda days, _: [days[n // 2] for n in range(len(days))],
    "in another order": shuffled,
    "one blank": one_instead(None),
    "one unreadable": one_instead("soon"),
    "one total": one_instead("Total"),
    "a quarter among months": one_instead("Q1 2023"),
    "serial numbers": lambda days, _: [float((day - DAY_ZERO).days) for day in days],
    "text": lambda days, _: [f"{day:%Y-%m}" for day in days],
    "quarters": lambda days, _: [f"Q{n % 4 + 1} {2020 + n // 4}" for n in range(len(days))],
    "years": lambda days, _: [float(2020 + n) for n in range(len(days))],
    "all blank": lambda days, _: [None] * len(days),
    "all unreadable": lambda days, _: ["soon"] * len(days),
    "numbers": lambda days, _: [float(n + 1) for n in range(len(days))],
}
UNREADABLE = ("all unreadable", "numbers")


def cells_of(key: str, rows: int, rng: random.Random, blanks: float) -> list[Any]:
    """Return cells for an input, or for a metric that is handed over."""
    known = CATALOG.inputs.get(key)
    unit = known.unit if known is not None else CATALOG.metrics[key].unit
    kind = known.type if known is not None else "number"

    def cell() -> Any:
        if rng.random() < blanks:
            return None
        if kind == "date":
            return dt.datetime(2024, 1, 1) + dt.timedelta(days=rng.randrange(700))
        if kind == "text":
            return rng.choice("abcd")
        if kind == "flag":
            return rng.choice((True, False))
        if known is not None and known.scale is not None:
            return float(rng.randint(int(known.scale.low), int(known.scale.high)))
        return round(rng.uniform(0.01, 0.3), 3) if unit == "percent" else float(rng.randint(1, 500))

    return [cell() for _ in range(rows)]


def cases() -> Iterator[Any]:
    for metric in CATALOG.metrics.values():
        if CATALOG.takes_dates(metric):
            for name, dates in DATES.items():
                yield pytest.param(metric, name, dates, id=f"{metric.key}-{name}")


@pytest.mark.parametrize(("metric", "name", "dates"), some(cases(), test=50))
def test_a_function_says_what_the_command_line_says_of_the_same_rows(
    builtin_excel: Excel,
    metric: MetricDefinition,
    name: str,
    dates: Callable[[Days, random.Random], Days],
) -> None:
    rng = random.Random(f"{metric.key} {name}")
    rows, blanks = rng.choice((2, 3, 6, 12, 13)), rng.choice((0, 0, 0.2))
    days = dates(months(rng.randrange(12), rows), rng)
    keys = [key for key in CATALOG.arguments_of(metric) if key not in CATALOG.choices]
    given = {key: days if key == DATE else cells_of(key, rows, rng, blanks) for key in keys}
    chosen = {CHAINED: "yes"} if metric.span == "chained" and rng.random() < 0.5 else {}
    settings = [chosen.get(key, LeftOut()) for key in CATALOG.arguments_of(metric) if key in CATALOG.choices]
    arguments = [*(column(*given[key]) for key in keys), *settings]

    named = {key: key for key in given}
    sheet = {DATE: given[DATE], **given}  # the first column
    card = evaluate(sheet, metrics=CATALOG, only=[metric.key], mapping=named, settings=chosen)
    (result,) = card.results
    value = builtin_excel.call(metric.udf, *arguments)
    if name in UNREADABLE:
        # nobody asked the command line for these dates, a function was handed them
        assert value == "#VALUE!"
        assert any(problem.code == "not_this_input" for problem in card.problems)
        return
    n = builtin_excel.call(f"{metric.udf}_N", *arguments)
    with_bands = [LeftOut()] if metric.bands_by is not None else []
    flag = builtin_excel.call(f"{metric.udf}_FLAG", *arguments, *with_bands)
    if result.value is None:
        assert (value, flag) == (result.error, result.error)
    else:
        assert math.isclose(value, result.value, rel_tol=1e-12)
        assert flag == result.status_label
    assert n == ((result.error or "#N/A") if result.n is None else result.n)


@pytest.mark.parametrize("metric", [m for m in CATALOG.metrics.values() if m.over_time == "last"])
def test_without_dates_several_rows_of_a_stock_are_refused(
    builtin_excel: Excel, metric: MetricDefinition
) -> None:
    keys = [key for key in CATALOG.arguments_of(metric) if key != DATE]
    arguments = [column(*cells_of(key, 3, random.Random(metric.key), 0)) for key in keys]
    assert builtin_excel.call(metric.udf, *arguments, LeftOut()) == "#VALUE!"
    assert builtin_excel.call(metric.udf, *arguments, Range([[None]])) == "#VALUE!"


PLANS = column(100.0, 20.0, 5.0), column(10.0, 25.0, 60.0)
LOST_OF = column(10.0, 19.0), column(100.0, 95.0)
MARCH = dt.datetime(2024, 3, 31)


@pytest.mark.parametrize(
    ("function", "arguments", "value"),
    [
        ("MRR", (*PLANS, MARCH), 1800.0),  # one date for all rows
        ("MRR", (*PLANS, Range([[MARCH]])), 1800.0),
        ("MRR", (*PLANS, column(MARCH, MARCH, MARCH)), 1800.0),
        ("MRR", (*PLANS, column(MARCH, MARCH, dt.datetime(2024, 2, 29))), 1500.0),  # on the newest date
        ("MRR", (100.0, 10.0, MARCH), 1000.0),
        ("MRR", (100.0, 10.0, LeftOut()), 1000.0),
        ("MRR", (*PLANS, column(MARCH, MARCH)), "#VALUE!"),
        ("MRR", (column(100.0, 20.0), PLANS[1], MARCH), "#VALUE!"),
        ("MRR", (*PLANS, "soon"), "#VALUE!"),
        ("ARPA", (*PLANS, MARCH), 14.4),
        ("ARR", (column(900.0, 1000.0), column(*months(0, 2))), 12000.0),  # the newest of figures handed over
        ("ARR", (column(900.0, 1000.0), LeftOut()), "#VALUE!"),
        ("CHURN_RATE", (column(10.0, 19.0), column(100.0, 95.0), column(*months(0, 2)), "yes"), 0.28),
        (
            "CHURN_RATE",
            (column(10.0, 19.0), column(100.0, 95.0), column(*months(0, 2)), LeftOut()),
            "#VALUE!",
        ),
        ("CHURN_RATE", (column(4.0, 6.0), column(100.0, 100.0), MARCH, LeftOut()), 0.05),
    ],
)
def test_dates_by_hand(
    builtin_excel: Excel, function: str, arguments: tuple[Any, ...], value: float | str
) -> None:
    found = builtin_excel.call(function, *arguments)
    assert found == (pytest.approx(value) if isinstance(value, float) else value)


def test_the_argument_is_called_dates_and_only_settings_come_after_it(builtin_excel: Excel) -> None:
    from excel_addin import functions

    with_dates = [metric for metric in CATALOG.metrics.values() if CATALOG.takes_dates(metric)]
    assert {"mrr", "arpa", "arr", "nrr", "grr", "churn_rate", "logo_churn", "win_rate_all"} <= {
        metric.key for metric in with_dates
    }
    for metric in with_dates:
        for suffix in ("", "_FLAG", "_N"):
            names = list(getattr(functions, metric.udf + suffix).__signature__.parameters)
            assert set(names[names.index(DATES_ARGUMENT) + 1 :]) <= set(CATALOG.choices)
