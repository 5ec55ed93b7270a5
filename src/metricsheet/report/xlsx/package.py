"""A workbook's package: its parts by name, the names it defines, and changes that leave other parts alone."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr, unescape

from metricsheet.errors import WorkbookError
from metricsheet.files.archive import DAMAGE
from metricsheet.language.message import Message
from metricsheet.patterns import late
from metricsheet.records import record

_ENCRYPTED = b"\xd0\xcf\x11\xe0"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
METADATA = "xl/metadata.xml"
_TYPES = "application/vnd.openxmlformats-officedocument."
_CONTENT = {
    "worksheets": f"{_TYPES}spreadsheetml.worksheet+xml",
    "drawings": f"{_TYPES}drawing+xml",
    "charts": f"{_TYPES}drawingml.chart+xml",
    "metadata.xml": f"{_TYPES}spreadsheetml.sheetMetadata+xml",
}
_ATTRIBUTE = late(r'(?<![\w:])([\w:]++)\s*+=\s*+(?:"([^"]*)"|\'([^\']*)\')')
_NAME = late(r"<(?:\w+:)?definedName\b[^>]*>([^<]*)</(?:\w+:)?definedName>")
_QUOTES = {"&quot;": '"', "&apos;": "'"}


@record
class Package:
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


def names_of_sheets(book: bytes) -> set[str]:
    """Return the names, in capitals, that hold on one sheet alone. Raises ``WorkbookError``."""
    package = opened(book)
    said = [attributes(tag) for tag in tags(package.text(package.workbook), "definedName")]
    return {one.get("name", "").upper() for one in said if "localSheetId" in one}


def defined_names(book: bytes) -> dict[str, DefinedName]:
    """Return the names that hold in all of a workbook, by their capitals. Raises ``WorkbookError``."""
    package = opened(book)
    text = package.text(package.workbook)
    found = {}
    for match in _NAME.finditer(text):
        said = {
            key: unescape(value, _QUOTES) for key, value in attributes(match[0].partition(">")[0]).items()
        }
        if "localSheetId" not in said and "name" in said:
            one = DefinedName(said["name"], unescape(match[1], _QUOTES), said.get("comment", ""))
            found[one.name.upper()] = one
    return found


def worksheets(book: bytes) -> dict[str, tuple[str, str]]:
    """Return for each worksheet by its name its part and the text of it. Raises ``WorkbookError``."""
    package = opened(book)
    text = package.text(package.workbook)
    targets = {
        said["Id"]: posixpath.normpath(
            posixpath.join("/", posixpath.dirname(package.workbook), said["Target"])
        )[1:]
        for said in map(attributes, tags(package.text(package.relations), "Relationship"))
    }
    found = {}
    for said in map(attributes, sheets(text)):
        part = targets.get(said.get(rid_name(text), ""), "")
        if part in package.parts and "/worksheets/" in f"/{part}":
            found[unescape(said["name"], _QUOTES)] = part, package.text(part)
    return found


def recalculated(
    book: bytes, changed: Mapping[str, str], names: Iterable[DefinedName], metadata: bytes
) -> bytes:
    """Return ``book`` with other texts of worksheets and with ``names``, to be calculated when it is opened.

    The order of calculation goes, as Excel makes it anew. ``metadata`` marks dynamic arrays where none does.
    """
    package = opened(book)
    text, relations = package.text(package.workbook), package.text(package.relations)
    refuse(package, text)
    types = package.text("[Content_Types].xml")
    chain = next((name for name in package.parts if name.endswith("/calcChain.xml")), "")
    if chain:
        types = with_types(types, frozenset({chain}), [])
        relations = re.sub(r'<Relationship\b[^>]*Type="[^"]*/calcChain"[^>]*/>', "", relations)
    added = {}
    if metadata and METADATA not in package.parts:
        added[METADATA] = metadata
        types, relations = with_metadata(types, relations, package.workbook)
    texts = {**changed, "[Content_Types].xml": types, package.relations: relations}
    texts[package.workbook] = _calculated(named(text, names))
    done = {name: part.encode() for name, part in texts.items() if part != package.text(name)}
    return written(book, done, added, frozenset({chain} - {""}))


def _calculated(text: str) -> str:
    """Return the workbook with the wish that all is calculated when it is opened."""
    found = re.search(r"<((?:\w+:)?)calcPr\b[^>]*?/?>", text)
    if found is not None:
        tag = re.sub(r' fullCalcOnLoad="[^"]*"', "", found[0])
        return text.replace(found[0], re.sub(r"(/?>)$", r' fullCalcOnLoad="1"\1', tag), 1)
    parts = r"</(\w+:)?(?:sheets|functionGroups|externalReferences|definedNames)>"
    after = [*re.finditer(parts, text)][-1]
    return (
        f'{text[: after.end()]}<{after[1] or ""}calcPr calcId="0" fullCalcOnLoad="1"/>{text[after.end() :]}'
    )


def has_macros(book: bytes) -> bool:
    """Return whether a workbook holds VBA. Raises ``WorkbookError``."""
    return any(name.endswith("/vbaProject.bin") for name in opened(book).parts)


def with_names(book: bytes, names: Iterable[DefinedName]) -> bytes:
    """Return ``book`` with ``names``; one that is there is written anew. Raises what ``graft`` raises."""
    package = opened(book)
    text = package.text(package.workbook)
    refuse(package, text)
    return written(book, {package.workbook: named(text, names).encode()}, {}, frozenset())


def not_grafted(key: str, **values: str) -> WorkbookError:
    """Return the refusal of a workbook, by the key of its reason."""
    return WorkbookError("not_grafted", Message(f"not_grafted.{key}", **values))


def opened(content: bytes) -> Package:
    """Return the package of a workbook. Raises ``WorkbookError`` where it is encrypted or damaged."""
    if content.startswith(_ENCRYPTED):
        raise not_grafted("encrypted")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
        main = relation(parts["_rels/.rels"].decode("utf-8-sig"), "officeDocument", "")
        folder = posixpath.dirname(main)
        relations = rels_of(main)
        styles = relation(parts[relations].decode("utf-8-sig"), "styles", folder)
        package = Package(parts, main, relations, styles)
        # all that is changed must be there and be text
        for name in (main, relations, styles, "[Content_Types].xml"):
            package.text(name)
    except (KeyError, *DAMAGE) as error:
        raise not_grafted("damaged", reason=str(error)) from None
    return package


def refuse(package: Package, text: str) -> None:
    """Raise ``WorkbookError`` for a package that is strict, signed or without sheets."""
    if "http://purl.oclc.org/ooxml/" in text:
        raise not_grafted("strict")
    if any(name.startswith("_xmlsignatures/") for name in package.parts):
        raise not_grafted("signed")
    if re.search(r"<(\w+:)?sheets\b", text) is None:
        raise not_grafted("damaged", reason="sheets")


def attributes(tag: str) -> dict[str, str]:
    """Return the attributes of a tag, with their references as written."""
    return {name: one or other for name, one, other in _ATTRIBUTE.findall(tag)}


def tags(text: str, name: str) -> list[str]:
    """Return the opening tags of elements of that name."""
    return [match[0] for match in re.finditer(rf"<(?:\w+:)?{name}\b[^>]*>", text)]


def sheets(text: str) -> list[str]:
    """Return the tags of the sheets of a workbook, in tab order."""
    return tags(text, "sheet")


def relation(text: str, kind: str, folder: str) -> str:
    """Return the part that the first relationship of a kind leads to."""
    for tag in tags(text, "Relationship"):
        said = attributes(tag)
        if said["Type"].rsplit("/", 1)[-1] == kind:
            return posixpath.normpath(posixpath.join("/", folder, said["Target"]))[1:]
    raise KeyError(kind)


def rels_of(part: str) -> str:
    """Return the part that holds a part's relationships."""
    return posixpath.join(posixpath.dirname(part), "_rels", posixpath.basename(part) + ".rels")


