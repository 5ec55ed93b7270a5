"""95 % intervals: adjusted Wald for a Net Promoter Score, Wilson for a proportion."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959963984540054
"""The two-sided 95 % point of the normal distribution."""


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
    """Return the Wilson score interval of ``hits / trials``; ``None`` unless ``0 <= hits <= trials > 0``."""
    if trials <= 0 or not 0 <= hits <= trials:
        return None
    share, zz = hits / trials, Z95 * Z95
    centre = share + zz / (2 * trials)
    margin = Z95 * sqrt(share * (1 - share) / trials + zz / (4 * trials * trials))
    low, high = (centre - margin) / (1 + zz / trials), (centre + margin) / (1 + zz / trials)
    # rounding may leave a bound a hair on the wrong side of the share it must enclose
    return max(0.0, min(low, share)), min(1.0, max(high, share))
