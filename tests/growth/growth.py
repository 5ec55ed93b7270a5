"""How the work of a call grows with its input, told without a clock on the wall."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any


def grows_faster_than_linear(
    call: Callable[[int], Callable[[], Any]], most: int, worth: float = 0.004
) -> bool:
    """Return whether the work of ``call(n)()`` grows faster than ``n``, up to ``most``.

    ``n`` is raised until the work takes ``worth`` seconds of the processor (linear work of size ``most``
    takes less by far, and ends here); then four times as much is asked for: linear work takes 4 times as
    long, quadratic 16 times. Only ratios decide, and each is taken again before it is believed.
    """
    n = 16
    while (spent := _spent(call(n))) < worth:
        if n >= most:
            return False
        n *= 2
    for _ in range(2):
        more = _spent(call(4 * n))
        if more < 8 * min(spent, _spent(call(n))):
            return False
        if more > 40 * spent:  # cubic: no need to wait for it again
            return True
    return True


def _spent(call: Callable[[], Any]) -> float:
    """Return the seconds of the processor that a call takes."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        start = time.thread_time()
        call()
        return time.thread_time() - start
    finally:
        if enabled:
            gc.enable()
