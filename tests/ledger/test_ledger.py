"""The ledger against a day-by-day one, on random rows: movements, slices, retention, cohorts."""

from __future__ import annotations

import datetime as dt
import random
from fractions import Fraction

import pytest

from metricsheet.engines.ledger import fast, retention
from metricsheet.engines.ledger.movements import GAINS, LOSSES, sliced_totals, totals
from metricsheet.engines.ledger.retention import by_period, cohorts, of_events, pooled
from metricsheet.engines.ledger.rows import Subscription, monthly_value
from metricsheet.engines.ledger.spans import Ledger
from metricsheet.engines.ledger.steps import KINDS, NAMES
from metricsheet.records import replace
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


@pytest.mark.parametrize("seed", seeds(10_000, 100))
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
    found = totals(moves)
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
    assert {(ledger.customers[c], n): NAMES[kind] for c, n, kind, *_ in moves if kind} == kinds

    slices = {name: one.totals for name, one in sliced_totals(ledger, moves, ends).items()}
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
    span = ledger.moves([first, last])
    kept = by_period(span, totals(span), draw.choice([3, 1000]))[1]
    amounts = map(money, (kept.start, kept.end, kept.kept))
    assert (kept.customers, kept.stayed, *amounts) == slow.retention(first, last)

    tables = cohorts(moves, ends, [*map(str, range(len(ends)))])
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
    (one,) = cohorts(ledger.moves(ends), ends, ["web"], [0, 0, 0])
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
        "moves": list(moves),
        "totals": [repr(one) for one in totals(moves)],
        "retention": [repr(one) for one in by_period(moves, totals(moves), 1000)],
        "cohorts": cohorts(moves, ends, "abc", ["abc".index(c[-1]) for c in ledger.customers]),
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


def two_periods(count):
    """Customers who stay, grow, shrink, leave, come, and come back between the second and third end."""
    draw = random.Random(1)
    rows = []
    for number in range(count):
        who, before, after = str(number), draw.choice([0, 10, 20, 50]), draw.choice([0, 10, 10, 20, 50])
        if not before and draw.random() < 0.5:
            rows.append(Subscription(number, who, FIRST, FIRST + 20, Fraction(10), "AB"[number % 2]))
        if before:
            rows.append(Subscription(number, who, FIRST, FIRST + 40, Fraction(before), "AB"[number % 2]))
        if after:
            slice_ = "AB"[number % 7 == 0 or number % 2]
            rows.append(Subscription(number, who, FIRST + 40, None, Fraction(after), slice_))
    return rows, [FIRST + 10, FIRST + 30, FIRST + 70]


RATES = ("net", "gross", "net_with_back", "quick")


@pytest.mark.parametrize("long", [10**9, 0])
def test_intervals_of_many_customers_are_near_those_of_resampling(long, monkeypatch):
    np = pytest.importorskip("numpy")
    rows, ends = two_periods(390)
    moves = Ledger(rows).moves(ends)
    few = by_period(moves, totals(moves), 390)[2]
    monkeypatch.setattr(fast, "LONG", long)
    moves = Ledger(rows).moves(ends)
    many = by_period(moves, totals(moves), 1000)[2]
    assert (many.customers, many.stayed, many.start, many.end, many.kept) == (
        *(few.customers, few.stayed, few.start, few.end, few.kept),
    )
    pairs = {customer: (before, after) for customer, period, _, before, after, _ in moves if period == 2}
    levels = {c: after for c, period, _, _, after, _ in moves if period < 2 for after in [after]}
    pairs = {**{c: (level, level) for c, level in levels.items() if level}, **pairs}
    before, after = np.array(list(pairs.values()), float).T
    known = np.array([c in levels for c in pairs])
    weights = np.random.default_rng(1).multinomial(len(pairs), [1 / len(pairs)] * len(pairs), 4000)
    up, down = np.clip(after - before, 0, None), np.clip(before - after, 0, None)
    above = {
        "net": after * (before > 0),
        "gross": np.minimum(before, after),
        "net_with_back": after * ((before > 0) | known),
        "quick": up,
    }
    for rate in RATES:
        below = down if rate == "quick" else before
        expected = np.percentile((weights @ above[rate]) / (weights @ below), [2.5, 97.5])
        assert getattr(many, rate) == pytest.approx(expected, rel=0.05, abs=0.02)
        assert getattr(few, rate) == pytest.approx(expected, rel=0.1, abs=0.03)


def test_intervals_of_slices_are_those_of_their_movements(monkeypatch):
    monkeypatch.setattr(retention, "_MOST", 0)
    rows, ends = two_periods(390)
    ledger = Ledger([replace(row, slice="") for row in rows])
    moves = ledger.moves(ends)
    whole = by_period(moves, totals(moves), 1000)
    (only,) = sliced_totals(ledger, moves, ends).values()
    for one, other in zip(of_events(only.events), whole, strict=True):
        assert (one.customers, one.stayed, one.start, one.end, one.kept) == (
            *(other.customers, other.stayed, other.start, other.end, other.kept),
        )
        for rate in RATES:
            assert getattr(one, rate) == (getattr(other, rate) and pytest.approx(getattr(other, rate)))
    ledger = Ledger(rows)
    moves = ledger.moves(ends)
    for one in sliced_totals(ledger, moves, ends).values():
        for found, kept in zip(one.totals, of_events(one.events), strict=True):
            losses = found.amounts["contraction"] + found.amounts["churn"]
            assert (kept.start, kept.customers) == (found.start, found.customers_at_start)
            assert (kept.end, kept.kept) == (
                found.start + found.amounts["expansion"] - losses,
                found.start - losses,
            )
