"""A worksheet as a table: titles, header, cells that can only be text or numbers, widths, print set-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from metricsheet.language.letters import steady
from metricsheet.records import record
from metricsheet.report.columns import width, wrapped

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_PAGE_LETTERS, _LEAST_TEXT, _WORD = 235, 12, 22
"""How many letters fit across an A4 page at three fifths of their size, the narrowest column of text, and
how long a word may be that widens it."""

_COMMENT = 1_000

MOST_ROWS = 1_048_000
MOST_LETTERS = 32_000
"""Excel takes 1,048,576 rows, and 32,767 letters in a cell."""

INK, PAPER, LINE, QUIET = "#1F2A37", "#FFFFFF", "#D5DAE1", "#6B7280"
HEAD = "#24405E"

STATUS_FILLS: Mapping[str, tuple[str, str]] = {
    "ok": ("#D8F0DD", "#14612B"),
    "info": ("#DCE9F8", "#1C4E80"),
    "warn": ("#FDEBC2", "#7A4B00"),
    "critical": ("#F9D3D3", "#8C1515"),
    "low_data": ("#ECEEF1", "#4B5563"),
    "no_target": ("#F6F7F8", "#6B7280"),
    "no_data": ("#F6F7F8", "#6B7280"),
    "invalid": ("#EADCF4", "#5B2C83"),
}
"""Fill and ink of a status cell."""

SEVERITY_FILLS: Mapping[str, tuple[str, str]] = {
    "critical": STATUS_FILLS["critical"],
    "high": ("#FBDFC8", "#8A3B00"),
    "medium": STATUS_FILLS["warn"],
    "low": STATUS_FILLS["info"],
    "info": STATUS_FILLS["info"],
}


class Formats:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def plain(self, **properties: object) -> Format:
        """Return a format with exactly these properties of XlsxWriter."""
        key = tuple(sorted(properties.items()))
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._book.add_format({"font_color": INK, **properties})
        return found

    def cell(self, **properties: object) -> Format:
        """Return the format of a table's cell: a thin line below, text at the top."""
        return self.plain(
            **{"valign": "top", "bottom": 1, "bottom_color": LINE, **_indent(properties), **properties}
        )

    def filled(self, colours: tuple[str, str], **properties: object) -> Format:
        """Return the format of a cell with a fill and an ink."""
        return self.cell(bg_color=colours[0], font_color=colours[1], **properties)


def _indent(properties: Mapping[str, object]) -> dict[str, object]:
    """Return the room before a text, so that it does not touch a number on its left."""
    if "num_format" in properties or properties.get("align") == "right":
        return {}
    return {"align": "left", "indent": 1}


@record
class SheetColumn:
    """A column of a table sheet; ``most`` is the greatest width in letters, beyond it text wraps."""

    title: str
    least: int = 6
    most: int = 60
    right: bool = False


