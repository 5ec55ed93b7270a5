"""The cells of an xlsx sheet in any spelling that XML allows, read with expat; slower than ``xlsx_columns``.

What a cell means is decided by its elements in the sheet's own namespace: comments, character data sections
and elements of others make no difference. A cell that cannot be understood refuses the sheet.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

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
_SPACES = " \t\r\n"


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
        self._cells: dict[int, dict[int, tuple[RawCell, str]]] = {}
        self._open: list[str] = []
        self._own = ""
        self._row = self._column = -1
        self._kind, self._style = "n", "0"
        self._formula = False
        self._value: list[str] | None = None
        self._value_at = 0
        self._inline: TextEvents | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        uri, _, tag = name.rpartition(NAMESPACE_END)
        if not self._open:
            self._own = uri
        elif uri != self._own:
            tag = ""
        path = self._open[-1] if self._open else ""
        self._open.append(tag)
        if self._inline is not None:
            if tag:
                self._inline.start(
                    tag, {key.replace(_XML_SPACE, "xml:space"): v for key, v in attributes.items()}
                )
        elif tag == "row" and path == "sheetData":
            self._start_row(attributes.get("r"))
        elif tag == "c" and path == "row":
            self._start_cell(attributes)
        elif tag == "v" and path == "c":
            if self._value is not None:
                raise self._not_understood("<v><v>")
            self._value, self._value_at = [], len(self._open)
        elif tag == "f" and path == "c":
            self._formula = True
        elif tag == "is" and path == "c":
            self._inline = TextEvents("is")
            self._inline.start("is", {})
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
            place = _REFERENCE.match(reference.strip(_SPACES))
            if place is None:
                raise self._no_such_cell(reference)
            self._row, self._column = int(place[2]) - 1, column_number(place[1])
        if not 0 <= self._row < MAX_ROWS or self._column >= MAX_COLUMNS:
            raise self._no_such_cell(reference or "")
        self.facts.cells += 1
        self._kind = attributes.get("t", "n").strip(_SPACES)
        self._style = attributes.get("s", "0").strip(_SPACES).lstrip("0") or "0"
        if len(self._style) > 9 or not _DIGITS.match(self._style):
            raise self._not_understood(f's="{self._style}"')
        self._formula, self._value, self._inline = False, None, None

    def text(self, text: str) -> None:
        """Take characters."""
        if self._inline is not None:
            self._inline.text(text)
        elif self._value is not None and len(self._open) == self._value_at:
            self._value.append(text)

    def end(self, _: str) -> None:
        """Take the end of an element."""
        tag = self._open.pop()
        if self._inline is not None and tag:
            self._inline.end(tag)
            if tag == "is":
                if self._value is None:
                    self._value, self._value_at = self._inline.found, 0
                self._inline = None
        elif tag == "v" and len(self._open) + 1 == self._value_at:
            self._value_at = 0
        elif tag == "c" and self._open[-1:] == ["row"]:
            cell = self._cell(None if self._value is None else "".join(self._value))
            column = self._cells.setdefault(self._column, {})
            if cell is not None or self._style != "0":
                column[self._row] = (cell, self._values.format(self._style.encode()))

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
        filled = {n: rows for n, rows in self._cells.items() if any(c is not None for c, _ in rows.values())}
        ends = [max(row for row, (cell, _) in rows.items() if cell is not None) for rows in filled.values()]
        self.facts.extent = (max(ends, default=-1) + 1, max(filled, default=-1) + 1)
        return [_CarefulColumn(self._cells.get(n, {}), self.facts) for n in range(self.facts.extent[1])]


_XML_SPACE = f"http://www.w3.org/XML/1998/namespace{NAMESPACE_END}space"


class _CarefulColumn(SheetColumn):
    """A column of cells by row, spread out when somebody asks for it: the sheet may be refused before."""

    def __init__(self, cells: dict[int, tuple[RawCell, str]], facts: SheetFacts) -> None:
        self._by_row, self._facts = cells, facts

    @property
    def cells(self) -> Sequence[RawCell]:
        cells = self.__dict__.get("_spread")
        if cells is None:
            cells = [None] * len(self)
            for row, (cell, _) in self._by_row.items():
                if row < len(cells):
                    cells[row] = cell
            self.__dict__["_spread"] = cells
        return cells

    @property
    def formats(self) -> Sequence[str]:
        formats = [""] * len(self)
        for row, (_, code) in self._by_row.items():
            if row < len(formats):
                formats[row] = code
        return formats

    def __len__(self) -> int:
        return self._facts.extent[0]
