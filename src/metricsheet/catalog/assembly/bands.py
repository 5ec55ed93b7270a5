"""Bands: reading ``when:``, and making sure that every number falls into the band its author meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from metricsheet.catalog.assembly.amounts import Unreadable, read_amount, write_amount
from metricsheet.catalog.definitions import Band, BandStatus, Better, Unit
from metricsheet.records import record

_ONE_SIDED = re.compile(r"(at least|above|at most|below)\s+(\S.*)", re.IGNORECASE)
_BETWEEN = re.compile(r"between\s+(\S.*?)\s+and\s+(\S.*)", re.IGNORECASE)
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


@record
class Range:
    """A stretch of the number line; an end that is ``None`` is open for ever."""

    low: float | None
    low_closed: bool
    high: float | None
    high_closed: bool


@record
class Piece:
    """A part of the number line between two edges of bands, with the index of the band that counts there."""

    range: Range
    band: int | None


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


def pieces(bands: Sequence[Band]) -> list[Piece]:
    """Return the whole number line from left to right, each piece with the first band that holds it."""
    edges = sorted({edge for band in bands for edge in (band.low, band.high) if edge is not None})
    if not edges:
        return [Piece(Range(None, False, None, False), 0 if bands else None)]
    found: list[Piece] = []
    left: float | None = None
    for edge in edges:
        inside = _inside(left, edge)
        if inside is not None:
            found.append(Piece(Range(left, False, edge, False), _first(bands, inside)))
        found.append(Piece(Range(edge, True, edge, True), _first(bands, edge)))
        left = edge
    inside = _inside(left, None)
    if inside is not None:
        found.append(Piece(Range(left, False, None, False), _first(bands, inside)))
    return found


def gaps(found: Sequence[Piece]) -> list[Range]:
    """Return the stretches that no band covers, neighbouring pieces joined."""
    open_pieces: list[Range] = []
    joined = False
    for piece in found:
        if piece.band is not None:
            joined = False
            continue
        if joined:
            last = open_pieces[-1]
            open_pieces[-1] = Range(last.low, last.low_closed, piece.range.high, piece.range.high_closed)
        else:
            open_pieces.append(piece.range)
        joined = True
    return open_pieces


def hidden(bands: Sequence[Band], found: Sequence[Piece]) -> list[tuple[int, tuple[int, ...]]]:
    """Return each band that no value reaches, with the bands above that take all its values."""
    reached = {piece.band for piece in found}
    result: list[tuple[int, tuple[int, ...]]] = []
    for index, band in enumerate(bands):
        if index not in reached:
            takers = {piece.band for piece in found if piece.band is not None and _touches(band, piece.range)}
            result.append((index, tuple(sorted(taker for taker in takers if taker < index))))
    return result


def against_better(bands: Sequence[Band], found: Sequence[Piece], better: Better) -> int | None:
    """Return the first band that is worse than a band on its worse side, or ``None`` when all is in order."""
    if better == "within":
        return None
    ordered = found if better == "higher" else list(reversed(found))
    best = -1
    for piece in ordered:
        if piece.band is None:
            continue
        rank = _RANK[bands[piece.band].status]
        if rank < best:
            return piece.band
        best = max(best, rank)
    return None


def status_of(bands: Sequence[Band], value: float) -> BandStatus | None:
    """Return the status of ``value``, or ``None`` when no band holds it."""
    index = _first(bands, value)
    return None if index is None else bands[index].status


def describe(stretch: Range, unit: Unit) -> str:
    """Return a stretch of numbers in words: ``5%``, ``above 3``, ``from 1 to below 2``."""
    low = None if stretch.low is None else write_amount(stretch.low, unit)
    high = None if stretch.high is None else write_amount(stretch.high, unit)
    if low is None or high is None:
        if low is None and high is None:
            return "every number"
        if low is not None:
            return f"{'at least' if stretch.low_closed else 'above'} {low}"
        return f"{'at most' if stretch.high_closed else 'below'} {high}"
    if stretch.low == stretch.high:
        return f"exactly {low}"
    left = "at least" if stretch.low_closed else "above"
    right = "at most" if stretch.high_closed else "below"
    return f"{left} {low} and {right} {high}"


def _first(bands: Sequence[Band], value: float) -> int | None:
    for index, band in enumerate(bands):
        if band.holds(value):
            return index
    return None


def _inside(low: float | None, high: float | None) -> float | None:
    """Return a number strictly between two edges, or ``None`` when they are neighbours."""
    if low is None:
        assert high is not None
        number = high - max(1.0, abs(high))
    elif high is None:
        number = low + max(1.0, abs(low))
    else:
        number = low / 2 + high / 2
    right = high is None or number < high
    return number if right and (low is None or number > low) else None


def _touches(band: Band, stretch: Range) -> bool:
    inside = stretch.low if stretch.low == stretch.high else _inside(stretch.low, stretch.high)
    return inside is not None and band.holds(inside)
