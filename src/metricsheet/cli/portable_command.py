"""``metricsheet portable``: a workbook for people who have no add-in."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from metricsheet.cli.arguments import add_definitions_option, command_parser, load_definitions

_SHOWN = 8


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser(
        "portable",
        "Replace the add-in's functions by LAMBDA names or values, in a copy of a workbook.",
    )
    p.add_argument("book", metavar="BOOK", type=Path, help="an .xlsx or .xlsm")
    p.add_argument("-o", "--output", metavar="OUT", type=Path, required=True, help="the copy to write")
    p.add_argument("--values", action="store_true", help="values instead of formulas")
    add_definitions_option(p)
    return p


def run(arguments: list[str]) -> int:
    """Write the copy and say what became of the cells."""
    args = parser().parse_args(arguments)
    from metricsheet.export.lambdas.portable import Portable, portable
    from metricsheet.report.write import write_changed

    catalog = load_definitions(args.metrics)
    done = Portable()

    def change(content: bytes) -> bytes:
        nonlocal done
        whole, done = portable(content, args.book.name, catalog, values=args.values)
        return whole

    write_changed(args.book, args.output, "", catalog, change)
    sys.stdout.write(f"wrote {args.output}\n")
    for word, names in (
        ("replaced", done.replaced),
        ("names added", done.names),
        ("left as they are", done.left),
    ):
        if names:
            more = f", … and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            sys.stdout.write(f"  {word}: {len(names)} ({', '.join(names[:_SHOWN])}{more})\n")
    return 0
