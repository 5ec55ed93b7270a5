"""Bands from their blocks, each table checked over the whole number line and against the targets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, cast

from metricsheet.catalog.assembly.amounts import Unreadable, write_amount
from metricsheet.catalog.assembly.bands import against_better, gaps, hidden, read_when
from metricsheet.catalog.assembly.context import BuildContext, local_text
from metricsheet.catalog.bands_in_force import bands_against
from metricsheet.catalog.definitions import Band, BandDefinition, Better, OfTarget, Target, Unit
from metricsheet.catalog.yaml.tree import Block
from metricsheet.language.message import Message
from metricsheet.precision import equal, in_15_digits
from metricsheet.source import Place
from metricsheet.values.value_sets import Range, in_words


def build_bands(
    building: BuildContext, block: Block, key: str, unit: Unit, targets: Sequence[Target]
) -> tuple[BandDefinition, ...]:
    """Return the bands under ``key`` of ``block``; gaps, hidden and unreadable bands are reported.

    Bands that name the target are looked at under each of ``targets``.
    """
    written = block.items_of(key)
    if written is None:
        return ()
    bands: list[BandDefinition] = []
    for index, item in enumerate(written):
        assert isinstance(item, Block)
        read = read_when(item.text("when"), unit, building.merged.currency)
        if isinstance(read, Unreadable):
            building.problems.error(read.message, item.place("when"), read.hint)
            continue
        status: Any = item.text("status")
        label = local_text(item["label"])
        ends = (read.low, read.low_closed, read.high, read.high_closed)
        bands.append(BandDefinition(status, item.text("when"), label, *ends, place=written.place(index)))
    if len(bands) == len(written):
        _check(building, bands, targets, unit, block.key_place(key))
    return tuple(bands)


def check_direction(
    building: BuildContext, written: Sequence[BandDefinition], better: Better, targets: Sequence[Target]
) -> None:
    """Warn of bands that get worse where values get better."""
    named = any(band.names_target for band in written)
    bands = bands_against(written, better, targets[0] if named and targets else None)
    index = against_better(bands, better)
    if index is not None:
        band = bands[index]
        message = Message("bands_against_better", status=band.status)
        hint = Message("better_says_which_way", better=better)
        building.problems.warning(message, band.place, hint)


def _check(
    building: BuildContext,
    written: Sequence[BandDefinition],
    targets: Sequence[Target],
    unit: Unit,
    place: Place,
) -> None:
    # ``better`` only matters where the engine adds bands, which it does not do here
    tables: list[tuple[Target | None, tuple[Band, ...]]] = [(None, bands_against(written, "within", None))]
    if any(band.names_target for band in written):
        tables = [(target, bands_against(written, "within", target)) for target in targets]
    said = set()
    for target, bands in tables:
        write = _edge_writer(written, target, unit)
        for gap in gaps(bands):
            missing = in_words(gap, partial(write_amount, unit=unit))
            if missing in said:
                continue
            said.add(missing)
            message = Message("band_gap", missing=missing)
            if target is not None:
                message = Message("band_gap.where", missing=missing, target=target.text)
            beside = _beside(bands, gap)
            at = beside.place if beside is not None else place
            building.problems.error(message, at, _gap_hint(gap, beside, write))
    for index, takers in _never_reached(written, targets):
        building.problems.error(
            Message("band_hidden"),
            written[index].place,
            Message("move_up_or_delete"),
            tuple(
                (cast(Place, written[taker].place), Message("taken_by_band", band=written[taker].when))
                for taker in takers
            ),
        )


def _never_reached(
    written: Sequence[BandDefinition], targets: Sequence[Target]
) -> list[tuple[int, tuple[int, ...]]]:
    """Return each band that no value reaches under any target, with the bands above that take its values.

    A company may set a target under which a band of others has no values; that is no mistake of the bands.
    """
    left: dict[int, tuple[int, ...]] | None = None
    for target in _targets_to_try(written, targets):
        bands = bands_against(written, "within", target)
        found = dict(hidden(bands))
        left = found if left is None else {key: takers for key, takers in left.items() if key in found}
    return list((left or {}).items())


def _targets_to_try(written: Sequence[BandDefinition], targets: Sequence[Target]) -> Iterator[Target | None]:
    """Yield targets between which no two ends of bands change places, of the signs that are in use."""
    ends = [end for band in written for end in (band.low, band.high) if end is not None]
    factors = {end.factor for end in ends if isinstance(end, OfTarget)}
    if not factors:
        yield None
        return
    signs = {(target.value > 0) - (target.value < 0) for target in targets}
    meeting = sorted({end / factor for end in ends if isinstance(end, float) for factor in factors} | {0.0})
    tried = {*meeting, *(target.value for target in targets), meeting[0] - 1, meeting[-1] + 1}
    tried |= {(low + high) / 2 for low, high in pairwise(meeting)}
    for value in sorted(tried):
        if (value > 0) - (value < 0) in signs:
            yield Target(value, "")


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


def _edge_writer(
    written: Sequence[BandDefinition], target: Target | None, unit: Unit
) -> Callable[[float], str]:
    """Return a function that writes the edge of a band as its author does: ``0.66 target``, ``5%``."""
    named = (
        {}
        if target is None
        else {
            in_15_digits(end.factor * target.value): "target"
            if end.factor == 1
            else f"{end.factor:.10g} target"
            for band in written
            for end in (band.low, band.high)
            if isinstance(end, OfTarget)
        }
    )
    return lambda edge: named.get(edge) or write_amount(edge, unit)


def _gap_hint(gap: Range, beside: Band | None, write: Callable[[float], str]) -> Message:
    low = None if gap.low is None else write(gap.low)
    high = None if gap.high is None else write(gap.high)
    if low is not None and gap.low == gap.high:
        if beside is not None:
            word = "at most" if _same(beside.high, gap.low) else "at least"
            return Message("write_band_here", band=f"{word} {low}")
        return Message("add_a_band", band=f"between {low} and {low}")
    if low is not None and high is not None:
        return Message("add_a_band", band=f"between {low} and {high}")
    if low is not None:
        return Message("add_a_band", band=f"{'at least' if gap.low_closed else 'above'} {low}")
    return Message("add_a_band", band=f"{'at most' if gap.high_closed else 'below'} {high}")
