"""95 % intervals, and two-sample tests from the same counts.

An interval is adjusted Wald for a Net Promoter Score, Wilson for a proportion, Student's for a mean. A test
is adjusted Wald for scores and proportions, Welch's for means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import erfc, exp, inf, lgamma, log, sqrt
from typing import Literal

from metricsheet.formula.aggregates import Part, merge_moments
from metricsheet.formula.finish import Scope
from metricsheet.formula.plan import Primitive
from metricsheet.records import record, replace
from metricsheet.values import Cell

Z95 = 1.959963984540054
"""The two-sided 95 % point of the normal distribution."""


@record
class Terms:
    """The numbers behind an interval: those of ``method``, and the factor of the metric's unit.

    ``proportion``: hits, trials; ``nps``: promoters, detractors, answers; ``mean``: n, mean, M2 (the sum of
    squared distances from the mean).
    """

    method: Literal["nps", "proportion", "mean"]
    parts: tuple[float, ...]
    scale: float = 1.0

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval in the metric's unit, ``None`` where the parts cannot be counts."""
        bounds = _INTERVALS[self.method](*self.parts)
        return None if bounds is None else (bounds[0] * self.scale, bounds[1] * self.scale)


@record
class Difference:
    """``a - b`` of two samples: its 95 % interval in the metric's unit, and ``p``, two-sided."""

    low: float
    high: float
    p: float


def nps_interval(promoters: float, detractors: float, answers: float) -> tuple[float, float] | None:
    """Return the adjusted Wald interval of ``promoters - detractors`` as a share of ``answers``.

    Three answers are added, three quarters of one to each side (Rocks 2016, the best of six methods).
    The bounds lie in -1..1 and enclose the score. ``None`` when the counts cannot be counts of the answers.
    """
    if answers <= 0 or promoters < 0 or detractors < 0 or promoters + detractors > answers:
        return None
    n = answers + 3
    p, d = (promoters + 0.75) / n, (detractors + 0.75) / n
    margin = Z95 * sqrt(max(0.0, p + d - (p - d) ** 2) / n)
    # of very few answers that all say the same, the score itself would lie outside
    score = (promoters - detractors) / answers
    return max(-1.0, min(p - d - margin, score)), min(1.0, max(p - d + margin, score))


def wilson_interval(hits: float, trials: float) -> tuple[float, float] | None:
    """Return the Wilson score interval of ``hits / trials``; ``None`` unless ``0 <= hits <= trials >= 1``."""
    if trials < 1 or not 0 <= hits <= trials:
        return None
    share, zz = hits / trials, Z95 * Z95
    centre = share + zz / (2 * trials)
    margin = Z95 * sqrt(share * (1 - share) / trials + zz / (4 * trials * trials))
    low, high = (centre - margin) / (1 + zz / trials), (centre + margin) / (1 + zz / trials)
    # rounding may leave a bound a hair on the wrong side of the share it must enclose
    return max(0.0, min(low, share)), min(1.0, max(high, share))


def mean_interval(n: float, mean: float, squares: float) -> tuple[float, float] | None:
    """Return Student's interval of a mean; ``None`` for fewer than two numbers."""
    if n < 2:
        return None
    margin = student_point(n - 1) * sqrt(squares / (n - 1) / n)
    return mean - margin, mean + margin


_INTERVALS: dict[str, Callable[..., tuple[float, float] | None]] = {
    "nps": nps_interval,
    "proportion": wilson_interval,
    "mean": mean_interval,
}


def merged(terms: Sequence[Terms]) -> Terms:
    """Return the terms of several samples taken together, all of one metric."""
    first = terms[0]
    if first.method == "mean":
        return Terms("mean", merge_moments([one.parts for one in terms]), first.scale)
    parts = tuple(sum(column) for column in zip(*(one.parts for one in terms), strict=True))
    return Terms(first.method, parts, first.scale)


def value_of(terms: Terms) -> float:
    """Return the value of a metric from its terms."""
    if terms.method == "mean":
        return terms.parts[1] * terms.scale
    over = terms.parts[0] - (terms.parts[1] if terms.method == "nps" else 0.0)
    return over / terms.parts[-1] * terms.scale


def difference_of(a: Terms, b: Terms) -> Difference | None:
    """Return the two-sample test of ``a`` against ``b``, ``None`` where one of them has no interval.

    Scores and proportions get the pseudo-counts of their interval (Agresti and Caffo 2000: one hit and one
    miss for each share). The larger of the separate and the pooled standard error counts: near 0 % each
    alone rejects too often on one side. Means are compared by Welch's test.
    """
    if a.interval is None or b.interval is None:
        return None
    apart, error, df = (_of_means if a.method == "mean" else _of_shares)(a, b)
    if error == 0:
        p = 1.0 if apart == 0 else 0.0
        return Difference(apart * a.scale, apart * a.scale, p)
    point = Z95 if df == inf else student_point(df)
    p = tail(abs(apart) / error, df)
    return Difference((apart - point * error) * a.scale, (apart + point * error) * a.scale, p)


