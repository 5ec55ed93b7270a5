"""``metricsheet mcp``: the definitions and a folder of files for an assistant."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from metricsheet.cli.arguments import add_definitions_option, command_parser
from metricsheet.cli.main import EXIT_OK
from metricsheet.errors import UsageError
from metricsheet.language.message import Message

_SECONDS, _MB, _LETTERS = 60, 1000, 400_000


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("mcp")
    p.add_argument("folder", nargs="?", default=".", metavar="FOLDER", type=Path)
    add_definitions_option(p)
    return p


def run(arguments: list[str]) -> int:
    """Serve until standard input ends; nothing else is printed there."""
    args = parser().parse_args(arguments)
    if not args.folder.is_dir():
        raise UsageError(Message("mcp_no_folder", name=str(args.folder)))
    try:
        from metricsheet.mcp.server import server
    except ModuleNotFoundError:
        raise UsageError(Message("mcp_needs_sdk"), Message("install_mcp")) from None
    from metricsheet.mcp.folder import Folder
    from metricsheet.options import language_of

    language = language_of(args.lang, None) if args.lang else None
    # found from here, where the person is, and not from the folder served
    metrics = os.path.abspath(args.metrics) if args.metrics and os.path.exists(args.metrics) else args.metrics
    folder = Folder(args.folder, metrics=metrics, seconds=_SECONDS, mb=_MB, letters=_LETTERS)
    server(folder, metrics=metrics, language=language).run("stdio")
    return EXIT_OK
