"""Percents and fractions in one column: 5 %, 0.05 and a bare 5."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set

from metricsheet.language.message import Message
from metricsheet.reading.column import NUMBERS, ReadRequest, numbers_in
from metricsheet.reading.refusal import Refusal
from metricsheet.values import Cell

_HIGHEST_FRACTION = 2.0  # 200 %: retention of revenue goes above 1, hardly above 2
_HINT = Message("percents_or_fractions")


def plain_numbers(
    raw: Sequence[Cell], read: Sequence[Cell], percents: Collection[str], rows: Set[int] = frozenset()
) -> list[float]:
    """Return the numbers of ``read`` that have no percent sign in ``raw`` and are not in ``rows``."""
    if not percents and not rows:
        return list(numbers_in(read))
    return [
        number  # type: ignore[misc]
        for row, (cell, number) in enumerate(zip(raw, read, strict=True))
        if number.__class__ in NUMBERS
        and row not in rows
        and not (cell.__class__ is str and cell in percents)
    ]


def shares_for_counts(asked: ReadRequest, numbers: Collection[float]) -> Refusal | None:
    """Return why numbers are shares and no counts: their header says percent, or all are below 1."""
    from metricsheet.reading.header_units import is_percent_header

    definition = asked.definition
    hint = Message("map_another_or_finished")
    if is_percent_header(asked.header):
        message = Message("percent_header", header=asked.header, input=definition.key)
        return Refusal("not_this_input", message, hint)
    sizes = {abs(number) for number in numbers if number}
    if sizes and max(sizes) < 1:
        message = Message("fractions_for_counts", number=min(sizes), input=definition.key)
        return Refusal("not_this_input", message, hint)
    return None


def percent_factor(asked: ReadRequest, plain: Sequence[float], signed: str) -> float | Refusal:
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
        message = Message("fractions_and_percents", low=low, high=high)
        return Refusal("mixed_percents", message, _HINT)
    if signed:
        message = Message("some_percent_signs", text=signed, high=high)
        return Refusal("mixed_percents", message, _HINT)
    message = Message("percent_is_a_fraction", number=high, percent=high * 100)
    return Refusal("mixed_percents", message, Message("write_percent", percent=high, fraction=high / 100))


def percents_elsewhere(asked: ReadRequest, plain: Sequence[float], signed: str) -> Refusal | None:
    """Return why percents cannot be in a column of another unit, or ``None`` where they can."""
    definition = asked.definition
    if not plain and definition.unit is None and definition.scale is None:
        return None
    if plain:
        message = Message("percents_and_numbers", text=signed, number=plain[0])
        return Refusal("mixed_percents", message, Message("percent_signs_throughout"))
    message = Message("holds_percents", text=signed, input=definition.key)
    if definition.unit is None:
        message = Message("holds_percents.scale", scale=str(definition.scale), **message.values)
    return Refusal("not_this_input", message, Message("map_another_or_finished"))
