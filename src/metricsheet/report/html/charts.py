"""Small charts as inline SVG: a sparkline, a history with its target, bands with a value, bars of slices.

Colours are classes of the page's style sheet, so that they follow its dark and printed forms. Every text is
escaped here; a chart is handed to the template as finished markup.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape as escaped
from itertools import pairwise

from metricsheet.catalog.definitions import Band
from metricsheet.language.letters import steady
from metricsheet.records import record

Write = Callable[[float], str]
"""Writes a number in the unit of its metric."""

_WIDE, _HIGH, _LEFT, _TOP, _BOTTOM, _LABELS = 560, 150, 66, 12, 22, 4


@record
class Bar:
    """A slice of a metric as a bar: its value, what is written beside it, and its interval."""

    label: str
    value: float
    shown: str
    status: str
    interval: tuple[float, float] | None = None


def spark(values: Sequence[float | None]) -> str:
    """Return a line without axes; the numbers are in a table elsewhere, so that readers aloud skip it."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    step, span = 92 / (len(values) - 1), (high - low) or 1.0
    points = [
        (4 + place * step, 4 + 16 * (high - value) / span)
        for place, value in enumerate(values)
        if value is not None
    ]
    line = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    x, y = points[-1]
    return (
        f'<svg class="spark" viewBox="0 0 100 24" aria-hidden="true"><polyline points="{line}"/>'
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="2.5"/></svg>'
    )


def history(
    points: Sequence[tuple[str, float | None]], target: float | None, write: Write, title: str
) -> str:
    """Return a line over periods, its target as a dashed line, the lowest and highest number on the axis."""
    known = [value for _, value in points if value is not None]
    ends = [*known, *([target] if target is not None else [])]
    low, high = min(ends), max(ends)
    span = (high - low) or abs(high) or 1.0
    step = (_WIDE - _LEFT - 58) / max(len(points) - 1, 1)

    def at(value: float) -> str:
        return f"{_TOP + (_HIGH - _TOP - _BOTTOM) * (high - value) / span:.0f}"

    grid = "".join(f"M{_LEFT} {at(value)}H{_WIDE}" for value in dict.fromkeys((low, high)))
    parts = [_open(_WIDE, _HIGH, title), f'<path class="grid" d="{grid}"/>']
    parts += [
        _text(_LEFT - 6, float(at(value)) + 4, write(value), _END) for value in dict.fromkeys((low, high))
    ]
    if target is not None:
        parts.append(f'<path class="target" d="M{_LEFT} {at(target)}H{_WIDE}"/>')
    every = max(1, -(-len(points) // _LABELS))
    line, dots, pen = "", "", "M"
    for place, (name, number) in enumerate(points):
        x = _LEFT + 29 + place * step
        if (len(points) - 1 - place) % every == 0:
            parts.append(_text(x, _HIGH - 6, name))
        if number is not None:
            line += f"{pen}{x:.0f} {at(number)}"
            dots += f"M{x:.0f} {at(number)}h0"
        pen = "M" if number is None else "L"
    return "".join([*parts, f'<path d="{line}"/><path class="dots" d="{dots}"/></svg>'])


def bands(
    shown: Sequence[Band],
    value: float | None,
    interval: tuple[float, float] | None,
    target: float | None,
    write: Write,
    title: str,
) -> str:
    """Return the bands along a line of numbers, the value as a mark and its interval as a whisker.

    An open end goes a fifth beyond the outermost number that is known.
    """
    marks = sorted(
        {edge for band in shown for edge in (band.low, band.high) if edge is not None}
        | {number for number in (value, target, *(interval or ())) if number is not None}
    )
    if not shown or len(marks) < 2:
        return ""
    room = (marks[-1] - marks[0]) / 5
    low, high = marks[0] - room, marks[-1] + room

    def at(number: float) -> float:
        return 4 + (_WIDE - 8) * (number - low) / (high - low)

    parts = [_open(_WIDE, 54, title)]
    edges = sorted({low, high, *(e for b in shown for e in (b.low, b.high) if e is not None)})
    for first, last in pairwise(edges):
        middle = (first + last) / 2
        status = next((band.status for band in shown if _inside(band, middle)), "no_target")
        parts.append(
            f'<rect class="s-{status}" x="{at(first):.1f}" y="16" height="14" '
            f'width="{at(last) - at(first):.1f}"/>'
        )
    right = 0.0
    for edge in edges[1:-1]:
        text = write(edge)
        if at(edge) - 4 * len(text) > right:
            parts.append(_text(at(edge), 46, text))
            right = at(edge) + 4 * len(text)
    if target is not None:
        parts.append(f'<line class="target" x1="{at(target):.1f}" x2="{at(target):.1f}" y1="10" y2="36"/>')
    if interval is not None:
        ends = [at(number) for number in interval]
        parts.append(f'<line class="whisker" x1="{ends[0]:.1f}" x2="{ends[1]:.1f}" y1="23" y2="23"/>')
    if value is not None:
        x = min(max(at(value), 4), _WIDE - 4)
        parts.append(f'<path class="mark" d="M{x:.1f} 15l-6 -9h12z"/>')
    return "".join([*parts, "</svg>"])


def bars(slices: Sequence[Bar], title: str) -> str:
    """Return a bar for each slice with its interval, on a scale that zero is on."""
    numbers: list[float] = [number for bar in slices for number in (bar.value, *(bar.interval or ()))]
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    span, left, right = (high - low) or 1.0, 150, 90
    wide = _WIDE - left - right

    def at(number: float) -> float:
        return left + wide * (number - low) / span

    parts = [_open(_WIDE, 22 * len(slices) + 6, title)]
    for place, bar in enumerate(slices):
        y = 4 + 22 * place
        x, end = sorted((at(0.0), at(bar.value)))
        label = bar.label if len(bar.label) <= _MOST_LABEL else bar.label[: _MOST_LABEL - 1] + "…"
        parts.append(_text(left - 8, y + 12, label, _END))
        parts.append(
            f'<rect class="s-{bar.status}" x="{x:.1f}" y="{y}" width="{max(end - x, 1):.1f}" height="16"/>'
        )
        if bar.interval is not None:
            first, last = map(at, bar.interval)
            parts.append(
                f'<line class="whisker" x1="{first:.1f}" x2="{last:.1f}" y1="{y + 8}" y2="{y + 8}"/>'
            )
        parts.append(_text(_WIDE, y + 12, bar.shown, _END))
    return "".join([*parts, "</svg>"])


_MOST_LABEL = 22
_END = ' class="e"'
"""Text that ends at its place; other text has its middle there."""


def _inside(band: Band, number: float) -> bool:
    return (band.low is None or band.low <= number) and (band.high is None or number <= band.high)


def _open(wide: int, high: int, title: str) -> str:
    return f'<svg class="chart" viewBox="0 0 {wide} {high}" role="img" aria-label="{_escape(title)}">'


def _text(x: float, y: float, text: str, anchor: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}"{anchor}>{_escape(text)}</text>'


def _escape(text: str) -> str:
    return escaped(steady(text))
