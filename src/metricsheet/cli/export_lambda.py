"""``metricsheet export lambda``: the metrics as functions of a workbook."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from metricsheet.cli.arguments import add_definitions_option, command_parser, listed, load_definitions
from metricsheet.errors import UsageError
from metricsheet.language import IN_WORDS
from metricsheet.language.message import Message, say
from metricsheet.options import language_of

if TYPE_CHECKING:
    from metricsheet.catalog.definitions import Catalog
    from metricsheet.export.lambdas.book import Changes
    from metricsheet.export.lambdas.functions import Exported

_EXAMPLES = """examples:
  metricsheet export lambda -o functions.xlsx                    every metric, and a sheet that explains them
  metricsheet export lambda --into budget.xlsx -o with_them.xlsx the same in a copy of your workbook
  metricsheet export lambda -o nps.xlsx --only nps,nurture       one metric and one stage

Run again with the same -o, it brings our functions in that workbook up to date and keeps everything else.
"""
_SHOWN = 8


def parser(form: str) -> argparse.ArgumentParser:
    """Return the parser of the form."""
    p = command_parser(
        f"export {form}", "Write the metrics as functions of a workbook (Excel's LAMBDA).", _EXAMPLES
    )
    p.add_argument("-o", "--output", metavar="BOOK", type=Path, help="the workbook to write")
    p.add_argument(
        "--into",
        metavar="BOOK",
        type=Path,
        help="put them into a copy of this workbook; without -o into itself",
    )
    p.add_argument("--only", metavar="KEYS", action="append", default=[], help="these metrics and stages")
    p.add_argument("--prefix", default="L.", help="what the names begin with (default: L.)")
    p.add_argument("--lang", metavar="LANG", help=f"language of the sheet: {IN_WORDS}")
    add_definitions_option(p)
    return p


def run(form: str, arguments: list[str]) -> int:
    """Write the workbook and say what changed in it."""
    args = parser(form).parse_args(arguments)
    if args.output is None and args.into is None:
        raise UsageError(Message("needs_output"), Message("help_lists", command="metricsheet export lambda"))
    from metricsheet.export.lambdas.functions import export

    catalog = load_definitions(args.metrics)
    language = language_of(args.lang, catalog)
    exported = export(catalog, listed(args.only), args.prefix)
    made, changes = _written(args, catalog, exported, language)
    _tell(made, changes, exported, language)
    return 0


def _written(
    args: argparse.Namespace, catalog: Catalog, exported: Exported, language: str
) -> tuple[tuple[Path, ...], Changes]:
    from metricsheet.export.lambdas.book import Changes, holds_functions, into_book, new_book
    from metricsheet.files.read import bytes_of
    from metricsheet.report.atomic import whole_file
    from metricsheet.report.write import write_changed

    book, target = args.into, args.output
    if book is None and target.suffix.lower() not in (".xlsx", ".xlsm"):
        raise UsageError(Message("into_xlsx_only", path=str(target)))
    if book is None and not target.exists():
        if target.suffix.lower() != ".xlsx":
            raise UsageError(Message("into_same_ending", path=str(target), suffix=".xlsx"))
        content, changes = new_book(catalog, exported, language)
        with whole_file(target) as temporary:
            temporary.write_bytes(content)
        return (target,), changes
    if book is None:
        book, target = target, None
        if not holds_functions(bytes_of(book)):
            raise UsageError(
                Message("not_with_functions", path=str(book)), Message("put_into_it", path=str(book))
            )
    elif target is not None and target.exists() and target.resolve() == book.resolve():
        target = None
    found = Changes()

    def change(content: bytes) -> bytes:
        nonlocal found
        whole, found = into_book(content, catalog, exported, language)
        return whole

    return write_changed(book, target, time.strftime("%Y%m%d-%H%M%S"), catalog, change), found


def _tell(made: tuple[Path, ...], changes: Changes, exported: Exported, language: str) -> None:
    out = sys.stdout.write
    first, *backups = made or (None,)
    out(f"wrote {first}\n" if first is not None else "nothing changes\n")
    for backup in backups:
        out(f"the workbook as it was: {backup}\n")
    metrics = len({function.metric.key for function in exported.functions})
    out(f"{len(exported.functions)} functions of {metrics} metric{'s' if metrics != 1 else ''}\n")
    for word, names in (
        ("added", changes.added),
        ("changed", changes.changed),
        ("unchanged", changes.same),
        ("yours, kept", changes.kept),
        ("not among these, left as they are", changes.others),
    ):
        if names:
            more = f", … and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            shown = f" ({', '.join(names[:_SHOWN])}{more})" if names != changes.same else ""
            out(f"  {word}: {len(names)}{shown}\n")
    for metric, why in exported.left_out:
        out(f"  no function for {metric.key}: {say(why, language)}\n")
