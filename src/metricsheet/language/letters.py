"""Letters that steer what shows a text, instead of being shown."""

from __future__ import annotations

from metricsheet.patterns import late

# control letters, line and paragraph breaks, marks that turn the reading direction, halves of letters
STEERING = late(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]+"
)


def steady(text: str, keep: str = "\n", instead: str = " ") -> str:
    """Return ``text`` with ``instead`` for letters that steer a terminal, but for those to ``keep``."""
    if text.isprintable():
        return text
    return STEERING.sub(lambda found: "".join(filter(keep.__contains__, found[0])) or instead, text)
