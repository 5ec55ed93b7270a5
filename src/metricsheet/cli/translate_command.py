"""``metricsheet translate``: the texts that lack a language, as a file for a translator."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from metricsheet.cli.arguments import (
    add_definitions_option,
    command_parser,
    load_definitions,
    write_new,
)
from metricsheet.errors import UsageError
from metricsheet.language.message import Message


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    from metricsheet.catalog.find import TRANSLATED

    p = command_parser(
        "translate",
        "List the texts that have no translation, each with an empty place beside its English.",
        "Put the file into the folder translations beside metrics.yaml. What stays empty stays English.",
    )
    p.add_argument("language", help=", ".join(TRANSLATED))
    p.add_argument("-o", "--output", type=Path, metavar="FILE", help="write a new file instead of the screen")
    add_definitions_option(p)
    return p


def run(arguments: list[str]) -> int:
    """Write the list; where nothing is missing, say so and write no file."""
    args = parser().parse_args(arguments)
    from metricsheet.catalog.find import TRANSLATED, packs_beside
    from metricsheet.catalog.translations import to_translate

    if args.language not in TRANSLATED:
        raise UsageError(Message("translate_takes", languages=TRANSLATED, given=args.language))
    catalog = load_definitions(args.metrics, benchmarks=packs_beside(args.metrics))
    count, text = to_translate(catalog, args.language)
    if not count:
        sys.stderr.write(f"{catalog.path}: every text has a translation into {args.language}\n")
    elif args.output is None:
        sys.stdout.write(text)
    else:
        write_new(args.output, text, Message("choose_another_file", language=args.language))
        sys.stdout.write(f"wrote {args.output}: {count} text{'' if count == 1 else 's'} to translate\n")
    return 0
