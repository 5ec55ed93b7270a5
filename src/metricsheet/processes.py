"""Another process that evaluates files, and what it does: both ends of what is said between them.

It is started like the command line itself, with nothing shared, so that it is the same on every system and no
script of a user is run again. It ends when nobody speaks to it any more.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from contextlib import suppress
from typing import IO, NamedTuple

from metricsheet.dataset import Problem
from metricsheet.errors import MetricsheetError
from metricsheet.language.message import Message
from metricsheet.language.option import stay_in
from metricsheet.one_source import Part, Work

_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from metricsheet.processes import serve; serve()"


class Answer(NamedTuple):
    """The part of a source as bytes, and whether the source was read."""

    body: bytes
    read: bool


class Helper:
    """A process that evaluates one file after the other; one that dies costs the file it was at."""

    def __init__(self, setup: bytes) -> None:
        self._setup = setup
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False

    def ask(self, name: str, path: str) -> Answer | None:
        """Return what a file gave; ``None`` where no process can be had, or only its caller can tell."""
        if self._process is None and not self._started():
            return None
        said = _exchanged(self._process, pickle.dumps((name, path)))
        if said is not None:
            return Answer(said[1:], said[:1] == b"r") if said else None
        status = self.close()
        problem = Problem(
            name, "process_died", Message("process_died", status=status), Message("why_died"), fatal=True
        )
        return Answer(Work.packed(Part(name, (problem,), read=False)), False)

    def _started(self) -> bool:
        flags = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]  # as multiprocessing does
        command = [sys.executable, *flags, "-c", _PROGRAM, *sys.path]
        if self._ended or not sys.executable:
            return False
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError:
            return False
        if _exchanged(self._process, self._setup) is None:
            self._ended = True  # what cannot be started once is not tried for every file
            self.close()
        return self._process is not None

    def end(self) -> None:
        """End the process, whatever it is doing; no other one is started."""
        self._ended = True
        if self._process is not None:
            self._process.kill()

    def close(self) -> int:
        """Wait until the process has ended, close what led to it, and return its status."""
        process, self._process = self._process, None
        status = process.wait() if process is not None else 0
        for stream in (process.stdin, process.stdout) if process is not None else ():
            with suppress(OSError):
                stream and stream.close()
        return status


def _exchanged(process: subprocess.Popen[bytes] | None, said: bytes) -> bytes | None:
    """Return what a process answers, ``None`` where it is gone."""
    if process is None or process.stdin is None or process.stdout is None:
        return None
    try:
        _say(process.stdin, said)
        return _heard(process.stdout)
    except (OSError, ValueError):  # ValueError: ended by another thread, which closed it
        return None


def _say(stream: IO[bytes], said: bytes) -> None:
    stream.write(len(said).to_bytes(8, "big") + said)
    stream.flush()


def _heard(stream: IO[bytes]) -> bytes | None:
    size = stream.read(8)
    said = stream.read(int.from_bytes(size, "big")) if len(size) == 8 else b""
    return said if len(size) == 8 and len(said) == int.from_bytes(size, "big") else None


def serve() -> None:
    """Evaluate files until standard input ends: what runs in the other process."""
    import gc
    import os
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it ends it
    gc.set_threshold(100_000, 20, 100)  # as the command line does
    source = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the answers
    setup = _heard(source)
    if setup is None:
        return
    work: Work = pickle.loads(setup)
    stay_in(work.asked_in)
    _say(answers, b"ready")
    while (asked := _heard(source)) is not None:
        name, path = pickle.loads(asked)
        try:
            part = work.part(name, path)
            said = (b"r" if part.read else b"p") + work.packed(part)
        except MetricsheetError:
            said = b""  # the caller finds the same, and can raise it
        try:
            _say(answers, said)
        except OSError:
            return
