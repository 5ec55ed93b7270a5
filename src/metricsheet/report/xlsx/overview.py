"""The sheet ``Overview``: one page with the headline figures, charts, the worst findings, what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from metricsheet.evaluation.result import Result
from metricsheet.language.letters import steady
from metricsheet.language.words import term
from metricsheet.report.arrangement import improves, series_of
from metricsheet.report.columns import wrapped
from metricsheet.report.comparison import ComparedRow
from metricsheet.report.formatter import SIGNS, ResultFormatter
from metricsheet.report.overview import Overview
from metricsheet.report.overview_lines import (
    ask_text,
    compared_cell,
    finding_text,
    head_line,
    row_labels,
    tail_lines,
    told_since,
)
from metricsheet.report.xlsx.rows import Cells, number_format
from metricsheet.report.xlsx.sheet import HEAD, LINE, QUIET, SEVERITY_FILLS, STATUS_FILLS, Formats

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

_COLUMNS, _COLUMN_LETTERS = 12, 11.5
_TILES, _FINDINGS, _ASKS, _COMPARED, _METRICS = 6, 5, 4, 8, 5
_SMALL = 10
"""Below it an axis has a decimal."""

_DATA_ROW = 100
"""Below the page: what the charts show and no other sheet holds."""

_CHART_ROWS, _CHART_WIDTH, _ROW_HEIGHT = 11, 342, 20
_ACCENT, _TARGET = "#2F6DA8", "#C2410C"


class OverviewSheet:
    """One landscape page, written from the top; every text is written as text."""

    def __init__(self, book: Workbook, sheet: Any, formats: Formats, formatter: ResultFormatter) -> None:
        self.book: Any = book
        self.sheet = sheet
        self.formats = formats
        self.formatter = formatter
        self.cells = Cells(formatter, formats)
        self._quiet = formats.plain(font_color=QUIET)
        self.row = 0
        self._data = _DATA_ROW

    def fill(self, overview: Overview, footer: str) -> str:
        """Fill the sheet, which needs no other one; return the range that is printed."""
        self.sheet.hide_gridlines(2)
        self.sheet.set_column(0, _COLUMNS - 1, _COLUMN_LETTERS)
        self._head(overview)
        tiles = [*overview.headline, *overview.moved, *overview.still][:_TILES]
        if len(overview.sources) > 1:
            self._compared(overview)
        else:
            self._tiles(tiles)
            self._charts(overview, tiles)
        self._findings(overview)
        self._asks(overview)
        return self._page(footer)

    def _head(self, overview: Overview) -> None:
        language = self.formatter.language
        card = self.formatter.scorecard
        self._line(term("title", language), self.formats.plain(bold=True, font_size=20, font_color=HEAD), 30)
        self._line(head_line(self.formatter, overview), self.formats.plain(font_size=12, bold=True))
        said = f"{card.definitions_path} · {card.definitions_digest[:12]}"
        self._line(self.formatter.labelled(term("definitions", language), said), self._quiet)
        self.row += 1

    def _tiles(self, results: Sequence[Result]) -> None:
        """Write a tile of two columns for each result: label, value, status, target and change."""
        if not results:
            return
        for place, result in enumerate(results):
            fill, ink = STATUS_FILLS.get(result.status, STATUS_FILLS["no_data"])
            frame = {"bg_color": fill, "align": "left", "indent": 1, "left": 5, "left_color": ink}
            self._tile(place, 0, result.label, self.formats.plain(text_wrap=True, valign="top", **frame))
            value = self.cells.form(result, result.value, {**frame, "font_size": 20, "bold": True})
            shown = self.formats.plain(num_format=value.num_format, font_size=20, bold=True, **frame)
            self._tile(place, 1, result.value, shown)
            sign = f"{SIGNS[result.status]} {self.formatter.status(result.status)}"
            target = self.formatter.target(result)
            if target:
                sign += f"   {term('target_value', self.formatter.language, value=target)}"
            self._tile(place, 2, sign, self.formats.plain(font_color=ink, bold=True, **frame))
            better = improves(result)
            tone = QUIET if better is None else STATUS_FILLS["ok" if better else "critical"][1]
            self._tile(place, 3, self.formatter.trend(result), self.formats.plain(font_color=tone, **frame))
            rests = self.formats.plain(font_color=QUIET, font_size=9, **frame)
            self._tile(place, 4, self.formatter.rests_on(result), rests)
        for offset, height in enumerate((34, 30, 18, 18, 16)):
            self.sheet.set_row(self.row + offset, height)
        self.row += 6

    def _tile(self, place: int, offset: int, content: str | float | None, form: Format) -> None:
        row, first = self.row + offset, 2 * place
        self.sheet.merge_range(row, first, row, first + 1, "", form)
        if isinstance(content, str) or content is None:
            self.sheet.write_string(row, first, steady(content or ""), form)
        else:
            self.sheet.write_number(row, first, content, form)

    def _charts(self, overview: Overview, tiles: Sequence[Result]) -> None:
        charts = [self._slices_chart(overview.apart)] if overview.apart else []
        lines = [result for result in tiles if _varies(result)]
        for place, result in enumerate(lines[: 3 - len(charts)]):
            charts.insert(place, self._history_chart(result))
        for place, chart in enumerate(charts):
            chart.set_size({"width": _CHART_WIDTH - 8, "height": _CHART_ROWS * _ROW_HEIGHT})
            self.sheet.insert_chart(self.row, 4 * place, chart, {"x_offset": 2, "object_position": 2})
        self.row += (_CHART_ROWS + 1) if charts else 0

    def _history_chart(self, result: Result) -> Any:
        """Return a line of the metric over its periods, its target as a dashed line."""
        series = series_of(result)
        periods = self._below([self.formatter.period(period) for period, _ in series])
        values = self._below([value for _, value in series])
        chart = self.book.add_chart({"type": "line"})
        line = {"color": _ACCENT, "width": 2.25}
        marker = {"type": "circle", "size": 4, "fill": {"color": _ACCENT}, "border": {"color": _ACCENT}}
        chart.add_series(
            {"name": steady(result.label), "categories": periods, "values": values, "line": line}
            | {"marker": marker}
        )
        if result.target is not None:
            target = self._below([result.target] * len(series))
            dashed = {"color": _TARGET, "width": 1.25, "dash_type": "dash"}
            said = term("target_value", self.formatter.language, value=self.formatter.target(result))
            chart.add_series({"name": said, "categories": periods, "values": target, "line": dashed})
        self._dress(chart, result, legend=result.target is not None)
        return chart

    def _below(self, cells: Sequence[str | float | None]) -> str:
        """Write a row below the page and return its range."""
        for place, cell in enumerate(cells):
            if isinstance(cell, str):
                self.sheet.write_string(self._data, place, steady(cell)[:60], self._quiet)
            elif cell is not None:
                self.sheet.write_number(self._data, place, cell, self._quiet)
        self._data += 1
        return f"={_quoted(self.sheet.name)}!{_range(self._data - 1, len(cells))}"

    def _slices_chart(self, slices: Sequence[Result]) -> Any:
        """Return bars of a metric's slices with their intervals."""
        names = self._below([self.formatter.slice(result.slice) for result in slices])
        known = [(result.value or 0.0, *(result.interval or (result.value or 0.0,) * 2)) for result in slices]
        values = self._below([value for value, _, _ in known])
        above = self._below([high - value for value, _, high in known])
        below = self._below([value - low for value, low, _ in known])
        chart = self.book.add_chart({"type": "column"})
        bars = {"type": "custom", "plus_values": above, "minus_values": below, "line": {"color": HEAD}}
        chart.add_series(
            {"name": steady(slices[0].label), "categories": names, "values": values, "gap": 80}
            | {"fill": {"color": "#9DC3E6"}, "y_error_bars": bars}
        )
        self._dress(chart, slices[0], legend=False)
        return chart

    def _dress(self, chart: Any, result: Result, *, legend: bool) -> None:
        form = self.formatter.form(result, result.value)
        decimals = form.places(result.value) if result.value is not None else 0
        code = number_format(
            result.unit,
            currency=result.currency,
            language=self.formatter.language,
            decimals=min(decimals, 1) if abs(result.value or 0) < _SMALL else 0,
        )
        small = {"size": 8, "color": QUIET}
        keys = " · ".join(result.slice)
        title = f"{result.label} ({keys})" if keys else result.label
        chart.set_title(
            {"name": steady(title), "name_font": {"size": 10, "bold": True, "color": HEAD}, "overlay": False}
        )
        chart.set_x_axis({"num_font": small, "line": {"color": LINE}})
        axis = {"num_font": small, "num_format": code, "major_gridlines": {"visible": True}}
        axis["major_gridlines"] = {"visible": True, "line": {"color": LINE, "width": 0.5}}
        chart.set_y_axis({**axis, "line": {"none": True}})
        chart.set_legend({"position": "bottom", "font": small} if legend else {"none": True})
        chart.set_chartarea({"border": {"color": LINE}})
        chart.show_blanks_as("gap")

    def _compared(self, overview: Overview) -> None:
        """Write the worst sources with the metrics that ask for action first."""
        comparison = overview.comparison
        if comparison is None:
            return
        metrics = list(comparison.metrics)[:_METRICS]
        title = f"{term('comparison', self.formatter.language)} ({len(comparison.rows)})"
        head = self.formats.plain(bold=True, font_color=HEAD, bottom=2, bottom_color=HEAD, text_wrap=True)
        self._across(0, 1, title, head)
        for place, metric in enumerate(metrics):
            right = self.formats.plain(
                bold=True, font_color=HEAD, bottom=2, bottom_color=HEAD, text_wrap=True, align="right"
            )
            self._across(2 + 2 * place, 3 + 2 * place, comparison.metrics[metric], right)
        self._next(34)
        for name, row in islice(zip(row_labels(comparison), comparison.rows, strict=True), _COMPARED):
            self._across(0, 1, name, self.formats.cell())
            self._compared_cells(row, metrics)
            self._next()
        self._more(len(comparison.rows) - _COMPARED, "Comparison")
        self.row += 1

    def _compared_cells(self, row: ComparedRow, metrics: Sequence[str]) -> None:
        for place, metric in enumerate(metrics):
            result = row.cells.get(metric)
            fill = STATUS_FILLS["no_data" if result is None else result.status]
            text = compared_cell(self.formatter, row, metric)
            self._across(2 + 2 * place, 3 + 2 * place, text, self.formats.filled(fill, align="right"))

    def _findings(self, overview: Overview) -> None:
        if not overview.findings:
            return
        several = len(overview.sources) > 1
        self._title(term("findings", self.formatter.language))
        for group in overview.findings[:_FINDINGS]:
            finding = group[0]
            colours, severity = SEVERITY_FILLS[finding.severity], self.formatter.severity(finding.severity)
            self._across(0, 0, severity, self.formats.filled(colours, bold=True))
            text = finding_text(self.formatter, group, several=several)
            advice = f"\n→ {finding.recommend[0]}" if finding.recommend else ""
            self._across(1, 9, text + advice, self.formats.cell(text_wrap=True))
            quiet = self.formats.cell(font_color=QUIET, text_wrap=True, font_size=9)
            self._across(10, 11, told_since(self.formatter, finding), quiet)
            self._next(_height(text + advice, 9))
        self._more(len(overview.findings) - _FINDINGS, "findings")
        self.row += 1

    def _asks(self, overview: Overview) -> None:
        several = len(overview.sources) > 1
        if overview.asks:
            self._title(term("asks", self.formatter.language))
        for ask in overview.asks[:_ASKS]:
            hint = f"\n→ {self.formatter.say(ask.hint)}" if ask.hint is not None else ""
            text = f"{'✖' if ask.fatal else '!'} {ask_text(self.formatter, ask, several=several)}{hint}"
            self._across(0, 11, text, self.formats.cell(text_wrap=True))
            self._next(_height(text, 12))
        self._more(len(overview.asks) - _ASKS, "problems")
        missing, inputs = (term(f"sheet.{name}", self.formatter.language) for name in ("problems", "inputs"))
        for text in tail_lines(self.formatter, overview, missing, inputs):
            self._across(0, 11, text, self.formats.plain(font_color=QUIET, text_wrap=True, valign="top"))
            self._next(_height(text, 12))

    def _more(self, count: int, sheet: str) -> None:
        if count > 0:
            language = self.formatter.language
            place = term(f"sheet.{sheet}", language)
            said = term("more_at", language, count=self.formatter.count(count), option=place)
            self._line(f"… {said}", self._quiet)

    def _title(self, text: str) -> None:
        form = self.formats.plain(
            bold=True, font_size=12, font_color=HEAD, bottom=2, bottom_color=HEAD, valign="vcenter"
        )
        self._across(0, _COLUMNS - 1, text, form)
        self._next(22)

    def _across(self, first: int, last: int, text: str, form: Format) -> None:
        if last > first:
            self.sheet.merge_range(self.row, first, self.row, last, "", form)
        self.sheet.write_string(self.row, first, steady(text)[:30_000], form)

    def _line(self, text: str, form: Format, height: float = _ROW_HEIGHT) -> None:
        self.sheet.write_string(self.row, 0, steady(text)[:1000], form)
        self._next(height)

    def _next(self, height: float = _ROW_HEIGHT) -> None:
        self.sheet.set_row(self.row, height)
        self.row += 1

    def _page(self, footer: str) -> str:
        from xlsxwriter.utility import xl_range_abs

        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 1)
        sheet.center_horizontally()
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.print_area(0, 0, max(self.row - 1, 1), _COLUMNS - 1)
        sheet.set_footer(footer)
        return str(xl_range_abs(0, 0, max(self.row - 1, 1), _COLUMNS - 1))


def _varies(result: Result) -> bool:
    return len({value for _, value in series_of(result)} - {None}) > 1


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


def _range(row: int, count: int) -> str:
    from xlsxwriter.utility import xl_range_abs

    return str(xl_range_abs(row, 0, row, count - 1))


def _height(text: str, columns: int) -> float:
    room = int(columns * _COLUMN_LETTERS * 1.1)
    lines = sum(len(wrapped(line, room)) for line in text.split("\n"))
    return 15.0 * lines + 4
