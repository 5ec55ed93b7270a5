"""``metricsheet schema``: the JSON Schemas, for editors and for programs that read results."""

from __future__ import annotations

import argparse
import json
import sys

from metricsheet.cli.arguments import command_parser


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("schema", "Print a JSON Schema (draft-07).")
    p.add_argument("what", nargs="?", choices=("metrics", "rules", "benchmarks", "result"), default="metrics")
    return p


def run(arguments: list[str]) -> int:
    """Print the schema asked for."""
    args = parser().parse_args(arguments)
    if args.what == "result":
        from metricsheet.report.data.json import result_schema

        schema = result_schema()
    else:
        from metricsheet.catalog.schema.schema import schema as definitions_schema

        schema = definitions_schema(args.what)
    sys.stdout.write(json.dumps(schema, indent=2, ensure_ascii=False) + "\n")
    return 0
