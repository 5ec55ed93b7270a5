"""A sheet of live figures in somebody's workbook: each value beside a formula over the workbook's cells."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

from metricsheet.catalog.definitions import DATE, Catalog, MetricDefinition, in_language
from metricsheet.dataset import Dataset
from metricsheet.evaluation.answer import HostCell, answer
from metricsheet.evaluation.prepare import definition_of
from metricsheet.evaluation.result import InputUse, Result
from metricsheet.export.lambdas.arguments import of_answers
from metricsheet.export.lambdas.book import OTHER, SAME
from metricsheet.export.lambdas.functions import PREFIX, Exported, export, host_check, made_from
from metricsheet.export.lambdas.host_check import write_check
from metricsheet.export.lambdas.recomputed import cells_of
from metricsheet.files.addresses import parse_a1, range_a1
from metricsheet.files.book import LIVE_SHEET, Book
from metricsheet.language.letters import steady
from metricsheet.language.message import Message, say
from metricsheet.language.words import term
from metricsheet.precision import equal
from metricsheet.reading.words import is_missing
from metricsheet.records import record
from metricsheet.report.scorecard import Scorecard
from metricsheet.report.xlsx.graft import graft
from metricsheet.report.xlsx.package import defined_names
from metricsheet.report.xlsx.sheet import HEAD, PAPER, QUIET, Formats

_HEAD_ROW = 4
_COLUMNS = (("metric", 34), ("lambda_core", 18), ("lambda_live", 18), ("", 3), ("lambda_formula", 90))
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@record
class LiveCall:
    """The text of a call, without ``=``, the metrics whose names it needs, and what it gives by the core."""

    text: str
    metrics: frozenset[str]
    value: float


class _NotLiveError(Exception):
    """Why a value has no formula over the cells of its workbook; its one argument is the message."""


def with_live_sheet(
    content: bytes, scorecard: Scorecard, catalog: Catalog, book: Book, dataset: Dataset
) -> bytes:
    """Return a workbook with a sheet of formulas beside the values over all of its rows.

    ``book`` and ``dataset`` are its cells and where its inputs are. A formula stands only where the core
    gives the same value for its cells. Raises ``WorkbookError`` for a workbook that cannot be changed in
    part.
    """
    there = defined_names(content)
    taken = {key for key, name in there.items() if made_from(name) is None}
    rows: list[tuple[Result, LiveCall | Message]] = []
    for result in scorecard.results:
        if result.value is None or result.slice or result.period is not None:
            continue
        try:
            call = _Calls(catalog, book, dataset, result).checked()
            for name in (f"{PREFIX}{catalog.metrics[key].udf}" for key in sorted(call.metrics)):
                if name.upper() in taken:
                    raise _NotLiveError(Message("not_live.taken", name=name))
            rows.append((result, call))
        except _NotLiveError as why:
            rows.append((result, why.args[0]))
    used = dict.fromkeys(
        key for _, call in rows if isinstance(call, LiveCall) for key in sorted(call.metrics)
    )
    functions = export(catalog, used).functions if used else ()
    exported = Exported(functions, (), host_check(catalog)).beside(there)
    checking = exported.check.name if exported.check is not None else ""
    made, printed = _sheet(rows, catalog, scorecard.language, checking)
    return graft(
        content, made, term("sheet.live", scorecard.language), printed, mark=LIVE_SHEET, names=exported.names
    )


class _Calls:
    """Writes the call behind one result."""

    def __init__(self, catalog: Catalog, book: Book, dataset: Dataset, result: Result) -> None:
        self.catalog, self.book, self.dataset, self.result = catalog, book, dataset, result
        self.uses: Mapping[str, InputUse] = {use.input: use for use in result.inputs}

    def checked(self) -> LiveCall:
        """Return the call of the result's metric, whose value is that of the result."""
        call = self._call(self.catalog.metrics[self.result.taken or self.result.metric])
        assert self.result.value is not None
        if not equal(call.value, self.result.value):
            raise _NotLiveError(Message("not_live.other_rows"))
        return call

    def _call(self, metric: MetricDefinition) -> LiveCall:
        written: dict[str, str] = {}
        given: dict[str, list[list[HostCell]]] = {}
        names = {metric.key}
        keys = self.catalog.arguments_of(metric)
        for key in keys:
            if key in self.uses:
                written[key], given[key] = self._cells(key)
            elif key in self.catalog.metrics:
                inner = self._call(self.catalog.metrics[self._form(key)])
                written[key], given[key] = inner.text, [[inner.value]]
                names |= inner.metrics
            elif key not in (DATE, *self.catalog.choices):
                raise _NotLiveError(Message("not_live.no_cells", input=key))
        if DATE in keys and DATE not in written:
            dates = self._dates([key for key in given if len(given[key]) > 1])
            if dates is not None:
                written[DATE], given[DATE] = dates
        result = answer(self.catalog, metric.key, given)
        if result.value is None:
            raise _NotLiveError(Message("not_live.other_rows"))
        arguments = [written.get(key, "") for key in keys]
        while arguments and not arguments[-1]:
            arguments.pop()
        return LiveCall(f"{PREFIX}{metric.udf}({','.join(arguments)})", frozenset(names), result.value)

    def _form(self, key: str) -> str:
        """Return the metric whose value stands for another: the first preferred one that has its cells."""
        metrics = self.catalog.metrics
        there = (one for one in metrics[key].prefer if {*metrics[one].plan.inputs} <= {*self.uses})
        return next(there, key)

    def _cells(self, key: str) -> tuple[str, list[list[HostCell]]]:
        where = self.uses[key].where.removeprefix(f"{self.result.source}!")
        place, cells = parse_a1(where), cells_of(self.book, "", where)
        if place is None or cells is None:
            raise _NotLiveError(Message("not_live.no_cells", input=key))
        definition = definition_of(self.catalog, key)
        texts = [cell for row in cells for cell in row if isinstance(cell, str)]
        if of_answers(definition):
            texts = [text for text in texts if text.startswith("#") or not is_missing(text)]
        if texts and definition.type != "text":
            raise _NotLiveError(Message("not_live.text", input=key))
        return range_a1(place), cells

    def _dates(self, keys: list[str]) -> tuple[str, list[list[HostCell]]] | None:
        """Return the dates beside some inputs, where all of them are in one table that has dates."""
        bound = [self.dataset.inputs[key] for key in keys if key in self.dataset.inputs]
        tables = {item.table for item in bound}
        table = self.dataset.tables.get(tables.pop() or "") if len(tables) == 1 else None
        where = table.dates_where.removeprefix(f"{self.dataset.source}!") if table is not None else ""
        place, cells = parse_a1(where), cells_of(self.book, "", where)
        if place is None or cells is None:
            return None
        if any(isinstance(cell, str) for row in cells for cell in row):
            raise _NotLiveError(Message("not_live.text", input=DATE))
        return range_a1(place), cells


