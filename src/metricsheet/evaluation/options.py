"""What a person asks of one evaluation, apart from the data and the definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from metricsheet.catalog.definitions import Scale
from metricsheet.reading.date_text import DateOrder
from metricsheet.reading.numerals_text import DecimalMark
from metricsheet.records import field, record

PeriodLength = Literal["month", "quarter", "year"]
PERIOD_LENGTHS: tuple[PeriodLength, ...] = ("month", "quarter", "year")


@record
class RunOptions:
    """How to slice, filter and read.

    ``by`` are headers or input keys; ``since`` and ``until`` are the first and last day counted, as serial
    numbers; ``where`` are conditions over headers in the formula language, all of which a row must meet;
    ``partial`` compares and judges periods that are not over yet; ``settings`` are facts about the
    company; ``scales`` overrides the scale of an input and insists on it; ``only`` limits the metrics.
    ``decimal_mark`` and ``date_order`` settle texts such as ``1,234`` and ``05/03/2024``.
    """

    by: tuple[str, ...] = ()
    period: PeriodLength | None = None
    where: tuple[str, ...] = ()
    since: float | None = None
    until: float | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    scales: Mapping[str, Scale] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    partial: bool = False
    language: str = "en"
    decimal_mark: DecimalMark | None = None
    date_order: DateOrder | None = None
