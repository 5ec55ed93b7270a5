"""How many random cases the tests try: some in ``make test``, all in ``make deep``, new ones when fuzzing.

``METRICSHEET_TESTS`` names the stage. ``test`` and ``deep`` try the same cases in every run; ``fuzz`` draws
new ones, from the seed in ``METRICSHEET_SEED``.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal import entropy
from hypothesis.internal.conjecture import providers

T = TypeVar("T")
Test = TypeVar("Test", bound=Callable[..., None])

STAGE = os.environ.get("METRICSHEET_TESTS", "test")
SEED = int(os.environ.get("METRICSHEET_SEED", "0"))
in_deep = pytest.mark.skipif(STAGE == "test", reason="takes seconds to get ready: run by make deep")
USUAL = {"test": 100, "deep": 1000, "fuzz": 100}


def cases(deep: int, test: int = USUAL["test"]) -> int:
    """Return how many cases a test tries: all ``deep`` ones, or at most ``test`` of them in ``make test``."""
    return deep if STAGE == "deep" else min(deep, test if STAGE == "test" else USUAL["fuzz"])


def few_cases(test: Test) -> Test:
    """Let hypothesis try few cases in ``make test``: one of them takes milliseconds."""
    return settings(max_examples=cases(USUAL["deep"], 30))(test)


def seeds(deep: int, test: int = USUAL["test"]) -> range:
    """Return the seeds that a test without hypothesis draws its cases from, as many as ``cases`` says."""
    first = SEED * 1_000_000
    return range(first, first + cases(deep, test))


def some(found: Iterable[T], test: int = USUAL["test"]) -> list[T]:
    """Return what a test tries of everything there is, in order: all, or ``test`` in ``make test``."""
    every = list(found)
    if STAGE != "test" or len(every) <= test:
        return every
    return [every[place] for place in sorted(random.Random(test).sample(range(len(every)), test))]


def choose_profile() -> None:
    """Let hypothesis try what the stage asks for: no clock decides, and nothing is kept between runs."""
    for stage, usual in USUAL.items():
        settings.register_profile(
            stage,
            max_examples=usual,
            derandomize=stage != "fuzz",
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        )
    settings.load_profile(STAGE)
    if STAGE != "fuzz":
        # hypothesis also draws numbers and texts that it finds in the code of the modules imported so far:
        # good for a search, but then the cases depend on which tests run, and change with the code
        providers.is_local_module_file = lambda path: False
    # nobody here draws from numpy's generator, and hypothesis sets it back around every case
    entropy.NP_RANDOM = entropy.NP_RANDOM or object()
