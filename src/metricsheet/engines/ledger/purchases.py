"""Customers who buy without a contract: how often they will buy, and what it is worth.

A customer buys at a rate of its own until it leaves unseen (BG/NBD: Fader, Hardie and Lee, "Counting Your
Customers" the Easy Way, 2005); what a purchase is worth varies around a mean of its own (Gamma-Gamma: Fader
and Hardie, The Gamma-Gamma Model of Monetary Value, 2013). Times are weeks; a day with purchases is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from metricsheet.engines.ledger.likelihood import Foretold, largest, unfit
from metricsheet.language.message import Message
from metricsheet.records import record

WEEKS_OF_MONTH = 365.25 / 12 / 7
MOST_CORRELATED = 0.3
"""Beyond this correlation of how often and how much, the worth of a purchase does not stand by itself."""


@record
class Order:
    """What a customer paid on a day (a serial number), 0 for what was free; refunds are no orders."""

    customer: str
    day: int
    amount: float


@record
class Buyer:
    """A customer as the models see it: ``frequency`` are its days with a purchase after the first one.

    ``recency`` is the time from the first to the last of them, ``age`` from the first to the end of the data,
    in weeks. ``first`` is the amount of the first day, ``value`` the mean of the later ones, 0 without any.
    """

    customer: str
    frequency: int
    recency: float
    age: float
    first: float
    value: float


@record
class BgNbd:
    """A fitted BG/NBD model: rates of purchase follow a gamma(r, alpha), chances to leave a beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float

    def alive(self, customers: Sequence[Buyer]) -> list[float]:
        """Return the chance that each customer has not left; one that bought once cannot be told, and is 1.

        Raises ``ImportError`` without numpy, as ``expected`` does without scipy.
        """
        import numpy as np

        x, recency, age, _ = columns(customers)
        odds = np.log(self.a / (self.b + np.maximum(x, 1) - 1))
        odds += (self.r + x) * np.log((self.alpha + age) / (self.alpha + recency))
        return list(map(float, np.where(x > 0, 1 / (1 + np.exp(np.minimum(odds, 700))), 1.0)))

    def expected(self, customers: Sequence[Buyer], weeks: float) -> list[float]:
        """Return how often each customer is expected to buy in the next ``weeks``."""
        import numpy as np

        x, _, age, _ = columns(customers)
        return list(map(float, np.array(self.alive(customers)) * self._while_alive(x, age, weeks)))

    def _while_alive(self, x: Any, age: Any, weeks: float) -> Any:
        """Return the purchases expected of a customer that has not left.

        This is equation 10 of the paper after Euler's transformation of the hypergeometric function, which
        cannot overflow for customers that buy often.
        """
        from scipy.special import hyp2f1

        r, b = self.r, self.b
        a = self.a if abs(self.a - 1) > 1e-6 else 1 + 1e-6  # the formula has a hole there
        z = weeks / (self.alpha + age + weeks)
        stays = (1 - z) ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
        return (a + b + x - 1) / (a - 1) * (1 - stays)


@record
class GammaGamma:
    """A fitted Gamma-Gamma model of the mean amount of a purchase."""

    p: float
    q: float
    v: float

    @property
    def mean(self) -> float:
        """The mean amount of a purchase over all customers."""
        return self.p * self.v / (self.q - 1)

    def expected(self, one: Buyer) -> float:
        """Return the mean amount expected of a customer: between its own mean and that of all."""
        seen = one.frequency
        return self.p * (self.v + seen * one.value) / (self.p * seen + self.q - 1)


NEW = Buyer("", 0, 0.0, 0.0, 0.0, 0.0)
"""A customer on the day of its first purchase."""


def buyers(orders: Iterable[Order], end: int) -> list[Buyer]:
    """Return the customers of orders up to the day ``end``, in the order of their first row.

    Amounts of a day are added up.
    """
    days: dict[str, dict[int, float]] = {}
    for one in orders:
        if one.day <= end:
            own = days.setdefault(one.customer, {})
            own[one.day] = own.get(one.day, 0.0) + one.amount
    found = []
    for customer, own in days.items():
        bought = sorted(own)
        first, again = bought[0], len(bought) - 1
        mean = sum(own[day] for day in bought[1:]) / again if again else 0.0
        found.append(Buyer(customer, again, (bought[-1] - first) / 7, (end - first) / 7, own[first], mean))
    return found


