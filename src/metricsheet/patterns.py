"""Regular expressions that are compiled when they are first used.

A run reads one kind of file in a few styles, and needs a third of the patterns that its modules hold; to
compile them all takes a tenth of a short run.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from typing import AnyStr, cast

_MISREADS = sys.version_info < (3, 11, 5)
"""Matching goes on from where the last try of a possessive group fails half-way (CPython gh-106052)."""


def atomic(pattern: AnyStr) -> AnyStr:
    """Return a pattern with its possessive groups ``(…)*+`` as atomic ones, ``(?>(…)*)``: the same."""
    if isinstance(pattern, bytes):
        return atomic(pattern.decode("latin-1")).encode("latin-1")
    class_ = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
    possessive = re.compile(r"([?*+]|\{[0-9,]+\})\+")
    found: list[str] = []
    opened: list[int] = []
    at = 0
    while at < len(pattern):
        if pattern[at] == "\\":
            part = pattern[at : at + 2]
        elif pattern[at] == "[" and (whole := class_.match(pattern, at)):
            part = whole[0]
        else:
            part = pattern[at]
        at += len(part)
        if part == "(":
            opened.append(len(found))
        found.append(part)
        if part == ")":
            start = opened.pop()
            if often := possessive.match(pattern, at):
                found.insert(start, "(?>")
                found.append(f"{often[1]})")
                at = often.end()
    return "".join(found)


class _Late:
    """Stands for a pattern: takes over the methods of the compiled one as they are asked for."""

    def __init__(self, text: object, flags: int) -> None:
        self._given = text, flags

    def __getattr__(self, name: str) -> object:
        # only reached for what is not taken over yet
        text, flags = self._given
        if callable(text):
            text = text()
        pattern = cast("str", text)
        found: object = getattr(re.compile(atomic(pattern) if _MISREADS else pattern, flags), name)
        setattr(self, name, found)
        return found


def late(text: AnyStr | Callable[[], AnyStr], flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what ``re.compile`` returns, compiled when it is first used; a wrong pattern fails only then.

    ``text`` may be a function, called then: so are patterns made of words, which are not loaded before.
    """
    return cast("re.Pattern[AnyStr]", _Late(text, flags))


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of ``words`` as they are, the longest that fits first; nothing fits none."""
    unique = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(map(re.escape, unique)) or r"(?!)"
