"""The cells of an xlsx sheet in any spelling that XML allows, read with expat; slower than ``xlsx_columns``.

What a cell means is decided by its elements in the sheet's own namespace: comments, character data sections
and elements of others make no difference. A cell that cannot be understood refuses the sheet.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from metricsheet.errors import WorkbookError
from metricsheet.files.addresses import MAX_COLUMNS, MAX_ROWS, a1, column_number
from metricsheet.files.book import RawCell, SheetColumn
from metricsheet.files.sheet_facts import SheetFacts, no_value
from metricsheet.files.xlsx_values import CellValues, TextEvents, blocks_of, iso_moment
from metricsheet.files.xml import NAMESPACE_END, damaged, feed, safe_parser, unescaped
from metricsheet.language.message import Message
from metricsheet.patterns import late

_REFERENCE = late(r"([A-Z]{1,3})([0-9]{1,7})\Z", re.IGNORECASE)
_NUMBER = late(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z")
_DIGITS = late(r"[0-9]+\Z")
_FLAGS = {"1": True, "true": True, "0": False, "false": False}
_LONGEST_SHOWN = 40
_SPACES, _FIGURES = " \t\r\n", "0123456789"
_XML_SPACE = f"http://www.w3.org/XML/1998/namespace{NAMESPACE_END}space"


def read_cells(name: str, data: bytes, values: CellValues) -> tuple[list[SheetColumn], SheetFacts]:
    """Return the columns of a sheet, and what is known about it.

    Raises ``WorkbookError`` (``damaged_workbook``, ``unsafe_xml``, ``too_large``), with the cell if it can.
    """
    events = _CellEvents(name, values)
    parser = safe_parser(events.start, events.end, namespaces=True)
    parser.CharacterDataHandler = events.text
    events.facts.size = feed(parser, blocks_of(data), Message("part_sheet", sheet=name))
    return events.columns(), events.facts


class _CellEvents:
    """The handlers of expat that gather the cells of one sheet."""

    def __init__(self, name: str, values: CellValues) -> None:
        self.facts = SheetFacts()
        self._name, self._values = name, values
        self._found: dict[int, _Found] = {}
        self._open: list[str] = []
        self._own = ""
        self._tags: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._row = self._column = -1
        self._kind, self._style = "n", "0"
        self._formula = False
        self._value: list[str] | None = None
        self._value_at = 0
        self._inline: TextEvents | None = None

    def _tag(self, name: str) -> str:
        """Return an element's name, ``""`` for one of another namespace than the sheet's."""
        uri, _, tag = name.rpartition(NAMESPACE_END)
        if not self._open:
            self._own = uri
        self._tags[name] = found = tag if uri == self._own else ""
        return found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        tag = self._tags.get(name)
        if tag is None:
            tag = self._tag(name)
        path = self._open[-1] if self._open else ""
        self._open.append(tag)
        if self._inline is not None:
            if tag:
                self._inline.start(
                    tag, {key.replace(_XML_SPACE, "xml:space"): v for key, v in attributes.items()}
                )
        elif tag == "c":
            if path == "row":
                self._start_cell(attributes)
        elif path == "v" and tag and self._value is not None:
            raise self._not_understood("<v><")
        elif path == "c":
            if tag == "v":
                if self._value is not None:
                    raise self._not_understood("<v><v>")
                self._value, self._value_at = [], len(self._open)
            elif tag == "f":
                self._formula = True
            elif tag == "is":
                self._inline = TextEvents("is")
                self._inline.start("is", {})
        elif tag == "row":
            if path == "sheetData":
                self._start_row(attributes.get("r"))
        elif tag == "mergeCell":
            self.facts.merge_address(self._name, attributes.get("ref", ""))

    def _start_row(self, number: str | None) -> None:
        self._row, self._column = self._row + 1, -1
        if number is not None:
            digits = number.strip(_SPACES).lstrip("0")
            if len(digits) > 7 or not _DIGITS.match(digits) or int(digits) > MAX_ROWS:
                raise damaged(Message("no_such_row", sheet=self._name, text=number[:_LONGEST_SHOWN]))
            self._row = int(digits) - 1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._column += 1
        reference = attributes.get("r")
        if reference is not None:
            self._row, self._column = self._place(reference)
        if not 0 <= self._row < MAX_ROWS or self._column >= MAX_COLUMNS:
            raise self._no_such_cell(reference or "")
        self.facts.cells += 1
        self._kind = attributes.get("t", "n").strip(_SPACES)
        self._style = attributes.get("s", "0").strip(_SPACES).lstrip("0") or "0"
        if not _DIGITS.match(self._style) or len(self._style) > 9:
            raise self._not_understood(f's="{self._style}"')
        self._formula, self._value, self._inline = False, None, None

    def _place(self, reference: str) -> tuple[int, int]:
        letters = reference.rstrip(_FIGURES)
        column = self._columns.get(letters)
        digits = reference[len(letters) :]
        if column is None or not 0 < len(digits) < 8:
            place = _REFERENCE.match(reference.strip(_SPACES))
            if place is None:
                raise self._no_such_cell(reference)
            column, digits = column_number(place[1]), place[2]
            self._columns[place[1]] = column
        return int(digits) - 1, column

    def text(self, text: str) -> None:
        """Take characters."""
        if self._inline is not None:
            self._inline.text(text)
        elif self._value is not None and len(self._open) == self._value_at:
            self._value.append(text)

    def end(self, _: str) -> None:
        """Take the end of an element."""
        tag = self._open.pop()
        if self._inline is not None:
            if tag:
                self._inline.end(tag)
            if tag == "is":
                if self._value is None:
                    self._value, self._value_at = self._inline.found, 0
                self._inline = None
        elif tag == "v":
            if len(self._open) + 1 == self._value_at:
                self._value_at = 0
        elif tag == "c" and self._open[-1:] == ["row"]:
            cell = self._cell(None if self._value is None else "".join(self._value))
            if cell is not None or self._style != "0":
                found = self._found.get(self._column)
                if found is None:
                    found = self._found[self._column] = _Found([], [], [])
                found.rows.append(self._row)
                found.cells.append(cell)
                found.styles.append(self._style)

    def _cell(self, stored: str | None) -> RawCell:
        """Return what the cell holds that ends here."""
        kind, number = self._kind, (stored or "").strip(_SPACES)
        if self._formula:
            self.facts.count_formula(number if kind not in ("str", "e") else "text")
            if kind not in ("str", "e") and not number:
                self.facts.no_value.append((self._row, self._column))
                return no_value(self._name, self._row, self._column)
        if kind == "e":
            return self._values.error(self._name, self._row, self._column, number)
        if stored is None:
            return None
        if kind in ("str", "inlineStr"):
            return unescaped(stored) or None if kind == "str" else stored or None
        if not number:
            return None
        if kind == "n" and _NUMBER.match(number) and math.isfinite(found := float(number)):
            return self._values.number(self._style.encode(), found)
        if (
            kind == "s"
            and len(number) < 10
            and _DIGITS.match(number)
            and int(number) < len(self._values.texts)
        ):
            return self._values.texts[int(number)] or None
        if kind == "b" and number in _FLAGS:
            return _FLAGS[number]
        if kind == "d":
            try:
                return iso_moment(number)
            except ValueError:
                pass
        raise self._not_understood(f'{stored[:_LONGEST_SHOWN]} (t="{kind[:_LONGEST_SHOWN]}")')

    def _not_understood(self, text: str) -> WorkbookError:
        return damaged(
            Message("cell_not_understood", cell=a1(self._name, self._row, self._column), text=text)
        )

    def _no_such_cell(self, reference: str) -> WorkbookError:
        return damaged(Message("no_such_cell", sheet=self._name, text=reference[:_LONGEST_SHOWN]))

    def columns(self) -> list[SheetColumn]:
        """Return the columns up to the last that holds anything; ``facts.extent`` says how far they go."""
        height = width = 0
        for number, found in self._found.items():
            rows = [row for row, cell in zip(found.rows, found.cells, strict=True) if cell is not None]
            if rows:
                height, width = max(height, max(rows) + 1), max(width, number + 1)
        self.facts.extent = (height, width)
        nothing = _Found([], [], [])
        columns = [self._found.get(number, nothing) for number in range(width)]
        return [_CarefulColumn(found, height, self._values) for found in columns]


class _Found(NamedTuple):
    """The cells of a column in the order of the file, with their rows and styles."""

    rows: list[int]
    cells: list[RawCell]
    styles: list[str]


class _CarefulColumn(SheetColumn):
    """A column of cells by row, spread out when somebody asks for it: the sheet may be refused before."""

    def __init__(self, found: _Found, height: int, values: CellValues) -> None:
        self._found, self._height, self._values = found, height, values

    @cached_property
    def cells(self) -> Sequence[RawCell]:
        cells: list[RawCell] = [None] * self._height
        for row, cell in zip(self._found.rows, self._found.cells, strict=True):
            if row < self._height:
                cells[row] = cell
        return cells

    @cached_property
    def formats(self) -> Sequence[str]:
        formats = [self._values.format(b"")] * self._height
        for row, style in zip(self._found.rows, self._found.styles, strict=True):
            if row < self._height:
                formats[row] = self._values.format(style.encode())
        return formats

    def __len__(self) -> int:
        return self._height
