"""What a file is, told by its first bytes and not by its name."""

from __future__ import annotations

from typing import Literal, TypeAlias

from metricsheet.errors import WorkbookError
from metricsheet.files.archive import Archive

FileKind: TypeAlias = Literal["xlsx", "xlsb", "ods", "xls", "text"]

SUFFIXES: dict[str, FileKind] = {
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xltx": "xlsx",
    ".xltm": "xlsx",
    ".xlsb": "xlsb",
    ".xls": "xls",
    ".ods": "ods",
    ".csv": "text",
    ".tsv": "text",
    ".tab": "text",
    ".txt": "text",
}
"""The file names that are looked for in folders, and what such a file should be."""

KIND_NAMES: dict[FileKind, str] = {
    "xlsx": "an Excel workbook (.xlsx)",
    "xlsb": "a binary Excel workbook (.xlsb)",
    "ods": "an OpenDocument spreadsheet (.ods)",
    "xls": "an old Excel workbook (.xls)",
    "text": "a text file",
}

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "save it as .xlsx or .csv and use that file"
_NO_PASSWORD = "save a copy without a password"
_OLD_EXCEL = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")

_OTHER_FILES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a rich text document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1\x15", "a Parquet file"),
    (b"ARROW1\0\0", "an Arrow file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF87a", "a picture"),
    (b"GIF89a", "a picture"),
)

_OTHER_PACKAGES: tuple[tuple[str, str], ...] = (
    ("index/document.iwa", "an Apple Numbers document"),
    ("index.zip", "an Apple Numbers document"),
    ("index.xml", "an Apple Numbers document"),
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
)

_OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("WordDocument", "a Word document"),
    ("PowerPoint Document", "a PowerPoint presentation"),
    ("VisioDocument", "a Visio drawing"),
    ("__properties_version1.0", "an Outlook message"),
)


def detect_kind(data: bytes) -> tuple[FileKind, Archive | None]:
    """Return what ``data`` is, and its opened package when it is a zip file.

    Raises ``WorkbookError``: ``encrypted``, ``unsupported_type``, ``damaged_zip``, ``zip_bomb``.
    """
    if data.startswith(_ZIP):
        archive = Archive(data)
        return _package_kind(archive), archive
    if data.startswith((b"PK\x05\x06", b"PK\x07\x08")):
        raise WorkbookError("unsupported_type", "the file is an empty or split zip archive", _SAVE_AS)
    if data.startswith(_OLE):
        return _ole_kind(data), None
    if (
        data[:2] in _OLD_EXCEL
        and len(data) > 4
        and data[2:4] in (b"\x04\x00", b"\x06\x00", b"\x08\x00", b"\x10\x00")
    ):
        raise _unsupported("a workbook of Excel 95 or older")
    for start, what in _OTHER_FILES:
        if data.startswith(start):
            raise _unsupported(what)
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise _unsupported("an XML spreadsheet of Excel 2003")
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<style", b"mime-version:")):
        raise _unsupported("a web page, as some systems export under the name .xls")
    if head.startswith(b"<?xml"):
        raise _unsupported("an XML file")
    return "text", None


def _package_kind(archive: Archive) -> FileKind:
    """Return what a zip package holds."""
    if "xl/workbook.bin" in archive:
        return "xlsb"
    if "content.xml" in archive and "meta-inf/manifest.xml" in archive:
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise WorkbookError("encrypted", "the file is protected by a password", _NO_PASSWORD)
        mimetype = archive.read("mimetype") if "mimetype" in archive else b"spreadsheet"
        if b"spreadsheet" in mimetype:
            return "ods"
        raise _unsupported("an OpenDocument file that is no spreadsheet")
    for part, what in _OTHER_PACKAGES:
        if part in archive:
            raise _unsupported(what)
    if "[content_types].xml" in archive or "xl/workbook.xml" in archive:
        return "xlsx"
    raise _unsupported("a zip archive that holds no workbook")


def _ole_kind(data: bytes) -> FileKind:
    """Return what a compound file holds, by the names in its directory."""
    if _ole_name("EncryptedPackage") in data:
        raise WorkbookError("encrypted", "the workbook is protected by a password", _NO_PASSWORD)
    for stream, what in _OLE_STREAMS:
        if _ole_name(stream) in data:
            raise _unsupported(what)
    return "xls"


def _ole_name(name: str) -> bytes:
    return name.encode("utf-16-le") + b"\0\0"


def _unsupported(what: str) -> WorkbookError:
    return WorkbookError("unsupported_type", f"the file is {what}, which is not read", _SAVE_AS)
