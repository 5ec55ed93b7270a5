"""Findings and problems as text: what, since when, compared to what, why, and what to do first."""

from __future__ import annotations

from metricsheet.language.words import term
from metricsheet.report.arrangement import fired_by_rule
from metricsheet.report.evidence import Evidence
from metricsheet.report.finding_lines import (
    also_lines,
    compared,
    compared_slices,
    comparison_lines,
    other_rules,
    since_line,
    worst_first,
)
from metricsheet.report.formatter import SEVERITY_SIGNS, ResultFormatter
from metricsheet.report.scorecard import Finding
from metricsheet.report.style import SEVERITY_COLOURS
from metricsheet.report.text.page import Page


def findings_section(page: Page, formatter: ResultFormatter) -> None:
    """Add the findings, worst first; a rule that fired in several slices is told once, these below it."""
    findings = formatter.scorecard.findings
    if not findings:
        return
    language = formatter.language
    groups = [sorted(group, key=worst_first) for group in fired_by_rule(formatter.scorecard.findings)]
    page.heading(f"{term('findings', language)} ({len(groups)})")
    evidence = Evidence(formatter.scorecard.results)
    several = len({f.source for f in findings}) > 1
    if not groups:
        page.line(term("no_findings", language))
    for number, group in enumerate(groups):
        if number:
            page.blank()
        _finding(page, formatter, group, evidence, several=several)


def _finding(
    page: Page, formatter: ResultFormatter, group: list[Finding], evidence: Evidence, *, several: bool
) -> None:
    language, finding = formatter.language, group[0]
    severity = term(finding.severity, language)
    sign = page.safe(SEVERITY_SIGNS.get(finding.severity, "◆"))
    tail = page.safe(f"{term(finding.stage, language)} · {finding.rule}")
    head = page.paint(f"{sign} {page.safe(severity)}", SEVERITY_COLOURS.get(finding.severity, ""))
    page.lines.append(f"{head}  {page.paint(tail, 'grey')}")
    page.paragraph(finding.text, indent=2, colour="bold")
    rows = []
    where = [formatter.slice(finding.slice)] if finding.slice else []
    where = [finding.source, *where] if several else where
    if where:
        rows.append((term("where", language), " · ".join(where)))
    if finding.since or finding.period:
        rows.append((term("since", language), since_line(formatter, finding)))
    behind = [compared(formatter, result) for result in evidence.behind(finding)]
    rows += _listed(term("compared", language), behind + compared_slices(formatter, evidence.slices(finding)))
    rows += _listed(term("why", language), comparison_lines(finding))
    rows += _listed(term("also", language), also_lines(formatter, group[1:]))
    advice = [f"{number}. {text}" for number, text in enumerate(finding.recommend, 1)]
    rows += _listed(term("do_first", language), advice)
    page.labelled(rows, indent=2)


def _listed(label: str, lines: list[str]) -> list[tuple[str, str]]:
    return [(label if not number else "", line) for number, line in enumerate(lines)]


def rules_section(page: Page, formatter: ResultFormatter) -> None:
    """Add every rule that did not fire, with what it waits for or lacks."""
    rows = other_rules(formatter)
    if rows:
        page.heading(term("other_rules", formatter.language))
        page.labelled(rows)


def problems_section(page: Page, formatter: ResultFormatter) -> None:
    """Add every problem of the data with its hint and the metrics it touches."""
    problems = formatter.scorecard.problems
    if not problems:
        return
    language = formatter.language
    page.heading(f"{term('problems', language)} ({len(problems)})")
    several = len({p.source for p in problems}) > 1
    for problem in sorted(problems, key=lambda p: not p.fatal):
        sign = page.safe("✖" if problem.fatal else "!")
        where = f"{problem.source}: " if several or problem.fatal else ""
        page.paragraph(
            f"{where}{formatter.say(problem.message)} [{problem.code}]",
            first=f"{sign} ",
            colour="red" if problem.fatal else "",
        )
        rows = []
        if problem.hint:
            rows.append((term("hint", language), formatter.say(problem.hint)))
        if problem.metrics:
            rows.append((term("metrics", language), ", ".join(problem.metrics)))
        page.labelled(rows, indent=2)


def notices_section(page: Page, formatter: ResultFormatter) -> None:
    """Add how the data were read where nothing is wrong with them."""
    notices = formatter.scorecard.notices
    if not notices:
        return
    page.heading(f"{term('notices', formatter.language)} ({len(notices)})")
    several = len({notice.source for notice in notices}) > 1
    for notice in notices:
        where = f"{notice.source}: " if several else ""
        page.paragraph(f"{where}{formatter.say(notice.message)} [{notice.code}]", first="· ")
