"""``metricsheet doctor``: what of an installation or of a workbook's functions is wrong."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from metricsheet.cli.arguments import add_definitions_option, command_parser, load_definitions
from metricsheet.cli.main import EXIT_FINDINGS, EXIT_OK
from metricsheet.language import IN_WORDS
from metricsheet.language.letters import steady

_BOOKS = (".xlsx", ".xlsm")
_WAYS = {
    "missing_function": "metricsheet portable {book} -o OUT   puts names that need no add-in in their place",
    "outdated_function": "metricsheet export lambda --into {book}   brings the names up to date\n"
    "    (with the --only, --prefix and --metrics that they were made with)",
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    said = "Check the installed worksheet functions, or those in a workbook, and say how to fix them."
    p = command_parser("doctor", said)
    p.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="a workbook (.xlsx, .xlsm), or an add-in to look at (default: the one Excel loads)",
    )
    p.add_argument("--lang", metavar="LANG", help=f"of what is wrong in a workbook: {IN_WORDS}")
    add_definitions_option(p)
    return p


def run(arguments: list[str]) -> int:
    """Print a line for each thing looked at, and how to put right what is wrong."""
    args = parser().parse_args(arguments)
    if args.file is not None and args.file.suffix.lower() in _BOOKS:
        return _of_book(args)
    from excel_addin.installation import look

    checks = list(look(args.file))
    for check in checks:
        sys.stdout.write(steady(f"{'fix' if check.fix else 'ok ':<5}{check.about:<13}{check.said}\n"))
    fixes = dict.fromkeys(check.fix for check in checks if check.fix)
    for fix in list(fixes)[:1]:
        sys.stdout.write(steady(f"run: {fix}\n"))
    return EXIT_FINDINGS if fixes else EXIT_OK


def _of_book(args: argparse.Namespace) -> int:
    """Print what is wrong with our functions in a workbook, cell by cell."""
    from metricsheet.export.lambdas.doctor import SAME_FORMULA, examine
    from metricsheet.files.find import refuse_by_name
    from metricsheet.files.read import bytes_of
    from metricsheet.language.message import say
    from metricsheet.options import language_of

    catalog = load_definitions(args.metrics)
    language = language_of(args.lang, catalog)
    refuse_by_name(args.file)
    every = examine(bytes_of(args.file), args.file.name, catalog)
    same = [finding for finding in every if finding.code == SAME_FORMULA]
    found = [finding for finding in every if finding.code != SAME_FORMULA]
    for finding in found:
        sys.stdout.write(steady(f"{finding.where}: {finding.code}: {say(finding.message, language)}\n"))
    if same:
        more = f" and {len(same) - 1} more" if same[1:] else ""
        sys.stdout.write(steady(f"{same[0].where}{more}: {say(same[0].message, language)}\n"))
    for code, way in _WAYS.items():
        if any(finding.code == code for finding in found):
            sys.stdout.write(way.format(book=args.file) + "\n")
    count = (
        f"{len(found)} finding{'s' * (len(found) > 1)} in {args.file}"
        if found
        else f"{args.file}: nothing is wrong"
    )
    sys.stdout.write(f"{count}\n")
    return EXIT_FINDINGS if found else EXIT_OK
