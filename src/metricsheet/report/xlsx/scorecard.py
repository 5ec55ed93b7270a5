"""The sheets ``Scorecard``, the newest result of every metric and slice by stage, and ``History``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from metricsheet.evaluation.result import Result
from metricsheet.language.letters import steady
from metricsheet.language.message import Message
from metricsheet.language.numbers import NOTHING
from metricsheet.language.words import term
from metricsheet.records import replace
from metricsheet.report.arrangement import SourceBlock, improves, series_of
from metricsheet.report.benchmarks import benchmark_lines
from metricsheet.report.finding_lines import severities
from metricsheet.report.formatter import ARROWS, ResultFormatter
from metricsheet.report.overview import JUDGED
from metricsheet.report.overview_lines import glance, listed
from metricsheet.report.xlsx.rows import (
    Cells,
    Row,
    SeriesKey,
    rows_in_view,
    series_key,
    slice_names,
    stage_edge,
)
from metricsheet.report.xlsx.sheet import HEAD, QUIET, STATUS_FILLS, Formats, SheetColumn, TableSheet

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet


_HEAD_ROWS = 5
_LAST: tuple[tuple[str, Literal[3, 12]], ...] = (("last_3", 3), ("last_12", 12))


def scorecard_sheet(
    sheet: Worksheet,
    formats: Formats,
    formatter: ResultFormatter,
    sources: Sequence[SourceBlock],
    history: Mapping[SeriesKey, str],
    footer: str,
) -> None:
    """Fill the sheet; ``history`` says where the History sheet holds each result's series."""
    rows = rows_in_view(sources)
    results = [row.result for row in rows]
    language = formatter.language
    slices = slice_names(rows)
    columns: dict[str, SheetColumn] = {}

    def column(key: str, wanted: bool = True, *, right: bool = False, least: int = 6, most: int = 34) -> None:
        if wanted:
            columns[key] = SheetColumn(term(key, language), least, most, right)

    trends = any(r.trend is not None for r in results)
    intervals = any(r.interval is not None for r in results)
    column("source", len(sources) > 1, least=14, most=26)
    column("stage", least=9, most=24)
    column("metric", least=22, most=34)
    for name in slices:
        columns[f"slice {name}"] = SheetColumn(name, 8, 20)
    column("period", any(r.period for r in results), most=12)
    column("value", right=True, least=9)
    column("status", least=11)
    column("meaning", any(formatter.meaning(r) for r in results), most=22)
    column("target", any(r.target is not None for r in results), right=True, least=7)
    column("gap", any(r.gap is not None for r in results), right=True, least=7)
    column("rests_on", any(r.rests_on for r in results), least=9, most=20)
    column("interval_low", intervals, right=True, least=9)
    column("interval_high", intervals, right=True, least=9)
    column("previous", trends, right=True, least=8)
    column("change", trends, right=True, least=9)
    column("on_year", any(formatter.on_year(r) for r in results), right=True, least=9)
    column("last_3", any(formatter.of_last(r, 3) for r in results), right=True, least=9)
    column("last_12", any(formatter.of_last(r, 12) for r in results), right=True, least=9)
    column("history", bool(history), least=14)
    column("notes", least=24, most=44)
    table = TableSheet(sheet, formats, list(columns.values()), top=_HEAD_ROWS)
    places = {key: place for place, key in enumerate(columns)}
    _title(table, formatter, sources)
    cells = Cells(formatter, formats)
    noted: set[tuple[str, ...]] = set()
    folds = any(row.result.status in JUDGED for row in rows)
    for judged, unjudged in _by_stage(rows):
        for row in (*judged, *unjudged):
            _row(table, cells, places, row, history)
            _notes(table, formatter, places["notes"], row, noted)
            outline = {} if row in judged else {"level": 1, "hidden": folds}
            table.next_row(options=outline)
        if unjudged:
            _folded(table, formatter, places, unjudged, opens=not judged)
            table.next_row(options={"collapsed": folds})
    table.finish(frozen=places["metric"] + 1, footer=footer)


def _by_stage(rows: Sequence[Row]) -> Iterator[tuple[list[Row], list[Row]]]:
    """Yield the rows of each source and stage: those of metrics that something judges, and the others."""
    stages: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        stages.setdefault((row.result.source, row.result.stage), []).append(row)
    for of_stage in stages.values():
        known = {row.result.metric for row in of_stage if row.result.status in JUDGED}
        judged = [row for row in of_stage if row.result.metric in known]
        unjudged = [row for row in of_stage if row.result.metric not in known]
        first = (judged or unjudged)[0]
        for part in (judged, unjudged):
            part[:] = [replace(row, opens_stage=row is first) for row in part]
        yield judged, unjudged


