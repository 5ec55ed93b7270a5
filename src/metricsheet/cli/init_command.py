"""``metricsheet init``: a small metrics.yaml that builds on the built-in definitions."""

from __future__ import annotations

import argparse
from pathlib import Path

from metricsheet.cli.arguments import command_parser, tell, write_new
from metricsheet.errors import UsageError
from metricsheet.language.message import Message, say
from metricsheet.options import language_of

_START = """\
# %s
# %s
version: 1
extends: builtin

defaults:
  language: %s
  # currency: EUR   %s

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
    p = command_parser("init")
    p.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="FOLDER")
    return p


def run(arguments: list[str]) -> int:
    """Write the file; an existing one is never touched."""
    args = parser().parse_args(arguments)
    path = args.folder / "metrics.yaml"
    if not args.folder.is_dir():
        raise UsageError(Message("not_a_folder", folder=str(args.folder)))
    language = language_of(args.lang, None)
    what, how, currency = (say(Message(f"init.{name}"), language) for name in ("what", "how", "currency"))
    write_new(path, _START % (what, how, language, currency), Message("edit_or_choose"))
    tell(Message("wrote", path=str(path)), language)
    tell(Message("next_command", command=f"metricsheet check --metrics {path}"), language)
    return 0
