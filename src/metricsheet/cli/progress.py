"""How far an evaluation is, on a terminal: files done, how many a second, and the time left."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic
from typing import Any

from metricsheet.language.message import Message, say

_EVERY, _FIRST_AFTER = 0.2, 1.0
"""Seconds between two lines, and before the first: short runs are over by then."""


class Progress:
    """Writes one line over the other, and takes the last one away in the end; elsewhere it writes nothing."""

    def __init__(
        self,
        language: str,
        stream: Any = None,
        *,
        quiet: bool = False,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._language, self._clock = language, clock
        self._stream: Any = sys.__stderr__ if stream is None else stream
        self._on = not quiet and self._stream is not None and self._stream.isatty()
        self._start = clock()
        self._next, self._width = self._start + _FIRST_AFTER, 0

    def __call__(self, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` files are done, if it is time to."""
        now = self._clock()
        if not self._on or now < self._next or total < 2:
            return
        self._next = now + _EVERY
        rate = done / (now - self._start)
        minutes, seconds = divmod(round((total - done) / rate), 60)
        left = f"{minutes}:{seconds:02}"
        shown = round(rate) if rate >= 10 else round(rate, 1)
        said = say(Message("progress", done=done, total=total, rate=shown, left=left), self._language)
        self._write(said)

    def end(self) -> None:
        """Take the line away."""
        if self._width:
            self._write("")
            self._write("")  # and the cursor goes back to where the line began

    def _write(self, said: str) -> None:
        from metricsheet.report.columns import padded, width

        self._stream.write("\r" + padded(said, self._width))
        self._stream.flush()
        self._width = width(said)
