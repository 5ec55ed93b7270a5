"""``metricsheet export results``: sources into tidy tables that other programs read."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from metricsheet.cli.arguments import command_parser, listed, tell
from metricsheet.cli.evaluation_options import add_evaluation_options, cache_of, options_given
from metricsheet.errors import UsageError
from metricsheet.language.message import Message
from metricsheet.language.option import EXPORT_RESULTS, stay_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metricsheet.dataset import Problem
    from metricsheet.report.scorecard import Scorecard

_EXAMPLES = (
    "a/ --period month --to parquet -o kpis",
    "a.xlsx --to duckdb -o k.duckdb",
    "a.csv --to postgresql -o postgresql://me@db/kpi",
)


def parser(form: str) -> argparse.ArgumentParser:
    """Return the parser of the form."""
    from metricsheet.export.results.stores import FORMS

    p = command_parser(f"export {form}", *_EXAMPLES, grouped=True)
    p.like = "evaluate"
    add_evaluation_options(p, last_day="--until")
    tables = p.add_argument_group("results.group.tables")
    tables.add_argument("--to", choices=FORMS, required=True)
    tables.add_argument("-o", "--output", metavar="TARGET")
    tables.add_argument("--lang", metavar="LANG")
    tables.add_argument("-q", "--quiet", action="store_true")
    tables.add_argument("-h", "--help", action="help")
    return p


def run(form: str, arguments: list[str]) -> int:
    """Evaluate and write the tables; return the exit code of the evaluation."""
    stay_in(EXPORT_RESULTS)
    args = parser(form).parse_args(arguments)
    from metricsheet.api import UnfitOptionsError, evaluate, evaluate_each, load_catalog
    from metricsheet.cli.exits import causes, exit_code, together, without_the_rest
    from metricsheet.cli.progress import Progress
    from metricsheet.engines.sql.address import is_address, shown_address
    from metricsheet.export.results.stores import open_store
    from metricsheet.export.results.tables import definition_rows, source_rows
    from metricsheet.options import language_of

    target = args.output or ("postgresql://" if args.to == "postgresql" else None)
    if target is None:
        raise UsageError(Message("needs_place"))
    if args.to != "postgresql":
        _refuse_inputs(Path(target), args.files)
    catalog = load_catalog(args.metrics, benchmarks=listed(args.benchmarks))
    options = options_given(args, catalog)
    language = language_of(args.lang, catalog)
    progress = Progress(language, quiet=args.quiet)
    how = {
        "metrics": catalog,
        "jobs": args.jobs,
        "cache": cache_of(args, Path(target) if args.to == "parquet" else None),
        "progress": progress,
    }
    unfit: Sequence[Problem] = ()
    seen: list[Scorecard] = []

    def each() -> Iterator[Scorecard]:
        nonlocal unfit
        try:
            yield from (
                [evaluate(args.files, options, **how)]
                if args.pool
                else evaluate_each(args.files, options, **how)
            )
        except UnfitOptionsError as error:
            unfit = error.problems
            if args.pool:
                yield error.scorecard

    sources = results = findings = 0
    try:
        with open_store(args.to, target) as store:
            for card in each():
                for rows in source_rows(card):
                    store.put(rows)
                    sources, results = sources + 1, results + len(rows.results)
                    findings += len(rows.findings)
                seen.append(without_the_rest(card))
            store.define(definition_rows(catalog, language))
    finally:
        progress.end()
    if not args.quiet:
        shown = shown_address(target) if is_address(target) else target
        counts = {"results": results, "findings": findings, "sources": sources}
        tell(Message("wrote_rows", target=shown, **counts), language)
    found = causes(together(seen), unfit=unfit)
    for cause in found:
        sys.stderr.write(cause.render("export results", language))
    return exit_code(found)


def _refuse_inputs(target: Path, inputs: Sequence[Path]) -> None:
    """Raise ``UsageError`` for a target among what is read: the next run would read it as data."""
    real = os.path.realpath(target)
    for path in map(os.path.realpath, inputs):
        if real == path or real.startswith(f"{path}{os.sep}"):
            raise UsageError(Message("read_as_input", path=str(target)), Message("choose_another_name"))
