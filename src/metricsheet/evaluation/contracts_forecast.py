"""Subscriptions into how long customers stay, and what that is worth: up to what the data have reached.

Beyond it the shifted beta-geometric model goes on where the survival that was seen ends.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from math import floor

from metricsheet.engines.ledger.contracts import (
    DAYS_OF_MONTH,
    Contract,
    ShiftedBetaGeometric,
    fit_shifted_beta_geometric,
    losses_foretold,
    seen_in_days,
    seen_in_months,
)
from metricsheet.engines.ledger.likelihood import FEWEST_CUSTOMERS
from metricsheet.engines.ledger.spans import Ledger, Span
from metricsheet.engines.ledger.survival import (
    Spell,
    Step,
    expected_time,
    kaplan_meier,
    median_time,
    reached,
    survival_at,
)
from metricsheet.evaluation.ledger import LedgerMaker
from metricsheet.evaluation.lifetime import (
    CustomerForecast,
    Lifetime,
    LifetimeFigure,
    Unit,
    parameters,
    remarks_on,
    too_short,
)
from metricsheet.evaluation.subscriptions import Refused, Subscriptions
from metricsheet.language.message import Message
from metricsheet.language.numbers import Figure, NumberFormat
from metricsheet.records import replace
from metricsheet.values.dates import from_serial, whole_months

_FIGURES: Mapping[str, Unit] = {
    "median": "months",
    "reached": "months",
    "expected_months": "months",
    "months_beyond": "months",
    "arpa": "money",
    "new_value": "money",
}


def contract_forecasts(maker: LedgerMaker, asked: Lifetime) -> tuple[Lifetime, ...]:
    """Return ``asked`` with the forecast of each currency of a table of subscriptions."""
    taken = maker.table.taken_for
    named = replace(asked, kind="contracts", where=taken.where if taken is not None else maker.table.name)
    try:
        rows, ledgers = maker.ledgers()
    except Refused as refused:
        return (replace(named, why=refused.message),)
    return tuple(_forecast(replace(named, currency=code), rows, ledger) for code, ledger in ledgers.items())


def _forecast(found: Lifetime, rows: Subscriptions, ledger: Ledger) -> Lifetime:
    """Return the forecast of a ledger with its figures: each has a value or says why not.

    A customer stays from its first paid day until it first pays nothing; what it pays when it comes back
    later does not count.
    """
    last = rows.newest
    begun = [(number, span) for number, span in enumerate(ledger.spans) if span.first_day <= last]
    spans = [span for _, span in begun]
    contracts = [Contract(span.first_day, _left_on(ledger, number, span)) for number, span in begun]
    spells = seen_in_days(contracts, last)
    steps = kaplan_meier(spells)
    lost = sum(one.ended for one in steps)
    first = min((one.start for one in contracts), default=last)
    covered = whole_months(first, last + 1)
    ends = {span.customer: one.end for span, one in zip(spans, contracts, strict=True) if one.end is not None}
    back = sum(any(ends.get(span.customer, last) < day <= last for day, _ in span.paid) for span in spans)
    remarks = [Message("came_back", count=back)] if back else []
    if rows.left_out:
        remarks.append(Message("contracts_left_out", count=len(rows.left_out)))
    counts = {"customers": len(contracts), "left": lost}
    counted = [LifetimeFigure(name, "count", count) for name, count in counts.items()]
    far = reached(steps) / DAYS_OF_MONTH
    months = found.months if found.stated else max(floor(far), 1)
    found = replace(
        found,
        months=months,
        customers=len(contracts),
        first_day=f"{from_serial(first):%Y-%m-%d}",
        last_day=f"{from_serial(last):%Y-%m-%d}",
    )
    why = too_short(covered) or _unfit(len(contracts), lost)
    if why is not None:
        lacking = [LifetimeFigure(name, unit, why=why) for name, unit in _FIGURES.items()]
        each = [
            CustomerForecast(span.customer, None, None, seen.time / 7, float(not seen.ended), why=why)
            for span, seen in zip(spans, spells, strict=True)
        ]
        return replace(found, figures=(*counted, *lacking), remarks=tuple(remarks), rows=tuple(each))
    model = fit_shifted_beta_geometric(seen_in_months(contracts, last))
    check = losses_foretold(contracts, first + 2 * (last - first) // 3, last)
    beyond = months > far
    paying = [amount for span in spans if (amount := span.at(last))]
    arpa = sum(map(ledger.money, paying)) / len(paying) if paying else None
    figures = _figures(found, steps, far, model, arpa)
    ahead = _Ahead(found, steps, far, model)
    customers, paid = [span.customer for span in spans], [ledger.money(span.at(last)) for span in spans]
    return replace(
        found,
        figures=(*counted, *figures),
        rows=tuple(ahead.forecast(*one) for one in zip(customers, spells, paid, strict=True)),
        models={} if isinstance(model, Message) else {"sBG": parameters(model)},
        check=check,
        remarks=(*remarks, *remarks_on(months if beyond else 0, floor(far), check)),
    )


def _left_on(ledger: Ledger, number: int, span: Span) -> int | None:
    """Return the first day without pay that is not on a free plan which keeps the customer."""
    return next((end for _, end in span.paid if end is not None and not ledger.is_free(number, end)), None)


def _unfit(customers: int, lost: int) -> Message | None:
    if customers < FEWEST_CUSTOMERS:
        return Message("too_few_customers", count=customers, fewest=FEWEST_CUSTOMERS)
    return None if lost else Message("nobody_left")


def _figures(
    found: Lifetime,
    steps: Sequence[Step],
    far: float,
    model: ShiftedBetaGeometric | Message,
    arpa: float | None,
) -> Iterator[LifetimeFigure]:
    """Yield the figures up to ``far`` months, and beyond those of the model."""
    share, monthly = 1.0 if found.margin is None else found.margin, (1 + found.rate) ** (1 / 12) - 1
    within = min(float(found.months), far)
    carried = [one for one in steps if one.time <= far * DAYS_OF_MONTH]
    median = median_time(carried)
    left = Figure(1 - carried[-1].survival, NumberFormat("percent"))
    none = Message("median_not_reached", share=left) if median is None else None
    yield LifetimeFigure("median", "months", None if median is None else median / DAYS_OF_MONTH, None, none)
    yield LifetimeFigure("reached", "months", far)
    plain = expected_time(steps, within * DAYS_OF_MONTH)
    low, high = plain.low / DAYS_OF_MONTH, plain.high / DAYS_OF_MONTH
    yield LifetimeFigure("expected_months", "months", plain.value / DAYS_OF_MONTH, (low, high))
    counted = expected_time(steps, within * DAYS_OF_MONTH, monthly, DAYS_OF_MONTH).value / DAYS_OF_MONTH
    why: Message | None = None
    if found.months > far:
        if isinstance(model, Message):
            why = model
            yield LifetimeFigure("months_beyond", "months", why=model)
        else:
            at = survival_at(steps, far * DAYS_OF_MONTH)
            yield LifetimeFigure("months_beyond", "months", _beyond(model, far, found.months, at, 0.0))
            counted += _beyond(model, far, found.months, at, monthly)
    nobody = Message("nobody_pays") if arpa is None else None
    yield LifetimeFigure("arpa", "money", arpa, None, nobody)
    why = why or nobody
    value = None if why is not None or arpa is None else counted * arpa * share
    yield LifetimeFigure("new_value", "money", value, None, why)


class _Ahead:
    """Works out what each customer brings within the months ahead, given that it stayed until now."""

    def __init__(
        self, found: Lifetime, steps: Sequence[Step], far: float, model: ShiftedBetaGeometric | Message
    ) -> None:
        self._found, self._far, self._model = found, far, model
        self._times, self._shares = [one.time for one in steps], [one.survival for one in steps]
        self._margin = 1.0 if found.margin is None else found.margin
        self._months: dict[float, float] = {}

    def forecast(self, customer: str, seen: Spell, now: float) -> CustomerForecast:
        """Return the forecast of a customer who pays ``now`` a month."""
        age, value, why = seen.time / DAYS_OF_MONTH, None, None
        if seen.ended and now:
            why = Message("came_back", count=1)
        elif seen.ended:
            value = 0.0
        elif age + self._found.months > self._far and isinstance(self._model, Message):
            why = self._model
        else:
            if seen.time not in self._months:
                self._months[seen.time] = self._ahead(seen.time)
            value = self._months[seen.time] * now * self._margin
            if age + self._found.months > self._far:
                reach = {"months": floor(age + self._found.months), "covered": floor(self._far)}
                why = Message("beyond_data", **reach)
        return CustomerForecast(customer, None, None, seen.time / 7, float(not seen.ended), None, value, why)

    def _ahead(self, age: float) -> float:
        """Return the months expected ahead after ``age`` days, each at the share that lasts to its middle."""
        monthly, now = (1 + self._found.rate) ** (1 / 12), self._survival(age)
        shares = [self._survival(age + (m + 0.5) * DAYS_OF_MONTH) for m in range(self._found.months)]
        return sum(share / now / monthly**month for month, share in enumerate(shares, 1)) if now else 0.0

    def _survival(self, days: float) -> float:
        """Return the share that lasts longer than some days: as seen, and beyond it as the model says."""
        far = self._far * DAYS_OF_MONTH
        share = self._shares[bisect_right(self._times, min(days, far)) - 1]
        if days <= far or isinstance(self._model, Message):
            return share
        return share * self._model.survival(days / DAYS_OF_MONTH) / self._model.survival(self._far)


def _beyond(model: ShiftedBetaGeometric, far: float, months: int, at: float, rate: float) -> float:
    """Return the months expected after ``far`` of a contract of which the share ``at`` has come so far.

    A month counts (1 + rate)^−m, as it does before.
    """
    found = 0.0
    for month in range(floor(far), months):
        lasts = model.survival(month) / model.survival(floor(far))
        found += at * lasts * (month + 1 - max(month, far)) * (1 + rate) ** -(month + 1)
    return found
