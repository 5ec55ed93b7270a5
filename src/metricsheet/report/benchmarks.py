"""Figures from outside beside a metric: what they are called, whose, from when, and if that is long ago."""

from __future__ import annotations

from metricsheet.catalog.definitions import Benchmark, in_language
from metricsheet.evaluation.result import Result
from metricsheet.evaluation.scorecard import Scorecard
from metricsheet.language.dates import display_date
from metricsheet.language.numbers import NumberFormat
from metricsheet.language.words import term
from metricsheet.report.shown import Shown

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


def benchmark_lines(shown: Shown, result: Result) -> list[str]:
    """Return the figures from outside for the result's metric, those of one origin on one line.

    Of figures over another time than the value it is only said that they are not compared.
    """
    if shown.catalog is None:
        return []
    together: dict[tuple[str, str, str, str], list[str]] = {}
    others: dict[str, None] = {}
    for benchmark in shown.catalog.benchmarks:
        if benchmark.metric == result.metric and not compares(benchmark, result):
            others[term(f"other_span.{benchmark.span}", shown.language)] = None
        elif benchmark.metric == result.metric:
            note = in_language(benchmark.note, shown.language) if benchmark.note is not None else ""
            origin = (benchmark.population, benchmark.source, _as_of(shown, benchmark), note)
            together.setdefault(origin, []).append(_figure(shown, result.unit, benchmark))
    return [
        f"{term('benchmark', shown.language)}: {' · '.join(figures)}"
        f" ({'; '.join(part for part in origin if part)})"
        for origin, figures in together.items()
    ] + list(others)


def compares(benchmark: Benchmark, result: Result) -> bool:
    """Return whether a value is of the time that a benchmark is of, or the benchmark of none."""
    return benchmark.span in (None, result.covers)


def _as_of(shown: Shown, benchmark: Benchmark) -> str:
    date = term("as_of", shown.language, date=display_date(benchmark.as_of, shown.language))
    if not is_stale(benchmark, shown.scorecard):
        return date
    return f"{date}, {term('stale', shown.language, years=STALE_AFTER_YEARS)}"


def _figure(shown: Shown, unit: str, benchmark: Benchmark) -> str:
    form = NumberFormat(unit, shown.scorecard.currency, shown.language)
    one = benchmark.high is None
    figure = form.target(benchmark.value) if one else form.interval(benchmark.value, benchmark.high)
    label = in_language(benchmark.label, shown.language) if benchmark.label is not None else ""
    return f"{label} {figure}".strip()
