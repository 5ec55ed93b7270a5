"""Files that cannot be read, or only in part: each has a code, a message and a hint, never a traceback."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from metricsheet.errors import WorkbookError
from metricsheet.files import limits
from metricsheet.files.read import read_book, read_bytes
from tests.files import xlsb_writer
from tests.files.xlsx_by_hand import MAIN, book, package, parts_of, sheet

FILES = Path(__file__).parent / "books"
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
GOOD = book(sheet(ROW))
TEXT = b"a,b\n1,2\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def changed(part: str, content: bytes | str | None) -> bytes:
    """Return the good workbook with one part replaced, or left out."""
    parts: dict[str, bytes | str] = dict(parts_of(GOOD))
    if content is None:
        del parts[part]
    else:
        parts[part] = content
    return package(parts)


def claimed_size(data: bytes, part: str, size: int) -> bytes:
    """Return a package whose directory claims another unpacked size for one part."""
    at = data.index(b"PK\x01\x02")
    while data[at + 46 : at + 46 + len(part)] != part.encode():
        at = data.index(b"PK\x01\x02", at + 1)
    return data[: at + 24] + struct.pack("<I", size) + data[at + 28 :]


def encrypted_flag(data: bytes) -> bytes:
    at = data.index(b"PK\x01\x02")
    return data[: at + 8] + struct.pack("<H", 1) + data[at + 10 :]


def with_doctype(entities: str) -> bytes:
    return changed("xl/worksheets/sheet1.xml", f"<!DOCTYPE worksheet [{entities}]>" + sheet(ROW))


LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
NO_SHEETS = f'<workbook xmlns="{MAIN}"><sheets/></workbook>'

BAD: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.xlsx", b"", "empty_file"),
    "empty csv": ("a.csv", b"", "empty_file"),
    "text named xlsx": ("a.xlsx", TEXT, "not_a_workbook"),
    "text named xlsm": ("a.XLSM", TEXT, "not_a_workbook"),
    "text named ods": ("a.ods", TEXT, "not_a_workbook"),
    "only the first bytes": ("a.xlsx", b"PK\x03\x04", "damaged_zip"),
    "cut in half": ("a.xlsx", GOOD[: len(GOOD) // 2], "damaged_zip"),
    "without its end": ("a.xlsx", GOOD[:-10], "damaged_zip"),
    "an empty zip": ("a.xlsx", package({}), "unsupported_type"),
    "another zip": ("a.xlsx", package({"readme.txt": "x"}), "unsupported_type"),
    "word document": (
        "a.xlsx",
        package({"[Content_Types].xml": "", "word/document.xml": ""}),
        "unsupported_type",
    ),
    "numbers document": ("a.xlsx", package({"Index/Document.iwa": "x"}), "unsupported_type"),
    "text document of libreoffice": (
        "a.ods",
        package(
            {
                "mimetype": "application/vnd.oasis.opendocument.text",
                "META-INF/manifest.xml": "",
                "content.xml": "",
            }
        ),
        "unsupported_type",
    ),
    "encrypted ods": (
        "a.ods",
        package({"META-INF/manifest.xml": "<manifest:encryption-data/>", "content.xml": "x"}),
        "encrypted",
    ),
    "encrypted zip": ("a.xlsx", encrypted_flag(GOOD), "encrypted"),
    "encrypted ole": (
        "a.xlsx",
        OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512),
        "encrypted",
    ),
    "pdf": ("a.xlsx", b"%PDF-1.7 ...", "unsupported_type"),
    "pdf named csv": ("a.csv", b"%PDF-1.7 ...", "unsupported_type"),
    "web page named xls": ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "unsupported_type"),
    "web page after a mark": ("a.xls", b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", "unsupported_type"),
    "xml of excel 2003": (
        "a.xls",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        "unsupported_type",
    ),
    "excel 4": ("a.xls", b"\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00", "unsupported_type"),
    "parquet": ("a.csv", b"PAR1\x15\x04\x15", "unsupported_type"),
    "gzip": ("a.csv", b"\x1f\x8b\x08\x00", "unsupported_type"),
    "sqlite": ("a.csv", b"SQLite format 3\x00", "unsupported_type"),
    "word document of 97": ("a.xls", OLE + "WordDocument".encode("utf-16-le") + b"\0\0", "unsupported_type"),
    "ole without a workbook": ("a.xls", OLE + bytes(4096), "damaged_workbook"),
    "ole cut off": ("a.xls", OLE, "damaged_workbook"),
    "xls with a password": (
        "a.xls",
        (FILES / "kinds.xls").read_bytes().replace(b"\x42\x00\x02\x00", b"\x2f\x00\x02\x00", 1),
        "encrypted",
    ),
    "xls cut off": ("a.xls", (FILES / "kinds.xls").read_bytes()[:3000], "damaged_workbook"),
    "no sheets": ("a.xlsx", book(workbook=NO_SHEETS), "no_sheets"),
    "no list of sheets": ("a.xlsx", changed("xl/workbook.xml", None), "damaged_workbook"),
    "list of sheets cut off": (
        "a.xlsx",
        changed("xl/workbook.xml", "<workbook><sheets>"),
        "damaged_workbook",
    ),
    "list of sheets is no xml": ("a.xlsx", changed("xl/workbook.xml", b"\xff\xfe\x00"), "damaged_workbook"),
    "unknown encoding of xml": (
        "a.xlsx",
        changed("xl/workbook.xml", '<?xml version="1.0" encoding="UTN-8"?><workbook/>'),
        "damaged_workbook",
    ),
    "only sheet cut off": (
        "a.xlsx",
        changed("xl/worksheets/sheet1.xml", sheet(ROW)[:-30]),
        "damaged_workbook",
    ),
    "shared texts missing": (
        "a.xlsx",
        book(sheet('<row r="1"><c r="A1" t="s"><v>3</v></c></row>')),
        "damaged_workbook",
    ),
    "impossible address": (
        "a.xlsx",
        book(sheet('<row r="1"><c r="ZZZZ1"><v>1</v></c></row>')),
        "damaged_workbook",
    ),
    "impossible row": (
        "a.xlsx",
        book(sheet('<row r="1"><c r="A99999999999"><v>1</v></c></row>')),
        "damaged_workbook",
    ),
    "entity bomb": ("a.xlsx", with_doctype(LAUGHS), "unsafe_xml"),
    "entity of a file": ("a.xlsx", with_doctype('<!ENTITY x SYSTEM "file:///etc/passwd">'), "unsafe_xml"),
    "entity bomb in the list of sheets": (
        "a.xlsx",
        changed("xl/workbook.xml", f"<!DOCTYPE workbook [{LAUGHS}]><workbook>&i;</workbook>"),
        "unsafe_xml",
    ),
    "two parts of one name": (
        "a.xlsx",
        package({"xl/workbook.xml": "", "XL\\Workbook.xml": ""}),
        "damaged_zip",
    ),
    "part larger than said": ("a.xlsx", claimed_size(GOOD, "xl/worksheets/sheet1.xml", 20), "zip_bomb"),
    "part smaller than said": ("a.xlsx", claimed_size(GOOD, "xl/workbook.xml", 1 << 31), "zip_bomb"),
    "unpacks to too much": ("a.xlsx", claimed_size(GOOD, "xl/workbook.xml", 0xFFFFFFF0), "zip_bomb"),
    "xlsb without sheets": ("a.xlsb", xlsb_writer.book({}), "no_sheets"),
    "xlsb with a torn record": (
        "a.xlsb",
        xlsb_writer.book({"S": xlsb_writer.sheet({0: [1]})[:-8] + b"\x05\xff\x7f"}),
        "damaged_workbook",
    ),
    "ods cut off": (
        "a.ods",
        package({"META-INF/manifest.xml": "", "content.xml": "<office:document-content><table:table>"}),
        "damaged_workbook",
    ),
    "ods with entities": (
        "a.ods",
        package({"META-INF/manifest.xml": "", "content.xml": f"<!DOCTYPE x [{LAUGHS}]><x>&i;</x>"}),
        "unsafe_xml",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_with_a_code(case: str, tmp_path: Path) -> None:
    name, data, code = BAD[case]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(WorkbookError) as error:
        read_book(path)
    assert error.value.code == code
    assert error.value.hint
    for text in map(str, (error.value.message, error.value.hint)):
        assert text == text.strip()
        assert not text.endswith(".")
        assert str(tmp_path) not in text
        assert text[0].islower() or text.startswith(("CSV", "Excel"))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts_of(GOOD).items():
            archive.writestr(name, part)
        with archive.open("xl/sharedStrings.xml", "w") as entry:
            for _ in range(100):
                entry.write(bytes(1 << 20))
    with pytest.raises(WorkbookError) as error:
        read_bytes(packed.getvalue(), "bomb.xlsx")
    assert error.value.code == "zip_bomb"
    assert "xl/sharedStrings.xml" in str(error.value.message)


def test_a_package_of_very_many_parts_is_refused() -> None:
    with pytest.raises(WorkbookError) as error:
        read_bytes(package({f"{n}": "" for n in range(limits.MAX_ENTRIES + 1)}, zipfile.ZIP_STORED), "a.xlsx")
    assert error.value.code == "zip_bomb"


PATHS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda folder: folder / "missing.xlsx", "not_found"),
    "folder": (lambda folder: folder, "is_folder"),
    "lock file of excel": (lambda folder: write(folder / "~$book.xlsx"), "temporary_file"),
    "lock file of libreoffice": (lambda folder: write(folder / ".~lock.book.ods#"), "temporary_file"),
    "backup": (lambda folder: write(folder / "book.xlsx~"), "temporary_file"),
    "numbers": (lambda folder: write(folder / "book.numbers"), "unsupported_type"),
    "pdf": (lambda folder: write(folder / "book.PDF"), "unsupported_type"),
    "inside a file": (lambda folder: write(folder / "a.csv") / "b.csv", "unreadable_file"),
    "zero byte in the name": (lambda folder: folder / "a\0.csv", "unreadable_file"),
    "very long name": (lambda folder: folder / ("x" * 500 + ".csv"), "unreadable_file"),
    "device": (lambda folder: Path(os.devnull), "unreadable_file"),
    "link to itself": (lambda folder: link(folder / "a.csv", folder / "a.csv"), "unreadable_file"),
}


def write(path: Path) -> Path:
    path.write_bytes(TEXT)
    return path


def link(path: Path, target: Path) -> Path:
    path.symlink_to(target)
    return path


@pytest.mark.parametrize("case", PATHS)
def test_paths_that_are_no_data_file(case: str, tmp_path: Path) -> None:
    make, code = PATHS[case]
    with pytest.raises(WorkbookError) as error:
        read_book(make(tmp_path))
    assert error.value.code == code
    assert error.value.message


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path / "a.csv")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(WorkbookError) as error:
        read_book(path)
    assert error.value.code == "no_permission"
