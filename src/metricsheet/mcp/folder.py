"""The folder that an assistant may look into, and the commands that are run in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from metricsheet.errors import did_you_mean
from metricsheet.files.find import find_files
from metricsheet.language.message import Message, in_turn

_DATABASES = (".duckdb", ".db")
"""A view in a database may read any file, so databases are not opened for an assistant."""


class RefusedError(Exception):
    """Why something is not done: ``message`` says it."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class Done(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


class Folder:
    """Files in and below one folder, and ``metricsheet`` run on them in a process with bounds of its own."""

    def __init__(self, root: Path, *, metrics: str | None, seconds: float, mb: float, letters: int) -> None:
        self.root = Path(os.path.realpath(root))
        self._metrics = ["--metrics", metrics] if metrics else []
        self._seconds, self._mb, self._letters = seconds, mb, letters

    def files(self) -> list[str]:
        """Return the workbooks and CSV files inside, as paths from the folder."""
        return [os.path.relpath(path, self.root) for path in find_files([self.root]) if self._holds(path)]

    def inside(self, asked: Sequence[str]) -> list[str]:
        """Return the files asked for as paths that a command can be given; folders become their files.

        Raises ``RefusedError`` for what is not there, lies outside or is a database, and for no files at all.
        """
        found: list[str] = []
        for name in asked:
            path = self.root / name
            if not self._holds(path):
                raise RefusedError(Message("mcp_outside", name=name))
            if path.is_dir():
                found += (os.path.relpath(one, self.root) for one in find_files([path]) if self._holds(one))
            elif not path.is_file() or path.suffix.lower() in _DATABASES:
                near = did_you_mean(name, self.files())
                refusal = Message("mcp_no_file", name=name)
                raise RefusedError(in_turn([refusal, near]) if near else refusal)
            else:
                found.append(os.path.relpath(path, self.root))
        if not found:
            raise RefusedError(Message("mcp_no_files", names=tuple(asked)))
        # so that no name is taken for an option
        return [os.path.join(os.curdir, name) for name in dict.fromkeys(found)]

    def run(self, command: str, arguments: Sequence[str]) -> Done:
        """Return what a command of ours prints about the definitions or the files.

        Raises ``RefusedError`` where it takes too long or says more than an assistant can read.
        """
        limits = (
            [f"--limit=seconds={self._seconds:g},mb={self._mb:g}", "--no-cache", "--jobs=1"]
            if command == "evaluate"
            else []
        )
        line = [sys.executable, "-m", "metricsheet", command, *self._metrics, *limits, *arguments]
        try:
            done = subprocess.run(
                line,
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=self._seconds * 2 + 10,
                env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"},
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise RefusedError(Message("over_limit.seconds", most=self._seconds)) from None
        if len(done.stdout) > self._letters:
            raise RefusedError(Message("mcp_too_much", count=len(done.stdout), most=self._letters))
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace"))

    def _holds(self, path: Path) -> bool:
        real = Path(os.path.realpath(path))
        return real == self.root or self.root in real.parents
