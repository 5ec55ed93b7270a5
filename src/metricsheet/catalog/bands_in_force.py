"""The bands in force for one target: ends that move with it made numbers, and values that miss it graded.

Bands and target are one question. Where some band names the target, the bands alone decide. Where none does,
a value that misses the target is never called ``ok`` or ``info``: the engine has a band of its own for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import takewhile
from math import inf
from typing import Literal

from metricsheet.catalog.definitions import (
    BAND_STATUSES,
    Band,
    BandDefinition,
    Better,
    LocalText,
    MetricDefinition,
    OfTarget,
    Target,
)
from metricsheet.catalog.frozen import Frozen
from metricsheet.language.words import in_every_language
from metricsheet.precision import in_15_digits
from metricsheet.values.value_sets import Numbers, numbers_that, shared_out, union

GOOD = ("ok", "info")
"""The statuses that a value must not have when it misses the target."""

Side = Literal["below", "above", "outside"]
_REACHED: Mapping[Better, str] = {"higher": "at least", "lower": "at most", "within": "exactly"}
_EVERYWHERE = (None, False, None, False)


def bands_in_force(
    metric: MetricDefinition, settings: Mapping[str, str], target: Target | None
) -> tuple[Band, ...]:
    """Return the bands that grade values of ``metric`` under ``settings``, read from top to bottom.

    They cover every number where there are any, unless bands name a target and none applies: then only
    those above the first that does are left.
    """
    return bands_against(metric.bands_for(settings), metric.better, target)


def bands_against(
    written: Sequence[BandDefinition], better: Better, target: Target | None
) -> tuple[Band, ...]:
    """Return ``written`` as it grades values where ``target`` applies."""
    if any(band.names_target for band in written):
        if target is None:
            written = list(takewhile(lambda band: not band.names_target, written))
        return tuple(_in_numbers(band, target) for band in written)
    bands = tuple(_in_numbers(band, None) for band in written)
    if target is None:
        return bands
    if not bands:
        bands = (Band("ok", f"{_REACHED[better]} {target.text}", engine_label("on_target"), *_EVERYWHERE),)
    found: list[Band] = []
    missed = missed_values(bands, better, target)
    for band, own in zip(bands, shares(bands), strict=True):
        if band.status in GOOD:
            found += _engine_bands(own.intersect(missed), missed, target)
        found.append(band)
    return tuple(found)


def missed_values(bands: Sequence[Band], better: Better, target: Target) -> Numbers:
    """Return the values that miss ``target``: those on its worse side.

    Where ``better`` is ``within``, the bands say which side that is: the one beside the target where values
    are not good. Where both sides are alike, all values but the target itself miss it.
    """
    below, above = numbers_that("<", target.value), numbers_that(">", target.value)
    if better == "within":
        good = union(own for band, own in zip(bands, shares(bands), strict=True) if band.status in GOOD)
        edge = in_15_digits(target.value)
        good_below = any(low < (edge, 0) <= high for low, high in good.intervals)
        good_above = any(low <= (edge, 1) < high for low, high in good.intervals)
        if good_below == good_above:
            return union((below, above))
        return above if good_below else below
    return below if better == "higher" else above


def missed_side(missed: Numbers) -> Side:
    """Return on which side of the target the values lie that miss it."""
    if not missed.contains(-inf):
        return "above"
    return "outside" if missed.contains(inf) else "below"


def bands_to_show(
    written: Sequence[BandDefinition], better: Better, target: Target | None
) -> tuple[Band | BandDefinition, ...]:
    """Return bands in the words of their author, with those of the engine where none names the target."""
    if any(band.names_target for band in written):
        return tuple(written)
    return bands_against(written, better, target)


def statuses_of(tables: Iterable[Sequence[Band]]) -> tuple[str, ...]:
    """Return the statuses that some value gets from some of ``tables``, in their usual order."""
    found = {
        band.status
        for bands in tables
        for band, own in zip(bands, shares(bands), strict=True)
        if own.intervals
    }
    return tuple(status for status in BAND_STATUSES if status in found)


def shares(bands: Sequence[Band]) -> list[Numbers]:
    """Return the values that fall into each band, the first that contains a value having it."""
    return shared_out([band.range.numbers for band in bands])[0]


def possible_targets(targets: Sequence[Target]) -> tuple[Target | None, ...]:
    """Return every target that may apply, ``None`` among them where there may be none."""
    always = any(target.since is None and not target.where for target in targets)
    return tuple(targets) if always else (*targets, None)


def possible_bands(
    tables: Sequence[Sequence[BandDefinition]], better: Better, targets: Sequence[Target | None]
) -> Iterator[tuple[Band, ...]]:
    """Yield the bands in force for each of ``tables`` and each of ``targets``."""
    for written in tables:
        for target in targets:
            yield bands_against(written, better, target)


@cache
def engine_label(key: str) -> LocalText:
    """Return a label of the engine's own bands in every language."""
    return Frozen(in_every_language(key))


def _in_numbers(band: BandDefinition, target: Target | None) -> Band:
    low, high = _number(band.low, target), _number(band.high, target)
    if low is not None and high is not None and low > high and _both_move(band):
        # a range around a target below zero
        low, high = high, low
    ends = (low, band.low_closed, high, band.high_closed)
    return Band(band.status, band.when, band.label, *ends, band.place)


def _number(end: float | OfTarget | None, target: Target | None) -> float | None:
    if not isinstance(end, OfTarget):
        return end
    assert target is not None
    return in_15_digits(end.factor * target.value)


def _both_move(band: BandDefinition) -> bool:
    return isinstance(band.low, OfTarget) and isinstance(band.high, OfTarget)


def _engine_bands(values: Numbers, missed: Numbers, target: Target) -> list[Band]:
    """Return the engine's own bands for ``values``, some of those that miss ``target``."""
    side = missed_side(missed)
    return [
        Band(
            "warn",
            f"{side} {target.text}",
            engine_label(f"{side}_target"),
            stretch.low,
            stretch.low_closed,
            stretch.high,
            stretch.high_closed,
        )
        for stretch in values.ranges
    ]
