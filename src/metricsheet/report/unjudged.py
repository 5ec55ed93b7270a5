"""Rules that could not be judged, by what would let them speak: periods, segments, a target, a metric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from metricsheet.evaluation.scorecard import Finding
from metricsheet.report.phrases import word
from metricsheet.report.shown import Shown

RULES_NAMED = 5
"""Up to how many rules that lack the same thing are named; of more, only what they are about."""
SLICES_ASKED = 20
"""Of how many slices of a rule the missing facts are looked at; the others lack the same."""

_NEEDS: Mapping[str, str] = {
    **dict.fromkeys(("trend", "previous", "change"), "needs_period"),
    **dict.fromkeys(
        ("spread", "highest", "lowest", "highest_slice", "lowest_slice", "slices"), "needs_slices"
    ),
    **dict.fromkeys(("target", "gap"), "needs_target"),
}
_KINDS = ("needs_period", "needs_slices", "needs_target", "needs_setting", "needs_value")


def unjudged(shown: Shown) -> list[str]:
    """Return a line for each thing that is missing, with the rules that wait for it and for which metrics."""
    valued = {result.metric for result in shown.scorecard.results if result.value is not None}
    waiting: dict[str, dict[str, dict[str, None]]] = {kind: {} for kind in _KINDS}
    for rule, findings in _by_rule(shown.scorecard.findings).items():
        names = dict.fromkeys(name for finding in findings for name in finding.missing)
        kinds = {name: _kind(shown, name, valued) for name in names}
        # a metric that is not there must come first, whatever else the rule asks about it
        kind = (
            "needs_value" if "needs_value" in kinds.values() else next(iter(kinds.values()), "needs_period")
        )
        asked = {_asked(name): None for name, its in kinds.items() if its == kind}
        waiting[kind].setdefault(rule, {}).update(asked)
    return [
        f"{word(kind, shown.language)}: {_told(shown, rules)}" for kind, rules in waiting.items() if rules
    ]


def _told(shown: Shown, rules: Mapping[str, Iterable[str]]) -> str:
    if len(rules) <= RULES_NAMED:
        return ", ".join(f"{rule} ({', '.join(keys)})" if keys else rule for rule, keys in rules.items())
    about = dict.fromkeys(key for keys in rules.values() for key in keys)
    return f"{shown.count(len(rules))} ({', '.join(about)})"


def _by_rule(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.outcome == "not_evaluated":
            asked = found.setdefault(finding.rule, [])
            if len(asked) < SLICES_ASKED:
                asked.append(finding)
    return found


def _kind(shown: Shown, name: str, valued: set[str]) -> str:
    metric, _, part = name.partition(".")
    if shown.catalog is not None and metric in shown.catalog.settings:
        return "needs_setting"
    return _NEEDS.get(part, "needs_value") if metric in valued else "needs_value"


def _asked(name: str) -> str:
    return name.partition(".")[0]
