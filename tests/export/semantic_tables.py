"""Random tables of each kind, with blanks, and what an evaluation of them gives by group."""

from __future__ import annotations

import random
from typing import Any

import pandas as pd

from metricsheet.api import evaluate
from metricsheet.catalog.definitions import Catalog, InputDefinition
from metricsheet.catalog.shares import part_of_whole
from metricsheet.formula.ast import Name, walk

SEGMENTS = ("A", "B", "C")
Values = dict[tuple[str | None, str | None, str], float | None]
"""The value of each metric by segment and period."""


def random_table(catalog: Catalog, kind: str, seed: int, rows: int = 60) -> pd.DataFrame:
    """Return a table with all inputs of a kind as its columns, each under its key.

    Of even seeds, parts are smaller than their wholes, so that shares of them have values.
    """
    draw = random.Random(f"{kind} {seed}")
    found = catalog.tables[kind]
    blank = draw.choice((0.0, 0.1, 0.5))
    keys = [key for key in found.columns if key in catalog.inputs]
    columns: dict[str, list[Any]] = {}
    levels = levels_of(catalog)
    for key in keys:
        item = catalog.inputs[key]
        most = 40 if seed % 2 else 4 * 5 ** levels[key]
        cells = [_cell(draw, item, row, found.one, most) for row in range(rows)]
        kept = 0.0 if key in (found.one, "date", "segment") else blank
        columns[key] = [None if draw.random() < kept else cell for cell in cells]
    if "segment" not in columns:
        columns["segment"] = [draw.choice(SEGMENTS) for _ in range(rows)]
    frame = pd.DataFrame(columns)
    for key in keys:
        kind_of = catalog.inputs[key].type
        if kind_of == "flag":
            frame[key] = frame[key].astype("boolean")
        elif kind_of == "date":
            frame[key] = pd.to_datetime(frame[key]).astype("datetime64[us]")
        elif kind_of == "number":
            frame[key] = frame[key].astype("float64")
    return frame


def levels_of(catalog: Catalog) -> dict[str, int]:
    """Return by input how many parts of parts of it there are."""
    levels = dict.fromkeys(catalog.inputs, 0)
    shares = [part_of_whole(metric.plan, metric.possible) for metric in catalog.metrics.values()]
    pairs = [
        [{n.name for n in walk(side) if isinstance(n, Name)} for side in one[:2]] for one in shares if one
    ]
    for _ in range(6):
        for part, whole in pairs:
            for key in whole - part:
                levels[key] = max(levels[key], *(levels[name] + 1 for name in part))
    return levels


def _cell(draw: random.Random, item: InputDefinition, row: int, one: str, most: int) -> Any:
    if item.key == one:
        return f"id{row}"
    if item.key == "segment":
        return draw.choice(SEGMENTS)
    if item.type == "flag":
        return draw.random() < 0.4
    if item.type == "date":
        return pd.Timestamp("2024-01-01") + pd.Timedelta(days=draw.randrange(90))
    if item.type == "text":
        return f"T{draw.randrange(20)}"
    if item.scale is not None:
        low, high = item.scale.low, item.scale.high
        return float(draw.randint(int(low), int(high))) if item.scale.whole else draw.uniform(low, high)
    if item.unit == "percent":
        return draw.random()
    if item.unit == "money":
        return round(draw.uniform(1, 100 * most), 2)
    return float(draw.randint(0, most))


def core_values(catalog: Catalog, frame: pd.DataFrame, by: str | None, period: str | None) -> Values:
    """Return what an evaluation says of each metric by group."""
    mapping = {key: key for key in frame.columns if key in catalog.inputs}
    # few answers may look like those of another scale; a query takes the scale of the definitions
    scaled = {key: item.scale for key in mapping if (item := catalog.inputs[key]).scale and item.scale.whole}
    scales = {key: str(scale) for key, scale in scaled.items()}
    card = evaluate({"t": frame}, metrics=catalog, mapping=mapping, by=by or (), period=period, scales=scales)
    return {(r.slice.get(by) if by else None, r.period, r.metric): r.value for r in card.results}


FORMULAS = """
MAX(a)
MIN(a)
COUNT(a) / COUNT(b)
COUNTUNIQUE(t) / COUNT(f)
(COUNT(a) + COUNTA(t)) / COUNTUNIQUE(b)
SUM(a / z)
SUMPRODUCT(a, b)
MAXIFS(a, b, ">=9")
MINIFS(a, b, ">=9")
AVERAGEIFS(a, b, ">5", f, 1)
COUNTIFS(t, "T1*")
COUNTIFS(t, "<>")
COUNTIFS(t, "")
COUNTBLANK(a)
MEDIAN(a)
MEDIAN(IF(b > 5, a))
SUM(a) / COUNT(a) - AVERAGE(a)
SUM(IF(f, a, b))
SUM(IF(t = "t3", a))
SUM(a * (b > 3) * (z < 9))
AVERAGE(b)
STDEV(a)
PERCENTILE(a, 0.9)
a / b * 100%
-SUM(a) + 2.5
COUNTIF(a, ">10") / COUNTIF(a, ">=0")
SUM(ABS(a - b))
COUNTIFS(b, "<>5")
COUNTIFS(a, 5)
COUNTIFS(f, 0)
IF(COUNT(a) > 10, AVERAGE(a), NA())
SUMIFS(a, t, "<>T1")
COUNTIF(order, ">3") / COUNT(order) + SUM(order)
""".strip().splitlines()
_HEAD = """version: 1
inputs:
  a: {label: Alpha amount, type: number}
  b: {label: Beta answer, type: number, scale: 0..10, outside: exclude}
  z: {label: Zeta count, type: number, scale: 0..10}
  t: {label: Tau text, type: text}
  f: {label: Phi flag, type: flag}
  order: {label: Rank in a line, type: number, scale: 1..9}
  segment: {label: Segment, type: text}
  date: {label: Date, type: date}
tables:
  things:
    row: one thing
    needs: [a, b]
    columns: {a: [Alpha], b: [Beta], z: [Zeta], t: [Tau], f: [Phi], order: [Order], segment: [], date: [Date]}
metrics:
"""
_METRIC = """  metric_{place}:
    label: Metric {place}
    stage: convert
    kind: outcome
    unit: count
    better: higher
    formula: '{formula}'
"""
OWN = _HEAD + "".join(_METRIC.format(place=place, formula=formula) for place, formula in enumerate(FORMULAS))
"""Definitions of a kind of table and formulas over it, to try what the built-in ones do not use."""
