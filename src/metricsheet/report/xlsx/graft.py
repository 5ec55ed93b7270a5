"""Our sheet in somebody's workbook: parts are added to the package, and no other part is touched.

Only four parts change: the content types, the workbook, its relationships and its styles, the last by adding
at their ends. A defined name marks the sheet as ours, so that a later run takes its place. Names of functions
can come with it; their comment says that they are ours.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr, unescape

from metricsheet.errors import WorkbookError
from metricsheet.files.archive import DAMAGE
from metricsheet.files.book import OWN_SHEET
from metricsheet.language.message import Message
from metricsheet.patterns import late
from metricsheet.records import record

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument."
_CONTENT = {
    "worksheets": f"{_TYPES}spreadsheetml.worksheet+xml",
    "drawings": f"{_TYPES}drawing+xml",
    "charts": f"{_TYPES}drawingml.chart+xml",
    "metadata.xml": f"{_TYPES}spreadsheetml.sheetMetadata+xml",
}
_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_METADATA = "xl/metadata.xml"
_PART = late(r"xl/(worksheets|drawings|charts)/[^/]+\.xml")
_ATTRIBUTE = late(r'(?<![\w:])([\w:]++)\s*+=\s*+(?:"([^"]*)"|\'([^\']*)\')')
_NAME = late(r"<(?:\w+:)?definedName\b[^>]*>([^<]*)</(?:\w+:)?definedName>")
_QUOTES = {"&quot;": '"', "&apos;": "'"}
_TARGET = late(r'Target="([^"]+)"')


@record
class _Package:
    """A workbook's parts by name, and where its main ones are."""

    parts: Mapping[str, bytes]
    workbook: str
    relations: str
    styles: str

    def text(self, name: str) -> str:
        """Return a part as text."""
        return self.parts[name].decode("utf-8-sig")


@record
class DefinedName:
    """A name of a workbook with the text of its formula, and the comment that Excel shows as a tooltip."""

    name: str
    text: str
    comment: str = ""


def defined_names(book: bytes) -> dict[str, DefinedName]:
    """Return the names that hold in all of a workbook, by their capitals. Raises ``WorkbookError``."""
    package = _opened(book)
    text = package.text(package.workbook)
    found = {}
    for match in _NAME.finditer(text):
        said = {
            key: unescape(value, _QUOTES) for key, value in _attributes(match[0].partition(">")[0]).items()
        }
        if "localSheetId" not in said and "name" in said:
            one = DefinedName(said["name"], unescape(match[1], _QUOTES), said.get("comment", ""))
            found[one.name.upper()] = one
    return found


def with_names(book: bytes, names: Iterable[DefinedName]) -> bytes:
    """Return ``book`` with ``names``; one that is there is written anew. Raises what ``graft`` raises."""
    package = _opened(book)
    text = package.text(package.workbook)
    _refuse(package, text)
    return _written(book, {package.workbook: _named(text, names).encode()}, {}, frozenset())


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
    package, source = _opened(book), _opened(made)
    text, relations = package.text(package.workbook), package.text(package.relations)
    _refuse(package, text)
    old = _ours(text, mark)
    if old is None and any(_attributes(tag).get("name") == title for tag in _sheets(text)):
        raise _not_grafted("name_taken", sheet=title)
    gone = _own_parts(package, old) if old is not None else frozenset()
    styles, shifts = _merged_styles(package.text(package.styles), source.text(source.styles))
    renamed = _new_names(source.parts, package.parts.keys() - gone)
    arrays, metadata = _array_metadata(package, source)
    added = {new: _moved(source, name, shifts, arrays) for name, new in renamed.items()}
    for name, new in renamed.items():
        rels = _rels_of(name)
        if rels in source.parts:
            added[_rels_of(new)] = _retargeted(source.text(rels), posixpath.dirname(name), renamed)
    (sheet,) = (new for name, new in renamed.items() if name.startswith("xl/worksheets/"))
    types = _with_types(package.text("[Content_Types].xml"), gone, renamed.values())
    if metadata:
        added[_METADATA] = metadata
        types = _with_types(types, frozenset(), [_METADATA])
        target = posixpath.relpath(_METADATA, posixpath.dirname(package.workbook))
        tag = f'<Relationship Id="{_next_id(relations)}" Type="{_OFFICE}/sheetMetadata" Target="{target}"/>'
        relations = relations.replace("</Relationships>", f"{tag}</Relationships>")
    changed = {package.styles: styles, "[Content_Types].xml": types}
    identity = _attributes(old).get(_rid_name(text), "") if old is not None else _next_id(relations)
    changed[package.relations] = _with_relation(relations, identity, f"/{sheet}")
    whole = _with_sheet(text, old, identity, title, printed, mark)
    changed[package.workbook] = _named(whole, names)
    return _written(book, {name: part.encode() for name, part in changed.items()}, added, gone)


