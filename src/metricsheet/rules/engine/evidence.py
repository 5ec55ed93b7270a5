"""What a test for chance found: the evidence behind a fact such as ``nps.run_is_real``."""

from __future__ import annotations

from typing import Literal

from metricsheet.records import record

Method = Literal["two_samples", "history", "zone"]
"""A test of two samples; the metric's own past changes; or, where these are too few, its fixed zone alone."""


@record
class Evidence:
    """Whether a difference is more than chance (``real``), and by which ``method``.

    ``against`` is what the value is compared with, ``low``/``high`` are the 95 % interval of the
    ``difference``, all in the metric's unit; ``p_value`` is adjusted for the ``comparisons`` that were made
    (Holm); interval and p are ``None`` under ``zone``. ``step_is_noise`` says that the last step alone is
    within the noise of one period, ``usual`` how far a figure moves from one period to the next without that
    being more than chance, where its past is long enough to tell. ``slices`` are all slices beside the rest,
    by name.
    """

    real: bool
    method: Method
    against: float
    difference: float
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    comparisons: int = 1
    step_is_noise: bool = False
    usual: float | None = None
    slices: tuple[tuple[str, Evidence], ...] = ()
