"""BG/NBD and Gamma-Gamma: the figures of their papers, as lifetimes answers, and what has no answer."""

from __future__ import annotations

import datetime as dt
import random
from functools import cache

import pytest

from metricsheet.engines.ledger.likelihood import Foretold
from metricsheet.engines.ledger.purchases import (
    NEW,
    BgNbd,
    Buyer,
    GammaGamma,
    Order,
    buyers,
    discounted,
    fit_bg_nbd,
    fit_gamma_gamma,
    foretold,
)
from metricsheet.language.message import Message
from metricsheet.values.dates import to_serial
from tests.engines.lifetime_samples import PURCHASES, customers, oracle
from tests.real_data import DATA, needs_data
from tests.stages import cases

pytest.importorskip("scipy", reason="scipy is the extra clv and not installed")


def day(text: str) -> int:
    return int(to_serial(dt.date.fromisoformat(text)))


@cache
def cdnow() -> list[Order]:
    lines = (DATA / "cdnow" / "CDNOW_sample.txt").read_text(encoding="ascii").splitlines()
    return [
        Order(customer, day(date), float(amount)) for customer, _, date, _, amount in map(str.split, lines)
    ]


CUT = day("1997-09-30")


@needs_data
def test_published_figures_of_cdnow() -> None:
    known = buyers(cdnow(), CUT)
    model = fit_bg_nbd(known)
    assert len(known) == 2357
    assert isinstance(model, BgNbd)
    assert (model.r, model.alpha) == (pytest.approx(0.2426, abs=5e-5), pytest.approx(4.4136, abs=5e-5))
    assert (model.a, model.b) == (pytest.approx(0.793, abs=5e-4), pytest.approx(2.426, abs=5e-4))
    assert model.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    assert model.expected([Buyer("", 2, 30.43, 38.86, 0, 0)], 39) == [pytest.approx(1.226, abs=5e-4)]
    worth = fit_gamma_gamma(known)
    assert isinstance(worth, GammaGamma)
    assert (worth.p, worth.q) == (pytest.approx(6.25, abs=5e-3), pytest.approx(3.74, abs=5e-3))
    assert worth.v == pytest.approx(15.45, abs=1e-2)


@needs_data
def test_forecast_of_cdnow() -> None:
    found = foretold(cdnow(), CUT, max(one.day for one in cdnow()))
    assert isinstance(found, Foretold)
    assert (found.customers, found.came) == (2357, 1882)
    assert found.months == pytest.approx(39 * 7 / 365.25 * 12)
    assert found.expected == pytest.approx(1650, abs=10)
    assert found.at_past_rate == pytest.approx(2930, abs=1)


def as_buyers(seed: int) -> list[Buyer]:
    return [Buyer("", x, recency, age, value, value) for x, recency, age, value in customers(seed)]


@pytest.mark.parametrize("row", oracle("purchases")[: cases(PURCHASES, 2)], ids=lambda row: row["seed"])
def test_as_lifetimes(row: dict[str, str]) -> None:
    known = as_buyers(int(row["seed"]))
    model, worth = fit_bg_nbd(known), fit_gamma_gamma(known)
    assert isinstance(model, BgNbd)
    assert isinstance(worth, GammaGamma)
    few = known[:50]
    ours = {name: getattr(model, name) for name in ("r", "alpha", "a", "b")}
    ours |= {name: getattr(worth, name) for name in ("p", "q", "v")}
    ours["expected"] = sum(model.expected(few, 26))
    ours["new"] = model.expected([NEW], 26)[0]
    ours["alive"] = sum(model.alive(few))
    assert ours == pytest.approx({name: float(row[name]) for name in ours}, rel=2e-2)
    loose = {name: float(row[name]) for name in ("expected", "new", "alive")}
    assert {name: ours[name] for name in loose} == pytest.approx(loose, rel=1e-3)
    # lifetimes takes a month for 4.345 weeks
    coming = discounted(model, few, 6, 0.01)
    value = sum(n * worth.expected(one) for n, one in zip(coming, few, strict=True))
    assert value == pytest.approx(float(row["value_discounted"]), rel=2e-3)