def _not_grafted(key: str, **values: str) -> WorkbookError:
    return WorkbookError(
        "not_grafted", Message(f"not_grafted.{key}", **values), Message("write_its_own_file")
    )


def _opened(content: bytes) -> _Package:
    if content.startswith(_ENCRYPTED):
        raise _not_grafted("encrypted")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
        main = _relation(parts["_rels/.rels"].decode("utf-8-sig"), "officeDocument", "")
        folder = posixpath.dirname(main)
        relations = _rels_of(main)
        styles = _relation(parts[relations].decode("utf-8-sig"), "styles", folder)
        package = _Package(parts, main, relations, styles)
        # all that is changed must be there and be text
        for name in (main, relations, styles, "[Content_Types].xml"):
            package.text(name)
    except (KeyError, *DAMAGE) as error:
        raise _not_grafted("damaged", reason=str(error)) from None
    return package


def _refuse(package: _Package, text: str) -> None:
    if "http://purl.oclc.org/ooxml/" in text:
        raise _not_grafted("strict")
    if any(name.startswith("_xmlsignatures/") for name in package.parts):
        raise _not_grafted("signed")
    if re.search(r"<(\w+:)?sheets\b", text) is None:
        raise _not_grafted("damaged", reason="sheets")


def _attributes(tag: str) -> dict[str, str]:
    return {name: one or other for name, one, other in _ATTRIBUTE.findall(tag)}


def _tags(text: str, name: str) -> list[str]:
    return [match[0] for match in re.finditer(rf"<(?:\w+:)?{name}\b[^>]*>", text)]


def _sheets(text: str) -> list[str]:
    return _tags(text, "sheet")


def _relation(text: str, kind: str, folder: str) -> str:
    """Return the part that the first relationship of a kind leads to."""
    for tag in _tags(text, "Relationship"):
        said = _attributes(tag)
        if said["Type"].rsplit("/", 1)[-1] == kind:
            return posixpath.normpath(posixpath.join("/", folder, said["Target"]))[1:]
    raise KeyError(kind)


def _rels_of(part: str) -> str:
    return posixpath.join(posixpath.dirname(part), "_rels", posixpath.basename(part) + ".rels")


def _rid_name(text: str) -> str:
    """Return how this workbook writes ``r:id``."""
    found = re.search(rf'xmlns:(\w+)="{_OFFICE}"', text)
    return f"{found[1]}:id" if found else "r:id"


def _ours(text: str, mark: str) -> str | None:
    """Return the tag of the sheet that our defined name refers to, ``None`` where it is in no sheet."""
    found = re.search(rf'<(?:\w+:)?definedName\b[^>]*name="{mark}"[^>]*>([^<]*)!', text)
    if found is None:
        return None
    name = found[1].strip("'").replace("''", "'")
    return next((tag for tag in _sheets(text) if _attributes(tag).get("name") == name), None)


def _own_parts(package: _Package, tag: str) -> frozenset[str]:
    """Return the parts of our old sheet: itself, its drawing and charts, and their relationships."""
    relations = package.text(package.relations)
    identity = _attributes(tag)[_rid_name(package.text(package.workbook))]
    target = next(
        said["Target"]
        for said in map(_attributes, _tags(relations, "Relationship"))
        if said["Id"] == identity
    )
    waiting = [posixpath.normpath(posixpath.join("/", posixpath.dirname(package.workbook), target))[1:]]
    found: set[str] = set()
    while waiting:
        part = waiting.pop()
        if part in found or part not in package.parts:
            continue
        found.add(part)
        rels = _rels_of(part)
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


