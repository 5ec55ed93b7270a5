"""Data files into ``Book``: workbooks and text, told apart by their content."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from metricsheet.dataset import Problem
from metricsheet.errors import WorkbookError
from metricsheet.files import limits
from metricsheet.files.book import Book
from metricsheet.files.find import refuse_by_name
from metricsheet.files.kind import KIND_NAMES, SUFFIXES, FileKind, detect_kind
from metricsheet.language.message import Message


def read_book(path: Path, *, shown: str | None = None) -> Book:
    """Return the data file at ``path``; ``shown`` is its name for people (default: the file name).

    What went wrong with parts of it is in ``Book.problems``. Raises ``WorkbookError`` when nothing can be
    read; docs/reading-workbooks.md lists the codes.
    """
    refuse_by_name(path)
    return read_bytes(bytes_of(path), path.name, shown=shown)


def bytes_of(path: Path) -> bytes:
    """Return the content of a file; raise ``WorkbookError`` where there is none, or too much of it."""
    try:
        found = path.stat()
        if found.st_size > limits.MAX_FILE_BYTES:
            raise limits.too_large(Message("file_size", gb=found.st_size / (1 << 30)))
        if not (stat.S_ISREG(found.st_mode) or stat.S_ISFIFO(found.st_mode)):
            raise WorkbookError("unreadable_file", Message("is_device"), Message("name_a_file"))
        with path.open("rb") as file:
            data = file.read(limits.MAX_FILE_BYTES + 1)
        if len(data) > limits.MAX_FILE_BYTES:
            raise limits.too_large(Message("input_too_large"))
    except FileNotFoundError as error:
        raise WorkbookError(
            "not_found", Message("no_such_file", path=str(path)), Message("check_the_path")
        ) from error
    except PermissionError as error:
        raise WorkbookError(
            "no_permission", Message("file_no_permission"), Message("close_or_ask_for_access")
        ) from error
    except (OSError, ValueError) as error:
        raise WorkbookError("unreadable_file", Message("file_not_readable", error=str(error))) from error
    return data


def read_bytes(data: bytes, name: str, *, shown: str | None = None) -> Book:
    """Return a data file given as its content, as from standard input; ``name`` as in ``read_book``.

    The ending of ``name`` is compared with the content; a name without a known ending is not.
    Raises ``WorkbookError`` as ``read_book`` does.
    """
    shown = name if shown is None else shown
    if not data:
        raise WorkbookError("empty_file", Message("empty_file"), Message("export_again"))
    kind, archive = detect_kind(data)
    expected = _expected_kind(name, kind)
    if kind == "text":
        from metricsheet.files.delimited import read_text

        book = read_text(data, shown)
    else:
        from metricsheet.files.workbook import read_workbook

        book = read_workbook(data, kind, archive, shown)
    problems = list(book.problems)
    if expected is not None:
        problems.insert(0, _other_kind(shown, expected, kind))
    if not any(sheet.columns for sheet in book.sheets) and not problems:
        problems.append(
            Problem(shown, "blank_workbook", Message("no_cell_filled"), Message("check_right_file"))
        )
    return Book(book.name, book.sheets, book.names, book.tables, tuple(problems), book.text_only)


def read_books(paths: Iterable[Path]) -> Iterator[tuple[Path, Book | WorkbookError]]:
    """Yield every path with its book, or with the error instead of it; one never stops the others."""
    for path in paths:
        try:
            yield path, read_book(path)
        except WorkbookError as error:
            yield path, error


def _expected_kind(name: str, kind: FileKind) -> FileKind | None:
    """Return the kind that the name promises when the content is another, else ``None``.

    Text named ``.xls`` is read, as Excel does it: many systems export text under that name.
    """
    expected = SUFFIXES.get(Path(name).suffix.lower())
    if expected is None or expected == kind:
        return None
    if kind == "text" and expected != "xls":
        raise WorkbookError(
            "not_a_workbook",
            Message("named_but_text", kind=KIND_NAMES[expected]),
            Message("rename_to_csv"),
        )
    return expected


def _other_kind(shown: str, expected: FileKind, kind: FileKind) -> Problem:
    return Problem(
        shown,
        "misnamed_file",
        Message("named_but_other", kind=KIND_NAMES[expected], found=KIND_NAMES[kind]),
        Message("rename_for_others"),
    )