def test_rows_into_customers_by_hand() -> None:
    rows = [("b", 10, 5.0), ("a", 3, 20.0), ("a", 17, 4.0), ("a", 17, 6.0), ("a", 31, 0.0), ("c", 40, 9.0)]
    assert buyers([Order(*row) for row in rows], 38) == [
        Buyer("b", 0, 0, 4, 5.0, 0),
        # two orders of a day are one purchase, a free one is one too
        Buyer("a", 2, 4, 5, 20.0, 5.0),
    ]


def drawn(count: int, seed: int = 1, *, alike: bool = False) -> list[Buyer]:
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        age = draw.uniform(20, 40)
        x = draw.randint(0, 4)
        value = 10.0 * (x + 1) if alike else draw.uniform(5, 50)
        found.append(Buyer("", x, draw.uniform(1, age) if x else 0, age, value, value if x else 0))
    return found


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        (drawn(29), "too_few_customers"),
        ([Buyer("", 0, 0, 10 + n % 7, 5, 0) for n in range(80)], "nobody_bought_again"),
        # who bought again did so on the last day: nobody is seen to leave
        ([Buyer("", n % 4, 30 if n % 4 else 0, 30, 5, 5) for n in range(80)], "model_on_border"),
    ],
)
def test_no_model_of_purchases(known: list[Buyer], reason: str) -> None:
    found = fit_bg_nbd(known)
    assert isinstance(found, Message)
    assert found.key == reason


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ([Buyer("", n < 29, 1, 10, 5, 5 * (n < 29)) for n in range(200)], "of_those_who_bought_again"),
        (drawn(200, alike=True), "frequency_and_value_correlated"),
        # every purchase costs the same: there is no spread to model
        ([Buyer("", 1 + n % 3, 1, 10, 5, 5.0) for n in range(90)], "model_on_border"),
    ],
)
def test_no_model_of_value(known: list[Buyer], reason: str) -> None:
    found = fit_gamma_gamma(known)
    assert isinstance(found, Message)
    assert found.key == reason


@pytest.mark.parametrize("sign", [1, -1])
def test_correlation_either_way_is_refused(sign: int) -> None:
    draw = random.Random(3)
    known = []
    for _ in range(300):
        x = draw.randint(1, 9)
        known.append(Buyer("", x, 5, 20, 5, 50 + sign * 2 * x + draw.uniform(-8, 8)))
    found = fit_gamma_gamma(known)
    assert isinstance(found, Message)
    assert found.values["correlation"] * sign > 0.3  # type: ignore[operator]


def test_expected_purchases_against_simulation() -> None:
    """The closed form is what customers do who behave as the model says, also for a + b below 1."""
    for model in (BgNbd(0.5, 4, 0.3, 0.4, 0), BgNbd(2, 5, 1, 2, 0), BgNbd(1.2, 6, 2.5, 0.6, 0)):
        draw = random.Random(9)
        bought = 0
        for _ in range(8_000):
            rate, leaves = draw.gammavariate(model.r, 1 / model.alpha), draw.betavariate(model.a, model.b)
            now = draw.expovariate(rate)
            while now <= 30:
                bought += 1
                now = now + draw.expovariate(rate) if draw.random() >= leaves else 31
        assert model.expected([NEW], 30)[0] == pytest.approx(bought / 8_000, rel=0.06), model


def test_customers_who_buy_very_often_have_a_number() -> None:
    model = BgNbd(0.24, 4.4, 0.8, 2.4, 0)
    found = model.expected([Buyer("", 900, 100, 100, 5, 5), Buyer("", 900, 10, 100, 5, 5)], 50)
    assert found[0] == pytest.approx(900.24 / 104.4 * 50, rel=0.25)
    assert found[1] == pytest.approx(0, abs=1e-9)
