"""The shifted beta-geometric model: the figures of its paper, hand cases, and what has no answer."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from metricsheet.engines.ledger.contracts import (
    Contract,
    ShiftedBetaGeometric,
    fit_shifted_beta_geometric,
    losses_foretold,
    seen_in_days,
    seen_in_months,
)
from metricsheet.engines.ledger.survival import Spell
from metricsheet.language.message import Message
from metricsheet.values.dates import serial_of

pytest.importorskip("scipy", reason="scipy is the extra clv and not installed")


def day(text: str) -> int:
    found = serial_of(*map(int, text.split("-")))
    assert found is not None
    return found


def cohort(*running: int) -> list[Spell]:
    """Return the spells of a cohort of which so many ran after 0, 1, 2 … periods."""
    ended = [Spell(at + 1, True) for at, (a, b) in enumerate(pairwise(running)) for _ in range(a - b)]
    return [*ended, *[Spell(len(running) - 1, False)] * running[-1]]


@pytest.mark.parametrize(
    ("running", "alpha", "beta", "likelihood"),
    # Fader and Hardie, How to Project Customer Retention: the segments Regular and High End
    [
        ((1000, 631, 468, 382, 326, 289, 262, 241), 0.704, 1.182, -1680.3),
        ((1000, 869, 743, 653, 593, 551, 517, 491), 0.668, 3.806, -1611.2),
    ],
)
def test_figures_of_the_paper(running: tuple[int, ...], alpha: float, beta: float, likelihood: float) -> None:
    model = fit_shifted_beta_geometric(cohort(*running))
    assert isinstance(model, ShiftedBetaGeometric)
    assert (model.alpha, model.beta) == (pytest.approx(alpha, abs=5e-4), pytest.approx(beta, abs=5e-4))
    assert model.log_likelihood == pytest.approx(likelihood, abs=0.06)
    # the paper forecasts 12 years for both, and 18 and 40 % are what it draws there
    assert model.survival(0) == 1
    assert model.survival(1) == pytest.approx(model.beta / (model.alpha + model.beta))


@pytest.mark.parametrize(
    ("spells", "reason"),
    [
        (cohort(29, 15), Message("too_few_customers", count=29, fewest=30)),
        (cohort(40, 40, 40), Message("nobody_left")),
        # a steady 50 % in each period: all customers are alike, and no beta is that narrow
        (cohort(1024, 512, 256, 128, 64, 32, 16, 8), "model_on_border"),
        # all gone after the first period
        (cohort(100, 0), "model_on_border"),
    ],
)
def test_no_model(spells: list[Spell], reason: Message | str) -> None:
    found = fit_shifted_beta_geometric(spells)
    assert isinstance(found, Message)
    assert reason in (found, found.key)


@pytest.mark.parametrize(
    ("start", "end", "days", "months", "ended"),
    [
        ("2024-01-01", "2024-02-01", 31, 1, True),
        ("2024-01-01", "2024-02-02", 32, 2, True),
        ("2024-01-31", "2024-02-29", 29, 1, True),
        ("2024-01-01", "2024-06-30", 181, 6, True),  # the last day counted: the end of the data is that day
        ("2024-01-01", "2024-07-01", 182, 6, False),  # ends after what is known
        ("2024-01-01", None, 182, 6, False),
        ("2024-01-02", None, 181, 5, False),
        ("2024-06-30", None, 1, 0, False),
    ],
)
def test_how_long_a_contract_was_seen(
    start: str, end: str | None, days: int, months: int, ended: bool
) -> None:
    contracts = [Contract(day(start), day(end) if end else None), Contract(day("2024-07-01"), None)]
    assert seen_in_days(contracts, day("2024-06-30")) == [Spell(days, ended)]
    assert seen_in_months(contracts, day("2024-06-30")) == [Spell(months, ended)]


def test_losses_of_the_last_third_are_foretold() -> None:
    draw = random.Random(5)
    contracts = []
    for number in range(3000):
        leaves, start = draw.betavariate(0.8, 6), 1000 + number // 5
        months = next((n for n in range(1, 100) if draw.random() < leaves), 100)
        contracts.append(Contract(start, start + int(months * 30.4375)))
    found = losses_foretold(contracts, 1730, 2095)
    assert not isinstance(found, Message)
    assert found.customers == sum(one.start <= 1730 and (one.end or 0) > 1730 for one in contracts)
    assert found.came == sum(one.start <= 1730 < (one.end or 0) <= 2095 for one in contracts)
    assert found.expected == pytest.approx(found.came, rel=0.12)
    # those who stayed leave less often than all did before
    assert found.at_past_rate > 1.3 * found.came
    assert found.months == pytest.approx(12, abs=0.01)
