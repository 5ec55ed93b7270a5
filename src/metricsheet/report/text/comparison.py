"""The comparison as text: a row for each source or slice, a column for each metric, what is lacking below."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.language.option import spelled
from metricsheet.language.words import term
from metricsheet.report.columns import padded, width, wrapped
from metricsheet.report.comparison import ComparedRow, Comparison
from metricsheet.report.formatter import ResultFormatter
from metricsheet.report.overview_lines import (
    compared_cell,
    compared_legend,
    lacking_lines,
    lacking_text,
    row_labels,
)
from metricsheet.report.style import STATUS_COLOURS
from metricsheet.report.text.page import Page

_GAP = "  "
_LABEL_MOST, _TITLE_MOST, _TITLE_LINES, _NOTES = 32, 12, 3, 3


def comparison_lines(
    page: Page, formatter: ResultFormatter, comparison: Comparison, *, rows: int | None = None
) -> list[str]:
    """Return the lines of a comparison.

    With ``rows`` that many of the worst are shown in one table, and a line says what is left out; without,
    columns that do not fit follow in a table of their own.
    """
    language = formatter.language
    shown = list(comparison.rows[:rows])
    names = row_labels(comparison)
    named = list(zip(names, shown, strict=False))
    named += [(term("whole", language), row) for row in comparison.wholes]
    title = f"{term('comparison', language)} ({formatter.count(len(comparison.rows))})"
    label = min(max(width(page.safe(text)) for text in (title, *(name for name, _ in named))), _LABEL_MOST)
    lines: list[str] = []
    metrics = list(comparison.metrics)
    left = metrics
    while left and (not lines or rows is None):
        taken, text = _table(page, formatter, comparison, named, left, title, label)
        lines += [""] * bool(lines) + text
        left = left[taken:]
    notes = [_lacks(page, formatter, key, lacking) for key, lacking in lacking_lines(comparison)]
    more = len(comparison.rows) - len(shown)
    option = spelled("show", "comparison")
    said = [term("more_at", language, count=formatter.count(more), option=option)] if more else []
    if left and rows is not None:
        said += [comparison.metrics[key] for key in left]
    if said:
        end = "" if more else f" ({option})"
        notes.insert(0, page.cut(f"… {', '.join(said)}", page.width - width(end)) + end)
    if signs := compared_legend(formatter, comparison):
        notes.insert(0, page.cut(signs, page.width))
    if rows is not None and len(notes) > _NOTES:
        last = page.cut(f"{notes[_NOTES - 1]} …", page.width)
        notes = [*notes[: _NOTES - 1], last]
    return lines + [page.paint(note, "grey") for note in notes]


def _lacks(page: Page, formatter: ResultFormatter, key: str, names: Sequence[str]) -> str:
    return page.cut(f"– {lacking_text(formatter, key, names)}", page.width)


def _table(
    page: Page,
    formatter: ResultFormatter,
    comparison: Comparison,
    named: Sequence[tuple[str, ComparedRow]],
    metrics: Sequence[str],
    title: str,
    label: int,
) -> tuple[int, list[str]]:
    """Return how many of the metrics fit, one at least, and the lines of the table with these."""
    used = label
    sizes: list[int] = []
    heads: list[list[str]] = []
    for metric in metrics:
        head = wrapped(page.safe(comparison.metrics[metric]), _TITLE_MOST)
        head = [*head[: _TITLE_LINES - 1], page.cut(" ".join(head[_TITLE_LINES - 1 :]), _TITLE_MOST)][
            :_TITLE_LINES
        ]
        texts = [compared_cell(formatter, row, metric) for _, row in named]
        size = max(width(page.safe(text)) for text in (*head, *texts))
        if sizes and used + size + len(_GAP) > page.width:
            break
        used += size + len(_GAP)
        sizes.append(size)
        heads.append([text for text in head if text])
    high = max(len(head) for head in heads)
    lines = []
    for number in range(high):
        line = page.paint(
            padded(page.cut(page.safe(title) if number == high - 1 else "", label), label), "bold"
        )
        for head, size in zip(heads, sizes, strict=True):
            text = [*[""] * (high - len(head)), *head][number]
            line += _GAP + page.paint(padded(text, size, right=True), "grey")
        lines.append(line.rstrip(" "))
    for name, row in named:
        line = padded(page.cut(name, label), label)
        for metric, size in zip(metrics, sizes, strict=False):
            result = row.cells.get(metric)
            colour = STATUS_COLOURS.get(result.status, "") if result is not None else ""
            text = page.safe(compared_cell(formatter, row, metric))
            line += _GAP + page.paint(padded(text, size, right=True), colour)
        lines.append(line.rstrip(" "))
    return len(sizes), lines
