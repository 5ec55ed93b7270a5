"""The period's days against moments: whatever its hour, a moment is on one day, and so in one period."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.api import answer, evaluate, load_catalog
from tests.stages import few_cases

BUILT_IN = load_catalog(Path(__file__).parents[2])

# ways to ask how many left by the end of the period
WAYS = {
    "criterion": 'COUNTIFS(gone, "<=" & period_end, gone, ">=" & period_start)',
    "criterion, one condition": 'COUNTIF(gone, "<=" & period_end) - COUNTIF(gone, "<" & period_start)',
    "criterion with a day more": 'COUNTIFS(gone, "<" & period_end + 1, gone, ">" & period_start - 1)',
    "row by row": "SUMPRODUCT((gone <= period_end) * (gone >= period_start))",
    "row by row, turned round": "SUMPRODUCT((period_end >= gone) * (period_start <= gone))",
    "selected amounts": 'SUMIFS(one, gone, "<=" & period_end, gone, ">=" & period_start)',
    "the newest alone": "IF(AND(MAX(gone) <= period_end, MIN(gone) >= period_start), COUNT(gone), 0)",
}
OWN = """\
version: 1
inputs:
  gone: {label: Gone, type: date}
  one: {label: One}
metrics:
""" + "".join(
    f"  way_{number}: {{label: W{number}, stage: expand, kind: outcome, unit: count, better: lower, "
    f"formula: '{formula}'}}\n"
    for number, formula in enumerate(WAYS.values())
)

JANUARY = (dt.date(2024, 1, 1), dt.date(2024, 1, 31))
# a moment, and whether it is in January 2024
MOMENTS = {
    dt.datetime(2023, 12, 31, 23, 59, 59): False,
    dt.datetime(2024, 1, 1, 0, 0): True,
    dt.datetime(2024, 1, 1, 0, 0, 1): True,
    dt.datetime(2024, 1, 31, 0, 0): True,
    dt.datetime(2024, 1, 31, 23, 30): True,
    dt.datetime(2024, 1, 31, 23, 59, 59): True,
    dt.datetime(2024, 2, 1, 0, 0): False,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_counts_as_its_day(way: str, moment: dt.datetime, tmp_path: Path) -> None:
    (tmp_path / "metrics.yaml").write_text(OWN, encoding="utf-8")
    catalog = load_catalog(tmp_path)
    key = f"way_{list(WAYS).index(way)}"
    columns = {"gone": [moment], "one": [1], "period_start": [JANUARY[0]], "period_end": [JANUARY[1]]}
    # as an Excel function, and from a table by period
    assert answer(catalog, key, columns).value == MOMENTS[moment]
    table = {"Gone": [moment], "One": [1]}
    card = evaluate(table, metrics=catalog, only=key, since="2024-01-01", until="2024-01-31")
    assert [r.value for r in card.results] == [MOMENTS[moment]]


def test_what_is_no_day_of_the_period_keeps_its_hours(tmp_path: Path) -> None:
    own = OWN.partition("metrics:")[0] + (
        "metrics:\n  late: {label: L, stage: expand, kind: outcome, unit: count, better: lower,"
        ' formula: \'COUNTIFS(gone, ">" & DATE(2024,1,31), gone, "<=" & period_end)\'}\n'
    )
    (tmp_path / "metrics.yaml").write_text(own, encoding="utf-8")
    noon = dt.datetime(2024, 1, 31, 12)
    columns = {"gone": [noon], "period_start": [JANUARY[0]], "period_end": [JANUARY[1]]}
    # after midnight, and on the last day: both conditions look at the same cell, each in its way
    assert answer(load_catalog(tmp_path), "late", columns).value == 1


seconds = st.integers(0, 120 * 24 * 3600 - 1)
lives = st.lists(st.tuples(seconds, st.none() | seconds), min_size=1, max_size=12)


@few_cases
@given(lives)
def test_churn_by_dates_counts_every_leaving_in_one_month(lived: list[tuple[int, int | None]]) -> None:
    first = dt.datetime(2023, 12, 1)
    starts = [first + dt.timedelta(seconds=start) for start, _ in lived]
    ends = [None if end is None else first + dt.timedelta(seconds=end) for _, end in lived]
    months = [(dt.date(2023, 12, 1), dt.date(2023, 12, 31)), JANUARY]
    months += [(dt.date(2024, 2, 1), dt.date(2024, 2, 29)), (dt.date(2024, 3, 1), dt.date(2024, 3, 31))]
    for low, high in months:
        there = [
            i for i, s in enumerate(starts) if s.date() < low and (ends[i] is None or ends[i].date() >= low)
        ]
        lost = [i for i in there if ends[i] is not None and ends[i].date() <= high]
        columns = {"start_date": starts, "end_date": ends, "period_start": [low], "period_end": [high]}
        found = answer(BUILT_IN, "churn_rate_dates", columns)
        # an end before the start is an oddity of the data: the formula takes it off the customers there
        odd = any(
            e is not None and e.date() < low and s.date() >= low for s, e in zip(starts, ends, strict=True)
        )
        if not odd and there and any(e is not None for e in ends):
            assert found.value == pytest.approx(len(lost) / len(there))
