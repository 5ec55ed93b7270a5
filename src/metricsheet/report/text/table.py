"""Aligned tables of text: columns that fit the page, the least needed ones left out first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from metricsheet.records import record
from metricsheet.report.columns import padded, width, wrapped
from metricsheet.report.text.page import Cell, Page

_GAP = "  "
_LABEL_LEAST, _LABEL_MOST = 26, 44


@record
class Column:
    """A column after the label column. A smaller ``need`` is left out earlier; ``right`` aligns numbers."""

    key: str
    title: str
    right: bool = True
    need: int = 9


@record
class Grid:
    """The columns that fit a page, with their widths: the same for every table of a source."""

    columns: tuple[Column, ...]
    widths: Mapping[str, int]
    label: int

    def left_out(self, key: str) -> bool:
        """Return whether a column did not fit (or had nothing to show)."""
        return key not in self.widths


def fit_grid(
    page: Page, columns: Sequence[Column], labels: Sequence[str], rows: Sequence[Mapping[str, Cell]]
) -> Grid:
    """Return the columns that have something to show and fit beside the label column of ``page``."""
    widths: dict[str, int] = {}
    for column in columns:
        texts = [page.safe(row[column.key].text) for row in rows if column.key in row]
        if any(texts):
            widths[column.key] = max(width(page.safe(column.title)), *(width(t) for t in texts))
    longest = max((width(page.safe(label)) for label in labels), default=0)
    label = min(max(longest, _LABEL_LEAST), _LABEL_MOST)
    for column in sorted(columns, key=lambda c: c.need):
        taken = sum(widths.values()) + len(_GAP) * len(widths)
        if taken + min(label, _LABEL_LEAST) <= page.width:
            break
        widths.pop(column.key, None)
    taken = sum(widths.values()) + len(_GAP) * len(widths)
    label = max(min(label, page.width - taken), 16)
    return Grid(tuple(c for c in columns if c.key in widths), widths, label)


def header(page: Page, grid: Grid, title: str) -> None:
    """Add a table's head over a rule: the bold title in place of the label column, then column titles."""
    page.blank()
    first, *rest = wrapped(page.safe(title), grid.label)
    titles = "".join(
        _GAP + padded(page.safe(c.title), grid.widths[c.key], right=c.right) for c in grid.columns
    )
    page.lines.append(
        (page.paint(padded(first, grid.label), "bold") + page.paint(titles, "grey")).rstrip(" ")
    )
    page.lines += [page.paint(line, "bold") for line in rest]
    page.rule()


def table_row(
    page: Page, grid: Grid, label: str, cells: Mapping[str, Cell], *, indent: int = 0, colour: str = ""
) -> None:
    """Add a row; a label wider than its column goes on below, indented by two cells."""
    first, *rest = _label_lines(page.safe(label), grid.label - indent)
    line = page.paint(padded(" " * indent + first, grid.label), colour)
    for column in grid.columns:
        cell = cells.get(column.key, Cell(""))
        line += _GAP + page.paint(
            padded(page.safe(cell.text), grid.widths[column.key], right=column.right), cell.colour
        )
    page.lines.append(line.rstrip(" "))
    page.lines += [page.paint(" " * (indent + 2) + more, colour) for more in rest]


def _label_lines(label: str, cells: int) -> list[str]:
    first = wrapped(label, cells)[0]
    rest = label[len(first) :].strip()
    return [first, *(wrapped(rest, cells - 2) if rest else [])]