def rid_name(text: str) -> str:
    """Return how this workbook writes ``r:id``."""
    found = re.search(rf'xmlns:(\w+)="{OFFICE}"', text)
    return f"{found[1]}:id" if found else "r:id"


def array_mark(book: bytes, made: bytes) -> tuple[int, bytes]:
    """Return what ``array_metadata`` says of two workbooks. Raises ``WorkbookError``."""
    return array_metadata(opened(book), opened(made))


def array_metadata(package: Package, source: Package) -> tuple[int, bytes]:
    """Return which metadata of cells marks dynamic arrays (0 for none), and the part to add for it.

    Where a workbook has metadata without such a mark, formulas are arrays of the older kind.
    """
    if METADATA not in source.parts or METADATA not in package.parts:
        return 1, source.parts.get(METADATA, b"")
    text = package.text(METADATA)
    kinds = [attributes(tag).get("name") for tag in tags(text, "metadataType")]
    if "XLDAPR" not in kinds:
        return 0, b""
    wanted = str(kinds.index("XLDAPR") + 1)
    marks = children(inside(text, "cellMetadata"))
    places = [
        at
        for at, mark in enumerate(marks, 1)
        if any(attributes(t).get("t") == wanted for t in tags(mark, "rc"))
    ]
    return (places[0] if places else 0), b""


