"""Ledgers worked out by hand: the product and the day-by-day ledger give what stands in ``cases.txt``."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest

from metricsheet.engines.ledger.movements import sliced_totals, totals
from metricsheet.engines.ledger.retention import by_period, cohorts, pooled
from metricsheet.engines.ledger.rows import Subscription
from metricsheet.engines.ledger.spans import Ledger
from metricsheet.engines.ledger.steps import KINDS
from tests.ledger.oracle import Days, period_ends, serial

LINES = [
    [part.strip() for part in line.split("|")]
    for line in Path(__file__).with_name("cases.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]
LAST = serial(dt.date(2024, 12, 31))


def day(text):
    return serial(dt.date.fromisoformat(text if len(text) > 5 else f"2024-{text}")) if text else None


def rows_of(text):
    found = []
    for row in text.split(","):
        who, amount, days = row.split()
        customer, _, slice_ = who.partition("/")
        found.append((customer, *map(day, days.split("..")), Fraction(amount), slice_))
    return [(customer, start, end, amount, slice_) for customer, start, end, amount, slice_ in found]


def label(end, length):
    date = dt.date(1899, 12, 30) + dt.timedelta(end)
    if length == "year":
        return str(date.year)
    short = f"Q{(date.month + 2) // 3}" if length == "quarter" else f"{date.month:02d}"
    return short if date.year == 2024 else f"{date.year}-{short}"


def movements_of(text, sliced):
    found = {}
    for part in text.split(";"):
        words = part.split()
        if (words[0] == "slice") == sliced:
            *where, what, amount = words
            if what == "1":
                found[*where] = [Fraction(amount), 1]
            else:
                found[*where, what] = Fraction(amount)
    return found


@pytest.mark.parametrize("case", LINES, ids=[case[0] for case in LINES])
def test_by_hand(case):
    _, options, rows, expected = case
    words = options.split()
    gap = int(words[words.index("gap") + 1]) if "gap" in words else 1
    length = next((word for word in words if word in ("quarter", "year")), "month")
    given, free = rows_of(rows), "free" in words
    slow = Days(given, gap, LAST)
    ends = period_ends(slow.first, LAST, length)
    names = [label(end, length) for end in ends]
    ledger = Ledger([Subscription(n, *row) for n, row in enumerate(given)], gap, free_stays=free)
    wanted = movements_of(expected, sliced=False)

    found = totals(ledger.moves(ends))
    got = {}
    for name, one in zip(names, found, strict=True):
        got |= {(name, kind): Fraction(one.amounts[kind], ledger.unit) for kind in KINDS if one.amounts[kind]}
        if one.came_and_went:
            got[name, "came"] = [Fraction(one.came_amount, ledger.unit), one.came_and_went]
    assert got == wanted
    if not free:
        told = slow.movements(ends)[0]
        assert {(names[n], k): v if k == "came" else v[0] for (n, k), v in told.items()} == wanted

    wanted = movements_of(expected, sliced=True)
    if wanted:
        got = {}
        for name, several in sliced_totals(ledger, ledger.moves(ends), ends).items():
            for period, one in zip(names, several.totals, strict=True):
                parts = {**one.amounts, "in": one.transferred_in, "out": one.transferred_out}
                got |= {("slice", name, period, k): Fraction(v, ledger.unit) for k, v in parts.items() if v}
        assert got == wanted
        told = {("slice", s, names[n], what): v for (s, n, what), v in slow.slices(ends).items() if v}
        assert {key: v for key, v in told.items() if key[3] not in ("start", "end")} == wanted


def test_worked_example_7_in_full():
    rows = rows_of(next(case[2] for case in LINES if case[0].startswith("worked 7")))
    ledger = Ledger([Subscription(n, *row) for n, row in enumerate(rows)])
    ends = period_ends(day("01-10"), day("03-31"), "month")
    found = totals(ledger.moves(ends))
    assert [(one.start, one.end) for one in found] == [(0, 150), (150, 230), (230, 220)]
    spans = (ledger.moves([ends[n], ends[2]]) for n in (0, 1))
    quarter, month = (by_period(span, totals(span), 4)[1] for span in spans)
    assert (quarter.start, quarter.end, quarter.kept, quarter.customers, quarter.stayed) == (
        150,
        100,
        100,
        2,
        1,
    )
    assert (month.start, month.end, month.kept, month.customers, month.stayed) == (230, 220, 180, 3, 2)
    january, february = cohorts(ledger.moves(ends), ends, ["01", "02", "03"])
    assert (january.size, january.base, february.size, february.base) == (2, 150, 2, 120)
    assert [(age.customers, age.amount) for age in january.ages] == [(2, 150), (2, 150), (1, 100)]
    assert [(age.customers, age.amount) for age in february.ages] == [(1, 80), (1, 120)]
    assert (pooled([january, february])[1].customers, pooled([january, february])[1].size) == (3, 4)
