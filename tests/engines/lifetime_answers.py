"""Asks lifelines and lifetimes for the answers that the tests of lifetime compare with, and writes them anew.

Both hold pandas back and are installed in an environment of their own:

    python -m venv /tmp/oracles && /tmp/oracles/bin/pip install lifelines==0.30.3 lifetimes==0.11.3
    /tmp/oracles/bin/python -m tests.engines.lifetime_answers
"""

from __future__ import annotations

import csv
import math
import warnings
from collections.abc import Iterable

import pandas as pd
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time
from lifetimes import BetaGeoFitter, GammaGammaFitter

from tests.engines.lifetime_samples import ORACLES, PURCHASES, SURVIVAL, customers, horizon, spells


def survival() -> Iterable[dict[str, object]]:
    """Yield the sums of curve and limits over all steps, the median, and the mean within a horizon."""
    for seed in range(SURVIVAL):
        time, ended = zip(*spells(seed), strict=True)
        fitted = KaplanMeierFitter().fit(time, ended)
        limits = fitted.confidence_interval_survival_function_
        curve = fitted.survival_function_.iloc[:, 0]
        median = fitted.median_survival_time_
        yield {
            "seed": seed,
            "survival": _short(curve.sum()),
            "low": _short(limits.iloc[:, 0].sum()),
            "high": _short(limits.iloc[:, 1].sum()),
            "median": "" if math.isinf(median) else int(median),
            "within_horizon": _short(restricted_mean_survival_time(fitted, t=horizon(seed))),
        }


def purchases() -> Iterable[dict[str, object]]:
    """Yield the parameters of both models and what they expect of the first customers together."""
    for seed in range(PURCHASES):
        rows = pd.DataFrame(customers(seed), columns=["frequency", "recency", "age", "value"])
        model = BetaGeoFitter(penalizer_coef=0.0).fit(rows.frequency, rows.recency, rows.age)
        again = rows[rows.frequency > 0]
        worth = GammaGammaFitter(penalizer_coef=0.0).fit(again.frequency, again.value)
        few = rows.head(50)
        expected = model.conditional_expected_number_of_purchases_up_to_time(
            26, few.frequency, few.recency, few.age
        )
        alive = model.conditional_probability_alive(few.frequency, few.recency, few.age)
        value = worth.customer_lifetime_value(
            *(model, few.frequency, few.recency, few.age, few.value), time=6, discount_rate=0.01, freq="W"
        )
        yield {
            "seed": seed,
            **{name: _short(model.params_[name]) for name in ("r", "alpha", "a", "b")},
            **{name: _short(worth.params_[name]) for name in ("p", "q", "v")},
            "expected": _short(expected.sum()),
            "new": _short(model.expected_number_of_purchases_up_to_time(26)),
            "alive": _short(alive.sum()),
            "value_discounted": _short(value.sum()),
        }


def _short(number: float) -> str:
    return f"{number:.10g}"


def _write(name: str, rows: Iterable[dict[str, object]]) -> None:
    every = list(rows)
    with (ORACLES / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(every[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(every)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    ORACLES.mkdir(exist_ok=True)
    _write("survival", survival())
    _write("purchases", purchases())