class TableSheet:
    """One worksheet that holds a table. Text is always written as text, never as a formula."""

    def __init__(
        self, sheet: Worksheet, formats: Formats, columns: Sequence[SheetColumn], *, top: int = 0
    ) -> None:
        self.sheet: Any = sheet
        self.formats = formats
        self.columns = columns
        self.top = top
        self.row = top + 1
        # a header wraps between words; the filter's button needs room beside the longest
        self._widths = [max(column.least, _longest_word(column.title) + 2) for column in columns]
        self._least = [_LEAST_TEXT] * len(columns)
        self._wrapped: list[tuple[int, int, str]] = []
        self._outline: dict[int, Mapping[str, object]] = {}
        self._wrapping = formats.cell(text_wrap=True)
        for place, column in enumerate(columns):
            head = formats.plain(
                bold=True,
                font_color=PAPER,
                bg_color=HEAD,
                align="right" if column.right else "left",
                indent=0 if column.right else 1,
                valign="vcenter",
                text_wrap=True,
            )
            self.sheet.write_string(top, place, steady(column.title), head)
        self.sheet.hide_gridlines(2)

    def text(self, column: int, text: str, form: Format | None = None, link: str | None = None) -> None:
        """Write text into the current row, as a ``link`` where XlsxWriter's address of one is given."""
        text = steady(text[:MOST_LETTERS])
        form = form or self._wrapping
        self._grow(column, max(map(width, text.split("\n"))) + 1)
        # between wide letters a line is broken anywhere
        longest = max((len(word) for word in text.split() if width(word) == len(word)), default=0)
        self._least[column] = max(self._least[column], min(longest + 1 + form.indent, _WORD))
        if form.text_wrap:
            self._wrapped.append((self.row, column, text))
        if link is None:
            self.sheet.write_string(self.row, column, text, form)
        else:
            self.sheet.write_url(self.row, column, link, form, text)
            # XlsxWriter 3.1 changes the text of a link
            self.sheet.write_string(self.row, column, text, form)

    def comment(self, column: int, text: str) -> None:
        """Add a comment to a cell of the current row."""
        self.sheet.write_comment(
            self.row, column, steady(text)[:_COMMENT], {"x_scale": 2, "author": "metricsheet"}
        )

    def number(self, column: int, number: float | None, form: Format, shown: int = 8) -> None:
        """Write a number into the current row; an empty cell for none. ``shown`` is its width in letters."""
        if number is None or not isfinite(number):
            self.sheet.write_blank(self.row, column, None, form)
            return
        self._grow(column, shown)
        self.sheet.write_number(self.row, column, number, form)

    def next_row(self, options: Mapping[str, object] | None = None) -> None:
        """Go on to the next row; ``options`` of XlsxWriter say how the one left is grouped."""
        if options:
            self._outline[self.row] = options
        self.row += 1

    def finish(self, *, frozen: int = 0, footer: str = "") -> None:
        """Set widths, filter, frozen panes and the way it prints; ``frozen`` columns stay in view."""
        sheet = self.sheet
        self._fit_page()
        for place, (column, wide) in enumerate(zip(self.columns, self._widths, strict=True)):
            sheet.set_column(place, place, min(wide, column.most) + 1)
        self._set_heights()
        last = max(self.row - 1, self.top)
        sheet.autofilter(self.top, 0, last, len(self.columns) - 1)
        sheet.freeze_panes(self.top + 1, frozen)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(self.top)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.print_area(0, 0, last, len(self.columns) - 1)
        sheet.set_footer(footer)

    def _set_heights(self) -> None:
        """Make rows as high as their wrapped text; not every program does so when it opens a workbook."""
        heights: dict[int, int] = {}
        for row, place, text in self._wrapped:
            room = min(self._widths[place], self.columns[place].most)
            lines = sum(len(wrapped(line, room)) for line in text.split("\n"))
            heights[row] = max(heights.get(row, 1), lines)
        for row in heights.keys() | self._outline.keys():
            high = min(15.0 * heights[row] + 3, 400) if row in heights else None
            self.sheet.set_row(row, high, None, self._outline.get(row, {}))
        # bold letters are wider, and the filter's button takes room
        rooms = [int(min(wide, c.most) * 0.85) for wide, c in zip(self._widths, self.columns, strict=True)]
        most = max(len(wrapped(c.title, max(room, 4))) for c, room in zip(self.columns, rooms, strict=True))
        self.sheet.set_row(self.top, max(32, 14 * most + 4))

    def _fit_page(self) -> None:
        """Narrow the widest columns of text until a printed page takes all columns at a readable size."""
        widths = [min(wide, column.most) for wide, column in zip(self._widths, self.columns, strict=True)]
        texts = [place for place, column in enumerate(self.columns) if not column.right]
        while sum(widths) + len(widths) > _PAGE_LETTERS:
            wide = [place for place in texts if widths[place] > self._least[place]]
            if not wide:
                break
            # columns of much text stay wider than others
            widths[max(wide, key=lambda place: widths[place] / self.columns[place].most)] -= 1
        self._widths = widths

    def _grow(self, column: int, letters: int) -> None:
        self._widths[column] = max(self._widths[column], letters)


def _longest_word(title: str) -> int:
    return max((width(word) for word in title.split(" ")), default=0)
