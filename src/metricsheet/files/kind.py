"""What a file is, told by its first bytes and not by its name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from metricsheet.errors import WorkbookError
from metricsheet.language.message import Message

if TYPE_CHECKING:
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

PARQUET, DATABASES = (".parquet", ".pq"), (".duckdb", ".ddb")
"""The file names of what DuckDB reads where it is."""

KIND_NAMES: dict[FileKind, Message] = {
    "xlsx": Message("kind_xlsx"),
    "xlsb": Message("kind_xlsb"),
    "ods": Message("kind_ods"),
    "xls": Message("kind_xls"),
    "text": Message("kind_text_file"),
}

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = Message("save_as_xlsx")
_NO_PASSWORD = Message("save_without_password")
_OLD_EXCEL = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")

_OTHER_FILES: tuple[tuple[bytes, Message], ...] = (
    (b"%PDF", Message("what_pdf")),
    (b"{\\rtf", Message("what_rtf")),
    (b"\x1f\x8b", Message("what_gzip")),
    (b"7z\xbc\xaf\x27\x1c", Message("what_7zip")),
    (b"Rar!\x1a\x07", Message("what_rar")),
    (b"SQLite format 3", Message("what_sqlite")),
    (b"PAR1\x15", Message("what_parquet")),
    (b"ARROW1\0\0", Message("what_arrow")),
    (b"\x89PNG", Message("what_picture")),
    (b"\xff\xd8\xff", Message("what_picture")),
    (b"GIF87a", Message("what_picture")),
    (b"GIF89a", Message("what_picture")),
)

_OTHER_PACKAGES: tuple[tuple[str, Message], ...] = (
    ("index/document.iwa", Message("what_numbers")),
    ("index.zip", Message("what_numbers")),
    ("index.xml", Message("what_numbers")),
    ("word/document.xml", Message("what_word")),
    ("ppt/presentation.xml", Message("what_powerpoint")),
)

_OLE_STREAMS: tuple[tuple[str, Message], ...] = (
    ("WordDocument", Message("what_word")),
    ("PowerPoint Document", Message("what_powerpoint")),
    ("VisioDocument", Message("what_visio")),
    ("__properties_version1.0", Message("what_outlook")),
)


def detect_kind(data: bytes) -> tuple[FileKind, Archive | None]:
    """Return what ``data`` is, and its opened package when it is a zip file.

    Raises ``WorkbookError``: ``encrypted``, ``unsupported_type``, ``damaged_zip``, ``zip_bomb``.
    """
    if data.startswith(_ZIP):
        from metricsheet.files.archive import Archive

        archive = Archive(data)
        return _package_kind(archive), archive
    if data.startswith((b"PK\x05\x06", b"PK\x07\x08")):
        raise WorkbookError("unsupported_type", Message("zip_empty_or_split"), _SAVE_AS)
    if data.startswith(_OLE):
        return _ole_kind(data), None
    if (
        data[:2] in _OLD_EXCEL
        and len(data) > 4
        and data[2:4] in (b"\x04\x00", b"\x06\x00", b"\x08\x00", b"\x10\x00")
    ):
        raise _unsupported(Message("what_excel95"))
    for start, what in _OTHER_FILES:
        if data.startswith(start):
            raise _unsupported(what)
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise _unsupported(Message("what_excel2003"))
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<style", b"mime-version:")):
        raise _unsupported(Message("what_html_as_xls"))
    if head.startswith(b"<?xml"):
        raise _unsupported(Message("what_xml"))
    return "text", None


def _package_kind(archive: Archive) -> FileKind:
    """Return what a zip package holds."""
    if "xl/workbook.bin" in archive:
        return "xlsb"
    if "content.xml" in archive and "meta-inf/manifest.xml" in archive:
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise WorkbookError("encrypted", Message("protected_file"), _NO_PASSWORD)
        mimetype = archive.read("mimetype") if "mimetype" in archive else b"spreadsheet"
        if b"spreadsheet" in mimetype:
            return "ods"
        raise _unsupported(Message("what_opendocument"))
    for part, what in _OTHER_PACKAGES:
        if part in archive:
            raise _unsupported(what)
    if "[content_types].xml" in archive or "xl/workbook.xml" in archive:
        return "xlsx"
    raise _unsupported(Message("what_zip_no_workbook"))


def _ole_kind(data: bytes) -> FileKind:
    """Return what a compound file holds, by the names in its directory."""
    if _ole_name("EncryptedPackage") in data:
        raise WorkbookError("encrypted", Message("protected_workbook"), _NO_PASSWORD)
    for stream, what in _OLE_STREAMS:
        if _ole_name(stream) in data:
            raise _unsupported(what)
    return "xls"


def _ole_name(name: str) -> bytes:
    return name.encode("utf-16-le") + b"\0\0"


def _unsupported(what: Message) -> WorkbookError:
    return WorkbookError("unsupported_type", Message("unsupported_type", what=what), _SAVE_AS)


def is_stored(path: Path) -> bool:
    """Return whether a path names Parquet files or a database: a file, a pattern or a folder."""
    if path.suffix.lower() in (*PARQUET, *DATABASES):
        return True
    return path.is_dir() and next(path.rglob("*.parquet"), None) is not None
