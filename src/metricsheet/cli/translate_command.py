"""``metricsheet translate``: the texts that lack a language, as a file for a translator."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from metricsheet.cli.arguments import (
    add_definitions_option,
    command_parser,
    load_definitions,
    tell,
    write_new,
)
from metricsheet.errors import UsageError
from metricsheet.language.message import Message, say
from metricsheet.options import language_of


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("translate")
    p.add_argument("language", metavar="LANGUAGE")
    p.add_argument("-o", "--output", type=Path, metavar="FILE")
    add_definitions_option(p)
    return p


def run(arguments: list[str]) -> int:
    """Write the list; where nothing is missing, say so and write no file."""
    args = parser().parse_args(arguments)
    from metricsheet.catalog.find import TRANSLATED, packs_beside
    from metricsheet.catalog.translations import to_translate

    if args.language not in TRANSLATED:
        raise UsageError(Message("translate_takes", languages=TRANSLATED, given=args.language))
    catalog = load_definitions(args.metrics, benchmarks=packs_beside(args.metrics), lang=args.lang)
    language = language_of(args.lang, catalog)
    count, texts = to_translate(catalog, args.language)
    heads = (Message(f"translation_head.{name}", language=args.language) for name in ("what", "how", "where"))
    text = "".join(f"# {say(head, language)}\n" for head in heads) + texts
    if not count:
        done = Message("all_translated", path=str(catalog.path), language=args.language)
        sys.stderr.write(f"{say(done, language)}\n")
    elif args.output is None:
        sys.stdout.write(text)
    else:
        write_new(args.output, text, Message("choose_another_file", language=args.language))
        tell(Message("wrote_to_translate", path=str(args.output), count=count), language)
    return 0
