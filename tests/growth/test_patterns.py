"""No pattern over what people give us takes more than linear time, however the text is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.growth.growth import grows_faster_than_linear
from tests.growth.patterns import Used, used_patterns
from tests.growth.pumps import pumps

USED = used_patterns()
LONGEST = 8_192


def _call(used: Used, before: str, unit: str, after: str) -> Callable[[int], Callable[[], Any]]:
    """Return the work of a pattern over a pumped text by the wanted length."""

    def sized(length: int) -> Callable[[], Any]:
        assert used.pattern is not None
        text: Any = before + unit * max(1, length // len(unit)) + after
        nothing: Any = ""
        if isinstance(used.pattern.pattern, bytes):
            text, nothing = text.encode("latin-1", "replace"), b""
        work = getattr(used.pattern, "search" if used.method == "compile" else used.method)
        if used.method in ("sub", "subn"):
            return lambda: work(nothing, text)
        if used.method == "finditer":
            return lambda: sum(1 for _ in work(text))
        return lambda: work(text)

    return sized


@pytest.mark.parametrize(
    "used", [u for u in USED if u.pattern is not None], ids=lambda used: f"{used.place} {used.method}"
)
def test_patterns_take_linear_time(used: Used) -> None:
    assert used.pattern is not None
    slow = [pump for pump in pumps(used.pattern) if grows_faster_than_linear(_call(used, *pump), LONGEST)]
    assert not slow[:1]
