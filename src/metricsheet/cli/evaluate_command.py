"""``metricsheet evaluate``: files and folders into a scorecard."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from metricsheet.cli.arguments import (
    add_definitions_option,
    choose_language,
    command_parser,
    listed,
    pairs,
)
from metricsheet.cli.main import EXIT_FINDINGS, EXIT_OK, EXIT_UNREADABLE
from metricsheet.errors import UsageError

if TYPE_CHECKING:
    from metricsheet.dataset import Problem
    from metricsheet.evaluation.scorecard import Scorecard

_EXAMPLES = """examples:
  metricsheet evaluate customers.xlsx
  metricsheet evaluate survey.csv --by Region --period month
  metricsheet evaluate q1.xlsx q2.xlsx --pool --map "churned=Churn flag"
  metricsheet evaluate reports/ --format xlsx -o scorecard.xlsx --fail-on high

--map takes Header, Sheet!Header, Sheet!C, Sheet!C5:C900, Sheet!B4, Table[Column] or a defined name.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("evaluate", "Evaluate every metric over workbooks, CSV files or folders.", _EXAMPLES)
    p.add_argument("files", nargs="+", type=Path, metavar="FILE", help="workbook, CSV file or folder")
    add_definitions_option(p)
    p.add_argument(
        "--map", action="append", default=[], metavar="INPUT=WHERE", help="say where an input stands"
    )
    p.add_argument(
        "--by", action="append", default=[], metavar="HEADER", help="slice by a column (repeatable)"
    )
    p.add_argument(
        "--period", choices=("month", "quarter", "year"), help="one result per period, with trends"
    )
    p.add_argument("--where", metavar="CONDITION", help="rows that count, e.g. 'region = \"EU\"'")
    p.add_argument("--from", dest="since", metavar="DATE", help="first day that counts, e.g. 2024-01-01")
    p.add_argument("--to", dest="until", metavar="DATE", help="last day that counts")
    p.add_argument("--pool", action="store_true", help="all files together as one table")
    p.add_argument("--only", action="append", default=[], metavar="METRIC", help="these metrics only")
    p.add_argument(
        "--set", action="append", default=[], metavar="SETTING=VALUE", help="e.g. company_stage=new"
    )
    p.add_argument(
        "--scale", action="append", default=[], metavar="INPUT=LOW..HIGH", help="the scale the answers are on"
    )
    p.add_argument(
        "--read",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="how files are read, e.g. totals=keep (rows that look like totals are data)",
    )
    p.add_argument("--decimal", choices=(".", ","), help="the decimal mark of numbers written as text")
    p.add_argument("--dates", choices=("dmy", "mdy", "ymd"), help="the order of dates written as text")
    p.add_argument(
        "--benchmarks", action="append", default=[], metavar="PACK", help="benchmark pack to compare with"
    )
    p.add_argument("--format", choices=("text", "json", "csv", "xlsx"), default=None, help="default: text")
    p.add_argument("-o", "--output", type=Path, metavar="PATH", help="file or folder to write to")
    p.add_argument(
        "--fail-on",
        choices=("info", "low", "medium", "high", "critical"),
        help="exit with 1 when a rule of this severity or above fired",
    )
    p.add_argument("--lang", metavar="LANG", help="en, ja, tr, it or de")
    p.add_argument("--colour", "--color", choices=("auto", "always", "never"), default="auto")
    p.add_argument(
        "--all", action="store_true", help="also list what is not bound and rules that did not fire"
    )
    p.add_argument("-q", "--quiet", action="store_true", help="no report on the screen, only problems")
    return p


def run(arguments: list[str]) -> int:
    """Evaluate and report; return the exit code."""
    args = parser().parse_args(arguments)
    from metricsheet.api import evaluate, load_catalog
    from metricsheet.report.write import report_format, write_report

    catalog = load_catalog(args.metrics, benchmarks=listed(args.benchmarks))
    language = choose_language(args.lang, catalog.language)
    scorecard = evaluate(
        args.files,
        metrics=catalog,
        mapping=pairs("--map", args.map),
        by=listed(args.by),
        period=args.period,
        where=args.where,
        since=args.since,
        until=args.until,
        pool=args.pool,
        only=listed(args.only),
        settings=pairs("--set", args.set),
        scales=pairs("--scale", args.scale),
        language=language,
        decimal_mark=args.decimal,
        date_order=args.dates,
        read=pairs("--read", args.read),
    )
    chosen = report_format(args.format, args.output)
    if chosen == "xlsx" and args.output is None:
        raise UsageError("--format xlsx needs -o FILE.xlsx: a workbook is not printed on a screen")
    if not args.quiet or args.output is not None:
        write_report(
            scorecard,
            catalog,
            chosen,
            args.output,
            sys.stdout,
            colour=_colour(args.colour),
            everything=args.all,
            inputs=tuple(args.files),
        )
    if args.quiet or args.output is not None or chosen != "text":
        _problems_on_stderr(scorecard.problems)
    return _exit_code(scorecard, args.fail_on)


def _colour(choice: str) -> bool:
    if choice != "auto":
        return choice == "always"
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def _problems_on_stderr(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        if problem.fatal:
            sys.stderr.write(f"{problem.source}: error[{problem.code}]: {problem.message}\n")
            if problem.hint:
                sys.stderr.write(f"  hint: {problem.hint}\n")


def _exit_code(scorecard: Scorecard, fail_on: str | None) -> int:
    from metricsheet.catalog.definitions import SEVERITIES

    if any(problem.fatal for problem in scorecard.problems):
        return EXIT_UNREADABLE
    if fail_on is not None:
        floor = [str(s) for s in SEVERITIES].index(fail_on)
        bad = set(SEVERITIES[floor:])
        if any(f.outcome == "fired" and f.severity in bad for f in scorecard.findings):
            return EXIT_FINDINGS
    return EXIT_OK
