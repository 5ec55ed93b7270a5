"""``metricsheet check``: everything that is wrong with the definitions, in one run."""

from __future__ import annotations

import argparse
import sys

from metricsheet.cli.arguments import add_definitions_option, command_parser, name_passed_over
from metricsheet.cli.main import EXIT_FINDINGS, EXIT_OK, EXIT_UNREADABLE
from metricsheet.language.message import Message, say


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("check")
    add_definitions_option(p)
    p.add_argument("--strict", action="store_true")
    return p


def run(arguments: list[str]) -> int:
    """Check and print; 0 is clean, 3 means errors, 1 means warnings under ``--strict``."""
    args = parser().parse_args(arguments)
    from metricsheet.catalog.find import packs_beside
    from metricsheet.catalog.translations import missing_translations
    from metricsheet.options import language_of
    from metricsheet.prepared import check_definitions

    catalog, found = check_definitions(args.metrics)
    language = language_of(args.lang or "en", catalog)
    packs = packs_beside(args.metrics)
    diagnostics = list(found)
    with_packs = catalog
    if packs:
        # packs beside the definitions belong to them, whether they are asked for today or not
        with_packs, more = check_definitions(args.metrics, benchmarks=packs)
        diagnostics += [problem for problem in more if problem not in found]
    sound = with_packs or catalog
    if sound is not None and args.strict:
        diagnostics += missing_translations(sound)
    for diagnostic in diagnostics:
        sys.stdout.write(diagnostic.render(language) + "\n\n")
    errors = sum(1 for d in diagnostics if d.severity == "error")
    warnings = len(diagnostics) - errors
    if catalog is not None:
        name_passed_over(catalog, args.lang)
        counts = {"metrics": len(catalog.metrics), "inputs": len(catalog.inputs), "rules": len(catalog.rules)}
        hold = say(Message("definitions_hold", **counts), language)
        sys.stdout.write(f"{catalog.path} ({catalog.digest}): {hold}\n")
    counted = Message("errors_counted", count=errors), Message("warnings_counted", count=warnings)
    sys.stdout.write(f"{say(counted, language)}\n")
    if errors:
        return EXIT_UNREADABLE
    return EXIT_FINDINGS if warnings and args.strict else EXIT_OK
