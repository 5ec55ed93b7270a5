"""The workbook of the functions: their names, and a sheet that says and shows what each of them does."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from metricsheet._version import __version__
from metricsheet.catalog.definitions import (
    DATE,
    STAGES,
    Catalog,
    InputDefinition,
    MetricDefinition,
    in_language,
)
from metricsheet.evaluation.prepare import definition_of
from metricsheet.export.lambdas.examples import Call, example_call
from metricsheet.export.lambdas.functions import Exported, Function, made_from
from metricsheet.export.lambdas.host_check import write_check
from metricsheet.files.book import LAMBDA_SHEET
from metricsheet.language.letters import steady
from metricsheet.language.message import Message, all_of, say
from metricsheet.language.words import term
from metricsheet.records import record
from metricsheet.report.columns import wrapped
from metricsheet.report.xlsx.graft import graft
from metricsheet.report.xlsx.package import DefinedName, defined_names, with_names
from metricsheet.report.xlsx.sheet import HEAD, PAPER, QUIET, Formats

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_COLUMNS = (
    ("lambda_function", 46),
    ("lambda_gives", 40),
    ("lambda_example", 46),
    ("lambda_live", 18),
    ("lambda_core", 18),
    ("", 3),
    ("lambda_refuses", 60),
)
SAME, OTHER = "✓", "✗"
"""Beside an example that gives what the core gives, and beside one that does not."""
_TOP = 6
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@record
class Changes:
    """What writing the names into a workbook does to the names that are there.

    ``kept`` are names of the user's that stand where ours would, ``others`` functions of ours that are not
    among the ones written.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def new_book(catalog: Catalog, exported: Exported, language: str) -> tuple[bytes, Changes]:
    """Return a workbook with the functions and the sheet that documents them."""
    content, _ = documentation(catalog, exported, language)
    return with_names(content, exported.names), Changes(added=tuple(name.name for name in exported.names))


def into_book(book: bytes, catalog: Catalog, exported: Exported, language: str) -> tuple[bytes, Changes]:
    """Return ``book`` with the functions, and what changed: names that are not ours stay.

    Where it has all of them already, it stays as it is.

    Raises ``WorkbookError`` for a package into which nothing can be put.
    """
    there = defined_names(book)
    changes = changes_to(there, exported)
    if all(there.get(name.name.upper()) == name for name in exported.names):
        return book, changes
    written = exported.beside(there)
    sheet, printed = documentation(catalog, written, language)
    title = term("sheet.functions", language)
    return graft(book, sheet, title, printed, mark=LAMBDA_SHEET, names=written.names), changes


def holds_functions(book: bytes) -> bool:
    """Return whether a workbook holds a sheet of ours, or a function of ours."""
    names = defined_names(book)
    return LAMBDA_SHEET.upper() in names or any(made_from(name) is not None for name in names.values())


def changes_to(there: Mapping[str, DefinedName], exported: Exported) -> Changes:
    """Return what becomes of the names ``there`` (by capitals) when functions are written."""
    added: list[str] = []
    changed: list[str] = []
    same: list[str] = []
    kept: list[str] = []
    for name in exported.names:
        old = there.get(name.name.upper())
        if old is None:
            added.append(name.name)
        elif made_from(old) is None:
            kept.append(old.name)
        else:
            (same if old.text == name.text else changed).append(name.name)
    ours = {name.name.upper() for name in exported.names}
    others = [name.name for key, name in there.items() if key not in ours and made_from(name) is not None]
    return Changes(tuple(added), tuple(changed), tuple(same), tuple(kept), tuple(others))


def documentation(catalog: Catalog, exported: Exported, language: str) -> tuple[bytes, str]:
    """Return a workbook with the sheet of documentation alone, and the range of it that prints."""
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _OPTIONS)
    # the same definitions make the same bytes
    book.set_properties({"title": term("lambda_title", language), "created": dt.datetime(2000, 1, 1)})
    title = term("sheet.functions", language)
    page = _Page(book, book.add_worksheet(title), catalog, language)
    printed = page.fill(exported)
    book.define_name(LAMBDA_SHEET, f"='{title}'!$A$1")
    book.close()
    return file.getvalue(), printed