def _sheet(
    rows: list[tuple[Result, LiveCall | Message]], catalog: Catalog, language: str, checking: str
) -> tuple[bytes, str]:
    """Return a workbook with the sheet alone, and the range of it that prints. ``checking`` is the
    function that looks at known cells, ``""`` where it has none.
    """
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _OPTIONS)
    book.set_properties({"created": dt.datetime(2000, 1, 1)})
    sheet: Any = book.add_worksheet(term("sheet.live", language))
    formats = Formats(book)
    sheet.hide_gridlines(2)
    for place, (key, wide) in enumerate(_COLUMNS):
        sheet.set_column(place, place, wide)
        head = formats.plain(bold=True, font_color=PAPER, bg_color=HEAD, indent=1)
        sheet.write_string(_HEAD_ROW - 1, place, term(key, language) if key else "", head)
    row = _HEAD_ROW
    for result, call in rows:
        metric = catalog.metrics[result.metric]
        sheet.write_string(row, 0, steady(in_language(metric.label, language)), formats.cell())
        number = formats.cell(num_format="0.00%" if metric.unit == "percent" else "General", align="right")
        sheet.write_number(row, 1, result.value, number)
        if isinstance(call, Message):
            sheet.write_string(row, 4, steady(say(call, language)), formats.cell(font_color=QUIET))
        else:
            sheet.write_dynamic_array_formula(row, 2, row, 2, f"={call.text}", number, result.value)
            same = f"ABS(C{row + 1}-B{row + 1})<=1E-9*MAX(1,ABS(B{row + 1}))"
            check = f'=IF(IFERROR({same},FALSE),"{SAME}","{OTHER}")'
            sheet.write_formula(row, 3, check, formats.cell(align="center"), SAME)
            sheet.write_string(row, 4, steady(f"={call.text}"), formats.cell())
        row += 1
    live = sum(isinstance(call, LiveCall) for _, call in rows)
    sheet.write_string(0, 0, term("live_title", language), formats.plain(bold=True, font_size=16))
    said = say(Message("live_agree", agree="\0", calls=live), language)
    before, _, after = said.partition("\0")
    agree = f'COUNTIF($D${_HEAD_ROW + 1}:$D${max(row, _HEAD_ROW + 1)},"{SAME}")'
    bold = formats.plain(bold=True)
    sheet.write_formula(1, 0, f'="{before}"&{agree}&"{after}"', bold, f"{before}{live}{after}")
    if checking:
        write_check(sheet, formats, 2, len(_COLUMNS) + 1, checking)
    sheet.freeze_panes(_HEAD_ROW, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, row - 1, len(_COLUMNS) - 1)
    book.close()
    return file.getvalue(), f"$A$1:$E${row}"
