"""What a text report says of inputs: what was not found, and where the cells that counted stand."""

from __future__ import annotations

import re

from metricsheet.catalog.definitions import in_language
from metricsheet.evaluation.result import Result
from metricsheet.language.words import term
from metricsheet.report.arrangement import SourceBlock, StageBlock, missing_by_reason
from metricsheet.report.columns import cut, padded, width
from metricsheet.report.formatter import SIGNS, ResultFormatter
from metricsheet.report.text.page import Page

UNBOUND_NAMED = 6
"""Up to how many metrics of a stage are all named when they found no column."""
UNBOUND_FAR = 3
"""Up to how many are named when nothing was found for any of them."""


def nothing_bound(page: Page, formatter: ResultFormatter, stage: StageBlock) -> bool:
    """Add a stage for which no input was found at all, without a table; return whether that was so."""
    if stage.metrics or not all(result.missing_input for result in stage.missing):
        return False
    page.blank()
    page.labelled(
        [(term(stage.stage, formatter.language), _unbound(formatter, stage.missing))], colour="bold"
    )
    return True


def missing_section(page: Page, formatter: ResultFormatter, results: list[Result]) -> None:
    """Add the metrics of a stage that have no value, those with the same reason together."""
    page.line(term("not_computed", formatter.language), "grey")
    for status, text in missing_lines(formatter, results, everything=page.style.everything):
        colour = "red" if status == "invalid" else "grey"
        page.paragraph(text, first=f"  {SIGNS.get(status, '–')} ", colour=colour)


def missing_lines(
    formatter: ResultFormatter, results: list[Result], *, everything: bool
) -> list[tuple[str, str]]:
    """Return a status and a text for each reason why metrics have no value, what was not found last.

    All that found no column are on one line; ``everything`` gives each input a line of its own.
    """
    unbound: list[Result] = []
    lines = []
    for group in missing_by_reason(results):
        if group[0].missing_input and not everything:
            unbound += group
            continue
        labels = ", ".join(result.label for result in group)
        lines.append((group[0].status, f"{labels}: {formatter.reason(group[0], everything=everything)}"))
    if unbound:
        lines.append(("no_data", _unbound(formatter, unbound)))
    return lines


def _unbound(formatter: ResultFormatter, results: list[Result]) -> str:
    """Return the metrics that lack an input, together with the others that lack the same.

    Of many, those are named for which something was found: one column more and they would be there.
    """
    near = [result for result in results if result.inputs]
    named = results if len(results) <= (UNBOUND_NAMED if near else UNBOUND_FAR) else near
    by_input: dict[str, list[str]] = {}
    for result in named:
        by_input.setdefault(result.missing_input, []).append(result.label)
    listed = [f"{', '.join(labels)} ({key})" for key, labels in by_input.items()]
    left_out = len(results) - len(named)
    if left_out:
        key = "more_unbound" if listed else "all_unbound"
        listed.append(term(key, formatter.language, count=formatter.count(left_out)))
    return f"{term('none_bound', formatter.language)}: {'; '.join(listed)}"


def inputs_section(page: Page, formatter: ResultFormatter, source: SourceBlock) -> None:
    """Add where the numbers came from: every input, its cells, and how many of them were used."""
    language = formatter.language
    unused = sum(name == source.source for name, _ in formatter.scorecard.unused)
    if not source.inputs:
        if unused:
            page.blank()
            page.line(term("columns_unused", language, count=formatter.count(unused)), "grey")
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
        places = [_without_path(place, source.source) for place in use.where.split("; ")]
        rows.append((cut(page.safe(formatter.input(use.input)), 48), page.safe(places[0]), ", ".join(counts)))
        rows += [("", page.safe(place), "") for place in places[1:]]
    widest = max(width(where) for _, where, _ in rows)
    page.labelled([(label, f"{padded(where, widest)}  {counts}") for label, where, counts in rows], colour="")
    for name, table in formatter.scorecard.tables:
        if name == source.source:
            row = page.safe(in_language(table.row, language))
            page.line(f"{page.safe(_without_path(table.where, name))}: {table.kind}, {row}")
    if unused:
        page.line(term("columns_unused", language, count=formatter.count(unused)), "grey")


def _without_path(place: str, source: str) -> str:
    """Return where cells stand without the name of their file, or without its folder where files are many."""
    if place.startswith(f"{source}!"):
        return place[len(source) + 1 :]
    file, mark, cells = place.rpartition("!")
    return re.split(r"[/\\]", file)[-1] + mark + cells if " + " in source else place
