"""Values beside last year and their last periods; leaks are found in them, and seasons are no alarm."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.api import evaluate, load_catalog
from metricsheet.catalog.shares import adds_up
from metricsheet.evaluation.result import Past
from metricsheet.evaluation.trends import past_of
from metricsheet.report.scorecard import Scorecard
from metricsheet.report.style import TextStyle
from metricsheet.rules.language.facts import PAST_PARTS, Vocabulary
from tests.stages import some

ROOT = Path(__file__).parents[2]


def months(first: str, count: int) -> list[str]:
    year, month = map(int, first.split("-"))
    return [f"{year + n // 12}-{n % 12 + 1:02d}" for n in range(month - 1, month - 1 + count)]


def quarters(first: int, count: int) -> list[str]:
    return [f"{first + n // 4}-Q{n % 4 + 1}" for n in range(count)]


PERIODS = {
    "months": months("2022-11", 30),
    "quarters": quarters(2021, 16),
    "years": [str(year) for year in range(2010, 2026)],
}
A_YEAR = {"months": 12, "quarters": 4, "years": 1}


@given(
    st.sampled_from(sorted(PERIODS)),
    st.lists(st.none() | st.integers(-1000, 1000), min_size=1, max_size=16),
    st.booleans(),
)
def test_against_counting_by_hand(kind: str, numbers: list[int | None], flows: bool) -> None:
    labels = PERIODS[kind][: len(numbers)]
    values = dict(zip(labels, numbers, strict=True))
    for place, label in enumerate(labels):
        found = past_of(label, numbers[place], values, adds_up=flows)  # type: ignore[arg-type]
        now = numbers[place]
        before = numbers[place - A_YEAR[kind]] if place >= A_YEAR[kind] else None
        last = {n: numbers[place + 1 - n : place + 1] if place + 1 >= n else [None] for n in (3, 12)}
        sums = {n: None if None in held else sum(held) for n, held in last.items()}  # type: ignore[arg-type]
        if now is None or (before is None and sums[3] is None):
            assert found is None
            continue
        assert found is not None
        assert found.same_period_last_year == before
        assert found.change_on_year == (None if before is None else now - before)
        for n in (3, 12):
            total = sums[n]
            assert getattr(found, f"sum_{n}") == (total if flows else None)
            mean = getattr(found, f"mean_{n}")
            assert mean == (None if total is None else pytest.approx(float(Fraction(total, n))))


def test_sums_that_are_no_number_are_left_out() -> None:
    values = dict.fromkeys(months("2024-01", 3), 1.7e308)
    assert past_of("2024-03", 1.7e308, values, adds_up=True) is None


def test_the_parts_are_facts_and_columns() -> None:
    assert tuple(Past.__annotations__) == PAST_PARTS
    catalog = load_catalog(ROOT)
    names = set(Vocabulary(catalog, "slice").names())
    for key, metric in catalog.metrics.items():
        expected = {part for part in PAST_PARTS if adds_up(catalog, metric) or not part.startswith("sum")}
        assert {name for name in names if name.startswith(f"{key}.")} >= {f"{key}.{p}" for p in expected}
        assert (f"{key}.sum_3" in names) is adds_up(catalog, metric)


# whether the values of a metric may be added up over periods
ADD_UP = {
    "SUM(flow)": True,
    "flow": True,
    "COUNT(flow)": True,
    "COUNTA(word)": True,
    'COUNTIF(word, "won")': True,
    'SUMIFS(flow, word, "won")': True,
    "SUMPRODUCT(flow * flow)": True,
    "SUM(flow) - SUM(other)": True,
    "-SUM(flow) * 2": True,
    "2 * SUM(flow) / 3": True,
    "SUM(flow, other)": True,
    "adding + SUM(other)": True,
    "AVERAGE(flow)": False,
    "MAX(flow)": False,
    "COUNTUNIQUE(word)": False,
    "SUM(flow) / SUM(other)": False,
    "SUM(flow) + 1": False,
    "SUM(flow) * SUM(other)": False,
    "1 / SUM(flow)": False,
    "stock": False,
    "SUM(stock)": False,
    "mean_of_days": False,
    "SUM(flow) - stock": False,
    "average_flow": False,
    "ROUND(SUM(flow), 0)": False,
    "IF(SUM(flow) > 0, 1, 0)": False,
    'COUNTIF(day, "<=" & period_end)': False,
}


@pytest.mark.parametrize("formula", ADD_UP)
def test_what_adds_up(formula: str, tmp_path: Path) -> None:
    text = f"""\
version: 1
inputs:
  flow: {{label: Flow}}
  other: {{label: Other}}
  word: {{label: Word, type: text}}
  day: {{label: Day, type: date}}
  stock: {{label: Stock, over_time: last}}
  mean_of_days: {{label: Mean, over_time: mean}}
  average_flow: {{label: Average, additive: false}}
metrics:
  adding: {{label: Adding, stage: expand, kind: outcome, unit: count, better: higher, formula: SUM(flow)}}
  tried: {{label: Tried, stage: expand, kind: outcome, unit: count, better: higher, formula: '{formula}'}}
