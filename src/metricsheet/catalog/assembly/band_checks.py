"""Bands from their blocks, each table checked over the whole number line, and targets against them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, cast

from metricsheet.catalog.assembly.amounts import Unreadable, read_amount, write_amount
from metricsheet.catalog.assembly.context import BuildContext, local_text
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
    Unit,
    in_language,
)
from metricsheet.catalog.yaml.quotes import quoted
from metricsheet.catalog.yaml.tree import Block
from metricsheet.language.message import Message
from metricsheet.precision import equal, in_15_digits
from metricsheet.records import record
from metricsheet.source import Place
from metricsheet.values.value_sets import Numbers, Range, in_words, shared_out, union

_ONE_SIDED = re.compile(r"(at least|above|at most|below)\s+(\S.*)", re.IGNORECASE)
_BETWEEN = re.compile(r"between (\S+(?: \S+)*?) and (\S.*)", re.IGNORECASE)
_OTHER_WORDS = (
    (
        r"(?:>=|=>|≥|≧|min(?:imum)?\b|from\b|not below\b|no less than\b|not less than\b)",
        "at least",
    ),
    (r"(?:<=|=<|≤|≦|max(?:imum)?\b|up to\b|until\b|not above\b|no more than\b|not more than\b)", "at most"),
    (r"(?:>|over\b|more than\b|greater than\b|higher than\b|exceeds\b)", "above"),
    (r"(?:<|under\b|less than\b|lower than\b|fewer than\b|smaller than\b)", "below"),
)
_OF_TARGET = re.compile(r"(?:(\d+(?:\.\d+)?)(?:/(\d+(?:\.\d+)?))?\s+)?target", re.ASCII | re.IGNORECASE)
_OTHER_FACTORS = (
    r"(?P<n>[\d.]+)\s*(?P<percent>%)\s*(?:of\s+)?(?:the\s+)?target",
    r"(?P<n>[\d.]+)\s*(?:[x×*]\s*)?(?:of\s+)?(?:the\s+)?target",
    r"(?:the\s+)?target\s*[x×*]\s*(?P<n>[\d.]+)\s*(?P<percent>%)?",
    r"(?:the|our|\w+\.|\{)\s*target\}?",
)
_RANGE = re.compile(r"[\[(]?\s*([^\s,;\[\]()]+)\s*(?:\.\.\.?|,|;|–|—|\bto\b|-)\s*([^\s,;\[\]()]+)\s*[\])]?")
_RANK = {"critical": 0, "warn": 1, "info": 2, "ok": 2}


@record
class Ends:
    """The two ends of a ``when:``; ``None`` is open for ever, ``OfTarget`` moves with the target."""

    low: float | OfTarget | None
    low_closed: bool
    high: float | OfTarget | None
    high_closed: bool


def read_when(text: str, unit: Unit, currency: str) -> Ends | Unreadable:
    """Return the values that ``text`` covers: ``at least 3:1``, ``below 0.66 target``.

    Both ends of ``between`` belong to it.
    """
    text = " ".join(text.split())
    match = _ONE_SIDED.fullmatch(text)
    if match:
        word = match.group(1).lower()
        end = _read_end(match.group(2), unit, currency, f"{word} {{}}")
        if isinstance(end, Unreadable):
            return end
        closed = word.startswith("at")
        if word in ("at least", "above"):
            return Ends(end, closed, None, False)
        return Ends(None, False, end, closed)
    match = _BETWEEN.fullmatch(text)
    if match:
        low = _read_end(match.group(1), unit, currency, f"between {{}} and {match.group(2)}")
        high = _read_end(match.group(2), unit, currency, f"between {match.group(1)} and {{}}")
        if isinstance(low, Unreadable):
            return low
        if isinstance(high, Unreadable):
            return high
        if _turned_round(low, high):
            hint = Message("write", text=f"between {match.group(2)} and {match.group(1)}")
            return Unreadable(Message("bad_when.order", found=text), hint)
        return Ends(low, True, high, True)
    return Unreadable(Message("bad_when.form", found=text), _when_hint(text))


def _read_end(text: str, unit: Unit, currency: str, whole: str) -> float | OfTarget | Unreadable:
    """Return one end of a band; ``whole`` is how the ``when:`` goes on around it."""
    if "target" not in text.lower():
        return read_amount(text, unit, currency)
    match = _OF_TARGET.fullmatch(text)
    if match is not None:
        above, below = float(match.group(1) or 1), float(match.group(2) or 1)
        if above and below:
            return OfTarget(above / below)
    hint = Message("write_factor_of_target")
    for pattern in _OTHER_FACTORS if match is None else ():
        other = re.fullmatch(pattern, text, re.ASCII | re.IGNORECASE)
        if other is not None:
            groups = other.groupdict()
            factor = "" if groups.get("n") is None else f"{_plain(groups['n'], groups.get('percent'))} "
            hint = Message("write", text=whole.format(f"{factor}target"))
            break
    return Unreadable(Message("bad_when.target", found=text), hint)


def _plain(number: str, percent: str | None) -> str:
    try:
        return f"{float(number) / (100 if percent else 1):.10g}"
    except ValueError:
        return "0.9"


def _turned_round(low: float | OfTarget, high: float | OfTarget) -> bool:
    """Return whether ``low`` is above ``high`` whatever the target is."""
    if isinstance(low, OfTarget) and isinstance(high, OfTarget):
        return low.factor > high.factor
    return isinstance(low, float) and isinstance(high, float) and low > high


def _when_hint(text: str) -> Message | None:
    for pattern, word in _OTHER_WORDS:
        match = re.match(rf"{pattern}\s*(\S.*)", text, re.IGNORECASE)
        if match:
            return Message("write", text=f"{word} {match.group(1)}")
    match = _RANGE.fullmatch(text)
    if match:
        return Message("write", text=f"between {match.group(1)} and {match.group(2)}")
    match = re.fullmatch(r"==?\s*(\S.*)|(-?[\d.]\S*)", text)
    if match:
        return Message("write_a_band_of", number=match.group(1) or match.group(2))
    match = re.match(r"(atleast|at-least|atmost|at-most)\s*(\S.*)", text, re.IGNORECASE)
    if match is None:
        return None
    return Message("write", text=f"at {match.group(1)[2:].strip('-').lower()} {match.group(2)}")


def hidden(bands: Sequence[Band]) -> list[tuple[int, tuple[int, ...]]]:
    """Return each band that no value reaches, with the bands above that take all its values."""
    whole = [band.range.numbers for band in bands]
    reached, _ = shared_out(whole)
    result: list[tuple[int, tuple[int, ...]]] = []
    for index, numbers in enumerate(reached):
        if numbers.empty:
            takers = [i for i in range(index) if not reached[i].intersect(whole[index]).empty]
            result.append((index, tuple(takers)))
    return result


def gaps(bands: Sequence[Band]) -> list[Range]:
    """Return the stretches of numbers that no band covers, from left to right."""
    return shared_out([band.range.numbers for band in bands])[1].ranges


def against_better(bands: Sequence[Band], better: Better) -> int | None:
    """Return the first band that is worse than a band on its worse side, or ``None`` when all is in order."""
    if better == "within":
        return None
    reached, _ = shared_out([band.range.numbers for band in bands])
    pieces = [(piece, index) for index, numbers in enumerate(reached) for piece in numbers.intervals]
    best = -1
    for _, index in sorted(pieces, reverse=better == "lower"):
        rank = _RANK[bands[index].status]
        if rank < best:
            return index
        best = max(best, rank)
    return None


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


_PLAIN_WORDS = re.compile(r"[^\W\d_][\w ()/.+-]*")
"""A text that means itself in a YAML list or mapping without quotes."""

Tables = Sequence[tuple[BandDefinition, ...]]


def check_targets(building: BuildContext, tables: Tables, better: Better, targets: Sequence[Target]) -> None:
    """Report targets that are themselves in a bad band, whichever of ``tables`` applies."""
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
    said = label if _PLAIN_WORDS.fullmatch(label) else quoted(label)
    return f"{{status: {band.status}, when: {band.when}, label: {said}}}"
