"""The first screen: what fired, the judged figures, what moved, what is asked, and where the rest is."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.catalog.definitions import Catalog
from metricsheet.evaluation.result import Result
from metricsheet.language.words import severity_word, term
from metricsheet.report.arrangement import improves
from metricsheet.report.columns import padded, width, wrapped
from metricsheet.report.formatter import SIGNS, ResultFormatter
from metricsheet.report.overview import Ask, Overview, overview
from metricsheet.report.overview_lines import (
    ask_text,
    figure_cells,
    finding_text,
    head_line,
    legend,
    more_at,
    tail_lines,
    told_since,
)
from metricsheet.report.scorecard import Finding, Scorecard
from metricsheet.report.style import PLAIN, SEVERITY_COLOURS, STATUS_COLOURS, TextStyle
from metricsheet.report.text.comparison import comparison_lines
from metricsheet.report.text.page import Page


def render_text(scorecard: Scorecard, catalog: Catalog | None = None, style: TextStyle = PLAIN) -> str:
    """Return the report of a scorecard as text, ending in a line break: its overview, or the parts asked."""
    formatter = ResultFormatter(scorecard, catalog, style.language or scorecard.language)
    # fonts for Japanese draw "─" two cells wide: a rule of them would run over the page
    page = Page(style, "-" if formatter.language == "ja" else "─")
    if style.show:
        from metricsheet.report.text.report import add_parts  # most runs show none of them

        add_parts(page, formatter, style.show)
    else:
        first_screen(page, formatter, overview(scorecard, catalog))
    return page.text()


MOST_LINES = 40
"""How long a first screen may be for any file."""

_FINDING_LINES, _HEADLINES, _MOVED, _STILL, _ASKS = 7, 6, 3, 6, 3
_HINT_LINES, _PERIODS = 3, 4
_BETWEEN = "  "
_LEAST_LABEL, _LEAST_BASIS = 22, 10


def first_screen(page: Page, formatter: ResultFormatter, overview: Overview) -> None:
    """Add the overview in at most ``MOST_LINES`` lines, none wider than the page."""
    language = formatter.language
    _head(page, formatter, overview)
    _findings(page, formatter, overview)
    asked, tail = Page(page.style), Page(page.style)
    _asks(asked, formatter, overview.asks, several=len(overview.sources) > 1)
    for text in tail_lines(formatter, overview):
        first, *rest = wrapped(tail.safe(text), page.width)
        tail.line(first, "grey")
        if rest:
            tail.line(page.cut(" ".join(rest), page.width), "grey")
    if formatter.scorecard.ledgers:
        from metricsheet.report.text.ledger import short_lines  # most sources have none

        page.lines += ["", *short_lines(page, formatter, _PERIODS)]
    room = MOST_LINES - len(page.lines) - len(asked.lines) - len(tail.lines) - 2
    if overview.comparison is not None:
        page.blank()
        page.lines += comparison_lines(page, formatter, overview.comparison, rows=max(room - 9, 3))
    else:
        title = term("headline" if overview.chosen else "judged", language)
        _figures(page, formatter, title, overview.headline, max(min(_HEADLINES, room - 9), 3))
        if overview.moved:
            _figures(page, formatter, term("moved_most", language), overview.moved, _MOVED, rest=False)
        else:
            _figures(page, formatter, term("unjudged", language), overview.still, _STILL, rest=False)
    for part in (asked, tail):
        if part.lines:
            page.blank()
            page.lines += part.lines


def _head(page: Page, formatter: ResultFormatter, overview: Overview) -> None:
    left = head_line(formatter, overview)
    card = formatter.scorecard
    right = page.safe(f"{card.definitions_path} {card.definitions_digest[:8]}")
    left = page.safe(left)
    room = page.width - width(right) - 2
    if width(left) > room and len(overview.sources) == 1:  # a line is worth more than the folders of a path
        source = page.safe(overview.sources[0].source)
        files = (file.replace("\\", "/").rpartition("/")[2] for file in source.split(" + "))
        left = left.replace(source, " + ".join(files), 1)
    if width(left) <= room:
        page.lines.append(page.paint(padded(left, room), "bold") + "  " + page.paint(right, "grey"))
    else:
        page.line(page.cut(left, page.width), "bold")
        page.line(page.cut(right, page.width), "grey")


def _findings(page: Page, formatter: ResultFormatter, overview: Overview) -> None:
    if not overview.findings:
        return
    page.blank()
    words = {
        severity_word(group[0].severity, formatter.language) for group in overview.findings[:_FINDING_LINES]
    }
    label = max(width(page.safe(word)) for word in words) + 4
    start, shown = len(page.lines), 0
    for group in overview.findings:
        lines = _finding(page, formatter, group, label, several=len(overview.sources) > 1)
        if shown and len(page.lines) - start + len(lines) > _FINDING_LINES:
            break
        page.lines += lines
        shown += 1
    if more := len(overview.findings) - shown:
        page.line(" " * label + more_at(formatter, more, "findings"), "grey")


def _finding(
    page: Page, formatter: ResultFormatter, group: Sequence[Finding], label: int, *, several: bool
) -> list[str]:
    """Return the lines of a finding: its text, of the severe ones with its remarks and the first advice."""
    finding = group[0]
    severe = finding.severity in ("critical", "high")
    sign = formatter.severity(finding.severity)
    told = page.safe(told_since(formatter, finding))
    room = page.width - label - (width(told) + 2 if told else 0)
    first, *rest = wrapped(page.safe(finding_text(formatter, group, several=several)), room)
    if rest and not severe and finding.remarks:
        short = finding_text(formatter, group, several=several, remarks=False)
        first, *rest = wrapped(page.safe(f"{short} …"), room)
    colour = SEVERITY_COLOURS.get(finding.severity, "")
    head = page.paint(padded(page.safe(sign), label), colour)
    line = head + padded(first, room) + ("  " + page.paint(told, "grey") if told else "")
    lines = [line.rstrip(" "), *_further(page, rest, label)]
    if severe and finding.recommend:
        first, *rest = wrapped(page.safe(f"→ {finding.recommend[0]}"), page.width - label)
        lines += [" " * label + first, *_further(page, rest, label + 2)]
    return lines


def _further(page: Page, rest: Sequence[str], indent: int) -> list[str]:
    """Return what follows a first line as lines of the whole width."""
    return [" " * indent + line for line in wrapped(" ".join(rest), page.width - indent)] if rest else []


def _figures(
    page: Page,
    formatter: ResultFormatter,
    title: str,
    results: Sequence[Result],
    most: int,
    *,
    rest: bool = True,
) -> None:
    """Add a table of results; what does not fit beside the label is cut with a mark, never left out."""
    if not results:
        return
    language, shown = formatter.language, results[:most]
    rows = [figure_cells(formatter, result) for result in shown]
    titles = [term(key, language) for key in ("value", "target", "change", "history", "rests_on")]
    kept = [n for n in range(len(titles)) if any(row[n] for row in rows)]
    sizes = {n: max(width(page.safe(text)) for text in (titles[n], *(row[n] for row in rows))) for n in kept}
    longest = max(width(page.safe(text)) for text in (title, *(f"   {r.label}" for r in shown)))
    room = page.width - sum(sizes.values()) - len(_BETWEEN) * len(kept)
    if room < min(longest, _LEAST_LABEL) and 4 in sizes:
        sizes[4] = max(_LEAST_BASIS, sizes[4] - (min(longest, _LEAST_LABEL) - room))
    room = page.width - sum(sizes.values()) - len(_BETWEEN) * len(kept)
    label = min(longest, room)
    page.blank()
    page.lines.append(_row(page, title, label, titles, sizes, ("grey",) * 5, "bold"))
    for result, row in zip(shown, rows, strict=True):
        better = improves(result)
        trend = "" if better is None else "green" if better else "red"
        colours = (STATUS_COLOURS.get(result.status, "bold"), "", trend, "", "")
        sign = SIGNS[result.status] if result.status != "no_target" else " "
        # the interval reaches into another band
        text = f"{sign}{'?' if result.uncertain else ' '} {result.label}"
        page.lines.append(_row(page, text, label, row, sizes, colours))
    if signs := legend(formatter, shown):
        page.line(page.cut(f"   {signs}", page.width), "grey")
    if rest and len(results) > most:
        page.line("  " + more_at(formatter, len(results) - most, "all"), "grey")


def _row(
    page: Page,
    text: str,
    label: int,
    cells: Sequence[str],
    sizes: dict[int, int],
    colours: Sequence[str],
    of_label: str = "",
) -> str:
    line = page.paint(padded(page.cut(text, label), label), of_label)
    for number, size in sizes.items():
        shown = padded(page.cut(cells[number], size), size, right=number < 2)
        line += _BETWEEN + page.paint(shown, colours[number])
    return line.rstrip(" ")


def _asks(page: Page, formatter: ResultFormatter, asks: Sequence[Ask], *, several: bool) -> None:
    if not asks:
        return
    page.line(term("asks", formatter.language), "bold")
    for ask in asks[:_ASKS]:
        first, *rest = wrapped(page.safe(ask_text(formatter, ask, several=several)), page.width - 2)
        sign = page.safe("✖" if ask.fatal else "!")
        page.lines.append(page.paint(sign, "red" if ask.fatal else "yellow") + f" {first}")
        if rest:
            page.lines.append("  " + page.cut(" ".join(rest), page.width - 2))
        if ask.hint is not None:
            # an option that is cut off could not be used
            told = wrapped(page.safe("→ " + formatter.say(ask.hint)), page.width - 4)
            if len(told) > _HINT_LINES:
                last = " ".join(told[_HINT_LINES - 1 :])
                told = [*told[: _HINT_LINES - 1], page.cut(last, page.width - 4)]
            for number, row in enumerate(told):
                page.line("    "[: 2 + 2 * bool(number)] + row, "grey")
    if len(asks) > _ASKS:
        page.line("  " + more_at(formatter, len(asks) - _ASKS, "inputs"), "grey")
