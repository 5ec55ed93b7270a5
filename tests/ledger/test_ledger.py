"""The ledger against a day-by-day one, on random rows: movements, slices, retention, cohorts."""

from __future__ import annotations

import datetime as dt
import random
from fractions import Fraction

import pytest

from metricsheet.engines.ledger import fast
from metricsheet.engines.ledger.movements import GAINS, LOSSES, sliced_totals, totals
from metricsheet.engines.ledger.retention import by_period, cohorts, pooled
from metricsheet.engines.ledger.rows import Subscription, monthly_value
from metricsheet.engines.ledger.spans import Ledger
from metricsheet.engines.ledger.steps import KINDS
from tests.ledger.oracle import Days, period_ends, serial
from tests.stages import seeds

FIRST, LAST = serial(dt.date(2023, 11, 3)), serial(dt.date(2024, 7, 31))
AMOUNTS = [Fraction(0), Fraction(10), Fraction(20), Fraction(500, 3), Fraction(35), Fraction(7, 3)]


def random_rows(draw: random.Random) -> list[tuple]:
    """Overlaps, gaps of a few days, switches on one day, trials at 0, open ends, times of no length."""
    rows = []
    for customer in "abc"[: draw.randint(1, 3)]:
        day = FIRST + draw.randint(0, 150)
        for _ in range(draw.randint(1, 5)):
            end = None if draw.random() < 0.25 else day + draw.choice([0, 1, 12, 30, 45, 90])
            rows.append((customer, day, end, draw.choice(AMOUNTS), draw.choice("AB")))
            jump = draw.choice([-20, 0, 0, 1, 1, 2, 7, 8, 40])
            day = (day + draw.randint(1, 60) if end is None else end) + jump
    return rows


@pytest.mark.parametrize("seed", seeds(10_000, 200))
def test_random_ledgers_equal_the_day_by_day_one(seed):
    draw = random.Random(seed)
    rows, gap = random_rows(draw), draw.choice([0, 1, 7])
    length = draw.choice(["month", "month", "quarter", "year"])
    slow = Days(rows, gap, LAST)
    ends = period_ends(slow.first, LAST, length)
    ends = [end for end in ends if end <= LAST] or [LAST]
    ledger = Ledger([Subscription(n, *row) for n, row in enumerate(rows)], gap)

    def money(parts):
        return Fraction(parts, ledger.unit) if isinstance(parts, int) else parts / ledger.unit

    moves = ledger.moves(ends)
    found = totals(moves, len(ends))
    expected, kinds = slow.movements(ends)
    got = {}
    for n, one in enumerate(found):
        for kind in KINDS:
            got[n, kind] = [money(one.amounts[kind]), one.customers[kind]]
        got[n, "came"] = [money(one.came_amount), one.came_and_went]
        assert money(one.end) == sum(slow.at(c, ends[n]) for c in slow.customers)
        assert one.customers_at_end == sum(1 for c in slow.customers if slow.at(c, ends[n]))
        gain = sum(one.amounts[kind] for kind in GAINS) - sum(one.amounts[kind] for kind in LOSSES)
        assert one.start + gain == one.end
        assert one.start == (found[n - 1].end if n else 0)
    assert {key: value for key, value in got.items() if value != [0, 0]} == expected
    assert {(ledger.customers[c], n): KINDS[kind - 1] for c, n, kind, *_ in moves if kind} == kinds

    slices = sliced_totals(ledger, ends)
    told = {}
    for name, several in slices.items():
        for n, one in enumerate(several):
            parts = {"start": one.start, "end": one.end, "in": one.transferred_in, "out": one.transferred_out}
            told |= {(name, n, what): money(much) for what, much in {**parts, **one.amounts}.items() if much}
            gain = sum(one.amounts[kind] for kind in GAINS) - sum(one.amounts[kind] for kind in LOSSES)
            assert one.start + gain + one.transferred_in - one.transferred_out == one.end
    assert told == {key: much for key, much in slow.slices(ends).items() if much}
    for n, one in enumerate(found):
        assert sum(s[n].transferred_in - s[n].transferred_out for s in slices.values()) == 0
        for kind in KINDS:
            assert sum(s[n].amounts[kind] for s in slices.values()) == one.amounts[kind]

    first, last = sorted(draw.sample(range(slow.first, LAST + 1), 2)) if slow.first < LAST else (LAST, LAST)
    kept = by_period(ledger.moves([first, last]), 2, 3)[1]
    amounts = map(money, (kept.start, kept.end, kept.kept))
    assert (kept.customers, kept.stayed, *amounts) == slow.retention(first, last)

    tables = cohorts(
        ledger, moves, ends, lambda c: str(next(n for n, e in enumerate(ends) if ledger.first_days[c] <= e))
    )
    got = {
        int(one.name): (
            one.size,
            money(one.base),
            [(a.customers, money(a.amount), money(a.kept)) for a in one.ages],
        )
        for one in tables
    }
    assert got == slow.cohorts(ends)
    for age, one in enumerate(pooled(tables)):
        old = [c for c in slow.cohorts(ends).values() if len(c[2]) > age]
        assert (one.size, one.customers) == (sum(c[0] for c in old), sum(c[2][age][0] for c in old))
        assert money(one.base) == sum(c[1] for c in old)


