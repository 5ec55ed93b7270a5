"""Timing two things in turn, and printing their ratio against a budget."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

CACHE = "METRICSHEET_CACHE"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report: medians (seconds where no ``unit`` is said), and the ratio to a budget."""

    name: str
    ours: float
    peer: float
    peer_name: str
    ratio: float
    budget: str
    kept: bool | None
    unit: str = ""

    def __str__(self) -> str:
        verdict = "" if self.kept is None else ("within" if self.kept else "OVER")
        ours, peer = (
            f"{value:.0f} {self.unit}" if self.unit else seconds(value) for value in (self.ours, self.peer)
        )
        return (
            f"  {self.name:<46} {ours:>10}  {self.peer_name:<34} {peer:>10}"
            f"  {self.ratio:8.2f}x  {self.budget:<14} {verdict}"
        )


def seconds(value: float) -> str:
    """Return a time with a unit that fits its size."""
    for unit, factor in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= factor:
            return f"{value / factor:.2f} {unit}"
    return f"{value / 1e-9:.0f} ns"


def in_turn(
    first: Callable[[], object],
    second: Callable[[], object],
    rounds: int = 7,
) -> tuple[float, float]:
    """Return the medians of two calls run alternately, after one round that is not counted."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds + 1):
        for call, kept in zip((first, second), times, strict=True):
            start = time.perf_counter()
            call()
            if turn:
                kept.append(time.perf_counter() - start)
    return statistics.median(times[0]), statistics.median(times[1])


def least_in_turn(
    first: Callable[[], object], second: Callable[[], object], rounds: int = 3
) -> tuple[float, float]:
    """Return the least CPU time of two calls run alternately: what others use the machine for adds to it."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for call, kept in zip((first, second), times, strict=True):
            start = time.process_time()
            call()
            kept.append(time.process_time() - start)
    return min(times[0]), min(times[1])


def process(arguments: Sequence[str], **settings: str) -> Callable[[], object]:
    """Return a call that runs this Python with ``arguments`` as a process of its own.

    Modules are compiled once and kept, as in an installed package; ``settings`` are environment variables.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": _bytecode(), **settings}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def run() -> object:
        return subprocess.run([sys.executable, *arguments], capture_output=True, check=True, env=environment)

    return run


@functools.cache
def _bytecode() -> str:
    """Return a folder for compiled modules that is there as long as this process."""
    folder = tempfile.mkdtemp(prefix="metricsheet-bytecode-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextlib.contextmanager
def kept_in(folder: str) -> Iterator[None]:
    """Keep definitions found good in ``folder`` meanwhile, or nowhere when it is ``off``."""
    before = os.environ.get(CACHE)
    os.environ[CACHE] = folder
    try:
        yield
    finally:
        if before is None:
            del os.environ[CACHE]
        else:
            os.environ[CACHE] = before


def plain(name: str, ours: float, peer: float, peer_name: str) -> Row:
    """Return a row without a budget."""
    return Row(name, ours, peer, peer_name, ours / peer, "", None)


def at_most(name: str, ours: float, peer: float, peer_name: str, limit: float) -> Row:
    """Return a row whose ratio ours : peer must not exceed ``limit``."""
    return Row(name, ours, peer, peer_name, ours / peer, f"<= {limit:g}x", ours / peer <= limit)


def at_least(name: str, ours: float, peer: float, peer_name: str, limit: float) -> Row:
    """Return a row whose ratio peer : ours (how many times faster we are) must reach ``limit``."""
    return Row(name, ours, peer, peer_name, peer / ours, f">= {limit:g}x", peer / ours >= limit)


def absolute(name: str, ours: float, limit: float, peer: float, peer_name: str) -> Row:
    """Return a row with a budget in seconds; the ratio to a peer is printed beside it."""
    return Row(name, ours, peer, peer_name, ours / peer, f"<= {seconds(limit)}", ours <= limit)


def told(name: str, ours: float, peer: float, peer_name: str) -> Row:
    """Return a row without a budget."""
    return Row(name, ours, peer, peer_name, ours / peer, "", None)
