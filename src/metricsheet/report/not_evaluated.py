"""Rules that could not be judged, by what would let them speak: periods, segments, a target, a metric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from metricsheet.language.words import term
from metricsheet.report.formatter import ResultFormatter
from metricsheet.report.scorecard import Finding
from metricsheet.rules.language.facts import CHANGE_PARTS, PAST_PARTS, SLICE_PARTS

RULES_NAMED = 5
"""Up to how many rules that lack the same thing are named; of more, only what they are about."""
SLICES_ASKED = 20
"""Of how many slices of a rule the missing facts are looked at; the others lack the same."""

_NEEDS: Mapping[str, str] = {
    **dict.fromkeys((*CHANGE_PARTS, *PAST_PARTS), "needs_period"),
    **dict.fromkeys(SLICE_PARTS, "needs_slices"),
    **dict.fromkeys(("target", "gap"), "needs_target"),
}
_KINDS = ("needs_period", "needs_slices", "needs_target", "needs_setting", "needs_value")


def not_evaluated(formatter: ResultFormatter) -> list[str]:
    """Return a line for each thing that is missing, with the rules that wait for it and for which metrics."""
    # a metric that was not asked for (--only) has no result here, but may well have a value
    valueless = {result.metric for result in formatter.scorecard.results}
    valueless -= {result.metric for result in formatter.scorecard.results if result.value is not None}
    sliced = {result.metric for result in formatter.scorecard.results if result.slice}
    waiting: dict[str, dict[str, dict[str, None]]] = {kind: {} for kind in _KINDS}
    for rule, findings in _by_rule(formatter.scorecard.findings, sliced).items():
        names = dict.fromkeys(name for finding in findings for name in finding.missing)
        kinds = {name: _kind(formatter, name, valueless) for name in names}
        # a metric that is not there must come first, whatever else the rule asks about it
        kind = (
            "needs_value" if "needs_value" in kinds.values() else next(iter(kinds.values()), "needs_period")
        )
        asked = {_asked(name): None for name, its in kinds.items() if its == kind}
        waiting[kind].setdefault(rule, {}).update(asked)
    return [
        f"{term(kind, formatter.language)}: {_line(formatter, rules)}"
        for kind, rules in waiting.items()
        if rules
    ]


def _line(formatter: ResultFormatter, rules: Mapping[str, Iterable[str]]) -> str:
    if len(rules) <= RULES_NAMED:
        return ", ".join(f"{rule} ({', '.join(keys)})" if keys else rule for rule, keys in rules.items())
    about = dict.fromkeys(key for keys in rules.values() for key in keys)
    return f"{formatter.count(len(rules))} ({', '.join(about)})"


def _by_rule(findings: Iterable[Finding], sliced: set[str]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    looked_at: dict[str, int] = {}
    for finding in findings:
        if finding.outcome != "not_evaluated" or looked_at.get(finding.rule, 0) >= SLICES_ASKED:
            continue
        looked_at[finding.rule] = looked_at.get(finding.rule, 0) + 1
        # what the segments do not tell apart was judged as a whole
        if not finding.slice or sliced.intersection(_asked(name) for name in finding.missing):
            found.setdefault(finding.rule, []).append(finding)
    return found


def _kind(formatter: ResultFormatter, name: str, valueless: set[str]) -> str:
    metric, _, part = name.partition(".")
    if formatter.catalog is not None and metric in formatter.catalog.settings:
        return "needs_setting"
    return "needs_value" if metric in valueless else _NEEDS.get(part, "needs_value")


def _asked(name: str) -> str:
    return name.partition(".")[0]
