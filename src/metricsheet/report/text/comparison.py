"""The comparison as text: a row for each source or slice, a column for each metric, what is lacking below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from metricsheet.language.message import Message
from metricsheet.language.words import term
from metricsheet.report.arrangement import slice_key
from metricsheet.report.columns import padded, width, wrapped
from metricsheet.report.comparison import ComparedRow, Comparison
from metricsheet.report.formatter import SIGNS, ResultFormatter
from metricsheet.report.style import STATUS_COLOURS
from metricsheet.report.text.page import Page

_GAP = "  "
_LABEL_MOST, _TITLE_MOST, _TITLE_LINES, _NAMED, _NOTES = 32, 12, 3, 4, 3


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
    said = term("more_at", language, count=formatter.count(more), option="--show comparison") if more else ""
    if left and rows is not None:
        said += ", " * bool(said) + ", ".join(comparison.metrics[key] for key in left)
        said += "" if more else " (--show comparison)"
    if said:
        notes.insert(0, page.cut(f"… {said}", page.width))
    if rows is not None and len(notes) > _NOTES:
        last = page.cut(f"{notes[_NOTES - 1]} …", page.width)
        notes = [*notes[: _NOTES - 1], last]
    return lines + [page.paint(note, "grey") for note in notes]


def lacking_lines(comparison: Comparison) -> list[tuple[str, list[str]]]:
    """Return each input that only some rows lack, with the names of these."""
    names = {id(row): name for name, row in zip(row_labels(comparison), comparison.rows, strict=True)}
    return [(key, [names[id(row)] for row in rows]) for key, rows in comparison.lacking().items()]


def lacking_text(formatter: ResultFormatter, key: str, names: Sequence[str]) -> str:
    """Return how many rows lack an input, and the first of them."""
    named = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
    return formatter.say(Message("rows_lack", count=len(names), input=key, names=named))


def _lacks(page: Page, formatter: ResultFormatter, key: str, names: Sequence[str]) -> str:
    return page.cut(f"– {lacking_text(formatter, key, names)}", page.width)


def row_labels(comparison: Comparison) -> list[str]:
    """Return what each row is called: its slice, and its file where several have it or there is no slice."""
    times = Counter(slice_key(row.slice) for row in comparison.rows)
    labels = []
    for row in comparison.rows:
        name, slice_ = re.split(r"[/\\]", row.source)[-1], " · ".join(row.slice.values())
        if not slice_:
            labels.append(name)
        else:
            labels.append(slice_ if times[slice_key(row.slice)] == 1 else f"{name}: {slice_}")
    return labels


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


def compared_cell(formatter: ResultFormatter, row: ComparedRow, metric: str) -> str:
    """Return a figure with the sign of its status, or the sign alone where there is none."""
    result = row.cells.get(metric)
    if result is None or result.value is None:
        return SIGNS["no_data" if result is None else result.status] + " "
    sign = SIGNS[result.status] if result.status != "no_target" else " "
    return f"{formatter.value(result)} {sign}"
