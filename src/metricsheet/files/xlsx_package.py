"""What an xlsx package says about its sheets, defined names and tables."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from metricsheet.files import limits
from metricsheet.files.addresses import MAX_ROWS, parse_a1
from metricsheet.files.archive import Archive
from metricsheet.files.book import CellRange, ExcelTable
from metricsheet.files.xml import Element, damaged, elements, unescaped, whole_number
from metricsheet.language.message import Message
from metricsheet.patterns import late
from metricsheet.records import field, record

_STRUCTURED = late(r"([^\s\[\]!']+)\[([^\[\]]+)\]\Z")


@record(frozen=False)
class Package:
    """The workbook part of an xlsx package.

    ``parts`` maps a worksheet's name to its part, in tab order; ``hidden`` names those not shown;
    ``recalculate`` says that the writer left the formulas to be calculated by Excel on opening,
    ``since_1904`` that its dates count from then; ``texts`` and ``styles`` are the parts of the shared texts
    and of the formats.
    """

    parts: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    names: dict[str, CellRange] = field(default_factory=dict)
    tables: dict[str, ExcelTable] = field(default_factory=dict)
    recalculate: bool = False
    since_1904: bool = False
    texts: str | None = None
    styles: str | None = None


def read_package(archive: Archive) -> Package:
    """Return what the workbook part and its tables say.

    Raises ``WorkbookError`` (``damaged_workbook``) when the package has no sound workbook part.
    """
    part = workbook_part(archive)
    found = elements(archive.read(part), Message("part_list_of_sheets"))
    targets = relationships(archive, part)
    others = {kind: target for kind, target in reversed(targets.values()) if target in archive}
    package = Package(texts=others.get("sharedStrings"), styles=others.get("styles"))
    tabs: list[str] = []
    for element in found:
        if element.name == "sheet":
            name, target = element.attributes.get("name", ""), targets.get(element.attributes.get("id", ""))
            tabs.append(name)
            if name in package.parts or (target is not None and target[1] in package.parts.values()):
                raise damaged(Message("part_list_of_sheets"))
            if target is None or target[0] != "worksheet":
                continue
            package.parts[name] = target[1]
            if element.attributes.get("state", "visible") != "visible":
                package.hidden.add(name)
        elif element.name == "calcPr":
            package.recalculate = element.attributes.get("fullCalcOnLoad") in ("1", "true")
        elif element.name == "workbookPr":
            package.since_1904 = element.attributes.get("date1904") in ("1", "true")
    read: set[str] = set()
    for name, target_part in package.parts.items():
        _add_tables(package, archive, name, target_part, read)
    _add_names(package, tabs, [x for x in found if x.name == "definedName"])
    return package


def workbook_part(archive: Archive) -> str:
    """Return the name of the workbook part, as the package's own relationships give it."""
    for kind, target in relationships(archive, "").values():
        if kind == "officeDocument" and target in archive:
            return target
    for usual in ("xl/workbook.xml", "xl/workbook.bin"):
        if usual in archive:
            return usual
    raise damaged(Message("part_list_of_sheets"))


def relationships(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Return id → (last word of the type, target part) of a part; ``""`` is the package itself."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in archive:
        return {}
    found = {}
    for element in elements(archive.read(path), Message("part_list_of_parts")):
        values = element.attributes
        if element.name == "Relationship" and values.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, values.get("Target", "")))
            found[values.get("Id", "")] = (values.get("Type", "").rpartition("/")[2], target.lstrip("/"))
    return found


def _add_tables(package: Package, archive: Archive, sheet: str, part: str, read: set[str]) -> None:
    """Add the Excel tables of one sheet, and their parts to ``read``: a table belongs to one sheet."""
    for target in dict.fromkeys(t for kind, t in relationships(archive, part).values() if kind == "table"):
        if target not in archive:
            continue
        if target in read:
            raise damaged(Message("part_table"))
        read.add(target)
        found = elements(archive.read(target), Message("part_table"))
        columns = tuple(unescaped(x.attributes.get("name", "")) for x in found if x.name == "tableColumn")
        table = next((x for x in found if x.name == "table"), None)
        if table and (made := _table(table, columns, sheet)):
            package.tables[made.name] = made


def _table(element: Element, columns: tuple[str, ...], sheet: str) -> ExcelTable | None:
    values = element.attributes
    place = parse_a1(values.get("ref", ""), sheet)
    if place is None or place.bottom is None or place.right - place.left + 1 != len(columns):
        return None
    headers = whole_number(values.get("headerRowCount", "1"), MAX_ROWS, Message("part_table"))
    totals = whole_number(values.get("totalsRowCount", "0"), MAX_ROWS, Message("part_table"))
    data = CellRange(sheet, place.top + headers, place.left, place.bottom - totals, place.right)
    return ExcelTable(values.get("displayName") or values.get("name", ""), columns, data)


def _add_names(package: Package, tabs: list[str], found: list[Element]) -> None:
    """Add the defined names that are one plain range; a sheet's own name is also known as ``Sheet!name``.

    A name of a sheet is known without the sheet when no other sheet and not the workbook has it.
    """
    own: dict[str, list[CellRange]] = {}
    tables = {
        name.casefold(): (table.data, {header: at for at, header in reversed([*enumerate(table.columns)])})
        for name, table in reversed(package.tables.items())
    }
    for element in found:
        name = element.attributes.get("name", "")
        place = _plain_range(element.text.strip(), package, tables)
        if not name or name.startswith("_xlnm.") or place is None:
            continue
        scope = element.attributes.get("localSheetId")
        number = (
            whole_number(scope, limits.MAX_ELEMENTS, Message("part_list_of_names"))
            if scope is not None
            else len(tabs)
        )
        if number < len(tabs):
            package.names[f"{tabs[number]}!{name}"] = place
            own.setdefault(name, []).append(place)
        else:
            package.names[name] = place
    for name, places in own.items():
        if len(places) == 1:
            package.names.setdefault(name, places[0])


def _plain_range(
    text: str, package: Package, tables: Mapping[str, tuple[CellRange, Mapping[str, int]]]
) -> CellRange | None:
    """Return the range a name stands for: ``Sheet!$A$1:$A$9`` or ``Table[Column]``; ``None`` otherwise."""
    text = text.removeprefix("=")
    if match := _STRUCTURED.match(text):
        data, columns = tables.get(match[1].casefold(), (None, {}))
        if data is None or match[2] not in columns:
            return None
        column = data.left + columns[match[2]]
        return CellRange(data.sheet, data.top, column, data.bottom, column)
    place = parse_a1(text)
    return place if place is not None and place.sheet in package.parts else None
