"""Our sheet in somebody's workbook: parts are added to the package, and no other part is touched.

Only four parts change: the content types, the workbook, its relationships and its styles, the last by adding
at their ends. A defined name marks the sheet as ours, so that a later run takes its place. Names of functions
can come with it; their comment says that they are ours.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from xml.sax.saxutils import quoteattr

from metricsheet.files.book import OWN_SHEET
from metricsheet.patterns import late
from metricsheet.records import record
from metricsheet.report.xlsx.package import (
    METADATA,
    OFFICE,
    DefinedName,
    Package,
    array_metadata,
    attributes,
    children,
    inside,
    named,
    next_id,
    not_grafted,
    opened,
    refuse,
    rels_of,
    rid_name,
    section_of,
    sheets,
    tags,
    with_definitions,
    with_metadata,
    with_types,
    written,
)

_PART = late(r"xl/(worksheets|drawings|charts)/[^/]+\.xml")
_TARGET = late(r'Target="([^"]+)"')


def graft(
    book: bytes,
    made: bytes,
    title: str,
    printed: str,
    *,
    mark: str = OWN_SHEET,
    names: Iterable[DefinedName] = (),
) -> bytes:
    """Return ``book`` with the only sheet of ``made`` as its sheet ``title``, of which ``printed`` prints.

    A sheet of ours that is there already, by the name ``mark``, is replaced; ``names`` are added, or written
    anew. Raises ``WorkbookError`` (``not_grafted``) for a package that is signed, strict, damaged, or has a
    sheet of that name that is not ours.
    """
    package, source = opened(book), opened(made)
    text, relations = package.text(package.workbook), package.text(package.relations)
    refuse(package, text)
    old = _ours(text, mark)
    if old is None and any(attributes(tag).get("name") == title for tag in sheets(text)):
        raise not_grafted("name_taken", sheet=title)
    gone = _own_parts(package, old) if old is not None else frozenset()
    styles, shifts = _merged_styles(package.text(package.styles), source.text(source.styles))
    renamed = _new_names(source.parts, package.parts.keys() - gone)
    arrays, metadata = array_metadata(package, source)
    added = {new: _moved(source, name, shifts, arrays) for name, new in renamed.items()}
    for name, new in renamed.items():
        rels = rels_of(name)
        if rels in source.parts:
            added[rels_of(new)] = _retargeted(source.text(rels), posixpath.dirname(name), renamed)
    (sheet,) = (new for name, new in renamed.items() if name.startswith("xl/worksheets/"))
    types = with_types(package.text("[Content_Types].xml"), gone, renamed.values())
    if metadata:
        added[METADATA] = metadata
        types, relations = with_metadata(types, relations, package.workbook)
    changed = {package.styles: styles, "[Content_Types].xml": types}
    identity = attributes(old).get(rid_name(text), "") if old is not None else next_id(relations)
    changed[package.relations] = _with_relation(relations, identity, f"/{sheet}")
    whole = _with_sheet(text, old, identity, title, printed, mark)
    changed[package.workbook] = named(whole, names)
    return written(book, {name: part.encode() for name, part in changed.items()}, added, gone)


def _ours(text: str, mark: str) -> str | None:
    """Return the tag of the sheet that our defined name refers to, ``None`` where it is in no sheet."""
    found = re.search(rf'<(?:\w+:)?definedName\b[^>]*name="{mark}"[^>]*>([^<]*)!', text)
    if found is None:
        return None
    name = found[1].strip("'").replace("''", "'")
    return next((tag for tag in sheets(text) if attributes(tag).get("name") == name), None)


def _own_parts(package: Package, tag: str) -> frozenset[str]:
    """Return the parts of our old sheet: itself, its drawing and charts, and their relationships."""
    relations = package.text(package.relations)
    identity = attributes(tag)[rid_name(package.text(package.workbook))]
    target = next(
        said["Target"] for said in map(attributes, tags(relations, "Relationship")) if said["Id"] == identity
    )
    waiting = [posixpath.normpath(posixpath.join("/", posixpath.dirname(package.workbook), target))[1:]]
    found: set[str] = set()
    while waiting:
        part = waiting.pop()
        if part in found or part not in package.parts:
            continue
        found.add(part)
        rels = rels_of(part)
        if rels in package.parts:
            found.add(rels)
            folder = posixpath.dirname(part)
            for target in _TARGET.findall(package.text(rels)):
                waiting.append(posixpath.normpath(posixpath.join("/", folder, target))[1:])
    return frozenset(found)


def _new_names(made: Mapping[str, bytes], taken: frozenset[str] | set[str]) -> dict[str, str]:
    """Return a free name for each part that the made sheet consists of."""
    renamed: dict[str, str] = {}
    for name in made:
        if _PART.fullmatch(name):
            stem = re.sub(r"(?<!\d)\d*+\.xml$", "", name)
            number = 1
            while f"{stem}{number}.xml" in taken or f"{stem}{number}.xml" in renamed.values():
                number += 1
            renamed[name] = f"{stem}{number}.xml"
    return renamed


def _retargeted(text: str, folder: str, renamed: Mapping[str, str]) -> bytes:
    def target(match: re.Match[str]) -> str:
        part = posixpath.normpath(posixpath.join(folder, match[1]))
        return f'Target="/{renamed[part]}"' if part in renamed else match[0]

    return _TARGET.sub(target, text).encode()


@record
class _Shifts:
    """By how much the numbers of cell formats and of conditional formats grow."""

    cells: int
    conditional: int


def _moved(source: Package, name: str, shifts: _Shifts, arrays: int) -> bytes:
    """Return a part of the made workbook for its place: texts are in their cells, formats are shifted."""
    if not name.startswith("xl/worksheets/"):
        return source.parts[name]
    texts = re.findall(r"<si>([^<]*(?:<(?!/?si>)[^<]*)*)</si>", source.text("xl/sharedStrings.xml"))
    sheet = re.sub(
        r'(<c r="[A-Z]+\d+"(?: s="\d+")?) t="s"><v>(\d+)</v></c>',
        lambda cell: f'{cell[1]} t="inlineStr"><is>{texts[int(cell[2])]}</is></c>',
        source.text(name),
    )
    sheet = re.sub(
        r'(<(?:c|row|col)\b[^<>]*? (?:s|style)=")(\d+)"',
        lambda cell: f'{cell[1]}{int(cell[2]) + shifts.cells}"',
        sheet,
    )
    sheet = re.sub(r'(<c\b[^<>]*?) cm="1"', rf'\1 cm="{arrays}"' if arrays else r"\1", sheet)
    sheet = re.sub(r'dxfId="(\d+)"', lambda one: f'dxfId="{int(one[1]) + shifts.conditional}"', sheet)
    return sheet.replace(' tabSelected="1"', "").encode()


def _merged_styles(text: str, made: str) -> tuple[str, _Shifts]:
    """Return the styles of a workbook with those of the made one at their ends."""
    shift: dict[str, int] = {}
    before = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
    formats = {
        said["numFmtId"]: said["formatCode"]
        for said in map(attributes, tags(inside(made, "numFmts"), "numFmt"))
    }
    known = [int(attributes(tag)["numFmtId"]) for tag in tags(inside(text, "numFmts"), "numFmt")]
    first = max([*known, 199]) + 1
    numbers = {old: str(first + place) for place, old in enumerate(formats)}
    items: dict[str, list[str]] = {
        "numFmts": [
            f'<numFmt numFmtId="{numbers[old]}" formatCode="{code}"/>' for old, code in formats.items()
        ]
    }
    for section in ("fonts", "fills", "borders", "cellXfs", "dxfs"):
        items[section] = children(inside(made, section))
    for section in ("numFmts", "fonts", "fills", "borders"):
        text, shift[section] = _appended(text, section, items[section], before)

    def numbered(kind: str, section: str) -> Callable[[re.Match[str]], str]:
        return lambda one: f'{kind}="{int(one[1]) + shift[section]}"'

    def placed(item: str) -> str:
        item = re.sub(r'numFmtId="(\d+)"', lambda one: f'numFmtId="{numbers.get(one[1], one[1])}"', item)
        for kind, section in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            item = re.sub(rf'{kind}="(\d+)"', numbered(kind, section), item)
        return re.sub(r'xfId="\d+"', 'xfId="0"', item)

    text, of_cells = _appended(text, "cellXfs", list(map(placed, items["cellXfs"])), before)
    text, conditional = _appended(text, "dxfs", items["dxfs"], before)
    return text, _Shifts(of_cells, conditional)


def _appended(text: str, name: str, items: list[str], order: tuple[str, ...]) -> tuple[str, int]:
    """Return styles with items at the end of a section, and how many stood there before."""
    if not items:
        return text, len(children(inside(text, name)))
    found = section_of(text, name)
    if found is not None:
        prefix, said, inner = found[1], re.sub(r'(?<!\s)\s*+count="\d+"', "", found[2]), found[3] or ""
        old = len(children(inner))
        body = "".join(_prefixed(item, prefix) for item in items)
        whole = f'<{prefix}{name}{said} count="{old + len(items)}">{inner}{body}</{prefix}{name}>'
        return text[: found.start()] + whole + text[found.end() :], old
    whole = f'<{name} count="{len(items)}">{"".join(items)}</{name}>'
    for earlier in reversed(order[: order.index(name)]):
        found = section_of(text, earlier)
        if found is not None:
            return text[: found.end()] + whole + text[found.end() :], 0
    root = re.search(r"<(?:\w+:)?styleSheet\b[^>]*>", text)
    if root is None:
        raise not_grafted("damaged", reason="styleSheet")
    return text[: root.end()] + whole + text[root.end() :], 0


def _prefixed(item: str, prefix: str) -> str:
    return re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}", item) if prefix else item


def _with_relation(text: str, identity: str, target: str) -> str:
    tag = f'<Relationship Id="{identity}" Type="{OFFICE}/worksheet" Target="{target}"/>'
    old = next((tag for tag in tags(text, "Relationship") if attributes(tag)["Id"] == identity), None)
    if old is not None:
        return text.replace(old, tag)
    return text.replace("</Relationships>", f"{tag}</Relationships>")


def _with_sheet(text: str, old: str | None, identity: str, title: str, printed: str, mark: str) -> str:
    """Return the workbook with the sheet at the end (or where it was), its mark, and what of it prints."""
    tabs = sheets(text)
    found = re.search(r"</((?:\w+:)?)sheets>", text)
    if found is None:
        raise not_grafted("damaged", reason="sheets")
    prefix = found[1]
    if old is None:
        used = max(int(attributes(tag)["sheetId"]) for tag in tabs) + 1
        name = rid_name(text)
        declared = "" if f"xmlns:{name[:-3]}=" in text else f' xmlns:r="{OFFICE}"'
        tag = f'<{prefix}sheet name={quoteattr(title)} sheetId="{used}"{declared} {name}="{identity}"/>'
        text = text[: found.start()] + tag + text[found.start() :]
    place = len(tabs) if old is None else tabs.index(old)
    shown = attributes(old)["name"] if old is not None else quoteattr(title)[1:-1]
    quoted = "'" + shown.replace("'", "''") + "'"
    area = f'name="_xlnm.Print_Area" localSheetId="{place}"'
    for kept in (area, f'name="{mark}"'):
        text = re.sub(rf"<{prefix}definedName\b[^>]*{kept}[^>]*>[^<]*</{prefix}definedName>", "", text)
    names = f"<{prefix}definedName {area}>{quoted}!{printed}</{prefix}definedName>"
    names += f'<{prefix}definedName name="{mark}" hidden="1">{quoted}!$A$1</{prefix}definedName>'
    return with_definitions(text, prefix, names)
