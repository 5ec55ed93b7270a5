"""``metricsheet evaluate``: files and folders into a scorecard."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metricsheet.cli.arguments import add_repeated_option, command_parser, listed, pairs
from metricsheet.cli.evaluation_options import add_evaluation_options, cache_of, options_given
from metricsheet.cli.main import forget_output
from metricsheet.errors import UsageError
from metricsheet.language.message import Message, say
from metricsheet.report.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metricsheet.catalog.definitions import Catalog
    from metricsheet.dataset import Problem
    from metricsheet.report.scorecard import Scorecard

_EXAMPLES = (
    "customers.xlsx",
    "survey.csv --by Region --period month",
    'q1.xlsx q2.xlsx --pool --map "churned=Churn flag"',
    "reports/ --format xlsx -o scorecard.xlsx --fail-on high",
    "'postgresql://host/shop#public.answers' --by Region",
)


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("evaluate", *_EXAMPLES, grouped=True)
    add_evaluation_options(p)
    report = p.add_argument_group("evaluate.group.report")
    report.add_argument("--format", choices=tuple(FORMATS))
    report.add_argument("-o", "--output", type=Path, metavar="PATH")
    report.add_argument("--into", type=Path, metavar="COPY")
    report.add_argument("--in-place", action="store_true")
    report.add_argument("--live", action="store_true")
    report.add_argument("--lang", metavar="LANG")
    report.add_argument("--colour", "--color", choices=("auto", "always", "never"), default="auto")
    add_repeated_option(report, "--show", "PARTS")
    report.add_argument("--all", action="append_const", dest="show", const="all", help=argparse.SUPPRESS)
    report.add_argument("-q", "--quiet", action="store_true")
    add_repeated_option(report, "--require", "METRIC")
    add_repeated_option(report, "--fail-on", "LEVEL")
    report.add_argument("-h", "--help", action="help")
    return p


def run(arguments: list[str]) -> int:
    """Evaluate and report; return the exit code."""
    args = parser().parse_args(arguments)
    from collections import deque

    from metricsheet.api import UnfitOptionsError, evaluate, evaluate_each, evaluate_held, load_catalog
    from metricsheet.catalog.named import find_keys
    from metricsheet.cli.exits import causes, exit_code, failing, together, without_the_rest
    from metricsheet.cli.progress import Progress
    from metricsheet.evaluation.options import ALSO
    from metricsheet.options import language_of
    from metricsheet.report.overview_lines import wrote_line
    from metricsheet.report.style import TextStyle
    from metricsheet.report.write import (
        holds_little,
        is_folder,
        parts_shown,
        report_format,
        write_each,
        write_report,
    )

    into = args.into is not None or args.in_place
    files = [file for file in args.files if isinstance(file, Path)]
    one = len(args.files) == len(files) == 1 and not files[0].is_dir()
    if into and (not one or (args.into is not None and args.in_place)):
        raise UsageError(Message("into_one_workbook"))
    if args.live and not into:
        raise UsageError(Message("live_is_into"))
    chosen = report_format(args.format, args.output)
    shown = parts_shown(listed(args.show), chosen)
    fail_on = failing(listed(args.fail_on))
    catalog = load_catalog(args.metrics, benchmarks=listed(args.benchmarks))
    required = find_keys(args.require, [catalog.metrics], "not_a.metric")
    options = options_given(args, catalog, also=[part for part in shown if part in ALSO])
    hidden = [metric for metric in required if options.only and metric not in options.only]
    if hidden:
        raise UsageError(Message("require_not_among", metric=hidden[0], only=tuple(options.only)))
    folder = args.output if is_folder(args.output) else None
    progress = Progress(language_of(args.lang, catalog), quiet=args.quiet)
    how: dict[str, Any] = {
        "metrics": catalog,
        "jobs": args.jobs,
        "cache": cache_of(args, folder),
        "progress": progress,
    }
    wanted: dict[str, Any] = {"fail_on": fail_on, "required": required}
    written: tuple[Path, ...] = ()
    unfit: Sequence[Problem] = ()
    seen: list[Scorecard] = []

    def each() -> Iterator[Scorecard]:
        nonlocal unfit
        try:
            for card in evaluate_each(args.files, options, **how):
                seen.append(without_the_rest(card, **wanted))
                yield card
        except UnfitOptionsError as error:
            unfit = error.problems

    try:
        if chosen.each_source and not (args.pool or into or folder is not None):
            if args.quiet and args.output is None:
                deque(each(), maxlen=0)
            else:
                write_each(each(), catalog, chosen, args.output, sys.stdout, inputs=files)
        else:
            try:
                called = evaluate_held if holds_little(chosen, args.output, shown) else evaluate
                seen.append(called(args.files, options, **how))
            except UnfitOptionsError as error:
                seen.append(error.scorecard)
                unfit = error.problems
            progress.end()
            if into:
                _write_into(seen[0], catalog, args)
            if args.output is not None or not (args.quiet or into):
                style = TextStyle(colour=_colour(args.colour), show=shown)
                written = write_report(
                    *(seen[0], catalog, chosen.name, args.output, sys.stdout, style), inputs=files
                )
        sys.stdout.flush()
    except BrokenPipeError:
        # the reader of the report (`| head`) has seen enough; the exit code is still theirs
        forget_output()
    finally:
        progress.end()
    scorecard = together(seen)
    if len(written) > 1 and not args.quiet:
        sys.stderr.write(wrote_line(scorecard, catalog, written))
    found = causes(scorecard, unfit=unfit, **wanted)
    for cause in found:
        sys.stderr.write(cause.render("evaluate", scorecard.language))
    return exit_code(found)


def _write_into(scorecard: Scorecard, catalog: Catalog, args: argparse.Namespace) -> None:
    """Put the overview into the one workbook that was evaluated, or into a copy of it."""
    import time

    from metricsheet.report.write import SHEET, write_into

    def with_live(content: bytes) -> bytes:
        from metricsheet.binding.bind import bind
        from metricsheet.export.lambdas.live import with_live_sheet
        from metricsheet.files.read import read_book

        book = read_book(args.files[0])
        places = bind(catalog, book, pairs("--map", args.map), folder=args.files[0])
        return with_live_sheet(content, scorecard, catalog, book, places)

    if scorecard.results:
        stamp, more = time.strftime("%Y%m%d-%H%M%S"), with_live if args.live else None
        made = write_into(scorecard, catalog, args.files[0], args.into, stamp, more)
        names = tuple(str(path) for path in made)
        if not args.quiet:
            sys.stderr.write(f"{say(Message('wrote_sheet', sheet=SHEET, files=names), scorecard.language)}\n")


def _colour(choice: str) -> bool:
    if choice != "auto":
        return choice == "always"
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
