"""A finding in lines that text and workbook share: compared to what, why it fired, why it did not speak."""

from __future__ import annotations

from collections.abc import Iterable

from metricsheet.catalog.definitions import SEVERITIES
from metricsheet.evaluation.result import Result
from metricsheet.language.words import term
from metricsheet.report.arrangement import fired_by_rule
from metricsheet.report.formatter import SEVERITY_SIGNS, ResultFormatter
from metricsheet.report.scorecard import Finding
from metricsheet.rules.engine.trace import Comparison


def severities(formatter: ResultFormatter) -> str:
    """Return how many rules fired by severity, ``""`` when none did."""
    count: dict[str, int] = {}
    for group in fired_by_rule(formatter.scorecard.findings):
        count[group[0].severity] = count.get(group[0].severity, 0) + 1
    return "   ".join(
        f"{SEVERITY_SIGNS[severity]} {formatter.count(count[severity])} {term(severity, formatter.language)}"
        for severity in reversed(SEVERITIES)
        if severity in count
    )


def compared(formatter: ResultFormatter, result: Result, *, name: str = "") -> str:
    """Return a metric's value beside its target and the period before: ``CAC $312; $288 before``.

    ``name`` stands in the place of the metric's label.
    """
    language = formatter.language
    parts = [f"{name or result.label} {formatter.value(result)}"]
    if result.target is not None:
        target = term("target_value", language, value=formatter.target(result))
        parts.append(f"{target} ({formatter.change(result, result.gap)})")
    if result.trend is not None:
        before = term(
            "before_value",
            language,
            value=formatter.number(result, result.trend.previous),
            period=formatter.period(result.trend.previous_period),
        )
        parts.append(f"{before}, {formatter.trend(result)}")
    if result.rests_on:
        parts.append(term("rests_on_value", language, value=formatter.rests_on(result)))
    return "; ".join(parts)


def compared_slices(formatter: ResultFormatter, results: Iterable[Result]) -> list[str]:
    """Return a line for each slice that a finding compares."""
    return [compared(formatter, result, name=formatter.slice(result.slice)) for result in results]


def comparison_lines(finding: Finding) -> list[str]:
    """Return each comparison of a finding with its values and how far it is from turning.

    ``✓`` marks what speaks for the finding; ``–`` an alternative that a finding which fired does without;
    ``✖`` what speaks against it and ``?`` what is not known.
    """
    settled = finding.outcome == "fired" and not finding.reason
    return [_why(comparison, "–" if settled else "") for comparison in finding.because]


def _why(comparison: Comparison, otherwise: str) -> str:
    truth = comparison.truth
    if comparison.unless and truth is not None:
        truth = not truth
    sign = "✓" if truth else otherwise or ("✖" if truth is False else "?")
    said = comparison.left
    if comparison.operator in _ORDER or (comparison.distance and comparison.operator in _EQUAL):
        said = f"{comparison.left} {comparison.operator} {comparison.right}"
    # what texts, flags and ranges are compared with stands in the condition already
    return f"{sign} {comparison.text}: {said}" + (f" ({comparison.distance})" if comparison.distance else "")


_ORDER = ("<", "<=", ">", ">=")
_EQUAL = ("=", "<>")


def reason_line(formatter: ResultFormatter, finding: Finding) -> str:
    """Return why a rule says nothing yet: what it waits for, lacks, or which rule speaks instead."""
    language = formatter.language
    if finding.outcome == "suppressed" and finding.replaced_by:
        return term("replaced_by", language, rule=finding.replaced_by)
    if finding.outcome == "pending" and finding.since:
        since = term("pending_since", language, period=formatter.period(finding.since))
        waits = "; ".join(part for part in (since, finding.reason) if part)
        return f"{finding.text} ({waits})" if finding.text else waits
    if finding.missing and not finding.reason:
        return term("missing", language, names=", ".join(finding.missing))
    return finding.reason
