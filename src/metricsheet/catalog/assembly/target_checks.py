"""Targets against bands: whether a target can be reached, and what misses it although bands call it good."""

from __future__ import annotations

import re
from collections.abc import Sequence

from metricsheet.catalog.assembly.context import BuildContext
from metricsheet.catalog.bands_in_force import (
    GOOD,
    bands_against,
    engine_label,
    missed_side,
    missed_values,
    shares,
)
from metricsheet.catalog.definitions import (
    Band,
    BandDefinition,
    BandStatus,
    Better,
    OfTarget,
    Target,
    in_language,
)
from metricsheet.catalog.yaml.quotes import quoted
from metricsheet.language.message import Message
from metricsheet.values.value_sets import Numbers, union

_PLAIN = re.compile(r"[^\W\d_][\w ()/.+-]*")
"""A text that means itself in a YAML list or mapping without quotes."""

Tables = Sequence[tuple[BandDefinition, ...]]


def check_targets(building: BuildContext, tables: Tables, better: Better, targets: Sequence[Target]) -> None:
    """Report targets that are themselves in a bad band, whichever of ``tables`` is in force."""
    for target in targets:
        found = [_band_of(target, bands_against(written, better, target)) for written in tables]
        bad = [band for band in found if band is not None and band.status not in GOOD]
        if not bad or len(bad) < len(found):
            continue
        message = Message("target_in_bad_band", target=target.text, band=bad[0].when, status=bad[0].status)
        reached, missed = ("at most", "above") if better == "lower" else ("at least", "below")
        hint = Message("bands_against_target", missed=missed, reached=reached)
        building.problems.error(message, target.place, hint)


def advise_on_targets(
    building: BuildContext, tables: Tables, better: Better, targets: Sequence[Target]
) -> None:
    """Warn, once for a metric, where bands call values good that miss a target, with the bands to write."""
    for target in targets:
        for written in tables:
            problem = _called_good(written, better, target, building.merged.language)
            if problem is not None:
                building.problems.warning(problem[0], target.place, problem[1])
                return


def _band_of(target: Target, bands: Sequence[Band]) -> Band | None:
    return next((band for band in bands if band.contains(target.value)), None)


def _called_good(
    written: tuple[BandDefinition, ...], better: Better, target: Target, language: str
) -> tuple[Message, Message] | None:
    """Return what to say, and a hint, where the engine must step in between ``written`` and ``target``."""
    bands = bands_against(written, better, None)
    own = _band_of(target, bands)
    if any(band.names_target for band in written) or (own is not None and own.status not in GOOD):
        return None
    missed = missed_values(bands, better, target)
    label = in_language(engine_label(f"{missed_side(missed)}_target"), language)
    if not written and better == "within":
        message = Message("target_in_good_band.alone", target=target.text, label=label)
        return message, Message("bands_around_target")
    good = [(band, values) for band, values in zip(bands, shares(bands), strict=True) if band.status in GOOD]
    first = next((band for band, values in good if values.intersect(missed).intervals), None)
    if first is None:
        return None
    message = Message(
        "target_in_good_band.band", band=first.when, status=first.status, target=target.text, label=label
    )
    proposed = _with_target(written, better, target)
    if proposed is None:
        return message, Message("name_what_misses")
    return message, Message("write_bands", bands=tuple(_as_written(band, language) for band in proposed))


def _with_target(
    written: tuple[BandDefinition, ...], better: Better, target: Target
) -> list[BandDefinition] | None:
    """Return bands that name the target and grade every value as ``written`` and the engine do together."""
    wanted = bands_against(written, better, target)
    missed = missed_values(bands_against(written, better, None), better, target)
    side = missed_side(missed)
    if side == "outside":
        return None
    end = OfTarget(1.0)
    low, high = (None, end) if side == "below" else (end, None)
    own = BandDefinition("warn", f"{side} target", engine_label(f"{side}_target"), low, False, high, False)
    bad = [band for band in written if band.status not in GOOD]
    good = [band for band in written if band.status in GOOD]
    first = written.index(good[0])
    for order in ([*written[:first], own, *written[first:]], [*bad, own, *good]):
        in_force = bands_against(order, better, target)
        reached = [band for band, values in zip(order, shares(in_force), strict=True) if values.intervals]
        if _graded(bands_against(reached, better, target)) == _graded(wanted):
            return reached
    return None


def _graded(bands: Sequence[Band]) -> dict[tuple[BandStatus, str], Numbers]:
    """Return the values that get each status and label."""
    found: dict[tuple[BandStatus, str], Numbers] = {}
    for band, own in zip(bands, shares(bands), strict=True):
        key = band.status, band.label["en"]
        found[key] = union((found.get(key, Numbers(())), own))
    return {key: values for key, values in found.items() if values.intervals}


def _as_written(band: BandDefinition, language: str) -> str:
    label = in_language(band.label, language)
    said = label if _PLAIN.fullmatch(label) else quoted(label)
    return f"{{status: {band.status}, when: {band.when}, label: {said}}}"
