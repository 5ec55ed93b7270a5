"""Which files of a command or a folder are data files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from metricsheet.errors import WorkbookError
from metricsheet.files.kind import SUFFIXES
from metricsheet.language.message import Message

_OTHER_SUFFIXES: dict[str, Message] = {
    ".numbers": Message("what_numbers"),
    ".gsheet": Message("what_google"),
    ".pdf": Message("what_pdf"),
    ".xml": Message("what_xml"),
    ".html": Message("what_html"),
    ".htm": Message("what_html"),
    ".json": Message("what_json"),
    ".parquet": Message("what_parquet"),
    ".doc": Message("what_word"),
    ".docx": Message("what_word"),
    ".zip": Message("what_zip"),
}


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Return the data files among ``paths``: files as given, folders replaced by the files in and below them.

    In a folder, files are sorted by their path without regard to case, and hidden files, lock files of open
    workbooks and files of other kinds are left out. Linked folders are followed once. A file reached twice is
    given once. A folder that may not be read is itself given, and reading it says so.
    """
    found: dict[str, Path] = {}
    for path in paths:
        if _is_folder(path):
            files = sorted(_files_below(path, set()), key=lambda file: (str(file).casefold(), str(file)))
            for file in files:
                found.setdefault(os.path.realpath(file), file)
        else:
            found.setdefault(os.path.realpath(path), path)
    return list(found.values())


def _files_below(folder: Path, seen: set[str]) -> Iterator[Path]:
    """Yield the data files in and below ``folder``; ``seen`` holds the real paths of the folders so far."""
    real = os.path.realpath(folder)
    if real in seen:
        return
    seen.add(real)
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield folder
        return
    for entry in entries:
        path = folder / entry.name
        if entry.name.startswith((".", "~$")) or entry.name == "__MACOSX":
            continue
        if _is_folder(entry):
            yield from _files_below(path, seen)
        elif path.suffix.lower() in SUFFIXES and _is_file(entry):
            yield path


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a file; links that lead nowhere and pipes are none."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _is_folder(path: Path | os.DirEntry[str]) -> bool:
    """Return whether ``path`` is a folder; a link in a cycle and a path that may not be seen are none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def refuse_by_name(path: Path) -> None:
    """Raise ``WorkbookError`` for what the name rules out: folders, lock files, files of other programs.

    Codes: ``is_folder``, ``no_permission``, ``temporary_file``, ``unsupported_type``.
    """
    name = path.name
    if name.startswith(("~$", ".~lock.")) or name.endswith(("~", ".tmp")):
        raise WorkbookError(
            "temporary_file",
            Message("temporary_file"),
            Message("name_the_workbook"),
        )
    if what := _OTHER_SUFFIXES.get(path.suffix.lower()):
        raise WorkbookError(
            "unsupported_type",
            Message("unsupported_type", what=what),
            Message("save_as_xlsx"),
        )
    if _is_folder(path):
        if not os.access(path, os.R_OK | os.X_OK):
            raise WorkbookError("no_permission", Message("folder_no_permission"), Message("ask_for_access"))
        raise WorkbookError(
            "is_folder",
            Message("is_folder"),
            Message("data_files_end_in", endings=tuple(SUFFIXES)),
        )
