"""Bands: reading ``when:``, and making sure that every number falls into the band its author meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from metricsheet.catalog.assembly.amounts import Unreadable, read_amount
from metricsheet.catalog.definitions import Band, BandStatus, Better, Unit
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
_RANGE = re.compile(r"[\[(]?\s*([^\s,;\[\]()]+)\s*(?:\.\.\.?|,|;|–|—|\bto\b|-)\s*([^\s,;\[\]()]+)\s*[\])]?")
_RANK = {"critical": 0, "warn": 1, "info": 2, "ok": 2}


def read_when(text: str, unit: Unit, currency: str) -> Range | Unreadable:
    """Return the values that ``text`` (``at least 3:1``) covers; both ends of ``between`` belong to it."""
    text = " ".join(text.split())
    match = _ONE_SIDED.fullmatch(text)
    if match:
        edge = read_amount(match.group(2), unit, currency)
        if isinstance(edge, Unreadable):
            return edge
        word = match.group(1).lower()
        closed = word.startswith("at")
        if word in ("at least", "above"):
            return Range(edge, closed, None, False)
        return Range(None, False, edge, closed)
    match = _BETWEEN.fullmatch(text)
    if match:
        low, high = read_amount(match.group(1), unit, currency), read_amount(match.group(2), unit, currency)
        for edge in (low, high):
            if isinstance(edge, Unreadable):
                return edge
        assert not isinstance(low, Unreadable)
        assert not isinstance(high, Unreadable)
        if low > high:
            message = f"expected the lower number first, found {text}"
            return Unreadable("bad_when", message, f"write between {match.group(2)} and {match.group(1)}")
        return Range(low, True, high, True)
    return Unreadable(
        "bad_when",
        f"expected at least, above, at most or below and a number, or between two numbers, found {text!r}",
        _when_hint(text),
    )


def _when_hint(text: str) -> str | None:
    for pattern, word in _OTHER_WORDS:
        match = re.match(rf"{pattern}\s*(\S.*)", text, re.IGNORECASE)
        if match:
            return f"write {word} {match.group(1)}"
    match = _RANGE.fullmatch(text)
    if match:
        return f"write between {match.group(1)} and {match.group(2)}"
    match = re.fullmatch(r"==?\s*(\S.*)|(-?[\d.]\S*)", text)
    if match:
        number = match.group(1) or match.group(2)
        return f"write at least {number}, at most {number}, or between {number} and {number}"
    match = re.match(r"(atleast|at-least|atmost|at-most)\s*(\S.*)", text, re.IGNORECASE)
    return f"write at {match.group(1)[2:].strip('-').lower()} {match.group(2)}" if match else None


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


def status_of(bands: Sequence[Band], value: float) -> BandStatus | None:
    """Return the status of ``value``, or ``None`` when no band holds it."""
    return next((band.status for band in bands if band.holds(value)), None)
