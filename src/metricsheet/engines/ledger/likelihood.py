"""Parameters of largest likelihood, or the reason why there are none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from math import exp
from typing import Any

from metricsheet.language.message import Message
from metricsheet.records import record

FEWEST_CUSTOMERS = 30
"""No model is fitted to fewer customers."""

_FURTHEST = 7.0
"""Parameters are sought between e^−7 and e^7: a best fit out there is that of a simpler model."""
_STEEP = 1e-3
"""A likelihood per customer that still climbs more than this has no top here."""


@record
class Foretold:
    """How a model that saw two thirds of the time foretold the last one: what it ``expected``, what ``came``.

    ``at_past_rate`` is what would have come if all had gone on as before: the guess that it must beat.
    """

    customers: int
    months: float
    expected: float
    came: int
    at_past_rate: float


def unfit(customers: int) -> Message | None:
    """Return why no model can be fitted to this many ``customers``, ``None`` where one can."""
    if customers < FEWEST_CUSTOMERS:
        return Message("too_few_customers", count=customers, fewest=FEWEST_CUSTOMERS)
    return Message("model_needs_scipy") if find_spec("scipy") is None else None


def largest(names: Sequence[str], negative: Callable[[Any], float]) -> tuple[float, ...] | Message:
    """Return the positive parameters at which ``negative`` is least, in the order of ``names``.

    ``negative`` takes an array of them and returns minus the log likelihood per customer. Returns the reason
    where the search does not settle or a parameter runs off to the border.
    """
    import numpy as np
    from scipy.optimize import minimize

    with np.errstate(all="ignore"):
        found = minimize(
            lambda logs: negative(np.exp(logs)),
            np.zeros(len(names)),
            jac="3-point",
            method="SLSQP",
            bounds=[(-_FURTHEST, _FURTHEST)] * len(names),
            options={"ftol": 1e-13, "maxiter": 500},
        )
    for name, log in zip(names, found.x, strict=True):
        if abs(log) > 0.9 * _FURTHEST:
            return Message("model_on_border", parameter=name)
    if not np.isfinite(found.fun) or not np.abs(found.jac).max() < _STEEP:
        return Message("model_does_not_settle")
    return tuple(map(exp, found.x))
