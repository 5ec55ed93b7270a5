"""``metricsheet addin``: the worksheet functions as a file that a spreadsheet program loads."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from metricsheet.cli.arguments import add_definitions_option, command_parser
from metricsheet.errors import UsageError
from metricsheet.language.letters import steady
from metricsheet.language.message import Message

if TYPE_CHECKING:
    from excel_addin.definitions import Definitions

_FILES = {"excel": "metricsheet.xlam", "libreoffice": "metricsheet.oxt"}

_NEXT = {
    "excel": "next: put it into Excel's folder XLSTART and start Excel again (addin install does it)\n",
    "libreoffice": "next: open it with LibreOffice, agree, and start LibreOffice again\n",
}

_EXAMPLES = """examples:
  metricsheet addin install                      put the add-in where Excel for Windows loads it as it starts
  metricsheet addin build                        write metricsheet.xlam, to be put there by somebody else
  metricsheet addin build --for libreoffice      write metricsheet.oxt, an extension for LibreOffice Calc
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    said = "Write the worksheet functions of the definitions in use as an add-in, and install it in Excel."
    p = command_parser("addin", said, _EXAMPLES)
    p.add_argument("action", choices=("build", "install", "uninstall"), help="uninstall: remove it again")
    p.add_argument(
        "--for", dest="host", choices=tuple(_FILES), default="excel", help="the program that loads it"
    )
    p.add_argument("-o", "--output", type=Path, metavar="FILE", help="file to write (build)")
    p.add_argument(
        "--interpreter", metavar="PATH", help="the python.exe that Excel starts (default: the one running)"
    )
    add_definitions_option(p)
    return p


def run(arguments: list[str]) -> int:
    """Do what was asked, and say what is to be done next."""
    p = parser()
    args = p.parse_args(arguments)
    if args.action != "build" and (args.host != "excel" or args.output is not None):
        p.error("--for and -o go with build")
    if args.action == "uninstall":
        return _uninstall()
    from excel_addin.definitions import Definitions
    from excel_addin.xlam import describe_in_excel, startup_file

    definitions = Definitions(args.metrics)
    if args.action == "build":
        _write(args.output or Path(_FILES[args.host]), definitions, args)
        return 0
    target = startup_file()
    os.makedirs(target.parent, exist_ok=True)
    _write(target, definitions, args)
    if not describe_in_excel(target, definitions):
        sys.stdout.write(
            "Excel could not be asked to show the help of the functions in its dialog: run the macro\n"
            "DescribeMetricsheetFunctions once (Alt+F8, type the name)\n"
        )
    sys.stdout.write("next: start Excel again; the functions are there in every workbook\n")
    return 0


def _write(target: Path, definitions: Definitions, args: argparse.Namespace) -> None:
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
    said = f"wrote {target}: {count} functions of {catalog.path} (digest {catalog.digest})\n"
    sys.stdout.write(steady(said))
    if args.action == "build":
        sys.stdout.write(_NEXT[args.host])


def _is_ours(addin: Path) -> bool:
    """Return whether a file is an add-in that was built here or elsewhere."""
    from excel_addin.oxt import is_oxt
    from excel_addin.xlam import settings_of

    return "metricsheet version" in settings_of(addin) or is_oxt(addin)


def _uninstall() -> int:
    from excel_addin.xlam import startup_file

    target = startup_file()
    if not target.is_file():
        raise UsageError(Message("addin_not_there", path=str(target)))
    try:
        target.unlink()
    except PermissionError:
        raise UsageError(Message("addin_in_use", path=str(target)), Message("close_excel")) from None
    sys.stdout.write(steady(f"removed {target}\n"))
    return 0
