"""Texts that make a pattern work hard: samples of what it matches, with a piece repeated and a wrong end.

A pattern that tries the same characters again and again needs a text that nearly fits it. ``pumps`` makes
such texts from the pattern's own parse tree, so that a new pattern is tried without anybody naming its weak
spot.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_CATEGORIES = {
    codes.CATEGORY_DIGIT: "07",
    codes.CATEGORY_NOT_DIGIT: "a <",
    codes.CATEGORY_SPACE: " \n",
    codes.CATEGORY_NOT_SPACE: "a0<",
    codes.CATEGORY_WORD: "a_0",
    codes.CATEGORY_NOT_WORD: " .<",
}
_ANYTHING = 'a0 <>"=.,_-()/\n'
_ENDS = ("", "\x00", "a", " ")
_SAMPLES, _LONGEST_SAMPLE, _LONGEST_UNIT = 2, 40, 3


def pumps(pattern: re.Pattern[Any], seed: int = 0) -> Iterator[tuple[str, str, str]]:
    """Yield (before, unit, after): ``before + unit * n + after`` is to be tried with growing ``n``."""
    source = random.Random(seed)
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = parser.parse(
        text, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    )
    seen: set[tuple[str, str, str]] = set()
    for _ in range(_SAMPLES):
        sample = _sample(tree, source)[:_LONGEST_SAMPLE]
        for start in range(len(sample)):
            near = range(start + 1, min(len(sample), start + _LONGEST_UNIT) + 1)
            for end in near if start else range(1, len(sample) + 1):
                for after in _ENDS:
                    pump = (sample[:start], sample[start:end], after)
                    if pump not in seen:
                        seen.add(pump)
                        yield pump


def _sample(tree: Any, source: random.Random) -> str:
    """Return a text that the pattern is likely to match; what only looks around gives nothing."""
    return "".join(_piece(code, value, source) for code, value in tree)


def _piece(code: Any, value: Any, source: random.Random) -> str:
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.NOT_LITERAL:
        return source.choice([c for c in _ANYTHING if ord(c) != value])
    if code is codes.ANY:
        return source.choice(_ANYTHING)
    if code is codes.IN:
        return _member(value, source)
    if code is codes.BRANCH:
        return _sample(source.choice(value[1]), source)
    if code is codes.SUBPATTERN:
        return _sample(value[-1], source)
    if code is codes.ATOMIC_GROUP:
        return _sample(value, source)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        least, most, body = value
        times = source.randint(least, int(min(most, least + 2)))
        return "".join(_sample(body, source) for _ in range(times))
    if code is codes.GROUPREF_EXISTS:
        return _sample(value[1], source)
    return ""


def _member(items: list[tuple[Any, Any]], source: random.Random) -> str:
    """Return a character of a set."""
    if items[0][0] is codes.NEGATE:
        return source.choice([c for c in _ANYTHING if not any(_has(item, c) for item in items[1:])] or ["ß"])
    code, value = source.choice(items)
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.RANGE:
        return chr(source.choice(value))
    return source.choice(_CATEGORIES[value])


def _has(item: tuple[Any, Any], character: str) -> bool:
    code, value = item
    if code is codes.LITERAL:
        return ord(character) == value
    if code is codes.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    return character in _CATEGORIES[value]
