"""``metricsheet schema``: the JSON Schemas, for editors and for programs that read results."""

from __future__ import annotations

import argparse
import json
import sys

from metricsheet.cli.arguments import command_parser
from metricsheet.errors import UsageError
from metricsheet.language.message import Message


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("schema")
    what = ("metrics", "rules", "benchmarks", "translations", "result")
    p.add_argument("what", nargs="?", choices=what, default="metrics")
    p.add_argument("--version", type=int, metavar="N")
    return p


def run(arguments: list[str]) -> int:
    """Print the schema asked for."""
    args = parser().parse_args(arguments)
    if args.what == "result":
        from metricsheet.report.data.json_schema import VERSIONS, result_schema

        if args.version not in (None, *VERSIONS):
            raise UsageError(
                Message("option_is_one_of.schema", versions=tuple(map(str, VERSIONS)), given=args.version)
            )
        schema = result_schema(args.version or VERSIONS[-1])
    elif args.version is not None:
        raise UsageError(Message("version_for_results"), Message("version_example"))
    else:
        from metricsheet.catalog.schema.schema import schema as definitions_schema

        schema = definitions_schema(args.what)
    sys.stdout.write(json.dumps(schema, indent=2, ensure_ascii=False) + "\n")
    return 0
