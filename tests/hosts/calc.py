"""LibreOffice Calc with an extension of ours installed: formulas in, answers out."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

DRIVER = Path(__file__).with_name("calc_driver.py")
PORTION = 1000
ANSWERED_WITHIN = 300.0


@cache
def python_with_uno() -> str:
    """Return a Python that has UNO; Debian's package python3-uno gives it to the system's own."""
    for python in ("/usr/bin/python3", sys.executable):
        known = subprocess.run([python, "-c", "import uno"], capture_output=True, check=False)
        if known.returncode == 0:
            return python
    raise AssertionError("these tests talk to LibreOffice Calc through UNO: install python3-uno")


class Calc:
    """One LibreOffice with a throw-away profile; what it does not answer in time is asked once more."""

    def __init__(self, extension: Path) -> None:
        self._extension = extension
        self._folder = tempfile.TemporaryDirectory()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        self._stop()
        self._folder.cleanup()

    def _start(self) -> None:
        profile = Path(tempfile.mkdtemp(dir=self._folder.name)).as_uri()
        self._process = subprocess.Popen(
            [python_with_uno(), DRIVER, profile],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # nothing of the environment that runs the tests: LibreOffice's Python would take it for its own
            env={"PATH": "/usr/bin:/bin", "HOME": self._folder.name, "LANG": "C.UTF-8"},
        )
        self._ask("install", self._extension.as_uri())

    def _stop(self) -> None:
        with self._process as process:  # closes its pipes
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()

    def _ask(self, *question: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], ANSWERED_WITHIN)[0]:
            raise TimeoutError(f"LibreOffice did not answer {question[0]!r} within {ANSWERED_WITHIN:.0f} s")
        line = self._process.stdout.readline()
        if not line:
            raise TimeoutError(f"LibreOffice ended at {question[0]!r}")
        answer, *problem = json.loads(line)
        assert not problem, f"{question[0]}: {problem[0]}"
        return answer

    def _patiently(self, *question: Any) -> Any:
        try:
            return self._ask(*question)
        except TimeoutError:
            self._process.kill()
            self._stop()
            self._start()
            return self._ask(*question)

    def answers(self, workbook: Path, formulas: Sequence[str]) -> list[object]:
        """Return the answers of formulas beside the cells of the first sheet, an error as Excel's text."""
        found: list[object] = []
        for start in range(0, len(formulas), PORTION):
            found += self._patiently("ask", workbook.as_uri(), list(formulas[start : start + PORTION]))
        return found

    def table(self, workbook: Path, formula: str, rows: int, columns: int) -> list[list[object]]:
        """Return what an array formula shows in so many cells."""
        found: list[list[object]] = self._patiently("table", workbook.as_uri(), formula, rows, columns)
        return found

    def seconds(self, workbook: Path, formula: str) -> float:
        """Return how long one answer takes."""
        return float(self._patiently("time", workbook.as_uri(), formula))

    def described(self, start: str) -> dict[str, Any]:
        """Return category, description and arguments that the function wizard shows, by function."""
        found: dict[str, Any] = self._patiently("described", start)
        return found