def _folded(
    table: TableSheet,
    formatter: ResultFormatter,
    places: dict[str, int],
    rows: Sequence[Row],
    *,
    opens: bool,
) -> None:
    """Write the row that stands for the unjudged metrics of a stage while they are folded away."""
    edge: dict[str, object] = {"top": 2, "top_color": HEAD} if opens else {}
    quiet = table.formats.cell(font_color=QUIET, **edge)
    for place in range(len(places)):
        table.sheet.write_blank(table.row, place, None, quiet)
    if "source" in places:
        table.text(places["source"], rows[0].result.source, quiet)
    stage = term(rows[0].result.stage, formatter.language)
    ink = HEAD if opens else QUIET
    table.text(places["stage"], stage, table.formats.cell(bold=opens, text_wrap=True, font_color=ink, **edge))
    count = len({row.result.metric for row in rows})
    said = formatter.say(Message("metrics_counted", count=count))
    table.text(places["metric"], f"+ {said}", quiet)


def _title(table: TableSheet, formatter: ResultFormatter, sources: Sequence[SourceBlock]) -> None:
    card, language, formats = formatter.scorecard, formatter.language, table.formats
    quiet = formats.plain(font_color=QUIET)
    table.sheet.write_string(
        0, 0, term("title", language), formats.plain(bold=True, font_size=18, font_color=HEAD)
    )
    table.sheet.set_row(0, 28)
    read = listed([source.source for source in sources])
    periods = sorted({period for source in sources for period in source.periods})
    if periods:
        span = " – ".join(dict.fromkeys((formatter.period(periods[0]), formatter.period(periods[-1]))))
        read += f"   ·   {formatter.labelled(term('period', language), span)}"
    table.sheet.write_string(1, 0, steady(read)[:1000], quiet)
    said = f"{card.definitions_path} · {card.definitions_digest}"
    digest = formatter.labelled(term("definitions", language), said)
    table.sheet.write_string(2, 0, steady(digest)[:1000], quiet)
    parts = [text for _, text in glance(formatter, sources)]
    found = severities(formatter)
    if found:
        parts.append(f"  {formatter.labelled(term('findings', language), found)}")
    table.sheet.write_string(3, 0, "   ".join(parts), formats.plain(bold=True))


def _row(
    table: TableSheet,
    cells: Cells,
    places: dict[str, int],
    row: Row,
    history: Mapping[SeriesKey, str],
) -> None:
    r, formatter, formats = row.result, cells.formatter, table.formats
    edge = stage_edge(row)
    ink: dict[str, object] = {} if r.value is not None else {"font_color": QUIET}
    plain = formats.cell(**edge, **ink)
    wrapped = formats.cell(text_wrap=True, **edge, **ink)
    for place in range(len(places)):
        table.sheet.write_blank(table.row, place, None, plain)

    def text(key: str, said: str, form: Format) -> None:
        if key in places:
            table.text(places[key], said, form)

    def number(key: str, value: float, form: Format, shown: str) -> None:
        if key in places:
            table.number(places[key], value, form, len(shown) + 1)

    text("source", r.source, wrapped)
    ink_of_stage = HEAD if row.opens_stage else QUIET
    stage = formats.cell(bold=row.opens_stage, text_wrap=True, font_color=ink_of_stage, **edge)
    text("stage", term(r.stage, formatter.language), stage)
    text("metric", r.label, formats.cell(indent=2 if r.slice else 1, text_wrap=True, **edge, **ink))
    for name, value in r.slice.items():
        text(f"slice {name}", value, wrapped)
    text("period", formatter.period(r.period), plain)
    if r.value is None:
        text("value", r.error or NOTHING, formats.cell(align="right", **edge, **ink))
    else:
        number("value", r.value, cells.form(r, r.value, {**edge, "bold": True}), formatter.value(r))
    colours = STATUS_FILLS.get(r.status, STATUS_FILLS["no_data"])
    text("status", formatter.signed_status(r), formats.filled(colours, **edge))
    text("meaning", formatter.meaning(r), wrapped)
    if r.target is not None:
        number("target", r.target, cells.target(r, r.target, edge), formatter.target(r))
    plain_numbers = dict(zip(("interval_low", "interval_high"), r.interval or (), strict=False))
    if r.trend is not None:
        plain_numbers["previous"] = r.trend.previous
    for key, known in plain_numbers.items():
        number(key, known, cells.form(r, known, edge), formatter.number(r, known))
    if "gap" in places and r.gap is not None:
        gap = cells.signed(r, r.gap, "", edge)
        table.number(places["gap"], cells.difference(r, r.gap), gap, len(formatter.change(r, r.gap)))
    text("rests_on", formatter.rests_on(r), wrapped)
    if r.trend is not None:
        better = improves(r)
        trend = {} if better is None else {"font_color": STATUS_FILLS["ok" if better else "critical"][1]}
        form = cells.signed(r, r.trend.change, ARROWS[r.trend.direction], {**trend, **edge})
        number("change", cells.difference(r, r.trend.change), form, formatter.trend(r))
    on_year = r.past.change_on_year if r.past is not None else None
    if on_year is not None:
        form = cells.signed(r, on_year, "", edge)
        number("on_year", cells.difference(r, on_year), form, formatter.on_year(r))
    for key, count in _LAST:
        of_last = formatter.of_last(r, count)
        if of_last is not None:
            form = cells.named(r, of_last[1], f"{of_last[0]}_of", edge)
            number(key, of_last[1], form, formatter.last(r, count))
    series = history.get(series_key(r))
    if "history" in places and series is not None:
        table.sheet.add_sparkline(
            table.row,
            places["history"],
            {
                "range": series,
                "series_color": HEAD,
                "last_point": True,
                "last_color": "#C2410C",
                "weight": 1.5,
            },
        )


