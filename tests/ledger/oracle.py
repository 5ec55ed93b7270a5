"""A slow ledger: every customer, every day, with fractions. It shares no code with the product."""

from __future__ import annotations

import calendar
import datetime as dt
from fractions import Fraction

EPOCH = dt.date(1899, 12, 30)
KINDS = ("new", "reactivation", "expansion", "contraction", "churn")


def serial(day: dt.date) -> int:
    return (day - EPOCH).days


def period_ends(first: int, last: int, length: str) -> list[int]:
    """The last days of all months, quarters or years from the one of ``first`` to the one of ``last``."""
    months = {"month": 1, "quarter": 3, "year": 12}[length]
    begin, end = EPOCH + dt.timedelta(first), EPOCH + dt.timedelta(last)
    number = (begin.year * 12 + begin.month - 1) // months * months
    found = []
    while number <= end.year * 12 + end.month - 1:
        year, month = divmod(number + months - 1, 12)
        found.append(serial(dt.date(year, month + 1, calendar.monthrange(year, month + 1)[1])))
        number += months
    return found


class Days:
    """What each customer pays on each day, ``rows`` being (customer, start, end or None, mrr, slice)."""

    def __init__(self, rows, gap, last):
        rows = [r for r in rows if r[3] > 0 and (r[2] is None or r[2] > r[1])]
        self.first = min((r[1] for r in rows), default=last)
        self.last = last
        self.customers = list(dict.fromkeys(r[0] for r in rows))
        own = {c: [r for r in rows if r[0] == c] for c in self.customers}
        self.paid = {
            c: [self._raw(own[c], c, day) for day in range(self.first, last + gap + 2)]
            for c in self.customers
        }
        for days in self.paid.values():
            for day, now in enumerate(days):
                if now or not day or not days[day - 1]:
                    continue
                back = next((n for n in range(1, gap + 1) if day + n < len(days) and days[day + n]), None)
                for missed in range(day, day + back) if back else ():
                    days[missed] = days[day - 1]

    @staticmethod
    def _raw(rows, customer, day):
        found = {}
        for c, start, end, mrr, slice_ in rows:
            if c == customer and start <= day and (end is None or day < end):
                found[slice_] = found.get(slice_, Fraction(0)) + mrr
        return found

    def sliced(self, customer, day):
        return self.paid[customer][day - self.first] if day >= self.first else {}

    def at(self, customer, day):
        return sum(self.sliced(customer, day).values(), Fraction(0))

    def first_day(self, customer):
        days = (self.first + n for n, now in enumerate(self.paid[customer]) if now)
        return next(days, self.last + 1)

    def movements(self, ends):
        """(period, kind) -> [amount, customers], with ``came``; the starts and ends; the kind by customer."""
        found, kinds = {}, {}
        for c in self.customers:
            ever = False
            for n, day in enumerate(ends):
                before = self.at(c, ends[n - 1]) if n else Fraction(0)
                after = self.at(c, day)
                if not before and after:
                    kind = "reactivation" if ever else "new"
                elif before and not after:
                    kind = "churn"
                elif after > before:
                    kind = "expansion"
                elif after < before:
                    kind = "contraction"
                else:
                    kind = None
                    low = ends[n - 1] + 1 if n else self.first
                    inside = [now for d in range(low, day + 1) if (now := self.at(c, d))]
                    if not after and inside:
                        one = found.setdefault((n, "came"), [Fraction(0), 0])
                        one[0] += inside[0]
                        one[1] += 1
                if kind:
                    one = found.setdefault((n, kind), [Fraction(0), 0])
                    one[0] += abs(after - before)
                    one[1] += 1
                    kinds[c, n] = kind
                ever = ever or after > 0
        return found, kinds

    def slices(self, ends):
        """(slice, period, what) -> amount: starts, ends, movements and transfers of each slice."""
        found = {}
        _, kinds = self.movements(ends)
        for c in self.customers:
            for n, day in enumerate(ends):
                before = self.sliced(c, ends[n - 1]) if n else {}
                after = self.sliced(c, day)
                change = {s: after.get(s, 0) - before.get(s, 0) for s in {*before, *after}}
                gain = sum(x for x in change.values() if x > 0)
                loss = -sum(x for x in change.values() if x < 0)
                for s, x in change.items():
                    for what, much in (("start", before.get(s, 0)), ("end", after.get(s, 0))):
                        found[s, n, what] = found.get((s, n, what), 0) + much
                    if not x:
                        continue
                    own = gain if x > 0 else loss
                    moved = Fraction(abs(x)) * min(gain, loss) / own
                    what = "in" if x > 0 else "out"
                    found[s, n, what] = found.get((s, n, what), 0) + moved
                    if gain != loss and (x > 0) == (gain > loss):
                        key = s, n, kinds[c, n]
                        found[key] = found.get(key, 0) + Fraction(abs(x)) * abs(gain - loss) / own
        return found

    def retention(self, first, last):
        """(customers, stayed, start, end, kept) of those who paid on the day ``first``."""
        base = [c for c in self.customers if self.at(c, first)]
        pairs = [(self.at(c, first), self.at(c, last)) for c in base]
        return (
            len(base),
            sum(1 for _, b in pairs if b),
            sum(a for a, _ in pairs),
            sum(b for _, b in pairs),
            sum(min(p) for p in pairs),
        )

    def cohorts(self, ends):
        """Period number -> (size, base, [(customers, amount, kept) by age])."""
        found = {}
        for c in self.customers:
            begun = next((n for n, day in enumerate(ends) if self.first_day(c) <= day), None)
            if begun is None:
                continue
            size, base, ages = found.get(begun, (0, Fraction(0), [(0, 0, 0)] * (len(ends) - begun)))
            own = self.at(c, self.first_day(c))
            now = [self.at(c, day) for day in ends[begun:]]
            ages = [(p + (x > 0), a + x, k + min(x, own)) for (p, a, k), x in zip(ages, now, strict=True)]
            found[begun] = (size + 1, base + own, ages)
        return found