def _array_metadata(package: _Package, source: _Package) -> tuple[int, bytes]:
    """Return which metadata of cells marks dynamic arrays (0 for none), and the part to add for it.

    Where a workbook has metadata without such a mark, formulas are arrays of the older kind.
    """
    if _METADATA not in source.parts or _METADATA not in package.parts:
        return 1, source.parts.get(_METADATA, b"")
    text = package.text(_METADATA)
    kinds = [_attributes(tag).get("name") for tag in _tags(text, "metadataType")]
    if "XLDAPR" not in kinds:
        return 0, b""
    wanted = str(kinds.index("XLDAPR") + 1)
    marks = _children(_inside(text, "cellMetadata"))
    places = [
        at
        for at, mark in enumerate(marks, 1)
        if any(_attributes(t).get("t") == wanted for t in _tags(mark, "rc"))
    ]
    return (places[0] if places else 0), b""


def _moved(source: _Package, name: str, shifts: _Shifts, arrays: int) -> bytes:
    """Return a part of the made workbook for its place: texts stand in their cells, formats are shifted."""
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
        for said in map(_attributes, _tags(_inside(made, "numFmts"), "numFmt"))
    }
    known = [int(_attributes(tag)["numFmtId"]) for tag in _tags(_inside(text, "numFmts"), "numFmt")]
    first = max([*known, 199]) + 1
    numbers = {old: str(first + place) for place, old in enumerate(formats)}
    items: dict[str, list[str]] = {
        "numFmts": [
            f'<numFmt numFmtId="{numbers[old]}" formatCode="{code}"/>' for old, code in formats.items()
        ]
    }
    for section in ("fonts", "fills", "borders", "cellXfs", "dxfs"):
        items[section] = _children(_inside(made, section))
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


def _section(text: str, name: str) -> re.Match[str] | None:
    return re.search(rf"<((?:\w+:)?){name}\b([^>]*?)(?:/>|>(.*?)</\1{name}>)", text, re.S)


def _inside(text: str, name: str) -> str:
    found = _section(text, name)
    return (found[3] or "") if found else ""


def _children(text: str) -> list[str]:
    """Return the elements of a piece of XML that stand in no other."""
    found, depth, start = [], 0, 0
    for tag in re.finditer(r"<(/?)[\w:]++[^<>]*?(/?)>", text):
        if not tag[1]:
            start = tag.start() if depth == 0 else start
            depth += not tag[2]
        else:
            depth -= 1
        if depth == 0:
            found.append(text[start : tag.end()])
    return found


def _appended(text: str, name: str, items: list[str], order: tuple[str, ...]) -> tuple[str, int]:
    """Return styles with items at the end of a section, and how many stood there before."""
    if not items:
        return text, len(_children(_inside(text, name)))
    found = _section(text, name)
    if found is not None:
        prefix, said, inner = found[1], re.sub(r'(?<!\s)\s*+count="\d+"', "", found[2]), found[3] or ""
        old = len(_children(inner))
        body = "".join(_prefixed(item, prefix) for item in items)
        whole = f'<{prefix}{name}{said} count="{old + len(items)}">{inner}{body}</{prefix}{name}>'
        return text[: found.start()] + whole + text[found.end() :], old
    whole = f'<{name} count="{len(items)}">{"".join(items)}</{name}>'
    for earlier in reversed(order[: order.index(name)]):
        found = _section(text, earlier)
        if found is not None:
            return text[: found.end()] + whole + text[found.end() :], 0
    root = re.search(r"<(?:\w+:)?styleSheet\b[^>]*>", text)
    if root is None:
        raise _not_grafted("damaged", reason="styleSheet")
    return text[: root.end()] + whole + text[root.end() :], 0


def _prefixed(item: str, prefix: str) -> str:
    return re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}", item) if prefix else item


