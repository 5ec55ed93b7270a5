"""``metricsheet test``: the worked examples of metrics and kinds of tables, and the tests of the rules."""

from __future__ import annotations

import argparse
import sys

from metricsheet.cli.arguments import add_definitions_option, command_parser, name_passed_over
from metricsheet.cli.main import EXIT_FINDINGS, EXIT_OK


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("test", "Run the examples of metrics and kinds of tables and the tests of rules.")
    p.add_argument("names", nargs="*", metavar="NAME", help="only these metrics, rules and kinds of tables")
    add_definitions_option(p)
    p.add_argument("--coverage", action="store_true", help="name the truths of conditions that no test shows")
    p.add_argument("-v", "--verbose", action="store_true", help="also list what passed")
    return p


def run(arguments: list[str]) -> int:
    """Run and print; 1 when something failed or nothing was run."""
    args = parser().parse_args(arguments)
    from metricsheet.binding.kind_examples import run_kind_examples
    from metricsheet.catalog.named import Named, find_keys
    from metricsheet.evaluation.examples import run_examples
    from metricsheet.prepared import prepare
    from metricsheet.rules.testing.run import run_rule_tests

    prepared = prepare(args.metrics, fresh=True)
    catalog = prepared.catalog
    name_passed_over(catalog)
    known: list[Named] = [catalog.metrics, catalog.rules, catalog.tables]
    names = find_keys(args.names, known, "not_a.metric_rule_or_kind")
    metrics = [n for n in names if n in catalog.metrics] if names else list(catalog.metrics)
    rules = [n for n in names if n in catalog.rules] if names else list(catalog.rules)
    kinds = [n for n in names if n in catalog.tables] if names else list(catalog.tables)
    examples = run_examples(catalog, metrics) if metrics else []
    of_kinds = run_kind_examples(catalog, kinds)
    report = run_rule_tests(prepared.rules, catalog, rules)
    lines = [
        (o.passed, f"{o.place or ''}", f"{o.metric} example {o.number}", o.wanted, o.got) for o in examples
    ]
    lines += [
        (o.passed, f"{o.place or ''}", f"{o.kind} example {o.number}", o.wanted, o.got) for o in of_kinds
    ]
    for t in report.results:
        got = f"{t.got} ({t.reason})" if t.reason else t.got
        lines.append((t.passed, f"{t.place or ''}", f"{t.rule}: {t.name}", t.expected, got))
    for passed, place, name, wanted, got in lines:
        if not passed:
            sys.stdout.write(f"{place}: {name}: wanted {wanted}, got {got}\n")
        elif args.verbose:
            sys.stdout.write(f"{place}: {name}: {got}\n")
    if args.coverage:
        for comparison in report.coverage:
            if comparison.unseen:
                unseen = ", ".join(comparison.unseen)
                sys.stdout.write(f"{comparison.rule}: {comparison.comparison} was never {unseen}\n")
    failed = sum(1 for line in lines if not line[0])
    untested = [*(k for k in metrics if not catalog.metrics[k].examples), *report.untested]
    untested += [key for key in kinds if not catalog.tables[key].examples]
    if untested:
        sys.stdout.write(f"without examples or tests: {', '.join(untested)}\n")
    sys.stdout.write(
        f"{len(examples) + len(of_kinds)} examples and {len(report.results)} rule tests: "
        f"{len(lines) - failed} passed, {failed} failed"
    )
    sys.stdout.write(f"; {report.percent_covered()} % of rule conditions covered\n" if rules else "\n")
    if not lines:
        sys.stdout.write("nothing was run: a test run without tests is a failure\n")
    return EXIT_FINDINGS if failed or not lines else EXIT_OK
