"""Findings and problems as text: what, since when, compared to what, why, and what to do first."""

from __future__ import annotations

import re
from collections import Counter

from metricsheet.catalog.definitions import in_language
from metricsheet.catalog.yaml.quotes import quoted
from metricsheet.evaluation.result import Result
from metricsheet.language.message import Message
from metricsheet.language.words import term
from metricsheet.report.arrangement import SourceBlock, fired_by_rule, missing_by_reason
from metricsheet.report.columns import cut, padded, width
from metricsheet.report.finding_lines import (
    Evidence,
    also_lines,
    compared,
    compared_slices,
    comparison_lines,
    other_rules,
    since_line,
    worst_first,
)
from metricsheet.report.formatter import SEVERITY_SIGNS, SIGNS, ResultFormatter
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


def missing_section(page: Page, formatter: ResultFormatter, results: list[Result], source: str = "") -> None:
    """Add the metrics that have no value, those with the same reason together."""
    page.heading(term("not_computed", formatter.language), source)
    for status, text in missing_lines(formatter, results):
        colour = "red" if status == "invalid" else ""
        page.paragraph(text, first=f"{SIGNS.get(status, '–')} ", colour=colour)


def missing_lines(formatter: ResultFormatter, results: list[Result]) -> list[tuple[str, str]]:
    """Return a status and a text for each reason why metrics have no value, and what was looked for."""
    return [
        (
            group[0].status,
            f"{', '.join(result.label for result in group)}: {formatter.reason(group[0], everything=True)}",
        )
        for group in missing_by_reason(results)
    ]


def unused_section(page: Page, formatter: ResultFormatter) -> None:
    """Add the columns that nothing used, with the lines that would bind them."""
    unused, language = formatter.scorecard.unused, formatter.language
    if not unused:
        return
    page.heading(formatter.say(Message("columns_unused", count=len(unused))))
    several = len({source for source, _ in unused}) > 1
    once = Counter(column.column for _, column in unused)
    for source, column in unused:
        where = _without_path(column.where, source)
        page.paragraph(f"{source}: {where}" if several else where, first=f"{column.column}  ", indent=2)
        for guess in column.guesses[:2]:
            place = column.column if once[column.column] == 1 else where
            page.line(f'    --map "{guess}={place}"')
    guess, name = next(
        ((c.guesses[0], c.column) for _, c in unused if c.guesses), ("INPUT", unused[0][1].column)
    )
    page.line(f"{term('map_line', language)}:", "grey")
    page.line(f"    inputs: {{{guess}: {{override: true, also: [{quoted(name)}]}}}}")


def inputs_section(page: Page, formatter: ResultFormatter, source: SourceBlock) -> None:
    """Add where the numbers came from: every input, its cells, and how many of them were used."""
    language = formatter.language
    if not source.inputs:
        return
    page.heading(term("inputs", language), source.source)
    rows = []
    for use in source.inputs:
        counts = [f"{formatter.count(use.used)} {term('used', language)}"]
        counts += [
            f"{formatter.count(number)} {term(key, language)}"
            for key, number in (
                ("blank", use.blank),
                ("text", use.text),
                ("rejected", use.rejected),
                ("read_from_text", use.read_from_text),
                ("left_out", use.left_out),
                ("tidied", use.tidied),
            )
            if number
        ]
        places = [_without_path(place, source.source) for place in formatter.where(use).split("; ")]
        rows.append((cut(page.safe(formatter.input(use.input)), 48), page.safe(places[0]), ", ".join(counts)))
        rows += [("", page.safe(place), "") for place in places[1:]]
    widest = max(width(where) for _, where, _ in rows)
    page.labelled([(label, f"{padded(where, widest)}  {counts}") for label, where, counts in rows], colour="")
    for name, table in formatter.scorecard.tables:
        if name == source.source:
            row = page.safe(in_language(table.row, language))
            page.line(f"{page.safe(_without_path(table.where, name))}: {table.kind}, {row}")


def _without_path(place: str, source: str) -> str:
    """Return where cells stand without the name of their file, or without its folder where files are many."""
    if place.startswith(f"{source}!"):
        return place[len(source) + 1 :]
    file, mark, cells = place.rpartition("!")
    return re.split(r"[/\\]", file)[-1] + mark + cells if " + " in source else place
