"""Damaged files of every format: read as other readers read them, or refused with a code."""

from __future__ import annotations

import io
import os
import random
from functools import cache
from pathlib import Path

import pytest
import xlsxwriter

from metricsheet.errors import WorkbookError
from metricsheet.files.archive import Archive
from metricsheet.files.book import BLANK, Book, Sheet
from metricsheet.files.read import read_bytes
from metricsheet.files.xlsx_cells import read_cells
from metricsheet.files.xlsx_columns import SheetXml, UnusualError
from metricsheet.files.xlsx_package import read_package
from metricsheet.files.xlsx_values import CellValues
from metricsheet.tables.regions import find_regions
from tests.files import xlsb_writer
from tests.files.test_xlsx_differential import made
from tests.fuzz import mutants, oracles
from tests.fuzz.counts import blocks, blocks_of

pytestmark = pytest.mark.fuzz

BOOKS = Path(__file__).parents[1] / "files" / "books"


def _workbook() -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        tab = book.add_worksheet("S")
        rows = [["Region", "Score", "Paid"], ["EU", 9, True], ["US & A", -3.25, False], ["EU", "n/a", True]]
        for number, row in enumerate(rows):
            tab.write_row(number, 0, row)
        tab.write_formula("D2", "=B2*2", None, 18)
        book.define_name("scores", "=S!$B$2:$B$4")
    return packed.getvalue()


ORIGINALS: dict[str, bytes] = {
    "xlsx": _workbook(),
    "xls": (BOOKS / "kinds.xls").read_bytes(),
    "ods": (BOOKS / "kinds.ods").read_bytes(),
    "xlsb": xlsb_writer.book(
        {"S": xlsb_writer.sheet({0: ["a", 1], 3: [True, xlsb_writer.Error(7)]}, [(0, 0, 0, 1)])}
    ),
    "csv": 'Region;Score\n"EU\nwest";9\nSüd;"-3,5"\nEU;7\nUS;8\n'.encode("cp1252"),
}


def differs(kind: str, data: bytes, book: Book, other: oracles.Cells | None = None) -> bool:
    """Return whether other readers agree on other cells than ours, of which no problem tells.

    ``other`` is what was read in another process.
    """
    if book.problems:
        return False
    ours = oracles.plain(book.sheets[0].rows)
    if kind == "xlsx":
        others = [oracles.tried(reader, data) for reader in (oracles.by_calamine, oracles.by_openpyxl)]
        known = [cells for cells in others if cells is not None]
        return len(known) == 2 and not any(oracles.agree(ours, cells) for cells in known)
    if kind == "ods":
        cells = oracles.tried(oracles.by_element_tree, data)
        return cells is not None and not oracles.agree(ours, cells)
    if kind == "xls":
        return other is not None and not oracles.agree(ours, other)
    return kind == "csv" and not oracles.by_csv(data, ours)


@pytest.mark.parametrize(("kind", "block"), blocks_of(*ORIGINALS))
def test_a_damaged_file_is_read_as_others_read_it_or_refused(kind: str, block: range) -> None:
    pieces = mutants.TEXT if kind == "csv" else mutants.XML
    different = []
    files = [mutants.mutated(ORIGINALS[kind], random.Random(seed), pieces) for seed in block]
    others: list[oracles.Cells | None] = [None] * len(files)
    if kind == "xls" and hasattr(os, "fork"):  # python-calamine ends its process over many of them
        others[::5] = oracles.in_children(oracles.by_calamine, files[::5])
    for seed, data, other in zip(block, files, others, strict=True):
        try:
            book = read_bytes(data, f"a.{kind}")
        except WorkbookError:
            continue
        for tab in book.sheets:
            find_regions(tab)
        if differs(kind, data, book, other):
            different.append(seed)
    assert different == []


@cache
def _base(number: int) -> tuple[bytes, CellValues]:
    archive = Archive(made(number))
    found = read_package(archive)
    values = CellValues(archive, found.texts, found.styles, since_1904=False)
    return b"".join(archive.blocks(found.parts["S"])), values


@pytest.mark.parametrize("block", blocks("xlsx sheets"), ids=lambda block: str(block[0]))
def test_the_column_reader_never_reads_what_the_careful_one_reads_otherwise(block: range) -> None:
    for seed in block:
        source = random.Random(seed)
        sheet, values = _base(seed % 50)
        end = sheet.find(b"</row>", 2_000)
        content = sheet if end < 0 else sheet[: end + 6] + b"</sheetData></worksheet>"
        start = content.index(b"<sheetData>") if source.random() < 0.9 else 0
        for _ in range(source.choice((1, 1, 2))):
            at = source.randrange(start, len(content))
            end = at + source.choice((0, 0, 1, 1, 2, 5))
            content = content[:at] + source.choice(mutants.XML).encode() + content[end:]
        try:
            fast = SheetXml("S", content, values)
        except (UnusualError, WorkbookError):
            continue
        columns, facts = read_cells("S", content, values)
        assert fast.facts.no_value == facts.no_value, seed
        assert fast.facts.extent == facts.extent, seed
        assert Sheet.of_columns("S", fast.columns()).rows == Sheet.of_columns("S", columns).rows, seed
        for one in fast.columns():
            assert [kind == BLANK for kind in one.kinds] == [cell is None for cell in one], seed