def test_what_a_price_is_a_month():
    assert monthly_value(Fraction(2000), Fraction(12)) == Fraction(500, 3)
    assert monthly_value(Fraction(10), Fraction(12, 52), Fraction(3)) == 130
    assert monthly_value(Fraction(90), Fraction(3), discount=Fraction(1, 4)) == Fraction(45, 2)


def test_cohorts_by_something_else_pool_those_who_are_old_enough():
    ends = period_ends(FIRST, LAST, "month")
    rows = [
        Subscription(1, "a", FIRST, None, Fraction(10), "web"),
        Subscription(2, "b", LAST - 40, None, Fraction(20), "web"),
        Subscription(3, "c", LAST - 39, LAST - 38, Fraction(30), "web"),
    ]
    ledger = Ledger(rows)
    (one,) = cohorts(ledger, ledger.moves(ends), ends, lambda c: rows[c].slice)
    assert (one.size, one.base, [(a.size, a.customers) for a in one.ages[:3]]) == (
        3,
        60,
        [(3, 2), (3, 2), (1, 1)],
    )


def everything(rows, gap, ends):
    """All that a ledger gives, as plain values."""
    ledger = Ledger(rows, gap)
    moves = ledger.moves(ends)
    return {
        "steps": [list(column) for column in (ledger.flat.customers, ledger.flat.days, ledger.flat.levels)],
        "moves": list(moves),
        "totals": [repr(one) for one in totals(moves, len(ends))],
        "retention": [repr(one) for one in by_period(moves, len(ends), len(ledger.customers))],
        "cohorts": cohorts(ledger, moves, ends, lambda c: ledger.customers[c][-1]),
    }


@pytest.mark.parametrize("seed", seeds(1000, 40))
def test_numpy_gives_the_same(seed, monkeypatch):
    pytest.importorskip("numpy")
    draw = random.Random(seed)
    rows = [
        Subscription(n, f"{block}{customer}", start, end, mrr, slice_)
        for block in range(5)
        for n, (customer, start, end, mrr, slice_) in enumerate(random_rows(draw))
    ]
    gap, ends = draw.choice([0, 1, 7]), period_ends(FIRST, LAST, "month")
    plain = everything(rows, gap, ends)
    monkeypatch.setattr(fast, "LONG", 0)
    assert everything(rows, gap, ends) == plain


@pytest.mark.parametrize("long", [10**9, 0])
def test_intervals_of_many_customers_are_near_those_of_resampling(long, monkeypatch):
    draw = random.Random(1)
    pairs = [(draw.choice([10, 20, 50]), draw.choice([0, 10, 10, 20, 50])) for _ in range(390)]
    rows = []
    for number, (before, after) in enumerate(pairs):
        rows.append(Subscription(number, str(number), FIRST, FIRST + 40, Fraction(before)))
        if after:
            rows.append(Subscription(number, str(number), FIRST + 40, None, Fraction(after)))
    ends = [FIRST + 10, FIRST + 70]
    few = by_period(Ledger(rows).moves(ends), 2, 390)[1]
    monkeypatch.setattr(fast, "LONG", long)
    many = by_period(Ledger(rows).moves(ends), 2, 1000)[1]
    assert (many.customers, many.stayed, many.start, many.end, many.kept) == (
        *(few.customers, few.stayed, few.start, few.end, few.kept),
    )
    assert many.net == pytest.approx(few.net, abs=0.02)
    assert many.gross == pytest.approx(few.gross, abs=0.02)
