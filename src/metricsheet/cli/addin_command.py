"""``metricsheet addin``: the worksheet functions as a file that a spreadsheet program loads."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from metricsheet.cli.arguments import add_definitions_option, command_parser, tell
from metricsheet.errors import UsageError
from metricsheet.language.message import Message
from metricsheet.options import language_of

if TYPE_CHECKING:
    from excel_addin.definitions import Definitions

_FILES = {"excel": "metricsheet.xlam", "libreoffice": "metricsheet.oxt"}

_NEXT = {"excel": Message("addin_next.excel"), "libreoffice": Message("addin_next.libreoffice")}


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("addin", "install", "build", "build --for libreoffice")
    p.add_argument("action", choices=("build", "install", "uninstall"))
    p.add_argument("--for", dest="host", choices=tuple(_FILES), default="excel")
    p.add_argument("-o", "--output", type=Path, metavar="FILE")
    p.add_argument("--interpreter", metavar="PATH")
    add_definitions_option(p)
    return p


def run(arguments: list[str]) -> int:
    """Do what was asked, and say what is to be done next."""
    args = parser().parse_args(arguments)
    if args.action != "build" and (args.host != "excel" or args.output is not None):
        raise UsageError(Message("addin_build_options"))
    if args.action == "uninstall":
        return _uninstall(language_of(args.lang, None))
    from excel_addin.definitions import Definitions
    from excel_addin.xlam import describe_in_excel, startup_file

    definitions = Definitions(args.metrics)
    language = language_of(args.lang, definitions.catalog())
    if args.action == "build":
        _write(args.output or Path(_FILES[args.host]), definitions, args, language)
        return 0
    target = startup_file()
    os.makedirs(target.parent, exist_ok=True)
    _write(target, definitions, args, language)
    if not describe_in_excel(target, definitions):
        tell(Message("addin_run_macro", macro="DescribeMetricsheetFunctions"), language)
    tell(Message("addin_next.installed"), language)
    return 0


def _write(target: Path, definitions: Definitions, args: argparse.Namespace, language: str) -> None:
    """Write the file asked for; a file of another kind is not written over."""
    from metricsheet.report.atomic import whole_file

    suffix = Path(_FILES[args.host]).suffix
    if target.suffix.lower() != suffix:
        raise UsageError(Message("addin_ends_in", path=str(target), suffix=suffix))
    if target.exists() and not _is_ours(target):
        raise UsageError(Message("not_with_functions", path=str(target)), Message("choose_another_name"))
    with whole_file(target) as temporary:
        if args.host == "excel":
            from excel_addin.xlam import write_xlam

            here = sys.executable if sys.platform == "win32" else None
            count = write_xlam(temporary, definitions, args.interpreter or here)
        else:
            from excel_addin.oxt import write_oxt

            count = write_oxt(temporary, definitions)
    catalog = definitions.catalog()
    source = Message("with_digest", path=str(catalog.path), digest=catalog.digest)
    tell(Message("addin_written", path=str(target), count=count, source=source), language)
    if args.action == "build":
        tell(_NEXT[args.host], language)


def _is_ours(addin: Path) -> bool:
    """Return whether a file is an add-in that was built here or elsewhere."""
    from excel_addin.oxt import is_oxt
    from excel_addin.xlam import settings_of

    return "metricsheet version" in settings_of(addin) or is_oxt(addin)


def _uninstall(language: str) -> int:
    from excel_addin.xlam import startup_file

    target = startup_file()
    if not target.is_file():
        raise UsageError(Message("addin_not_there", path=str(target)))
    try:
        target.unlink()
    except PermissionError:
        raise UsageError(Message("addin_in_use", path=str(target)), Message("close_excel")) from None
    tell(Message("removed", path=str(target)), language)
    return 0
