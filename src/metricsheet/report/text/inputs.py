"""What a text report says of inputs: what was not found, and where the cells that counted stand."""

from __future__ import annotations

import re
from collections import Counter

from metricsheet.catalog.definitions import in_language
from metricsheet.catalog.yaml.quotes import quoted
from metricsheet.evaluation.result import Result
from metricsheet.language.message import Message
from metricsheet.language.words import term
from metricsheet.report.arrangement import SourceBlock, missing_by_reason
from metricsheet.report.columns import cut, padded, width
from metricsheet.report.formatter import SIGNS, ResultFormatter
from metricsheet.report.text.page import Page


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
