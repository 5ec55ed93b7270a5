"""Findings and problems as text: what, since when, compared to what, why, and what to do first."""

from __future__ import annotations

import re
from collections import Counter

from metricsheet.catalog.definitions import in_language
from metricsheet.catalog.yaml.quotes import quoted
from metricsheet.evaluation.result import Result
from metricsheet.language.message import Message
from metricsheet.language.option import option
from metricsheet.language.words import term
from metricsheet.report.arrangement import SourceBlock, missing_by_reason
from metricsheet.report.columns import cut, padded, width
from metricsheet.report.finding_lines import other_rules, told_findings, told_problems
from metricsheet.report.formatter import SIGNS, ResultFormatter
from metricsheet.report.style import SEVERITY_COLOURS
from metricsheet.report.text.page import Page


def findings_section(page: Page, formatter: ResultFormatter) -> None:
    """Add the findings, worst first; a rule that fired in several slices is reported once, these below it."""
    if not formatter.scorecard.findings:
        return
    language, told = formatter.language, told_findings(formatter)
    page.heading(f"{term('findings', language)} ({len(told)})")
    if not told:
        page.line(term("no_findings", language))
    for number, one in enumerate(told):
        if number:
            page.blank()
        severity = one.finding.severity
        head = page.paint(page.safe(formatter.severity(severity)), SEVERITY_COLOURS.get(severity, ""))
        page.lines.append(f"{head}  {page.paint(page.safe(one.rule), 'grey')}")
        page.paragraph(one.finding.text, indent=2, colour="bold")
        rows = []
        for key, lines in one.lines.items():
            for place, text in enumerate(lines, 1):
                label = term(key, language) if place == 1 else ""
                rows.append((label, f"{place}. {text}" if key == "do_first" else text))
        page.labelled(rows, indent=2)


def problems_section(page: Page, formatter: ResultFormatter) -> None:
    """Add every problem of the data with its hint and the metrics it touches, and how data were read."""
    for heading, problems in told_problems(formatter):
        page.heading(heading)
        for one in problems:
            text, colour = f"{one.text} [{one.code}]", "red" if one.fatal else ""
            page.paragraph(text, first=f"{page.safe(one.sign)} ", colour=colour)
            page.labelled(one.facts, indent=2)


def rules_section(page: Page, formatter: ResultFormatter) -> None:
    """Add every rule that did not fire, with what it waits for or lacks."""
    rows = other_rules(formatter)
    if rows:
        page.heading(term("other_rules", formatter.language))
        page.labelled(rows)


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
            formatter.labelled(
                ", ".join(result.label for result in group), formatter.reason(group[0], everything=True)
            ),
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
            page.line(f"    {option('map', f'{guess}={place}').said(language)}")
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
        places = [_without_path(place, source.source) for place in formatter.where(use).split("; ")]
        rows.append(
            (cut(page.safe(formatter.input(use.input)), 48), page.safe(places[0]), formatter.counts(use))
        )
        rows += [("", page.safe(place), "") for place in places[1:]]
    widest = max(width(where) for _, where, _ in rows)
    page.labelled([(label, f"{padded(where, widest)}  {counts}") for label, where, counts in rows], colour="")
    for name, table in formatter.scorecard.tables:
        if name == source.source:
            row = page.safe(in_language(table.row, language))
            page.line(f"{page.safe(_without_path(table.where, name))}: {table.kind}, {row}")


def _without_path(place: str, source: str) -> str:
    """Return where cells are without the name of their file, or without its folder where files are many."""
    if place.startswith(f"{source}!"):
        return place[len(source) + 1 :]
    file, mark, cells = place.rpartition("!")
    return re.split(r"[/\\]", file)[-1] + mark + cells if " + " in source else place
