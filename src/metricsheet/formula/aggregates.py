"""Plain aggregation of a few cells, and of one value written straight into an aggregate.

Engines aggregate columns; this is for array constants, single values, and as what engines are checked by.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, inf

from metricsheet.formula.plan import PrimitiveKind
from metricsheet.language.message import Message
from metricsheet.values import NUM, Cell, ExcelError, is_number
from metricsheet.values.coerce import to_logical, to_number
from metricsheet.values.folding import caseless

Part = Cell | tuple[float, ...]
"""The answer to one primitive."""


def total_of(numbers: Sequence[float]) -> float | ExcelError:
    """Return the correctly rounded sum, which no order of the numbers changes; ``#NUM!`` past the range."""
    try:
        total = fsum(numbers)
    except OverflowError:
        total = inf
    return total if total - total == 0 else ExcelError(NUM, Message("sum_too_large"))


def moments_of(numbers: Sequence[float]) -> tuple[float, ...] | ExcelError:
    """Return how many numbers, their mean, and the sum of squared distances from it.

    The distances from a rounded mean do not add up to 0; what they add up to is taken out of the squares.
    """
    if not numbers:
        return 0.0, 0.0, 0.0
    total = total_of(numbers)
    if isinstance(total, ExcelError):
        return total
    mean = total / len(numbers)
    apart = [x - mean for x in numbers]
    squares = total_of([x * x for x in apart])
    return squares if isinstance(squares, ExcelError) else moments(len(numbers), mean, squares, fsum(apart))


def moments(count: int, mean: float, squares: float, left: float) -> tuple[float, ...]:
    """Return the moments of numbers whose distances from ``mean`` have these ``squares`` and sum ``left``."""
    return float(count), mean, max(0.0, squares - left * left / count)


def merge_moments(parts: Sequence[tuple[float, ...]]) -> tuple[float, float, float]:
    """Return the moments of everything that ``parts`` are the moments of (Chan's stable update)."""
    n = mean = spread = 0.0
    for count, part_mean, part_spread in parts:
        if not count:
            continue
        both = n + count
        apart = part_mean - mean
        spread += part_spread + apart * apart * n * count / both
        mean += apart * count / both
        n = both
    return n, mean, spread


def aggregate(kind: PrimitiveKind, cells: Sequence[Cell]) -> Part:
    """Return ``kind`` over ``cells`` as Excel aggregates a range: by its numbers; errors go through."""
    if kind == "rows":
        return float(len(cells))
    if kind == "counta":
        return float(sum(cell is not None for cell in cells))
    if kind == "countblank":
        return float(sum(cell is None or cell == "" for cell in cells))
    numbers = [float(cell) for cell in cells if is_number(cell)]
    if kind == "count":
        return float(len(numbers))
    for cell in cells:
        if isinstance(cell, ExcelError):
            return cell
    if kind == "nunique":
        return float(len({unique_key(cell) for cell in cells if cell is not None and cell != ""}))
    if kind == "logicals":
        return logicals_of([cell for cell in cells if cell is not None and not isinstance(cell, str)])
    if kind == "filled":
        return filled_of(cells)
    return aggregate_numbers(kind, numbers)


def aggregate_numbers(kind: PrimitiveKind, numbers: Sequence[float]) -> Part:
    """Return ``kind`` over numbers alone: one of sum, min, max, moments, ordered and values."""
    if kind == "sum":
        return total_of(numbers)
    if kind == "min":
        return min(numbers) if numbers else None
    if kind == "max":
        return max(numbers) if numbers else None
    if kind == "moments":
        return moments_of(numbers)
    return tuple(sorted(numbers)) if kind == "ordered" else tuple(numbers)


def unique_key(cell: Cell) -> tuple[str, object]:
    """Return what makes two filled cells the same value: kind, and text without regard to case."""
    if isinstance(cell, str):
        return "text", caseless(cell)
    return ("logical", cell) if isinstance(cell, bool) else ("number", cell)


def logicals_of(cells: Sequence[object]) -> tuple[float, ...]:
    """Return how many of the numbers and logicals are true, and how many are false."""
    true = sum(1 for cell in cells if cell)
    return float(true), float(len(cells) - true)


def filled_of(cells: Sequence[Cell]) -> tuple[float, ...]:
    """Return the filled cells as numbers, a text as 0."""
    return tuple([0.0 if isinstance(cell, str) else float(cell) for cell in cells if cell is not None])  # type: ignore[arg-type]


def part_of_value(kind: PrimitiveKind, cell: Cell) -> Part:
    """Return ``kind`` of one value written straight into an aggregate: ``SUM("3", TRUE)`` is 4.

    Other than in a range, text that reads as a number counts as one, and other text is ``#VALUE!``.
    """
    if kind == "counta":
        return 1.0
    if kind == "countblank":
        return 1.0 if cell is None or cell == "" else 0.0
    number = to_number(cell)
    if kind == "count":
        return 0.0 if isinstance(number, ExcelError) else 1.0
    if isinstance(cell, ExcelError):
        return cell
    if kind == "nunique":
        return 0.0 if cell is None or cell == "" else 1.0
    if kind == "logicals":
        if isinstance(cell, str):
            # an empty text is skipped, as Excel does: OR("", TRUE) is TRUE, and OR("x", TRUE) #VALUE!
            said = to_logical(cell) if cell else None
            return said if isinstance(said, ExcelError) else (float(said is True), float(said is False))
        return logicals_of([] if cell is None else [cell])
    return number if isinstance(number, ExcelError) else aggregate_numbers(kind, (number,))
