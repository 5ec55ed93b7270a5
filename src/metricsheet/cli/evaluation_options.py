"""The options that say what is evaluated and how: those of every command that evaluates."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from metricsheet.cli.arguments import add_definitions_option, add_repeated_option, listed, pairs, source

if TYPE_CHECKING:
    from metricsheet.catalog.definitions import Catalog
    from metricsheet.options import Options


def add_evaluation_options(parser: argparse.ArgumentParser, last_day: str = "--to") -> None:
    """Add the sources and the options by which they are read and evaluated, in groups.

    ``last_day`` is the name of the option for the last day that counts.
    """
    what = parser.add_argument_group("evaluate.group.source")
    what.add_argument("files", nargs="+", type=source, metavar="FILE")
    what.add_argument("--pool", action="store_true")
    add_repeated_option(what, "--where", "CONDITION")
    what.add_argument("--from", dest="since", metavar="DATE")
    what.add_argument(last_day, dest="until", metavar="DATE")
    reading = parser.add_argument_group("evaluate.group.reading")
    add_repeated_option(reading, "--map", "INPUT=WHERE")
    add_repeated_option(reading, "--read", "KEY=VALUE")
    # older spellings of --read scale.INPUT, decimal and dates
    reading.add_argument("--scale", action="append", default=[], help=argparse.SUPPRESS)
    reading.add_argument("--decimal", help=argparse.SUPPRESS)
    reading.add_argument("--dates", help=argparse.SUPPRESS)
    metrics = parser.add_argument_group("evaluate.group.metrics")
    add_definitions_option(metrics)
    add_repeated_option(metrics, "--only", "METRIC")
    add_repeated_option(metrics, "--by", "HEADER")
    metrics.add_argument("--period", choices=("month", "quarter", "year"))
    metrics.add_argument("--cohort", default="", metavar="BY")
    metrics.add_argument("--partial", action="store_true")
    add_repeated_option(metrics, "--set", "SETTING=VALUE")
    add_repeated_option(metrics, "--benchmarks", "PACK")
    add_repeated_option(metrics, "--limit", "LIMITS")
    metrics.add_argument("--engine", choices=("auto", "python", "duckdb"), default="auto")
    bulk = parser.add_argument_group("evaluate.group.bulk")
    bulk.add_argument("--jobs", type=int, metavar="N")
    keep = bulk.add_mutually_exclusive_group()
    keep.add_argument("--cache", type=Path, metavar="DIR")
    keep.add_argument("--no-cache", action="store_true")


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
