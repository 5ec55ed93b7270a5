"""JSON text with indents, as ``json.dumps`` writes it: that does so letter by letter, three times slower."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from json.encoder import encode_basestring
from math import isfinite
from types import NoneType
from typing import Any

from metricsheet.language.letters import STEERING


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    """Return a text of JSON that no terminal takes for commands, and no page turns round."""
    return _steady(encode_basestring(text))


def _steady(quoted: str) -> str:
    if quoted.isprintable():
        return quoted
    return STEERING.sub(lambda found: "".join(f"\\u{ord(letter):04x}" for letter in found[0]), quoted)


def in_one_line(value: object) -> str:
    """Return what ``indented`` returns, without a line break."""
    return _steady(json.dumps(value, ensure_ascii=False, allow_nan=False))


def indented(value: object, indent: str = "") -> str:
    """Return ``json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)``; ``indent`` is around it.

    Letters that steer what shows them are escaped as well.

    Keys must be text. Raises ``ValueError`` for a number that is not finite, ``TypeError`` for other objects.
    """
    inner = indent + "  "
    if isinstance(value, dict):
        # most values are no lists: these are written here, without a call of this function for each
        parts = [
            f"{_quoted(key)}: {write(item) if write else indented(item, inner)}"
            for key, item in value.items()
            for write in (_WRITERS.get(type(item)),)
        ]
        start, end = "{", "}"
    elif isinstance(value, (list, tuple)):
        parts = [indented(item, inner) for item in value]
        start, end = "[", "]"
    else:
        return _plain(value)
    if not parts:
        return start + end
    separator = f",\n{inner}"
    return f"{start}\n{inner}{separator.join(parts)}\n{indent}{end}"


def indented_pieces(parts: Mapping[str, object]) -> Iterator[str]:
    """Yield ``indented(parts)`` piece by piece, what an iterator among them gives item by item."""
    before = "{\n  "
    for key, value in parts.items():
        yield f"{before}{_quoted(key)}: "
        before = ",\n  "
        if not isinstance(value, Iterator):
            yield indented(value, "  ")
            continue
        start = "[\n    "
        for item in value:
            yield start + indented(item, "    ")
            start = ",\n    "
        yield "\n  ]" if start[0] == "," else "[]"
    yield "\n}"


def _plain(value: object) -> str:
    """Return a text, number, truth value or nothing as JSON."""
    for kind, write in _WRITERS.items():
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"not a value of JSON: {value!r}")


def _number(value: float) -> str:
    if not isfinite(value):
        raise ValueError(f"not a number of JSON: {value!r}")
    return float.__repr__(value)


# a truth value is a whole number, too
_WRITERS: dict[type, Callable[[Any], str]] = {
    str: _quoted,
    NoneType: lambda _: "null",
    bool: lambda value: "true" if value else "false",
    int: int.__repr__,
    float: _number,
}
