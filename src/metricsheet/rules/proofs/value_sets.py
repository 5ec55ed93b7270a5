"""TEMPORARY."""

from metricsheet.values.value_sets import (  # noqa: F401
    EVERY_NUMBER,
    EVERY_WORD,
    Numbers,
    Range,
    Words,
    meet,
    numbers_that,
    present,
    union,
)
from metricsheet.values.value_sets import ValueSet as Region  # noqa: F401


def interval(low, low_closed, high, high_closed):  # type: ignore[no-untyped-def]
    return Range(low, low_closed, high, high_closed).numbers


def in_words(region, unit):  # type: ignore[no-untyped-def]
    from metricsheet.values.value_sets import in_words as words

    write = lambda number: f"{number * 100:.12g}%" if unit == "percent" else f"{number:.12g}"  # noqa: E731
    return " or ".join(words(stretch, write) for stretch in region.ranges) or "no number"
