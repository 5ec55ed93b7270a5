"""``metricsheet demo``: the example workbook, evaluated as any other file."""

from __future__ import annotations

import sys
from pathlib import Path

from metricsheet.cli.arguments import Parser, command_parser
from metricsheet.errors import UsageError
from metricsheet.language.message import Message

_EXAMPLE = "acme_lifecycle.xlsx"


def example_path() -> Path:
    """Return where the example is: in the installed package, else in the repository."""
    package = Path(__file__).parents[1]
    shipped = package / "builtin" / _EXAMPLE
    return shipped if shipped.exists() else package.parents[1] / "examples" / _EXAMPLE


def parser() -> Parser:
    """Return the parser of this command, which knows its help alone."""
    return command_parser("demo")


def run(arguments: list[str]) -> int:
    """Evaluate the example by quarter, with the built-in definitions and further options; return the code."""
    from metricsheet.cli import evaluate_command

    parser().parse_known_args(arguments)
    path = example_path()
    if not path.exists():
        raise UsageError(Message("no_example", path=str(path)))
    sys.stderr.write(f"metricsheet evaluate {path} --period quarter --metrics builtin\n")
    return evaluate_command.run([str(path), "--period", "quarter", "--metrics", "builtin", *arguments])
