"""Our sheet in somebody's workbook: what is added, that nothing else changes, and what is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from metricsheet import WorkbookError, evaluate
from metricsheet.cli.main import main
from metricsheet.report.write import SHEET
from metricsheet.report.xlsx.graft import graft
from metricsheet.report.xlsx.workbook import overview_sheet
from tests.real_data import DATA
from tests.report import samples
from tests.stages import some

FOUR = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").rglob("*.xlsx"))
REAL = [path for path in sorted(DATA.rglob("*.xlsx")) if zipfile.is_zipfile(path)]


def made(language: str = "en") -> tuple[bytes, str]:
    return overview_sheet(samples.quarterly(language), samples.catalog(language), language, SHEET)


def grafted(book: bytes, language: str = "en") -> bytes:
    sheet, printed = made(language)
    return graft(book, sheet, SHEET, printed)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rich() -> bytes:
    """Return a workbook with a chart, a table, names, comments, conditional formats and a picture's worth."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Data & more")
        bold = book.add_format({"bold": True, "num_format": '0.0 "x"', "bg_color": "#FFEE00"})
        sheet.write_column(0, 0, [1, 2, 3], bold)
        sheet.write_comment(0, 0, "mine")
        sheet.add_table(5, 0, 8, 1)
        sheet.conditional_format(0, 0, 2, 0, {"type": "cell", "criteria": ">", "value": 1, "format": bold})
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "='Data & more'!$A$1:$A$3"})
        sheet.insert_chart(1, 4, chart)
        sheet.print_area(0, 0, 3, 3)
        book.define_name("mine", "='Data & more'!$A$1")
        book.add_worksheet("Second")
    return file.getvalue()


def styled(path: Path) -> bool:
    """Return whether a workbook has styles; those that a script made without any are refused."""
    with zipfile.ZipFile(path) as archive:
        return "xl/styles.xml" in archive.namelist()


BOOKS = {"rich": rich, **{path.name: path.read_bytes for path in some([*EXAMPLES, *filter(styled, REAL)], 3)}}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", BOOKS)
def test_four_parts_change_and_a_second_run_replaces_the_sheet(name):
    book = BOOKS[name]()
    before, once = parts(book), grafted(book)
    after = parts(once)
    assert {part for part in before if after[part] != before[part]} <= FOUR
    sheets = openpyxl.load_workbook(io.BytesIO(book)).sheetnames
    opened = openpyxl.load_workbook(io.BytesIO(once))
    assert opened.sheetnames == [*sheets, SHEET]
    alone = openpyxl.load_workbook(io.BytesIO(made()[0]))[SHEET] if name == "rich" else None
    for row in alone.iter_rows() if alone is not None else ():
        for cell in row:
            there = opened[SHEET][cell.coordinate]
            assert there.value == cell.value
            assert (there.number_format, there.font.b, there.fill.fgColor.rgb) == (
                cell.number_format,
                cell.font.b,
                cell.fill.fgColor.rgb,
            )
    again = grafted(once, "de")
    assert parts(again).keys() == after.keys()
    assert openpyxl.load_workbook(io.BytesIO(again)).sheetnames == [*sheets, SHEET]
    assert {part for part in before if parts(again)[part] != before[part]} <= FOUR


def changed(book: bytes, change) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in change(parts(book)).items():
            archive.writestr(name, part)
    return file.getvalue()


def without(part):
    return lambda every: {name: text for name, text in every.items() if name != part}


def strict(every):
    part = every["xl/workbook.xml"].replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    return {**every, "xl/workbook.xml": part}


def named_like_ours(every):
    return {**every, "xl/workbook.xml": every["xl/workbook.xml"].replace(b'"Second"', f'"{SHEET}"'.encode())}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (without("_rels/.rels"), "damaged"),
        (without("xl/styles.xml"), "damaged"),
        (without("[Content_Types].xml"), "damaged"),
        (lambda every: {**every, "_xmlsignatures/sig1.xml": b"<x/>"}, "signed"),
        (strict, "strict"),
        (named_like_ours, "name_taken"),
    ],
)
def test_what_cannot_be_changed_in_part_is_refused(change, key):
    with pytest.raises(WorkbookError) as raised:
        grafted(changed(rich(), change))
    assert raised.value.message.key == f"not_grafted.{key}"


def test_a_text_is_no_workbook():
    with pytest.raises(WorkbookError):
        grafted(b"no zip at all")


def test_the_workbook_answers_as_before_and_is_kept(tmp_path, capsys):
    path = tmp_path / "book.xlsx"
    content = EXAMPLES[0].read_bytes()
    path.write_bytes(content)
    before = evaluate(path, metrics="builtin")
    assert main(["evaluate", str(path), "--metrics", "builtin", "--in-place"]) == 0
    (kept,) = tmp_path.glob("book.backup-*.xlsx")
    assert kept.read_bytes() == content
    after = evaluate(path, metrics="builtin")
    assert (after.results, after.problems, after.unused) == (before.results, before.problems, before.unused)
    assert f"sheet {SHEET}" in capsys.readouterr().err
    copy = tmp_path / "copy.xlsx"
    assert main(["evaluate", str(kept), "--metrics", "builtin", "--into", str(copy)]) == 0
    assert openpyxl.load_workbook(copy).sheetnames[-1] == SHEET
    assert kept.read_bytes() == content
    both = ["--into", str(copy), "-o", str(tmp_path / "card.json")]
    assert main(["evaluate", str(kept), "--metrics", "builtin", *both]) == 0
    assert (tmp_path / "card.json").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{book}", "--into", "{folder}/out.csv"], "must end in .xlsx"),
        (["{book}", "--into", "{book}"], "read as input"),
        (["{book}", "{book}", "--into", "{folder}/out.xlsx"], "take one workbook"),
        (["{book}", "--in-place", "--into", "{folder}/out.xlsx"], "take one workbook"),
        (["{folder}/text.csv", "--in-place"], "not an xlsx or xlsm"),
    ],
)
def test_what_makes_no_sense_is_told(tmp_path, capsys, arguments, said):
    book = tmp_path / "book.xlsx"
    book.write_bytes(rich())
    (tmp_path / "text.csv").write_text("NPS score\n9\n8\n")
    given = [text.format(book=book, folder=tmp_path) for text in arguments]
    assert main(["evaluate", *given, "--metrics", "builtin"]) == 2
    assert said in capsys.readouterr().err
    assert book.read_bytes() == rich() or len(list(tmp_path.iterdir())) == 2


def test_a_part_that_cannot_be_unpacked_is_damage():
    book = bytearray(rich())
    with zipfile.ZipFile(io.BytesIO(bytes(book))) as archive:
        found = archive.getinfo("xl/worksheets/sheet1.xml")
    start = found.header_offset + 30 + len(found.filename)
    book[start : start + 20] = b"\xff" * 20
    with pytest.raises(WorkbookError) as raised:
        grafted(bytes(book))
    assert raised.value.message.key == "not_grafted.damaged"
