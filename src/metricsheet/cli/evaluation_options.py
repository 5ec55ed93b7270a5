"""The options that say what is evaluated and how: those of every command that evaluates."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from metricsheet.cli.arguments import add_definitions_option, listed, pairs, source

if TYPE_CHECKING:
    from metricsheet.catalog.definitions import Catalog
    from metricsheet.options import Options


def add_evaluation_options(parser: argparse.ArgumentParser, last_day: str = "--to") -> None:
    """Add the sources and the options by which they are read and evaluated, in groups.

    ``last_day`` is the name of the option for the last day that counts.
    """
    what = parser.add_argument_group("what to evaluate")
    what.add_argument(
        "files",
        nargs="+",
        type=source,
        metavar="FILE",
        help="workbook, CSV file, folder, table of a database",
    )
    what.add_argument("--pool", action="store_true", help="treat all files as one table")
    what.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="CONDITION",
        help="only rows that meet it, e.g. 'region = \"EU\"'; several must all hold",
    )
    what.add_argument("--from", dest="since", metavar="DATE", help="first day that counts, e.g. 2024-01-01")
    what.add_argument(last_day, dest="until", metavar="DATE", help="last day that counts")
    read = parser.add_argument_group("how to read it")
    repeated(read, "--map", "INPUT=WHERE", "say where an input is")
    repeated(
        read,
        "--read",
        "KEY=VALUE",
        "how to read: totals=keep (rows that look like totals are data), decimal=, dates=dmy, "
        "scale.INPUT=1..10",
    )
    # older spellings of --read scale.INPUT, decimal and dates
    read.add_argument("--scale", action="append", default=[], help=argparse.SUPPRESS)
    read.add_argument("--decimal", help=argparse.SUPPRESS)
    read.add_argument("--dates", help=argparse.SUPPRESS)
    compute = parser.add_argument_group("what to compute")
    add_definitions_option(compute)
    repeated(compute, "--only", "METRIC", "only these metrics, by key or label")
    repeated(
        compute, "--by", "HEADER", "group results by a column, or by file names: 'region=file:branch_(\\w+)'"
    )
    compute.add_argument(
        "--period", choices=("month", "quarter", "year"), help="one result per period, with trends"
    )
    compute.add_argument(
        "--cohort", default="", metavar="BY", help="of subscriptions: month, quarter, year, or a HEADER"
    )
    compute.add_argument(
        "--partial", action="store_true", help="also compare and judge periods that are not over yet"
    )
    repeated(
        compute,
        "--set",
        "SETTING=VALUE",
        "e.g. company_stage=new; INPUT=VALUE for all rows: referral_uplift=16%%",
    )
    repeated(compute, "--benchmarks", "PACK", "benchmark pack to compare with")
    repeated(
        compute,
        "--limit",
        "LIMITS",
        "per file, e.g. slices=50000,seconds=60,mb=500,spill=DIR: more slices than 10000, less time and "
        "memory, a folder for queries that need more",
    )
    compute.add_argument(
        "--engine",
        choices=("auto", "python", "duckdb"),
        default="auto",
        help="python reads all rows, duckdb leaves Parquet files and databases where they are; default: auto",
    )
    bulk = parser.add_argument_group("many files")
    bulk.add_argument(
        "--jobs",
        type=int,
        metavar="N",
        help="number of processes; default: one per core, none if files are few and small",
    )
    keep = bulk.add_mutually_exclusive_group()
    keep.add_argument(
        "--cache",
        type=Path,
        metavar="DIR",
        help="cache results, and read only files that changed; default: .metricsheet beside a "
        "folder given with -o",
    )
    keep.add_argument("--no-cache", action="store_true", help="cache nothing, and read every file")


def repeated(group: argparse._ActionsContainer, option: str, metavar: str, said: str) -> None:
    """Add an option that may be given several times."""
    group.add_argument(option, action="append", default=[], metavar=metavar, help=f"{said} (repeatable)")


def options_given(args: argparse.Namespace, catalog: Catalog, *, also: Sequence[str] = ()) -> Options:
    """Return what the options ask for; raise ``UsageError`` for what is none of the definitions' names."""
    from metricsheet.catalog.named import find_keys
    from metricsheet.options import Options

    return Options(
        mapping=pairs("--map", args.map),
        by=listed(args.by),
        period=args.period,
        where=args.where,
        since=args.since,
        until=args.until,
        pool=args.pool,
        only=find_keys(args.only, [catalog.metrics], "not_a.metric"),
        settings=pairs("--set", args.set),
        scales=pairs("--scale", args.scale),
        partial=args.partial,
        cohort=args.cohort,
        language=args.lang,
        decimal_mark=args.decimal,
        date_order=args.dates,
        read=pairs("--read", args.read),
        limits=pairs("--limit", listed(args.limit)),
        also=also,
        engine=args.engine,
    )


def cache_of(args: argparse.Namespace, folder: Path | None) -> Path | None:
    """Return the folder that keeps what files gave, ``None`` where nothing is kept.

    ``folder`` is what is written, where that is a folder.
    """
    if args.no_cache or args.cache is not None or folder is None:
        return None if args.no_cache else args.cache
    return folder.parent / ".metricsheet" if os.access(folder.parent, os.W_OK) else None
