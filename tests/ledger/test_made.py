"""A made list as billing systems and five languages write it: each gives what the slow ledger does."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest

from metricsheet.api import evaluate
from tests.ledger.made import ACCOUNTS, LAST, ROWS, STYLES, oracle_rows, rows_of, written
from tests.ledger.oracle import KINDS, Days, period_ends
from tests.stages import STAGE, some

SIZE = (ACCOUNTS, ROWS) if STAGE == "deep" else (10, 60)
LENGTHS = ("month", "quarter", "year")


@cache
def expected(length):
    """By period number: the movements, retention, and the cohorts, of the day-by-day ledger."""
    slow = slowly()
    ends = period_ends(slow.first, LAST, length)
    kept = [slow.retention(before, end) for before, end in pairwise(ends)]
    return ends, slow.movements(ends)[0], kept, slow.cohorts(ends)


@cache
def slowly():
    return Days(oracle_rows(rows_of(*SIZE)), 1, LAST)


def check(card, length):
    ends, movements, kept, cohorts = expected(length)
    (ledger,) = card.ledgers
    assert len(ledger.rows) == len(ends)
    got = {}
    for n, row in enumerate(ledger.rows):
        got |= {(n, kind): [row.amounts[kind], row.customers[kind]] for kind in KINDS if row.customers[kind]}
        if row.came_and_went:
            got[n, "came"] = [row.came_amount, row.came_and_went]
    assert got == {key: [pytest.approx(float(much)), many] for key, (much, many) in movements.items()}
    values = {(r.metric, r.period): r.value for r in card.results if not r.slice}
    for row, (count, stayed, start, end, least) in zip(ledger.rows[1:], kept, strict=True):
        if count:
            assert values["nrr", row.period] == pytest.approx(float(end / start))
            assert values["grr", row.period] == pytest.approx(float(least / start))
            assert values["retention_rate", row.period] == pytest.approx(stayed / count)
    told = sorted(ledger.cohorts[:-1], key=lambda one: one.name)
    assert len(told) == len(cohorts)
    for one, (_, (size, base, ages)) in zip(told, sorted(cohorts.items()), strict=True):
        assert (one.size, one.base) == (size, pytest.approx(float(base)))
        cells = [(a.customers, a.amount / one.unit, a.kept / one.unit) for a in one.ages]
        assert cells == [(p, pytest.approx(float(a)), pytest.approx(float(k))) for p, a, k in ages]


@pytest.mark.parametrize("style", some(STYLES, test=3))
def test_every_style_binds_and_answers_the_same(tmp_path, style):
    path = tmp_path / f"{style}.csv"
    path.write_text(written(rows_of(*SIZE), style), encoding="utf-8")
    for length in LENGTHS if style in ("stripe", "ja") else LENGTHS[:1]:
        check(evaluate(path, period=length, until="2024-12-31"), length)


def test_slices_equal_those_of_the_slow_ledger(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(written(rows_of(*SIZE), "en"), encoding="utf-8")
    (ledger,) = evaluate(path, period="quarter", until="2024-12-31", by="Region").ledgers
    ends, *_ = expected("quarter")
    slices = slowly().slices(ends)
    labels = [row.period for row in ledger.rows if not row.slice]
    for row in ledger.rows:
        if not row.slice:
            continue
        name, n = dict(row.slice)["Region"], labels.index(row.period)
        parts = {
            **row.amounts,
            "start": row.start,
            "end": row.end,
            "in": row.transferred_in,
            "out": row.transferred_out,
        }
        for what, much in parts.items():
            assert much == pytest.approx(float(slices.get((name, n, what), 0)))
