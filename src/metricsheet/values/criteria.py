"""Criteria of ``COUNTIF`` and its relatives: ``">=9"``, ``"<>"``, ``"*brown"``, a number, an error."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal

from metricsheet.language.message import Message
from metricsheet.patterns import late
from metricsheet.records import field, record
from metricsheet.values import ERROR_CODES, VALUE, Cell, ExcelError, is_number
from metricsheet.values.coerce import number_from_text, to_number
from metricsheet.values.compare import text_order
from metricsheet.values.folding import caseless, units

Comparison = Literal["=", "<>", "<", ">", "<=", ">="]
MAX_LENGTH = 255
"""The longest criterion text; a longer one is ``#VALUE!`` as in Excel."""

_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_LEAD = late(r"<=|>=|<>|=|<|>")
_WILD = late(r"[*?~]")
_SIGN = late(r"~[*?~]|.", re.DOTALL)


@record
class Criterion:
    """A test of one cell. ``value`` is what is compared: its kind decides which cells can meet the test.

    A value of ``None`` stands for emptiness: ``=`` alone wants blank cells, ``<>`` alone filled ones, and an
    empty criterion (``empty``) blank cells and empty texts.
    """

    op: Comparison
    value: Cell
    empty: bool = False
    pattern: tuple[re.Pattern[str], ...] | None = field(default=None, compare=False)

    @property
    def key(self) -> tuple[object, ...]:
        """What tells this test from others in a dict, where ``TRUE`` and 1 would be one value."""
        return self.op, type(self.value), self.value, self.empty, self.pattern is not None

    def matches(self, cell: Cell) -> bool:
        """Return whether ``cell`` meets the criterion."""
        op, value = self.op, self.value
        if cell.__class__ is float and value.__class__ is float and op != "=" and op != "<>":
            return _ORDER[op](cell, value)
        if op == "=" or op == "<>":
            return self._equals(cell) is (op == "=")
        if value is None or isinstance(value, ExcelError) or isinstance(cell, ExcelError) or cell is None:
            return False
        if isinstance(value, str):
            return isinstance(cell, str) and _ORDER[op](text_order(cell, value), 0)
        if isinstance(cell, str) or isinstance(cell, bool) is not isinstance(value, bool):
            return False
        return _ORDER[op](cell, value)

    def _equals(self, cell: Cell) -> bool:
        value = self.value
        if value is None:
            return cell is None or (self.empty and cell == "")
        if isinstance(value, ExcelError):
            return isinstance(cell, ExcelError) and cell.code == value.code
        if isinstance(value, bool):
            return cell is value
        if isinstance(value, str):
            if not isinstance(cell, str):
                return False
            return _fits(cell, self.pattern) if self.pattern else caseless(cell) == value
        if isinstance(cell, str):
            # COUNTIF(range, 23) also counts the text "23"; "<>23" does not leave it out
            return self.op == "=" and number_from_text(cell) == value
        return is_number(cell) and cell == value


def criterion(cell: Cell) -> Criterion | ExcelError:
    """Return the test that a criterion stands for, ``#VALUE!`` when its text is too long.

    A blank criterion is the number 0, as Excel reads a reference to an empty cell.
    """
    if cell is None:
        return Criterion("=", 0.0)
    if not isinstance(cell, str):
        return Criterion("=", cell if isinstance(cell, (bool, ExcelError)) else to_number(cell))
    if len(cell) > MAX_LENGTH:
        return ExcelError(VALUE, Message("criterion_too_long", most=MAX_LENGTH))
    return _of_text(cell)


@lru_cache(maxsize=1024)
def _of_text(cell: str) -> Criterion:
    lead = _LEAD.match(cell)
    op: Comparison = lead[0] if lead else "="  # type: ignore[assignment]
    rest = cell[lead.end() :] if lead else cell
    if not rest:
        return Criterion(op, None, empty=lead is None)
    word = rest.upper()
    if word in ("TRUE", "FALSE"):
        return Criterion(op, word == "TRUE")
    if word in ERROR_CODES:
        return Criterion(op, ExcelError(word))
    number = number_from_text(rest)
    if number is not None:
        return Criterion(op, number)
    if op in ("=", "<>") and _WILD.search(rest):
        return _wildcard(op, rest)
    return Criterion(op, caseless(rest) if op in ("=", "<>") else rest)


def _wildcard(op: Comparison, text: str) -> Criterion:
    """Return the test for a text with ``*``, ``?`` and ``~`` before a sign that is meant as it is."""
    if not {"*", "?"} & {*_SIGN.findall(text)}:
        return Criterion(op, caseless(re.sub(r"~([*?~])", r"\1", text)))
    return Criterion(op, text, pattern=_pieces(text))


def _pieces(text: str) -> tuple[re.Pattern[str], ...]:
    """Return what is between the ``*`` of a text, each a pattern of as many signs as it fits."""
    pieces = [""]
    for sign in _SIGN.findall(units(text)):
        if sign == "*":
            pieces.append("")
        else:
            pieces[-1] += "." if sign == "?" else re.escape(sign[-1])
    return tuple(re.compile(piece, re.DOTALL) for piece in pieces)


def place_of(wanted: str, text: str, start: int) -> int | None:
    """Return where ``wanted`` first begins in ``text``, from ``start`` (from 0) on, wildcards and all.

    Places are counted as ``LEN`` counts. After the leftmost place of the first piece the others have most
    room, so that nothing needs to be tried again.
    """
    folded = units(text)
    if start > len(folded):
        return None
    place, at = None, start
    for piece in _pieces(wanted):
        found = piece.search(folded, at)
        if found is None:
            return None
        place, at = found.start() if place is None else place, found.end()
    return place


def _fits(text: str, pieces: tuple[re.Pattern[str], ...]) -> bool:
    """Return whether ``text`` is the pieces in their order with anything between them.

    Each piece is looked for once, leftmost, so that no pattern takes more than its length times the text's.
    """
    folded = units(text)
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return first.fullmatch(folded) is not None
    start = first.match(folded)
    if start is None:
        return False
    at = start.end()
    for piece in pieces[1:-1]:
        found = piece.search(folded, at)
        if found is None:
            return False
        at = found.end()
    # the last piece has one length only (no repeats in it), so it can only be at the very end
    tail = len(folded) - _width(last)
    return tail >= at and last.fullmatch(folded, tail) is not None


def _width(piece: re.Pattern[str]) -> int:
    """Return how many characters ``piece`` matches: every escaped sign and every ``.`` is one."""
    return len(re.sub(r"\\(.)", r"\1", piece.pattern, flags=re.DOTALL))