class _Page:
    def __init__(self, book: Workbook, sheet: Worksheet, catalog: Catalog, language: str) -> None:
        self.sheet: Any = sheet
        self.formats = Formats(book)
        self.catalog, self.language = catalog, language
        self.row = _TOP

    def fill(self, exported: Exported) -> str:
        """Write everything; return the range that prints."""
        sheet = self.sheet
        sheet.hide_gridlines(2)
        for place, (key, wide) in enumerate(_COLUMNS):
            sheet.set_column(place, place, wide)
            head = self.formats.plain(bold=True, font_color=PAPER, bg_color=HEAD, indent=1)
            sheet.write_string(_TOP - 1, place, term(key, self.language) if key else "", head)
        by_metric: dict[str, list[Function]] = {}
        for function in exported.functions:
            by_metric.setdefault(function.metric.key, []).append(function)
        calls = 0
        for stage in STAGES:
            of_stage = [found for found in by_metric.values() if found[0].metric.stage == stage]
            if of_stage:
                self._heading(term(stage, self.language))
            for functions in of_stage:
                calls += self._metric(functions)
        if exported.left_out:
            self._heading(term("lambda_left_out", self.language))
        for metric, why in exported.left_out:
            cell = self.formats.cell(text_wrap=True)
            sheet.write_string(self.row, 0, in_language(metric.label, self.language), cell)
            sheet.write_string(self.row, 1, say(why, self.language), cell)
            self.row += 1
        self._title(calls)
        if exported.check is not None:
            write_check(sheet, self.formats, 4, len(_COLUMNS) + 1, exported.check.name)
        sheet.freeze_panes(_TOP, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        last = f"$G${self.row}"
        sheet.print_area(0, 0, self.row - 1, len(_COLUMNS) - 1)
        return f"$A$1:{last}"

    def _title(self, calls: int) -> None:
        sheet, language = self.sheet, self.language
        sheet.write_string(0, 0, term("lambda_title", language), self.formats.plain(bold=True, font_size=16))
        made = f"metricsheet {__version__} · {self.catalog.path} · {self.catalog.digest}"
        sheet.write_string(1, 0, steady(made), self.formats.plain(font_color=QUIET))
        sheet.write_string(2, 0, say(Message("lambda_how"), language), self.formats.plain())
        agree = f'COUNTIF($F${_TOP + 1}:$F${self.row},"{SAME}")'
        said = say(Message("lambda_agree", agree="\0", calls=calls), language)
        before, _, after = said.partition("\0")
        shown = f'="{before}"&{agree}&"{after}"'
        sheet.write_formula(3, 0, shown, self.formats.plain(bold=True), f"{before}{calls}{after}")

    def _heading(self, text: str) -> None:
        form = self.formats.plain(bold=True, font_size=12, font_color=HEAD)
        self.sheet.set_row(self.row, 24)
        self.sheet.write_string(self.row, 0, text, form)
        self.row += 1

    def _metric(self, functions: Sequence[Function]) -> int:
        """Write the functions of one metric; return how many examples there are."""
        metric = functions[0].metric
        call = example_call(self.catalog, metric)
        refused = "\n".join(say(message, self.language) for message in refusals(self.catalog, metric))
        for function in functions:
            text = self.formats.cell(text_wrap=True)
            quiet = self.formats.cell(text_wrap=True, font_color=QUIET)
            why = refused if not function.suffix else ""
            shown = (function.usage, self._gives(function), "", "", "", "", why)
            for place, words in enumerate(shown):
                self.sheet.write_string(self.row, place, steady(words), quiet if place in (1, 6) else text)
            if call is not None:
                self._example(function, call, text)
            self.sheet.set_row(self.row, 15.0 * max(map(_lines, shown, [wide for _, wide in _COLUMNS])) + 3)
            self.row += 1
        return len(functions) if call is not None else 0

    def _gives(self, function: Function) -> str:
        label = in_language(function.metric.label, self.language)
        if function.suffix:
            key = "lambda_flag" if function.suffix == "_FLAG" else "lambda_n"
            return say(Message(key, metric=label), self.language)
        question = function.metric.question
        return f"{label}. {in_language(question, self.language) if question is not None else ''}".strip()

    def _example(self, function: Function, call: Call, text: Any) -> None:
        metric, suffix = function.metric, function.suffix
        asked, expected = call.text(function), call.expected(suffix)
        percent = metric.unit == "percent" and not suffix
        number = self.formats.cell(num_format="0.00%" if percent else "General", align="right")
        self.sheet.write_string(self.row, 2, asked, text)
        self.sheet.write_dynamic_array_formula(self.row, 3, self.row, 3, asked, number, expected)
        live, core = f"D{self.row + 1}", f"E{self.row + 1}"
        if isinstance(expected, str):
            self.sheet.write_string(self.row, 4, expected, self.formats.cell(align="right"))
            same = f"{live}={core}"
            if expected.startswith("#"):
                same = f"ISERROR({live})"
        else:
            self.sheet.write_number(self.row, 4, expected, number)
            same = f"ABS({live}-{core})<=1E-9*MAX(1,ABS({core}))"
        check = f'=IF(IFERROR({same},FALSE),"{SAME}","{OTHER}")'
        self.sheet.write_formula(self.row, 5, check, self.formats.cell(align="center"), SAME)


def _lines(text: str, wide: int) -> int:
    return sum(len(wrapped(line, wide - 2)) for line in text.split("\n"))


def refusals(catalog: Catalog, metric: MetricDefinition) -> Iterator[Message]:
    """Yield what the functions of a metric answer with an error although the command line can read it."""
    keys = [key for key in catalog.arguments_of(metric) if key not in catalog.choices]
    inputs = {key: definition_of(catalog, key) for key in keys if key != DATE}

    def those(wanted: Iterable[InputDefinition]) -> tuple[str, ...]:
        return tuple(definition.key for definition in wanted)

    numbers = those(d for d in inputs.values() if d.type in ("number", "date"))
    if numbers:
        yield Message("lambda_refuses.numbers", inputs=all_of(numbers))
    words = those(d for d in inputs.values() if d.type == "number" and (d.words or d.groups or d.means))
    if words:
        yield Message("lambda_refuses.words", inputs=all_of(words))
    flags = those(d for d in inputs.values() if d.type == "flag")
    if flags:
        yield Message("lambda_refuses.flags", inputs=all_of(flags))
    for definition in inputs.values():
        if definition.type == "text" and definition.means:
            known = tuple(dict.fromkeys(map(str, definition.means.values())))
            yield Message("lambda_refuses.meanings", input=definition.key, words=all_of(known))
    texts = those(d for d in inputs.values() if d.type == "text" and not d.means)
    if texts:
        yield Message("lambda_refuses.texts", inputs=all_of(texts))
    excluded = those(d for d in inputs.values() if d.outside == "exclude")
    if excluded:
        yield Message("lambda_refuses.excluded", inputs=all_of(excluded))
    if DATE in keys:
        yield Message("lambda_refuses.dates")
