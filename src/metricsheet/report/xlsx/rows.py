"""The rows that the sheets of results share, and numbers with the format of their metric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from metricsheet.evaluation.result import Result
from metricsheet.language.numbers import decimals_for, target_decimals
from metricsheet.records import record
from metricsheet.report.arrangement import SliceKey, SourceBlock, slice_key
from metricsheet.report.shown import Shown, missing_input
from metricsheet.report.xlsx.number_formats import number_format, signed_number_format
from metricsheet.report.xlsx.sheet import HEAD, Formats

if TYPE_CHECKING:
    from xlsxwriter.format import Format

_NONE: Mapping[str, object] = {}

SeriesKey: TypeAlias = tuple[str, str, SliceKey]


def series_key(result: Result) -> SeriesKey:
    """Return what tells the series of one metric and slice from all others."""
    return result.source, result.metric, slice_key(result.slice)


@record
class Row:
    """A result in view; ``opens_stage`` where its stage begins."""

    result: Result
    opens_stage: bool


def rows_in_view(sources: Iterable[SourceBlock]) -> list[Row]:
    """Return the newest result of every metric and slice; those that failed on their data end each stage.

    Metrics that found no column are not among them (see ``rows_without_input``).
    """
    found = []
    for source in sources:
        for stage in source.stages:
            results = [row for block in stage.metrics for row in block.rows()]
            results += [result for result in stage.missing if not missing_input(result.reason)[0]]
            found += [Row(result, place == 0) for place, result in enumerate(results)]
    return found


def rows_without_input(sources: Iterable[SourceBlock]) -> list[Result]:
    """Return the metrics for which no column or cell was found, by source and stage."""
    return [
        result
        for source in sources
        for stage in source.stages
        for result in stage.missing
        if missing_input(result.reason)[0]
    ]


def stage_edge(row: Row) -> dict[str, object]:
    """Return the line above a row that begins a stage."""
    return {"top": 2, "top_color": HEAD} if row.opens_stage else {}


def slice_names(rows: Iterable[Row]) -> list[str]:
    """Return the names by which results are sliced, in the order they first appear."""
    return list(dict.fromkeys(key for row in rows for key in row.result.slice))


class Cells:
    """Writes parts of results into cells with the number format of their unit."""

    def __init__(self, shown: Shown, formats: Formats) -> None:
        self.shown, self.formats = shown, formats

    def form(
        self,
        result: Result,
        number: float | None,
        properties: Mapping[str, object] = _NONE,
        decimals: int | None = None,
    ) -> Format:
        """Return the format of a number in the unit of the result's metric."""
        code = number_format(
            result.unit,
            currency=self.shown.scorecard.currency,
            language=self.shown.language,
            decimals=self.shown.decimals(result, number) if decimals is None else decimals,
        )
        return self.formats.cell(**{"num_format": code, "align": "right", **properties})

    def target(self, result: Result, target: float, properties: Mapping[str, object] = _NONE) -> Format:
        """Return the format of a target: without decimals where it is whole."""
        decimals = self.shown.decimals(result, target)
        decimals = target_decimals(target, result.unit, self.shown.scorecard.currency, decimals)
        return self.form(result, target, properties, decimals)

    def signed(
        self, result: Result, number: float, arrow: str = "", properties: Mapping[str, object] = _NONE
    ) -> Format:
        """Return the format of a difference in the unit of the result's metric."""
        code = signed_number_format(
            result.unit,
            currency=self.shown.scorecard.currency,
            language=self.shown.language,
            decimals=self._change_decimals(result, number),
            arrow=arrow,
        )
        return self.formats.cell(**{"num_format": code, "align": "right", **properties})

    def _change_decimals(self, result: Result, change: float) -> int:
        """Return the decimals of a difference; one that is there must not show as zero."""
        decimals = self.shown.decimals(result, change)
        shown = abs(change) * 100 if result.unit == "percent" else abs(change)
        if shown * 10**decimals >= 0.5 or (result.trend is not None and result.trend.direction == "flat"):
            return decimals
        return decimals_for(change, result.unit, self.shown.scorecard.currency)
