"""Calls of our functions in the cells of a workbook, in every way in which programs store them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import unescape

from metricsheet.catalog.assembly.excel_words import OWN_FUNCTIONS, OWN_SUFFIXES
from metricsheet.catalog.definitions import Catalog, MetricDefinition
from metricsheet.files.addresses import column_letters, column_number
from metricsheet.patterns import late
from metricsheet.records import record
from metricsheet.report.xlsx.package import attributes

_CELL = late(r"<((?:\w+:)?)c\b([^<>]*[^<>/])>((?:[^<]++|<(?!/?\1c\b))*+)</\1c>")
_FORMULA = late(r"<(?:\w+:)?f\b([^<>]*?)(?:/>|>([^<]*)</(?:\w+:)?f>)")
_VALUE = late(r"<(?:\w+:)?v\b[^<>]*>([^<]*)</(?:\w+:)?v>")
_TEXTS = late(r'("(?:[^"]|"")*")')
_NO_REFERENCES = late(r"""("(?:[^"]|"")*+"|'(?:[^']|'')*+'|\[(?:[^\[\]]|\[[^\[\]]*+\])*+\])""")
"""What holds no cell: texts, quoted names of sheets, columns of Excel tables."""
_FUNCTION = late(
    r"(?<![\w.\]!'])((?:'[^']*'!|\[\d+\]!|[\w.]+\.xlam!)?(?:_xldudf_|_xludf\.|_xll\.)?)([A-Za-z_][\w.]*)\(",
    re.IGNORECASE,
)
_REFERENCE = late(
    r"(?<![\w.$!'])(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})(?![\w.(!])|(?<=!)(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})(?![\w.(])"
)
_COLUMNS = late(r"(?<![\w.$])(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3})(?![\w.(!])")
_ROWS = late(r"(?<![\w.$])(\$?)(\d{1,7}):(\$?)(\d{1,7})(?![\w.(!])")


_OURS = "metricsheet"
"""In the name of an add-in that we built."""


@record
class FormulaCell:
    """A cell with a formula: ``kind`` and ``value`` are its stored value as XML has them.

    ``start`` and ``end`` are where the whole cell is in its part, ``inner`` what is in it. Of a shared
    formula every cell has its own text. ``area`` is the range that an array formula fills, ``""`` of others.
    """

    sheet: str
    cell: str
    formula: str
    kind: str
    value: str | None
    start: int
    end: int
    shared: bool
    area: str

    @property
    def where(self) -> str:
        """The address for people."""
        return f"{self.sheet}!{self.cell}"


@record
class Call:
    """A call in a formula: ``lead`` is what is before the name in the file (``_xldudf_``, ``[1]!``).

    ``metric`` is ``None`` for functions that belong to none. ``start`` and
    ``end`` are where lead and name stand in the formula.
    """

    lead: str
    name: str
    metric: MetricDefinition | None
    suffix: str
    arguments: tuple[str, ...]
    start: int
    end: int
    stop: int


def formula_cells(sheet: str, text: str) -> Iterator[FormulaCell]:
    """Yield the cells of a worksheet part that have a formula."""
    masters: dict[str, tuple[str, str]] = {}
    for match in _CELL.finditer(text):
        found = _FORMULA.search(match[3])
        if found is None:
            continue
        said, of_cell = attributes(found[1]), attributes(match[2])
        cell, formula = of_cell.get("r", ""), unescape(found[2] or "", {"&quot;": '"', "&apos;": "'"})
        shared = said.get("t") == "shared"
        if shared and formula:
            masters[said.get("si", "")] = cell, formula
        elif shared and said.get("si") in masters:
            formula = moved(masters[said["si"]][1], masters[said["si"]][0], cell)
        value = _VALUE.search(match[3])
        stored = unescape(value[1]) if value is not None else None
        kind = of_cell.get("t", "n")
        area = said.get("ref", cell) if said.get("t") == "array" else ""
        yield FormulaCell(sheet, cell, formula, kind, stored, match.start(), match.end(), shared, area)