def _notes(
    table: TableSheet, formatter: ResultFormatter, place: int, row: Row, noted: set[tuple[str, ...]]
) -> None:
    """Write why there is no value, or what a reader must know beside it; each metric's notes only once."""
    r = row.result
    lines = [formatter.reason(r)] if r.value is None else []
    if row.begun is not None:
        lines.append(formatter.begun(row.begun))
    lines += formatter.also_touches(r)
    key = (r.source, r.metric, *r.notes)
    if key not in noted:
        noted.add(key)
        lines += r.notes
    if not r.slice and r.value is not None:
        lines += benchmark_lines(formatter, r)
    edge = stage_edge(row)
    table.text(place, "\n".join(lines), table.formats.cell(text_wrap=True, font_color=QUIET, **edge))


def all_periods(sources: Iterable[SourceBlock]) -> list[str]:
    """Return the period labels of all sources, oldest first."""
    return sorted({period for source in sources for period in source.periods})


def history_sheet(
    sheet: Worksheet,
    formats: Formats,
    formatter: ResultFormatter,
    sources: Sequence[SourceBlock],
    footer: str,
) -> dict[SeriesKey, str]:
    """Fill the sheet; return the range of each series that has two values or more."""
    periods = all_periods(sources)
    held: dict[SeriesKey, dict[str, Result]] = {}
    for result in formatter.scorecard.results:
        if result.period is not None:
            held.setdefault(series_key(result), {})[result.period] = result
    rows = [row for row in rows_in_view(sources) if series_key(row.result) in held]
    language, slices, several = formatter.language, slice_names(rows), len(sources) > 1
    columns = [SheetColumn(term("source", language), 10, 30)] if several else []
    columns.append(SheetColumn(term("metric", language), 26, 44))
    columns += [SheetColumn(name, 10, 28) for name in slices]
    first = len(columns)
    columns += [SheetColumn(formatter.period(period), 9, 16, right=True) for period in periods]
    table = TableSheet(sheet, formats, columns)
    cells = Cells(formatter, formats)
    ranges: dict[SeriesKey, str] = {}
    for row in rows:
        key = series_key(row.result)
        values = dict(series_of(row.result))
        place = 0
        if several:
            table.text(0, row.result.source)
            place = 1
        table.text(place, row.result.label, formats.cell())
        for offset, name in enumerate(slices):
            table.text(place + 1 + offset, row.result.slice.get(name, ""), formats.cell())
        for offset, period in enumerate(periods):
            _history_cell(table, cells, first + offset, held[key].get(period), row.result, values.get(period))
        if sum(1 for result in held[key].values() if result.value is not None) > 1:
            ranges[key] = _range(sheet.name, table.row, first, len(periods))
        table.next_row()
    table.finish(frozen=first, footer=footer)
    return ranges


def _history_cell(
    table: TableSheet, cells: Cells, place: int, result: Result | None, newest: Result, value: float | None
) -> None:
    if result is None:
        table.number(place, value, cells.form(newest, value))
        return
    fill, ink = STATUS_FILLS.get(result.status, STATUS_FILLS["no_data"])
    if result.value is None:
        table.text(place, result.error or NOTHING, cells.formats.filled((fill, ink), align="right"))
        return
    form = cells.form(result, result.value, {"bg_color": fill, "font_color": ink})
    table.number(place, result.value, form, len(cells.formatter.value(result)) + 1)


def _range(sheet: str, row: int, first: int, count: int) -> str:
    from xlsxwriter.utility import quote_sheetname, xl_range

    return f"{quote_sheetname(sheet)}!{xl_range(row, first, row, first + count - 1)}"
