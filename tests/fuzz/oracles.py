"""What other readers find in a file: cells as all of them can give them, or nothing where they give up."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import faulthandler
import io
import math
import os
import pickle
import signal
import warnings
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import Any
from xml.etree import ElementTree

import openpyxl
import python_calamine

from metricsheet.values import ExcelError
from tests.files.xlsx_by_hand import parts_of

Cells = list[list[Any]]


def plain(rows: Iterable[Sequence[Any]]) -> Cells:
    """Return rows without blank edges, and cells without what libraries do not agree on.

    Errors, dates and durations are told apart by kind only: the libraries give some of them as text or as
    numbers. Texts are compared without the spaces around them.
    """
    found = [[_plain(cell) for cell in row] for row in rows]
    while found and not any(cell is not None for cell in found[-1]):
        found.pop()
    for row in found:
        while row and row[-1] is None:
            row.pop()
    return found


def _plain(cell: Any) -> Any:
    if isinstance(cell, (ExcelError, dt.date, dt.time, dt.timedelta)):
        return "?"
    if isinstance(cell, str):
        text = " ".join(cell.split())
        return "?" if text.startswith("#") else text or None
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell) if math.isfinite(cell) else "?"
    return cell


def agree(ours: Cells, theirs: Cells) -> bool:
    """Return whether two grids hold the same; ``?`` fits whatever is there."""
    return all(
        "?" in (a, b) or a == b
        for one, other in zip_longest(ours, theirs, fillvalue=[])
        for a, b in zip_longest(one, other)
    )


def by_openpyxl(data: bytes) -> Cells:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        return plain(book.worksheets[0].iter_rows(values_only=True))


def by_calamine(data: bytes) -> Cells:
    book = python_calamine.load_workbook(io.BytesIO(data))
    return plain(book.get_sheet_by_index(0).to_python(skip_empty_area=False))


_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def by_element_tree(data: bytes) -> Cells:
    """Return the first sheet of an ods file as its XML has it."""
    root = ElementTree.fromstring(parts_of(data)["content.xml"])
    table = next(root.iter(f"{_TABLE}table"))
    rows: Cells = []
    for row in table.iter(f"{_TABLE}table-row"):
        cells: list[Any] = []
        for cell in row:
            if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                cells += [_ods_cell(cell)] * min(
                    2_000, int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
                )
        while cells and cells[-1] is None:
            cells.pop()
        rows += [cells] * min(2_000, int(row.get(f"{_TABLE}number-rows-repeated", "1")))
    return plain(rows)


def _ods_cell(cell: ElementTree.Element) -> Any:
    kind = cell.get(f"{_OFFICE}value-type")
    if cell.tag != f"{_TABLE}table-cell" or cell.get(f"{_OFFICE}string-value") == "":
        return None
    if kind is None:  # whether its value counts nobody says
        return "#" if any(name.startswith(_OFFICE) for name in cell.attrib) else None
    if kind in ("float", "percentage", "currency"):
        return float(cell.get(f"{_OFFICE}value", "nan"))
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    return "#"  # texts with their marks, dates and errors


def by_csv(data: bytes, ours: Cells) -> bool:
    """Return whether the csv module reads these cells with any encoding and any delimiter."""
    for encoding in ("utf-8-sig", "cp1252", "iso-8859-9", "cp1254", "cp932", "utf-16"):
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        for delimiter in ",;\t|\0":
            try:
                rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
            except csv.Error:
                continue
            if agree(ours, plain(rows)):
                return True
    return False


def tried(reader: Callable[[bytes], Cells], data: bytes) -> Cells | None:
    """Return what a library reads, ``None`` where it fails, in whatever way."""
    try:
        return reader(data)
    except Exception:
        return None
    except BaseException as error:  # a panic of a library in Rust
        if type(error).__name__ != "PanicException":
            raise
        return None


def in_children(reader: Callable[[bytes], Cells], files: Sequence[bytes]) -> list[Cells | None]:
    """Return what a library reads of each file, in processes of their own, as it may end its process."""
    found: list[Cells | None] = []
    while len(found) < len(files):
        told, tell = os.pipe()
        child = os.fork()
        if not child:
            try:
                import resource  # not everywhere

                resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
                signal.alarm(60)
                faulthandler.disable()
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                with os.fdopen(tell, "wb") as out:
                    for data in files[len(found) :]:
                        pickle.dump(tried(reader, data), out)
                        out.flush()
            finally:
                os._exit(0)
        os.close(tell)
        with os.fdopen(told, "rb") as answers, contextlib.suppress(EOFError, pickle.UnpicklingError):
            while len(found) < len(files):
                found.append(pickle.load(answers))
        os.waitpid(child, 0)
        if len(found) < len(files):
            found.append(None)
    return found