def moved(formula: str, origin: str, cell: str) -> str:
    """Return a formula of one cell as it is in another: relative references move along."""
    (column, row), (to_column, to_row) = _place(origin), _place(cell)

    def reference(match: re.Match[str]) -> str:
        fixed, letters, fixed_row, number = match.groups()[:4] if match[2] else match.groups()[4:]
        if not fixed:
            letters = column_letters(column_number(letters) + to_column - column)
        return f"{fixed}{letters}{fixed_row}{number if fixed_row else int(number) + to_row - row}"

    def columns(match: re.Match[str]) -> str:
        ends = [
            name if fixed else column_letters(column_number(name) + to_column - column)
            for fixed, name in (match.group(1, 2), match.group(3, 4))
        ]
        return f"{match[1]}{ends[0]}:{match[3]}{ends[1]}"

    def rows(match: re.Match[str]) -> str:
        ends = [
            number if fixed else int(number) + to_row - row
            for fixed, number in (match.group(1, 2), match.group(3, 4))
        ]
        return f"{match[1]}{ends[0]}:{match[3]}{ends[1]}"

    def part_moved(part: str) -> str:
        return _ROWS.sub(rows, _COLUMNS.sub(columns, _REFERENCE.sub(reference, part)))

    parts = _NO_REFERENCES.split(formula)
    return "".join(part if at % 2 else part_moved(part) for at, part in enumerate(parts))


def _place(cell: str) -> tuple[int, int]:
    letters = cell.rstrip("0123456789")
    return column_number(letters), int(cell[len(letters) :])


def functions_by_name(catalog: Catalog) -> Mapping[str, tuple[MetricDefinition, str]]:
    """Return the metric and the suffix behind each function of the add-in."""
    return {
        f"{metric.udf}{suffix}": (metric, suffix)
        for metric in catalog.metrics.values()
        for suffix in ("", *OWN_SUFFIXES)
    }


def calls_in(formula: str, known: Mapping[str, tuple[MetricDefinition, str]]) -> Iterator[Call]:
    """Yield the calls of functions called like ours, and all calls of an add-in of ours."""
    outside = "".join("\0" * len(part) if at % 2 else part for at, part in enumerate(_TEXTS.split(formula)))
    for match in _FUNCTION.finditer(outside):
        # a path in quotes is no text
        lead, name = formula[match.start(1) : match.end(1)], match[2].upper()
        if lead.lower().endswith("_xldudf_") and "_" in name and name not in known:
            # with the namespace of an add-in: _xldudf_XLWINGS_NPS
            name = next(
                (name[at + 1 :] for at, sign in enumerate(name) if sign == "_" and name[at + 1 :] in known),
                name,
            )
        name = name.removeprefix("XLWINGS.")
        metric, suffix = known.get(name, (None, ""))
        if metric is not None or name in OWN_FUNCTIONS or _OURS in lead.lower():
            arguments, stop = _arguments(formula, match.end())
            yield Call(lead, name, metric, suffix, arguments, match.start(1), match.end(2), stop)


def _arguments(formula: str, start: int) -> tuple[tuple[str, ...], int]:
    """Return the arguments of a call whose ``(`` ends at ``start``, and where its ``)`` stands."""
    depth, quoted, begin = 0, "", start
    found: list[str] = []
    for at in range(start, len(formula)):
        sign = formula[at]
        if quoted:
            quoted = "" if sign == quoted else quoted
        elif sign in "\"'":
            quoted = sign
        elif sign in "({[":
            depth += 1
        elif sign in ")}]" and depth:
            depth -= 1
        elif sign == ")":
            return (*found, formula[begin:at].strip()), at
        elif sign == "," and not depth:
            found.append(formula[begin:at].strip())
            begin = at + 1
    return tuple(found), len(formula)
