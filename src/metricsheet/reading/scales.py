"""Answers that do not look like the scale they are read on: another scale, averages, a finished score."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from metricsheet.catalog.definitions import Scale
from metricsheet.language.message import Message
from metricsheet.reading.refusal import Refusal

ENOUGH_ANSWERS = 20
"""From how many answers on their largest one tells the scale they were given on."""


def scale_refusal(
    key: str,
    scale: Scale,
    count: int,
    numbers: Sequence[float],
    distinct: Collection[float],
    off: Collection[float],
) -> Refusal | None:
    """Return why ``count`` numbers as a whole are no answers on ``scale``, or ``None``.

    ``distinct`` are the different numbers and ``off`` those that the scale does not hold; ``numbers`` are
    looked at only where some are off it. A few numbers off the scale are no trouble of the column: they are
    rejected one by one.
    """
    if off:
        return _wrong_values(key, scale, numbers, off)
    return _smaller_scale(key, scale, count, distinct)


def _wrong_values(key: str, scale: Scale, numbers: Sequence[float], off: Collection[float]) -> Refusal | None:
    if not scale.whole or 2 * sum(1 for number in numbers if number in off) <= len(numbers):
        return None
    odd = [n for n in dict.fromkeys(numbers) if n in off and (n != int(n) or n < 0)]
    shown = tuple(f"{n:g}" for n in (odd or [n for n in dict.fromkeys(numbers) if n in off])[:2])
    if max(off) > 100 or min(off) < -100:
        return None
    if odd or len(numbers) == 1:
        return Refusal(
            "not_this_input",
            Message("finished_score", numbers=shown, scale=str(scale)),
            Message("map_finished", input=key),
        )
    return Refusal(
        "scale_mismatch",
        Message("answers_above_scale", highest=max(numbers), numbers=shown, scale=str(scale)),
        Message("give_answers_on", scale=str(scale)),
    )


def _smaller_scale(key: str, scale: Scale, count: int, distinct: Collection[float]) -> Refusal | None:
    """Return the trouble of answers that fit 1–5 or 1–7 under a rule for 1..10 or 0..10."""
    if scale.high != 10 or scale.low not in (0, 1) or count < ENOUGH_ANSWERS:
        return None
    highest = max(distinct)
    if highest not in (5, 7) or min(distinct) < 1 or any(n != int(n) for n in distinct):
        return None
    return Refusal(
        "scale_mismatch",
        Message("smaller_scale", highest=highest, count=count, scale=str(scale)),
        Message("insist_on_scale", scale=str(scale), input=key),
    )
