"""Findings and problems as text: what, since when, compared to what, why, and what to do first."""

from __future__ import annotations

from metricsheet.evaluation.phrases import phrase
from metricsheet.evaluation.scorecard import Comparison, Finding, Result
from metricsheet.report.arrangement import by_severity, results_behind, results_by_slice
from metricsheet.report.layout import Page
from metricsheet.report.phrases import word
from metricsheet.report.shown import SEVERITY_SIGNS, Shown

RULES_IN_VIEW = 10
"""How many rules without a verdict the text names one by one; JSON, CSV and xlsx hold all of them."""

_COLOURS = {"critical": "loud", "high": "red", "medium": "yellow", "low": "blue", "info": "blue"}


def findings_section(page: Page, shown: Shown, *, everything: bool = False) -> None:
    """Add the findings, worst first, then in short every rule that was kept back or could not be judged.

    ``everything`` also names the rules that did not fire.
    """
    findings = shown.scorecard.findings
    if not findings:
        return
    language = shown.language
    fired = by_severity(f for f in findings if f.outcome == "fired")
    page.heading(f"{word('findings', language)} ({len(fired)})")
    by_slice = results_by_slice(shown.scorecard.results)
    several = len({f.source for f in findings}) > 1
    if not fired:
        page.line(word("no_findings", language))
    for number, finding in enumerate(fired):
        if number:
            page.blank()
        _finding(page, shown, finding, results_behind(finding, by_slice), several=several)
    _other_rules(page, shown, everything=everything)


def _finding(page: Page, shown: Shown, finding: Finding, results: list[Result], *, several: bool) -> None:
    language = shown.language
    severity = phrase(finding.severity, language)
    sign = page.safe(SEVERITY_SIGNS.get(finding.severity, "◆"))
    tail = page.safe(f"{phrase(finding.stage, language)} · {finding.rule}")
    head = page.paint(f"{sign} {page.safe(severity)}", _COLOURS.get(finding.severity, ""))
    page.lines.append(f"{head}  {page.paint(tail, 'grey')}")
    page.paragraph(finding.text, indent=2, colour="bold")
    rows = []
    where = [shown.slice(finding.slice)] if finding.slice else []
    where = [finding.source, *where] if several else where
    if where:
        rows.append((word("where", language), " · ".join(where)))
    if finding.since or finding.period:
        since = shown.period(finding.since or finding.period)
        now = shown.period(finding.period)
        rows.append((word("since", language), since if since == now or not now else f"{since} – {now}"))
    rows += [
        (word("compared", language) if not number else "", compared(shown, result))
        for number, result in enumerate(results)
    ]
    rows += [
        (word("why", language) if not number else "", why(comparison))
        for number, comparison in enumerate(finding.because)
    ]
    rows += [
        (word("do_first", language) if not number else "", f"{number + 1}. {advice}")
        for number, advice in enumerate(finding.recommend)
    ]
    page.labelled(rows, indent=2)


def compared(shown: Shown, result: Result) -> str:
    """Return a metric's value beside its target and the period before: ``CAC $312; $288 before``."""
    language = shown.language
    parts = [f"{result.label} {shown.value(result)}"]
    if result.target is not None:
        target = word("target_value", language, value=shown.target(result))
        parts.append(f"{target} ({shown.change(result, result.gap)})")
    if result.trend is not None:
        before = word(
            "before_value",
            language,
            value=shown.number(result, result.trend.previous),
            period=shown.period(result.trend.previous_period),
        )
        parts.append(f"{before}, {shown.trend(result)}")
    if result.n is not None:
        parts.append(f"n {shown.count(result.n)}")
    return "; ".join(parts)


def why(comparison: Comparison) -> str:
    """Return a comparison with the values on both sides, and how far it is from turning."""
    text = comparison.text
    sides = f"{comparison.left} {comparison.operator} {comparison.right}".strip()
    if not comparison.right:
        sides = comparison.left
    mark = {True: "✓", False: "✖", None: "?"}[comparison.truth]
    return f"{mark} {text}: {sides}" + (f" ({comparison.distance})" if comparison.distance else "")