"""
    (tmp_path / "metrics.yaml").write_text(text, encoding="utf-8")
    catalog = load_catalog(tmp_path)
    assert adds_up(catalog, catalog.metrics["tried"]) is ADD_UP[formula]


# recurring revenue month by month -------------------------------------------------------------------------

LEVEL = [100_000.0] * 11
DECEMBER = [140_000.0]
LEAK = [100_000 * 0.991**month for month in range(25)]
# revenue by month, from January 2023: rules about it that fire in the newest month
RUNS: dict[str, tuple[list[float], set[str]]] = {
    "a leak of 0.9 % a month, half a year": (LEAK[:7], {"mrr_keeps_falling"}),
    "a leak, twelve months": (LEAK[:12], {"mrr_keeps_falling"}),
    "a leak, a year": (LEAK[:13], {"mrr_leaks"}),
    "a leak, two years": (LEAK, {"mrr_leaks"}),
    "a leak with one better month": ([*LEAK[:9], LEAK[8] * 1.01, *LEAK[9:20]], {"mrr_leaks"}),
    "level": (LEVEL * 2, set()),
    "growth": ([100_000 * 1.005**month for month in range(25)], set()),
    "a December, then January": ([*LEVEL, *DECEMBER, 101_000], set()),
    "a December of two years, then January": ([*LEVEL, *DECEMBER, *LEVEL, *DECEMBER, 100_000], set()),
    "the second December": ([*LEVEL, *DECEMBER, *LEVEL, *DECEMBER], set()),
    "a December, spring": ([*LEVEL, *DECEMBER, 100_500, 100_400, 100_600, 100_500], set()),
    "a year after a one-time December": ([*LEVEL, *DECEMBER, *LEVEL, 100_000], set()),
    "a year after a one-time season": ([*LEVEL[1:], 130_000, *DECEMBER, *LEVEL], set()),
    "a December without growth since": ([*LEVEL, *DECEMBER, 97_000], {"mrr_falling"}),
    "a fall": ([*LEVEL, 97_000], {"mrr_falling"}),
    "a jump": ([*LEVEL, 120_000], {"mrr_swings"}),
}


def recurring(values: list[float]) -> Scorecard:
    table: dict[str, list[Any]] = {
        "Month": months("2023-01", len(values)),
        "Active customers": [100] * len(values),
        "Average revenue ($)": [value / 100 for value in values],
    }
    return evaluate(table, metrics=ROOT, period="month", only="mrr")


@pytest.mark.parametrize("run", some(RUNS, test=6))
def test_a_leak_is_found_and_a_season_is_no_alarm(run: str) -> None:
    values, expected = RUNS[run]
    card = recurring(values)
    about = {f.rule for f in card.findings if f.outcome == "fired" and f.rule.startswith("mrr_")}
    assert about == expected
    newest = card.results[-1]
    assert newest.value == pytest.approx(values[-1])
    if len(values) > 12:
        assert newest.past is not None
        assert newest.past.change_on_year == pytest.approx(values[-1] - values[-13])
        assert newest.past.mean_12 == pytest.approx(sum(values[-12:]) / 12)
        assert newest.past.sum_12 is None


def test_the_past_stands_beside_the_trend_in_every_report(tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    from metricsheet.report import render_text
    from metricsheet.report.data.csv import render_csv
    from metricsheet.report.data.json import as_json
    from metricsheet.report.xlsx.workbook import render_xlsx

    card, catalog = recurring(LEAK[:13]), load_catalog(ROOT)
    wide = render_text(card, catalog, TextStyle(width=160, show=("all",)))
    assert all(heading in wide for heading in ("Trend", "On year", "Last 12"))
    # where the columns do not fit, the line below says the same
    narrow = " ".join(render_text(card, catalog, TextStyle(width=80, show=("all",))).split())
    for text in (" ".join(wide.split()), narrow):
        assert "-$10,281" in text
        assert "mean $94,339" in text
    newest = as_json(card)["results"][-1]
    assert {part: newest[part] for part in PAST_PARTS} == {
        "same_period_last_year": pytest.approx(100_000),
        "change_on_year": pytest.approx(LEAK[12] - 100_000),
        "sum_3": None,
        "mean_3": pytest.approx(sum(LEAK[10:13]) / 3),
        "sum_12": None,
        "mean_12": pytest.approx(sum(LEAK[1:13]) / 12),
    }
    assert ",".join(PAST_PARTS) in render_csv(card).splitlines()[0]
    (tmp_path / "card.xlsx").write_bytes(render_xlsx(card, catalog))
    rows = CalamineWorkbook.from_path(str(tmp_path / "card.xlsx")).get_sheet_by_name("Scorecard").to_python()
    head = next(row for row in rows if "On year" in row)
    values = dict(zip(head, next(row for row in rows if newest["label"] in row), strict=True))
    assert values["On year"] == pytest.approx(LEAK[12] - 100_000)
    assert values["Last 12"] == pytest.approx(sum(LEAK[1:13]) / 12)
