"""An Excel session for tests: xlwings' real Windows code in a process of its own, asked through pipes."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from excel_addin.definitions import BENCHMARKS_VARIABLE, METRICS_VARIABLE

REPOSITORY = Path(__file__).parents[2]
WITHOUT_PANDAS = "METRICSHEET_TESTS_WITHOUT_PANDAS"
"""Set where Excel's Python has no pandas: it starts in half the time."""


@dataclass(frozen=True)
class ErrorCell:
    """A cell that holds an error, such as ``#N/A``."""

    code: str


@dataclass(frozen=True)
class Range:
    """A reference to cells: rows of raw values, as Excel holds them, and the row and column of the first."""

    rows: list[list[Any]]
    at: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class LeftOut:
    """An optional argument that the formula leaves out."""


@dataclass(frozen=True)
class Raised:
    """An exception that reached VBA: xlwings' own wrapper would put its text into the cell."""

    text: str


def column(*cells: Any, at: tuple[int, int] = (1, 1)) -> Range:
    """Return a reference to cells below one another, the first one at a row and column."""
    return Range([[cell] for cell in cells], at)


class Excel:
    """Excel with the add-in; ``metrics`` are the definitions named by the environment, if any."""

    def __init__(self, metrics: Path | None = None, folder: Path = REPOSITORY, **environment: str) -> None:
        named = (METRICS_VARIABLE, BENCHMARKS_VARIABLE)
        variables = {k: v for k, v in os.environ.items() if k not in named}
        ours = os.pathsep.join((str(REPOSITORY), str(REPOSITORY / "src")))
        variables |= {"PYTHONPATH": ours, **environment}
        if metrics is not None:
            variables[METRICS_VARIABLE] = str(metrics)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.excel_addin.excel_process"],
            cwd=folder,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __enter__(self) -> Excel:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def _ask(self, *question: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        pickle.dump(question, self._process.stdin)
        self._process.stdin.flush()
        return pickle.load(self._process.stdout)

    def call(self, function: str, *arguments: Any) -> Any:
        """Return what VBA gets from ``XLPy.CallUDF`` for a formula in a cell, or ``Raised``."""
        return self._ask("call", function, arguments)

    def import_functions(self, workbook: str = "Book1.xlsm") -> tuple[str, dict[str, dict[str, Any]]]:
        """Press "Import Functions": return the VBA that xlwings wrote and the descriptions it set."""
        return self._ask("import", workbook)

    def describe(self, workbook: str = "Book1.xlsm") -> dict[str, dict[str, Any]]:
        """Run the macro of our own VBA module: return the descriptions it set."""
        return self._ask("describe", workbook)
