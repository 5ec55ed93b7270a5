"""``metricsheet portable``: a workbook for people who have no add-in."""

from __future__ import annotations

import argparse
from pathlib import Path

from metricsheet.cli.arguments import (
    add_definitions_option,
    command_parser,
    load_definitions,
    tell,
    tell_names,
)
from metricsheet.language.message import Message
from metricsheet.options import language_of


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("portable")
    p.add_argument("book", metavar="BOOK", type=Path)
    p.add_argument("-o", "--output", metavar="OUT", type=Path, required=True)
    p.add_argument("--values", action="store_true")
    add_definitions_option(p)
    return p


def run(arguments: list[str]) -> int:
    """Write the copy and say what became of the cells."""
    args = parser().parse_args(arguments)
    from metricsheet.export.lambdas.portable import Portable, portable
    from metricsheet.report.write import write_changed

    catalog = load_definitions(args.metrics, lang=args.lang)
    done = Portable()

    def change(content: bytes) -> bytes:
        nonlocal done
        whole, done = portable(content, args.book.name, catalog, values=args.values)
        return whole

    write_changed(args.book, args.output, "", catalog, change)
    language = language_of(args.lang, catalog)
    tell(Message("wrote", path=str(args.output)), language)
    tell_names("names.replaced", done.replaced, language)
    tell_names("names.names", done.names, language)
    tell_names("names.left", done.left, language)
    return 0
