"""Tables for both engines, and what differs between a scorecard of the one and of the other."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from metricsheet import evaluate
from metricsheet.api import UnfitOptionsError, load_catalog
from metricsheet.evaluation.result import Result
from metricsheet.scorecard import Scorecard

CATALOG = load_catalog(Path(__file__).parents[2] / "metrics.yaml")
Columns = dict[str, list[Any]]
ASKS: tuple[dict[str, Any], ...] = (
    {},
    {"by": "Segment"},
    {"period": "month"},
    {"by": "Segment", "period": "month"},
)
DAY = dt.date(2025, 3, 1)


def card(source: Any, **asked: Any) -> Scorecard:
    """Return the scorecard of a source, also where an option fits nothing in it."""
    try:
        return evaluate(source, metrics=CATALOG, **asked)
    except UnfitOptionsError as unfit:
        return unfit.scorecard


def near(a: float | None, b: float | None) -> bool:
    """Return whether two figures are the same to nine digits."""
    return a == b or (a is not None and b is not None and abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1e-3))


def said(result: Result, name: str) -> dict[str, Any]:
    """Return everything that a result says beside its numbers."""
    texts = {
        "why": result.why,
        "inputs": result.inputs,
        "remarks": [str(one) for one in result.remarks],
        "trend": result.trend.direction if result.trend is not None else None,
        "coverage": result.coverage,
        "claim": result.claim,
    }
    plain = (
        result.status,
        result.n,
        result.n_unit,
        result.periods,
        result.error,
        result.currency,
        result.covers,
    )
    return {"plain": plain, **{key: str(value).replace(name, "SOURCE") for key, value in texts.items()}}


def differences(a: Scorecard, name_a: str, b: Scorecard, name_b: str) -> list[str]:
    """Return what two scorecards of the same data under two names do not have in common."""
    found = []
    ones = {(r.metric, tuple(r.slice.items()), r.period): r for r in a.results}
    others = {(r.metric, tuple(r.slice.items()), r.period): r for r in b.results}
    for key in sorted({*ones, *others}, key=str):
        one, other = ones.get(key), others.get(key)
        if one is None or other is None:
            found.append(f"{key}: only in {'the first' if other is None else 'the second'}")
            continue
        if not near(one.value, other.value):
            found.append(f"{key}: {one.value} {one.why} | {other.value} {other.why}")
        ends = [result.interval or (None, None) for result in (one, other)]
        if not all(map(near, *ends)):
            found.append(f"{key}: interval {ends}")
        sayings = said(one, name_a), said(other, name_b)
        found += [
            f"{key}: {what} {sayings[0][what]} | {sayings[1][what]}"
            for what in sayings[0]
            if sayings[0][what] != sayings[1][what]
        ]
    told = [
        sorted(
            f"{p.code} {p.message} {p.hint or ''}".replace(name, "SOURCE") for p in (*c.problems, *c.notices)
        )
        for c, name in ((a, name_a), (b, name_b))
    ]
    found += [f"told only by the first: {one}" for one in told[0] if one not in told[1]]
    found += [f"told only by the second: {one}" for one in told[1] if one not in told[0]]
    return found


def days(rng: Random, rows: int, span: int = 150) -> list[dt.date]:
    """Return random days of some months."""
    return [DAY + dt.timedelta(days=rng.randrange(span)) for _ in range(rows)]


def random_table(rng: Random) -> Columns:
    """Return a table of random inputs: blanks, texts among numbers, odd types, empty groups."""
    rows = rng.choice((3, 12, 60, 250))
    table: Columns = {"Segment": [rng.choice(["EU", "US", "eu ", "APAC", None, "n/a"]) for _ in range(rows)]}
    way = rng.random()
    if way < 0.3:
        starts = [dt.date(2025 + month // 12, month % 12 + 1, 1) for month in range(18)]
        table["Month"] = [starts[row * 18 // rows] for row in range(rows)]
    elif way < 0.7:
        table["Date"] = [day if rng.random() < 0.95 else None for day in days(rng, rows)]
    elif way < 0.9:
        zone = dt.UTC if rng.random() < 0.5 else None
        table["Date"] = [
            dt.datetime(day.year, day.month, day.day, rng.randrange(24), 30, tzinfo=zone)
            for day in days(rng, rows)
        ]
    inputs = [one for one in CATALOG.inputs.values() if one.key not in ("date", "segment", "touchpoint")]
    for one in rng.sample(inputs, rng.randint(2, 8)):
        table[one.label["en"]] = _cells(rng, one.type, one.scale, one.unit, rows)
    if rng.random() < 0.1:
        table["Tags"] = [[1, 2] if rng.random() < 0.5 else None for _ in range(rows)]
    return table


def table_of_all_inputs(rng: Random) -> tuple[Columns, dict[str, str]]:
    """Return a table with a column for every input, without texts among numbers, and the mapping to them."""
    rows = 60
    table: Columns = {"Segment": [rng.choice(["EU", "US"]) for _ in range(rows)], "Date": days(rng, rows)}
    others = [one for one in CATALOG.inputs.values() if one.key not in ("date", "segment")]
    table |= {one.label["en"]: _cells(rng, one.type, one.scale, one.unit, rows, texts=0.0) for one in others}
    return table, {one.key: one.label["en"] for one in others}


def _cells(rng: Random, kind: str, scale: Any, unit: str | None, rows: int, texts: float = 0.12) -> list[Any]:
    blank = rng.choice((0.0, 0.1, 0.6))
    choices: list[Any]
    if kind == "text":
        choices = [f"c{number}" for number in range(rng.choice((3, rows)))] + ["n/a", "C1", " c2 "][
            : 3 if texts else 1
        ]
    elif kind == "date":
        choices = days(rng, 30, 400)
    elif kind == "flag":
        choices = rng.choice(([True, False], [1, 0], ["yes", "no", "?"][: 3 if texts else 2], [1.0, 0.0]))
    elif scale is not None:
        high = int(scale.high)
        choices = [*range(int(scale.low), high + 1)] if high > 1 else [0.1, 0.25, 0.8]
        choices += [high + 1] if rng.random() < 0.15 else []
    elif unit == "percent":
        choices = [0.1, 0.25, 0.5]
    else:
        choices = rng.choice(
            (
                [0, 1, 5, 120, 999],
                [0.0, 12.5, 0.1, 1e6, float("nan")],
                [Decimal("0.10"), Decimal("12.35"), Decimal("900.00")],
                [-5.0, 20.0, 30.0],
                [round(rng.uniform(1, 5000), 2) for _ in range(1200)],
            )
        )
    if kind != "date" and rng.random() < texts:
        choices = [str(choice) for choice in choices] + rng.choice(([], ["n/a"], ["x"], ["1.234,5"]))
    return [None if rng.random() < blank else rng.choice(choices) for _ in range(rows)]