def section_of(text: str, name: str) -> re.Match[str] | None:
    """Return the first element of that name: its prefix, its attributes, what is in it."""
    return re.search(rf"<((?:\w+:)?){name}\b([^>]*?)(?:/>|>(.*?)</\1{name}>)", text, re.S)


def inside(text: str, name: str) -> str:
    """Return what is in the first element of that name, ``""`` where there is none."""
    found = section_of(text, name)
    return (found[3] or "") if found else ""


def children(text: str) -> list[str]:
    """Return the elements of a piece of XML that are in no other."""
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


def with_metadata(types: str, relations: str, workbook: str) -> tuple[str, str]:
    """Return content types and relationships with those of the metadata."""
    target = posixpath.relpath(METADATA, posixpath.dirname(workbook))
    tag = f'<Relationship Id="{next_id(relations)}" Type="{OFFICE}/sheetMetadata" Target="{target}"/>'
    with_tag = relations.replace("</Relationships>", f"{tag}</Relationships>")
    return with_types(types, frozenset(), [METADATA]), with_tag


def with_types(text: str, gone: frozenset[str], added: Iterable[str]) -> str:
    """Return the content types without those of parts that go, with those of parts that come."""
    for part in gone:
        text = re.sub(rf'<Override[^>]*PartName="/{re.escape(part)}"[^>]*/>', "", text)
    new = "".join(
        f'<Override PartName="/{part}" ContentType="{_CONTENT[part.split("/")[1]]}"/>' for part in added
    )
    return text.replace("</Types>", f"{new}</Types>")


def next_id(relations: str) -> str:
    """Return an identity that no relationship has."""
    used = [int(number) for number in re.findall(r'Id="rId(\d+)"', relations)]
    return f"rId{max(used, default=0) + 1}"


def named(text: str, names: Iterable[DefinedName]) -> str:
    """Return the workbook with ``names`` that hold in all of it, each once."""
    given = list(names)
    if not given:
        return text
    wanted = {one.name.upper() for one in given}

    def kept(match: re.Match[str]) -> str:
        said = attributes(match[0].partition(">")[0])
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
    return with_definitions(text, prefix, new)


def with_definitions(text: str, prefix: str, names: str) -> str:
    """Return the workbook with more elements among its defined names."""
    end = f"</{prefix}definedNames>"
    if end in text:
        return text.replace(end, names + end)
    text = re.sub(rf"<{prefix}definedNames\s*/>", "", text)
    parts = rf"</{prefix}(?:sheets|functionGroups|externalReferences)>"
    after = [match.end() for match in re.finditer(parts, text)][-1]
    return f"{text[:after]}<{prefix}definedNames>{names}{end}{text[after:]}"


def written(
    book: bytes, changed: Mapping[str, bytes], added: Mapping[str, bytes], gone: frozenset[str]
) -> bytes:
    """Return ``book`` with changed, added and without some parts; all others stay to the byte."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            if one.filename not in gone:
                new.writestr(one, changed.get(one.filename, old.read(one)))
        for name, part in sorted(added.items()):
            new.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return file.getvalue()
