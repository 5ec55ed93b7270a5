"""Bands from their blocks, each table checked over the whole number line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from metricsheet.catalog.assembly.amounts import Unreadable, write_amount
from metricsheet.catalog.assembly.bands import (
    against_better,
    gaps,
    hidden,
    read_when,
    status_of,
)
from metricsheet.catalog.assembly.context import Building, local_text
from metricsheet.catalog.definitions import Band, Better, Target, Unit
from metricsheet.catalog.yaml.tree import Block
from metricsheet.precision import equal
from metricsheet.source import Place
from metricsheet.values.value_sets import Range, in_words


def build_bands(building: Building, block: Block, key: str, unit: Unit) -> tuple[Band, ...]:
    """Return the bands under ``key`` of ``block``; gaps, hidden and unreadable bands are reported."""
    written = block.items_of(key)
    if written is None:
        return ()
    bands: list[Band] = []
    for index, item in enumerate(written):
        assert isinstance(item, Block)
        read = read_when(item.text("when"), unit, building.merged.currency)
        if isinstance(read, Unreadable):
            building.problems.error(read.code, read.message, item.place("when"), read.hint)
            continue
        status: Any = item.text("status")
        label = local_text(item["label"])
        edges = (read.low, read.low_closed, read.high, read.high_closed)
        bands.append(Band(status, item.text("when"), label, *edges, place=written.place(index)))
    if len(bands) == len(written):
        _check(building, bands, unit, block.key_place(key))
    return tuple(bands)


def check_direction(
    building: Building, bands: Sequence[Band], better: Better, targets: Sequence[Target]
) -> None:
    """Warn of bands that get worse where values get better, and of targets that lie in a bad band."""
    index = against_better(bands, better)
    if index is not None:
        band = bands[index]
        message = f"this band is {band.status}, but a band of less good values is better"
        hint = f"better: {better} says which way is better"
        building.problems.warning("bands_against_better", message, band.place, hint)
    for target in targets:
        status = status_of(bands, target.value)
        if status in ("warn", "critical"):
            message = f"the target lies in a band with the status {status}"
            building.problems.warning("target_in_bad_band", message, target.place)


def _check(building: Building, bands: Sequence[Band], unit: Unit, place: Place) -> None:
    for gap in gaps(bands):
        beside = _beside(bands, gap)
        building.problems.error(
            "band_gap",
            f"expected bands for every number, found none for {_written(gap, unit)}",
            beside.place if beside is not None else place,
            _gap_hint(gap, beside, unit),
        )
    for index, takers in hidden(bands):
        building.problems.error(
            "band_hidden",
            "expected a band that some value can reach, found one whose values all fall into bands above it",
            bands[index].place,
            "move it up, or delete it",
            tuple((cast(Place, bands[t].place), f"taken by the band {bands[t].when!r}") for t in takers),
        )


def _beside(bands: Sequence[Band], gap: Range) -> Band | None:
    for band in bands:
        if _same(band.high, gap.low):
            return band
    for band in bands:
        if _same(band.low, gap.high):
            return band
    return None


def _same(edge: float | None, other: float | None) -> bool:
    return edge is not None and other is not None and equal(edge, other)


def _written(gap: Range, unit: Unit) -> str:
    return in_words(gap, partial(write_amount, unit=unit))


def _gap_hint(gap: Range, beside: Band | None, unit: Unit) -> str:
    if beside is not None and gap.low is not None and gap.low == gap.high:
        edge = write_amount(gap.low, unit)
        return f"write at most {edge} here" if _same(beside.high, gap.low) else f"write at least {edge} here"
    return (
        f"add a band: {_written(gap, unit) if gap.low is None or gap.high is None else _between(gap, unit)}"
    )


def _between(gap: Range, unit: Unit) -> str:
    assert gap.low is not None
    assert gap.high is not None
    return f"between {write_amount(gap.low, unit)} and {write_amount(gap.high, unit)}"
