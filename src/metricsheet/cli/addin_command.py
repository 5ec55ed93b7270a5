"""``metricsheet addin``: the worksheet functions as a file that a spreadsheet program loads."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from metricsheet.cli.arguments import add_definitions_option, command_parser
from metricsheet.errors import UsageError
from metricsheet.language.message import Message

if TYPE_CHECKING:
    from excel_addin.definitions import Definitions

_FILES = {"libreoffice": Path("metricsheet.oxt")}

_EXAMPLES = """examples:
  metricsheet addin build --for libreoffice      write metricsheet.oxt, an extension for LibreOffice Calc
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    said = "Write the worksheet functions of the definitions in use as an add-in, and install it."
    p = command_parser("addin", said, _EXAMPLES)
    p.add_argument("action", choices=("build",), help="build: write the file")
    p.add_argument(
        "--for", dest="host", choices=tuple(_FILES), required=True, help="the program that loads it"
    )
    p.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="file to write (default: metricsheet.oxt)"
    )
    add_definitions_option(p)
    return p


def run(arguments: list[str]) -> int:
    """Do what was asked, and say what is to be done next."""
    args = parser().parse_args(arguments)
    from excel_addin.definitions import Definitions
    from excel_addin.oxt import write_oxt
    from metricsheet.report.atomic import whole_file

    definitions = Definitions(args.metrics)
    target = _target(args.output or _FILES[args.host], _FILES[args.host].suffix)
    with whole_file(target) as temporary:
        count = write_oxt(temporary, definitions)
    _tell(target, count, definitions)
    sys.stdout.write("next: open it with LibreOffice, agree, and start LibreOffice again\n")
    return 0


def _target(path: Path, suffix: str) -> Path:
    """Return the file to write; one of another kind is not written over."""
    if path.suffix.lower() != suffix and path.exists():
        raise UsageError(Message("not_like_a_mapping", path=str(path), ending=suffix))
    return path


def _tell(target: Path, count: int, definitions: Definitions) -> None:
    catalog = definitions.catalog()
    sys.stdout.write(f"wrote {target}: {count} functions of {catalog.path} (digest {catalog.digest})\n")
