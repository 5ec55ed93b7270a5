"""``metricsheet doctor``: what of an installation is not as it must be, and what puts it right."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from metricsheet.cli.arguments import command_parser
from metricsheet.cli.main import EXIT_FINDINGS, EXIT_OK


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    said = "Look at the installation of the worksheet functions, and say what to do."
    p = command_parser("doctor", said)
    p.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="an add-in to look at (default: the one Excel loads)",
    )
    return p


def run(arguments: list[str]) -> int:
    """Print a line for each thing looked at, and how to put right what is wrong."""
    args = parser().parse_args(arguments)
    from excel_addin.installation import look
    from metricsheet.language.letters import steady

    checks = list(look(args.file))
    for check in checks:
        sys.stdout.write(steady(f"{'fix' if check.fix else 'ok ':<5}{check.about:<13}{check.said}\n"))
    fixes = dict.fromkeys(check.fix for check in checks if check.fix)
    for fix in list(fixes)[:1]:
        sys.stdout.write(steady(f"run: {fix}\n"))
    return EXIT_FINDINGS if fixes else EXIT_OK
