"""Text in cells of a terminal, where wide East Asian letters take two: width, filling, cutting, wrapping."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# marks that must not begin a line in Japanese
_NOT_FIRST = "、。，．・：；？！）」』】〕〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ％ポ)]}.,:;!?%"


def width(text: str) -> int:
    """Return how many cells of a terminal ``text`` takes: wide letters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(map(letter_width, text))


@lru_cache(maxsize=4096)
def letter_width(letter: str) -> int:
    """Return how many cells one letter takes."""
    if unicodedata.combining(letter) or letter in "\u200b\u200c\u200d":
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def padded(text: str, cells: int, *, right: bool = False) -> str:
    """Return ``text`` filled with spaces to ``cells`` cells; ``right`` puts the spaces before it."""
    spaces = " " * (cells - width(text))
    return spaces + text if right else text + spaces


def cut(text: str, cells: int) -> str:
    """Return ``text``, its end replaced by ``…`` where it is wider than ``cells`` cells."""
    if width(text) <= cells:
        return text
    kept, used = "", 0
    for letter in text:
        used += letter_width(letter)
        if used > cells - 1:
            break
        kept += letter
    return kept.rstrip() + "…"


def wrapped(text: str, cells: int) -> list[str]:
    """Return the lines of ``text`` in at most ``cells`` cells, broken at spaces and between wide letters.

    A word longer than a line is broken where it must be. Empty text is one empty line.
    """
    if width(text) <= cells and not text[:1].isspace():
        return [text.rstrip(" ")]
    lines, line, used = [], "", 0
    for piece in _pieces(text, max(cells, 2)):
        size = width(piece)
        if used + size > cells and line and not piece.isspace():
            lines.append(line.rstrip(" "))
            line, used = "", 0
        if line or not piece.isspace():
            line, used = line + piece, used + size
    lines.append(line.rstrip(" "))
    return lines


def _pieces(text: str, cells: int) -> Iterable[str]:
    """Yield words, runs of spaces and single wide letters (with the marks that must follow them)."""
    # a number and its percent sign stay together
    for word in re.findall(r" +|[^ ]*\d %[^ ]*|[^ ]+", text):
        if word.isascii() and len(word) <= cells:
            yield word
            continue
        piece, used = "", 0
        for letter in word:
            size = letter_width(letter)
            wide = size == 2 or (piece and letter_width(piece[-1]) == 2)
            breaks = wide and letter not in _NOT_FIRST
            if piece and (breaks or used + size > cells):
                yield piece
                piece, used = "", 0
            piece, used = piece + letter, used + size
        if piece:
            yield piece
