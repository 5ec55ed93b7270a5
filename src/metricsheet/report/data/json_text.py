"""JSON text with indents, as ``json.dumps`` writes it: that does so letter by letter, three times slower."""

from __future__ import annotations

from json.encoder import encode_basestring
from math import isfinite

from metricsheet.language.letters import STEERING


def _quoted(text: str) -> str:
    """Return a text of JSON that no terminal takes for commands, and no page turns round."""
    quoted = encode_basestring(text)
    if quoted.isprintable():
        return quoted
    return STEERING.sub(lambda found: "".join(f"\\u{ord(letter):04x}" for letter in found[0]), quoted)


def indented(value: object, indent: str = "") -> str:
    """Return ``json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)``; ``indent`` is around it.

    Letters that steer what shows them are escaped as well.

    Keys must be text. Raises ``ValueError`` for a number that is not finite, ``TypeError`` for other objects.
    """
    if isinstance(value, str):
        return _quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError(f"not a number of JSON: {value!r}")
        return float.__repr__(value)
    inner = indent + "  "
    if isinstance(value, dict):
        parts = [f"{_quoted(key)}: {indented(item, inner)}" for key, item in value.items()]
        start, end = "{", "}"
    elif isinstance(value, (list, tuple)):
        parts = [indented(item, inner) for item in value]
        start, end = "[", "]"
    else:
        raise TypeError(f"not a value of JSON: {value!r}")
    if not parts:
        return start + end
    separator = f",\n{inner}"
    return f"{start}\n{inner}{separator.join(parts)}\n{indent}{end}"
