"""Made samples for the models of lifetime: the same here and where the oracles answer them.

Nothing of ours is imported here, as the oracles have an environment of their own.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

ORACLES = Path(__file__).parent / "lifetime_oracles"
SURVIVAL, PURCHASES, MONTHS = 1000, 12, 24


def spells(seed: int) -> list[tuple[int, bool]]:
    """Return (time, ended) of some contracts, with ties, few rows and none that ended among the samples."""
    draw = random.Random(seed)
    longest, share = draw.choice([4, 30, 400]), draw.choice([0.0, 0.2, 0.5, 0.9, 1.0])
    return [
        (draw.randint(1, longest), draw.random() < share) for _ in range(draw.choice([1, 2, 5, 20, 60, 200]))
    ]


def horizon(seed: int) -> float:
    """Return a time within the longest spell of a sample."""
    return max(time for time, _ in spells(seed)) * (0.3, 0.75, 1.0)[seed % 3]


def customers(seed: int) -> list[tuple[int, float, float, float]]:
    """Return frequency, recency, age and mean value of customers drawn from the models themselves."""
    draw = random.Random(seed)
    r, alpha = draw.uniform(0.4, 2), draw.uniform(3, 12)
    a, b = draw.uniform(0.6, 1.4), draw.uniform(1.5, 4)
    p, q, v = draw.uniform(3, 7), draw.uniform(3, 6), draw.uniform(15, 60)
    found = []
    for _ in range(1200):
        rate, leaves = draw.gammavariate(r, 1 / alpha), draw.betavariate(a, b)
        age, now, bought = draw.uniform(20, 52), 0.0, 0
        last = 0.0
        while draw.random() >= leaves if bought else True:
            now += draw.expovariate(rate)
            if now > age:
                break
            bought, last = bought + 1, now
        scale = draw.gammavariate(q, 1 / v)
        value = draw.gammavariate(p * bought, 1 / (scale * bought)) if bought else 0.0
        found.append((bought, round(last, 4), round(age, 4), round(value, 4)))
    return found


def oracle(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of answers."""
    with (ORACLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
