"""Parts of many sources beside memory: read again each time somebody goes through them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from weakref import finalize
from zlib import compress, decompress

from metricsheet.one_source import Part, Work
from metricsheet.report.scorecard import Held

_IN_MEMORY = 2_000_000
"""This many bytes are held in memory before a temporary file takes them."""


class HeldParts:
    """Results and findings of sources in a temporary file, everything else of them in ``heads``."""

    def __init__(self, work: Work) -> None:
        from tempfile import SpooledTemporaryFile

        self._work = work
        self._file: Any = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - it ends with whoever reads
        finalize(self, self._file.close)
        self._places: list[list[tuple[int, int]]] = []
        self.heads: list[Part] = []

    def add(self, body: bytes) -> bool:
        """Hold a packed part; return whether it is one."""
        try:
            packed_head, *pieces = self._work.pieces(body)
            head = self._work.unpacked_piece(packed_head)
        except Exception:  # whatever is wrong with them, the source itself can be read
            return False
        if not isinstance(head, Part):
            return False
        self.heads.append(head)
        if head.read:
            packed = [compress(piece, 1) for piece in pieces]
            self._places.append([(self._file.seek(0, 2), self._file.write(piece)) for piece in packed])
        return True

    def results(self) -> Held[Any]:
        """Return the results of all sources."""
        return self._held(0)

    def findings(self) -> Held[Any]:
        """Return the findings of all sources."""
        return self._held(1)

    def _held(self, what: int) -> Held[Any]:
        # who makes a list of something first asks how long it is
        @lru_cache(maxsize=1)
        def read(place: int) -> Sequence[Any]:
            start, size = self._places[place][what]
            self._file.seek(start)
            found: Sequence[Any] = self._work.unpacked_piece(decompress(self._file.read(size)))
            return found

        return Held([head.source for head in self.heads if head.read], read)