def _other_rules(page: Page, shown: Shown, *, everything: bool) -> None:
    """Add the rules that are pending, were replaced, could not be judged or failed, and why."""
    language = shown.language
    others: dict[tuple[str, str, str], list[str]] = {}
    fired = {f.rule for f in shown.scorecard.findings if f.outcome == "fired"}
    quiet = {f.rule for f in shown.scorecard.findings if f.outcome == "not_fired"} - fired
    for finding in shown.scorecard.findings:
        if finding.outcome in ("fired", "not_fired"):
            continue
        places = others.setdefault((finding.outcome, finding.rule, why_not(shown, finding)), [])
        place = shown.slice(finding.slice)
        if place and place not in places:
            places.append(place)
    if not others and not quiet:
        return
    page.blank()
    page.line(word("other_rules", language), "grey")
    rows = []
    for outcome in ("error", "pending", "suppressed", "not_evaluated"):
        lines = [
            _other_rule(rule, reason, places)
            for (its_outcome, rule, reason), places in others.items()
            if its_outcome == outcome
        ]
        if outcome == "not_evaluated" and not everything:
            lines = _unjudged(shown)
        rows += [(phrase(outcome, language) if not n else "", line) for n, line in enumerate(lines)]
    if quiet:
        names = ", ".join(sorted(quiet)) if everything else shown.count(len(quiet))
        rows.append((phrase("not_fired", language), names))
    page.labelled(rows, indent=2)


def _other_rule(rule: str, reason: str, places: list[str]) -> str:
    more = f" +{len(places) - 4}" if len(places) > 4 else ""
    where = f" [{', '.join(places[:4])}{more}]" if places else ""
    return f"{rule}: {reason}{where}" if reason else rule + where


def _unjudged(shown: Shown) -> list[str]:
    """Return the rules that could not be judged with the facts they lack, all on one line.

    Many rules are counted, and their facts named together.
    """
    lacking: dict[str, dict[str, None]] = {}
    for finding in shown.scorecard.findings:
        if finding.outcome == "not_evaluated":
            lacking.setdefault(finding.rule, {}).update(dict.fromkeys(finding.missing))
    if len(lacking) > RULES_IN_VIEW:
        every = dict.fromkeys(name for names in lacking.values() for name in names)
        missing = word("missing", shown.language, names=", ".join(every))
        return [f"{shown.count(len(lacking))} ({missing})"]
    listed = []
    for rule, names in lacking.items():
        missing = word("missing", shown.language, names=", ".join(names))
        listed.append(f"{rule} ({missing})" if names else rule)
    return [", ".join(listed)] if listed else []


def why_not(shown: Shown, finding: Finding) -> str:
    """Return why a rule says nothing yet: what it waits for, lacks, or which rule speaks instead."""
    language = shown.language
    if finding.outcome == "suppressed" and finding.replaced_by:
        return word("replaced_by", language, rule=finding.replaced_by)
    if finding.missing:
        return word("missing", language, names=", ".join(finding.missing))
    if finding.outcome == "pending" and finding.since:
        since = word("pending_since", language, period=shown.period(finding.since))
        return f"{finding.text} ({since})" if finding.text else since
    return finding.reason


def problems_section(page: Page, shown: Shown) -> None:
    """Add every problem of the data with its hint and the metrics it touches."""
    problems = shown.scorecard.problems
    if not problems:
        return
    language = shown.language
    page.heading(f"{word('problems', language)} ({len(problems)})")
    several = len({p.source for p in problems}) > 1
    for problem in sorted(problems, key=lambda p: not p.fatal):
        sign = page.safe("✖" if problem.fatal else "!")
        where = f"{problem.source}: " if several or problem.fatal else ""
        page.paragraph(
            f"{where}{problem.message} [{problem.code}]",
            first=f"{sign} ",
            colour="red" if problem.fatal else "",
        )
        rows = []
        if problem.hint:
            rows.append((word("hint", language), problem.hint))
        if problem.metrics:
            rows.append((word("metrics", language), ", ".join(problem.metrics)))
        page.labelled(rows, indent=2)