def _of_shares(a: Terms, b: Terms) -> tuple[float, float, float]:
    added = (0.75, 0.75, 3.0) if a.method == "nps" else (1.0, 2.0)
    first, second = (tuple(x + y for x, y in zip(one.parts, added, strict=True)) for one in (a, b))
    both = tuple(x + y for x, y in zip(first, second, strict=True))
    (p, v), (q, w), (_, pooled) = _share(first), _share(second), _share(both)
    n, m = first[-1], second[-1]
    return p - q, sqrt(max(v / n + w / m, pooled * (1 / n + 1 / m))), inf


def _share(parts: tuple[float, ...]) -> tuple[float, float]:
    """Return a share or net share, and the variance of one answer."""
    if len(parts) == 2:
        share = parts[0] / parts[1]
        return share, share * (1 - share)
    over, under = parts[0] / parts[2], parts[1] / parts[2]
    return over - under, max(0.0, over + under - (over - under) ** 2)


def _of_means(a: Terms, b: Terms) -> tuple[float, float, float]:
    (n, mean, squares), (m, other, spread) = a.parts, b.parts
    v, w = squares / (n - 1) / n, spread / (m - 1) / m
    below = v * v / (n - 1) + w * w / (m - 1)
    most = n + m - 2
    return mean - other, sqrt(v + w), min((v + w) * (v + w) / below, most) if 0 < below < inf else most


def holm(p: Sequence[float]) -> list[float]:
    """Return p-values adjusted by Holm's step-down procedure, in the order given."""
    found = [0.0] * len(p)
    worst = 0.0
    for rank, place in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        worst = max(worst, min(1.0, p[place] * (len(p) - rank)))
        found[place] = worst
    return found


def tail(t: float, df: float = inf) -> float:
    """Return how likely a distance of ``t`` or more either way is, by Student's distribution."""
    if df == inf:
        return erfc(t / sqrt(2))
    return _incomplete_beta(df / 2, 0.5, df / (df + t * t))


@lru_cache(maxsize=4096)
def student_point(df: float) -> float:
    """Return the two-sided 95 % point of Student's distribution with ``df`` degrees of freedom."""
    low, high = Z95, 1e3
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(middle, df) > 0.05 else (low, middle)
    return high


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function, by Lentz's continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(b, a, 1 - x)
    front = exp(a * log(x) + b * log(1 - x) - (lgamma(a) + lgamma(b) - lgamma(a + b))) / a
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, 300):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = 1 / (1 + even * d), 1 + even / c
        found *= d * c
        d, c = 1 / (1 + odd * d), 1 + odd / c
        found *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return front * found


MAD_EFFICIENCY = 0.37
"""The share of the observations that a median of distances is worth beside a standard deviation."""


def robust_scale(changes: Sequence[float]) -> float:
    """Return how far ``changes`` usually are from their middle: the scaled median of the distances.

    Where more than half are alike it is the scaled mean of the distances (Iglewicz and Hoaglin 1993).
    """
    from statistics import median  # takes long to import, and few runs get here

    middle = median(changes)
    apart = [abs(change - middle) for change in changes]
    return 1.4826 * median(apart) or 1.2533 * sum(apart) / len(apart)


def usual_change(changes: Sequence[float]) -> float:
    """Return how far from 0 the next change may be without being unlike the past ``changes``, at 5 %.

    A figure that always grows by the same has that as its usual change.
    """
    from statistics import median

    sizes = [abs(change) for change in changes]
    scale = 1.4826 * median(sizes) or 1.2533 * sum(sizes) / len(sizes)
    return student_point(MAD_EFFICIENCY * (len(changes) - 1)) * scale


class Moments:
    """Asks a scope for the cells that an average is of, and keeps their ``found`` moments."""

    def __init__(self, scope: Scope) -> None:
        self.name = scope.name
        self.ask = scope.primitive
        self.found: tuple[float, ...] = ()

    def primitive(self, primitive: Primitive, criteria: tuple[Cell, ...]) -> Part:
        """Return a primitive over the scope's cells."""
        moments = self.ask(replace(primitive, kind="moments"), criteria)
        self.found = moments if isinstance(moments, tuple) else (0.0, 0.0, 0.0)
        return self.ask(primitive, criteria)
