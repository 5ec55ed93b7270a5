"""The first screen: what fired, the judged figures, what moved, what is asked, and where the rest stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from metricsheet.evaluation.result import Result
from metricsheet.language.message import Message
from metricsheet.language.words import term
from metricsheet.report.arrangement import improves, series_of
from metricsheet.report.columns import padded, width, wrapped
from metricsheet.report.formatter import SEVERITY_SIGNS, SIGNS, ResultFormatter, sparkline
from metricsheet.report.overview import Ask, Overview
from metricsheet.report.scorecard import Finding
from metricsheet.report.style import SEVERITY_COLOURS, STATUS_COLOURS
from metricsheet.report.text.comparison import comparison_lines
from metricsheet.report.text.page import Page

MOST_LINES = 40
"""How long a first screen may be for any file."""

_FINDING_LINES, _HEADLINES, _MOVED, _STILL, _ASKS = 7, 6, 4, 6, 3
_HINT_LINES = 3
_GAP = "  "
_LEAST_LABEL, _LEAST_BASIS, _SPARKLINE = 22, 10, 8


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
    room = MOST_LINES - len(page.lines) - len(asked.lines) - len(tail.lines) - 2
    if overview.comparison is not None:
        page.blank()
        page.lines += comparison_lines(page, formatter, overview.comparison, rows=max(room - 9, 3))
    else:
        title = term("headline" if overview.chosen else "judged", language)
        _figures(page, formatter, title, overview.headline, _HEADLINES)
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
    if width(left) <= room:
        page.lines.append(page.paint(padded(left, room), "bold") + "  " + page.paint(right, "grey"))
    else:
        page.line(page.cut(left, page.width), "bold")
        page.line(page.cut(right, page.width), "grey")


def head_line(formatter: ResultFormatter, overview: Overview) -> str:
    """Return what was read and which periods stand beside each other."""
    language = formatter.language
    if len(overview.sources) != 1:
        return f"{term('sources', language)}: {formatter.count(len(overview.sources))}"
    source = overview.sources[0]
    if source.newest is None:
        return source.source
    now = formatter.period(source.newest)
    before = [period for period in source.periods if period < source.newest]
    if before:
        now = term("against", language, period=now, before=formatter.period(before[-1]))
    return f"{source.source}   {now}"


def _findings(page: Page, formatter: ResultFormatter, overview: Overview) -> None:
    if not overview.findings:
        return
    page.blank()
    words = {term(group[0].severity, formatter.language) for group in overview.findings[:_FINDING_LINES]}
    label = max(width(page.safe(word)) for word in words) + 4
    start, shown = len(page.lines), 0
    for group in overview.findings:
        lines = _finding(page, formatter, group, label, several=len(overview.sources) > 1)
        if len(page.lines) - start + len(lines) > _FINDING_LINES:
            break
        page.lines += lines
        shown += 1
    if more := len(overview.findings) - shown:
        page.line(" " * label + more_at(formatter, more, "findings"), "grey")


def _finding(
    page: Page, formatter: ResultFormatter, group: Sequence[Finding], label: int, *, several: bool
) -> list[str]:
    """Return the lines of a finding: one, and for the severe ones the whole text and the first advice."""
    finding, language = group[0], formatter.language
    severe = finding.severity in ("critical", "high")
    sign = f"{SEVERITY_SIGNS.get(finding.severity, '◆')} {term(finding.severity, language)}"
    since = finding.since or finding.period
    told = page.safe(term("pending_since", language, period=formatter.period(since))) if since else ""
    room = page.width - label - (width(told) + 2 if told else 0)
    first, *rest = wrapped(page.safe(finding_text(formatter, group, several=several)), room)
    if rest and not severe:
        first, rest = page.cut(first + " " + " ".join(rest), room), []
    colour = SEVERITY_COLOURS.get(finding.severity, "")
    head = page.paint(padded(page.safe(sign), label), colour)
    line = head + padded(first, room) + ("  " + page.paint(told, "grey") if told else "")
    lines = [line.rstrip(" "), *_second(page, rest, label)]
    if severe and finding.recommend:
        first, *rest = wrapped(page.safe(f"→ {finding.recommend[0]}"), page.width - label)
        lines += [" " * label + first, *_second(page, rest, label + 2)]
    return lines


def _second(page: Page, rest: Sequence[str], indent: int) -> list[str]:
    """Return what follows a first line as one more, cut with a mark."""
    return [" " * indent + page.cut(" ".join(rest), page.width - indent)] if rest else []


def finding_text(formatter: ResultFormatter, group: Sequence[Finding], *, several: bool) -> str:
    """Return what one rule says, with its source and slice where there are several."""
    finding = group[0]
    places = [finding.source] * several + [formatter.slice(finding.slice)] * bool(finding.slice)
    more = f" (+{len(group) - 1})" if len(group) > 1 else ""
    return ": ".join([*places, finding.text + more])


def more_at(formatter: ResultFormatter, count: int, part: str) -> str:
    """Return that ``count`` more are shown by ``--show PART``."""
    shown = formatter.count(count)
    return "… " + term("more_at", formatter.language, count=shown, option=f"--show {part}")


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
    room = page.width - sum(sizes.values()) - len(_GAP) * len(kept)
    if room < min(longest, _LEAST_LABEL) and 4 in sizes:
        sizes[4] = max(_LEAST_BASIS, sizes[4] - (min(longest, _LEAST_LABEL) - room))
    room = page.width - sum(sizes.values()) - len(_GAP) * len(kept)
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
        line += _GAP + page.paint(shown, colours[number])
    return line.rstrip(" ")


def figure_cells(formatter: ResultFormatter, result: Result) -> tuple[str, str, str, str, str]:
    """Return value, target, change, history and what the value rests on."""
    series = [value for _, value in series_of(result)][-_SPARKLINE:]
    return (
        formatter.value(result),
        formatter.target(result),
        formatter.trend(result),
        sparkline(series),
        formatter.rests_on(result),
    )


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


def ask_text(formatter: ResultFormatter, ask: Ask, *, several: bool) -> str:
    """Return what is asked: how many metrics hang on it, the message, and how many more there are of it."""
    text = formatter.say(ask.message)
    if len(ask.metrics) > 1:
        text = f"{formatter.say(Message('metrics_counted', count=len(ask.metrics)))}: {text}"
    elif ask.metrics:
        text = f"{formatter.metric(ask.metrics[0])}: {text}"
    if several or ask.fatal:
        text = f"{ask.source}: {text}"
    return f"{text} (+{formatter.count(ask.count - 1)})" if ask.count > 1 else text


def tail_lines(
    formatter: ResultFormatter,
    overview: Overview,
    missing: str = "--show missing",
    inputs: str = "--show inputs",
) -> Iterable[str]:
    """Yield what is not in the overview, counted, with the option or sheet that shows it."""
    language, card = formatter.language, formatter.scorecard
    parts = []
    without = len(overview.moved) + len(overview.still)
    if without and overview.comparison is None:
        parts.append(term("without_target", language, count=formatter.count(without)))
    if overview.unbound:
        lack = formatter.say(Message("lack_columns", count=len(overview.unbound)))
        parts.append(f"{lack} ({missing})")
    if card.unused:
        parts.append(f"{unused_line(formatter)} ({inputs})")
    if missing.startswith("--"):
        parts.append(term("everything", language))
    yield " · ".join(parts)


def unused_line(formatter: ResultFormatter) -> str:
    """Return how many columns nothing used, with the three best guesses of what they may be."""
    unused = formatter.scorecard.unused
    said = formatter.say(Message("columns_unused", count=len(unused)))
    every = dict.fromkeys(f"{one.column}: {one.guesses[0]}?" for _, one in unused if one.guesses)
    guessed = list(every)[:3]
    return f"{said}, {', '.join(guessed)}" if guessed else said
