"""Intervals against figures computed elsewhere, and against their own defining equations."""

from __future__ import annotations

from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.evaluation.intervals import Z95, nps_interval, wilson_interval

# promoters, detractors, answers, low, high (points): three survey channels and their pool
NPS = [
    (819, 456, 1952, 15.0817358182, 22.0538140539),
    (377, 642, 1801, -18.0934472219, -11.2857102061),
    (1000, 494, 2290, 18.8874546624, 25.2468671867),
    (2196, 1592, 6043, 8.0104395802, 11.9697125866),
]


@pytest.mark.parametrize(("promoters", "detractors", "answers", "low", "high"), NPS)
def test_nps_interval(promoters: int, detractors: int, answers: int, low: float, high: float) -> None:
    found = nps_interval(promoters, detractors, answers)
    assert found is not None
    assert found[0] * 100 == pytest.approx(low, abs=1e-9)
    assert found[1] * 100 == pytest.approx(high, abs=1e-9)


# hits, trials, low, high: Newcombe 1998, Statistics in Medicine 17, table I (method 3), printed to 4 places
WILSON = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


@pytest.mark.parametrize(("hits", "trials", "low", "high"), WILSON)
def test_wilson_interval(hits: int, trials: int, low: float, high: float) -> None:
    found = wilson_interval(hits, trials)
    assert found is not None
    assert found == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_wilson_bounds_solve_the_score_equation(hits: int, trials: int) -> None:
    hits = min(hits, trials)
    found = wilson_interval(hits, trials)
    assert found is not None
    share = hits / trials
    assert 0 <= found[0] <= share <= found[1] <= 1
    for bound in found:
        if 0 < bound < 1 and bound != share:
            distance = Z95 * sqrt(bound * (1 - bound) / trials)
            assert isclose(abs(share - bound), distance, rel_tol=1e-6, abs_tol=1e-9)


IMPOSSIBLE = [(5, 1, 0), (-1, 0, 10), (6, 5, 10), (0, -2, 10)]


@pytest.mark.parametrize(("promoters", "detractors", "answers"), IMPOSSIBLE)
def test_counts_that_are_no_counts_have_no_nps_interval(
    promoters: int, detractors: int, answers: int
) -> None:
    assert nps_interval(promoters, detractors, answers) is None


@pytest.mark.parametrize(("hits", "trials"), [(1, 0), (-1, 5), (6, 5), (0, -3)])
def test_counts_that_are_no_counts_have_no_share_interval(hits: int, trials: int) -> None:
    assert wilson_interval(hits, trials) is None


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_the_nps_interval_encloses_the_score(promoters: int, detractors: int, passives: int) -> None:
    answers = promoters + detractors + passives
    found = nps_interval(promoters, detractors, answers)
    if answers:
        assert found is not None
        assert -1 <= found[0] <= (promoters - detractors) / answers <= found[1] <= 1
        n = answers + 3
        p, d = (promoters + 0.75) / n, (detractors + 0.75) / n
        half = Z95 * sqrt((p + d - (p - d) ** 2) / n)
        if max(promoters, detractors) < answers:
            # only answers that all say the same pull a bound out to the score
            assert isclose(found[0], max(-1.0, p - d - half), abs_tol=1e-12)
            assert isclose(found[1], min(1.0, p - d + half), abs_tol=1e-12)
