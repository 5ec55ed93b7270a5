"""Percents and fractions in one column: 5 %, 0.05 and a bare 5."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from metricsheet.reading.column import NUMBERS, Asked, numbers_in
from metricsheet.reading.refusal import ReadTrouble
from metricsheet.values import Cell

_HIGHEST_FRACTION = 2.0  # 200 %: retention of revenue goes above 1, hardly above 2
_HINT = "write every cell as a percent (5%) or every cell as a fraction (0.05)"


def plain_numbers(raw: Sequence[Cell], read: Sequence[Cell], percents: Collection[str]) -> list[float]:
    """Return the numbers of ``read`` that were not written with a percent sign in ``raw``."""
    if not percents:
        return numbers_in(read)
    return [
        number  # type: ignore[misc]
        for cell, number in zip(raw, read, strict=True)
        if number.__class__ in NUMBERS and not (cell.__class__ is str and cell in percents)
    ]


def percent_factor(asked: Asked, plain: Sequence[float], signed: str) -> float | ReadTrouble:
    """Return what to divide the plain numbers of a percent column by (1 or 100), or why that is not known.

    Plain numbers up to 1 are fractions, and so are those inside the input's scale and those up to 2
    (retention of revenue may exceed 1). Under a header with a percent sign numbers from 1 up are percents.
    ``signed`` is an example with a percent sign from the same column, or ``""``.
    """
    from metricsheet.reading.header_units import is_percent_header

    sizes = {abs(number) for number in plain if number}
    if not sizes:
        return 1
    low, high = min(sizes), max(sizes)
    scale = asked.definition.scale
    if high <= 1 or (scale is not None and scale.high > 1 and high <= scale.high):
        return 1
    headed = is_percent_header(asked.header)
    if high <= _HIGHEST_FRACTION and not headed:
        return 1
    if headed and low >= 1 and high > _HIGHEST_FRACTION and not signed:
        return 100
    if low < 1:
        message = f"{low:g} and {high:g} in one column: fractions and percents seem to be mixed"
        return ReadTrouble("mixed_percents", message, _HINT)
    if signed:
        message = f"'{signed}' and {high:g} in one column: some cells have a percent sign and some have none"
        return ReadTrouble("mixed_percents", message, _HINT)
    message = f"{high:g} would mean {high * 100:g}%: a percent is a fraction here"
    return ReadTrouble("mixed_percents", message, f"write {high:g}% or {high / 100:g}")


def percents_elsewhere(asked: Asked, plain: Sequence[float], signed: str) -> ReadTrouble | None:
    """Return why percents cannot stand in a column of another unit, or ``None`` where they can."""
    definition = asked.definition
    if not plain and definition.unit is None and definition.scale is None:
        return None
    if plain:
        message = f"'{signed}' and {plain[0]:g} in one column: percents and plain numbers are mixed"
        return ReadTrouble("mixed_percents", message, "write every cell with a percent sign, or none")
    expected = definition.unit or f"answers on {definition.scale}"
    message = f"the column holds percents such as '{signed}', {definition.key} wants {expected}"
    return ReadTrouble("not_this_input", message, "map another column, or the finished rate to its metric")
