"""Intervals against figures computed elsewhere, and against their own defining equations."""

from __future__ import annotations

from math import isclose, sqrt
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.evaluation.intervals import (
    Z95,
    Difference,
    Terms,
    difference_of,
    holm,
    mean_interval,
    merged,
    nps_interval,
    robust_scale,
    student_point,
    tail,
    value_of,
    wilson_interval,
)
from metricsheet.formula.aggregates import moments_of

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


def test_a_mean_by_student() -> None:
    # answers 2, 4, 6, 8: mean 5, standard deviation 2.581989, Student's point for 3 degrees 3.182446
    found = mean_interval(4, 5.0, 20.0)
    assert found == pytest.approx((5 - 3.182446305 * 2.581988897 / 2, 5 + 3.182446305 * 2.581988897 / 2))
    assert mean_interval(1, 5.0, 0.0) is None


# degrees of freedom and two-sided 95 % point, as printed tables have them
STUDENT = [(1, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980)]


@pytest.mark.parametrize(("df", "point"), STUDENT)
def test_students_points(df: int, point: float) -> None:
    assert student_point(df) == pytest.approx(point, abs=5e-4)
    assert tail(point, df) == pytest.approx(0.05, abs=5e-5)


def share(hits: float, trials: float) -> Terms:
    return Terms("proportion", (hits, trials))


def test_two_proportions_by_adjusted_wald() -> None:
    # Agresti and Caffo 2000: 7 of 10 against 4 of 10 is 8/12 - 5/12, with the separate standard error
    found = difference_of(share(7, 10), share(4, 10))
    assert found is not None
    separate = sqrt((8 / 12 * 4 / 12 + 5 / 12 * 7 / 12) / 12)
    pooled = sqrt(13 / 24 * 11 / 24 * 2 / 12)
    margin = Z95 * max(separate, pooled)
    assert (found.low, found.high) == pytest.approx((0.25 - margin, 0.25 + margin))
    assert found.p == pytest.approx(2 * (1 - NormalDist().cdf(0.25 / max(separate, pooled))))


def test_two_scores_from_the_terms_of_their_intervals() -> None:
    a, b = Terms("nps", (40.0, 20.0, 100.0), 100.0), Terms("nps", (25.0, 30.0, 80.0), 100.0)
    found = difference_of(a, b)
    assert found is not None
    # the margins of the two intervals, joined as those of independent samples are
    margins = [(high - low) / 2 for low, high in (one.interval or (0, 0) for one in (a, b))]
    assert (found.high - found.low) / 2 >= sqrt(sum(margin**2 for margin in margins)) - 1e-9
    assert (found.low + found.high) / 2 == pytest.approx(100 * (20 / 103 - -5 / 83))
    assert (found.p < 0.05) == (not found.low <= 0 <= found.high)


@given(
    st.lists(st.integers(0, 10), min_size=2, max_size=30),
    st.lists(st.integers(0, 10), min_size=2, max_size=30),
)
def test_a_difference_changes_its_sign_with_the_sides(a: list[int], b: list[int]) -> None:
    one, other = (Terms("mean", moments_of([float(x) for x in side])) for side in (a, b))  # type: ignore[arg-type]
    found, back = difference_of(one, other), difference_of(other, one)
    assert found is not None
    assert back is not None
    assert (found.low, found.high, found.p) == pytest.approx((-back.high, -back.low, back.p), abs=1e-9)
    both = merged([one, other])
    assert value_of(both) == pytest.approx(sum(a + b) / len(a + b))


def test_what_cannot_be_compared() -> None:
    assert difference_of(share(3, 2), share(1, 2)) is None
    same = Terms("mean", (5.0, 4.0, 0.0))
    assert difference_of(same, same) == Difference(0.0, 0.0, 1.0)
    assert difference_of(Terms("mean", (5.0, 6.0, 0.0)), same) == Difference(2.0, 2.0, 0.0)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_rejects_what_the_step_down_procedure_does(p: list[float]) -> None:
    adjusted = holm(p)
    rejected = set()
    for rank, place in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        if p[place] * (len(p) - rank) >= 0.05:
            break
        rejected.add(place)
    assert {place for place, one in enumerate(adjusted) if one < 0.05} == rejected
    assert all(1 >= after >= before for before, after in zip(p, adjusted, strict=True))


def test_the_robust_scale_is_that_of_a_normal_distribution() -> None:
    middle = NormalDist(3, 2)
    drawn = [middle.inv_cdf((at + 0.5) / 1000) for at in range(1000)]
    assert robust_scale(drawn) == pytest.approx(2, rel=0.01)
    assert robust_scale([*drawn, 1e6, 1e6, 1e6]) == pytest.approx(2, rel=0.02)
    # more than half alike: the mean distance stands in
    assert robust_scale([0, 0, 0, 0, 4]) == pytest.approx(1.2533 * 4 / 5)


def test_tests_against_scipy() -> None:
    stats = pytest.importorskip("scipy.stats", reason="scipy is an oracle and not installed")
    for df in (1, 2.6, 7, 33.3, 400):
        for t in (0.0, 0.3, 1.96, 5.5, 40.0):
            assert tail(t, df) == pytest.approx(2 * stats.t.sf(t, df), rel=1e-9, abs=1e-15)
        assert student_point(df) == pytest.approx(stats.t.ppf(0.975, df), rel=1e-9)
    first, second = [5.0, 6, 7, 7, 3, 2, 6], [4.0, 3, 5, 5, 1, 2, 2, 4, 6]
    found = difference_of(Terms("mean", moments_of(first)), Terms("mean", moments_of(second)))  # type: ignore[arg-type]
    welch = stats.ttest_ind(first, second, equal_var=False)
    assert found is not None
    assert found.p == pytest.approx(welch.pvalue, rel=1e-9)
    low, high = welch.confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-9)
    scale = stats.median_abs_deviation([1, 2, 4, 4, 9, 11], scale="normal")
    assert robust_scale([1, 2, 4, 4, 9, 11]) == pytest.approx(scale, rel=1e-4)