def _with_types(text: str, gone: frozenset[str], added: Iterable[str]) -> str:
    for part in gone:
        text = re.sub(rf'<Override[^>]*PartName="/{re.escape(part)}"[^>]*/>', "", text)
    new = "".join(
        f'<Override PartName="/{part}" ContentType="{_CONTENT[part.split("/")[1]]}"/>' for part in added
    )
    return text.replace("</Types>", f"{new}</Types>")


def _next_id(relations: str) -> str:
    used = [int(number) for number in re.findall(r'Id="rId(\d+)"', relations)]
    return f"rId{max(used, default=0) + 1}"


def _with_relation(text: str, identity: str, target: str) -> str:
    tag = f'<Relationship Id="{identity}" Type="{_OFFICE}/worksheet" Target="{target}"/>'
    old = next((tag for tag in _tags(text, "Relationship") if _attributes(tag)["Id"] == identity), None)
    if old is not None:
        return text.replace(old, tag)
    return text.replace("</Relationships>", f"{tag}</Relationships>")


def _with_sheet(text: str, old: str | None, identity: str, title: str, printed: str, mark: str) -> str:
    """Return the workbook with the sheet at the end (or where it was), its mark, and what of it prints."""
    sheets = _sheets(text)
    found = re.search(r"</((?:\w+:)?)sheets>", text)
    if found is None:
        raise _not_grafted("damaged", reason="sheets")
    prefix = found[1]
    if old is None:
        used = max(int(_attributes(tag)["sheetId"]) for tag in sheets) + 1
        name = _rid_name(text)
        declared = "" if f"xmlns:{name[:-3]}=" in text else f' xmlns:r="{_OFFICE}"'
        tag = f'<{prefix}sheet name={quoteattr(title)} sheetId="{used}"{declared} {name}="{identity}"/>'
        text = text[: found.start()] + tag + text[found.start() :]
    place = len(sheets) if old is None else sheets.index(old)
    shown = _attributes(old)["name"] if old is not None else quoteattr(title)[1:-1]
    quoted = "'" + shown.replace("'", "''") + "'"
    area = f'name="_xlnm.Print_Area" localSheetId="{place}"'
    for kept in (area, f'name="{mark}"'):
        text = re.sub(rf"<{prefix}definedName\b[^>]*{kept}[^>]*>[^<]*</{prefix}definedName>", "", text)
    names = f"<{prefix}definedName {area}>{quoted}!{printed}</{prefix}definedName>"
    names += f'<{prefix}definedName name="{mark}" hidden="1">{quoted}!$A$1</{prefix}definedName>'
    return _with_definitions(text, prefix, names)


def _named(text: str, names: Iterable[DefinedName]) -> str:
    """Return the workbook with ``names`` that hold in all of it, each once."""
    given = list(names)
    if not given:
        return text
    wanted = {one.name.upper() for one in given}

    def kept(match: re.Match[str]) -> str:
        said = _attributes(match[0].partition(">")[0])
        ours = "localSheetId" not in said and said.get("name", "").upper() in wanted
        return "" if ours else match[0]

    text = _NAME.sub(kept, text)
    found = re.search(r"</((?:\w+:)?)sheets>", text)
    prefix = found[1] if found else ""
    new = ""
    for one in given:
        comment = f" comment={quoteattr(one.comment)}" if one.comment else ""
        tag = f"<{prefix}definedName name={quoteattr(one.name)}{comment}>"
        new += f"{tag}{escape(one.text)}</{prefix}definedName>"
    return _with_definitions(text, prefix, new)


def _with_definitions(text: str, prefix: str, names: str) -> str:
    end = f"</{prefix}definedNames>"
    if end in text:
        return text.replace(end, names + end)
    text = re.sub(rf"<{prefix}definedNames\s*/>", "", text)
    parts = rf"</{prefix}(?:sheets|functionGroups|externalReferences)>"
    after = [match.end() for match in re.finditer(parts, text)][-1]
    return f"{text[:after]}<{prefix}definedNames>{names}{end}{text[after:]}"


def _written(
    book: bytes, changed: Mapping[str, bytes], added: Mapping[str, bytes], gone: frozenset[str]
) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            if one.filename not in gone:
                new.writestr(one, changed.get(one.filename, old.read(one)))
        for name, part in sorted(added.items()):
            new.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return file.getvalue()
