"""``metricsheet export lambda``: the metrics as functions of a workbook."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from metricsheet.cli.arguments import (
    add_definitions_option,
    add_repeated_option,
    command_parser,
    listed,
    load_definitions,
    tell,
    tell_names,
)
from metricsheet.errors import UsageError
from metricsheet.language.message import Message, say
from metricsheet.options import language_of

if TYPE_CHECKING:
    from metricsheet.catalog.definitions import Catalog
    from metricsheet.export.lambdas.book import Changes
    from metricsheet.export.lambdas.functions import Exported

_EXAMPLES = (
    "-o functions.xlsx",
    "--into budget.xlsx -o with_them.xlsx",
    "-o nps.xlsx --only nps,nurture",
)


def parser(form: str) -> argparse.ArgumentParser:
    """Return the parser of the form."""
    p = command_parser(f"export {form}", *_EXAMPLES)
    p.add_argument("-o", "--output", metavar="BOOK", type=Path)
    p.add_argument("--into", metavar="BOOK", type=Path)
    add_repeated_option(p, "--only", "KEYS")
    p.add_argument("--prefix", default="L.")
    add_definitions_option(p)
    return p


def run(form: str, arguments: list[str]) -> int:
    """Write the workbook and say what changed in it."""
    args = parser(form).parse_args(arguments)
    if args.output is None and args.into is None:
        raise UsageError(Message("needs_output"), Message("help_lists", command=f"metricsheet export {form}"))
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
    first, *backups = made or (None,)
    tell(Message("wrote", path=str(first)) if first is not None else Message("nothing_changes"), language)
    for backup in backups:
        tell(Message("backup", path=str(backup)), language)
    functions = Message("functions_counted", count=len(exported.functions))
    metrics = Message("metrics_counted", count=len({f.metric.key for f in exported.functions}))
    tell(Message("functions_of", functions=functions, metrics=metrics), language)
    tell_names("names.added", changes.added, language)
    tell_names("names.changed", changes.changed, language)
    tell_names("names.same", changes.same, language, listed=False)
    tell_names("names.kept", changes.kept, language)
    tell_names("names.others", changes.others, language)
    for metric, why in exported.left_out:
        reason = Message("no_function_for", metric=metric.key, reason=why)
        tell(f"  {say(reason, language)}", language)
