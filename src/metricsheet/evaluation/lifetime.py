"""What customers will bring: the record of a forecast, with all that it assumes, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from metricsheet.engines.ledger.likelihood import Foretold
from metricsheet.language.message import Message
from metricsheet.records import field, record

USUAL_MONTHS = 12
"""The horizon where nobody stated one."""
FEWEST_MONTHS = 2
"""No model is fitted to less time."""
_FAR_OFF = 0.25
"""A forecast that missed the last third of its own data by more than this, and by more than chance (two
standard deviations of a count), is not to be relied on."""

Unit = Literal["count", "money", "months", "percent"]


@record
class LifetimeFigure:
    """One figure in its unit, with its interval where there is one; ``why`` there is no value."""

    name: str
    unit: Unit
    value: float | None = None
    interval: tuple[float, float] | None = None
    why: Message | None = None


@record
class CustomerForecast:
    """What is expected of one customer; recency and age are weeks, what could not be told is ``None``.

    The age of a contract is how long it was paid for; it is ``alive`` (1) while it is. ``why`` there is no
    value, or what it rests on.
    """

    customer: str
    frequency: int | None
    recency: float | None
    age: float
    alive: float | None = None
    purchases: float | None = None
    value: float | None = None
    why: Message | None = None


@record
class Lifetime:
    """The forecast of one table, or ``why`` there is none.

    It looks ``months`` ahead (``stated`` by somebody or not) from the ``last_day``, of contracts from their
    start; it discounts money at ``rate`` a year, and takes a ``margin`` of it, all of it (revenue) where that
    is ``None``. ``models`` are those fitted with their parameters; ``check`` tells how well such a model
    foretold the last third of its own data. ``remarks`` are what a reader must know beside.
    """

    source: str
    kind: Literal["purchases", "contracts"] = "purchases"
    where: str = ""
    why: Message | None = None
    months: int = USUAL_MONTHS
    stated: bool = False
    rate: float = 0.0
    margin: float | None = None
    currency: str = ""
    customers: int = 0
    first_day: str = ""
    last_day: str = ""
    figures: tuple[LifetimeFigure, ...] = ()
    models: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    check: Foretold | Message | None = None
    remarks: tuple[Message, ...] = ()
    rows: tuple[CustomerForecast, ...] = ()

    def figure(self, name: str) -> LifetimeFigure | None:
        """Return the figure called ``name``."""
        return next((one for one in self.figures if one.name == name), None)


def remarks_on(months: float, covered: int, check: Foretold | Message) -> list[Message]:
    """Return what is to be told of a forecast over ``months`` that is based on ``covered`` ones."""
    found = []
    if months > covered:
        found.append(Message("beyond_data", months=int(months), covered=covered))
    if isinstance(check, Foretold):
        missed = abs(check.expected - check.came)
        if missed > _FAR_OFF * check.came and missed > 2 * check.expected**0.5:
            found.append(Message("foretold_badly"))
    return found


def too_short(covered: int) -> Message | None:
    """Return why this many whole months carry no model, ``None`` where they do."""
    return Message("too_short", count=covered, fewest=FEWEST_MONTHS) if covered < FEWEST_MONTHS else None


def parameters(model: object) -> dict[str, float]:
    """Return the parameters of a fitted model, which is a record of them."""
    return {name: float(getattr(model, name)) for name in type(model).__annotations__}
