"""Many sources into their parts, in their order: from the cache, by other processes, or here."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from metricsheet.errors import UsageError
from metricsheet.held_parts import HeldParts
from metricsheet.language.message import Message
from metricsheet.one_source import Part, Source, Work
from metricsheet.part_cache import PartCache

Progress: TypeAlias = Callable[[int, int], object]
"""Called with how many sources are done, and of how many."""

AHEAD = 16
"""This many parts for each process may wait for one before them."""

_SECONDS_A_FILE, _SECONDS_A_BYTE, _SECONDS_A_PROCESS = 0.02, 2e-7, 0.4
"""About what a small file, each byte and a process take, to decide whether processes are worth it."""


def parts_of(
    work: Work,
    sources: Sequence[tuple[str, Source]],
    jobs: int | None = 1,
    cache: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Iterator[Part]:
    """Yield the part of every source, in their order; the arguments are those of ``api.evaluate``."""
    for (name, source), made in zip(sources, _made(work, sources, jobs, cache, progress), strict=True):
        part = work.unpacked(made) if isinstance(made, bytes) else made
        yield work.part(name, source) if part is None else part


def held_parts(
    work: Work,
    sources: Sequence[tuple[str, Source]],
    jobs: int | None = 1,
    cache: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> HeldParts:
    """Return the parts of all sources without holding them in memory."""
    held = HeldParts(work)
    for (name, source), made in zip(sources, _made(work, sources, jobs, cache, progress), strict=True):
        body = made if isinstance(made, bytes) else work.packed(made)
        if not held.add(body):
            held.add(work.packed(work.part(name, source)))
    return held


def _made(
    work: Work,
    sources: Sequence[tuple[str, Source]],
    jobs: int | None,
    cache: str | os.PathLike[str] | None,
    progress: Progress | None,
) -> Iterator[Part | bytes]:
    """Yield what every source gave, packed where it comes from the cache or another process."""
    if jobs is not None and jobs < 1:
        raise UsageError(Message("jobs_at_least_one", given=jobs))
    kept = PartCache(cache, work) if cache is not None else None
    files = [source for _, source in sources if isinstance(source, (str, os.PathLike))]
    count = min(_worth(files) if jobs is None else jobs, len(files))
    made = _by_processes(work, sources, count, kept) if count > 1 else _here(work, sources, kept)
    for done, one in enumerate(made, 1):
        if progress is not None:
            progress(done, len(sources))
        yield one
    if kept is not None:
        kept.tidy()


def _worth(files: Sequence[str | os.PathLike[str]]) -> int:
    """Return how many processes are worth starting for ``files``: none for a few small ones."""
    seconds = 0.0
    for file in files:
        try:
            seconds += _SECONDS_A_FILE + os.stat(file).st_size * _SECONDS_A_BYTE
        except OSError:
            continue
    return max(1, min(_cores(), int(seconds / _SECONDS_A_PROCESS)))


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _here(
    work: Work, sources: Sequence[tuple[str, Source]], cache: PartCache | None
) -> Iterator[Part | bytes]:
    for name, source in sources:
        key = cache.key(name, source) if cache is not None else None
        kept = cache.load(key) if cache is not None else None
        if kept is not None:
            yield kept
            continue
        part = work.part(name, source)
        if cache is not None and part.read and key == cache.key(name, source):
            cache.store(key, work.packed(part))
        yield part


def _by_processes(
    work: Work, sources: Sequence[tuple[str, Source]], count: int, cache: PartCache | None
) -> Iterator[Part | bytes]:
    import threading
    from concurrent.futures import Future, ThreadPoolExecutor

    from metricsheet.processes import Helper

    setup = work.setup()
    helpers: list[Helper] = []
    own = threading.local()

    def asked(name: str, source: Source) -> bytes | None:
        """Return the part of a source as bytes, ``None`` where it is to be made here."""
        if not isinstance(source, (str, os.PathLike)):
            return None
        key = cache.key(name, source) if cache is not None else None
        kept = cache.load(key) if cache is not None else None
        if kept is not None:
            return kept
        if not hasattr(own, "helper"):
            own.helper = Helper(setup)
            helpers.append(own.helper)
        answer = own.helper.ask(name, os.fspath(source))
        if answer is None:
            return None
        # a file that was changed meanwhile may be neither what it was nor what it is now
        if cache is not None and answer.read and key == cache.key(name, source):
            cache.store(key, answer.body)
        body: bytes = answer.body
        return body

    def made(name: str, source: Source, answer: Future[bytes | None]) -> Part | bytes:
        body = answer.result()
        return work.part(name, source) if body is None else body

    # a thread for each process waits for its answers
    threads = ThreadPoolExecutor(count)
    waiting: deque[tuple[str, Source, Future[bytes | None]]] = deque()
    try:
        for name, source in sources:
            waiting.append((name, source, threads.submit(asked, name, source)))
            while waiting and (len(waiting) >= count * AHEAD or waiting[0][2].done()):
                yield made(*waiting.popleft())
        while waiting:
            yield made(*waiting.popleft())
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        for helper in helpers:
            helper.end()
        threads.shutdown()
        for helper in helpers:
            helper.close()
