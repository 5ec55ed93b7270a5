"""``metricsheet doctor``: what of an installation or of a workbook's functions is wrong."""

from __future__ import annotations

import argparse
from pathlib import Path

from metricsheet.cli.arguments import add_definitions_option, command_parser, load_definitions, tell
from metricsheet.cli.main import EXIT_FINDINGS, EXIT_OK
from metricsheet.language.message import Message, and_more, say
from metricsheet.report.columns import padded, width

_BOOKS = (".xlsx", ".xlsm")


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("doctor")
    p.add_argument("file", nargs="?", type=Path, metavar="FILE")
    add_definitions_option(p)
    return p


def run(arguments: list[str]) -> int:
    """Print a line for each thing looked at, and how to put right what is wrong."""
    args = parser().parse_args(arguments)
    if args.file is not None and args.file.suffix.lower() in _BOOKS:
        return _of_book(args)
    from excel_addin.installation import look

    language = _language(args)
    checks = list(look(args.file))
    marks = [say(Message("check.fix" if check.fix else "check.ok"), language) for check in checks]
    labels = [say(check.about, language) for check in checks]
    gap, wide = max(map(width, marks)) + 2, max(map(width, labels)) + 2
    for mark, label, check in zip(marks, labels, checks, strict=True):
        tell(padded(mark, gap) + padded(label, wide) + say(check.said, language), language)
    fixes = dict.fromkeys(check.fix for check in checks if check.fix)
    for fix in list(fixes)[:1]:
        tell(Message("check.run", command=fix), language)
    return EXIT_FINDINGS if fixes else EXIT_OK


def _language(args: argparse.Namespace) -> str:
    """Return the language asked for, else that of the definitions in use, as far as they can be used."""
    from metricsheet.errors import DefinitionError
    from metricsheet.options import language_of

    try:
        return language_of(args.lang, None if args.lang else load_definitions(args.metrics))
    except DefinitionError:
        return "en"


def _of_book(args: argparse.Namespace) -> int:
    """Print what is wrong with our functions in a workbook, cell by cell."""
    from metricsheet.export.lambdas.doctor import SAME_FORMULA, examine
    from metricsheet.files.find import refuse_by_name
    from metricsheet.files.read import bytes_of
    from metricsheet.options import language_of

    catalog = load_definitions(args.metrics)
    language = language_of(args.lang, catalog)
    refuse_by_name(args.file)
    every = examine(bytes_of(args.file), args.file.name, catalog)
    same = [finding for finding in every if finding.code == SAME_FORMULA]
    found = [finding for finding in every if finding.code != SAME_FORMULA]
    for finding in found:
        tell(f"{finding.where}: {finding.code}: {say(finding.message, language)}", language)
    if same:
        places = say(and_more([str(finding.where) for finding in same], 1), language)
        tell(f"{places}: {say(same[0].message, language)}", language)
    book = str(args.file)
    ways = {
        "missing_function": Message("doctor_way.missing", book=book),
        "outdated_function": Message("doctor_way.outdated", book=book),
    }
    for code, way in ways.items():
        if any(finding.code == code for finding in found):
            tell(way, language)
    tell(
        Message("found_in_book", count=len(found), path=book)
        if found
        else Message("nothing_wrong", path=book),
        language,
    )
    return EXIT_FINDINGS if found else EXIT_OK
