"""Functions that make one number of many: sums, averages, order and spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from math import ceil, exp, floor, fsum, log, sqrt
from operator import itemgetter

from metricsheet.formula.aggregates import merge_moments, moments_of, total_of
from metricsheet.formula.functions.signature import Example, Function, Parameter
from metricsheet.language.message import Message
from metricsheet.values import DIV0, NA_, NUM, Cell, ExcelError, is_number

Parts = Sequence[tuple[float, ...]]
"""For each argument of cells, the answers of its primitives (or the one tuple that answers them)."""

SCORES = {"score": (10, 9, 8, 3, None, "n/a")}
NO_NUMBERS = "no_numbers"


def _add(parts: Parts) -> Cell:
    return total_of([part[0] for part in parts])


def average(parts: Parts) -> Cell:
    """Return the mean, given sum and count of each argument."""
    total = total_of([part[0] for part in parts])
    count = sum(part[1] for part in parts)
    return total if isinstance(total, ExcelError) else total / count if count else ExcelError(DIV0)


def lowest(parts: Parts) -> Cell:
    """Return the smallest number, or 0 where there is none."""
    return min((part[0] for part in parts if part[0] is not None), default=0.0)


def highest(parts: Parts) -> Cell:
    """Return the largest number, or 0 where there is none."""
    return max((part[0] for part in parts if part[0] is not None), default=0.0)


def _merged(parts: Parts) -> Sequence[float]:
    if len(parts) == 1:
        return parts[0]
    return sorted(number for part in parts for number in part)


def _median(parts: Parts) -> Cell:
    numbers = _merged(parts)
    return _at_share(numbers, 0.5) if numbers else ExcelError(NUM)


def _geometric_mean(parts: Parts) -> Cell:
    numbers = _merged(parts)
    # they are in order, so that the first tells whether all are above 0
    if not numbers or numbers[0] <= 0:
        return ExcelError(NUM)
    return exp(fsum(map(log, numbers)) / len(numbers))


def _at_share(numbers: Sequence[float], share: float) -> float:
    position = share * (len(numbers) - 1)
    below = int(position)
    low, part = numbers[below], position - below
    if not part:
        return low
    high = numbers[below + 1]
    return (low + high) / 2 if part == 0.5 else low + (high - low) * part


def _percentile(parts: Parts, share: float) -> Cell:
    if not parts[0]:
        return ExcelError(NUM)
    if not 0 <= share <= 1:
        return ExcelError(NUM, Message("share_out_of_range", share=share))
    return _at_share(parts[0], share)


def _quartile(parts: Parts, quarter: float) -> Cell:
    if not parts[0]:
        return ExcelError(NUM)
    # cut to the whole number below, as Excel does: -0.1 is no quarter, 4.9 is the last
    whole = floor(quarter)
    if not 0 <= whole <= 4:
        return ExcelError(NUM, Message("not_a_quarter", quarter=quarter))
    return _at_share(parts[0], whole / 4)


def _percentile_exc(parts: Parts, share: float) -> Cell:
    numbers = parts[0]
    if not numbers:
        return ExcelError(NUM)
    position = share * (len(numbers) + 1)
    if not 1 <= position <= len(numbers):
        return ExcelError(NUM, Message("share_out_of_range_exclusive", share=share, n=len(numbers)))
    return _at_share(numbers, (position - 1) / (len(numbers) - 1)) if len(numbers) > 1 else numbers[0]


def _ranked(parts: Parts, rank: float, largest: bool) -> Cell:
    if not parts[0]:
        return ExcelError(NUM)
    if not 1 <= rank <= len(parts[0]):
        return ExcelError(NUM, Message("no_such_rank", rank=rank, n=len(parts[0])))
    return parts[0][-ceil(rank) if largest else floor(rank) - 1]


def _average_filled(parts: Parts) -> Cell:
    n, mean, _ = merge_moments([_moments(part) for part in parts])
    return mean if n else ExcelError(DIV0)


def _moments(numbers: Sequence[float]) -> tuple[float, ...]:
    found = moments_of(numbers)
    return (0.0, 0.0, 0.0) if isinstance(found, ExcelError) else found


def _correlation(parts: Parts) -> Cell:
    one, other = parts
    (n, mean, spread), (_, other_mean, other_spread) = _moments(one), _moments(other)
    if n < 2 or not spread or not other_spread:
        return ExcelError(DIV0)
    together = fsum([(a - mean) * (b - other_mean) for a, b in zip(one, other, strict=True)])
    return max(-1.0, min(1.0, together / (sqrt(spread) * sqrt(other_spread))))


def _mode(parts: Parts) -> Cell:
    # a counter keeps the order of first occurrence, and max takes the first of equals
    times = Counter(chain.from_iterable(parts))
    number, most = max(times.items(), key=itemgetter(1), default=(0.0, 0))
    return number if most > 1 else ExcelError(NA_)


def _variance(parts: Parts, short: int) -> float | ExcelError:
    n, _, spread = merge_moments(parts)
    return spread / (n - short) if n > short else ExcelError(DIV0)


def _deviation(parts: Parts, short: int) -> Cell:
    variance = _variance(parts, short)
    return variance if isinstance(variance, ExcelError) else sqrt(variance)


_CELLS = (Parameter("cells", "values"),)
_TWO = "fewer_than_two_numbers"

STATISTICS = (
    Function(
        "SUM", "statistics", _CELLS, "same",
        "The sum of all numbers; 0 when there are none.",
        (Example("SUM(score)", 30, SCORES), Example("SUM(score, 5)", 35, SCORES)),
        _add, repeats=1, kinds=("sum",), whole=True, unit="same",
    ),
    Function(
        "COUNT", "statistics", _CELLS, "number",
        "How many cells hold a number.",
        (Example("COUNT(score)", 4, SCORES),),
        _add, repeats=1, kinds=("count",), whole=True,
    ),
    Function(
        "COUNTA", "statistics", _CELLS, "number",
        "How many cells are not empty, whatever they hold.",
        (Example("COUNTA(score)", 5, SCORES),),
        _add, repeats=1, kinds=("counta",), whole=True,
    ),
    Function(
        "COUNTBLANK", "statistics", _CELLS, "number",
        "How many cells are empty or hold an empty text.",
        (Example("COUNTBLANK(score)", 1, SCORES),),
        _add, kinds=("countblank",), whole=True,
    ),
    Function(
        "COUNTUNIQUE", "statistics", _CELLS, "number",
        "How many different values there are, text without regard to case; empty cells are left out.",
        (Example("COUNTUNIQUE(customer)", 2, {"customer": ("Ada", "ADA", "Bo", None)}),),
        _add, kinds=("nunique",), whole=True, excel="COUNTA(_xlfn.UNIQUE(…))",
    ),
    Function(
        "AVERAGE", "statistics", _CELLS, "same",
        "The sum of all numbers divided by how many there are; #DIV/0! when there are none.",
        (Example("AVERAGE(score)", 7.5, SCORES),),
        average, repeats=1, kinds=("sum", "count"), unit="same", nothing=NO_NUMBERS,
    ),
    Function(
        "MEDIAN", "statistics", _CELLS, "same",
        "The middle of all numbers in order; #NUM! when there are none.",
        (Example("MEDIAN(score)", 8.5, SCORES),),
        _median, repeats=1, kinds=("ordered",), unit="same", nothing=NO_NUMBERS,
    ),
    Function(
        "GEOMEAN", "statistics", _CELLS, "same",
        "The geometric mean, as of growth factors; #NUM! where a number is not above 0 or there are none.",
        (Example("GEOMEAN(x)", 4.0, {"x": (2, 8)}),),
        _geometric_mean, repeats=1, kinds=("ordered",), unit="same", nothing="not_positive_or_none",
    ),
    Function(
        "MODE.SNGL", "statistics", _CELLS, "same",
        "The number that occurs most often, the first of them; #N/A when none occurs twice.",
        (Example("MODE.SNGL(score)", 9, {"score": (8, 9, 9, 10)}),),
        _mode, repeats=1, kinds=("values",), unit="same", nothing="no_number_twice",
        excel="_xlfn.MODE.SNGL", aliases=("MODE",),
    ),
    Function(
        "MIN", "statistics", _CELLS, "same",
        "The smallest number; 0 when there is none.",
        (Example("MIN(score)", 3, SCORES),),
        lowest, repeats=1, kinds=("min",), unit="same",
    ),
    Function(
        "MAX", "statistics", _CELLS, "same",
        "The largest number; 0 when there is none.",
        (Example("MAX(score)", 10, SCORES),),
        highest, repeats=1, kinds=("max",), unit="same",
    ),
    Function(
        "MINA", "statistics", _CELLS, "same",
        "The smallest of all filled cells: TRUE counts as 1, FALSE and texts as 0; 0 when there are none.",
        (Example("MINA(score)", 0, SCORES),),
        lambda parts: min(chain.from_iterable(parts), default=0.0), repeats=1, kinds=("filled",), unit="same",
    ),
    Function(
        "MAXA", "statistics", _CELLS, "same",
        "The largest of all filled cells: TRUE counts as 1, FALSE and texts as 0; 0 when there are none.",
        (Example("MAXA(x)", 1, {"x": (0.5, True, "n/a", None)}),),
        lambda parts: max(chain.from_iterable(parts), default=0.0), repeats=1, kinds=("filled",), unit="same",
    ),
    Function(
        "AVERAGEA", "statistics", _CELLS, "same",
        "The mean of all filled cells: TRUE counts as 1, FALSE and texts as 0; #DIV/0! when there are none.",
        (Example("AVERAGEA(score)", 6, SCORES),),
        _average_filled, repeats=1, kinds=("filled",), unit="same", nothing="no_filled_cells",
    ),
    Function(
        "PERCENTILE.INC", "statistics", (*_CELLS, Parameter("share")), "same",
        "The number below which a share of all numbers lies, between 0 and 1 inclusive.",
        (Example("PERCENTILE.INC(score, 0.9)", 9.7, SCORES),),
        _percentile, kinds=("ordered",), unit="same", nothing=NO_NUMBERS,
        excel="_xlfn.PERCENTILE.INC", aliases=("PERCENTILE",),
    ),
    Function(
        "QUARTILE.INC", "statistics", (*_CELLS, Parameter("quarter")), "same",
        "The quartile 0 (smallest), 1, 2 (median), 3 or 4 (largest) of all numbers.",
        (Example("QUARTILE.INC(score, 1)", 6.75, SCORES),),
        _quartile, kinds=("ordered",), unit="same", nothing=NO_NUMBERS,
        excel="_xlfn.QUARTILE.INC", aliases=("QUARTILE",),
    ),
    Function(
        "PERCENTILE.EXC", "statistics", (*_CELLS, Parameter("share")), "same",
        "The number below which a share of all numbers lies, with the ends 0 and 1 left out.",
        (Example("PERCENTILE.EXC(x, 0.25)", 1.5, {"x": (1, 2, 3, 4, 5)}),),
        _percentile_exc, kinds=("ordered",), unit="same", nothing=NO_NUMBERS, excel="_xlfn.PERCENTILE.EXC",
    ),
    Function(
        "QUARTILE.EXC", "statistics", (*_CELLS, Parameter("quarter")), "same",
        "The quartile 1, 2 (median) or 3 of all numbers, with the ends left out.",
        (Example("QUARTILE.EXC(x, 3)", 4.5, {"x": (1, 2, 3, 4, 5)}),),
        lambda parts, quarter: _percentile_exc(parts, floor(quarter) / 4),
        kinds=("ordered",), unit="same", nothing=NO_NUMBERS, excel="_xlfn.QUARTILE.EXC",
    ),
    Function(
        "LARGE", "statistics", (*_CELLS, Parameter("rank")), "same",
        "The number of a rank, counted from the largest; a fraction of a rank is rounded up.",
        (Example("LARGE(score, 2)", 9, SCORES),),
        lambda parts, rank: _ranked(parts, rank, largest=True),
        kinds=("ordered",), unit="same", nothing=NO_NUMBERS,
    ),
    Function(
        "SMALL", "statistics", (*_CELLS, Parameter("rank")), "same",
        "The number of a rank, counted from the smallest; a fraction of a rank is cut off.",
        (Example("SMALL(score, 2.9)", 8, SCORES),),
        lambda parts, rank: _ranked(parts, rank, largest=False),
        kinds=("ordered",), unit="same", nothing=NO_NUMBERS,
    ),
    Function(
        "SUMSQ", "statistics", _CELLS, "number",
        "The sum of the squares of all numbers; 0 when there are none.",
        (Example("SUMSQ(x)", 25, {"x": (3, 4)}),),
        lambda parts: total_of([number * number for number in _merged(parts)]),
        repeats=1, kinds=("ordered",), unit="unknown",
    ),
    Function(
        "STDEV.S", "statistics", _CELLS, "number",
        "The standard deviation of a sample; #DIV/0! for fewer than two numbers.",
        (Example("STDEV.S(x)", 2.0, {"x": (1, 3, 5)}),),
        lambda parts: _deviation(parts, 1), repeats=1, kinds=("moments",), unit="same", nothing=_TWO,
        excel="_xlfn.STDEV.S", aliases=("STDEV",),
    ),
    Function(
        "STDEV.P", "statistics", _CELLS, "number",
        "The standard deviation of a whole population; #DIV/0! when there are no numbers.",
        (Example("STDEV.P(x)", 2.0, {"x": (2, 4, 4, 4, 5, 5, 7, 9)}),),
        lambda parts: _deviation(parts, 0), repeats=1, kinds=("moments",), unit="same", nothing=NO_NUMBERS,
        excel="_xlfn.STDEV.P", aliases=("STDEVP",),
    ),
    Function(
        "STDEVA", "statistics", _CELLS, "number",
        "The standard deviation of a sample of all filled cells: TRUE counts as 1, FALSE and texts as 0.",
        (Example("STDEVA(x)", 2.0, {"x": (2, 4, "n/a", None)}),),
        lambda parts: _deviation([_moments(part) for part in parts], 1),
        repeats=1, kinds=("filled",), unit="same", nothing="fewer_than_two_filled",
    ),
    Function(
        "VAR.S", "statistics", _CELLS, "number",
        "The variance of a sample; #DIV/0! for fewer than two numbers.",
        (Example("VAR.S(x)", 4.0, {"x": (1, 3, 5)}),),
        lambda parts: _variance(parts, 1), repeats=1, kinds=("moments",), unit="unknown", nothing=_TWO,
        excel="_xlfn.VAR.S", aliases=("VAR",),
    ),
    Function(
        "VAR.P", "statistics", _CELLS, "number",
        "The variance of a whole population; #DIV/0! when there are no numbers.",
        (Example("VAR.P(x)", 4.0, {"x": (2, 4, 4, 4, 5, 5, 7, 9)}),),
        lambda parts: _variance(parts, 0), repeats=1, kinds=("moments",), unit="unknown", nothing=NO_NUMBERS,
        excel="_xlfn.VAR.P", aliases=("VARP",),
    ),
    Function(
        "CORREL", "statistics", (Parameter("cells", "values"), Parameter("others", "values")), "number",
        "How far two columns rise together, from -1 to 1, over the rows that have a number in both.",
        (Example("CORREL(spend, leads)", 1.0, {"spend": (1, 2, None, 3), "leads": (10, 20, 25, 30)}),),
        _correlation, kinds=("values",), paired=True, nothing="no_pairs_that_differ",
    ),
    Function(
        "SUMPRODUCT", "statistics", _CELLS, "number",
        "The sum over all rows of the product of the arguments; cells that are not numbers count as 0.",
        (
            Example("SUMPRODUCT(price, quantity)", 23, {"price": (4, 5), "quantity": (2, 3)}),
            Example('SUMPRODUCT((score>=9)*(plan="pro"))', 1, {"score": (9, 10), "plan": ("pro", "free")}),
        ),
        _add, repeats=1, kinds=("sum",), whole=True, joins=True, unit="product",
    ),
)  # fmt: skip


def product_of_row(*cells: Cell) -> Cell:
    """Return the product of one row of ``SUMPRODUCT``: what is not a number counts as 0, errors stay."""
    product = 1.0
    for cell in cells:
        if isinstance(cell, ExcelError):
            return cell
        product *= cell if is_number(cell) else 0.0
    return product if product - product == 0 else ExcelError(NUM, Message("product_too_large"))
