"""Figures from outside beside a metric: what they are called, whose, from when, and if that is long ago."""

from __future__ import annotations

from metricsheet.catalog.definitions import Benchmark, in_language
from metricsheet.evaluation.result import Result
from metricsheet.language.dates import display_date
from metricsheet.language.numbers import NumberFormat
from metricsheet.language.words import term
from metricsheet.report.formatter import ResultFormatter
from metricsheet.report.scorecard import Scorecard

STALE_AFTER_YEARS = 3
"""A benchmark older than this, seen from the newest day of the data, is flagged."""


def is_stale(benchmark: Benchmark, scorecard: Scorecard) -> bool | None:
    """Return whether a benchmark is too old for these data; ``None`` where nothing says how old they are.

    Data of 2019 are rightly compared with figures of 2018, whenever somebody looks at them.
    """
    if scorecard.newest_day is None:
        return None
    year, rest = int(benchmark.as_of[:4]), benchmark.as_of[4:]
    return f"{year + STALE_AFTER_YEARS:04d}{rest}" < scorecard.newest_day


def benchmark_lines(formatter: ResultFormatter, result: Result) -> list[str]:
    """Return the figures from outside for the result's metric, those of one origin on one line.

    Of figures over another time than the value it is only said that they are not compared.
    """
    if formatter.catalog is None:
        return []
    together: dict[tuple[str, str, str, str], list[str]] = {}
    others: dict[str, None] = {}
    for benchmark in formatter.catalog.benchmarks:
        if benchmark.metric == result.metric and not compares(benchmark, result):
            others[term(f"other_span.{benchmark.span}", formatter.language)] = None
        elif benchmark.metric == result.metric:
            note = in_language(benchmark.note, formatter.language) if benchmark.note is not None else ""
            origin = (benchmark.population, benchmark.source, _as_of(formatter, benchmark), note)
            together.setdefault(origin, []).append(_figure(formatter, result.unit, benchmark))
    return [
        formatter.labelled(
            term("benchmark", formatter.language),
            f"{' · '.join(figures)} ({'; '.join(part for part in origin if part)})",
        )
        for origin, figures in together.items()
    ] + list(others)


def compares(benchmark: Benchmark, result: Result) -> bool:
    """Return whether a value is of the time that a benchmark is of, or the benchmark of none."""
    return benchmark.span in (None, result.covers)


def _as_of(formatter: ResultFormatter, benchmark: Benchmark) -> str:
    date = term("as_of", formatter.language, date=display_date(benchmark.as_of, formatter.language))
    if not is_stale(benchmark, formatter.scorecard):
        return date
    return f"{date}, {term('stale', formatter.language, years=STALE_AFTER_YEARS)}"


def _figure(formatter: ResultFormatter, unit: str, benchmark: Benchmark) -> str:
    form = NumberFormat(unit, formatter.scorecard.currency, formatter.language)
    one = benchmark.high is None
    figure = form.target(benchmark.value) if one else form.interval(benchmark.value, benchmark.high)
    label = in_language(benchmark.label, formatter.language) if benchmark.label is not None else ""
    return f"{label} {figure}".strip()
