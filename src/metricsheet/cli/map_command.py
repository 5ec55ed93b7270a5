"""``metricsheet map``: where the inputs of one file were found, as a mapping file to edit."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from metricsheet.cli.arguments import (
    add_definitions_option,
    add_repeated_option,
    command_parser,
    load_definitions,
    pairs,
    source,
    tell,
)
from metricsheet.errors import UsageError
from metricsheet.language.message import Message


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("map", "deals.xlsx", "deals.xlsx -o")
    p.add_argument("file", type=source, metavar="FILE")
    p.add_argument("-o", "--output", nargs="?", const=Path(), type=Path, metavar="FILE")
    add_repeated_option(p, "--map", "INPUT=WHERE")
    add_repeated_option(p, "--read", "KEY=VALUE")
    add_definitions_option(p)
    return p


def run(arguments: list[str]) -> int:
    """Write the mapping file, to the screen without ``-o``."""
    args = parser().parse_args(arguments)
    from metricsheet.api import mapping_file
    from metricsheet.binding.map_target import mapping_name
    from metricsheet.one_source import beside
    from metricsheet.options import Options, language_of

    path = beside(args.file)
    if path is None or path.is_dir():
        raise UsageError(Message("map_takes_one_file", path=str(args.file)))
    expected = mapping_name(path)
    target = expected if args.output == Path() else args.output
    if target is not None:
        _refuse_others(target)
    catalog = load_definitions(args.metrics, lang=args.lang)
    options = Options(mapping=pairs("--map", args.map), read=pairs("--read", args.read), language=args.lang)
    text = mapping_file(args.file, options, metrics=catalog)
    if target is None:
        _show(text.encode("utf-8"))
        return 0
    from metricsheet.report.atomic import whole_file

    with whole_file(target) as temporary:
        temporary.write_bytes(text.encode("utf-8"))
    found = target.resolve() == expected.resolve()
    wrote = Message("wrote" if found else "wrote.elsewhere", path=str(target), beside=str(expected))
    tell(wrote, language_of(args.lang, catalog))
    return 0


def _show(text: bytes) -> None:
    """Write a file to standard output: UTF-8 whatever the terminal, as it may be sent to a file."""
    sys.stdout.flush()
    raw = getattr(sys.stdout, "buffer", None)
    if raw is None:
        sys.stdout.write(text.decode("utf-8"))
    else:
        raw.write(text)
        raw.flush()


def _refuse_others(target: Path) -> None:
    """Raise ``UsageError`` where an existing file is none that this command wrote."""
    from metricsheet.binding.map_target import MAP_SUFFIX
    from metricsheet.report.mapping import FILE_START

    if not target.is_file():
        return
    if not target.name.endswith(MAP_SUFFIX):
        message = Message("not_like_a_mapping", path=str(target), ending=MAP_SUFFIX)
        raise UsageError(message, Message("name_the_mapping"))
    start = FILE_START.encode("utf-8")
    with target.open("rb") as file:
        if file.read(len(start)) != start:
            raise UsageError(Message("not_a_mapping", path=str(target)), Message("name_the_mapping"))
