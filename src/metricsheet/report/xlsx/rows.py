"""The rows that the sheets of results share, and numbers with the format of their metric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from metricsheet.evaluation.result import Result
from metricsheet.language.currencies import SIGNS
from metricsheet.language.numbers import MOST_DECIMALS
from metricsheet.language.styles import currency_code, style_of
from metricsheet.language.words import term
from metricsheet.records import record
from metricsheet.report.arrangement import SliceKey, SourceBlock, slice_key
from metricsheet.report.formatter import ARROWS, ResultFormatter
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
    """A result in view; ``opens_stage`` where its stage begins.

    ``begun`` is the result of a newer period that is not whole.
    """

    result: Result
    opens_stage: bool
    begun: Result | None = None


def rows_in_view(sources: Iterable[SourceBlock]) -> list[Row]:
    """Return the newest result of every metric and slice; those that failed on their data end each stage.

    Metrics that found no column are not among them (see ``rows_without_input``).
    """
    found = []
    for source in sources:
        for stage in source.stages:
            begun = {block.metric: block.begun for block in stage.metrics}
            results = [row for block in stage.metrics for row in block.rows()]
            results += [result for result in stage.missing if not result.missing_input]
            found += [
                Row(result, place == 0, None if result.slice else begun.get(result.metric))
                for place, result in enumerate(results)
            ]
    return found


def rows_without_input(sources: Iterable[SourceBlock]) -> list[Result]:
    """Return the metrics for which no column or cell was found, by source and stage."""
    return [
        result
        for source in sources
        for stage in source.stages
        for result in stage.missing
        if result.missing_input
    ]


def stage_edge(row: Row) -> dict[str, object]:
    """Return the line above a row that begins a stage."""
    return {"top": 2, "top_color": HEAD} if row.opens_stage else {}


def slice_names(rows: Iterable[Row]) -> list[str]:
    """Return the names by which results are sliced, in the order they first appear."""
    return list(dict.fromkeys(key for row in rows for key in row.result.slice))


class Cells:
    """Writes parts of results into cells with the number format of their unit."""

    def __init__(self, formatter: ResultFormatter, formats: Formats) -> None:
        self.formatter, self.formats = formatter, formats

    def form(self, result: Result, number: float | None, properties: Mapping[str, object] = _NONE) -> Format:
        """Return the format of a number in the unit of the result's metric."""
        decimals = 0 if number is None else self.formatter.form(result, number).places(number)
        return self._format(result, decimals, properties)

    def target(self, result: Result, target: float, properties: Mapping[str, object] = _NONE) -> Format:
        """Return the format of a target: with the decimals it has."""
        return self._format(result, self.formatter.form(result, target).target_places(target), properties)

    def _format(
        self, result: Result, decimals: int, properties: Mapping[str, object], before: str = ""
    ) -> Format:
        code = number_format(
            result.unit,
            currency=result.currency,
            language=self.formatter.language,
            decimals=decimals,
            before=before,
        )
        return self.formats.cell(**{"num_format": code, "align": "right", **properties})

    def named(
        self, result: Result, number: float, key: str, properties: Mapping[str, object] = _NONE
    ) -> Format:
        """Return the format of a number with a word before it, such as the sum of three periods."""
        decimals = self.formatter.form(result, number).places(number)
        return self._format(result, decimals, properties, term(key, self.formatter.language, value=""))

    def difference(self, result: Result, number: float) -> float:
        """Return a difference as the format of ``signed`` takes it: one of percents in points."""
        return number * 100 if result.unit == "percent" else number

    def signed(
        self, result: Result, number: float, arrow: str = "", properties: Mapping[str, object] = _NONE
    ) -> Format:
        """Return the format of a difference in the unit of the result's metric."""
        flat = arrow == ARROWS["flat"]
        code = signed_number_format(
            result.unit,
            currency=result.currency,
            language=self.formatter.language,
            decimals=self.formatter.form(result, number).change_places(number, flat),
            arrow=arrow,
        )
        return self.formats.cell(**{"num_format": code, "align": "right", **properties})


def number_format(
    unit: str, *, currency: str = "USD", language: str = "en", decimals: int = 0, before: str = ""
) -> str:
    """Return the number format of a value of ``unit``, the word ``before`` it; percent values are fractions.

    Excel puts in the separators of the reader.
    """
    digits = _digits(decimals)
    style = style_of(language)
    lead = f'"{before}"' if before else ""
    if unit in ("days", "months"):
        one, many = style.days if unit == "days" else style.months
        if one != many:
            return f"[=1]{lead}{_quoted(one, '0')};{lead}{_quoted(many, digits)}"
        return lead + _quoted(many, digits)
    shown = lead + _pattern(unit, currency, language).replace("{}", digits)
    return f"{shown};{lead}-{shown.removeprefix(lead)}" if lead else shown


def signed_number_format(
    unit: str, *, currency: str = "USD", language: str = "en", decimals: int = 0, arrow: str = ""
) -> str:
    """Return the number format of a difference: always with its sign, ``arrow`` before it.

    One of percents is for points: 0.7 is shown as ``+0.7 pp``.
    """
    digits = _digits(decimals)
    if unit == "percent":
        shown = _quoted(style_of(language).percentage_points, digits)
    else:
        plain = unit in ("days", "months", "ratio")
        shown = digits if plain else _pattern(unit, currency, language).replace("{}", digits)
    lead = f'"{arrow} "' if arrow else ""
    return f"{lead}+{shown};{lead}-{shown};{lead}{shown}"


def _digits(decimals: int) -> str:
    if decimals > MOST_DECIMALS:
        return "0." + "0" * (decimals - MOST_DECIMALS + 1) + "E+00"
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _pattern(unit: str, currency: str, language: str) -> str:
    style = style_of(language)
    if unit == "money":
        symbol = SIGNS.get(currency)
        code = symbol or currency_code(currency)
        if not code:
            return "{}"
        return (style.money if symbol else style.money_code).replace("{symbol}", f'"{code}"')
    if unit == "percent":
        return style.percent
    return '{}":1"' if unit == "ratio" else "{}"


def _quoted(pattern: str, digits: str) -> str:
    before, after = pattern.split("{}")
    return (f'"{before}"' if before else "") + digits + (f'"{after}"' if after else "")
