"""The truth about an ods file: errors, formulas without a value, merges, extents and named ranges."""

from __future__ import annotations

from collections.abc import Iterable

from metricsheet.errors import WorkbookError
from metricsheet.files.addresses import a1, parse_a1
from metricsheet.files.book import CellRange
from metricsheet.files.sheet_facts import SheetFacts
from metricsheet.files.xml import damaged, feed, safe_parser, whole_number
from metricsheet.language.message import Message
from metricsheet.patterns import late

_ADDRESS = late(
    r"\$?(?:'((?:[^']|'')*)'|([^.'$:]+))\.(\$?[A-Z]{1,3}\$?[0-9]+)(?::(?:\$?[^:]*)\.(\$?[A-Z]{1,3}\$?[0-9]+))?\Z"
)

_MOST_TIMES, _LONGEST_SHOWN = 1 << 31, 40
_NAMESPACES = {
    f"xmlns:{prefix}": f"urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"
    for prefix in ("office", "table", "text")
}
_TYPES = frozenset(("float", "percentage", "currency", "date", "time", "boolean", "string", "void"))


def read_ods_facts(blocks: Iterable[bytes]) -> tuple[dict[str, SheetFacts], dict[str, CellRange]]:
    """Return the truth of every sheet by name, and the named ranges, from the blocks of ``content.xml``.

    Raises ``WorkbookError`` (``damaged_workbook``, ``unsafe_xml``).
    """
    events = _OdsEvents()
    parser = safe_parser(events.start, events.end)
    parser.CharacterDataHandler = events.text
    parser.StartCdataSectionHandler = events.character_data
    size = feed(parser, blocks, Message("part_content"))
    for facts in events.sheets.values():
        facts.size = size
    return events.sheets, events.names


class _OdsEvents:
    """The handlers of expat that follow the position of every cell; one element often stands for many."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetFacts] = {}
        self.names: dict[str, CellRange] = {}
        self._truth = SheetFacts()
        self._sheet = ""
        self._tables = 0
        self._row = self._next_row = self._next_column = 0
        self._row_times = self._cell_times = 1
        self._characters = 0
        self._row_columns = 0
        self._error: list[str] | None = None
        self._paragraph = self._empty_formula = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.removeprefix("table:")  # the prefixes are those that python-calamine looks for
        if not self._tables and any(attributes.get(key, uri) != uri for key, uri in _NAMESPACES.items()):
            raise damaged(Message("part_content"))
        if tag == "table":
            self._tables += 1
            if self._tables == 1:
                self._sheet = _value(attributes, "name")
                self._truth = self.sheets.setdefault(self._sheet, SheetFacts())
                self._next_row = 0
        elif tag == "named-range":
            self._add_name(_value(attributes, "name"), _value(attributes, "cell-range-address"))
        elif self._tables != 1:
            if self._tables and (
                _number(attributes, "number-rows-repeated") > 1
                or _number(attributes, "number-columns-repeated") > 1
            ):
                raise damaged(
                    Message("part_content")
                )  # a table inside a cell, which python-calamine may read or not
        elif tag == "table-row":
            self._row, self._next_column, self._row_columns = self._next_row, 0, 0
            self._row_times = _number(attributes, "number-rows-repeated")
            self._next_row += self._row_times
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell(attributes)
        elif tag == "text:p":
            self._paragraph = self._error is not None
            self._empty_formula = False  # a formula that gives "" has a paragraph, but no type

    def _cell(self, attributes: dict[str, str]) -> None:
        """Take one cell element, which may stand for several cells."""
        column = self._next_column
        self._cell_times = _number(attributes, "number-columns-repeated")
        self._next_column += self._cell_times
        self._characters = len(attributes.get("office:string-value", ""))
        formula = "table:formula" in attributes
        if formula or any(key.startswith("office:") for key in attributes):
            self._row_columns = self._next_column
        flag = attributes.get("office:boolean-value", "true")
        if flag not in ("true", "false"):  # python-calamine takes all others for FALSE
            raise self._not_understood(flag[:_LONGEST_SHOWN])
        kind = attributes.get("office:value-type", "string")
        if kind not in _TYPES:  # which it takes for blank
            raise self._not_understood(kind[:_LONGEST_SHOWN])
        if attributes.get("calcext:value-type") == "error":
            self._error = []
        self._empty_formula = formula and "office:value-type" not in attributes
        down, across = (_number(attributes, f"number-{way}-spanned") for way in ("rows", "columns"))
        if down > 1 or across > 1:
            place = CellRange(self._sheet, self._row, column, self._row + down - 1, column + across - 1)
            self._truth.merge(place)

    def character_data(self) -> None:
        """Refuse character data that python-calamine passes over."""
        if self._tables:
            raise self._not_understood("<![CDATA[")

    def _not_understood(self, text: str) -> WorkbookError:
        cell = a1(self._sheet, self._row, max(0, self._next_column - self._cell_times))
        return damaged(Message("cell_not_understood", cell=cell, text=text))

    def text(self, text: str) -> None:
        self._characters += len(text)
        if self._paragraph and self._error is not None:
            self._error.append(text)

    def end(self, name: str) -> None:
        tag = name.removeprefix("table:")
        if tag == "table":
            self._tables -= 1
        elif tag == "text:p":
            self._paragraph = False
        elif tag == "table-cell" and self._tables == 1:
            at = (self._row, self._next_column - 1)
            self._truth.cells += 1
            if self._cell_times * self._row_times > 1:
                self._truth.text += self._characters * self._cell_times * self._row_times
            if self._error is not None:
                self._truth.errors[at] = "".join(self._error)
                self._error = None
            if self._empty_formula:
                self._truth.no_value.append(at)
                self._empty_formula = False
        elif tag == "table-row" and self._tables == 1 and self._row_columns:
            rows, columns = self._truth.extent
            self._truth.extent = (max(rows, self._next_row), max(columns, self._row_columns))

    def _add_name(self, name: str, address: str) -> None:
        """Add a named range; the first of several with the same name stays, as they belong to sheets."""
        match = _ADDRESS.match(address)
        if match is None:
            return
        sheet = match[1].replace("''", "'") if match[1] is not None else match[2]
        place = parse_a1(f"{match[3]}:{match[4]}" if match[4] else match[3], sheet)
        if place is not None:
            self.names.setdefault(name, place)


def _value(attributes: dict[str, str], name: str) -> str:
    return attributes.get(f"table:{name}", "")


def _number(attributes: dict[str, str], name: str) -> int:
    """Return how often an element counts; 1 where it does not say so."""
    return whole_number(_value(attributes, name) or "1", _MOST_TIMES, Message("part_content"))
