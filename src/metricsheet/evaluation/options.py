"""What a person asks of one evaluation, apart from the data and the definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from metricsheet.reading.settings import ReadSettings
from metricsheet.records import field, record

PeriodLength = Literal["month", "quarter", "year"]
PERIOD_LENGTHS: tuple[PeriodLength, ...] = ("month", "quarter", "year")

MOST_SLICES = 10_000
"""This many slices are made without asking."""

FX = "fx."
"""What a setting begins with that gives the fixed rate of a currency: ``fx.EUR=1.08``."""

ALSO = ("lifetime",)
"""What can be computed beside the metrics: the forecast of what customers will bring."""


@record
class RunOptions:
    """How to slice, filter and read.

    ``by`` are headers or input keys; ``since`` and ``until`` are the first and last day counted, as serial
    numbers; ``where`` are conditions over headers in the formula language, all of which a row must meet;
    ``partial`` compares and judges periods that are not over yet; ``cohort`` groups the cohorts of a ledger,
    a length of period or a header; ``settings`` are facts about the company,
    ``constants`` inputs with one value for all rows; ``only`` limits the metrics. ``reading`` is how texts
    and answers are read; a dataset that was bound brings its own. More than ``slices`` of one table are not
    made. ``also`` is what is computed beside the metrics (``ALSO``).
    """

    by: tuple[str, ...] = ()
    period: PeriodLength | None = None
    where: tuple[str, ...] = ()
    since: float | None = None
    until: float | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    partial: bool = False
    cohort: str = ""
    language: str = "en"
    reading: ReadSettings = ReadSettings()
    slices: float = MOST_SLICES
    also: tuple[str, ...] = ()
