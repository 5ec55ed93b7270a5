"""How long contracts will last beyond what was seen: the shifted beta-geometric model.

A contract ends at the close of a period with a chance of its own, which follows a beta(alpha, beta) (Fader
and Hardie, How to Project Customer Retention, 2007). What it says beyond the data is an extrapolation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import exp, lgamma
from typing import Any

from metricsheet.engines.ledger.likelihood import Foretold, largest, unfit
from metricsheet.engines.ledger.survival import Spell
from metricsheet.language.message import Message
from metricsheet.records import record
from metricsheet.values.dates import whole_months

DAYS_OF_MONTH = 365.25 / 12


@record
class Contract:
    """A time under contract: the first day, and the first day without, ``None`` while it goes on."""

    start: int
    end: int | None


@record
class ShiftedBetaGeometric:
    """A fitted model: chances to leave in a period follow a beta(alpha, beta)."""

    alpha: float
    beta: float
    log_likelihood: float

    def survival(self, periods: float) -> float:
        """Return the share that lasts longer than this many periods."""
        a, b = self.alpha, self.beta
        return exp(lgamma(b + periods) - lgamma(b) + lgamma(a + b) - lgamma(a + b + periods))


def seen_in_days(contracts: Iterable[Contract], last: int) -> list[Spell]:
    """Return how many days each contract was seen up to the end of the day ``last``."""
    return [
        Spell(one.end - one.start, True)
        if one.end is not None and one.end <= last
        else Spell(last + 1 - one.start, False)
        for one in contracts
        if one.start <= last
    ]


def seen_in_months(contracts: Iterable[Contract], last: int) -> list[Spell]:
    """Return the same in months of the calendar: begun ones of a contract that ended, else whole ones."""
    return [
        Spell(whole_months(one.start, one.end - 1) + 1, True)
        if one.end is not None and one.end <= last
        else Spell(whole_months(one.start, last + 1), False)
        for one in contracts
        if one.start <= last
    ]


def fit_shifted_beta_geometric(spells: Sequence[Spell]) -> ShiftedBetaGeometric | Message:
    """Return the model of the largest likelihood over spells in whole periods, or why there is none.

    A contract that ended in its first period has the time 1; one still open was seen for whole periods.
    """
    if reason := unfit(len(spells)):
        return reason
    if not any(one.ended for one in spells):
        return Message("nobody_left")
    import numpy as np
    from scipy.special import betaln

    counted = Counter((one.time, one.ended) for one in spells)
    time, ended = np.array(list(counted), dtype=float).T
    number = np.array([*counted.values()], dtype=float)

    def negative(parameters: Any) -> float:
        alpha, beta = parameters
        likely = betaln(alpha + ended, beta + time - ended) - betaln(alpha, beta)
        return -float((number * likely).sum() / len(spells))

    found = largest(("alpha", "beta"), negative)
    if isinstance(found, Message):
        return found
    alpha, beta = found
    return ShiftedBetaGeometric(alpha, beta, -negative(found) * len(spells))


def losses_foretold(contracts: Sequence[Contract], cut: int, last: int) -> Foretold | Message:
    """Return how the model of what was seen up to the day ``cut`` foretells the losses until ``last``.

    Only contracts that were running at the cut count.
    """
    before = seen_in_months(contracts, cut)
    model = fit_shifted_beta_geometric(before)
    if isinstance(model, Message):
        return model
    running = [one for one in contracts if one.start <= cut and (one.end is None or one.end > cut)]
    months = (last - cut) / DAYS_OF_MONTH
    ages = [(cut + 1 - one.start) / DAYS_OF_MONTH for one in running]
    stays = 1 - sum(one.ended for one in before) / sum(one.time for one in before)
    return Foretold(
        len(running),
        months,
        sum(1 - model.survival(age + months) / model.survival(age) for age in ages),
        sum(one.end is not None and one.end <= last for one in running),
        len(running) * (1 - stays**months),
    )
