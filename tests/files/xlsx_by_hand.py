"""Write xlsx packages part by part, for XML that no spreadsheet program writes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(parts: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip package of the parts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package, to change some and pack them again."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def relations(*targets: tuple[str, str]) -> str:
    """Return a relationships part from pairs of kind and target; ids are rId1, rId2 …"""
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def sheet(rows: str, after: str = "") -> str:
    """Return a worksheet part around its rows."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def book(
    *sheets: str,
    names: str = "",
    texts: str = "",
    styles: str = "",
    workbook: str = "",
    extra: Mapping[str, bytes | str] | None = None,
) -> bytes:
    """Return a workbook of the worksheet parts, named S1, S2 …; ``names`` goes into ``definedNames``."""
    tabs = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, len(sheets) + 1))
    defined = f"<definedNames>{names}</definedNames>" if names else ""
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    targets += [("sharedStrings", "sharedStrings.xml")] if texts else []
    targets += [("styles", "styles.xml")] if styles else []
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return package(
        {
            "[Content_Types].xml": (
                f'<Types xmlns="{_PACKAGE}/content-types">'
                f'<Default Extension="xml" ContentType="{types}.sheet.main+xml"/>'
                '<Default Extension="rels" '
                'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                "</Types>"
            ),
            "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": workbook
            or f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>{tabs}</sheets>{defined}</workbook>',
            "xl/_rels/workbook.xml.rels": relations(*targets),
            **{f"xl/worksheets/sheet{n}.xml": part for n, part in enumerate(sheets, 1)},
            **({"xl/sharedStrings.xml": texts} if texts else {}),
            **({"xl/styles.xml": styles} if styles else {}),
            **(extra or {}),
        }
    )
