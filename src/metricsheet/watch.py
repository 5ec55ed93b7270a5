"""Limits that a run sets itself: how many slices, and how long and how much memory each source may take."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from math import inf
from time import monotonic
from types import FrameType

from metricsheet.dataset import Problem
from metricsheet.errors import UsageError, did_you_mean
from metricsheet.evaluation.options import MOST_SLICES
from metricsheet.language.message import Message

LIMITS: Mapping[str, float | None] = {"slices": MOST_SLICES, "seconds": None, "mb": None}
"""What can be limited, with the limits where none is asked for; ``mb`` are millions of bytes."""

SPILL = "spill"
"""Under this name stands the folder in which a query may write what it has no room for in memory."""

_EVERY = 0.05
"""Seconds between two looks at the clock and the memory."""


class OverLimit(BaseException):
    """Raised out of whatever is being done for a source that is over a limit."""

    def __init__(self, name: str, most: float) -> None:
        self.name, self.most = name, most


def limits_of(given: Mapping[str, object] | None) -> dict[str, float | None]:
    """Return every limit; raise ``UsageError`` for one that there is not, and for no positive number."""
    found = dict(LIMITS)
    for name, value in (given or {}).items():
        if name == SPILL and value:
            continue
        if name not in LIMITS:
            hint = did_you_mean(name, LIMITS) or Message("limits_are", names=(*LIMITS, SPILL))
            raise UsageError(Message("not_a_limit", name=name), hint)
        try:
            number = float(str(value))
        except ValueError:
            number = 0
        if not 0 < number < 1e15:
            raise UsageError(Message("limit_is_a_number", name=name, given=str(value)))
        found[name] = number
    return found


class Watch:
    """Looks after the time and the memory of one source after the other, in ``with watch: …``.

    A signal interrupts the work several times a second: what asks for it once too often in the code itself
    would miss the loop that nobody thought of.
    """

    def __init__(self, limits: Mapping[str, float | None]) -> None:
        self._seconds, self._bytes = limits["seconds"] or inf, (limits["mb"] or inf) * 1e6
        self.asked = [name for name in ("seconds", "mb") if limits[name] is not None]
        self._possible = bool(self.asked) and hasattr(signal, "setitimer") and _in_main_thread()
        self._on = False
        self.start()

    def start(self) -> None:
        """Count anew, for another source."""
        self._left, self._memory = self._seconds, _memory() if self.asked else 0

    def __enter__(self) -> None:
        if self._possible:
            self._before = signal.signal(signal.SIGALRM, self._look)
            self._since, self._quiet = monotonic(), 0.0
            self._on = True
            signal.setitimer(signal.ITIMER_REAL, _EVERY, _EVERY)

    def __exit__(self, *_: object) -> None:
        if self._on:
            self._on = False  # first of all, as a signal may be on its way
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)
            self._left -= monotonic() - self._since

    def _look(self, _number: int, _frame: FrameType | None) -> None:
        now = monotonic()
        late, large = now - self._since > self._left, _memory() - self._memory > self._bytes
        if self._on and now > self._quiet and (late or large):
            self._quiet = now + 1  # and again, if somebody passes it over
            raise OverLimit("seconds" if late else "mb", self._seconds if late else self._bytes / 1e6)

    def problem(self, source: str, over: OverLimit) -> Problem:
        """Return the problem of a source that was over a limit."""
        message = Message(f"over_limit.{over.name}", most=over.most)
        hint = Message("raise_limit", name=over.name)
        return Problem(source, "over_limit", message, hint, fatal=True)

    def unkept(self) -> list[Problem]:
        """Return that limits asked for cannot be kept here, if so."""
        if not self.asked or self._possible:
            return []
        return [Problem("", "limit_not_kept", Message("limit_not_kept", names=tuple(self.asked)))]


def _in_main_thread() -> bool:
    import threading

    return threading.current_thread() is threading.main_thread()


def _memory() -> int:
    """Return the bytes of memory that this process takes; where nobody tells, the most it ever took."""
    try:
        with open("/proc/self/statm", "rb") as told:
            return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
