"""``metricsheet init``: a small metrics.yaml that builds on the built-in definitions."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from metricsheet.cli.arguments import command_parser, write_new
from metricsheet.errors import UsageError
from metricsheet.language.message import Message

_START = """\
# Your company's definitions, on top of the built-in ones.
# Check with: metricsheet check      Try with: metricsheet test
version: 1
extends: builtin

defaults:
  language: en
  # currency: EUR   of amounts where a file does not say it

inputs:
  support_tickets:
    label: Support tickets
    also: [tickets, cases]
    type: number
  seats:
    label: Paid seats
    also: [licences]
    type: number
    over_time: last

metrics:
  tickets_per_seat:
    label: Support tickets per seat
    question: How much help does a paid seat need?
    stage: expand
    kind: outcome
    unit: ratio
    better: lower
    formula: support_tickets / seats
    bands:
      - {status: ok, when: at most 0.5, label: Quiet}
      - {status: warn, when: above 0.5, label: Many tickets}
    examples:
      - {given: {support_tickets: [30, 20], seats: [200]}, value: 0.25, status: ok}
      - {given: {support_tickets: [30], seats: [0]}, error: "#DIV/0!"}
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("init", "Write a small metrics.yaml that builds on the built-in definitions.")
    p.add_argument("folder", nargs="?", type=Path, default=Path(), help="where to write it (default: here)")
    return p


def run(arguments: list[str]) -> int:
    """Write the file; an existing one is never touched."""
    args = parser().parse_args(arguments)
    path = args.folder / "metrics.yaml"
    if not args.folder.is_dir():
        raise UsageError(Message("not_a_folder", folder=str(args.folder)))
    write_new(path, _START, Message("edit_or_choose"))
    sys.stdout.write(f"wrote {path}\nnext: metricsheet check --metrics {path}\n")
    return 0