def columns(customers: Sequence[Buyer]) -> Any:
    """Return frequency, recency, age and value of customers as arrays."""
    import numpy as np

    rows = [(one.frequency, one.recency, one.age, one.value) for one in customers]
    return np.array(rows, dtype=float).reshape(-1, 4).T


def fit_bg_nbd(customers: Sequence[Buyer]) -> BgNbd | Message:
    """Return the model of the largest likelihood, or why there is none."""
    if reason := unfit(len(customers)):
        return reason
    if not any(one.frequency for one in customers):
        return Message("nobody_bought_again")
    import numpy as np
    from scipy.special import betaln, gammaln

    x, recency, age, _ = columns(customers)

    def negative(parameters: Any) -> float:
        r, alpha, a, b = parameters
        left = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + recency)
        either = np.logaddexp(-(r + x) * np.log(alpha + age), np.where(x > 0, left, -np.inf))
        rates = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        return -float(np.mean(rates + betaln(a, b + x) - betaln(a, b) + either))

    found = largest(("r", "alpha", "a", "b"), negative)
    if isinstance(found, Message):
        return found
    r, alpha, a, b = found
    return BgNbd(r, alpha, a, b, -negative(found) * len(customers))


def fit_gamma_gamma(customers: Sequence[Buyer]) -> GammaGamma | Message:
    """Return the model of the largest likelihood over customers who bought again, or why there is none."""
    again = [one for one in customers if one.value > 0]
    if reason := unfit(len(again)):
        return Message("of_those_who_bought_again", reason=reason)
    import numpy as np
    from scipy.special import gammaln

    x, _, _, amounts = columns(again)
    spread = x.std() * amounts.std()
    together = float(((x - x.mean()) * (amounts - amounts.mean())).mean() / spread) if spread else 0.0
    if abs(together) > MOST_CORRELATED:
        return Message("frequency_and_value_correlated", correlation=together, most=MOST_CORRELATED)
    unit = amounts.mean()
    mean = amounts / unit

    def negative(parameters: Any) -> float:
        p, q, v = parameters
        total = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
        total += (p * x - 1) * np.log(mean) + p * x * np.log(x) - (p * x + q) * np.log(x * mean + v)
        return -float(np.mean(total))

    found = largest(("p", "q", "v"), negative)
    if isinstance(found, Message):
        return found
    p, q, v = found
    return GammaGamma(p, q, float(v * unit)) if q > 1 else Message("model_on_border", parameter="q")


def discounted(model: BgNbd, customers: Sequence[Buyer], months: int, rate: float) -> list[float]:
    """Return the purchases expected of each customer in ``months``, those of month m times (1 + rate)^−m."""
    if not rate:
        return model.expected(customers, months * WEEKS_OF_MONTH)
    before, found = [0.0] * len(customers), [0.0] * len(customers)
    for month in range(1, months + 1):
        until = model.expected(customers, month * WEEKS_OF_MONTH)
        found = [s + (u - b) * (1 + rate) ** -month for s, u, b in zip(found, until, before, strict=True)]
        before = until
    return found


def foretold(orders: Sequence[Order], cut: int, end: int) -> Foretold | Message:
    """Return how a model of the orders up to the day ``cut`` foretells those until ``end``, or why not.

    Only customers known at the cut count.
    """
    known = buyers(orders, cut)
    model = fit_bg_nbd(known)
    if isinstance(model, Message):
        return model
    weeks = (end - cut) / 7
    later = {one.customer: one.frequency for one in buyers(orders, end)}
    return Foretold(
        len(known),
        weeks / WEEKS_OF_MONTH,
        sum(model.expected(known, weeks)),
        sum(later[one.customer] - one.frequency for one in known),
        sum(one.frequency / one.age * weeks for one in known if one.age),
    )
