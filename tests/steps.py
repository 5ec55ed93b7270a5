"""Work counted in calls, which are the same on a fast machine, a slow one and a busy one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class TooManyStepsError(AssertionError):
    """Something took more steps than it may."""


@contextmanager
def at_most(limit: int) -> Iterator[Callable[[], int]]:
    """Stop the block as soon as it has called more than ``limit`` functions, of Python or of C, and fail.

    Gives a function that returns how many were called so far.
    """
    count = 0

    def called(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        if event in ("call", "c_call"):
            count += 1
            if count > limit:
                raise TooManyStepsError(f"more than {limit:,} steps")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        yield lambda: count
    finally:
        sys.setprofile(before)
    if count > limit:  # whoever was stopped has caught it
        raise TooManyStepsError(f"more than {limit:,} steps")
