"""``metricsheet test``: the worked examples of metrics and kinds of tables, and the tests of the rules."""

from __future__ import annotations

import argparse

from metricsheet.cli.arguments import add_definitions_option, command_parser, name_passed_over, tell
from metricsheet.cli.main import EXIT_FINDINGS, EXIT_OK
from metricsheet.language.message import Message, Value, in_turn, say
from metricsheet.language.words import labelled
from metricsheet.options import language_of


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command."""
    p = command_parser("test")
    p.add_argument("names", nargs="*", metavar="NAME")
    add_definitions_option(p)
    p.add_argument("--coverage", action="store_true")
    p.add_argument("-v", "--verbose", action="store_true")
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
    name_passed_over(catalog, args.lang)
    language = language_of(args.lang, catalog)
    known: list[Named] = [catalog.metrics, catalog.rules, catalog.tables]
    names = find_keys(args.names, known, "not_a.metric_rule_or_kind")
    metrics = [n for n in names if n in catalog.metrics] if names else list(catalog.metrics)
    rules = [n for n in names if n in catalog.rules] if names else list(catalog.rules)
    kinds = [n for n in names if n in catalog.tables] if names else list(catalog.tables)
    examples = run_examples(catalog, metrics) if metrics else []
    of_kinds = run_kind_examples(catalog, kinds)
    report = run_rule_tests(prepared.rules, catalog, rules)
    lines: list[tuple[bool, str, Value, Value, Value]] = []
    for e in examples:
        name = Message("example_of", name=e.metric, number=e.number)
        lines.append((e.passed, f"{e.place or ''}", name, e.wanted, e.got))
    for k in of_kinds:
        name = Message("example_of", name=k.kind, number=k.number)
        lines.append((k.passed, f"{k.place or ''}", name, k.wanted, k.got))
    for t in report.results:
        got: Value = Message("with_hint", reason=t.got, hint=t.reason) if t.reason else t.got
        lines.append((t.passed, f"{t.place or ''}", labelled(t.rule, t.name, language), t.expected, got))
    for passed, place, what, wanted, found in lines:
        said = found if passed else Message("test_failed", wanted=wanted, got=found)
        if not passed or args.verbose:
            line = labelled(say(what, language), say(said, language), language)
            tell(f"{place}: {line}", language)
    if args.coverage:
        for c in report.coverage:
            if c.unseen:
                truths = tuple(Message(f"truth.{word}") for word in c.unseen)
                unseen = Message("never_seen", condition=c.comparison, truths=truths)
                tell(labelled(c.rule, say(unseen, language), language), language)
    failed = sum(1 for line in lines if not line[0])
    untested = [*(k for k in metrics if not catalog.metrics[k].examples), *report.untested]
    untested += [key for key in kinds if not catalog.tables[key].examples]
    if untested:
        tell(Message("untested", names=tuple(untested)), language)
    counts = {"examples": len(examples) + len(of_kinds), "tests": len(report.results)}
    done: Message = Message("tests_run", passed=len(lines) - failed, failed=failed, **counts)
    if rules:
        done = in_turn([done, Message("conditions_covered", percent=report.percent_covered())])
    tell(done, language)
    if not lines:
        tell(Message("nothing_run"), language)
    return EXIT_FINDINGS if failed or not lines else EXIT_OK
