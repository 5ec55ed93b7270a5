"""Bands: reading ``when:``, and making sure that every number falls into the band its author meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from metricsheet.catalog.assembly.amounts import Unreadable, read_amount
from metricsheet.catalog.definitions import Band, Better, OfTarget, Unit
from metricsheet.language.message import Message
from metricsheet.records import record
from metricsheet.values.value_sets import Range, shared_out

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
